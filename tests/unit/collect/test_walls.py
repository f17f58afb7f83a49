"""Pages that give no article for a while, as walls and challenges do: asked again, and what was lost comes back."""

from __future__ import annotations

import json

from cleaner.datatypes import Subscription
from cleaner.store import Store
from tests.unit.collect.site import Reply, Rounds, Site, feed, item, page, paragraphs, rss, whole

WALL = b"<!doctype html><title>One moment</title><p>Are you human? Press the button.</p><button>Go on</button>"


def _failing(rounds: Rounds, source: Subscription) -> list[str | None]:
    """The causes of the addresses that wait for their next try."""
    with Store(rounds.settings.state_dir) as store:
        return [address.error for address in store.addresses.failing(source.name)[0]]


def test_an_entry_taken_from_its_feed_becomes_its_page_when_the_wall_goes(rounds: Rounds, site: Site) -> None:
    """The same entry, with what the feed told of it; status says meanwhile what it waits for."""
    items = [item(site, number, html=whole(number)) for number in (1, 2)]
    site.routes |= {"/feed.xml": rss(*items), **{f"/news/{number}": Reply(body=WALL) for number in (1, 2)}}
    source = feed(site, fulltext="always")
    rounds.run(source)
    before = {kept.entry.article.title: kept.entry for kept in rounds.entries(source)}
    assert len(before) == 2
    assert len(_failing(rounds, source)) == 2
    assert all("asked again in case it is a wall" in (error or "") for error in _failing(rounds, source))
    rounds.later(hours=3)
    rounds.run(source)
    assert len(_failing(rounds, source)) == 2
    site.routes |= {f"/news/{number}": page(number) for number in (1, 2)}
    rounds.later(days=1)
    rounds.run(source)
    assert _failing(rounds, source) == []
    after = {kept.entry.article.title: kept.entry for kept in rounds.entries(source)}
    assert {title: entry.id for title, entry in after.items()} == {title: entry.id for title, entry in before.items()}
    with Store(rounds.settings.state_dir) as store:
        raw = store.latest(source.name, site.url("/news/1"))
        assert raw is not None
        assert raw.body == site.routes["/news/1"].body  # type: ignore[union-attr]
        assert {claim.name for claim in raw.claims if claim.witness == "feed"} >= {"title", "content"}


def test_articles_of_a_listing_behind_one_wall_come_when_it_goes(rounds: Rounds, site: Site) -> None:
    """Though all addresses give the same bytes, of which only one page is kept and judged."""
    links = "".join(f"<h2><a href=/news/{number}>{paragraphs(number)[0]}</a></h2>" for number in range(6))
    site.routes |= {
        "/": Reply(body=f"<main>{links}</main>".encode()),
        **{f"/news/{n}": Reply(body=WALL) for n in range(6)},
    }
    source = Subscription("list", kind="listing", url=site.url("/"))
    assert rounds.run(source).counts["rejected"] == 1
    site.routes |= {f"/news/{number}": page(number) for number in range(6)}
    rounds.later(hours=3)
    rounds.run(source)
    assert rounds.titles(source) == sorted(paragraphs(number)[0] for number in range(6))
    assert _failing(rounds, source) == []


def test_a_wall_that_stays_is_not_asked_for_ever(rounds: Rounds, site: Site) -> None:
    """Also where each of its answers is other bytes."""
    asked = 0

    def wall(headers: object) -> Reply:
        """The wall, with a number that nobody needs."""
        nonlocal asked
        asked += 1
        return Reply(body=WALL + f"<p>{asked:032}</p>".encode())

    site.routes |= {"/feed.xml": rss(item(site, 1, html=whole(1))), "/news/1": wall}
    source = feed(site, fulltext="always")
    for _ in range(40):
        rounds.run(source)
        rounds.later(hours=13)
    assert 3 <= asked <= 12
    assert json.loads(json.dumps(rounds.titles(source))) == [paragraphs(1)[0]]


def test_two_addresses_of_one_article_are_no_wall(rounds: Rounds, site: Site) -> None:
    """The same bytes under another address wait an hour, until it is known that they are an article."""
    links = "".join(f"<h2><a href=/news/{number}>{paragraphs(number)[0]}</a></h2>" for number in range(6))
    pages = {f"/news/{number}": page(number % 5) for number in range(6)}
    site.routes |= {"/": Reply(body=f"<main>{links}</main>".encode()), **pages}
    source = Subscription("list", kind="listing", url=site.url("/"))
    for _ in range(4):
        rounds.run(source)
        rounds.later(hours=3)
    assert len(rounds.titles(source)) == 5
    assert _failing(rounds, source) == []

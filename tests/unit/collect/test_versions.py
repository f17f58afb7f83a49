"""Pages that change and change back, and feeds that correct what they said: what readers see, and that it can be made again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cleaner.datatypes import StoredEntry, Subscription
from cleaner.store import Store
from tests.unit.collect.site import Reply, Rounds, Site, conditional, feed, item, page, paragraphs, rss, whole

ADDED = (
    "<p>The council has since taken back its vote, the mayor's office said on Friday after a meeting with lawyers.</p>"
)


def _kept(rounds: Rounds, source: Subscription) -> StoredEntry:
    """The only entry of a source."""
    (kept,) = rounds.entries(source)
    return kept


def _made_again(rounds: Rounds, source: Subscription) -> list[StoredEntry]:
    """The entries of a source after its database was lost."""
    for path in rounds.settings.state_dir.glob("cleaner.sqlite3*"):
        path.unlink()
    rounds.run(source)
    return rounds.entries(source)


@pytest.mark.parametrize("kind", ["pages", "feed"])
def test_a_page_that_goes_back_to_an_earlier_text_is_followed(rounds: Rounds, site: Site, kind: str) -> None:
    """There and back again, under the same id; a page that stays as it is makes nothing new."""
    source = feed(site) if kind == "feed" else Subscription("one", kind="pages", urls=(site.url("/news/1"),))
    updated = []
    for number, more in enumerate(("", ADDED, "", ADDED, "")):
        site.routes["/news/1"] = page(1, more=more)
        site.routes["/feed.xml"] = rss(item(site, 1, html=f"Version {number} of it"))
        assert rounds.run(source).counts == ({"update": 1} if number else {"new": 1})
        rounds.later(hours=1)
        site.routes["/feed.xml"] = rss(item(site, 1, html=f"Version {number} of it, told otherwise"))
        assert rounds.run(source).counts == {"unchanged": 1}
        assert ("taken back" in rounds.text(source)) == bool(more)
        updated.append(_kept(rounds, source).updated)
        rounds.later(hours=1)
    assert updated == sorted(set(updated))
    before = rounds.entries(source)
    site.routes |= {"/feed.xml": Reply(500), "/news/1": Reply(500)}
    assert _made_again(rounds, source) == before


def test_after_a_lost_database_an_address_is_known_by_its_latest_page(rounds: Rounds, site: Site) -> None:
    """The page that is there is no version once more."""
    source = Subscription("one", kind="pages", urls=(site.url("/news/1"),))
    for more in ("", ADDED, ""):
        site.routes["/news/1"] = page(1, more=more)
        rounds.run(source)
        rounds.later(hours=1)
    before = rounds.entries(source)
    assert _made_again(rounds, source) == before
    with Store(rounds.settings.state_dir) as store:
        assert sum(store.page_states("one").values()) == 3


@pytest.mark.parametrize("validators", [True, False])
def test_a_correction_in_the_feed_alone_is_not_lost(rounds: Rounds, site: Site, validators: bool) -> None:
    """Whether the page's server sends the same bytes again or says that they are; told once, under the same id and time."""
    made = page(1)
    title = paragraphs(1)[0].encode()
    body = made.body.replace(b"<h1>" + title + b"</h1>", b"").replace(title + b" | ", b"")
    bare = replace(made, body=body)  # a headline of its own would count more than what the feed says
    site.routes["/news/1"] = conditional(bare, '"1"') if validators else bare
    first = item(site, 1, more="<author>a@vale.example (Ann Vole)</author>")
    site.routes["/feed.xml"] = rss(first.replace(paragraphs(1)[0], "Vote on the bride"))
    source = feed(site)
    rounds.run(source)
    before = _kept(rounds, source)
    assert (before.entry.article.title, before.entry.authors) == ("Vote on the bride", ("Ann Vole",))
    rounds.later(hours=1)
    site.routes["/feed.xml"] = rss(first.replace(paragraphs(1)[0], "Vote on the bridge").replace("Vole", "Vale"))
    assert rounds.run(source).counts == {"update": 1}
    after = _kept(rounds, source)
    assert (after.entry.article.title, after.entry.authors) == ("Vote on the bridge", ("Ann Vale",))
    assert (after.entry.id, after.published, after.entry.article.text) == (
        before.entry.id,
        before.published,
        before.entry.article.text,
    )
    assert after.updated > before.updated + timedelta(minutes=59)
    assert rounds.run(source).counts == {}
    site.routes["/feed.xml"] = Reply(500)
    assert _made_again(rounds, source) == [after]


def test_what_a_feed_carries_may_change_and_change_back(rounds: Rounds, site: Site) -> None:
    """Where no page is asked at all."""
    source = feed(site, fulltext="never")
    for html in (whole(1), whole(1) + ADDED, whole(1)):
        site.routes["/feed.xml"] = rss(item(site, 1, html=html))
        rounds.run(source)
        rounds.later(hours=1)
    assert "taken back" not in rounds.text(source)

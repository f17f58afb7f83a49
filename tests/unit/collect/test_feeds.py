"""Feeds over HTTP: where the text of an entry comes from, what its feed tells of it, and what stands where no page can be had."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import escape
from itertools import islice
from typing import Literal

import feedparser
import pytest

from cleaner.collect.pages import is_sample
from cleaner.errors import FetchError
from cleaner.text import words
from tests.samples import NOON
from tests.unit.collect.site import HTML, Reply, Rounds, Site, conditional, feed, item, page, paragraphs, rss, whole


def test_a_feed_of_teasers_leads_to_its_pages(rounds: Rounds, site: Site) -> None:
    """Each entry has its page's text, nothing of the page's frame, and what its feed says of it."""
    more = (
        "<author>ann@vale.example (Ann Vale)</author><category>Region</category>"
        "<enclosure url='https://vale.example/1.mp3' type='audio/mpeg' length='123'/>"
    )
    site.routes |= {"/feed.xml": rss(item(site, 1, more=more), item(site, 2)), "/news/1": page(1), "/news/2": page(2)}
    source = feed(site)
    report = rounds.run(source)
    assert (report.error, report.problems, report.counts["new"]) == (None, [], 2)
    first, second = rounds.entries(source)
    assert [kept.entry.article.text.split("\n\n") for kept in (first, second)] == [
        paragraphs(1)[1:],
        paragraphs(2)[1:],
    ]
    assert (first.entry.id, first.entry.url) == ("urn:vale:1", site.url("/news/1"))
    assert (first.entry.authors, first.entry.categories) == (("Ann Vale",), ("Region",))
    assert first.entry.published == NOON - timedelta(hours=1)
    told = rounds.feed(source)
    assert (told.entries[0].id, told.entries[0].author) == ("urn:vale:1", "Ann Vale")
    assert dict(told.entries[0].enclosures[0]) == {
        "href": "https://vale.example/1.mp3",
        "type": "audio/mpeg",
        "length": "123",
    }


def test_nothing_that_is_unchanged_is_fetched_again(rounds: Rounds, site: Site) -> None:
    """The second round asks for the feed alone, with what the server gave it, and a new entry costs one page."""
    site.routes |= {"/feed.xml": conditional(rss(item(site, 1)), '"a"'), "/news/1": page(1), "/news/2": page(2)}
    source = feed(site)
    rounds.run(source)
    assert site.took() == ["/feed.xml", "/news/1"]
    rounds.run(source)
    assert site.sent[-1]["if-none-match"] == '"a"'
    assert site.took() == ["/feed.xml"]
    site.routes["/feed.xml"] = conditional(rss(item(site, 2), item(site, 1)), '"b"')
    assert rounds.run(source).counts["new"] == 1
    assert site.took() == ["/feed.xml", "/news/2"]
    rounds.run(source)
    assert site.sent[-1]["if-none-match"] == '"b"'


def test_a_feed_that_carries_all_is_enough_after_three_pages(rounds: Rounds, site: Site) -> None:
    """``auto`` compares until it knows; then pages are left alone, but for entries with hardly a word, and for samples."""
    site.routes |= {f"/news/{number}": page(number) for number in range(9)}
    links = (site.url(f"/told/{number}") for number in range(1000))
    three, four, five = islice((link for link in links if not is_sample(link)), 3)
    source = feed(site)
    site.routes["/feed.xml"] = rss(*(item(site, number, html=whole(number)) for number in range(3)))
    rounds.run(source)
    assert sorted(site.took()) == ["/feed.xml", "/news/0", "/news/1", "/news/2"]
    assert rounds.state(source).fulltext == "feed"
    told = ((3, three), (4, four), (5, five))
    items = [item(site, number, html=whole(number), link=link) for number, link in told]
    site.routes["/feed.xml"] = rss(*items, item(site, 6, html="Read more"))
    assert rounds.run(source).counts["new"] == 4
    assert site.took() == ["/feed.xml", "/news/6"]
    entries = {kept.entry.id: kept.entry for kept in rounds.entries(source)}
    assert entries["urn:vale:4"].article.text.split("\n\n") == paragraphs(4)[1:]
    assert (entries["urn:vale:4"].url, entries["urn:vale:4"].article.title) == (
        four,
        paragraphs(4)[0],
    )


def test_of_a_feed_that_seems_to_carry_all_few_pages_are_fetched(rounds: Rounds, site: Site) -> None:
    """Five are compared before the others, which are then taken from the feed in the same round."""
    links = (site.url(f"/told/{number}") for number in range(1000))
    unsampled = list(islice((link for link in links if not is_sample(link)), 12))
    paths = [link.removeprefix(site.url("")) for link in unsampled]
    site.routes |= {path: page(number) for number, path in enumerate(paths)}
    items = [item(site, number, html=whole(number), link=link) for number, link in enumerate(unsampled)]
    site.routes["/feed.xml"] = rss(*items, item(site, 20))
    site.routes["/news/20"] = page(20)
    source = feed(site)
    report = rounds.run(source)
    assert (report.counts["new"], report.problems) == (13, [])
    assert sorted(site.took()) == sorted(["/feed.xml", "/news/20", *paths[:5]])
    assert rounds.state(source).fulltext == "feed"


@pytest.mark.parametrize("broken", [Reply(500), None], ids=["pages fail", "teasers"])
def test_where_the_first_pages_do_not_speak_for_the_feed_all_are_fetched(
    rounds: Rounds, site: Site, broken: Reply | None
) -> None:
    """In the same round, and not more than a round may."""
    site.routes |= {f"/news/{number}": broken or page(number) for number in range(12)}
    short = [f"<p>{escape(paragraphs(number)[1])}</p>" for number in range(12)]
    site.routes["/feed.xml"] = rss(*(item(site, number, html=text) for number, text in enumerate(short)))
    source = replace(feed(site), max_pages=9)
    rounds.run(source)
    assert sum(path.startswith("/news/") for path in site.took()) == 9
    assert rounds.state(source).fulltext == ("unknown" if broken else "pages")


def test_a_feed_that_turns_to_teasers_is_found_out(rounds: Rounds, site: Site) -> None:
    """By the entries that carry much less than the others did, and by samples where all carry the same."""
    links = (site.url(f"/told/{number}") for number in range(1000))
    marked = {link: is_sample(link) for link in islice(links, 100)}
    source = feed(site)
    site.routes["/feed.xml"] = rss(*(item(site, number, html=whole(number)) for number in range(6)))
    site.routes |= {f"/news/{number}": page(number) for number in range(6)}
    rounds.run(source)
    assert (rounds.state(source).fulltext, rounds.state(source).carried > 100) == ("feed", True)
    plain = [link for link in marked if not marked[link]]
    sampled = [link for link in marked if marked[link]]
    teaser = " ".join(words(whole(8))[:30])
    items = [item(site, number, html=whole(number)) for number in range(6)]
    site.routes["/feed.xml"] = rss(item(site, 8, html=teaser, link=plain[0]), *items)
    site.took()
    rounds.run(source)
    assert site.took() == ["/feed.xml", plain[0].removeprefix(site.url(""))], "much less than the others"
    paths = [link.removeprefix(site.url("")) for link in [*sampled[:3], *plain[1:4]]]
    site.routes |= {path: page(number) for number, path in enumerate(paths, 10)}
    half = [item(site, number, html=whole(number)[:500], link=site.url(path)) for number, path in enumerate(paths, 10)]
    site.routes["/feed.xml"] = rss(*half)
    rounds.run(source)
    assert sorted(site.took()[1:]) == sorted(paths[:3]), "one in ten"
    assert rounds.state(source).fulltext == "pages"


def test_a_feed_of_teasers_never_passes_for_whole(rounds: Rounds, site: Site) -> None:
    """Pages that show a login only are no measure for what the feed carries."""
    wall = Reply(body=b"<!doctype html><title>Sign in</title><form><input name=user><button>Sign in</button></form>")
    teaser = f"<p>{escape(paragraphs(1)[1])}</p><p>{escape(paragraphs(1)[2])}</p>"
    items = [item(site, number, html=teaser.replace("1808", str(number))) for number in range(5)]
    site.routes |= {"/feed.xml": rss(*items), **{f"/news/{number}": wall for number in range(5)}}
    source = feed(site)
    rounds.run(source)
    assert (rounds.state(source).fulltext, rounds.state(source).compared) == ("unknown", 0)


def test_an_entry_that_was_taken_from_its_page_stays_so(rounds: Rounds, site: Site) -> None:
    """Though the feed is known to carry all by now, and tells something new of the entry: its author stands on the page alone."""
    items = [item(site, number, html=whole(number)) for number in range(3)]
    byline = b"</h1><p class='byline'>By Olga Reed</p>"
    pages = {f"/news/{number}": page(number) for number in range(3)}
    site.routes |= {path: Reply(body=told.body.replace(b"</h1>", byline)) for path, told in pages.items()}
    site.routes["/feed.xml"] = rss(*items)
    source = feed(site)
    rounds.run(source)
    assert rounds.state(source).fulltext == "feed"
    before = rounds.entries(source)
    assert {kept.entry.authors for kept in before} == {("Olga Reed",)}
    site.took()
    rounds.later(hours=1)
    site.routes["/feed.xml"] = rss(*(one.replace("</item>", "<category>Sea</category></item>") for one in items))
    assert rounds.run(source).counts.keys() == {"unchanged"}
    assert rounds.entries(source) == before
    rounds.later(hours=1)
    site.routes["/feed.xml"] = rss(
        item(site, 0, html=whole(0) + "<p>The harbour master has since said that it stays open all winter.</p>")
    )
    assert rounds.run(source).counts.keys() == {"update"}


def test_behind_one_wall_each_entry_is_what_its_feed_carries(rounds: Rounds, site: Site) -> None:
    """Though all pages are the same bytes; at the next round nothing is new, and a lost database is made again so."""
    wall = Reply(body=b"<!doctype html><title>Sign in</title><form><input name=user><button>Sign in</button></form>")
    items = [item(site, number, html=whole(number)) for number in range(4)]
    source = feed(site, fulltext="always")
    site.routes |= {"/feed.xml": rss(*items), **{f"/news/{number}": wall for number in range(4)}}
    rounds.run(source)
    titles = sorted(paragraphs(number)[0] for number in range(4))
    assert rounds.titles(source) == titles
    rounds.later(hours=1)
    site.routes["/feed.xml"] = rss(*(one.replace("</item>", "<category>Sea</category></item>") for one in items))
    assert rounds.run(source).counts.keys() == {"unchanged"}
    (rounds.settings.state_dir / "cleaner.sqlite3").unlink()
    rounds.later(hours=1)
    rounds.run(source)
    assert rounds.titles(source) == titles


@pytest.mark.parametrize(("fulltext", "pages"), [("always", 5), ("never", 0)])
def test_what_a_person_wrote_down_counts_more(
    rounds: Rounds, site: Site, fulltext: Literal["always", "never"], pages: int
) -> None:
    """``always`` fetches each page whatever the feed carries, ``never`` none."""
    site.routes |= {f"/news/{number}": page(number) for number in range(5)}
    source = replace(feed(site), fulltext=fulltext)
    for count in (4, 5):
        site.routes["/feed.xml"] = rss(*(item(site, number, html=whole(number)) for number in range(count)))
        rounds.run(source)
    assert sum(path.startswith("/news/") for path in site.took()) == pages
    assert len(rounds.entries(source)) == 5


def _hang(_: object) -> Reply:
    """Too late for any client here."""
    import time

    time.sleep(1.5)
    return Reply(500)


_SIGN_IN = b"<!doctype html><title>Sign in</title><h1>Sign in</h1><form><input name=user><button>Go</button></form>"


@pytest.mark.case(38)
@pytest.mark.parametrize(
    "broken",
    [
        Reply(
            404, b"<h1>Not found</h1>" + b"<p>This page does not exist on our server any longer, we are sorry.</p>" * 9
        ),
        Reply(500, b"Internal Server Error"),
        Reply(403, b"<h1>Forbidden</h1>"),
        _hang,
        Reply(body=_SIGN_IN),
        Reply(body=b""),
        Reply(body=b"%PDF-1.7 \x00\x01", kind="application/pdf"),
    ],
    ids=["404", "500", "403", "hangs", "login", "empty", "pdf"],
)
def test_the_feeds_own_content_stands_where_no_page_can_be_had(rounds: Rounds, site: Site, broken: Reply) -> None:
    """Whatever goes wrong with a page, the entry has the feed's words, and nothing of the error."""
    site.routes |= {"/feed.xml": rss(item(site, 1, html=whole(1))), "/news/1": broken}
    source = feed(site)
    report = rounds.run(source)
    (kept,) = rounds.entries(source)
    assert kept.entry.article.text.split("\n\n")[:4] == paragraphs(1)[1:]
    assert (kept.entry.id, kept.entry.article.title) == ("urn:vale:1", paragraphs(1)[0])
    assert kept.entry.url == site.url("/news/1")
    assert len(report.problems) == 1
    assert site.url("/news/1") in report.problems[0]
    if getattr(broken, "kind", "") == "application/pdf":
        assert f'href="{site.url("/news/1")}"' in kept.entry.article.html


def test_an_error_is_no_entry_where_the_feed_carries_nothing(rounds: Rounds, site: Site) -> None:
    """A teaser of a few words does not stand for an article, and an error page even less."""
    site.routes |= {"/feed.xml": rss(item(site, 1)), "/news/1": Reply(500, page(2).body)}
    source = feed(site)
    report = rounds.run(source)
    assert (rounds.entries(source), report.counts["failed"]) == ([], 1)
    assert report.problems == [f"{site.url('/news/1')}: status: answered 500"]


@pytest.mark.parametrize("html", ["", "The minutes of the council's spring meeting."])
@pytest.mark.parametrize(("name", "kind"), [("minutes.pdf", "application/pdf"), ("map.png", "image/png")])
def test_a_document_is_an_entry_with_a_link(rounds: Rounds, site: Site, html: str, name: str, kind: str) -> None:
    """However little the feed says of it, as long as it has a title; two of one title are two entries."""
    body = b"%PDF-1.7 \x00\x01" if name.endswith("pdf") else b"\x89PNG\r\n\x1a\n\x00"
    links = [site.url(f"/files/{number}-{name}") for number in range(2)]
    site.routes |= {f"/files/{number}-{name}": Reply(body=body, kind=kind) for number in range(2)}
    items = [item(site, 1, html=html, link=link, guid=f"urn:{number}") for number, link in enumerate(links)]
    nameless = item(site, 2, html=html, link=links[0] + "?3").replace(paragraphs(2)[0], "")
    site.routes[f"/files/0-{name}?3"] = Reply(body=body, kind=kind)
    site.routes["/feed.xml"] = rss(*items, nameless)
    source = feed(site)
    report = rounds.run(source)
    assert (report.counts["new"], report.counts["failed"], len(report.problems)) == (2, 1, 3)
    for kept, link in zip(sorted(rounds.entries(source), key=lambda kept: kept.entry.id), links, strict=True):
        title = paragraphs(1)[0]
        assert (kept.entry.article.title, kept.entry.url) == (title, link)
        assert kept.entry.article.text.split("\n\n") == [*filter(None, [html]), f"{title} ({link.rpartition('/')[2]})"]
        assert f'href="{link}"' in kept.entry.article.html
    assert html or "context:stands-for-document" in rounds.reasons(source).values()
    assert rounds.run(source).counts == {}


def test_a_page_that_comes_back_takes_the_place_of_its_stand_in(rounds: Rounds, site: Site) -> None:
    """What failed for now is tried again, and is the same entry then."""
    site.routes |= {"/feed.xml": rss(item(site, 1, html=f"<p>{escape(paragraphs(1)[1])}</p>", guid=None))}
    site.routes["/news/1"] = Reply(503)
    source = feed(site)
    rounds.run(source)
    (before,) = rounds.entries(source)
    site.routes["/news/1"] = page(1, head=f"<link rel=canonical href='{site.url('/2026/the-story-as-told')}'>")
    rounds.later(hours=1)
    assert rounds.run(source).counts["update"] == 1
    (after,) = rounds.entries(source)
    assert after.entry.id == before.entry.id
    assert after.entry.article.text.split("\n\n") == paragraphs(1)[1:]


def test_a_page_that_was_had_is_not_replaced_by_less(rounds: Rounds, site: Site) -> None:
    """A server that has trouble when its feed tells of a change takes nothing away; the change comes when it is well."""
    teaser = f"<p>{escape(paragraphs(1)[1])}</p>"
    site.routes |= {"/feed.xml": rss(item(site, 1, html=teaser)), "/news/1": conditional(page(1), '"1"')}
    source = feed(site)
    rounds.run(source)
    before = rounds.text(source)
    site.routes |= {"/feed.xml": rss(item(site, 1, html=teaser + "<p>Changed.</p>")), "/news/1": Reply(503)}
    assert len(rounds.run(source).problems) == 1
    assert rounds.text(source) == before
    added = (
        "The mayor has since said that the first stone is to be laid by the oldest of all those who signed the call."
    )
    site.routes["/news/1"] = conditional(page(1, more=f"<p>{added}</p>"), '"2"')
    rounds.later(hours=1)
    assert rounds.run(source).counts["update"] == 1
    assert added in rounds.text(source)


def test_a_stand_in_follows_its_feed(rounds: Rounds, site: Site) -> None:
    """As long as the page has never been had."""
    site.routes |= {"/feed.xml": rss(item(site, 1, html=whole(1))), "/news/1": Reply(500)}
    source = feed(site)
    rounds.run(source)
    added = (
        "The mayor has since said that the first stone is to be laid by the oldest of all those who signed the call."
    )
    site.routes["/feed.xml"] = rss(item(site, 1, html=whole(1) + f"<p>{added}</p>"))
    assert rounds.run(source).counts["update"] == 1
    assert added in rounds.text(source)


def test_a_paragraph_that_the_feed_has_is_kept_unless_a_list_names_it(rounds: Rounds, site: Site) -> None:
    """The feed is a witness for what the page's shape alone would take away, not for what words name."""
    odd = "Readers in the outer villages will find the timetable of the new line at the post office from Monday on."
    advert = "Sign up for our newsletter and get the best stories delivered to your inbox every morning."
    aside = f"<aside class='related promo'><p>{odd}</p></aside>"
    signup = f"<p>{advert}</p>"
    carried = whole(1) + f"<p>{odd}</p><p>{advert}</p>"
    site.routes |= {
        "/feed.xml": rss(item(site, 1, html=carried), item(site, 2)),
        "/news/2": page(2, more=aside.replace("Monday", "Friday")),
    }
    site.routes["/news/1"] = page(1, more=signup + aside)
    source = replace(feed(site), fulltext="always")
    rounds.run(source)
    texts = {kept.entry.id: kept.entry.article.text for kept in rounds.entries(source)}
    assert odd in texts["urn:vale:1"]
    assert advert not in texts["urn:vale:1"]
    assert "post office" not in texts["urn:vale:2"], "or the case shows nothing"
    reasons = rounds.reasons(source)
    assert reasons[odd] == "context:carried-by-feed"
    assert reasons[advert].startswith("words:")


def test_an_entry_whose_text_changed_is_an_update_of_the_same_id(rounds: Rounds, site: Site) -> None:
    """And stays in its place."""
    site.routes |= {"/feed.xml": rss(item(site, 1)), "/news/1": conditional(page(1), '"old"')}
    source = feed(site)
    rounds.run(source)
    (before,) = rounds.entries(source)
    added = "A second vote is to be held in autumn, the mayor said late on Friday after a meeting with the county."
    site.routes["/feed.xml"] = rss(item(site, 1, html="The council has voted again..."))
    site.routes["/news/1"] = conditional(page(1, more=f"<p>{added}</p>"), '"new"')
    rounds.later(hours=1)
    assert rounds.run(source).counts["update"] == 1
    (after,) = rounds.entries(source)
    assert (after.entry.id, after.published) == (before.entry.id, before.published)
    assert added in after.entry.article.text
    assert after.updated > before.updated


@pytest.mark.case(53)
@pytest.mark.parametrize("fulltext", ["auto", "never"])
def test_new_ids_for_old_entries_make_no_doubles(
    rounds: Rounds, site: Site, fulltext: Literal["auto", "never"]
) -> None:
    """A server that moved may mint all ids anew; the entries stay those that they were."""
    site.routes |= {f"/news/{number}": page(number) for number in range(3)}
    source = replace(feed(site), fulltext=fulltext)
    for maker in ("urn:old:", "urn:new:"):
        items = [item(site, number, html=whole(number), guid=f"{maker}{number}") for number in range(3)]
        site.routes["/feed.xml"] = rss(*items)
        rounds.run(source)
    assert sorted(kept.entry.id for kept in rounds.entries(source)) == [f"urn:old:{number}" for number in range(3)]


@pytest.mark.case(52)
def test_of_two_items_with_one_id_the_last_counts(rounds: Rounds, site: Site) -> None:
    """As the feed itself would have it replaced; the next round finds nothing new."""
    site.routes |= {f"/news/{number}": page(number) for number in range(3)}
    site.routes["/feed.xml"] = rss(item(site, 1, guid="urn:same"), item(site, 2, guid="urn:same"))
    source = feed(site)
    rounds.run(source)
    assert [kept.entry.article.title for kept in rounds.entries(source)] == [paragraphs(2)[0]]
    site.took()
    rounds.run(source)
    assert site.took() == ["/feed.xml"]


def test_items_without_a_page_are_entries_of_their_own(rounds: Rounds, site: Site) -> None:
    """Whether they have no address, or all that of the site, of the feed, or of one page."""
    links = [None, None, site.url("/"), site.url("/feed.xml"), site.url("/show"), site.url("/show")]
    items = [item(site, number, html=whole(number), link=link, guid=None) for number, link in enumerate(links)]
    site.routes |= {
        "/feed.xml": rss(*items, more=f"<link>{site.url('/')}</link>"),
        "/": page(30),
        "/show": page(31),
    }
    source = feed(site)
    assert rounds.run(source).counts == {"new": 6}
    assert len(rounds.entries(source)) == 6
    assert site.took() == ["/feed.xml"]
    assert rounds.run(source).counts == {}


def test_an_item_told_twice_is_not_fetched_every_round(rounds: Rounds, site: Site) -> None:
    """Two items with one address and one title are one entry, and settle."""
    site.routes |= {"/feed.xml": rss(item(site, 1, guid="urn:1#1"), item(site, 1, guid="urn:1#0")), "/news/1": page(1)}
    source = feed(site)
    rounds.run(source)
    site.took()
    rounds.run(source)
    assert site.took() == ["/feed.xml"]
    assert len(rounds.entries(source)) == 1


def test_the_latest_entries_are_fetched_first(rounds: Rounds, site: Site) -> None:
    """Where there are more than a round may fetch, the rest follows, and what is new meanwhile goes before it."""
    site.routes |= {f"/news/{number}": page(number) for number in range(8)}
    source = replace(feed(site), max_pages=2)
    site.routes["/feed.xml"] = rss(*(item(site, number) for number in (5, 3, 6, 1, 2)))
    rounds.run(source)
    assert site.took() == ["/feed.xml", "/news/5", "/news/3"]
    site.routes["/feed.xml"] = rss(*(item(site, number) for number in (7, 5, 3, 6, 1, 2)))
    rounds.run(source)
    assert site.took() == ["/feed.xml", "/news/7", "/news/6"]
    rounds.run(source)
    assert site.took() == ["/feed.xml", "/news/1", "/news/2"]


def test_what_is_no_feed_is_the_rounds_error(rounds: Rounds, site: Site) -> None:
    """It names the address, and the source is asked again later, not at once."""
    site.routes["/feed.xml"] = Reply(body=b"<!doctype html><title>Shop</title><p>Hello", kind=HTML)
    source = feed(site)
    report = rounds.run(source)
    assert report.error is not None
    assert report.error.startswith(f"{site.url('/feed.xml')}: no-feed: ")
    state = rounds.state(source)
    assert (state.failures, state.error) == (1, report.error)
    assert state.next_try is not None
    assert timedelta(minutes=3) < state.next_try - rounds.now < timedelta(minutes=7)


def test_the_error_type_tells_how_long_to_wait() -> None:
    """Nothing does, unless it was said."""
    assert FetchError("x", "status").wait is None


def test_one_id_stands_once_in_the_feed_of_all(rounds: Rounds, site: Site) -> None:
    """Though two feeds of a site tell of an entry, and one of them with other words."""
    site.routes |= {"/feed.xml": rss(item(site, 1, html=whole(1))), "/news/1": page(1)}
    site.routes["/short.xml"] = rss(item(site, 1, html="".join(f"<p>{text}</p>" for text in paragraphs(1)[1:4])))
    source = feed(site)
    short = replace(source, name="short", url=site.url("/short.xml"), fulltext="never")
    assert (rounds.run(source).counts["new"], rounds.run(short).counts["new"]) == (1, 1)
    rounds.feed(source)
    told = feedparser.parse((rounds.settings.feeds_dir / "all.atom").read_bytes())
    assert [entry.id for entry in told.entries] == ["urn:vale:1"]


def test_a_lost_database_is_made_again_from_what_was_fetched(rounds: Rounds, site: Site) -> None:
    """Pages, and what feeds said of them, come from the raw pages; the feed is asked as if for the first time."""
    site.routes |= {"/feed.xml": rss(item(site, 1), item(site, 2, html=whole(2))), "/news/1": page(1)}
    source = feed(site)
    rounds.run(source)
    before = [kept.entry for kept in rounds.entries(source)]
    for path in rounds.settings.state_dir.glob("cleaner.sqlite3*"):
        path.unlink()
    site.routes["/feed.xml"] = Reply(500)
    rounds.run(source)
    assert len(before) == 2
    assert [kept.entry for kept in rounds.entries(source)] == before

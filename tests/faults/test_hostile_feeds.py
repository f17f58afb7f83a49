"""Feeds and pages that want others to be asked, time to be lost or entries to be doubled; and servers that are slow."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from cleaner.children import Children
from cleaner.fetch import Limits
from cleaner.store import Store
from tests.faults.sources import FEED, Sources, article, feed_of, item_of, one_line, sent, tries_again, whole
from tests.samples import story
from tests.unit.fetch.upstream import OK, Say, answer, bomb, chunked, drip, endless, redirect, reset, upstream

_SECONDS = 15.0  # that a feed or a page may take here; all are to be much quicker


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    """One pool for all rounds of this module."""
    with Children(2, _SECONDS, 1 << 30, None, "cleaner.localhost,2026") as pool:
        yield pool


@pytest.fixture
def sources(tmp_path: Path, children: Children) -> Iterator[Sources]:
    """Sources of one state; ``good`` is one of them, and has been asked, so that the children are awake."""
    with contextlib.ExitStack() as stack:
        made = Sources(tmp_path, children, stack)
        made.add("good", 1)
        made.ask()
        made.says["good"][FEED] = sent(feed_of(1, 2))
        made.now += timedelta(hours=4)
        yield made


def _good_went_on(sources: Sources) -> None:
    """Assert that the good source got its second entry."""
    row = sources.status()["good"]
    assert (row["error"], row["entries"]) == (None, 2)


# ------------------------------------------------------------------------------------------------------------- slow servers


@pytest.mark.case(18, 19, 20)
def test_slow_servers_hold_nobody_up(sources: Sources) -> None:
    """Heads and bodies that drip end with the total time, silence with that for a byte; the good source is done long before."""
    sources.limits = Limits(connect=1.0, read=1.5, total=2.5)
    head = OK + b"Content-Type: application/rss+xml\r\n\r\n"
    slow: dict[str, tuple[Say, str]] = {
        "head": (drip(itertools.chain([OK], (b"x" for _ in itertools.count())), 0.2), "total-timeout"),
        "body": (drip(itertools.chain([head], (b"<" for _ in itertools.count())), 0.2), "total-timeout"),
        "silent": (drip([b""], 4), "read-timeout"),
    }
    for name, (say, _) in slow.items():
        sources.add(name)
        sources.says[name][FEED] = say
    begin = time.monotonic()
    reports = sources.ask()
    assert time.monotonic() - begin < 2.5 + 1 + 2, "and some for the rest of the round"
    assert reports["good"].seconds < min(reports[name].seconds for name in slow)
    _good_went_on(sources)
    rows = sources.status()
    for name, (_, reason) in slow.items():
        assert reports[name].seconds < 2.5 + 1
        one_line(rows[name], sources.servers[name].url(FEED), reason)
        tries_again(rows[name], sources.now, timedelta(minutes=4), timedelta(minutes=6))


@pytest.mark.case(29)
def test_a_server_that_breaks_off_is_asked_ever_later(sources: Sources) -> None:
    """The wait about doubles with each failure, and one good answer ends it."""
    sources.add("torn")
    sources.says["torn"][FEED] = reset(answer(200, feed_of(1))[:-30])
    waits = []
    for failures in range(1, 5):
        sources.ask("torn", early=False)
        state = sources.state("torn")
        assert state.failures == failures
        assert state.next_try is not None
        waits.append(state.next_try - sources.now)
        sources.now = state.next_try
    for number, wait in enumerate(waits):
        assert 0.8 * 300 * 2**number <= wait.total_seconds() <= 1.2 * 300 * 2**number
    sources.says["torn"][FEED] = sent(feed_of(1))
    sources.ask("torn", early=False)
    assert (sources.state("torn").failures, len(sources.texts("torn"))) == (0, 1)


# --------------------------------------------------------------------------------------------------------- pages of a feed

_PAGES: dict[str, tuple[Say, str]] = {
    "/to-private": (redirect("http://169.254.169.254/"), "private-address"),
    "/to-file": (redirect("file:///etc/passwd"), "scheme"),
    "/loop": (redirect("/loop"), "too-many-redirects"),
    "/endless": (endless(OK + b"\r\n", b"<p>and on " * 6000), "too-large"),
    "/bomb": (answer(200, bomb(), ["Content-Encoding: gzip"]), "too-large"),
    "/brotli": (answer(200, article(20), ["Content-Encoding: br"]), "bad-encoding"),
    "/short": (answer(200, article(21))[:-40], "truncated"),
    "/reset": (reset(answer(200, article(22))[:-40]), "network"),
    "/two-lengths": (answer(200, article(23), ["Content-Length: 10"]), "bad-response"),
    "/chunks": (chunked(b"ZZ\r\n" + article(24)), "bad-response"),
    "/no-http": (article(25), "bad-response"),
    "/part": (answer(206, article(26)), "status"),
    "/odd": (answer(999, article(27)), "status"),
    "/empty": (answer(200), "empty"),
    "/unchanged": (answer(304, length=False), "bad-response"),
    "/pdf": (sent(b"%PDF-1.7\n" + bytes(400), "text/html"), "not-text"),
    "/png": (sent(b"\x89PNG\r\n\x1a\n" + bytes(400), "text/html"), "not-text"),
    "/zip": (sent(b"PK\x03\x04" + bytes(400), "text/html"), "not-text"),
    "/elf": (sent(b"\x7fELF\2\1\1" + bytes(400), "text/html; charset=utf-8"), "not-text"),
}


@pytest.mark.case(6, 9, 12, 21, 24, 25, 28, 29, 30, 31, 32, 34, 38, 40)
def test_pages_that_cannot_be_had_leave_the_others_alone(sources: Sources) -> None:
    """Status names each with its cause and its next try, if there is to be one; the good pages are entries."""
    bad = sources.add("bad")
    said = {path: say for path, (say, _) in _PAGES.items()}
    bad_items = [item_of(20 + place, "...", link=bad.url(path)) for place, path in enumerate(_PAGES)]
    good = {f"/good/{number}": sent(article(number), "text/html") for number in (3, 4)}
    items = [item_of(number, "...", link=bad.url(f"/good/{number}")) for number in (3, 4)]
    sources.says["bad"] |= {FEED: sent(feed_of(items[0], *bad_items, items[1])), **said, **good}
    sources.known["bad"] = replace(sources.known["bad"], fulltext="auto", max_pages=50)
    report = sources.ask()["bad"]
    failed = {path: reason for path, (_, reason) in _PAGES.items() if reason != "not-text"}
    documents = len(_PAGES) - len(failed)  # of which the entry is a link
    assert documents > 2
    assert (report.error, report.counts["new"], report.counts["failed"]) == (None, 2 + documents, len(failed))
    failing = {one["url"]: one for one in sources.status()["bad"]["failing"]}
    assert set(failing) == {bad.url(path) for path in failed}
    for path, reason in failed.items():
        row = failing[bad.url(path)]
        one_line(row, bad.url(path), reason)
        tries_again(row, sources.now, timedelta(minutes=4), timedelta(minutes=6))
    _good_went_on(sources)


@pytest.mark.case(37)
def test_encodings_that_nobody_knows_are_found_out(sources: Sources) -> None:
    """What a server calls its text matters only where it can be so: the words are right, of feeds and of pages."""
    names = ("rot13", "zlib_codec", "nonsense", "utf-7", "\\x00", "idna", "undefined")
    server = sources.add("odd", fulltext="always")
    for number, name in enumerate(names, 10):
        page = article(number).replace(b"<nav>", b"<nav>\xc3\xa4").replace(b"Ottilie Varga", "Ottilie Vargå".encode())
        sources.says["odd"][f"/{number}"] = sent(page, f"text/html; charset={name}")
    items = [item_of(number, "...", link=server.url(f"/{number}")) for number, _ in enumerate(names, 10)]
    for name in names:
        sources.says["odd"][FEED] = sent(feed_of(*items), f"application/rss+xml; charset={name}")
        report = sources.ask("odd")["odd"]
        assert (report.error, report.problems) == (None, [])
    texts = sources.texts("odd")
    assert len(texts) == len(names)
    assert all("Ottilie Vargå" in text for text in texts)


_ODD_TAGS = [
    '"a\0b"',
    '"a\rb"',
    '"ä"',
    '"' + "x" * 2000 + '"',
    '"' + "x" * 60_000 + '"',
    '"' + "x" * 100_000 + '"',
]


@pytest.mark.case(36)
@pytest.mark.parametrize("tag", _ODD_TAGS, ids=lambda tag: repr(tag[:8]) + str(len(tag)))
@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_odd_validators_are_neither_kept_nor_sent_back(sources: Sources, tag: str, header: str) -> None:
    """Of a feed and of a page; what the server sent else is taken in, if it is an answer at all."""
    server = sources.add("odd", fulltext="always")
    item = item_of(3, "...", link=server.url("/page"))
    lines = f"{header}: {tag}".encode()
    whole_feed = OK + b"Content-Type: application/rss+xml\r\n" + lines + b"\r\n\r\n" + feed_of(item)
    sources.says["odd"] |= {
        FEED: whole_feed,
        "/page": OK + b"Content-Type: text/html\r\n" + lines + b"\r\n\r\n" + article(3),
    }
    sources.ask()
    sources.says["odd"][FEED] = (
        OK + lines + b"\r\n\r\n" + feed_of(item_of(3, "It has changed...", link=server.url("/page")))
    )
    sources.now += timedelta(days=1)
    sources.ask()
    for asked in server.asked:
        assert b"if-none-match" not in asked.lower()
        assert b"if-modified-since" not in asked.lower()
    with Store(sources.root / "state") as store:
        address = store.addresses.find("odd", server.url("/page"))
        kept = (store.state("odd") or "") + (f"{address.etag}{address.modified}" if address else "")
    assert tag[1:-1] not in kept
    assert tag.encode("unicode_escape")[1:-1].decode() not in kept
    _good_went_on(sources)


# -------------------------------------------------------------------------------------------------------- asking others


@pytest.mark.case(17, 44, 45)
@pytest.mark.parametrize("fulltext", ["never", "always"])
def test_nothing_that_an_entry_names_is_asked(
    sources: Sources, fulltext: Literal["never", "always"], tmp_path: Path
) -> None:
    """Pictures, stylesheets, bases, inclusions, frames, instructions: readers may ask for pictures, we ask for nothing."""
    secret = tmp_path / "elsewhere"
    secret.write_text("sentinel-words-that-nobody-may-read")
    with upstream(answer(200, b"x")) as canary:
        there = canary.url("/x")
        more = (
            f'<img src="{there}" srcset="{there}?2 2x"><img src="http://169.254.169.254/latest"><p xml:base="{there}"><a href="y">y</a></p>'
            f'<link rel="stylesheet" href="{there}?sheet"><style>@import "{there}?sheet"</style><base href="{there}">'
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{there}"/>'
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>'
            f'<iframe src="{there}"></iframe><script src="{there}"></script><object data="{there}"></object>'
            f'<?xml-stylesheet href="{there}?sheet"?><video poster="{there}"></video>'
        )
        head = f'<link rel="stylesheet" href="{there}?sheet"><meta http-equiv="refresh" content="0; url={there}"><base href="{there}">'
        server = sources.add("bad", fulltext=fulltext)
        item = item_of(3, whole(3) + more, link=server.url("/page"))
        inclusions = "".join(
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{where}" parse="text"/>'
            for where in (there, f"file://{secret}")
        )
        prolog = f'<?xml version="1.0"?><?xml-stylesheet href="{there}?sheet"?><!DOCTYPE rss SYSTEM "{there}?dtd">'
        body = prolog.encode() + feed_of(item).replace(b"<item>", inclusions.encode() + b"<?do evil?><item>", 1)
        sources.says["bad"] |= {
            FEED: sent(body.replace(b"<rss ", f'<rss xml:base="{there}" '.encode())),
            "/page": sent(article(3, head=head, more=more), "text/html"),
        }
        report = sources.ask()["bad"]
        assert (report.error, report.counts["new"]) == (None, 1)
        assert canary.hits == 0
        published = sources.feed("bad").decode()
    for left in ("sheet", "XInclude", "<?do", "<?xml-", f'xml:base="{there}', "dtd", "iframe", "DOCTYPE"):
        assert left not in published.partition("?>")[2], left
    assert b"sentinel-words" not in sources.everything().replace(secret.read_bytes(), b"")
    _good_went_on(sources)


# ----------------------------------------------------------------------------------------------- time, numbers, doubles


@pytest.mark.case(46, 47)
@pytest.mark.parametrize("kind", ["sitemap", "listing", "feed"])
@pytest.mark.parametrize(
    "markup",
    [
        "<a>" * 200_000,
        "<a " + " ".join(f'b{number}="1"' for number in range(20_000)) + "/>",
        "<a " + " ".join(f'b{number}="1"' for number in range(200_000)) + "/>",
    ],
    ids=["deep", "20,000 attributes", "200,000 attributes"],
)
def test_markup_beyond_all_measure_ends_in_time(
    sources: Sources, kind: Literal["sitemap", "listing", "feed"], markup: str
) -> None:
    """Whatever reads it; the good source goes on meanwhile."""
    sources.add("bad", kind=kind)
    outside = {
        "sitemap": ("<urlset>", "</urlset>"),
        "listing": ("<!doctype html><body>", ""),
        "feed": ("<rss><channel><title>T</title>", ""),
    }
    begin, end = outside[kind]
    sources.says["bad"][FEED] = sent(f"{begin}{markup}{end}".encode(), "text/html" if kind == "listing" else "text/xml")
    reports = sources.ask()
    assert reports["bad"].seconds < _SECONDS
    assert reports["good"].seconds < _SECONDS
    row = sources.status()["bad"]
    one_line(row, sources.servers["bad"].url(FEED), "too-complex")
    _good_went_on(sources)


@pytest.mark.case(46, 47)
@pytest.mark.parametrize(
    "more",
    [
        "<div>" * 200_000 + "x",
        "<p " + " ".join(f'b{number}="1"' for number in range(20_000)) + ">x</p>",
        "<p " + " ".join(f'b{number}="1"' for number in range(200_000)) + ">x</p>",
    ],
    ids=["deep", "20,000 attributes", "200,000 attributes"],
)
def test_a_page_beyond_all_measure_ends_in_time(sources: Sources, more: str) -> None:
    """It is no entry, and the reason is told; its neighbour in the feed and the other source have theirs."""
    server = sources.add("bad", fulltext="always")
    items = [item_of(number, "...", link=server.url(f"/{number}")) for number in (3, 4)]
    sources.says["bad"] |= {
        FEED: sent(feed_of(*items)),
        "/3": sent(article(3, more=more), "text/html"),
        "/4": sent(article(4), "text/html"),
    }
    report = sources.ask()["bad"]
    assert report.seconds < _SECONDS
    assert sources.texts("bad") == [story(4).split("\n\n", 1)[1]]
    assert any(line.startswith(f"{server.url('/3')}: ") and "too-complex" in line for line in report.problems)
    _good_went_on(sources)


@pytest.mark.case(50)
@pytest.mark.parametrize("author", ["a." * 20_000, "a@" * 20_000, "a@a." * 10_000])
def test_an_endless_author_costs_no_time(sources: Sources, author: str) -> None:
    """The entry is there, without such a name."""
    sources.add("bad")
    named = item_of(3).replace("<guid", f"<author>{author}</author><guid")
    sources.says["bad"][FEED] = sent(feed_of(named))
    report = sources.ask()["bad"]
    assert (report.error, report.counts["new"]) == (None, 1)
    assert report.seconds < _SECONDS
    assert author[:400].encode() not in sources.feed("bad")
    _good_went_on(sources)


@pytest.mark.case(51)
def test_of_a_hundred_thousand_entries_the_newest_are_kept(sources: Sources) -> None:
    """In bounded time, in a child whose memory is bounded; and it is told that there were more."""
    from gzip import compress

    server = sources.add("bad", max_pages=1)
    many = "".join(
        f"<item><guid>{number}</guid><link>/n{number}</link><title>T</title><pubDate>{number % 28 + 1} Mar 2005 10:00:00 GMT</pubDate></item>"
        for number in range(100_000)
    )
    news = item_of(3).replace("<guid", "<pubDate>04 Mar 2026 10:00:00 GMT</pubDate><guid")
    body = compress(feed_of(many, news), 1, mtime=0)
    sources.says["bad"][FEED] = answer(200, body, ["Content-Encoding: gzip", "Content-Type: application/rss+xml"])
    reports = sources.ask()
    assert reports["bad"].seconds < _SECONDS
    assert reports["bad"].error is None
    assert reports["good"].seconds < _SECONDS
    with Store(sources.root / "state") as store:
        known = store.addresses.known("bad")
    assert len(known) == 500
    assert "entry urn:vale:3" in known
    assert f"{server.url(FEED)}: imperfect: of 100001 entries the newest 500 were read" in reports["bad"].problems
    _good_went_on(sources)


@pytest.mark.case(49)
def test_a_feed_that_is_not_well_formed_is_read_with_a_warning(sources: Sources) -> None:
    """A bare ampersand, an entity of HTML and an element that nobody closes: the entries come, and the fault is told."""
    server = sources.add("odd")
    sources.says["odd"][FEED] = sent(
        feed_of(3).replace(b"Vale Post", b"Vale & Post&nbsp;<b>").replace(b"<rss ", b"<rss a=b ", 1)
    )
    report = sources.ask()["odd"]
    assert (report.error, report.counts["new"]) == (None, 1)
    (problem,) = report.problems
    assert problem.startswith(f"{server.url(FEED)}: imperfect: not well-formed: ")
    _good_went_on(sources)


@pytest.mark.case(52)
def test_of_two_entries_with_one_id_the_last_is_kept(sources: Sources) -> None:
    """One entry, with the text of the last one, and the next round changes nothing."""
    sources.add("bad")
    sources.says["bad"][FEED] = sent(feed_of(item_of(3, guid="urn:same"), item_of(4, guid="urn:same")))
    sources.ask()
    (text,) = sources.texts("bad")
    assert text.startswith(story(4).split("\n\n")[1])
    before = sources.feed("bad")
    sources.now += timedelta(days=1)
    assert dict(sources.ask()["bad"].counts) == {}
    assert sources.feed("bad") == before
    _good_went_on(sources)


@pytest.mark.case(53)
@pytest.mark.parametrize("links", [False, True])
def test_new_ids_for_old_texts_double_nothing(sources: Sources, links: bool) -> None:
    """The entries stay, under the ids that they had; with addresses that moved as well."""
    server = sources.add("bad")
    feeds = []
    for era in ("old", "new"):
        paths = {number: f"/{era}/{number}" if links else "" for number in (3, 4, 5)}
        items = [
            item_of(number, guid=f"urn:{era}:{number}", link=path and server.url(path))
            for number, path in paths.items()
        ]
        sources.says["bad"][FEED] = sent(feed_of(*items))
        sources.ask()
        feeds.append(sources.feed("bad"))
        sources.now += timedelta(days=1)
    assert len(sources.texts("bad")) == 3
    assert feeds[0].count(b"urn:old:") == feeds[1].count(b"urn:old:") == 3
    assert b"urn:new:" not in feeds[1]
    _good_went_on(sources)

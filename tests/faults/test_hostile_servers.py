"""A day of sources whose servers misbehave, each in its way, beside one that does not.

In the morning all answer well. At noon each answers as its case says, while the good one has news: that is taken in, the
others keep what they had, and status names source, address, cause and next try. Before that try nobody is asked again; after it
the servers are well, and what they have by then comes in.
"""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from cleaner.children import Children
from tests.faults.sources import FEED, Sources, feed_of, one_line, sent, tries_again
from tests.unit.fetch.upstream import (
    OK,
    Say,
    Upstream,
    answer,
    bomb,
    chunked,
    endless,
    redirect,
    reset,
    upstream,
)

NEWS = feed_of(1, 2)
PACKED = gzip.compress(NEWS, mtime=0)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
LAUGHS = "".join(f'<!ENTITY a{one} "{f"&a{one - 1};" * 10}">' for one in range(1, 10))


def declaring(prolog: str, text: str = "&a;") -> bytes:
    """An answer with a feed that would be news, if its declarations were believed."""
    return sent(f"<?xml version='1.0'?>{prolog}".encode() + NEWS.replace(b"Vale Post", text.encode(), 1))


def stuffed(markup: str) -> bytes:
    """An answer with a feed that holds some markup in front of its items."""
    return sent(NEWS.replace(b"<item>", markup.encode() + b"<item>", 1))


def odd(status: int, body: bytes = NEWS, *headers: str) -> bytes:
    """A whole answer of some status with news in it."""
    return answer(status, body, ["Content-Type: application/rss+xml", *headers])


# name -> what the server says at noon (CANARY: host and port of a server that nobody may ask; SENTINEL: a file that nobody may read).
NOON_SAYS: dict[str, Say] = {
    "to-private": redirect("http://CANARY/feed.xml"),
    "to-private-in-disguise": redirect("http://2130706433/feed.xml"),
    "to-metadata": redirect("http://169.254.169.254/latest/"),
    "to-file": redirect("file://SENTINEL"),
    "to-ftp": redirect("ftp://CANARY/x"),
    "to-gopher": redirect("gopher://CANARY/x"),
    "to-data": redirect("data:text/xml,<rss/>"),
    "to-script": redirect("javascript:alert(1)"),
    "loop": redirect(FEED),
    "endless-body": endless(OK + b"Content-Type: application/rss+xml\r\n\r\n", b"<item/>" * 9000),
    "endless-headers": endless(OK, b"X-Same: again\r\n"),
    "many-headers": answer(200, NEWS, [f"X-{number}: y" for number in range(101)]),
    "long-header": answer(200, NEWS, ["X: " + "y" * (1 << 20)]),
    "bomb": answer(200, bomb(), ["Content-Encoding: gzip"]),
    "brotli": odd(200, NEWS, "Content-Encoding: br"),
    "zstd": odd(200, NEWS, "Content-Encoding: zstd"),
    "unknown-coding": odd(200, NEWS, "Content-Encoding: rot13"),
    "packed-twice": odd(200, gzip.compress(PACKED, mtime=0), "Content-Encoding: gzip, gzip"),
    "torn-gzip": odd(200, PACKED[:-9], "Content-Encoding: gzip"),
    "damaged-gzip": odd(200, PACKED[:-8] + bytes(8), "Content-Encoding: gzip"),
    "short": odd(200)[:-30],
    "short-chunk": chunked(b"fffff\r\n" + NEWS),
    "reset": reset(odd(200)[:-30]),
    "two-lengths": odd(200, NEWS, "Content-Length: 9"),
    "negative-length": OK + b"Content-Length: -1\r\n\r\n" + NEWS,
    "no-chunk-size": chunked(b"ZZ\r\n" + NEWS),
    "huge-chunk-size": chunked(b"ffffffffffffffff\r\n" + NEWS),
    "no-status-line": NEWS,
    "other-protocol": b"ICY 200 OK\r\n\r\n" + NEWS,
    "only-continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
    "odd-status": odd(999),
    "a-part": odd(206, NEWS, "Content-Range: bytes 0-99/100"),
    "no-content": odd(204),
    "nothing": odd(200, b""),
    "picture": odd(200, PNG),
    "not-modified": answer(304, length=False),
    "laughs": declaring(f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LAUGHS}]>', "&a9;"),
    "blow-up": declaring(f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>', "&a;" * 50_000),
    "file-entity": declaring('<!DOCTYPE rss [<!ENTITY a SYSTEM "file://SENTINEL">]>'),
    "parameter-entity": declaring('<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://CANARY/p.dtd"> %p;]>'),
    "foreign-entity": declaring('<!DOCTYPE rss [<!ENTITY a SYSTEM "http://CANARY/a">]>'),
    "deep": stuffed("<a>" * 200_000),
    "attributes": stuffed("<a " + " ".join(f'b{number}="1"' for number in range(200_000)) + "/>"),
    "some-attributes": stuffed("<a " + " ".join(f'b{number}="1"' for number in range(20_000)) + "/>"),
    "utf-7": sent(b'<?xml version="1.0" encoding="utf-7"?>' + NEWS),
    "broken-off": sent(b"<rss><channel><item>"),
    "asks-for-a-million-years": odd(503, b"", "Retry-After: 999999999999"),
    "asks-for-the-year-9999": odd(503, b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"),
    "asks-for-less-than-nothing": odd(429, b"", "Retry-After: -5"),
    "asks-for-nothing": odd(429, b"", "Retry-After: 0"),
    "asks-for-nonsense": odd(503, b"", "Retry-After: soon; \xff"),
}


def _of(case: pytest.MarkDecorator, reason: str, *names: str) -> list[Any]:
    """Sources that show a case, with the reason that they must have at noon."""
    return [pytest.param(name, reason, id=name, marks=case) for name in names]


CASES = [
    *_of(pytest.mark.case(6), "private-address", "to-private", "to-private-in-disguise", "to-metadata"),
    *_of(pytest.mark.case(9), "scheme", "to-file", "to-ftp", "to-gopher", "to-data", "to-script"),
    *_of(pytest.mark.case(12), "too-many-redirects", "loop"),
    *_of(pytest.mark.case(21), "too-large", "endless-body"),
    *_of(pytest.mark.case(22), "bad-response", "endless-headers", "many-headers"),
    *_of(pytest.mark.case(23), "bad-response", "long-header"),
    *_of(pytest.mark.case(24), "too-large", "bomb"),
    *_of(pytest.mark.case(25), "bad-encoding", "brotli", "zstd", "unknown-coding"),
    *_of(pytest.mark.case(26), "bad-encoding", "packed-twice"),
    *_of(pytest.mark.case(27), "bad-encoding", "torn-gzip", "damaged-gzip"),
    *_of(pytest.mark.case(28), "truncated", "short", "short-chunk"),
    *_of(pytest.mark.case(29), "network", "reset"),
    *_of(pytest.mark.case(30), "bad-response", "two-lengths", "negative-length"),
    *_of(pytest.mark.case(31), "bad-response", "no-chunk-size", "huge-chunk-size"),
    *_of(pytest.mark.case(32), "bad-response", "no-status-line", "other-protocol"),
    *_of(pytest.mark.case(33), "bad-response", "only-continue"),
    *_of(pytest.mark.case(34), "empty", "nothing"),
    *_of(pytest.mark.case(34), "status", "odd-status", "a-part", "no-content"),
    *_of(
        pytest.mark.case(35),
        "status",
        "asks-for-a-million-years",
        "asks-for-the-year-9999",
        "asks-for-less-than-nothing",
        "asks-for-nothing",
        "asks-for-nonsense",
    ),
    *_of(pytest.mark.case(38), "no-feed", "picture"),
    *_of(pytest.mark.case(40), "bad-response", "not-modified"),
    *_of(pytest.mark.case(41), "bad-xml", "laughs"),
    *_of(pytest.mark.case(42), "bad-xml", "blow-up"),
    *_of(pytest.mark.case(43), "bad-xml", "file-entity"),
    *_of(pytest.mark.case(44), "bad-xml", "parameter-entity", "foreign-entity"),
    *_of(pytest.mark.case(46), "too-complex", "deep"),
    *_of(pytest.mark.case(47), "too-complex", "attributes", "some-attributes"),
    *_of(pytest.mark.case(48), "bad-encoding", "utf-7"),
    *_of(pytest.mark.case(49), "bad-xml", "broken-off"),
]
WEEK = timedelta(days=7)


@dataclass
class Day:
    """What was seen. morning and noon: feeds as published; rows: status at noon; asked: requests by the next try; evening: texts."""

    sources: Sources
    canary: Upstream
    now: datetime
    morning: dict[str, bytes]
    noon: dict[str, bytes]
    rows: dict[str, dict[str, Any]]
    seconds: dict[str, float]
    asked: dict[str, int]
    evening: dict[str, list[str]]


def _say(say: Say, canary: str, sentinel: str) -> Say:
    """What a server says, with its places filled in."""
    return say if callable(say) else say.replace(b"CANARY", canary.encode()).replace(b"SENTINEL", sentinel.encode())


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """The day, once for all tests."""
    root = tmp_path_factory.mktemp("day")
    sentinel = tmp_path_factory.mktemp("elsewhere") / "sentinel"
    sentinel.write_text("sentinel-words-that-nobody-may-read")
    with (
        Children(2, 20.0, 1 << 30, None, "cleaner.localhost,2026") as children,
        contextlib.ExitStack() as stack,
        upstream(answer(200, NEWS)) as canary,
    ):
        sources = Sources(root, children, stack)
        for name in (*NOON_SAYS, "good"):
            sources.add(name, 1)
        names = sources.known
        sources.ask()
        morning = {name: sources.feed(name) for name in names}
        sources.now += timedelta(hours=4)
        for name, say in NOON_SAYS.items():
            sources.says[name][FEED] = _say(say, canary.place, str(sentinel))
        sources.says["good"][FEED] = sent(NEWS)
        reports = sources.ask()
        seconds = {name: report.seconds for name, report in reports.items()}
        rows, now, noon = sources.status(), sources.now, {name: sources.feed(name) for name in names}
        hits = {name: server.hits for name, server in sources.servers.items()}
        sources.now += timedelta(minutes=2)
        sources.ask(early=False)
        asked = {name: server.hits - hits[name] for name, server in sources.servers.items()}
        for name in NOON_SAYS:
            sources.says[name][FEED] = sent(NEWS)
        sources.now = now + WEEK
        sources.ask(early=False)
        yield Day(
            sources, canary, now, morning, noon, rows, seconds, asked, {name: sources.texts(name) for name in names}
        )


@pytest.mark.parametrize(("name", "reason"), CASES)
def test_a_source_that_misbehaves(day: Day, name: str, reason: str) -> None:
    """Status tells source, address, cause and next try; nothing of the answer is used, nothing is lost; it is tried again."""
    row = day.rows[name]
    one_line(row, day.sources.servers[name].url(FEED), reason)
    tries_again(row, day.now, timedelta(minutes=4), WEEK)
    assert (row["entries"], row["quarantined"]) == (1, 0)
    assert day.noon[name] == day.morning[name]
    assert day.seconds[name] < 20
    assert day.asked[name] == 0, "before its next try"
    assert len(day.evening[name]) == 2, "once its server is well again"


def test_every_source_of_the_day_is_judged() -> None:
    """None of them misbehaves unseen."""
    assert {one.values[0] for one in CASES} == set(NOON_SAYS)


@pytest.mark.case(6, 9, 12, 21, 24, 27, 28, 29, 34, 35, 38, 40, 41, 42, 43, 44, 46, 47)
def test_the_other_source_goes_on(day: Day) -> None:
    """It has its news at noon, whatever happens beside it."""
    row = day.rows["good"]
    assert (row["error"], row["entries"]) == (None, 2)
    assert day.noon["good"] != day.morning["good"]
    assert b"Brackwater" in day.noon["good"]


@pytest.mark.case(6, 9, 44)
def test_nobody_was_asked_who_may_not_be(day: Day) -> None:
    """Neither by a redirect nor by a declaration."""
    assert day.canary.hits == 0


@pytest.mark.case(9, 43)
def test_no_file_was_read(day: Day) -> None:
    """Its words stand nowhere in state and feeds, raw pages included, nor in a line of status."""
    kept = day.sources.everything()
    assert b"Brackwater" in kept
    assert b"sentinel-words" not in kept
    assert "sentinel-words" not in str(day.rows)


@pytest.mark.case(35)
@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("asks-for-a-million-years", WEEK, WEEK),
        ("asks-for-the-year-9999", WEEK, WEEK),
        ("asks-for-less-than-nothing", timedelta(minutes=4), timedelta(minutes=6)),
        ("asks-for-nothing", timedelta(minutes=4), timedelta(minutes=6)),
        ("asks-for-nonsense", timedelta(minutes=4), timedelta(minutes=6)),
    ],
)
def test_no_server_asks_for_too_long_or_too_short_a_rest(
    day: Day, name: str, least: timedelta, most: timedelta
) -> None:
    """Never beyond a week; never below our own wait."""
    tries_again(day.rows[name], day.now, least, most)

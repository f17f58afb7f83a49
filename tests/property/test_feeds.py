"""Whatever an entry holds, its feed is well-formed, lint-free, and reads back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.datatypes import Article, Entry, Flag, SourceRef, StoredEntry
from cleaner.markup import sanitise
from cleaner.publish import Feed, atom_feed
from tests.feedlint import lint
from tests.samples import AUTHORITY

_NASTY = st.sampled_from(
    ["", " ", "<b>", "&amp;", "\x00", "\x9f", "\u202e", "]]>", "<!--", "\ufffe", "\r\n", "🦉", "é", "\ud800"]
)
_TEXT = st.lists(st.one_of(_NASTY, st.text(st.characters(exclude_characters="\ufffd"), max_size=12)), max_size=5).map(
    "".join
)
# What a text may hold is for the sanitiser's own tests; here it brings the markup that has to be escaped.
_HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<script>", "&amp;", "]]>", "<!--", "é", "🦉", "\x00", "\x9f", "<img src=x onerror=y>", "plain"]
    ),
    max_size=6,
).map("".join)
_URL = st.one_of(
    st.none(),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(
            [
                "http://",
                "https://a.example/",
                "https://ü.example:80/",
                "http://[::1]/",
                "http://[",
                "javascript:",
                "HTTPS://A.EXAMPLE?",
            ]
        ),
        _TEXT,
        _TEXT,
    ),
)
_ZONES = st.sampled_from(
    [
        UTC,
        timezone(timedelta(hours=5, minutes=30)),
        timezone(timedelta(hours=-8)),
        timezone(timedelta(minutes=1, seconds=15)),
    ]
)
_FIRST, _LAST = datetime(1990, 1, 2), datetime(2099, 1, 1)  # noqa: DTZ001 - hypothesis wants bounds without a zone
_TIME = st.datetimes(_FIRST, _LAST, timezones=_ZONES)
_REF = st.builds(SourceRef, _TEXT, _URL)


@st.composite
def _entries(draw: st.DrawFn) -> StoredEntry:
    """Any entry at all; only ids are as we make them."""
    number = draw(st.integers(0, 10**6))
    published, fetched = draw(st.none() | _TIME), draw(_TIME)
    entry = Entry(
        id=f"tag:{AUTHORITY}:s/{number:020}",
        page_id="0" * 64,
        url=draw(_URL),
        article=Article(draw(_TEXT), (), "", sanitise(draw(_HTML))),
        authors=tuple(draw(st.lists(_TEXT, max_size=2))),
        contributors=tuple(draw(st.lists(_TEXT, max_size=2))),
        published=published,
        published_precision="second" if published else None,
        updated=None,
        language=draw(st.none() | st.sampled_from(["en", "pt-BR", "zh-Hant", "German", "de_DE"]) | _TEXT),
        site=None,
        source=draw(st.none() | _REF),
        via=tuple(draw(st.lists(_REF, max_size=2))),
        flags=tuple(Flag(name) for name in draw(st.lists(st.sampled_from(["opinion", "sponsored"]), max_size=2))),
        confidence=1.0,
        fetched=fetched,
        rights=draw(st.none() | _TEXT),
        categories=tuple(draw(st.lists(_TEXT, max_size=2))),
    )
    time = published or fetched
    return StoredEntry(entry, "s", "p", "", time, time)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_entries(), max_size=3, unique_by=lambda stored: stored.entry.id), st.lists(_REF, max_size=3))
def test_any_entries_make_a_feed_without_a_finding(entries: list[StoredEntry], others: list[SourceRef]) -> None:
    """No page can break a feed: it stays well-formed, free of findings, equal when made again, and complete."""
    feed = Feed(
        "s", "A feed", "http://127.0.0.1:8490/feeds/s.atom", "http://127.0.0.1:8490/", AUTHORITY, tuple(entries)
    )
    feed = replace(feed, related={stored.entry.id: tuple(others) for stored in entries})
    body = atom_feed(feed)
    assert [found for found in lint(body) if not found.startswith("DuplicateUpdated")] == []
    assert atom_feed(feed) == body
    read = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert [got.id for got in read.entries] == [stored.entry.id for stored in entries]
    for got, stored in zip(read.entries, entries, strict=True):
        assert datetime.fromisoformat(got.updated) - stored.updated < timedelta(seconds=1)

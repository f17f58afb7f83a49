"""Whatever entries hold, their feeds are well-formed, lint-free, and read back as they were, in each format.

As they were, up to how feeds show things, which is written in ``cleaner.publish.feed``: names and titles are lines of 300
characters at most without invisible characters, addresses stand in the form that RFC 3986 prefers, what is none is left out.
"""

from __future__ import annotations

import html
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.datatypes import Article, Enclosure, Entry, Flag, SourceRef, StoredEntry
from cleaner.ingest.jsonfeed import read_json_feed
from cleaner.ingest.opml import Outline, read_opml
from cleaner.markup import sanitise
from cleaner.publish import Feed, atom_feed, json_feed, render, write_index
from cleaner.publish.feed import content_of, id_of, line_of, lines_of, media_type_of, title_of, web_iri
from tests.feedlint import lint
from tests.samples import AUTHORITY

_NASTY = st.sampled_from(
    [
        *"""<b> &amp; ]]> <!-- é 🦉 \x00 \x9f \u202e \u2067 \u2069 \ufffe \ufffd \ud800 \U0010ffff \u0300 שלום العربية
    <script>alert(1)</script> &lt; &#x202e; @ x@y.example (a)""".split(" "),
        "",
        " ",
        "\r\n",
        "\u0301" * 1000,
        "word " * 100,
        "w" * 1000,
        "\x0c",
        "\x85",
        "\u2028",
    ]
)
_TEXT = st.lists(st.one_of(_NASTY, st.text(st.characters(exclude_characters="\ufffd"), max_size=12)), max_size=5).map(
    "".join
)
# What a text may hold is for the sanitiser's own tests; here it brings the markup that has to be escaped.
_HTML = st.lists(
    st.sampled_from(
        """<p>|</p>|<script>|&amp;|]]>|<!--|é|🦉|\x00|\x9f|<img src=x onerror=y>|plain|<p dir=rtl>|שלום|\u202e|\u2067|\u2069
        |\ufffd|&nbsp;|\r\n|<pre>\n x|&lt;b&gt;|<img src=https://a.example/i.jpg width=9px height=40>|<table><tr><td>1
        |<a href='https://a.example/?a&b'>|e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301""".split("|")
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
_KIND = st.sampled_from(["audio/mpeg", "", "audio", "a/b; c=d", "ä/ö"]) | _TEXT
_FILE = st.builds(Enclosure, _URL.map(str), _KIND, st.none() | st.integers(-1, 10**12))
_IDS = ("https://a.example/ä?", "urn:x:\ud800", "urn:x:\ufffe\u202e\x9f", "https://a.example/é🦉/")
_REF = st.builds(SourceRef, _TEXT, _URL)


@st.composite
def _entries(draw: st.DrawFn) -> StoredEntry:
    """Any entry at all; ids are as we make them, or what another feed may give for one."""
    number = draw(st.integers(0, 10**6))
    published, fetched = draw(st.none() | _TIME), draw(_TIME)
    entry = Entry(
        id=draw(st.sampled_from([f"tag:{AUTHORITY}:s/{number:020}", *(f"{told}{number}" for told in _IDS)])),
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
        image=draw(_URL),
        enclosures=tuple(draw(st.lists(_FILE, max_size=2))),
    )
    time = published or fetched
    return StoredEntry(entry, "s", "p", "", time, time)


_LISTS = st.lists(_entries(), max_size=3, unique_by=lambda stored: id_of(stored.entry.id))
_CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _feed(entries: list[StoredEntry], **changes: Any) -> Feed:
    """A feed of entries."""
    home = "http://127.0.0.1:8490/"
    return replace(Feed("s", "A feed", f"{home}feeds/s.atom", home, AUTHORITY, tuple(entries)), **changes)


@_CALM
@given(_LISTS, st.lists(_REF, max_size=3))
def test_any_entries_make_a_feed_without_a_finding(entries: list[StoredEntry], others: list[SourceRef]) -> None:
    """No page can break a feed: it stays well-formed, free of findings, and equal when made again."""
    feed = _feed(entries, related={stored.entry.id: tuple(others) for stored in entries})
    body = atom_feed(feed)
    assert [found for found in lint(body) if not found.startswith("DuplicateUpdated")] == []
    assert atom_feed(feed) == body


@_CALM
@given(_LISTS)
def test_any_entries_read_back_from_atom_as_they_were(entries: list[StoredEntry]) -> None:
    """An independent parser finds the same entries: ids, titles, links, people, times, categories and texts."""
    read = feedparser.parse(atom_feed(_feed(entries)), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo
    assert [got.id for got in read.entries] == [id_of(stored.entry.id) for stored in entries]
    for got, stored in zip(read.entries, entries, strict=True):
        entry = stored.entry
        assert _shown(got, "title") == _misread(title_of(entry.article.title))
        assert _shown(got, "rights") == _misread(line_of(entry.rights or ""))
        assert [one.get("name", "") for one in got.get("authors", []) if one] == lines_of(entry.authors)
        assert [one.name for one in got.get("contributors", [])] == lines_of(entry.contributors)
        assert [tag.term for tag in got.get("tags", [])] == _terms(stored)
        assert _moment(got.get("published")) == entry.published
        assert timedelta(0) <= datetime.fromisoformat(got.updated) - stored.updated < timedelta(seconds=1)
        assert [link.href for link in got.get("links", []) if link.rel == "alternate"] == _alternate(stored)
        assert [file.href for file in got.get("enclosures", [])] == _files(stored)
        assert [picture["url"] for picture in got.get("media_thumbnail", [])] == [*filter(None, [web_iri(entry.image)])]
        assert got.content[0].value == _misread(content_of(entry.article).strip())


@_CALM
@given(_LISTS)
def test_any_entries_read_back_from_json_as_they_were(entries: list[StoredEntry]) -> None:
    """JSON Feed says the same, to any reader of JSON and to our own."""
    body = json_feed(_feed(entries))
    items = json.loads(body)["items"]
    assert [item["id"] for item in items] == [id_of(stored.entry.id) for stored in entries]
    for item, stored in zip(items, entries, strict=True):
        entry = stored.entry
        assert item["title"] == title_of(entry.article.title)
        assert [one["name"] for one in item.get("authors", [])] == lines_of(entry.authors)
        assert item.get("tags", []) == _terms(stored)
        assert _moment(item.get("date_published")) == entry.published
        assert [item[key] for key in ("url",) if key in item] == _alternate(stored)
        assert [file["url"] for file in item.get("attachments", [])] == _files(stored, typed=True)
        assert item.get("image") == web_iri(entry.image)
        assert item["content_html"] == content_of(entry.article)
    ours = read_json_feed(body.decode(), "http://127.0.0.1:8490/feeds/s.json", 10)
    assert [item.id for item in ours.items] == [id_of(stored.entry.id) for stored in entries]


@_CALM
@given(_LISTS, st.integers(1 << 12, 1 << 16))
def test_no_feed_is_longer_than_it_may_be(entries: list[StoredEntry], most: int) -> None:
    """Whatever is in the entries: what is left out is told, and what is shown is the newest, valid and equal in both formats."""
    made = render(_feed(entries, max_bytes=most))
    assert max(len(made.atom), len(made.json)) <= most
    shown = [id_of(stored.entry.id) for stored in made.feed.entries]
    assert shown == [id_of(stored.entry.id) for stored in entries][: len(shown)]
    assert bool(made.feed.notice) == (len(shown) < len(entries))
    assert [item["id"] for item in json.loads(made.json)["items"]] == shown
    assert [found for found in lint(made.atom) if not found.startswith("DuplicateUpdated")] == []


@_CALM
@given(st.text(max_size=20), st.lists(_TEXT, max_size=4))
def test_any_feeds_read_back_from_opml_as_they_were(title: str, titles: list[str]) -> None:
    """Our own reader finds the feeds that our list names."""
    feeds = [
        _feed([], name=f"f{number}", title=told, address=f"http://127.0.0.1:8490/feeds/f{number}.atom")
        for number, told in enumerate(titles)
    ]
    with TemporaryDirectory() as folder:
        write_index(Path(folder), title, feeds)
        read = read_opml((Path(folder) / "index.opml").read_bytes(), "index.opml")
    assert read == tuple(Outline(feed.address, title_of(feed.title), feed.home) for feed in feeds)


def _shown(got: Any, name: str) -> str:
    """A text of an entry as a reader shows it."""
    told = got.get(f"{name}_detail", {"type": "text/plain", "value": ""})
    return html.unescape(told["value"]) if told["type"] == "text/html" else str(told["value"])


def _misread(text: str) -> str:
    """A text as feedparser gives it: one that would be UTF-8, were its letters bytes, it takes for just that."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _terms(stored: StoredEntry) -> list[str]:
    """The categories of an entry, its flags first."""
    return lines_of((*(flag.name for flag in stored.entry.flags), *stored.entry.categories))


def _alternate(stored: StoredEntry) -> list[str]:
    """Where an entry leads, if anywhere."""
    told = (stored.entry.url, stored.entry.source.url if stored.entry.source else None)
    return [address for address in map(web_iri, told) if address][:1]


def _files(stored: StoredEntry, *, typed: bool = False) -> list[str]:
    """The addresses of the files that go with an entry; typed: of those alone that have a media type."""
    files = [file for file in stored.entry.enclosures if media_type_of(file.type) or not typed]
    return [address for file in files if (address := web_iri(file.url))]


def _moment(told: str | None) -> datetime | None:
    """A time as read."""
    return datetime.fromisoformat(told) if told else None

"""A feed as Atom: every element that readers use, RFC 4287's schema, and the lint's findings on good and bad feeds."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import feedparser
import pytest

from cleaner.datatypes import Article, Flag, SourceRef, StoredEntry
from cleaner.publish import Feed, atom_feed
from tests.feedlint import check_schema, lint
from tests.samples import AUTHORITY, NOON, stored

_ADDRESS = "http://127.0.0.1:8490/feeds/inbox.atom"


def _feed(*entries: StoredEntry, **changes: Any) -> Feed:
    """A feed of entries."""
    made = Feed("inbox", "The inbox", _ADDRESS, "http://127.0.0.1:8490/", AUTHORITY, entries)
    return replace(made, **changes)


def _one(**changes: Any) -> bytes:
    """A feed of one entry that differs from the sample."""
    return atom_feed(_feed(stored(1, **changes)))


def test_everything_that_is_known_of_an_entry_reaches_the_reader() -> None:
    """An independent parser finds every fact, links with their relations, and the whole source."""
    read = feedparser.parse(_one())
    got = read.entries[0]
    assert got.id == f"tag:{AUTHORITY}:inbox/{1:020}"
    assert (got.title, got.author, got.published) == ("Story number 1", "Ines Calder", "2026-03-04T13:00:00Z")
    assert [person.name for person in got.contributors] == ["Bo Winter"]
    assert [(link.rel, link.href, link.type) for link in got.links] == [
        ("alternate", "https://news.example/stories/1", "text/html"),
        ("via", "https://news.example/", "text/html"),
        ("via", "https://wire.example/", "text/html"),
    ]
    assert (got.source.title, got.source.id, got.source.links[0].href) == ("First Wire", *["https://wire.example/"] * 2)
    assert got.source.updated
    assert [tag.term for tag in got.tags] == ["opinion", "Region"]
    assert got.rights == "All rights reserved"
    assert got.content[0].type == "text/html"
    assert got.content[0].language == "en"
    assert got.content[0].base == "https://news.example/stories/1"
    assert "signatures outside the bakery" in got.content[0].value


def test_where_else_a_story_is_told_stands_in_related_links(tmp_path: Path) -> None:
    """In their order, each address once, with its name; none without an address, and none to the entry itself."""
    told = (
        ("Hill & Dale", "https://hill.example/2"),
        ("", "https://moor.example/3"),
        ("Again", "https://hill.example/2"),
    )
    none = ("No address", None), ("Itself", "https://news.example/stories/1"), ("Bad", "javascript:alert(1)")
    others = tuple(SourceRef(title, url) for title, url in (*none, *told))
    entry = stored(1)
    body = atom_feed(_feed(entry, stored(2), related={entry.entry.id: others}))
    first, second = feedparser.parse(body).entries
    assert [(link.href, link.get("title")) for link in first.links if link.rel == "related"] == [
        ("https://hill.example/2", "Hill & Dale"),
        ("https://moor.example/3", None),
    ]
    assert [link for link in second.links if link.rel == "related"] == []
    assert lint(body) == []
    (tmp_path / "feed.atom").write_bytes(body)
    assert check_schema(tmp_path / "feed.atom") == ""


def test_a_full_feed_is_valid_and_lint_free(tmp_path: Path) -> None:
    """Feeds with many entries, with none, and with bare ones pass the schema and the lint."""
    bare = stored(
        7,
        url=None,
        authors=(),
        contributors=(),
        published=None,
        language=None,
        site=None,
        source=None,
        via=(),
        flags=(),
        rights=None,
        categories=(),
    )
    feeds = [_feed(*(stored(number) for number in range(30, 0, -1))), _feed(), _feed(bare)]
    files = []
    for number, feed in enumerate(feeds):
        body = atom_feed(feed)
        assert lint(body, location=_ADDRESS) == []
        files.append(tmp_path / f"{number}.atom")
        files[-1].write_bytes(body)
    assert check_schema(*files) == ""


def test_the_schema_refuses_what_it_must(tmp_path: Path) -> None:
    """The check by jing can fail: a feed without its id is refused."""
    path = tmp_path / "bad.atom"
    path.write_bytes(_one().replace(b"<updated>", b"<update>").replace(b"</updated>", b"</update>"))
    assert "updated" in check_schema(path)


def test_the_same_entries_give_the_same_bytes_in_their_order() -> None:
    """Nothing depends on the clock, and the newest stays first."""
    feed = _feed(stored(2), stored(1))
    assert atom_feed(feed) == atom_feed(feed)
    assert [got.title for got in feedparser.parse(atom_feed(feed)).entries] == ["Story number 2", "Story number 1"]


def test_times_are_the_entries_own() -> None:
    """Updated is the latest entry's, published is left out where nobody told it, and offsets stay as told."""
    east = timezone(timedelta(hours=5, minutes=45))
    told = datetime(2026, 3, 4, 9, 0, tzinfo=east)
    body = atom_feed(_feed(stored(1, published=told), stored(2, published=None)))
    assert b"<published>2026-03-04T09:00:00+05:45</published>" in body
    assert body.count(b"<published>") == 1
    assert feedparser.parse(body).feed.updated.startswith("2026-03-06T12:00:00.")


def test_an_offset_with_seconds_becomes_utc() -> None:
    """RFC 3339 knows no seconds in an offset; the moment is kept."""
    odd = timezone(timedelta(hours=1, seconds=30))
    body = _one(published=datetime(2026, 3, 4, 12, 0, 30, tzinfo=odd))
    assert b"<published>2026-03-04T11:00:00Z</published>" in body
    assert lint(body) == []


def test_entries_of_one_moment_have_unlike_updated_texts() -> None:
    """Twenty entries of one day differ by microseconds, the same ones each time."""
    body = atom_feed(_feed(*(stored(number, published=NOON) for number in range(20))))
    assert lint(body) == []


@pytest.mark.parametrize(
    "title", ["Tom & Jerry", "a < b", "Tom &amp; Jerry", "<b>bold</b> move", "<script>alert(1)</script>"]
)
def test_a_title_that_looks_like_markup_is_shown_as_written(title: str) -> None:
    """Such a title is escaped HTML: a reader shows these very characters."""
    body = _one(article=Article(title, (), "text", "<p>text</p>"))
    assert lint(body) == []
    raw = body.decode().split('<title type="html">')[1].split("</title>")[0]
    assert html.unescape(html.unescape(raw)) == title


def test_a_title_of_a_thousand_words_is_cut_at_one() -> None:
    """A line of 300 characters at most, with an ellipsis; and names and categories are such lines, too."""
    entry = stored(
        1, article=Article("Ferry \n\t " * 1000, (), "t", "<p>t</p>"), authors=("a" * 999,), categories=("c d " * 500,)
    )
    got = feedparser.parse(atom_feed(_feed(entry))).entries[0]
    assert got.title == "Ferry " * 49 + "Ferry…"
    assert got.author == "a" * 299 + "…"
    assert len(got.tags[-1].term) <= 300


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("الميناء مفتوح منذ الصباح", True),
        ("הנמל פתוח מהבוקר, said BBC", True),
        ("بندر از صبح باز است", True),
        ("بندرگاہ صبح سے کھلی ہے", True),
        ("The harbour (נמל) is open", False),
        ("Порт открыт", False),
    ],
)
def test_a_text_that_runs_from_right_to_left_says_so(text: str, direction: bool) -> None:
    """Most of its letters decide, whatever language a page claims; Arabic, Hebrew, Persian, Urdu."""
    body = _one(article=Article(text, (), text, f"<p>{text}</p>"), language="en")
    got = feedparser.parse(body, sanitize_html=False).entries[0]
    assert got.content[0].value == (f'<div dir="rtl"><p>{text}</p></div>' if direction else f"<p>{text}</p>")
    assert got.title == text
    assert lint(body) == []


def test_the_picture_of_an_entry_is_its_thumbnail(tmp_path: Path) -> None:
    """For readers whose lists show one; valid, and left out where there is none."""
    body = _one()
    assert feedparser.parse(body).entries[0].media_thumbnail == [{"url": "https://news.example/i.jpg"}]
    assert b"thumbnail" not in _one(image=None) + _one(image="data:image/png;base64,AAAA")
    path = tmp_path / "feed.atom"
    path.write_bytes(body)
    assert check_schema(path) == ""


def test_an_id_of_another_feed_stays_as_it_is_but_for_what_cannot_be_written() -> None:
    """Readers compare ids letter by letter."""
    for told, written in (
        ("https://a.example/ä?b", "https://a.example/ä?b"),
        ("urn:x:\ufffe\u202e", "urn:x:%EF%BF%BE%E2%80%AE"),
    ):
        body = _one(id=told)
        assert feedparser.parse(body).entries[0].id == written
        assert lint(body) == []


def test_an_entry_without_text_shows_its_title() -> None:
    """Validators object to content that is blank."""
    got = feedparser.parse(_one(article=Article("A & B", (), "", "\n"))).entries[0]
    assert got.content[0].value == "<p>A &amp; B</p>"


def test_a_character_that_was_lost_is_a_question_mark() -> None:
    """In title and text."""
    body = _one(article=Article("Caf\ufffd", (), "t", "<p>don\ufffdt</p>"))
    assert feedparser.parse(body).entries[0].title == "Caf?"
    assert b"don?t" in body
    assert lint(body) == []


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://bücher.example/ä b?q=ö#x y", "https://xn--bcher-kva.example/%C3%A4%20b?q=%C3%B6#x%20y"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://news.example/a%20b", "https://news.example/a%20b"),
        ("https://NEWS.example:443?a=%c3%a4%7e", "https://news.example/?a=%C3%A4~"),
        ("https://user:secret@news.example/x", "https://news.example/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://[broken/", None),
        ("http://news.example:port/", None),
        ("http://", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
    ],
)
def test_addresses_are_valid_or_left_out(address: str, written: str | None) -> None:
    """No address that a page tells makes a feed invalid, runs, or stops the feed."""
    body = _one(url=address, source=None, via=())
    links = [link.href for link in feedparser.parse(body).entries[0].get("links", [])]
    assert links == ([written] if written else [])
    assert lint(body) == []


@pytest.mark.parametrize("hostile", ["a\x00b", "a\ud800b", "\ufffe", "\x9f", "\u202egnp.exe", " ", "ünï"])
def test_no_text_of_a_page_makes_a_feed_invalid(hostile: str, tmp_path: Path) -> None:
    """Control characters, lone surrogates, overrides and blanks in every field give a valid feed all the same."""
    body = _one(
        url=f"https://news.example/{hostile}",
        authors=(hostile,),
        contributors=(hostile,),
        source=SourceRef(hostile, None),
        via=(SourceRef(hostile, f"https://via.example/{hostile}"),),
        flags=(Flag("opinion"),),
        language=hostile,
        rights=hostile,
        categories=(hostile,),
        article=Article(hostile, (), "text", "<p>text</p>"),
    )
    assert lint(body) == []
    path = tmp_path / "feed.atom"
    path.write_bytes(body)
    assert check_schema(path) == ""


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (b'rel="self"', b'rel="alternate" hreflang="x"', "MissingSelf"),
        (b'rel="via"', b'rel="alternate"', "DuplicateAtomLink"),
        (b"13:00:00Z</published>", b"13:00:00</published>", "InvalidRFC3339Date"),
        (b"2026-03-04T13:00:00Z</published>", b"1969-03-04T13:00:00Z</published>", "ImplausibleDate"),
        (b'xml:lang="en"', b'xml:lang="en us"', "InvalidLanguage"),
        (b"Story number 1<", b"Tom &amp;amp; Jerry<", "ContainsUndeclaredHTML"),
        (b"Story number 1<", b"  <", "NotBlank"),
        (b"Story number 1<", b"a\xc2\x9fb<", "BadCharacters"),
        (b"&lt;p&gt;", b"&lt;p onclick=x&gt;", "SecurityRiskAttr"),
        (b"&lt;p&gt;", b"&lt;script&gt;", "SecurityRisk"),
        (b"<id>tag:", b"<id>urn gat:", "InvalidFullLink"),
        (b'term="opinion"', b'term=""', "MissingAttribute"),
        (b"https://news.example/stories/1", b"https://news.example/a b", "InvalidUriChar"),
        (b"<rights>", b'<x xmlns="urn:ours"/><rights>', "UnknownNamespace"),
        (b"<media:", b'<m:thumbnail xmlns:m="http://search.yahoo.com/mrss/" /><media:', "AvoidNamespacePrefix"),
        (b"<name>", b"<email>nobody</email><name>", "InvalidAddrSpec"),
        (b'<content type="html"', b'<content type="xhtml"', "MissingXhtmlDiv"),
        (b'<content type="html"', b'<content type="html" src="https://a.example/"', "MissingSummary"),
        (b'<content type="html"', b'<content type="text"', "ContainsUndeclaredHTML"),
        (b"<content", b"<summary> </summary><content", "NotBlank"),
        (b'term="opinion"', b'term=" "', "NotBlank"),
        (b"2026-03-04T13:00:00Z</published>", b"2026-02-30T13:00:00Z</published>", "InvalidRFC3339Date"),
        (b"2026-03-04T13:00:00Z</published>", b"2026-03-04t13:00:00z</published>", "InvalidRFC3339Date"),
        (b"&lt;p&gt;", b"&lt;p style=x&gt;", "DangerousStyleAttr"),
        (b"&lt;p&gt;", b"&lt;p&gt;&lt;em&gt;", "NotHtml"),
        (b"&lt;p&gt;", b"&lt;html&gt;&lt;p&gt;", "NotHtml"),
        (b"&lt;p&gt;", b"&lt;img src='https://a.example/i.png'&gt;&lt;p&gt;", "NotHtml"),
        (b"&lt;p&gt;", b"&lt;a href='javascript:x'&gt;&lt;/a&gt;&lt;p&gt;", "SecurityRisk"),
        (b"&lt;p&gt;", "&lt;p&gt;\u2067".encode(), "BadCharacters"),
        (b"&lt;p&gt;", "&lt;p&gt;\u202e".encode(), "BadCharacters"),
        (b"&lt;p&gt;", "&lt;p&gt;\ufffd".encode(), "BadCharacters"),
        (b"<id>https://wire.example/<", b"<id>https://wire.example<", "NonCanonicalURI"),
        (b"<id>https://wire.example/<", b"<id>https://wire.example:443/<", "NonCanonicalURI"),
        (b"<id>https://wire.example/<", b"<id>wire:example<", "SchemeNotIANARegistered"),
        (b"<id>https://wire.example/</id>", b"", "MissingSourceElement"),
        (b"Story", b"St\xffry", "UnicodeError"),
        (b"<?xml", b"\n<?xml", "SAXError"),
        (b"</feed>", b"", "SAXError"),
    ],
)
def test_the_lint_finds_each_mistake(old: bytes, new: bytes, finding: str) -> None:
    """Each finding of the lint is shown to be found, so that its silence means something."""
    body = _one()
    assert old in body
    assert any(found.startswith(finding + ":") for found in lint(body.replace(old, new)))


def test_the_lint_wants_a_text() -> None:
    """An entry with neither content nor summary is found, and one without a link as well."""
    bare = re.sub(rb"(?s)<content.*?</content>", b"", _one())
    assert [found.split(":")[0] for found in lint(bare)] == ["MissingTextualContent"]
    alone = re.sub(rb'<link [^>]*rel="alternate"[^>]*/>', b"", bare)
    assert "MissingElement: neither content nor alternate link" in lint(alone)


def test_the_lint_looks_at_how_a_feed_was_sent() -> None:
    """By which type, in which encoding, and from which address."""
    for told, finding in (
        ("text/html; charset=utf-8", "UnexpectedContentType: text/html"),
        ("application/atom+xml; charset=latin-1", "EncodingMismatch: latin-1"),
    ):
        assert lint(_one(), content_type=told) == [finding]
    assert lint(_one(), location="https://elsewhere.example/") == [f"SelfDoesntMatchLocation: {_ADDRESS}"]


def test_the_lint_finds_doubles() -> None:
    """Two entries with one id, or with equal times of update, are found."""
    body = atom_feed(_feed(stored(1), stored(1)))
    assert {found.split(":")[0] for found in lint(body)} == {"DuplicateEntries", "DuplicateUpdated"}

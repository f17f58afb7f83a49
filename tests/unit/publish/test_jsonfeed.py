"""JSON Feed: what it says is what Atom says, in the words of jsonfeed.org, and nothing that is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import feedparser
import pytest

from cleaner.datatypes import Article, Enclosure, Flag, SourceRef, StoredEntry
from cleaner.publish import Feed, atom_feed, json_feed
from tests.samples import AUTHORITY, stored


def _feed(*entries: StoredEntry) -> Feed:
    """A feed of entries."""
    return Feed(
        "inbox", "In & Box", "http://127.0.0.1:8490/feeds/inbox.atom", "http://127.0.0.1:8490/", AUTHORITY, entries
    )


def _told(*entries: StoredEntry) -> dict[str, Any]:
    """The document, read again."""
    told: dict[str, Any] = json.loads(json_feed(_feed(*entries)))
    return told


def test_it_tells_what_atom_tells() -> None:
    """Ids, titles, texts and times are the same, in the same order."""
    entries = (stored(2), stored(1))
    told, atom = _told(*entries), feedparser.parse(atom_feed(_feed(*entries)))
    assert (told["version"], told["title"]) == ("https://jsonfeed.org/version/1.1", "In & Box")
    assert told["feed_url"] == "http://127.0.0.1:8490/feeds/inbox.json"
    pairs = list(zip(told["items"], atom.entries, strict=True))
    assert len(pairs) == 2
    for item, entry in pairs:
        assert (item["id"], item["title"], item["url"]) == (entry.id, entry.title, entry.link)
        assert (item["date_published"], item["date_modified"]) == (entry.published, entry.updated)
        assert [one["name"] for one in item["authors"]] == [one.name for one in entry.authors]
        assert item["tags"] == [tag.term for tag in entry.tags]
        assert item["content_html"] == entry.content[0].value


def test_provenance_and_flags_have_a_place_of_their_own() -> None:
    """Who published first, who passed it on, and which block told a flag."""
    (item,) = _told(stored(1, flags=(Flag("opinion", 1), Flag("repost"))))["items"]
    assert item["external_url"] == "https://wire.example/"
    assert item["_cleaner"]["source"] == {"title": "First Wire", "url": "https://wire.example/"}
    assert item["_cleaner"]["flags"] == [{"name": "opinion", "block": 1}, {"name": "repost", "block": None}]


def test_where_else_a_story_is_told_stands_beside_it() -> None:
    """As ``related`` in Atom."""
    made = stored(1)
    other = SourceRef("Hill Post", "https://hill.example/1")
    (item,) = json.loads(json_feed(replace(_feed(made), related={made.entry.id: (other,)})))["items"]
    assert item["_cleaner"]["related"] == [{"title": "Hill Post", "url": "https://hill.example/1"}]


def test_what_is_not_known_is_not_there() -> None:
    """No empty lists, no nulls."""
    bare = stored(
        1, url=None, authors=(), contributors=(), published=None, language=None, source=None, via=(), flags=()
    )
    (item,) = _told(bare)["items"]
    assert not {"url", "external_url", "authors", "date_published", "language", "attachments"} & item.keys()


def test_files_that_go_with_an_entry_are_attachments() -> None:
    """With type and size; one without a media type cannot be one."""
    files = (Enclosure("https://a.example/s.mp3", "audio/mpeg", 9), Enclosure("https://a.example/x"))
    (item,) = _told(stored(1, enclosures=files))["items"]
    assert item["attachments"] == [{"url": "https://a.example/s.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}]


@pytest.mark.parametrize("hostile", ["a\x00b", "a\ud800b", "\ufffe", "</script>", '"', "\u2028"])
def test_no_text_breaks_the_document(hostile: str) -> None:
    """It stays UTF-8 that every reader of JSON reads."""
    body = json_feed(
        _feed(stored(1, article=Article(hostile, (), hostile, "<p>x</p>"), url=f"https://a.example/{hostile}"))
    )
    assert "\ud800" not in body.decode()
    assert b"\\ud800" not in body
    assert json.loads(body)["items"][0]["title"]

"""Limits of a feed and of an entry: what is cut, how it is told, and that what is left is whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import feedparser

from cleaner.datatypes import Article, StoredEntry
from cleaner.publish import Feed, render
from tests.feedlint import lint
from tests.samples import AUTHORITY, stored

_HOME = "http://127.0.0.1:8490/"


def _feed(*entries: StoredEntry, **changes: Any) -> Feed:
    """A feed of entries."""
    return replace(Feed("inbox", "The inbox", f"{_HOME}feeds/inbox.atom", _HOME, AUTHORITY, entries), **changes)


def _long(paragraph: str, count: int, **changes: Any) -> StoredEntry:
    """An entry with so many paragraphs."""
    return stored(1, article=Article("Long", (), paragraph, f"<p>{paragraph}</p>" * count), **changes)


def test_a_feed_within_its_limits_says_nothing() -> None:
    """No subtitle, no description: nothing was cut."""
    made = render(_feed(stored(2), stored(1)))
    assert made.feed.notice == ""
    assert b"<subtitle" not in made.atom
    assert "description" not in json.loads(made.json)


def test_a_feed_that_would_be_too_long_shows_the_newest_and_says_how_many() -> None:
    """As many as fit and no fewer, in both formats the same, told where readers show it."""
    entries = [stored(number) for number in range(100, 0, -1)]
    most = 1 << 16
    made = render(_feed(*entries, max_bytes=most))
    read, told = feedparser.parse(made.atom), json.loads(made.json)
    count = len(read.entries)
    assert most - 3000 < max(len(made.atom), len(made.json)) <= most
    assert [item["id"] for item in told["items"]] == [one.entry.id for one in entries[:count]]
    assert [got.id for got in read.entries] == [one.entry.id for one in entries[:count]]
    notice = f"The newest {count} of 100 entries: 64 kB are the limit of this feed."
    assert (read.feed.subtitle, told["description"]) == (notice, notice)
    assert lint(made.atom) == []


def test_a_feed_tells_of_older_entries() -> None:
    """Whether they are left out for their number, or for that and for their length."""
    assert render(_feed(stored(2), stored(1), older=True)).feed.notice == (
        "The newest 2 entries: 2 are the limit of this feed, and there are older ones."
    )
    made = render(_feed(*(stored(number) for number in range(100, 0, -1)), max_bytes=1 << 16, older=True))
    assert " of 100 and more entries: " in made.feed.notice


def test_a_text_longer_than_any_article_ends_at_a_paragraph() -> None:
    """What is shown is whole elements; the last line says so, and links to the original."""
    paragraph = "The ferry &amp; the quay. " * 40
    made = render(_feed(_long(paragraph.strip(), 2000)))
    text = json.loads(made.json)["items"][0]["content_html"]
    assert len(text.encode()) < (1 << 20) + 500
    assert text.count("<p>") > 1000
    assert text.endswith(
        "quay.</p><p><em>The text ends here: 1 MB are the limit of an entry. "
        '<a href="https://news.example/stories/1">Read all of it where it was published</a>.</em></p>'
    )
    assert lint(made.atom) == []
    assert made.feed.notice == ""


def test_a_text_without_any_paragraph_ends_at_a_word() -> None:
    """Neither within a tag nor within a character, and what was open is closed."""
    html = "<blockquote><p>" + "Wörter <b>und</b> mehr " * 9000 + "</p></blockquote>"
    made = render(_feed(stored(1, url=None, source=None, article=Article("Long", (), "w", html)), max_bytes=1 << 18))
    text = json.loads(made.json)["items"][0]["content_html"]
    assert (
        text.partition("…")[2]
        == "</p></blockquote><p><em>The text ends here: 64 kB are the limit of an entry.</em></p>"
    )
    assert lint(made.atom) == []


def test_one_long_entry_does_not_push_out_the_others() -> None:
    """It gets a quarter of the feed."""
    made = render(_feed(_long("Words. " * 50, 3000), stored(2), stored(3), max_bytes=1 << 17))
    assert len(made.feed.entries) == 3

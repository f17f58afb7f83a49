"""Feed -> the same within its limits, as Atom and JSON, and with a notice of what was cut. Pure.

A limit is no error: the newest entries are shown, and the feed says of itself how many of how many. A text that is longer
than any article ends at a paragraph, and links to the whole of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cleaner.datatypes import Entry, StoredEntry
from cleaner.markup import sanitise
from cleaner.publish.atom import atom_feed
from cleaner.publish.feed import Feed, web_iri
from cleaner.publish.jsonfeed import json_feed

__all__ = ["Rendered", "render"]

_ENTRY = 1 << 20  # bytes of an entry's HTML
_PARTS = 4  # an entry may have this part of its feed, so that one does not push out all others
_SPARE = 512  # bytes for the notice, and for times that are written longer
_END = re.compile(r"</(?:p|h[2-6]|ul|ol|li|dl|dd|table|tr|blockquote|figure|pre)>")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A feed as it is shown, and its files."""

    feed: Feed
    atom: bytes
    json: bytes


def render(feed: Feed) -> Rendered:
    """The feed in both formats, neither longer than ``max_bytes``; entries are left out from the oldest on, in both alike."""
    most = min(_ENTRY, feed.max_bytes // _PARTS)
    whole = replace(feed, entries=tuple(_shortened(stored, most) for stored in feed.entries))
    if (
        sum(len(stored.entry.article.html) for stored in whole.entries) <= feed.max_bytes
    ):  # what each character needs is one
        made = _made(replace(whole, notice=_notice(whole, len(whole.entries))))
        if max(len(made.atom), len(made.json)) <= feed.max_bytes:
            return made
    shown = _fitting(whole)
    return _made(replace(whole, entries=whole.entries[:shown], notice=_notice(whole, shown)))


def _made(feed: Feed) -> Rendered:
    """A feed in both formats."""
    return Rendered(feed, atom_feed(feed), json_feed(feed))


def _fitting(feed: Feed) -> int:
    """How many entries fit. Each adds to a feed what a feed of it alone is longer than an empty one."""
    bare = _made(replace(feed, entries=()))
    atom, json = len(bare.atom) + _SPARE, len(bare.json) + _SPARE
    for number, stored in enumerate(feed.entries):
        alone = _made(replace(feed, entries=(stored,)))
        atom, json = atom + len(alone.atom) - len(bare.atom), json + len(alone.json) - len(bare.json)
        if max(atom, json) > feed.max_bytes:
            return number
    return len(feed.entries)


def _notice(feed: Feed, shown: int) -> str:
    """What a feed says of entries that it does not show; empty where it shows all."""
    there = len(feed.entries)
    if shown < there:
        told = f"{there:,} and more" if feed.older else f"{there:,}"
        return f"The newest {shown:,} of {told} entries: {show_size(feed.max_bytes)} are the limit of this feed."
    if feed.older:
        return f"The newest {there:,} entries: {there:,} are the limit of this feed, and there are older ones."
    return ""


def show_size(size: int) -> str:
    """A number of bytes for people, in the units of the settings.

    >>> show_size(5 << 20), show_size(70_000)
    ('5 MB', '68.4 kB')
    """
    return f"{size / (1 << 20):.3g} MB" if size >= 1 << 20 else f"{size / (1 << 10):.3g} kB"


def _shortened(stored: StoredEntry, most: int) -> StoredEntry:
    """The entry, with a text that is too long cut where a paragraph ends, and a line that says so."""
    entry = stored.entry
    text = entry.article.html
    if len(text) * 4 <= most or len(text.encode("utf-8", "ignore")) <= most:
        return stored
    kept = sanitise(_cut(text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")))
    article = replace(entry.article, html=kept + "".join(_told(entry, most)))
    return replace(stored, entry=replace(entry, article=article))


def _cut(text: str) -> str:
    """The beginning of HTML up to the end of its last whole element; where there is none, up to the last word."""
    end = max((hit.end() for hit in _END.finditer(text)), default=0)
    if end:
        return text[:end]
    if text.rfind("<") > text.rfind(">"):
        text = text[: text.rfind("<")]
    return (text.rpartition(" ")[0] or text.rpartition("&")[0] or text) + "…"


def _told(entry: Entry, most: int) -> Iterator[str]:
    """The line that says that a text was cut, and where the whole stands."""
    yield f"<p><em>The text ends here: {show_size(most)} are the limit of an entry."
    if address := web_iri(entry.url) or web_iri(entry.source.url if entry.source else None):
        yield f' <a href="{html.escape(address)}">Read all of it where it was published</a>.'
    yield "</em></p>"

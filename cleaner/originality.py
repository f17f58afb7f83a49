"""Entries that tell one story -> the same, the most original first. Pure.

Whom the others name as the first publisher comes first; then who does not say that somebody else was first; then the earliest; then
who tells most. A date without a time counts as the end of its day: it says only that the entry is no later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cleaner.datatypes import Entry, SourceRef, StoredEntry
from cleaner.text import fold

__all__ = ["by_originality", "reference"]


def by_originality(told: Iterable[StoredEntry]) -> list[StoredEntry]:
    """The entries of one story, the most original first; the order in which they are given does not matter."""
    entries = tuple(told)

    def rank(stored: StoredEntry) -> tuple[bool, bool, datetime, int, str, str]:
        """What is the least for the most original."""
        entry = stored.entry
        named = any(_names(other.entry, entry) for other in entries if other is not stored)
        words = len(entry.article.text.split())
        return not named, _is_repost(entry), _time(stored), -words, stored.source, entry.id

    return sorted(entries, key=rank)


def reference(entry: Entry) -> SourceRef:
    """An entry as others point to it: its site, or else its title, and its address."""
    return SourceRef(entry.site or entry.article.title, entry.url)


def _is_repost(entry: Entry) -> bool:
    """Whether an entry says that somebody else published it first."""
    return bool(entry.source and entry.site and fold(entry.source.title) != fold(entry.site))


def _names(repost: Entry, entry: Entry) -> bool:
    """Whether a repost names the site of an entry as the first publisher, by its name or address, or calls an address there canonical."""
    if repost.canonical and _host(repost.canonical) == _host(entry.url):
        return True
    if not _is_repost(repost) or repost.source is None:
        return False
    host = _host(entry.url)
    return fold(repost.source.title) in {fold(entry.site or ""), host} - {""} or bool(
        host and _host(repost.source.url) == host
    )


def _host(url: str | None) -> str:
    """The host of an address without ``www.``; empty for what is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _time(stored: StoredEntry) -> datetime:
    """When an entry was published at the latest."""
    published = stored.entry.published
    if published is not None and stored.entry.published_precision == "day":
        return published.astimezone(UTC) + timedelta(days=1)
    return stored.published.astimezone(UTC)

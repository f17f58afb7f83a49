"""The text of a JSON Feed (1.0 and 1.1) -> FeedDocument. Pure. A value of the wrong type counts as absent."""

from __future__ import annotations

import json
from typing import Any

from cleaner.datatypes import Enclosure, FeedDocument, FeedItem
from cleaner.errors import PageError
from cleaner.ingest.entries import each_once, identity, line, newest, paragraphs, told_time, web_address, whole_links
from cleaner.ingest.outline import FORBIDDEN

__all__ = ["read_json_feed"]

_VERSION = "jsonfeed.org/version/"
_MOST_NAMES = 100  # authors, tags or attachments of one entry


def read_json_feed(text: str, url: str, most: int) -> FeedDocument:
    """The feed in a JSON text. Raises PageError: ``bad-json``, ``too-complex``, ``no-feed`` for JSON that is no feed."""
    try:
        told = json.loads(text)
    except RecursionError:
        raise PageError(url, "too-complex", "the JSON is nested too deeply") from None
    except ValueError as error:
        raise PageError(url, "bad-json", str(error)[:200]) from None
    if not isinstance(told, dict) or _VERSION not in _text(told, "version"):
        raise PageError(url, "no-feed", "is JSON, but no JSON Feed")
    entries = [one for one in _list(told, "items") if isinstance(one, dict)]
    notes = []
    if len(entries) < len(_list(told, "items")):
        notes.append(f"{len(_list(told, 'items')) - len(entries)} items are no objects and were left out")
    if len(entries) > most:
        notes.append(f"of {len(entries)} entries the newest {most} were read")
        times = [told_time(one.get("date_published") or one.get("date_modified")) for one in entries]
        entries = [entries[place] for place in newest(times, most)]
    home = web_address(url, told.get("home_page_url"))
    authors = _authors(told)
    items = [_item(one, url, home, authors) for one in entries]
    return FeedDocument(
        title=line(told.get("title")),
        home=home,
        language=line(told.get("language"))[:35] or None,
        every=None,
        items=each_once([item for item in items if item.url or item.title or item.html]),
        notes=tuple(notes),
    )


def _item(told: dict[str, Any], url: str, home: str | None, authors: tuple[str, ...]) -> FeedItem:
    """One entry. authors: the feed's, for an entry that names none."""
    own = web_address(url, told.get("url")) or web_address(url, told.get("external_url"))
    return FeedItem(
        id=_identity(told.get("id")),
        url=own,
        title=line(told.get("title")),
        authors=_authors(told) or authors,
        published=told_time(told.get("date_published")),
        updated=told_time(told.get("date_modified")),
        html=whole_links(_html(told), own or home or url),
        categories=tuple(dict.fromkeys(tag for one in _list(told, "tags")[:_MOST_NAMES] if (tag := line(one)))),
        enclosures=tuple(_enclosures(told, url)),
    )


def _identity(value: object) -> str | None:
    """An id; the format lets readers take a number for its text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else identity(value)


def _html(told: dict[str, Any]) -> str:
    """The fullest of an entry's contents."""
    html, plain = FORBIDDEN.sub("", _text(told, "content_html")), _text(told, "content_text")
    return html if html.strip() else paragraphs(plain if plain.strip() else _text(told, "summary"))


def _authors(told: dict[str, Any]) -> tuple[str, ...]:
    """The names of ``authors`` (1.1), or of the one ``author`` (1.0)."""
    people = [*_list(told, "authors")[:_MOST_NAMES], told.get("author")]
    names = [line(one.get("name")) for one in people if isinstance(one, dict)]
    return tuple(dict.fromkeys(name for name in names if name))


def _enclosures(told: dict[str, Any], url: str) -> list[Enclosure]:
    """The attachments that have an address of the web."""
    found = []
    for one in _list(told, "attachments")[:_MOST_NAMES]:
        if isinstance(one, dict) and (address := web_address(url, one.get("url"))):
            size = one.get("size_in_bytes")
            length = size if isinstance(size, int) and not isinstance(size, bool) and 0 < size < 1 << 53 else None
            found.append(Enclosure(address, line(one.get("mime_type")), length))
    return found


def _text(told: dict[str, Any], key: str) -> str:
    """A text value; empty for any other."""
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _list(told: dict[str, Any], key: str) -> list[Any]:
    """A list value; empty for any other."""
    value = told.get(key)
    return value if isinstance(value, list) else []

"""Feed -> Atom (RFC 4287) as bytes. The only importer of feedgen.

feedgen writes the feed; entries are our own class, because feedgen's drops the attributes of entry links, knows only
title and link of a source, and has no language. The same feed gives the same bytes: every time is set from the
entries.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from cleaner.datatypes import Entry, SourceRef, StoredEntry
from cleaner.markup import clean_text

__all__ = ["Feed", "atom_feed"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MARKED_UP = re.compile(r"[<>&]")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to be written: its slug, title and entries (newest first), its own address, and who mints ids."""

    name: str
    title: str
    address: str
    home: str
    authority: str
    entries: tuple[StoredEntry, ...]


def atom_feed(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8."""
    generator = FeedGenerator()
    generator.id(f"tag:{feed.authority}:feeds/{feed.name}")
    generator.title(_title(feed.title))
    generator.updated(max((_distinct(stored) for stored in feed.entries), default=_EPOCH))
    generator.author({"name": _title(feed.title)})
    generator.link(
        [
            {"href": feed.address, "rel": "self", "type": "application/atom+xml"},
            {"href": feed.home, "rel": "alternate", "type": "text/html"},
        ]
    )
    generator.generator("Cleaner")
    for stored in feed.entries:
        generator.add_entry(_Entry(stored, feed.authority), order="append")
    text: bytes = generator.atom_str(pretty=True)
    return text


class _Entry(FeedEntry):  # type: ignore[misc]
    """An entry that writes all that we know of it."""

    def __init__(self, stored: StoredEntry, authority: str) -> None:
        super().__init__()
        self._stored, self._authority = stored, authority

    def atom_entry(self, extensions: bool = True) -> Any:  # noqa: ARG002 - feedgen's signature
        """The <entry> element."""
        entry, stored = self._stored.entry, self._stored
        element = xml_elem("entry")
        if entry.language:
            element.attrib[_LANG] = entry.language
        xml_elem("id", element).text = entry.id
        _write_title(element, entry.article.title)
        xml_elem("updated", element).text = _show(_distinct(stored))
        if entry.published is not None:
            xml_elem("published", element).text = _show(entry.published)
        for name in entry.authors:
            xml_elem("name", xml_elem("author", element)).text = clean_text(name)
        for name in entry.contributors:
            xml_elem("name", xml_elem("contributor", element)).text = clean_text(name)
        _write_links(element, entry)
        for term in dict.fromkeys((*(flag.name for flag in entry.flags), *map(clean_text, entry.categories))):
            if term:
                xml_elem("category", element, term=term)
        if entry.rights:
            xml_elem("rights", element).text = clean_text(entry.rights)
        if entry.source is not None:
            _write_source(element, entry.source, stored, self._authority)
        content = xml_elem("content", element, type="html")
        content.text = entry.article.html
        return element


def _write_title(element: Any, title: str) -> None:
    """The title as plain text; one that looks like markup as HTML that shows it, so that no reader takes it for such."""
    shown = _title(title)
    child = xml_elem("title", element)
    if _MARKED_UP.search(shown):
        child.attrib["type"] = "html"
        shown = html.escape(shown, quote=False)
    child.text = shown


def _write_links(element: Any, entry: Entry) -> None:
    """One alternate link, and one ``via`` for each reposter and for the first publisher of a repost."""
    alternate = entry.url or (entry.source.url if entry.source else None)
    if alternate:
        xml_elem("link", element, href=_iri(alternate), rel="alternate", type="text/html")
    passed = [via.url for via in entry.via] + ([entry.source.url] if entry.source and entry.via else [])
    for address in dict.fromkeys(address for address in passed if address and address != alternate):
        xml_elem("link", element, href=_iri(address), rel="via", type="text/html")


def _write_source(element: Any, source: SourceRef, stored: StoredEntry, authority: str) -> None:
    """The <source>: who first published."""
    child = xml_elem("source", element)
    xml_elem("id", child).text = (
        _iri(source.url) if source.url else f"tag:{authority}:sources/{quote(source.title, safe='')}"
    )
    xml_elem("title", child).text = _title(source.title)
    xml_elem("updated", child).text = _show(stored.updated)
    if source.url:
        xml_elem("link", child, href=_iri(source.url), rel="alternate", type="text/html")


def _title(text: str) -> str:
    """A title that is never empty."""
    return clean_text(text) or "Untitled"


def _iri(address: str) -> str:
    """An address as an IRI: what must not stand in one is percent-encoded, the host is in its ASCII form."""
    parts = urlsplit(address)
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii")
        netloc = host + (f":{parts.port}" if parts.port else "")
    except (UnicodeError, ValueError):
        netloc = quote(parts.netloc, safe=":@[]")
    rest = quote(address.split("//", 1)[-1][len(parts.netloc) :], safe="/?#:@!$&'()*+,;=%~-._")
    return f"{parts.scheme}://{netloc}{rest}"


def _show(time: datetime) -> str:
    """A time as RFC 3339, in the offset in which it was told."""
    return time.isoformat().replace("+00:00", "Z")


def _distinct(stored: StoredEntry) -> datetime:
    """When the entry was updated, told apart from entries of the same second by microseconds made from its id.

    Validators and readers take two entries with equal times for doubles; a page's day is all that many sites tell.
    """
    if stored.updated.microsecond:
        return stored.updated
    digest = hashlib.blake2b(stored.entry.id.encode(), digest_size=4).digest()
    return stored.updated.replace(microsecond=1 + int.from_bytes(digest) % 999_999)

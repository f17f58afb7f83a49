"""Feed -> Atom (RFC 4287) as bytes. The only importer of feedgen.

feedgen writes the feed; entries are our own class, because feedgen's drops the attributes of entry links, knows only
title and link of a source, and has no language. The same feed gives the same bytes: every time is set from the
entries.

Every address in a text is absolute, because readers differ in what they make of ``xml:base`` (most know none in escaped HTML); those
that know it are told there the page where the text stood. The picture of an entry is a ``media:thumbnail`` of Media RSS, the one extension that readers of Atom know.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem
from lxml.etree import SubElement

from cleaner.datatypes import Entry, SourceRef, StoredEntry
from cleaner.publish.feed import (
    Feed,
    content_of,
    distinct_time,
    id_of,
    language_of,
    line_of,
    lines_of,
    media_type_of,
    show_time,
    title_of,
    web_iri,
)

__all__ = ["atom_feed"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MARKED_UP = re.compile(r"[<>&]")
_THUMBNAIL = "{http://search.yahoo.com/mrss/}thumbnail"


def atom_feed(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8."""
    generator = FeedGenerator()
    generator.id(f"tag:{feed.authority}:feeds/{feed.name}")
    generator.load_extension("media", rss=False)
    generator.title(title_of(feed.title))
    if feed.notice:
        generator.subtitle(feed.notice)
    generator.updated(max((distinct_time(stored) for stored in feed.entries), default=_EPOCH))
    generator.author({"name": title_of(feed.title)})
    generator.link(
        [
            {"href": feed.address, "rel": "self", "type": "application/atom+xml"},
            {"href": feed.home, "rel": "alternate", "type": "text/html"},
        ]
    )
    generator.generator("Cleaner")
    for stored in feed.entries:
        generator.add_entry(_Entry(stored, feed.authority, feed.related.get(stored.entry.id, ())), order="append")
    text: bytes = generator.atom_str(pretty=True)
    return text


class _Entry(FeedEntry):  # type: ignore[misc]
    """An entry that writes all that we know of it."""

    def __init__(self, stored: StoredEntry, authority: str, related: Sequence[SourceRef]) -> None:
        super().__init__()
        self._stored, self._authority, self._related = stored, authority, related

    def atom_entry(self, extensions: bool = True) -> Any:  # noqa: ARG002 - feedgen's signature
        """The <entry> element."""
        entry, stored = self._stored.entry, self._stored
        element = xml_elem("entry")
        if language := language_of(entry.language):
            element.attrib[_LANG] = language
        xml_elem("id", element).text = id_of(entry.id)
        _write_text(element, "title", title_of(entry.article.title))
        xml_elem("updated", element).text = show_time(distinct_time(stored))
        if entry.published is not None:
            xml_elem("published", element).text = show_time(entry.published)
        _write_names(element, "author", entry.authors)
        _write_names(element, "contributor", entry.contributors)
        _write_links(element, entry, self._related)
        _write_enclosures(element, entry)
        for term in lines_of((*(flag.name for flag in entry.flags), *entry.categories)):
            xml_elem("category", element, term=term)
        if picture := web_iri(entry.image):
            SubElement(element, _THUMBNAIL, url=picture)
        if rights := line_of(entry.rights or ""):
            _write_text(element, "rights", rights)
        if entry.source is not None:
            _write_source(element, entry.source, stored, self._authority)
        content = xml_elem("content", element, type="html")
        if page := web_iri(entry.url):
            content.attrib[_BASE] = page
        content.text = content_of(entry.article)
        return element


def _write_text(element: Any, tag: str, text: str) -> None:
    """A text construct as plain text; one that looks like markup as HTML that shows it, so that no reader runs it."""
    child = xml_elem(tag, element)
    if _MARKED_UP.search(text):
        child.attrib["type"] = "html"
        text = html.escape(text, quote=False)
    child.text = text


def _write_names(element: Any, kind: str, names: Sequence[str]) -> None:
    """One <author> or <contributor> a name."""
    for shown in lines_of(names):
        xml_elem("name", xml_elem(kind, element)).text = shown


def _write_links(element: Any, entry: Entry, related: Sequence[SourceRef]) -> None:
    """One alternate link, one ``via`` for each reposter and for the first publisher of a repost, one ``related`` for each other telling."""
    alternate = web_iri(entry.url) or web_iri(entry.source.url if entry.source else None)
    if alternate:
        xml_elem("link", element, href=alternate, rel="alternate", type="text/html")
    passed = [web_iri(via.url) for via in entry.via] + (
        [web_iri(entry.source.url)] if entry.source and entry.via else []
    )
    for address in dict.fromkeys(address for address in passed if address and address != alternate):
        xml_elem("link", element, href=address, rel="via", type="text/html")
    written = {alternate}
    for other in related:
        if (place := web_iri(other.url)) and place not in written:
            written.add(place)
            told = {"title": title} if (title := line_of(other.title)) else {}
            xml_elem("link", element, href=place, rel="related", type="text/html", **told)


def _write_enclosures(element: Any, entry: Entry) -> None:
    """One link for each file that goes with the entry; RFC 4287 wants no length guessed."""
    for enclosure in entry.enclosures:
        if address := web_iri(enclosure.url):
            told = {"type": kind} if (kind := media_type_of(enclosure.type)) else {}
            if enclosure.length is not None and enclosure.length >= 0:
                told["length"] = str(enclosure.length)
            xml_elem("link", element, href=address, rel="enclosure", **told)


def _write_source(element: Any, source: SourceRef, stored: StoredEntry, authority: str) -> None:
    """The <source>: who first published."""
    child = xml_elem("source", element)
    address, name = web_iri(source.url), title_of(source.title)
    xml_elem("id", child).text = address or f"tag:{authority}:sources/{quote(name, safe='')}"
    _write_text(child, "title", name)
    xml_elem("updated", child).text = show_time(stored.updated)
    if address:
        xml_elem("link", child, href=address, rel="alternate", type="text/html")

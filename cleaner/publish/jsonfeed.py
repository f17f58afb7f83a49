"""Feed -> JSON Feed 1.1 (jsonfeed.org) as bytes: the same entries with the same ids, times and texts as in Atom.

What JSON Feed has no word for stands in ``_cleaner`` of an item: provenance, flags with the block that told each, precision.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

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

__all__ = ["json_feed"]

_VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """The feed as a JSON Feed document in UTF-8."""
    told = {
        "version": _VERSION,
        "title": title_of(feed.title),
        "home_page_url": feed.home,
        **({"description": feed.notice} if feed.notice else {}),
        "feed_url": feed.address.removesuffix(".atom") + ".json",
        "items": [_item(stored, feed.related.get(stored.entry.id, ())) for stored in feed.entries],
    }
    # What is no character (half of a pair) has no bytes in UTF-8, and is no loss.
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "ignore")


def _item(stored: StoredEntry, related: Sequence[SourceRef]) -> dict[str, Any]:
    """An entry; what is not known of it is not there."""
    entry = stored.entry
    first = web_iri(entry.source.url) if entry.source else None
    url = web_iri(entry.url) or first
    item = {
        "id": id_of(entry.id),
        "url": url,
        "external_url": first if first != url else None,
        "title": title_of(entry.article.title),
        "content_html": content_of(entry.article),
        "image": web_iri(entry.image),
        "date_published": show_time(entry.published) if entry.published else None,
        "date_modified": show_time(distinct_time(stored)),
        "authors": [{"name": name} for name in lines_of(entry.authors)],
        "tags": lines_of((*(flag.name for flag in entry.flags), *entry.categories)),
        "language": language_of(entry.language),
        "attachments": list(_attachments(entry)),
        "_cleaner": _more(entry, related),
    }
    return {key: value for key, value in item.items() if value not in (None, [], {})}


def _attachments(entry: Entry) -> list[dict[str, Any]]:
    """The files that go with an entry; each needs an address and a media type."""
    return [
        {"url": address, "mime_type": kind, **({"size_in_bytes": one.length} if one.length else {})}
        for one in entry.enclosures
        if (address := web_iri(one.url)) and (kind := media_type_of(one.type))
    ]


def _more(entry: Entry, related: Sequence[SourceRef]) -> dict[str, Any]:
    """What only we tell."""
    told = {
        "source": _named(entry.source) if entry.source else None,
        "via": [_named(one) for one in entry.via],
        "related": [_named(one) for one in related],
        "contributors": lines_of(entry.contributors),
        "flags": [{"name": flag.name, "block": flag.block} for flag in entry.flags],
        "published_precision": entry.published_precision,
        "rights": line_of(entry.rights or ""),
        "site": line_of(entry.site or ""),
        "confidence": round(entry.confidence, 3),
    }
    return {key: value for key, value in told.items() if value not in (None, [], "")}


def _named(source: SourceRef) -> dict[str, str | None]:
    """Who published, with the address if one is known."""
    return {"title": line_of(source.title), "url": web_iri(source.url)}

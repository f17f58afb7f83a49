"""What a feed says of an entry <-> claims and text, and the page that its own content makes. Pure."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cleaner.datatypes import Claim, Enclosure, FeedItem, RawPage

__all__ = ["claims_of", "item_from", "key_of", "page_of", "print_of", "told_of"]


def key_of(item: FeedItem, feed: str) -> str:
    """The name under which an entry is remembered: its address, else the feed's with its id or its print."""
    return item.url or f"{feed}#{item.id or print_of(told_of(item))[7:27]}"


def told_of(item: FeedItem) -> str:
    """An entry as text, from which ``item_from`` makes it again."""
    return json.dumps(asdict(item), ensure_ascii=True, sort_keys=True)


def item_from(told: str) -> FeedItem | None:
    """The entry in a text; None where it holds none."""
    if not told.startswith("{"):
        return None
    table: dict[str, Any] = json.loads(told)
    table["enclosures"] = tuple(Enclosure(**one) for one in table["enclosures"])
    table["authors"], table["categories"] = tuple(table["authors"]), tuple(table["categories"])
    return FeedItem(**table)


def print_of(told: str) -> str:
    """A digest of what was told of an address, kept in its place once the page is there."""
    return "sha256:" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:40]


def claims_of(item: FeedItem) -> tuple[Claim, ...]:
    """What a feed claims of one of its entries, the content among it; its page's address is the page's to tell."""
    return tuple(Claim(name, value, "feed") for name, value in _pairs(item) if value)


def _pairs(item: FeedItem) -> Iterator[tuple[str, str]]:
    """Name and value of each claim."""
    yield "id", item.id or ""
    yield "title", item.title
    yield from (("author", name) for name in item.authors)
    yield "published", item.published
    yield "modified", item.updated
    yield from (("section", name) for name in item.categories)
    yield "license", item.rights
    yield from (("enclosure", json.dumps([one.url, one.type, one.length])) for one in item.enclosures)
    yield "content", item.html


def page_of(item: FeedItem, key: str, now: datetime, source: str) -> RawPage:
    """The page that an entry's own content makes."""
    claims = tuple(claim for claim in claims_of(item) if claim.name != "content")
    if item.url is not None:
        claims = (Claim("url", item.url, "feed"), *claims)
    title = html.escape(item.title, quote=False)
    body = f"<!doctype html><meta charset=utf-8><title>{title}</title><article><h1>{title}</h1>{item.html}</article>"
    encoded = body.encode("utf-8", "replace")
    return RawPage(hashlib.sha256(encoded).hexdigest(), key, "text/html; charset=utf-8", encoded, now, claims, source)

"""What a feed says of an entry <-> claims and text, and the page that its own content makes. Pure."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from cleaner.datatypes import Claim, Enclosure, FeedItem, RawPage

__all__ = ["by_key", "claims_of", "item_from", "page_of", "plain_text", "print_of", "told_of"]


def by_key(items: Sequence[FeedItem], *homes: str | None) -> dict[str, FeedItem]:
    """Entries by the name under which each is remembered: its page's address, else its id or print.

    An address that leads to no page of its own counts as none: one of homes (the feed's, its site's), or one that entries
    of several titles share. Of the entries of one name the first counts.
    """
    titles: dict[str, set[str]] = {}
    for item in items:
        titles.setdefault(item.url or "", set()).add(item.title)
    vague = {url for url, told in titles.items() if len(told) > 1} | set(filter(None, homes))
    found: dict[str, FeedItem] = {}
    for item in items:
        own = replace(item, url=None) if item.url in vague else item
        found.setdefault(own.url or f"entry {own.id or print_of(told_of(own))[7:27]}", own)
    return found


def plain_text(markup: str) -> str:
    """The text of some HTML, as far as counting its words needs it."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(markup).text(separator=" ")


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

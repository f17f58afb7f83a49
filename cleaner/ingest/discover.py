"""Bytes -> what kind of document they are; bytes of an HTML page -> the feeds that it names. Pure."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from cleaner.datatypes import Link, RawPage
from cleaner.errors import PageError
from cleaner.ingest.entries import line, web_address
from cleaner.ingest.outline import find_root, xml_text
from cleaner.ingest.sites import page_key, same_site
from cleaner.parse.decode import decode, refuse_binary, sniff
from cleaner.parse.html import excess

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

__all__ = ["DocumentKind", "describe", "feeds_of", "kind_of_document"]

DocumentKind = Literal["feed", "sitemap", "opml", "html", "text", "other"]

_ROOTS: dict[str, DocumentKind] = {
    "rss": "feed",
    "feed": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "opml": "opml",
    "html": "html",
}
_NAMES: dict[DocumentKind, str] = {
    "feed": "a feed",
    "sitemap": "a sitemap",
    "opml": "a list of subscriptions (OPML)",
    "html": "an HTML page",
    "text": "plain text",
    "other": "neither a feed nor a page",
}
_JSON_FEED = re.compile(r"\"version\"\s{0,20}:\s{0,20}\"https?:(?:\\?/){2}jsonfeed\.org")
_ADDRESS = re.compile(r"https?://\S+")
_HEAD = 65536

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x-rss+xml",
        "application/x-atom+xml",
        "text/rss",
        "text/rss+xml",
        "text/atom+xml",
    }
)
# Types that feeds may have, and much else.
_VAGUE_TYPES = frozenset({"text/xml", "application/xml", "application/json", "text/xml+rss"})
_FEED_ADDRESS = re.compile(
    r"(?:^|[/_.-])(?:feeds?|rss2?|atom|rdf)(?:[/_-]\w{1,20})?(?:\.(?:xml|json|php|aspx?))?/?$|\.(?:rss|rdf|atom)$"
    r"|/(?:rss|feeds?|atom)(?:/[\w-]{1,40}){0,3}\.xml$|(?:^|/)index\.(?:rdf|xml)$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed=(?:rss2?|atom|rdf)|(?:format|type|output|alt)=(?:rss|atom|feed))(?:&|$)", re.IGNORECASE
)
_FEED_HOST = re.compile(r"https?://(?:feeds?|rss)\d{0,2}\.[^/]+/[^/?#]")
_COMMENTS = re.compile(r"comment|kommentar|coment[aá]rio|commenti|reacties|комментари|コメント|评论", re.IGNORECASE)
_MOST = 50  # feeds of one page


def kind_of_document(body: bytes, url: str, media_type: str = "") -> DocumentKind:
    """What a document is, by what it holds; the declared type and the address decide only where that tells nothing."""
    if body.startswith(b"\x1f\x8b"):
        inner = _inflated(body)
        return kind_of_document(inner, url) if inner and not inner.startswith(b"\x1f\x8b") else "other"
    try:
        text, _ = xml_text(body, url, media_type)
    except PageError:
        return "other"
    begin = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if begin[:1] in {"{", "["}:
        return "feed" if _JSON_FEED.search(text) else "other"
    root = find_root(text) if begin.startswith("<") or "<rss" in begin or "<feed" in begin else None
    if root is not None and root.name in _ROOTS:
        return _ROOTS[root.name]
    if root is not None and root.name == "rdf":
        return "feed" if "purl.org/rss/" in text or "netscape.com/rdf" in text else "other"
    try:
        refuse_binary(RawPage("", url, media_type, body, datetime(1970, 1, 1, tzinfo=UTC)))
    except PageError:
        return "other"
    if begin.startswith("<?xml") and "<html" not in begin:
        return "other"
    if sniff(text, media_type if begin.startswith("<") else "", "") == "html":
        return "html"
    if root is not None:
        return "other"
    lines = begin.split()
    return "sitemap" if lines and all(map(_ADDRESS.fullmatch, lines[:20])) else "text"


def describe(kind: DocumentKind, body: bytes) -> str:
    """A sentence's end that says what a document is, for messages.

    >>> describe("opml", b"<opml/>")
    'is a list of subscriptions (OPML)'
    """
    return f"is {_NAMES[kind]}" if body.strip() else "is empty"


def _inflated(body: bytes) -> bytes:
    """The beginning of what gzip packed; nothing where it is damaged."""
    try:
        return zlib.decompressobj(31).decompress(body, _HEAD)
    except zlib.error:
        return b""


def feeds_of(html: bytes, url: str, media_type: str = "") -> tuple[Link, ...]:
    """The feeds that a page names, the best first: its ``link`` elements, then links that look like feeds, then comments' feeds.

    Addresses are absolute, each once; the title is what the page calls the feed.
    """
    from selectolax.lexbor import LexborHTMLParser

    text = decode(html, media_type)
    if excess(text):
        return ()
    tree = LexborHTMLParser(text)
    element = tree.css_first("base[href]")
    base = web_address(url, element.attributes.get("href")) if element is not None else None
    found = {page_key(url): Link("")}
    for link in (*_declared(tree, base or url), *_linked(tree, base or url, url)):
        found.setdefault(page_key(link.url), link)
    links = list(found.values())[1:]
    links.sort(key=lambda link: bool(_COMMENTS.search(f"{link.title} {link.url}")))
    return tuple(links[:_MOST])


def _declared(tree: LexborHTMLParser, base: str) -> list[Link]:
    """The feeds of ``link`` elements."""
    found = []
    for node in tree.css("link[rel][href]"):
        told = {name: value or "" for name, value in node.attributes.items()}
        relations = told["rel"].casefold().split()
        kind = told.get("type", "").split(";")[0].strip().casefold()
        address = web_address(base, told["href"])
        if address is None or not ({"alternate", "feed"} & set(relations)) or "stylesheet" in relations:
            continue
        if kind in _FEED_TYPES or ((kind in _VAGUE_TYPES or "feed" in relations) and _is_feed_address(address)):
            found.append(Link(address, line(told.get("title"))))
    return found


def _linked(tree: LexborHTMLParser, base: str, url: str) -> list[Link]:
    """The links in a page's text that look like feeds: of its own site, or of a host that has nothing else."""
    found = []
    for node in tree.css("a[href]"):
        address = web_address(base, node.attributes.get("href"))
        if address and (_FEED_HOST.match(address) or (_is_feed_address(address) and same_site(address, url))):
            found.append(Link(address.partition("#")[0], line(node.attributes.get("title") or node.text())))
    return found


def _is_feed_address(address: str) -> bool:
    """Whether an address looks like a feed's."""
    path, _, query = address.partition("#")[0].partition("?")
    return bool(_FEED_ADDRESS.search(path.split("://", 1)[-1].partition("/")[2]) or _FEED_QUERY.search(query))

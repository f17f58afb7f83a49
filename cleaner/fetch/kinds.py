"""An answer -> what it holds, from its first bytes where they are clear, else from its Content-Type. Pure; never fails.

Servers declare feeds as text, error pages as feeds and files as pages: bytes that only one kind has are believed first.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

from cleaner.datatypes import Answer

__all__ = ["Content", "kind_of", "signature"]

Content = Literal["html", "text", "feed", "json", "xml", "pdf", "image", "audio", "video", "other"]

_SIGNATURES: dict[Content, re.Pattern[bytes]] = {
    "pdf": re.compile(rb"\s{0,8}%PDF-"),
    "image": re.compile(
        rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|\0\0..ftyp(?:avi[fs]|hei[cx]|mif1)|II\*\0|MM\0\*|\0\0\x01\0",
        re.DOTALL,
    ),
    "audio": re.compile(
        rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb]|OggS\0|fLaC\0|RIFF....WAVE|\0\0..ftypM4[AB]", re.DOTALL
    ),
    "video": re.compile(rb"\x1aE\xdf\xa3|RIFF....AVI |\0\0..ftyp|FLV\x01", re.DOTALL),  # after the others with an ftyp
    "other": re.compile(
        rb"PK(?:\x03\x04|\x05\x06)|\x7fELF|\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ\0|7z\xbc\xaf|Rar!\x1a|\x28\xb5\x2f\xfd|SQLite format 3\0"
    ),
}
# What may stand before the first tag. Nothing follows in the expression, so a row of comments is read in one way only.
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:.-]+)[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_ROOTS: dict[str, Content] = {"rss": "feed", "feed": "feed", "rdf": "feed", "html": "html"}
_JSON_FEED = re.compile(r'\{.*?"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/', re.DOTALL)
_JSON = re.compile(r"""\s*(?:\{\s*["}]|\[\s*[\[{"\]])""")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096  # bytes that are looked at
_DECLARED: dict[str, Content] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/feed+json": "feed",
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/pdf": "pdf",
    "application/ogg": "audio",
}
_FAMILIES: dict[str, Content] = {"text": "text", "image": "image", "audio": "audio", "video": "video"}


def kind_of(answer: Answer) -> Content:
    """What an answer holds. ``other`` is what is none of the rest: archives, programs, bytes without a meaning."""
    declared = _declared(answer.header("content-type"))
    if not answer.body:
        return declared or "other"
    if found := signature(answer.body):
        return found
    if declared in {"pdf", "image", "audio", "video"}:
        return declared
    return _written(_start(answer.body), declared)


def signature(body: bytes) -> Content | None:
    """The kind of a file that its first bytes give away; None for all that may be text."""
    head = body[:64]
    return next((content for content, pattern in _SIGNATURES.items() if pattern.match(head)), None)


def _declared(value: str) -> Content | None:
    """The kind that a Content-Type names; None for none, and for those that servers use when they do not know."""
    kind = value.partition(";")[0].strip().casefold()
    if kind in {"", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown"}:
        return None
    if kind in _DECLARED:
        return _DECLARED[kind]
    family, _, name = kind.partition("/")
    endings: dict[str, Content] = {"json": "json", "xml": "xml"}
    return _FAMILIES.get(family) or endings.get(name.rpartition("+")[2] if "+" in name else "", "other")


def _start(body: bytes) -> str:
    """The first characters, decoded well enough to know tags by."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) : _HEAD].decode(encoding, "replace")
    return body[:_HEAD].decode("latin-1")


def _written(start: str, declared: Content | None) -> Content:
    """The kind of a text."""
    text, root = start.lstrip(), _root(start)
    if root in _ROOTS:
        return _ROOTS[root]
    if root and text.startswith("<?xml"):
        return declared if declared in {"feed", "xml"} else "xml"
    if declared in {None, "json", "text"} and _JSON_FEED.match(text):
        return "feed"
    if declared:
        return declared
    if root:
        return "html"  # a page may begin with any tag
    if _JSON.match(text):
        return "json"
    return "other" if re.search(r"[\0-\x08\x0e-\x1a]", start) else "text"


def _root(start: str) -> str:
    """The name of the first tag in lower case, without a prefix; a document type of HTML counts as one. Empty for none."""
    rest = _after_prolog(start)
    if doctype := _DOCTYPE.match(rest):
        if doctype[1].casefold() == "html":
            return "html"
        rest = _after_prolog(rest[doctype.end() :])
    tag = _TAG.match(rest)
    return tag[1].casefold() if tag else ""


def _after_prolog(text: str) -> str:
    """What follows white space, comments and instructions."""
    prolog = _PROLOG.match(text)
    return text[prolog.end() :] if prolog else text

"""What entries of feeds of every format need: lines, names, times, HTML with whole addresses, the newest of many. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cleaner.datatypes import FeedItem
from cleaner.ingest.outline import FORBIDDEN
from cleaner.markup import clean_text
from cleaner.parse.addresses import absolute
from cleaner.parse.html import excess
from cleaner.text import squeeze

if TYPE_CHECKING:
    from time import struct_time

__all__ = [
    "LONGEST_NAME",
    "each_once",
    "identity",
    "is_markup",
    "line",
    "line_of_html",
    "name_of",
    "newest",
    "paragraphs",
    "told_time",
    "web_address",
    "whole_links",
]

LONGEST_NAME = 300  # characters of an author that anybody looks at
_LONGEST_LINE = 1000
_LONGEST_TIME = 100
_MAIL = re.compile(r"(?:mailto:)?[^\s@<>()\"]+@[^\s@<>()\".]+\.[^\s@<>()\"]+")
_WRAPPED = re.compile(r"^\((.*)\)$|^<(.*)>$|^\"(.*)\"$")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_CLOSING = re.compile(r"</[A-Za-z][\w-]{0,20}\s*>|<(?:br|hr|img)\b[^<>]{0,500}>", re.IGNORECASE)
# Attributes that hold one address each, and the beginning of one that is not whole.
_HOLDERS = ("href", "src", "poster", "cite", "data-src")
_RELATIVE = re.compile(
    r"[\s\"'/](?:href|src|srcset|poster|cite|data-src|data-srcset)\s*=\s*[\"']?\s*(?![\"'\s>#]|[a-z][a-z0-9+.-]{1,20}:)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|#|$)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"[A-Za-z]{2,5}$")


def line(text: object) -> str:
    """One line of plain text, fit to be a title or a name; nothing where it is no text at all."""
    return (
        clean_text(squeeze(FORBIDDEN.sub(" ", text[: 4 * _LONGEST_LINE])))[:_LONGEST_LINE]
        if isinstance(text, str)
        else ""
    )


def line_of_html(html: str) -> str:
    """One line of plain text from inline HTML."""
    from selectolax.lexbor import LexborHTMLParser

    html = html[: 4 * _LONGEST_LINE]
    if "<" not in html and "&" not in html:
        return line(html)
    body = LexborHTMLParser(f"<body>{html}").body
    return line(body.text() if body is not None else html)


def is_markup(text: str) -> bool:
    """Whether a text whose kind nobody told is HTML: it closes an element, or holds a character reference."""
    return bool(_CLOSING.search(text) or _REFERENCE.search(text))


def identity(value: object) -> str | None:
    """An id as told, where it is a text that XML can hold."""
    return value.strip() or None if isinstance(value, str) and not FORBIDDEN.search(value) else None


def web_address(base: str | None, address: object) -> str | None:
    """An absolute http(s) address, or None."""
    found = absolute(base, address) if isinstance(address, str) and not FORBIDDEN.search(address) else None
    return found if found and found.startswith(("http://", "https://")) else None


def name_of(text: str) -> str:
    """The name in an author's line, without mail addresses; empty where there is nothing else.

    >>> name_of("ann@example.org (Ann Lee)")
    'Ann Lee'
    """
    found = line(text[:LONGEST_NAME])
    bare = (
        squeeze(_MAIL.sub(" ", found))
        .replace("<>", "")
        .replace("()", "")
        .replace("< >", "")
        .replace("( )", "")
        .strip(" ,;")
    )
    if bare != found and (hit := _WRAPPED.match(bare)):
        bare = next(group for group in hit.groups() if group is not None).strip()
    return bare if any(map(str.isalpha, bare)) and not bare.startswith(("http://", "https://")) else ""


def told_time(raw: object, parsed: struct_time | None = None) -> str:
    """A time as ISO 8601 where it can be read and lies between 1990 and 2100, else as told.

    parsed: what feedparser read (UTC), for the dialects that only it knows. A zone that nobody told is not made up, a
    zone's unknown name leaves the text as it is, and so does a day without a clock time.
    """
    text = line(raw[: 2 * _LONGEST_TIME])[:_LONGEST_TIME] if isinstance(raw, str) else ""
    if not text or _iso(text):
        return text
    if time := _mail_time(text):
        if time.tzinfo is None and _ZONE_NAME.search(text):
            return text
        return time.isoformat() if ":" in text else time.date().isoformat()
    if parsed and 1990 <= parsed[0] < 2100 and str(parsed[0]) in text and ":" in text:
        return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=UTC).isoformat()
    return text


def _iso(text: str) -> datetime | None:
    """The time of an ISO 8601 text between 1990 and 2100."""
    try:
        return _sane(datetime.fromisoformat(text))
    except ValueError:
        return None


def _mail_time(text: str) -> datetime | None:
    """The time of an RFC 2822 text (or one much like it) between 1990 and 2100."""
    if not text.isascii():
        return None  # figures of other scripts would pass as numbers
    try:
        return _sane(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _sane(time: datetime) -> datetime | None:
    """The time, if a page can be of it."""
    return time if 1990 <= time.year < 2100 else None


def newest(times: Sequence[str], most: int) -> list[int]:
    """Which of many entries to keep, by their times: places in the order of the document.

    An undated entry counts as old as the one before it, so that a feed without times keeps its first entries.
    """
    if len(times) <= most:
        return list(range(len(times)))
    ranked: list[tuple[float, int]] = []
    last = float("inf")
    for place, told in enumerate(times):
        if time := _iso(told) or _mail_time(told):
            last = (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
        ranked.append((-last, place))
    return sorted(place for _, place in sorted(ranked)[:most])


def each_once(items: Sequence[FeedItem]) -> tuple[FeedItem, ...]:
    """Entries without those that a later one of the same id replaces."""
    last = {item.id: place for place, item in enumerate(items) if item.id is not None}
    return tuple(item for place, item in enumerate(items) if item.id is None or last[item.id] == place)


def paragraphs(text: str) -> str:
    """Plain text as HTML: what empty lines part are paragraphs, other line ends are breaks."""
    parts = (part.strip() for part in re.split(r"\n[ \t\r]*\n", FORBIDDEN.sub("", text).replace("\r\n", "\n")))
    return "".join(f"<p>{escape(part, quote=False)}</p>".replace("\n", "<br>") for part in parts if part)


def whole_links(html: str, base: str) -> str:
    """HTML whose relative addresses were made whole; as it is, where it has none (or is more than a parser bears)."""
    if not _RELATIVE.search(html) or excess(html):
        return html
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html, is_fragment=True)
    for node in tree.css(",".join(f"[{name}]" for name in (*_HOLDERS, "srcset", "data-srcset"))):
        for name, value in node.attributes.items():
            if value and name in _HOLDERS and not _SCHEME.match(value):
                node.attrs[name] = _joined(base, value)
            elif value and name in {"srcset", "data-srcset"}:
                node.attrs[name] = ", ".join(_candidate(base, one) for one in re.split(r",\s+", value.strip()))
    return tree.html or html


def _candidate(base: str, candidate: str) -> str:
    """One picture of a ``srcset`` with its address made whole."""
    address, space, size = candidate.partition(" ")
    return (address if _SCHEME.match(address) else _joined(base, address)) + space + size


def _joined(base: str, address: str) -> str:
    """A relative address joined with its base; as it is where that cannot be."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return address

"""A feed to be written, and how every format writes titles, texts, addresses and times. Pure."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from cleaner.datatypes import Article, SourceRef, StoredEntry
from cleaner.markup import clean_text, is_right_to_left
from cleaner.text import squeeze, trim_to_word

__all__ = [
    "Feed",
    "content_of",
    "distinct_time",
    "id_of",
    "language_of",
    "line_of",
    "lines_of",
    "media_type_of",
    "show_time",
    "title_of",
    "web_iri",
]

_ILLEGAL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_LANGUAGE = re.compile(r"^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_LINE = (200, 300)  # characters of a title, a name or a category that is cut at a word
_ENCODED = re.compile("%([0-9A-Fa-f]{2})")
_FREE = re.compile(r"[A-Za-z0-9._~-]")
_SAFE = "/?#:@!$&'()*+,;=%~-._"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to be written: its slug, title and entries (newest first), its own address, and who mints ids.

    related: by an entry's id, where else its story is told.
    max_bytes: of each of its files; older: whether there are entries that were left out for their number; notice: what its
    readers are told of what is not shown.
    """

    name: str
    title: str
    address: str
    home: str
    authority: str
    entries: tuple[StoredEntry, ...]
    related: Mapping[str, tuple[SourceRef, ...]] = field(default_factory=dict)
    max_bytes: int = 5 << 20
    older: bool = False
    notice: str = ""


def line_of(text: str) -> str:
    """A text as one line of 300 characters at most, as titles, names and categories are shown; an ellipsis marks a cut."""
    least, most = _LINE
    return trim_to_word(squeeze(clean_text(squeeze(_known(text[: 20 * most])))), least, most)


def lines_of(texts: Iterable[str]) -> list[str]:
    """Each text as a line, none empty and none twice."""
    return list(dict.fromkeys(filter(None, map(line_of, texts))))


def title_of(text: str) -> str:
    """A title that is never empty."""
    return line_of(text) or "Untitled"


def id_of(told: str) -> str:
    """An entry's id as it is, but for characters that no XML may hold or that nobody sees, which are percent-encoded."""
    return _ILLEGAL.sub(lambda bad: quote(bad[0], safe="", errors="surrogatepass"), told)


def media_type_of(told: str) -> str | None:
    """A media type, or None for what cannot be one."""
    return told if _MEDIA_TYPE.fullmatch(told) else None


def language_of(told: str | None) -> str | None:
    """A language as a tag of BCP 47, or None for what cannot be one."""
    tag = (told or "").strip().replace("_", "-")
    return tag if _LANGUAGE.match(tag) else None


def content_of(article: Article) -> str:
    """The HTML that readers show, never empty. What runs from right to left stands in an element that says so.

    Readers give no heed to ``xml:lang`` here: some let the first letter of all decide, most do nothing. Titles are left as
    they are: text on one line is turned by its own letters everywhere, and marks of direction would be shown, or searched for.
    """
    shown = _known(article.html).strip() or f"<p>{html.escape(title_of(article.title), quote=False)}</p>"
    return f'<div dir="rtl">{shown}</div>' if is_right_to_left(article.text or article.title) else shown


def _known(text: str) -> str:
    """The text with a question mark for each character that was lost before it came to us: validators object to U+FFFD."""
    return text.replace("\ufffd", "?")


def web_iri(address: str | None) -> str | None:
    """A web address, or None for what is none: percent-encoded, the host in ASCII, no password.

    Of the ways to write it it is the one that RFC 3986, 6.2 prefers, because addresses are ids, too: a path that is not empty,
    no port that goes without saying, nothing encoded that need not be.
    """
    try:
        parts = urlsplit(_ILLEGAL.sub("", address or "").strip())
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    told = (parts.path, parts.query, parts.fragment)
    path, query, fragment = (_ENCODED.sub(_plain, quote(_PERCENT.sub("%25", part), safe=_SAFE)) for part in told)
    port = None if (parts.scheme, port) in {("http", 80), ("https", 443)} else port
    after = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path or '/'}{after}"


def _plain(encoded: re.Match[str]) -> str:
    """A percent-encoded character as itself where it is one of those that never need it."""
    character = chr(int(encoded[1], 16))
    return character if _FREE.fullmatch(character) else encoded[0].upper()


def show_time(time: datetime) -> str:
    """A time as RFC 3339, in the offset in which it was told."""
    return _told(time).isoformat().replace("+00:00", "Z")


def _told(time: datetime) -> datetime:
    """The time in an offset that RFC 3339 can write: one of whole minutes."""
    offset = time.utcoffset()
    return time.astimezone(UTC) if offset is None or offset.total_seconds() % 60 else time


def distinct_time(stored: StoredEntry) -> datetime:
    """When the entry was updated, told apart from entries of the same second by microseconds made from its id.

    Validators and readers take two entries with equal times for doubles; a page's day is all that many sites tell.
    """
    updated = _told(stored.updated)
    if updated.microsecond:
        return updated
    digest = hashlib.blake2b(stored.entry.id.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return updated.replace(microsecond=1 + int.from_bytes(digest) % 999_999)

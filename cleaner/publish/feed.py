"""A feed to be written, and how every format writes titles, addresses and times. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from cleaner.datatypes import SourceRef, StoredEntry
from cleaner.markup import clean_text

__all__ = ["Feed", "distinct_time", "show_time", "title_of", "web_iri"]

_ILLEGAL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_SAFE = "/?#:@!$&'()*+,;=%~-._"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to be written: its slug, title and entries (newest first), its own address, and who mints ids.

    related: by an entry's id, where else its story is told.
    """

    name: str
    title: str
    address: str
    home: str
    authority: str
    entries: tuple[StoredEntry, ...]
    related: Mapping[str, tuple[SourceRef, ...]] = field(default_factory=dict)


def title_of(text: str) -> str:
    """A title that is never empty."""
    return clean_text(text) or "Untitled"


def web_iri(address: str | None) -> str | None:
    """A web address as an IRI, or None for what is none: percent-encoded, the host in ASCII, no password."""
    try:
        parts = urlsplit(_ILLEGAL.sub("", address or "").strip())
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    told = (parts.path, parts.query, parts.fragment)
    path, query, fragment = (quote(_PERCENT.sub("%25", part), safe=_SAFE) for part in told)
    after = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}{after}"


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
    digest = hashlib.blake2b(stored.entry.id.encode(), digest_size=4).digest()
    return updated.replace(microsecond=1 + int.from_bytes(digest) % 999_999)

"""Pages as browsers and crawlers save them -> the page, and what is told of it: SingleFile, MHTML, trees of wget. Pure.

What a program wrote while saving is told with the witness ``link``: a sidecar goes before it.
"""

from __future__ import annotations

import email
import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from cleaner.datatypes import Claim
from cleaner.errors import PageError

__all__ = ["MHTML", "based_address", "saved_claims", "tree_address", "unpack_mhtml"]

MHTML = (".mhtml", ".mht")
_HEAD = 10_000  # bytes in which a saving program's comment begins
_SINGLE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s<>]{1,4000})(?:\s+saved date:\s*([^\r\n<>]{1,200}))?"
)
_SAVED = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC)?([+-]\d{4})")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)(?::\d{1,5})?", re.IGNORECASE)
_KINDS = ("text/html", "application/xhtml+xml")


def saved_claims(body: bytes) -> tuple[Claim, ...]:
    """The address and the time that SingleFile wrote at a page's head; none where another program saved it."""
    hit = _SINGLE.search(body[:_HEAD])
    if not hit:
        return ()
    date = (hit[2] or b"").decode("utf-8", "replace")
    claim = Claim("url", hit[1].decode("utf-8", "replace"), "link")
    return (claim, *_fetched(_saved_date(date)))


def _saved_date(text: str) -> datetime | None:
    """A date as JavaScript shows it, whatever the locale: ``Wed Mar 04 2026 12:00:00 GMT+0100 (..)``; or ISO 8601."""
    hit = _SAVED.match(text)
    try:
        if hit:
            text = f"{hit[3]}-{_MONTHS.index(hit[1]) + 1:02}-{hit[2]}T{hit[4]}{hit[5]}"
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _fetched(time: datetime | None) -> tuple[Claim, ...]:
    """The claim of the time at which a page was saved, where it is one that can be."""
    if time is None or not 1990 <= time.year <= 2200:
        return ()
    return (Claim("fetched", (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat(), "link"),)


def unpack_mhtml(origin: str, body: bytes) -> tuple[bytes, str, tuple[Claim, ...]]:
    """The HTML at the root of an MHTML file (RFC 2557), its type, and its address and time as claims.

    Raises PageError (``bad-mhtml``) where there is none.
    """
    try:
        message = email.message_from_bytes(body)
        root = _root(message)
        page = root.get_payload(decode=True) if root is not None else None
    except (RecursionError, ValueError, LookupError):
        raise PageError(origin, "bad-mhtml", "is no message that can be read") from None
    if root is None or not isinstance(page, bytes):
        raise PageError(origin, "bad-mhtml", "holds no HTML part")
    charset = root.get_content_charset()
    kind = root.get_content_type() + (f"; charset={charset}" if charset else "")
    told = (message["Snapshot-Content-Location"], root["Content-Location"], message["Content-Location"])
    urls = ("".join(str(value).split()) for value in told if value)
    url = next((url for url in urls if url.startswith(("http://", "https://"))), None)
    claims = (Claim("url", url, "link"),) if url else ()
    return page, kind, (*claims, *_fetched(_mail_date(str(message["Date"] or ""))))


def _root(message: Message) -> Message | None:
    """The part that the message names as its root, else the first one of HTML."""
    parts: Iterator[Message] = message.walk()
    pages = [part for part in parts if part.get_content_type() in _KINDS]
    start = str(message.get_param("start") or "").strip()
    return next((part for part in pages if start and str(part["Content-ID"]).strip() == start), None) or next(
        iter(pages), None
    )


def _mail_date(text: str) -> datetime | None:
    """A date as mail writes it."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None


def tree_address(relative: Path) -> str | None:
    """The address that a file in a tree of wget was fetched from: its first folder is the host's name.

    The scheme is not written there; https is assumed.

    >>> tree_address(Path("example.org/a/index.html"))
    'https://example.org/a/'
    """
    host, *rest = relative.parts
    if not rest or not _HOST.fullmatch(host):
        return None
    return f"https://{host.lower()}/{_path(rest)}"


def based_address(base: str, relative: Path) -> str:
    """The address that a file in a folder has where the folder itself has one.

    >>> based_address("https://example.org/news", Path("2026/weir.html"))
    'https://example.org/news/2026/weir.html'
    """
    return f"{base.partition('#')[0].partition('?')[0].rstrip('/')}/{_path(relative.parts)}"


def _path(parts: Sequence[str]) -> str:
    """The path of an address that the parts of a file's path make; an index is its folder."""
    names = [*parts[:-1], "" if parts[-1] == "index.html" else parts[-1]]
    return "/".join(quote(os.fsencode(name), safe="%!$&'()*+,;=:@~?") for name in names)

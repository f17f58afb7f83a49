"""An address -> RawPage, for one-off cleans.

Addresses on private networks are fetched where a person typed them, and refused where a public page leads there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from http.client import responses

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import FetchError
from cleaner.fetch.client import Fetcher
from cleaner.fetch.guard import without_login
from cleaner.fetch.kinds import signature
from cleaner.fetch.wire import Limits

__all__ = ["fetch_page"]

_MOST = 20 << 20  # bytes, inflated or not
_KINDS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
_AGENT = "Cleaner/1 (feed cleaner; one page asked for by its reader)"


def fetch_page(url: str, *, now: datetime) -> RawPage:
    """The page at an address. Raises FetchError that names the address and the cause.

    Its reasons are those of ``Fetcher.get``, ``status`` for anything but 200, and ``not-text`` for what is declared as
    something else than a page, or is something else by its first bytes.
    """
    fetcher = Fetcher(limits=Limits(wire=_MOST, inflated=_MOST), agent=_AGENT, typed=True, allow_downgrade=True)
    answer, origin = fetcher.get(url), without_login(url)
    if answer.status != 200:
        told = f"answered {answer.status} {responses.get(answer.status, '')}".rstrip()
        raise FetchError(origin, "status", told)
    declared = answer.header("content-type")
    kind = declared.split(";")[0].strip()
    if kind and kind.casefold() not in _KINDS:
        raise FetchError(origin, "not-text", f"is {kind[:60]}, not a page of text")
    if signature(answer.body):
        raise FetchError(origin, "not-text", f"is declared as {kind or 'nothing'}, but its first bytes are not text's")
    body = answer.body
    claims = (Claim("url", answer.url, "link"),)
    return RawPage(hashlib.sha256(body).hexdigest(), origin, declared, body, now, claims)

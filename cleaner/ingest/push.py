"""The body and headers of a request that hands a page in -> RawPage. Pure.

JSON as a line of JSON Lines (``{"url": .., "html": ..}`` or ``"text"``, and the keys of a sidecar), or the page itself with
``Content-Type`` and the standard headers ``Content-Location`` (its address) and ``Content-Language``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import PageError
from cleaner.ingest.lines import page_of_line
from cleaner.ingest.sidecar import claims_of

__all__ = ["page_of_push"]

_KINDS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
_HEADERS = {"content-location": "url", "content-language": "language"}


def page_of_push(body: bytes, headers: Mapping[str, str], *, source: str, now: datetime, most: int) -> RawPage:
    """The page that a request hands in. headers: by name in lower case; most: bytes.

    Raises PageError: ``bad-meta``, ``too-large``, ``empty``, ``not-text``.
    """
    media_type = headers.get("content-type", "")
    kind = media_type.split(";")[0].strip().casefold()
    if not body.strip():
        raise PageError("push", "empty", "the request has no body")
    if kind == "application/json":
        return page_of_line(body, 1, name="push", now=now, source=source, most=most)
    if kind not in _KINDS:
        raise PageError(
            "push", "not-text", f"is {kind or 'of no declared type'}: send JSON, or a page as {', '.join(_KINDS)}"
        )
    if len(body) > most:
        raise PageError("push", "too-large", f"{len(body)} bytes are more than {most}")
    told = {key: headers[name] for name, key in _HEADERS.items() if headers.get(name)}
    claims: tuple[Claim, ...] = claims_of("push", "header", told)
    digest = hashlib.sha256(body).hexdigest()
    return RawPage(digest, told.get("url") or f"push:{digest[:20]}", media_type, body, now, claims, source)

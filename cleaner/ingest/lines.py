"""JSON Lines -> RawPage for each line: ``{"url": .., "html": ..}``, or ``"text"``, beside the keys of a sidecar. Pure."""

from __future__ import annotations

import codecs
import hashlib
import json
from datetime import datetime

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import PageError
from cleaner.ingest.sidecar import MOST_BYTES, claims_of, fetched_of, read_object

__all__ = ["is_object", "page_of_line"]

_TYPES = {"html": "text/html; charset=utf-8", "text": "text/plain; charset=utf-8"}


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object, and so the first of JSON Lines."""
    try:
        return line.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def page_of_line(
    line: bytes, number: int, *, name: str, now: datetime, source: str, most: int, beside: tuple[Claim, ...] = ()
) -> RawPage:
    """The page in a line. name: of the file or program; the page's origin is ``NAME:NUMBER``.

    now: when it was fetched, where neither the line nor ``beside`` says so; most: bytes of the page; beside: claims for
    all lines, each of which may say otherwise. Raises PageError (``bad-meta``, ``too-large``) that names the line.
    """
    origin, place = f"{name}:{number}", f"line {number}"
    values = read_object(origin, place, line.removeprefix(codecs.BOM_UTF8))
    told = [key for key in _TYPES if values.get(key) is not None]
    if len(told) != 1:
        raise PageError(origin, "bad-meta", f'{place}: must have one of "html" and "text"')
    text = values[told[0]]
    if not isinstance(text, str):
        raise PageError(origin, "bad-meta", f"{place}: {told[0]}: must be a text")
    body = text.encode("utf-8", "ignore")
    if len(body) > most:
        raise PageError(origin, "too-large", f"{place}: {len(body)} bytes are more than {most}")
    claims = claims_of(origin, place, {key: value for key, value in values.items() if key not in _TYPES})
    if sum(len(claim.value) for claim in claims) > MOST_BYTES:
        raise PageError(origin, "bad-meta", f"{place}: more than {MOST_BYTES // 1000} kB beside the page")
    names = {claim.name for claim in claims}
    claims += tuple(claim for claim in beside if claim.name not in names)
    return RawPage(
        id=hashlib.sha256(body).hexdigest(),
        origin=origin,
        media_type=_TYPES[told[0]],
        body=body,
        fetched=fetched_of(claims) or now,
        claims=tuple(claim for claim in claims if claim.name != "fetched"),
        source=source,
    )

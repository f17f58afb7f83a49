"""Addresses as a page writes them -> absolute ones. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

__all__ = ["absolute"]

_SPACE = re.compile(r"[ \t\r\n\f]+")
# Addresses that joining leaves as they are: no dot segments to resolve, no empty parts that would be dropped.
_TAIL = r"(?:\?[!-\"$-~]+)?(?:#[!-~]+)?"
_WHOLE = re.compile(rf"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[!-\"$-:<->@-~]*)?{_TAIL}")
_ROOTED = re.compile(rf"/(?:[!-\"$-\-0-:<->@-~][!-\"$-:<->@-~]*)?{_TAIL}")


def absolute(base: str | None, address: str | None) -> str | None:
    """An address made absolute, or None where it is empty, broken, or not of the web."""
    if not address:
        return None
    if _WHOLE.fullmatch(address):
        return address
    if base and _ROOTED.fullmatch(address) and "/." not in address and (root := _root(base)):
        return root + address
    return _joined(base, _SPACE.sub("", address.strip()))


@lru_cache(maxsize=256)
def _root(base: str) -> str | None:
    """Scheme and host of a base that paths from the root are simply appended to."""
    hit = re.match(r"https?://[a-z0-9][a-z0-9.-]*(?=[/?#]|$)", base)
    return hit[0] if hit else None


def _joined(base: str | None, address: str) -> str | None:
    """The address joined with the base by all rules."""
    if not address or address.startswith("#"):
        return None
    try:
        joined = urljoin(base or "", address)
        parts = urlsplit(joined)
    except ValueError:
        return None
    if parts.scheme == "mailto":
        return joined
    return joined if parts.scheme in {"http", "https"} and parts.hostname else None

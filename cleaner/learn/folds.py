"""Address -> registrable domain -> fold: the one place that says which pages are kept apart in measuring. Pure.

All pages of a domain, whatever their form and set, are in one fold, so that no figure is taken on pages whose site
was seen in training.
"""

from __future__ import annotations

import zlib
from urllib.parse import urlsplit

__all__ = ["FOLDS", "domain_of", "fold_of"]

FOLDS = 5
# Second-level names under which registries sell domains (example.co.uk, example.com.au), and hosts of many owners' sites.
_SECOND = frozenset(
    "co com org net ac gov edu gob go or ne nom mil info asn id ltd plc sch nhs in web blogspot wordpress substack medium github".split()
)


def domain_of(url: str) -> str:
    """The registrable domain of an address, by the usual second-level names; the host itself where it has but two parts.

    >>> domain_of("https://www.news.example.co.uk/a")
    'example.co.uk'
    """
    host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").casefold().strip(".")
    parts = host.split(".")
    if len(parts) <= 2:
        return host
    kept = (
        3
        if parts[-2] in _SECOND
        and (len(parts[-1]) == 2 or parts[-2] not in {"co", "com", "org", "net", "info", "in", "id", "web"})
        else 2
    )
    return ".".join(parts[-kept:])


def fold_of(url: str) -> int:
    """The fold, 0 to 4, that pages of an address's domain belong to."""
    return zlib.crc32(domain_of(url).encode()) % FOLDS

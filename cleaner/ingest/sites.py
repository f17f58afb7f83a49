"""Addresses compared: which belong to one site, and which are the same page. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

__all__ = ["page_key", "same_site", "site_of"]

# Names under which registries sell domains (example.co.uk), in countries' zones of two letters, and hosts of many owners' sites.
_SECOND = frozenset("ac asn co com edu go gob gov gv id in ltd mil ne net nhs nom or org plc sch web".split())
_SHARED = frozenset("blogspot github wordpress substack medium tumblr neocities netlify vercel".split())
_TRACKING = re.compile(
    r"(?:utm_\w+|[a-z]{0,2}clid|mc_[ce]id|cmpid|ref|ref_src|igshid|_ga|xtor|at_\w+|ns_\w+|smid|srsltid)=.*",
    re.IGNORECASE,
)


def site_of(url: str) -> str:
    """The domain that an owner registered, as far as names tell: the last two parts of the host, or three under known ones.

    >>> site_of("https://news.example.co.uk/a"), site_of("https://www.example.org")
    ('example.co.uk', 'example.org')
    """
    try:
        host = (urlsplit(url).hostname or "").casefold().rstrip(".")
    except ValueError:
        return ""
    parts = host.split(".")
    if len(parts) <= 2 or host.replace(".", "").isdigit() or ":" in host:
        return host
    kept = 3 if parts[-2] in _SHARED or (parts[-2] in _SECOND and len(parts[-1]) == 2) else 2
    return ".".join(parts[-kept:])


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are of one site."""
    return bool(site := site_of(url)) and site == site_of(other)


def page_key(url: str) -> str:
    """What two addresses of one page have in common: no fragment, no tracking parameters, one scheme, no ``www``, no last slash.

    >>> page_key("http://www.example.org/a/?utm_source=x#top") == page_key("https://example.org/a")
    True
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.casefold().removeprefix("www.").removesuffix(":443" if parts.scheme == "https" else ":80")
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair))
    return urlunsplit(("https", host, parts.path.rstrip("/"), query, ""))

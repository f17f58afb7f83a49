"""An address -> RawPage, for one-off cleans. Bounded in time and size; follows few redirects, by hand.

Addresses on private networks are fetched where a person typed them, and refused where a public page leads there.
Proxies and passwords of the environment are not used.
"""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import time
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import urllib3

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import FetchError

__all__ = ["fetch_page"]

_CONNECT, _READ, _TOTAL = 5.0, 10.0, 30.0  # seconds
_MOST = 20 << 20  # bytes, inflated
_REDIRECTS = 5
_KINDS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
_AGENT = "Cleaner/1 (feed cleaner; one page asked for by its reader)"


def fetch_page(url: str, *, now: datetime) -> RawPage:
    """The page at an address. Raises FetchError that names the address and the cause."""
    deadline = time.monotonic() + _TOTAL
    at, was_public = url, False
    with urllib3.PoolManager(
        retries=False, headers={"User-Agent": _AGENT, "Accept": "text/html,text/plain;q=0.8", "Accept-Encoding": "gzip"}
    ) as pool:
        for _ in range(_REDIRECTS + 1):
            private = _is_private(url, at)
            if private and was_public:
                raise FetchError(url, "private-address", f"leads to {at}, which is not a public address")
            was_public = not private
            response = _ask(pool, url, at, deadline)
            target = response.headers.get("Location")
            if 300 <= response.status < 400 and target:
                response.release_conn()
                at = urljoin(at, target)
                continue
            return _page(url, at, response, deadline, now)
    raise FetchError(url, "too-many-redirects", f"more than {_REDIRECTS} redirects")


def _is_private(url: str, at: str) -> bool:
    """Whether an address is not on the public network. Raises FetchError for one that is no web address."""
    try:
        parts = urlsplit(at)
        port = parts.port or 80
    except ValueError:
        raise FetchError(url, "scheme", f"{at!r} is no address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError(url, "scheme", f"{at!r} is no http(s) address")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(url, "dns", f"{parts.hostname}: {getattr(error, 'strerror', None) or error}") from None
    return any(not ipaddress.ip_address(str(entry[4][0]).split("%")[0]).is_global for entry in found)


def _ask(pool: urllib3.PoolManager, url: str, at: str, deadline: float) -> urllib3.BaseHTTPResponse:
    """The answer's head."""
    left = deadline - time.monotonic()
    try:
        return pool.request(
            "GET",
            at,
            preload_content=False,
            redirect=False,
            timeout=urllib3.Timeout(connect=min(_CONNECT, left), read=min(_READ, left)),
        )
    except urllib3.exceptions.HTTPError as error:
        raise FetchError(url, "network", str(error.__cause__ or error)[:200]) from None


def _page(url: str, at: str, response: urllib3.BaseHTTPResponse, deadline: float, now: datetime) -> RawPage:
    """The page in an answer, read as it comes and no further than the limits."""
    kind = response.headers.get("Content-Type", "")
    if response.status != 200:
        raise FetchError(url, "status", f"answered {response.status} {response.reason or ''}".rstrip())
    if kind and kind.split(";")[0].strip().casefold() not in _KINDS:
        raise FetchError(url, "not-text", f"is {kind.split(';')[0]}, not a page of text")
    parts: list[bytes] = []
    size = 0
    try:
        for part in response.stream(65536, decode_content=True):
            size += len(part)
            if size > _MOST:
                raise FetchError(url, "too-large", f"more than {_MOST >> 20} MiB")
            if time.monotonic() > deadline:
                raise FetchError(url, "timeout", f"not complete within {_TOTAL:g} s")
            parts.append(part)
    except urllib3.exceptions.HTTPError as error:
        raise FetchError(url, "network", str(error)[:200]) from None
    finally:
        response.release_conn()
    body = b"".join(parts)
    return RawPage(hashlib.sha256(body).hexdigest(), url, kind, body, now, (Claim("url", at, "link"),))

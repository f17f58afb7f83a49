"""Text of an address -> ``Address``, or why it is none; an IP address -> whether it is on the public network. Pure.

Text is judged before any parser sees it, because parsers disagree about the odd ones. Names cannot be judged by their
look: the client asks about each IP address that a name has before it connects.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import re
import socket
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urljoin, urlsplit

__all__ = ["Address", "HopError", "is_public", "literal", "read_address", "show", "without_login"]

_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(?:([^@]*)@)?(\[[^@\[\]]*\]|[^@:\[\]]+)(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?=.{1,254}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_SAFE = "%/?:@!$&'()*+,;=~[]|"  # what stays as it is in a path or query
_TWO_SPELLINGS = frozenset("ßẞς")  # the old and the new rules for international names make different names of these

# Named one by one, because ipaddress calls some of them global, and which ones depends on Python's version.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # a cloud's own services
        *("2001::/23", "2001:db8::/32", "3fff::/20"),  # for protocols and for documents
        "2002::/16",  # holds an IPv4 address, any one
    )
)
_UNICAST = ipaddress.IPv6Network(
    "2000::/3"
)  # all that IPv6 has of public addresses: no ::x.x.x.x, 64:ff9b::, fec0::, ff00::


class HopError(Exception):
    """What stops an exchange; the client makes a FetchError of it, which names the address. reason: a slug."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason, detail)


@dataclass(frozen=True, slots=True)
class Address:
    """A web address, taken apart.

    host: lower case, no brackets; target: path and query; login: of HTTP's basic authentication, empty where there is none.
    """

    scheme: str
    host: str
    port: int
    target: str
    login: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Whom secrets are for: scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def place(self) -> str:
        """``host:port``, the port told in any case."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """Host and port as addresses and the header Host have them: without the scheme's own port."""
        return self.place.removesuffix(f":{_PORTS[self.scheme]}")

    @property
    def url(self) -> str:
        """As it may be shown and kept: ASCII, without login and fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"


def read_address(text: str, before: Address | None = None) -> Address:
    """A web address from its text; before: the address whose redirect gave the text, which may then be relative.

    A login counts where the caller wrote it, and on through redirects to the same origin; one that a server wrote does
    not. Raises HopError (``bad-address``, ``scheme``; ``private-address`` for an IPv6 address with a zone).
    """
    if odd := next((character for character in text if not character.isprintable() or character in " \\"), None):
        raise HopError("bad-address", f"'{show(text)}' holds {odd!r}")
    try:
        parts = urlsplit(urljoin(before.url, text) if before else text)
    except ValueError:
        raise HopError("bad-address", f"'{show(text)}' is no address") from None
    if parts.scheme not in _PORTS or not parts.netloc:
        raise HopError("scheme", f"'{show(text)}' is no http(s) address")
    match = _AUTHORITY.fullmatch(parts.netloc)
    port = int(match[3] or _PORTS[parts.scheme]) if match else 0
    if not match or not 0 < port < 1 << 16:
        raise HopError("bad-address", f"'{show(text)}' is no address")
    host = _host(match[2], text)
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    address = Address(parts.scheme, host, port, target)
    if before:
        return replace(address, login=before.login if address.origin == before.origin else "")
    return replace(address, login=base64.b64encode(unquote(match[1]).encode()).decode()) if match[1] else address


def _host(written: str, text: str) -> str:
    """A host as it is looked up: lower case, international names as punycode. Raises HopError for what is no host."""
    if written.startswith("["):
        if "%" in written:
            raise HopError(
                "private-address", f"'{show(text)}' has a zone, which only addresses of a local network have"
            )
        with contextlib.suppress(ValueError):
            ipaddress.IPv6Address(written[1:-1])
            return written[1:-1].casefold()
        raise HopError("bad-address", f"'{show(text)}': {written} is no IPv6 address")
    if _TWO_SPELLINGS & set(written):
        raise HopError(
            "bad-address", f"'{show(text)}': write the host in ASCII (xn--...), this one is read in two ways"
        )
    with contextlib.suppress(UnicodeError):
        host = written.lower() if written.isascii() else written[:254].encode("idna").decode("ascii").lower()
        if _NAME.fullmatch(host):
            return host
    raise HopError("bad-address", f"'{show(text)}': {written[:80]!r} is no host")


def is_public(ip: str) -> bool:
    """Whether an IP address, as a resolver tells it, is on the public network; one with a zone never is."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address not in _UNICAST):
        return False
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


def literal(host: str) -> str | None:
    """The IP address that a host is by itself, ``0x7f.1`` and ``2130706433`` included; None for a name."""
    if ":" in host:
        return host
    if host.rstrip(".").rpartition(".")[2] == "localhost":
        return "127.0.0.1"
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def show(text: str) -> str:
    """The text of something that may be no address, fit for one line of a message: escaped, short, without a login."""
    before, at, after = text.rpartition("@")
    scheme = re.match(r"[A-Za-z]*:?[/\\]*", before)
    return repr(f"{scheme[0]}***@{after}" if at and scheme else text)[1:-1][:200]


def without_login(text: str) -> str:
    """An address as its reader wrote it, fit for a message; user and password are left out."""
    try:
        address = read_address(text)
    except HopError:
        return show(text)
    return address.url if address.login else text

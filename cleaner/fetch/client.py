"""The address of something on the web -> ``Answer``: connects, asks, follows redirects by hand, all within limits.

A name is looked up once for each connection, every address that it has is judged, and the connection goes to an address
that was judged: no second look-up can give another. Only then does the caller say whether and when each address of a
chain may be asked. Nothing of the environment is used: no proxy, no ``.netrc``.
"""

from __future__ import annotations

import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cleaner.datatypes import Answer
from cleaner.errors import FetchError
from cleaner.fetch.body import CODINGS, inflate
from cleaner.fetch.guard import Address, HopError, is_public, literal, read_address, without_login
from cleaner.fetch.wire import Deadline, Headers, Limits, Wire

__all__ = ["PAGES", "Fetcher"]

PAGES = "text/html,application/xhtml+xml,text/plain;q=0.8"  # what Accept says when a page is wanted
_AGENT = "Cleaner/1 (feed cleaner)"
_TEMPORARY, _PERMANENT = frozenset({302, 303, 307}), frozenset({301, 308})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]*")
_VALIDATORS = frozenset({"etag", "last-modified"})  # odd ones are not even told: nobody is to keep them
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")
_OURS = frozenset("host connection accept-encoding content-length transfer-encoding".split())

Spot = tuple[socket.AddressFamily, tuple[Any, ...]]  # where a socket connects to
Before = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of a chain. private: it may go to a private address; secrets: headers that are for the first host."""

    at: Address
    private: bool
    secrets: Headers
    moved: str | None = None  # where permanent redirects alone led to
    permanent: bool = True  # there were no others so far


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is the same for all requests of a chain.

    open_headers: those that every host may see; validators: those for the address that gave them, for all if given is empty.
    """

    deadline: Deadline
    before: Before
    open_headers: Headers
    validators: Headers
    given: str
    wire: int
    inflated: int

    def validators_for(self, hop: _Hop) -> Headers:
        """The validators that a request has."""
        return self.validators if self.given in {"", hop.at.url} else ()


class Fetcher:
    """A client for other people's servers; may be used by several threads.

    allow_private: ``host:port`` (both, lower case, as the address has them) on private networks that may be asked; an
    entry counts where the caller's own address names it, not where a redirect from elsewhere does. typed: all addresses
    were typed by a person here: they may be private, and lead to private ones; a public one may not. proxy:
    ``http://host:port``, through which all goes. It looks the names up then, so that only hosts which are addresses
    themselves (and ``localhost``) can be judged here; what names lead to is for the proxy to refuse. allow_downgrade:
    https may lead to http. resolve, monotonic: as in ``socket`` and ``time``.
    """

    def __init__(
        self,
        *,
        limits: Limits = Limits(),  # noqa: B008  # frozen
        agent: str = _AGENT,
        allow_private: Collection[str] = (),
        proxy: str | None = None,
        resolve: Callable[..., Sequence[tuple[Any, ...]]] = socket.getaddrinfo,
        allow_downgrade: bool = False,
        typed: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits, self._agent, self._typed, self._allow_downgrade = limits, agent, typed, allow_downgrade
        self._allowed = frozenset(entry.lower() for entry in allow_private)
        self._resolve, self._monotonic = resolve, monotonic
        self._proxy: Address | None = None
        if proxy is not None:
            try:
                self._proxy = read_address(proxy)
            except HopError as error:
                raise FetchError(without_login(proxy), error.reason, error.detail) from None
            if self._proxy.scheme != "http":
                raise FetchError(without_login(proxy), "scheme", "a proxy's address begins with http://")

    def get(
        self,
        url: str,
        *,
        headers: Sequence[tuple[str, str]] = (),
        etag: str = "",
        modified: str = "",
        given: str = "",
        accept: str = PAGES,
        wire: int | None = None,
        inflated: int | None = None,
        before: Before = nullcontext,
    ) -> Answer:
        """The answer in the end, whatever its status; only one of status 200 has a body.

        headers: sent to the address's own origin only, instead of ours of the same name; etag, modified: the validators
        of what the caller has, sent as they are (not if they could not have come from a sane server); given: the one address of the chain to which
        they are sent, because it gave them, empty for all; wire, inflated:
        bytes, instead of the limits. ``user:password@`` in the address becomes basic authentication, and is shown nowhere.
        before: gives for each address of the chain what is entered before it is asked and left before the next one is; never
        for one that may not be asked. The time that entering takes does not count, and FetchErrors raised there pass through.

        Raises FetchError with the reason ``private-address scheme bad-address dns network connect-timeout read-timeout
        total-timeout too-large too-many-redirects bad-response bad-encoding truncated tls`` or ``downgrade``; beyond the
        first request its detail names the address that failed.
        """
        shown, where = without_login(url), ""
        try:
            first = read_address(url)
            asked = self._asked(accept, (etag, modified, given), wire, inflated, before)
            hop = _Hop(first, self._typed or first.place in self._allowed, _checked(headers))
            for number in range(self._limits.redirects + 1):
                where = hop.at.url if number else ""
                answer, private = self._exchange(hop, asked)
                target = answer.header("location")
                if answer.status not in _TEMPORARY | _PERMANENT or not target:
                    return answer
                where = ""  # what is wrong with a target is told with the target
                hop = self._next(hop, answer.status, target, private=private)
        except HopError as error:
            detail = error.detail
            if where and error.reason == "private-address":
                detail = f"leads to {where}, which is not a public address"
            elif where:
                detail = f"leads to {where}: {detail}"
            raise FetchError(shown, error.reason, detail) from None
        raise FetchError(shown, "too-many-redirects", f"more than {self._limits.redirects} redirects")

    def _asked(
        self, accept: str, known: tuple[str, str, str], wire: int | None, inflated: int | None, before: Before
    ) -> _Asked:
        """What all requests of a chain share; its clock starts now."""
        etag, modified, given = known
        told = (("If-None-Match", etag), ("If-Modified-Since", modified))
        return _Asked(
            Deadline(self._limits.total, self._monotonic),
            before,
            _checked((("User-Agent", self._agent), ("Accept", accept))),
            _checked(tuple(one for one in told if _VALIDATOR.fullmatch(one[1]))),
            given,
            self._limits.wire if wire is None else wire,
            self._limits.inflated if inflated is None else inflated,
        )

    def _next(self, hop: _Hop, status: int, target: str, *, private: bool) -> _Hop:
        """Where a redirect leads. private: whether the address that gave it was; only then may the next one be."""
        at = read_address(target, hop.at)
        if hop.at.scheme == "https" and at.scheme == "http" and not self._allow_downgrade:
            raise HopError("downgrade", f"leads from https to {at.url}")
        permanent = hop.permanent and status in _PERMANENT
        return _Hop(
            at,
            private and (self._typed or at.place == hop.at.place),
            hop.secrets if at.origin == hop.at.origin else (),
            at.url if permanent else hop.moved,
            permanent,
        )

    def _exchange(self, hop: _Hop, asked: _Asked) -> tuple[Answer, bool]:
        """One request and its answer, and whether the address was private. It is judged before anybody is asked."""
        found, private = self._judge(hop, asked.deadline)
        with ExitStack() as turn:
            with asked.deadline.paused():
                turn.enter_context(asked.before(hop.at.url))
            connection = turn.enter_context(self._open(hop, found, asked.deadline))
            wire = Wire(connection, asked.deadline, self._limits)
            wire.send(self._request(hop, asked))
            status, headers = wire.head()
            if status == 304 and not asked.validators_for(hop):
                raise HopError("bad-response", "answered 304 to a request that had no condition")
            body = b""
            if status == 200:
                coding = ", ".join(value for name, value in headers if name == "content-encoding")
                body = inflate(wire.body(headers, asked.wire), coding, asked.inflated)
        told = tuple(one for one in headers if one[0] not in _VALIDATORS or _VALIDATOR.fullmatch(one[1]))
        return Answer(hop.at.url, status, told, body, hop.moved), private

    def _request(self, hop: _Hop, asked: _Asked) -> bytes:
        """The head of a request. An address in whole where a proxy is to ask for it."""
        secret = {name.lower() for name, _ in hop.secrets}
        ours = (*asked.open_headers, *asked.validators_for(hop))
        proxied = self._proxy is not None and hop.at.scheme == "http"
        lines = [
            ("Host", hop.at.authority),
            *((name, value) for name, value in ours if name.lower() not in secret),
            ("Accept-Encoding", CODINGS),
            ("Connection", "close"),
            *((("Authorization", f"Basic {hop.at.login}"),) if hop.at.login and "authorization" not in secret else ()),
            *(_to_proxy(self._proxy) if proxied else ()),
            *hop.secrets,
        ]
        return _head(f"GET {hop.at.url if proxied else hop.at.target}", lines)

    # ------------------------------------------------------------------------------------------------ connecting

    def _judge(self, hop: _Hop, deadline: Deadline) -> tuple[list[Spot], bool]:
        """Where a hop's connection goes to, and whether that is private. Raises HopError (``private-address``) where it may not be."""
        at, proxy = hop.at, self._proxy
        found = self._look_up(proxy or at, deadline)
        ips = [str(spot[0]) for _, spot in found] if not proxy else [ip for ip in [literal(at.host)] if ip]
        bad = next((ip for ip in ips if not is_public(ip)), None)
        if bad and not hop.private:
            raise HopError("private-address", f"{at.host} is {bad}, which is not a public address")
        return found, bad is not None

    def _open(self, hop: _Hop, found: Sequence[Spot], deadline: Deadline) -> socket.socket:
        """A connection on which a hop's request can be sent."""
        at, proxy = hop.at, self._proxy
        connection = self._connect(proxy or at, found, deadline)
        if at.scheme == "http":
            return connection
        try:
            if proxy:
                self._tunnel(connection, proxy, at, deadline)
            return self._secure(connection, at.host, deadline)
        except BaseException:
            connection.close()
            raise

    def _look_up(self, at: Address, deadline: Deadline) -> list[Spot]:
        """Where a host can be reached. In a thread of its own, because the system's resolver knows no time-out."""
        answers: queue.SimpleQueue[Sequence[tuple[Any, ...]] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            """The one look-up."""
            try:
                answers.put(self._resolve(at.host, at.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        left = deadline.left()
        try:
            found = answers.get(timeout=left)
        except queue.Empty:
            raise HopError("dns", f"{at.host}: not looked up within {left:.3g} s") from None
        if isinstance(found, Exception):
            raise HopError("dns", f"{at.host}: {getattr(found, 'strerror', None) or found}")
        spots = [(entry[0], entry[4]) for entry in found if entry[0] in {socket.AF_INET, socket.AF_INET6}]
        if not spots:
            raise HopError("dns", f"{at.host}: has no address")
        return spots

    def _connect(self, at: Address, spots: Sequence[Spot], deadline: Deadline) -> socket.socket:
        """A connection to the first spot that takes one; each gets an equal share of the time that is left."""
        clock = Deadline(min(self._limits.connect, deadline.left()), self._monotonic)
        trouble = HopError("network", f"{at.place}: no connection")
        for tried, (family, spot) in enumerate(spots):
            try:
                share = clock.left() / (len(spots) - tried)
            except HopError:
                break
            try:
                return _dial(family, spot, share)
            except TimeoutError:
                trouble = HopError("connect-timeout", f"{at.place}: no connection within {self._limits.connect:g} s")
            except OSError as error:
                trouble = HopError("network", f"{at.place}: {error.strerror or error}")
        deadline.left()
        raise trouble

    def _tunnel(self, connection: socket.socket, proxy: Address, at: Address, deadline: Deadline) -> None:
        """Has a proxy connect to where https is spoken."""
        wire = Wire(connection, deadline, self._limits)
        wire.send(_head(f"CONNECT {at.place}", [("Host", at.place), *_to_proxy(proxy)]))
        status, _ = wire.head()
        if status != 200:
            raise HopError("network", f"the proxy {proxy.place} answered {status}")

    def _secure(self, connection: socket.socket, host: str, deadline: Deadline) -> ssl.SSLSocket:
        """TLS on a connection. The certificate is verified, always."""
        try:
            connection.settimeout(min(self._limits.connect, deadline.left()))
            return self._tls.wrap_socket(connection, server_hostname=host.rstrip("."))
        except ssl.SSLCertVerificationError as error:
            raise HopError("tls", f"the certificate of {host}: {error.verify_message}") from None
        except TimeoutError:
            deadline.left()
            raise HopError("connect-timeout", f"{host}: no TLS within {self._limits.connect:g} s") from None
        except ssl.SSLError as error:
            raise HopError("tls", f"{host}: {error.reason or error}") from None
        except OSError as error:
            raise HopError("network", f"{host}: {error.strerror or error}") from None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made once, because it reads the system's certificates."""
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


def _dial(family: socket.AddressFamily, spot: tuple[Any, ...], seconds: float) -> socket.socket:
    """A connected socket. Raises OSError, TimeoutError too."""
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(spot)
    except BaseException:
        connection.close()
        raise
    return connection


def _checked(headers: Sequence[tuple[str, str]]) -> Headers:
    """A caller's headers. Raises HopError (``bad-address``) for what would break the request."""
    for name, value in headers:
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value) or name.lower() in _OURS:
            raise HopError("bad-address", f"the header {name[:60]!r} cannot be sent")
    return tuple(headers)


def _to_proxy(proxy: Address | None) -> Headers:
    """What a proxy is told of who asks."""
    return (("Proxy-Authorization", f"Basic {proxy.login}"),) if proxy and proxy.login else ()


def _head(request: str, headers: Sequence[tuple[str, str]]) -> bytes:
    """A request as bytes."""
    lines = [f"{request} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")

"""A connected socket -> status, headers and body of an HTTP/1.1 answer (RFC 9112), read strictly and within limits.

It reads one answer; the connection is closed after it. What is not as the RFC says is refused, not guessed: two
lengths, a length below nothing, odd chunk sizes, two codings.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cleaner.fetch.guard import HopError

__all__ = ["Deadline", "Headers", "Limits", "Wire", "amount"]

Headers = tuple[tuple[str, str], ...]
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9][0-9])(?: .*)?")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ODD = re.compile(rb"[\0\r]")
_LENGTH = re.compile(r"[0-9]{1,15}")
_CHUNK = re.compile(rb"0*([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")
_STEP = 1 << 16  # bytes read at once


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. connect, read (without a byte), total: seconds; wire, inflated, header_line: bytes."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0
    wire: int = 5 << 20
    inflated: int = 20 << 20
    redirects: int = 5
    headers: int = 100
    header_line: int = 64 << 10


class Deadline:
    """The moment by which all must be over."""

    def __init__(self, total: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._total, self._monotonic = total, monotonic
        self._end = monotonic() + total

    def left(self) -> float:
        """Seconds that are left, more than 0. Raises HopError (``total-timeout``) when there are none."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise HopError("total-timeout", f"not complete within {self._total:g} s")
        return left

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The time that the block takes does not count."""
        begun = self._monotonic()
        try:
            yield
        finally:
            self._end += self._monotonic() - begun


class Wire:
    """Sends a request and reads the answer. Its methods raise HopError; every wait ends with the deadline."""

    def __init__(self, connection: socket.socket, deadline: Deadline, limits: Limits) -> None:
        self._connection, self._deadline, self._limits = connection, deadline, limits
        self._held = bytearray()  # read, not yet used
        self._most: int | None = None  # bytes that a body may have, once one is read
        self._read = 0

    def send(self, head: bytes) -> None:
        """The request."""
        try:
            self._connection.settimeout(min(self._limits.read, self._deadline.left()))
            self._connection.sendall(head)
        except TimeoutError:
            self._deadline.left()
            raise HopError("read-timeout", f"takes no request within {self._limits.read:g} s") from None
        except OSError as error:
            raise HopError("network", error.strerror or str(error)) from None

    def head(self) -> tuple[int, Headers]:
        """Status and headers (names in lower case, in order). Heads of 1xx, which only say "wait", are passed over."""
        for _ in range(self._limits.headers):
            match = _STATUS.fullmatch(self._line("bad-response"))
            if not match:
                raise HopError("bad-response", "the answer does not begin as HTTP/1 does")
            status, headers = int(match[1]), self._headers("bad-response")
            if status >= 200:
                return status, headers
            if status == 101:
                raise HopError("bad-response", "changes the protocol")
        raise HopError("bad-response", f"more than {self._limits.headers} heads that say to wait")

    def body(self, headers: Headers, most: int) -> Iterator[bytes]:
        """The body as it comes, without its chunks' sizes; most: bytes it may have on the wire."""
        lengths = [value for name, value in headers if name == "content-length"]
        codings = [value.casefold() for name, value in headers if name == "transfer-encoding"]
        if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
            raise HopError("bad-response", f"Content-Length is {', '.join(lengths)[:60]!r}")
        if codings not in ([], ["chunked"]):
            raise HopError("bad-response", f"Transfer-Encoding is {', '.join(codings)[:60]!r}")
        self._read, self._most = len(self._held), most
        if self._read > most or (lengths and not codings and int(lengths[0]) > most):
            raise HopError("too-large", f"more than {amount(most)}")
        if codings:
            yield from self._chunks()
        elif lengths:
            yield from self._exactly(int(lengths[0]))
        else:
            while self._held or self._fill():
                yield self._take(_STEP)

    def _chunks(self) -> Iterator[bytes]:
        """A chunked body. Chunks of 4 GiB and more are none."""
        size = -1
        while size:
            match = _CHUNK.fullmatch(self._line("truncated"))
            if not match:
                raise HopError("bad-response", "the size of a chunk is no number")
            size = int(match[1], 16)
            yield from self._exactly(size)
            if size and self._line("truncated"):
                raise HopError("bad-response", "a chunk is longer than it says")
        self._headers("truncated")

    def _exactly(self, count: int) -> Iterator[bytes]:
        """So many bytes."""
        left = count
        while left:
            if not self._held and not self._fill():
                raise HopError("truncated", f"ended {left:,} bytes early")
            part = self._take(left)
            left -= len(part)
            yield part

    def _headers(self, short: str) -> Headers:
        """The headers up to the empty line; short: the reason where the connection ends before it."""
        found: list[tuple[str, str]] = []
        for _ in range(self._limits.headers + 1):
            line = self._line(short)
            if not line:
                return tuple(found)
            name, colon, value = line.partition(b":")
            if found and line[:1] in b" \t":  # goes on with the header before, as old servers do
                found[-1] = found[-1][0], f"{found[-1][1]} {_text(line)}"
            elif colon and _TOKEN.fullmatch(name) and not _ODD.search(value):
                found.append((name.decode().lower(), _text(value)))
            else:
                raise HopError("bad-response", f"{line[:60].decode('latin-1')!r} is no header")
        raise HopError("bad-response", f"more than {self._limits.headers} headers")

    def _line(self, short: str) -> bytes:
        """The next line, without its end; short: the reason where the connection ends before it."""
        while (end := self._held.find(b"\n")) < 0 and len(self._held) <= self._limits.header_line:
            if not self._fill():
                raise HopError(short, "the connection ended before the answer was complete")
        if not 0 <= end <= self._limits.header_line:
            raise HopError("bad-response", f"a line of more than {amount(self._limits.header_line)}")
        return self._take(end + 1)[:-1].removesuffix(b"\r")

    def _take(self, most: int) -> bytes:
        """Bytes that were read, up to so many."""
        part = bytes(self._held[:most])
        del self._held[:most]
        return part

    def _fill(self) -> bool:
        """Waits for more bytes; False at the end. Each wait is as long as the limits leave, so that drips end too."""
        try:
            self._connection.settimeout(min(self._limits.read, self._deadline.left()))
            part = self._connection.recv(_STEP)
        except TimeoutError:
            self._deadline.left()
            raise HopError("read-timeout", f"silent for {self._limits.read:g} s") from None
        except OSError as error:
            raise HopError("network", error.strerror or str(error)) from None
        self._held += part
        self._read += len(part)
        if self._most is not None and self._read > self._most:
            raise HopError("too-large", f"more than {amount(self._most)}")
        return bool(part)


def _text(value: bytes) -> str:
    """A header's value: UTF-8 where it is that, else Latin-1, which takes every byte."""
    try:
        return value.decode().strip(" \t")
    except UnicodeDecodeError:
        return value.decode("latin-1").strip(" \t")


def amount(count: int) -> str:
    """A number of bytes for a message: in MiB where that is a whole number."""
    return f"{count >> 20} MiB" if count and count % (1 << 20) == 0 else f"{count:,} bytes"

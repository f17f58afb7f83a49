"""Other people's servers for tests: raw sockets on loopback that answer as they are told, wrong ones included."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from cleaner.errors import FetchError
from cleaner.fetch import Fetcher, Limits

SHORT = Limits(connect=0.5, read=0.4, total=1.0)
TEXT = "Der Hafen wird größer. ".encode() * 400
OK = b"HTTP/1.1 200 OK\r\n"
Say = bytes | Callable[[socket.socket], None]


class Upstream:
    """A running server. place: its host:port; asked: the head of each request; hits: connections that were made."""

    def __init__(self, listener: socket.socket, says: Mapping[str, Say], tls: ssl.SSLContext | None) -> None:
        self.place = f"127.0.0.1:{listener.getsockname()[1]}"
        self.port = listener.getsockname()[1]
        self.asked: list[bytes] = []
        self.hits = 0
        self._listener, self._says, self._tls = listener, says, tls
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """An address here, under any name."""
        return f"{scheme}://{host}:{self.port}{path}"

    def sent(self, number: int = -1) -> dict[str, str]:
        """The headers of a request, names in lower case."""
        lines = self.asked[number].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}

    def _serve(self) -> None:
        """Each connection in a thread of its own, until the listener is closed."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.hits += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        """Reads one head and says what its path asks for; the other end may go at any time."""
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            spoken = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with spoken:
                head = b""
                while b"\r\n\r\n" not in head:
                    part = spoken.recv(65536)
                    if not part:
                        return
                    head += part
                self.asked.append(head)
                path = head.split(b" ")[1].decode()
                say = self._says.get(path, self._says.get("*", answer(404)))
                if callable(say):
                    say(spoken)
                else:
                    spoken.sendall(say)


@contextlib.contextmanager
def upstream(
    says: Say | Mapping[str, Say] = b"", *, tls: ssl.SSLContext | None = None, ip: str = "127.0.0.1", port: int = 0
) -> Iterator[Upstream]:
    """A server; says: what it sends, by path (``*`` for the rest), bytes or a function of the connection."""
    with socket.create_server((ip, port)) as listener:
        yield Upstream(listener, says if isinstance(says, Mapping) else {"*": says}, tls)
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts


def answer(status: int = 200, body: bytes = b"", headers: Sequence[str] = (), *, length: bool = True) -> bytes:
    """A whole answer in bytes."""
    lines = [f"HTTP/1.1 {status} Told", *headers, *([f"Content-Length: {len(body)}"] if length else [])]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(target: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return answer(status, headers=[f"Location: {target}"])


def drip(parts: Iterable[bytes], pause: float) -> Callable[[socket.socket], None]:
    """Says parts with a pause before each, as slow servers do."""

    def say(connection: socket.socket) -> None:
        """Until the client has gone."""
        for part in parts:
            threading.Event().wait(pause)
            connection.sendall(part)

    return say


def endless(head: bytes, part: bytes) -> Say:
    """A body, or headers, without an end."""

    def say(connection: socket.socket) -> None:
        """Until the client has gone."""
        connection.sendall(head)
        while True:
            connection.sendall(part)

    return say


def chunked(*chunks: bytes) -> bytes:
    """An answer in chunks, as given."""
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(chunks)


def reset(head: bytes) -> Say:
    """Says something and breaks the connection off."""

    def say(connection: socket.socket) -> None:
        """With a reset, which is what closing at once makes of what was not read."""
        connection.sendall(head)
        time.sleep(0.1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return say


def bomb() -> bytes:
    """1 MiB of gzip that would be 1 GiB. Blocks of the same bytes, so that making it takes no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * 1023


class Names:
    """A resolver: each name's addresses, one list for each look-up (the last one stays); counts what it is asked."""

    def __init__(self, **names: Sequence[Sequence[str]]) -> None:
        self._names = {name.replace("_", "."): list(turns) for name, turns in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        """As socket.getaddrinfo answers; what is no name of ours goes to the system."""
        self.asked.append(host)
        if host not in self._names:
            return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        turns = self._names[host]
        ips = turns.pop(0) if len(turns) > 1 else turns[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (ip, port, 0, 0))
            if ":" in ip
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ips
        ]


def fetcher(*allowed: Upstream | str, limits: Limits = SHORT, **more: Any) -> Fetcher:
    """A client with short limits that may ask some servers here."""
    places = [one.place if isinstance(one, Upstream) else one for one in allowed]
    return Fetcher(limits=limits, allow_private=places, **more)


def failing(
    say: Say, limits: Limits = SHORT, wire: int | None = None, inflated: int | None = None
) -> tuple[str, float]:
    """The reason for which a fetch ends, and the seconds that it took. The error is one line that names the address."""
    with upstream(say) as server:
        start = time.monotonic()
        with pytest.raises(FetchError) as caught:
            fetcher(server, limits=limits).get(server.url("/page"), wire=wire, inflated=inflated)
        assert str(caught.value).startswith(f"{server.url('/page')}: {caught.value.reason}: ")
        assert str(caught.value).isprintable()
        return caught.value.reason, time.monotonic() - start


def body_of(say: Say, wire: int | None = None, inflated: int | None = None) -> bytes:
    """The body of a fetch that succeeds."""
    with upstream(say) as server:
        found = fetcher(server).get(server.url(), wire=wire, inflated=inflated)
        assert found.status == 200
        return found.body


def refused(client: Fetcher, url: str, **more: Any) -> FetchError:
    """The error of a fetch that fails, which is one line."""
    with pytest.raises(FetchError) as caught:
        client.get(url, **more)
    assert str(caught.value).isprintable()
    return caught.value

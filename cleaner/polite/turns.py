"""A host -> one's turn to ask it: one thread at a time, with a pause between two requests, in order of arrival.

Hosts do not wait for each other. A host that said when to come back is held: nobody gets a turn until then. Clock and
sleep come in, and whether all is over; the times are those of a clock that never goes back.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from urllib.parse import urlsplit

from cleaner.errors import FetchError

__all__ = ["Turns", "host_of"]

_IDLE = 3600.0  # seconds that a host is remembered after it was free
_SWEEP = 60.0  # seconds between two looks for hosts to forget
_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """The ``host:port`` of a web address, in lower case, international names as punycode. Raises FetchError for one that is no http(s) address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
        if host and not host.isascii():
            host = host.encode("idna").decode("ascii")
    except (ValueError, KeyError):
        host, port = None, 0
    if not host:
        raise FetchError(url, "scheme", f"{url!r} is no http(s) address")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(slots=True)
class _Line:
    """Those who wait for one host, the first one has the turn; and until when the host is left alone, on the clock.

    ended, rest: when its last request ended, and the seconds of pause after that one; held: until when nobody asks.
    """

    waiting: deque[threading.Event] = field(default_factory=deque)
    ended: float = -inf
    rest: float = 0.0
    held: float = -inf


class Turns:
    """Who may ask a host when; shared by all threads that fetch.

    pause: least seconds between the end of one request to a host and the begin of the next; may be set anew. sleep: may
    end early. over: whether nobody is to ask any more; one who sleeps for his turn sees it when his sleep ends.
    """

    def __init__(
        self,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        self.pause, self._clock, self._sleep, self.over = pause, clock, sleep, over
        self._guard = threading.Lock()
        self._lines: dict[str, _Line] = {}
        self._swept = -inf

    @contextmanager
    def turn(self, host: str, delay: float | None = None) -> Iterator[None]:
        """One's turn to ask a host (``host:port``): waits for it, and ends with the block.

        delay: seconds that the host itself wants between requests; counts where it is more than the pause. Raises
        FetchError ``held`` where the host is held, also for those who were waiting when that was told, and ``stopped``
        where all is over; both say what ``wait`` is. A thread that has a host's turn must not ask for another one, of
        whichever host: two who want each other's would wait for ever.
        """
        rest = max(self.pause, delay or 0.0)
        line, ticket = self._join(host)
        asked = False
        try:
            ticket.wait()
            self._wait(host, line, rest)
            asked = True
            yield
        finally:
            self._leave(line, ticket, rest if asked else None)

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks a host for so many seconds from now; an earlier word that holds for longer stays."""
        with self._guard:
            if seconds > 0:
                line = self._lines.setdefault(host.lower(), _Line())
                line.held = max(line.held, self._clock() + seconds)

    def held(self, host: str) -> float:
        """The seconds that a host is still held; 0 where it may be asked."""
        with self._guard:
            line = self._lines.get(host.lower())
            return max(0.0, line.held - self._clock()) if line else 0.0

    def all_held(self) -> dict[str, float]:
        """The seconds for which each host that is held is so."""
        with self._guard:
            now = self._clock()
            return {host: line.held - now for host, line in self._lines.items() if line.held > now}

    def _join(self, host: str) -> tuple[_Line, threading.Event]:
        """A place at the end of the host's line."""
        ticket = threading.Event()
        with self._guard:
            self._forget(self._clock())
            line = self._lines.setdefault(host.lower(), _Line())
            line.waiting.append(ticket)
            line.waiting[0].set()
        return line, ticket

    def _wait(self, host: str, line: _Line, rest: float) -> None:
        """Sleep until the pause after the last request is over. Raises FetchError where the host is held, or all is over."""
        while True:
            if self.over():
                error = FetchError(host, "stopped", "the daemon ends")
                error.wait = timedelta(0)
                raise error
            with self._guard:
                now = self._clock()
                if line.held > now:
                    error = FetchError(host, "held", f"asked to be left alone for another {line.held - now:.0f} s")
                    error.wait = timedelta(seconds=line.held - now)
                    raise error
                left = line.ended + max(rest, line.rest) - now
            if left <= 0:
                return
            self._sleep(left)

    def _leave(self, line: _Line, ticket: threading.Event, rest: float | None) -> None:
        """Give the turn, or the place in line, to the next one. rest: None where the host was not asked."""
        with self._guard:
            if rest is not None:
                line.ended, line.rest = self._clock(), rest
            line.waiting.remove(ticket)
            if line.waiting:
                line.waiting[0].set()

    def _forget(self, now: float) -> None:
        """Drop the hosts that nobody waits for and that were free for an hour; looks once a minute."""
        if now - self._swept < _SWEEP:
            return
        self._swept = now
        self._lines = {
            host: line
            for host, line in self._lines.items()
            if line.waiting or now - max(line.ended + line.rest, line.held) < _IDLE
        }

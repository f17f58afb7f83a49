"""Sources that are due -> their rounds in threads: of one host one after the other, in order of arrival.

Whoever waits for a host is in no thread. Rounds that ask no host have threads of their own, so that none of them waits
for a slow one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

__all__ = ["Lines"]


class Lines:
    """Whose round begins when. A source is in one line at most, and once: it never has two rounds at a time.

    work: does a source's round, by name, and raises nothing; after: called when it is out of its line again; asking,
    local: threads for rounds that ask a host, and for others.
    """

    def __init__(self, work: Callable[[str], None], after: Callable[[str], None], *, asking: int, local: int) -> None:
        self._work, self._after = work, after
        self._asking = ThreadPoolExecutor(asking, "asking")
        self._local = ThreadPoolExecutor(local, "local")
        self._guard = threading.Lock()
        self._names: set[str] = set()
        self._lines: dict[str, deque[str]] = {}  # by host; the first one's round is under way, or about to begin
        self._under_way = 0
        self._closed = False

    def join(self, name: str, host: str | None) -> None:
        """A source is due. host: which it asks, None for none. One that is in a line, or has its round, stays where it is."""
        with self._guard:
            if name in self._names or self._closed:
                return
            self._names.add(name)
            if host is None:
                self._local.submit(self._run, name, None)
                return
            line = self._lines.setdefault(host, deque())
            line.append(name)
            if len(line) == 1:
                self._asking.submit(self._run, name, host)

    def close(self) -> None:
        """No round begins any more; those under way go on."""
        with self._guard:
            self._closed = True
        for pool in (self._asking, self._local):
            pool.shutdown(wait=False, cancel_futures=True)

    @property
    def busy(self) -> bool:
        """Whether rounds are under way."""
        return self._under_way > 0

    def _run(self, name: str, host: str | None) -> None:
        """One round; then the next one in line gets a thread, behind those of other hosts that wait for one."""
        with self._guard:
            if self._closed:
                return
            self._under_way += 1
        try:
            self._work(name)
        finally:
            with self._guard:
                self._under_way -= 1
                self._leave(name, host)
            self._after(name)

    def _leave(self, name: str, host: str | None) -> None:
        """Take a source out of its line."""
        self._names.discard(name)
        if host is None:
            return
        line = self._lines[host]
        line.popleft()
        if not line:
            del self._lines[host]
        elif not self._closed:
            self._asking.submit(self._run, line[0], host)

"""Virtual time for several threads of which one runs at a time: what takes no work takes no time, and every run is the same.

A thread runs until it sleeps or waits for another; then the one whose time comes first goes on, and the clock is set to
that time. ``threading`` stands for the module of that name where what it makes is waited for in virtual time.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

from tests.unit.polite.clocks import NOW

__all__ = ["Lock", "Pool", "Signal", "Timeline"]


class Timeline:
    """Seconds since ``NOW`` that pass only while all threads sleep. now: where the clock stands."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, threading.Semaphore | Callable[[], None]]] = []
        self._count = self._alive = 0
        self._error: BaseException | None = None
        self._ended = threading.Semaphore(0)
        self.threading = SimpleNamespace(Lock=lambda: Lock(self), Event=lambda: Signal(self))

    def __call__(self) -> float:
        """The seconds now."""
        return self.now

    def day(self) -> datetime:
        """The same clock as a date."""
        return NOW + timedelta(seconds=self.now)

    def run(self, *tasks: Callable[[], None]) -> None:
        """Run tasks side by side until all have ended; raises what the first that failed raised."""
        self._alive = len(tasks)
        threads = [threading.Thread(target=self._task, args=(task, self.plan(0.0)), daemon=True) for task in tasks]
        for thread in threads:
            thread.start()
        self._next()
        self._ended.acquire()
        if self._error is not None:  # the others sleep for ever
            raise self._error
        for thread in threads:
            thread.join()

    def sleep(self, seconds: float) -> None:
        """Let time pass, and others run whose time comes before."""
        until = self.now + max(seconds, 0.0)
        if self._due and self._due[0][0] <= until:
            self.rest(self.plan(until))
        else:
            self.now = until

    def plan(self, time: float | None = None) -> threading.Semaphore:
        """A ticket to go on then, or when it is handed to ``wake``."""
        ticket = threading.Semaphore(0)
        if time is not None:
            self.wake(ticket, time)
        return ticket

    def wake(self, ticket: threading.Semaphore | Callable[[], None], time: float | None = None) -> None:
        """Have a ticket's holder go on then, or now; or something called that neither sleeps nor waits."""
        self._count += 1
        heapq.heappush(self._due, (self.now if time is None else time, self._count, ticket))

    def rest(self, ticket: threading.Semaphore) -> None:
        """Let others run until the ticket is called."""
        self._next()
        ticket.acquire()

    def _next(self) -> None:
        """The turn of whose time comes first."""
        while self._due:
            time, _, first = heapq.heappop(self._due)
            self.now = max(self.now, time)
            if isinstance(first, threading.Semaphore):
                first.release()
                return
            first()
        self._error = RuntimeError("all threads wait for each other")
        self._ended.release()

    def _task(self, task: Callable[[], None], ticket: threading.Semaphore) -> None:
        """One thread."""
        ticket.acquire()
        try:
            task()
        except BaseException as error:  # noqa: BLE001 - told by ``run``
            self._error = error
        self._alive -= 1
        if self._error is not None or not self._alive:
            self._ended.release()
        else:
            self._next()


class Signal:
    """As ``threading.Event``."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline, self._set = timeline, False
        self._waiting: list[threading.Semaphore] = []

    def set(self) -> None:
        """Let all go on that wait."""
        self._set = True
        while self._waiting:
            self._timeline.wake(self._waiting.pop(0))

    def wait(self) -> bool:
        """Wait until it is set."""
        if not self._set:
            self._waiting.append(ticket := self._timeline.plan())
            self._timeline.rest(ticket)
        return True


class Lock:
    """As ``threading.Lock``; who waits longest gets it next."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline, self._held = timeline, False
        self._waiting: deque[threading.Semaphore] = deque()

    def __enter__(self) -> None:
        """Take it, or wait for it."""
        if self._held:
            self._waiting.append(ticket := self._timeline.plan())
            self._timeline.rest(ticket)
        self._held = True

    def __exit__(self, *_: object) -> None:
        """Hand it to the next one."""
        if self._waiting:
            self._timeline.wake(self._waiting.popleft())
        else:
            self._held = False


class Pool:
    """As ``concurrent.futures.ThreadPoolExecutor``; its threads are ``workers``, to be run."""

    def __init__(self, timeline: Timeline, threads: int, name: str = "") -> None:
        self._timeline, self._over = timeline, False
        self._work: deque[tuple[Callable[..., None], tuple[object, ...]]] = deque()
        self._idle: deque[threading.Semaphore] = deque()
        self.workers = [self._go] * threads

    def submit(self, work: Callable[..., None], *args: object) -> None:
        """Have a thread do something, in order."""
        self._work.append((work, args))
        if self._idle:
            self._timeline.wake(self._idle.popleft())

    def shutdown(self, *, wait: bool = False, cancel_futures: bool = True) -> None:
        """Begin nothing more."""
        self._over = True
        self._work.clear()
        while self._idle:
            self._timeline.wake(self._idle.popleft())

    def _go(self) -> None:
        """One thread."""
        while not self._over:
            if self._work:
                work, args = self._work.popleft()
                work(*args)
            else:
                self._idle.append(ticket := self._timeline.plan())
                self._timeline.rest(ticket)

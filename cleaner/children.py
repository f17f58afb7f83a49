"""Raw pages -> outcomes, in child processes that can be killed. One page that hangs or explodes costs one page.

Each child limits its memory, dies with its parent, and leaves Ctrl-C to it. Started fresh (spawn), never forked: the
parent may have threads. Results come in the order of the pages, with a bounded number under way, so that memory
does not grow with the round.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from types import TracebackType
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from cleaner.config import load_knowledge
from cleaner.datatypes import Knowledge, Outcome, RawPage, Subscription
from cleaner.errors import ConfigError, PageError

__all__ = ["Children"]

Task = tuple[RawPage, Subscription]
Running = Future[Outcome | PageError]
_PIPELINE = "cleaner.pipeline:clean_page"
_AHEAD = 2  # pages under way for each child
_GARBAGE = (
    20_000  # objects made since garbage was last looked for: a page makes some thousands, and few of them in circles
)
_PR_SET_PDEATHSIG = 1
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # children inherit it: one page is one thread's work

_knowledge: Knowledge | ConfigError = Knowledge()
_authority = ""
_function = _PIPELINE


class Children:
    """The pool. Use as a context manager; ``clean`` may be called by several threads at once.

    workers: processes; seconds: wall time that a page may take; memory: bytes of address space of a child; knowledge:
    None for the packaged words and rules, which each child then loads itself; function: what runs in the child, as
    ``module:name`` (the pipeline, unless a test says otherwise).
    """

    def __init__(
        self,
        workers: int,
        seconds: float,
        memory: int,
        knowledge: Knowledge | None,
        authority: str,
        *,
        function: str = _PIPELINE,
    ) -> None:
        self._workers, self._seconds = workers, seconds
        self._initial = (knowledge, authority, memory, function)
        self._guard = threading.Lock()
        self._pool = self._open()

    def _open(self) -> Any:
        """A new pool, started at once: its processes die with the thread that starts them, so not with a round's."""
        pool = ProcessPool(
            max_workers=self._workers,
            initializer=_begin,
            initargs=self._initial,
            context=multiprocessing.get_context("spawn"),
        )
        assert pool.active
        return pool

    def __enter__(self) -> Self:
        """The pool itself; its processes start with the first page."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes, at once where an error ends the work."""
        self.close(at_once=kind is not None)

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; ``at_once`` kills what is under way."""
        if at_once:
            self._pool.stop()
        else:
            self._pool.close()
        self._pool.join()

    def clean(self, tasks: Iterable[Task]) -> Iterator[Outcome | PageError]:
        """The outcome of each page in order, or the PageError with which it ended: ``timeout``, ``memory``, ``crashed``.

        Raises ConfigError where the packaged words or weights cannot be used: no page can be judged then.
        """
        waiting: deque[tuple[Task, Running]] = deque()
        for task in tasks:
            waiting.append((task, self._start(task)))
            if len(waiting) > _AHEAD * self._workers:
                yield self._outcome(*waiting.popleft())
        while waiting:
            yield self._outcome(*waiting.popleft())

    def _outcome(self, task: Task, running: Running) -> Outcome | PageError:
        """Wait for a page."""
        result: Outcome | PageError = self._finish(task[0].origin, lambda: self._start(task), running)
        return result

    def read(self, function: str, origin: str, *args: object, knowing: bool = False) -> Any:
        """What a reader (``module:name``) makes of some bytes from outside, in a child. Raises PageError, also for one that hangs.

        knowing: whether it takes the child's knowledge behind the other arguments; then ConfigError, as ``clean`` does.
        """
        result = self._finish(origin, lambda: self._schedule(_read, (function, args, knowing)))
        if isinstance(result, PageError):
            raise result
        return result

    def _start(self, task: Task) -> Running:
        """Hand a page to the pool."""
        running: Running = self._schedule(_run, task)
        return running

    def _schedule(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Hand work to the pool; one that broke, because a process of it was killed while idle, is replaced."""
        with self._guard:
            try:
                return self._pool.schedule(function, args=args, timeout=self._seconds)
            except RuntimeError:
                self._pool.stop()
                self._pool = self._open()
                return self._pool.schedule(function, args=args, timeout=self._seconds)

    def _finish(self, origin: str, start: Callable[[], Any], running: Any = None) -> Any:
        """Wait for work; where its child died it is started once more, for the child may have died of another cause."""
        future = running or start()
        for last in (False, True):
            try:
                result = future.result()
            except FutureTimeout:
                return PageError(origin, "timeout", f"not cleaned within {self._seconds:g} s")
            except MemoryError:
                return PageError(origin, "memory", "needs more memory than a page may")
            except (ProcessExpired, CancelledError) as error:
                if last:
                    return PageError(
                        origin, "crashed", f"the process that cleaned it died ({getattr(error, 'exitcode', 'unknown')})"
                    )
                future = start()
            except ConfigError:
                raise
            except Exception as error:  # noqa: BLE001 - one page never stops a round; its error is kept with it
                return PageError(origin, "failed", f"{type(error).__name__}: {error}"[:300])
            else:
                return result
        raise AssertionError("unreachable")


def _begin(knowledge: Knowledge | None, authority: str, memory: int, function: str) -> None:
    """Set a child up: limits, signals, and what all its pages share."""
    global _knowledge, _authority, _function
    _knowledge, _authority, _function = _packaged() if knowledge is None else knowledge, authority, function
    logging.getLogger("readability").setLevel(logging.CRITICAL)  # its failures are answers, not news
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    gc.freeze()  # what all pages share is no garbage, and is not looked through for it
    gc.set_threshold(_GARBAGE)


def _packaged() -> Knowledge | ConfigError:
    """The packaged words and weights, or why they cannot be used: the first page tells, for a child that fails is made anew."""
    try:
        return load_knowledge(None)
    except ConfigError as error:
        return error


def _run(raw: RawPage, subscription: Subscription) -> Outcome | PageError:
    """Clean one page, in the child. Raises ConfigError where the child has nothing to judge by."""
    module, _, name = _function.partition(":")
    try:
        outcome: Outcome = getattr(importlib.import_module(module), name)(raw, subscription, _known(), _authority)
    except PageError as error:
        return error
    return outcome


def _read(function: str, args: tuple[Any, ...], knowing: bool) -> Any:
    """Read something, in the child; a PageError is an answer."""
    module, _, name = function.partition(":")
    try:
        return getattr(importlib.import_module(module), name)(*args, *([_known()] if knowing else []))
    except PageError as error:
        return error


def _known() -> Knowledge:
    """What the child knows. Raises ConfigError where that could not be loaded."""
    if isinstance(_knowledge, ConfigError):
        raise _knowledge
    return _knowledge

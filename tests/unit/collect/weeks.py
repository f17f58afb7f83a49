"""A week of many sources in virtual time: the askers of a daemon, all of them real but for the net, and what they had when."""

from __future__ import annotations

import importlib
import re
from collections import Counter, defaultdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from cleaner.children import Children
from cleaner.collect import Round, Visitor, learn_fulltext, next_try, take_in
from cleaner.daemon.lines import Lines
from cleaner.daemon.service import _host
from cleaner.daemon.times import first_due, next_due
from cleaner.datatypes import Knowledge
from cleaner.errors import PageError
from cleaner.polite import Turns
from cleaner.store import Store
from tests.unit.collect.cast import Part, cast
from tests.unit.collect.net import Net
from tests.unit.collect.timeline import Pool, Timeline
from tests.unit.polite.clocks import NOW

__all__ = ["Week"]

_ASKERS = 8
_KNOWLEDGE = Knowledge()
_VERSION = re.compile(r"(?:Version|In short,) (\d+)")
_TAG = re.compile(r"<[^>]*>")


class _Readers(Children):
    """What reads in children, here: pages of our own need no processes that can be killed."""

    def __init__(self) -> None:
        """Without processes."""

    def read(self, function: str, origin: str, *args: object, knowing: bool = False) -> Any:
        """What a reader makes of some bytes; nothing is known of sites."""
        return _read(function, (*args, _KNOWLEDGE) if knowing else args)


@lru_cache(maxsize=4096)
def _read(function: str, args: tuple[object, ...]) -> Any:
    """The same for the same bytes."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)(*args)


class Week:
    """Some sources on a net for some time. rounds: of each source; late: seconds by which one began after it was due, at worst."""

    def __init__(self, count: int, length: float, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.timeline = Timeline()
        for module in ("polite.turns", "polite.robots", "collect.visitor", "daemon.lines"):
            patch.setattr(f"cleaner.{module}.threading", self.timeline.threading)
        pools: list[Pool] = []

        def pool(threads: int, name: str) -> Pool:
            """One whose threads run in virtual time."""
            pools.append(Pool(self.timeline, threads))
            return pools[-1]

        patch.setattr("cleaner.daemon.lines.ThreadPoolExecutor", pool)
        self.net = Net(self.timeline, seed)
        self.length = length
        self.parts = {part.source.name: part for part in cast(self.net, count, length, seed)}
        self.rounds: Counter[str] = Counter()
        self.late: dict[str, float] = defaultdict(float)
        self.problems: Counter[str] = Counter()
        turns = Turns(1.0, self.timeline, self.timeline.sleep)
        self._visitor = Visitor(self.net, turns, self.timeline.day, "Cleaner/1 (tests)")  # type: ignore[arg-type]
        self._readers = _Readers()
        self._articles = {article.link: article for part in self.parts.values() for article in part.articles}
        self._lines = Lines(self._ask, self._plan_next, asking=_ASKERS, local=1)
        self._workers = [worker for pool in pools for worker in pool.workers]
        self._dues: dict[str, datetime] = {}
        self._begun: dict[str, datetime] = {}

    def run(self, folder: Path) -> None:
        """Let the time pass."""
        with Store(folder) as self.store:
            start = self.timeline.day()
            for part in self.parts.values():
                self._plan(part, first_due(part.source, None, start))
            self.timeline.wake(self._lines.close, self.length)
            self.timeline.run(*self._workers)

    def _plan(self, part: Part, due: datetime) -> None:
        """Have a source stand in line when it is due."""
        name, time = part.source.name, max((due - NOW).total_seconds(), self.timeline.now)
        self._dues[name] = due
        if time < self.length:
            self.timeline.wake(lambda: self._lines.join(name, _host(part.source)), time)

    def _ask(self, name: str) -> None:
        """A round."""
        self._begun[name] = begun = self.timeline.day()
        self.late[name] = max(self.late[name], (begun - self._dues[name]).total_seconds())
        self.rounds[name] += 1
        part = self.parts[name]
        means = Round(self.store, part.source, self._visitor, self._readers, begun, self._problem, self._count)
        means.monotonic = self.timeline
        try:
            rest = take_in(means)
            self._look_at(part)
            if rest is not None:
                rest()
        except PageError as error:
            self._problem(error)
        self._look_at(part)

    def _plan_next(self, name: str) -> None:
        """The plan for the next round."""
        part = self.parts[name]
        wanted = next_try(self.store, part.source, self.timeline.day())
        self._plan(part, next_due(part.source, self._begun[name], wanted))

    def _look_at(self, part: Part) -> None:
        """What was kept is not cleaned but noted."""
        for digest in self.store.pending(part.source.name):
            raw = self.store.raw.read(part.source.name, digest)
            assert raw is not None
            text = _TAG.sub(" ", raw.body.decode())
            found = _VERSION.search(text)
            assert found is not None, f"{raw.origin} is no article: {text[:200]}"
            self._articles[raw.origin].had.setdefault(int(found[1]), self.timeline.now)
            self.store.settle(raw.source, raw.id, "published")
            learn_fulltext(self.store, raw, text)

    def _problem(self, error: PageError) -> None:
        """Count what is told of."""
        self.problems[error.reason] += 1

    def _count(self, what: str) -> None:
        """Count a page."""
        self.problems[what] += 1

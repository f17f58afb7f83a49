"""Whose round begins when: one of a host at a time, in order of arrival, and whoever waits is in no thread."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from cleaner.daemon.lines import Lines

A, B = "a.example:443", "b.example:443"


class Rounds:
    """Rounds that last until they are let go; what began, and what was out of its line again, in order."""

    def __init__(self, asking: int = 2, local: int = 2) -> None:
        self.began, self.out = list[str](), list[str]()
        self.gates: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(0))
        self.again: dict[str, str | None] = {}
        self.lines = Lines(self._work, self._after, asking=asking, local=local)

    def _work(self, name: str) -> None:
        """One round."""
        self.began.append(name)
        assert self.gates[name].acquire(timeout=10)
        if name == "broken":
            raise RuntimeError

    def _after(self, name: str) -> None:
        """A source may be due again at once."""
        self.out.append(name)
        if name in self.again:
            self.lines.join(name, self.again.pop(name))

    def join(self, *names: str, host: str | None) -> None:
        """Sources that are due."""
        for name in names:
            self.lines.join(name, host)

    def end(self, *names: str) -> None:
        """Let rounds end."""
        for name in names:
            self.gates[name].release()

    def until(self, *names: str) -> None:
        """Wait until so many rounds have begun, and these are they."""
        _until(lambda: len(self.began) >= len(names))
        assert self.began == list(names)


def _until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 5
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.fixture
def rounds() -> Iterator[Rounds]:
    """Rounds in two threads and two; those that a test leaves are let go."""
    made = Rounds()
    yield made
    made.lines.close()
    made.end(*list(made.gates))


def test_a_host_has_one_round_at_a_time_in_order_of_arrival(rounds: Rounds) -> None:
    """Though there is a thread for another one."""
    rounds.join("a1", "a2", "a3", host=A)
    rounds.until("a1")
    time.sleep(0.05)
    rounds.until("a1")
    rounds.end("a1")
    rounds.until("a1", "a2")
    rounds.end("a2", "a3")
    rounds.until("a1", "a2", "a3")
    _until(lambda: not rounds.lines.busy)
    assert rounds.out == ["a1", "a2", "a3"]


def test_who_waits_for_a_host_is_in_no_thread(rounds: Rounds) -> None:
    """Many sources of one host leave the other thread to another host, round by round."""
    rounds.join(*(f"a{number}" for number in range(20)), host=A)
    rounds.until("a0")
    rounds.join("b1", "b2", host=B)
    rounds.until("a0", "b1")
    rounds.end("b1")
    rounds.until("a0", "b1", "b2")


def test_the_next_in_line_comes_behind_other_hosts_that_wait_for_a_thread() -> None:
    """A host with many sources does not keep its thread."""
    rounds = Rounds(asking=1)
    rounds.join("a1", "a2", host=A)
    rounds.join("b1", host=B)
    rounds.end("a1", "a2", "b1")
    rounds.until("a1", "b1", "a2")
    rounds.lines.close()


def test_what_asks_no_host_waits_for_none(rounds: Rounds) -> None:
    """All threads that ask are taken."""
    rounds.join("a1", host=A)
    rounds.join("b1", host=B)
    rounds.join("c1", host="c.example:443")
    _until(lambda: len(rounds.began) == 2)
    rounds.join("inbox", "printed", host=None)
    _until(lambda: len(rounds.began) == 4)
    assert set(rounds.began) == {"a1", "b1", "inbox", "printed"}


@pytest.mark.parametrize("host", [A, B, None])
def test_a_source_never_has_two_rounds_at_a_time(rounds: Rounds, host: str | None) -> None:
    """Also where other settings have it at another host, or in a folder; nor does it stand in a line twice."""
    rounds.join("a1", "a2", host=A)
    rounds.until("a1")
    rounds.join("a1", "a2", host=host)
    time.sleep(0.05)
    rounds.end("a1", "a2")
    _until(lambda: rounds.out == ["a1", "a2"])
    time.sleep(0.05)
    assert rounds.began == ["a1", "a2"]


def test_a_source_may_be_due_again_as_soon_as_it_is_out(rounds: Rounds) -> None:
    """It comes behind those that wait."""
    rounds.again = {"a1": A, "inbox": None}
    rounds.join("inbox", host=None)
    rounds.until("inbox")
    rounds.join("a1", "a2", host=A)
    rounds.until("inbox", "a1")
    rounds.end("a1", "a1", "a2")
    rounds.until("inbox", "a1", "a2", "a1")
    rounds.end("inbox", "inbox")
    _until(lambda: rounds.out.count("inbox") == 2)


@pytest.mark.parametrize("host", [A, None])
def test_a_round_that_breaks_holds_nobody_up(rounds: Rounds, host: str | None) -> None:
    """It is out of its line as any other."""
    rounds.join("broken", "a2", host=host)
    rounds.end("broken", "a2")
    _until(lambda: sorted(rounds.out) == ["a2", "broken"])
    rounds.join("broken", host=host)
    _until(lambda: rounds.began.count("broken") == 2)


def test_no_round_begins_after_the_end(rounds: Rounds) -> None:
    """Those under way go on and are told of."""
    rounds.join("a1", "a2", host=A)
    rounds.join("inbox", host=None)
    _until(lambda: len(rounds.began) == 2)
    rounds.lines.close()
    rounds.join("b1", host=B)
    assert rounds.lines.busy
    rounds.end("a1", "a2", "inbox")
    _until(lambda: not rounds.lines.busy)
    time.sleep(0.05)
    assert sorted(rounds.began) == ["a1", "inbox"]

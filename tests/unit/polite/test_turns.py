"""Turns: one thread at a host, a pause between, in order of arrival; other hosts never wait; held hosts are left alone."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.errors import FetchError
from cleaner.polite import Turns, host_of
from tests.unit.polite.clocks import Clock

HOST = "gazette.example:443"


def _stamps(turns: Turns, clock: Clock, *delays: float | None) -> list[float]:
    """When turns at one host begin, each of which lasts 2 s."""
    found = []
    for delay in delays:
        with turns.turn(HOST, delay):
            found.append(clock())
            clock.sleep(2)
    return found


def _line(turns: Turns, count: int) -> None:
    """Wait until so many threads stand at the host."""
    until = time.monotonic() + 5
    while len(turns._lines[HOST].waiting) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_the_pause_is_from_the_end_of_one_to_the_begin_of_the_next() -> None:
    """The first one begins at once; time that passed meanwhile counts."""
    clock = Clock(100)
    turns = Turns(3, clock, clock.sleep)
    assert _stamps(turns, clock, None, None) == [100, 105]
    clock.sleep(2.5)
    assert _stamps(turns, clock, None) == [110]
    clock.sleep(50)
    assert _stamps(turns, clock, None) == [162]


def test_the_longer_of_pause_and_delay_counts_before_and_after() -> None:
    """A host's delay holds after the request that knew of it, and before the one that knows of it."""
    clock = Clock()
    turns = Turns(1, clock, clock.sleep)
    assert _stamps(turns, clock, None, 10, None, 0.5) == [0, 12, 24, 27]


def test_names_of_hosts_have_no_case() -> None:
    """A host is the same however it is written."""
    clock = Clock()
    turns = Turns(5, clock, clock.sleep)
    with turns.turn(HOST):
        pass
    with turns.turn(HOST.upper()):
        assert clock() == 5


def test_other_hosts_do_not_wait() -> None:
    """Neither for one that is being asked nor for its pause; with the real clock."""
    turns = Turns(30)
    with turns.turn(HOST), turns.turn("harbour.example:443"), turns.turn("gazette.example:80"):
        pass
    began = time.monotonic()
    with turns.turn("river.example:443"):
        assert time.monotonic() - began < 5


def test_real_time_passes_between_two_requests() -> None:
    """With the clock and the sleep of the machine."""
    turns = Turns(0.05)
    with turns.turn(HOST):
        pass
    ended = time.monotonic()
    with turns.turn(HOST):
        assert time.monotonic() - ended >= 0.045


def test_those_who_wait_come_in_order_of_arrival() -> None:
    """However many there are."""
    clock = Clock()
    turns = Turns(1, clock, clock.sleep)
    order: list[int] = []

    def visit(number: int) -> None:
        """Note one's turn."""
        with turns.turn(HOST):
            order.append(number)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(12)]
    with turns.turn(HOST):
        for count, thread in enumerate(threads, 2):
            thread.start()
            _line(turns, count)
        assert order == []
    for thread in threads:
        thread.join(5)
    assert order == list(range(12))


def test_a_held_host_is_not_asked_until_it_said() -> None:
    """The error names the host and the seconds; a shorter word after a longer one changes nothing."""
    clock = Clock()
    turns = Turns(1, clock, clock.sleep)
    assert turns.held(HOST) == 0
    turns.hold(HOST, 600)
    turns.hold(HOST.upper(), 5)
    turns.hold("river.example:443", -5)
    clock.sleep(100)
    assert (turns.held(HOST), turns.held("river.example:443")) == (500, 0)
    with pytest.raises(FetchError, match=f"^{HOST}: held: asked to be left alone for another 500 s$"), turns.turn(HOST):
        raise AssertionError
    clock.sleep(500)
    assert turns.held(HOST) == 0
    assert _stamps(turns, clock, None) == [600]


def test_those_in_line_are_sent_away_when_a_host_becomes_held() -> None:
    """They were waiting before the host said that it wants to be left alone; nobody hangs, nobody asks."""
    clock = Clock()
    turns = Turns(1, clock, clock.sleep)
    told: list[str] = []

    def visit() -> None:
        """Note why there was no turn."""
        try:
            with turns.turn(HOST):
                told.append("asked")
        except FetchError as error:
            told.append(error.reason)

    threads = [threading.Thread(target=visit) for _ in range(3)]
    with turns.turn(HOST):
        for thread in threads:
            thread.start()
        _line(turns, 4)
        turns.hold(HOST, 60)
    for thread in threads:
        thread.join(5)
    assert told == ["held"] * 3
    assert clock() == 0


def test_a_host_held_during_the_pause_is_not_asked() -> None:
    """The word may come from another thread while one sleeps."""
    clock = Clock()

    def sleep(seconds: float) -> None:
        """Meanwhile somebody is told."""
        clock.sleep(seconds)
        turns.hold(HOST, 60)

    turns = Turns(5, clock, sleep)
    with turns.turn(HOST):
        pass
    with pytest.raises(FetchError), turns.turn(HOST):
        raise AssertionError
    assert clock() == 5


def test_an_error_in_the_turn_gives_it_back_and_counts_as_a_request() -> None:
    """The next one has it after the pause."""
    clock = Clock()
    turns = Turns(4, clock, clock.sleep)
    with pytest.raises(RuntimeError), turns.turn(HOST):
        raise RuntimeError
    assert _stamps(turns, clock, None) == [4]


def test_a_sleep_that_breaks_off_gives_the_turn_back() -> None:
    """As when the service is stopped; nothing was asked, so the pause is that of the request before."""
    clock = Clock()
    broken = [True]

    def sleep(seconds: float) -> None:
        """Stopped the first time, a little before the end."""
        if broken and broken.pop():
            clock.sleep(seconds - 1)
            raise KeyboardInterrupt
        clock.sleep(seconds)

    turns = Turns(4, clock, sleep)
    with turns.turn(HOST):
        pass
    with pytest.raises(KeyboardInterrupt), turns.turn(HOST):
        raise AssertionError
    assert _stamps(turns, clock, None) == [4]


def test_nobody_asks_when_all_is_over() -> None:
    """Neither who sleeps for his turn, nor those in line, nor who comes then; the error says that it was no failure."""
    over = threading.Event()
    turns = Turns(30, sleep=over.wait, over=over.is_set)
    with turns.turn(HOST):
        pass
    told: list[tuple[str, timedelta | None]] = []

    def visit(host: str) -> None:
        """Note why there was no turn."""
        with pytest.raises(FetchError) as caught, turns.turn(host):
            raise AssertionError
        told.append((str(caught.value), caught.value.wait))

    threads = [threading.Thread(target=visit, args=(HOST,)) for _ in range(3)]
    for count, thread in enumerate(threads, 1):
        thread.start()
        _line(turns, count)
    began = time.monotonic()
    over.set()
    for thread in threads:
        thread.join(5)
    visit("river.example:443")
    assert time.monotonic() - began < 2
    assert told == [(f"{host}: stopped: the daemon ends", timedelta(0)) for host in [HOST] * 3 + ["river.example:443"]]


def test_a_sleep_that_ends_early_is_not_enough() -> None:
    """The pause is kept all the same."""
    clock = Clock()
    turns = Turns(4, clock, lambda seconds: clock.sleep(seconds / 2 + 0.1))
    assert _stamps(turns, clock, None, None)[1] >= 6


def test_a_pause_may_be_set_anew() -> None:
    """It holds from the next turn on; after the request before, the longer one does."""
    clock = Clock()
    turns = Turns(4, clock, clock.sleep)
    assert _stamps(turns, clock, None) == [0]
    turns.pause = 10
    assert _stamps(turns, clock, None) == [12]
    turns.pause = 1
    assert _stamps(turns, clock, None, None) == [24, 27]


def test_hosts_idle_for_an_hour_are_forgotten() -> None:
    """Not those that are being asked, held, or in a pause that is longer."""
    clock = Clock()
    turns = Turns(1, clock, clock.sleep)
    for number in range(1000):
        with turns.turn(f"{number}.example:80"):
            pass
    turns.hold("held.example:80", 2 * 3600)
    with turns.turn("slow.example:80", 2 * 3600):
        pass
    with turns.turn("busy.example:80"):
        clock.sleep(3000)
        with turns.turn("recent.example:80"):
            pass
        clock.sleep(1000)
        with turns.turn("last.example:80"):
            pass
        assert set(turns._lines) == {f"{name}.example:80" for name in ("held", "slow", "busy", "recent", "last")}
    clock.sleep(4 * 3600)
    with turns.turn("last.example:80"):
        assert set(turns._lines) == {"last.example:80"}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Gazette.Example/a", "gazette.example:443"),
        ("http://me:secret@gazette.example", "gazette.example:80"),
        ("http://gazette.example:8080/?x=http://river.example", "gazette.example:8080"),
        ("https://[::1]/", "[::1]:443"),
        ("https://Bücher.example/ä", "xn--bcher-kva.example:443"),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    """Host and port, lower case."""
    assert host_of(url) == host


_VISIT = st.tuples(
    st.integers(0, 3),  # thread
    st.sampled_from(["a:80", "b:80", "c:443"]),
    st.sampled_from([None, None, 0.0, 0.3, 2.5]),  # delay
    st.sampled_from([0.0, 0.1, 1.7]),  # how long the request takes
    st.sampled_from([0.0, 0.0, 0.0, 4.0]),  # seconds that the host wants to be left alone afterwards
)


@settings(max_examples=80, deadline=None)
@given(visits=st.lists(_VISIT, max_size=24), pause=st.sampled_from([0.5, 1.0]))
def test_no_two_requests_to_a_host_overlap_or_come_closer_than_the_pause(
    visits: list[tuple[int, str, float | None, float, float]], pause: float
) -> None:
    """Whatever threads ask whichever hosts: each host alone, with its pause or delay between, never while it is held."""
    clock = Clock()
    turns = Turns(pause, clock, clock.sleep)
    seen: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    inside: dict[str, int] = defaultdict(int)
    held: dict[str, float] = defaultdict(float)
    wrong: list[str] = []
    start = threading.Barrier(4)

    def work(number: int) -> None:
        """One thread's visits, in order."""
        start.wait(30)
        for _, host, delay, lasts, hold in [visit for visit in visits if visit[0] == number]:
            with contextlib.suppress(FetchError), turns.turn(host, delay):
                inside[host] += 1
                began = clock()
                if inside[host] != 1 or began < held[host]:
                    wrong.append(f"{host} at {began}: {inside[host]} inside, held until {held[host]}")
                clock.sleep(lasts)
                if hold:
                    held[host] = clock() + hold
                    turns.hold(host, hold)
                inside[host] -= 1
                seen[host].append((began, clock(), max(pause, delay or 0.0)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert wrong == []
    for requests in seen.values():
        for (_, ended, rest), (began, _, wanted) in pairwise(requests):
            assert began - ended >= max(rest, wanted) - 1e-9

"""How long until a server is asked again: what it says, how often it failed, how often it publishes."""

from __future__ import annotations

import heapq
import random
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.polite import Turns, backoff, interval, max_age, retry_after
from tests.unit.polite.clocks import NOW, Clock

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
LEAST = 15 * MINUTE


@pytest.mark.case(35)
@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("3600", HOUR),
        (" 7200 ", 2 * HOUR),
        ("0", MINUTE),
        ("59", MINUTE),
        ("99999999", WEEK),
        ("9" * 5000, WEEK),
        ("Mon, 01 Jun 2026 14:00:00 GMT", 2 * HOUR),
        ("Mon, 01 Jun 2026 16:00:00 +0200", 2 * HOUR),
        ("Monday, 01-Jun-26 14:00:00 GMT", 2 * HOUR),
        ("Mon Jun  1 14:00:00 2026", 2 * HOUR),
        ("Mon, 01 Jun 2026 12:00:01 GMT", MINUTE),
        ("Fri, 01 Jan 2100 00:00:00 GMT", WEEK),
        ("Mon, 01 Jun 2026 11:59:59 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("\u0663\u0664", None),
        ("soon", None),
        ("", None),
        ("Mon, 01 Jun 2026 14:00:00 +9999", None),
        ("Mon, 99 Jun 2026 14:00:00 GMT", None),
    ],
)
def test_retry_after(value: str, wait: timedelta | None) -> None:
    """Seconds and the three forms of dates, within bounds; the past and nonsense say nothing."""
    assert retry_after(value, NOW, MINUTE) == wait


@pytest.mark.case(35)
@given(value=st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [-+]\d+"))
def test_no_retry_after_breaks_anything(value: str) -> None:
    """Any text gives a wait within the bounds, or none."""
    wait = retry_after(value, NOW, MINUTE)
    assert wait is None or MINUTE <= wait <= WEEK


@pytest.mark.parametrize(
    ("value", "age"),
    [
        ("max-age=600", 10 * MINUTE),
        ('public, MAX-AGE = "600" , must-revalidate', 10 * MINUTE),
        ("max-age=0", timedelta(0)),
        ("s-maxage=9, max-age=60", MINUTE),
        ("s-maxage=60", None),
        ("x-max-age=60", None),
        ("max-age=-1", None),
        ("max-age=1.5", None),
        ("max-age", None),
        ("no-cache, max-age=600", None),
        ("max-age=600, no-store", None),
        ("", None),
        ("max-age=" + "9" * 5000, timedelta(seconds=1 << 31)),
    ],
)
def test_max_age(value: str, age: timedelta | None) -> None:
    """The directive for everybody, in any case and order; not beside one that asks to be asked."""
    assert max_age(value) == age


def test_waits_after_failures_double_up_to_the_most() -> None:
    """Within a fifth of 5, 10, 20 ... minutes, and never beyond the most."""
    for failures in range(1, 6):
        share = backoff(failures, 5 * MINUTE, DAY, "gazette") / (5 * MINUTE * 2 ** (failures - 1))
        assert 0.8 <= share <= 1.2
    assert all(DAY * 0.6 < backoff(failures, 5 * MINUTE, DAY, "gazette") <= DAY for failures in (12, 50, 10**9))
    assert 4 * MINUTE <= backoff(0, 5 * MINUTE, DAY, "gazette") <= 6 * MINUTE
    assert backoff(3, 2 * DAY, DAY, "gazette") <= DAY


def test_jitter_is_the_same_every_time_and_other_for_others() -> None:
    """Sources that broke together come back spread over the whole of the jitter, also when they wait the longest."""
    for failures in (1, 40):
        waits = [backoff(failures, HOUR, DAY, f"source-{number}") for number in range(200)]
        assert waits == [backoff(failures, HOUR, DAY, f"source-{number}") for number in range(200)]
        assert len(set(waits)) == 200
        assert max(waits) / min(waits) > 1.4
    assert backoff(1, HOUR, DAY, "a") * 2 != backoff(2, HOUR, DAY, "a")


def _every(gap: timedelta, count: int = 20, last: datetime = NOW) -> list[datetime]:
    """Entries a gap apart."""
    return [last - gap * number for number in range(count)]


def test_half_the_usual_gap() -> None:
    """Whatever the order, with nights between, and with a batch of entries at a time."""
    assert interval(_every(4 * HOUR), NOW, LEAST, DAY) == 2 * HOUR
    assert interval(_every(4 * HOUR)[::-1], NOW, LEAST, DAY) == 2 * HOUR
    days = [NOW - DAY * day - HOUR * hour for day in range(3) for hour in range(10)]
    assert interval(days, NOW, LEAST, DAY) == HOUR / 2
    batches = [NOW - DAY * day - timedelta(seconds=second) for day in range(4) for second in range(5)]
    assert interval(batches, NOW, LEAST, 2 * DAY) == DAY / 2


def test_old_entries_do_not_count() -> None:
    """Only the last 20: a blog that became a daily is a daily."""
    assert interval([*_every(DAY), *_every(30 * DAY, 50, NOW - 30 * DAY)], NOW, LEAST, WEEK) == DAY / 2


@pytest.mark.parametrize(
    ("silence", "wait"),
    [
        (HOUR, 2 * HOUR),
        (12 * HOUR, 2 * HOUR),
        (18 * HOUR, 3 * HOUR),
        (4 * DAY, 16 * HOUR),
        (6 * DAY, DAY),
        (900 * DAY, DAY),
    ],
)
def test_a_silent_source_is_asked_less_and_less(silence: timedelta, wait: timedelta) -> None:
    """After three gaps without an entry a sixth of the silence counts, up to the most."""
    assert interval(_every(4 * HOUR, last=NOW - silence), NOW, LEAST, DAY) == wait


def test_what_the_source_asks_for_is_the_least() -> None:
    """Its own wish lengthens the wait up to the most, and never shortens it."""
    assert interval(_every(4 * HOUR), NOW, LEAST, DAY, 3 * HOUR) == 3 * HOUR
    assert interval(_every(4 * HOUR), NOW, LEAST, DAY, MINUTE) == 2 * HOUR
    assert interval(_every(4 * HOUR), NOW, LEAST, DAY, 90 * DAY) == DAY
    assert interval(_every(MINUTE), NOW, LEAST, DAY, timedelta(0)) == LEAST
    assert interval(_every(MINUTE), NOW, LEAST, DAY, MINUTE) == LEAST


def test_few_entries() -> None:
    """None: the middle of least and most; one, or one burst: its age alone tells; dates to come are passed over."""
    assert interval([], NOW, LEAST, 16 * 15 * MINUTE) == HOUR
    assert interval([NOW + HOUR], NOW, LEAST, 16 * 15 * MINUTE) == HOUR
    assert interval([NOW], NOW, LEAST, DAY) == LEAST
    assert interval([NOW - DAY], NOW, LEAST, DAY) == 4 * HOUR
    assert interval([NOW - DAY] * 5, NOW, LEAST, DAY) == 4 * HOUR
    assert interval([NOW - DAY, NOW + DAY], NOW, LEAST, DAY) == 4 * HOUR


def test_a_source_that_never_rests_is_asked_as_often_as_allowed() -> None:
    """Its last 20 entries may all lie within the least wait."""
    assert interval(_every(timedelta(seconds=20)), NOW, LEAST, DAY) == LEAST


_TIMES = st.lists(st.datetimes(timezones=st.just(UTC)), max_size=40)


@given(published=_TIMES, asked=st.none() | st.timedeltas(timedelta(0), timedelta(days=10**6)))
def test_any_times_give_a_wait_within_the_bounds(published: list[datetime], asked: timedelta | None) -> None:
    """Never below least and what is asked, never above most."""
    wait = interval(published, NOW, LEAST, DAY, asked)
    assert min(max(LEAST, asked or LEAST), DAY) <= wait <= DAY


def test_a_week_of_three_hundred_sources() -> None:
    """On 120 hosts, with rates from minutes to months: no host is hurried, no source is forgotten, news comes soon.

    One thread asks them all, each as soon as it is due and its host's turn comes. A source tells its last 20 entries.
    """
    chance = random.Random(20260601)
    clock = Clock()
    turns = Turns(1.0, clock, lambda seconds: clock.reach(clock() + seconds))
    most, slack = DAY, 5 * MINUTE
    posts = [_posts(chance) for _ in range(300)]
    delays = {f"h{number}.example:443": chance.choice([None, None, None, 5.0, 30.0]) for number in range(120)}
    hosts = [chance.choice(list(delays)) for _ in posts]
    asked: list[list[float]] = [[] for _ in posts]
    at_host: dict[str, list[tuple[float, float]]] = {host: [] for host in delays}
    due = [(chance.uniform(0, 3600), source) for source in range(300)]
    heapq.heapify(due)
    while due[0][0] < WEEK.total_seconds():
        when, source = heapq.heappop(due)
        clock.reach(when)
        with turns.turn(hosts[source], delays[hosts[source]]):
            began = clock()
            clock.reach(began + 0.2)
            at_host[hosts[source]].append((began, clock()))
        asked[source].append(began)
        shown = bisect_right(posts[source], clock.day())
        seen = posts[source][max(0, shown - 20) : shown]
        heapq.heappush(due, (clock() + interval(seen, clock.day(), LEAST, most).total_seconds(), source))
    for host, requests in at_host.items():
        assert all(began - ended >= (delays[host] or 1.0) - 1e-6 for (_, ended), (began, _) in pairwise(requests))
    for times in asked:
        gaps = [after - before for before, after in pairwise([0.0, *times, WEEK.total_seconds()])]
        assert max(gaps) <= (most + slack).total_seconds()
        assert min(gaps[1:-1]) >= LEAST.total_seconds()
    _check_effort(posts, asked)


def _posts(chance: random.Random) -> list[datetime]:
    """A source's entries from a month before to the end of the week, as they come by chance; some fall silent."""
    gap = 60 * 10 ** chance.uniform(1, 4.6)  # ten minutes to a month
    silent = NOW - 7 * DAY if chance.random() < 0.2 else NOW + WEEK
    times, now = [], NOW - 30 * DAY
    while (now := now + timedelta(seconds=chance.expovariate(1 / gap))) < silent:
        times.append(now)
    return times


def _check_effort(posts: list[list[datetime]], asked: list[list[float]]) -> None:
    """Busy sources are asked often, silent ones about once in the longest wait; entries wait about half a gap or less."""
    for times, visits in zip(posts, asked, strict=True):
        lately = [time for time in times if time > NOW]
        stamps = [NOW + timedelta(seconds=visit) for visit in visits]
        if len(lately) > 30:  # several a day
            stamps.append(NOW + WEEK)
            waits = sorted(stamps[bisect_left(stamps, time)] - time for time in lately)
            usual = max(WEEK / len(lately), LEAST)
            assert waits[len(waits) // 2] <= usual / 2 + 5 * MINUTE
            assert len(visits) <= 5 * WEEK / usual + 10
        elif times and times[-1] <= NOW - 7 * DAY:
            assert len(visits) <= 8

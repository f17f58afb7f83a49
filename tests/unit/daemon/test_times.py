"""When rounds are due: once a scheduled day whatever the clocks do, late ones at once, wrong clocks not believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from cleaner.daemon.times import first_due, next_due
from cleaner.datatypes import Subscription

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "start"),
    [
        ("30 2 * * *", datetime(2026, 10, 20, tzinfo=UTC)),
        ("0 0 * * *", datetime(2026, 3, 25, tzinfo=UTC)),
        ("30 2 * * *", datetime(2026, 3, 25, tzinfo=UTC)),
    ],
)
def test_a_daily_round_runs_once_a_day_over_clock_changes(cron: str, start: datetime) -> None:
    """In a zone with daylight saving ten days have ten rounds, in spring and in autumn."""
    source = Subscription("s", cron=cron, timezone="Europe/Warsaw")
    now, days = start, []
    for _ in range(10):
        now = next_due(source, now)
        days.append(now.astimezone(UTC) + timedelta(hours=2))
    assert len({day.date() for day in days}) == 10
    assert all(timedelta(hours=22) < after - before < timedelta(hours=26) for before, after in pairwise(days))


def test_a_late_round_runs_once_and_now() -> None:
    """However long the daemon was down, a source is due once."""
    source = Subscription("s", every=timedelta(minutes=15))
    assert first_due(source, NOW - timedelta(days=3), NOW) == NOW
    assert first_due(source, None, NOW) == NOW


def test_a_clock_set_back_does_not_hold_a_source_up() -> None:
    """A due time beyond one period can only come of a wrong clock."""
    source = Subscription("s", every=timedelta(minutes=15))
    assert first_due(source, NOW + timedelta(days=1), NOW) == NOW + timedelta(minutes=15)
    assert first_due(source, NOW + timedelta(minutes=5), NOW) == NOW + timedelta(minutes=5)


def test_jitter_is_within_bounds_and_repeats() -> None:
    """Each round's share of the jitter is its own, and the same when computed again."""
    source = Subscription("s", every=timedelta(minutes=15), jitter=timedelta(minutes=5))
    dues = {next_due(source, NOW + timedelta(minutes=n)) - timedelta(minutes=n) - NOW for n in range(20)}
    assert all(timedelta(minutes=15) <= due < timedelta(minutes=20) for due in dues)
    assert len(dues) > 10
    assert next_due(source, NOW) == next_due(source, NOW)


def test_a_source_of_its_own_rate_is_due_when_it_says() -> None:
    """Fixed times are never before that; a time that has passed, of a round that got nowhere, does not mean at once."""
    own = Subscription("own", kind="feed", url="https://vale.example/f")
    fixed = replace(own, every=timedelta(hours=1))
    soon, late, past = (NOW + timedelta(minutes=minutes) for minutes in (5, 300, -5))
    assert [next_due(own, NOW, wanted) for wanted in (soon, late)] == [soon, late]
    assert [next_due(fixed, NOW, wanted) for wanted in (soon, late)] == [NOW + timedelta(hours=1), late]
    assert [next_due(one, NOW, past) for one in (own, fixed)] == [next_due(one, NOW) for one in (own, fixed)]

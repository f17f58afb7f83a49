"""The guard: when the wall clock jumps, due times are planned anew, so that nothing sleeps through a day."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleaner.daemon import Daemon
from cleaner.datatypes import Settings, Subscription
from cleaner.store import Store

pytestmark = pytest.mark.slow


class Clock:
    """A wall clock that can be set."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        """The time as this clock shows it."""
        return datetime.now(UTC) + self.offset  # noqa: TID251 - this is the clock


def test_a_day_set_back_does_not_stop_rounds(tmp_path: Path) -> None:
    """After the clock goes back a day the next round is due within one period of the new time."""
    (tmp_path / "inbox").mkdir()
    source = Subscription("inbox", path=tmp_path / "inbox", every=timedelta(minutes=30))
    settings = replace(Settings(tmp_path / "state", tmp_path / "feeds"), port=0, sources=(source,))
    clock = Clock()
    daemon = Daemon(settings, lambda: settings, clock=clock)
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        assert due_after(settings, clock, thread) <= timedelta(minutes=30)
        clock.offset = -timedelta(days=1)
        deadline = time.monotonic() + 10
        while due_after(settings, clock, thread) > timedelta(minutes=31):
            assert time.monotonic() < deadline
            time.sleep(0.2)
    finally:
        daemon.stop()
        thread.join(15)
    assert not thread.is_alive()


def due_after(settings: Settings, clock: Clock, thread: threading.Thread) -> timedelta:
    """How long until the next round, by the clock."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        assert thread.is_alive()
        if (settings.state_dir / "cleaner.sqlite3").exists():
            with Store(settings.state_dir) as store:
                if (due := store.due("inbox")) is not None:
                    return due - clock()
        time.sleep(0.1)
    raise AssertionError("never due")

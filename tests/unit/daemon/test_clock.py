"""The guard: when the wall clock jumps, due times are planned anew, so that nothing sleeps through a day."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
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


def test_a_running_daemon_heeds_a_pause(tmp_path: Path) -> None:
    """The next round is left out when it comes, the one after the pause is not."""
    (tmp_path / "inbox").mkdir()
    source = Subscription("inbox", path=tmp_path / "inbox", every=timedelta(seconds=1))
    settings = replace(Settings(tmp_path / "state", tmp_path / "feeds"), port=0, sources=(source,), children=1)
    daemon = Daemon(settings, lambda: settings)
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        due_after(settings, Clock(), thread)
        with Store(settings.state_dir) as store:
            wait_until(lambda: bool(store.rounds("inbox")))
            store.keep("paused inbox", "yes")
            time.sleep(0.5)  # for a round under way
            before = len(store.rounds("inbox"))
            time.sleep(2.5)
            assert len(store.rounds("inbox")) == before
            store.keep("paused inbox", "")
            wait_until(lambda: len(store.rounds("inbox")) > before)
    finally:
        daemon.stop()
        thread.join(15)
    assert not thread.is_alive()


def wait_until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)

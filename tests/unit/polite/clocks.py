"""Clocks that tests move by hand."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Clock:
    """Seconds that pass only when somebody sleeps; threads that sleep at once sleep side by side."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._guard = threading.Lock()

    def __call__(self) -> float:
        """The seconds now."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let other threads run, and then time pass since the call."""
        until = self.now + seconds
        time.sleep(0)
        self.reach(until)

    def reach(self, until: float) -> None:
        """Let time pass up to then, where it is not there yet."""
        with self._guard:
            self.now = max(self.now, until)

    def day(self) -> datetime:
        """The same clock as a date."""
        return NOW + timedelta(seconds=self.now)

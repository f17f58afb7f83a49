"""What tests let a child process do instead of cleaning a page; named by dotted path, so it must be importable."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from cleaner.datatypes import Knowledge, LabelledPage, Outcome, Page, RawPage, Rejected, Subscription
from cleaner.errors import PageError

__all__ = ["act"]


def act(raw: RawPage, subscription: Subscription, knowledge: Knowledge, authority: str) -> Outcome:
    """Do what the page's text says, then tell the page's id and the child's process number."""
    del subscription, knowledge
    order, _, rest = raw.body.decode().partition(" ")
    if order == "hang":
        while True:
            time.sleep(60)
    elif order == "sleep":
        time.sleep(float(rest))
    elif order == "explode":
        hoard = [bytearray(1 << 24) for _ in range(1 << 12)]
        del hoard
    elif order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "die-once" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "refuse":
        raise PageError(raw.origin, "empty", "no text")
    elif order == "break":
        raise KeyError("a bug")
    return Outcome(LabelledPage(Page(raw.id, (), (), ()), (), 1.0), Rejected(f"{order}:{os.getpid()}:{authority}"))

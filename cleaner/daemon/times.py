"""Subscription and time -> when its next round is due. Pure.

Cron lines are read by cronsim in the source's zone, as Debian's cron reads them: a time that the clocks skip in
spring runs once after the gap, one that they show twice in autumn runs once.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from cleaner.datatypes import Subscription

__all__ = ["first_due", "next_due"]

_DEFAULT = timedelta(minutes=15)
_SOONEST = timedelta(seconds=1)


def next_due(subscription: Subscription, now: datetime, wanted: datetime | None = None) -> datetime:
    """When the round after one that began at ``now`` is due, in UTC.

    wanted: when the source itself is to be asked again, by its own rate or because it failed: that counts where no
    fixed times are set, and is never overtaken by them where it failed.
    """
    due = _plain(subscription, now) + _jitter(subscription, now)
    if wanted is None or wanted <= now:  # a round that did not get as far as to say when
        return due
    return max(due, wanted) if subscription.every or subscription.cron else max(wanted, now + _SOONEST)


def first_due(subscription: Subscription, written: datetime | None, now: datetime) -> datetime:
    """When a source is due at start or after the clock jumped: as written, but neither long past nor beyond one period.

    A source never run, or one that is late, is due now, once; a due time further ahead than one period can only come
    of a clock that was wrong.
    """
    if written is None or written <= now:
        return now
    return min(written, _plain(subscription, now) + subscription.jitter)


def _plain(subscription: Subscription, now: datetime) -> datetime:
    """The next due time without jitter."""
    if subscription.cron is None:
        return now + (subscription.every or _DEFAULT)
    local = now.astimezone(ZoneInfo(subscription.timezone))
    return next(CronSim(subscription.cron, local)).astimezone(UTC)


def _jitter(subscription: Subscription, now: datetime) -> timedelta:
    """A part of the source's jitter that differs by source and round and is the same whenever it is computed."""
    digest = hashlib.blake2b(f"{subscription.name} {now.isoformat()}".encode(), digest_size=4).digest()
    return subscription.jitter * (int.from_bytes(digest) / 2**32)

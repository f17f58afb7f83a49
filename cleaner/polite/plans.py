"""What a server said, how often it failed, when it published -> how long until it is asked again. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

__all__ = ["backoff", "interval", "max_age", "retry_after"]

_LAST = 20  # entries that tell a source's rate
_SILENT = 3  # gaps without an entry that still are nothing special
_SPREAD = 0.2  # jitter, as a share of the wait
_FOREVER = 1 << 31  # seconds; RFC 9111, 1.2.2: what a number too large to hold counts as
_MAX_AGE = re.compile(r'(?:^|,)\s*max-age\s*=\s*"?([0-9]+)"?\s*(?=,|$)', re.IGNORECASE)
_NO_REST = re.compile(r"(?:^|,)\s*no-(?:cache|store)\s*(?=,|$)", re.IGNORECASE)


def retry_after(value: str, now: datetime, least: timedelta, most: timedelta = timedelta(days=7)) -> timedelta | None:
    """How long a ``Retry-After`` header (RFC 9110, 10.2.3: seconds or a date) asks to wait, kept between least and most.

    None for what is neither, and for a date that is past.
    """
    value = value.strip()
    wait = _seconds(value)
    if wait is None:
        wait = _until(value, now)
    return None if wait is None or wait < timedelta(0) else min(max(wait, least), most)


def _seconds(digits: str) -> timedelta | None:
    """A number of whole seconds as a time, not beyond 68 years; None for what is no such number."""
    if not (digits.isascii() and digits.isdigit()):
        return None
    return timedelta(seconds=_FOREVER if len(digits) > 10 else min(int(digits), _FOREVER))


def _until(date: str, now: datetime) -> timedelta | None:
    """The time from now until an HTTP date, in any of its three forms; None for what is no date."""
    try:
        then = parsedate_to_datetime(date)
        return (then if then.tzinfo else then.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def max_age(cache_control: str) -> timedelta | None:
    """How long a ``Cache-Control`` header says that an answer stays as it is; None where it does not.

    ``no-cache`` and ``no-store`` ask to be asked, so a ``max-age`` beside them says nothing.
    """
    found = _MAX_AGE.search(cache_control)
    return None if found is None or _NO_REST.search(cache_control) else _seconds(found[1])


def backoff(failures: int, base: timedelta, most: timedelta, key: str) -> timedelta:
    """How long to wait after so many failures in a row (1 and up): base, twice that, and so on, never beyond most.

    Exponential backoff with jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): sources
    that broke together must not come back together. Ours is +-20 %, the same whenever it is computed for a key and a
    number of failures. Waits stop growing where the jitter just stays below most, so that it does its work there too.
    """
    digest = hashlib.blake2b(f"{key} {failures}".encode(), digest_size=4).digest()
    jitter = 1 + _SPREAD * (int.from_bytes(digest) / 2**31 - 1)
    doubled = base.total_seconds() * 2.0 ** min(max(failures - 1, 0), 64)
    return timedelta(seconds=min(doubled, most.total_seconds() / (1 + _SPREAD)) * jitter)


def interval(
    published: Sequence[datetime], now: datetime, least: timedelta, most: timedelta, asked: timedelta | None = None
) -> timedelta:
    """How long until a source is asked again, from the times of its entries (aware, in any order).

    Half of the longer of these two, not below ``least`` and ``asked`` (what the source itself asks for), not above most:

    - the median gap between its last 20 entries. Half a gap, so that an entry waits a quarter of one on average and
      hardly ever two come in one visit; the median, so that nights and holidays do not count. Entries closer than
      ``least`` would be seen in one visit and are one here; so a batch a day is a daily source.
    - a third of its silence. Up to three gaps without an entry nothing changes. After that the next one is likely to
      be about as far off as the last one is, whatever the rate once was: at a sixth of the silence we are late by
      little compared with the wait, and a dead source costs a number of visits that grows only with the logarithm of
      its age, until it is asked every ``most``.

    Entries dated in the future are passed over. Without any entry: the geometric mean of least and most.
    """
    times = sorted(time for time in published if time <= now)[-_LAST:]
    if times:
        gaps = [(after - before).total_seconds() for before, after in pairwise(_visits(times, least))] or [0.0]
        wait = max(timedelta(seconds=median(gaps)), (now - times[-1]) / _SILENT) / 2
    else:
        wait = timedelta(seconds=(least.total_seconds() * most.total_seconds()) ** 0.5)
    return min(max(wait, least, asked or least), most)


def _visits(times: Sequence[datetime], least: timedelta) -> list[datetime]:
    """Times in order without those that come within ``least`` after one that stays."""
    kept = [times[0]]
    for time in times[1:]:
        if time - kept[-1] >= least and time > kept[-1]:
            kept.append(time)
    return kept

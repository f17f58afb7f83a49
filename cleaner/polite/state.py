"""What is kept of a web source between two rounds, and how an exchange changes it. Pure; JSON both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from cleaner.datatypes import Answer
from cleaner.polite.plans import backoff, retry_after

__all__ = ["SourceState", "after_failure", "after_sample", "after_success", "state_from_json", "state_to_json"]

_SAMPLES = 3  # entries compared before anything is said of a feed
_MEMORY = 20  # compared entries after which the older ones count half
_DOUBT = (
    6  # the same, where one contradicts that the feed holds all: few are compared then, and each missing text is a loss
)
_LINE = 300  # characters of an error that are kept


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of a web source; the defaults are those of a source never asked.

    etag, modified: validators of the last full answer; given: the address that gave them; moved: where a permanent redirect said that it lives now;
    failures: in a row; error: the last one, one line; since: when it broke; next_try: when it is to be asked again,
    None for at once; gone: it said so (410), it is not asked any more; every: the wait that its own rate gave last;
    asked: the wait that it asks for itself; fulltext: where the whole text stands, in the feed or on the pages;
    compared, whole: entries whose page was looked at, and those of them that the feed held in full; carried: the median
    of the words that the feed carried of its entries when it was read last; home: the source's own address, for which all this
    holds (empty where that was not written down).
    """

    etag: str = ""
    modified: str = ""
    given: str = ""
    moved: str | None = None
    failures: int = 0
    error: str = ""
    since: datetime | None = None
    next_try: datetime | None = None
    gone: bool = False
    every: timedelta | None = None
    asked: timedelta | None = None
    fulltext: Literal["unknown", "feed", "pages"] = "unknown"
    compared: int = 0
    whole: int = 0
    carried: int = 0
    home: str = ""


def after_success(
    state: SourceState, answer: Answer, now: datetime, *, every: timedelta, asked: timedelta | None = None
) -> SourceState:
    """The state after a source answered 200 or 304. every: until it is asked again; asked: what it asks for itself.

    A full answer replaces the validators and ``asked``; 304 changes only what it tells anew.
    """
    old = SourceState() if answer.status == 200 else state
    return replace(
        state,
        etag=answer.header("etag") or old.etag,
        modified=answer.header("last-modified") or old.modified,
        given=_giver(answer) if answer.status == 200 else state.given,
        moved=answer.moved or state.moved,
        failures=0,
        error="",
        since=None,
        next_try=now + every,
        gone=False,
        every=every,
        asked=asked if asked is not None else old.asked,
    )


def _giver(answer: Answer) -> str:
    """The address that gave validators; empty where there are none."""
    return answer.url if answer.header("etag") or answer.header("last-modified") else ""


def after_failure(
    state: SourceState,
    error: str,
    status: int,
    now: datetime,
    *,
    key: str,
    base: timedelta,
    most: timedelta,
    told: str = "",
) -> SourceState:
    """The state after a source could not be read. status: of the answer, 0 where there was none; error: one line.

    told: the answer's ``Retry-After``, which counts for 429 and 503 (not below base, not beyond a week); else it is
    ``backoff(failures, base, most, key)``. 410 at the source's own address: gone. A source that had moved is next asked
    at its own address again, for moves have been told by mistake; validators of the other one are kept for that one.
    """
    failures = state.failures + 1
    stayed = state.moved is None
    gone = status == 410 and stayed
    wait = retry_after(told, now, base) if status in {429, 503} else None
    return replace(
        state,
        etag=state.etag if stayed or state.given else "",
        modified=state.modified if stayed or state.given else "",
        moved=None,
        failures=failures,
        error=" ".join(error.split())[:_LINE],
        since=state.since or now,
        next_try=None if gone else now + (wait or backoff(failures, base, most, key)),
        gone=gone,
    )


def after_sample(state: SourceState, *, whole: bool) -> SourceState:
    """The state after an entry's page was compared with what the feed holds of it. whole: the feed held it all.

    From three on, four in five make it ``feed`` and half or less ``pages``; between the two it stays what it was. The
    older ones count less and less, so that a feed which changes its ways is found out.
    """
    compared, good = state.compared, state.whole
    if compared >= (_DOUBT if state.fulltext == "feed" and not whole else _MEMORY):
        compared, good = compared // 2, good // 2
    compared, good = compared + 1, good + whole
    fulltext = state.fulltext
    if compared >= _SAMPLES and good >= 0.8 * compared:
        fulltext = "feed"
    elif compared >= _SAMPLES and good <= 0.5 * compared:
        fulltext = "pages"
    return replace(state, compared=compared, whole=good, fulltext=fulltext)


def state_to_json(state: SourceState) -> dict[str, Any]:
    """A state as a table of JSON: times in ISO 8601, waits in seconds."""
    return {one.name: _plain(getattr(state, one.name)) for one in fields(state)}


def state_from_json(table: object) -> SourceState:
    """The state in a table of JSON. Keys we do not know, and values that do not fit, are as if they were not there."""
    told = table if isinstance(table, Mapping) else {}
    values = {name: read(told[name]) for name, read in _READERS.items() if name in told}
    return SourceState(**{name: value for name, value in values.items() if value is not None})


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def _text(value: Any) -> str | None:
    """A text, or None."""
    return value if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    """A truth value, or None."""
    return value if isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    """A number of things, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _time(value: Any) -> datetime | None:
    """An aware time, or None."""
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo else None


def _wait(value: Any) -> timedelta | None:
    """A wait of 0 seconds or more, or None."""
    try:
        wait = timedelta(seconds=value)
    except (TypeError, ValueError, OverflowError):
        return None
    return wait if wait >= timedelta(0) else None


def _place(value: Any) -> str | None:
    """Where the whole text stands, or None."""
    return value if value in ("unknown", "feed", "pages") else None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "etag": _text,
    "modified": _text,
    "given": _text,
    "moved": _text,
    "failures": _count,
    "error": _text,
    "since": _time,
    "next_try": _time,
    "gone": _flag,
    "every": _wait,
    "asked": _wait,
    "fulltext": _place,
    "compared": _count,
    "whole": _count,
    "carried": _count,
    "home": _text,
}

"""str -> moment in time. Pure. ``fetched`` is the only now; a naive time takes the zone that the caller names.

A date that cannot be (before 1990, or later than the page was fetched) is no date: a wrong one is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

__all__ = ["Moment", "find_moment", "find_moments", "read_moment", "url_moment"]

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_CENTURY = 2000  # of years that are told by two figures
_AHEAD = timedelta(hours=26)  # a day's date in the zone furthest ahead
_MONTHS_BY_LANGUAGE = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber mrz apr mai jun jul aug sept okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil aout sept octo nov déc",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago set oct nov dic",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar mars april maj juni juli august september oktober november desember",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
)
_MONTHS = {name: number for names in _MONTHS_BY_LANGUAGE for number, name in enumerate(names.split(), 1)}
_NAME = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_PATTERNS = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]"),
    re.compile(
        rf"(?<!\w)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s\-]*(?:de |of )?(?P<n>{_NAME})\.?,?[\s\-]*(?:de |del )?(?P<y>\d{{4}})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\w)(?P<n>{_NAME})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<![\d.])(?P<d>\d{2})\.(?P<m>\d{2})\.(?P<short>\d{2})(?![\d.])"),
    re.compile(r"(?<!\d)(?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<y>\d{4})(?!\d)"),
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})[:.](?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?(?![\d.])"
    r"\s*(?P<zone>UTC|GMT|Z\b|[+-]\d{2}:?\d{2}|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|BST|IST|ET|PT)?",
    re.IGNORECASE,
)
_ZONES = {
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "est": -300,
    "edt": -240,
    "et": -300,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "pt": -480,
    "cet": 60,
    "cest": 120,
    "bst": 60,
    "ist": 330,
}
_URL = re.compile(
    r"/(?P<y>(?:19|20)\d{2})[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})(?=[/-]|$)|/(?P<y2>20\d{2})(?P<m2>\d{2})(?P<d2>\d{2})(?=[/-]|$)"
)
_ISO = re.compile(r"^\s*\d{4}-?\d{2}-?\d{2}(?:[T ]\d{2}:?\d{2}|$)")
_PLAIN_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time and how exactly it was told."""

    time: datetime
    precision: Literal["second", "minute", "day"]


def read_moment(value: str, fetched: datetime, zone: tzinfo = UTC, *, day_first: bool = False) -> Moment | None:
    """The moment that a claim's value names: ISO 8601, RFC 2822, or a date in words; None where it cannot be read."""
    value = value.strip()[:120]
    if not value.isascii() or not _ISO.match(value):
        if moment := find_moment(value, fetched, zone, day_first=day_first):
            return moment
        if not re.search(r"\d{4}", value):
            return None
    if (time := _parsed(value)) is None:
        return None
    told = re.search(r"\d{2}:?\d{2}(:\d{2})?", value[10:])
    precision: Literal["second", "minute", "day"] = "day" if not told else "second" if told[1] else "minute"
    return _plausible(time if time.tzinfo else time.replace(tzinfo=zone), precision, fetched)


def _parsed(value: str) -> datetime | None:
    """The time that a value tells in a standard form, in whatever dialect."""
    if _PLAIN_ISO.match(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass  # a day and a month in each other's place, which the other parser puts right
    from dateutil import parser as dateutil_parser  # few pages need it, and it takes a while to import

    try:
        return dateutil_parser.parse(value, default=datetime(1, 1, 1), tzinfos=_offsets())  # noqa: DTZ001 - the caller's zone follows
    except (ValueError, OverflowError, TypeError):
        return None


def _offsets() -> dict[str, int]:
    """Seconds east of Greenwich of the zones that are told by name."""
    return {name.upper(): minutes * 60 for name, minutes in _ZONES.items()}


def find_moment(text: str, fetched: datetime, zone: tzinfo = UTC, *, day_first: bool = False) -> Moment | None:
    """The first date in a line of text, with the clock time right behind or before it if there is one.

    day_first: whether the first of two figures that may both be a month is the day.
    """
    return next((moment for moment, _ in find_moments(text, fetched, zone, day_first=day_first)), None)


def find_moments(
    text: str, fetched: datetime, zone: tzinfo = UTC, *, day_first: bool = False
) -> Iterator[tuple[Moment, tuple[int, int]]]:
    """The dates in a line of text, with begin and end of each, those in the surest of forms first."""
    for pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            if (date := _date(hit.groupdict(), day_first=day_first)) is None:
                continue
            moment = _with_clock(date, text[: hit.start()], text[hit.end() :], zone)
            if found := _plausible(moment.time, moment.precision, fetched):
                yield found, hit.span()


def url_moment(url: str, fetched: datetime) -> Moment | None:
    """The day that stands in an address's path: ``/2025/11/17/`` or ``/20251117/``."""
    if not (hit := _URL.search(url)):
        return None
    groups = {key.rstrip("2"): value for key, value in hit.groupdict().items() if value}
    date = _date(groups)
    return _plausible(date.replace(tzinfo=UTC), "day", fetched) if date else None


def _date(groups: dict[str, str | None], *, day_first: bool = False) -> datetime | None:
    """The day of a pattern's groups; of two figures that may be day or month, the one over twelve is the day, else the caller knows."""
    year, day, month = int(groups.get("y") or 0), groups.get("d"), groups.get("m")
    if short := groups.get("short"):
        year = _CENTURY + int(short)
    if name := groups.get("n"):
        month = str(_MONTHS[name.casefold()])
    if groups.get("a"):
        one, two = int(groups["a"] or 0), int(groups["b"] or 0)
        month, day = (str(two), str(one)) if one > 12 or (day_first and two <= 12) else (str(one), str(two))
    try:
        return datetime(year, int(month or 0), int(day or 0))  # noqa: DTZ001 - the caller adds the zone
    except ValueError:
        return None


def _with_clock(date: datetime, before: str, after: str, zone: tzinfo) -> Moment:
    """The day with a clock time that stands near it."""
    hit = _CLOCK.search(after[:40]) or _CLOCK.search(before[-25:])
    if not hit:
        return Moment(date.replace(tzinfo=zone), "day")
    hour, minute = int(hit["h"]), int(hit["min"])
    half = (hit["half"] or "")[:1].casefold()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return Moment(date.replace(tzinfo=zone), "day")
    precision: Literal["second", "minute"] = "second" if hit["s"] else "minute"
    return Moment(
        date.replace(hour=hour, minute=minute, second=int(hit["s"] or 0) % 60, tzinfo=_zone(hit["zone"], zone)),
        precision,
    )


def _zone(told: str | None, zone: tzinfo) -> tzinfo:
    """The zone of a clock time: as told, else the caller's."""
    from datetime import timezone

    if not told:
        return zone
    if told[0] in "+-":
        minutes = int(told[1:3]) * 60 + int(told[-2:])
        return timezone(timedelta(minutes=minutes if told[0] == "+" else -minutes)) if minutes < 24 * 60 else zone
    return timezone(timedelta(minutes=_ZONES[told.casefold()]))


def _plausible(time: datetime, precision: Literal["second", "minute", "day"], fetched: datetime) -> Moment | None:
    """The moment, if it can be: neither before the web nor after the page was fetched."""
    try:
        return Moment(time, precision) if _EARLIEST <= time.astimezone(UTC) <= fetched + _AHEAD else None
    except (OverflowError, ValueError):
        return None

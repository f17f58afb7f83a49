"""The maps of a site -> the pages they tell of, and what is remembered of each map, so that each is asked sparingly.

The first map is asked each round. Those that it leads to are asked in turn, some in a round: what is new or changed by the
date that an index tells before what has no date, and what was asked last longest ago before the others. A map whose date
is as it was when it was read is not asked at all, any other one with its validators.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from cleaner.collect.pages import Round
from cleaner.collect.register import moment
from cleaner.collect.visitor import refused
from cleaner.datatypes import Answer, Link
from cleaner.errors import FetchError, PageError
from cleaner.fetch import without_login
from cleaner.store import Store

__all__ = ["MAPS", "Atlas", "read_maps"]

MAPS = "application/xml,text/xml,application/gzip;q=0.9,text/plain;q=0.8,*/*;q=0.5"  # what Accept says for them
_MOST = 10  # asked in one round, beside the first
_BY_AGE = 2  # of them chosen by how long ago they were asked, so that none waits for ever
_NAMED = 50_000  # maps of a site that are remembered
_DAY = timedelta(hours=36)  # after its begin in UTC a day is over in every zone
_READER = "cleaner.ingest.sitemap:read_sitemap"


@dataclass(frozen=True, slots=True)
class _Map:
    """What is remembered of a map.

    told: the date that its index told when it was asked last; etag, modified: validators of its last full answer; asked: when
    it was asked last; read: whether it ever could be read; failed: whether the last time it could not; names: the maps that
    it leads to, each with the date it tells.
    """

    told: str = ""
    etag: str = ""
    modified: str = ""
    asked: datetime | None = None
    read: bool = False
    failed: bool = False
    names: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Atlas:
    """What a round found in the maps of a site.

    answer: of the first map; pages: all that were told of, the latest first; first: the addresses among them that stand in
    maps read for the first time; fresh: whether the first map was such a one; left: maps never read that wait for a later round.
    """

    answer: Answer
    fresh: bool
    pages: tuple[Link, ...] = ()
    first: set[str] = field(default_factory=set)
    left: int = 0
    _known: dict[str, _Map] = field(default_factory=dict)

    def keep(self, store: Store, source: str) -> None:
        """Write down what is remembered: once the pages are, or those of a map that is not read again would be lost."""
        told = {url: _row(one) for url, one in self._known.items()}
        store.keep(f"maps {source}", json.dumps(told))

    def add(self, url: str, after: _Map, pages: Sequence[Link]) -> None:
        """Take in what a map told."""
        if not self._known.get(url, _Map()).read:
            self.first |= {page.url for page in pages}
        self._known[url] = after
        self.pages = (*self.pages, *pages)


def read_maps(this: Round, at: str) -> Atlas:
    """Ask a site's first map, and some of those that it leads to. Raises PageError where the first one cannot be had.

    at: its address, or that of the site, whose robots file tells where its maps are. What is wrong with another map is told,
    and that map alone is left out.
    """
    first, *beside = _roots(this, at)
    known = _recall(this.store, this.source.name)
    answer, after, pages = _ask(this, first, "", known.get(first, _Map()))
    atlas = Atlas(answer, fresh=not known.get(first, _Map()).read, _known=known)
    atlas.add(first, after, pages)
    asked = {first}
    while due := _due(named := _named(first, beside, known), known, asked):
        if len(asked) > _MOST:
            break
        by_age = len(asked) > _MOST - _BY_AGE
        url = min(due, key=lambda url: _rank(named[url], known.get(url, _Map()), by_age=by_age))
        asked.add(url)
        try:
            _, after, pages = _ask(this, url, named[url], known.get(url, _Map()))
        except PageError as error:
            this.problem(error)
            if (isinstance(error, FetchError) and error.wait is not None) or error.reason == "stopped":
                break  # the others would fare no better
            before = known.get(url, _Map())
            after, pages = replace(before, told=named[url], asked=this.now, failed=True), ()
        atlas.add(url, after, pages)
    atlas.pages = tuple(sorted(atlas.pages, key=lambda page: _age(page.published)))
    atlas.left = sum(not known.get(url, _Map()).asked for url in due)
    for url in known.keys() - named.keys() - {first}:
        del known[url]
    return atlas


def _roots(this: Round, at: str) -> tuple[str, ...]:
    """The maps that a person named, or that the site's robots file names; else the usual place."""
    if urlsplit(at).path not in {"", "/"}:
        return (at,)
    return tuple(dict.fromkeys(this.visitor.sitemaps(at))) or (urljoin(at, "/sitemap.xml"),)


def _ask(this: Round, url: str, date: str, before: _Map) -> tuple[Answer, _Map, tuple[Link, ...]]:
    """Ask a map: its answer, what is to be remembered, and its pages, none where it is as it was. Raises PageError."""
    answer = this.visitor.ask(url, this.source, etag=before.etag, modified=before.modified, accept=MAPS)
    after, shown = replace(before, told=date, asked=this.now, failed=False), without_login(url)
    if answer.status == 304 and before.read:
        return answer, after, ()
    if answer.status != 200 or not answer.body:
        raise refused(shown, answer)
    pages: tuple[Link, ...]
    pages, maps = this.children.read(_READER, shown, answer.body, answer.url)
    names = tuple((link.url, link.published) for link in maps)
    etag, modified = answer.header("etag"), answer.header("last-modified")
    return answer, replace(after, etag=etag, modified=modified, read=True, names=names), pages


# ------------------------------------------------------------------------------------------------------- which are asked


def _named(first: str, beside: Sequence[str], known: Mapping[str, _Map]) -> dict[str, str]:
    """All maps but the first that it, those beside it and the maps that they name lead to, each with the date that is told of it."""
    found = dict.fromkeys(beside, "")
    waiting = [first, *beside]
    for url in waiting:
        for name, date in known.get(url, _Map()).names:
            if name != first and name not in found and len(found) < _NAMED:
                found[name] = date
                waiting.append(name)
    return found


def _due(named: Mapping[str, str], known: Mapping[str, _Map], asked: set[str]) -> list[str]:
    """The maps that may tell something new, in order, and were not asked in this round."""
    return [
        url
        for url, date in named.items()
        if url not in asked and (not date or _is_news(date, before := known.get(url, _Map())) or before.failed)
    ]


def _is_news(date: str, before: _Map) -> bool:
    """Whether a map's date tells that it changed since it was asked; a day that was not over then may have gone on."""
    if not date or before.asked is None or before.told != date:
        return bool(date)
    day = moment(date) if len(date) == len("2026-01-31") else None
    return day is not None and before.asked < day + _DAY and not before.failed


def _rank(date: str, before: _Map, *, by_age: bool) -> tuple[float, ...]:
    """The place of a map among those that are due; the least one is asked first."""
    asked = before.asked.timestamp() if before.asked else 0.0
    if by_age:
        return asked, _age(date)
    return (0.0, _age(date), asked) if _is_news(date, before) else (1.0, asked)


def _age(date: str) -> float:
    """A number that is the greater the older a date is; 0 where there is none, which is older than any."""
    time = moment(date)
    return -time.timestamp() if time else 0.0


# ------------------------------------------------------------------------------------------------------- what is remembered


def _recall(store: Store, source: str) -> dict[str, _Map]:
    """What is remembered of a source's maps."""
    rows: dict[str, list[Any]] = json.loads(store.kept(f"maps {source}") or "{}")
    found: dict[str, _Map] = {}
    for url, (told, etag, modified, asked, read, failed, names) in rows.items():
        time = datetime.fromisoformat(asked) if asked else None
        found[url] = _Map(told, etag, modified, time, read, failed, tuple((name, date) for name, date in names))
    return found


def _row(one: _Map) -> list[Any]:
    """A map as JSON has it."""
    asked = one.asked.isoformat() if one.asked else ""
    return [one.told, one.etag, one.modified, asked, one.read, one.failed, one.names]

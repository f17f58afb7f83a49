"""Address and subscription -> Answer, asked as politely as the host wants: robots file, one at a time, with pauses.

The only way from a source to the net. What is remembered between lives (robots files) goes through ``to_json``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cleaner.datatypes import Answer, Settings, Subscription
from cleaner.errors import FetchError
from cleaner.fetch import PAGES, Fetcher, kind_of
from cleaner.polite import RobotsCache, Turns, host_of, retry_after

__all__ = ["Visitor", "check_page", "open_visitor", "refused"]

_LEAST_HOLD = timedelta(seconds=30)  # of a host that said to wait
_ROBOTS = "text/plain,*/*;q=0.1"
_AGENT = "Cleaner/1 (feed cleaner{})"


class Visitor:
    """Who visits hosts, for all sources; safe between threads. A host's pauses hold for all sources together."""

    def __init__(
        self, fetcher: Fetcher, turns: Turns, clock: Callable[[], datetime], agent: str, stored: object = None
    ) -> None:
        self._fetcher, self._turns, self._clock, self._agent = fetcher, turns, clock, agent
        self._robots = RobotsCache(self._robots_file, clock, stored=stored)

    def ask(
        self,
        url: str,
        subscription: Subscription | None = None,
        *,
        etag: str = "",
        modified: str = "",
        accept: str = PAGES,
    ) -> Answer:
        """The answer of an address. Raises FetchError: what the client raises, ``robots`` where its host forbids it, ``held`` where the host wants to be left alone.

        etag, modified: validators of the answer that we have. A source's secrets go to its own host alone.
        """
        delay = None
        if subscription is None or subscription.robots:
            rules = self._robots.of(url)
            if not rules.allows(url, self._agent):
                why = (
                    "its robots.txt forbids it"
                    if rules.reached
                    else "its robots.txt could not be read, so nothing may be asked yet"
                )
                raise FetchError(url, "robots", why)
            delay = rules.delay(self._agent)
        headers = secrets_for(subscription, url) if subscription else ()
        with self._turns.turn(host_of(url), delay):
            answer = self._fetcher.get(url, headers=headers, etag=etag, modified=modified, accept=accept)
        self._heed(url, answer)
        return answer

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The maps that the robots file of an address's host names. Raises FetchError."""
        return self._robots.of(url).sitemaps

    def to_json(self) -> str:
        """What is remembered of hosts, as text."""
        return json.dumps(self._robots.to_json())

    def _robots_file(self, url: str) -> Answer:
        """A host's robots file."""
        with self._turns.turn(host_of(url)):
            answer = self._fetcher.get(url, accept=_ROBOTS)
        self._heed(url, answer)
        return answer

    def _heed(self, url: str, answer: Answer) -> None:
        """Leave a host alone for as long as it asks for."""
        if answer.status in {429, 503}:
            wait = retry_after(answer.header("retry-after"), self._clock(), _LEAST_HOLD) or _LEAST_HOLD
            self._turns.hold(host_of(url), wait.total_seconds())


def open_visitor(
    settings: Settings,
    clock: Callable[[], datetime],
    stored: str = "",
    *,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Visitor:
    """The visitor that settings ask for. stored: what ``to_json`` gave in an earlier life."""
    agent = _AGENT.format(f"; +{settings.contact}" if settings.contact else "")
    fetcher = Fetcher(agent=agent, allow_private=settings.allow_private, proxy=settings.proxy)
    turns = Turns(settings.pause.total_seconds(), monotonic, sleep)
    try:
        known = json.loads(stored) if stored else None
    except ValueError:
        known = None
    return Visitor(fetcher, turns, clock, agent, known)


def refused(url: str, answer: Answer) -> FetchError:
    """The error of an answer that is no page."""
    if answer.status == 200:
        return FetchError(url, "empty", "answered with nothing")
    error = FetchError(url, "status", f"answered {answer.status}")
    error.status, error.retry_after = answer.status, answer.header("retry-after")
    return error


def check_page(url: str, answer: Answer) -> None:
    """Raise FetchError where an answer is no page of text: ``status``, ``empty``, ``not-text``."""
    if answer.status != 200 or not answer.body:
        raise refused(url, answer)
    kind = kind_of(answer)
    if kind not in {"html", "text"}:
        raise FetchError(url, "not-text", f"is {kind}, no page of text")


def secrets_for(subscription: Subscription, url: str) -> tuple[tuple[str, str], ...]:
    """The headers of a source's secrets file, for its own host; none for any other. Raises FetchError for a file that cannot be used."""
    own = subscription.url or next(iter(subscription.urls), None)
    if subscription.secrets is None or own is None or host_of(own) != host_of(url):
        return ()
    if urlsplit(url).scheme != urlsplit(own).scheme:
        return ()
    return _headers(subscription.secrets, url)


def _headers(path: Path, url: str) -> tuple[tuple[str, str], ...]:
    """The ``Name: value`` lines of a file; empty lines and those that begin with ``#`` say nothing."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise FetchError(url, "secrets", f"{path} cannot be read") from None
    found: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip().replace("-", "").isalnum() or not value.strip().isprintable():
            raise FetchError(url, "secrets", f"{path}, line {number}: no header (Name: value)")
        found.append((name.strip(), value.strip()))
    return tuple(found)

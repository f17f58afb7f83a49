"""Address and subscription -> Answer, asked as politely as the host wants: robots file, one at a time, with pauses.

The only way from a source to the net. What is remembered between lives (robots files, hosts that asked to be left alone)
goes through ``to_json``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cleaner.datatypes import Answer, Settings, Subscription
from cleaner.errors import FetchError
from cleaner.fetch import PAGES, Fetcher, kind_of, without_login
from cleaner.polite import Robots, RobotsCache, Turns, host_of, retry_after

__all__ = ["Visitor", "check_page", "open_visitor", "refused"]

_MOST_HOLD = timedelta(days=7)  # what is longer was written under a wrong clock
_LEAST_HOLD = timedelta(seconds=30)  # of a host that said to wait
_UNREAD = timedelta(hours=1)  # after which a robots file that could not be read is asked for again
_ROBOTS = "text/plain,*/*;q=0.1"
_AGENT = "Cleaner/1 (feed cleaner{})"


class Visitor:
    """Who visits hosts, for all sources; safe between threads. A host's pauses hold for all sources together."""

    def __init__(
        self, fetcher: Fetcher, turns: Turns, clock: Callable[[], datetime], agent: str, stored: object = None
    ) -> None:
        self._fetcher, self._turns, self._clock, self._agent = fetcher, turns, clock, agent
        known = stored if isinstance(stored, dict) else {}
        self._robots = RobotsCache(self._robots_file, clock, stored=known.get("robots"))
        for host, until in _times(known.get("held")):
            turns.hold(host, min(until - clock(), _MOST_HOLD).total_seconds())

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
            rules = self._rules(url)
            if not rules.allows(url, self._agent):
                raise _forbidden(url, reached=rules.reached)
            delay = rules.delay(self._agent)
        headers = secrets_for(subscription, url) if subscription else ()
        with self._turns.turn(host_of(url), delay):
            answer = self._fetcher.get(url, headers=headers, etag=etag, modified=modified, accept=accept)
        self._heed(url, answer)
        if subscription is None or subscription.robots:
            self._check_landing(url, answer.url)
        return answer

    def _rules(self, url: str) -> Robots:
        """The rules of an address's host. Where that may not be asked at all, the error names the address and not its robots file."""
        try:
            return self._robots.of(url)
        except FetchError as error:
            if error.reason == "held":
                raise
            raise FetchError(without_login(url), error.reason, error.detail) from None

    def _check_landing(self, url: str, landed: str) -> None:
        """Raise FetchError ``robots`` where a redirect led to a host whose robots file forbids what it answered: that is not used."""
        if host_of(landed) != host_of(url) and not self._robots.of(landed).allows(landed, self._agent):
            raise FetchError(without_login(url), "robots", f"leads to {landed}, which its robots.txt forbids")

    def held(self, url: str) -> timedelta:
        """For how long the host of an address still wants to be left alone."""
        return timedelta(seconds=self._turns.held(host_of(url)))

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The maps that the robots file of an address's host names. Raises FetchError."""
        return self._robots.of(url).sitemaps

    def to_json(self) -> str:
        """What is remembered of hosts, as text."""
        now = self._clock()
        held = {host: (now + timedelta(seconds=left)).isoformat() for host, left in self._turns.all_held().items()}
        return json.dumps({"robots": self._robots.to_json(), "held": held})

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
            for host in {host_of(url), host_of(answer.url)}:  # a redirect that led there would do so again
                self._turns.hold(host, wait.total_seconds())


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


def _times(stored: object) -> Iterator[tuple[str, datetime]]:
    """Hosts with times, as they were stored; what cannot be read is left out."""
    for host, told in stored.items() if isinstance(stored, dict) else ():
        with suppress(TypeError, ValueError):
            until = datetime.fromisoformat(told)
            if until.tzinfo is not None:
                yield host, until


def _forbidden(url: str, *, reached: bool) -> FetchError:
    """The error of an address that a robots file forbids, or whose robots file could not be read, which may pass."""
    if reached:
        return FetchError(without_login(url), "robots", "its robots.txt forbids it")
    why = "its robots.txt could not be read, so nothing may be asked yet"
    error = FetchError(without_login(url), "robots", why)
    error.wait = _UNREAD
    return error


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
        raise FetchError(without_login(url), "secrets", f"{path} cannot be read") from None
    found: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip().replace("-", "").isalnum() or not value.strip().isprintable():
            raise FetchError(without_login(url), "secrets", f"{path}, line {number}: no header (Name: value)")
        found.append((name.strip(), value.strip()))
    return tuple(found)

"""Address and subscription -> Answer, asked as politely as the host wants: robots file, one at a time, with pauses.

The only way from a source to the net. Of a chain of redirects each address is asked so: nobody ever has the turn of two
hosts. What is known of hosts (robots files, which ones asked to be left alone) outlives the process.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from cleaner.datatypes import Answer, Settings, Subscription
from cleaner.errors import FetchError, PageError
from cleaner.fetch import PAGES, Fetcher, Limits, kind_of, without_login
from cleaner.polite import Robots, RobotsCache, Turns, host_of, retry_after
from cleaner.store import Store

__all__ = ["Visitor", "check_page", "open_visitor", "refused", "waits"]

_MOST_HOLD = timedelta(days=7)  # what is longer was written under a wrong clock
_LEAST_HOLD = timedelta(seconds=30)  # of a host that said to wait
_HOUR = timedelta(hours=1)  # until a robots file that could not be read is asked for again, and all are written down
_ROBOTS = "text/plain,*/*;q=0.1"
_AGENT = "Cleaner/1 (feed cleaner{})"


class Visitor:
    """Who visits hosts, for all sources; safe between threads. A host's pauses hold for all sources together.

    kept: what an earlier life wrote down, texts by name (``robots``, ``held``); keep: writes such a text down. Hosts that
    want to be left alone are written down at once, robots files once an hour and by ``remember``.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        turns: Turns,
        clock: Callable[[], datetime],
        agent: str,
        kept: Mapping[str, str] | None = None,
        keep: Callable[[str, str], None] = lambda name, text: None,  # noqa: ARG005 - nothing is to be kept
    ) -> None:
        self._fetcher, self._turns, self._clock, self._agent, self._keep = fetcher, turns, clock, agent, keep
        self._robots = RobotsCache(self._robots_file, clock, stored=_read(kept, "robots"))
        self._guard, self._written = threading.Lock(), clock()
        for host, until in _times(_read(kept, "held")):
            turns.hold(host, min(until - clock(), _MOST_HOLD).total_seconds())

    def ask(
        self,
        url: str,
        subscription: Subscription | None = None,
        *,
        etag: str = "",
        modified: str = "",
        given: str = "",
        accept: str = PAGES,
    ) -> Answer:
        """The answer of an address, redirects followed, each as politely as if it had been asked by itself.

        Raises FetchError: what the client raises, ``robots`` where a host on the way forbids it, ``held`` where one wants to
        be left alone, ``stopped`` where all is over; where ``wait`` is told, the address may be asked after that. etag, modified:
        validators of the answer that we have; given: the address that gave them. A source's secrets go to its own host alone.
        """
        robots = subscription is None or subscription.robots
        headers = secrets_for(subscription, url) if subscription else ()
        steps = count()
        answer = self._fetcher.get(
            url,
            headers=headers,
            etag=etag,
            modified=modified,
            given=given,
            accept=accept,
            before=lambda hop: self._turn(url, hop, robots=robots, led=next(steps) > 0),
        )
        self._heed(answer)
        return answer

    def now(self) -> datetime:
        """The time."""
        return self._clock()

    def over(self) -> bool:
        """Whether nobody is to ask any more, because we are to end."""
        return self._turns.over()

    def held(self, url: str) -> timedelta:
        """For how long the host of an address still wants to be left alone."""
        return timedelta(seconds=self._turns.held(host_of(url)))

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The maps that the robots file of an address's host names. Raises FetchError."""
        return self._rules(url).sitemaps

    def take(self, settings: Settings) -> None:
        """Ask as other settings say from now on. What is known of hosts stays, and so does whose turn it is.

        Raises FetchError for a proxy that is none; nothing is changed then.
        """
        self._fetcher, self._agent = _client(settings)
        self._turns.pause = settings.pause.total_seconds()

    def remember(self) -> None:
        """Write down what is known of hosts."""
        with self._guard:
            self._written = self._clock()
            self._keep("robots", json.dumps(self._robots.to_json()))
            self._keep_held()

    @contextmanager
    def _turn(self, url: str, hop: str, *, robots: bool, led: bool) -> Iterator[None]:
        """One's turn to ask what an address led to, or the address itself. Raises FetchError, which names the address."""
        with ExitStack() as turn:
            try:
                delay = self._check(hop) if robots else None
                turn.enter_context(self._turns.turn(host_of(hop), delay))
            except FetchError as error:
                raise _told_of(url, hop if led else None, error) from None
            yield

    def _check(self, url: str) -> float | None:
        """The seconds that a host wants between requests. Raises FetchError ``robots`` where it forbids an address."""
        rules = self._rules(url)
        if not rules.allows(url, self._agent):
            raise _forbidden(url, rules)
        return rules.delay(self._agent)

    def _rules(self, url: str) -> Robots:
        """The rules of an address's host; writes down those of all hosts where that was done an hour ago."""
        rules = self._robots.of(url)
        with self._guard:
            now = self._clock()
            if abs(now - self._written) >= _HOUR:
                self._written = now
                self._keep("robots", json.dumps(self._robots.to_json()))
        return rules

    def _robots_file(self, url: str) -> Answer:
        """A host's robots file. Where it leads elsewhere, it is that host's turn, and no robots file is asked for that."""
        answer = self._fetcher.get(url, accept=_ROBOTS, before=lambda hop: self._turns.turn(host_of(hop)))
        self._heed(answer)
        return answer

    def _heed(self, answer: Answer) -> None:
        """Leave the host that answered alone for as long as it asks for; one that led there did not ask for that."""
        if answer.status in {429, 503}:
            wait = retry_after(answer.header("retry-after"), self._clock(), _LEAST_HOLD) or _LEAST_HOLD
            self._turns.hold(host_of(answer.url), wait.total_seconds())
            with self._guard:
                self._keep_held()

    def _keep_held(self) -> None:
        """Write down which hosts want to be left alone until when."""
        now = self._clock()
        held = {host: (now + timedelta(seconds=left)).isoformat() for host, left in self._turns.all_held().items()}
        self._keep("held", json.dumps(held))


def open_visitor(
    settings: Settings,
    clock: Callable[[], datetime],
    store: Store | None = None,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    over: Callable[[], bool] = lambda: False,
) -> Visitor:
    """The visitor that settings ask for. store: where it finds what is known of hosts, and writes it down; the rest: see ``Turns``."""
    fetcher, agent = _client(settings)
    turns = Turns(settings.pause.total_seconds(), monotonic, sleep, over)
    if store is None:
        return Visitor(fetcher, turns, clock, agent)
    return Visitor(fetcher, turns, clock, agent, {name: store.kept(name) for name in ("robots", "held")}, store.keep)


def _client(settings: Settings) -> tuple[Fetcher, str]:
    """The client that settings ask for, and the name by which it goes."""
    contact = settings.contact or settings.base_url  # where our feeds are, people tell who we are
    agent = _AGENT.format(f"; +{contact}" if contact else "")
    limits = Limits(wire=settings.page_bytes, inflated=settings.page_bytes)
    return Fetcher(limits=limits, agent=agent, allow_private=settings.allow_private, proxy=settings.proxy), agent


def _read(kept: Mapping[str, str] | None, name: str) -> object:
    """What was written down under a name; None where that is nothing, or cannot be read."""
    try:
        return json.loads((kept or {}).get(name, ""))
    except ValueError:
        return None


def _times(stored: object) -> Iterator[tuple[str, datetime]]:
    """Hosts with times, as they were stored; what cannot be read is left out."""
    for host, told in stored.items() if isinstance(stored, dict) else ():
        with suppress(TypeError, ValueError):
            until = datetime.fromisoformat(told)
            if until.tzinfo is not None:
                yield host, until


def _told_of(url: str, hop: str | None, error: FetchError) -> FetchError:
    """Why an address may not be asked, or not now, told of it. hop: what it led to, None for itself.

    A host that is held is named itself, for that is the same for all its addresses.
    """
    if error.reason in {"held", "stopped"} and (hop is None or host_of(hop) == host_of(url)):
        return error
    detail = error.detail if hop is None else f"leads to {hop}: {error.detail}"
    told = FetchError(without_login(url), error.reason, detail)
    told.wait = error.wait
    return told


def _forbidden(url: str, rules: Robots) -> FetchError:
    """The error of an address that a robots file forbids, or whose robots file could not be read, which may pass."""
    if rules.reached:
        return FetchError(url, "robots", "its robots.txt forbids it")
    why = f" ({rules.trouble})" if rules.trouble else ""
    error = FetchError(url, "robots", f"its robots.txt could not be read{why}, so nothing may be asked yet")
    error.wait = _HOUR
    return error


def refused(url: str, answer: Answer) -> FetchError:
    """The error of an answer that is no page."""
    if answer.status == 200:
        return FetchError(url, "empty", "answered with nothing")
    error = FetchError(url, "status", f"answered {answer.status}")
    error.status, error.retry_after = answer.status, answer.header("retry-after")
    return error


def waits(error: PageError) -> bool:
    """Whether something was not asked and has not failed: its host wants to be left alone, or we are to end."""
    return isinstance(error, FetchError) and error.wait is not None


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

"""A net of invented hosts in virtual time, as the client behind a visitor; it notes whatever is impolite or wasteful.

It answers as ``cleaner.fetch.Fetcher`` does: redirects are followed, an answer takes time, trouble is raised as FetchError.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from math import inf
from typing import Any
from urllib.parse import urlsplit

from cleaner.datatypes import Answer
from cleaner.errors import FetchError
from tests.unit.collect.press import Page
from tests.unit.collect.timeline import Timeline
from tests.unit.polite.clocks import NOW

__all__ = ["Host", "Net", "Redirect", "Trouble"]

DAY = 86400.0
Before = Callable[[str], AbstractContextManager[object]]
_PAUSE = 1.0  # seconds between two requests of any host
_LEAST_HOLD = 30.0  # seconds, of a host that says to wait and not how long
_AFTER_FAILURE = 240.0  # seconds until a page that failed is asked for again
_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a host from begin to end.

    what: ``down``, ``silent``, ``500``, ``flaps`` (a third of the answers are 500), ``503`` and ``429`` (without more),
    ``429 seconds``, ``503 date`` (with Retry-After), ``robots 503`` or ``robots down``.
    """

    begin: float
    end: float
    what: str


@dataclass(slots=True)
class Host:
    """A host: the Crawl-delay that it asks for, how long it takes to answer, its troubles, and what was asked of it."""

    name: str
    delay: float | None = None
    took: float = 0.2
    troubles: list[Trouble] = field(default_factory=list)
    maps: tuple[str, ...] = ()
    forbidden: str = "/private/"
    # what the net saw
    requests: int = 0
    open: int = 0
    ended: float = -inf
    held: float = -inf
    nearest: float = inf
    told: bool = False  # whether its robots file was had
    rules: float = -inf  # when it was asked for last
    rules_failed: bool = False

    def trouble(self, now: float) -> str:
        """What is wrong with it now."""
        return next((one.what for one in self.troubles if one.begin <= now < one.end), "")


@dataclass(frozen=True, slots=True)
class Redirect:
    """An address that leads elsewhere, from a time on; before that the page stands there itself."""

    status: int
    to: str
    since: float = -inf


@dataclass(slots=True)
class _Seen:
    """What was last had from an address: validators and version of its last full answer; how often it was had."""

    tags: tuple[str, str] = ("", "")
    version: tuple[object, ...] | None = None
    times: int = 0


class Net:
    """The client. wrong: what should not have been asked, by rule; count: requests by status."""

    def __init__(self, timeline: Timeline, seed: int) -> None:
        self.timeline = timeline
        self.hosts: dict[str, Host] = {}
        self.pages: dict[str, Page] = {}
        self.redirects: dict[str, Redirect] = {}
        self.gone: dict[str, float] = {}  # from when an address answers 410
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self.count: Counter[str] = Counter()
        self.asked: dict[str, list[float]] = defaultdict(list)  # when each page that is polled was asked for
        self._seen: dict[str, _Seen] = defaultdict(_Seen)
        self._last: dict[str, tuple[float, bool]] = {}  # when each page was asked for last, and whether that failed
        self._random = random.Random(seed)
        self._over: set[str] = set()  # said 410

    def get(
        self,
        url: str,
        *,
        etag: str = "",
        modified: str = "",
        given: str = "",
        before: Before = nullcontext,
        **_: Any,
    ) -> Answer:
        """As a real client's. given: the one address that gets the validators; before: entered before each request of a chain."""
        at, moved, permanent = url, None, True
        for hop in range(_REDIRECTS + 1):
            with before(at):
                mine = given in {"", at}
                answer = self._exchange(at, etag if mine else "", modified if mine else "", hop)
            if answer.status not in {301, 302}:
                return Answer(at, answer.status, answer.headers, answer.body, moved)
            at, permanent = answer.header("location"), permanent and answer.status == 301
            moved = at if permanent else moved
        raise FetchError(url, "too-many-redirects", "round and round")

    # ------------------------------------------------------------------------------------------------ one exchange

    def _exchange(self, url: str, etag: str, modified: str, hop: int) -> Answer:
        """One request and its answer, which takes its time."""
        parts, now = urlsplit(url), self.timeline.now
        host = self.hosts[parts.netloc]
        self._judge_host(host, url, hop)
        host.open += 1
        host.requests += 1
        trouble = host.trouble(now)
        broken = trouble in {"down", "silent"} or (trouble == "robots down" and parts.path == "/robots.txt")
        self.timeline.sleep(20.0 if trouble == "silent" else host.took)
        host.open -= 1
        host.ended = self.timeline.now
        try:
            if broken or self._random.random() < 0.002:
                self.count["no answer"] += 1
                raise FetchError(url, "read-timeout", "nothing came")
            answer = self._answer(host, url, parts.path, trouble, now, (etag, modified))
        except FetchError:
            self._note(host, url, now, failed=True)
            raise
        if answer.status not in {301, 302}:
            self._note(host, url, now, failed=answer.status >= 400)
        self.count[str(answer.status)] += 1
        return answer

    def _note(self, host: Host, url: str, now: float, *, failed: bool) -> None:
        """What became of a request."""
        if url.endswith("/robots.txt"):
            host.rules, host.rules_failed = now, failed
            host.told |= not failed
        elif url in self.pages:
            self._last[self.pages[url].url] = now, failed

    def _answer(self, host: Host, url: str, path: str, trouble: str, now: float, sent: tuple[str, str]) -> Answer:
        """What a host says."""
        told = trouble.partition(" ")
        if told[0] in {"429", "503"} or (trouble == "robots 503" and path == "/robots.txt"):
            return self._rest(host, url, told[2])
        if trouble == "500" or (trouble == "flaps" and self._random.random() < 0.33):
            return Answer(url, 500)
        if path == "/robots.txt":
            delay = f"Crawl-delay: {host.delay:g}\n" if host.delay else ""
            maps = "".join(f"Sitemap: {one}\n" for one in host.maps)
            return Answer(url, 200, body=f"User-agent: *\n{delay}Disallow: {host.forbidden}\n{maps}".encode())
        if path.startswith(host.forbidden):
            self._blame("forbidden", url, "")
        lead = self.redirects.get(url)
        if lead is not None and now >= lead.since:
            return Answer(url, lead.status, (("location", lead.to),))
        if now >= self.gone.get(url, inf):
            if url in self._over:
                self._blame("gone", url, "")
            self._over.add(url)
            return Answer(url, 410)
        return self._page(self.pages[url], url, now, sent) if url in self.pages else Answer(url, 404)

    def _rest(self, host: Host, url: str, how: str) -> Answer:
        """A host that wants to be left alone for a while."""
        now, wait = self.timeline.now, 1800.0
        if how == "seconds":
            host.held = now + wait
            return Answer(url, 429, (("retry-after", f"{wait:.0f}"),))
        if how == "date":
            until = NOW + timedelta(seconds=int(now + wait))
            host.held = float(int(now + wait))
            return Answer(url, 503, (("retry-after", format_datetime(until, usegmt=True)),))
        host.held = now + _LEAST_HOLD
        return Answer(url, 503)

    def _page(self, page: Page, url: str, now: float, sent: tuple[str, str]) -> Answer:
        """A page as it is now, or that it has not changed."""
        tags, seen, version = page.tags(now, url), self._seen[url], page.version(now)
        self._judge_page(page, url, now, sent, version)
        age = (("cache-control", f"public, max-age={page.age}"),) if page.age is not None else ()
        headers = (("etag", tags[0]), ("last-modified", tags[1]), ("content-type", page.kind), *age)
        known = sent[0] == tags[0] if sent[0] and tags[0] else bool(sent[1]) and sent[1] == tags[1]
        told = tuple((name, value) for name, value in headers if value)
        seen.times += 1
        if known and page.validators != "deaf":
            return Answer(url, 304, told)
        seen.tags, seen.version = tags, version
        return Answer(url, 200, told, page.body(now))

    # ------------------------------------------------------------------------------------------------ what is wrong

    def _judge_host(self, host: Host, url: str, hop: int) -> None:
        """Whether a host is asked too soon, while it rests, by two at once, or for its rules more than once a day."""
        now, how = self.timeline.now, "redirect " if hop else ""
        pause = max(_PAUSE, host.delay or 0.0) if host.told else _PAUSE
        rest = now - host.ended
        host.nearest = min(host.nearest, rest) if host.told else host.nearest
        if host.open:
            self._blame(f"{how}side by side", url, "")
        elif rest < pause - 1e-6:
            self._blame(f"{how}pause", url, f"{rest:.1f} s after the last request, not {pause:g}")
        if now < host.held:
            self._blame(f"{how}held", url, f"for another {host.held - now:.0f} s")
        if url.endswith("/robots.txt"):
            least = 3600.0 if host.rules_failed else DAY
            if now - host.rules < least - 1e-6:
                self._blame("robots again", url, f"after {now - host.rules:.0f} s")

    def _judge_page(self, page: Page, url: str, now: float, sent: tuple[str, str], version: tuple[object, ...]) -> None:
        """Whether a page is asked for too early, in vain, or with validators that are not those of its last answer."""
        seen = self._seen[url]
        if any(sent) and sent != seen.tags:
            self._blame("stale", url, f"sent {sent}, not {seen.tags}")
        if seen.version == version and any(seen.tags) and sent != seen.tags:
            self._blame("full again", url, f"sent {sent}, not {seen.tags}")
        if page.polled:
            self.asked[page.url].append(now)
            asked, failed = self._last.get(page.url, (-inf, False))
            least = _AFTER_FAILURE if failed else max(page.least, 0.0 if page.fixed else min(page.wait, DAY))
            if now - asked < least - page.loose - 1e-6:
                self._blame("early", url, f"after {now - asked:.0f} s, not {least:.0f}")
        elif seen.times > page.may_change:
            self._blame("asked again", url, f"was had {seen.times} times")

    def _blame(self, rule: str, url: str, why: str) -> None:
        """Note what is wrong."""
        self.wrong[rule].append(f"{self.timeline.now:.1f} {url}: {rule} {why}")

"""A week of many sources in some seconds: everything is real but the clock and the net behind the client.

The net notes what is impolite or wasteful when it is asked; afterwards nothing that was published may be missing.
"""

from __future__ import annotations

import heapq
import random
from bisect import bisect_right
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cleaner.children import Children
from cleaner.collect import Round, Visitor, next_try, read_state, take_in
from cleaner.daemon.times import next_due
from cleaner.datatypes import Answer, Subscription
from cleaner.errors import FetchError, PageError
from cleaner.polite import Turns
from cleaner.store import Store
from tests.unit.polite.clocks import NOW, Clock

pytestmark = pytest.mark.slow
HOUR, DAY = 3600.0, 86400.0
WEEK = 7 * DAY
SOURCES = 24
SHOWN = 15  # items of a feed
TOOK = 0.2  # seconds that an answer takes


@dataclass
class _Item:
    """An article: when it is published, and when it is changed, if it is."""

    url: str
    born: float
    changed: float | None
    served: list[int] = field(default_factory=list)  # versions, one for each answer
    first: float | None = None  # when it was had

    def version(self, now: float) -> int:
        """Which text it has."""
        return 2 if self.changed is not None and now >= self.changed else 1


class Net:
    """A fetcher whose net is here. wrong: what should not have been asked."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock, self.wrong = clock, list[str]()
        self.asked = 0
        self._random = random.Random(seed)
        self.feeds: dict[str, list[_Item]] = {}
        self.pages: dict[str, _Item] = {}
        self._ended: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self._robots: dict[str, float] = {}
        self._index: dict[str, tuple[float, str]] = {}
        self._etags: dict[str, str] = {}
        self._gone: set[str] = set()

    def add_feed(self, number: int) -> str:
        """A feed with its articles of the week and some older ones, three feeds a host; every fifth has articles elsewhere."""
        host = f"h{number // 3}.example"
        url, gap = f"http://{host}/feed{number}", (HOUR, 4 * HOUR, 12 * HOUR, 2 * DAY)[number % 4]
        items, time = list[_Item](), -6 * gap
        while time < WEEK:
            time += self._random.expovariate(1 / gap)
            at = f"shared{len(items) % 2}.example" if number % 5 == 0 else host
            changed = time + 2 * HOUR if self._random.random() < 0.1 else None
            items.append(_Item(f"http://{at}/{number}/{len(items):03}", time, changed))
        self.feeds[url] = items
        self.pages |= {item.url: item for item in items}
        return url

    def get(
        self, url: str, *, before: Callable[[str], AbstractContextManager[object]], etag: str = "", **_: Any
    ) -> Answer:
        """As a real client's, which asks in turn."""
        with before(url):
            return self._get(url, etag)

    def _get(self, url: str, etag: str) -> Answer:
        """The answer, with what was wrong about the request noted."""
        self.asked += 1
        host, path = urlsplit(url).netloc, urlsplit(url).path
        self._judge(url, host, etag)
        try:
            answer = self._answer(url, host, path, etag)
        finally:
            self.clock.now += TOOK
            self._ended[host] = self.clock.now
        if answer.status == 200 and path != "/robots.txt":
            self._etags[answer.url] = answer.header("etag")
        return answer

    def _judge(self, url: str, host: str, etag: str) -> None:
        """Whether a host is asked too soon, while it rests, or with a validator that is not its last one."""
        now, pause = self.clock.now, 10.0 if host.startswith("h1") else 1.0
        rest = now - self._ended.get(host, -DAY)
        # a host's pause is known from its robots file only, which is asked for first
        if rest < (1.0 if url.endswith("robots.txt") else pause) - 1e-6 and host in self._robots:
            self.wrong.append(f"{now:.0f} {url}: {rest:.1f} s after the last request")
        if now < self._held.get(host, 0):
            self.wrong.append(f"{now:.0f} {url}: asked to be left alone")
        if etag and etag != self._etags.get(url):
            self.wrong.append(f"{now:.0f} {url}: stale validator {etag}, not {self._etags.get(url)}")
        if url in self._gone:
            self.wrong.append(f"{now:.0f} {url}: is gone")

    def _answer(self, url: str, host: str, path: str, etag: str) -> Answer:
        """What a host says: some rest, some break, some time out, some move or go."""
        now = self.clock.now
        if path == "/robots.txt":
            return self._rules(url, host)
        if host == "h2.example" and DAY < now < 1.3 * DAY:
            self._held[host] = now + TOOK + 3599
            return Answer(url, 503, (("retry-after", "3600"),))
        if host == "h3.example" and 2 * DAY < now < 2.4 * DAY:
            return Answer(url, 500)
        if self._random.random() < 0.02:
            raise FetchError(url, "read-timeout", "nothing came")
        if path == "/7/001" or "/private/" in path:
            self.wrong.append(f"{now:.0f} {url}: forbidden")
        if url in self.pages:
            return self._page(url, etag)
        moved = None
        if path == "/feed4" and now > 2 * DAY:
            url = moved = f"http://{host}/moved4"
        if path == "/feed8" and now > 3 * DAY:
            self._gone.add(url)
            return Answer(url, 410)
        return self._feed(url, moved, etag)

    def _rules(self, url: str, host: str) -> Answer:
        """A robots file, asked for once a day at most."""
        now = self.clock.now
        if now - self._robots.get(host, -WEEK) < DAY - 1:
            self.wrong.append(f"{now:.0f} {url}: again after {now - self._robots[host]:.0f} s")
        self._robots[host] = now
        delay = "Crawl-delay: 10\n" if host.startswith("h1") else ""
        return Answer(url, 200, body=f"User-agent: *\n{delay}Disallow: /7/001\n".encode())

    def _feed(self, url: str, moved: str | None, etag: str) -> Answer:
        """A feed as it is now; asked for no oftener than each quarter of an hour, or a little earlier after it failed."""
        now, key = self.clock.now, url.replace("moved", "feed")
        last, _ = self._index.get(key, (-DAY, ""))
        if now - last < 900 - 60:  # a round counts from its begin, and may have waited for its turn
            self.wrong.append(f"{now:.0f} {url}: the feed again after {now - last:.0f} s")
        items = self.feeds[key]
        shown = items[: bisect_right([item.born for item in items], now)][-SHOWN:]
        tag = f'"{hash(tuple((item.url, item.version(now)) for item in shown))}"'
        self._index[key] = (now, tag)
        if etag == tag and moved is None:
            return Answer(url, 304, (("etag", tag),))
        told = "".join(
            f"<entry><id>{item.url}</id><link href='{item.url}'/><title>Of {escape(item.url)}, {item.version(now)}</title>"
            f"<updated>{(NOW + timedelta(seconds=item.born)).isoformat()}</updated></entry>"
            for item in reversed(shown)
        )
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{told}</feed>".encode()
        return Answer(url, 200, (("etag", tag), ("content-type", "application/atom+xml")), body, moved)

    def _page(self, url: str, etag: str) -> Answer:
        """An article as it is now."""
        item, now = self.pages[url], self.clock.now
        version = item.version(now)
        item.served.append(version)
        if len(item.served) > (1 if item.changed is None else 2):
            self.wrong.append(f"{now:.0f} {url}: fetched {len(item.served)} times")
        item.first = now if item.first is None else item.first
        tag = f'"{version}"'
        if etag == tag:
            return Answer(url, 304, (("etag", tag),))
        body = f"<!doctype html><title>{url}</title><p>Version {version} of {url}".encode()
        return Answer(url, 200, (("etag", tag), ("content-type", "text/html")), body)


def test_a_week(tmp_path: Path, children: Children) -> None:
    """No host is asked more often than it allows, nothing twice that has not changed, and everything is had in time."""
    clock = Clock()
    net = Net(clock, seed=20260601)
    sources = [
        Subscription(f"s{number}", kind="feed", url=net.add_feed(number), fulltext="always")
        for number in range(SOURCES)
    ]
    visitor = Visitor(net, Turns(1.0, clock, clock.sleep), clock.day, "Cleaner/1 (tests)")  # type: ignore[arg-type]
    due = [(clock.day() + timedelta(seconds=number), number) for number in range(SOURCES)]
    rounds, states = [0] * SOURCES, {}
    with Store(tmp_path) as store:
        while due[0][0] < NOW + timedelta(seconds=WEEK):
            time, number = heapq.heappop(due)
            clock.reach((time - NOW).total_seconds())
            source, begun = sources[number], clock.day()
            rounds[number] += 1
            with suppress(PageError):
                means = Round(store, source, visitor, children, begun, lambda _: None, lambda _: None)
                means.monotonic = clock
                take_in(means)
            heapq.heappush(due, (next_due(source, begun, next_try(store, source, clock.day())), number))
            assert not net.wrong, "\n".join(net.wrong[:20])
        states = {source.name: read_state(store, source.name) for source in sources}
        kept = len(store._ask("SELECT 1 FROM pages"))
    _check_latency(net, sources)
    told = f"{sum(rounds)} rounds, {net.asked} requests, {kept} pages"
    assert states["s8"].gone and rounds[8] < 7 * 96, told
    assert states["s4"].moved == "http://h1.example/moved4", told
    assert min(rounds) >= 7 and max(rounds) <= 7 * 96 + 1, told
    assert sum(rounds) > 20 * SOURCES and net.asked > kept > 500, told


def _check_latency(net: Net, sources: list[Subscription]) -> None:
    """Each article was had while its feed could tell of it, and those of busy feeds early."""
    late: dict[str, list[float]] = {}
    for source in sources:
        for item in net.feeds[source.url or ""]:
            broken = source.name == "s8" or item.url.endswith("/7/001")
            if broken or item.born < 0 or item.born > WEEK - 1.5 * DAY:
                continue
            assert item.first is not None, f"{item.url}, born {item.born:.0f}, was never had"
            late.setdefault(source.name, []).append(item.first - item.born)
    assert max(max(waits) for waits in late.values()) < 1.2 * DAY
    busy = [wait for number in range(0, SOURCES, 4) for wait in late.get(f"s{number}", ())]
    assert sorted(busy)[len(busy) // 2] < 1.5 * HOUR, (
        f"half of the busy feeds' articles wait {sorted(busy)[len(busy) // 2]:.0f} s"
    )

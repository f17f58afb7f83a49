"""The sources of an invented week: feeds, lists, maps and watched pages, the hosts they stand on, and what goes wrong with these.

``cast`` makes a mix like those of people who read much: mostly feeds, some platforms with dozens of them on one host, some
hosts that want to be asked slowly, some that break, move, or go for good. The same seed makes the same week.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, pairwise

from cleaner.datatypes import Subscription
from tests.unit.collect.net import DAY, Host, Net, Redirect, Trouble
from tests.unit.collect.press import Article, Index, MapOfMaps, Page

__all__ = ["Part", "cast"]

HOUR = 3600.0
_GAPS = (HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY)
_VALIDATORS = ("etag", "both", "weak", "date", "none", "deaf")
_AGES = (None, None, 300, 1800, None, 7200)
_PLATFORMS = (None, 5.0, 10.0)  # Crawl-delay of the hosts of dozens of feeds
_ROUND = 120.0  # seconds that a round of several maps or pages takes
_DELAYS = (10.0, 20.0, 30.0, 60.0)
_TROUBLES = ("down", "silent", "429 seconds", "503 date", "503", "500", "flaps", "429", "robots 503", "robots down")


@dataclass(slots=True)
class Part:
    """A source: its subscription, the pages that it polls, its articles, the index that tells of them, and its hosts."""

    source: Subscription
    polled: list[Page]
    articles: list[Article]
    index: Index | None
    hosts: list[Host]
    ends: float = float("inf")  # when it was gone for good


class _Maker:
    """Makes sources on a net. length: seconds that they live."""

    def __init__(self, net: Net, seed: int, length: float) -> None:
        self.net, self.length = net, length
        self.random = random.Random(seed)
        self.parts: list[Part] = []
        self._validators, self._ages, self._gaps = cycle(_VALIDATORS), cycle(_AGES), cycle(_GAPS)

    def host(self, name: str, delay: float | None = None) -> Host:
        """A host of that name."""
        host = self.net.hosts.get(name) or Host(name, delay, self.random.choice((0.1, 0.3, 0.8, 2.0)))
        self.net.hosts[name] = host
        return host

    def articles(self, places: Iterator[str], gap: float, old: int, *, changes: bool) -> list[Article]:
        """Articles at some places, the oldest first; one in twelve is changed later."""
        made, time = list[Article](), -old * gap
        while True:
            time += self.random.expovariate(1 / gap)
            if time >= self.length:
                return made
            changed = changes and self.random.random() < 0.08
            url = next(places)
            page = Article(
                url=url,
                validators=next(self._validators),
                born=time,
                changes=(time + self.random.uniform(0.5, 12) * HOUR,) if changed else (),
            )
            made.append(page)
            self.net.pages[url] = page

    def places(self, host: Host, name: str) -> Iterator[str]:
        """Addresses of articles on a host."""
        number = 0
        while True:
            number += 1
            yield f"http://{host.name}/{name}/what-was-seen-in-town-{number:04}"

    def spread(self, name: str) -> Iterator[str]:
        """Addresses of articles, each on a host of its own."""
        number = 0
        while True:
            number += 1
            yield f"http://{self.host(f'blog{number}.{name}.example').name}/what-was-seen-{number:04}"

    def feed(self, name: str, host: Host, *, at: str = "host", **settings: object) -> Part:
        """A feed. at: where its articles are: on its ``host``, ``spread``, on one ``other`` host, or behind a ``link``."""
        number = len(self.parts)
        style = ("rss", "atom", "rss", "json", "atom")[number % 5]
        other = self.host(f"paper{number}.example") if at in {"other", "link"} else host
        places = self.spread(name) if at == "spread" else self.places(other, name)
        gap = HOUR if at == "spread" else next(self._gaps)
        index = Index(
            url=f"http://{host.name}/{name}.xml",
            style=style,
            articles=self.articles(places, gap, 12, changes=True),
            dated=number % 9 != 4,
            full=number % 3 == 1,
            ttl=(None, 30, None, 120)[number // 3 % 4] if style == "rss" else None,
            validators=next(self._validators),
            age=next(self._ages),
        )
        for article in index.articles if at == "link" else ():
            article.link = article.url.replace(other.name, host.name)
            self.net.redirects[article.link] = Redirect(302, article.url)
        source = Subscription(name, kind="feed", url=index.url, **settings)  # type: ignore[arg-type]
        return self._add(Part(source, [index], index.articles, index, [host, other]))

    def listing(self, name: str, host: Host) -> Part:
        """A list of articles."""
        number = len(self.parts)
        index = Index(
            url=f"http://{host.name}/news/",
            style="listing",
            articles=self.articles(self.places(host, "news"), next(self._gaps), 20, changes=False),
            shown=20,
            dated=number % 2 == 0,
            validators=next(self._validators),
            age=next(self._ages),
        )
        select = "div.card h2 a" if number % 3 == 0 else None
        source = Subscription(name, kind="listing", url=index.url, select=select)
        return self._add(Part(source, [index], index.articles, index, [host]))

    def map(self, name: str, host: Host) -> Part:
        """A site's map: one, one of news, one that names three others, or one that only the robots file names."""
        number = len(self.parts) % 4
        articles = self.articles(self.places(host, "news"), next(self._gaps), 60, changes=number != 1)
        cuts = (0, 20, 50, len(articles)) if number == 2 else (0, len(articles))
        maps = [
            Index(
                url=f"http://{host.name}/map{place}.xml",
                style="news" if number == 1 else "map",
                articles=articles[begin:end],
                shown=40 if number == 1 else 1000,
                validators=next(self._validators),
                age=next(self._ages),
            )
            for place, (begin, end) in enumerate(pairwise(cuts))
        ]
        polled: list[Page] = list(maps)
        url = maps[0].url
        if number == 2:
            url = f"http://{host.name}/sitemap.xml"
            polled.insert(
                0, MapOfMaps(url=url, maps=maps, told=len(self.parts) % 8 == 2, validators=next(self._validators))
            )
        elif number == 3:
            host.maps, url = (url,), f"http://{host.name}/"
        return self._add(Part(Subscription(name, kind="sitemap", url=url), polled, articles, maps[-1], [host]))

    def watched(self, name: str, host: Host) -> Part:
        """Some pages that are watched."""
        least = timedelta(minutes=(60, 15, 120)[len(self.parts) % 3])
        pages = []
        for number in range(1 + len(self.parts) % 3):
            gap = self.random.choice((2 * HOUR, 8 * HOUR, DAY))
            changes, time = [], 0.0
            while (time := time + self.random.expovariate(1 / gap)) < self.length:
                changes.append(time)
            page = Article(
                url=f"http://{host.name}/{name}/status-{number}",
                validators=next(self._validators),
                age=next(self._ages),
                born=-DAY,
                changes=tuple(changes),
            )
            pages.append(page)
            self.net.pages[page.url] = page
        source = Subscription(name, kind="pages", urls=tuple(page.url for page in pages), min=least)
        return self._add(Part(source, list(pages), pages, None, [host]))

    def _add(self, part: Part) -> Part:
        """Put a source and what it polls on the net."""
        for page in part.polled:
            least = timedelta(0) if part.source.cron else part.source.every or part.source.min
            page.polled, page.least = True, least.total_seconds()
            later = page is not part.polled[0] and part.index is not None  # a map of which another tells
            page.fixed = later or bool(part.source.every or part.source.cron)
            page.loose = _ROUND if page.fixed or part.index is None else 0.0
            self.net.pages[page.url] = page
        self.parts.append(part)
        return part


def cast(net: Net, count: int, length: float, seed: int) -> list[Part]:
    """So many sources, of every sort in its share, on a net that lives for length seconds."""
    make = _Maker(net, seed, length)
    feeds, lists, maps = count * 6 // 10, count * 50 // 300, count * 40 // 300
    crowd = feeds * 4 // 10
    for number in range(feeds):
        if number < crowd:
            place = number % len(_PLATFORMS)
            make.feed(f"user{number}", make.host(f"platform{place}.example", _PLATFORMS[place]))
        elif number % 8 == 0:
            make.feed(f"slow{number}", make.host(f"slow{number}.example", _DELAYS[number // 8 % 4]))
        elif number % 8 in {1, 2, 3}:
            make.feed(f"section{number}", make.host(f"daily{number // 8}.example"))
        else:
            make.feed(f"feed{number}", make.host(f"site{number}.example"), **_special(number // 2))  # type: ignore[arg-type]
    for number in range(lists):
        make.listing(f"list{number}", make.host(f"front{number}.example", 15.0 if number % 5 == 0 else None))
    for number in range(maps):
        make.map(f"map{number}", make.host(f"mapped{number}.example", 10.0 if number % 7 == 0 else None))
    for number in range(count - len(make.parts)):
        make.watched(f"watch{number}", make.host(f"office{number}.example"))
    _break(make)
    return make.parts


def _special(number: int) -> dict[str, object]:
    """What is special about some feeds: fixed times, articles elsewhere, settings."""
    special: tuple[dict[str, object], ...] = (
        {"every": timedelta(minutes=30)},
        {"at": "other"},
        {"at": "spread" if number < 45 else "other"},
        {"fulltext": "always"},
        {"at": "link"},
        {"fulltext": "never"},
        {"cron": "7 * * * *"},
        {},
        {},
    )
    return special[number % len(special)]


def _break(make: _Maker) -> None:
    """Break some: hosts for hours or days, sources that move, go for good, or are sent elsewhere."""
    net, length = make.net, make.length
    kinds, lengths = cycle(_TROUBLES), cycle((2 * HOUR, 9 * HOUR, DAY, 0.2 * HOUR, 2 * DAY))
    for name in list(net.hosts)[4::6]:
        begin = make.random.uniform(0.1, 0.5) * length
        net.hosts[name].troubles.append(Trouble(begin, begin + min(next(lengths), length / 4), next(kinds)))
    alone = [part for part in make.parts if part.index is not None and part.source.name.startswith("feed")]
    for number, part in enumerate(alone[3::6]):
        at, page = part.source.url or "", part.polled[0]
        since = (0.2 + 0.1 * (number % 4)) * length
        if number % 4 == 3:
            net.gone[at] = part.ends = since
            continue
        host = part.hosts[0] if number % 4 == 0 else make.host(f"new{number}.example")
        to = f"http://{host.name}/moved/{part.source.name}.xml"
        net.redirects[at] = Redirect(302 if number % 4 == 2 else 301, to, since)
        net.pages[to] = page
        part.hosts.append(host)

"""What an invented press publishes in a week: articles, and the feeds, lists and maps that tell of them, at any time of it.

Times are seconds since the week began; what is older has times below 0.
"""

from __future__ import annotations

import json
import zlib
from abc import ABC, abstractmethod
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

from tests.unit.polite.clocks import NOW

__all__ = ["Article", "Index", "MapOfMaps", "Page", "iso"]


def iso(time: float) -> str:
    """A time of the week as ISO 8601."""
    return (NOW + timedelta(seconds=int(time))).isoformat()


@dataclass(slots=True, kw_only=True)
class Page(ABC):
    """What stands at an address.

    validators: those that it is served with: ``etag``, ``weak``, ``date``, ``both``, ``deaf`` (an entity tag of a server that
    always answers in full) or none; age: its ``max-age``; polled: whether who follows it must ask again without being
    told of a change; least: seconds between two visits that its reader allows himself; fixed: whether a person has set
    that, whatever the page asks for; loose: seconds by which a visit may be early, because it is one of a round's many.
    """

    url: str
    validators: str = "etag"
    age: int | None = None
    polled: bool = False
    least: float = 0.0
    fixed: bool = False
    loose: float = 0.0

    @abstractmethod
    def version(self, now: float) -> tuple[object, ...]:
        """The same as long as the bytes are."""

    @abstractmethod
    def changed_at(self, now: float) -> float:
        """When it became what it is now."""

    @abstractmethod
    def body(self, now: float) -> bytes:
        """Its bytes."""

    @property
    def kind(self) -> str:
        """Its media type."""
        return "text/html; charset=utf-8"

    @property
    def wait(self) -> float:
        """The seconds for which the page asks, itself or by its ``max-age``, to be left alone."""
        return float(self.age or 0)

    @property
    def may_change(self) -> int:
        """How often its reader is told of a change."""
        return 0

    def tags(self, now: float, at: str) -> tuple[str, str]:
        """The ETag and Last-Modified that it has at an address; empty where it has none."""
        print_ = f"{zlib.crc32(repr((at, self.version(now))).encode()):x}"
        etag = {"etag": f'"{print_}"', "weak": f'W/"{print_}-gzip"', "both": f'"{print_}:1"', "deaf": f'"{print_}"'}
        dated = self.validators in {"date", "both"}
        changed = NOW + timedelta(seconds=int(self.changed_at(now)))
        return etag.get(self.validators, ""), format_datetime(changed, usegmt=True) if dated else ""


@dataclass(slots=True, kw_only=True)
class Article(Page):
    """An article, or a page that is watched: when it is published, and when it is changed.

    link: the address that is told of, where that only leads to the article; had: when each version was kept.
    """

    born: float
    link: str = ""
    changes: tuple[float, ...] = ()
    had: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """An article is told of by its own address, if nothing else is said."""
        self.link = self.link or self.url

    @property
    def may_change(self) -> int:
        """How often it changes."""
        return len(self.changes)

    def number(self, now: float) -> int:
        """Which version it is of."""
        return 1 + bisect_right(self.changes, now)

    def version(self, now: float) -> tuple[object, ...]:
        """Its version."""
        return (self.number(now),)

    def changed_at(self, now: float) -> float:
        """When its version came."""
        number = self.number(now)
        return self.changes[number - 2] if number > 1 else self.born

    def text(self, now: float) -> str:
        """Its words, as many as a short article has."""
        words = " ".join(f"word{number}" for number in range(40))
        return f"Version {self.number(now)} of {self.url} says what happened there. {words}"

    def body(self, now: float) -> bytes:
        """A page with it."""
        return f"<!doctype html><title>{self.url}</title><article><p>{self.text(now)}</article>".encode()


@dataclass(slots=True, kw_only=True)
class Index(Page):
    """What tells of articles: a feed (``rss``, ``atom``, ``json``), a ``listing``, a ``map`` or a ``news`` map.

    articles: in the order of their birth; shown: of how many it tells; dated: whether it tells their times; full: whether it
    carries their whole text; ttl: minutes, of an RSS feed.
    """

    style: str
    articles: list[Article]
    shown: int = 15
    dated: bool = True
    full: bool = False
    ttl: int | None = None
    _born: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the births, to look for."""
        self._born = [article.born for article in self.articles]

    def telling(self, now: float) -> list[Article]:
        """The articles that it tells of, the oldest first."""
        end = bisect_right(self._born, now)
        return self.articles[max(0, end - self.shown) : end]

    def leaves(self, article: Article) -> float:
        """When it tells of an article no more."""
        place = bisect_right(self._born, article.born) - 1 + self.shown
        return self._born[place] if place < len(self._born) else float("inf")

    def version(self, now: float) -> tuple[object, ...]:
        """Of what it tells. A list does not tell of changes."""
        told = self.telling(now)
        changed = () if self.style == "listing" else tuple(article.number(now) for article in told if article.changes)
        return bisect_right(self._born, now), changed

    def changed_at(self, now: float) -> float:
        """When it told anything new last."""
        return max((article.changed_at(now) for article in self.telling(now)), default=-1.0)

    @property
    def kind(self) -> str:
        """Its media type."""
        kinds = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
        return kinds.get(self.style, "text/html; charset=utf-8" if self.style == "listing" else "application/xml")

    @property
    def wait(self) -> float:
        """What it asks for by ``ttl`` and by ``max-age``, the longer of the two."""
        return max(60.0 * (self.ttl or 0), float(self.age or 0))

    def body(self, now: float) -> bytes:
        """Its bytes; the newest article first."""
        told = reversed(self.telling(now))
        if self.style == "json":
            items = [self._json(article, now) for article in told]
            return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": items}).encode()
        write = {"rss": self._rss, "atom": self._atom, "listing": self._card}.get(self.style, self._loc)
        inner = "".join(write(article, now) for article in told)
        ttl = f"<ttl>{self.ttl}</ttl>" if self.ttl else ""
        return {
            "rss": f"<rss version='2.0'><channel><title>F</title>{ttl}{inner}</channel></rss>",
            "atom": f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{inner}</feed>",
            "listing": f"<!doctype html><title>L</title><nav><a href=/about>About</a></nav><main>{inner}</main>",
        }.get(self.style, f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inner}</urlset>").encode()

    def _told(self, article: Article, now: float) -> str:
        """What it carries of an article."""
        return article.text(now) if self.full else f"In short, {article.number(now)}"

    def _json(self, article: Article, now: float) -> dict[str, str]:
        """An item of a JSON feed."""
        item = {
            "id": article.link,
            "url": article.link,
            "title": f"Of {article.link}",
            "content_text": self._told(article, now),
        }
        return item | ({"date_published": iso(article.born)} if self.dated else {})

    def _rss(self, article: Article, now: float) -> str:
        """An item of RSS."""
        date = format_datetime(NOW + timedelta(seconds=int(article.born)))
        return (
            f"<item><title>Of {article.link}</title><link>{article.link}</link><guid>{article.link}</guid>"
            + (f"<pubDate>{date}</pubDate>" if self.dated else "")
            + f"<description>{self._told(article, now)}</description></item>"
        )

    def _atom(self, article: Article, now: float) -> str:
        """An entry of Atom."""
        return (
            f"<entry><id>{article.link}</id><title>Of {article.link}</title><link href='{article.link}'/><published>{iso(article.born)}"
            f"</published><updated>{iso(article.changed_at(now))}</updated><content>{self._told(article, now)}</content></entry>"
        )

    def _card(self, article: Article, now: float) -> str:
        """A card of a list."""
        time = f"<time datetime='{iso(article.born)}'>then</time>" if self.dated else ""
        title = f"Headline of the article {article.link.rpartition('-')[2]}"
        return f"<div class=card><h2><a href='{article.link}'>{title}</a></h2>{time}<p>What it is about.</div>"

    def _loc(self, article: Article, now: float) -> str:
        """An entry of a map."""
        if self.style == "news":
            space = "http://www.google.com/schemas/sitemap-news/0.9"
            date = f"<n:publication_date>{iso(article.born)}</n:publication_date>"
            return f"<url><loc>{article.link}</loc><n:news xmlns:n='{space}'>{date}<n:title>T</n:title></n:news></url>"
        time = f"<lastmod>{iso(article.changed_at(now))}</lastmod>" if self.dated else ""
        return f"<url><loc>{article.link}</loc>{time}</url>"


@dataclass(slots=True, kw_only=True)
class MapOfMaps(Page):
    """A map that names maps, with the time of each one's last change. told: whether it tells that."""

    maps: list[Index]
    told: bool = True

    @property
    def kind(self) -> str:
        """Its media type."""
        return "application/xml"

    def version(self, now: float) -> tuple[object, ...]:
        """Of its maps, where it tells of their changes."""
        return tuple(one.version(now) for one in self.maps) if self.told else ()

    def changed_at(self, now: float) -> float:
        """When any of its maps changed, where it tells."""
        return max(one.changed_at(now) for one in self.maps) if self.told else -1.0

    def body(self, now: float) -> bytes:
        """Its bytes."""
        inner = "".join(
            f"<sitemap><loc>{one.url}</loc>{f'<lastmod>{iso(one.changed_at(now))}</lastmod>' if self.told else ''}</sitemap>"
            for one in self.maps
        )
        return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inner}</sitemapindex>".encode()

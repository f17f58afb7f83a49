"""A site on loopback whose answers tests change between rounds, and rounds of sources that ask it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import feedparser

from cleaner.children import Children
from cleaner.collect import Visitor, read_state
from cleaner.datatypes import Settings, StoredEntry, Subscription
from cleaner.fetch import Fetcher, Limits
from cleaner.polite import SourceState, Turns
from cleaner.publishing import Publisher
from cleaner.run import RoundReport, run_round
from cleaner.store import Store
from tests.samples import NOON, settings, story

LIMITS = Limits(connect=2.0, read=1.0, total=4.0)
RSS, HTML = "application/rss+xml", "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int = 200
    body: bytes = b""
    kind: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Reply | Callable[[Mapping[str, str]], Reply]  # the headers of a request, names in lower case -> the answer


class Site:
    """A running site. routes: answers by path, changed at will; asked: paths asked for, in order; sent: their headers."""

    def __init__(self, ip: str = "127.0.0.1") -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[str] = []
        self.sent: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            """Answers one request."""

            def do_GET(self) -> None:
                """Note the request and answer as the route says."""
                site.asked.append(self.path)
                site.sent.append({name.lower(): value for name, value in self.headers.items()})
                route = site.routes.get(self.path, Reply(404, b"<p>Nothing here"))
                reply = route(site.sent[-1]) if callable(route) else route
                with contextlib.suppress(OSError):
                    self.send_response(reply.status)
                    for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer((ip, 0), Handler)
        self.server.daemon_threads = True
        self.place = f"{ip}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, path: str) -> str:
        """An address here."""
        return f"http://{self.place}{path}"

    def took(self) -> list[str]:
        """What was asked for since this was asked last, robots files aside."""
        taken = [path for path in self.asked if path != "/robots.txt"]
        self.asked.clear()
        self.sent.clear()
        return taken


@contextlib.contextmanager
def serving(ip: str = "127.0.0.1") -> Iterator[Site]:
    """A site, until the end of the block."""
    site = Site(ip)
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()


def paragraphs(number: int) -> list[str]:
    """Title and paragraphs of a story."""
    return story(number).split("\n\n")


def page(number: int, *, more: str = "", head: str = "") -> Reply:
    """A page with a story among what pages have. more: HTML behind its paragraphs; head: of its head."""
    title, *texts = paragraphs(number)
    text = "".join(f"<p>{escape(part, quote=False)}</p>" for part in texts)
    return Reply(
        body=f"<!doctype html><html lang=en><head><title>{title} | Vale Post</title>{head}</head><body>"
        "<nav><a href=/>Home</a><a href=/sport>Sport</a><a href=/weather>Weather</a></nav>"
        f"<main><article><h1>{title}</h1>{text}{more}</article></main>"
        "<footer><p>© 2026 Vale Post</p></footer></body></html>".encode()
    )


def item(
    site: Site, number: int, *, html: str | None = None, link: str | None = "", more: str = "", guid: str | None = ""
) -> str:
    """An item of RSS. html: its description, by default a teaser; link and guid: None for none."""
    title, first, *_ = paragraphs(number)
    told = "" if link is None else f"<link>{escape(link or site.url(f'/news/{number}'))}</link>"
    named = "" if guid is None else f"<guid isPermaLink='false'>{escape(guid or f'urn:vale:{number}')}</guid>"
    time = format_datetime(NOON - timedelta(hours=number))
    text = escape(first[:60] + "..." if html is None else html)
    return f"<item><title>{escape(title)}</title>{told}{named}<pubDate>{time}</pubDate><description>{text}</description>{more}</item>"


def whole(number: int) -> str:
    """A story's paragraphs as HTML."""
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in paragraphs(number)[1:])


def rss(*items: str, more: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    """A feed."""
    body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Vale Post</title>{more}{''.join(items)}</channel></rss>"
    return Reply(body=body.encode(), kind=RSS, headers=headers or {})


def conditional(reply: Reply, etag: str) -> Route:
    """An answer with an entity tag, and 304 for who has it."""

    def route(headers: Mapping[str, str]) -> Reply:
        """As servers do."""
        if headers.get("if-none-match") == etag:
            return Reply(304, headers={"ETag": etag})
        return Reply(reply.status, reply.body, reply.kind, {**reply.headers, "ETag": etag})

    return route


class Rounds:
    """Rounds of sources in one state, with a clock that tests move."""

    def __init__(self, root: Path, children: Children, *sites: Site) -> None:
        self.now = NOON + timedelta(days=1)
        self.steady = 0.0
        self.settings: Settings = settings(root)
        self.places = [site.place for site in sites]
        self.children = children
        self.kept: dict[str, str] = {}
        self.visitor = self.fresh_visitor()

    def fresh_visitor(self, kept: Mapping[str, str] | None = None, *, typed: bool = False) -> Visitor:
        """A visitor as a new process has it. kept: what an earlier one wrote down; typed: redirects may lead to any host here."""
        fetcher = Fetcher(limits=LIMITS, allow_private=self.places, agent="Cleaner/1 (tests)", typed=typed)
        turns = Turns(0.0, lambda: self.steady, self._sleep)
        return Visitor(fetcher, turns, self.clock, "Cleaner/1 (tests)", kept, self.kept.__setitem__)

    def _sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.steady += seconds

    def clock(self) -> datetime:
        """The time that tests set."""
        return self.now

    def later(self, **waits: float) -> None:
        """Move both clocks on."""
        self.now += timedelta(**waits)
        self.steady += timedelta(**waits).total_seconds()

    def run(self, source: Subscription, *, early: bool = True) -> RoundReport:
        """One round."""
        with Store(self.settings.state_dir) as store:
            return run_round(
                self.settings, store, source, self.children, visitor=self.visitor, early=early, clock=self.clock
            )

    def entries(self, source: Subscription) -> list[StoredEntry]:
        """The entries of a source, newest first."""
        with Store(self.settings.state_dir) as store:
            return list(store.newest([source.name], 1000))

    def titles(self, source: Subscription) -> list[str]:
        """Their titles, in order."""
        return sorted(kept.entry.article.title for kept in self.entries(source))

    def text(self, source: Subscription) -> str:
        """The text of the only entry of a source."""
        (kept,) = self.entries(source)
        return kept.entry.article.text

    def state(self, source: Subscription) -> SourceState:
        """What is remembered of a source."""
        with Store(self.settings.state_dir) as store:
            return read_state(store, source.name)

    def reasons(self, source: Subscription) -> dict[str, str]:
        """The text of each block of a source's pages, and the reason of its label."""
        with Store(self.settings.state_dir) as store:
            digests = store._ask("SELECT digest FROM pages WHERE source = ?", source.name)
            rows = [row for (digest,) in digests for row in store.verdicts(source.name, digest)]
        return {row[4]: row[2] for row in rows}

    def feed(self, source: Subscription) -> Any:
        """The source's published feed, as a reader reads it."""
        made = Settings(self.settings.state_dir, self.settings.feeds_dir, sources=(source,))
        with Store(made.state_dir) as store:
            Publisher().publish(made, store)
        return feedparser.parse((made.feeds_dir / f"{source.name}.atom").read_bytes())


def feed(site: Site, **changes: Any) -> Subscription:
    """A source that asks for the site's feed."""
    return Subscription("vale", kind="feed", url=site.url("/feed.xml"), **changes)

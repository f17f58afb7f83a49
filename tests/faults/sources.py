"""Sources side by side whose servers answer as a test tells them, in one state, with a clock that the test moves.

Rounds go as ``cleaner update`` has them: all at once, one visitor for all, who remembers hosts from one life to the next.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from cleaner.children import Children
from cleaner.cli.rounds import show_status
from cleaner.collect import Visitor, read_state
from cleaner.datatypes import Subscription
from cleaner.fetch import Fetcher, Limits
from cleaner.polite import SourceState, Turns
from cleaner.publishing import Publisher
from cleaner.run import RoundReport, run_round
from cleaner.store import Store
from tests.samples import NOON, settings, story
from tests.unit.fetch.upstream import OK, Say, Upstream, answer, upstream

__all__ = ["FEED", "Sources", "article", "feed_of", "item_of", "one_line", "sent", "tries_again", "whole"]

LIMITS = Limits(connect=2.0, read=2.0, total=5.0)
FEED = "/feed.xml"


def whole(number: int) -> str:
    """The paragraphs of a story as HTML."""
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in story(number).split("\n\n")[1:])


def item_of(number: int, html: str | None = None, *, link: str = "", guid: str = "") -> str:
    """An item of RSS; html: its content, by default the whole story."""
    title, text = story(number).split("\n\n")[0], whole(number) if html is None else html
    where = f"<link>{escape(link)}</link>" if link else ""
    return (
        f"<item><title>{escape(title)}</title>{where}<guid isPermaLink='false'>{guid or f'urn:vale:{number}'}</guid>"
        f"<description>{escape(text)}</description></item>"
    )


def feed_of(*items: int | str) -> bytes:
    """A feed of stories, by their numbers, or of items as written."""
    told = "".join(item_of(one) if isinstance(one, int) else one for one in items)
    return f"<rss version='2.0'><channel><title>Vale Post</title>{told}</channel></rss>".encode()


def sent(body: bytes, kind: str = "application/rss+xml", *headers: str) -> bytes:
    """A good answer that ends with its connection."""
    lines = "".join(f"{line}\r\n" for line in (f"Content-Type: {kind}", *headers))
    return OK + lines.encode() + b"\r\n" + body


def article(number: int, *, head: str = "", more: str = "") -> bytes:
    """The page of a story. head, more: HTML of its head, and behind its paragraphs."""
    title = story(number).split("\n\n")[0]
    return (
        f"<!doctype html><html lang=en><head><title>{title} | Vale Post</title>{head}</head><body>"
        f"<nav><a href=/>Home</a><a href=/sport>Sport</a></nav><article><h1>{title}</h1>{whole(number)}{more}</article>"
        "<footer><p>© 2026 Vale Post</p></footer></body></html>"
    ).encode()


@dataclass
class Sources:
    """Sources by name, each with a server of its own. now: the time that all clocks tell."""

    root: Path
    children: Children
    stack: contextlib.ExitStack
    limits: Limits = LIMITS
    now: datetime = NOON + timedelta(days=1)
    servers: dict[str, Upstream] = field(default_factory=dict)
    says: dict[str, dict[str, Say]] = field(default_factory=dict)
    known: dict[str, Subscription] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, *items: int | str, **more: Any) -> Upstream:
        """A source whose server gives a feed of some stories, until it is told otherwise."""
        self.says[name] = {FEED: sent(feed_of(*items)), "/robots.txt": answer(404)}
        server = self.servers[name] = self.stack.enter_context(upstream(self.says[name]))
        made = Subscription(name, kind="feed", url=server.url(FEED), fulltext="never")
        self.known[name] = replace(made, **more)
        return server

    def visitor(self) -> Visitor:
        """A visitor as a new process has it: what is known of hosts is read again."""
        fetcher = Fetcher(limits=self.limits, allow_private=[server.place for server in self.servers.values()])
        return Visitor(fetcher, Turns(0.0), lambda: self.now, "Cleaner/1 (tests)", self.hosts, self.hosts.__setitem__)

    def ask(self, *names: str, early: bool = True) -> dict[str, RoundReport]:
        """A round of some sources, or of all, at once; then the feeds are written. early: also those that are not due."""
        made = settings(self.root, *self.known.values())
        visitor = self.visitor()
        chosen = [self.known[name] for name in names or self.known]
        with Store(made.state_dir) as store, ThreadPoolExecutor(len(chosen)) as pool:

            def one(source: Subscription) -> RoundReport:
                """One of them."""
                return run_round(
                    made, store, source, self.children, visitor=visitor, early=early, clock=lambda: self.now
                )

            reports = {report.source: report for report in pool.map(one, chosen)}
            Publisher().publish(made, store)
        visitor.remember()
        return reports

    def status(self) -> dict[str, dict[str, Any]]:
        """What ``cleaner status --json`` prints, by source."""
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            show_status(settings(self.root, *self.known.values()), as_json=True)
        return {row["name"]: row for row in json.loads(told.getvalue())["sources"]}

    def state(self, name: str) -> SourceState:
        """What is remembered of a source."""
        with Store(self.root / "state") as store:
            return read_state(store, name)

    def texts(self, name: str) -> list[str]:
        """The texts of a source's entries."""
        with Store(self.root / "state") as store:
            return sorted(kept.entry.article.text for kept in store.newest([name], 1000))

    def feed(self, name: str) -> bytes:
        """A source's feed as it is published."""
        return (self.root / "feeds" / f"{name}.atom").read_bytes()

    def everything(self) -> bytes:
        """All that was written, raw pages unpacked."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        return b"".join((gzip.decompress if path.suffix == ".gz" else bytes)(path.read_bytes()) for path in files)


def one_line(row: dict[str, Any], url: str, reason: str) -> None:
    """Assert that status names source, address and cause in a line that can be printed."""
    assert row["error"].startswith(f"{url}: {reason}: ") or row["error"] == f"{url}: {reason}", row["error"]
    assert row["error"].isprintable()
    assert len(row["error"]) < 500


def tries_again(row: dict[str, Any], now: datetime, least: timedelta, most: timedelta) -> None:
    """Assert that status names a next try within bounds."""
    assert row["next"] is not None, row
    assert now + least <= datetime.fromisoformat(row["next"]) <= now + most, row

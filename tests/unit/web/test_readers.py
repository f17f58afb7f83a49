"""Programs that people read feeds with, over real HTTP from our own server: they subscribe, read everything, and get 304 later.

Between reader and server stands a proxy that writes down what was asked and answered.
"""

from __future__ import annotations

import http.client
import importlib
import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cleaner.datatypes import Article, Settings, StoredEntry
from cleaner.publish import Feed, make_folder, render, write_feed
from cleaner.web import Server
from tests.feedlint import lint, require
from tests.samples import AUTHORITY, stored

_MARKED = Article("Tom & <i>Jerry</i>", (), "t", "<p>The <em>text</em></p>")
_HEBREW = Article("אונייה בנמל", (), "האונייה הגיעה לנמל בבוקר", "<p>האונייה הגיעה לנמל בבוקר</p>")


@dataclass
class Wire:
    """What went over the wire: of each request its path, whether it was conditional, and the status of the answer."""

    home: str
    feeds: Path
    seen: list[tuple[str, bool, int]] = field(default_factory=list)

    def publish(self, *entries: StoredEntry) -> str:
        """Write a feed of entries; its address."""
        address = f"{self.home}/feeds/inbox.atom"
        write_feed(self.feeds, render(Feed("inbox", "The inbox", address, f"{self.home}/", AUTHORITY, entries)))
        return address


@contextmanager
def _wire(folder: Path) -> Iterator[Wire]:
    """Our server over a folder, and the proxy before it."""
    make_folder(folder / "feeds")
    with Server(Settings(folder / "state", folder / "feeds", port=0)) as server:
        made = Wire("", folder / "feeds")

        class Proxy(BaseHTTPRequestHandler):
            """Hands everything on, and writes it down."""

            def do_GET(self) -> None:
                """One request."""
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
                connection.putrequest("GET", self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    connection.putheader(name, value)
                connection.endheaders()
                answer = connection.getresponse()
                body = answer.read()
                conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
                made.seen.append((self.path, conditional, answer.status))
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in {"transfer-encoding", "connection"}:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                connection.close()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
            made.home = f"http://127.0.0.1:{proxy.server_port}"
            thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield made
            finally:
                proxy.shutdown()
                thread.join()


def test_what_goes_over_the_wire_is_free_of_findings(tmp_path: Path) -> None:
    """The document as it is served, with its type and at its address."""
    with _wire(tmp_path) as wire:
        address = wire.publish(stored(2), stored(1, article=_HEBREW))
        connection = http.client.HTTPConnection(wire.home.removeprefix("http://"), timeout=10)
        connection.request("GET", "/feeds/inbox.atom")
        answer = connection.getresponse()
        found = lint(answer.read(), location=address, content_type=answer.headers["Content-Type"])
        connection.close()
    assert found == []


def test_newsboat_reads_all_and_gets_304(tmp_path: Path) -> None:
    """It knows each entry by title, address, author and text; from its third call on it asks for what it has not got."""
    newsboat = require("newsboat")
    with _wire(tmp_path) as wire:
        address = wire.publish(stored(3), stored(2, article=_HEBREW), stored(1, article=_MARKED))
        for _ in range(3):
            _newsboat(newsboat, tmp_path, address)
        assert wire.seen == [
            ("/feeds/inbox.atom", False, 200),
            ("/feeds/inbox.atom", False, 200),
            ("/feeds/inbox.atom", True, 304),
        ]
        assert _kept(tmp_path) == [
            ("Tom & <i>Jerry</i>", "https://news.example/stories/1", "Ines Calder", _MARKED.html),
            (_HEBREW.title, "https://news.example/stories/2", "Ines Calder", f'<div dir="rtl">{_HEBREW.html}</div>'),
            ("Story number 3", "https://news.example/stories/3", "Ines Calder", stored(3).entry.article.html),
        ]
        wire.publish(stored(4), stored(3))
        _newsboat(newsboat, tmp_path, address)
        assert wire.seen[3:] == [("/feeds/inbox.atom", True, 200)]
        assert [row[0] for row in _kept(tmp_path)][-2:] == ["Story number 3", "Story number 4"]


def _newsboat(program: str, folder: Path, address: str) -> None:
    """Let newsboat fetch its feeds."""
    (folder / "urls").write_text(f"{address}\n")
    (folder / "config").write_text("")
    files = ["-u", f"{folder}/urls", "-c", f"{folder}/cache.db", "-C", f"{folder}/config"]
    told = {**os.environ, "HOME": str(folder)}
    subprocess.run([program, "-q", *files, "-x", "reload"], check=True, timeout=60, env=told)


def _kept(folder: Path) -> Sequence[tuple[str, ...]]:
    """What newsboat keeps: title, address, author and text of each entry, the oldest first."""
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        return cache.execute("SELECT title, url, author, content FROM rss_item ORDER BY pubDate").fetchall()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("form", ["atom", "json"])
def test_reader_reads_all_and_gets_304(tmp_path: Path, form: str) -> None:
    """The PyPI library ``reader``: both formats, each entry with its facts, 304 from its second call on, then only what is new."""
    library = _module("reader")
    with _wire(tmp_path) as wire, closing(library.make_reader(":memory:")) as reader:
        address = wire.publish(stored(3), stored(2, article=_HEBREW), stored(1, article=_MARKED))
        address, path = address.replace(".atom", f".{form}"), f"/feeds/inbox.{form}"
        reader.add_feed(address)
        reader.update_feeds()
        reader.update_feeds()  # by its own timetable it is too soon
        reader.update_feeds(scheduled=False)
        assert wire.seen == [(path, False, 200), (path, True, 304)]
        assert reader.get_feed(address).title == "The inbox"
        first, second, third = sorted(reader.get_entries(), key=lambda entry: entry.id)
        assert [entry.link for entry in (first, second, third)] == [
            f"https://news.example/stories/{number}" for number in (1, 2, 3)
        ]
        assert {entry.authors_str for entry in (first, second, third)} == {"Ines Calder"}
        assert second.title == _HEBREW.title
        assert second.content[0].value == f'<div dir="rtl">{_HEBREW.html}</div>'
        assert third.content[0].value == stored(3).entry.article.html
        assert third.published == stored(3).entry.published
        wire.publish(stored(4), stored(3))
        reader.update_feeds(scheduled=False)
        assert wire.seen[2:] == [(path, True, 200)]
        assert {entry.title for entry in reader.get_entries()} >= {"Story number 3", "Story number 4"}
        assert reader.get_entry_counts().total == 4


def _module(name: str) -> Any:
    """A library that only tests need; they skip where it is absent, but fail in CI, which has to have it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"{name} is not installed (make install)")

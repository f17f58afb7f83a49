"""Feeds over real HTTP: validators, compression, refusals, and nothing but the feeds."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner.datatypes import Settings
from cleaner.errors import ConfigError
from cleaner.web import Server

FEED = b"<?xml version='1.0'?><feed>" + b"harbour " * 200 + b"</feed>"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a server over a folder with one feed, an index and a secret."""
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "inbox.atom").write_bytes(FEED)
    (feeds / "index.html").write_text("<h1>Feeds</h1>")
    (feeds / "index.opml").write_text("<opml/>")
    (feeds / "notes.txt").write_text("secret")
    (tmp_path / "secret.atom").write_text("secret")
    with Server(Settings(tmp_path / "state", feeds, port=0)) as server:
        yield server.port


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """One request and its whole answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_a_feed_has_its_type_and_validators(port: int) -> None:
    """Media type, ETag, Last-Modified and Cache-Control; both under /feeds/ and beside the index."""
    for path in ("/feeds/inbox.atom", "/inbox.atom"):
        answer, body = ask(port, path)
        assert (answer.status, body) == (200, FEED)
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        assert answer.headers["ETag"].startswith('"')
        assert answer.headers["Last-Modified"].endswith("GMT")
        assert answer.headers["Cache-Control"] == "max-age=900"


def test_a_reader_that_has_it_gets_304(port: int) -> None:
    """By entity tag (one of a list, weak, or any), or by date; the tag goes before the date."""
    first, _ = ask(port, "/feeds/inbox.atom")
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in (
        {"If_None_Match": tag},
        {"If_None_Match": f'"x", W/{tag}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": date},
    ):
        answer, body = ask(port, "/feeds/inbox.atom", **headers)
        assert (answer.status, body) == (304, b"")
        assert answer.headers["ETag"] == tag
    for headers in (
        {"If_None_Match": '"x"', "If_Modified_Since": date},
        {"If_Modified_Since": "garbage"},
        {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        assert ask(port, "/feeds/inbox.atom", **headers)[0].status == 200


def test_gzip_has_a_tag_of_its_own(port: int) -> None:
    """A compressed answer is another one for caches."""
    plain, _ = ask(port, "/feeds/inbox.atom")
    zipped, body = ask(port, "/feeds/inbox.atom", Accept_Encoding="gzip")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == FEED
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert ask(port, "/feeds/inbox.atom", Accept_Encoding="gzip", If_None_Match=zipped.headers["ETag"])[0].status == 304


def test_head_is_get_without_a_body(port: int) -> None:
    """The same headers, no body."""
    got, _ = ask(port, "/feeds/inbox.atom")
    head, body = ask(port, "/feeds/inbox.atom", "HEAD")
    assert (head.status, body) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/notes.txt",
        "/notes.txt",
        "/../secret.atom",
        "/feeds/../../secret.atom",
        "/feeds/%2e%2e%2fsecret.atom",
        "/feeds/..%5csecret.atom",
        "/feeds/none.atom",
        "//secret.atom",
        "/feeds/a%00.atom",
        "/feeds/a%0d%0aX:y.atom",
    ],
)
def test_nothing_but_feeds_is_served(path: str, port: int) -> None:
    """Other files and tricks with paths are not found, and the answer repeats nothing."""
    answer, body = ask(port, path)
    assert (answer.status, body) == (404, b"not found\n")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "NONSENSE"])
def test_other_methods_are_refused(method: str, port: int) -> None:
    """405, with what is allowed."""
    answer, body = ask(port, "/feeds/inbox.atom", method)
    assert (answer.status, body) == (405, b"method not allowed\n")
    assert "GET" in answer.headers["Allow"]


def test_index_opml_and_health(port: int) -> None:
    """The pages that people and monitors open; no script may run on ours."""
    index, body = ask(port, "/")
    assert (index.status, body) == (200, b"<h1>Feeds</h1>")
    assert "default-src 'none'" in index.headers["Content-Security-Policy"]
    assert ask(port, "/opml")[1] == b"<opml/>"
    assert ask(port, "/healthz")[1] == b'{"status":"ok"}'


def test_health_says_what_is_wrong(tmp_path: Path) -> None:
    """503 with the reason."""

    def check() -> None:
        """Not well."""
        raise RuntimeError("the database has gone")

    with Server(Settings(tmp_path, tmp_path, port=0), check) as server:
        answer, body = ask(server.port, "/healthz")
    assert answer.status == 503
    assert b"the database has gone" in body


def test_a_taken_port_names_the_key(tmp_path: Path) -> None:
    """One error, before anything is started."""
    with (
        Server(Settings(tmp_path, tmp_path, port=0)) as server,
        pytest.raises(ConfigError, match=r"cleaner\.toml: port: 127\.0\.0\.1"),
    ):
        Server(Settings(tmp_path, tmp_path, port=server.port))

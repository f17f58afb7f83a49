"""One-off fetches against a real server that misbehaves; every failure names address and cause."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cleaner.errors import FetchError
from cleaner.fetch import client, fetch_page
from tests.unit.fetch.upstream import answer, redirect
from tests.unit.fetch.upstream import upstream as raw_upstream

PAGE = "<p>Grüße vom Hafen</p>".encode()
BOMB = gzip.compress(b"a" * (30 << 20), mtime=0)


class Upstream(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        """One answer."""
        kind = "text/html; charset=utf-8"
        status, headers, body = {
            "/page": (200, {"Content-Type": kind}, PAGE),
            "/zipped": (200, {"Content-Type": kind, "Content-Encoding": "gzip"}, gzip.compress(PAGE, mtime=0)),
            "/moved": (302, {"Location": "/page"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/out": (302, {"Location": "file:///etc/passwd"}, b""),
            "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
            "/paper": (200, {"Content-Type": kind}, b"%PDF-1.7"),
            "/undeclared": (200, {}, PAGE),
            "/bomb": (200, {"Content-Type": kind, "Content-Encoding": "gzip"}, BOMB),
            "/broken": (200, {"Content-Type": kind, "Content-Encoding": "gzip"}, b"no gzip"),
        }.get(self.path, (404, {}, b"gone"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    """The address of the server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/page", "/zipped", "/moved"])
def test_a_page_is_fetched(path: str, upstream: str) -> None:
    """The bytes, the declared type, and where it was in the end."""
    found, _ = fetch_page(upstream + path)
    assert (found.body, found.header("content-type")) == (PAGE, "text/html; charset=utf-8")
    assert found.url.startswith(upstream)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/none", "status"),
        ("/loop", "too-many-redirects"),
        ("/out", "scheme"),
        ("/picture", "not-text"),
        ("/bomb", "too-large"),
        ("/broken", "bad-encoding"),
        ("/paper", "not-text"),
    ],
)
def test_a_failure_names_address_and_cause(path: str, reason: str, upstream: str) -> None:
    """Each way to fail has its reason."""
    with pytest.raises(FetchError, match=f"{path}: {reason}: "):
        fetch_page(upstream + path)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "scheme"),
        ("http://", "scheme"),
        ("http://no-such-host.invalid/", "dns"),
        ("http://127.0.0.1:9/", "network"),
    ],
)
def test_what_is_no_web_address_or_not_there(url: str, reason: str) -> None:
    """Schemes, hosts and ports that lead nowhere."""
    with pytest.raises(FetchError, match=reason):
        fetch_page(url)


def test_messages_of_the_usual_failures(upstream: str) -> None:
    """One line each, in words."""
    told = {}
    for path in ("/none", "/loop", "/picture", "/bomb", "/paper"):
        with pytest.raises(FetchError) as caught:
            fetch_page(upstream + path)
        told[path] = str(caught.value).removeprefix(upstream + path + ": ")
    assert told == {
        "/none": "status: answered 404 Not Found",
        "/loop": "too-many-redirects: more than 5 redirects",
        "/picture": "not-text: is image/png, not a page of text",
        "/bomb": "too-large: more than 20 MiB",
        "/paper": "not-text: is declared as text/html, but its first bytes are not text's",
    }


def test_an_undeclared_page_is_taken(upstream: str) -> None:
    """The parser finds out what it is."""
    found, _ = fetch_page(upstream + "/undeclared")
    assert (found.body, found.header("content-type"), found.url) == (PAGE, "", upstream + "/undeclared")


def test_a_password_stays_out_of_the_page(upstream: str) -> None:
    """Its address has none, and no error."""
    typed = upstream.replace("http://", "http://me:secret@")
    assert fetch_page(typed + "/page")[0].url == upstream + "/page"
    for path in ("/none", "/picture", "/paper"):
        with pytest.raises(FetchError) as caught:
            fetch_page(typed + path)
        assert str(caught.value).startswith(f"{upstream}{path}: ")


def test_a_public_page_that_leads_to_a_private_one_is_refused(upstream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.2 plays the public one."""
    monkeypatch.setattr(client, "is_public", lambda ip: ip == "127.0.0.2")
    with raw_upstream(redirect(upstream + "/page"), ip="127.0.0.2") as public:
        url = public.url(host="127.0.0.2")
        with pytest.raises(FetchError) as caught:
            fetch_page(url)
    assert str(caught.value) == f"{url}: private-address: leads to {upstream}/page, which is not a public address"


def test_a_page_that_a_public_page_names_must_be_public(upstream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever typed an address typed no other; what a private page names may be private as well."""
    monkeypatch.setattr(client, "is_public", lambda ip: ip == "127.0.0.2")
    with raw_upstream(answer(200, PAGE), ip="127.0.0.2") as public:
        found, ask = fetch_page(public.url(host="127.0.0.2"))
        assert found.body == PAGE
        with pytest.raises(FetchError, match=f"{upstream}/page: private-address: "):
            ask(upstream + "/page")
    _, ask = fetch_page(upstream + "/page")
    assert ask(upstream + "/zipped").body == PAGE


def test_a_further_page_is_looked_at_as_the_first_one_is(upstream: str) -> None:
    """It is a page, or its address is named with what it is."""
    _, ask = fetch_page(upstream + "/page")
    with pytest.raises(FetchError, match=f"{upstream}/none: status: answered 404 Not Found"):
        ask(upstream + "/none")
    with pytest.raises(FetchError, match=f"{upstream}/picture: not-text: "):
        ask(upstream + "/picture")


def test_a_typed_login_goes_along_to_its_own_origin_alone() -> None:
    """Another port is another server."""
    with raw_upstream(answer(200, PAGE)) as own, raw_upstream(answer(200, PAGE)) as other:
        _, ask = fetch_page(own.url("/page").replace("://", "://me:secret@"))
        for server in (own, other):
            ask(server.url("/page?2"))
        assert own.sent()["authorization"] == "Basic bWU6c2VjcmV0"
        assert "authorization" not in other.sent()

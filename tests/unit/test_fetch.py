"""One-off fetches against a real server that misbehaves; every failure names address and cause."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cleaner.errors import FetchError
from cleaner.fetch import fetch_page

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PAGE = "<p>Grüße vom Hafen</p>".encode()


class Upstream(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        """One answer."""
        kind = "text/html; charset=utf-8"
        status, headers, body = {
            "/page": (200, {"Content-Type": kind}, PAGE),
            "/zipped": (200, {"Content-Type": kind, "Content-Encoding": "gzip"}, gzip.compress(PAGE)),
            "/moved": (302, {"Location": "/page"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/out": (302, {"Location": "file:///etc/passwd"}, b""),
            "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
            "/bomb": (200, {"Content-Type": kind, "Content-Encoding": "gzip"}, gzip.compress(b"a" * (30 << 20))),
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
    raw = fetch_page(upstream + path, now=NOW)
    assert (raw.body, raw.media_type, raw.fetched) == (PAGE, "text/html; charset=utf-8", NOW)
    assert raw.claims[0].value.startswith(upstream)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/none", "status"),
        ("/loop", "too-many-redirects"),
        ("/out", "scheme"),
        ("/picture", "not-text"),
        ("/bomb", "too-large"),
        ("/broken", "network"),
    ],
)
def test_a_failure_names_address_and_cause(path: str, reason: str, upstream: str) -> None:
    """Each way to fail has its reason."""
    with pytest.raises(FetchError, match=f"{path}: {reason}: "):
        fetch_page(upstream + path, now=NOW)


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
        fetch_page(url, now=NOW)

"""Proxies: none unless told so; what they are asked, and what they are not asked for."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from cleaner.errors import FetchError
from cleaner.fetch import Fetcher
from tests.unit.fetch.upstream import Names, answer, fetcher, redirect, refused, upstream


@pytest.mark.case(13)
def test_nothing_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy, no login of .netrc."""
    (tmp_path / ".netrc").write_text("default login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with upstream(answer(200, b"proxy")) as canary, upstream(answer(200, b"x")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, canary.url())
        assert fetcher(server).get(server.url()).body == b"x"
        assert canary.hits == 0
        assert "authorization" not in server.sent()
        monkeypatch.setenv("no_proxy", "*")
        assert fetcher(server, proxy=canary.url()).get(server.url()).body == b"proxy"


def test_a_proxy_is_asked_for_whole_addresses() -> None:
    """It looks the names up; its own login is for it alone."""
    names = Names()
    with upstream(answer(200, b"by proxy")) as proxy:
        through = fetcher(proxy=f"http://me:secret@{proxy.place}", resolve=names)
        found = through.get("http://news.example/a?b")
        assert (found.url, found.body) == ("http://news.example/a?b", b"by proxy")
        assert proxy.asked[0].startswith(b"GET http://news.example/a?b HTTP/1.1\r\n")
        assert proxy.sent()["host"] == "news.example"
        assert proxy.sent()["proxy-authorization"] == f"Basic {base64.b64encode(b'me:secret').decode()}"
        assert names.asked == ["127.0.0.1"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "169.254.169.254", "10.0.0.1"]
)
def test_a_proxy_is_not_asked_for_what_is_private_by_its_look(host: str) -> None:
    """Directly, or through a redirect."""
    with upstream(redirect(f"http://{host}/")) as proxy:
        through = fetcher(proxy=proxy.url())
        assert refused(through, f"http://{host}/").reason == "private-address"
        assert proxy.hits == 0
        assert refused(through, "http://news.example/").reason == "private-address"
        assert proxy.hits == 1


def test_a_proxy_that_does_not_connect() -> None:
    """To where https is spoken."""
    with upstream(answer(407)) as proxy:
        error = refused(fetcher(proxy=proxy.url()), "https://news.example/")
        assert (error.reason, error.detail) == ("network", f"the proxy {proxy.place} answered 407")
        assert proxy.asked[0].startswith(b"CONNECT news.example:443 HTTP/1.1\r\nHost: news.example:443\r\n")


@pytest.mark.parametrize("proxy", ["socks5://x:1", "x:1", "https://x:1", "http://me:secret@x:0"])
def test_a_proxy_that_is_none(proxy: str) -> None:
    """Told when the client is made."""
    with pytest.raises(FetchError, match="scheme|bad-address") as caught:
        Fetcher(proxy=proxy)
    assert "secret" not in str(caught.value)

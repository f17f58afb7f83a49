"""One exchange over real sockets: who is asked, what is told to whom, where redirects lead, and what comes back."""

from __future__ import annotations

import base64
import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from cleaner.fetch import Limits
from tests.unit.fetch.upstream import SHORT, Names, answer, drip, fetcher, redirect, refused, upstream

# ------------------------------------------------------------------------------------------------------ addresses


@pytest.mark.case(9)
@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://x/", "gopher://x/", "data:,x", "javascript:alert(1)", "FILE:/x"]
)
def test_a_redirect_to_another_scheme(target: str) -> None:
    """Refused, and named."""
    with upstream(redirect(target)) as server:
        error = refused(fetcher(server), server.url())
    assert error.reason == "scheme"
    assert target in error.detail


@pytest.mark.case(11)
@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1\\@x/", "/a b", "/a\tb", "http://a@b@c/", "http://x:0/", "http://[/"]
)
def test_a_redirect_to_what_is_no_address(target: str) -> None:
    """Judged by its text before any parser sees it, as the caller's is."""
    with upstream(redirect(target)) as server:
        assert refused(fetcher(server), server.url()).reason == "bad-address"


@pytest.mark.case(11)
@pytest.mark.parametrize("odd", ["\\@x/", "/a b", "/\r\nX: y", "/\0", "/\t"])
def test_an_odd_address_is_refused_before_it_is_looked_up(odd: str) -> None:
    """No look-up, no connection."""
    names = Names()
    with upstream(answer(200)) as canary:
        error = refused(fetcher(canary, resolve=names), f"http://{canary.place}{odd}")
        assert (error.reason, names.asked, canary.hits) == ("bad-address", [], 0)


def test_a_name_that_is_not_there() -> None:
    """The resolver's own words."""
    error = refused(fetcher(), "http://no-such-host.invalid/")
    assert error.reason == "dns"
    assert error.detail.startswith("no-such-host.invalid: ")
    assert refused(fetcher(resolve=Names(news_example=[[]])), "http://news.example/").reason == "dns"


def test_a_resolver_that_hangs_ends_with_the_total_time() -> None:
    """The system's knows no time-out, so it is waited for elsewhere."""
    over = threading.Event()
    start = time.monotonic()
    error = refused(fetcher(resolve=lambda *_, **__: over.wait(10)), "http://news.example/")
    over.set()
    assert error.reason == "dns"
    assert time.monotonic() - start < 1.5


def test_time_is_told_by_the_clock_that_was_given() -> None:
    """A quick answer is late where the clock runs fast."""
    ticks = itertools.count(0, 0.3)
    with upstream(answer(200, b"x")) as server:
        error = refused(fetcher(server, monotonic=lambda: next(ticks)), server.url())
    assert (error.reason, error.detail) == ("total-timeout", "not complete within 1 s")


def test_nobody_listens() -> None:
    """A closed port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
    error = refused(fetcher(place), f"http://{place}/")
    assert (error.reason, error.detail) == ("network", f"{place}: Connection refused")


@contextlib.contextmanager
def deaf(ip: str, port: int = 0) -> Iterator[int]:
    """A full queue: a connection is not refused, it just does not come. Gives the port."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((ip, port), backlog=0))
        for _ in range(4):
            held = stack.enter_context(socket.socket())
            held.setblocking(False)
            held.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield listener.getsockname()[1]


def test_nobody_takes_the_connection() -> None:
    """The time for connecting has its own limit."""
    with deaf("127.0.0.1") as port:
        start = time.monotonic()
        error = refused(fetcher(f"127.0.0.1:{port}"), f"http://127.0.0.1:{port}/")
    assert error.reason == "connect-timeout"
    assert 0.4 < time.monotonic() - start < 0.9


def test_a_silent_address_leaves_time_for_the_next() -> None:
    """Each has its share."""
    names = Names(news_example=[["127.0.0.9", "127.0.0.1"]])
    with upstream(answer(200, b"here")) as server, deaf("127.0.0.9", server.port):
        found = fetcher(f"news.example:{server.port}", resolve=names).get(server.url(host="news.example"))
    assert found.body == b"here"


# ------------------------------------------------------------------------------------------------------ redirects


@pytest.mark.case(12)
def test_the_sixth_redirect_is_too_many() -> None:
    """Five are followed."""
    says = {f"/{number}": redirect(f"/{number + 1}") for number in range(1, 7)}
    with upstream(says | {"/loop": redirect("/loop"), "/7": answer(200, b"end")}) as server:
        assert fetcher(server).get(server.url("/2")).body == b"end"
        assert refused(fetcher(server), server.url("/1")).reason == "too-many-redirects"
        assert refused(fetcher(server), server.url("/loop")).detail == "more than 5 redirects"


def test_the_time_is_for_all_redirects_together() -> None:
    """Each is quick enough; the whole is not."""
    with upstream(drip([redirect("/again")], 0.3)) as server:
        start = time.monotonic()
        error = refused(fetcher(server, limits=Limits(1, 1, 0.8)), server.url())
        assert error.reason == "total-timeout"
        assert error.detail == f"leads to {server.url('/again')}: not complete within 0.8 s"
        assert time.monotonic() - start < 1.3


@pytest.mark.parametrize(
    ("chain", "moved"),
    [
        ([], None),
        ([301], "/1"),
        ([308], "/1"),
        ([301, 308, 301], "/3"),
        ([302], None),
        ([303, 301], None),
        ([301, 302], "/1"),
        ([301, 307, 301], "/1"),
    ],
)
def test_only_permanent_redirects_from_the_start_move_an_address(chain: list[int], moved: str | None) -> None:
    """The first one that is not permanent ends it."""
    says = {f"/{number}": redirect(f"/{number + 1}", status) for number, status in enumerate(chain)}
    with upstream(says | {f"/{len(chain)}": answer(200, b"end")}) as server:
        found = fetcher(server).get(server.url("/0"))
        assert found.moved == (server.url(moved) if moved else None)
        assert (found.url, found.body) == (server.url(f"/{len(chain)}"), b"end")


SECRETS = (("Cookie", "a=b"), ("X-Key", "k"), ("User-Agent", "Mine"))


@pytest.mark.case(14)
def test_secrets_are_for_the_first_host_only() -> None:
    """Login, cookie and the caller's headers go along on the same host and port, not elsewhere."""
    with upstream({"/there": answer(200, b"end")}) as other:
        with upstream({"/a": redirect("/b"), "/b": redirect(other.url("/there"))}) as server:
            found = fetcher(typed=True).get(f"http://me:p%40ss@{server.place}/a", headers=SECRETS)
            assert found.url == other.url("/there")
            for number in (0, 1):
                sent = server.sent(number)
                assert sent["authorization"] == f"Basic {base64.b64encode(b'me:p@ss').decode()}"
                assert (sent["cookie"], sent["x-key"], sent["user-agent"]) == ("a=b", "k", "Mine")
        assert other.sent().keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert other.sent()["user-agent"] == "Cleaner/1 (feed cleaner)"


@pytest.mark.case(14)
def test_secrets_do_not_come_back_by_way_of_another_host() -> None:
    """Who leads back may lead anywhere."""
    says = {"/end": answer(200, b"end")}
    with upstream(says) as first, upstream(redirect(first.url("/end"))) as between:
        says["/start"] = redirect(between.url())
        fetcher(typed=True).get(f"http://me:x@{first.place}/start", headers=SECRETS)
        assert {"authorization", "cookie", "x-key"} <= first.sent(0).keys()
        assert first.asked[1].startswith(b"GET /end ")
        assert not {"authorization", "cookie", "x-key"} & first.sent(1).keys()


@pytest.mark.case(14)
def test_a_caller_may_bring_its_own_authorization() -> None:
    """It goes before the login of the address, and stays with the host as well."""
    with upstream(answer(200, b"end")) as other, upstream(redirect(other.url())) as server:
        fetcher(typed=True).get(f"http://me:x@{server.place}/", headers=[("authorization", "Bearer t")])
        assert server.sent()["authorization"] == "Bearer t"
        assert server.asked[0].lower().count(b"authorization") == 1
        assert "authorization" not in other.sent()


@pytest.mark.case(14)
def test_a_password_is_in_no_answer_and_no_error() -> None:
    """It goes into the request, and nowhere else."""
    with upstream({"/a": answer(200, b"x"), "/b": answer(200, b"x")[:-1], "/c": redirect("file:///x")}) as server:
        base = f"http://me:secret@{server.place}"
        assert fetcher(server).get(f"{base}/a").url == server.url("/a")
        assert b"secret" not in server.asked[0]
        for path in ("/b", "/c"):
            error = refused(fetcher(server), base + path)
            assert error.origin == server.url(path)
        assert "secret" not in str(refused(fetcher(), f"{base}/a"))
        assert "secret" not in str(refused(fetcher(), f"{base}/ "))


# ------------------------------------------------------------------------------------------------ what is asked


def test_what_a_request_says() -> None:
    """Nothing that is not needed."""
    with upstream(answer(200, b"x")) as server:
        fetcher(server, agent="Test/1 (+https://news.example)").get(server.url("/a?b=c#d"), accept="text/html")
        assert server.asked[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")
        assert server.sent() == {
            "host": server.place,
            "user-agent": "Test/1 (+https://news.example)",
            "accept": "text/html",
            "accept-encoding": "gzip, deflate",
            "connection": "close",
        }


def test_validators_go_to_the_address_that_gave_them() -> None:
    """Where that is known: another one's may mean another text."""
    with upstream({"/a": redirect("/b"), "/b": answer(304, length=False), "/c": answer(200, b"c")}) as server:
        client, given = fetcher(server), server.url("/b")
        assert client.get(server.url("/a"), etag='"x"', given=given).status == 304
        assert client.get(server.url("/c"), etag='"x"', modified="then", given=given).body == b"c"
        sent = [not {"if-none-match", "if-modified-since"}.isdisjoint(server.sent(number)) for number in range(3)]
        assert sent == [False, True, False]


def test_validators_are_sent_as_they_came_through_redirects_too() -> None:
    """Quotes included; a 304 is an answer then."""
    with upstream({"/a": redirect("/b"), "/b": answer(304, headers=['ETag: W/"x"'], length=False)}) as server:
        found = fetcher(server).get(server.url("/a"), etag='W/"x"', modified="Mon, 01 Jun 2026 00:00:00 GMT")
        assert (found.status, found.body, found.header("etag")) == (304, b"", 'W/"x"')
        for number in (0, 1):
            sent = server.sent(number)
            assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"x"', "Mon, 01 Jun 2026 00:00:00 GMT")


@pytest.mark.case(36, 40)
@pytest.mark.parametrize(
    "value", ["a\r\nX: y", "a\nb", "a\0b", '"ä"', '"\xff"', '"€"', "\x7f", "x" * 1001, "x" * 100_000, ""]
)
def test_validators_that_no_sane_server_gave_are_not_sent(value: str) -> None:
    """Control characters, eight bits, monsters; a 304 is none of ours then."""
    with upstream(answer(304, length=False)) as server:
        error = refused(fetcher(server), server.url(), etag=value, modified=value)
        assert not {"if-none-match", "if-modified-since", "x"} & server.sent().keys()
        assert (error.reason, error.detail) == ("bad-response", "answered 304 to a request that had no condition")


@pytest.mark.parametrize(
    "header",
    [("X\r\nY", "z"), ("X", "y\r\nZ: a"), ("X", "€"), ("", "x"), ("Host", "x"), ("accept-encoding", "br"), ("X", "\0")],
)
def test_headers_that_would_break_a_request(header: tuple[str, str]) -> None:
    """Refused, not sent; those which frame the request are ours."""
    with upstream(answer(200)) as server:
        assert refused(fetcher(server), server.url(), headers=[header]).reason == "bad-address"
        assert server.hits == 0


# --------------------------------------------------------------------------------------------------------- answers


@pytest.mark.case(34)
@pytest.mark.parametrize("status", [200, 204, 206, 299, 300, 302, 400, 404, 410, 429, 500, 503, 999])
def test_any_status_is_an_answer(status: int) -> None:
    """Its headers too; a body only with 200."""
    with upstream(
        answer(status, b"words", ["Retry-After: 999999999999", "Content-Type: text/html; charset=rot13"])
    ) as server:
        found = fetcher(server).get(server.url("/x"))
    assert (found.url, found.status, found.moved) == (server.url("/x"), status, None)
    assert found.body == (b"words" if status == 200 else b"")
    assert found.header("retry-after") == "999999999999"


def test_200_without_a_body_is_an_answer() -> None:
    """The caller decides."""
    with upstream(answer(200)) as server:
        assert fetcher(server).get(server.url()).body == b""


def test_several_threads_share_a_client() -> None:
    """A slow server holds nobody up."""
    with upstream(drip([answer(200, b"slow")], 0.35)) as slow, upstream(answer(200, b"quick")) as quick:
        shared = fetcher(slow, quick)
        bodies: list[bytes] = []
        threads = [threading.Thread(target=lambda: bodies.append(shared.get(slow.url()).body)) for _ in range(5)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        assert shared.get(quick.url()).body == b"quick"
        assert time.monotonic() - start < 0.3
        for thread in threads:
            thread.join()
        assert bodies == [b"slow"] * 5
        assert time.monotonic() - start < 0.9


def test_limits_as_they_are_by_default() -> None:
    """What people read in the papers."""
    assert Limits() == Limits(5.0, 10.0, 30.0, 5 << 20, 20 << 20, 5, 100, 64 << 10)
    assert SHORT.total < Limits().total

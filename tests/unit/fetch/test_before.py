"""Each address of a chain is judged, then the caller says whether and when it may be asked, then it is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from cleaner.errors import FetchError
from cleaner.fetch import Limits, client
from tests.unit.fetch.upstream import Names, answer, drip, fetcher, redirect, refused, upstream

NOWHERE = "2d00::1"  # public, and given to nobody
Before = Callable[[str], AbstractContextManager[None]]


def noting(events: list[str], seconds: float = 0.0) -> Before:
    """Notes what is entered and left; entering takes some time."""

    @contextmanager
    def before(url: str) -> Iterator[None]:
        """One exchange."""
        events.append(f"ask {url}")
        time.sleep(seconds)
        try:
            yield
        finally:
            events.append(f"done {url}")

    return before


def test_each_exchange_is_entered_and_left_before_the_next_one() -> None:
    """Nothing was asked yet when it is entered, and the answer is there when it is left."""
    with (
        upstream(answer(200, b"end")) as last,
        upstream({"/a": redirect("/b"), "/b": redirect(last.url("/c"))}) as first,
    ):
        counts: list[tuple[str, int, int]] = []

        @contextmanager
        def before(url: str) -> Iterator[None]:
            """Notes how many requests each server had."""
            counts.append((url, len(first.asked), len(last.asked)))
            yield
            counts.append((url, len(first.asked), len(last.asked)))

        found = fetcher(typed=True).get(f"http://me:secret@{first.place}/a#top", before=before)
    assert found.body == b"end"
    a, b, c = first.url("/a"), first.url("/b"), last.url("/c")
    assert counts == [(a, 0, 0), (a, 1, 0), (b, 1, 0), (b, 2, 0), (c, 2, 0), (c, 2, 1)]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "inside.example"])
def test_nobody_is_told_of_an_address_that_may_not_be_asked(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a public server leads there (127.0.0.2 plays it), though that place is allowed to the caller's own addresses."""
    monkeypatch.setattr(client, "is_public", lambda ip: ip == "127.0.0.2")
    events: list[str] = []
    names = Names(inside_example=[["127.0.0.1"]])
    with (
        upstream(answer(200, b"secret")) as canary,
        upstream(redirect(canary.url("/x", host)), ip="127.0.0.2") as server,
    ):
        start = server.url(host="127.0.0.2")
        allowed = fetcher(canary, f"{host}:{canary.port}", resolve=names)
        error = refused(allowed, start, before=noting(events))
        assert (error.reason, server.hits, canary.hits) == ("private-address", 1, 0)
    assert events == [f"ask {start}", f"done {start}"]


def test_nobody_is_told_of_a_first_address_that_may_not_be_asked() -> None:
    """Private ones, what cannot be looked up, and what is no address."""
    events: list[str] = []
    for url in ("http://127.0.0.1:9/", "http://no-such-host.invalid/", "ftp://news.example/", "http://a b/"):
        refused(fetcher(), url, before=noting(events))
    assert events == []


def test_waiting_does_not_count() -> None:
    """Neither for the first nor for a later address; what the exchanges take counts as before."""
    events: list[str] = []
    with upstream({"/1": redirect("/2"), "/2": redirect("/3"), "/3": answer(200, b"end")}) as server:
        short = fetcher(server, limits=Limits(0.3, 0.3, 0.3))
        assert short.get(server.url("/1"), before=noting(events, 0.2)).body == b"end"
    with upstream(drip([redirect("/again")], 0.15)) as server:
        error = refused(fetcher(server, limits=Limits(0.4, 0.4, 0.4)), server.url(), before=noting(events, 0.1))
        assert error.reason == "total-timeout"


def test_one_look_up_for_each_connection() -> None:
    """The address that was judged before the wait is the one that is connected to after it."""
    names = Names(news_example=[["127.0.0.1"], ["127.0.0.1"], [NOWHERE]])
    with upstream({"/1": redirect("/2"), "/2": answer(200, b"end")}) as server:
        url = server.url("/1", host="news.example")
        found = fetcher(f"news.example:{server.port}", resolve=names).get(url, before=noting([]))
    assert (found.body, names.asked) == (b"end", ["news.example"] * 2)


def test_who_says_no_is_heard() -> None:
    """His error is the caller's as it is, and nobody is asked."""
    said = FetchError("vale.example:80", "held", "asked to be left alone")

    @contextmanager
    def before(url: str) -> Iterator[None]:
        """The first one may be asked."""
        if url.endswith("/b"):
            raise said
        yield

    with upstream({"/a": redirect("/b"), "/b": answer(200)}) as server:
        assert refused(fetcher(server), server.url("/a"), before=before) is said
        assert server.hits == 1


def test_an_exchange_that_fails_is_left() -> None:
    """Whatever ends it."""
    events: list[str] = []
    with upstream(b"nonsense") as server:
        assert refused(fetcher(server), server.url(), before=noting(events)).reason == "bad-response"
    assert refused(fetcher(server), server.url(), before=noting(events)).reason == "network"
    assert events == [f"ask {server.url()}", f"done {server.url()}"] * 2

"""Servers that are slow, wrong, broken or hostile: each exchange ends in time, small, with its reason."""

from __future__ import annotations

import itertools
import socket
import time
import tracemalloc

import pytest

from cleaner.fetch import Limits
from tests.unit.fetch.upstream import (
    OK,
    TEXT,
    Say,
    answer,
    body_of,
    chunked,
    drip,
    endless,
    failing,
    fetcher,
    reset,
    upstream,
)

# ---------------------------------------------------------------------------------------------------------- time


@pytest.mark.case(18, 19, 33)
@pytest.mark.parametrize(
    "say",
    [
        pytest.param(drip((b"H" for _ in itertools.count()), 0.1), id="status line"),
        pytest.param(drip(itertools.chain([OK], (b"x" for _ in itertools.count())), 0.1), id="header"),
        pytest.param(drip(itertools.chain([OK + b"\r\n"], (b"x" for _ in itertools.count())), 0.1), id="body"),
        pytest.param(
            drip(
                itertools.chain(
                    [OK + b"Transfer-Encoding: chunked\r\n\r\n"], (b"1\r\nx\r\n" for _ in itertools.count())
                ),
                0.1,
            ),
            id="chunks",
        ),
        pytest.param(drip((b"HTTP/1.1 100 Continue\r\n\r\n" for _ in itertools.count()), 0.1), id="continue"),
    ],
)
def test_a_drip_ends_with_the_total_time(say: Say) -> None:
    """However little comes at a time, and in whichever part of the answer."""
    reason, took = failing(say, Limits(0.5, 0.4, 0.6))
    assert reason == "total-timeout"
    assert 0.5 < took < 1.1


@pytest.mark.case(20)
def test_who_takes_the_request_and_never_answers() -> None:
    """The time without a byte has its own limit."""
    reason, took = failing(drip([b""], 3))
    assert reason == "read-timeout"
    assert 0.3 < took < 0.9


@pytest.mark.case(20)
def test_who_falls_silent_in_the_body() -> None:
    """As before the answer."""

    def say(connection: socket.socket) -> None:
        """Nearly all of it."""
        connection.sendall(answer(200, TEXT)[:-9])
        time.sleep(1)

    assert failing(say)[0] == "read-timeout"


@pytest.mark.case(33)
def test_a_hundred_thousand_times_continue_ends() -> None:
    """At once, not with the deadline."""
    reason, took = failing(b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000)
    assert reason == "bad-response"
    assert took < 1


def test_some_continues_are_passed_over() -> None:
    """As the RFC has it."""
    assert body_of(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3 + answer(200, TEXT)) == TEXT


def test_slow_but_in_time_is_fine() -> None:
    """A pause shorter than the limit hurts nobody."""
    whole = answer(200, TEXT)
    assert body_of(drip([whole[:5], whole[5:30], whole[30:500], whole[500:]], 0.1)) == TEXT


# ---------------------------------------------------------------------------------------------------------- size


@pytest.mark.case(21)
@pytest.mark.parametrize(
    "say",
    [
        pytest.param(endless(OK + b"\r\n", b"x" * 65536), id="until it closes"),
        pytest.param(
            endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"), id="chunks"
        ),
        pytest.param(
            endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 60000 + b"\r\nx\r\n"), id="extensions"
        ),
        pytest.param(OK + b"Content-Length: 99999999999\r\n\r\n", id="announced"),
    ],
)
def test_an_endless_body_ends_at_the_limit(say: Say) -> None:
    """What is on the wire counts, chunks' sizes included; memory stays within twice the limit."""
    tracemalloc.start()
    try:
        reason, _ = failing(say, Limits(connect=1, read=1, total=5, wire=2 << 20))
        assert tracemalloc.get_traced_memory()[1] < 5 << 20
    finally:
        tracemalloc.stop()
    assert reason == "too-large"


def test_a_limit_is_a_limit_to_the_byte() -> None:
    """As much as allowed is allowed."""
    assert len(body_of(answer(200, b"x" * 1000), wire=1000)) == 1000
    assert failing(answer(200, b"x" * 1001), wire=1000)[0] == "too-large"
    assert failing(OK + b"\r\n" + b"x" * 1001, wire=1000)[0] == "too-large"
    assert len(body_of(answer(200, b"x" * 1000), inflated=1000)) == 1000
    assert failing(answer(200, b"x" * 1001), inflated=1000)[0] == "too-large"


@pytest.mark.case(22, 23)
@pytest.mark.parametrize(
    "say",
    [
        pytest.param(endless(OK, b"X-Same: again\r\n"), id="endless headers"),
        pytest.param(answer(200, b"", [f"X-{number}: y" for number in range(101)], length=False), id="101 headers"),
        pytest.param(endless(OK + b"X: y\r\n", b" folded\r\n"), id="endless folds"),
        pytest.param(OK + b"X: " + b"y" * (1 << 20) + b"\r\n\r\n", id="a line of 1 MiB"),
        pytest.param(endless(b"", b"x" * 1000), id="no line at all"),
        pytest.param(OK + b"X: " + b"y" * (1 << 16) + b"\r\n\r\n", id="a little too long"),
    ],
)
def test_headers_have_limits(say: Say) -> None:
    """In number and in length."""
    assert failing(say)[0] == "bad-response"


def test_a_hundred_headers_are_fine() -> None:
    """And so is a long one."""
    assert (
        body_of(answer(200, b"x", [f"X-{number}: {'y' * 600}" for number in range(98)] + ["Z: " + "z" * 65000])) == b"x"
    )


# ------------------------------------------------------------------------------------------------------- framing


@pytest.mark.case(30)
@pytest.mark.parametrize(
    "headers",
    [
        *(
            ["Content-Length: 5", "Content-Length: 6"],
            ["Content-Length: 5", "Content-Length: 5"],
            ["Content-Length: 5, 6"],
        ),
        *(
            ["Content-Length: -5"],
            ["Content-Length: +5"],
            ["Content-Length: 5x"],
            ["Content-Length: "],
            ["Content-Length: 0x5"],
        ),
        *(["Content-Length: ٥"], ["Content-Length: 1_0"], ["Content-Length: 99999999999999999999"]),
        *(["Transfer-Encoding: gzip, chunked"], ["Transfer-Encoding: identity"], ["Transfer-Encoding: chunked"] * 2),
    ],
    ids=str,
)
def test_lengths_that_contradict(headers: list[str]) -> None:
    """Two, negative, or none that is a number: no guess which one is meant."""
    head = "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode()
    assert failing(head + b"0\r\n\r\n")[0] == "bad-response"


@pytest.mark.case(31)
@pytest.mark.parametrize(
    "size",
    [b"ZZ", b"ffffffffffffffff", b"-5", b"+5", b"0x5", b"5_0", b"", b" 5", b"5 5", b"\xd9\xa5", b"1" * 70000],
    ids=lambda size: repr(size[:20]),
)
def test_odd_chunk_sizes(size: bytes) -> None:
    """What is no plain hexadecimal number, or a monstrous one."""
    assert failing(chunked(size + b"\r\nHallo\r\n0\r\n\r\n"))[0] == "bad-response"


def test_a_chunk_that_is_longer_than_it_says() -> None:
    """Its end must be where it says."""
    assert failing(chunked(b"3\r\nHallo\r\n0\r\n\r\n"))[0] == "bad-response"


@pytest.mark.parametrize(
    "say",
    [
        pytest.param(chunked(b"5\r\nHallo\r\n0\r\n\r\n"), id="plain"),
        pytest.param(
            chunked(b"0002 ;a=b\r\nHa\r\n3\nllo\n0\r\nX-Sum: 1\r\n\r\n"), id="trailers, extensions, bare ends"
        ),
        pytest.param(
            drip([chunked(), *(bytes([byte]) for byte in b"5\r\nHallo\r\n0\r\n\r\n")], 0.005), id="byte by byte"
        ),
        pytest.param(
            OK + b"Content-Length: 3\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nHallo\r\n0\r\n\r\n", id="both lengths"
        ),
        pytest.param(b"HTTP/1.0 200\r\n\r\nHallo", id="until it closes"),
        pytest.param(b"HTTP/1.1 200 OK\nContent-Length:5\n\nHallo", id="bare line ends"),
        pytest.param(answer(200, b"Hallo") + b"HTTP/1.1 200 OK\r\n\r\nmore", id="more than it says"),
    ],
)
def test_all_forms_of_a_body(say: Say) -> None:
    """By chunks, by length, and up to the end."""
    assert body_of(say) == b"Hallo"


@pytest.mark.case(28)
@pytest.mark.parametrize(
    "say",
    [
        pytest.param(answer(200, TEXT)[:-1], id="by length"),
        pytest.param(chunked(b"9\r\nHallo"), id="in a chunk"),
        pytest.param(chunked(b"5\r\nHallo\r\n"), id="between chunks"),
        pytest.param(chunked(b"5\r\nHallo\r\n0\r\n"), id="before the last line"),
    ],
)
def test_a_short_body(say: Say) -> None:
    """Ends before it is complete."""
    assert failing(say)[0] == "truncated"


@pytest.mark.case(29)
@pytest.mark.parametrize("head", [b"", OK, answer(200, TEXT)[:-9]])
def test_a_reset(head: bytes) -> None:
    """Before the answer, in its head, in its body."""
    assert failing(reset(head))[0] == "network"


@pytest.mark.case(32)
@pytest.mark.parametrize(
    "say",
    [
        *(
            b"",
            b"<html><p>Hallo</p></html>",
            b"\r\n\r\n",
            b"HTTP/0.9 200 OK\r\n\r\n",
            b"HTTP/2 200\r\n\r\n",
            b"ICY 200 OK\r\n\r\n",
        ),
        *(
            b"HTTP/1.1 20 OK\r\n\r\n",
            b"HTTP/1.1 2000 OK\r\n\r\n",
            b"HTTP/1.1 -20 OK\r\n\r\n",
            b"HTTP/1.1  200 OK\r\n\r\n",
        ),
        *(
            b"HTTP/1.1 101 Switching\r\n\r\n" + answer(200, b"x"),
            b"SSH-2.0-x\r\n",
            OK,
            OK + b"X: y\r\n",
            OK + b"no colon\r\n\r\n",
        ),
        *(OK + b": no name\r\n\r\n", OK + b"X Y: z\r\n\r\n", OK + b"X: a\0b\r\n\r\n", OK + b"X: a\rY: b\r\n\r\n"),
        *(OK + b" folded: first\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x16"),
    ],
)
def test_what_is_no_http_answer(say: bytes) -> None:
    """Nothing, another protocol, an older version, half a head, headers that are none."""
    assert failing(say)[0] == "bad-response"


def test_headers_come_in_order_in_lower_case_and_decoded() -> None:
    """UTF-8 where it is that, else Latin-1; a folded one is one."""
    raw = (
        OK
        + b'ETag: "a"\r\nX-Two: 1\r\nx-two:\t2 \r\nU: \xc3\xa4\r\nL: \xe4\r\nF: one\r\n  two\r\nContent-Length: 0\r\n\r\n'
    )
    with upstream(raw) as server:
        found = fetcher(server).get(server.url())
    assert found.headers == (
        ("etag", '"a"'),
        ("x-two", "1"),
        ("x-two", "2"),
        ("u", "ä"),
        ("l", "ä"),
        ("f", "one two"),
        ("content-length", "0"),
    )

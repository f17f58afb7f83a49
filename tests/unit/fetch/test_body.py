"""Bodies that come compressed: what was asked for is inflated, within limits; all else is refused."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from cleaner.fetch import Limits
from cleaner.fetch.body import inflate
from tests.unit.fetch.upstream import OK, TEXT, answer, body_of, bomb, drip, failing


def encoded(body: bytes, coding: str = "gzip") -> bytes:
    """An answer whose body is said to be encoded."""
    return answer(200, body, [f"Content-Encoding: {coding}"])


@pytest.mark.case(24)
def test_a_bomb_ends_small_and_soon() -> None:
    """At the limit of what it inflates to."""
    packed = bomb()
    assert len(packed) < 2 << 20
    tracemalloc.start()
    try:
        reason, took = failing(encoded(packed), Limits(connect=1, read=1, total=5))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert reason == "too-large"
    assert took < 1
    assert peak < 60 << 20


def raw_deflate(body: bytes) -> bytes:
    """Deflate without a frame."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "coding"),
    [
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), "X-GZip"),
        (gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0) + bytes(512), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (TEXT, "identity"),
        (TEXT, ""),
    ],
    ids=["gzip", "x-gzip", "two members", "padded", "deflate", "raw deflate", "identity", "empty"],
)
@pytest.mark.parametrize("slow", [False, True])
def test_what_was_asked_for_is_inflated(packed: bytes, coding: str, slow: bool) -> None:
    """In one piece or in many."""
    whole = encoded(packed, coding)
    cut = [whole[:-70], *(bytes([byte]) for byte in whole[-70:])]
    assert body_of(drip(cut, 0.001) if slow else whole) == TEXT


@pytest.mark.parametrize("count", [(1 << 16) - 1, 1 << 16, (1 << 16) + 100, (1 << 16) + 1000, 1 << 17, (1 << 17) + 1])
def test_nothing_is_left_inside_when_all_input_is_used(count: int) -> None:
    """Around the size of a step, in every framing."""
    for packed, coding in ((gzip.compress(bytes(count), mtime=0), "gzip"), (raw_deflate(bytes(count)), "deflate")):
        assert inflate([packed], coding, 1 << 20) == bytes(count)
        assert inflate((packed[at : at + 1] for at in range(len(packed))), coding, 1 << 20) == bytes(count)


@pytest.mark.case(25, 26)
@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "none", "identity, identity"])
def test_codings_that_were_not_asked_for(coding: str) -> None:
    """One layer, and only those we know."""
    assert failing(encoded(gzip.compress(gzip.compress(TEXT, mtime=0)), coding))[0] == "bad-encoding"


@pytest.mark.case(26)
def test_two_headers_are_two_layers() -> None:
    """As one with a comma."""
    assert failing(answer(200, b"x", ["Content-Encoding: gzip", "Content-Encoding: gzip"]))[0] == "bad-encoding"


PACKED = gzip.compress(TEXT, mtime=0)
DAMAGED = {
    "no gzip": b"no gzip",
    "a byte short": PACKED[:-1],
    "half": PACKED[:60],
    "half a head": PACKED[:5],
    "wrong sum": PACKED[:-8] + bytes(8),
    "a byte changed": PACKED[:-12] + bytes([PACKED[-12] ^ 255]) + PACKED[-11:],
    "half a member more": PACKED + PACKED[:9],
}


@pytest.mark.case(27)
@pytest.mark.parametrize("packed", DAMAGED.values(), ids=DAMAGED)
def test_damaged_gzip(packed: bytes) -> None:
    """Nothing of it is taken."""
    assert failing(encoded(packed))[0] == "bad-encoding"
    assert failing(OK + b"Content-Encoding: gzip\r\n\r\n" + packed)[0] == "bad-encoding"


@pytest.mark.case(27)
@pytest.mark.parametrize(
    "packed",
    [zlib.compress(TEXT)[:-1], raw_deflate(TEXT)[:-1], zlib.compress(TEXT)[:-1] + b"?"],
    ids=["zlib", "raw", "sum"],
)
def test_damaged_deflate(packed: bytes) -> None:
    """As with gzip."""
    assert failing(encoded(packed, "deflate"))[0] == "bad-encoding"


def test_an_empty_body_may_claim_any_known_coding() -> None:
    """Nothing is nothing."""
    assert body_of(encoded(b"")) == b""

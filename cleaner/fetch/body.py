"""Parts of a body as sent -> the body inflated, no longer than its limit. Pure.

Only what the client asks for is undone, and only once: gzip (RFC 1952) or deflate (RFC 1950, or bare as some servers send
it). A bomb ends when it has grown to the limit, whatever it would have become.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from cleaner.fetch.guard import HopError
from cleaner.fetch.wire import amount

__all__ = ["CODINGS", "inflate"]

CODINGS = "gzip, deflate"
_STEP = 1 << 16  # bytes that are inflated at once
_GZIP, _ZLIB, _BARE = 31, 15, -15  # zlib's window bits


def inflate(parts: Iterable[bytes], coding: str, most: int) -> bytes:
    """The whole body; coding: the value of Content-Encoding; most: bytes, inflated.

    Raises HopError: ``bad-encoding`` for another coding, more than one, and for what is damaged or ends early;
    ``too-large``. Nothing is read of a body whose coding is not known.
    """
    name = coding.strip().casefold().removeprefix("x-")
    if name not in {"", "identity", "gzip", "deflate"}:
        raise HopError("bad-encoding", f"Content-Encoding is {coding[:60]!r}, which was not asked for")
    whole = bytearray()
    try:
        for part in _unpack(parts, many=name == "gzip") if name in {"gzip", "deflate"} else parts:
            whole += part
            if len(whole) > most:
                raise HopError("too-large", f"more than {amount(most)}")
    except zlib.error as error:
        raise HopError("bad-encoding", f"damaged {name}: {error}") from None
    return bytes(whole)


def _unpack(parts: Iterable[bytes], *, many: bool) -> Iterator[bytes]:
    """Inflated parts. many: gzip, which may have several members; what stands after the last one is passed over."""
    member = None
    for part in parts:
        rest = part
        while rest:
            if member is None:
                member = zlib.decompressobj(_GZIP if many else _ZLIB if rest[0] & 15 == 8 else _BARE)
            elif member.eof:
                if not many or rest[0] != 0x1F:
                    break
                member = zlib.decompressobj(_GZIP)
            full = True  # a full step may leave more inside although all input is used
            while rest or full:
                piece = member.decompress(rest, _STEP)
                yield piece
                rest, full = member.unconsumed_tail, len(piece) == _STEP and not member.eof
            rest = member.unused_data
    if member and not member.eof:
        raise HopError("bad-encoding", "the compressed body ends early")

"""A WARC file, plain or gzipped, from a disk or a pipe -> RawPage for each page in it (ISO 28500).

fastwarc reads the records. Members of gzip are inflated here, so that a file which breaks off is noticed and the place
is known; and what HTTP wrapped around a body is undone within the limit that a page has.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import PageError

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

__all__ = ["read_archive"]

_KINDS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
_PIECE = 1 << 16  # bytes read at once; an HTTP head is no longer
_GZIP = b"\x1f\x8b"


def read_archive(file: BinaryIO, name: str, *, skip: int = 0, most: int) -> Iterator[tuple[int, RawPage | PageError]]:
    """The pages of an archive in order, each with the number of records read so far.

    name: of the archive, for messages; skip: records to pass over, as told with the last page of an earlier reading;
    most: bytes that a page may have, inflated. A record that is no usable page is a PageError in its place; where the
    archive is damaged or breaks off, one PageError (``bad-archive``) with the place ends it. ``file`` is only read, never sought.
    """
    from fastwarc.warc import ArchiveIterator

    stream = _Inflated(file)
    number = at = 0
    try:
        for record in ArchiveIterator(cast("BinaryIO", stream), parse_http=False, stream_detect=False):
            at = stream.place(record.stream_pos)
            found = _read(record, f"{name}: record {number + 1}", most, wanted=number >= skip)
            number += 1
            if found is not None:
                yield number, found
        if not number:
            raise OSError("holds no record")
        if stream.last != b"\n":
            raise OSError("the file breaks off")
    except OSError as error:
        behind = f"behind {number} whole records, at or after byte {at}"
        yield number, PageError(name, "bad-archive", f"{behind}: {error}")


class _Inflated:
    """A file as fastwarc reads it: forward, inflated where it is gzip, and aware of what place is where in the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._raw = self._given = 0  # bytes read, and bytes handed on
        self._left = b""  # read and not handed on
        self._members: deque[tuple[int, int]] = deque([(0, 0)])  # where each begins: inflated, and in the file
        self._inflate = zlib.decompressobj(31)
        self._begun = False  # whether a member is open
        while len(self._left) < len(_GZIP) and self._more():
            pass
        self._zipped = self._left.startswith(_GZIP)
        self.last = b""  # the last byte that was handed on: blank lines end a record

    def tell(self) -> int:
        """How many bytes were handed on."""
        return self._given

    def place(self, at: int) -> int:
        """The place in the file of what was handed on as byte ``at``: for gzip, that of its member. ``at`` never falls."""
        while len(self._members) > 1 and self._members[1][0] <= at:
            self._members.popleft()
        return self._members[0][1] if self._zipped else at

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; none at the end. Raises OSError where the compressed file is damaged or breaks off."""
        size = size if size > 0 else _PIECE
        given = self._inflated(size) if self._zipped else self._plain(size)
        self._given += len(given)
        self.last = given[-1:] or self.last
        return given

    def _more(self) -> bool:
        """Read a piece of the file; whether there was one."""
        piece = self._file.read(_PIECE) or b""
        self._left += piece
        self._raw += len(piece)
        return bool(piece)

    def _plain(self, size: int) -> bytes:
        """Bytes as they are."""
        if not self._left:
            self._more()
        given, self._left = self._left[:size], self._left[size:]
        return given

    def _inflated(self, size: int) -> bytes:
        """Bytes of the next members, each of which must be whole."""
        while self._left or self._more() or self._begun:
            if not self._begun:
                self._inflate, self._begun = zlib.decompressobj(31), True
                self._members.append((self._given, self._raw - len(self._left)))
            if not self._left:
                raise OSError("the compressed file breaks off")
            try:
                given = self._inflate.decompress(self._left, size)
            except zlib.error:
                raise OSError("the compressed file is damaged") from None
            self._left = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            self._begun = not self._inflate.eof
            if given:
                return given
        return b""


def _read(record: WarcRecord, place: str, most: int, *, wanted: bool) -> RawPage | PageError | None:
    """The page in a record, what is wrong with it, or None where it is none. Raises OSError where it is not whole."""
    from fastwarc.warc import WarcRecordType

    kind = record.record_type
    wanted = wanted and kind in (WarcRecordType.response, WarcRecordType.resource)
    block = _take(record, _PIECE) if wanted else b""
    status, headers, begin = _head(block) if kind == WarcRecordType.response else (200, {}, 0)
    if kind == WarcRecordType.resource:
        headers = {"content-type": record.headers.get("Content-Type") or ""}
    wanted = wanted and status == 200 and _is_page(headers.get("content-type", ""), block[begin:])
    if wanted:
        block += _take(record, most + 1 + begin - len(block))
    rest = record.reader.consume()
    if "Content-Length" not in record.headers or len(block) + rest < record.content_length:
        raise OSError("its last record breaks off")
    if not wanted:
        return None
    origin = (record.headers.get("WARC-Target-URI") or place).strip("<> ")
    body = block[begin:]
    if len(body) <= most:
        body = _undo(body, headers, most)
    if len(body) > most:
        return PageError(origin, "too-large", f"{place}: more than {most} bytes")
    date = record.headers.get("WARC-Date") or ""
    try:
        fetched = datetime.fromisoformat(date)
        fetched = (fetched if fetched.tzinfo else fetched.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return PageError(origin, "bad-time", f"{place}: WARC-Date: {date[:40]!r} is no ISO 8601 time")
    claims = (Claim("url", origin, "link"),) if origin.startswith(("http://", "https://")) else ()
    return RawPage(hashlib.sha256(body).hexdigest(), origin, headers.get("content-type", ""), body, fetched, claims)


def _take(record: WarcRecord, size: int) -> bytes:
    """Up to so many bytes of a record."""
    parts: list[bytes] = []
    while size > 0 and (part := record.reader.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _head(block: bytes) -> tuple[int, dict[str, str], int]:
    """Status, headers (names in lower case) and begin of the body of an HTTP answer; status 0 where it is none."""
    ends = [(block.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    end, length = min((found for found in ends if found[0] >= 0), default=(-1, 0))
    first, *lines = block[: max(end, 0)].decode("latin-1").splitlines() or [""]
    parts = first.split()
    if len(parts) < 2 or not parts[0].startswith("HTTP/") or not parts[1].isascii() or not parts[1].isdigit():
        return 0, {}, 0
    pairs = (line.partition(":") for line in lines)
    return int(parts[1]), {key.strip().lower(): value.strip() for key, _, value in pairs}, end + length


def _is_page(kind: str, body: bytes) -> bool:
    """Whether a body is a page of text: as declared, or where nothing is, by how it begins."""
    if kind:
        return kind.split(";", maxsplit=1)[0].strip().casefold() in _KINDS
    return body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _undo(body: bytes, headers: dict[str, str], most: int) -> bytes:
    """The body as a browser sees it, cut off where it grows beyond ``most`` bytes.

    Crawlers often undo an encoding and leave its header: what does not decode is taken as it is.
    """
    if "chunked" in headers.get("transfer-encoding", "").casefold():
        body = _joined(body)
    for coding in reversed(headers.get("content-encoding", "").casefold().split(",")):
        match coding.strip():
            case "gzip" | "x-gzip":
                body = _inflate(body, most + 1, 31)
            case "deflate":
                body = _inflate(body, most + 1, 15, -15)
            case "br":
                body = _unbrotli(body, most + 1)
    return body


def _joined(body: bytes) -> bytes:
    """The chunks of a body (RFC 9112, 7.1) put together, as many as are there; the body itself where it is not in chunks."""
    parts: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 200)) >= 0:
        try:
            size = int(body[at:end].split(b";")[0].strip(), 16)
        except ValueError:
            break
        if size <= 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts) if parts else body


def _inflate(body: bytes, most: int, *forms: int) -> bytes:
    """Up to so many bytes of a body in one of these forms, as zlib numbers them; the body itself where it is in none."""
    for form in forms:
        try:
            return zlib.decompressobj(form).decompress(body, most) or body
        except zlib.error:
            continue
    return body


def _unbrotli(body: bytes, most: int) -> bytes:
    """Up to so many bytes of a body in Brotli; the body itself where it is not, or where this fastwarc cannot tell."""
    try:
        from fastwarc.stream_io import BrotliReader

        return BrotliReader(io.BytesIO(body)).read(most)
    except (ImportError, OSError):
        return body

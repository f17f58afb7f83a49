"""Archives of the web: whole pages come out of plain, gzipped, piped, cut and damaged ones, in order, and can be taken up again."""

from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from typing import BinaryIO, cast

import pytest
from fastwarc.stream_io import BrotliWriter

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import PageError
from cleaner.ingest.archive import read_archive

_MOST = 10_000


def _record(kind: str, uri: str, content: str, block: bytes, date: str = "2026-03-04T12:00:00Z") -> bytes:
    """One record as crawlers write it."""
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uri}>\r\nWARC-Date: {date}\r\nWARC-Target-URI: {uri}\r\n"
    return f"{head}Content-Type: {content}\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def _answer(uri: str, body: bytes, *headers: str, status: str = "200 OK", date: str = "2026-03-04T12:00:00Z") -> bytes:
    """A response record."""
    lines = "".join(f"{line}\r\n" for line in headers or ("Content-Type: text/html; charset=utf-8",))
    block = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
    return _record("response", uri, "application/http; msgtype=response", block, date)


def _pages(number: int) -> list[bytes]:
    """Records of so many pages."""
    return [_answer(f"https://a.example/{one}", f"<p>The tram depot, part {one}".encode()) for one in range(number)]


def _read(archive: bytes, skip: int = 0, most: int = _MOST) -> list[tuple[int, RawPage | PageError]]:
    """All that an archive gives."""
    return list(read_archive(io.BytesIO(archive), "a.warc", skip=skip, most=most))


def _bodies(archive: bytes) -> list[bytes | str]:
    """Bodies and reasons of all that an archive gives."""
    return [one.body if isinstance(one, RawPage) else one.reason for _, one in _read(archive)]


_MIXED = [
    _record("warcinfo", "urn:info", "application/warc-fields", b"software: own\r\n"),
    _record("request", "https://a.example/0", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
    _answer("https://a.example/0", b"<p>Weir"),
    _record("revisit", "https://a.example/0", "application/http; msgtype=response", b"HTTP/1.1 200 OK\r\n\r\n"),
    _answer("https://a.example/i.png", b"\x89PNG" * 1000, "Content-Type: image/png"),
    _answer("https://a.example/gone", b"<p>gone", status="404 Not Found"),
    _answer("https://a.example/moved", b"<p>moved", status="301 Moved"),
    _record("response", "dns:a.example", "text/dns", b"20260304120000\na.example. 1 IN A 192.0.2.1\n"),
    _record("metadata", "https://a.example/0", "application/warc-fields", b"fetchTimeMs: 3\r\n"),
    _record("resource", "<https://a.example/note.txt>", "text/plain", b"Orchard"),
    _answer(
        "https://a.example/x",
        b"<p>Salt",
        "content-type: Application/XHTML+xml",
        date="2026-03-04T12:00:00.123456+01:00",
    ),
    _answer("https://a.example/bare", b" <!DOCTYPE html><p>Bare", "Server: own"),
    _answer("https://a.example/bytes", b"\0\1\2", "Server: own"),
]


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip of all"])
def test_pages_come_in_order_and_all_else_is_passed_over(form: str) -> None:
    """Answers with status 200 and text, and resources; each with the number of records read so far."""
    archive = {
        "plain": b"".join(_MIXED),
        "gzip": b"".join(map(gzip.compress, _MIXED)),
        "gzip of all": gzip.compress(b"".join(_MIXED), mtime=0),
    }[form]
    found = _read(archive)
    assert [(number, page.origin, page.body) for number, page in found if isinstance(page, RawPage)] == [
        (3, "https://a.example/0", b"<p>Weir"),
        (10, "https://a.example/note.txt", b"Orchard"),
        (11, "https://a.example/x", b"<p>Salt"),
        (12, "https://a.example/bare", b" <!DOCTYPE html><p>Bare"),
    ]
    assert len(found) == 4
    page = found[0][1]
    assert page == RawPage(
        hashlib.sha256(b"<p>Weir").hexdigest(),
        "https://a.example/0",
        "text/html; charset=utf-8",
        b"<p>Weir",
        datetime(2026, 3, 4, 12, tzinfo=UTC),
        (Claim("url", "https://a.example/0", "link"),),
    )
    x = found[2][1]
    assert isinstance(x, RawPage)
    assert x.fetched == datetime(2026, 3, 4, 11, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("zipped", [False, True])
def test_reading_goes_on_behind_the_records_that_are_skipped(zipped: bool) -> None:
    """The number told with a page is where the next reading begins."""
    archive = b"".join(map(gzip.compress, _MIXED)) if zipped else b"".join(_MIXED)
    whole = _read(archive)
    for place, (number, _) in enumerate(whole):
        assert _read(archive, skip=number) == whole[place + 1 :]


def _brotli(body: bytes) -> bytes:
    """The body in Brotli."""

    class Kept(io.BytesIO):
        """A file whose bytes can be had when it is closed."""

        def close(self) -> None:
            """Stay."""

    kept = Kept()
    writer = BrotliWriter(kept)
    writer.write(body)
    writer.close()
    return kept.getvalue()


_PAGE = b"<p>The market hall " + b"stays open. " * 200
_BARE = zlib.compressobj(wbits=-15)
_CHUNKS = (
    b"5;x=1\r\n" + _PAGE[:5] + b"\r\n" + f"{len(_PAGE) - 5:X}\r\n".encode() + _PAGE[5:] + b"\r\n0\r\nTrailer: a\r\n\r\n"
)


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (gzip.compress(_PAGE, mtime=0), "Content-Encoding: gzip"),
        (gzip.compress(gzip.compress(_PAGE, mtime=0), mtime=0), "Content-Encoding: gzip, x-gzip"),
        (zlib.compress(_PAGE), "content-encoding: Deflate"),
        (_BARE.compress(_PAGE) + _BARE.flush(), "Content-Encoding: deflate"),
        (_brotli(_PAGE), "Content-Encoding: br"),
        (_CHUNKS, "Transfer-Encoding: chunked"),
        (_PAGE, "Content-Encoding: gzip"),
        (_PAGE, "Content-Encoding: deflate"),
        (_PAGE, "Content-Encoding: br"),
        (_PAGE, "Content-Encoding: martian"),
        (_PAGE, "Transfer-Encoding: chunked"),
        (_PAGE, "X-Crawler-Content-Encoding: gzip"),
    ],
)
def test_what_http_wrapped_around_a_body_is_undone(body: bytes, header: str) -> None:
    """Also where a crawler undid it and left the header; the digest is that of the bare body."""
    ((_, page),) = _read(_answer("https://a.example/", body, "Content-Type: text/html", header))
    assert isinstance(page, RawPage)
    assert page.body == _PAGE
    assert page.id == hashlib.sha256(_PAGE).hexdigest()


def test_chunks_in_gzip_are_undone_in_order() -> None:
    """First the transfer, then the content; a body whose end is missing is what is there."""
    zipped = gzip.compress(_PAGE, mtime=0)
    chunked = f"{len(zipped):x}\r\n".encode() + zipped + b"\r\n"
    headers = ("Content-Type: text/html", "Transfer-Encoding: chunked", "Content-Encoding: gzip")
    assert _bodies(_answer("https://a.example/", chunked, *headers)) == [_PAGE]


@pytest.mark.parametrize("header", ["Content-Encoding: gzip", "Content-Encoding: br", "Server: own"])
def test_a_page_beyond_the_limit_is_named_and_the_next_one_read(header: str) -> None:
    """However small the record, what it grows to is not held; and a page of exactly the limit is taken."""
    large = b"<p>" + b"x" * 50_000_000
    body = gzip.compress(large, mtime=0) if "gzip" in header else _brotli(large) if "br" in header else large
    fits = b"y" * _MOST
    archive = _answer("https://a.example/l", body, "Content-Type: text/html", header) + _answer(
        "https://a.example/", fits
    )
    first, second = _read(archive)
    assert isinstance(first[1], PageError)
    assert str(first[1]) == f"https://a.example/l: too-large: a.warc: record 1: more than {_MOST} bytes"
    assert isinstance(second[1], RawPage)
    assert second[1].body == fits


def test_a_record_without_a_time_is_named() -> None:
    """The next one is read."""
    archive = _answer("https://a.example/", b"<p>x", date="noon") + _answer("https://a.example/", b"<p>y")
    assert _bodies(archive) == ["bad-time", b"<p>y"]


@pytest.mark.parametrize("zipped", [False, True])
def test_wherever_an_archive_breaks_off_what_is_whole_is_read(zipped: bool) -> None:
    """Cut at any byte: the pages before the cut, then one error; none of the pages is short."""
    records = [gzip.compress(record, mtime=0) if zipped else record for record in _pages(3)]
    archive = b"".join(records)
    bodies = _bodies(archive)
    assert len(bodies) == 3
    ends = [sum(map(len, records[: number + 1])) for number in range(3)]
    for cut in range(len(archive)):
        found = _bodies(archive[:cut])
        pages = [one for one in found if isinstance(one, bytes)]
        assert pages == bodies[: len(pages)]
        whole = sum(end <= cut for end in ends)
        assert whole <= len(pages) <= whole + 1  # the blank lines behind a record may be missing
        assert found[len(pages) :] in ([], ["bad-archive"])
        if cut not in {*ends} and (zipped or len(pages) == whole):
            assert found[-1] == "bad-archive"


@pytest.mark.parametrize("zipped", [False, True])
def test_a_damaged_archive_says_where(zipped: bool) -> None:
    """The name of the archive and the place of the last record that was found; the number to go on from."""
    records = [gzip.compress(record, mtime=0) if zipped else record for record in _pages(3)]
    archive = b"".join((*records[:2], b"\x1f\x8bgarbage" if zipped else b"garbage\r\n\r\n", records[2]))
    *pages, (number, error) = _read(archive)
    assert len(pages) == number == 2
    assert isinstance(error, PageError)
    assert str(error).startswith(f"a.warc: bad-archive: behind 2 whole records, at or after byte {len(records[0])}: ")


@pytest.mark.parametrize(
    "archive", [b"", b"\x1f", b"W", b"no archive at all " * 100, b"\x1f\x8bno gzip", gzip.compress(b"", mtime=0)]
)
def test_what_is_no_archive_is_one_error(archive: bytes) -> None:
    """Also nothing at all."""
    ((number, error),) = _read(archive)
    assert (number, isinstance(error, PageError) and error.reason) == (0, "bad-archive")


def test_damage_never_ends_in_another_error() -> None:
    """Each byte of an archive turned over, plain and gzipped: pages and errors of ours, nothing else."""
    for archive in (b"".join(_pages(2)), b"".join(map(gzip.compress, _pages(2)))):
        for place in range(len(archive)):
            damaged = bytearray(archive)
            damaged[place] ^= 0x15
            for _, found in _read(bytes(damaged)):
                assert isinstance(found, RawPage | PageError)


def test_a_pipe_is_read_as_it_comes() -> None:
    """Standard input cannot be sought."""
    code = "import sys; [(sys.stdout.buffer.write(bytes.fromhex(line)), sys.stdout.flush()) for line in sys.stdin]"
    with subprocess.Popen([sys.executable, "-uc", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin and program.stdout
        for record in map(gzip.compress, _pages(2)):
            program.stdin.write(record.hex().encode() + b"\n")
        program.stdin.close()
        found = list(read_archive(cast("BinaryIO", program.stdout), "-", most=_MOST))
    assert [page.origin for _, page in found if isinstance(page, RawPage)] == [
        "https://a.example/0",
        "https://a.example/1",
    ]
    assert len(found) == 2


def test_an_archive_without_a_buffer_is_read() -> None:
    """A raw file hands out what it has."""

    class Dripping(io.RawIOBase):
        """A file that gives a byte or two at a time."""

        def __init__(self, body: bytes) -> None:
            self._rest = io.BytesIO(body)

        def readable(self) -> bool:
            """It is."""
            return True

        def read(self, size: int = -1) -> bytes:
            """A little."""
            return self._rest.read(2)

    for archive in (b"".join(_pages(2)), b"".join(map(gzip.compress, _pages(2)))):
        file: BinaryIO = Dripping(archive)  # type: ignore[assignment]
        assert [number for number, _ in read_archive(file, "d", most=_MOST)] == [1, 2]

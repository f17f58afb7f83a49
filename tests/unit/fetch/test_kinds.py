"""What answers hold: their first bytes where they are clear, else what they are declared as."""

from __future__ import annotations

import gzip
import io
import time
import zipfile

import pytest

from cleaner.datatypes import Answer
from cleaner.fetch import kind_of
from cleaner.fetch.kinds import signature


def kind(body: bytes, declared: str = "") -> str:
    """The kind of a body with a Content-Type."""
    return kind_of(Answer("http://news.example/", 200, (("content-type", declared),) if declared else (), body))


def packed() -> bytes:
    """A ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", "b")
    return file.getvalue()


FILES = {
    "pdf": [b"%PDF-1.7\n", b"\n%PDF-1.4\n"],
    "image": [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x1cftypavif",
        b"\0\0\1\0\1\0",
    ],
    "audio": [b"ID3\4\0", b"\xff\xfb\x90", b"OggS\0\2", b"RIFF\x10\0\0\0WAVEfmt ", b"\0\0\0\x1cftypM4A "],
    "video": [b"\0\0\0\x1cftypisom", b"\x1aE\xdf\xa3", b"RIFF\x10\0\0\0AVI LIST"],
    "other": [
        packed(),
        b"\x7fELF\2\1\1",
        gzip.compress(b"<html>", mtime=0),
        b"7z\xbc\xaf\x27\x1c",
        b"\x28\xb5\x2f\xfd",
    ],
}


@pytest.mark.case(38)
@pytest.mark.parametrize(
    "declared", ["text/html; charset=utf-8", "text/plain", "application/rss+xml", "image/x-none", ""]
)
@pytest.mark.parametrize(("content", "body"), [(content, body) for content, bodies in FILES.items() for body in bodies])
def test_files_are_what_their_bytes_say(content: str, body: bytes, declared: str) -> None:
    """Whatever they are declared as."""
    assert kind(body + b"\0" * 100, declared) == content


RSS = b'<?xml version="1.0"?>\n<!-- made -->\n<rss version="2.0"><channel/></rss>'
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"/>'
RDF = b'<?xml version="1.0"?><!DOCTYPE rdf [<!ENTITY a "b">]><rdf:RDF/>'
PAGE = b"\n<!-- a --><!DOCTYPE html><html lang=de><p>Hafen</p>"
XHTML = b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html/>'
JSON_FEED = b'{\n "version": "https://jsonfeed.org/version/1.1", "items": []}'


@pytest.mark.parametrize(
    ("body", "declared", "content"),
    [
        *(
            (feed, declared, "feed")
            for feed in (RSS, ATOM, RDF)
            for declared in ("text/html", "text/plain", "text/xml", "")
        ),
        (b"\xef\xbb\xbf" + RSS, "text/xml", "feed"),
        (RSS.decode().encode("utf-16"), "application/xml", "feed"),
        (b"\xfe\xff" + RSS.decode().encode("utf-16-be"), "", "feed"),
        (b"broken", "application/atom+xml; charset=x", "feed"),
        *(
            (page, declared, "html")
            for page in (PAGE, XHTML)
            for declared in ("text/html", "application/rss+xml", "text/plain", "")
        ),
        (b"<p>Hafen", "text/html", "html"),
        (b"Hafen", "TEXT/HTML", "html"),
        (b"", "text/html", "html"),
        (b"<article><p>Hafen", "", "html"),
        (b"<p>Hafen", "text/plain", "text"),
        (b"Der Hafen", "text/markdown", "text"),
        (b"Der Hafen", "", "text"),
        (b"Der Hafen", "application/octet-stream", "text"),
        (b"5 < 6 <b", "", "text"),
        (b"[1] Der Hafen", "", "text"),
        (b"Der\0Hafen", "", "other"),
        (b"\x89\1\2\3", "application/octet-stream", "other"),
        (b'<?xml version="1.0"?><urlset/>', "text/html", "xml"),
        (b'<?xml version="1.0"?><urlset/>', "", "xml"),
        (b"<urlset/>", "application/xml", "xml"),
        (b"x", "application/soap+xml", "xml"),
        (b"<svg/>", "image/svg+xml", "image"),
        (JSON_FEED, "application/json", "feed"),
        (JSON_FEED, "", "feed"),
        (b"{}", "application/feed+json", "feed"),
        (b'{"a": 1}', "application/json", "json"),
        (b'{"a": 1}', "application/ld+json", "json"),
        (b'[{"a": 1}]', "", "json"),
        (b"\0\0", "audio/mpeg", "audio"),
        (b"", "video/mp4", "video"),
        (b"x", "application/x-tar", "other"),
        (b"x", "nonsense", "other"),
        (b"x", ";;;", "text"),
        (b"", "", "other"),
    ],
)
def test_what_an_answer_holds(body: bytes, declared: str, content: str) -> None:
    """Clear bytes first."""
    assert kind(body, declared) == content


def test_text_has_no_signature() -> None:
    """So that what only looks a little like a file is not taken for one."""
    for text in (
        b"",
        b"RIFF",
        b"BZh",
        b"OggS is a container",
        b"II* and MM*",
        b"ftyp",
        b"fLaC!",
        "ÿû".encode(),
        b"ID3 tags",
    ):
        assert signature(text) is None


@pytest.mark.parametrize(
    "piece", [b"<!---->", b"<?a?>", b"<!--", b"<?", b"<!doctype ", b"<!doctype a [", b" ", b"[", b'{"version":']
)
def test_no_beginning_takes_long(piece: bytes) -> None:
    """Rows of comments, instructions and the like."""
    start = time.perf_counter()
    kind(piece * 100_000)
    assert time.perf_counter() - start < 0.2

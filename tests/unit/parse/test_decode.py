"""Bytes become text by what says so first, and nothing that bytes hold raises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.datatypes import RawPage
from cleaner.errors import PageError
from cleaner.parse.decode import decode, refuse_binary, sniff

TEXT = "Größe – “déjà vu” — Łódź, naïve café"
LATIN = "Die Größe der Straße wäre für den Händler zu schön gewesen, hieß es später über die Brücke."


@pytest.mark.case(37, 48)
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (TEXT.encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=iso-8859-1"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ""),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "text/plain"),
        (TEXT.encode("utf-16-le"), "text/plain"),
        (TEXT.encode(), "text/html; charset=rot13"),
        (TEXT.encode(), "text/html; charset=utf-7"),
        (TEXT.encode(), "text/html; charset=latin1"),
    ],
)
def test_marks_and_utf8_win(body: bytes, media_type: str) -> None:
    """A byte order mark goes before the transport, and text that is UTF-8 is never read as anything else."""
    assert decode(body, media_type) == TEXT


@pytest.mark.case(48)
@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("cp1252", "iso-8859-1"),
        ("cp1252", "windows-1252"),
        ("iso8859-2", "iso-8859-2"),
        ("koi8-r", "koi8-r"),
        ("gb18030", "gb2312"),
        ("cp932", "shift_jis"),
    ],
)
def test_what_the_transport_or_the_page_declares_is_used(codec: str, label: str) -> None:
    """The transport's encoding, or else the one in the markup, as browsers read its label."""
    text = {"koi8-r": "Сегодня утром в порту", "gb18030": "今天早上在港口", "cp932": "今朝、港で"}.get(
        codec, "Zażółć gęślą" if codec == "iso8859-2" else "“Größe”"
    )
    assert decode(text.encode(codec), f"text/html; charset={label}") == text
    assert text in decode(f'<meta charset="{label}"><p>'.encode() + text.encode(codec))


def test_undeclared_bytes_are_guessed() -> None:
    """Without any word of the encoding the detector decides; a few wrong bytes are replaced."""
    assert decode(LATIN.encode("cp1252")) == LATIN
    assert decode(TEXT.encode() * 40 + b"\xff") == TEXT * 40 + "\ufffd"


@pytest.mark.case(37)
@given(
    st.binary(max_size=400),
    st.sampled_from(["", "text/html; charset=zlib_codec", "text/html; charset=utf-8", "text/plain; charset=\udc80"]),
)
def test_no_bytes_raise(body: bytes, media_type: str) -> None:
    """Whatever the bytes and whatever was declared, a text comes out."""
    assert isinstance(decode(body, media_type), str)


@pytest.mark.parametrize("body", [b"%PDF-1.7 ...", b"\x89PNG\r\n", b"PK\x03\x04", b"\x7fELF", bytes(range(32)) * 20])
def test_binary_files_are_refused(body: bytes) -> None:
    """Images, archives, programs and noise are no pages."""
    raw = RawPage("0", "x.bin", "", body, datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(PageError, match=r"x\.bin: binary"):
        refuse_binary(raw)


@pytest.mark.parametrize(
    ("text", "media_type", "origin", "kind"),
    [
        ("<!doctype html><p>x", "", "-", "html"),
        ("  <HTML><body>x", "text/plain", "a.txt", "html"),
        ("A headline\n\nThe <b> tag was invented in 1993.", "", "-", "text"),
        ("<div><p>One</p><p>Two</p></div>", "", "-", "html"),
        ("plain words", "text/html", "-", "html"),
        ("plain words", "", "page.htm", "html"),
        ("<p>a</p><p>b</p><p>c</p>", "text/plain", "a.txt", "text"),
    ],
)
def test_the_right_parser_is_chosen(text: str, media_type: str, origin: str, kind: str) -> None:
    """By what was declared, by the name, by how it begins."""
    assert sniff(text, media_type, origin) == kind

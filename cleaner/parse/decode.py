"""bytes -> str, and which parser the text is for. Pure. Never raises for what bytes hold, only for what is no text.

The order is that of the WHATWG encoding standard (BOM, then what the transport says, then what the page says), with
strict UTF-8 tried before the detector, and a declared encoding dropped where it plainly does not fit.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

from cleaner.datatypes import RawPage
from cleaner.errors import PageError

__all__ = ["decode", "refuse_binary", "sniff"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
# Labels that the standard reads as their Windows supersets.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "ksc5601": "cp949",
    "big5": "big5hkscs",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
}
_TEXT_CODECS = re.compile(
    r"^(?:utf-(?:8|16(?:-?[bl]e)?)|cp\d+|windows-\d+|iso-8859-\d+|gb18030|big5hkscs|euc-jp|iso-2022-jp|koi8-[ru]|mac(?:-?roman|-?cyrillic)|hz)$"
)
_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"PK\x03\x04",
    b"\x7fELF",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"\x00\x00\x00\x18ftyp",
    b"MZ\x90",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"SQLite format 3",
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_HEAD = 4096
_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|section|main|div|p|h[1-6]|ul|table|meta|title|script|span|a\s)[\s>/]",
    re.IGNORECASE,
)


def refuse_binary(raw: RawPage) -> None:
    """Raise PageError (``binary``) for bytes that are no text in any encoding."""
    head = raw.body[:_HEAD]
    if head.startswith(_MAGIC):
        raise PageError(raw.origin, "binary", "the file is an image, an archive, a program or a PDF, not a page")
    if _bom(head):
        return
    stray = len(head) - len(head.translate(None, _CONTROLS))
    if stray > 0.05 * len(head) and not _looks_utf16(head):
        raise PageError(raw.origin, "binary", "too many control bytes for a page of text")


def decode(body: bytes, media_type: str = "") -> str:
    """The text of a page's bytes: by BOM, transport, markup, strict UTF-8, detector; what fits nothing is replaced."""
    if bom := _bom(body):
        return body[len(bom[0]) :].decode(bom[1], "replace")
    declared = [_codec(name) for name in _declared(body, media_type)]
    utf8 = _strict(body, "utf-8")
    for codec in declared:
        if codec is None or (utf8 is not None and codec != "utf-8" and not body.isascii()):
            continue
        if (read := utf8 if codec == "utf-8" else _strict(body, codec)) is not None:
            return read
    if utf8 is not None:
        return utf8
    return _guess(body, next((codec for codec in declared if codec), None))


def sniff(text: str, media_type: str, origin: str) -> Literal["html", "text"]:
    """Whether a text is HTML: by what was declared, by the file's name, else by how it begins."""
    kind = media_type.split(";", maxsplit=1)[0].strip().casefold()
    if kind in {"text/html", "application/xhtml+xml"}:
        return "html"
    if kind in {"text/plain", "text/markdown"} and not re.match(
        r"\s*<(?:!doctype html|html)[\s>]", text[:200], re.IGNORECASE
    ):
        return "text"
    if origin.casefold().endswith((".html", ".htm", ".xhtml")):
        return "html"
    head = text[:_HEAD].lstrip()
    if re.match(r"<(?:!doctype|html|head|body|\?xml|!--)", head, re.IGNORECASE):
        return "html"
    return "html" if len(_TAG.findall(head)) >= 3 else "text"


def _bom(body: bytes) -> tuple[bytes, str] | None:
    """The byte order mark that a body begins with, and its codec."""
    return next(((mark, codec) for mark, codec in _BOMS if body.startswith(mark)), None)


def _looks_utf16(head: bytes) -> bool:
    """Whether every second byte is zero: UTF-16 without a mark, of Latin text."""
    return head[1::2].count(0) > 0.8 * len(head[1::2]) or head[::2].count(0) > 0.8 * len(head[::2])


def _declared(body: bytes, media_type: str) -> list[str]:
    """The encodings that the transport and the page name, in this order."""
    names = [hit[1] for hit in [_CHARSET.search(media_type)] if hit]
    if hit := _META.search(body[:_HEAD]):
        names.append((hit[1] or hit[2]).decode("ascii", "replace"))
    return names


def _codec(name: str) -> str | None:
    """A text codec for an encoding's label; None for unknown ones and for those that are no text encodings."""
    label = _ALIASES.get(name.strip().casefold(), name.strip().casefold())
    if not _TEXT_CODECS.match(label):
        return None
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


def _strict(body: bytes, codec: str) -> str | None:
    """The text, if every byte fits the codec."""
    try:
        return body.decode(codec)
    except (UnicodeDecodeError, ValueError):
        return None


def _guess(body: bytes, declared: str | None) -> str:
    """The text by the declared codec where few bytes fail, else by the detector, else as Windows-1252."""
    import cchardet

    for codec in (declared, "utf-8"):
        text = body.decode(codec, "replace") if codec else None
        if text is not None and text.count("\ufffd") <= max(2, len(text) // 500):
            return text
    if _looks_utf16(body[:_HEAD]):
        return body.decode("utf-16-le" if body[1:2] == b"\0" else "utf-16-be", "replace")
    found = cchardet.detect(body[:200_000]).get("encoding")
    return body.decode((_codec(found) if found else None) or "cp1252", "replace")

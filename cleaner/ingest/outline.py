"""Bytes of XML, as sites send it -> text, its first element, and where entries and people stand in it. Pure.

All of it is linear in the input and comes before any XML parser sees a byte: what is dangerous or absurd is refused
here, so that no parser has to be trusted with it.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaner.errors import PageError
from cleaner.parse.decode import decode

__all__ = ["FORBIDDEN", "Outline", "Root", "find_root", "outline", "refuse_declarations", "xml_text"]

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # in XML 1.0

_DEPTH = 250  # elements within each other
_ATTRIBUTES = 256  # of one tag
# The first bytes of markup in encodings that are no superset of ASCII; four bytes first (XML 1.0, appendix F).
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"
_MAINFRAME = frozenset({"cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140", "ibm037", "ibm500", "ibm1140"})
_ENCODING = re.compile(r"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
# Every alternative ends at the next "<" at the latest, and no group gives back what it took: linear, however broken.
_TOKEN = re.compile(
    r"<(?:(?P<skip>!--|!\[CDATA\[|\?)|!(?P<declared>[A-Za-z]+)|/(?P<end>[^\s<>/]+)[^<>]*+>?"
    r"|(?P<start>[^\W\d][^\s<>/=\"']*+)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>?)"
)
_CLOSERS = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}
_DECLARATIONS = frozenset({"doctype", "entity"})
_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_WARNINGS = frozenset({"br", "b", "i", "p", "div", "pre", "font"})
_BEGINNING = re.compile(
    r"<[^<>]*(?:xmlns|version\s*=)|<[^<>]*>\s*<(?:\w+:)?channel\b", re.IGNORECASE
)  # of a feed in earnest
_NEAR = 4096  # characters of warnings and the like that may stand before a feed
_VOID = frozenset({"br", "img", "hr", "wbr", "input"})  # nobody closes them where HTML stands in a feed as it is
_ENTRIES = frozenset({"item", "entry"})
_PEOPLE = frozenset({"author", "creator", "managingeditor", "webmaster", "contributor", "publisher", "owner"})
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")


@dataclass(frozen=True, slots=True)
class Root:
    """The first element. name: lower case, no prefix; start: its place in the text; declared: doctypes and entities before it."""

    name: str
    start: int
    declared: int


@dataclass(frozen=True, slots=True)
class Outline:
    """Where things stand in a feed's text, as (begin, end), in order.

    entries: whole elements; people: (name of the element, begin, end) of what stands within authors and the like;
    open: where an entry begins that the text breaks off in, None where all are closed.
    """

    entries: tuple[tuple[int, int], ...]
    people: tuple[tuple[str, int, int], ...]
    open: int | None


def xml_text(body: bytes, url: str, media_type: str = "") -> tuple[str, tuple[str, ...]]:
    """The text of a document's bytes without what XML forbids, and notes on what was wrong with them.

    Raises PageError (``bad-encoding``) for UTF-7, which no reader should decode.
    """
    told = next((codec for mark, codec in _MARKS if body.startswith(mark)), None)
    if body.startswith(_EBCDIC):
        text = _ebcdic(body)
    elif told is not None:
        text = body.decode(told, "replace").removeprefix("\ufeff")
    else:
        hit = _ENCODING.search(body[:400].decode("latin-1"))
        if hit and hit[1].casefold().replace("_", "-") in {"utf-7", "utf7", "unicode-1-1-utf-7"}:
            raise PageError(url, "bad-encoding", "is written in UTF-7, which can hide markup")
        text = decode(body, media_type)
    notes = []
    if "\ufffd" in text and (told or b"\xef\xbf\xbd" not in body):
        notes.append("bytes that fit no encoding were replaced")
    if FORBIDDEN.search(text):
        text = FORBIDDEN.sub("", text)
        notes.append("characters that XML forbids were left out")
    return text, tuple(notes)


def _ebcdic(body: bytes) -> str:
    """The text of bytes in a code page of IBM's mainframes, whose lines end with NEL."""
    hit = _ENCODING.match(body[:300].decode("cp037"))
    codec = hit[1] if hit and hit[1].casefold() in _MAINFRAME else "cp037"
    return body.decode(codec, "replace").replace("\x85", "\n")


def find_root(text: str) -> Root | None:
    """The first element of a text, or None where there is no markup; a feed's, where but a few warnings stand before it."""
    declared, first = 0, None
    is_markup = text.lstrip("\ufeff \t\r\n").startswith("<")
    for token in _tokens(text):
        if token["declared"] and first is None:
            declared += token["declared"].casefold() in _DECLARATIONS
        elif token["start"]:
            root = Root(_local(token["start"].casefold()), token.start(), declared)
            if root.name in _ROOTS:
                if (is_markup and first is None) or _BEGINNING.match(text, root.start):
                    return root
                continue  # a text that speaks of feeds
            first = first or root
            if root.name not in _WARNINGS or root.start > _NEAR:
                break
    return first


def refuse_declarations(root: Root, url: str) -> None:
    """Raise PageError (``bad-xml``) where a document declares entities; one bare document type is only passed over."""
    if root.declared > 1:
        raise PageError(url, "bad-xml", "declares entities, which no feed needs and attacks are made of")


def outline(text: str, url: str) -> Outline:
    """The outline of a feed's text, from its first element on.

    Raises PageError: ``too-complex`` for elements nested deeper than 250 and tags of more than 256 attributes, ``bad-xml``
    for declarations among the elements. What is never closed ends with the element around it.
    """
    walk = _Walk(url)
    declared = 0
    for token in _tokens(text):
        if token["start"]:
            walk.open(token)
        elif token["end"]:
            walk.close(token)
        elif token["declared"].casefold() in _DECLARATIONS:
            declared += 1
            if declared > 1:
                raise PageError(url, "bad-xml", "declares document types or entities among its elements")
    return Outline(tuple(walk.entries), tuple(walk.people), walk.entry[1] if walk.entry else None)


@dataclass(slots=True)
class _Walk:
    """A way through the tags of a feed.

    names: of the open elements; opened: how many of each name; entry: depth and begin of the entry that is open; person:
    depth, name and begin of what stands in the author that is open.
    """

    url: str
    names: list[str] = field(default_factory=list)
    opened: Counter[str] = field(default_factory=Counter)
    entries: list[tuple[int, int]] = field(default_factory=list)
    people: list[tuple[str, int, int]] = field(default_factory=list)
    entry: tuple[int, int] | None = None
    person: tuple[int, str, int] | None = None

    def open(self, token: re.Match[str]) -> None:
        """A start tag. Raises PageError (``too-complex``)."""
        name, rest = token["start"].casefold(), token["rest"]
        if len(rest) > _ATTRIBUTES:
            bare = _VALUE.sub("''", rest)
            if max(bare.count("="), len(bare.split())) > _ATTRIBUTES:
                raise PageError(self.url, "too-complex", f"a tag has more than {_ATTRIBUTES} attributes")
        local = _local(name)
        if local in _VOID or rest.endswith("/"):
            return
        if self.entry is None and local in _ENTRIES:
            self.entry = len(self.names), token.start()
        elif self.person is None and local in _PEOPLE:
            self.person = len(self.names), local, token.end()
        self.names.append(name)
        self.opened[name] += 1
        if len(self.names) > _DEPTH:
            raise PageError(self.url, "too-complex", f"elements nest deeper than {_DEPTH}")

    def close(self, token: re.Match[str]) -> None:
        """An end tag: closes its element and those within that nobody closed; one of nothing is passed over."""
        name = token["end"].casefold()
        if not self.opened[name]:
            return
        while (last := self.names.pop()) != name:
            self.opened[last] -= 1
        self.opened[name] -= 1
        depth = len(self.names)
        if self.person and depth <= self.person[0]:
            self.people.append((*self.person[1:], token.start()))
            self.person = None
        if self.entry and depth <= self.entry[0]:
            self.entries.append((self.entry[1], token.end() if depth == self.entry[0] else token.start()))
            self.entry = None


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The tags and declarations of a text in order; comments, CDATA and processing instructions are passed over."""
    place = 0
    while token := _TOKEN.search(text, place):
        place = token.end()
        if skip := token["skip"]:
            end = text.find(_CLOSERS[skip], place)
            if end < 0:
                return
            place = end + len(_CLOSERS[skip])
        else:
            yield token


def _local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]

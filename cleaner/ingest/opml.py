"""A list of feeds as OPML -> outlines, and outlines -> OPML. Pure.

OPML 1.0, 1.1 and 2.0 are read alike: an outline with an address is a feed, one without is a folder. A document that
declares a type or entities is refused before any of them is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from lxml import etree

from cleaner.errors import PageError
from cleaner.markup import clean_text
from cleaner.text import squeeze

__all__ = ["Outline", "read_opml", "write_opml"]

_DEPTH = 50  # folders in folders
_OTHERS = 3  # the elements around all outlines, and the feed itself


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list. url: as written there; home: its site (empty where untold); groups: the folders down to it."""

    url: str
    title: str = ""
    home: str = ""
    groups: tuple[str, ...] = ()


def read_opml(body: bytes, name: str) -> tuple[Outline, ...]:
    """The feeds of an OPML document, in order, each address once: the first one stands, with the folders of all.

    name: of the file, for messages. Raises PageError (``bad-opml``) that names the file and the line.
    """
    reader = _Reader(name)
    try:
        reader.parser.Parse(body, True)
    except expat.ExpatError as error:
        raise PageError(name, "bad-opml", f"line {error.lineno}: {expat.ErrorString(error.code)}") from None
    except (ValueError, LookupError):
        raise reader.mistake("in an encoding that is not known") from None
    if not reader.has_body:
        raise reader.mistake("holds no <body> with outlines")
    return tuple(reader.found.values())


@dataclass
class _Reader:
    """What is known while a document is read: the way down to the element that is open, and the feeds found."""

    name: str
    found: dict[str, Outline] = field(default_factory=dict)
    has_body: bool = False
    _depth: int = 0
    _folders: list[str] = field(default_factory=list)  # of each open outline; empty for one that names no folder

    def __post_init__(self) -> None:
        """Listen to the parser; a declared type ends the reading before it can name an entity."""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse

    def mistake(self, text: str) -> PageError:
        """The error for what stands at the parser's place."""
        return PageError(self.name, "bad-opml", f"line {self.parser.CurrentLineNumber}: {text}")

    def _refuse(self, *_: object) -> None:
        """A document type is none of OPML's."""
        raise self.mistake("declares a document type, which may hide entities")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = tag.casefold()
        if not self._depth and tag != "opml":
            raise self.mistake(f"is no OPML: begins with <{tag[:40]}>")
        self._depth += 1
        if self._depth > _DEPTH + _OTHERS:
            raise self.mistake(f"folders nest deeper than {_DEPTH}")
        self.has_body = self.has_body or tag == "body"
        if tag == "outline" and self.has_body:
            self._outline({key.casefold(): squeeze(value) for key, value in attributes.items()})

    def _outline(self, told: dict[str, str]) -> None:
        """A feed, or a folder; what stands in a feed is in the folders around it."""
        title = told.get("title") or told.get("text") or ""
        url = told.get("xmlurl", "")
        title = "" if title == url else title
        self._folders.append("" if url else title)
        if url:
            groups = tuple(dict.fromkeys(filter(None, self._folders)))
            known = self.found.get(url, Outline(url, title, told.get("htmlurl", "")))
            self.found[url] = replace(known, groups=tuple(dict.fromkeys((*known.groups, *groups))))

    def _end(self, tag: str) -> None:
        """An element ends."""
        self._depth -= 1
        if tag.casefold() == "outline" and self._folders:
            self._folders.pop()


def write_opml(title: str, outlines: Sequence[Outline]) -> bytes:
    """OPML 2.0 with these feeds in the folders that their groups name, in the order given; same input, same bytes."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = clean_text(title)
    folders: dict[tuple[str, ...], etree._Element] = {(): etree.SubElement(root, "body")}
    for outline in outlines:
        parent = folders[()]
        for depth, group in enumerate(outline.groups, 1):
            path = outline.groups[:depth]
            if path not in folders:
                name = clean_text(group)
                folders[path] = etree.SubElement(parent, "outline", text=name, title=name)
            parent = folders[path]
        told = {
            "type": "rss",
            "text": clean_text(outline.title) or clean_text(outline.url),
            "xmlUrl": clean_text(outline.url),
        }
        if outline.title:
            told["title"] = clean_text(outline.title)
        if outline.home:
            told["htmlUrl"] = clean_text(outline.home)
        etree.SubElement(parent, "outline", told)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document

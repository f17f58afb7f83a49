"""An HTML page -> the stretches of text, pictures, rows and code that its own markup makes, read without Cleaner's walk and blocks.

Only bytes are decoded and the tree is made by Cleaner (``decode``, ``xpath.Mirror``). What its parser drops or
mistakes is therefore missed when an entry is held against these stretches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from cleaner.addresses import resolve_wrapped, without_tracking
from cleaner.learn.align import tokens
from cleaner.parse.xpath import Mirror

__all__ = ["HOLDERS", "KINDS", "Stretch", "Things", "nothing", "squeezed", "stretches"]

Things = dict[str, Counter[Any]]
KINDS = ("links", "images", "list items", "table cells", "code")
HOLDERS = {"list items": {"li", "dt", "dd"}, "table cells": {"td", "th"}, "code": {"pre", "code", "kbd", "samp", "tt"}}
_BLOCKS = frozenset(
    """
    address article aside blockquote button caption center dd details dialog div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section summary table tr ul
    """.split()
)
_CELLS = frozenset(["td", "th"])
_SKIPPED = frozenset(
    ["script", "style", "template", "noscript", "svg", "math", "select", "datalist", "textarea", "canvas"]
)
_EMBEDS = frozenset(["iframe", "video", "audio", "object", "embed", "amp-youtube", "amp-video", "amp-iframe"])
_CAPTIONS = frozenset(["figcaption", "caption"])
_LINKING = frozenset(["src", "href", "data", "poster"])
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_OFTEN = 3  # how often a picture is shown that is no news
_SMALL = 33  # pixels from which on a picture is one


def nothing() -> Things:
    """No things of any kind."""
    return {kind: Counter() for kind in KINDS}


@dataclass
class Stretch:
    """Text between two borders of block elements, or a picture (its possible addresses), with what it holds.

    silent: whether it is something that a gold text leaves out as often as not, a picture, a row of a table or code in
    lines; loose: whether the page says that no reader sees it, or shows it three times and more, as it does with the
    pictures that mark buttons and stars; caption: whether it explains a picture or a table; head: whether it is a h1;
    boxed: whether it stands in a table of one row or one column, which may be kept as a table or not; embed: whether it
    is a film, a post or a chart, which an entry may link.
    """

    text: str = ""
    addresses: tuple[str, ...] = ()
    silent: bool = False
    loose: bool = False
    caption: bool = False
    head: bool = False
    boxed: bool = False
    embed: bool = False
    things: Things = field(default_factory=nothing)


def squeezed(text: str) -> str:
    """A text with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()


def stretches(text: str, base: str) -> list[Stretch]:
    """The stretches of an HTML page's body, in its order."""
    mirror = Mirror(LexborHTMLParser(text))
    body, told = mirror.result("/html/body"), mirror.result("string(//base/@href)")
    return _Reader(_absolute(base, told) or base).read(body[0]) if body else []


class _Reader:
    """Goes through a body, and gathers its stretches."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.done: list[Stretch] = []
        self.text: list[str] = []
        self.pictures: list[Stretch] = []
        self.code: list[str] = []
        self.links: list[tuple[Any, list[str]]] = []  # each link in the stretch, and its text there
        self.open: list[Any] = []  # the elements around
        self.tables: list[Any] = []  # those of them that are tables of data
        self.breaks = 0
        self.last: Stretch | None = None  # the picture behind which no text came yet

    def read(self, body: Any) -> list[Stretch]:
        """All stretches."""
        walk = etree.iterwalk(body, events=("start", "end"))
        for event, element in walk:
            skipped = element.tag in _SKIPPED or element.tag in _EMBEDS
            if event == "start":
                self.open.append(element)
                if skipped:
                    walk.skip_subtree()
                    self._embed(element)
                else:
                    self._begin(element)
                    self._say(element.text)
            else:
                if not skipped:
                    self._end(element)
                self.open.pop()
                self._say(element.tail)
        self._flush()
        known: dict[str, str] = {}  # a picture and its twin for those without scripts tell different addresses first
        for piece in self.done:
            if piece.addresses and not piece.embed:
                first = next((known[one] for one in piece.addresses if one in known), piece.addresses[0])
                known |= {one: known.get(one, first) for one in piece.addresses}
                piece.addresses = tuple(dict.fromkeys((first, *piece.addresses)))
        shown = Counter(piece.addresses[0] for piece in self.done if piece.addresses and not piece.text)
        for piece in self.done:
            piece.loose = piece.loose or (bool(piece.addresses) and shown[piece.addresses[0]] >= _OFTEN)
        return [piece for piece in self.done if piece.text or piece.addresses]

    def _begin(self, element: Any) -> None:
        """An element begins."""
        tag = element.tag
        if tag == "br":
            self.breaks += 1
            if self.breaks == 2 and not self._within("tr") and not self._within("pre"):
                self._flush()
            self._say("\n")
        elif tag in _BLOCKS:
            self._border(tag)
        elif tag in _CELLS:
            self._say("\n")
        elif tag in {"img", "amp-img"}:
            self._picture(element)
        if tag == "table" and _is_data(element):
            self.tables.append(element)

    def _end(self, element: Any) -> None:
        """An element ends."""
        if element.tag in _BLOCKS:
            self._border(element.tag)
        elif element.tag in _CELLS:
            self._say("\n")
        if self.tables and self.tables[-1] is element:
            self.tables.pop()

    def _border(self, tag: str) -> None:
        """A block begins or ends; within a row of data it parts words and no more."""
        if self.tables and tag != "tr" and self._within("tr"):
            self._say("\n")
        else:
            self._flush()

    def _say(self, text: str | None) -> None:
        """Text within the open elements."""
        if not text:
            return
        if text.strip():
            self.breaks, self.last = 0, None
        self.text.append(text)
        if any(element.tag in HOLDERS["code"] for element in self.open):
            self.code.append(text)
        link = next((above for above in reversed(self.open) if above.tag == "a"), None)
        if link is not None:
            if not self.links or self.links[-1][0] is not link:
                self.links.append((link, []))
            self.links[-1][1].append(text)

    def _embed(self, element: Any) -> None:
        """An element that is passed by; addresses of a film, a post, a chart, and of a picture, perhaps again, for want of scripts."""
        if element.tag == "noscript" and self.last is not None:
            self.last.addresses += tuple(told for image in element.iter("img") for told in _addresses(image, self.base))
        elif element.tag == "noscript":  # pictures for want of scripts alone are hidden as a rule, and left open
            found = [tuple(_addresses(image, self.base)) for image in element.iter("img")]
            self.pictures += [Stretch(addresses=told, silent=True, loose=True) for told in found if told]
        if element.tag in _EMBEDS:
            told = [value for part in element.iter() for name, value in part.attrib.items() if name in _LINKING]
            told += [value for name, value in element.attrib.items() if "src" in name or "data" in name]
            self.pictures.append(Stretch(addresses=tuple(_absolute(self.base, value) for value in told), embed=True))

    def _picture(self, image: Any) -> None:
        """An image."""
        sizes = [re.match(r"\d+", image.get(name) or "") for name in ("width", "height")]
        found = tuple(_addresses(image, self.base))
        if all(size is None or int(size[0]) >= _SMALL for size in sizes):
            self.last = Stretch(addresses=found, silent=True, loose=self._unshown())
            self.pictures.append(self.last)

    def _within(self, *tags: str) -> bool:
        """Whether an element of one of these names is open."""
        return any(element.tag in tags for element in self.open)

    def _unshown(self) -> bool:
        """Whether an open element is not shown."""
        return any("hidden" in above.attrib or _UNSHOWN.search(above.get("style") or "") for above in self.open)

    def _flush(self) -> None:
        """A stretch ends."""
        text = squeezed("".join(self.text))
        if text:
            row = bool(self.tables) and self._within("tr")
            made = Stretch(text, (), row or self._within("pre"), self._unshown(), self._within(*_CAPTIONS))
            made.head = self._within("h1")
            words = tokens(text)
            if self._within(*HOLDERS["list items"]):
                made.things["list items"].update(words)
            if row:
                made.things["table cells"].update(words)
            made.boxed = not row and self._within("table")
            code = tokens(" ".join(self.code))
            if not (self._within("pre") and all(word.isdecimal() for word in code)):  # the numbers of lines beside code
                made.things["code"].update(code)
            for link, pieces in self.links:
                address = without_tracking(resolve_wrapped(_absolute(self.base, link.get("href") or "")))
                told = squeezed("".join(pieces))
                if address and told:
                    made.things["links"][address, told] += 1
            self.done.append(made)
        self.done += self.pictures
        self.text, self.code, self.pictures, self.links, self.breaks = [], [], [], [], 0


def _is_data(table: Any) -> bool:
    """Whether a table holds data: no table in it, and rows of two cells and more."""
    if table.get("role") in {"presentation", "none"} or next(table.iterdescendants("table"), None) is not None:
        return False
    return sum(len(row.findall("td")) + len(row.findall("th")) > 1 for row in table.iter("tr")) > 1


# Where scripts find the address of a picture, beside what is called a source.
_PLACES = frozenset(
    """
    data-original data-lazy data-url data-echo data-image data-img data-img-url data-lazyload data-orig-file data-large-file
    data-medium-file data-hi-res
    """.split()
)


def _addresses(image: Any, base: str) -> Iterator[str]:
    """All addresses that an image, or the picture around it, gives, without what only follows readers."""
    above = image.getparent()
    sources = above.findall("source") if above is not None and above.tag == "picture" else []
    for element in (image, *sources):
        for name, value in element.attrib.items():
            yield from (without_tracking(_absolute(base, told)) for told in _told(name, value))


def _told(name: str, value: str) -> Iterator[str]:
    """The addresses in an attribute of an image. Those of a set are parted by how large each is, with or without a space behind."""
    if "srcset" in name:
        parted = re.sub(r"(\s[\d.]+[wxh])\s*,", r"\1 ", value)
        words = (word.rstrip(",") for word in parted.split())
        yield from (word for word in words if word[:5] != "data:" and not re.fullmatch(r"[\d.]+[wxh]|", word))
    elif ("src" in name or name in _PLACES) and value and value[:5] != "data:":
        yield value.strip()


def _absolute(base: str, address: str) -> str:
    """An address made absolute; empty where it is none of the web."""
    try:
        joined = urljoin(base, address.strip())
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://", "mailto:")) and address[:1] not in {"", "#"} else ""

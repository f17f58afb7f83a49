"""str -> blocks and nodes of a plain-text page. Pure.

One block is one non-empty line, or a part of it where a cut (noise inside a line) parts it. Lines are not joined here:
a judge must see what stood on which line; ``assemble`` joins them afterwards. What is recognised is shape alone:
bullets, numbered items, tables drawn with bars or tabs, Markdown headings, and short lines that stand as headings.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cleaner.addresses import TRACKING, resolve_wrapped, without_tracking
from cleaner.datatypes import Block, Cut, Kind, Node, Origin
from cleaner.text import ends_sentence, squeeze, starts_sentence

__all__ = ["parse_plain"]

_LINE = re.compile(r"\r\n|\n|\r")
_BULLET = re.compile(r"^(?:[-*•‣◦▪▸►●○■·+]|\(?\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s")
_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_HASHES = re.compile(r"^(#{1,6})\s+(?=\S)")
_CLOSING_HASHES = re.compile(r"\s+#+$")
_IMAGE = re.compile(r"^!\[([^\]]*)\]\((https?://[^)\s]+)[^)]*\)$")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\(\s*<?([^)\s>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_HEADING_WORDS = 14
_HEADING_CHARS = 100
_FOLLOWS = 60  # characters that a line under a heading has at least


@dataclass(frozen=True, slots=True)
class _Line:
    """A non-empty line: its number, its text without outer space, where that begins, and whether a gap is above."""

    number: int
    text: str
    begin: int
    gap: bool


def parse_plain(
    text: str, *, cuts: tuple[Cut, ...] = (), tracking: Collection[str] = TRACKING
) -> tuple[tuple[Block, ...], tuple[Node, ...]]:
    r"""The blocks of a text, one a line, with ``lines`` 1-based; lines end at LF, CRLF or CR and nowhere else.

    tracking: names of parameters that leave the addresses of links and images.

    >>> blocks, nodes = parse_plain("A headline\n\n- one\n- two\n")
    >>> [(block.kind.value, block.text, block.lines, nodes[block.node].tag) for block in blocks]
    [('paragraph', 'A headline', (1, 1), 'p'), ('item', 'one', (3, 3), 'li'), ('item', 'two', (4, 4), 'li')]
    """
    lines = tuple(_lines(text))
    folded = text.casefold()
    cuts = tuple(cut for cut in cuts if cut.needle in folded)
    builder = _Builder(tracking)
    for index, line in enumerate(lines):
        builder.take(line, _kind(lines, index), cuts)
    return tuple(builder.blocks), tuple(builder.nodes)


def _lines(text: str) -> Iterator[_Line]:
    """The non-empty lines of a text."""
    gap = True
    for number, line in enumerate(_LINE.split(text), 1):
        stripped = line.strip()
        if squeeze(stripped):
            yield _Line(number, stripped, len(line) - len(line.lstrip()), gap)
            gap = False
        elif not stripped:
            gap = True


def _kind(lines: tuple[_Line, ...], index: int) -> Kind:
    """What a line is by its shape and, for headings and numbered items, by its neighbours."""
    text = lines[index].text
    if _is_row(lines, index):
        return Kind.ROW
    if _HASHES.match(text):
        return Kind.HEADING
    if _IMAGE.match(text):
        return Kind.IMAGE
    if _BULLET.match(text) and (not _NUMBER.match(text) or _beside(lines, index, _NUMBER)):
        return Kind.ITEM
    return Kind.HEADING if _is_heading(lines, index) else Kind.PARAGRAPH


def _beside(lines: tuple[_Line, ...], index: int, shape: re.Pattern[str]) -> bool:
    """Whether one of the two next lines on either side has a shape: one numbered line alone is no list."""
    around = (*lines[max(0, index - 2) : index], *lines[index + 1 : index + 3])
    return any(shape.match(line.text) for line in around)


def _is_row(lines: tuple[_Line, ...], index: int) -> bool:
    """Whether a line is a table's row: drawn with bars, or with tabs as a neighbour is too."""
    text = lines[index].text
    if text.startswith("|") and text.count("|") > 1:
        return True
    if "|" in text and _RULE.match(text):
        return True
    tabs = text.count("\t")
    return tabs > 0 and any(
        line.text.count("\t") == tabs for line in lines[max(0, index - 1) : index + 2] if line is not lines[index]
    )


def _is_heading(lines: tuple[_Line, ...], index: int) -> bool:
    """Whether a short line stands over a longer one, where no sentence runs through it."""
    text = lines[index].text
    if index + 1 >= len(lines) or len(text) > _HEADING_CHARS or len(text.split()) > _HEADING_WORDS:
        return False
    below = lines[index + 1]
    if (
        not starts_sentence(text)
        or text[-1] in ",;:"
        or (ends_sentence(text) and text[-1] not in "?…" and not text.endswith("..."))
    ):
        return False
    if (
        index
        and not lines[index].gap
        and not ends_sentence(lines[index - 1].text)
        and len(lines[index - 1].text) > _FOLLOWS
    ):
        return False
    long_below = len(below.text) >= _FOLLOWS and starts_sentence(below.text)
    return index > 0 and (long_below or below.text.startswith("|"))


class _Builder:
    """Collects blocks, and the lists and tables that neighbouring items and rows stand in."""

    def __init__(self, tracking: Collection[str]) -> None:
        self._tracking = tracking
        self.blocks: list[Block] = []
        self.nodes: list[Node] = [Node(-1, "body")]
        self._lists: list[tuple[int, int, int]] = []  # indent, node of the list, node of its last item
        self._table = -1

    def take(self, line: _Line, kind: Kind, cuts: tuple[Cut, ...]) -> None:
        """Add the block or blocks of one line."""
        node = self._node(line, kind)
        parts = _parts(line.text, cuts) if kind in {Kind.PARAGRAPH, Kind.ITEM} else [(0, len(line.text), ())]
        for number, (begin, end, names) in enumerate(parts):
            shown = _shown(line.text[begin:end], kind if number == 0 else Kind.PARAGRAPH)
            whole = len(parts) == 1
            self.blocks.append(
                Block(
                    index=len(self.blocks),
                    kind=kind,
                    text=_plain(line.text[begin:end] if _NUMBER.match(line.text[begin:end]) else shown, kind),
                    markup=_markup(shown, kind, self._tracking),
                    node=node,
                    origin=Origin.TEXT,
                    lines=(line.number, line.number),
                    chars=None if whole else (line.begin + begin, line.begin + end),
                    selected=names,
                    gap=line.gap and number == 0,
                )
            )

    def _node(self, line: _Line, kind: Kind) -> int:
        """The node for a line's own element, with its list or table made or found."""
        if kind is not Kind.ITEM:
            self._lists.clear()
        if kind is not Kind.ROW:
            self._table = -1
        if kind is Kind.ITEM:
            return self._add(self._list(line), "li", last=True)
        if kind is Kind.ROW:
            if self._table < 0:
                self._table = self._add(0, "table")
            return self._add(self._table, "tr")
        if kind is Kind.HEADING:
            hashes = _HASHES.match(line.text)
            return self._add(0, f"h{max(2, len(hashes[1]))}" if hashes else "h2")
        return self._add(0, "img" if kind is Kind.IMAGE else "p")

    def _list(self, line: _Line) -> int:
        """The list that an item of this indent belongs to: the open one, one nested in it, or one around it."""
        while len(self._lists) > 1 and line.begin < self._lists[-1][0]:
            self._lists.pop()
        if not self._lists or line.begin > self._lists[-1][0] + 1:
            parent = self._lists[-1][2] if self._lists else 0
            made = self._add(parent, "ol" if _NUMBER.match(line.text) else "ul")
            self._lists.append((line.begin, made, made))
        return self._lists[-1][1]

    def _add(self, parent: int, tag: str, *, last: bool = False) -> int:
        """A new node; ``last`` notes it as the open list's newest item, under which a deeper list would go."""
        self.nodes.append(Node(parent, tag))
        made = len(self.nodes) - 1
        if last:
            indent, of, _ = self._lists[-1]
            self._lists[-1] = (indent, of, made)
        return made


def _parts(text: str, cuts: tuple[Cut, ...]) -> list[tuple[int, int, tuple[str, ...]]]:
    """The line in parts: what a cut hits, and what is left between the hits. Earlier cuts win where two overlap."""
    hits: list[tuple[int, int, tuple[str, ...]]] = []
    if not cuts:
        return [(0, len(text), ())]
    folded = text.casefold()
    for cut in cuts:
        if cut.needle not in folded:
            continue
        for hit in _compiled(cut.pattern).finditer(text):
            if hit.start() < hit.end() and all(hit.end() <= b or hit.start() >= e for b, e, _ in hits):
                hits.append((hit.start(), hit.end(), (cut.name,)))
    parts: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    for begin, end, names in [*sorted(hits), (len(text), len(text), ())]:
        if text[at:begin].strip():
            parts.append((at, begin, ()))
        if end > begin:
            parts.append((begin, end, names))
        at = end
    return parts


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A cut's pattern, compiled once."""
    return re.compile(pattern, re.IGNORECASE)


def _shown(text: str, kind: Kind) -> str:
    """The part of a line that people read: without its bullet or hashes."""
    if kind is Kind.ITEM:
        return _BULLET.sub("", text)
    if kind is Kind.HEADING:
        return _CLOSING_HASHES.sub("", _HASHES.sub("", text))
    return text.strip()


def _cells(text: str) -> list[str]:
    """The cells of a row; none for the rule under a table's head."""
    if _RULE.match(text):
        return []
    return [squeeze(cell) for cell in (text.strip().strip("|").split("|") if "|" in text else text.split("\t"))]


def _plain(text: str, kind: Kind) -> str:
    """The block's text: Markdown's links and stars read, everything else as it stands."""
    if kind is Kind.ROW:
        return " | ".join(_cells(text))
    if kind is Kind.IMAGE and (image := _IMAGE.match(text)):
        return squeeze(image[1])
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    return squeeze(_STRONG.sub(r"\1", text) if "**" in text else text)


def _markup(text: str, kind: Kind, tracking: Collection[str]) -> str:
    """The block as inline HTML."""
    if kind is Kind.ROW:
        return "".join(f"<td>{html.escape(cell, quote=False)}</td>" for cell in _cells(text))
    if kind is Kind.IMAGE and (image := _IMAGE.match(text)):
        return f'<img src="{html.escape(without_tracking(image[2], tracking))}" alt="{html.escape(image[1])}">'
    shown = html.escape(squeeze(text), quote=False)
    if "[" in shown:
        shown = _LINK.sub(lambda link: _anchor(link, tracking), shown)
    return _STRONG.sub(r"<strong>\1</strong>", shown) if "**" in shown else shown


def _anchor(link: re.Match[str], tracking: Collection[str]) -> str:
    """A Markdown link as HTML; one without an absolute address is its text alone."""
    address = html.unescape(link[2])
    if link[0].startswith("!") or not address.startswith(("http://", "https://", "mailto:")):
        return link[1]
    return f'<a href="{html.escape(without_tracking(resolve_wrapped(address), tracking))}">{link[1]}</a>'

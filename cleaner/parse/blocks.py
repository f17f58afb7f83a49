"""Events of a walk over a page -> blocks and nodes. Pure; lives in one parse.

Text gathers until a block element begins or ends; then it becomes a block. Inline elements that are open at that
moment are closed in the block's markup and opened again in the next one. Elements become nodes only when a block
stands in them, parents before children. Text and attributes come in as Lexbor writes them (``attributes``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection

from cleaner.addresses import TRACKING, resolve_wrapped, without_tracking
from cleaner.datatypes import Block, Kind, Node, Origin
from cleaner.parse.addresses import absolute
from cleaner.parse.attributes import read_words, unescape
from cleaner.text import squeeze

__all__ = ["Builder"]

_SPACE = re.compile(r"[ \t\r\n\f]+")
_SPAN = re.compile(r' (?:col|row)span="[1-9][0-9]?"')  # as sanitising lets it through
_CELLS = frozenset({"td", "th"})
_COUNTED = frozenset({"table", "tr", "pre"})
_MEDIA = {Kind.IMAGE: "img", Kind.EMBED: "iframe"}
# What a block in an element is; elements that are not named leave it to the one around them.
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Kind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), Kind.ITEM),
    **dict.fromkeys(("figcaption", "caption"), Kind.CAPTION),
    **dict.fromkeys(("article", "section", "td", "nav", "aside", "blockquote", "figure"), Kind.PARAGRAPH),
    "tr": Kind.ROW,
    "pre": Kind.CODE,
}


class Builder:
    """Gathers text, and makes blocks of it."""

    def __init__(self, base: str | None, tracking: Collection[str] = TRACKING) -> None:
        self.base, self.tracking = base, tracking
        self.origin = Origin.DOM
        self.blocks: list[Block] = []
        self.nodes: list[Node] = [Node(-1, "body")]
        self._stack: list[tuple[str, str]] = []  # tag and attributes of each open element
        self._kinds: list[Kind] = [Kind.PARAGRAPH]  # what a block in it is; the root's first
        self._made: list[int] = []  # node of each element on the stack, as far as made
        self._names: list[str] = []  # selectors that hold
        self._tables = self._rows = self._pres = self._links = 0  # how many are open
        self._marking: list[tuple[str, str]] = []  # opening and closing markup of open inline elements
        self._anchors: dict[str, str] = {}  # opening markup by the address as written
        self._words: dict[str, tuple[str, ...]] = {"": ()}  # of elements by their attributes as written
        self._text: list[str] = []
        self._markup: list[str] = []
        self._link_chars = 0
        self._pending: list[tuple[Kind, str, str, tuple[str, ...]]] = []  # media, with selectors that hit them alone
        self._breaks = 0

    # ------------------------------------------------------------------------------------------------------ events

    def open(self, tag: str, raw: str, selected: tuple[str, ...] = ()) -> Callable[[], None]:
        """A block element begins; what is to be called when it ends."""
        closing = self._close
        if not self._rows:
            if self._text or self._markup or self._pending:
                self.part()
            self._breaks = 0
        elif tag in _CELLS:
            self._cell(tag, raw)
            closing = self._close_cell
        else:
            self._line()
            closing = self._close_in_cell
        self._stack.append((tag, raw))
        self._kinds.append(_KINDS.get(tag) or self._kinds[-1])
        if tag in _COUNTED:
            self._count(tag, 1)
            closing = self._close_counted
        return self._select(selected, closing) if selected else closing

    def open_link(self, address: str) -> Callable[[], None]:
        """A link begins; one without a usable address is text alone, though its words count as linked."""
        opening = self._anchors.get(address)
        if opening is None:
            target = absolute(self.base, unescape(address))
            shown = html.escape(without_tracking(resolve_wrapped(target), self.tracking)) if target else ""
            opening = self._anchors[address] = f'<a href="{shown}">' if shown else ""
        self._links += 1
        self._begin(opening, "</a>" if opening else "")
        return self._close_link

    def open_inline(self, tag: str) -> Callable[[], None]:
        """An inline element begins; what is to be called when it ends. Code in code is code already."""
        if tag == "code" and self._pres:
            self._begin("", "")
        else:
            self._begin(f"<{tag}>", f"</{tag}>")
        return self._close_inline

    def text(self, raw: str) -> None:
        """Text as Lexbor writes it."""
        if raw.isspace():
            if not self._pres and not raw.strip(" \t\r\n\f"):
                if not self._text:
                    return
                raw = " "
        else:
            self._breaks = 0
        plain = unescape(raw) if "&" in raw else raw
        self._text.append(plain)
        self._markup.append(raw)
        if self._links:
            self._link_chars += len((plain if self._pres else _even(plain)).strip())

    def line_break(self, *, hard: bool) -> None:
        """A <br> (two of them part paragraphs) or, hard, an <hr> or an empty block element."""
        self._breaks += 1
        if self._pres:
            self.text("\n")
        elif (hard or self._breaks >= 2) and not self._rows:
            self.part()
        elif self._text:
            self._text.append(" ")
            self._markup.append("<br>")

    def image(self, alt: str, markup: str, selected: tuple[str, ...] = ()) -> None:
        """An image: a block of its own behind the text it stands in."""
        self._pending.append((Kind.IMAGE, alt, markup, selected))

    def embed(self, title: str, markup: str, selected: tuple[str, ...] = ()) -> None:
        """A video, post or chart, made a titled link: a block of its own behind the text it stands in."""
        self._pending.append((Kind.EMBED, title, markup, selected))

    def select(self, names: tuple[str, ...]) -> None:
        """Selectors hold for all that comes."""
        self._names.extend(names)

    def part(self) -> None:
        """End the block that is being gathered, if one is."""
        if self._text or self._pending:
            self._flush()
        elif self._markup:
            self._restart()
        self._breaks = 0

    # ------------------------------------------------------------------------------------------------------- state

    def in_table(self) -> bool:
        """Whether a table of data is open."""
        return self._tables > 0

    def _count(self, tag: str, by: int) -> None:
        """Note that an element which others ask for begins or ends."""
        if tag == "tr":
            self._rows += by
        elif tag == "pre":
            self._pres += by
        else:
            self._tables += by

    # -------------------------------------------------------------------------------------------- ends of elements

    def _close(self) -> None:
        """A block element ends."""
        if self._text or self._markup or self._pending:
            self.part()
        self._breaks = 0
        self._stack.pop()
        self._kinds.pop()
        if len(self._made) > len(self._stack):
            self._made.pop()

    def _close_within(self) -> None:
        """An element ends in a row of data, which takes up all that stands in it."""
        self._stack.pop()
        self._kinds.pop()
        if len(self._made) > len(self._stack):
            self._made.pop()

    def _close_in_cell(self) -> None:
        """A block element in a cell ends."""
        self._line()
        self._close_within()

    def _line(self) -> None:
        """A line ends in a cell, where one is: blocks there stand below one another, and their words are no one word."""
        while self._markup and self._markup[-1].isspace():
            self._markup.pop()
        if self._markup and (self._markup[-1][0] != "<" or self._markup[-1][1] == "/"):
            self._text.append(" ")
            self._markup.append("<br>")

    def _close_cell(self) -> None:
        """A cell of data ends."""
        while self._markup and (self._markup[-1] == "<br>" or self._markup[-1].isspace()):
            self._markup.pop()
        self._markup.append(f"</{self._stack[-1][0]}>")
        self._close_within()

    def _close_counted(self) -> None:
        """A table, a row or preformatted text ends."""
        tag = self._stack[-1][0]
        if tag == "tr" or not self._rows:
            self.part()
        self._close_within()
        self._count(tag, -1)

    def _select(self, names: tuple[str, ...], closing: Callable[[], None]) -> Callable[[], None]:
        """The selectors of an element hold; its end, which ends that too."""
        self._names.extend(names)

        def close() -> None:
            closing()
            del self._names[-len(names) :]

        return close

    def _close_inline(self) -> None:
        """The innermost inline element ends."""
        if closing := self._marking.pop()[1]:
            self._markup.append(closing)

    def _close_link(self) -> None:
        """The innermost inline element, a link, ends."""
        self._links -= 1
        self._close_inline()

    # ------------------------------------------------------------------------------------------------------ blocks

    def _begin(self, opening: str, closing: str) -> None:
        """Open inline markup."""
        self._marking.append((opening, closing))
        if opening:
            self._markup.append(opening)

    def _cell(self, tag: str, raw: str) -> None:
        """A cell begins: in the row's text cells are parted by a bar."""
        if "".join(self._text).strip():
            self._text.append(" | ")
        self._markup.append(f"<{tag}{''.join(_SPAN.findall(raw))}>")

    def _flush(self) -> None:
        """Make blocks of what was gathered: the text first, then the media in it."""
        text = "".join(self._text) if len(self._text) != 1 else self._text[0]
        text = text.strip("\n") if self._pres else squeeze(text)
        if text and not text.isspace():
            markup = text if self._markup == [text] and not self._pres else self._closed_markup()
            self._add(self._kinds[-1], text, markup, min(self._link_chars, len(text)))
        self._text.clear()
        self._restart()
        self._link_chars = 0
        for kind, words, markup, selected in self._pending:
            self._stack.append((_MEDIA[kind], ""))
            self._add(kind, squeeze(words), markup, 0, selected)
            self._stack.pop()
            self._made.pop()
        self._pending.clear()

    def _restart(self) -> None:
        """Begin new markup, in the inline elements that are open."""
        self._markup.clear()
        if self._marking:
            self._markup.extend([opening for opening, _ in self._marking if opening])

    def _closed_markup(self) -> str:
        """The gathered markup with its open inline elements closed; a row is closed by its cells."""
        markup = "".join(self._markup) if len(self._markup) != 1 else self._markup[0]
        if not self._pres:
            markup = _even(markup)
        if not self._marking:
            return markup.strip()
        return markup.strip() + "".join([closing for _, closing in reversed(self._marking)])

    def _add(self, kind: Kind, text: str, markup: str, link_chars: int, selected: tuple[str, ...] = ()) -> None:
        """Write a block in the innermost element. selected: names of selectors beside those of the elements around it."""
        if self._names:
            selected = tuple(dict.fromkeys((*self._names, *selected)))
        self.blocks.append(
            Block(len(self.blocks), kind, text, markup, self._node(), self.origin, None, None, selected, link_chars)
        )

    def _node(self) -> int:
        """The node of the innermost element; it and those around it are made where they were not yet."""
        made, nodes, known = self._made, self.nodes, self._words
        last = made[-1] if made else 0
        for tag, raw in self._stack[len(made) :]:
            words = known.get(raw)
            if words is None:
                words = known[raw] = read_words(raw)
            nodes.append(Node(last, tag, words))
            last = len(nodes) - 1
            made.append(last)
        return last


def _even(text: str) -> str:
    """The text with every run of ASCII white space as one space."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACE.sub(" ", text)
    return text

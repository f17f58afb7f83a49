"""Events of a walk over a tree -> blocks and nodes. Pure; lives in one parse.

Text gathers until a block element begins or ends; then it becomes a block. Inline elements that are open at that
moment are closed in the block's markup and opened again in the next one. Elements become nodes only when a block
stands in them, parents before children.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

from cleaner.datatypes import Block, Kind, Node, Origin
from cleaner.text import squeeze

__all__ = ["Builder", "absolute"]

_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ITEMS = frozenset({"li", "dt", "dd"})


def absolute(base: str | None, address: str | None) -> str | None:
    """An address made absolute, or None where it is empty, broken, or not of the web."""
    address = _SPACE.sub("", (address or "").strip()) if address else ""
    if not address or address.startswith("#"):
        return None
    try:
        joined = urljoin(base or "", address)
        parts = urlsplit(joined)
    except ValueError:
        return None
    if parts.scheme == "mailto":
        return joined
    return joined if parts.scheme in {"http", "https"} and parts.hostname else None


class Builder:
    """Gathers text, and makes blocks of it."""

    def __init__(self, base: str | None, selected: dict[int, tuple[str, ...]]) -> None:
        self.base, self.selected = base, selected
        self.origin = Origin.DOM
        self.blocks: list[Block] = []
        self.nodes: list[Node] = [Node(-1, "body")]
        self._stack: list[tuple[str, tuple[str, ...]]] = []
        self._open: Counter[str] = Counter()  # how many elements of each tag are open
        self._made: list[int] = []  # node of each element on the stack, as far as made
        self._names: list[str] = []  # selectors that hold
        self._hold: list[int] = []  # how many of them each element on the stack brought
        self._inline: list[tuple[str, str]] = []  # tag, and its opening markup
        self._text: list[str] = []
        self._markup: list[str] = []
        self._link_chars = 0
        self._pending: list[tuple[Kind, str, str]] = []
        self._breaks = 0

    # ------------------------------------------------------------------------------------------------------ events

    def open(self, tag: str, words: tuple[str, ...], selected: tuple[str, ...]) -> None:
        """A block element begins."""
        if tag in {"td", "th"} and self.in_row():
            self._cell(tag)
        elif not self.in_row():
            self.flush()
        self._stack.append((tag, words))
        self._open[tag] += 1
        self._names.extend(selected)
        self._hold.append(len(selected))

    def close(self) -> None:
        """The innermost block element ends."""
        tag = self._stack[-1][0]
        if tag in {"td", "th"} and self.in_row():
            self._markup.append(f"</{tag}>")
        elif tag == "tr" or not self.in_row():
            self.flush()
        self._stack.pop()
        self._open[tag] -= 1
        del self._made[len(self._stack) :]
        if held := self._hold.pop():
            del self._names[-held:]

    def open_inline(self, tag: str, address: str | None) -> None:
        """An inline element begins; a link without a usable address is text alone, though its words count as linked."""
        target = absolute(self.base, address) if tag == "a" else None
        needless = tag == "a" or (tag == "code" and self._in("pre"))
        opening = f'<a href="{html.escape(target)}">' if target else "" if needless else f"<{tag}>"
        self._inline.append((tag, opening))
        self._markup.append(opening)

    def close_inline(self) -> None:
        """The innermost inline element ends."""
        tag, opening = self._inline.pop()
        if opening:
            self._markup.append(f"</{tag}>")

    def text(self, text: str) -> None:
        """Text as it stands in the tree."""
        shown = text if self._in("pre") else _SPACE.sub(" ", text)
        if not shown or (shown == " " and not self._text):
            return
        if shown.strip():
            self._breaks = 0
        self._text.append(shown)
        self._markup.append(html.escape(shown, quote=False))
        if any(tag == "a" for tag, _ in self._inline):
            self._link_chars += len(shown.strip())

    def line_break(self, *, hard: bool, soft: bool) -> None:
        """A <br> (two of them part paragraphs), an <hr> (hard) or a <wbr> (soft, which shows nothing)."""
        if soft:
            return
        self._breaks += 1
        if self._in("pre"):
            self.text("\n")
        elif (hard or self._breaks >= 2) and not self.in_row():
            self.flush()
        elif self._text:
            self._text.append(" ")
            self._markup.append("<br>")

    def image(self, alt: str, markup: str) -> None:
        """An image: a block of its own behind the text it stands in."""
        self._pending.append((Kind.IMAGE, alt, markup))

    def embed(self, title: str, markup: str) -> None:
        """A video, post or chart, made a titled link: a block of its own behind the text it stands in."""
        self._pending.append((Kind.EMBED, title, markup))

    def flush(self) -> None:
        """End the block that is being gathered."""
        if not self._text and not self._pending:
            self._markup[:] = [opening for _, opening in self._inline]
            self._breaks = 0
            return
        text = "".join(self._text)
        shown = text.strip("\n") if self._in("pre") else squeeze(text)
        if shown.strip():
            self._add(self._kind(), shown, self._closed_markup())
        self._text.clear()
        self._markup[:] = [opening for _, opening in self._inline]
        self._link_chars = 0
        self._breaks = 0
        for kind, words, markup in self._pending:
            self._stack.append(("img" if kind is Kind.IMAGE else "iframe", ()))
            self._add(kind, squeeze(words), markup)
            self._stack.pop()
            del self._made[len(self._stack) :]
        self._pending.clear()

    # ------------------------------------------------------------------------------------------------------- state

    def in_table(self) -> bool:
        """Whether a table of data is open."""
        return self._in("table")

    def in_row(self) -> bool:
        """Whether a row of a table of data is open, which takes up all that stands in it."""
        return self._in("tr")

    def _in(self, tag: str) -> bool:
        """Whether an element of this tag is open."""
        return self._open[tag] > 0

    def _cell(self, tag: str) -> None:
        """A cell begins: in the row's text cells are parted by a bar."""
        if "".join(self._text).strip():
            self._text.append(" | ")
        self._markup.append(f"<{tag}>")

    def _closed_markup(self) -> str:
        """The gathered markup with its open inline elements closed; a row is closed by its cells."""
        closing = "".join(f"</{tag}>" for tag, opening in reversed(self._inline) if opening)
        return "".join(self._markup).strip() + closing

    def _kind(self) -> Kind:
        """What a block in the innermost element is."""
        for tag, _ in reversed(self._stack):
            if tag in _HEADINGS:
                return Kind.HEADING
            if tag == "tr":
                return Kind.ROW
            if tag == "pre":
                return Kind.CODE
            if tag in {"figcaption", "caption"}:
                return Kind.CAPTION
            if tag in _ITEMS:
                return Kind.ITEM
            if tag in {"body", "article", "section", "td", "nav", "aside", "blockquote", "figure"}:
                break
        return Kind.PARAGRAPH

    def _add(self, kind: Kind, text: str, markup: str) -> None:
        """Write a block in the innermost element."""
        self.blocks.append(
            Block(
                index=len(self.blocks),
                kind=kind,
                text=text,
                markup=markup,
                node=self._node(),
                origin=self.origin,
                selected=tuple(dict.fromkeys(self._names)),
                link_chars=min(self._link_chars, len(text)) if kind not in {Kind.IMAGE, Kind.EMBED} else 0,
            )
        )

    def _node(self) -> int:
        """The node of the innermost element; it and those around it are made where they were not yet."""
        while len(self._made) < len(self._stack):
            tag, words = self._stack[len(self._made)]
            self.nodes.append(Node(self._made[-1] if self._made else 0, tag, words))
            self._made.append(len(self.nodes) - 1)
        return self._made[-1] if self._made else 0

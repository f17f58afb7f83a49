"""LabelledPage -> Article. Pure. Keeps the blocks labelled body, in page order, and renders them.

Lines of a text page are joined into paragraphs here, after labelling. Images and embeds inside the kept stretch come
along with their captions in the HTML, not in the text. The very last step makes the HTML safe (``markup``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from cleaner.datatypes import Article, Block, Kind, Label, LabelledPage, Node, Origin, Page
from cleaner.markup import is_right_to_left, sanitise
from cleaner.text import continues, sentences, words

__all__ = ["assemble_article"]

_STRUCTURE = frozenset({"ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "blockquote", "figure", "pre"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_ELEMENTS = frozenset({"li", "dt", "dd", "figure"})  # a text alone in one of these needs no element of its own
_LINES = frozenset({Kind.PARAGRAPH, Kind.ITEM})
_SILENT = frozenset({Kind.IMAGE, Kind.EMBED})
_PARAGRAPH_WORDS = 70  # a sentence-a-line page gets a new paragraph at the first line after so many words
_OWN = re.compile(r"^<(p|h[2-6]|figcaption|caption)>")

_Part = tuple[Block, str, str]  # first block, text, markup


def assemble_article(labelled: LabelledPage) -> Article:
    """The article of a labelled page: indices of the kept blocks, text and safe HTML; its title is for ``enrich`` to weigh."""
    page = labelled.page
    kept = [index for index, verdict in enumerate(labelled.verdicts) if verdict.label is Label.BODY]
    spoken = [page.blocks[index] for index in kept if page.blocks[index].kind not in _SILENT]
    mended = frozenset(_mended(labelled, kept))
    parts = tuple(_join(spoken, mended))
    text = "\n\n".join(_stack(parts))
    shown = [page.blocks[index] for index in _shown(labelled, kept)]
    markup = "".join(_render(page, tuple(_join(shown, mended)), leftward=is_right_to_left(text)))
    return Article("", tuple(kept), text, sanitise(markup))


def _shown(labelled: LabelledPage, kept: Sequence[int]) -> Iterator[int]:
    """The kept blocks, and the captions that stand among them on their page (those of a page's DOM only)."""
    blocks = labelled.page.blocks
    for page, own in groupby(kept, key=lambda index: blocks[index].page):
        stretch = tuple(own)
        for index in range(stretch[0], min(stretch[-1] + 2, len(blocks))):
            block, label = blocks[index], labelled.verdicts[index].label
            if label is Label.BODY or (
                label is Label.CAPTION
                and block.origin is Origin.DOM
                and block.page == page
                and _explains(labelled.page, block)
            ):
                yield index


def _explains(page: Page, block: Block) -> bool:
    """Whether a caption stands in a figure or a table of data, so that it has something to explain."""
    tags = {page.nodes[node].tag for node in _ancestors(page.nodes, block.node)}
    return "figure" in tags or {"table", "caption"} <= tags


def _ancestors(nodes: Sequence[Node], node: int) -> Iterator[int]:
    """A node and those around it, innermost first."""
    while node >= 0:
        yield node
        node = nodes[node].parent


# ------------------------------------------------------------------------------------------------- lines to paragraphs


def _mended(labelled: LabelledPage, kept: Sequence[int]) -> Iterator[int]:
    """The kept blocks that go on with the paragraph of the one before, of which a site's rule took words out of the middle."""
    blocks, nodes = labelled.page.blocks, labelled.page.nodes
    for before, index in pairwise(kept):
        between = range(before + 1, index)
        if not between or blocks[index].node != blocks[before].node or blocks[index].kind in _SILENT:
            continue
        if all(_is_line_of(nodes, blocks[gone].node, blocks[index].node) for gone in between):
            yield index


def _is_line_of(nodes: Sequence[Node], inner: int, node: int) -> bool:
    """Whether an element marks words in a line of another: the parser calls ``span`` whatever does and was hit by a rule."""
    while nodes[inner].tag == "span" and inner != node:
        inner = nodes[inner].parent
        if inner == node:
            return True
    return False


def _join(blocks: Sequence[Block], mended: frozenset[int]) -> Iterator[_Part]:
    """Blocks with the lines that belong to one paragraph joined. mended: blocks that go on with what was parted by a rule."""
    by_sentence = _is_sentence_a_line(blocks)
    open_part: _Part | None = None
    last: Block | None = None
    for block in blocks:
        if (
            open_part is not None
            and last is not None
            and (block.index in mended or _belongs(last, block, open_part[1], by_sentence=by_sentence))
        ):
            open_part = (open_part[0], _glue(open_part[1], block.text), _glue(open_part[2], block.markup))
        else:
            if open_part is not None:
                yield open_part
            open_part = (block, block.text, block.markup)
        last = block
    if open_part is not None:
        yield open_part


def _glue(before: str, after: str) -> str:
    """Two pieces as one text, without a space before a stop or behind an opening bracket."""
    return f"{before}{after}" if after[:1] in ",.;:!?)%’”»" or before[-1:] in "(“«" else f"{before} {after}"


def _belongs(last: Block, block: Block, so_far: str, *, by_sentence: bool) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if block.origin is not Origin.TEXT or last.origin is not Origin.TEXT:
        return False
    if last.lines == block.lines and block.chars is not None:
        return True
    if block.kind is not Kind.PARAGRAPH or last.kind not in {Kind.PARAGRAPH, Kind.ITEM} or block.gap:
        return False
    if continues(last.text, block.text):
        return True
    return by_sentence and last.kind is Kind.PARAGRAPH and len(words(so_far)) < _PARAGRAPH_WORDS


def _is_sentence_a_line(blocks: Sequence[Block]) -> bool:
    """Whether a page was printed one sentence a line: nearly every line is one, and no blank line parts them."""
    lines = [block for block in blocks if block.origin is Origin.TEXT and block.kind is Kind.PARAGRAPH]
    if len(lines) < 6 or sum(block.gap for block in lines) > 0.1 * len(lines):
        return False
    single = len(lines)
    for block in lines:
        single -= not _is_sentence(block.text)
        if single < 0.85 * len(lines):
            return False
    return True


def _is_sentence(text: str) -> bool:
    """Whether a text is one sentence, and no more."""
    found = sentences(text)
    return next(found, None) is not None and next(found, None) is None


def _stack(parts: Sequence[_Part]) -> Iterator[str]:
    """The parts as paragraphs of text: rows and items of one list stand together, on lines of their own."""
    run: list[str] = []
    for (block, text, _), after in pairwise((*parts, None)):  # type: ignore[misc]
        if text:
            run.append(text)
        together = after is not None and block.kind in {Kind.ROW, Kind.ITEM} and after[0].kind is block.kind
        if run and not together:
            yield "\n".join(run)
            run = []


# --------------------------------------------------------------------------------------------------------- to HTML


def _render(page: Page, parts: Sequence[_Part], *, leftward: bool) -> Iterator[str]:
    """The parts as HTML: each block's structural elements are opened and closed as they change from block to block.

    leftward: whether the article as a whole runs from right to left; a paragraph or heading that runs otherwise says so.
    """
    path: tuple[int, ...] = ()
    known: dict[int, tuple[int, ...]] = {}
    paths = [_path(page.nodes, block.node, known) for block, _, _ in parts]
    held = Counter(mine[-1] for mine, (block, _, _) in zip(paths, parts, strict=True) if mine and block.kind in _LINES)
    for (block, text, markup), mine in zip(parts, paths, strict=True):
        common = sum(1 for _ in _common(path, mine))
        yield from (f"</{page.nodes[node].tag}>" for node in reversed(path[common:]))
        yield from (f"<{page.nodes[node].tag}>" for node in mine[common:])
        if mine == path and block.kind is Kind.CODE:
            yield "\n"
        inner = _inner(page.nodes, block, markup, mine, alone=not mine or held[mine[-1]] < 2)
        yield _directed(inner, text, leftward=leftward)
        path = mine
    yield from (f"</{page.nodes[node].tag}>" for node in reversed(path))


def _path(nodes: Sequence[Node], node: int, known: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    """The structural elements down to one, outermost first; known: the paths of elements, which grow."""
    way = []
    while node >= 0 and node not in known:
        way.append(node)
        node = nodes[node].parent
    path = known.get(node, ())
    for inner in reversed(way):
        path = known[inner] = (*path, inner) if nodes[inner].tag in _STRUCTURE else path
    return path


def _common(one: Sequence[int], other: Sequence[int]) -> Iterator[int]:
    """The elements that two paths share from the start."""
    for a, b in zip(one, other, strict=False):
        if a != b:
            return
        yield a


def _inner(nodes: Sequence[Node], block: Block, markup: str, path: Sequence[int], *, alone: bool) -> str:
    """A block's own element with its markup; in an item, row or figure the element is that.

    alone: whether no other text stands directly in the innermost element of the path; several are paragraphs there.
    """
    tag = nodes[block.node].tag
    innermost = nodes[path[-1]].tag if path else ""
    if block.kind is Kind.HEADING:
        level = tag if tag in _HEADINGS else "h2"
        return f"<{level}>{markup}</{level}>"
    if block.kind is Kind.CAPTION and innermost == "figure":
        return f"<figcaption>{markup}</figcaption>"
    if block.kind is Kind.CAPTION and innermost == "table":
        return f"<caption>{markup}</caption>"
    if block.kind in _SILENT and innermost == "tr":
        return f"<td>{markup}</td>"
    if block.kind is Kind.CODE and innermost == "pre":
        return f"<code>{markup}</code>"
    if block.kind is Kind.ROW or innermost == "pre" or (innermost in _ELEMENTS and (alone or block.kind in _SILENT)):
        return markup
    return f"<p>{markup}</p>"


def _directed(markup: str, text: str, *, leftward: bool) -> str:
    """A block's own element, which says which way its words run where that is not the way of the article."""
    if is_right_to_left(text) is leftward or not any(map(str.isalpha, text)):
        return markup
    return _OWN.sub(rf'<\1 dir="{"ltr" if leftward else "rtl"}">', markup, count=1)

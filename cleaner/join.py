"""The labelled pages of an article -> one LabelledPage. Pure.

Each page was parsed and judged by itself. What pages repeat, such as title, byline, deck and introduction, is kept once: a
copy becomes an excerpt, with ``context:on-an-earlier-page`` as its reason, so that nothing is lost and all is explained.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cleaner.datatypes import Block, Judge, Kind, Label, LabelledPage, Node, Verdict
from cleaner.text import ends_sentence, words

__all__ = ["gives_text", "join_pages"]

_SHOWN = frozenset({Kind.IMAGE, Kind.EMBED})
_NO_PROSE = frozenset({Kind.ROW, Kind.CODE})
_OFTEN_ALIKE = frozenset({Kind.HEADING, Kind.ROW, Kind.CODE})  # "Our verdict", a table's head: each page has its own
_LEAST = 6  # words of a paragraph that does not stand on two pages by chance
_SURE = 0.9

_Print = tuple[str, ...]


def join_pages(pages: Sequence[tuple[int, LabelledPage]]) -> LabelledPage:
    """One labelled page made of an article's pages, each with its number, in order; the first one is the first page.

    Blocks and nodes are numbered anew. Address, claims and whether it is an article are those of the first page, the
    confidence is the lowest of all. The notes of further pages begin with their number.
    """
    first = pages[0][1]
    blocks: list[Block] = []
    nodes: list[Node] = []
    verdicts: list[Verdict] = []
    notes = list(first.notes)
    known: set[_Print] = set()
    for number, labelled in pages:
        own = tuple(_once(labelled, known))
        known |= _told(labelled)
        verdicts += own
        blocks += [
            replace(block, index=len(blocks) + at, node=block.node + len(nodes) if block.node >= 0 else -1, page=number)
            for at, block in enumerate(labelled.page.blocks)
        ]
        nodes += [
            replace(node, parent=node.parent + len(nodes)) if node.parent >= 0 else node for node in labelled.page.nodes
        ]
        if labelled is not first:
            notes += [f"page {number}: {note}" for note in labelled.notes]
    return replace(
        first,
        page=replace(first.page, blocks=tuple(blocks), nodes=tuple(nodes)),
        verdicts=tuple(verdicts),
        confidence=min(labelled.confidence for _, labelled in pages),
        notes=tuple(notes),
    )


def gives_text(labelled: LabelledPage) -> bool:
    """Whether a page has some of an article's text, whatever it is as a whole: a sentence, a row, code; not teasers alone."""
    pairs = zip(labelled.page.blocks, labelled.verdicts, strict=True)
    return any(verdict.label is Label.BODY and _is_text(block) for block, verdict in pairs)


def _is_text(block: Block) -> bool:
    """Whether a block is more than a name, a heading or a link."""
    if block.kind in _SHOWN:
        return False
    return block.kind in _NO_PROSE or (ends_sentence(block.text) and 2 * block.link_chars < len(block.text))


def _told(labelled: LabelledPage) -> set[_Print]:
    """What a page tells of its article, and what it repeats of other pages."""
    pairs = zip(labelled.page.blocks, labelled.verdicts, strict=True)
    return {_print(block) for block, verdict in pairs if verdict.label.used or verdict.label is Label.EXCERPT}


def _once(labelled: LabelledPage, known: set[_Print]) -> Iterator[Verdict]:
    """The verdicts of a page, its copies of what earlier pages tell made excerpts. known: what those tell.

    Above a page's own text any copy counts. Further down short texts and headings of the same words are no copies.
    """
    above = True
    for block, verdict in zip(labelled.page.blocks, labelled.verdicts, strict=True):
        if verdict.label.used and _print(block) in known and (above or _is_distinct(block, verdict)):
            yield Verdict(Label.EXCERPT, Judge.CONTEXT, "context:on-an-earlier-page", _SURE, verdict)
            continue
        if verdict.label is Label.BODY and block.kind not in _SHOWN:
            above = False
        yield verdict


def _is_distinct(block: Block, verdict: Verdict) -> bool:
    """Whether a block that stands on an earlier page too cannot be a text of its own that has the same words."""
    if verdict.label is not Label.BODY or block.kind in _SHOWN:
        return True
    return block.kind not in _OFTEN_ALIKE and len(words(block.text)) >= _LEAST


def _print(block: Block) -> _Print:
    """What makes two blocks the same: their words; of pictures and of texts without a word all that there is."""
    if block.kind in _SHOWN:
        return ("", block.markup)
    return tuple(words(block.text)) or ("", block.text)

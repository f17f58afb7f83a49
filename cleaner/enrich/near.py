"""Labelled page -> the blocks that stand where an article's byline and date stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.datatypes import Block, Label, LabelledPage

__all__ = ["head_of", "near"]

_BEFORE = 12  # blocks before the text in which its headline may stand where none is labelled
_STRAY = 0.3  # share of the text that may stand above the headline by mistake
_INTO = 6  # blocks into the text
_ABOVE = 8  # blocks above the headline
_BEHIND = 4  # blocks behind the text


def head_of(labelled: LabelledPage) -> range:
    """The blocks from the headline to a few into the text: what stands there is told of the article."""
    verdicts = labelled.verdicts
    body = [index for index, verdict in enumerate(verdicts) if verdict.label is Label.BODY]
    if not body:
        return range(0)
    titles = [index for index, verdict in enumerate(verdicts) if verdict.label is Label.TITLE]
    found = [
        index
        for index in titles
        if verdicts[index].reason == "context:headline" and sum(other < index for other in body) <= _STRAY * len(body)
    ]
    above = [index for index in titles if index < body[0]]
    begin = found[0] if found else above[-1] if above else max(0, body[0] - _BEFORE)
    first = next((index for index in body if index >= begin), body[0])
    begin = min(begin, first)
    return range(begin, min(len(verdicts), max(first, body[0] if body[0] - begin < _BEFORE else first) + _INTO))


def near(labelled: LabelledPage, *labels: Label) -> Iterator[Block]:
    """The blocks of some labels near the article: those between headline and text first, then those around."""
    verdicts, blocks = labelled.verdicts, labelled.page.blocks
    head = head_of(labelled)
    if not head:
        return
    last = max(index for index, verdict in enumerate(verdicts) if verdict.label is Label.BODY)
    around = [*range(max(0, head.start - _ABOVE), head.start), *range(last + 1, min(len(blocks), last + _BEHIND))]
    for index in [*head, *around]:
        if verdicts[index].label in labels:
            yield blocks[index]

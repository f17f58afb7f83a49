"""HTML pages -> the same pages with parts of other pages in them. Pure but for the generator handed in.

Noise of one site seldom stands beside the article of another: modals that speak at length, threads of comments, runs of
teasers, and whole second articles below the first. Here whole elements are moved from page to page of the same fold, with
their class words and the labels of their blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from cleaner.datatypes import Block, Kind, Label, Node, Origin, Page
from cleaner.learn.targets import Targets

__all__ = ["Cutting", "cuttings", "grafted", "whole_article"]

_LEAST, _MOST = 3, 60  # blocks of a part that is moved
_PROSE = 12  # words of a block that could pass for the article's
_A_PAGE = 6  # parts that one page gives
_SHOWN = frozenset({Kind.IMAGE, Kind.EMBED})
_RELATED = frozenset({Label.RELATED})


@dataclass(frozen=True, slots=True)
class Cutting:
    """An element with all that is in it: its nodes (the first is the element, parents count from it), its blocks, their targets."""

    nodes: tuple[Node, ...]
    blocks: tuple[Block, ...]
    targets: tuple[tuple[frozenset[Label], float], ...]


def cuttings(page: Page, targets: Targets, rng: Random) -> tuple[Cutting, ...]:
    """Elements of a page that hold no body, but some text at length: the largest such ones, a few of them."""
    spans = _spans(page)
    body = [Label.BODY in labels and weight > 0 for labels, weight in targets]
    found: list[int] = []
    taken: set[int] = set()
    for node, (first, last) in enumerate(spans):
        if page.nodes[node].parent in taken:
            taken.add(node)
        elif node and _LEAST <= last - first <= _MOST and _fits(page, targets, body, first, last):
            found.append(node)
            taken.add(node)
    chosen = rng.sample(found, min(_A_PAGE, len(found)))
    return tuple(_cut(page, targets, node, spans[node]) for node in chosen)


def whole_article(page: Page, targets: Targets) -> Cutting | None:
    """The element that holds all of a page's article, as it would stand below another one: all of it is a related article then."""
    body = [at for at, (labels, weight) in enumerate(targets) if labels == {Label.BODY} and weight > 0]
    spans = _spans(page)
    if not body:
        return None
    holds = [node for node, (first, last) in enumerate(spans) if first <= body[0] and body[-1] < last]
    node = max(holds, default=0)
    first, last = spans[node]
    if not node or last - first > _MOST:
        return None
    told: Targets = [
        (_RELATED, 1.0) if Label.BODY in labels else (labels | _RELATED, weight) for labels, weight in targets
    ]
    return _cut(page, told, node, (first, last))


def grafted(page: Page, targets: Targets, parts: Sequence[Cutting], rng: Random) -> tuple[Page, Targets]:
    """A page with other pages' elements below its article, or at its end; its own blocks keep their targets."""
    nodes, blocks, out = list(page.nodes), list(page.blocks), list(targets)
    for part in parts:
        parent, at = _place(nodes, blocks, out, rng)
        begin = len(nodes)
        nodes.append(replace(part.nodes[0], parent=parent))
        nodes += [replace(node, parent=node.parent + begin) for node in part.nodes[1:]]
        blocks[at:at] = [replace(block, node=block.node + begin) for block in part.blocks]
        out[at:at] = part.targets
    numbered = tuple(replace(block, index=index) for index, block in enumerate(blocks))
    return replace(page, blocks=numbered, nodes=tuple(nodes)), out


def _spans(page: Page) -> list[tuple[int, int]]:
    """The first block of each element, and the one behind its last; equal where it holds none."""
    first, last = [len(page.blocks)] * len(page.nodes), [0] * len(page.nodes)
    for index, block in enumerate(page.blocks):
        if block.origin is Origin.DOM:
            first[block.node] = min(first[block.node], index)
            last[block.node] = index + 1
    for node in range(len(page.nodes) - 1, 0, -1):
        parent = page.nodes[node].parent
        first[parent], last[parent] = min(first[parent], first[node]), max(last[parent], last[node])
    return [(begin, max(begin, end)) for begin, end in zip(first, last, strict=True)]


def _fits(page: Page, targets: Targets, body: Sequence[bool], first: int, last: int) -> bool:
    """Whether blocks are noise without doubt that could pass for an article's."""
    return (
        not any(body[first:last])
        and all(
            weight > 0 or page.blocks[at].kind in _SHOWN for at, (_, weight) in enumerate(targets[first:last], first)
        )
        and any(page.blocks[at].text.count(" ") >= _PROSE for at in range(first, last))
    )


def _cut(page: Page, targets: Targets, node: int, span: tuple[int, int]) -> Cutting:
    """An element with all that is in it."""
    numbers = {node: 0}
    nodes = [page.nodes[node]]
    for index in range(node + 1, len(page.nodes)):
        entry = page.nodes[index]
        if entry.parent in numbers:
            numbers[index] = len(nodes)
            nodes.append(replace(entry, parent=numbers[entry.parent]))
    kept = [at for at in range(*span) if page.blocks[at].node in numbers]
    blocks = tuple(replace(page.blocks[at], node=numbers[page.blocks[at].node]) for at in kept)
    return Cutting(tuple(nodes), blocks, tuple(targets[at] for at in kept))


def _place(nodes: Sequence[Node], blocks: Sequence[Block], targets: Targets, rng: Random) -> tuple[int, int]:
    """An element around the article's last block, and the place of a block right behind what that element's child holds."""
    body = [at for at, (labels, weight) in enumerate(targets) if labels == {Label.BODY} and weight > 0]
    if not body or rng.random() < 0.2:
        return 0, len(blocks)
    way = [blocks[body[-1]].node]
    while nodes[way[-1]].parent >= 0:
        way.append(nodes[way[-1]].parent)
    level = rng.randint(1, max(1, min(4, len(way) - 1)))
    if level >= len(way):
        return 0, len(blocks)
    inner = {way[level - 1]}
    for number, node in enumerate(nodes):
        if node.parent in inner:
            inner.add(number)
    last = max((at for at, block in enumerate(blocks) if block.node in inner), default=body[-1])
    return way[level], max(last, body[-1]) + 1

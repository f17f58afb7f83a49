"""The elements around each block -> what they hold: shares of the running text, links, blocks of the same template. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Kind, Node, Origin, Page

__all__ = ["containers", "groups_of", "templates"]

Ints = NDArray[np.int64]
_KINDS = tuple(Kind)

_SIDE_TAGS = {
    "nav": 0,
    "menu": 0,
    "footer": 1,
    "aside": 2,
    "header": 3,
    "form": 4,
    "article": 5,
    "main": 6,
    "figure": 7,
    "ul": 8,
    "ol": 8,
    "table": 9,
    "blockquote": 10,
    "button": 11,
    "dialog": 11,
    "section": 12,
}


_SIDES = 13
_SIDE_BITS = {tag: 1 << place for tag, place in _SIDE_TAGS.items()}
_LIMITS = (0.5, 0.7, 0.9)


@dataclass(frozen=True, slots=True)
class _Elements:
    """Columns over the elements.

    told: share of running text, words a block, linked share, blocks; up: steps to an element
    that holds half of the running text; branch: the highest element around it that does not; inside: whether it is in the deepest
    elements with 50, 70 and 90 %; sides: which telling tags are around it; unshown: whether it is hidden; depth.
    """

    told: NDArray[np.float64]
    up: list[int]
    branch: list[int]
    inside: NDArray[np.bool_]
    sides: NDArray[np.float64]
    unshown: list[bool]
    depth: list[int]


def containers(
    nodes: Sequence[Node],
    parents: Ints,
    node: Ints,
    words: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
) -> list[NDArray[np.float64]]:
    """What the elements around each block hold, and where the block stands among them: three tables of columns."""
    elements = _elements(nodes, _told(nodes, node, words, linked, mass))
    levels = [node]
    for _ in range(3):
        levels.append(np.maximum(0, parents[levels[-1]]))
    within = elements.inside[node].astype(np.float64)
    places = np.flatnonzero(within[:, 0])
    first, last = (int(places[0]), int(places[-1])) if len(places) else (0, len(node) - 1)
    order = np.arange(len(node))
    branch = elements.told[np.array(elements.branch)[node]]
    up = np.minimum(8, np.array(elements.up)[node]) / 8
    depth = np.minimum(1, np.array(elements.depth)[node] / 20)
    return [
        np.concatenate([elements.told[level] for level in levels], 1),
        np.column_stack([within, order < first, order > last, up, branch[:, [0, 2, 1, 3]]]),
        np.column_stack([elements.sides[node], np.array(elements.unshown, float)[node], depth]),
    ]


def _told(
    nodes: Sequence[Node],
    node: Ints,
    words: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What each element holds, itself and all in it."""
    size = len(nodes)
    sums = [
        np.bincount(node, weights, minlength=size).tolist()
        for weights in (mass, words, words * linked, np.ones(len(node)))
    ]
    for index in range(size - 1, 0, -1):
        parent = nodes[index].parent
        for column in sums:
            column[parent] += column[index]
    held, spoken, links, blocks = (np.array(column) for column in sums)
    columns = [
        held / max(1.0, held[0]),
        np.minimum(1, spoken / np.maximum(1, blocks) / 40),
        links / np.maximum(1, spoken),
        np.log1p(blocks) / 6,
    ]
    return np.stack(columns, 1)


def _elements(nodes: Sequence[Node], told: NDArray[np.float64]) -> _Elements:
    """The columns over the elements, in one pass from the root down."""
    shares = told[:, 0].tolist()
    up, branch, unshown, depth, side = [0], [0], ["unshown" in nodes[0].words], [0], [0]
    deepest = [0] * len(_LIMITS)
    for index in range(1, len(nodes)):
        entry = nodes[index]
        parent, held = entry.parent, shares[index]
        up.append(0 if held >= _LIMITS[0] else up[parent] + 1)
        branch.append(branch[parent] if shares[parent] < _LIMITS[0] else index)
        depth.append(depth[parent] + 1)
        unshown.append(unshown[parent] or "unshown" in entry.words)
        side.append(side[parent] | _SIDE_BITS.get(entry.tag, 0))
        if held >= _LIMITS[0]:
            for place, limit in enumerate(_LIMITS):
                if held >= limit and deepest[place] == parent:
                    deepest[place] = index
    inside = np.stack([_below(nodes, top) for top in deepest], 1)
    sides = (np.array(side)[:, None] >> np.arange(_SIDES) & 1).astype(np.float64)
    return _Elements(told, up, branch, inside, sides, unshown, depth)


def _below(nodes: Sequence[Node], top: int) -> NDArray[np.bool_]:
    """Whether each element is the one at ``top`` or stands in it."""
    inside = [False] * len(nodes)
    inside[top] = True
    for index in range(top + 1, len(nodes)):
        inside[index] = inside[nodes[index].parent]
    return np.array(inside)


def groups_of(page: Page, node: Ints, parents: Ints) -> tuple[Ints, Ints]:
    """The template (path of tags and class words, three elements deep) and the parent of each block, as numbers."""
    if page.blocks[0].origin is Origin.TEXT:
        kinds = {kind: number for number, kind in enumerate(_KINDS)}
        return np.array([kinds[block.kind] for block in page.blocks], np.int64), np.arange(len(page.blocks)) // 12
    numbered: dict[object, int] = {}
    own = [numbered.setdefault((entry.tag, entry.words), len(numbered)) for entry in page.nodes]
    paths: dict[object, int] = {}
    path = []
    for index, entry in enumerate(page.nodes):
        parent = max(0, entry.parent)
        grand = max(0, page.nodes[parent].parent)
        path.append(paths.setdefault((own[index], own[parent], own[grand]), len(paths)))
    template = np.array(path, np.int64)[node]
    _, template = np.unique(template, return_inverse=True)
    _, parent_group = np.unique(np.maximum(0, parents[node]), return_inverse=True)
    return template.astype(np.int64), parent_group.astype(np.int64)


def templates(
    page: Page,
    node: Ints,
    template: Ints,
    words: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What blocks of the same template, and of the same tag and class words, are like."""
    numbered: dict[object, int] = {}
    own = np.array([numbered.setdefault((entry.tag, entry.words), len(numbered)) for entry in page.nodes], np.int64)[
        node
    ]
    columns: list[NDArray[np.float64]] = []
    all_mass = max(1.0, float(mass.sum()))
    for group in (template, own):
        size = int(group.max()) + 1
        number = np.bincount(group, minlength=size)
        for weights, scale in ((None, 0.0), (words, 40.0), (linked, 1.0)):
            if weights is None:
                columns.append(np.log1p(number)[group] / 6)
            else:
                columns.append(
                    np.minimum(1, (np.bincount(group, weights, minlength=size) / np.maximum(1, number) / scale)[group])
                )
        columns.append((np.bincount(group, mass, minlength=size) / all_mass)[group])
    return np.stack(columns, 1)

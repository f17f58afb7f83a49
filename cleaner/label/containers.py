"""The elements around each block -> what they hold: shares of the running text, links, blocks of the same template. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cleaner.datatypes import Kind, Node, Origin, Page

__all__ = ["Groups", "Held", "containers", "groups_of", "templates"]

Ints = NDArray[np.int64]
_KINDS = {kind: number for number, kind in enumerate(Kind)}
_BRANCH = [0, 2, 1, 3]  # the order of what is told of a branch

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
_SIDE_ROWS = np.arange(_SIDES)[:, None]
_LIMITS = (0.5, 0.7, 0.9)
_LIMIT_BITS = np.arange(len(_LIMITS))[:, None]


@dataclass(frozen=True, slots=True)
class Held:
    """What the blocks bring into the elements that hold them.

    node: each block's element; parents: each element's parent; words, linked, mass: words of each block, the share of them in links,
    and the words that are running text.
    """

    node: Ints
    parents: Ints
    words: NDArray[np.float64]
    linked: NDArray[np.float64]
    mass: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Numbers of the groups that a block belongs to.

    template: path of tags and class words, three elements deep; parent: the element around; alike: tag and class words.
    kinds: all tags and class words of elements; kind: which of them each element has.
    """

    template: Ints
    parent: Ints
    alike: Ints
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    kind: Ints


@dataclass(frozen=True, slots=True)
class _Elements:
    """Columns over the elements.

    up: steps to an element that holds half of the running text; branch: the highest element around it that does not;
    inside: bits that tell whether it is in the deepest elements with 50, 70 and 90 %; sides: bits of the telling tags around
    it; unshown: whether it is hidden; depth; article: which of the page's articles, as elements say, it is in; 0 for none.
    """

    up: list[int]
    branch: list[int]
    inside: list[int]
    sides: list[int]
    unshown: list[bool]
    depth: list[int]
    article: list[int]


def containers(nodes: Sequence[Node], held: Held, headline: int | None) -> Iterator[ArrayLike]:
    """What the elements around each block hold, and where the block stands among them; columns. headline: its block."""
    node = held.node
    above = np.maximum(0, held.parents)
    parents = above.tolist()
    told = _told(parents, held)
    elements = _elements(nodes, parents, told[0].tolist())
    level = node
    for _ in range(4):
        yield told[:, level]
        level = above[level]
    inside = np.array(elements.inside)[node]
    yield inside >> _LIMIT_BITS & 1
    places = np.flatnonzero(inside & 1)
    first, last = (int(places[0]), int(places[-1])) if len(places) else (0, len(node) - 1)
    order = np.arange(len(node))
    yield order < first
    yield order > last
    yield np.minimum(8, np.array(elements.up)[node]) / 8
    yield told[:, np.array(elements.branch)[node]][_BRANCH]
    sides = np.array(elements.sides)[node]
    yield sides >> _SIDE_ROWS & 1
    yield np.array(elements.unshown)[node]
    yield np.minimum(1, np.array(elements.depth)[node] / 20)
    article = np.array(elements.article)[node]
    yield np.log1p(article) / 3
    yield np.log1p(article.max()) / 3
    yield article == article[headline] if headline is not None else 0


def _told(parents: list[int], held: Held) -> NDArray[np.float64]:
    """What each element holds, itself and all in it: share of running text, words a block, linked share, blocks; rows."""
    size = len(parents)
    mass, words, linked, number = (
        np.bincount(held.node, weights, minlength=size).tolist()
        for weights in (held.mass, held.words, held.words * held.linked, None)
    )
    for index in range(size - 1, 0, -1):
        parent = parents[index]
        mass[parent] += mass[index]
        words[parent] += words[index]
        linked[parent] += linked[index]
        number[parent] += number[index]
    spoken, blocks = np.array(words), np.array(number)
    return np.array(
        [
            np.array(mass) / max(1.0, mass[0]),
            np.minimum(1, spoken / np.maximum(1, blocks) / 40),
            np.array(linked) / np.maximum(1, spoken),
            np.log1p(blocks) / 6,
        ]
    )


def _elements(nodes: Sequence[Node], parents: list[int], shares: list[float]) -> _Elements:
    """The columns over the elements, in one pass from the root down."""
    size = len(nodes)
    up, branch, depth, sides = [0] * size, [0] * size, [0] * size, [0] * size
    unshown, article, articles = [False] * size, [0] * size, 0
    unshown[0] = "unshown" in nodes[0].words
    deepest = [0] * len(_LIMITS)
    for index in range(1, size):
        entry, parent, share = nodes[index], parents[index], shares[index]
        branch[index] = branch[parent] if shares[parent] < _LIMITS[0] else index
        depth[index] = depth[parent] + 1
        unshown[index] = unshown[parent] or "unshown" in entry.words
        sides[index] = sides[parent] | _SIDE_BITS.get(entry.tag, 0)
        articles += entry.tag == "article"
        article[index] = articles if entry.tag == "article" else article[parent]
        if share < _LIMITS[0]:
            up[index] = up[parent] + 1
            continue
        for place, limit in enumerate(_LIMITS):
            if share >= limit and deepest[place] == parent:
                deepest[place] = index
    return _Elements(up, branch, _below(parents, deepest), sides, unshown, depth, article)


def _below(parents: list[int], tops: Sequence[int]) -> list[int]:
    """Bits that tell in which of some elements each element stands, or which it is."""
    inside = [0] * len(parents)
    for place, top in enumerate(tops):
        inside[top] |= 1 << place
    for index in range(min(tops) + 1, len(parents)):
        inside[index] |= inside[parents[index]]
    return inside


def groups_of(page: Page, node: Ints, parents: Ints) -> Groups:
    """The groups of each block; on plain text, kinds of lines and dozens of them."""
    numbered: defaultdict[tuple[str, tuple[str, ...]], int] = defaultdict(count().__next__)
    own = np.array([numbered[entry.tag, entry.words] for entry in page.nodes], np.int64)
    if page.blocks[0].origin is Origin.TEXT:
        kinds = np.array([_KINDS[block.kind] for block in page.blocks], np.int64)
        return Groups(kinds, np.arange(len(page.blocks)) // 12, own[node], tuple(numbered), own)
    above = np.maximum(0, parents)
    paths = (own * len(numbered) + own[above]) * len(numbered) + own[above[above]]
    _, first, path = np.unique(paths, return_index=True, return_inverse=True)
    appeared = np.empty(len(first), np.int64)
    appeared[np.argsort(first)] = np.arange(len(first))
    _, template = np.unique(appeared[path][node], return_inverse=True)
    _, parent = np.unique(above[node], return_inverse=True)
    return Groups(template.astype(np.int64), parent.astype(np.int64), own[node], tuple(numbered), own)


def templates(groups: Groups, held: Held) -> Iterator[ArrayLike]:
    """What blocks of the same template, and of the same tag and class words, are like; columns."""
    all_mass = max(1.0, float(held.mass.sum()))
    for group in (groups.template, groups.alike):
        number = np.bincount(group)
        some = np.maximum(1, number)
        yield (np.log1p(number) / 6)[group]
        yield np.minimum(1, np.bincount(group, held.words) / some / 40)[group]
        yield np.minimum(1, np.bincount(group, held.linked) / some)[group]
        yield (np.bincount(group, held.mass) / all_mass)[group]

"""Features -> the probability of each label for each block. Pure; numpy alone.

A small network over the sequence of blocks. Each block begins with its numbers, the mean of its words' vectors (all of
it, its first two words, its last two) and the vectors of the class words of the elements around it. Two layers then let each block see its
neighbours, the blocks beside it in the same element, those of the same template, and the page as a whole, by means over
these groups (message passing by mean, as in Hamilton, Ying and Leskovec, "Inductive Representation Learning on Large
Graphs", 2017; word vectors summed to a text's as in Iyyer et al., "Deep Unordered Composition", 2015). The same forward pass serves training, which takes
what it needs for going back from ``Trace``; ``together`` asks the networks of a model at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.label.features import Features

__all__ = [
    "HEAD",
    "LEVELS",
    "NAMES",
    "TAIL",
    "UP",
    "WINDOW",
    "Batch",
    "Grouping",
    "Params",
    "Trace",
    "Vocabulary",
    "batch_of",
    "forward",
    "grouping_of",
    "page_batch",
    "pooled",
    "shifted",
    "shifts",
    "softmax",
]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Params = dict[str, Floats]

HEAD, TAIL = 30, 6  # words of a block that are looked at, from its begin and its end
_SHIFTS = ((-1, 1, -2, 2), (-1, 1, -4, 4))
WINDOW = 8
NAMES = 12  # class words of an element that are looked at
UP = 9  # how many elements above a block's own are looked at
# Which part of the entry each of them has: own, parent, the two above, all further ones.
LEVELS = (0, 1, 2, 2, *(3,) * (UP - 3))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The rows of the words, and of the class words and tags (``<p``), that have a vector; row 0 is for all others."""

    words: Mapping[str, int]
    names: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Bags:
    """Rows of vectors in a row, where each bag of them that is not empty begins, and which bags these are."""

    rows: Ints
    starts: Ints
    filled: Ints
    count: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each block belongs to: an order that puts groups together, where each begins, its size."""

    group: Ints
    order: Ints | None
    starts: Ints
    sizes: Floats


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages side by side, as the network takes them."""

    numbers: Floats
    bags: tuple[Bags, ...]
    names: Bags
    levels: tuple[Ints, ...]
    groups: tuple[Grouping, ...]
    page: Ints


@dataclass(slots=True)
class Trace:
    """What a forward pass leaves for the way back."""

    masks: list[Floats | None]
    inputs: list[Floats]
    hidden: list[Floats]
    active: list[NDArray[np.bool_]]


# ---------------------------------------------------------------------------------------------- pages to a batch


def _bags(parts: Sequence[Ints]) -> Bags:
    """Bags of rows without the rows 0."""
    known = [part[part > 0] for part in parts]
    lengths = np.fromiter(map(len, known), np.int64, len(known))
    filled = np.flatnonzero(lengths)
    starts = np.cumsum(lengths) - lengths
    return Bags(np.concatenate(known) if known else np.zeros(0, np.int64), starts[filled], filled, len(known))


def _segments(rows: Ints, lower: Ints, upper: Ints) -> Bags:
    """Bags of the known rows between borders in one array."""
    lengths = upper - lower
    places = np.repeat(lower - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
    taken = rows[places]
    bag = np.repeat(np.arange(len(lower)), lengths)
    keep = taken > 0
    taken, bag = taken[keep], bag[keep]
    counts = np.bincount(bag, minlength=len(lower))
    filled = np.flatnonzero(counts)
    return Bags(taken, (np.cumsum(counts) - counts)[filled], filled, len(lower))


def _join(bags: Sequence[Bags]) -> Bags:
    """Several collections of bags as one."""
    rows = np.cumsum([0, *(len(bag.rows) for bag in bags)])
    counts = np.cumsum([0, *(bag.count for bag in bags)])
    return Bags(
        np.concatenate([bag.rows for bag in bags]),
        np.concatenate([bag.starts + at for bag, at in zip(bags, rows, strict=False)]),
        np.concatenate([bag.filled + at for bag, at in zip(bags, counts, strict=False)]),
        int(counts[-1]),
    )


def grouping_of(group: Ints) -> Grouping:
    """The order and sizes of groups."""
    sizes = np.bincount(group)
    order = None if len(group) < 2 or bool((group[1:] >= group[:-1]).all()) else np.argsort(group, kind="stable")
    return Grouping(group, order, np.cumsum(sizes) - sizes, np.maximum(1, sizes).astype(np.float32)[:, None])


def page_batch(features: Features, vocabulary: Vocabulary) -> Batch:
    """One page as a batch."""
    known = np.fromiter(
        (vocabulary.words.get(word, 0) for word in features.vocabulary), np.int64, len(features.vocabulary)
    )
    rows = known[features.tokens] if len(features.tokens) else features.tokens
    lower, upper = features.starts[:-1], features.starts[1:]
    long = upper - lower > HEAD + TAIL
    if long.any():
        inner = np.ones(len(rows), bool)
        for begin, end in zip(lower[long] + HEAD, upper[long] - TAIL, strict=True):
            inner[begin:end] = False
        whole = _segments(np.where(inner, rows, 0), lower, upper)
    else:
        whole = _segments(rows, lower, upper)
    bags = (
        whole,
        _segments(rows, lower, np.minimum(upper, lower + 2)),
        _segments(rows, np.maximum(lower, upper - 2), upper),
    )
    cache: dict[tuple[str, tuple[str, ...]], Ints] = {}
    named = []
    for node in features.nodes:
        key = (node.tag, node.words)
        if (found := cache.get(key)) is None:
            found = np.array(
                [
                    vocabulary.names.get("<" + node.tag, 0),
                    *(vocabulary.names.get(word, 0) for word in node.words[:NAMES]),
                ],
                np.int64,
            )
            cache[key] = found
        named.append(found)
    levels = [features.node]
    above = np.maximum(0, features.parents)
    for _ in range(UP):
        levels.append(above[levels[-1]])
    count = len(features.numbers)
    place = np.arange(count)
    groups = (features.parent, features.template, np.zeros(count, np.int64), place // WINDOW)
    return Batch(
        features.numbers, bags, _bags(named), tuple(levels), tuple(map(grouping_of, groups)), np.zeros(count, np.int64)
    )


def batch_of(pages: Sequence[Batch]) -> Batch:
    """Pages side by side as one batch."""
    if len(pages) == 1:
        return pages[0]
    nodes = np.cumsum([0, *(page.names.count for page in pages)])
    groups = []
    for number in range(len(pages[0].groups)):
        begun = np.cumsum([0, *(len(page.groups[number].sizes) for page in pages)])
        groups.append(
            grouping_of(
                np.concatenate([page.groups[number].group + at for page, at in zip(pages, begun, strict=False)])
            )
        )
    return Batch(
        np.concatenate([page.numbers for page in pages]),
        tuple(_join([page.bags[number] for page in pages]) for number in range(3)),
        _join([page.names for page in pages]),
        tuple(
            np.concatenate([page.levels[level] + at for page, at in zip(pages, nodes, strict=False)])
            for level in range(UP + 1)
        ),
        tuple(groups),
        np.concatenate([np.full(len(page.numbers), number) for number, page in enumerate(pages)]),
    )


# ------------------------------------------------------------------------------------------------------- forward


def mean_vectors(bags: Bags, vectors: Floats) -> Floats:
    """The mean of each bag's vectors; zeros for an empty bag."""
    out = np.zeros((bags.count, vectors.shape[1]), np.float32)
    if len(bags.rows):
        sizes = np.diff(np.append(bags.starts, len(bags.rows))).astype(np.float32)
        out[bags.filled] = np.add.reduceat(vectors[bags.rows], bags.starts, axis=0) / sizes[:, None]
    return out


def pooled(hidden: Floats, grouping: Grouping) -> Floats:
    """For each block the mean over its group."""
    ordered = hidden if grouping.order is None else hidden[grouping.order]
    means = np.add.reduceat(ordered, grouping.starts, axis=0) / grouping.sizes
    result: Floats = means.astype(hidden.dtype, copy=False)[grouping.group]
    return result


def shifted(hidden: Floats, by: int, page: Ints) -> Floats:
    """For each block the row that stands ``by`` blocks further on in its page; zeros beyond the page's ends."""
    out = np.zeros_like(hidden)
    count = len(hidden)
    if abs(by) >= count:
        return out
    if by > 0:
        out[:-by] = hidden[by:]
        out[:-by][page[by:] != page[:-by]] = 0
    else:
        out[-by:] = hidden[:by]
        out[-by:][page[:by] != page[-by:]] = 0
    return out


def seen(hidden: Floats, layer: int, batch: Batch) -> Floats:
    """A block's own row, its neighbours', and the means of its groups, side by side."""
    parts = [hidden, *(shifted(hidden, by, batch.page) for by in _SHIFTS[layer])]
    parts += [pooled(hidden, grouping) for grouping in batch.groups]
    return np.concatenate(parts, 1)


def shifts(layer: int) -> tuple[int, ...]:
    """How far the neighbours stand that a layer looks at."""
    return _SHIFTS[layer]


def begin(params: Params, batch: Batch, numbers: Floats) -> Floats:
    """The first layer's input."""
    named = mean_vectors(batch.names, params["names"])
    texts = [mean_vectors(bags, params["words"]) for bags in batch.bags]
    around = np.zeros((LEVELS[-1] + 1, len(numbers), named.shape[1]), np.float32)
    for level, part in zip(batch.levels, LEVELS, strict=True):
        around[part] += named[level]
    return np.concatenate([numbers, *texts, *around], 1)


def forward(
    params: Params, batch: Batch, rng: np.random.Generator | None = None, drop: float = 0.0
) -> tuple[Floats, Trace]:
    """The scores of each label (one row a block), and the trace. With ``rng`` a share ``drop`` of the values is put out."""
    trace = Trace([], [], [], [])
    numbers = _dropped(batch.numbers, rng, drop * 0.7, trace)
    entry = begin(params, batch, numbers)
    raw = entry @ params["in.w"] + params["in.b"]
    trace.inputs.append(entry)
    trace.active.append(raw > 0)
    hidden = _dropped(np.maximum(raw, 0), rng, drop, trace)
    for layer in range(len(_SHIFTS)):
        entry = seen(hidden, layer, batch)
        raw = entry @ params[f"{layer}.w"] + params[f"{layer}.b"]
        trace.inputs.append(entry)
        trace.active.append(raw > 0)
        hidden = _dropped(hidden + np.maximum(raw, 0), rng, drop, trace)
    trace.hidden.append(hidden)
    return hidden @ params["out.w"] + params["out.b"], trace


def _dropped(values: Floats, rng: np.random.Generator | None, share: float, trace: Trace) -> Floats:
    """The values with a share of them put out, the others raised to make up for it (in training)."""
    if rng is None or share <= 0:
        trace.masks.append(None)
        return values
    mask = (rng.random(values.shape, np.float32) >= share).astype(np.float32) / np.float32(1 - share)
    trace.masks.append(mask)
    return values * mask


def softmax(scores: Floats) -> Floats:
    """Scores as probabilities, row by row."""
    raised = np.exp(scores - scores.max(1, keepdims=True))
    result: Floats = raised / raised.sum(1, keepdims=True)
    return result

"""All networks of a model at once on one page: what ``network.forward`` says of each, averaged. Pure.

Their weights lie side by side, so that words are looked up, gathered and summed once for all; the means of groups are weighed
before they are given to the blocks; and class words are summed once for each kind of element that was ever seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Model
from cleaner.label.features import Features
from cleaner.label.network import HEAD, LEVELS, NAMES, TAIL, WINDOW, Grouping, grouping_of, shifts, softmax

__all__ = ["Together", "together"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Kind = tuple[str, tuple[str, ...]]  # an element's tag and class words

_MOST = 20_000  # kinds of elements whose vectors are remembered
_AWAY = 2  # neighbours on either side that a layer looks at
_PARTS = LEVELS[-1] + 1  # of the entry, for the elements around a block
_MODELS = 4  # models that are remembered


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's weights: for a block and its neighbours side by side, and for each kind of group; net by net."""

    near: Floats
    groups: tuple[Floats, ...]
    bias: Floats


class _Kinds:
    """The mean vector of the tag and class words of each kind of element, made when it is first met."""

    def __init__(self, names: Mapping[str, int], vectors: Floats) -> None:
        self._names, self._vectors = names, vectors
        self._rows: dict[Kind, int] = {}
        self._means = np.zeros((256, vectors.shape[1]), np.float32)

    def means(self, kinds: Sequence[Kind]) -> Floats:
        """One row for each kind."""
        if len(self._rows) + len(kinds) > _MOST:
            self._rows.clear()
        rows: Any = list(map(self._rows.get, kinds))
        if None in rows:
            self._add([kind for kind, row in zip(kinds, rows, strict=True) if row is None])
            rows = list(map(self._rows.get, kinds))
        result: Floats = self._means[rows]
        return result

    def _add(self, kinds: Sequence[Kind]) -> None:
        """Make the rows of kinds that were not met before."""
        begin = len(self._rows)
        if begin + len(kinds) > len(self._means):
            grown = np.zeros((2 * (begin + len(kinds)), self._means.shape[1]), np.float32)
            grown[:begin] = self._means[:begin]
            self._means = grown
        names: list[str] = []
        borders = np.zeros(len(kinds) + 1, np.int64)
        for place, (tag, words) in enumerate(kinds, 1):
            names.append("<" + tag)
            names += words[:NAMES]
            borders[place] = len(names)
        rows = np.fromiter(map(self._names.get, names, repeat(0)), np.int64, len(names))
        self._means[begin : begin + len(kinds)] = _means(rows, rows > 0, borders[:-1], borders[1:], self._vectors)
        self._rows.update(zip(kinds, range(begin, begin + len(kinds)), strict=True))


class Together:
    """A model's networks, ready to be asked."""

    def __init__(self, model: Model) -> None:
        nets: tuple[Mapping[str, Any], ...] = model.nets
        self._words = model.words
        self._vectors = _beside(nets, "words")
        self._kinds = _Kinds(model.names, _beside(nets, "names"))
        self._nets = len(nets)
        told = len(nets[0]["in.w"]) - 3 * nets[0]["words"].shape[1] - _PARTS * nets[0]["names"].shape[1]
        self._numbers = np.concatenate([net["in.w"][:told] for net in nets], 1)
        self._texts = np.stack([net["in.w"][told:] for net in nets])
        self._bias = np.concatenate([net["in.b"] for net in nets])
        self._layers = [_layer(nets, layer) for layer in range(2)]
        self._out, self._out_bias = np.stack([net["out.w"] for net in nets]), np.stack([net["out.b"] for net in nets])

    def __call__(self, features: Features) -> Floats:
        """The probability of each label (one row a block)."""
        hidden = self._begin(features)
        groups = tuple(map(grouping_of, (features.parent, features.template)))
        for number, layer in enumerate(self._layers):
            hidden += np.maximum(_raw(hidden, layer, shifts(number), groups), 0)
        scores = np.matmul(hidden.transpose(1, 0, 2), self._out) + self._out_bias[:, None]
        chances: Floats = softmax(scores.reshape(-1, scores.shape[2])).reshape(scores.shape).mean(0)
        return chances

    def _begin(self, features: Features) -> Floats:
        """The first layer: blocks, nets, values."""
        count, nets = len(features.numbers), self._nets
        named = self._kinds.means(features.kinds)
        level = features.node
        above = np.maximum(0, features.parents)
        around = np.zeros((_PARTS, count, named.shape[1]), np.float32)
        for part in LEVELS:
            around[part] += named[features.kind[level]]
            level = above[level]
        parts = [*self._spoken(features), *around]
        entry = np.concatenate([part.reshape(count, nets, -1) for part in parts], 2)
        raw = (features.numbers @ self._numbers + self._bias).reshape(count, nets, -1)
        raw += np.matmul(entry.transpose(1, 0, 2), self._texts).transpose(1, 0, 2)
        hidden: Floats = np.maximum(raw, 0)
        return hidden

    def _spoken(self, features: Features) -> tuple[Floats, Floats, Floats]:
        """The mean vectors of each block's words, of its first two and of its last two."""
        size = len(features.vocabulary)
        known = np.fromiter(map(self._words.get, features.vocabulary, repeat(0)), np.int64, size)
        rows = np.zeros(len(features.tokens) + 1, np.int64)  # the last one stands for a word that is not there
        rows[:-1] = known[features.tokens]
        lower, upper = features.starts[:-1], features.starts[1:]
        held = rows[:-1] > 0
        for place in np.flatnonzero(upper - lower > HEAD + TAIL).tolist():
            held[lower[place] + HEAD : upper[place] - TAIL] = False
        none = len(features.tokens)
        first = rows[np.where(lower < upper, lower, none)], rows[np.where(lower + 1 < upper, lower + 1, none)]
        last = rows[np.where(upper - 2 >= lower, upper - 2, none)], rows[np.where(upper > lower, upper - 1, none)]
        whole = _means(rows[:-1], held, lower, upper, self._vectors)
        return whole, self._pair(*first), self._pair(*last)

    def _pair(self, one: Ints, other: Ints) -> Floats:
        """The mean vectors of two words each; row 0 is of none."""
        result: Floats = self._vectors[one]
        result += self._vectors[other]
        result[(one > 0) & (other > 0)] *= np.float32(0.5)
        return result


def _means(rows: Ints, held: NDArray[np.bool_], lower: Ints, upper: Ints, vectors: Floats) -> Floats:
    """The mean vectors of the rows that are held between borders; zeros where none is."""
    total = np.zeros(len(held) + 1, np.int64)
    np.cumsum(held, out=total[1:])
    begins = total[lower]
    sizes = total[upper] - begins
    filled = np.flatnonzero(sizes)
    out = np.zeros((len(lower), vectors.shape[1]), np.float32)
    if len(filled):
        sums = np.add.reduceat(vectors[rows[held]], begins[filled], axis=0)
        out[filled] = sums / sizes[filled].astype(np.float32)[:, None]
    return out


def _raw(hidden: Floats, layer: _Layer, steps: Sequence[int], groups: Sequence[Grouping]) -> Floats:
    """What a layer makes of each block, its neighbours and the means of its groups, before it is cut at 0."""
    count, nets, size = hidden.shape
    flows = _weighed(hidden, layer.near)
    raw: Floats = flows[:, :, :size] + layer.bias
    for place, by in enumerate(steps, 1):
        part = flows[:, :, place * size : (place + 1) * size]
        if abs(by) >= count:
            continue
        if by > 0:
            raw[:-by] += part[by:]
        else:
            raw[-by:] += part[:by]
    flat = hidden.reshape(count, nets * size)
    windows = _means_of_windows(flat).reshape(-1, nets, size)
    raw += np.repeat(_weighed(windows, layer.groups[2]), WINDOW, axis=0)[:count]
    for grouping, weights in zip(groups, layer.groups[:2], strict=True):
        ordered = flat if grouping.order is None else flat[grouping.order]
        means: Any = np.add.reduceat(ordered, grouping.starts, axis=0) / grouping.sizes
        raw += _weighed(means.reshape(-1, nets, size), weights)[grouping.group]
    raw += _weighed(flat.mean(0).reshape(1, nets, size), layer.groups[-1])
    return raw


def _means_of_windows(flat: Floats) -> Floats:
    """The means of each so many rows."""
    whole = len(flat) // WINDOW * WINDOW
    means: Floats = np.empty((-(-len(flat) // WINDOW), flat.shape[1]), np.float32)
    means[: whole // WINDOW] = flat[:whole].reshape(-1, WINDOW, flat.shape[1]).mean(1)
    if whole < len(flat):
        means[-1] = flat[whole:].mean(0)
    return means


def _weighed(values: Floats, weights: Floats) -> Floats:
    """Rows of values net by net, each net's multiplied by its weights."""
    out = np.empty((*values.shape[:2], weights.shape[2]), np.float32)
    np.matmul(values.transpose(1, 0, 2), weights, out=out.transpose(1, 0, 2))
    return out


def _layer(nets: Sequence[Mapping[str, Any]], number: int) -> _Layer:
    """A layer's weights: those of the page as a whole are the last of the groups'."""
    size = nets[0][f"{number}.w"].shape[1]
    parts = [[net[f"{number}.w"][at : at + size] for net in nets] for at in range(0, 9 * size, size)]
    near, (parent, template, page, window) = parts[: 1 + 2 * _AWAY], map(np.stack, parts[1 + 2 * _AWAY :])
    return _Layer(
        np.concatenate(list(map(np.stack, near)), 2),
        (parent, template, window, page),
        np.stack([net[f"{number}.b"] for net in nets]),
    )


def _beside(nets: Sequence[Mapping[str, Any]], name: str) -> Floats:
    """The vectors of all nets side by side; row 0, of what is not known, is empty."""
    vectors = np.concatenate([net[name] for net in nets], 1)
    vectors[0] = 0
    return vectors


_LAST: list[tuple[Model, Together]] = []


def together(model: Model) -> Together:
    """A model's networks, made ready once; the last few models are remembered, by identity."""
    found = next((ready for known, ready in _LAST if known is model), None)
    if found is None:
        found = Together(model)
        _LAST[:] = [*_LAST[1 - _MODELS :], (model, found)]
    return found

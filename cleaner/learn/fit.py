"""Batches with targets -> weights of the network. Deterministic: same pages, same seed, one thread, same bytes.

Each block has the set of labels that it may have (a page that tells only body or not allows all labels but body), and
the loss is minus the logarithm of the probability of that set. Adam with decoupled decay (Loshchilov and Hutter, 2019), one rise and fall of the step
(Smith, "Super-Convergence", 2018), written out here because nothing but numpy is needed for so small a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.label.network import (
    LEVELS,
    Bags,
    Batch,
    Params,
    Trace,
    batch_of,
    forward,
    pooled,
    shifted,
    shifts,
    softmax,
)

__all__ = ["Example", "Plan", "backward", "fit", "initial", "loss_and_slope"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A page to learn from. allowed: for each block the labels it may have (rows of booleans); weight: how much each block counts."""

    batch: Batch
    allowed: NDArray[np.bool_]
    weight: Floats


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. hidden, words, names: sizes of the vectors; blocks: how many make a step."""

    hidden: int = 32
    words: int = 12
    names: int = 10
    epochs: int = 8
    blocks: int = 3000
    step: float = 3e-3
    decay: float = 1e-4
    drop: float = 0.15
    seed: int = 0


def initial(plan: Plan, columns: int, words: int, names: int, labels: int) -> Params:
    """The weights to begin with; row 0 of the vectors stands for whatever has none."""
    rng = np.random.default_rng(plan.seed)

    def even(rows: int, columns: int) -> Floats:
        limit = 1 / np.sqrt(rows)
        return rng.uniform(-limit, limit, (rows, columns)).astype(np.float32)

    size = plan.hidden
    entry = columns + 3 * plan.words + (LEVELS[-1] + 1) * plan.names
    params: Params = {
        "words": rng.normal(0, 0.1, (words + 1, plan.words)).astype(np.float32),
        "names": rng.normal(0, 0.1, (names + 1, plan.names)).astype(np.float32),
        "in.w": even(entry, size),
        "in.b": np.zeros(size, np.float32),
    }
    for layer in range(2):
        params[f"{layer}.w"] = even(9 * size, size)
        params[f"{layer}.b"] = np.zeros(size, np.float32)
    params["out.w"] = even(size, labels)
    params["out.b"] = np.zeros(labels, np.float32)
    return params


def loss_and_slope(scores: Floats, allowed: NDArray[np.bool_], weight: Floats) -> tuple[float, Floats]:
    """The loss, and its slope by the scores."""
    chance = softmax(scores)
    right = np.where(allowed, chance, 0)
    total = np.maximum(right.sum(1, keepdims=True), 1e-9)
    all_weight = max(1e-6, float(weight.sum()))
    slope = (chance - right / total) * (weight[:, None] / all_weight)
    return float(-(np.log(total[:, 0]) * weight).sum() / all_weight), slope.astype(np.float32)


def backward(params: Params, batch: Batch, trace: Trace, slope: Floats) -> Params:
    """The slope of the loss by every weight."""
    slopes: Params = {"out.w": trace.hidden[-1].T @ slope, "out.b": slope.sum(0)}
    flow = slope @ params["out.w"].T
    size = params["in.b"].shape[0]
    for layer in (1, 0):
        flow = _masked(flow, trace.masks[layer + 2])
        inner = flow * trace.active[layer + 1]
        slopes[f"{layer}.w"] = trace.inputs[layer + 1].T @ inner
        slopes[f"{layer}.b"] = inner.sum(0)
        wide = inner @ params[f"{layer}.w"].T
        parts = [wide[:, at : at + size] for at in range(0, wide.shape[1], size)]
        flow = flow + parts[0]
        for by, part in zip(shifts(layer), parts[1:5], strict=True):
            flow = flow + shifted(part, -by, batch.page)
        for grouping, part in zip(batch.groups, parts[5:], strict=True):
            flow = flow + pooled(part, grouping)
    flow = _masked(flow, trace.masks[1]) * trace.active[0]
    slopes["in.w"] = trace.inputs[0].T @ flow
    slopes["in.b"] = flow.sum(0)
    _entry_slopes(params, batch, flow @ params["in.w"].T, slopes)
    return slopes


def _masked(flow: Floats, mask: Floats | None) -> Floats:
    """What flows back through values that were partly put out."""
    return flow if mask is None else flow * mask


def _entry_slopes(params: Params, batch: Batch, wide: Floats, slopes: Params) -> None:
    """The slopes by the vectors of words and of class words."""
    at = batch.numbers.shape[1]
    width = params["words"].shape[1]
    words = np.zeros_like(params["words"])
    for bags in batch.bags:
        _spread(words, bags, wide[:, at : at + width])
        at += width
    narrow = params["names"].shape[1]
    nodes = np.zeros((batch.names.count, narrow), np.float32)
    for level, column in zip(batch.levels, LEVELS, strict=True):
        np.add.at(nodes, level, wide[:, at + column * narrow : at + (column + 1) * narrow])
    names = np.zeros_like(params["names"])
    _spread(names, batch.names, nodes)
    slopes["words"], slopes["names"] = words, names


def _spread(target: Floats, bags: Bags, flow: Floats) -> None:
    """Give each vector of a bag its part of what flows back to the bag's mean."""
    if len(bags.rows):
        sizes = np.diff(np.append(bags.starts, len(bags.rows)))
        parts = flow[bags.filled] / sizes[:, None].astype(np.float32)
        np.add.at(target, bags.rows, np.repeat(parts, sizes, axis=0))


def _steps(examples: Sequence[Example], plan: Plan, rng: np.random.Generator) -> Iterator[list[Example]]:
    """The pages in a new order, in lots of about ``plan.blocks`` blocks."""
    lot: list[Example] = []
    count = 0
    for index in rng.permutation(len(examples)):
        lot.append(examples[index])
        count += len(examples[index].weight)
        if count >= plan.blocks:
            yield lot
            lot, count = [], 0
    if lot:
        yield lot


def fit(examples: Sequence[Example], params: Params, plan: Plan) -> Params:
    """Train; the weights given are changed in place and returned."""
    rng = np.random.default_rng(plan.seed + 1)
    lots = sum(len(example.weight) for example in examples) / plan.blocks
    total = max(1, round(plan.epochs * (lots + 0.5)))
    first = {name: np.zeros_like(value) for name, value in params.items()}
    second = {name: np.zeros_like(value) for name, value in params.items()}
    done = 0
    for _ in range(plan.epochs):
        for lot in _steps(examples, plan, rng):
            batch = batch_of([example.batch for example in lot])
            scores, trace = forward(params, batch, rng, plan.drop)
            _, slope = loss_and_slope(
                scores,
                np.concatenate([example.allowed for example in lot]),
                np.concatenate([example.weight for example in lot]),
            )
            slopes = backward(params, batch, trace, slope)
            done += 1
            _adam(params, slopes, first, second, done, _pace(plan, done / total), plan.decay)
    params["words"][0] = params["names"][0] = 0
    return params


def _pace(plan: Plan, share: float) -> float:
    """The step's size after a share of the training: up to 15 %, then down along a cosine."""
    if share < 0.15:
        return plan.step * (0.04 + 0.96 * share / 0.15)
    return float(plan.step * 0.5 * (1 + np.cos(np.pi * min(1.0, (share - 0.15) / 0.85))))


def _adam(params: Params, slopes: Params, first: Params, second: Params, done: int, pace: float, decay: float) -> None:
    """One step; slopes of a norm above 1 are shortened to it."""
    norm = float(np.sqrt(sum(float((slope**2).sum()) for slope in slopes.values())))
    scale = np.float32(min(1.0, 1.0 / (norm + 1e-9)))
    for name, slope in slopes.items():
        short = slope * scale
        first[name] += np.float32(0.1) * (short - first[name])
        second[name] += np.float32(0.001) * (short * short - second[name])
        moved = (
            first[name]
            / np.float32(1 - 0.9**done)
            / (np.sqrt(second[name] / np.float32(1 - 0.999**done)) + np.float32(1e-8))
        )
        params[name] -= np.float32(pace) * (moved + np.float32(decay) * params[name])

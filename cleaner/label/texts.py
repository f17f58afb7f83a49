"""Blocks -> their words, folded, numbered and counted: made once a page, for the judges and for the model. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Block
from cleaner.label.characters import Characters, count_characters, sums_between
from cleaner.text import fold_words

__all__ = ["Texts", "mixed", "read_texts"]

Ints = NDArray[np.int64]
_PRIME = 1_000_003


@dataclass(frozen=True, slots=True)
class Texts:
    """What the blocks' texts hold.

    folded: each text as one compares it; tokens: the page's words, each block's in a row, as their
    ``numbers``; starts: where each block's words begin (one more at the end); grams: runs of three words within a
    block, as numbers, which begin at ``borders``; again, before: the share of each block's runs that stand elsewhere
    on the page, and that stood there before.
    """

    folded: tuple[str, ...]
    chars: Characters
    tokens: Ints
    starts: Ints
    numbers: dict[str, int]
    grams: Ints
    borders: Ints
    again: NDArray[np.float64]
    before: NDArray[np.float64]


def read_texts(blocks: Sequence[Block]) -> Texts:
    """The words of a page."""
    texts = [block.text for block in blocks]
    parted = fold_words(texts)
    folded = tuple(map(" ".join, parted))
    tokens, starts, numbers = _tokens(parted)
    grams, borders = _grams(tokens, starts)
    return Texts(folded, count_characters(texts), tokens, starts, numbers, grams, borders, *_repeated(grams, borders))


def _tokens(parted: Sequence[Sequence[str]]) -> tuple[Ints, Ints, dict[str, int]]:
    """All words of the page as numbers, where each block's begin, and each word's number, in order of appearance."""
    starts = np.zeros(len(parted) + 1, np.int64)
    np.cumsum(list(map(len, parted)), out=starts[1:])
    flat = chain.from_iterable(parted)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    return np.fromiter(map(numbers.__getitem__, flat), np.int64, int(starts[-1])), starts, dict(numbers)


def mixed(numbers: Ints) -> Ints:
    """Each run of three numbers as one."""
    return (numbers[:-2] * _PRIME + numbers[1:-1]) * _PRIME + numbers[2:]


def _grams(tokens: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """The runs of three words within each block, as numbers, and where each block's begin."""
    if len(tokens) < 3:
        return np.zeros(0, np.int64), np.zeros(len(starts), np.int64)
    grams = mixed(tokens)
    inner = np.ones(len(grams), bool)
    ends = starts[1:]
    for back in (1, 2):
        cut = ends - back
        inner[cut[(cut >= 0) & (cut < len(grams))]] = False
    total = np.zeros(len(grams) + 1, np.int64)
    np.cumsum(inner, out=total[1:])
    return grams[inner], total[np.minimum(starts, len(grams))]


def _repeated(grams: Ints, borders: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of each block's runs of words that stand elsewhere on the page, and that stood before."""
    if not len(grams):
        return np.zeros(len(borders) - 1), np.zeros(len(borders) - 1)
    order = np.argsort(grams)
    ordered = grams[order]
    same = ordered[1:] == ordered[:-1]
    any_twice, later = np.zeros((2, len(grams)), bool)
    any_twice[order[1:][same]] = any_twice[order[:-1][same]] = True
    places = np.flatnonzero(any_twice)
    _, first = np.unique(grams[places], return_index=True)
    later[places] = True
    later[places[first]] = False
    lengths = np.maximum(1, np.diff(borders))
    return sums_between(any_twice, borders) / lengths, sums_between(later, borders) / lengths

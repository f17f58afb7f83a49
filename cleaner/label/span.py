"""Measures and first hits -> where the article stands on the page. Pure.

The stretch of blocks with the greatest sum of values is taken as the article: running text counts for its words,
menus, prices and noise cost, headings of lists and of comments cost much. (Maximum-sum segment, J. Kadane; for page
text used first by Pasternack and Roth, "Extracting Article Text from the Web with Maximum Subsequence Segmentation",
2009.) This stands in where no trained model is loaded, and its outcome is a feature for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.datatypes import Block, Kind, Label, Origin
from cleaner.label.measure import Measure

__all__ = ["First", "Span", "block_values", "find_span"]

_MOST = 60  # words of one run that count, so that one giant block does not outweigh an article
_SIDE = frozenset(
    {
        Label.NAV,
        Label.RELATED,
        Label.SHARE,
        Label.COMMENTS,
        Label.PROMO,
        Label.AD,
        Label.CONSENT,
        Label.OTHER,
        Label.BIO,
        Label.TICKER,
    }
)
_MEDIA = frozenset({Kind.IMAGE, Kind.EMBED})
_LISTED = frozenset({Kind.ITEM, Kind.ROW, Kind.CODE})
_JSON = frozenset({Origin.JSONLD, Origin.STATE})
_LISTS = {Label.COMMENTS: 80.0, Label.RELATED: 45.0}  # what the heading of such a list costs
_DAMPED = {Label.COMMENTS: (400, 0.15), Label.RELATED: (12, 0.4)}  # how many blocks under it count less, and how much


class First(NamedTuple):
    """What words or shape said of a block before anybody looked at its neighbours."""

    label: Label
    reason: str
    score: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Span:
    """The article's stretch, ``begin <= i < end``, and its value; an empty one where the page holds no running text."""

    begin: int
    end: int
    value: float

    def __contains__(self, index: int) -> bool:
        """Whether a block stands in the stretch."""
        return self.begin <= index < self.end


def find_span(values: Sequence[float]) -> Span:
    """The stretch of greatest sum; where two are equal the earlier one. values: what each block is worth."""
    best = Span(0, 0, 0.0)
    begin, total = 0, 0.0
    for index, value in enumerate(values):
        if total <= 0:
            begin, total = index, 0.0
        total += value
        if total > best.value + 1e-9:
            best = Span(begin, index + 1, total)
    return best


def block_values(blocks: Sequence[Block], measures: Sequence[Measure], firsts: Sequence[First | None]) -> list[float]:
    """What each block adds to or takes from a stretch."""
    values: list[float] = []
    damp, left = 1.0, 0
    sizes = _run_sizes(measures)
    for index, (block, measure, first) in enumerate(zip(blocks, measures, firsts, strict=True)):
        value = _value(block, measure, first, sizes[measure.run])
        if first is not None and _heads_list(first, measure) and not _running_next(measures, index):
            value = -_LISTS[first.label]
            left, damp = _DAMPED[first.label]
        elif left:
            left -= 1
            value = value * damp if value > 0 else value
        values.append(value)
    return values


def _heads_list(first: First, measure: Measure) -> bool:
    """Whether a block is the heading of a list of other things; in a box of its own it ends nothing but that box."""
    return first.whole and first.label in _LISTS and measure.hint not in _SIDE


def _run_sizes(measures: Sequence[Measure]) -> dict[int, int]:
    """The words of each sentence run."""
    sizes: dict[int, int] = {}
    for measure in measures:
        sizes[measure.run] = sizes.get(measure.run, 0) + measure.words
    return sizes


def _running_next(measures: Sequence[Measure], index: int) -> bool:
    """Whether long running text follows at once: then the line heads no list."""
    return index + 1 < len(measures) and measures[index + 1].prose >= 1.0 and measures[index + 1].words >= 35


def _value(block: Block, measure: Measure, first: First | None, run_words: int) -> float:
    """What one block is worth by itself."""
    if block.kind in _MEDIA:
        return 0.0
    if first is not None and first.score >= 0.7 and first.label in _SIDE:
        return -4.0
    if block.origin in _JSON:
        return float(min(measure.words, _MOST))
    if measure.prose >= 0.3:
        share = measure.words / max(1, run_words)
        value = measure.prose * min(run_words, _MOST) * share
        if measure.hint in _SIDE:
            return -3.0
        return value if measure.inside else 0.15 * value - 3.0
    if block.kind is Kind.HEADING:
        return -1.0 if measure.inside else -4.0
    return _listed(block, measure)


def _listed(block: Block, measure: Measure) -> float:
    """What a block is worth that is no running text: items and rows of the article cost little."""
    if not measure.inside or measure.hint in _SIDE:
        return -6.0
    if block.kind in _LISTED and measure.links < 0.5:
        return 1.0 if measure.words >= 5 else -1.0
    return -1.5 if block.origin is Origin.DOM and measure.links < 0.5 else -3.0

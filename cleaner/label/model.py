"""Page, first look and trained model -> how probable each label is for each block, and which labels follow. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Block, Judge, Kind, Label, Model, Origin
from cleaner.label.draft import Draft
from cleaner.label.features import Features
from cleaner.label.together import together
from cleaner.text import fold

__all__ = ["Chances", "best_cut", "chances_of", "decide", "expected_accuracy", "with_first_look"]

Floats = NDArray[np.float32]
_LABELS = tuple(Label)
_REASONS = tuple(f"model:{label.value}" for label in _LABELS)
_COLUMN = {label: column for column, label in enumerate(_LABELS)}
_BODY = _COLUMN[Label.BODY]
_LOWEST, _HIGHEST = 0.2, 0.6  # the cut that a page may choose lies between
# How many blocks away the body must be on both sides for a block that is at least so likely to come along.
_GAP, _GAP_CHANCE = 6, 0.2
_SURE = (  # guards that, overruling the model, were right more often than not; chosen on the labelled pages that are measured
    "context:repeats-the-article",
    "context:headline",
    "context:beside-prices",
    "context:comment-thread",
    "context:about-the-author",
    "context:author-above-text",
    "context:follow-row",
    "context:picture-credit",
    "context:profile",
    "context:teaser-",
    "context:rest-of-line",
    "context:price-widget",
    "context:source-link",
    "words:disclaimer.",
    "words:excerpt.",
)
_COPY = 8  # words from which on a text that stands twice is a copy
_SHOWN = frozenset({Kind.IMAGE, Kind.EMBED})


@dataclass(frozen=True, slots=True)
class Chances:
    """The probability of each label (columns in the order of ``Label``) for each block (rows), and the words of each block."""

    of: Floats
    words: NDArray[np.float64]

    @property
    def body(self) -> Floats:
        """The probability that each block is the article's own text."""
        column: Floats = self.of[:, _BODY]
        return column


def chances_of(features: Features, model: Model) -> Chances:
    """What the model thinks of a page."""
    return Chances(together(model)(features), np.diff(features.starts).astype(np.float64))


def expected_accuracy(chances: Chances, kept: NDArray[np.bool_]) -> float:
    """The word F1 that a choice of blocks may expect: twice the words expected right over all words kept and expected."""
    right = float((chances.words * chances.body)[kept].sum())
    total = float(chances.words[kept].sum() + (chances.words * chances.body).sum())
    return 2 * right / total if total else 0.0


def best_cut(chances: Chances) -> float:
    """The cut on the probability that promises the best word F1 (Nan et al., "Optimizing F-measure", 2012), within bounds."""
    order = np.argsort(-chances.body, kind="stable")
    words, body = chances.words[order], chances.body[order]
    right = np.cumsum(words * body)
    promised = 2 * right / np.maximum(1e-9, np.cumsum(words) + right[-1])
    return float(np.clip(body[int(np.argmax(promised))], _LOWEST, _HIGHEST))


def with_first_look(draft: Draft, chances: Chances, share: float) -> Chances:
    """The chances with a share for the first look's own word: where the model has little to go by, that is a help."""
    if not share:
        return chances
    mixed = chances.of * np.float32(1 - share)
    rows = np.arange(len(draft.blocks))
    mixed[rows, [_COLUMN[label or Label.OTHER] for label in draft.labels]] += np.float32(share)
    return Chances(mixed, chances.words)


def decide(draft: Draft, chances: Chances, folded: Sequence[str] | None = None) -> None:
    """Give every block the label that the model finds most probable; what is body is decided for the page as a whole.

    folded: the blocks' texts as one compares them, where they were folded already.
    """
    blocks = draft.blocks
    first = draft.copy()
    kept = chances.body >= best_cut(chances)
    plain = blocks[0].origin is Origin.TEXT
    if plain:
        _fill(blocks, kept, chances.body)
    others = chances.of.copy()
    others[:, _BODY] = -1
    chosen = np.where(kept, _BODY, np.argmax(others, axis=1))
    scores = chances.of[np.arange(len(blocks)), chosen].tolist()
    for index, (block, column) in enumerate(zip(blocks, chosen.tolist(), strict=True)):
        if block.kind in _SHOWN or (block.selected and block.origin is Origin.TEXT):
            continue
        draft.confirm(index, _LABELS[column], _REASONS[column], scores[index])
    if plain:
        _let_sure_guards_stand(draft, first)
    _once(draft, chances, folded or [fold(block.text) for block in blocks])


def _let_sure_guards_stand(draft: Draft, first: Draft) -> None:
    """On plain text some guards, and words where the model keeps a block, are surer than the model: they say it again."""
    for index in range(len(draft.blocks)):
        label, reason = first.label(index), first.reason(index)
        standing = draft.label(index)
        if label is None or standing is label:
            continue
        if reason.startswith(_SURE) or (standing is Label.BODY and reason.startswith("words:")):
            judge = Judge.WORDS if reason.startswith("words:") else Judge.CONTEXT
            draft.say(index, label, judge, reason, first.score(index))


def _once(draft: Draft, chances: Chances, folded: Sequence[str]) -> None:
    """A text of some length is published once: later copies are excerpts, and what stands there three times is a box's."""
    body = [index for index in draft.body() if chances.words[index] >= _COPY]
    if len(body) < 2:
        return
    times = Counter([folded[index] for index in body])
    seen: set[str] = set()
    for index in body:
        text = folded[index]
        if times[text] > 2 or text in seen:
            draft.say(
                index, Label.OTHER if times[text] > 2 else Label.EXCERPT, Judge.CONTEXT, "context:text-repeated", 0.85
            )
        seen.add(text)


def _fill(blocks: Sequence[Block], kept: NDArray[np.bool_], body: Floats) -> None:
    """Take along what may well be body and stands between blocks of it, few blocks away on either side."""
    spoken = [index for index, block in enumerate(blocks) if block.kind not in _SHOWN]
    sure = [bool(kept[index]) for index in spoken]
    for place, index in enumerate(spoken):
        if (
            not sure[place]
            and body[index] >= _GAP_CHANCE
            and any(sure[max(0, place - _GAP) : place])
            and any(sure[place + 1 : place + 1 + _GAP])
        ):
            kept[index] = True

"""The verdicts of a page while judges are at work: one a block, the overruled ones kept. Pure; lives in one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from cleaner.datatypes import Judge, Label, Page, Verdict
from cleaner.label.measure import Measure

__all__ = ["Draft"]


@lru_cache(maxsize=1024)
def _first_word(label: Label, judge: Judge, reason: str, score: float) -> Verdict:
    """A verdict that overrules none; the blocks of a page's frame share a few of them."""
    return Verdict(label, judge, reason, score)


class Draft:
    """What the judges write on: ``labels[i]`` is the standing label of block ``i``.

    A verdict that would repeat the standing label is not written, so that ``overruled`` tells only of changes.
    """

    def __init__(self, page: Page, measures: tuple[Measure, ...]) -> None:
        self.page, self.blocks, self.measures = page, page.blocks, measures
        self.labels: list[Label | None] = [None] * len(page.blocks)
        self._verdicts: list[Verdict | None] = [None] * len(page.blocks)
        self._body: list[int] | None = None

    def copy(self) -> Draft:
        """A draft of the same verdicts, to write on."""
        made = Draft(self.page, self.measures)
        made._verdicts[:], made.labels[:] = self._verdicts, self.labels
        return made

    def label(self, index: int) -> Label | None:
        """The standing label of a block."""
        return self.labels[index]

    def score(self, index: int) -> float:
        """How sure the standing verdict on a block is; 0 where there is none."""
        verdict = self._verdicts[index]
        return verdict.score if verdict else 0.0

    def standing(self) -> tuple[tuple[Label, float], ...]:
        """The label and the score of each block; ``other`` and 0 where there is no verdict."""
        return tuple(
            [(Label.OTHER, 0.0) if verdict is None else (verdict.label, verdict.score) for verdict in self._verdicts]
        )

    def reason(self, index: int) -> str:
        """The reason of a block's standing verdict; empty where there is none."""
        verdict = self._verdicts[index]
        return verdict.reason if verdict else ""

    def say(self, index: int, label: Label, judge: Judge, reason: str, score: float) -> None:
        """Give a block a label; what stood before is kept as overruled."""
        if self.labels[index] is label:
            return
        before, self.labels[index], self._body = self._verdicts[index], label, None
        self._verdicts[index] = (
            _first_word(label, judge, reason, score) if before is None else Verdict(label, judge, reason, score, before)
        )

    def confirm(self, index: int, label: Label, reason: str, score: float) -> None:
        """Give a block the model's label and score; where it stands already, who gave it and why stay."""
        before, told = self._verdicts[index], round(score, 3)
        if before is None or before.label is not label:
            self.labels[index], self._body = label, None
            self._verdicts[index] = Verdict(label, Judge.MODEL, reason, told, before)
        else:
            self._verdicts[index] = Verdict(label, before.judge, before.reason, told, before.overruled)

    def body(self) -> list[int]:
        """The indices of the blocks that stand as body; a list that does not change when labels do."""
        if self._body is None:
            body = Label.BODY
            self._body = [index for index, label in enumerate(self.labels) if label is body]
        return self._body

    def words(self, indices: Iterable[int]) -> int:
        """The number of words in some blocks."""
        return sum(self.measures[index].words for index in indices)

    def open(self) -> Iterator[int]:
        """The indices of the blocks that nobody has judged yet."""
        return (index for index, verdict in enumerate(self._verdicts) if verdict is None)

    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict a block; a block that nobody judged is ``other``, and says so."""
        return tuple(
            verdict or Verdict(Label.OTHER, Judge.CONTEXT, "context:unplaced", 0.3) for verdict in self._verdicts
        )

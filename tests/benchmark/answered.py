"""The shared pages of each set, Cleaner's answers to them, and how well each fits its gold."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.benchmark.tables import progress
from tests.benchmark.unseen import Found, answers

__all__ = ["BENCH", "HTML", "ROOT", "SETS", "SHARED", "Answered", "answered", "mean", "pages"]

ROOT = Path(__file__).parent.parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
BENCH = SHARED / "bench"
HTML = ("html/fundus", "html/wcxb")
SETS = ("seeds", *HTML, "text", "labels", "rejects")


@dataclass(frozen=True)
class Answered:
    """One set: its pages with their gold, and the record of each, by weights that never saw its domain."""

    name: str
    score: Any
    found: Found
    out: dict[str, dict[str, Any]]

    @property
    def keys(self) -> list[str]:
        """The names of the pages, in their order."""
        return list(self.found)

    def gold(self, key: str) -> str:
        """A page's own text as the gold has it."""
        return str(self.found[key][0]["body"])

    def texts(self) -> dict[str, str]:
        """The text that Cleaner gave for each page; empty where it gave none."""
        return {key: self.out[key].get("text") or "" for key in self.found}

    @cached_property
    def f1(self) -> dict[str, float]:
        """Word F1 of each page."""
        return self.f1_of(self.texts())

    def f1_of(self, texts: dict[str, str]) -> dict[str, float]:
        """Word F1 of each page under somebody's texts."""
        return {key: self.score.bag_prf(texts[key], self.gold(key))[2] for key in self.found}

    def shingle_f1(self, texts: dict[str, str]) -> float:
        """Shingle F1 of somebody's texts: of the mean precision and the mean recall."""
        pairs = [self.score.shingle_pr(texts[key], self.gold(key)) for key in self.found]
        precision, recall = (self.score.mean(pair[side] for pair in pairs) for side in (0, 1))
        return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0

    @property
    def rejected(self) -> float:
        """The share of pages that were taken for no article."""
        return mean(float(bool(self.out[key].get("rejected"))) for key in self.found)


def pages(score: Any, name: str) -> Found:
    """The pages of a set with their gold."""
    kind, _, subset = name.partition("/")
    found: Found = score.pages_of(kind, BENCH, subset)
    return found


def answered(score: Any, name: str) -> Answered:
    """A set with Cleaner's answers."""
    progress(f"cleaning {name}")
    found = pages(score, name)
    return Answered(name, score, found, answers(name.partition("/")[0], found))


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    told = list(values)
    return fmean(told) if told else 0.0

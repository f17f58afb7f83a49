"""Answered sets -> how many of the flags that entries carry are right, and how many that pages tell are carried.

``flags.json`` names the pages that tell of a flag, by the first digits of their digests; all other pages of the sets tell of
none. It was judged by eye: every line, claim and address that gave a flag, and lines and claims that hold words of that kind
and gave none. It was made by one reader while the patterns were written, so that these figures are too good for other pages.
A page's flag is what the page says of itself, its publisher's disclosure at the foot included; ``repost`` is not judged here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cleaner.datatypes import FLAGS
from tests.benchmark.answered import HTML, Answered
from tests.benchmark.figures import Figures
from tests.benchmark.tables import Row, show
from tests.benchmark.unseen import raw_page

__all__ = ["flagged"]

JUDGED = Path(__file__).parent / "flags.json"
_DIGITS = 16
_OURS = tuple(flag for flag in FLAGS if flag != "repost")


def flagged(sets: dict[str, Answered], figures: Figures) -> None:
    """Precision and recall of all flags together, and a row for each."""
    told: Counter[str] = Counter()
    true: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for carried, judged in _pages(sets):
        told.update(carried)
        true.update(judged)
        right.update(carried & judged)
    rows: list[Row] = [
        [flag, true[flag], told[flag], right[flag], *_shares(right[flag], told[flag], true[flag])] for flag in _OURS
    ]
    precision, recall = _shares(right.total(), told.total(), true.total())
    rows.append(["all", true.total(), told.total(), right.total(), precision, recall])
    figures.floors["flags precision"], figures.floors["flags recall"] = precision, recall
    show("flags (html and seeds)", ["pages that tell it", "entries with it", "right", "precision", "recall"], rows)


def _pages(sets: dict[str, Answered]) -> Iterator[tuple[set[str], set[str]]]:
    """The flags that each entry carries, and those that its page tells of; rejected pages give no entry."""
    judged = json.loads(JUDGED.read_text("utf-8"))
    for name in ("seeds", *HTML):
        for key, (gold, path, _) in sets[name].found.items():
            record = sets[name].out[key]
            if not record.get("rejected"):
                yield set(record["flags"]) & set(_OURS), set(judged.get(raw_page(gold, path).id[:_DIGITS], ()))


def _shares(right: int, told: int, true: int) -> tuple[float, float]:
    """Precision and recall; 1 where there is nothing to be wrong about."""
    return (right / told if told else 1.0), (right / true if true else 1.0)

"""``python -m tests.benchmark.ablation``: what each group of rules brings on the labelled pages and the seeds.

Each group is taken out in turn, in this process, under weights that never saw the page's domain, and the labelled pages
are scored again: a rule that helps a seed and harms the labelled pages is to go.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from cleaner.label import context, look
from tests.benchmark.answered import BENCH, SHARED
from tests.benchmark.unseen import answer, knowledge_for, scorer

GUARDS = (
    "_headline",
    "_before_headline",
    "_lead_images",
    "_excerpt",
    "_doubled",
    "_rest_of_line",
    "_repeated",
    "_under_heading",
    "_above_button",
    "_beside_prices",
    "_questions_of_contents",
    "_headline_list",
    "find_threads",
    "find_teasers",
    "_hanging",
)


def nothing(*arguments: Any) -> None:
    """A guard that is taken out."""


@contextmanager
def without(group: str) -> Iterator[None]:
    """One group of rules taken out; ``words`` is done by the caller."""
    if group == "shape":
        with patch.object(look, "shape_of", lambda _: None):
            yield
    elif group in GUARDS:
        with patch.object(context, group, nothing):
            yield
    else:
        yield


def predict(kind: str, found: dict[str, Any], *, words: bool) -> dict[str, Any]:
    """The records of all pages, by weights that never saw their domain, with or without the word lists."""
    out = {}
    for key, (gold, path, _) in found.items():
        known = knowledge_for(kind, gold, path)
        out[key] = answer(key, gold, path, known if words else replace(known, words=()))
    return out


def measure(score: Any, group: str) -> str:
    """One line of the table."""
    labels, seeds = score.pages_of("labels", BENCH, ""), score.pages_of("seeds", BENCH, "")
    words = group != "words"
    with without(group):
        out = predict("labels", labels, words=words)
        right = score.score_seeds(seeds, predict("seeds", seeds, words=words))["right"]
    told = score.score_labels(labels, out, 0)
    site = score.score_metadata(labels, out)["site"]["right"]
    return f"{'without ' + group.strip('_') if group else 'all rules':28} {told['body_kept']:.4f}  {told['noise_removed']:.4f}  {told['label_accuracy']:.4f}  {site:.3f}  {right}/5"


def main() -> int:
    """Print the table."""
    score = scorer(SHARED)
    print(f"{'':28} body    noise   label   site   seeds")
    for group in ("", "words", "shape", *GUARDS):
        print(measure(score, group), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

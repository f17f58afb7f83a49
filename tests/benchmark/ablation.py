"""``python -m tests.benchmark.ablation``: what each group of rules brings on the labelled pages and the seeds.

Each group is taken out in turn, in this process, and the labelled pages are scored again: a rule that helps a seed
and harms the labelled pages is to go.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from cleaner.config import load_knowledge
from cleaner.datatypes import Claim, Knowledge, Subscription
from cleaner.errors import PageError
from cleaner.formats import failed_json, to_json
from cleaner.ingest import read_page
from cleaner.label import context, judge
from cleaner.pipeline import clean_page
from tests.benchmark.__main__ import SHARED

GUARDS = (
    "_headline",
    "_before_headline",
    "_excerpt",
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
        with patch.object(judge, "shape_of", lambda _: None):
            yield
    elif group in GUARDS:
        with patch.object(context, group, nothing):
            yield
    else:
        yield


def scorer() -> Any:
    """The shared scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "bench" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predict(found: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """The records of all pages."""
    out = {}
    for key, (gold, path, _) in found.items():
        raw = read_page(path, name=str(path))
        if gold.get("url"):
            raw = replace(raw, claims=(Claim("url", gold["url"], "sidecar"),))
        try:
            out[key] = to_json(key, clean_page(raw, Subscription(""), knowledge, "example.org,2026"))
        except PageError as error:
            out[key] = failed_json(key, error)
    return out


def measure(score: Any, group: str, load: Callable[[], Knowledge]) -> str:
    """One line of the table."""
    labels, seeds = score.pages_of("labels", SHARED / "bench", ""), score.pages_of("seeds", SHARED / "bench", "")
    knowledge = Knowledge() if group == "words" else load()
    with without(group):
        out = predict(labels, knowledge)
        right = score.score_seeds(seeds, predict(seeds, knowledge))["right"]
    told = score.score_labels(labels, out, 0)
    site = score.score_metadata(labels, out)["site"]["right"]
    return f"{'without ' + group.strip('_') if group else 'all rules':28} {told['body_kept']:.4f}  {told['noise_removed']:.4f}  {told['label_accuracy']:.4f}  {site:.3f}  {right}/5"


def main() -> int:
    """Print the table."""
    score = scorer()
    known = load_knowledge(None)
    print(f"{'':28} body    noise   label   site   seeds")
    for group in ("", "words", "shape", *GUARDS):
        print(measure(score, group, lambda: known), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

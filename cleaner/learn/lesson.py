"""A benchmark folder -> ``weights.json``, and the weights without each fold, by which figures are taken. Reads and writes disk."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from cleaner.config import load_knowledge
from cleaner.learn.corpus import digest_of, load_samples
from cleaner.learn.export import write_models
from cleaner.learn.fit import Plan
from cleaner.learn.targets import READINGS
from cleaner.learn.train import EPOCHS, SEEDS, Trained, train

__all__ = ["learn"]

_SOURCES = (
    "WCXB (development split) by Murrough Foley, 2026, CC BY 4.0: HTML pages and text rendered from them",
    "Fundus parser tests by Dallabetta, Dobberstein, Breiding, Wey and others, MIT: HTML pages of newsrooms",
    "76 text pages labelled line by line, and readings.json: blocks of HTML pages labelled by language models, two readings each",
)


def learn(data: Path, output: Path, by_fold: Path | None, workers: int, tell: Callable[[str], None]) -> None:
    """Train on a benchmark folder and write the weights; ``by_fold``: a folder for the weights without each fold.

    Same data, same versions, same machine: same bytes. Raises OSError where a file cannot be read or written.
    """
    tell(f"reading {data}")
    samples = load_samples(data, load_knowledge(None, train=True), workers)
    tell(f"{len(samples)} samples, {sum(sample.measured for sample in samples)} of them real pages")
    trained = train(samples, tell, workers)
    card = {
        "data": digest_of(data),
        "sources": _SOURCES,
        "pages": _counted(sample.group for sample in samples),
        "plan": {name: getattr(Plan(), name) for name in Plan.__dataclass_fields__ if name not in {"seed", "epochs"}},
        "seeds": {"text": list(range(SEEDS[True])), "markup": list(range(SEEDS[False]))},
        "epochs": {"text": EPOCHS[True], "markup": EPOCHS[False]},
        "numpy": np.__version__,
        "readings": {key: value for key, value in json.loads(READINGS.read_text("utf-8")).items() if key != "pages"},
        "out_of_fold": _scores(trained),
        "folds": "by registrable domain; networks never saw the domains they are scored on; the first look's share, the gate and the "
        "table of certainty were tuned on the other folds. Epochs, seeds, sizes and the guards of label were chosen on these same scores",
    }
    if by_fold is not None:
        by_fold.mkdir(parents=True, exist_ok=True)
        for number, models in enumerate(trained.by_fold):
            write_models(by_fold / f"without-{number}.json", models, {"data": card["data"], "without_fold": number})
    tell(f"wrote {output}: {write_models(output, trained.shipped, card)[:12]}")


def _counted(groups: Any) -> dict[str, int]:
    """How many samples there are of each group."""
    counts: dict[str, int] = defaultdict(int)
    for group in groups:
        counts[group] += 1
    return dict(counts)


def _scores(trained: Trained) -> dict[str, float]:
    """Word F1 by set of pages, each page answered with the share that its fold's models have."""
    shares = {
        (text, number): (models.text if text else models.markup).share
        for number, models in enumerate(trained.by_fold)
        for text in (True, False)
    }
    found: dict[str, list[float]] = defaultdict(list)
    for answer in trained.answers:
        if answer.found is not None and answer.share == shares[answer.text, answer.fold]:
            found[answer.group].append(answer.found)
    return {f"{name} word F1": round(fmean(values), 4) for name, values in sorted(found.items())}

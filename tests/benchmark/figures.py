"""Answered sets -> the figures that have floors (higher is better) and ceilings (lower is better), and their tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmark.answered import HTML, Answered, mean
from tests.benchmark.tables import Row, show

__all__ = ["Figures", "take"]

_NOISES = frozenset({"ticker", "ad", "disclaimer", "related", "promo", "comments", "nav", "share", "consent", "bio"})
_TOLD_BY_PAGE = ("ticker", "ad", "disclaimer", "related", "promo")


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by name: floors may not fall below theirs, ceilings may not rise above theirs."""

    floors: dict[str, float] = field(default_factory=dict)
    ceilings: dict[str, float] = field(default_factory=dict)


def take(sets: dict[str, Answered]) -> Figures:
    """The figures of all sets; those of text pages are printed here, those of HTML pages stand beside their peers'."""
    figures = Figures()
    for name in HTML:
        _body(sets[name], figures)
        _metadata(sets[name], name, figures)
    _text(sets["text"], figures)
    _labels(sets["labels"], figures)
    _rejects(sets, figures)
    seeds = sets["seeds"]
    told = seeds.score.score_seeds(seeds.found, seeds.out)
    figures.floors["seeds right"] = told["right"]
    show("seeds", ["right", "of"], [["all lines and facts", told["right"], told["of"]]])
    return figures


def _body(pages: Answered, figures: Figures) -> dict[str, Any]:
    """What was kept of the articles of a set."""
    told: dict[str, Any] = pages.score.score_body(pages.found, pages.out, 0)
    figures.floors[f"{pages.name} word F1"] = told["word_f1"]
    figures.floors[f"{pages.name} shingle F1"] = told["shingle_f1"]
    if pages.name != "text":
        figures.floors[f"{pages.name} not rejected"] = 1 - told["rejected"] / told["pages"]
    figures.floors[f"{pages.name} not below half"] = 1 - told["below_half"] / told["pages"]
    return told


def _metadata(pages: Answered, name: str, figures: Figures) -> None:
    """Facts of a set's pages."""
    told = pages.score.score_metadata(pages.found, pages.out)
    figures.floors.update({f"{name} {key}": value["right"] for key, value in told.items()})
    show(f"{name}: facts", ["right", "of"], [[key, value["right"], value["of"]] for key, value in told.items()])


def _text(pages: Answered, figures: Figures) -> None:
    """Text pages, and each way in which they were printed."""
    told = _body(pages, figures)
    figures.floors.update({f"text/{name} word F1": value for name, value in told["groups"].items()})
    rows: list[Row] = []
    for name in sorted(told["groups"]):
        own = [value for key, value in pages.f1.items() if pages.found[key][0].get("renderer") == name]
        rows.append([name, len(own), mean(own), sum(value < 0.5 for value in own)])
    rows.append(["all", told["pages"], told["word_f1"], told["below_half"], told["shingle_f1"]])
    show("text, by renderer", ["pages", "word F1", "below half", "shingle F1"], rows)


def _labels(pages: Answered, figures: Figures) -> None:
    """Pages that are labelled line by line."""
    told = pages.score.score_labels(pages.found, pages.out, 0)
    figures.floors.update({f"labels {key}": told[key] for key in ("body_kept", "noise_removed", "label_accuracy")})
    figures.floors["labels pages that kept all body"] = 1 - told["pages_that_lost_body"] / told["pages"]
    figures.ceilings["labels noise words kept a body word"] = told["noise_words_per_1000_body_words"] / 1000
    removed = {name: part["decided_right"] for name, part in told["by_label"].items() if name in _NOISES}
    figures.floors.update({f"labels {name} removed": value for name, value in removed.items()})
    by_page = _removed_by_page(pages)
    figures.floors.update({f"labels {name} removed a page": mean(by_page[name]) for name in _TOLD_BY_PAGE})
    show(
        "labels",
        ["figure"],
        [
            ["body lines kept", told["body_kept"]],
            ["pages that lost a body line", f"{told['pages_that_lost_body']} of {told['pages']}"],
            ["noise lines removed", told["noise_removed"]],
            ["noise words kept per 1,000 body words", f"{told['noise_words_per_1000_body_words']:.1f}"],
            ["label right", told["label_accuracy"]],
        ],
    )
    rows: list[Row] = [
        [
            name,
            part["lines"],
            part["decided_right"],
            part["label_right"],
            len(by_page[name]) or None,
            mean(by_page[name]) if by_page[name] else None,
        ]
        for name, part in told["by_label"].items()
    ]
    show("labels, by label", ["lines", "decided right", "label right", "pages", "mean over pages"], rows)
    _metadata(pages, "labels", figures)


def _removed_by_page(pages: Answered) -> dict[str, list[float]]:
    """For each kind of noise its removed share on each page that has it."""
    shares: dict[str, list[float]] = defaultdict(list)
    for key, (gold, path, _) in pages.found.items():
        seen: dict[str, list[float]] = defaultdict(list)
        for label, gone in _decided(pages, gold, path, pages.out[key]):
            seen[label].append(gone)
        for label, values in seen.items():
            shares[label].append(mean(values))
    return shares


def _decided(pages: Answered, gold: dict[str, Any], path: Path, record: dict[str, Any]) -> list[tuple[str, float]]:
    """Label of each line of noise, and whether it went; a line that may be body may stay."""
    lines = path.read_text("utf-8").split("\n")
    free = {also["line"]: also["labels"] for also in gold.get("also") or []}
    told = pages.score.line_predictions(record)
    return [
        (label, float(not told.get(number, (None, False))[1] or "body" in free.get(number, ())))
        for number, label in pages.score.line_labels(gold).items()
        if lines[number - 1].strip() and label in _NOISES
    ]


def _rejects(sets: dict[str, Answered], figures: Figures) -> None:
    """Listings that were taken for none, and articles that were taken for listings."""
    figures.floors["rejects rejected"] = sets["rejects"].rejected
    rows: list[Row] = [["no article: rejected", len(sets["rejects"].found), sets["rejects"].rejected]]
    for name in (*HTML, "text", "labels"):
        figures.ceilings[f"{name} rejected by mistake"] = sets[name].rejected
        rows.append([f"{name}: rejected by mistake", len(sets[name].found), sets[name].rejected])
    show("the gate", ["pages", "share"], rows)

"""Answered sets -> how far the confidence of an entry is the accuracy that it has."""

from __future__ import annotations

from tests.benchmark.answered import HTML, Answered, mean
from tests.benchmark.figures import Figures
from tests.benchmark.tables import Row, show

__all__ = ["reliability"]

_BINS = 10


def reliability(sets: dict[str, Answered], figures: Figures) -> None:
    """Ten bins of equal size of the pages that gave an entry: mean confidence against mean word F1."""
    pairs = sorted(
        (float(sets[name].out[key]["confidence"]), f1)
        for name in (*HTML, "text")
        for key, f1 in sets[name].f1.items()
        if sets[name].out[key].get("text")
    )
    cuts = [round(number * len(pairs) / _BINS) for number in range(_BINS + 1)]
    rows: list[Row] = []
    off = 0.0
    for number in range(_BINS):
        part = pairs[cuts[number] : cuts[number + 1]]
        told, found = mean(pair[0] for pair in part), mean(pair[1] for pair in part)
        off += len(part) * abs(told - found) / len(pairs)
        rows.append([f"{part[0][0]:.3f} to {part[-1][0]:.3f}", len(part), told, found, abs(told - found)])
    figures.ceilings["confidence gap"] = off
    rows.append(["mean absolute gap", len(pairs), None, None, off])
    show("confidence (html and text)", ["pages", "confidence", "word F1", "gap"], rows)
    _told(sets, figures)


def _told(sets: dict[str, Answered], figures: Figures) -> None:
    """On how many pages readability-lxml was asked, and how many entries say that much of the running text was left out."""
    rows: list[Row] = []
    for name in (*HTML, "text", "labels"):
        out = [sets[name].out[key] for key in sets[name].keys]
        rows.append(
            [
                name,
                len(out),
                mean(float(page.get("asked", False)) for page in out),
                mean(float(bool(page["notes"])) for page in out),
            ]
        )
    show("a second opinion asked; half of the running text left out", ["pages", "asked", "left out"], rows)
    asked = [float(sets[name].out[key].get("asked", False)) for name in HTML for key in sets[name].keys]
    figures.ceilings["second opinion asked"] = mean(asked)

"""Answered sets -> word F1 by language and by length of the article, and of the worst pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from cleaner.language import guess_language
from tests.benchmark.answered import HTML, Answered, mean
from tests.benchmark.figures import Figures
from tests.benchmark.tables import Row, show

__all__ = ["slices"]

_FEW = 3  # pages of a language below which it is told with the other rare ones
_WORST = 0.05


def slices(sets: dict[str, Answered], figures: Figures) -> None:
    """Print the parts of HTML and text pages, and note the worst of each."""
    for title, chosen in (("html", [sets[name] for name in HTML]), ("text", [sets["text"]])):
        _by(f"{title}, by language", chosen, _language)
        _by(f"{title}, by length of the article", chosen, _length)
    rows: list[Row] = []
    wholes: dict[str, tuple[str, ...]] = {**{name: (name,) for name in HTML}, "html": HTML, "text": ("text",)}
    for title, names in wholes.items():
        values = sorted(value for name in names for value in sets[name].f1.values())
        worst = values[: max(1, round(_WORST * len(values)))]
        figures.floors[f"{title} worst 5 % word F1"] = mean(worst)
        rows.append([title, len(worst), mean(worst), sum(value < 0.5 for value in values)])
    show("worst 5 % of pages", ["pages", "word F1", "all below half"], rows)


def _by(title: str, chosen: list[Answered], group: Callable[[Answered, str], str]) -> None:
    """One table of parts."""
    parts: dict[str, list[float]] = defaultdict(list)
    for pages in chosen:
        for key, value in pages.f1.items():
            parts[group(pages, key)].append(value)
    rare = [name for name, values in parts.items() if len(values) < _FEW]
    if len(rare) > 1:
        parts["others"] = [value for name in rare for value in parts.pop(name)]
    order = sorted(parts, key=lambda name: (name == "others", -len(parts[name]), name))
    rows: list[Row] = [
        [name, len(parts[name]), mean(parts[name]), sum(value < 0.5 for value in parts[name])] for name in order
    ]
    show(title, ["pages", "word F1", "below half"], rows)


def _language(pages: Answered, key: str) -> str:
    """The language of an article."""
    return guess_language(pages.gold(key)) or "unclear"


def _length(pages: Answered, key: str) -> str:
    """How long an article is."""
    count = len(pages.score.tokens(pages.gold(key)))
    return "under 100 words" if count < 100 else "100 to 1,000 words" if count <= 1000 else "more than 1,000 words"

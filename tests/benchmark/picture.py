"""Accuracy and speed of each system -> ``accuracy-against-speed.svg``, readable on light and on dark ground."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["PICTURE", "draw"]

PICTURE = Path(__file__).parent / "accuracy-against-speed.svg"
_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 616, 40, 340
_STYLE = (
    "svg{color:#222;font:13px sans-serif}@media(prefers-color-scheme:dark){svg{color:#ddd}}"
    "text{fill:currentColor}line{stroke:currentColor;stroke-opacity:.25}circle{fill:currentColor}"
    ".own circle{fill:#c2410c}.own text{font-weight:bold}"
)


def draw(accuracy: Mapping[str, float], ms: Mapping[str, float]) -> str:
    """The picture of all systems of which both are known: word F1 upwards, CPU time a page to the right, by powers."""
    points = {name: (ms[name], accuracy[name]) for name in accuracy if name in ms}
    low, high = _bounds([value for _, value in points.values()], 0.02)
    first = math.floor(math.log10(min(x for x, _ in points.values()) / 1.2) * 4) / 4
    last = math.ceil(math.log10(max(x for x, _ in points.values()) * 1.6) * 4) / 4

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            _LEFT + (math.log10(x) - first) / (last - first) * (_RIGHT - _LEFT),
            _BOTTOM - (y - low) / (high - low) * (_BOTTOM - _TOP),
        )

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        "<title>Accuracy against speed</title>",
        f"<style>{_STYLE}</style>",
    ]
    for value in _steps(low, high):
        y = place(10**first, value)[1]
        lines.append(f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    for value in _powers(first, last):
        x = place(value, low)[0]
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_BOTTOM}"/>')
        lines.append(f'<text x="{x:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{value:g}</text>')
    middle = (_LEFT + _RIGHT) / 2
    lines.append(
        f'<text x="{middle}" y="{_BOTTOM + 42}" text-anchor="middle">CPU time of a page, median, ms (faster is left)</text>'
    )
    lines.append(f'<text x="{_LEFT - 48}" y="{_TOP - 18}">word F1, mean over HTML pages (better is up)</text>')
    lines += [_point(name, *place(*point)) for name, point in sorted(points.items())]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _point(name: str, x: float, y: float) -> str:
    """A system's point with its name, to the left of it where there is no room to the right."""
    right = x < _RIGHT - 140
    own = ' class="own"' if name == "cleaner" else ""
    anchor = "" if right else ' text-anchor="end"'
    return (
        f'<g{own}><circle cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        f'<text x="{x + (9 if right else -9):.1f}" y="{y - 7:.1f}"{anchor}>{html.escape(name)}</text></g>'
    )


def _bounds(values: list[float], step: float) -> tuple[float, float]:
    """The steps around all values."""
    return math.floor(min(values) / step) * step, math.ceil(max(values) / step) * step


def _steps(low: float, high: float) -> Iterator[float]:
    """The lines of the upward axis."""
    yield from (low + 0.02 * number for number in range(round((high - low) / 0.02) + 1))


def _powers(first: float, last: float) -> Iterator[float]:
    """1, 2 and 5 times each power of ten between two logarithms."""
    for power in range(math.floor(first), math.ceil(last) + 1):
        yield from (step * 10.0**power for step in (1, 2, 5) if first <= math.log10(step * 10.0**power) <= last)

"""Rows -> a table of aligned text on standard output; progress -> standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

__all__ = ["Row", "progress", "show"]

Cell = str | int | float | None
Row = Sequence[Cell]


def show(title: str, head: Sequence[str], rows: Iterable[Row]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    lines = [[title, *head], *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines if column < len(line)) for column in range(len(head) + 1)]
    print()
    for line in lines:
        first, *others = line
        print(first.ljust(widths[0]), *(text.rjust(width) for text, width in zip(others, widths[1:], strict=False)))
    sys.stdout.flush()


def _cell(value: Cell) -> str:
    """A value as people read it."""
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def progress(line: str) -> None:
    """Say what is done next."""
    print(f"... {line}", file=sys.stderr, flush=True)

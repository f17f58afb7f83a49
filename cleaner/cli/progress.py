"""Long work -> a bar on a terminal's standard error, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["bar", "counter"]

_LONG = 8  # inputs from which on a bar is worth its line


@contextmanager
def bar(total: int) -> Iterator[Callable[[], None]]:
    """A callable that notes one more input as done."""
    if total < _LONG or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


@contextmanager
def counter(what: str) -> Iterator[Callable[[int], None]]:
    """A callable that is told how many there are by now, where nobody knows how many there will be."""
    if not sys.stderr.isatty():
        yield lambda number: None  # noqa: ARG005 - nobody looks
        return
    from rich.console import Console

    with Console(stderr=True).status(what) as shown:
        yield lambda number: shown.update(f"{what}: {number:,}")

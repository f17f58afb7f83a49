"""Regular expressions within a budget of time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from cleaner.patterns import Budget, pattern_mistake

SLOW, TEXT = r"(a+)+$", "a" * 3000 + "b"


def test_an_expression_that_takes_too_long_is_stopped() -> None:
    """It is told, and it took about as long as it might."""
    begun = time.process_time()
    with pytest.raises(TimeoutError, match=r"^stopped after 0\.2 s$"):
        Budget(0.2).hits(SLOW, TEXT)
    assert 0.1 < time.process_time() - begun < 1.0


def test_what_comes_after_one_that_was_stopped_is_not_tried() -> None:
    """The budget is one for all."""
    budget = Budget(0.05)
    with pytest.raises(TimeoutError):
        budget.hits(SLOW, TEXT)
    with pytest.raises(TimeoutError, match=r"^not tried, the page's 0\.05 s were used up$"):
        budget.hits("x", "x")


def test_many_small_costs_use_the_budget_up() -> None:
    """Each search takes from what the next ones have."""

    def ticks() -> Iterator[float]:
        """A clock on which each search takes 0.2 s."""
        for number in range(99):
            yield number * 0.2

    clock = ticks()
    budget = Budget(0.5, lambda: next(clock))
    assert [budget.hits("b", text) for text in ("abc", "ac", "b")] == [True, False, True]
    with pytest.raises(TimeoutError):
        budget.hits("b", "b")


def test_dead_expressions_are_told() -> None:
    """Those that the package which tries them cannot read; what it reads beyond Python's own is right."""
    assert pattern_mistake("(") == "no regular expression: missing ) at position 1"
    assert pattern_mistake(r"\p{Lu}+(?<=a+)") is None

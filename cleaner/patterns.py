"""Regular expressions that people write, and text -> whether they hit, within a bounded time.

Expressions can take longer than anybody waits. So they are tried by ``regex``, which can be stopped, and all that are tried
on one page share one budget. It counts the processor's time of this process: a busy machine changes no result.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

__all__ = ["Budget", "pattern_mistake"]


class Budget:
    """The seconds that the expressions tried on one page share. clock: the processor's time, unless a test says otherwise."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.process_time) -> None:
        self.seconds = self._left = seconds
        self._clock = clock

    def hits(self, pattern: str, text: str) -> bool:
        """Whether an expression hits a text somewhere. Raises TimeoutError, which says so, where the budget does not do."""
        if self._left <= 0:
            raise TimeoutError(f"not tried, the page's {self.seconds:g} s were used up")
        begun = self._clock()
        try:
            hit = _compiled(pattern).search(text, timeout=self._left) is not None
        except TimeoutError:
            self._left = 0.0
            raise TimeoutError(f"stopped after {self.seconds:g} s") from None
        self._left -= self._clock() - begun
        return hit


def pattern_mistake(pattern: str) -> str | None:
    """What is wrong with an expression; None where it can be read.

    >>> pattern_mistake("(open")
    'no regular expression: missing ) at position 5'
    """
    import regex

    try:
        _compiled(pattern)
    except regex.error as error:
        return f"no regular expression: {error}"
    return None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    """An expression, compiled once in each process. Raises regex.error."""
    import regex  # takes a while, and most pages have no rules

    return regex.compile(pattern)

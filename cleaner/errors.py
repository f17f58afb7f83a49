"""Every exception that a caller may see. Each prints as one line that names the file, key or address concerned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

__all__ = ["CleanerError", "ConfigError", "FetchError", "PageError", "PublishError", "StateError"]


class CleanerError(Exception):
    """The root. ``exit_code`` is what the command line ends with."""

    exit_code = 1


class ConfigError(CleanerError):
    """A configuration that cannot be used; ``problems`` holds every mistake, one line each, file and key first."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Every mistake on a line of its own."""
        return "\n".join(self.problems)


class PageError(CleanerError):
    """A page that could not be judged at all; ``reason`` is a slug, ``detail`` a sentence."""

    def __init__(self, origin: str, reason: str, detail: str = "") -> None:
        self.origin, self.reason, self.detail = origin, reason, detail
        super().__init__(origin, reason, detail)

    def __str__(self) -> str:
        """One line: where, what, why."""
        return f"{self.origin}: {self.reason}" + (f": {self.detail}" if self.detail else "")


class FetchError(PageError):
    """An address that could not be fetched.

    status: of the answer, 0 where there was none; retry_after: its header of that name; wait: how long its host is not to be
    asked at all, None for any other failure.
    """

    status = 0
    retry_after = ""
    wait: timedelta | None = None


class StateError(CleanerError):
    """State that is locked by another daemon, from a newer version, or damaged."""

    exit_code = 4


class PublishError(CleanerError):
    """A feed that could not be written."""

"""Events -> one line each on standard error, key=value or JSON. What a page or address holds cannot break a line."""

from __future__ import annotations

import sys
from typing import Any, Literal, Protocol

import structlog

__all__ = ["Log", "open_log"]


class Log(Protocol):
    """What the daemon says things to."""

    def info(self, event: str, **facts: Any) -> Any:
        """Something happened as it should."""

    def warning(self, event: str, **facts: Any) -> Any:
        """Something that a person may want to look at."""

    def error(self, event: str, **facts: Any) -> Any:
        """Something that needs a person."""


def open_log(style: Literal["text", "json"]) -> Log:
    """A log in one of the two styles. systemd's journal adds times, so that a line tells its own only outside of it."""
    last: Any = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.processors.LogfmtRenderer(key_order=["time", "level", "event"], drop_missing=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _one_line,
            last,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    log: Log = structlog.get_logger()
    return log


def _one_line(logger: Any, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:  # noqa: ARG001 - structlog's signature
    """All values as text without control characters."""
    return {key: _plain(value) for key, value in event.items()}


def _plain(value: Any) -> Any:
    """A value that takes one line."""
    if not isinstance(value, str):
        return value
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in value
    )

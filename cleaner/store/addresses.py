"""What is known of the addresses that sources lead to, as a table of the database: fetched, waiting, failed, passed over.

An address that an index names is written down at once, with what the index told of it; it is fetched when its turn
comes, this round or a later one, so that a round that ends early forgets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

__all__ = ["Address", "Addresses"]

AddressState = Literal["waiting", "fetched", "failed", "given-up", "passed-over"]


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a source.

    told: what an index said of it, as text that its reader understands (empty where it said nothing); etag, modified: the
    validators of its last answer; tries: failures in a row; next: when it is to be tried again; error: of the last try; number:
    the greater, the later it was written down, or told of anew.
    """

    url: str
    told: str = ""
    etag: str = ""
    modified: str = ""
    state: AddressState = "waiting"
    tries: int = 0
    next: datetime | None = None
    error: str | None = None
    number: int = 0


class _Asks(Protocol):
    """What is asked of the database."""

    def _ask(self, statement: str, *values: object) -> list[Any]: ...


class Addresses:
    """The addresses of all sources."""

    def __init__(self, database: _Asks) -> None:
        self._database = database

    def find(self, source: str, url: str) -> Address | None:
        """What is known of an address; None where it is new."""
        rows = self._say(f"{_SELECT} WHERE source = ? AND url = ?", source, url)
        return _address(rows[0]) if rows else None

    def known(self, source: str) -> dict[str, str]:
        """The addresses of a source, each with what was told of it."""
        return dict(self._say("SELECT url, told FROM addresses WHERE source = ?", source))

    def passed_over(self, source: str) -> set[str]:
        """The addresses of a source that are known and never fetched."""
        return {
            row[0] for row in self._say("SELECT url FROM addresses WHERE source = ? AND state = 'passed-over'", source)
        }

    def latest(self, source: str, most: int) -> list[str]:
        """The greatest of what was told of a source's addresses."""
        rows = self._say("SELECT told FROM addresses WHERE source = ? ORDER BY told DESC LIMIT ?", source, most)
        return [row[0] for row in rows]

    def put(self, source: str, address: Address) -> None:
        """Write down what is known of an address now."""
        self._say(
            f"INSERT OR REPLACE INTO addresses ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            address.url,
            address.told,
            address.etag,
            address.modified,
            address.state,
            address.tries,
            address.next.isoformat() if address.next else None,
            address.error,
            address.number,
            source,
        )

    def number(self, source: str) -> int:
        """The greatest number of a source's addresses."""
        return int(self._say("SELECT coalesce(max(number), 0) FROM addresses WHERE source = ?", source)[0][0])

    def due(self, source: str, now: datetime, most: int) -> list[Address]:
        """The addresses that wait to be fetched, those never tried before those that failed, the latest told of first."""
        rows = self._say(
            f"{_SELECT} WHERE source = ? AND state IN ('waiting', 'failed') AND (next IS NULL OR next <= ?)"
            " ORDER BY tries, number DESC, url LIMIT ?",
            source,
            now.isoformat(),
            most,
        )
        return [_address(row) for row in rows]

    def soonest(self, source: str) -> tuple[bool, datetime | None]:
        """Whether any address waits to be fetched, and when the first of those that failed is to be tried again."""
        rows = self._say(
            "SELECT count(*) FILTER (WHERE next IS NULL), min(next) FROM addresses"
            " WHERE source = ? AND state IN ('waiting', 'failed')",
            source,
        )
        waiting, after = rows[0]
        return bool(waiting), datetime.fromisoformat(after) if after else None

    def failing(self, source: str, most: int = 20) -> list[Address]:
        """The addresses that could not be fetched, with the cause and the next try."""
        rows = self._say(
            f"{_SELECT} WHERE source = ? AND state IN ('failed', 'given-up') ORDER BY url LIMIT ?", source, most
        )
        return [_address(row) for row in rows]

    def forget(self, source: str) -> None:
        """Forget all addresses of a source."""
        self._say("DELETE FROM addresses WHERE source = ?", source)

    def _say(self, statement: str, *values: object) -> list[Any]:
        """Ask the database."""
        return self._database._ask(statement, *values)  # noqa: SLF001 - the two are one, in two files


_COLUMNS = "url, told, etag, modified, state, tries, next, error, number, source"
_SELECT = f"SELECT {_COLUMNS} FROM addresses"


def _address(row: tuple[Any, ...]) -> Address:
    """A row as an address."""
    url, told, etag, modified, state, tries, after, error, number, _ = row
    time = datetime.fromisoformat(after) if after else None
    return Address(url, told, etag, modified, state, tries, time, error, number)

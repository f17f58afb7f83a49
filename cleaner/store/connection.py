"""STATE/cleaner.sqlite3 as a connection: opened, checked, brought to the newest version; its errors in one line.

WAL with synchronous=FULL: what a transaction said is on the disk when it ends. Errors of SQLite leave here as
StateError, one line that names the file.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cleaner.errors import StateError
from cleaner.store.lock import alone_in
from cleaner.store.schema import STEPS

__all__ = ["Connection"]

_BUSY = 10.0  # seconds to wait for another process's transaction


class Connection:
    """A database file, open between ``with`` and its end; safe between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._guard = threading.RLock()

    def __enter__(self) -> Self:
        """Open, check and migrate. Raises StateError for a database that is damaged, locked, or of a newer version."""
        with self._errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with alone_in(self.path.parent):
                self._open()
        return self

    def _open(self) -> None:
        """Open, check and migrate. One opener at a time: SQLite does not wait for another one that turns to WAL."""
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # addresses in it may hold logins
        self._db = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        if self._db.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")
        self._migrate()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self._db.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """SQLite's errors as one line each, with what to do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StateError(f"{self.path}: locked by another program for more than {_BUSY:g} s") from None
            raise StateError(f"{self.path}: {error}") from None
        except sqlite3.DatabaseError as error:
            raise StateError(
                f"{self.path}: damaged ({error}); move it aside and start again: it is made anew from the raw pages kept beside it"
            ) from None
        except OSError as error:
            raise StateError(f"{self.path}: {error.strerror}") from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is said inside, or nothing of it. One inside another is part of that."""
        with self._guard, self._errors():
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _ask(self, sql: str, *values: object) -> list[Any]:
        """The rows that a statement gives."""
        with self._guard, self._errors():
            return self._db.execute(sql, values).fetchall()

    def _migrate(self) -> None:
        """Bring the tables to the newest version, each step whole."""
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(STEPS):
            raise StateError(f"{self.path}: of version {version}; this cleaner knows up to {len(STEPS)}")
        for number in range(version, len(STEPS)):
            self._db.executescript(f"BEGIN IMMEDIATE; {STEPS[number]} PRAGMA user_version = {number + 1}; COMMIT;")

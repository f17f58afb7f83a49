"""Entries, their earlier versions and those withdrawn, as tables of the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cleaner.datatypes import Entry, StoredEntry
from cleaner.dedupe import Known, decide
from cleaner.store.connection import Connection
from cleaner.store.deleted import read_deleted, write_deleted
from cleaner.store.rows import SELECT, adapter, as_text, kept_of
from cleaner.store.stories import Stories

__all__ = ["Entries"]


class Entries(Connection):
    """The part of a store that knows entries."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.stories = Stories(self)
        self._deleted = path.parent / "deleted"

    def known(self, source: str, exact: str, entry: Entry, origin: str) -> list[StoredEntry]:
        """The entries of a source that a new one may be the same as."""
        where = "source = ? AND (exact = ? OR origin = ? OR url = ? OR id = ?)"
        rows = self._ask(f"{SELECT} WHERE {where} ORDER BY id", source, exact, origin, entry.url, entry.id)
        return [kept_of(row) for row in rows]

    def put(self, kept: StoredEntry, *, replaces: str | None = None) -> None:
        """Store an entry, and which story it tells; the text that it replaces, if any, is kept as an earlier version."""
        entry: bytes = adapter().dump_json(kept.entry)
        before = self.entry(kept.source, kept.entry.id)
        if replaces is not None:
            self._ask(
                "INSERT INTO versions (source, id, digest, entry) SELECT source, id, digest, entry FROM entries WHERE source = ? AND id = ?",
                kept.source,
                replaces,
            )
        values = (
            kept.source,
            kept.entry.page_id,
            kept.origin,
            kept.entry.url,
            kept.exact,
            as_text(kept.published),
            as_text(kept.updated),
            entry.decode(),
        )
        self._ask(
            "INSERT INTO entries (id, source, digest, origin, url, exact, published, updated, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, id) DO UPDATE SET digest = excluded.digest, origin = excluded.origin, url = excluded.url, exact = excluded.exact,"
            " updated = excluded.updated, entry = excluded.entry",
            kept.entry.id,
            *values,
        )
        self.stories.place(
            kept.source, kept.entry.id, kept.entry.article.text, before.entry.article.text if before else None
        )

    def newest(self, sources: Sequence[str], most: int) -> list[StoredEntry]:
        """The newest entries of some sources, newest first; of those with one time, by their ids."""
        heads = [
            row
            for source in sources
            for row in self._ask(
                "SELECT published, id, source FROM entries WHERE source = ? ORDER BY published DESC, id LIMIT ?",
                source,
                most,
            )
        ]
        heads.sort(key=lambda row: row[1:])
        heads.sort(key=lambda row: row[0], reverse=True)
        return [
            kept_of(row)
            for _, entry_id, source in heads[:most]
            for row in self._ask(f"{SELECT} WHERE source = ? AND id = ?", source, entry_id)
        ]

    def revisions(self) -> dict[str, int]:
        """A number for each source that has entries, which grows whenever one of them changes."""
        return dict(self._ask("SELECT source, number FROM revisions"))

    def entry_of(self, source: str, digest: str) -> StoredEntry | None:
        """The entry that a page gave, where no later page replaced it."""
        rows = self._ask(f"{SELECT} WHERE source = ? AND digest = ?", source, digest)
        return kept_of(rows[0]) if rows else None

    def withdraw(self, kept: StoredEntry, *, deleted: bool) -> None:
        """Take an entry out, and remember it as it was. deleted: a person did, and it is not to come back."""
        with self.transaction():
            self._ask(
                "INSERT OR REPLACE INTO withdrawn (source, id, origin, url, exact, entry, deleted) VALUES (?, ?, ?, ?, ?, ?, ?)",
                kept.source,
                kept.entry.id,
                kept.origin,
                kept.entry.url,
                kept.exact,
                adapter().dump_json(kept.entry).decode(),
                int(deleted),
            )
            self._ask("DELETE FROM entries WHERE source = ? AND id = ?", kept.source, kept.entry.id)
            if deleted:
                rows = "SELECT id, origin, url, exact, entry FROM withdrawn WHERE source = ? AND deleted ORDER BY id"
                write_deleted(self._deleted, kept.source, self._ask(rows, kept.source))

    def recover_deleted(self, source: str) -> None:
        """Read in what a person deleted of a source, as it stands beside the raw pages, so that they do not bring it back."""
        for row in read_deleted(self._deleted, source):
            self._ask(
                "INSERT OR IGNORE INTO withdrawn (source, id, origin, url, exact, entry, deleted) VALUES (?, ?, ?, ?, ?, ?, 1)",
                source,
                *row,
            )

    def is_deleted(self, source: str, exact: str, entry: Entry, origin: str) -> bool:
        """Whether a person deleted an entry of which this one would be a copy or an update, were it there still."""
        rows = self._ask(
            "SELECT id, url, origin, exact, entry FROM withdrawn"
            " WHERE source = ? AND deleted AND (exact = ? OR id = ? OR url = ? OR origin = ?)",
            *(source, exact, entry.id, entry.url, origin),
        )
        known = (
            Known(one, url, place, print_, adapter().validate_json(told).article.text)
            for one, url, place, print_, told in rows
        )
        return decide(entry, origin, known).kind != "new"

    def earlier(self, kept: StoredEntry) -> list[Entry]:
        """The earlier texts of an entry, oldest first."""
        rows = self._ask(
            "SELECT entry FROM versions WHERE source = ? AND id = ? ORDER BY number", kept.source, kept.entry.id
        )
        return [adapter().validate_json(row[0]) for row in rows]

    def entry(self, source: str, entry_id: str) -> StoredEntry | None:
        """A source's entry of an id."""
        rows = self._ask(f"{SELECT} WHERE source = ? AND id = ?", source, entry_id)
        return kept_of(rows[0]) if rows else None

    def find(self, entry_id: str) -> StoredEntry | None:
        """The entry of an id."""
        rows = self._ask(f"{SELECT} WHERE id = ?", entry_id)
        return kept_of(rows[0]) if rows else None

    def count(self, source: str) -> int:
        """How many entries a source has."""
        return int(self._ask("SELECT count(*) FROM entries WHERE source = ?", source)[0][0])

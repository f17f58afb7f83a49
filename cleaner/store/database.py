"""Pages, entries, versions, rounds and due times, as tables of STATE/cleaner.sqlite3."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from cleaner.datatypes import Entry, Label, LabelledPage, RawPage, StoredEntry
from cleaner.store.addresses import Addresses
from cleaner.store.connection import Connection
from cleaner.store.raw import RawStore
from cleaner.store.rows import SELECT, adapter, as_text, kept_of, pack, unpack
from cleaner.store.stories import Stories

__all__ = ["RoundRow", "Store"]

State = Literal["pending", "published", "copy", "rejected", "quarantined"]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round of a source: when, how long in seconds, what it counted, and its error if it failed."""

    source: str
    started: datetime
    seconds: float
    counts: dict[str, int]
    error: str | None


class Store(Connection):
    """A state folder's database and raw pages. Open it with ``with Store(state_dir) as store``; safe between threads."""

    def __init__(self, state_dir: Path) -> None:
        super().__init__(state_dir / "cleaner.sqlite3")
        self.raw = RawStore(state_dir / "raw")
        self.addresses = Addresses(self)
        self.stories = Stories(self)
        self.quarantine_dir = state_dir / "quarantine"

    def check(self) -> None:
        """Raise StateError where the database does not answer."""
        self._ask("SELECT count(*) FROM due")

    # -------------------------------------------------------------------------------------------------------- pages

    def stamps(self, source: str) -> dict[str, str]:
        """What each known file's stamp was, by name."""
        return dict(self._ask("SELECT name, stamp FROM stamps WHERE source = ?", source))

    def keep_page(self, raw: RawPage, name: str | None = None, stamp: str | None = None) -> bool:
        """Keep a page before it is judged: its bytes, then its row. False where the same bytes are known already."""
        self.raw.keep(raw, self._ask("SELECT coalesce(max(number), 0) + 1 FROM pages")[0][0])
        with self.transaction():
            new = self._insert(raw)
            if name is not None and stamp is not None:
                self.note_stamp(raw.source, name, stamp)
        return new

    def _insert(self, raw: RawPage) -> bool:
        """The row of a page that waits; False where there is one."""
        return bool(
            self._db.execute(
                "INSERT OR IGNORE INTO pages (source, digest, origin, fetched, state) VALUES (?, ?, ?, ?, 'pending')",
                (raw.source, raw.id, raw.origin, as_text(raw.fetched)),
            ).rowcount
        )

    def recover(self, source: str) -> int:
        """Read in the pages that are kept of a source and that the database does not know; how many they were.

        Done once for each source in the life of a database: it is what makes a lost one anew.
        """
        if self._ask("SELECT 1 FROM recovered WHERE source = ?", source):
            return 0
        with self.transaction():
            count = sum(map(self._insert, self.raw.all(source)))
            self._ask("INSERT OR IGNORE INTO recovered VALUES (?)", source)
        return count

    def note_stamp(self, source: str, name: str, stamp: str) -> None:
        """Remember a file, so that it is not opened again before it changes."""
        self._ask("INSERT OR REPLACE INTO stamps VALUES (?, ?, ?)", source, name, stamp)

    def pending(self, source: str) -> list[str]:
        """The digests of the pages kept and not judged yet, in the order in which they came."""
        return [
            row[0]
            for row in self._ask(
                "SELECT digest FROM pages WHERE source = ? AND state = 'pending' ORDER BY number", source
            )
        ]

    def settle(
        self, source: str, digest: str, state: State, reason: str | None = None, labelled: LabelledPage | None = None
    ) -> None:
        """What became of a page, with its verdicts."""
        packed = pack(labelled) if labelled else None
        self._ask(
            "UPDATE pages SET state = ?, reason = ?, verdicts = ? WHERE source = ? AND digest = ?",
            state,
            reason,
            packed,
            source,
            digest,
        )

    def page_states(self, source: str) -> dict[str, int]:
        """How many pages of a source are in which state."""
        return dict(self._ask("SELECT state, count(*) FROM pages WHERE source = ? GROUP BY state", source))

    def verdicts(self, source: str, digest: str) -> list[Any]:
        """The stored verdicts of a page: label, judge, reason, score and text, block by block."""
        rows = self._ask("SELECT verdicts FROM pages WHERE source = ? AND digest = ?", source, digest)
        return unpack(rows[0][0]) if rows and rows[0][0] else []

    def removed(self, source: str) -> dict[str, int]:
        """How many blocks of a source's pages were removed, by label; those used as metadata do not count."""
        counts: Counter[str] = Counter()
        for (packed,) in self._ask("SELECT verdicts FROM pages WHERE source = ? AND verdicts IS NOT NULL", source):
            counts.update(row[0] for row in unpack(packed) if not Label(row[0]).used)
        return dict(counts.most_common())

    # ------------------------------------------------------------------------------------------------------ entries

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

    def samples(self, source: str, most: int) -> list[tuple[int, float, float, bool]]:
        """Of the last pages of a source, oldest first: words of the text, share of the blocks removed, confidence, whether it was rejected.

        Pages that a later version replaced, and copies, are left out.
        """
        rows = self._ask(
            "SELECT p.verdicts, e.entry FROM pages p LEFT JOIN entries e ON e.source = p.source AND e.digest = p.digest"
            " WHERE p.source = ? AND p.verdicts IS NOT NULL AND (e.entry IS NOT NULL OR p.state = 'rejected')"
            " ORDER BY p.number DESC LIMIT ?",
            source,
            most,
        )
        found = []
        for packed, told in reversed(rows):
            if told is None:
                found.append((0, 0.0, 0.0, True))
                continue
            labels = [Label(row[0]) for row in unpack(packed)]
            entry = json.loads(told)
            removed = sum(not label.used for label in labels) / max(1, len(labels))
            found.append((len(entry["article"]["text"].split()), removed, float(entry["confidence"]), False))
        return found

    def entry(self, source: str, entry_id: str) -> StoredEntry | None:
        """A source's entry of an id."""
        rows = self._ask(f"{SELECT} WHERE source = ? AND id = ?", source, entry_id)
        return kept_of(rows[0]) if rows else None

    def find(self, entry_id: str) -> StoredEntry | None:
        """The entry of an id."""
        rows = self._ask(f"{SELECT} WHERE id = ?", entry_id)
        return kept_of(rows[0]) if rows else None

    def find_page(self, url: str) -> RawPage | None:
        """The latest raw page that is kept of an address: one that gave an entry with it, or was fetched from it."""
        rows = self._ask(
            "SELECT source, digest FROM pages WHERE origin = ? OR (source, digest) IN"
            " (SELECT source, digest FROM entries WHERE url = ?) ORDER BY number DESC",
            url,
            url,
        )
        return next((raw for row in rows if (raw := self.raw.read(*row)) is not None), None)

    def latest(self, source: str, origin: str) -> RawPage | None:
        """The latest raw page of a source that came from an origin, where it is still kept."""
        rows = self._ask(
            "SELECT digest FROM pages WHERE source = ? AND origin = ? ORDER BY number DESC LIMIT 1", source, origin
        )
        return self.raw.read(source, rows[0][0]) if rows else None

    def count(self, source: str) -> int:
        """How many entries a source has."""
        return int(self._ask("SELECT count(*) FROM entries WHERE source = ?", source)[0][0])

    # ----------------------------------------------------------------------------------------------- rounds and times

    def note_round(self, row: RoundRow) -> None:
        """Remember a round; only the last hundred of a source are kept."""
        with self.transaction():
            self._ask(
                "INSERT INTO rounds (source, started, seconds, counts, error) VALUES (?, ?, ?, ?, ?)",
                row.source,
                as_text(row.started),
                row.seconds,
                json.dumps(row.counts),
                row.error,
            )
            self._ask(
                "DELETE FROM rounds WHERE source = ? AND number <= (SELECT number FROM rounds WHERE source = ? ORDER BY number DESC LIMIT 1 OFFSET 100)",
                row.source,
                row.source,
            )

    def rounds(self, source: str, most: int = 20) -> list[RoundRow]:
        """The last rounds of a source, latest first."""
        rows = self._ask(
            "SELECT source, started, seconds, counts, error FROM rounds WHERE source = ? ORDER BY number DESC LIMIT ?",
            source,
            most,
        )
        return [
            RoundRow(name, datetime.fromisoformat(started), seconds, json.loads(counts), error)
            for name, started, seconds, counts, error in rows
        ]

    def due(self, source: str) -> datetime | None:
        """When a source's next round is due."""
        rows = self._ask("SELECT time FROM due WHERE source = ?", source)
        return datetime.fromisoformat(rows[0][0]) if rows else None

    def set_due(self, source: str, time: datetime) -> None:
        """Write down when a source's next round is due."""
        self._ask("INSERT OR REPLACE INTO due VALUES (?, ?)", source, as_text(time))

    def state(self, source: str) -> str:
        """What the rounds of a source from the net remember between them, as they wrote it down; empty at first."""
        rows = self._ask("SELECT state FROM states WHERE source = ?", source)
        return str(rows[0][0]) if rows else ""

    def set_state(self, source: str, state: str) -> None:
        """Write down what the next round of a source is to know."""
        self._ask("INSERT OR REPLACE INTO states VALUES (?, ?)", source, state)

    def kept(self, name: str) -> str:
        """A text kept under a name for all sources; empty where there is none."""
        rows = self._ask("SELECT value FROM kept WHERE name = ?", name)
        return str(rows[0][0]) if rows else ""

    def keep(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        self._ask("INSERT OR REPLACE INTO kept VALUES (?, ?)", name, value)

    def forget(self, source: str) -> None:
        """Forget how a source was asked: its state, addresses, due time, and all that is kept under its name. Pages and entries stay."""
        with self.transaction():
            self.addresses.forget(source)
            for table in ("states", "due", "stamps"):
                self._ask(f"DELETE FROM {table} WHERE source = ?", source)
            self._ask("DELETE FROM kept WHERE name IN (?, ?)", f"paused {source}", f"health {source}")
            self._ask("DELETE FROM kept WHERE substr(name, 1, ?) = ?", len(source) + 9, f"archive {source} ")

    # ----------------------------------------------------------------------------------------------------- retention

    def expirable(self, before: datetime) -> list[tuple[str, str]]:
        """Source and digest of the judged pages fetched before a time, oldest first."""
        return [
            (row[0], row[1])
            for row in self._ask(
                "SELECT source, digest FROM pages WHERE state != 'pending' AND fetched < ? ORDER BY fetched, digest",
                before.astimezone(UTC).isoformat(),
            )
        ]

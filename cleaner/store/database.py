"""Pages, entries, versions, rounds and due times, as tables of STATE/cleaner.sqlite3."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cleaner.datatypes import Label, LabelledPage, RawPage
from cleaner.store.addresses import Addresses
from cleaner.store.entries import Entries
from cleaner.store.raw import RawStore
from cleaner.store.rows import as_text, pack, unpack

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


class Store(Entries):
    """A state folder's database and raw pages. Open it with ``with Store(state_dir) as store``; safe between threads."""

    def __init__(self, state_dir: Path) -> None:
        super().__init__(state_dir / "cleaner.sqlite3")
        self.raw = RawStore(state_dir / "raw")
        self.addresses = Addresses(self)
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
        """Read in the pages that are kept of a source and that the database does not know, and what was deleted; how many pages they were.

        Done once for each source in the life of a database: it is what makes a lost one anew.
        """
        if self._ask("SELECT 1 FROM recovered WHERE source = ?", source):
            return 0
        with self.transaction():
            count = sum(map(self._insert, self.raw.all(source)))
            self.recover_deleted(source)
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

    def judged_again(self, source: str, digest: str, labelled: LabelledPage) -> None:
        """The verdicts of a page that was judged anew, of which else all is as it was."""
        self._ask("UPDATE pages SET verdicts = ? WHERE source = ? AND digest = ?", pack(labelled), source, digest)

    def recleanable(self, source: str) -> list[str]:
        """The digests of the pages that entries are made of, and of those rejected, in the order in which they came."""
        rows = self._ask(
            "SELECT digest FROM pages WHERE source = ? AND (state = 'rejected' OR digest IN"
            " (SELECT digest FROM entries WHERE source = ?)) ORDER BY number",
            source,
            source,
        )
        return [row[0] for row in rows]

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

    # ------------------------------------------------------------------------------------------- pages, looked up

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
        last = self.last_digest(source, origin)
        return self.raw.read(source, last) if last else None

    def last_digest(self, source: str, origin: str) -> str | None:
        """The id of the latest page of a source that came from an origin."""
        rows = self._ask(
            "SELECT digest FROM pages WHERE source = ? AND origin = ? ORDER BY number DESC LIMIT 1", source, origin
        )
        return str(rows[0][0]) if rows else None

    def judged(self, source: str, digest: str) -> tuple[str, str]:
        """The state of a page, and the reason for it; empty where nothing is known of it."""
        rows = self._ask(
            "SELECT state, coalesce(reason, '') FROM pages WHERE source = ? AND digest = ?", source, digest
        )
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def tellings(self, source: str, origin: str) -> int:
        """How many pages of a source came from an origin."""
        return int(self._ask("SELECT count(*) FROM pages WHERE source = ? AND origin = ?", source, origin)[0][0])

    def versions(self, source: str, digest: str) -> int:
        """How many pages of a source have the same bytes: ids of later ones have a number behind the digest, ``-2`` say."""
        between = "SELECT count(*) FROM pages WHERE source = ? AND digest >= ? AND digest < ?"
        return int(self._ask(between, source, digest, digest + ".")[0][0])

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

    def expirable(self) -> list[tuple[str, str]]:
        """Source and digest of the judged pages, those that came first before others; of many the raw page is gone already."""
        return [
            tuple(row) for row in self._ask("SELECT source, digest FROM pages WHERE state != 'pending' ORDER BY number")
        ]

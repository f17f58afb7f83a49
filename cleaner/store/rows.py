"""Records <-> the values of the database's rows."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cleaner.datatypes import Entry, LabelledPage, StoredEntry

__all__ = ["SELECT", "adapter", "as_text", "kept_of", "pack", "unpack"]

SELECT = "SELECT entry, source, origin, exact, published, updated FROM entries"  # rows as ``kept_of`` reads them


@cache
def adapter() -> Any:
    """Reads and writes entries as JSON; built on first use, because that takes a while."""
    from pydantic import TypeAdapter

    return TypeAdapter(Entry)


def kept_of(row: tuple[Any, ...]) -> StoredEntry:
    """A row as an entry."""
    entry, source, origin, exact, published, updated = row
    return StoredEntry(
        adapter().validate_json(entry),
        source,
        origin,
        exact,
        datetime.fromisoformat(published),
        datetime.fromisoformat(updated),
    )


def as_text(time: datetime) -> str:
    """A time as text that sorts: UTC, with microseconds always."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def pack(labelled: LabelledPage) -> bytes:
    """All verdicts of a page as one value."""
    rows = [
        [verdict.label.value, verdict.judge.value, verdict.reason, round(verdict.score, 3), block.text]
        for block, verdict in zip(labelled.page.blocks, labelled.verdicts, strict=True)
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=True).encode())


def unpack(packed: bytes) -> list[Any]:
    """The verdicts that ``pack`` packed: label, judge, reason, score and text, block by block."""
    return list(json.loads(zlib.decompress(packed)))

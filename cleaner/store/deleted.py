"""Entries that a person deleted <-> STATE/deleted/<source>.jsonl: one JSON line an entry.

They stand beside the raw pages, because a lost database is made again from those: without this file it would bring back
what a person did not want any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from cleaner.errors import StateError
from cleaner.files import write_whole

__all__ = ["Deleted", "read_deleted", "write_deleted"]

# Of an entry: its id, the name of its page, its address, the print of its text, and the entry itself as JSON.
Deleted = tuple[str, str, str | None, str, str]
_KEYS = ("id", "origin", "url", "exact", "entry")


def write_deleted(folder: Path, source: str, rows: Iterable[Deleted]) -> None:
    """Write down all entries of a source that were deleted. Raises StateError."""
    path = _path(folder, source)
    lines = (json.dumps(dict(zip(_KEYS, row, strict=True)), ensure_ascii=True) + "\n" for row in rows)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, "".join(lines).encode(), 0o600)  # addresses in it may hold logins
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from None


def read_deleted(folder: Path, source: str) -> list[Deleted]:
    """The entries of a source that were deleted; lines that are damaged are passed over. Raises StateError."""
    path = _path(folder, source)
    try:
        told = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from None
    found: list[Deleted] = []
    for line in told:
        try:
            row = json.loads(line)
            found.append((row["id"], row["origin"], row["url"], row["exact"], row["entry"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _path(folder: Path, source: str) -> Path:
    """Where those of a source stand."""
    return folder / f"{source}.jsonl"

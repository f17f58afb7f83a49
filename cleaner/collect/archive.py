"""A WARC file or pipe -> raw pages, kept in the store; a reading that broke off goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cleaner.datatypes import Subscription
from cleaner.errors import PageError
from cleaner.ingest import read_archive
from cleaner.store import Store

__all__ = ["take_archive"]

_BEGIN = 256  # bytes: the first record's date and id stand in them


def take_archive(
    store: Store,
    source: Subscription,
    path: Path,
    most: int,
    problem: Callable[[PageError], None],
    count: Callable[[str], None],
    seen: Callable[[int], None],
) -> None:
    """Keep the pages of an archive that were not read yet. Raises PageError where it cannot be opened or breaks off.

    most: bytes of a page; seen: called with the number of records so far. How far a file was read is written down with each page, so that nothing is read twice; one
    that grew is read on, and one that begins otherwise is another. A pipe is read whole.
    """
    try:
        mark = f"archive {source.name} {_begin_of(path)}" if path.is_file() else ""
        file = path.open("rb")
    except OSError as error:
        raise PageError(str(path), "unreadable", error.strerror or "cannot be opened") from None
    with file:
        skip = int(store.kept(mark) or 0) if mark else 0
        for number, found in read_archive(file, str(path), skip=skip, most=most):
            if isinstance(found, PageError):
                if found.reason == "bad-archive":
                    raise found
                problem(found)
            elif not store.keep_page(replace(found, source=source.name)):
                count("unchanged")
            seen(number)
            if mark:
                store.keep(mark, str(number))


def _begin_of(path: Path) -> str:
    """A print of how a file begins: the same while more is written behind it."""
    with path.open("rb") as file:
        return hashlib.sha256(file.read(_BEGIN)).hexdigest()[:16]

"""A WARC file or pipe -> raw pages, kept in the store; a reading that broke off goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cleaner.datatypes import Subscription
from cleaner.errors import PageError
from cleaner.ingest import read_archive
from cleaner.store import Store

__all__ = ["take_archive"]


def take_archive(
    store: Store,
    source: Subscription,
    path: Path,
    most: int,
    problem: Callable[[PageError], None],
    count: Callable[[str], None],
) -> None:
    """Keep the pages of an archive that were not read yet. Raises PageError where it cannot be opened or breaks off.

    most: bytes of a page. How far it was read is written down with each page, so that nothing is read twice; a file
    that grew is read on.
    """
    mark = f"archive {source.name}"
    try:
        file = path.open("rb")
    except OSError as error:
        raise PageError(str(path), "unreadable", error.strerror or "cannot be opened") from None
    with file:
        for number, found in read_archive(file, str(path), skip=int(store.kept(mark) or 0), most=most):
            if isinstance(found, PageError):
                if found.reason == "bad-archive":
                    raise found
                problem(found)
            elif not store.keep_page(replace(found, source=source.name)):
                count("unchanged")
            store.keep(mark, str(number))

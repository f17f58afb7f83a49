"""Inputs of one-off cleans -> cleaned output, in the order of the inputs. Needs no config and no database."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cleaner import formats
from cleaner.children import Children
from cleaner.datatypes import Claim, Entry, Outcome, RawPage, Rejected, Settings, StoredEntry, Subscription
from cleaner.errors import CleanerError, PageError
from cleaner.files import write_whole
from cleaner.ingest import read_page

__all__ = ["Cleaned", "clean_inputs", "read_input", "show", "write_outputs"]

_SUFFIX = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json", "jsonl": ".jsonl", "atom": ".atom"}
_ONE_OFF = Subscription("")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One input and what became of it."""

    path: str
    result: Outcome | PageError


def read_input(path: str, url: str | None) -> RawPage:
    """The raw page that an argument names: a file, an address, or ``-`` for standard input. Raises PageError."""
    now = datetime.now(UTC)
    if path == "-":
        body = sys.stdin.buffer.read()
        raw = RawPage(hashlib.sha256(body).hexdigest(), "-", "", body, now)
    elif path.startswith(("http://", "https://")):
        from cleaner.fetch import fetch_page

        raw = fetch_page(path, now=now)
    else:
        try:
            raw = read_page(Path(path).resolve(), name=path)
        except (FileNotFoundError, NotADirectoryError):
            raise PageError(path, "not-found", "no such file") from None
        except IsADirectoryError:
            raise PageError(path, "no-file", "is a folder") from None
    return replace(raw, claims=(Claim("url", url, "sidecar"), *raw.claims)) if url else raw


def clean_inputs(paths: Sequence[str], url: str | None, children: Children, progress: Callable[[], None]) -> Iterator[Cleaned]:
    """What became of each input, in order. An input that cannot be read is an error among the results."""
    failed: dict[int, PageError] = {}

    def tasks() -> Iterator[tuple[RawPage, Subscription]]:
        """The pages that could be read, read when their turn comes."""
        for number, path in enumerate(paths):
            try:
                yield read_input(path, url), _ONE_OFF
            except PageError as error:
                failed[number] = error

    results = children.clean(tasks())
    for number, path in enumerate(paths):
        result = None if number in failed else next(results, None)
        if number in failed:  # found out while looking for the next result: that one belongs to a later input
            yield Cleaned(path, failed[number])
            if result is not None:
                results = _before(result, results)
        elif result is not None:
            yield Cleaned(path, result)
        progress()


def _before(first: Outcome | PageError, rest: Iterator[Outcome | PageError]) -> Iterator[Outcome | PageError]:
    """One result, then the others."""
    yield first
    yield from rest


def show(cleaned: Cleaned, style: str, settings: Settings | None = None) -> str:
    """One result in the format asked for; empty where a rejected page has no text to show."""
    if isinstance(cleaned.result, PageError):
        return formats.dump_json(formats.failed_json(cleaned.path, cleaned.result)) + "\n" if style in {"json", "jsonl"} else ""
    if style in {"json", "jsonl"}:
        value = formats.to_json(cleaned.path, cleaned.result)
        return formats.dump_json(value, indent=2 if style == "json" else None) + "\n"
    if isinstance(cleaned.result.result, Rejected):
        return ""
    writers = {"text": formats.to_text, "markdown": formats.to_markdown, "html": formats.to_html}
    return writers[style](cleaned.result.result)


def to_atom(results: Sequence[Cleaned], authority: str) -> bytes:
    """The entries among some results as one Atom feed."""
    from cleaner.publish import Feed, atom_feed

    entries = [cleaned.result.result for cleaned in results if isinstance(cleaned.result, Outcome) and isinstance(cleaned.result.result, Entry)]
    stored = tuple(_stored(entry) for entry in entries)
    feed = Feed("clean", "Cleaned pages", "http://127.0.0.1:8490/feeds/clean.atom", "http://127.0.0.1:8490/", authority, stored)
    return atom_feed(feed)


def _stored(entry: Entry) -> StoredEntry:
    """An entry as a feed takes it."""
    published = entry.published or entry.fetched
    return StoredEntry(entry, "", "", "", (), published, max(published, entry.updated or published))


def write_outputs(results: Sequence[Cleaned], style: str, folder: Path, authority: str) -> None:
    """One file an input, named after it; the name of an input that stands twice gets a number. Raises CleanerError."""
    names: set[str] = set()
    for cleaned in results:
        body = to_atom([cleaned], authority) if style == "atom" else show(cleaned, style).encode("utf-8", "replace")
        if isinstance(cleaned.result, PageError) or (not body and style != "atom"):
            continue
        name = _name(cleaned.path, names)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / (name + _SUFFIX[style]), body)
        except OSError as error:
            raise CleanerError(f"{folder / (name + _SUFFIX[style])}: {error.strerror}") from None


def _name(path: str, names: set[str]) -> str:
    """A file's name for an input, unlike those given before."""
    stem = Path(path.rstrip("/").split("?")[0]).stem if path != "-" else "stdin"
    stem = "".join(character if character.isalnum() or character in "._-" else "-" for character in stem)[:80] or "page"
    name, number = stem, 1
    while name in names:
        number += 1
        name = f"{stem}-{number}"
    names.add(name)
    return name

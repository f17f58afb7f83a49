"""Inputs of one-off cleans -> cleaned output, in the order of the inputs. Needs no config and no database."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cleaner import formats
from cleaner.children import Children
from cleaner.cli.progress import bar
from cleaner.config import find_config, load_knowledge
from cleaner.datatypes import Claim, Entry, Outcome, RawPage, Rejected, Settings, StoredEntry, Subscription
from cleaner.errors import CleanerError, ConfigError, PageError
from cleaner.files import write_whole
from cleaner.ingest import read_page
from cleaner.run import utc_now

__all__ = ["Cleaned", "clean_all", "clean_inputs", "read_input", "show", "tell_notes"]

_SUFFIX = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json", "jsonl": ".jsonl", "atom": ".atom"}
_ONE_OFF = Subscription("")
_TOGETHER = 80 << 20  # bytes that the pages of one article may have together


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One input and what became of it."""

    path: str
    result: Outcome | PageError


def clean_all(inputs: Sequence[str], style: str, *, url: str | None, config: Path | None, output: Path | None) -> int:
    """Clean all inputs, write what they give, and tell of those that give nothing; the exit code. Raises ConfigError."""
    if url is not None and len(inputs) > 1:
        raise ConfigError(["--url names the address of one page, but there are several inputs"])
    limits = Settings(Path(), Path())
    knowledge = load_knowledge(find_config(config)) if config else None
    workers = min(len(inputs), os.cpu_count() or 1)
    failed = 0
    feed: list[Cleaned] = []
    names: set[str] = set()
    with (
        Children(workers, limits.page_seconds, limits.page_memory, knowledge, limits.authority) as children,
        bar(len(inputs)) as advance,
    ):
        for cleaned in clean_inputs(inputs, url, children, advance):
            failed += isinstance(cleaned.result, PageError)
            _tell(cleaned, style)
            if output is not None:
                _write_output(cleaned, style, output, names, limits.authority)
            elif style == "atom":
                feed.append(cleaned)
            else:
                sys.stdout.write(show(cleaned, style))
                sys.stdout.flush()
    if style == "atom" and output is None:
        sys.stdout.write(to_atom(feed, limits.authority).decode())
    return 0 if not failed else 3 if failed == len(inputs) else 1


def _tell(cleaned: Cleaned, style: str) -> None:
    """One line on standard error for an input that gives no article (JSON says it of itself), and for each note."""
    if isinstance(cleaned.result, PageError):
        print(f"cleaner: {cleaned.result}", file=sys.stderr)
        return
    tell_notes(cleaned.path, cleaned.result)
    if isinstance(cleaned.result.result, Rejected) and style not in {"json", "jsonl"}:
        print(f"cleaner: {cleaned.path}: rejected: {cleaned.result.result.reason}", file=sys.stderr)


def tell_notes(path: str, outcome: Outcome) -> None:
    """One line on standard error for each note on a page: a rule passed over, much text left out."""
    for note in outcome.labelled.notes:
        print(f"cleaner: {path}: {note}", file=sys.stderr)


def read_input(path: str, url: str | None, children: Children) -> RawPage:
    """The raw page that an argument names: a file, an address, or ``-`` for standard input. Raises PageError.

    children: find the further pages of an article at an address.
    """
    now = utc_now()
    if path == "-":
        body = sys.stdin.buffer.read()
        raw = RawPage(hashlib.sha256(body).hexdigest(), "-", "", body, now)
    elif path.startswith(("http://", "https://")):
        raw = _fetch(path, children, now)
    else:
        try:
            raw = read_page(Path(path).resolve(), name=path)
        except (FileNotFoundError, NotADirectoryError):
            raise PageError(path, "not-found", "no such file") from None
        except IsADirectoryError:
            raise PageError(path, "no-file", "is a folder") from None
    return replace(raw, claims=(Claim("url", url, "sidecar"), *raw.claims)) if url else raw


def _fetch(url: str, children: Children, now: datetime) -> RawPage:
    """The article at an address, with its further pages as a round would have them. Raises FetchError where its first cannot be had.

    A page that holds the whole article and cannot be had is told on standard error, a further page in a note on the article.
    """
    from cleaner.collect.further import further_pages, raw_of
    from cleaner.fetch import fetch_page, without_login

    origin = without_login(url)
    answer, ask = fetch_page(url)
    found = further_pages(answer, origin, ask, children, _TOGETHER)
    if found.trouble is not None:
        print(f"cleaner: {found.trouble}", file=sys.stderr)
    if found.error is not None:
        found = replace(found, lacks=f"{found.lacks}: {found.error}")
    return raw_of(found, origin, now)


def clean_inputs(
    paths: Sequence[str], url: str | None, children: Children, progress: Callable[[], None]
) -> Iterator[Cleaned]:
    """What became of each input, in order. An input that cannot be read is an error among the results."""
    failed: dict[int, PageError] = {}

    def tasks() -> Iterator[tuple[RawPage, Subscription]]:
        """The pages that could be read, read when their turn comes."""
        for number, path in enumerate(paths):
            try:
                yield read_input(path, url, children), _ONE_OFF
            except PageError as error:
                failed[number] = error

    results = children.clean(tasks())
    early: Outcome | PageError | None = None  # a result that came while an earlier input was found to have failed
    for number, path in enumerate(paths):
        if number not in failed and early is None:
            early = next(results, None)
        if number in failed:
            yield Cleaned(path, failed[number])
        elif early is not None:
            yield Cleaned(path, early)
            early = None
        progress()


def show(cleaned: Cleaned, style: str) -> str:
    """One result in the format asked for; empty where a rejected page has no text to show."""
    if isinstance(cleaned.result, PageError):
        return (
            formats.dump_json(formats.failed_json(cleaned.path, cleaned.result)) + "\n"
            if style in {"json", "jsonl"}
            else ""
        )
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

    entries = [
        cleaned.result.result
        for cleaned in results
        if isinstance(cleaned.result, Outcome) and isinstance(cleaned.result.result, Entry)
    ]
    stored = tuple(_stored(entry) for entry in entries)
    feed = Feed(
        "clean", "Cleaned pages", "http://127.0.0.1:8490/feeds/clean.atom", "http://127.0.0.1:8490/", authority, stored
    )
    return atom_feed(feed)


def _stored(entry: Entry) -> StoredEntry:
    """An entry as a feed takes it."""
    published = entry.published or entry.fetched
    return StoredEntry(entry, "", "", "", published, max(published, entry.updated or published))


def _write_output(cleaned: Cleaned, style: str, folder: Path, names: set[str], authority: str) -> None:
    """Write what an input gives to a file named after it; a name that stands twice gets a number. Raises CleanerError."""
    nothing = isinstance(cleaned.result, PageError) or (
        isinstance(cleaned.result.result, Rejected) and style not in {"json", "jsonl"}
    )
    if nothing:
        return
    body = to_atom([cleaned], authority) if style == "atom" else show(cleaned, style).encode("utf-8", "replace")
    path = folder / (_name(cleaned.path, names) + _SUFFIX[style])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, body)
    except OSError as error:
        raise CleanerError(f"{path}: {error.strerror}") from None


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

"""``cleaner reclean``, ``history`` and ``delete``: care of the entries that are there."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from cleaner.children import Children
from cleaner.cli.progress import bar
from cleaner.cli.rounds import choose
from cleaner.datatypes import Entry, Settings, StoredEntry
from cleaner.errors import PageError
from cleaner.formats import show_time
from cleaner.publishing import Publisher
from cleaner.reclean import Change, reclean
from cleaner.run import utc_now
from cleaner.store import StateLock, Store

__all__ = ["delete_entry", "reclean_sources", "show_history"]


def reclean_sources(settings: Settings, names: Sequence[str], *, dry_run: bool, announce: bool) -> int:
    """Make the entries of sources anew from their raw pages, and print what changes; the exit code. Raises ConfigError, StateError."""
    chosen = choose(settings, names)
    counts = dict.fromkeys(("text", "facts", "comes", "goes"), 0)
    failed = 0

    def problem(error: PageError) -> None:
        """A page that cannot be cleaned; its entry stays."""
        nonlocal failed
        failed += 1
        print(f"cleaner: {error}", file=sys.stderr)

    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(StateLock(settings.state_dir))
        store = stack.enter_context(Store(settings.state_dir))
        children = stack.enter_context(
            Children(
                settings.children, settings.page_seconds, settings.page_memory, settings.knowledge, settings.authority
            )
        )
        for source in chosen:
            with bar(len(store.recleanable(source.name))) as advance:
                for change in reclean(
                    store,
                    source,
                    children,
                    announce=utc_now() if announce else None,
                    dry_run=dry_run,
                    problem=problem,
                    progress=advance,
                ):
                    counts[change.kind] += 1
                    print(f"{source.name}: {_line(change)}")
        changed = () if dry_run else Publisher().publish(settings, store)
    verb = "would change" if dry_run else "changed"
    print(
        f"{counts['text']} texts and {counts['facts']} facts {verb}, {counts['comes']} entries come, {counts['goes']} go"
        + (f"; feeds: {len(changed)} files written" if changed else "")
    )
    return 1 if failed else 0


def _line(change: Change) -> str:
    """A change in a line."""
    told = {
        "text": f"+{change.added} -{change.gone} words",
        "facts": "",
        "comes": f"is an article now, {change.added} words",
        "goes": f"is no article: {change.reason}",
    }[change.kind]
    about = ", ".join(filter(None, (told, *change.facts)))
    return f"{change.title}: {about} ({change.id})"


def show_history(settings: Settings, entry_id: str) -> None:
    """Print how an entry's text changed, version by version, as a unified diff of its paragraphs. Raises PageError."""
    with Store(settings.state_dir) as store:
        kept = _found(store, entry_id)
        versions = store.earlier(kept)
    if not versions:
        print(f"{kept.entry.article.title}: one version, of {show_time(kept.entry.fetched)}")
    told = [*versions, kept.entry]
    for number in range(1, len(told)):
        sys.stdout.writelines(f"{line}\n" for line in _differences(told, number))


def _differences(told: Sequence[Entry], number: int) -> Iterator[str]:
    """The lines in which a version differs from the one before, title and paragraphs. Two may be of one page, judged anew."""
    pair = told[number - 1 : number + 1]
    sides = [[entry.article.title, *entry.article.text.split("\n\n")] for entry in pair]
    names = [
        f"version {place} of {len(told)}, page of {show_time(one.fetched)}" for place, one in enumerate(pair, number)
    ]
    yield from difflib.unified_diff(sides[0], sides[1], names[0], names[1], lineterm="", n=1)


def delete_entry(settings: Settings, entry_id: str) -> None:
    """Take an entry out of the feeds for good, and name those of other sources that tell the same. Raises PageError, StateError."""
    with StateLock(settings.state_dir), Store(settings.state_dir) as store:
        kept = _found(store, entry_id)
        others = [one for one in store.stories.members(kept.source, kept.entry.id) if one.id != kept.entry.id]
        store.withdraw(kept, deleted=True)
        Publisher().publish(settings, store)
    print(f"deleted: {kept.entry.article.title}; it does not come back, also where the source shows it again")
    for other in others:
        print(f"{other.source} tells the same story, which feeds of several sources show now: {other.id}")


def _found(store: Store, entry_id: str) -> StoredEntry:
    """The entry of an id. Raises PageError."""
    kept = store.find(entry_id)
    if kept is None:
        raise PageError(entry_id, "not-found", "no entry has this id")
    return kept

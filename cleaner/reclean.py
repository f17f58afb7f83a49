"""Raw pages that are kept + today's rules and model -> what would be other in their entries, and the entries made anew.

An entry keeps its id and its times: a better cleaner is no news of the publisher's, unless a person wants it announced. The
earlier text stays as a version. A page that is now no article takes its entry out of the feeds; one that now is brings a new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from cleaner.children import Children
from cleaner.datatypes import Entry, Outcome, RawPage, Rejected, StoredEntry, Subscription
from cleaner.dedupe import exact_print
from cleaner.errors import PageError
from cleaner.run import as_before, stored_of
from cleaner.store import Store
from cleaner.text import words

__all__ = ["Change", "reclean"]

_FACTS = (
    "authors",
    "contributors",
    "published",
    "published_precision",
    "language",
    "site",
    "source",
    "via",
    "flags",
    "image",
    "rights",
    "categories",
    "enclosures",
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is other in an entry.

    kind: its text (or title), only what is told of it, or it comes or goes; added, gone: words of the text that were not there
    before and that are not there any more; facts: the names of those that are other; reason: why it goes.
    """

    kind: Literal["text", "facts", "comes", "goes"]
    id: str
    title: str
    added: int = 0
    gone: int = 0
    facts: tuple[str, ...] = ()
    reason: str = ""


def reclean(
    store: Store,
    source: Subscription,
    children: Children,
    *,
    announce: datetime | None,
    dry_run: bool,
    problem: Callable[[PageError], None],
    progress: Callable[[], None],
) -> Iterator[Change]:
    """Clean all kept pages of a source again; what changes, page by page, in the order in which they came.

    announce: the time that changed entries get as ``updated``, None to leave it as it is; dry_run: nothing is stored; problem: told
    of each page that could not be cleaned, whose entry stays as it is; progress: called after each page.
    """
    pages = store.recleanable(source.name)
    waiting: list[RawPage] = []

    def tasks() -> Iterator[tuple[RawPage, Subscription]]:
        """The pages that are kept still."""
        for digest in pages:
            if (raw := store.raw.read(source.name, digest)) is not None:
                waiting.append(raw)
                yield raw, source

    for outcome in children.clean(tasks()):
        raw = waiting.pop(0)
        progress()
        if isinstance(outcome, PageError):
            problem(outcome)
            continue
        before = store.entry_of(source.name, raw.id)
        change = _change(store, before, outcome.result, raw)
        if not dry_run:
            _store(store, before, change, outcome, raw, announce)
        if change is not None:
            yield change


def _store(
    store: Store,
    before: StoredEntry | None,
    change: Change | None,
    outcome: Outcome,
    raw: RawPage,
    announce: datetime | None,
) -> None:
    """Keep what came of a page, its verdicts in any case."""
    with store.transaction():
        if isinstance(outcome.result, Rejected):
            if before is not None:
                store.withdraw(before, deleted=False)
            store.settle(raw.source, raw.id, "rejected", outcome.result.reason, outcome.labelled)
        elif change is None:
            store.judged_again(raw.source, raw.id, outcome.labelled)
        else:
            made = _made(outcome.result, raw, before, announce)
            store.put(made, replaces=made.entry.id if change.kind == "text" else None)
            store.settle(raw.source, raw.id, "published", made.entry.id, outcome.labelled)


def _is_known(store: Store, after: Entry, raw: RawPage) -> bool:
    """Whether another page gave the article already, or a person deleted it."""
    exact = exact_print(after.article.text)
    deleted = store.is_deleted(raw.source, exact, after, raw.origin)
    return deleted or bool(store.known(raw.source, exact, after, raw.origin))


def _change(store: Store, before: StoredEntry | None, after: Entry | Rejected, raw: RawPage) -> Change | None:
    """What is other; None where nothing is that readers see."""
    if isinstance(after, Rejected):
        if before is None:
            return None
        return Change("goes", before.entry.id, before.entry.article.title, reason=after.reason)
    if before is None:
        if _is_known(store, after, raw):
            return None
        return Change("comes", after.id, after.article.title, added=len(words(after.article.text)))
    old, after = before.entry, as_before(after, before.entry)
    facts = tuple(name for name in _FACTS if getattr(old, name) != getattr(after, name))
    if (old.article.title, old.article.html) != (after.article.title, after.article.html):
        added, gone = _difference(words(old.article.text), words(after.article.text))
        return Change("text", old.id, after.article.title, added, gone, facts)
    return Change("facts", old.id, after.article.title, facts=facts) if facts else None


def _difference(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many words came and went, wherever they stand."""
    was, now = Counter(old), Counter(new)
    return (now - was).total(), (was - now).total()


def _made(after: Entry, raw: RawPage, before: StoredEntry | None, announce: datetime | None) -> StoredEntry:
    """The entry as it is to be stored."""
    exact = exact_print(after.article.text)
    if before is None:
        return stored_of(after, raw, exact, None)
    entry = as_before(after, before.entry)
    updated = max(announce, before.updated) if announce is not None else before.updated
    return replace(before, entry=entry, exact=exact, updated=updated)

"""One ROUND of a source: ingest -> keep -> clean in children -> dedupe -> store.

Each step leaves the state such that the next round can go on from it: a page is kept before it is judged, an entry
and its page's state are one transaction, and feeds are written from what is stored (``publishing``). So a crash between any two steps
costs nothing but the time until the next round. Only this module and the daemon read the clock.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from cleaner.children import Children
from cleaner.collect import WALLS, Round, Visitor, ask_again, learn_fulltext, take_archive, take_in
from cleaner.datatypes import Decision, Entry, Outcome, RawPage, Rejected, Settings, StoredEntry, Subscription
from cleaner.dedupe import Known, decide, exact_print
from cleaner.errors import PageError
from cleaner.files import sweep, write_whole
from cleaner.ingest import run_command, scan
from cleaner.ingest.folder import move_aside
from cleaner.store import RoundRow, Store
from cleaner.watch import watch_source

__all__ = ["RoundReport", "as_before", "expire", "run_round", "stored_of", "utc_now"]

Progress = Callable[[int, int, str], None]
_PAGES = 4  # times the bytes of a page that the pages of one article may have together
_JUDGED = frozenset({"new", "update", "copy", "rejected"})
_COMMAND = 300.0  # seconds that a program may take to print its pages
_BROKE = frozenset(
    {"timeout", "too-large", "command-failed", "stopped"}
)  # what is wrong with a program, not with a page


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the wall clock


@dataclass
class RoundReport:
    """What a round did. counts: ``new updated copy rejected quarantined``; removed: blocks by label; problems: one line each."""

    source: str
    counts: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None

    def problem(self, error: PageError) -> None:
        """Note a page that could not be had."""
        self.problems.append(str(error))

    def count(self, what: str) -> None:
        """Count a page."""
        self.counts[what] += 1


def run_round(
    settings: Settings,
    store: Store,
    subscription: Subscription,
    children: Children,
    *,
    visitor: Visitor | None = None,
    early: bool = False,
    clock: Callable[[], datetime] = utc_now,
    progress: Progress | None = None,
) -> RoundReport:
    """One round of a source. Its own mistakes are in the report; only a state that cannot be used raises (StateError).

    visitor: asks the net, for sources that need it; early: asks also what is not due yet by its own rate; clock: tells the time; progress:
    called with pages done, pages known of (0 while that is not known), and the name of the last one.
    """
    report = RoundReport(subscription.name)
    started, begun = clock(), time.monotonic()
    rest: Callable[[], None] | None = None
    try:
        store.recover(subscription.name)
        rest = _take_in(settings, store, subscription, children, visitor, report, started, progress, early=early)
    except PageError as error:
        report.error = None if error.reason == "stopped" else str(error)
    except OSError as error:  # a full disk, say: what was kept is taken up again by the next round
        report.error = f"{error.filename or store.path.parent}: {error.strerror}"
    try:
        _clean(store, subscription, children, report, progress)
        if rest is not None:
            rest()
            _clean(store, subscription, children, report, progress)
        if subscription.after == "move" and subscription.path is not None:
            move_aside(subscription.path, store.stamps(subscription.name))
    except OSError as error:
        report.error = f"{error.filename or store.path.parent}: {error.strerror}"
    report.seconds = time.monotonic() - begun
    store.note_round(
        RoundRow(
            subscription.name,
            started,
            report.seconds,
            {**report.counts, "removed": report.removed.total()},
            report.error,
        )
    )
    judged = bool(report.counts.keys() & _JUDGED)
    watch_source(store, subscription.name, subscription.title or subscription.name, started, judged=judged)
    return report


def _take_in(
    settings: Settings,
    store: Store,
    subscription: Subscription,
    children: Children,
    visitor: Visitor | None,
    report: RoundReport,
    now: datetime,
    progress: Progress | None,
    *,
    early: bool,
) -> Callable[[], None] | None:
    """Keep every page that is new at the source; what cannot be read as a page is quarantined. Raises PageError.

    What is returned, if anything, takes in further pages once those are cleaned.
    """
    if subscription.kind == "folder":
        _take_folder(settings, store, subscription, report, now)
    elif subscription.kind == "command":
        _take_printed(settings, store, subscription, report, now, visitor)
    elif subscription.path is not None:
        name, most = str(subscription.path), settings.page_bytes
        seen = (lambda number: progress(number, 0, name)) if progress is not None else (lambda number: None)  # noqa: ARG005
        take_archive(store, subscription, subscription.path, most, report.problem, report.count, seen)
    elif subscription.kind != "push":  # what was pushed is kept already
        assert visitor is not None, "a source from the net needs a visitor"
        most = _PAGES * settings.page_bytes
        means = Round(store, subscription, visitor, children, now, report.problem, report.count, most)
        return take_in(means, early=early)
    return None


def _take_printed(
    settings: Settings,
    store: Store,
    subscription: Subscription,
    report: RoundReport,
    now: datetime,
    visitor: Visitor | None,
) -> None:
    """Keep every page that is new of those that a program prints. Raises PageError where the program itself failed."""
    most, over = settings.page_bytes, visitor.over if visitor is not None else _never
    for found in run_command(
        subscription.command, seconds=_COMMAND, most=most, now=now, source=subscription.name, over=over
    ):
        if isinstance(found, PageError) and found.reason in _BROKE:
            raise found
        if isinstance(found, PageError):
            _quarantine(store, subscription.name, found, None, report)
        elif not store.keep_page(found):
            report.count("unchanged")


def _never() -> bool:
    """Nobody asks us to end."""
    return False


def _take_folder(
    settings: Settings, store: Store, subscription: Subscription, report: RoundReport, now: datetime
) -> None:
    """Keep every page that is new in the folder."""
    for name, stamp, found in scan(subscription, now, settings.page_bytes, store.stamps(subscription.name)):
        if isinstance(found, PageError):
            _quarantine(store, subscription.name, found, None, report)
            store.note_stamp(subscription.name, name, stamp)
        elif not store.keep_page(found, name, stamp):
            report.counts["unchanged"] += 1


def _clean(
    store: Store, subscription: Subscription, children: Children, report: RoundReport, progress: Progress | None
) -> None:
    """Clean all pages that wait, in the order in which they were fetched, and store what comes of them."""
    digests = store.pending(subscription.name)
    waiting: list[RawPage] = []

    def tasks() -> Iterator[tuple[RawPage, Subscription]]:
        """The pages, read when their turn comes."""
        for digest in digests:
            if (raw := store.raw.read(subscription.name, digest)) is None:
                store.settle(subscription.name, digest, "quarantined", "raw-page-lost")
                continue
            waiting.append(raw)
            yield raw, subscription

    for done, outcome in enumerate(children.clean(tasks()), 1):
        raw = waiting.pop(0)
        if isinstance(outcome, PageError):
            _quarantine(store, subscription.name, outcome, raw, report)
        else:
            _keep(store, raw, outcome, report)
        if progress is not None:
            progress(done, len(digests), raw.origin)


def _quarantine(store: Store, source: str, error: PageError, raw: RawPage | None, report: RoundReport) -> None:
    """Put a page aside with its reason; the round goes on."""
    report.counts["quarantined"] += 1
    report.problems.append(str(error))
    reason = {"source": source, "origin": error.origin, "reason": error.reason, "detail": error.detail}
    name = raw.id if raw else exact_print(f"{source} {error.origin}")
    store.quarantine_dir.mkdir(parents=True, exist_ok=True)
    sweep(store.quarantine_dir)
    if raw is not None:
        write_whole(store.quarantine_dir / name, raw.body)
    write_whole(
        store.quarantine_dir / f"{name}.reason",
        (json.dumps(reason, ensure_ascii=False) + "\n").encode("utf-8", "replace"),
    )
    if raw is not None:
        store.settle(source, raw.id, "quarantined", error.reason)


def _keep(store: Store, raw: RawPage, outcome: Outcome, report: RoundReport) -> None:
    """Store what came of a page: its verdicts, and its entry if it is one that we did not have."""
    report.problems.extend(f"{raw.origin}: {note}" for note in outcome.labelled.notes)
    report.removed.update(verdict.label.value for verdict in outcome.labelled.verdicts if not verdict.label.used)
    if isinstance(outcome.result, Rejected):
        report.counts["rejected"] += 1
        report.problems.append(f"{raw.origin}: rejected: {outcome.result.reason}")
        store.settle(raw.source, raw.id, "rejected", outcome.result.reason, outcome.labelled)
        if outcome.result.reason in WALLS:
            ask_again(store, raw, outcome.result.reason)
        return
    entry = outcome.result
    exact = exact_print(entry.article.text)
    if store.is_deleted(raw.source, exact, entry, raw.origin):
        report.counts["deleted"] += 1
        store.settle(raw.source, raw.id, "copy", "deleted", outcome.labelled)
        return
    candidates = store.known(raw.source, exact, entry, raw.origin)
    decision = decide(
        entry,
        raw.origin,
        (Known(kept.entry.id, kept.entry.url, kept.origin, kept.exact, kept.entry.article.text) for kept in candidates),
    )
    own = next((kept for kept in candidates if kept.exact == exact and kept.origin == raw.origin), None)
    if decision.kind == "copy" and own is not None and _corrected(own.entry, entry):
        decision = Decision("update", own.entry.id)
    report.counts[decision.kind] += 1
    with store.transaction():
        if decision.kind != "copy":
            before = next((kept for kept in candidates if kept.entry.id == decision.of), None)
            store.put(stored_of(entry, raw, exact, before), replaces=decision.of)
        store.settle(
            raw.source, raw.id, "copy" if decision.kind == "copy" else "published", decision.of, outcome.labelled
        )
    if outcome.carried:
        ask_again(store, raw, outcome.carried)
    else:
        learn_fulltext(store, raw, entry.article.text)


def _corrected(before: Entry, entry: Entry) -> bool:
    """Whether an entry whose text is as it was has another title or other authors."""
    return (before.article.title, before.authors) != (entry.article.title, entry.authors)


def stored_of(entry: Entry, raw: RawPage, exact: str, before: StoredEntry | None) -> StoredEntry:
    """The entry with its times; an update keeps the id and the place of what it replaces, and moves ``updated`` on."""
    published = _place(entry)
    updated = max(entry.updated or published, published)
    if before is not None:
        entry = as_before(entry, before.entry)
        published = before.published
        updated = max(updated, raw.fetched, before.updated)
    return StoredEntry(entry, raw.source, raw.origin, exact, published, updated)


def as_before(entry: Entry, before: Entry) -> Entry:
    """A later version of an entry under the id that it had, and with the time of publication that was told first, if one was.

    How exact that time is, and who told it, go with it.
    """
    entry = replace(entry, id=before.id)
    if before.published is None or (before.published, before.published_precision) == (
        entry.published,
        entry.published_precision,
    ):
        return entry
    told = tuple(witness for witness in before.witnesses if witness.fact == "published")
    others = tuple(witness for witness in entry.witnesses if witness.fact != "published")
    return replace(
        entry,
        published=before.published,
        published_precision=before.published_precision,
        witnesses=(*others, *told),
    )


def _place(entry: Entry) -> datetime:
    """The time by which an entry is sorted: when it was published; of one that tells only that day, when it was seen on it first."""
    if entry.published is None:
        return entry.fetched
    seen = entry.fetched.astimezone(entry.published.tzinfo)
    return (
        entry.fetched
        if entry.published_precision == "day" and seen.date() == entry.published.date()
        else entry.published
    )


def expire(settings: Settings, store: Store, now: datetime) -> int:
    """Forget raw pages kept for longer than ``raw``, and those kept longest beyond ``max_disk``; how many. Only judged pages ever go.

    What counts is since when they are kept: a page of an old archive may be asked about like any other.
    """
    judged = [(*page, since) for page in store.expirable() if (since := store.raw.since(*page)) is not None]
    old = [page for page in judged if page[2] < now - settings.raw]
    gone = sum(store.raw.remove(source, digest) > 0 for source, digest, _ in old)
    size = store.raw.size()
    for source, digest, _ in judged if size > settings.max_disk else ():
        if size <= settings.max_disk:
            break
        freed = store.raw.remove(source, digest)
        size, gone = size - freed, gone + (freed > 0)
    return gone

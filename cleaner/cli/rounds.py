"""``cleaner update`` and ``cleaner status``: rounds on demand, and what they did."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from typing import Any

from cleaner.children import Children
from cleaner.cli.progress import bar, counter
from cleaner.collect import Visitor, open_visitor, read_state
from cleaner.datatypes import Settings, Subscription
from cleaner.errors import ConfigError, PageError
from cleaner.fetch import without_login
from cleaner.formats import dump_json, show_time
from cleaner.ingest import scan
from cleaner.publishing import Publisher
from cleaner.run import RoundReport, expire, run_round, utc_now
from cleaner.store import StateLock, Store

__all__ = ["choose", "show_status", "update_sources"]


def update_sources(settings: Settings, names: Sequence[str], *, dry_run: bool) -> int:
    """One round of the named sources, or of all; the exit code. Raises ConfigError, StateError, PublishError."""
    chosen = choose(settings, names)
    if dry_run:
        return _dry_run(settings, chosen)
    with StateLock(settings.state_dir), Store(settings.state_dir) as store:
        chosen = [source for source in chosen if names or not _is_paused(store, source)]
        visitor = open_visitor(settings, utc_now, store)
        with Children(
            settings.children, settings.page_seconds, settings.page_memory, settings.knowledge, settings.authority
        ) as children:
            reports = _rounds(settings, store, chosen, children, visitor)
        visitor.remember()
        publisher = Publisher()
        changed = publisher.publish(settings, store)
        expire(settings, store, utc_now())
    for report in reports:
        _print(report)
    print(
        f"feeds: {len(changed)} files written in {settings.feeds_dir}"
        if changed
        else f"feeds: nothing changed in {settings.feeds_dir}"
    )
    for line in publisher.cut:
        print(f"feed {line}")
    broken = [report for report in reports if report.error]
    if broken:
        return 3 if len(broken) == len(reports) else 1
    return 1 if any(report.counts["quarantined"] for report in reports) else 0


def _is_paused(store: Store, source: Subscription) -> bool:
    """Whether a source is not to be asked."""
    return source.paused or bool(store.kept(f"paused {source.name}"))


def _rounds(
    settings: Settings, store: Store, chosen: Sequence[Subscription], children: Children, visitor: Visitor
) -> list[RoundReport]:
    """A round of each source: those from the net side by side, for they mostly wait; then the others, one by one."""
    asked = [source for source in chosen if source.kind not in {"folder", "command", "archive", "push"}]

    def one(source: Subscription) -> RoundReport:
        """One source from the net."""
        report = run_round(settings, store, source, children, visitor=visitor, early=True)
        advance()
        return report

    with ThreadPoolExecutor(settings.askers) as pool, bar(len(asked)) if asked else nullcontext(_nothing) as advance:
        done = {report.source: report for report in pool.map(one, asked)}
    for source in chosen:
        if source.name not in done:
            done[source.name] = _round(settings, store, source, children)
    return [done[source.name] for source in chosen]


def _nothing() -> None:
    """No bar to move."""


def _round(settings: Settings, store: Store, source: Subscription, children: Children) -> RoundReport:
    """One round, with a count of what is read and then a bar of what is cleaned, on a terminal."""
    with ExitStack() as shown:
        reading: Callable[[int], None] | None = None
        advance: Callable[[], None] | None = None

        def progress(done: int, total: int, name: str) -> None:
            """Show how far it is."""
            nonlocal reading, advance
            if total == 0:
                reading = reading or shown.enter_context(counter(f"reading {name}"))
                reading(done)
                return
            if advance is None:
                shown.pop_all().close()
                advance = shown.enter_context(bar(total))
            advance()

        return run_round(settings, store, source, children, progress=progress)


def choose(settings: Settings, names: Sequence[str]) -> list[Subscription]:
    """The sources of these names. Raises ConfigError for a name that none has."""
    known = {source.name: source for source in settings.sources}
    wrong = [name for name in names if name not in known]
    if wrong:
        near = {name: difflib.get_close_matches(name, known, 1) for name in wrong}
        raise ConfigError(
            [f'no source "{name}"' + (f' (did you mean "{near[name][0]}"?)' if near[name] else "") for name in wrong]
        )
    return [known[name] for name in dict.fromkeys(names)] if names else list(settings.sources)


def _dry_run(settings: Settings, chosen: Sequence[Subscription]) -> int:
    """Name the pages that a round would take in."""
    with Store(settings.state_dir) as store:
        for source in chosen:
            if source.kind != "folder":
                print(f"{source.name}: what is new there is known only when it is asked")
                continue
            for name, _, found in scan(source, utc_now(), settings.page_bytes, store.stamps(source.name)):
                print(f"{source.name}: {name}" + (f": {found.reason}" if isinstance(found, PageError) else ""))
    return 0


def _print(report: RoundReport) -> None:
    """What a round did, in a line or a few."""
    for problem in report.problems:
        print(f"cleaner: {report.source}: {problem}", file=sys.stderr)
    if report.error:
        print(f"cleaner: {report.source}: {report.error}", file=sys.stderr)
    order = ("new", "updated", "update", "copy", "unchanged", "rejected", "deleted", "quarantined", "failed")
    counts = ", ".join(f"{report.counts[name]} {name}" for name in order if report.counts[name]) or "nothing new"
    removed = ", ".join(f"{count} {label}" for label, count in report.removed.most_common(6))
    print(f"{report.source}: {counts} in {report.seconds:.1f} s" + (f"; removed blocks: {removed}" if removed else ""))


def show_status(settings: Settings, *, as_json: bool) -> None:
    """Each source's state, as a table for people or as JSON."""
    with Store(settings.state_dir) as store:
        rows = [_status(store, source) for source in settings.sources]
    if as_json:
        print(dump_json({"sources": rows}, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for name in (
        "source",
        "health",
        "last good round",
        "next",
        "every",
        "entries",
        "rejected",
        "quarantined",
        "removed",
        "last error",
    ):
        table.add_column(name)
    for row in rows:
        removed = ", ".join(f"{count} {label}" for label, count in list(row["removed"].items())[:3])
        cells = (
            row["name"],
            row["health"],
            row["last_good"],
            row["next"],
            _wait(row["interval"]),
            row["entries"],
            row["rejected"],
            row["quarantined"],
            removed,
            row["error"],
        )
        table.add_row(*("-" if cell in {None, ""} else str(cell) for cell in cells))
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)
    for row in rows:
        for failing in [row, *row["failing"]]:  # whole lines, which the table has no room for
            if failing["error"]:
                print(f"{row['name']}: {failing['error']}; {_again(row, failing)}")
        if row["failing_more"]:
            print(f"{row['name']}: and {row['failing_more']} more pages that could not be had")


def _again(row: dict[str, Any], failing: dict[str, Any]) -> str:
    """When something that failed is tried again. row: the source's; failing: the same, or one of its pages."""
    if failing["next"]:
        return f"tried again at {failing['next']}"
    return "tried again in the next round" if failing is row and not row["gone"] else "not tried again"


def _wait(seconds: float | None) -> str | None:
    """A wait as people say it: in the largest unit of which there are two.

    >>> _wait(5400.0), _wait(172800.0)
    ('90m', '2d')
    """
    if seconds is None:
        return None
    unit, size = next((one for one in (("d", 86400), ("h", 3600), ("m", 60)) if seconds >= 2 * one[1]), ("s", 1))
    return f"{seconds / size:.0f}{unit}"


def _status(store: Store, source: Subscription) -> dict[str, Any]:
    """One source's state as plain values."""
    rounds = store.rounds(source.name)
    good = next((row for row in rounds if row.error is None), None)
    states = store.page_states(source.name)
    state = read_state(store, source.name)
    failing, more = store.addresses.failing(source.name)
    return {
        "name": source.name,
        "title": source.title or source.name,
        "last_good": show_time(good.started.replace(microsecond=0)) if good else None,
        "kind": source.kind,
        "group": source.group,
        "gone": state.gone,
        "health": "paused" if _is_paused(store, source) else store.kept(f"health {source.name}") or None,
        "interval": every.total_seconds() if (every := source.every or state.every) else None,
        "next": show_time(due.replace(microsecond=0)) if (due := store.due(source.name) or state.next_try) else None,
        "entries": store.count(source.name),
        "rejected": states.get("rejected", 0),
        "quarantined": states.get("quarantined", 0),
        "removed": store.removed(source.name),
        "error": rounds[0].error if rounds else None,
        "failing": [
            {
                "url": without_login(one.url),
                "error": one.error,
                "next": show_time(one.next.replace(microsecond=0)) if one.next else None,
            }
            for one in failing
        ],
        "failing_more": more,
    }

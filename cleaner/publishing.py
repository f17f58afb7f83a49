"""What is stored -> the feeds' folder: a feed a source, a feed a group, all of them together, and news of their health.

A feed is made again where an entry of its sources changed since it was written; to make all of 300 sources takes seconds,
and after a round one of them has news. A feed that is no longer in the settings is taken away.

Feeds of several sources show a story once, with links to where else it is told (the most original first). Of those that are new
together the most original is shown. What was shown stays, also when a more original one comes later: another id would show the story
anew to whoever has read it, and nothing of an entry changes because somebody else tells its story; only the links do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner.datatypes import Combined, Filter, Settings, SourceRef, StoredEntry
from cleaner.originality import by_originality, reference
from cleaner.publish import SHOWN, Feed, make_folder, remove_feed, render, write_feed, write_index
from cleaner.sieve import wanted
from cleaner.store import Member, Store
from cleaner.text import group_feed
from cleaner.watch import health_entries

__all__ = ["Publisher"]

_ALL = Filter()
_LOOKED = 10_000  # entries that are looked through for a feed that shows few of them
_WRITTEN = "feeds"  # the name under which the store keeps which feeds are there
_CAUGHT_UP = 500  # entries of an earlier version's database whose stories are looked for each time


Related = dict[str, tuple[SourceRef, ...]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A feed of the settings: its slug and title, the sources whose entries it shows, how many of them in how many bytes, and which."""

    name: str
    title: str
    sources: tuple[str, ...]
    most: int
    max_bytes: int
    include: Filter = _ALL
    exclude: Filter = _ALL
    drop_flags: tuple[str, ...] = ()
    combined: bool = True


class Publisher:
    """Writes the feeds, and knows for its own life which of them are as they should be.

    cut: what the last call left out of the feeds that it wrote for want of bytes, one line a feed.
    """

    def __init__(self) -> None:
        self._written: dict[str, tuple[object, Feed]] = {}
        self.cut: list[str] = []

    def publish(self, settings: Settings, store: Store) -> tuple[str, ...]:
        """Write every feed that changed, then the index; the names of the files that changed. Raises PublishError.

        Whatever is written is whole; what could not be written is tried again by the next call.
        """
        base = (settings.base_url or f"http://{settings.host}:{settings.port}").rstrip("/")
        store.stories.catch_up(_CAUGHT_UP)
        revisions, health = store.revisions(), store.kept("health news")
        changed, plans, self.cut = list[str](), _plans(settings), []
        make_folder(settings.feeds_dir)
        for plan in plans:
            told = health if plan.name == "health" else tuple(revisions.get(source, 0) for source in plan.sources)
            key = (plan, base, settings.authority, told)
            before = self._written.get(plan.name)
            if before is not None and before[0] == key and _is_there(settings.feeds_dir, plan.name):
                continue
            related: Related = {}
            if plan.name == "health":
                entries: Sequence[StoredEntry] = health_entries(store, settings.authority)
            else:
                entries = _entries(store, plan)
            older, entries = len(entries) > plan.most, entries[: plan.most]
            if plan.combined:
                entries, related = _once(store, plan, entries)
            address = f"{base}/feeds/{plan.name}.atom"
            shown, home = tuple(entries), f"{base}/"
            made = render(
                Feed(
                    plan.name,
                    plan.title,
                    address,
                    home,
                    settings.authority,
                    shown,
                    related,
                    plan.max_bytes,
                    older=older,
                )
            )
            changed += write_feed(settings.feeds_dir, made)
            if len(made.feed.entries) < len(shown):
                self.cut.append(f"{plan.name}: {made.feed.notice}")
            head = replace(made.feed, entries=tuple(map(_head, made.feed.entries[:SHOWN])), related={})
            self._written[plan.name] = (key, head)
        names = [plan.name for plan in plans]
        changed += write_index(settings.feeds_dir, settings.title, [self._written[name][1] for name in names])
        self._take_away(settings, store, names)
        return tuple(changed)

    def _take_away(self, settings: Settings, store: Store, names: Sequence[str]) -> None:
        """Remove the feeds that we wrote and that are no longer in the settings."""
        before = json.loads(store.kept(_WRITTEN) or "[]")
        if before == list(names):
            return
        for name in set(before) - set(names):
            remove_feed(settings.feeds_dir, name)
            self._written.pop(name, None)
        store.keep(_WRITTEN, json.dumps(list(names)))


def _is_there(folder: Path, name: str) -> bool:
    """Whether nobody took a feed away."""
    return (folder / f"{name}.atom").is_file() and (folder / f"{name}.json").is_file()


def _plans(settings: Settings) -> list[_Plan]:
    """The feeds that the settings ask for, in the order of the index."""
    limits = settings.max_entries, settings.max_bytes
    groups: dict[str, tuple[str, list[str]]] = {}
    for source in settings.sources:
        if source.group:
            groups.setdefault(group_feed(source.group), (source.group, []))[1].append(source.name)
    return [
        _Plan("all", settings.title, tuple(source.name for source in settings.sources), *limits),
        *(
            _Plan(
                source.name,
                source.title or source.name,
                (source.name,),
                source.max_entries,
                source.max_bytes,
                drop_flags=source.drop_flags,
                combined=False,
            )
            for source in settings.sources
        ),
        *(_Plan(name, title, tuple(names), *limits) for name, (title, names) in groups.items()),
        *(
            _Plan(
                feed.name,
                feed.title or feed.name,
                _sources(feed, settings),
                feed.max_entries,
                feed.max_bytes,
                feed.include,
                feed.exclude,
                feed.drop_flags,
            )
            for feed in settings.feeds
        ),
        _Plan("health", f"{settings.title}: health", (), *limits, combined=False),
    ]


def _sources(feed: Combined, settings: Settings) -> tuple[str, ...]:
    """The sources of a combined feed: those that it names or whose groups it names, all where it names none."""
    every = not feed.sources and not feed.groups
    return tuple(
        source.name
        for source in settings.sources
        if every or source.name in feed.sources or source.group in feed.groups
    )


def _entries(store: Store, plan: _Plan) -> Sequence[StoredEntry]:
    """The entries of a feed, newest first, and one more where there are more than it shows.

    Where not all are wanted, as many are looked through as it takes to fill it.
    """
    most = looked = plan.most + 1
    while True:
        found = store.newest(plan.sources, looked)
        shown = [stored for stored in found if wanted(stored.entry, plan.include, plan.exclude, plan.drop_flags)]
        if len(shown) >= most or len(found) < looked or looked >= _LOOKED:
            break
        looked *= 4
    return shown[:most]


def _once(store: Store, plan: _Plan, found: Sequence[StoredEntry]) -> tuple[list[StoredEntry], Related]:
    """Of the entries of several sources those to be shown, each story and each id once; and where else their stories are told.

    A story that was shown by an entry which is too old for the feed by now is not shown again.
    """
    stories: dict[object, list[StoredEntry]] = {}
    members: dict[object, tuple[Member, ...]] = {}
    for stored in found:
        told = store.stories.members(stored.source, stored.entry.id)
        key: object = told[0].story if told else (stored.source, stored.entry.id)
        stories.setdefault(key, []).append(stored)
        members[key] = tuple(member for member in told if member.source in plan.sources)
    shown: dict[str, StoredEntry] = {}
    related: Related = {}
    for key, new in reversed(stories.items()):  # of two of one id the older one
        chosen, others = _chosen(store, plan.name, new, members[key])
        if chosen is not None and shown.setdefault(chosen.entry.id, chosen) is chosen and others:
            related[chosen.entry.id] = tuple(reference(other.entry) for other in others)
    kept = [stored for stored in found if shown.get(stored.entry.id) is stored]
    places = {(stored.source, stored.entry.id) for stored in kept}
    store.stories.note_shown(
        plan.name,
        [member for told in members.values() for member in told if (member.source, member.id) in places],
    )
    return kept, related


def _chosen(
    store: Store, feed: str, new: Sequence[StoredEntry], members: Sequence[Member]
) -> tuple[StoredEntry | None, list[StoredEntry]]:
    """Which of a story's entries a feed shows, None for one that it does not have any more; and the others, the most original first.

    new: those that are new enough for the feed; members: all of the feed's sources.
    """
    if len(members) < 2:
        return new[0], []
    known = {(stored.source, stored.entry.id): stored for stored in new}
    every = [known.get((one.source, one.id)) or store.entry(one.source, one.id) for one in members]
    ordered = by_originality(stored for stored in every if stored is not None)
    before = [(member.source, member.id) for member in store.stories.shown(feed, members)]
    chosen = next((known[place] for place in before if place in known), None)
    if not before:
        chosen = next(one for one in ordered if one in new)
    return chosen, [stored for stored in ordered if stored is not chosen]


def _head(stored: StoredEntry) -> StoredEntry:
    """An entry without its text: what the index shows of it."""
    article = replace(stored.entry.article, text="", html="")
    return replace(stored, entry=replace(stored.entry, article=article))

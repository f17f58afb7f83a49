"""``feeds.toml`` -> combined feeds, with every mistake noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cleaner.config.sources import RESERVED
from cleaner.config.tables import Problems, build, check_flags, check_slug, listed_tables, suggest
from cleaner.datatypes import Combined, Filter, Subscription
from cleaner.text import group_feed, words

__all__ = ["read_combined"]

_NAMED = ("sources", "groups")
_PHRASES = ("words", "title", "author")


def read_combined(
    folders: Iterable[Path | None], sources: Sequence[Subscription], problems: Problems
) -> tuple[Combined, ...]:
    """All ``[[feed]]`` tables of the folders' ``feeds.toml``, in order."""
    found: dict[str, Combined] = {}
    groups = {source.group for source in sources if source.group}
    taken = RESERVED | {source.name for source in sources} | {group_feed(group) for group in groups}
    known = {"sources": [source.name for source in sources], "groups": sorted(groups)}
    for path in [folder / "feeds.toml" for folder in folders if folder is not None]:
        for prefix, table in listed_tables(path, "feed", problems) if path.exists() else ():
            feed = _feed(table, path, prefix, known, problems)
            if feed is not None and feed.name in taken:
                problems.add(path, f"{prefix}name", f'"{feed.name}" is taken by another feed')
            elif feed is not None:
                taken |= {feed.name}
                found[feed.name] = feed
    return tuple(found.values())


def _feed(
    table: dict[str, Any], path: Path, prefix: str, known: dict[str, list[str]], problems: Problems
) -> Combined | None:
    """One combined feed, or None with its mistakes noted."""
    before, values = len(problems.lines), dict(table)
    check_slug(values.get("name"), path, prefix, problems)
    for key in _NAMED:
        for told in values[key] if isinstance(values.get(key), list) else ():
            if told not in known[key]:
                problems.add(path, prefix + key, f'no {key[:-1]} "{told}"{suggest(str(told), known[key])}')
    for key in ("include", "exclude"):
        if key in values:
            values[key] = _filter(values[key], path, f"{prefix}{key}", problems)
    check_flags(values.get("drop_flags"), path, f"{prefix}drop_flags", problems)
    values.setdefault("name", "nameless")
    feed = build(Combined, values, path, prefix, problems)
    return feed if len(problems.lines) == before else None


def _filter(table: Any, path: Path, prefix: str, problems: Problems) -> Filter:
    """A filter, empty where it has mistakes, which are noted."""
    if not isinstance(table, dict):
        problems.add(path, prefix, "is no table")
        return Filter()
    for key in _PHRASES:
        for told in table[key] if isinstance(table.get(key), list) else ():
            if isinstance(told, str) and not words(told):
                problems.add(path, f"{prefix}.{key}", f"{told!r} holds no word")
    check_flags(table.get("flag"), path, f"{prefix}.flag", problems)
    return build(Filter, table, path, f"{prefix}.", problems) or Filter()

"""``sources/*.toml`` -> subscriptions, with every mistake noted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cleaner.config.tables import SLUG, Problems, build, read_toml, sentence, suggest
from cleaner.datatypes import Subscription

__all__ = ["read_sources"]

_RESERVED = frozenset({"all", "health", "index", "opml"})


def read_sources(config: Path, root: Path, overlay: Path | None, problems: Problems) -> tuple[Subscription, ...]:
    """All ``[[source]]`` tables of the sources' folders, in the order of files and tables."""
    found: dict[str, Subscription] = {}
    folders = [folder / "sources" for folder in (config, overlay) if folder is not None]
    for path in [path for folder in folders for path in sorted(folder.glob("*.toml"))]:
        tables = read_toml(path, problems)
        for key in tables:
            if key != "source":
                problems.add(path, key, f"unknown key{suggest(key, ['source'])}")
        listed = tables.get("source", [])
        if not isinstance(listed, list):
            problems.add(path, "source", "write [[source]], with two brackets")
            continue
        for number, table in enumerate(listed, 1):
            source = _source(table, path, f"source[{number}].", root, problems)
            if source is not None and source.name in found:
                problems.add(path, f"source[{number}].name", f'"{source.name}" is taken by another source')
            elif source is not None:
                found[source.name] = source
    return tuple(found.values())


def _source(table: Any, path: Path, prefix: str, root: Path, problems: Problems) -> Subscription | None:
    """One subscription, or None with its mistakes noted."""
    if not isinstance(table, dict):
        problems.add(path, prefix.rstrip("."), "is no table")
        return None
    before = len(problems.lines)
    if "name" not in table:
        problems.add(path, prefix + "name", "is missing")
    else:
        _check_name(table["name"], path, prefix, problems)
    if "path" not in table:
        problems.add(path, prefix + "path", "is missing (the folder that pages are dropped in)")
    _check_times(table, path, prefix, problems)
    values = dict(table)
    if isinstance(values.get("path"), str):
        values["path"] = root / Path(values["path"]).expanduser()
        if not values["path"].is_dir():
            problems.add(path, prefix + "path", f"no such folder: {values['path']}")
    if "name" not in values or len(problems.lines) > before:
        values.setdefault("name", "nameless")
        build(Subscription, values, path, prefix, problems)
        return None
    if "every" not in values and "cron" not in values:
        values["every"] = "15m"
    return build(Subscription, values, path, prefix, problems)


def _check_name(name: object, path: Path, prefix: str, problems: Problems) -> None:
    """Note a slug that is not one, or that is reserved."""
    if not isinstance(name, str) or not SLUG.match(name):
        problems.add(
            path,
            prefix + "name",
            f"{name!r} is no slug (a-z, 0-9, '.', '_', '-'; at most 64, first a letter or figure)",
        )
    elif name in _RESERVED:
        problems.add(path, prefix + "name", f'"{name}" is reserved')


def _check_times(table: dict[str, Any], path: Path, prefix: str, problems: Problems) -> None:
    """Note a timetable that cannot be: two at once, a cron line or a zone that nobody can read."""
    if "every" in table and "cron" in table:
        problems.add(path, prefix + "cron", "every and cron exclude each other")
    if isinstance(table.get("cron"), str):
        _check_cron(table["cron"], path, prefix, problems)
    if isinstance(table.get("timezone"), str):
        _check_zone(table["timezone"], path, prefix, problems)


def _check_cron(line: str, path: Path, prefix: str, problems: Problems) -> None:
    """Note a cron line that cannot be read."""
    from cronsim import CronSim, CronSimError

    try:
        CronSim(line, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        problems.add(path, prefix + "cron", f"{line!r} is no cron line: {sentence(str(error))}")


def _check_zone(name: str, path: Path, prefix: str, problems: Problems) -> None:
    """Note a time zone that nobody knows."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        problems.add(path, prefix + "timezone", f'"{name}" is no time zone (such as "Europe/Warsaw")')

"""``sources/*.toml`` -> subscriptions, with every mistake noted."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cleaner.config.tables import Problems, build, check_flags, check_slug, listed_tables, sentence
from cleaner.datatypes import Subscription

__all__ = ["RESERVED", "is_web_address", "read_sources"]

RESERVED = frozenset({"all", "health", "index", "opml"})
# What each kind of source cannot do without, and what that is.
_NEEDED: dict[str, tuple[str, str]] = {
    "folder": ("path", "the folder that pages are dropped in"),
    "feed": ("url", "the feed's address"),
    "pages": ("urls", "the pages' addresses"),
    "listing": ("url", "the address of the page that lists articles"),
    "sitemap": ("url", "the address of the sitemap, or of the site"),
    "archive": ("path", "the WARC file"),
    "push": ("secrets", "the file that holds the bearer token, of mode 0600"),
    "command": ("command", "the program and its arguments"),
}
_CREDENTIALS = "$CREDENTIALS_DIRECTORY"
_ASKED = frozenset({"feed", "pages", "listing", "sitemap"})  # kinds whose pages come from the net
_ONLY = {
    "path": {"folder", "archive"},
    "url": {"feed", "listing", "sitemap", "folder"},
    "urls": {"pages"},
    "command": {"command"},
    "select": {"listing"},
    "fulltext": {"feed"},
    "after": {"folder"},
    "settle": {"folder"},
    "min": _ASKED,
    "max": _ASKED,
    "robots": _ASKED,
    "secrets": _ASKED | {"push"},
    "max_pages": _ASKED,
}


def read_sources(config: Path, root: Path, overlay: Path | None, problems: Problems) -> tuple[Subscription, ...]:
    """All ``[[source]]`` tables of the sources' folders, in the order of files and tables."""
    found: dict[str, Subscription] = {}
    folders = [folder / "sources" for folder in (config, overlay) if folder is not None]
    for path in [path for folder in folders for path in sorted(folder.glob("*.toml"))]:
        for prefix, table in listed_tables(path, "source", problems):
            source = _source(table, path, prefix, root, problems)
            if source is not None and source.name in found:
                problems.add(path, f"{prefix}name", f'"{source.name}" is taken by another source')
            elif source is not None:
                found[source.name] = source
    return tuple(found.values())


def _source(table: dict[str, Any], path: Path, prefix: str, root: Path, problems: Problems) -> Subscription | None:
    """One subscription, or None with its mistakes noted."""
    before = len(problems.lines)
    _check_name(table.get("name"), path, prefix, problems)
    _check_times(table, path, prefix, problems)
    _check_kind(table, path, prefix, problems)
    values = dict(table)
    for key in ("path", "secrets"):
        if isinstance(values.get(key), str):
            given = values[key].startswith(_CREDENTIALS)
            values[key] = root / Path(_credential(values[key])).expanduser()
            if not given:
                _check_file(key, values[key], values.get("kind", "folder"), path, prefix, problems)
    if "name" not in values or len(problems.lines) > before:
        values.setdefault("name", "nameless")
        build(Subscription, values, path, prefix, problems)
        return None
    if values.get("kind", "folder") not in _ASKED and "every" not in values and "cron" not in values:
        values["every"] = "15m"
    check_flags(values.get("drop_flags"), path, prefix + "drop_flags", problems)
    source = build(Subscription, values, path, prefix, problems)
    if source is not None and source.min > source.max:
        problems.add(path, prefix + "min", "must not be more than max")
        return None
    return source


def _check_kind(table: dict[str, Any], path: Path, prefix: str, problems: Problems) -> None:
    """Note what a kind of source needs and has not, and keys that mean nothing for it."""
    kind = table.get("kind", "folder")
    if kind not in _NEEDED:
        return  # the type's own check tells which there are
    needed, what = _NEEDED[kind]
    if needed and needed not in table:
        problems.add(path, prefix + needed, f"is missing ({what})")
    for key, kinds in _ONLY.items():
        if key in table and kind not in kinds:
            problems.add(path, prefix + key, f'means nothing for kind "{kind}" (only for {", ".join(sorted(kinds))})')
    addresses = [table["url"]] if isinstance(table.get("url"), str) else []
    listed = table.get("urls")
    addresses += [url for url in listed if isinstance(url, str)] if isinstance(listed, list) else []
    for url in addresses:
        if not is_web_address(url):
            problems.add(
                path, prefix + ("url" if url == table.get("url") else "urls"), f"{url!r} is no http(s) address"
            )
    for key in ("urls", "command"):
        if isinstance(table.get(key), list):
            table[key] = tuple(table[key])
            if not table[key]:
                problems.add(path, prefix + key, "is empty")


def is_web_address(url: str) -> bool:
    """Whether a text is one http(s) address: a host, and neither space nor backslash nor control character."""
    try:
        parts = urlsplit(url)
        ported = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url and "\\" not in url
    return plain and ported and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _credential(told: str) -> str:
    """A path with the folder of what ``LoadCredential`` names; as told where there is none, as in a shell.

    Whether such a file is there, and who may read it, is systemd's to see to: its mode shows an access list's mask.
    """
    return told.replace(_CREDENTIALS, os.environ.get(_CREDENTIALS[1:], _CREDENTIALS), 1)


def _check_file(key: str, value: Path, kind: object, path: Path, prefix: str, problems: Problems) -> None:
    """Note a folder or file that is not there, and secrets that others may read."""
    if key == "path" and kind == "folder":
        if not value.is_dir():
            problems.add(path, prefix + key, f"no such folder: {value}")
    elif not value.exists():
        problems.add(path, prefix + key, f"no such file: {value}")
    elif key == "secrets" and value.stat().st_mode & 0o077:
        problems.add(path, prefix + key, f"others may read {value}: chmod 600 it")


def _check_name(name: object, path: Path, prefix: str, problems: Problems) -> None:
    """Note a slug that is not one, or that is reserved."""
    check_slug(name, path, prefix, problems)
    if isinstance(name, str) and name in RESERVED:
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

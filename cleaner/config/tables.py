"""A TOML file's tables -> records, or the mistakes in them: one line each, file and key first."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from cleaner.datatypes import FLAGS
from cleaner.errors import ConfigError

__all__ = [
    "SLUG",
    "Problems",
    "build",
    "check_flags",
    "check_slug",
    "listed_tables",
    "read_toml",
    "sentence",
    "suggest",
]

SLUG = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")
_DURATION = re.compile(r"^(\d+)\s*(s|m|h|d|w)$")
_SIZE = re.compile(r"^(\d+)\s*([KMGT]?)B?$", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATIONS = frozenset({"every", "jitter", "max", "min", "pause", "settle", "raw"})
_SIZES = frozenset({"page_bytes", "page_memory", "max_bytes", "max_disk"})
_LEAST = {
    "port": 1,
    "children": 1,
    "page_seconds": 0.1,
    "page_memory": 128 << 20,
    "page_bytes": 1,
    "max_entries": 1,
    "max_bytes": 64 << 10,
    "max_disk": 1 << 20,
    "every": 1,
    "min": 1,
    "max": 1,
    "pause": 0,
    "askers": 1,
    "max_pages": 1,
}
_Record = TypeVar("_Record")


@dataclass
class Problems:
    """The mistakes found so far, in the order of the files.

    minor: those that cost a line of somebody else's file and no more; a check tells them, and nothing is stopped by them.
    """

    lines: list[str] = field(default_factory=list)
    minor: list[str] = field(default_factory=list)

    def add(self, path: Path, key: str, what: str, *, minor: bool = False) -> None:
        """Note one mistake."""
        (self.minor if minor else self.lines).append(f"{path}: {key + ': ' if key else ''}{what}")

    def done(self) -> None:
        """Raise ConfigError if there was any mistake."""
        if self.lines:
            raise ConfigError(self.lines)


def read_toml(path: Path, problems: Problems) -> dict[str, Any]:
    """A TOML file's tables; empty, with the mistake noted, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        problems.add(path, "", f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}")
    except tomllib.TOMLDecodeError as error:
        problems.add(path, "", f"not TOML: {error}")
    return {}


def listed_tables(path: Path, key: str, problems: Problems) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ``[[key]]`` tables of a file, each with what stands in front of its keys in messages (``key[1].``)."""
    tables = read_toml(path, problems)
    for other in tables:
        if other != key:
            problems.add(path, other, f"unknown key{suggest(other, [key])}")
    listed = tables.get(key, [])
    if not isinstance(listed, list):
        problems.add(path, key, f"write [[{key}]], with two brackets")
        return
    for number, table in enumerate(listed, 1):
        if isinstance(table, dict):
            yield f"{key}[{number}].", table
        else:
            problems.add(path, f"{key}[{number}]", "is no table")


def build(
    record: type[_Record],
    values: dict[str, Any],
    path: Path,
    prefix: str,
    problems: Problems,
    hidden: tuple[str, ...] = (),
) -> _Record | None:
    """A record from a table's values, or None with every mistake noted: unknown keys, wrong types, bad durations."""
    from pydantic import TypeAdapter, ValidationError  # takes a while to import, and a plain clean has no tables

    known = [item.name for item in fields(record) if item.name not in hidden]  # type: ignore[arg-type]
    usable: dict[str, Any] = {}
    before = len(problems.lines)
    for key, value in values.items():
        if key not in known:
            problems.add(path, prefix + key, f"unknown key{suggest(key, known)}")
        else:
            noted = len(problems.lines)
            made = _converted(key, value, path, prefix, problems)
            _check_number(key, made, path, prefix, problems)
            if len(problems.lines) == noted:
                usable[key] = made
    try:
        checked = TypeAdapter(record).validate_python(usable)
    except ValidationError as error:
        for mistake in error.errors():
            key = ".".join(str(part) for part in mistake["loc"]) or "(table)"
            what = "must be a path" if mistake["type"].startswith("path_type") else sentence(mistake["msg"])
            problems.add(path, prefix + key, what)
        return None
    return checked if len(problems.lines) == before else None


def _converted(key: str, value: Any, path: Path, prefix: str, problems: Problems) -> Any:
    """A duration (``15m``) or size (``10G``) as its number; any other value as it is."""
    if key in _DURATIONS:
        hit = _DURATION.match(value) if isinstance(value, str) else None
        if hit is None:
            problems.add(path, prefix + key, f'{value!r} is no duration (such as "30s", "15m", "2h", "90d")')
            return None
        return timedelta(seconds=int(hit[1]) * _UNITS[hit[2]])
    if key in _SIZES and isinstance(value, str):
        size = _SIZE.match(value)
        if size is None:
            problems.add(path, prefix + key, f'{value!r} is no size (such as "20M", "10G")')
            return None
        return int(size[1]) << (10 * " KMGT".index(size[2].upper() or " "))
    return value


def _check_number(key: str, value: Any, path: Path, prefix: str, problems: Problems) -> None:
    """Note a value that is no number where one is needed, or that is too small."""
    least = _LEAST.get(key)
    number = value.total_seconds() if isinstance(value, timedelta) else value
    if least is None or number is None:
        return
    if isinstance(number, bool) or not isinstance(number, int | float):
        problems.add(path, prefix + key, f"{value!r} is no number")
    elif not number >= least:  # written so that it holds for nan, too
        problems.add(path, prefix + key, f"must be at least {least}{' s' if isinstance(value, timedelta) else ''}")


def check_slug(name: object, path: Path, prefix: str, problems: Problems) -> None:
    """Note a slug that is not one."""
    if not isinstance(name, str) or not SLUG.match(name):
        what = "no slug (a-z, 0-9, '.', '_', '-'; at most 64, first a letter or figure)"
        problems.add(path, prefix + "name", "is missing" if name is None else f"{name!r} is {what}")


def check_flags(flags: object, path: Path, key: str, problems: Problems) -> None:
    """Note what is no flag in a list of them."""
    for flag in flags if isinstance(flags, list) else ():
        if isinstance(flag, str) and flag not in FLAGS:
            problems.add(path, key, f'"{flag}" is no flag{suggest(flag, list(FLAGS))}; there are {", ".join(FLAGS)}')


def sentence(message: str) -> str:
    """A validator's message as we write messages."""
    return message[:1].lower() + message[1:]


def suggest(key: str, known: list[str]) -> str:
    """A hint at the key that was probably meant."""
    near = difflib.get_close_matches(key, known, 1) or [name for name in known if name and key.startswith(name)]
    return f' (did you mean "{near[0]}"?)' if near else ""

"""config/ -> Settings and Knowledge. Every mistake at once, each as one line: file, key, what is wrong.

Words and sites that come with the package are the ground; the operator's files are laid over them, and a file of the
same name replaces the packaged one. What the state's own ``config`` holds is laid over both.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from cleaner.config.combined import read_combined
from cleaner.config.knowledge import read_knowledge
from cleaner.config.sources import read_sources
from cleaner.config.tables import Problems, build, read_toml
from cleaner.config.weights import packaged_weights, read_models
from cleaner.datatypes import Knowledge, Settings
from cleaner.errors import ConfigError

__all__ = ["find_config", "load_knowledge", "load_settings", "read_settings"]

_PACKAGE = Path(__file__).parent.parent


def find_config(told: Path | None) -> Path | None:
    """The configuration folder: as told, else ``$CLEANER_CONFIG``, ``./config``, ``/etc/cleaner``; None if none is there.

    Raises ConfigError for a folder that was named and is not there.
    """
    named = told or (Path(os.environ["CLEANER_CONFIG"]) if os.environ.get("CLEANER_CONFIG") else None)
    if named is not None:
        if not named.is_dir():
            raise ConfigError([f"{named}: no such configuration folder"])
        return named
    return next((path for path in (Path("config"), Path("/etc/cleaner")) if path.is_dir()), None)


def load_settings(config: Path) -> Settings:
    """The settings of a configuration folder, with its sources and all that the judges know. Raises ConfigError."""
    problems = Problems()
    settings = _read(config, problems)
    problems.done()
    return settings


def read_settings(config: Path) -> tuple[Settings, list[str]]:
    """The settings as far as they can be read, and all mistakes in them, the minor ones last."""
    problems = Problems()
    settings = _read(config, problems)
    return settings, problems.lines + problems.minor


def _read(config: Path, problems: Problems) -> Settings:
    """The settings as far as they can be read, with every mistake noted; only without any are they to be used."""
    main = config / "cleaner.toml"
    values = read_toml(main, problems) if main.exists() else {}
    state = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    values.setdefault("state_dir", state or "state")
    values.setdefault("feeds_dir", f"{state}/feeds" if state else "feeds")
    root = config.resolve().parent
    for key in ("state_dir", "feeds_dir"):
        if isinstance(values[key], str):
            values[key] = root / Path(values[key]).expanduser()
    settings = build(Settings, values, main, "", problems, hidden=("sources", "feeds", "knowledge"))
    overlay = values["state_dir"] / "config" if isinstance(values["state_dir"], Path) else None
    sources = read_sources(config, root, overlay, problems)
    feeds = read_combined((config, overlay), sources, problems)
    knowledge = _known((packaged(), config, overlay), problems)
    _check_values(values, main, problems)
    settings = settings or Settings(root / "state", root / "feeds")
    knowledge = replace(knowledge, tracking=frozenset(name.casefold() for name in settings.tracking))
    return replace(settings, sources=sources, feeds=feeds, knowledge=knowledge)


def load_knowledge(config: Path | None, weights: Path | None = None, *, train: bool = False) -> Knowledge:
    """Words and sites, the packaged ones with a folder's laid over them, and the weights. Raises ConfigError.

    weights: a file to read instead of the packaged one; train: without weights, which are yet to be made.
    """
    problems = Problems()
    folders = (packaged(), config)
    knowledge = read_knowledge(folders, problems) if train else _known(folders, problems, weights)
    problems.done()
    return knowledge


def _known(folders: tuple[Path | None, ...], problems: Problems, weights: Path | None = None) -> Knowledge:
    """All that the judges know, with every mistake noted."""
    return replace(read_knowledge(folders, problems), models=read_models(weights or packaged_weights(), problems))


def packaged() -> Path:
    """The folder of the words and sites that come with the package: inside a wheel, or beside a checkout."""
    inside = _PACKAGE / "defaults"
    return inside if inside.is_dir() else _PACKAGE.parent / "config"


def _check_values(values: dict[str, Any], path: Path, problems: Problems) -> None:
    """Bounds that a type does not tell."""
    port, base, authority = values.get("port"), values.get("base_url"), values.get("authority")
    if isinstance(port, int) and port > 65535:
        problems.add(path, "port", f"{port} is no port (1 to 65535)")
    if isinstance(base, str) and not base.startswith(("http://", "https://")):
        problems.add(path, "base_url", f"{base!r} is no http(s) address")
    if isinstance(authority, str) and not re.fullmatch(r"[\w.@-]+,\d{4}(?:-\d\d){0,2}", authority):
        problems.add(path, "authority", f'{authority!r} is no tag authority (such as "example.org,2026")')

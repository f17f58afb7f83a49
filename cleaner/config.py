"""config/ -> Settings and Knowledge. Every mistake at once, each as one line: file, key, what is wrong.

What people edit lives in ``config/``: ``cleaner.toml``, ``sources/*.toml``, ``sites/<domain>.toml`` and
``words/<label>.<lang>.txt``. Words and sites that come with the package are the ground; the operator's files are laid
over them, and a file of the same name replaces the packaged one.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, TypeAdapter, ValidationError

from cleaner.datatypes import Knowledge, Label, Rule, Settings, SiteInfo, Subscription, Word
from cleaner.errors import ConfigError
from cleaner.text import fold, name_slug

__all__ = ["find_config", "load_knowledge", "load_settings", "parse_words"]

_SLUG = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")
_RESERVED = frozenset({"all", "health", "index", "opml"})
_DURATION = re.compile(r"^(\d+)\s*(s|m|h|d|w)$")
_SIZE = re.compile(r"^(\d+)\s*([KMGT]?)B?$", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DOMAIN = re.compile(r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+$")
_CONDITIONS = ("css", "equals", "contains", "matches")
_DURATIONS = frozenset({"every", "jitter", "settle", "raw"})
_SIZES = frozenset({"page_bytes", "page_memory", "max_disk"})
_Record = TypeVar("_Record")


@dataclass
class _Problems:
    """The mistakes found so far, in the order of the files."""

    lines: list[str] = field(default_factory=list)

    def add(self, path: Path, key: str, what: str) -> None:
        """Note one mistake."""
        self.lines.append(f"{path}: {key + ': ' if key else ''}{what}")

    def done(self) -> None:
        """Raise ConfigError if there was any mistake."""
        if self.lines:
            raise ConfigError(self.lines)


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
    problems = _Problems()
    main = config / "cleaner.toml"
    values = _read(main, problems) if main.exists() else {}
    state = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    values.setdefault("state_dir", state or "state")
    values.setdefault("feeds_dir", f"{state}/feeds" if state else "feeds")
    root = config.resolve().parent
    for key in ("state_dir", "feeds_dir"):
        if isinstance(values[key], str):
            values[key] = root / Path(values[key]).expanduser()
    settings = _build(Settings, values, main, "", problems, hidden=("sources", "knowledge"))
    overlay = values["state_dir"] / "config" if isinstance(values["state_dir"], Path) else None
    sources = _sources(config, root, overlay, problems)
    knowledge = _knowledge((_packaged(), config, overlay), problems)
    problems.done()
    assert settings is not None
    _check_settings(settings, main, problems)
    problems.done()
    return replace(settings, sources=sources, knowledge=knowledge)


def load_knowledge(config: Path | None) -> Knowledge:
    """Words and sites: the packaged ones, with a folder's laid over them. Raises ConfigError."""
    problems = _Problems()
    knowledge = _knowledge((_packaged(), config), problems)
    problems.done()
    return knowledge


def _packaged() -> Path:
    """The folder of the words and sites that come with the package: inside a wheel, or beside a checkout."""
    inside = Path(__file__).parent / "defaults"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "config"


def _read(path: Path, problems: _Problems) -> dict[str, Any]:
    """A TOML file's tables; empty, with the mistake noted, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        problems.add(path, "", f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}")
    except tomllib.TOMLDecodeError as error:
        problems.add(path, "", f"not TOML: {error}")
    return {}


# ---------------------------------------------------------------------------------------------------- values to records


def _build(record: type[_Record], values: dict[str, Any], path: Path, prefix: str, problems: _Problems, hidden: tuple[str, ...] = ()) -> _Record | None:
    """A record from a table's values, or None with every mistake noted: unknown keys, wrong types, bad durations."""
    known = [item.name for item in fields(record) if item.name not in hidden]  # type: ignore[arg-type]
    usable: dict[str, Any] = {}
    before = len(problems.lines)
    for key, value in values.items():
        if key not in known:
            problems.add(path, prefix + key, f"unknown key{_suggest(key, known)}")
        else:
            usable[key] = _converted(key, value, path, prefix, problems)
    if len(problems.lines) > before:
        return None
    try:
        return TypeAdapter(record, config=ConfigDict(strict=False, arbitrary_types_allowed=True)).validate_python(usable)
    except ValidationError as error:
        for mistake in error.errors():
            key = ".".join(str(part) for part in mistake["loc"]) or "(table)"
            problems.add(path, prefix + key, _sentence(mistake["msg"]))
    return None


def _converted(key: str, value: Any, path: Path, prefix: str, problems: _Problems) -> Any:
    """A duration (``15m``) or size (``10G``) as its number; any other value as it is."""
    if key in _DURATIONS:
        hit = _DURATION.match(value) if isinstance(value, str) else None
        if hit is None:
            problems.add(path, prefix + key, f'{value!r} is no duration (such as "30s", "15m", "2h", "90d")')
            return timedelta()
        return timedelta(seconds=int(hit[1]) * _UNITS[hit[2]])
    if key in _SIZES and isinstance(value, str):
        size = _SIZE.match(value)
        if size is None:
            problems.add(path, prefix + key, f'{value!r} is no size (such as "20M", "10G")')
            return 0
        return int(size[1]) << (10 * " KMGT".index(size[2].upper() or " "))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return value


def _sentence(message: str) -> str:
    """A validator's message as we write messages."""
    return message[:1].lower() + message[1:]


def _suggest(key: str, known: list[str]) -> str:
    """A hint at the key that was probably meant."""
    near = difflib.get_close_matches(key, known, 1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _check_settings(settings: Settings, path: Path, problems: _Problems) -> None:
    """Bounds that a type does not tell."""
    if not 1 <= settings.port <= 65535:
        problems.add(path, "port", f"{settings.port} is no port (1 to 65535)")
    if settings.children < 1:
        problems.add(path, "children", "at least one child process is needed")
    if settings.page_seconds <= 0:
        problems.add(path, "page_seconds", "must be more than 0")
    if settings.base_url and not settings.base_url.startswith(("http://", "https://")):
        problems.add(path, "base_url", f"{settings.base_url!r} is no http(s) address")
    if not re.fullmatch(r"[\w.@-]+,\d{4}(?:-\d\d){0,2}", settings.authority):
        problems.add(path, "authority", f'{settings.authority!r} is no tag authority (such as "example.org,2026")')


# ------------------------------------------------------------------------------------------------------------- sources


def _sources(config: Path, root: Path, overlay: Path | None, problems: _Problems) -> tuple[Subscription, ...]:
    """All ``[[source]]`` tables of the sources' folders, in the order of files and tables."""
    found: dict[str, Subscription] = {}
    folders = [folder / "sources" for folder in (config, overlay) if folder is not None]
    for path in [path for folder in folders for path in sorted(folder.glob("*.toml"))]:
        tables = _read(path, problems)
        for key in tables:
            if key != "source":
                problems.add(path, key, f"unknown key{_suggest(key, ['source'])}")
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


def _source(table: Any, path: Path, prefix: str, root: Path, problems: _Problems) -> Subscription | None:
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
    if "every" in table and "cron" in table:
        problems.add(path, prefix + "cron", "every and cron exclude each other")
    if isinstance(table.get("cron"), str):
        _check_cron(table["cron"], path, prefix, problems)
    if isinstance(table.get("timezone"), str):
        _check_zone(table["timezone"], path, prefix, problems)
    values = dict(table)
    if isinstance(values.get("path"), str):
        values["path"] = root / Path(values["path"]).expanduser()
        if not values["path"].is_dir():
            problems.add(path, prefix + "path", f"no such folder: {values['path']}")
    if "name" not in values or len(problems.lines) > before:
        values.setdefault("name", "nameless")
        _build(Subscription, values, path, prefix, problems)
        return None
    if "every" not in values and "cron" not in values:
        values["every"] = "15m"
    return _build(Subscription, values, path, prefix, problems)


def _check_name(name: object, path: Path, prefix: str, problems: _Problems) -> None:
    """Note a slug that is not one, or that is reserved."""
    if not isinstance(name, str) or not _SLUG.match(name):
        problems.add(path, prefix + "name", f"{name!r} is no slug (a-z, 0-9, '.', '_', '-'; at most 64, first a letter or figure)")
    elif name in _RESERVED:
        problems.add(path, prefix + "name", f'"{name}" is reserved')


def _check_cron(line: str, path: Path, prefix: str, problems: _Problems) -> None:
    """Note a cron line that cannot be read."""
    from cronsim import CronSim, CronSimError

    try:
        CronSim(line, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        problems.add(path, prefix + "cron", f"{line!r} is no cron line: {_sentence(str(error))}")


def _check_zone(name: str, path: Path, prefix: str, problems: _Problems) -> None:
    """Note a time zone that nobody knows."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        problems.add(path, prefix + "timezone", f'"{name}" is no time zone (such as "Europe/Warsaw")')


# ----------------------------------------------------------------------------------------------------- words and sites


def _knowledge(folders: tuple[Path | None, ...], problems: _Problems) -> Knowledge:
    """Words, rules and sites of several folders; a later file replaces an earlier one of the same name."""
    words: dict[str, tuple[Word, ...]] = {}
    sites: dict[str, tuple[SiteInfo, tuple[Rule, ...]]] = {}
    for folder in dict.fromkeys(folder.resolve() for folder in folders if folder is not None):
        for path in sorted((folder / "words").glob("*.txt")):
            words[path.name] = _words(path, problems)
        for path in sorted((folder / "sites").glob("*.toml")):
            sites[path.name] = _site(path, problems)
    return Knowledge(
        words=tuple(word for name in sorted(words) for word in words[name]),
        rules=tuple(rule for name in sorted(sites) for rule in sites[name][1]),
        sites=tuple(sites[name][0] for name in sorted(sites)),
    )


def _words(path: Path, problems: _Problems) -> tuple[Word, ...]:
    """The entries of one list of words."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        problems.add(path, "", "cannot be read as UTF-8")
        return ()
    found, mistakes = parse_words(path.name, text)
    problems.lines.extend(f"{path}: {mistake}" for mistake in mistakes)
    return found


def parse_words(name: str, text: str) -> tuple[tuple[Word, ...], list[str]]:
    """The entries of a list named ``<label>.<lang>.txt``, and its mistakes, each as ``line N: what``.

    >>> parse_words("promo.en.txt", "# asks\\nsign up for *  # a form's heading\\n")[0][0].slug
    'sign-up-for'
    """
    label_name, _, language = name.removesuffix(".txt").partition(".")
    if label_name not in set(Label) or not re.fullmatch(r"[a-z]{2,3}", language):
        return (), [f"the file's name must be <label>.<language>.txt{_suggest(label_name, list(Label))}"]
    found: dict[str, Word] = {}
    mistakes: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        entry = re.sub(r"(?:^|\s)#.*$", "", line).strip()
        inline = entry.endswith("@inline")
        pattern = entry.removesuffix("@inline").strip()
        if not pattern:
            continue
        if not fold(pattern):
            mistakes.append(f"line {number}: {pattern!r} holds no word")
            continue
        slug = name_slug(pattern)
        while slug in found and found[slug].pattern != pattern:
            slug += "+"
        if slug in found:
            mistakes.append(f"line {number}: {pattern!r} stands here twice")
        found[slug] = Word(Label(label_name), language, pattern, slug, inline)
    return tuple(found.values()), mistakes


def _site(path: Path, problems: _Problems) -> tuple[SiteInfo, tuple[Rule, ...]]:
    """What one site's file says: the site itself, and its rules."""
    domain = path.name.removesuffix(".toml").casefold()
    if not _DOMAIN.match(domain):
        problems.add(path, "", "the file's name must be a domain, such as example.com.toml")
    tables = _read(path, problems)
    for key in tables:
        if key not in {"site", "rule"}:
            problems.add(path, key, f"unknown key{_suggest(key, ['site', 'rule'])}")
    about = tables.get("site", {})
    info = _build(SiteInfo, about, path, "site.", problems, hidden=("domain",)) if not about else _info(about, domain, path, problems)
    listed = tables.get("rule", [])
    rules = [_rule(table, domain, path, f"rule[{number}].", problems) for number, table in enumerate(listed, 1)]
    names = [rule.name for rule in rules if rule is not None]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(path, "rule", f'the name "{name}" stands twice')
    return info or SiteInfo(domain), tuple(rule for rule in rules if rule is not None)


def _info(about: Mapping[str, Any], domain: str, path: Path, problems: _Problems) -> SiteInfo | None:
    """The ``[site]`` table."""
    return _build(SiteInfo, {"domain": domain, **about}, path, "site.", problems)


def _rule(table: Any, domain: str, path: Path, prefix: str, problems: _Problems) -> Rule | None:
    """One ``[[rule]]``, or None with its mistakes noted."""
    if not isinstance(table, dict):
        problems.add(path, prefix.rstrip("."), "is no table: write [[rule]]")
        return None
    before = len(problems.lines)
    values = dict(table)
    conditions = [name for name in _CONDITIONS if name in values]
    if len(conditions) != 1:
        problems.add(path, prefix.rstrip("."), f"needs exactly one of {', '.join(_CONDITIONS)}")
    for mistake_key, what in _rule_mistakes(values):
        problems.add(path, prefix + mistake_key, what)
    if len(problems.lines) > before:
        return None
    values["site"] = domain
    values["label"] = Label.BODY if values.pop("keep", False) else Label(values["label"])
    values["examples"] = tuple(values["examples"])
    if "matches" in values:
        values["matches"] = re.compile(values["matches"])
    if isinstance(values.get("until"), date) and not isinstance(values["until"], datetime):
        values["until"] = datetime.combine(values["until"], time(), UTC)
    return _build(Rule, values, path, prefix, problems)


def _rule_mistakes(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule's single values: key and sentence."""
    label = values.get("label")
    if not isinstance(values.get("name"), str) or not _SLUG.match(values["name"]):
        yield "name", "is missing or no slug"
    if values.get("keep") is not True and label not in set(Label):
        yield "label", f"unknown label {label!r}{_suggest(str(label), list(Label))}"
    if not isinstance(values.get("examples"), list) or not values["examples"]:
        yield "examples", "a rule needs at least one example page"
    if isinstance(values.get("matches"), str):
        try:
            re.compile(values["matches"])
        except re.error as error:
            yield "matches", f"no regular expression: {error}"
    if isinstance(values.get("css"), str) and not _is_css(values["css"]):
        yield "css", f"{values['css']!r} is no CSS selector"


def _is_css(selector: str) -> bool:
    """Whether a selector can be read, tried on an empty page."""
    from selectolax.lexbor import LexborHTMLParser

    try:
        LexborHTMLParser("<p></p>").css(selector)
    except Exception:  # noqa: BLE001 - the parser's own error class is not public
        return False
    return True

"""``words/*.txt``, ``sites/*.toml`` and ``ftr/*.txt`` -> Knowledge, with every mistake noted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from cleaner.config.ftr import read_ftr
from cleaner.config.tables import SLUG, Problems, build, read_toml, suggest
from cleaner.datatypes import FtrRules, Knowledge, Label, Rule, SiteInfo, Word
from cleaner.text import fold, name_slugs

__all__ = ["parse_words", "read_knowledge"]

_DOMAIN = re.compile(r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_CONDITIONS = ("css", "xpath", "equals", "contains", "matches")


def read_knowledge(folders: tuple[Path | None, ...], problems: Problems) -> Knowledge:
    """Words, rules and sites of several folders; a later file replaces an earlier one of the same name."""
    words: dict[str, tuple[Word, ...]] = {}
    sites: dict[str, tuple[SiteInfo, tuple[Rule, ...]]] = {}
    ftr: dict[str, FtrRules | None] = {}
    for folder in dict.fromkeys(folder.resolve() for folder in folders if folder is not None):
        for path in sorted((folder / "words").glob("*.txt")):
            words[path.name] = _words(path, problems)
        for path in sorted((folder / "sites").glob("*.toml")):
            sites[path.name] = _site(path, problems)
        for path in sorted((folder / "ftr").glob("*.txt")):
            ftr[path.name] = read_ftr(path, problems)
    return Knowledge(
        words=tuple(word for name in sorted(words) for word in words[name]),
        rules=tuple(rule for name in sorted(sites) for rule in sites[name][1]),
        sites=tuple(sites[name][0] for name in sorted(sites)),
        ftr=tuple(rules for _, rules in sorted(ftr.items()) if rules is not None),
    )


def _words(path: Path, problems: Problems) -> tuple[Word, ...]:
    """The entries of one list of words."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.add(path, "", "cannot be read as UTF-8")
        return ()
    found, mistakes = parse_words(path.name, text)
    problems.lines.extend(f"{path}: {mistake}" for mistake in mistakes)
    return found


def parse_words(name: str, text: str) -> tuple[tuple[Word, ...], list[str]]:
    r"""The entries of a list named ``<label>.<lang>.txt``, and its mistakes, each as ``line N: what``.

    >>> parse_words("promo.en.txt", "# asks\nsign up for *  # a form's heading\n")[0][0].slug
    'sign-up-for'
    """
    label_name, _, language = name.removesuffix(".txt").partition(".")
    if label_name not in set(Label) or not re.fullmatch(r"[a-z]{2,3}", language):
        return (), [f"the file's name must be <label>.<language>.txt{suggest(label_name, list(Label))}"]
    label = Label(label_name)
    found: dict[str, Word] = {}
    mistakes: list[str] = []
    entries = [_COMMENT.sub("", line).strip() if "#" in line else line.strip() for line in text.splitlines()]
    patterns = [entry.removesuffix("@inline").rstrip() for entry in entries]
    for number, (entry, pattern, named) in enumerate(zip(entries, patterns, name_slugs(patterns), strict=True), 1):
        inline = len(entry) != len(pattern) and entry.endswith("@inline")
        if not pattern:
            continue
        if not named:
            mistakes.append(f"line {number}: {pattern!r} holds no word")
            continue
        slug = named
        while slug in found and found[slug].pattern != pattern:
            slug += "+"
        if slug in found:
            mistakes.append(f"line {number}: {pattern!r} stands here twice")
        found[slug] = Word(label, language, pattern, slug, inline)
    return tuple(found.values()), mistakes


def _site(path: Path, problems: Problems) -> tuple[SiteInfo, tuple[Rule, ...]]:
    """What one site's file says: the site itself, and its rules."""
    domain = path.name.removesuffix(".toml").casefold()
    if not _DOMAIN.match(domain):
        problems.add(path, "", "the file's name must be a domain, such as example.com.toml")
    tables = read_toml(path, problems)
    for key in tables:
        if key not in {"site", "rule"}:
            problems.add(path, key, f"unknown key{suggest(key, ['site', 'rule'])}")
    about, listed = tables.get("site", {}), tables.get("rule", [])
    if not isinstance(about, dict) or not isinstance(listed, list):
        problems.add(path, "site" if not isinstance(about, dict) else "rule", "write [site] and [[rule]], as tables")
        return SiteInfo(domain), ()
    if "domain" in about:
        problems.add(path, "site.domain", "is told by the file's name")
    info = build(SiteInfo, {**about, "domain": domain}, path, "site.", problems) if about else None
    rules = [_rule(table, domain, path, f"rule[{number}].", problems) for number, table in enumerate(listed, 1)]
    names = [rule.name for rule in rules if rule is not None]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(path, "rule", f'the name "{name}" stands twice')
    return info or SiteInfo(domain), tuple(rule for rule in rules if rule is not None)


def _rule(table: Any, domain: str, path: Path, prefix: str, problems: Problems) -> Rule | None:
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
    if "site" in values:
        problems.add(path, prefix + "site", "is told by the file's name")
    if "place" in values:
        problems.add(path, prefix + "place", "unknown key")
    values |= {"site": domain, "place": f"{path}: {prefix.rstrip('.')}"}
    values["label"] = Label.BODY if values.pop("keep", False) else Label(values["label"])
    values["examples"] = tuple(_located(example, path) for example in values["examples"])
    if isinstance(values.get("until"), date) and not isinstance(values["until"], datetime):
        values["until"] = datetime.combine(values["until"], time(), UTC)
    return build(Rule, values, path, prefix, problems)


def _rule_mistakes(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule's single values: key and sentence."""
    label = values.get("label")
    if not isinstance(values.get("name"), str) or not SLUG.match(values["name"]):
        yield "name", "is missing or no slug"
    if "keep" in values and values["keep"] is not True:
        yield "keep", "can only be true"
    elif "keep" in values and label is not None:
        yield "label", "keep and label exclude each other"
    elif "keep" not in values and label not in list(Label):
        yield "label", f"unknown label {label!r}{suggest(str(label), list(Label))}"
    if not isinstance(values.get("examples"), list) or not values["examples"]:
        yield "examples", "a rule needs at least one example page"
    yield from _condition_mistakes(values)


def _condition_mistakes(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule's condition: dead expressions, selectors and XPaths, and texts that hold no word."""
    from cleaner.parse.selectors import css_mistake
    from cleaner.parse.xpath import xpath_mistake
    from cleaner.patterns import pattern_mistake

    tries: dict[str, Callable[[str], str | None]] = {
        "css": css_mistake,
        "xpath": xpath_mistake,
        "matches": pattern_mistake,
        "equals": _text_mistake,
        "contains": _text_mistake,
    }
    for key, mistake in tries.items():
        if isinstance(values.get(key), str) and (what := mistake(values[key])):
            yield key, what


def _text_mistake(text: str) -> str | None:
    """What is wrong with a text to compare blocks with: without a word it is the same as any other without."""
    return None if fold(text) else f"{text!r} holds no word"


def _located(example: Any, path: Path) -> Any:
    """An example as it is found from anywhere: paths are meant from the site's file on."""
    if not isinstance(example, str) or example.startswith(("http://", "https://")):
        return example
    return str(path.parent / example)

"""``cleaner check``: a configuration folder -> one line that all is well, or every mistake, rules tried on their examples.

An example is a path, which must be there, or an address, of which a raw page may be kept in the state. A rule that hits
none of the example pages that could be read says nothing of its site any more, or never did; and so it is with the bodies of
a site's patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cleaner.config import read_settings
from cleaner.datatypes import FtrRules, Knowledge, RawPage, Rule
from cleaner.errors import ConfigError, PageError
from cleaner.ingest import read_page
from cleaner.label import cuts_of
from cleaner.label.ftr import body_of, ftr_selectors
from cleaner.label.rules import rule_hits, selectors
from cleaner.parse import parse_page
from cleaner.store import Store

__all__ = ["check_config"]

_FindPage = Callable[[str], RawPage | None]


def check_config(config: Path) -> str:
    """What the configuration holds, in a line. Raises ConfigError with every mistake in it, StateError for a bad state."""
    settings, mistakes = read_settings(config)
    knowledge = settings.knowledge
    with _kept_pages(settings.state_dir) as find:
        for rule in knowledge.rules:
            mistakes += [f"{rule.place}.examples: {mistake}" for mistake in _example_mistakes(rule, knowledge, find)]
        for patterns in knowledge.ftr:
            mistakes += [f"{patterns.place}: test_url: {mistake}" for mistake in _body_mistakes(patterns, find)]
    if mistakes:
        raise ConfigError(mistakes)
    ftr = f", {len(knowledge.ftr)} ftr files" if knowledge.ftr else ""
    return f"ok: {len(settings.sources)} sources, {len(knowledge.rules)} site rules, {len(knowledge.words)} words{ftr}"


@contextmanager
def _kept_pages(state_dir: Path) -> Iterator[_FindPage]:
    """Finds the raw page kept of an address. A state that is not there yet is not made."""
    if not (state_dir / "cleaner.sqlite3").is_file():
        yield lambda _: None
        return
    with Store(state_dir) as store:
        yield store.find_page


def _example_mistakes(rule: Rule, knowledge: Knowledge, find: _FindPage) -> list[str]:
    """What is wrong with a rule's examples."""
    mistakes: list[str] = []
    tried: list[str] = []
    hit = False
    for example in rule.examples:
        try:
            raw = _read(example, find)
            if raw is None:
                continue
            hits, notes = _try(rule, raw, knowledge)
        except PageError as error:
            mistakes.append(f"{example}: {error.detail or error.reason}")
            continue
        tried.append(example)
        hit = hit or hits
        mistakes += [f"{example}: {note}" for note in notes]
    if tried and not hit and not mistakes:
        mistakes.append(f'the rule "{rule.name}" hits nothing on {", ".join(tried)}')
    return mistakes


def _body_mistakes(patterns: FtrRules, find: _FindPage) -> list[str]:
    """What is wrong with the example pages of a site's patterns, as far as any is kept: no body in any, or an XPath that fails."""
    mistakes: list[str] = []
    bodies: dict[str, bool] = {}
    for example in patterns.examples if patterns.body else ():
        if (raw := find(example)) is None:
            continue
        try:
            page = parse_page(raw, selectors=ftr_selectors(patterns), replacements=patterns.replacements)
        except PageError as error:
            mistakes.append(f"{example}: {error.detail or error.reason}")
            continue
        bodies[example] = bool(body_of(page.blocks, patterns))
        mistakes += [f"{example}: {note}" for note in page.notes]
    if bodies and not any(bodies.values()) and not mistakes:
        mistakes.append(f"body finds nothing on {', '.join(bodies)}")
    return mistakes


def _read(example: str, find: _FindPage) -> RawPage | None:
    """The page of an example; None for an address of which none is kept. Raises PageError."""
    if example.startswith(("http://", "https://")):
        return find(example)
    path = Path(example)
    if not path.is_file():
        raise PageError(example, "not-found", "no such page")
    return read_page(path)


def _try(rule: Rule, raw: RawPage, knowledge: Knowledge) -> tuple[bool, tuple[str, ...]]:
    """Whether a rule hits anything on a page, whatever the page's site and day; notes. Raises PageError."""
    page = parse_page(raw, selectors=selectors((rule,)), cuts=cuts_of(knowledge))
    hits, notes = rule_hits(page.blocks, (rule,))
    return any(indices for _, indices in hits), (*page.notes, *notes)

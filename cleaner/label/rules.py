"""Site rules and a page's blocks -> the blocks that each hits, and what had to be passed over. Pure.

A rule is an operator's word on one site; it comes after all judges but the user. CSS and XPath were tried by the
parser, which left the rule's name in ``Block.selected``; conditions on text are tried here. A rule whose expression takes
too long on a page says nothing of that page, rather than something of its first blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cleaner.datatypes import Block, Knowledge, Rule, Selector
from cleaner.patterns import Budget
from cleaner.text import fold

__all__ = ["rule_hits", "rule_reason", "rules_for", "selectors"]

_SECONDS = 0.5  # for all regular expressions of a page


def rule_reason(rule: Rule) -> str:
    """The name that verdicts of this rule carry: ``site:example.com:share-bar``."""
    return f"site:{rule.site}:{rule.name}"


def rules_for(domains: frozenset[str], fetched: datetime, knowledge: Knowledge) -> tuple[Rule, ...]:
    """The rules of a site that hold for a page fetched then."""
    return tuple(
        rule for rule in knowledge.rules if rule.site in domains and (rule.until is None or fetched < rule.until)
    )


def selectors(rules: tuple[Rule, ...]) -> tuple[Selector, ...]:
    """The selectors that the parser is to try on a page."""
    return tuple(
        Selector(rule_reason(rule), rule.css, rule.xpath)
        for rule in rules
        if rule.css is not None or rule.xpath is not None
    )


def rule_hits(
    blocks: Sequence[Block], rules: tuple[Rule, ...]
) -> tuple[tuple[tuple[Rule, tuple[int, ...]], ...], tuple[str, ...]]:
    """Each rule in its written order with the indices of the blocks that it hits; a line for each that was passed over."""
    budget = Budget(_SECONDS)
    found: list[tuple[Rule, tuple[int, ...]]] = []
    notes: list[str] = []
    for rule in rules:
        hits = _condition(rule, budget)
        try:
            found.append((rule, tuple(index for index, block in enumerate(blocks) if hits(block))))
        except TimeoutError as error:
            notes.append(f"{rule_reason(rule)}: {error}")
    return tuple(found), tuple(notes)


def _condition(rule: Rule, budget: Budget) -> Callable[[Block], bool]:
    """A rule's condition on a block. What it gives raises TimeoutError where an expression takes too long."""
    if rule.equals is not None:
        equal = fold(rule.equals)
        return lambda block: fold(block.text) == equal
    if rule.contains is not None:
        part = fold(rule.contains)
        return lambda block: part in fold(block.text)
    if rule.matches is not None:
        pattern = rule.matches
        return lambda block: budget.hits(pattern, block.text)
    name = rule_reason(rule)
    return lambda block: name in block.selected

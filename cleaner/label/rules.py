"""Site rules and a page -> the blocks that they hit. Pure.

A rule is an operator's word on one site; it comes after all judges but the user. CSS conditions were tried by the
parser, which left the rule's name in ``Block.selected``; conditions on text are tried here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cleaner.datatypes import Block, Knowledge, Rule, Selector
from cleaner.text import fold

__all__ = ["hits", "rule_reason", "rules_for", "selectors"]


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
    return tuple(Selector(rule_reason(rule), rule.css) for rule in rules if rule.css is not None)


def hits(block: Block, rules: tuple[Rule, ...]) -> Iterator[Rule]:
    """The rules that hit a block, in their written order."""
    return (rule for rule in rules if _hits(block, rule))


def _hits(block: Block, rule: Rule) -> bool:
    """Whether one rule hits one block."""
    if rule.css is not None:
        return rule_reason(rule) in block.selected
    if rule.equals is not None:
        return fold(block.text) == fold(rule.equals)
    if rule.contains is not None:
        return fold(rule.contains) in fold(block.text)
    return rule.matches is not None and rule.matches.search(block.text) is not None

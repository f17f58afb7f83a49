"""Blocks of an HTML page -> lines of text in the ways in which scrapers print pages. Pure but for the generator handed in."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from random import Random

from cleaner.datatypes import Block, Kind, Label
from cleaner.learn.augment import Line
from cleaner.text import squeeze

__all__ = ["STYLES", "rendered"]

STYLES = ("blocks", "inline", "markdown", "wrapped", "bullets")
_TAG = re.compile(r"<[^>]+>")
_ANCHOR = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_BOLD, _SLANTED = re.compile(r"</?strong>"), re.compile(r"</?em>")


def rendered(
    blocks: Sequence[Block], targets: Sequence[tuple[frozenset[Label], float]], style: str, rng: Random
) -> list[Line]:
    """The lines of a page in one style, each with the labels and the weight of its block."""
    tight = style == "inline" and rng.random() < 0.6
    lists_tight = rng.random() < 0.5
    out: list[Line] = []
    last: Kind | None = None
    for block, (allowed, weight) in zip(blocks, targets, strict=True):
        if block.kind in {Kind.IMAGE, Kind.EMBED}:
            continue
        gap = not tight and not (lists_tight and block.kind is Kind.ITEM and last is Kind.ITEM)
        for number, line in enumerate(_lines(block, style, rng)):
            out.append(Line(line, allowed, weight, gap and number == 0))
        last = block.kind
    return out


def _lines(block: Block, style: str, rng: Random) -> list[str]:
    """The lines of one block."""
    text = squeeze(block.text)
    if style == "inline":
        parts = [squeeze(html.unescape(part)) for part in _TAG.split(block.markup)]
        return [part for part in parts if part] or [text]
    if style == "markdown":
        return _markdown(block, text)
    if style == "wrapped":
        return textwrap.wrap(text, rng.choice((72, 80, 100)), break_long_words=False, break_on_hyphens=False)
    return [f"  * {text}" if style == "bullets" and block.kind is Kind.ITEM else text] if text else []


def _markdown(block: Block, text: str) -> list[str]:
    """A block as a converter to Markdown prints it, wrapped."""
    if block.kind is Kind.ROW:
        return [f"| {text} |"]
    marked = _ANCHOR.sub(lambda hit: f"[{_TAG.sub('', hit[2])}]({hit[1]})", block.markup)
    marked = squeeze(html.unescape(_TAG.sub("", _SLANTED.sub("_", _BOLD.sub("**", marked)))))
    marked = {Kind.ITEM: "* ", Kind.HEADING: "## "}.get(block.kind, "") + marked
    return textwrap.wrap(marked, 78, break_long_words=False, break_on_hyphens=False)

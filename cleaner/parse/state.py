"""A page's scripts -> text that stands only in JSON: JSON-LD's ``articleBody``, or the state of a page built in the browser.

Pure. Such text is a witness: it is added only where the DOM does not already carry it, and every block of it says by
its origin where it was read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Block, Origin
from cleaner.parse.linked import read_json
from cleaner.text import fold, shingles, words

__all__ = ["HiddenText", "align", "find_hidden_text"]

_CARRIED = 0.5  # share of the JSON text's word runs found in the DOM from which on the DOM carries it
_LEAST = 80  # words that make a text worth looking at
_VISIBLE = 200  # words of running text in the DOM from which on page state is not looked at
_MOST_BYTES = 3_000_000
_STATE = re.compile(r"window(?:\.|\[[\"'])[\w$.]+(?:[\"']\])?\s*=\s*(?=[{\[])")
_TEXT_KEYS = re.compile(
    r"body|content|text|paragraph|html|value|description|story|copy|blocks|elements|children", re.IGNORECASE
)
_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|br|blockquote|figure|span|strong|em|a)\b[^>]*>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’)]?\s*$")


@dataclass(frozen=True, slots=True)
class HiddenText:
    """The article's text as JSON tells it: paragraphs (plain, or HTML), and where it was read."""

    paragraphs: tuple[str, ...]
    origin: Origin
    is_html: bool

    @property
    def text(self) -> str:
        """The whole text without markup."""
        joined = "\n\n".join(self.paragraphs)
        return unescape(re.sub(r"<[^>]+>", " ", joined)) if self.is_html else joined


def find_hidden_text(
    markup: str, records: Sequence[dict[str, Any]], blocks: Sequence[Block]
) -> tuple[HiddenText | None, bool]:
    """The page's text as JSON tells it, if it does, and whether the DOM lacks it so that it has to be added.

    records: of the page's JSON-LD. The markup is parsed anew where it may hold page state: the walk has taken the scripts
    out of its tree.
    """
    best = _from_linked_data(records) if "articleBody" in markup else None
    if best is None and not _speaks(blocks):
        best = _from_state(LexborHTMLParser(markup))
    return best, best is not None and not _carries(blocks, best.text)


def _speaks(blocks: Sequence[Block]) -> bool:
    """Whether the DOM holds running text enough."""
    visible = 0
    for block in blocks:
        if _SENTENCE_END.search(block.text.rstrip()[-2:]):
            visible += len(words(block.text))
            if visible >= _VISIBLE:
                return True
    return False


def _carries(blocks: Sequence[Block], text: str) -> bool:
    """Whether the DOM carries most of a text's word runs; its longest blocks are asked first, for they tell soonest."""
    lacking = shingles(text)
    total = len(lacking)
    for block in sorted(blocks, key=lambda block: -len(block.text)):
        if total - len(lacking) >= _CARRIED * total:
            return True
        lacking -= shingles(block.text)
    return total - len(lacking) >= _CARRIED * total


def align(blocks: Sequence[Block], added: Sequence[Block]) -> list[Block]:
    """The DOM's blocks with the added ones among them: each behind the DOM block that tells the paragraph before it.

    A paragraph that the DOM shows is not added twice. Where nothing matches, the text follows the page's blocks.
    """
    place = {fold(block.text): index for index, block in enumerate(blocks) if len(block.text) > 40}
    behind: dict[int, list[Block]] = {}
    at = next((place[fold(block.text)] for block in added if fold(block.text) in place), len(blocks) - 1)
    for block in added:
        found = place.get(fold(block.text))
        if found is None:
            behind.setdefault(at, []).append(block)
        elif found >= at:
            at = found
    ordered = list(behind.get(-1, ()))
    for index, block in enumerate(blocks):
        ordered.append(block)
        ordered.extend(behind.get(index, ()))
    return ordered


def _from_linked_data(records: Sequence[dict[str, Any]]) -> HiddenText | None:
    """The longest ``articleBody`` of the page's JSON-LD."""
    told = [record["articleBody"] for record in records if isinstance(record.get("articleBody"), str)]
    text = max(told, key=len, default="")
    return _hidden([text], Origin.JSONLD) if len(words(text[:4000])) >= _LEAST else None


def _from_state(tree: LexborHTMLParser) -> HiddenText | None:
    """The longest run of text in the page's state."""
    best: list[str] = []
    for value in _states(tree):
        for texts in _texts(value):
            if sum(map(len, texts)) > sum(map(len, best)):
                best = texts
    return _hidden(best, Origin.STATE) if len(words(" ".join(best)[:8000])) >= _LEAST else None


def _states(tree: LexborHTMLParser) -> Iterator[Any]:
    """The values that scripts assign or hold as JSON."""
    for script in tree.css("script"):
        text = script.text() or ""
        if len(text) < 200 or len(text) > _MOST_BYTES or (script.attributes.get("type") or "").endswith("ld+json"):
            continue
        if (script.attributes.get("type") or "").endswith("json"):
            yield read_json(text)
            continue
        for hit in _STATE.finditer(text):
            try:
                yield json.JSONDecoder().raw_decode(text, hit.end())[0]
            except (ValueError, RecursionError):
                continue


def _texts(value: Any) -> Iterator[list[str]]:
    """The candidates in a JSON value: each long string, and the strings of each list that holds several."""
    queue: list[tuple[str, Any]] = [("", value)]
    while queue:
        key, inner = queue.pop()
        if isinstance(inner, dict):
            queue.extend((str(name), child) for name, child in inner.items())
        elif isinstance(inner, list):
            found = [text for child in inner[:2000] if (text := _told(child))]
            if len(found) > 1:
                yield found
            queue.extend((key, child) for child in inner)
        elif isinstance(inner, str) and len(inner) > 400 and _TEXT_KEYS.search(key):
            yield [inner]


def _told(child: Any) -> str:
    """The text of a list's member: itself, or its own text field where it holds a sentence."""
    if isinstance(child, dict):
        child = next(
            (
                child[key]
                for key in ("content", "text", "html", "value", "body", "paragraph")
                if isinstance(child.get(key), str)
            ),
            "",
        )
    return (
        child
        if isinstance(child, str) and len(child) > 60 and " " in child and not child.startswith(("http", "{"))
        else ""
    )


def _hidden(texts: Sequence[str], origin: Origin) -> HiddenText:
    """Strings as paragraphs: those with tags are HTML, those with line breaks are split at them."""
    if any(_TAG.search(text) for text in texts):
        return HiddenText(tuple(texts), origin, is_html=True)
    lines = [unescape(line).strip() for text in texts for line in re.split(r"\s*\n+\s*", text)]
    return HiddenText(tuple(line for line in lines if line), origin, is_html=False)

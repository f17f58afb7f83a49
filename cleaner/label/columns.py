"""A page's blocks -> columns of numbers, kind by kind: text, element, first look, lines, place. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Block, Kind, Label, Node, Origin, Page
from cleaner.label.characters import DIGIT, IDEOGRAPH, LOWER, QUOTE, SYMBOL, UPPER
from cleaner.label.look import Look
from cleaner.label.span import First
from cleaner.text import joins

__all__ = [
    "KINDS",
    "LABELS",
    "TAGS",
    "element_columns",
    "how_it_ends",
    "look_columns",
    "place_columns",
    "run_columns",
    "shape_columns",
    "word_columns",
]

KINDS = tuple(Kind)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ALL = {label: number for number, label in enumerate(Label)}
LABELS = tuple(label for label in Label if label is not Label.BODY)
_LABEL_COLUMN: dict[Label, int] = {label: column for column, label in enumerate(LABELS)}
TAGS = (
    "p",
    "li",
    "div",
    "span",
    "section",
    "td",
    "tr",
    "dt",
    "dd",
    "blockquote",
    "a",
    "button",
    "figcaption",
    "summary",
    "address",
    "form",
)
_TAG_COLUMN = {tag: column for column, tag in enumerate(TAGS)}
_ENDS = {
    char: place
    for place, chars in enumerate((".。।", "?!？！؟", "…", ":：", ",;、，；", '"”’»」』)]）'))
    for char in chars
}


def how_it_ends(blocks: Sequence[Block]) -> NDArray[np.int64]:
    """How each block ends: a place in ``_ENDS``; 6 for none of them. A closing quotation mark yields to what it closes."""
    ends = []
    for block in blocks:
        text = block.text
        last = _ENDS.get(text[-1], 6) if text else 6
        if last == 5 and len(text) > 1:
            last = min(last, _ENDS.get(text[-2], 6))
        if last == 0 and text.endswith("..."):
            last = 2
        ends.append(last)
    return np.array(ends, np.int64)


def shape_columns(
    chars: dict[str, NDArray[np.float64]], ends: NDArray[np.int64], linked: NDArray[np.float64], blocks: Sequence[Block]
) -> NDArray[np.float64]:
    """What the text alone shows."""
    words, length, letters = chars["words"], np.maximum(1, chars["chars"]), np.maximum(1, chars["letters"])
    some = np.maximum(1, words)
    first, last = chars["first"].astype(np.int64), chars["last"].astype(np.int64)
    columns = [
        np.log1p(words) / 6,
        *(np.minimum(words, most) / most for most in (3, 8, 20, 60)),
        np.minimum(chars["chars"] / some, 20) / 10,
    ]
    columns += [
        chars["upper"] / letters,
        chars["titled"] / some,
        chars["digits"] / length,
        np.minimum(1, chars["commas"] / some * 5),
        np.minimum(1, chars["stops"] / some * 5),
        np.minimum(3, chars["stops"]) / 3,
    ]
    columns += [
        np.minimum(1, chars["quotes"] / 2),
        chars["ideographs"] / length,
        np.minimum(1, chars["symbols"] / some),
    ]
    columns += [ends == place for place in range(6)] + [last == DIGIT, (last == LOWER) | (last == UPPER)]
    columns += [first == kind for kind in (UPPER, LOWER, DIGIT, QUOTE, SYMBOL, IDEOGRAPH)]
    marked = [
        (
            block.markup.count("<a "),
            block.markup.startswith("<strong>") and block.markup.endswith("</strong>"),
            block.markup.startswith("<em>") and block.markup.endswith("</em>"),
            block.markup.count("<br>"),
        )
        if "<" in block.markup
        else (0, False, False, 0)
        for block in blocks
    ]
    marks = np.array(marked, np.float64).reshape(-1, 4)
    columns += [
        linked,
        (linked > 0.9).astype(np.float64),
        np.minimum(1, marks[:, 0] / some * 5),
        marks[:, 1],
        marks[:, 2],
        np.minimum(1, marks[:, 3] / 3),
    ]
    return np.stack(columns, 1).astype(np.float64)


def element_columns(blocks: Sequence[Block], nodes: Sequence[Node]) -> NDArray[np.float64]:
    """What kind of element the block is, and how it stands in its line."""
    kinds = len(KINDS)
    out = np.zeros((len(blocks), kinds + 5 + len(TAGS)))
    place = {kind: number for number, kind in enumerate(KINDS)}
    for row, block in enumerate(blocks):
        tag = nodes[block.node].tag
        out[row, place[block.kind]] = 1
        out[row, kinds] = _HEADINGS.get(tag, 0) / 6
        out[row, kinds + 1] = block.gap
        out[row, kinds + 2] = block.chars is not None
        out[row, kinds + 3] = block.origin is Origin.JSONLD or block.origin is Origin.STATE
        if (column := _TAG_COLUMN.get(tag)) is not None:
            out[row, kinds + 5 + column] = 1
    return out


def word_columns(firsts: Sequence[First | None]) -> NDArray[np.float64]:
    """What word lists and shapes say."""
    width = len(LABELS)
    out = np.zeros((len(firsts), 2 * width + 1))
    for row, first in enumerate(firsts):
        if first is not None:
            out[row, _LABEL_COLUMN[first.label] + (0 if first.reason.startswith("words:") else width)] = first.score
            out[row, 2 * width] = first.whole
    return out


def look_columns(look: Look) -> NDArray[np.float64]:
    """What the first look made of each block, before and after the guards."""
    count, width = len(look.placed), len(_ALL)
    out = np.zeros((count, 2 * width + 9))
    rows = np.arange(count)
    out[rows, [_ALL[label] for label, _ in look.placed]] = [score for _, score in look.placed]
    out[rows, [width + _ALL[look.draft.label(index) or Label.OTHER] for index in range(count)]] = 1
    begin, end, head = look.span.begin, look.span.end, look.headline
    columns = [
        (rows >= begin) & (rows < end),
        np.zeros(count),
        np.zeros(count),
        np.clip((rows - begin) / 20, -1, 1),
        np.clip((rows - end) / 20, -1, 1),
        np.clip(np.array(look.values) / 30, -1, 2),
    ]
    columns += [
        np.array([measure.prose for measure in look.measures]),
        np.array([measure.inside for measure in look.measures]),
        np.zeros(count),
    ]
    if head is not None:
        columns[1], columns[2], columns[8] = rows == head, rows < head, (rows - head) / count
    out[:, 2 * width :] = np.stack(columns, 1)
    return out


def run_columns(
    blocks: Sequence[Block], words: NDArray[np.float64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float64], ...]:
    """Lines through which one sentence goes: words of the run, whether it ends, and whether a line goes on or went on."""
    count = len(blocks)
    same = np.zeros(count, bool)
    for index in range(1, count):
        block = blocks[index]
        if block.origin is Origin.TEXT and not block.gap and block.kind is not Kind.ITEM and block.kind is not Kind.ROW:
            before = blocks[index - 1]
            same[index] = before.kind is not Kind.ROW and (
                not before.selected and not block.selected
                if before.lines == block.lines
                else joins(before.text, block.text)
            )
    run = np.cumsum(~same) - 1
    total = np.bincount(run, words, minlength=count)[run]
    ended = np.bincount(run, (ends <= 2) & (ends >= 0), minlength=count)[run] > 0
    following = np.append(same[1:], False)
    return (
        total,
        (ended & (total >= 3)).astype(np.float64),
        following.astype(np.float64),
        same.astype(np.float64),
    )


def place_columns(
    page: Page,
    blocks: Sequence[Block],
    words: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Where on the page each block stands, and what kind of page it is."""
    count = len(blocks)
    place = np.arange(count)
    total = max(1.0, float(words.sum()))
    passed = np.cumsum(words) - words
    long = mass > 0
    all_mass = max(1.0, float(mass.sum()))
    before = np.cumsum(mass) - mass
    last = np.maximum.accumulate(np.where(long, place, -1))
    since = np.where(last >= 0, place - last, 50)
    following = np.minimum.accumulate(np.where(long, place, count + 50)[::-1])[::-1]
    until = np.minimum(50, following - place)
    head = next((index for index, block in enumerate(blocks) if page.nodes[block.node].tag == "h1"), -1)
    away = np.clip((place - head) / 20, -1, 1) if head >= 0 else np.zeros(count)
    ending = int(place[long][-1]) if long.any() else 0
    columns = [
        place / count,
        passed / total,
        before / all_mass,
        1 - (before + mass) / all_mass,
        np.log1p(np.minimum(50, since)) / 4,
        np.log1p(until) / 4,
        away,
        (place > head) & (head >= 0),
        np.clip((place - ending) / 20, -1, 1),
    ]
    short = (words < 5).mean()
    told = [
        np.log1p(count) / 7,
        np.log1p(all_mass) / 9,
        float((words * linked).sum()) / total,
        all_mass / total,
        head >= 0,
        blocks[0].origin is Origin.TEXT,
        short,
        min(1.0, total / count / 40),
    ]
    return np.concatenate([np.stack(columns, 1), np.broadcast_to(np.array(told, np.float64), (count, len(told)))], 1)

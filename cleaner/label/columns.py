"""A page's blocks -> columns of numbers, kind by kind: text, element, first look, lines, place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cleaner.datatypes import Block, Kind, Label, Node, Origin, Page
from cleaner.label.characters import COMMA, DIGIT, IDEOGRAPH, LOWER, QUOTE, STOP, SYMBOL, UPPER, Characters
from cleaner.label.look import Look
from cleaner.label.span import First
from cleaner.text import joins

__all__ = [
    "KINDS",
    "LABELS",
    "PASSED",
    "TAGS",
    "element_columns",
    "how_it_ends",
    "letters_of",
    "look_columns",
    "passed_columns",
    "place_columns",
    "run_columns",
    "shape_columns",
    "word_columns",
]

Columns = Iterable[ArrayLike]  # one figure a block, one for all blocks, or several columns as rows

KINDS = tuple(Kind)
_MOST = np.array([[3], [8], [20], [60]])  # words
_SIX = np.arange(6)[:, None]
_FIRST = np.array([[UPPER], [LOWER], [DIGIT], [QUOTE], [SYMBOL], [IDEOGRAPH]])
_KIND_ROW = {kind: row for row, kind in enumerate(KINDS)}
_KINDS_AND_MORE = len(KINDS) + 5
_NO_RUN = frozenset({Kind.ITEM, Kind.ROW})
_JSON = frozenset({Origin.JSONLD, Origin.STATE})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ALL = {label: number for number, label in enumerate(Label)}
LABELS = tuple(label for label in Label if label is not Label.BODY)
_LABEL_ROW: dict[Label, int] = {label: row for row, label in enumerate(LABELS)}
# Signs of an article's end or of another one's begin, which are counted down the page.
PASSED = (
    Label.RELATED,
    Label.COMMENTS,
    Label.PROMO,
    Label.SHARE,
    Label.BIO,
    Label.DATE,
    Label.BYLINE,
    Label.DISCLAIMER,
    Label.CONSENT,
)
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
_TAG_ROW = {tag: row for row, tag in enumerate(TAGS, _KINDS_AND_MORE)}
_ENDS = {
    char: place
    for place, chars in enumerate((".。।", "?!？！؟", "…", ":：", ",;、，；", '"”’»」』)]）'))
    for char in chars
}


def how_it_ends(blocks: Sequence[Block]) -> NDArray[np.int64]:
    """How each block ends: a place in ``_ENDS``; 6 for none of them. A closing quotation mark yields to what it closes."""
    ends = [_ENDS.get(block.text[-1:], 6) for block in blocks]
    for index, last in enumerate(ends):
        if last == 5:
            ends[index] = min(last, _ENDS.get(blocks[index].text[-2:-1], 6))
        elif last == 0 and blocks[index].text.endswith("..."):
            ends[index] = 2
    return np.array(ends, np.int64)


def letters_of(chars: Characters) -> NDArray[np.int64]:
    """The letters of each block."""
    result: NDArray[np.int64] = chars.of[:, UPPER] + chars.of[:, LOWER] + chars.of[:, IDEOGRAPH]
    return result


def shape_columns(
    chars: Characters, ends: NDArray[np.int64], linked: NDArray[np.float64], blocks: Sequence[Block]
) -> Columns:
    """What the text alone shows."""
    words, length, of = chars.runs, np.maximum(1, chars.chars), chars.of
    some = np.maximum(1, words)
    links, strong, emphasis, breaks = _marks(blocks)
    return [
        np.log1p(words) / 6,
        np.minimum(words, _MOST) / _MOST,
        np.minimum(chars.chars / some, 20) / 10,
        of[:, UPPER] / np.maximum(1, letters_of(chars)),
        chars.titled / some,
        of[:, DIGIT] / length,
        np.minimum(1, of[:, COMMA] / some * 5),
        np.minimum(1, of[:, STOP] / some * 5),
        np.minimum(3, of[:, STOP]) / 3,
        np.minimum(1, of[:, QUOTE] / 2),
        of[:, IDEOGRAPH] / length,
        np.minimum(1, of[:, SYMBOL] / some),
        ends == _SIX,
        chars.last == DIGIT,
        (chars.last == LOWER) | (chars.last == UPPER),
        chars.first == _FIRST,
        linked,
        linked > 0.9,
        np.minimum(1, links / some * 5),
        strong,
        emphasis,
        np.minimum(1, breaks / 3),
    ]


def _marks(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """Links, whether all is strong or emphasised, and line breaks of each block, as rows."""
    found = [(index, markup) for index, markup in enumerate([block.markup for block in blocks]) if "<" in markup]
    out = np.zeros((4, len(blocks)))
    places = [index for index, _ in found]
    out[0, places] = [markup.count("<a ") for _, markup in found]
    out[1, places] = [markup.startswith("<strong>") and markup.endswith("</strong>") for _, markup in found]
    out[2, places] = [markup.startswith("<em>") and markup.endswith("</em>") for _, markup in found]
    out[3, places] = [markup.count("<br>") for _, markup in found]
    return out


def element_columns(blocks: Sequence[Block], nodes: Sequence[Node]) -> Columns:
    """What kind of element the block is, and how it stands in its line."""
    rows = np.arange(len(blocks))
    tags = [nodes[block.node].tag for block in blocks]
    out = np.zeros((_KINDS_AND_MORE + len(TAGS) + 1, len(blocks)), np.float32)
    out[[_TAG_ROW.get(tag, -1) for tag in tags], rows] = 1  # the last row is for all other tags, and is left out
    out[[_KIND_ROW[block.kind] for block in blocks], rows] = 1
    at = len(KINDS)
    out[at] = [_HEADINGS.get(tag, 0) / 6 for tag in tags]
    out[at + 1] = [block.gap for block in blocks]
    out[at + 2] = [block.chars is not None for block in blocks]
    out[at + 3] = [block.origin in _JSON for block in blocks]
    return out[:-1]


def word_columns(firsts: Sequence[First | None]) -> Columns:
    """What word lists and shapes say."""
    width = len(LABELS)
    out = np.zeros((2 * width + 1, len(firsts)), np.float32)
    for column, first in enumerate(firsts):
        if first is not None:
            out[_LABEL_ROW[first.label] + (0 if first.reason.startswith("words:") else width), column] = first.score
            out[2 * width, column] = first.whole
    return out


def passed_columns(look: Look) -> Columns:
    """How many signs of each kind stand above a block since the stretch of the article began, and how many below."""
    out = np.zeros((len(PASSED), len(look.firsts)))
    rows = {label: row for row, label in enumerate(PASSED)}
    for column, first in enumerate(look.firsts):
        if first is not None and (row := rows.get(first.label)) is not None:
            out[row, column] = 1
    inside = out.copy()
    inside[:, : look.span.begin] = 0
    above = np.cumsum(inside, axis=1) - inside
    below = out.sum(1, keepdims=True) - np.cumsum(out, axis=1)
    return [np.log1p(row) / 3 for row in (*above, *below)]


def look_columns(look: Look) -> Columns:
    """What the first look made of each block, before and after the guards."""
    count, width = len(look.placed), len(_ALL)
    out = np.zeros((2 * width + 9, count), np.float32)
    rows = np.arange(count)
    labels, scores = zip(*look.placed, strict=True)
    out[[_ALL[label] for label in labels], rows] = scores
    out[[width + _ALL[label or Label.OTHER] for label in look.draft.labels], rows] = 1
    begin, end, head = look.span.begin, look.span.end, look.headline
    told = out[2 * width :]
    told[0, begin:end] = 1
    told[3] = np.clip((rows - begin) / 20, -1, 1)
    told[4] = np.clip((rows - end) / 20, -1, 1)
    told[5] = np.clip(np.array(look.values) / 30, -1, 2)
    told[6] = [measure.prose for measure in look.measures]
    told[7] = [measure.inside for measure in look.measures]
    if head is not None:
        told[1, head], told[2, :head], told[8] = 1, 1, (rows - head) / count
    return out


def run_columns(
    blocks: Sequence[Block], words: NDArray[np.float64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Lines through which one sentence goes: words of the run, whether it ends, and whether a line goes on or went on."""
    count = len(blocks)
    same = np.zeros(count, bool)
    for index, block in enumerate(blocks if blocks[0].origin is Origin.TEXT else ()):
        if index and not block.gap and block.kind not in _NO_RUN:
            before = blocks[index - 1]
            same[index] = before.kind is not Kind.ROW and (
                not before.selected and not block.selected
                if before.lines == block.lines
                else joins(before.text, block.text)
            )
    run = np.cumsum(~same) - 1
    total = np.bincount(run, words, minlength=count)[run]
    ended = np.bincount(run, ends <= 2, minlength=count)[run] > 0
    return total, ended & (total >= 3), np.append(same[1:], False), same


def place_columns(
    page: Page, words: NDArray[np.float64], linked: NDArray[np.float64], mass: NDArray[np.float64]
) -> Columns:
    """Where on the page each block stands, and what kind of page it is."""
    blocks, count = page.blocks, len(page.blocks)
    place = np.arange(count)
    total = max(1.0, float(words.sum()))
    long = mass > 0
    all_mass = max(1.0, float(mass.sum()))
    passed, before = np.cumsum(words) - words, np.cumsum(mass) - mass
    last = np.maximum.accumulate(np.where(long, place, -1))
    since = np.where(last >= 0, place - last, 50)
    following = np.minimum.accumulate(np.where(long, place, count + 50)[::-1])[::-1]
    head = next((index for index, block in enumerate(blocks) if page.nodes[block.node].tag == "h1"), -1)
    return [
        place / count,
        passed / total,
        before / all_mass,
        1 - (before + mass) / all_mass,
        np.log1p(np.minimum(50, since)) / 4,
        np.log1p(np.minimum(50, following - place)) / 4,
        np.clip((place - head) / 20, -1, 1) if head >= 0 else 0,
        place > head if head >= 0 else 0,
        np.clip((place - max(0, int(last[-1]))) / 20, -1, 1),
        np.log1p(count) / 7,
        np.log1p(all_mass) / 9,
        float((words * linked).sum()) / total,
        all_mass / total,
        head >= 0,
        blocks[0].origin is Origin.TEXT,
        (words < 5).mean(),
        min(1.0, total / count / 40),
    ]

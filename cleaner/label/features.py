"""Page and first look -> Features: what the model sees of a page, as columns of numbers. Pure.

One set of columns for markup and for plain text; what a page without elements cannot tell is zero there. Counting is
done on arrays over the whole page, not block by block, because that is where the time goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Block, Kind, Label, Node, Origin, Page
from cleaner.label.characters import DIGIT, IDEOGRAPH, LOWER, QUOTE, SYMBOL, UPPER, count_characters
from cleaner.label.containers import containers, groups_of, templates
from cleaner.label.look import Look
from cleaner.label.repeats import find_repeats
from cleaner.label.span import First
from cleaner.text import fold, joins

__all__ = ["COLUMNS", "SCHEMA", "Features", "extract"]

SCHEMA = 1  # of weights: raised whenever the columns or the network change

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# ------------------------------------------------------------------------------------------- classes of characters


_ENDS = {
    char: place
    for place, chars in enumerate((".。।", "?!？！؟", "…", ":：", ",;、，；", '"”’»」』)]）'))
    for char in chars
}
_KINDS = tuple(Kind)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ALL = {label: number for number, label in enumerate(Label)}
_LABELS = tuple(label for label in Label if label is not Label.BODY)
_LABEL_COLUMN: dict[Label, int] = {label: column for column, label in enumerate(_LABELS)}
_TAGS = (
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
_TAG_COLUMN = {tag: column for column, tag in enumerate(_TAGS)}
_LONG, _PROSE_WORDS = 20, 12
_TOKENS_HEAD, _TOKENS_TAIL = 30, 6


@dataclass(frozen=True, slots=True)
class Features:
    """What the model sees of a page.

    numbers: one row a block, columns as in ``COLUMNS``; tokens: the page's words, each block's in a row, as numbers
    of ``vocabulary``; starts: where each block's words begin; names: class words of each node; node: each block's
    element; parents: each element's parent; parent, template: numbers of the groups that a block belongs to.
    """

    numbers: Floats
    tokens: Ints
    starts: Ints
    vocabulary: tuple[str, ...]
    node: Ints
    parents: Ints
    nodes: tuple[Node, ...]
    parent: Ints
    template: Ints


def _names() -> tuple[str, ...]:
    """The names of the columns, in their order."""
    names = [
        "words:log",
        "words:3",
        "words:8",
        "words:20",
        "words:60",
        "chars a word",
        "upper",
        "title case",
        "digits",
        "commas",
        "stops",
        "stops:3",
        "quotes",
        "ideographs",
        "symbols",
    ]
    names += [f"ends:{name}" for name in ("stop", "asks", "ellipsis", "colon", "comma", "closing", "digit", "letter")]
    names += [f"starts:{name}" for name in ("upper", "lower", "digit", "quote", "symbol", "ideograph")]
    names += ["linked", "linked all", "links a word", "strong", "emphasis", "breaks"]
    names += [f"kind:{kind}" for kind in _KINDS] + ["heading level", "gap", "part of a line", "json", "indent"]
    names += [f"tag:{tag}" for tag in _TAGS]
    names += [f"words:{label}" for label in _LABELS] + [f"shape:{label}" for label in _LABELS] + ["first whole"]
    names += [
        "same text",
        "same text before",
        "runs seen",
        "runs seen before",
        "in title",
        "title covered",
        "is title",
        "in slug",
        "in description",
        "in witness",
        "witness there",
        "shared matter",
        "author named",
    ]
    names += ["run words", "run ended", "goes on", "went on"]
    names += [
        f"{level}:{what}"
        for level in ("own", "parent", "grand", "great")
        for what in ("prose share", "words a block", "linked", "blocks")
    ]
    names += [
        "in 50",
        "in 70",
        "in 90",
        "before 50",
        "after 50",
        "up to 50",
        "branch prose",
        "branch linked",
        "branch words",
        "branch blocks",
    ]
    names += [
        "path blocks",
        "path words",
        "path linked",
        "path prose",
        "template blocks",
        "template words",
        "template linked",
        "template prose",
    ]
    names += [
        f"inside:{side}"
        for side in (
            "nav",
            "footer",
            "aside",
            "header",
            "form",
            "article",
            "main",
            "figure",
            "list",
            "table",
            "quote",
            "button",
            "section",
        )
    ]
    names += ["unshown", "depth"]
    names += [
        "place",
        "words before",
        "before prose",
        "after prose",
        "since prose",
        "until prose",
        "h1 away",
        "below h1",
        "last prose",
    ]
    names += [
        "page:blocks",
        "page:prose",
        "page:linked",
        "page:prose share",
        "page:h1",
        "page:text",
        "page:short",
        "page:mean words",
    ]
    names += [f"placed:{label}" for label in Label] + [f"draft:{label}" for label in Label]
    names += [
        "stretch",
        "headline",
        "above headline",
        "from begin",
        "from end",
        "value",
        "prose",
        "inside",
        "below headline",
    ]
    return tuple(names)


COLUMNS = _names()


# ------------------------------------------------------------------------------------------------------- the page


def extract(page: Page, look: Look) -> Features:
    """The features of all blocks of a page (at least one block)."""
    blocks = page.blocks
    folded = [fold(block.text) for block in blocks]
    tokens, starts, vocabulary = _tokens(folded)
    count = len(blocks)
    node = np.fromiter((block.node for block in blocks), np.int64, count)
    parents = np.fromiter((entry.parent for entry in page.nodes), np.int64, len(page.nodes))
    chars = count_characters(blocks)
    words = chars["words"]
    linked = np.fromiter((block.link_chars for block in blocks), np.float64, count) / np.maximum(1, chars["chars"])
    linked = np.minimum(1.0, linked)
    ends = _ends(blocks)
    run_words, run_ended, goes_on, went_on = _runs(blocks, words, ends)
    ended = run_ended > 0
    prose = ((run_words >= _PROSE_WORDS) & ended | (run_words >= 35)) & (linked < 0.5) & (chars["letters"] > 0)
    mass = np.where(prose & (run_words >= _LONG), np.minimum(words, 120), 0.0)
    parts = [
        _shape(chars, ends, linked, blocks),
        _element(blocks, page.nodes),
        _looks(look.firsts),
        find_repeats(page, folded, tokens, starts, vocabulary, mass),
        np.stack([np.log1p(run_words) / 6, run_ended, goes_on, went_on], 1),
        *containers(page.nodes, parents, node, words, linked, mass),
        _places(page, blocks, words, linked, mass),
    ]
    template, parent = groups_of(page, node, parents)
    parts.insert(-1, templates(page, node, template, words, linked, mass))
    parts.append(_drafted(look))
    numbers = np.concatenate(parts, 1).astype(np.float32)
    return Features(numbers, tokens, starts, vocabulary, node, parents, page.nodes, parent, template)


def _tokens(folded: list[str]) -> tuple[Ints, Ints, tuple[str, ...]]:
    """All words of the page as numbers, where each block's begin (one more at the end), and the words themselves."""
    lists = [text.split(" ") if text else [] for text in folded]
    starts = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(words) for words in lists], out=starts[1:])
    numbered: dict[str, int] = {}
    flat = [numbered.setdefault(word, len(numbered)) for words in lists for word in words]
    return np.array(flat, np.int64), starts, tuple(numbered)


def _ends(blocks: Sequence[Block]) -> NDArray[np.int64]:
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


def _shape(
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
        linked > 0.9,
        np.minimum(1, marks[:, 0] / some * 5),
        marks[:, 1],
        marks[:, 2],
        np.minimum(1, marks[:, 3] / 3),
    ]
    return np.stack(columns, 1).astype(np.float64)


def _element(blocks: Sequence[Block], nodes: Sequence[Node]) -> NDArray[np.float64]:
    """What kind of element the block is, and how it stands in its line."""
    kinds = len(_KINDS)
    out = np.zeros((len(blocks), kinds + 5 + len(_TAGS)))
    place = {kind: number for number, kind in enumerate(_KINDS)}
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


def _looks(firsts: Sequence[First | None]) -> NDArray[np.float64]:
    """What word lists and shapes say."""
    width = len(_LABELS)
    out = np.zeros((len(firsts), 2 * width + 1))
    for row, first in enumerate(firsts):
        if first is not None:
            out[row, _LABEL_COLUMN[first.label] + (0 if first.reason.startswith("words:") else width)] = first.score
            out[row, 2 * width] = first.whole
    return out


def _drafted(look: Look) -> NDArray[np.float64]:
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


def _runs(
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


# --------------------------------------------------------------------------------------------------- the elements


def _places(
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

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
from cleaner.label.look import Look
from cleaner.label.span import First
from cleaner.text import fold, joins

__all__ = ["COLUMNS", "Features", "extract"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# ------------------------------------------------------------------------------------------- classes of characters

_UPPER, _LOWER, _DIGIT, _COMMA, _STOP, _QUOTE, _IDEOGRAPH, _SYMBOL, _SPACE = (1 << bit for bit in range(9))


def _char_classes() -> NDArray[np.uint16]:
    """The class of each character of the basic plane, as a bit."""
    table = np.zeros(65536, np.uint16)
    for code in range(65536):
        char = chr(code)
        if char.isspace():
            table[code] = _SPACE
        elif char.isdigit():
            table[code] = _DIGIT
        elif 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF:
            table[code] = _IDEOGRAPH
        elif char.isupper():
            table[code] = _UPPER
        elif char.isalpha():
            table[code] = _LOWER
        elif char in ",;:、，；：":
            table[code] = _COMMA
        elif char in ".!?…。！？।؟":
            table[code] = _STOP
        elif char in "\"'“”„‘’«»‹›「」『』":
            table[code] = _QUOTE
        elif char in "|•·●▪→←↑↓▲▼©®™@#$€£¥₹%°*+=<>/\\_~^[]{}":
            table[code] = _SYMBOL
    return table


_CLASSES = _char_classes()
_ENDS = {
    char: place
    for place, chars in enumerate((".。।", "?!？！؟", "…", ":：", ",;、，；", '"”’»」』)]）'))
    for char in chars
}
_KINDS = tuple(Kind)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ALL = {label: number for number, label in enumerate(Label)}
_LABELS = tuple(label for label in Label if label is not Label.BODY)
_LABEL_COLUMN = {label: column for column, label in enumerate(_LABELS)}
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
_SIDE_TAGS = {
    "nav": 0,
    "menu": 0,
    "footer": 1,
    "aside": 2,
    "header": 3,
    "form": 4,
    "article": 5,
    "main": 6,
    "figure": 7,
    "ul": 8,
    "ol": 8,
    "table": 9,
    "blockquote": 10,
    "button": 11,
    "dialog": 11,
    "section": 12,
}
_SIDES = 13
_LONG, _PROSE_WORDS = 20, 12
_TOKENS_HEAD, _TOKENS_TAIL = 30, 6


@dataclass(frozen=True, slots=True)
class Features:
    """numbers: one row a block, columns as in ``COLUMNS``; tokens: the page's words, each block's in a row, as numbers
    of ``vocabulary``; starts: where each block's words begin; names: class words of each node; node: each block's
    element; parents: each element's parent; parent, template: numbers of the groups that a block belongs to."""

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
    chars = _characters(blocks)
    words = chars["words"]
    linked = np.fromiter((block.link_chars for block in blocks), np.float64, count) / np.maximum(1, chars["chars"])
    linked = np.minimum(1.0, linked)
    ends = _ends(blocks)
    runs, run_words, run_ended, goes_on, went_on = _runs(blocks, words, ends)
    ended = run_ended > 0
    prose = ((run_words >= _PROSE_WORDS) & ended | (run_words >= 35)) & (linked < 0.5) & (chars["letters"] > 0)
    mass = np.where(prose & (run_words >= _LONG), np.minimum(words, 120), 0.0)
    parts = [
        _shape(chars, ends, linked, blocks),
        _element(blocks, page.nodes),
        _looks(look.firsts),
        _repeats(page, folded, tokens, starts, vocabulary, mass),
        np.stack([np.log1p(run_words) / 6, run_ended, goes_on, went_on], 1),
        *_containers(page.nodes, parents, node, words, linked, mass),
        _places(page, blocks, words, linked, mass),
    ]
    template, parent = _groups(page, node, parents)
    parts.insert(-1, _templates(page, node, template, words, linked, mass))
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


def _sums(values: NDArray[np.generic], starts: Ints) -> NDArray[np.float64]:
    """Sums of values between the borders ``starts``; 0 where nothing lies between."""
    total = np.zeros(len(values) + 1)
    np.cumsum(values, out=total[1:])
    return np.asarray(total[starts[1:]] - total[starts[:-1]])


def _characters(blocks: Sequence[Block]) -> dict[str, NDArray[np.float64]]:
    """Counts of characters of each class, one figure a block."""
    lengths = [len(block.text) + 1 for block in blocks]
    starts = np.zeros(len(blocks) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    text = "\n".join(block.text for block in blocks) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _CLASSES[np.minimum(codes, 65535)]
    letter = (kinds & (_UPPER | _LOWER | _DIGIT)) > 0
    begin = letter.copy()
    begin[1:] &= ~letter[:-1]
    ideograph = kinds == _IDEOGRAPH
    count = {
        "chars": np.array(lengths, np.float64) - 1,
        "words": _sums(begin | ideograph, starts),
        "upper": _sums(kinds == _UPPER, starts),
        "letters": _sums((kinds & (_UPPER | _LOWER | _IDEOGRAPH)) > 0, starts),
        "titled": _sums(begin & (kinds == _UPPER), starts),
        "digits": _sums(kinds == _DIGIT, starts),
        "commas": _sums(kinds == _COMMA, starts),
        "stops": _sums(kinds == _STOP, starts),
        "quotes": _sums(kinds == _QUOTE, starts),
        "ideographs": _sums(ideograph, starts),
        "symbols": _sums(kinds == _SYMBOL, starts),
    }
    count["first"] = np.where(count["chars"] > 0, kinds[starts[:-1]], 0).astype(np.float64)
    count["last"] = np.where(count["chars"] > 0, kinds[np.maximum(starts[1:] - 2, 0)], 0).astype(np.float64)
    return count


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
    columns += [ends == place for place in range(6)] + [last == _DIGIT, (last == _LOWER) | (last == _UPPER)]
    columns += [first == kind for kind in (_UPPER, _LOWER, _DIGIT, _QUOTE, _SYMBOL, _IDEOGRAPH)]
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
    """Lines through which one sentence goes: number of the run, its words, whether it ends as a sentence, and whether
    the line goes on in the next one or goes on from the one before."""
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
        run.astype(np.float64),
        total,
        (ended & (total >= 3)).astype(np.float64),
        following.astype(np.float64),
        same.astype(np.float64),
    )


def _repeats(
    page: Page, folded: list[str], tokens: Ints, starts: Ints, vocabulary: tuple[str, ...], mass: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What of a block stands elsewhere: on the page, in its claims, in its address."""
    count = len(folded)
    lengths = np.maximum(1, np.diff(starts))
    seen: dict[str, int] = {}
    before = np.zeros(count)
    for index, text in enumerate(folded):
        before[index] = seen.get(text, 0) if text else 0
        seen[text] = seen.get(text, 0) + 1
    total = np.array([seen[text] if text else 1 for text in folded], np.float64)
    known = {word: number for number, word in enumerate(vocabulary)}
    titles = [fold(claim.value) for claim in page.claims if claim.name == "title"]
    title = {known[word] for text in titles for word in text.split(" ") if word in known}
    in_title = _share(title, tokens, starts, lengths, len(vocabulary))
    covered = np.minimum(1, in_title * lengths / max(1, len(title)))
    is_title = np.array(
        [
            any(text == told or (len(text) >= 0.4 * len(told) and told.startswith(text)) for told in titles)
            if text
            else False
            for text in folded
        ],
        np.float64,
    )
    slug = {known[word] for word in _slug(page) if word in known}
    authors = [fold(claim.value) for claim in page.claims if claim.name == "author" and len(claim.value) < 100]
    named = np.array(
        [
            length <= 25 and any(author and author in text for author in authors)
            for text, length in zip(folded, lengths, strict=True)
        ],
        np.float64,
    )
    grams, borders = _grams(tokens, starts)
    many = _repeated(grams, borders)
    described = _within(page, "description", known, grams, borders)
    witnessed = _within(page, "body", known, grams, borders)
    there = np.full(count, witnessed is not None, np.float64)
    columns = [
        np.minimum(1, (total - 1) / 3),
        np.minimum(1, before),
        *many,
        in_title,
        covered,
        is_title,
        _share(slug, tokens, starts, lengths, len(vocabulary)) if len(slug) > 2 else np.zeros(count),
    ]
    columns += [
        described if described is not None else np.zeros(count),
        witnessed if witnessed is not None else np.zeros(count),
        there,
        _matter(tokens, starts, vocabulary, mass),
        named,
    ]
    return np.stack(columns, 1).astype(np.float64)


def _share(marked: set[int], tokens: Ints, starts: Ints, lengths: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """The share of each block's words that are marked."""
    if not marked or not len(tokens):
        return np.zeros(len(lengths))
    table = np.zeros(size, bool)
    table[list(marked)] = True
    return _sums(table[tokens], starts) / lengths


def _slug(page: Page) -> list[str]:
    """The words of the address's last telling segment."""
    address = (page.url or "").partition("?")[0].partition("#")[0]
    parts = [part for part in address.split("/")[3:] if part.count("-") + part.count("_") >= 2]
    return (
        [
            word
            for word in fold(parts[-1].replace("_", " ").replace("-", " ")).split(" ")
            if len(word) > 2 and not word.isdigit()
        ]
        if parts
        else []
    )


_PRIME = 1_000_003


def _mixed(one: Ints, two: Ints, three: Ints) -> Ints:
    """Three numbers as one."""
    return (one * _PRIME + two) * _PRIME + three


def _grams(tokens: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """The runs of three words within each block, as numbers, and where each block's begin."""
    if len(tokens) < 3:
        return np.zeros(0, np.int64), np.zeros(len(starts), np.int64)
    grams = _mixed(tokens[:-2], tokens[1:-1], tokens[2:])
    inner = np.ones(len(grams), bool)
    ends = starts[1:]
    for back in (1, 2):
        cut = ends - back
        inner[cut[(cut >= 0) & (cut < len(grams))]] = False
    total = np.zeros(len(grams) + 1, np.int64)
    np.cumsum(inner, out=total[1:])
    return grams[inner], total[np.minimum(starts, len(grams))]


def _repeated(grams: Ints, borders: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of each block's runs of words that stand elsewhere on the page, and that stood before."""
    if not len(grams):
        return np.zeros(len(borders) - 1), np.zeros(len(borders) - 1)
    order = np.argsort(grams, kind="stable")
    ordered = grams[order]
    same = np.zeros(len(grams), bool)
    same[1:] = ordered[1:] == ordered[:-1]
    later = np.zeros(len(grams), bool)
    later[order] = same
    twice = same.copy()
    twice[:-1] |= same[1:]
    any_twice = np.zeros(len(grams), bool)
    any_twice[order] = twice
    lengths = np.maximum(1, np.diff(borders))
    return _sums(any_twice, borders) / lengths, _sums(later, borders) / lengths


def _within(page: Page, name: str, known: dict[str, int], grams: Ints, borders: Ints) -> NDArray[np.float64] | None:
    """The share of each block's runs of words that a claim of the page holds; None where it makes no such claim."""
    told = max((claim.value for claim in page.claims if claim.name == name), key=len, default="")
    numbers = [known.get(word, -1) for word in fold(told[:60_000]).split(" ")]
    if len(numbers) < 6:
        return None
    claimed = np.array(numbers, np.int64)
    theirs = _mixed(claimed[:-2], claimed[1:-1], claimed[2:])
    return _sums(np.isin(grams, theirs), borders) / np.maximum(1, np.diff(borders))


def _matter(tokens: Ints, starts: Ints, vocabulary: tuple[str, ...], mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of each block's longer words that stand in the running text elsewhere on the page."""
    if not len(tokens):
        return np.zeros(len(mass))
    telling = np.array([len(word) >= 4 or not word.isascii() for word in vocabulary], bool)
    lengths = np.diff(starts)
    block = np.repeat(np.arange(len(lengths)), lengths)
    size = len(vocabulary)
    pairs, times = np.unique(tokens * len(lengths) + block, return_counts=True)
    word, place = pairs // len(lengths), pairs % len(lengths)
    holds = (mass[place] > 0).astype(np.float64)
    elsewhere = np.bincount(word, holds, minlength=size)[word] - holds > 0
    counted = telling[word] * times
    total = np.bincount(place, counted, minlength=len(lengths))
    return np.bincount(place, counted * elsewhere, minlength=len(lengths)) / np.maximum(1, total)


# --------------------------------------------------------------------------------------------------- the elements


def _containers(
    nodes: Sequence[Node],
    parents: Ints,
    node: Ints,
    words: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
) -> list[NDArray[np.float64]]:
    """What the elements around each block hold: shares of the page's running text, links, blocks."""
    size = len(nodes)
    sums = np.zeros((4, size))
    for row, weights in enumerate((mass, words, words * linked, np.ones(len(node)))):
        sums[row] = np.bincount(node, weights, minlength=size)
    for index in range(size - 1, 0, -1):
        sums[:, parents[index]] += sums[:, index]
    all_mass = max(1.0, sums[0, 0])
    told = np.stack(
        [
            sums[0] / all_mass,
            np.minimum(1, sums[1] / np.maximum(1, sums[3]) / 40),
            sums[2] / np.maximum(1, sums[1]),
            np.log1p(sums[3]) / 6,
        ],
        1,
    )
    share = told[:, 0]
    up = np.zeros(size)
    branch = np.zeros(size, np.int64)
    deepest = [0, 0, 0]
    limits = (0.5, 0.7, 0.9)
    inside = np.zeros((size, 3), bool)
    sides = np.zeros((size, _SIDES))
    unshown = np.zeros(size)
    depth = np.zeros(size)
    shares = share.tolist()
    for index, entry in enumerate(nodes):
        parent = entry.parent
        if index and parent >= 0:
            held = shares[index]
            up[index] = 0 if held >= 0.5 else up[parent] + 1
            branch[index] = branch[parent] if shares[parent] < 0.5 else index
            depth[index] = depth[parent] + 1
            sides[index] = sides[parent]
            unshown[index] = unshown[parent]
            for place, limit in enumerate(limits):
                if held >= limit and deepest[place] == parent:
                    deepest[place] = index
        side = _SIDE_TAGS.get(entry.tag)
        if side is not None:
            sides[index, side] = 1
        if "unshown" in entry.words:
            unshown[index] = 1
    for place, top in enumerate(deepest):
        inside[top, place] = True
    for index in range(1, size):
        inside[index] |= inside[parents[index]]
    levels = [node]
    for _ in range(3):
        levels.append(np.maximum(0, parents[levels[-1]]))
    within = inside[node].astype(np.float64)
    first, last = (
        (int(np.argmax(within[:, 0])), len(node) - 1 - int(np.argmax(within[::-1, 0])))
        if within[:, 0].any()
        else (0, len(node) - 1)
    )
    place = np.arange(len(node))
    branches = branch[node]
    return [
        np.concatenate([told[level] for level in levels], 1),
        np.stack(
            [
                within[:, 0],
                within[:, 1],
                within[:, 2],
                place < first,
                place > last,
                np.minimum(8, up[node]) / 8,
                *told[branches].T[[0, 2, 1, 3]],
            ],
            1,
        ).astype(np.float64),
        np.concatenate([sides[node], unshown[node][:, None], np.minimum(1, depth[node] / 20)[:, None]], 1),
    ]


def _groups(page: Page, node: Ints, parents: Ints) -> tuple[Ints, Ints]:
    """The template (path of tags and class words, three elements deep) and the parent of each block, as numbers."""
    if page.blocks[0].origin is Origin.TEXT:
        kinds = {kind: number for number, kind in enumerate(_KINDS)}
        return np.array([kinds[block.kind] for block in page.blocks], np.int64), np.arange(len(page.blocks)) // 12
    numbered: dict[object, int] = {}
    own = [numbered.setdefault((entry.tag, entry.words), len(numbered)) for entry in page.nodes]
    paths: dict[object, int] = {}
    path = []
    for index, entry in enumerate(page.nodes):
        parent = max(0, entry.parent)
        grand = max(0, page.nodes[parent].parent)
        path.append(paths.setdefault((own[index], own[parent], own[grand]), len(paths)))
    template = np.array(path, np.int64)[node]
    _, template = np.unique(template, return_inverse=True)
    _, parent_group = np.unique(np.maximum(0, parents[node]), return_inverse=True)
    return template.astype(np.int64), parent_group.astype(np.int64)


def _templates(
    page: Page,
    node: Ints,
    template: Ints,
    words: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What blocks of the same template, and of the same tag and class words, are like."""
    numbered: dict[object, int] = {}
    own = np.array([numbered.setdefault((entry.tag, entry.words), len(numbered)) for entry in page.nodes], np.int64)[
        node
    ]
    columns: list[NDArray[np.float64]] = []
    all_mass = max(1.0, float(mass.sum()))
    for group in (template, own):
        size = int(group.max()) + 1
        number = np.bincount(group, minlength=size)
        for weights, scale in ((None, 0.0), (words, 40.0), (linked, 1.0)):
            if weights is None:
                columns.append(np.log1p(number)[group] / 6)
            else:
                columns.append(
                    np.minimum(1, (np.bincount(group, weights, minlength=size) / np.maximum(1, number) / scale)[group])
                )
        columns.append((np.bincount(group, mass, minlength=size) / all_mass)[group])
    return np.stack(columns, 1)


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

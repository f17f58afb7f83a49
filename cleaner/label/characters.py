"""Blocks -> how many words, and characters of each class, they hold. Pure. Counted on one array over the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.text import words

__all__ = [
    "COMMA",
    "DIGIT",
    "IDEOGRAPH",
    "LOWER",
    "QUOTE",
    "STOP",
    "SYMBOL",
    "UPPER",
    "Characters",
    "count_characters",
    "sums_between",
]

Ints = NDArray[np.int64]

_NONE, UPPER, LOWER, DIGIT, COMMA, STOP, QUOTE, IDEOGRAPH, SYMBOL, _SPACE = range(10)
# Beside its class: whether a character is part of a word as ``text.words`` sees it, and whether only that can tell.
_CLASS, _WORD, _STRANGE = 15, 16, 32
_IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))

_MARKS = {
    **dict.fromkeys(",;:、，；：", COMMA),
    **dict.fromkeys(".!?…。！？।؟", STOP),
    **dict.fromkeys("\"'“”„‘’«»‹›「」『』", QUOTE),
    **dict.fromkeys("|•·●▪→←↑↓▲▼©®™@#$€£¥₹%°*+=<>/\\_~^[]{}", SYMBOL),
}


@dataclass(frozen=True, slots=True)
class Characters:
    """What the blocks' texts are made of, one figure a block.

    words: as ``text.words`` counts them; chars: characters; runs: runs of letters and figures, ideographs one by one;
    titled: runs that begin with a capital; of: characters of each class (columns); first, last: classes of the
    outermost characters.
    """

    words: list[int]
    chars: NDArray[np.float64]
    runs: NDArray[np.float64]
    titled: NDArray[np.float64]
    of: Ints
    first: NDArray[np.uint8]
    last: NDArray[np.uint8]


def _class_of(char: str) -> int:
    """The class of one character."""
    if char.isspace():
        return _SPACE
    if char.isdigit():
        return DIGIT
    if char.isupper():
        return UPPER
    return LOWER if char.isalpha() else _MARKS.get(char, _NONE)


def _part_of_word(char: str) -> int:
    """Whether a character is part of a word: so are its forms in lower case, or none of them; else only trying tells."""
    folded = char.casefold()
    if folded == char:
        return _WORD if char.isalnum() or char == "_" else 0
    parts = {other.isalnum() or other == "_" for other in char + folded}
    return _STRANGE if len(parts) > 1 else _WORD if True in parts else 0


def _char_classes() -> NDArray[np.uint8]:
    """The class of each character of the basic plane, with the bits that say whether it is part of a word."""
    table = np.full(65536, LOWER | _STRANGE, np.uint8)
    codes = (*range(0x3040), *range(0xFE00, 0x10000))
    chars = list(map(chr, codes))
    table[list(codes)] = [*map(_class_of, chars)]
    table[list(codes)] |= np.array([*map(_part_of_word, chars)], np.uint8)
    for first, last in _IDEOGRAPHS:
        table[first : last + 1] = IDEOGRAPH
    table[65535] = _STRANGE  # stands for all characters beyond
    return table


_CLASSES = _char_classes()


def sums_between(values: NDArray[np.generic], starts: Ints) -> NDArray[np.float64]:
    """Sums of values between the borders ``starts``; 0 where nothing lies between."""
    total = np.zeros(len(values) + 1)
    np.cumsum(values, out=total[1:])
    return np.asarray(total[starts[1:]] - total[starts[:-1]])


def count_characters(texts: Sequence[str]) -> Characters:
    """Counts of words and of characters of each class."""
    size = len(texts)
    lengths = np.fromiter(map(len, texts), np.int64, size) + 1
    ends = np.cumsum(lengths)
    marked = _marked("\n".join(texts) + "\n")
    kinds = marked & _CLASS
    block = np.repeat(np.arange(size), lengths)
    filled = lengths > 1
    runs = _begins((kinds - np.uint8(1)) < DIGIT)
    ideographs = kinds == IDEOGRAPH
    return Characters(
        _count_words(texts, marked, ideographs, block),
        (lengths - 1).astype(np.float64),
        _counts(block[runs | ideographs], size).astype(np.float64),
        _counts(block[runs & (kinds == UPPER)], size).astype(np.float64),
        _counts(block * 16 + kinds, size * 16).reshape(size, 16),
        np.where(filled, kinds[ends - lengths], 0).astype(np.uint8),
        np.where(filled, kinds[np.maximum(ends - 2, 0)], 0).astype(np.uint8),
    )


def _marked(text: str) -> NDArray[np.uint8]:
    """The class and bits of each character of a text."""
    if text.isascii():
        return np.asarray(_CLASSES[np.frombuffer(text.encode(), np.uint8)])
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.asarray(_CLASSES[np.minimum(codes, 65535)])


def _begins(member: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where runs of members begin."""
    begins = member.copy()
    begins[1:] &= ~member[:-1]
    return begins


def _counts(numbers: Ints, size: int) -> Ints:
    """How often each number up to a size occurs."""
    return np.bincount(numbers, minlength=size)


def _count_words(
    texts: Sequence[str], marked: NDArray[np.uint8], ideographs: NDArray[np.bool_], block: Ints
) -> list[int]:
    """The number of words of each block; a block with a character that the table cannot tell is counted by itself."""
    begins = _begins((marked & _WORD) > 0) | ideographs
    counted: list[int] = _counts(block[begins], len(texts)).tolist()
    for index in set(block[(marked & _STRANGE) > 0].tolist()):
        counted[index] = len(words(texts[index]))
    return counted

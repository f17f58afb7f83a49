"""Blocks -> how many characters of each class they hold. Pure. Counted on one array over the whole page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Block

__all__ = ["DIGIT", "IDEOGRAPH", "LOWER", "QUOTE", "SYMBOL", "UPPER", "count_characters", "sums_between"]

Ints = NDArray[np.int64]

UPPER, LOWER, DIGIT, COMMA, STOP, QUOTE, IDEOGRAPH, SYMBOL, SPACE = (1 << bit for bit in range(9))


_MARKS = {
    **dict.fromkeys(",;:、，；：", COMMA),
    **dict.fromkeys(".!?…。！？।؟", STOP),
    **dict.fromkeys("\"'“”„‘’«»‹›「」『』", QUOTE),
    **dict.fromkeys("|•·●▪→←↑↓▲▼©®™@#$€£¥₹%°*+=<>/\\_~^[]{}", SYMBOL),
}


def _class_of(char: str) -> int:
    """The class of one character, 0 for none."""
    if char.isspace():
        return SPACE
    if char.isdigit():
        return DIGIT
    if char.isupper():
        return UPPER
    return LOWER if char.isalpha() else _MARKS.get(char, 0)


def _char_classes() -> NDArray[np.uint16]:
    """The class of each character of the basic plane, as a bit."""
    table = np.full(65536, LOWER, np.uint16)
    for first, last in ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF)):
        table[first : last + 1] = IDEOGRAPH
    for code in (*range(0x3040), *range(0xFE00, 0x10000)):
        table[code] = _class_of(chr(code))
    return table


_CLASSES = _char_classes()


def sums_between(values: NDArray[np.generic], starts: Ints) -> NDArray[np.float64]:
    """Sums of values between the borders ``starts``; 0 where nothing lies between."""
    total = np.zeros(len(values) + 1)
    np.cumsum(values, out=total[1:])
    return np.asarray(total[starts[1:]] - total[starts[:-1]])


def count_characters(blocks: Sequence[Block]) -> dict[str, NDArray[np.float64]]:
    """Counts of characters of each class, one figure a block."""
    lengths = [len(block.text) + 1 for block in blocks]
    starts = np.zeros(len(blocks) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    text = "\n".join(block.text for block in blocks) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _CLASSES[np.minimum(codes, 65535)]
    letter = (kinds & (UPPER | LOWER | DIGIT)) > 0
    begin = letter.copy()
    begin[1:] &= ~letter[:-1]
    ideograph = kinds == IDEOGRAPH
    count = {
        "chars": np.array(lengths, np.float64) - 1,
        "words": sums_between(begin | ideograph, starts),
        "upper": sums_between(kinds == UPPER, starts),
        "letters": sums_between((kinds & (UPPER | LOWER | IDEOGRAPH)) > 0, starts),
        "titled": sums_between(begin & (kinds == UPPER), starts),
        "digits": sums_between(kinds == DIGIT, starts),
        "commas": sums_between(kinds == COMMA, starts),
        "stops": sums_between(kinds == STOP, starts),
        "quotes": sums_between(kinds == QUOTE, starts),
        "ideographs": sums_between(ideograph, starts),
        "symbols": sums_between(kinds == SYMBOL, starts),
    }
    count["first"] = np.where(count["chars"] > 0, kinds[starts[:-1]], 0).astype(np.float64)
    count["last"] = np.where(count["chars"] > 0, kinds[np.maximum(starts[1:] - 2, 0)], 0).astype(np.float64)
    return count

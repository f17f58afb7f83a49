"""Entry + known entries of its source -> Decision; two texts -> whether they tell the same story; text -> prints to find it by. Pure.

Within a source three tests in order: the same text is a copy; the same address, the same id, or the same name with nearly the same
text, is an update; everything else is new.

Across sources a story is found again by prints and judged by texts. Prints are the smallest hash of every ``_WINDOW`` runs of
``_RUN`` words (winnowing: Schleimer, Wilkerson and Aiken, "Local algorithms for document fingerprinting", 2003), of which a long text keeps
the smallest (Broder 1997). So two texts of up to a thousand words with
``_WINDOW + _RUN - 1`` words in a row in common share a print, however much else is around them, which is what a repost in another frame
is; longer ones very nearly always; and prints are numbers in a table, which a restart finds as they were. The few
texts so found are compared run by run. That costs a millisecond, and no estimate would be enough: what tells two reports of one
template apart is that their numbers differ, or that they differ all over.

MinHash signatures estimate how like two texts are as a whole, and miss a text in a longer one: with those of rensa 0.5 (128 numbers, runs
of four words) pairs made as in ``tests/benchmark/paired.py`` gave precision .98 at recall .71, and .93 at .97. Its index, and
datasketch's, live in memory.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Decision, Entry
from cleaner.text import shingles, words

__all__ = ["Known", "Telling", "decide", "exact_print", "likeness", "near_print", "same_story"]

_RUN = 8  # words of a run
_WINDOW = 32  # runs of which the one with the smallest hash is a print
_PRINTS, _FEW = 64, 8  # of a text at most; of one that is no longer than a window
_BITS = 48
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # splitmix64's
_BASE = 0x9E3779B97F4A7C15
# A file of the same name with half of its word runs in common was edited; with less it is another story.
_NEAR = 0.5
# The same story, as measured by ``tests/benchmark/duplicates.py``: the share of the shorter text's runs that stand in the longer one; how
# long it is beside it at least; which share of the longer one may stand before what is common (a repost begins with the story, a
# collection with another one); how many numbers amidst what is common may be others, or which share of them; how many changes there
# may be amidst it, or how many a word (what was edited differs here and there, what fills one template differs all over).
_COVERED, _SHORTEST, _BEFORE = 0.35, 0.35, 0.2
_NUMBERS, _CHANGED = 1, 0.25
_GAPS, _DENSE = 1, 0.025


@dataclass(frozen=True, slots=True)
class Known:
    """What we remember of an entry: its id, address, origin, the print of its text, and the text."""

    id: str
    url: str | None
    origin: str
    exact: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """A text as it is compared: the hashes of its runs of words in order, and its numbers by their places among the words."""

    runs: NDArray[np.uint64]
    numbers: dict[int, str]

    @classmethod
    def of(cls, text: str) -> Telling:
        """A text's."""
        told = words(text)
        return cls(
            _runs(told),
            {at: word for at, word in enumerate(told) if not word.isalpha() and any(map(str.isdecimal, word))},
        )


def exact_print(text: str) -> str:
    """A digest of a text's words: case, punctuation and white space do not count."""
    return hashlib.sha256(" ".join(words(text)).encode("utf-8", "replace")).hexdigest()


def near_print(telling: Telling) -> tuple[int, ...]:
    """Numbers of 48 bits by which a text is found again, in order; none for a text without words.

    >>> near_print(Telling.of("")), len(near_print(Telling.of("one two three")))
    ((), 1)
    """
    runs = telling.runs
    if len(runs) <= _WINDOW:
        return tuple(np.unique(runs)[:_FEW].tolist())
    return tuple(np.unique(np.lib.stride_tricks.sliding_window_view(runs, _WINDOW).min(axis=1))[:_PRINTS].tolist())


def _runs(told: list[str]) -> NDArray[np.uint64]:
    """A hash of each run of words, in their order; a shorter text is one run."""
    if not told:
        return np.empty(0, np.uint64)
    hashes = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in told], np.uint64)
    length = min(_RUN, len(told))
    count, mixed = len(told) - length + 1, np.zeros(len(told) - length + 1, np.uint64)
    for at in range(length):
        mixed += hashes[at : at + count] * np.uint64(pow(_BASE, at + 1, 1 << 64))
    for shift, factor in zip((30, 27), _MIX, strict=True):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - _BITS)


def same_story(one: Telling, other: Telling) -> float:
    """How much of the shorter text stands in the longer one, 0 to 1, where both are one story; 0 where they are not.

    One may be an edited, shortened or lengthened form of the other. Two reports made of one template are two stories; so are
    an article and a collection in which it stands among others.
    """
    shorter, longer = sorted((one, other), key=lambda telling: (len(telling.runs), telling.runs.tobytes()))
    if not len(shorter.runs) or len(shorter.runs) < _SHORTEST * len(longer.runs):
        return 0.0
    common = np.isin(shorter.runs, longer.runs)
    covered = float(common.mean())
    if covered < _COVERED or _filled_otherwise(shorter, longer, common):
        return 0.0
    before = int(np.isin(longer.runs, shorter.runs).argmax())
    return covered if before <= _BEFORE * len(longer.runs) else 0.0


def _filled_otherwise(shorter: Telling, longer: Telling, common: NDArray[np.bool_]) -> bool:
    """Whether two texts look like one template: between the first and the last common run are other numbers, or changes all over.

    A new date above a story is not amidst it.
    """
    places, others = np.flatnonzero(common), set(longer.numbers.values())
    first, last = int(places[0]), int(places[-1]) + _RUN
    amidst = [word for at, word in shorter.numbers.items() if first <= at < last]
    changed = sum(word not in others for word in amidst)
    if changed > _NUMBERS and changed > _CHANGED * len(amidst):
        return True
    gaps = int((np.diff(places) > 1).sum())
    return gaps > _GAPS and gaps > _DENSE * (last - first)


def likeness(one: str, other: str) -> float:
    """The share of runs of four words that two texts have in common, 0 to 1.

    >>> likeness("a b c d e", "A, b, c, d, e!")
    1.0
    """
    mine, its = shingles(one), shingles(other)
    return len(mine & its) / len(mine | its) if mine or its else 1.0


def is_web(origin: str) -> bool:
    """Whether a page came from an address of the web."""
    return origin.startswith(("http://", "https://"))


def decide(entry: Entry, origin: str, known: Iterable[Known]) -> Decision:
    """Whether an entry is new, an update of one that we know, or a copy of it. Known ones are those of its source."""
    text = entry.article.text
    exact, others = exact_print(text), tuple(known)
    if same := next((other for other in others if other.exact == exact), None):
        return Decision("copy", same.id)
    for other in others:
        same_address = entry.url is not None and entry.url == other.url
        if origin == other.origin:  # a page of the web is the same one, a file may be another of the same name
            same_address = same_address or is_web(origin) or likeness(text, other.text) >= _NEAR
        if same_address or entry.id == other.id:
            return Decision("update", other.id)
    return Decision("new")

"""Blocks and an article's gold text -> which blocks are its body. Pure.

Gold tells the text, not the blocks. Each block's words are looked up in the gold's; of all ways to take blocks whose
places in the gold follow one another, the one with the most words is chosen (longest weighted chain, with a tree of
prefix maxima after P. Fenwick, 1994).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

__all__ = ["align", "tokens", "word_f1"]

_WORD = re.compile(r"\w+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UNSEEN = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_MOST_PLACES = 60
_COVER = 0.6  # share of a block's runs of words that the gold holds, from which on the block is the gold's


def tokens(text: str) -> list[str]:
    """The words of a text as the benchmark counts them: lower case, a character of a script without spaces is one."""
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return [word.lower() for word in _WORD.findall(_IDEOGRAPH.sub(lambda hit: f" {hit[0]} ", text))]


def word_f1(found: Sequence[str], gold: Sequence[str]) -> float:
    """The F1 of two bags of words."""
    both = sum((Counter(found) & Counter(gold)).values())
    return 2 * both / (len(found) + len(gold)) if both else 0.0


class _Gold:
    """A gold text's words, with look-ups of where runs of them stand."""

    def __init__(self, text: str) -> None:
        self.words = tokens(text)
        self.single: dict[str, list[int]] = defaultdict(list)
        self.triple: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, word in enumerate(self.words):
            self.single[word].append(at)
            self.triple[tuple(self.words[at : at + 3])].append(at)
        self.runs = {tuple(self.words[at : at + 4]) for at in range(max(1, len(self.words) - 3))}
        self.lines = {" ".join(tokens(line)) for line in text.split("\n")}

    def covered(self, words: Sequence[str]) -> tuple[float, int]:
        """The share of runs of four words that the gold holds, and where the first of these stands in the words."""
        runs = [tuple(words[at : at + 4]) for at in range(len(words) - 3)]
        hits = [at for at, run in enumerate(runs) if run in self.runs]
        return (len(hits) / len(runs), hits[0]) if hits else (0.0, 0)

    def places(self, words: Sequence[str]) -> list[tuple[int, int, float]]:
        """Where a block may stand in the gold: begin, end, and what taking it there is worth."""
        size = len(words)
        if size < 3:
            worth = size * (0.9 if " ".join(words) in self.lines else 0.25)
            begins = self.single.get(words[0], ()) if words else ()
            return [(at, at + size, worth) for at in begins if self.words[at : at + size] == list(words)][:_MOST_PLACES]
        whole = [at for at in self.triple.get(tuple(words[:3]), ()) if self.words[at : at + size] == list(words)]
        if whole:
            return [(at, at + size, float(size)) for at in whole][:_MOST_PLACES]
        share, first = self.covered(words) if size >= 8 else (0.0, 0)
        if share < _COVER:
            return []
        begins = self.triple.get(tuple(words[first : first + 3]), ())
        return [(max(0, at - first), at - first + size, share * size) for at in begins][:_MOST_PLACES]


def align(texts: Sequence[str], gold: str) -> list[int]:
    """For each block 1 (body), 0 (not), or -1 where the gold holds it, but out of order: nobody should learn from that."""
    known = _Gold(gold)
    split = [tokens(text) for text in texts]
    taken = _chain([known.places(words) for words in split], len(known.words))
    return [
        1 if index in taken else -1 if len(words) >= 8 and known.covered(words)[0] >= _COVER else 0
        for index, words in enumerate(split)
    ]


def _chain(places: Sequence[Sequence[tuple[int, int, float]]], size: int) -> set[int]:
    """The blocks of the chain of most worth whose places follow one another."""
    best: list[tuple[float, int]] = [(0.0, -1)] * (size + 3)
    links: list[tuple[int, int]] = []
    for block, options in enumerate(places):
        found = []
        for begin, end, worth in options:
            total, link = _most(best, begin)
            found.append((min(end, size), (total + worth, len(links))))
            links.append((block, link))
        for end, value in found:
            _raise(best, end, value)
    link = _most(best, size)[1]
    chain: set[int] = set()
    while link >= 0:
        block, link = links[link]
        chain.add(block)
    return chain


def _most(best: list[tuple[float, int]], at: int) -> tuple[float, int]:
    """The best chain that ends at or before a place."""
    at += 1
    found = (0.0, -1)
    while at > 0:
        if best[at][0] > found[0]:
            found = best[at]
        at -= at & -at
    return found


def _raise(best: list[tuple[float, int]], at: int, value: tuple[float, int]) -> None:
    """Note a chain that ends at a place."""
    at += 1
    while at < len(best):
        if best[at][0] < value[0]:
            best[at] = value
        at += at & -at

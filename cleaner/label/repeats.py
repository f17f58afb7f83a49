"""Words of a page -> what of each block stands elsewhere: on the page, in its claims, in its address, on its site. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cleaner.datatypes import Page, SiteMemory
from cleaner.label.characters import sums_between
from cleaner.label.texts import Texts, mixed
from cleaner.text import fold

__all__ = ["find_repeats", "line_print"]

Ints = NDArray[np.int64]


def line_print(folded: str) -> int:
    """The number by which a site's memory knows a folded line again: 64 bits of BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest())


def find_repeats(page: Page, texts: Texts, mass: NDArray[np.float64], memory: SiteMemory) -> list[ArrayLike]:
    """What of a block stands elsewhere: on the page, in its claims, in its address, on its site; columns."""
    lengths = np.maximum(1, np.diff(texts.starts))
    titles = [fold(claim.value) for claim in page.claims if claim.name == "title"]
    title = {texts.numbers[word] for told in titles for word in told.split(" ") if word in texts.numbers}
    in_title = _share(title, texts, lengths)
    slug = {texts.numbers[word] for word in _slug(page) if word in texts.numbers}
    witnessed = _within(page, "body", texts)
    described = _within(page, "description", texts)
    return [
        *_same_texts(texts.folded),
        texts.again,
        texts.before,
        in_title,
        np.minimum(1, in_title * lengths / max(1, len(title))),
        _titled(texts.folded, titles),
        _share(slug, texts, lengths) if len(slug) > 2 else 0,
        0 if described is None else described,
        0 if witnessed is None else witnessed,
        witnessed is not None,
        _matter(texts, mass),
        _named(page, texts, lengths),
        [line_print(text) in memory.lines for text in texts.folded] if memory.lines else 0,
    ]


def _same_texts(folded: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How often each block's text stands on the page beside, and whether it stood there before."""
    seen: dict[str, int] = {}
    before = []
    for text in folded:
        times = seen.get(text, 0)
        before.append(times if text else 0)
        seen[text] = times + 1
    total = np.array([seen[text] if text else 1 for text in folded], np.float64)
    return np.minimum(1, (total - 1) / 3), np.minimum(1, np.array(before, np.float64))


def _titled(folded: Sequence[str], titles: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each block is a title that the page claims, or the greater part from its begin."""
    out = np.zeros(len(folded), bool)
    for told in dict.fromkeys(titles):
        least = 0.4 * len(told)
        out[[index for index, text in enumerate(folded) if text and len(text) >= least and told.startswith(text)]] = (
            True
        )
    return out


def _named(page: Page, texts: Texts, lengths: Ints) -> NDArray[np.bool_]:
    """Whether each short block names an author that the page claims."""
    out = np.zeros(len(lengths), bool)
    authors = {fold(claim.value) for claim in page.claims if claim.name == "author" and len(claim.value) < 100}
    if authors := authors - {""}:
        short = [(index, texts.folded[index]) for index in np.flatnonzero(lengths <= 25).tolist()]
        for author in authors:
            out[[index for index, text in short if author in text]] = True
    return out


def _share(marked: set[int], texts: Texts, lengths: Ints) -> NDArray[np.float64]:
    """The share of each block's words that are marked."""
    if not marked or not len(texts.tokens):
        return np.zeros(len(lengths))
    table = np.zeros(len(texts.numbers), bool)
    table[list(marked)] = True
    return sums_between(table[texts.tokens], texts.starts) / lengths


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


def _within(page: Page, name: str, texts: Texts) -> NDArray[np.float64] | None:
    """The share of each block's runs of words that a claim of the page holds; None where it makes no such claim."""
    told = max((claim.value for claim in page.claims if claim.name == name), key=len, default="")
    if not told:
        return None
    numbers = [texts.numbers.get(word, -1) for word in fold(told[:60_000]).split(" ")]
    if len(numbers) < 6:
        return None
    claimed = np.array(numbers, np.int64)
    unknown = claimed < 0
    theirs = mixed(claimed)[~(unknown[:-2] | unknown[1:-1] | unknown[2:])]
    shared = sums_between(_among(texts.grams, np.sort(theirs)), texts.borders)
    return np.asarray(shared / np.maximum(1, np.diff(texts.borders)))


def _among(grams: Ints, known: Ints) -> NDArray[np.bool_]:
    """Whether each run of words is among known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(grams), bool)
    places = np.minimum(np.searchsorted(known, grams), len(known) - 1)
    return np.asarray(known[places] == grams)


def _matter(texts: Texts, mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of each block's longer words that stand in the running text elsewhere on the page."""
    count, size = len(mass), len(texts.numbers)
    telling = np.array([len(word) >= 4 or not word.isascii() for word in texts.numbers], bool)[texts.tokens]
    word = texts.tokens[telling]
    block = np.repeat(np.arange(count), np.diff(texts.starts))[telling]
    held = (mass > 0)[block]
    # A word stands elsewhere if the first or the last block of running text that holds it is not its own.
    first, last = np.full(size, -1), np.full(size, -1)
    first[word[held][::-1]], last[word[held]] = block[held][::-1], block[held]
    first, last = first[word], last[word]
    elsewhere = (last >= 0) & ((first != block) | (last != block))
    return np.bincount(block[elsewhere], minlength=count) / np.maximum(1, np.bincount(block, minlength=count))

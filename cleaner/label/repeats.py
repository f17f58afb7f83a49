"""Words of a page -> what of each block stands elsewhere: on the page, in its claims, in its address. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Page
from cleaner.label.characters import sums_between
from cleaner.text import fold

__all__ = ["find_repeats"]

Ints = NDArray[np.int64]


def find_repeats(
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
    return sums_between(table[tokens], starts) / lengths


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
    return sums_between(any_twice, borders) / lengths, sums_between(later, borders) / lengths


def _within(page: Page, name: str, known: dict[str, int], grams: Ints, borders: Ints) -> NDArray[np.float64] | None:
    """The share of each block's runs of words that a claim of the page holds; None where it makes no such claim."""
    told = max((claim.value for claim in page.claims if claim.name == name), key=len, default="")
    numbers = [known.get(word, -1) for word in fold(told[:60_000]).split(" ")]
    if len(numbers) < 6:
        return None
    claimed = np.array(numbers, np.int64)
    theirs = _mixed(claimed[:-2], claimed[1:-1], claimed[2:])
    return sums_between(np.isin(grams, theirs), borders) / np.maximum(1, np.diff(borders))


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

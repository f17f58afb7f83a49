"""Answered sets -> pairs of texts: the same story in two forms, and two stories that look alike. Made by chance with fixed seeds.

All texts are as Cleaner gives them. Pages put into the frame of another site are cleaned anew. What is made here is never kept.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cleaner.datatypes import RawPage, Subscription
from cleaner.errors import PageError
from cleaner.pipeline import clean_page
from cleaner.text import shingles, words
from tests.benchmark.answered import Answered
from tests.benchmark.templated import KINDS, report
from tests.benchmark.unseen import knowledge_for, raw_page

__all__ = ["Pair", "different", "same"]

_TWICE = 1000  # characters that begin both of two pages that the bench holds twice
_FRAMED = 240  # pages that are cleaned again in another site's frame
_REPORTS = range(100, 112)  # of each kind, all paired; thresholds were chosen on the first twelve
_SEED = 10_000  # thresholds were chosen with 0
_NOTICES = (
    "Sign up for our newsletter and get the best stories of the week in your inbox every Friday morning.",
    "This article first appeared on a partner site and is shown here with its permission. The headline was changed.",
    "We are a small newsroom that lives on its readers. If you liked this story, think about a membership.",
    "Comments are open for two days after publication. Please keep to our rules of conduct and stay polite to each other.",
    "Photographs on this page are the property of their owners and may not be used without written consent of the editors.",
    "Follow us on our channels for the latest news from the region, alerts about traffic, and videos of our reporters.",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, how they came to be, and whether they are the same story."""

    kind: str
    same: bool
    one: str
    other: str


def same(sets: dict[str, Answered]) -> list[Pair]:
    """Pairs of one story in two forms."""
    pages = {key.rpartition("/")[2]: text for key, text in sets["html/wcxb"].texts().items() if text}
    lines = {key: text for key, text in sets["text"].texts().items() if text}
    pairs = [Pair("printed otherwise", True, pages[key], text) for key, text in lines.items() if key in pages]
    pairs += [
        Pair("another frame", True, lines[key], text) for key, text in _framed(sets["text"]) if text and key in lines
    ]
    texts = _texts(sets)
    for number, text in enumerate(texts):
        chance, others = random.Random(_SEED + number), (texts[number - 1], texts[number - 2])
        for kind, change in _CHANGES.items():
            pairs.append(Pair(kind, True, text, change(text, others, chance)))
    return pairs


def different(sets: dict[str, Answered]) -> list[Pair]:
    """Pairs of two stories that have words, a subject, a template or a site's notices in common."""
    texts = _texts(sets)
    seeds = list(sets["seeds"].texts().values())
    pairs = [Pair("one event, four stories", False, one, other) for one, other in combinations(seeds[:4], 2)]
    pairs += [
        Pair("nearest other page", False, texts[one], texts[other])
        for one, other in nearest(texts)
        if texts[one][:_TWICE] != texts[other][:_TWICE]
    ]
    for kind in KINDS:
        reports = [report(kind, number) for number in _REPORTS]
        pairs += [Pair("reports: " + kind, False, one, other) for one, other in combinations(reports, 2)]
    for number, text in enumerate(texts):
        chance, other = random.Random(_SEED + number), texts[number - 1]
        notices = chance.sample(_NOTICES, 4)
        pairs.append(Pair("one site's notices", False, _joined(text, *notices), _joined(other, *notices)))
        pairs.append(Pair("the same background", False, text, _joined(other, *_background(text, other, chance))))
        third = texts[number - 2]
        if 2 * min(_size(text), _size(other), _size(third)) > max(_size(text), _size(other), _size(third)):
            pairs.append(Pair("among others in a digest", False, text, _joined(other, text, third)))
    return pairs


def _texts(sets: dict[str, Answered]) -> list[str]:
    """The texts of all HTML pages."""
    return [text for name in ("html/fundus", "html/wcxb") for text in sets[name].texts().values() if text]


def _size(text: str) -> int:
    """Words of a text."""
    return len(words(text))


def _joined(*parts: str) -> str:
    """Paragraphs as one text."""
    return "\n\n".join(part for part in parts if part)


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, those that are not empty."""
    return [part for part in text.split("\n\n") if part.strip()]


def _background(text: str, other: str, chance: random.Random) -> list[str]:
    """Paragraphs of a text, together up to three tenths of the shorter of two: what a later story tells again."""
    most, found = 0.3 * min(_size(text), _size(other)), list[str]()
    for part in sorted(_paragraphs(text), key=lambda _: chance.random()):
        if (size := _size(part)) <= most:
            most -= size
            found.append(part)
    return found


# ------------------------------------------------------------------------------------------------------------ changes


def _edited(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Some words changed, a sentence left out, a paragraph added, a line with a date before it."""
    parts, foreign = _paragraphs(text), words(others[0]) or ["so"]
    dropped = chance.randrange(len(parts))
    if len(parts) > 3:
        left = re.split(r"(?<=[.!?]) ", parts[dropped])
        del left[chance.randrange(len(left))]
        parts[dropped] = " ".join(left)
    pieces = re.split(r"(\s+)", _joined(*parts))
    for at in range(0, len(pieces), 2):
        if chance.random() < 0.012:
            pieces[at] = chance.choice(foreign)
    added = [part for part in _paragraphs(others[0]) if _size(part) <= max(12, 0.1 * _size(text))][:1]
    return _joined(f"Updated {chance.randint(1, 28)} March 2026, {chance.randint(10, 23)}.15", "".join(pieces), *added)


def _shortened(text: str, _others: Sequence[str], chance: random.Random) -> str:
    """The first half to seven tenths."""
    pieces = re.split(r"(\s+)", text)
    return "".join(pieces[: int(len(pieces) * chance.uniform(0.5, 0.7))]) + "…"


def _with_notices(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Another site's notices and lines around it, as long as a third of it at most."""
    notices = chance.sample(_NOTICES, 3)
    lead = [part for part in _paragraphs(others[1]) if _size(part) <= 0.15 * _size(text)][:1]
    return _joined(notices[0], *lead, text, *notices[1:])


def _all_of_it(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Shortened, edited, and between notices."""
    return _with_notices(_edited(_shortened(text, others, chance), others, chance), others, chance)


_CHANGES = {
    "edited": _edited,
    "shortened": _shortened,
    "among notices": _with_notices,
    "shortened, edited, notices": _all_of_it,
}


# ------------------------------------------------------------------------------------------------------------- frames


def _framed(pages: Answered) -> Iterator[tuple[str, str]]:
    """Text pages whose article stands among the lines of another page, each with the text that Cleaner takes out of it."""
    keys = [key for key in pages.keys if pages.found[key][0].get("keep") and not pages.found[key][0].get("suspect")]
    chosen = random.Random(_SEED).sample(keys, min(_FRAMED, len(keys)))
    jobs = []
    for key, frame in zip(chosen, [*chosen[1:], chosen[0]], strict=True):
        gold, path, _ = pages.found[key]
        knowledge_for("text", gold, path)
        jobs.append((key, gold, path, _put_into(pages, key, frame)))
    with get_context("fork").Pool(2) as pool:
        yield from pool.imap(_cleaned, jobs, 8)


def _put_into(pages: Answered, key: str, frame: str) -> str:
    """The article of a page under a title of its own, in the place where another page has its own."""
    own, other = ((pages.found[name][0], pages.found[name][1].read_text("utf-8").split("\n")) for name in (key, frame))
    kept = own[0]["keep"]
    body = own[1][kept[0] - 1 : kept[-1]]
    head = other[1][: min(other[0].get("title_lines") or [other[0]["keep"][0]]) - 1]
    title = " ".join(own[0]["body"].split()[:9])
    return "\n".join([*head, "", title, "", *body, "", *other[1][other[0]["keep"][-1] :]])


def _cleaned(job: tuple[str, dict[str, Any], Path, str]) -> tuple[str, str]:
    """The text of one framed page; empty where it was rejected."""
    key, gold, path, text = job
    raw = raw_page({}, path)
    raw = RawPage(f"{key}-framed", raw.origin, raw.media_type, text.encode(), raw.fetched)
    try:
        outcome = clean_page(raw, Subscription(""), knowledge_for("text", gold, path), "example.org,2026")
    except PageError:
        return key, ""
    article = getattr(outcome.result, "article", None)
    return key, article.text if article else ""


# ------------------------------------------------------------------------------------------------------------ nearest


def nearest(texts: Sequence[str], most: int = 3) -> Iterator[tuple[int, int]]:
    """For each text the others that share the rarest words with it (tf-idf, cosine), and those that share runs of words."""
    counts = [Counter(words(text)) for text in texts]
    found = set(_closest(counts, most)) | set(_closest([Counter(shingles(text)) for text in texts], most))
    yield from sorted(found)


def _closest(counts: Sequence[Counter[Any]], most: int) -> Iterable[tuple[int, int]]:
    """For each bag the nearest others by cosine of tf-idf, its rare words only, as pairs in order."""
    holders: dict[Any, list[int]] = defaultdict(list)
    for at, bag in enumerate(counts):
        for word in bag:
            holders[word].append(at)
    rarity = {word: log(len(counts) / len(held)) for word, held in holders.items() if 1 < len(held) < 60}
    weights: list[dict[Any, float]] = [
        {word: (1 + log(n)) * rarity[word] for word, n in bag.items() if word in rarity} for bag in counts
    ]
    sizes = [sqrt(sum(value * value for value in bag.values())) or 1.0 for bag in weights]
    for at, rare in enumerate(weights):
        likeness: dict[int, float] = defaultdict(float)
        for word, value in rare.items():
            for other in holders[word]:
                likeness[other] += value * weights[other][word] / sizes[other]
        likeness.pop(at, None)
        for other in sorted(likeness, key=lambda other: (-likeness[other], other))[:most]:
            yield min(at, other), max(at, other)

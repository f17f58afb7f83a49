"""Page and span -> the block that is the article's headline. Pure.

A headline is found by evidence that adds up: the page's own claims, the element, a repetition, the words it shares
with the address and with the text, and how near it stands to the text. A page may have none; then none is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from cleaner.datatypes import Claim, Kind, Label, Page
from cleaner.label.measure import Measure
from cleaner.label.span import First, Span
from cleaner.label.texts import Texts
from cleaner.text import ends_sentence, fold, words

__all__ = ["content_words", "find_headline", "is_headline_again"]

T = TypeVar("T")
_LEAST, _MOST = 2, 40  # words of a headline
_ENOUGH = 1.0
_NEVER = frozenset({Kind.IMAGE, Kind.EMBED, Kind.CODE, Kind.ROW, Kind.CAPTION, Kind.ITEM})
_BEFORE = 3  # blocks into the span in which the headline may still stand


def content_words(text: str) -> set[str]:
    """The words of a text that carry its matter: those of four letters or more, or of a script without spaces."""
    return {word for word in words(text) if len(word) >= 4 or not word.isascii()}


def find_headline(
    page: Page, measures: Sequence[Measure], firsts: Sequence[First | None], span: Span, texts: Texts
) -> int | None:
    """The index of the headline, or None where no block has enough evidence. The earlier of two equals wins."""
    likely = [
        index
        for index in range(min(len(page.blocks), span.begin + _BEFORE + 1))
        if _may_be(page, index, measures[index], firsts[index]) and not _goes_on(measures, index)
    ]
    if not likely:
        return None
    claims = [fold(claim.value) for claim in page.claims if claim.name == "title"]
    folded = texts.folded
    seen = Counter(folded)
    begin, end = texts.starts[[span.begin, min(span.end, span.begin + 40)]]
    matter = set(texts.tokens[begin:end].tolist())
    slug = _slug_words(page.url, page.claims)
    best, choice = _ENOUGH, None
    for index in likely:
        text = page.blocks[index].text
        score = _by_claims(folded[index], claims) + _by_place(page, index, measures[index], span)
        score += 1.2 * (seen[folded[index]] > 1) + (2.0 * _share(slug, set(words(text))) if len(slug) > 2 else 0.0)
        own = {texts.numbers[word] for word in folded[index].split(" ") if len(word) >= 4 or not word.isascii()}
        score += 1.5 * _share(own, matter)
        if score > best:
            best, choice = score, index
    return choice


def _may_be(page: Page, index: int, measure: Measure, first: First | None) -> bool:
    """Whether a block has a headline's size and is nothing else."""
    block = page.blocks[index]
    if block.kind in _NEVER or not _LEAST <= measure.words <= _MOST:
        return False
    if len(block.text) > 260 or (first is not None and first.score >= 0.8):
        return False
    return not (
        measure.prose >= 0.7
        and ends_sentence(block.text)
        and block.text[-1] not in "?!…”\"'’"
        and block.kind is not Kind.HEADING
    )


def _goes_on(measures: Sequence[Measure], index: int) -> bool:
    """Whether a sentence runs from this line into the next: then it is wrapped text, and no headline."""
    return index + 1 < len(measures) and measures[index + 1].run == measures[index].run


def _by_claims(folded: str, claims: Sequence[str]) -> float:
    """How well the page's own title supports a text: the same, or the greater part of it (the rest is the site)."""
    if any(folded == claim for claim in claims):
        return 4.0
    if any(claim.startswith(folded) and len(folded) >= 0.4 * len(claim) for claim in claims):
        return 3.0
    return 0.0


def _by_place(page: Page, index: int, measure: Measure, span: Span) -> float:
    """What the element and the distance to the text say."""
    tag = page.nodes[page.blocks[index].node].tag
    score = 2.5 if tag == "h1" else 0.8 if page.blocks[index].kind is Kind.HEADING else 0.0
    score += 0.4 * (measure.words >= 5) + 0.3 * (index == 0) - 0.6 * (measure.words <= 2)
    away = span.begin - index
    score -= min(1.5, 0.08 * away) if away >= 0 else 0.3 * -away
    if measure.links > 0.5:
        score -= 1.0
    if measure.hint in {Label.NAV, Label.RELATED, Label.COMMENTS, Label.AD, Label.PROMO, Label.CONSENT}:
        score -= 1.5
    return score - (0.8 if ends_sentence(page.blocks[index].text) and page.blocks[index].text.endswith(".") else 0.0)


def _slug_words(url: str | None, claims: Sequence[Claim]) -> set[str]:
    """The words of the address's last telling path segment."""
    address = url or next((claim.value for claim in claims if claim.name == "canonical"), "")
    segments = [
        segment
        for segment in re.sub(r"[?#].*$", "", address).split("/")[3:]
        if segment.count("-") + segment.count("_") >= 2
    ]
    return (
        {word for word in words(segments[-1].replace("_", "-")) if len(word) > 2 and not word.isdigit()}
        if segments
        else set()
    )


def _share(part: set[T], whole: set[T]) -> float:
    """The share of some words that stand among others."""
    return len(part & whole) / len(part) if part else 0.0


def is_headline_again(folded: str, of: str) -> bool:
    """Whether a text is the headline once more, alone or with a site's name after it; both folded."""
    if folded == of:
        return True
    return folded.startswith(of + " ") and of.count(" ") >= 3 and folded.count(" ") - of.count(" ") <= 6

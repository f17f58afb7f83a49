"""Labelled blocks -> whether the page is an article at all, and how sure the choice of the article is. Pure.

With a trained model, weights that training found for the page as a whole decide on markup; on text only a page with hardly
any running text is none. Without one, a sum of points decides: what the page claims to be, its address, how much running
text was found, and how much of the page it is; its weights are those of a logistic regression on 835 articles and 181
listings (by five-fold cross-validation it lost 1.1 % of articles, and found 46 % of listings).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Kind, Label, Model, Origin, Rejected
from cleaner.label.draft import Draft
from cleaner.label.measure import Measure
from cleaner.label.model import Chances, expected_accuracy
from cleaner.walls import wall_in

__all__ = ["confidence_by", "confidence_of", "expected", "half_lost", "page_vector", "reject_by", "reject_reason"]

_LEAST_WORDS = 25  # an article has at least so many words of running text
_PARAGRAPH = 12  # words of a block that may be a paragraph
_LONG = 25  # words of a paragraph that no teaser in a list has
_ARTICLE = re.compile(r"article|posting|report|recipe", re.IGNORECASE)
_WALL = 300  # characters of a line that is a wall
_FEW = 40  # blocks of a page that is little but a question for consent
_MENUS = frozenset({Label.NAV, Label.RELATED, Label.COMMENTS})
_LIMIT = -2.5
_BASE = -3.0


def reject_reason(draft: Draft) -> Rejected | None:
    """Why the page is no article, or None."""
    body = draft.body()
    prose = [index for index in body if draft.measures[index].prose >= 0.5]
    if not _has_text(draft, prose):
        return Rejected(_thin_reason(draft))
    html = any(block.origin is Origin.DOM for block in draft.blocks)
    listing = _points(draft, body, prose) < _LIMIT if html else _is_chain_of_teasers(draft, body, prose)
    return Rejected("listing") if listing else None


def _has_text(draft: Draft, places: Sequence[int]) -> bool:
    """Whether some blocks have an article's fewest words, walls aside. To look for walls is dear, and the first paragraphs mostly do."""
    count = 0
    for place in places:
        if count < _LEAST_WORDS and not wall_in(draft.blocks[place].text):
            count += draft.words([place])
    return count >= _LEAST_WORDS


def _thin_reason(draft: Draft) -> str:
    """What a page with hardly any running text is."""
    if wall := _wall(draft):
        return wall
    consent = sum(draft.label(i) is Label.CONSENT for i in range(len(draft.blocks)))
    if consent and consent >= 0.1 * len(draft.blocks):
        return "consent-wall"
    return "no-article" if len(draft.blocks) < 15 else "listing"


def _wall(draft: Draft) -> str | None:
    """The wall that stands alone on a page: a line outside its menus asks to pay or log in, or its text asks for consent."""
    lines = [block.text for i, block in enumerate(draft.blocks) if draft.label(i) not in _MENUS]
    asked = (wall_in(text, "paywall", "login-wall") for text in lines if len(text) < _WALL)
    if wall := next(filter(None, asked), None):
        return wall
    body = draft.body()
    consent = [i for i in body if wall_in(draft.blocks[i].text, "consent-wall")]
    alone = len(draft.blocks) < _FEW  # over a list of headlines it is a notice, not a wall
    return "consent-wall" if alone and consent and 2 * draft.words(consent) >= draft.words(body) else None


def _points(draft: Draft, body: list[int], prose: list[int]) -> float:
    """The evidence that an HTML page is an article; negative where it is rather a listing."""
    claims = draft.page.claims
    told = " ".join(claim.value for claim in claims if claim.name == "type")
    dated = any(claim.name == "published" and claim.witness in {"jsonld", "opengraph", "meta"} for claim in claims)
    segments = [part for part in re.sub(r"[?#].*", "", draft.page.url or "").split("/")[3:] if part]
    hyphens = segments[-1].count("-") + segments[-1].count("_") if segments else 0
    long = sum(measure.words for measure in (draft.measures[i] for i in prose) if _is_long(measure))
    total = max(1, draft.words(range(len(draft.blocks))))
    linked = sum(measure.words for measure in draft.measures if measure.links > 0.6)
    return (
        _BASE
        + 1.2 * bool(_ARTICLE.search(told.replace("WebPage", "")))
        + 1.6 * dated
        + (3.7 * min(hyphens, 6) / 6 - 0.7 * (not segments) if draft.page.url else 1.5)
        + 1.2 * math.log1p(long) / 7
        + 2.7 * long / total
        - 2.1 * linked / total
        - 1.1 * min(2.0, _heads(draft, body) / max(1, len(prose))) / 2
    )


def _is_long(measure: Measure) -> bool:
    """Whether a block is a paragraph of running text."""
    return measure.prose >= 0.7 and measure.words >= _LONG


def _heads(draft: Draft, body: list[int]) -> int:
    """How many kept blocks are headings, or little but links."""
    return sum(draft.blocks[i].kind is Kind.HEADING or draft.measures[i].links > 0.6 for i in body)


def _is_chain_of_teasers(draft: Draft, body: list[int], prose: list[int]) -> bool:
    """Whether a text page's choice is a chain of short teasers: headings part nearly all, and few are paragraphs."""
    long = sum(_is_long(draft.measures[i]) for i in prose)
    return len(prose) >= 6 and _heads(draft, body) >= len(prose) and long < 0.3 * len(prose)


def half_lost(draft: Draft) -> tuple[str, ...]:
    """A line that says so where less than half of a page's running text was taken for its article; copies do not count."""
    prose = [i for i, measure in enumerate(draft.measures) if measure.prose >= 0.5 and measure.words >= _PARAGRAPH]
    kept = draft.words([i for i in prose if draft.label(i) is Label.BODY])
    left = draft.words([i for i in prose if draft.label(i) not in {Label.BODY, Label.EXCERPT}])
    if not 0 < kept < left:
        return ()
    return (f"less than half of the page's running text is kept: {kept} of {kept + left} words",)


def confidence_of(draft: Draft) -> float:
    """How sure the choice is, 0 to 1: the share of the page's running text that was taken, and how much there was.

    Not calibrated: an order of pages, not a probability.
    """
    prose = [i for i, measure in enumerate(draft.measures) if measure.prose >= 0.7 and measure.words >= 12]
    if not prose:
        return 0.1
    clear = [i for i in prose if draft.label(i) is Label.BODY or draft.score(i) >= 0.8]
    taken = draft.words(clear) / max(1, draft.words(prose))
    amount = min(1.0, draft.words(draft.body()) / 150)
    return round(0.15 + 0.5 * taken + 0.34 * amount, 3)


# ------------------------------------------------------------------------------------------------ with a trained model


def expected(draft: Draft, chances: Chances) -> float:
    """The word F1 that the standing choice of body may expect, as the model sees it."""
    kept = np.zeros(len(draft.blocks), bool)
    kept[draft.body()] = True
    return expected_accuracy(chances, kept)


def confidence_by(model: Model, draft: Draft, chances: Chances) -> float:
    """How sure the choice is, 0 to 1: the expected accuracy, put right by what was found on pages not trained on."""
    table = np.array(model.certainty)
    return round(float(np.interp(expected(draft, chances), table[:, 0], table[:, 1])), 3)


def page_vector(draft: Draft, chances: Chances, numbers: NDArray[np.float32]) -> NDArray[np.float64]:
    """What a page is like as a whole, as one row of figures that the gate weighs; the first one is 1.

    Means of the blocks' columns (each block the same; by its words; by its words that are body), the share of each label,
    how probable the surest paragraphs are, and what the page claims to be.
    """
    words, body = chances.words, chances.words * chances.body
    all_words, all_body = max(1.0, float(words.sum())), max(1.0, float(body.sum()))
    long = np.sort(chances.body[words >= _PARAGRAPH])[::-1]
    surest = [float(long[place]) if len(long) > place else 0.0 for place in (0, 2, 5, 10, 19)]
    weighed = np.stack([words, body]) @ numbers
    parts = [
        [1.0],
        numbers.mean(0),
        weighed[0] / all_words,
        weighed[1] / all_body,
        words @ chances.of / all_words,
        chances.of.mean(0),
        surest,
        _claimed(draft),
        [math.log1p(float(body.sum())) / 7, float(body.sum()) / all_words, expected(draft, chances)],
    ]
    return np.concatenate([np.asarray(part, np.float64) for part in parts])


def _claimed(draft: Draft) -> list[float]:
    """What the page claims to be, and what its address looks like."""
    claims = draft.page.claims
    told = " ".join(claim.value for claim in claims if claim.name == "type").replace("WebPage", "")
    dated = any(claim.name == "published" and claim.witness in {"jsonld", "opengraph", "meta"} for claim in claims)
    segments = [part for part in re.sub(r"[?#].*", "", draft.page.url or "").split("/")[3:] if part]
    hyphens = segments[-1].count("-") + segments[-1].count("_") if segments else 0
    return [
        float(bool(_ARTICLE.search(told))),
        float(dated),
        min(hyphens, 6) / 6 if draft.page.url else 0.5,
        float(bool(draft.page.url) and not segments),
        _heads(draft, draft.body()) / max(1, len(draft.body())),
        math.log1p(len(draft.blocks)) / 7,
    ]


def reject_by(model: Model, draft: Draft, chances: Chances, numbers: NDArray[np.float32]) -> Rejected | None:
    """Why the page is no article, or None: too little text, or a sum of weights that training found."""
    if not _has_text(draft, draft.body()):
        return Rejected(_thin_reason(draft))
    if model.gate and float(page_vector(draft, chances, numbers) @ np.array(model.gate)) < 0:
        return Rejected("listing")
    return None

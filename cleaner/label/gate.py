"""Labelled blocks -> whether the page is an article at all, and how sure the choice of the article is. Pure."""

from __future__ import annotations

from cleaner.datatypes import Kind, Label, Rejected
from cleaner.label.draft import Draft

__all__ = ["confidence_of", "reject_reason"]

_LEAST_WORDS = 25  # an article has at least so many words of running text
_LONG = 25  # words of a paragraph that no teaser in a list has


def reject_reason(draft: Draft) -> Rejected | None:
    """Why the page is no article, or None."""
    body = draft.body()
    prose = [index for index in body if draft.measures[index].prose >= 0.5]
    running = draft.words(prose)
    if running < _LEAST_WORDS:
        return Rejected(_thin_reason(draft))
    return Rejected("listing") if _is_listing(draft, body) else None


def _thin_reason(draft: Draft) -> str:
    """What a page with hardly any running text is."""
    consent = sum(draft.label(i) is Label.CONSENT for i in range(len(draft.blocks)))
    if consent and consent >= 0.1 * len(draft.blocks):
        return "consent-wall"
    return "no-article" if len(draft.blocks) < 15 else "listing"


def _is_listing(draft: Draft, body: list[int]) -> bool:
    """Whether the chosen text is a chain of short teasers rather than paragraphs: headings or links part nearly all."""
    prose = [i for i in body if draft.measures[i].prose >= 0.5]
    long = sum(draft.measures[i].words >= _LONG for i in prose)
    heads = sum(draft.blocks[i].kind is Kind.HEADING or draft.measures[i].links > 0.6 for i in body)
    return len(prose) >= 4 and heads >= len(prose) and long < 0.5 * len(prose)


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

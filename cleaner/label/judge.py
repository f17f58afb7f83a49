"""Page and knowledge -> LabelledPage. Pure. Here stands the order of the judges, once.

1. The first look: words, shapes, places and elements, and guards that see neighbours, each with a reason of its own.
2. The model, which has the first look among its features, says of every block what it is. Where it is unsure of its choice on
   markup, readability-lxml is asked; then pictures, code, rows and items come along with the text that they stand among.
   Where no model is loaded, the first look stands.
3. Where a feed led to the page: blocks that it carries word for word are kept, if nothing that names them spoke; where it led
   to a document that is no page, all that it says of that.
4. Memory of what the site repeats (empty so far), then the site's patterns (``ftr``), then site rules, then the user's
   corrections: the last word wins.

The earlier words stay readable in ``Verdict.overruled``.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from cleaner.datatypes import (
    Cut,
    Judge,
    Knowledge,
    LabelledPage,
    Models,
    Origin,
    Page,
    RawPage,
    Rejected,
    Replacement,
    Selector,
)
from cleaner.label import ftr, rules
from cleaner.label.among import among_body
from cleaner.label.carried import keep_carried, keep_document
from cleaner.label.draft import Draft
from cleaner.label.features import extract
from cleaner.label.gate import confidence_by, confidence_of, expected, half_lost, reject_by, reject_reason
from cleaner.label.look import Look, look_at
from cleaner.label.model import chances_of, decide, with_first_look
from cleaner.label.second import second_opinion
from cleaner.label.shape import PRICE_CUT
from cleaner.label.words import cuts_from, lexicon

__all__ = ["cuts_of", "label_page", "replacements_of", "selectors_of"]


def cuts_of(knowledge: Knowledge) -> tuple[Cut, ...]:
    """The patterns of noise inside a line that the parser is to cut out."""
    return (PRICE_CUT, *cuts_from(knowledge.words))


def selectors_of(raw: RawPage, knowledge: Knowledge) -> tuple[Selector, ...]:
    """The selectors of the site's rules that the parser is to try on a page."""
    url = _address(raw)
    patterns = ftr.ftr_for(url, knowledge)
    named = rules.selectors(rules.rules_for(_domains(url), raw.fetched, knowledge))
    return (*ftr.ftr_selectors(patterns), *named) if patterns else named


def replacements_of(raw: RawPage, knowledge: Knowledge) -> tuple[Replacement, ...]:
    """What the site's patterns replace in a page's text before the parser reads it."""
    patterns = ftr.ftr_for(_address(raw), knowledge)
    return patterns.replacements if patterns else ()


def _address(raw: RawPage) -> str:
    """Where a page is from, as far as that is known before it is parsed."""
    return next((claim.value for claim in raw.claims if claim.name == "url"), raw.origin)


def label_page(page: Page, knowledge: Knowledge, raw: RawPage, carried: Sequence[str] = ()) -> LabelledPage:
    """Give every block of a page its verdict, and the page its confidence or the reason why it is no article.

    carried: the paragraphs that a feed carries of the page.
    """
    look = look_at(page, lexicon(knowledge.words))
    draft = look.draft
    if knowledge.models is None:
        confidence, rejected = confidence_of(draft), reject_reason(draft)
    else:
        confidence, rejected = _by_model(page, look, knowledge.models, raw)
    keep_carried(draft, carried)
    if any(claim.name == "document" for claim in raw.claims):
        keep_document(draft)
        rejected = None
    is_told, told = ftr.apply_ftr(draft, ftr.ftr_for(_address(raw), knowledge))
    notes = (*told, *_apply_rules(draft, raw, knowledge))
    if is_told:
        rejected = None
    if rejected is None:
        notes = (*notes, *half_lost(draft))
    return LabelledPage(page, draft.verdicts(), confidence, rejected, (*page.notes, *notes))


def _by_model(page: Page, look: Look, models: Models, raw: RawPage) -> tuple[float, Rejected | None]:
    """Let the model decide on a draft; the page's confidence, and why it is no article."""
    draft, plain = look.draft, page.blocks[0].origin is Origin.TEXT
    model = models.text if plain else models.markup
    features = extract(page, look)
    chances = with_first_look(draft, chances_of(features, model), model.share)
    decide(draft, chances, look.texts.folded)
    if not plain and expected(draft, chances) < model.unsure:
        chances = second_opinion(draft, chances, raw.body)
    among_body(draft)
    return confidence_by(model, draft, chances), reject_by(model, draft, chances, features.numbers)


def _apply_rules(draft: Draft, raw: RawPage, knowledge: Knowledge) -> tuple[str, ...]:
    """Let the site's rules speak; of several that hit a block the last one written wins. A line for each passed over."""
    url = draft.page.url or next((claim.value for claim in raw.claims if claim.name == "url"), "")
    standing = rules.rules_for(_domains(url), raw.fetched, knowledge)
    hits, notes = rules.rule_hits(draft.blocks, standing)
    for rule, indices in hits:
        for index in indices:
            draft.say(index, rule.label, Judge.SITE, rules.rule_reason(rule), 1.0)
    return notes


def _domains(url: str) -> frozenset[str]:
    """The host of an address and the domains above it: a rule of any of them holds."""
    try:
        host = (urlsplit(url).hostname or "").casefold().removeprefix("www.")
    except ValueError:
        return frozenset()
    parts = host.split(".")
    return frozenset(".".join(parts[start:]) for start in range(len(parts) - 1))

"""Page and knowledge -> LabelledPage. Pure. Here stands the order of the judges, once.

1. The model says of every block what it is. Where none is loaded, ``context`` takes its place: the article's stretch
   on the page is found, and words, shapes and the elements around name what lies in and about it.
2. ``context`` revises with guards, each with a reason of its own: repeats, headlines again, lists under a heading,
   teasers, blurbs. These see neighbours, which a first look at a block does not.
3. Memory of what the site repeats (empty so far), then site rules, then the user's corrections: the last word wins.

The earlier words stay readable in ``Verdict.overruled``.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from cleaner.datatypes import Block, Cut, Judge, Kind, Knowledge, Label, LabelledPage, Origin, Page, RawPage, Selector
from cleaner.label import rules
from cleaner.label.context import revise
from cleaner.label.draft import Draft
from cleaner.label.gate import confidence_of, reject_reason
from cleaner.label.measure import Measure, measure_page
from cleaner.label.shape import PRICE_CUT, shape_of
from cleaner.label.span import First, Span, find_span
from cleaner.label.title import find_headline
from cleaner.label.words import WHOLE, Lexicon, cuts_from, lexicon

__all__ = ["cuts_of", "label_page", "selectors_of"]

# Long running text that a weak hit does not turn into noise: at least so much like prose, and so many words.
_SAFE_PROSE, _SAFE_WORDS = 0.7, 25
_SPEAK_LONG = frozenset({Label.DISCLAIMER, Label.CONSENT, Label.BIO, Label.EXCERPT, Label.CAPTION})
_HINT_SCORE = 0.7
# Why a block of the article's stretch is kept; text that stands only in JSON says where it was read.
_STRETCH = {
    Origin.DOM: "context:article-stretch",
    Origin.TEXT: "context:article-stretch",
    Origin.JSONLD: "context:article-in-json-ld",
    Origin.STATE: "context:article-in-page-state",
}


def cuts_of(knowledge: Knowledge) -> tuple[Cut, ...]:
    """The patterns of noise inside a line that the parser is to cut out."""
    return (PRICE_CUT, *cuts_from(knowledge.words))


def selectors_of(raw: RawPage, knowledge: Knowledge) -> tuple[Selector, ...]:
    """The selectors of the site's rules that the parser is to try on a page."""
    url = next((claim.value for claim in raw.claims if claim.name == "url"), raw.origin)
    return rules.selectors(rules.rules_for(_domains(url), raw.fetched, knowledge))


def label_page(page: Page, knowledge: Knowledge, raw: RawPage) -> LabelledPage:
    """Give every block of a page its verdict, and the page its confidence or the reason why it is no article."""
    measures = measure_page(page)
    firsts = first_looks(page, measures, lexicon(knowledge.words))
    span = find_span(page.blocks, measures, firsts)
    headline = find_headline(page, measures, firsts, span)
    draft = Draft(page, measures)
    place(draft, firsts, span)
    revise(draft, firsts, span, headline)
    notes = _apply_rules(draft, raw, knowledge)
    verdicts = draft.verdicts()
    rejected = reject_reason(draft)
    return LabelledPage(page, verdicts, confidence_of(draft), rejected, (*page.notes, *notes))


def first_looks(page: Page, measures: tuple[Measure, ...], words: Lexicon) -> tuple[First | None, ...]:
    """What words and shape alone say of each block."""
    return tuple(_first(block, measure, words) for block, measure in zip(page.blocks, measures, strict=True))


def _first(block: Block, measure: Measure, words: Lexicon) -> First | None:
    """The surest of what a cut, a word list or the shape says of one block; weak words never name long running text."""
    if block.origin is Origin.TEXT and block.selected:
        name = block.selected[0]
        label = Label.TICKER if name.startswith("context:") else Label(name.split(":")[1].rsplit(".", 1)[0])
        return First(label, name, 0.9, whole=True)
    if block.kind is Kind.CAPTION:
        return First(Label.CAPTION, "context:caption-element", 0.9, whole=False)
    if block.kind in {Kind.IMAGE, Kind.EMBED, Kind.ROW, Kind.CODE}:
        return None
    shape = shape_of(block.text)
    for hit in words.look_up(block.text):
        if _may_speak(hit.label, hit.score, measure) and (shape is None or hit.score >= shape[2]):
            return First(hit.label, hit.reason, hit.score, whole=hit.score >= WHOLE)
    return First(shape[0], f"context:{shape[1]}", shape[2], whole=False) if shape else None


def _may_speak(label: Label, score: float, measure: Measure) -> bool:
    """Whether a hit counts on a block: on long running text only a whole hit, or a label that speaks at length."""
    safe = measure.prose >= _SAFE_PROSE and measure.words >= _SAFE_WORDS
    return not safe or score >= WHOLE or label in _SPEAK_LONG


def place(draft: Draft, firsts: tuple[First | None, ...], span: Span) -> None:
    """The first label of every block: what words and shape say, else the element's hint, else its place."""
    section: tuple[Label, str] | None = None
    for index, block in enumerate(draft.blocks):
        first, measure = firsts[index], draft.measures[index]
        if index == span.end:
            section = None
        if first is not None and first.whole and first.label in {Label.RELATED, Label.COMMENTS}:
            section = (first.label, f"context:under-{first.label.value}-heading")
        if first is not None and _holds(first, index in span):
            judge = Judge.WORDS if first.reason.startswith("words:") else Judge.CONTEXT
            draft.say(index, first.label, judge, first.reason, first.score)
        elif measure.hint is not None and measure.hint is not Label.BODY and block.origin is Origin.DOM:
            draft.say(index, measure.hint, Judge.CONTEXT, f"context:element-{measure.hint.value}", _HINT_SCORE)
        elif index in span:
            draft.say(index, Label.BODY, Judge.CONTEXT, _STRETCH[block.origin], 0.5 + 0.4 * measure.prose)
        else:
            draft.say(index, *_outside(draft, index, span, section))


def _holds(first: First, inside: bool) -> bool:
    """Whether a first look stands: in the article's stretch only when it is rather sure."""
    return first.score >= (0.7 if inside else 0.5)


def _outside(
    draft: Draft, index: int, span: Span, section: tuple[Label, str] | None
) -> tuple[Label, Judge, str, float]:
    """The label of a block outside the article that nothing else named: by the heading above it, or by its place."""
    measure = draft.measures[index]
    if section is not None and index >= span.end:
        return section[0], Judge.CONTEXT, section[1], 0.7
    if draft.blocks[index].kind is Kind.IMAGE:
        return Label.OTHER, Judge.CONTEXT, "context:outside-article", 0.5
    if index >= span.end and (measure.words >= 5 or measure.prose >= 0.5):
        return Label.RELATED, Judge.CONTEXT, "context:after-article", 0.5
    if measure.prose >= 0.5 and measure.words >= 12:
        return Label.RELATED, Judge.CONTEXT, "context:before-article", 0.4
    return Label.NAV, Judge.CONTEXT, "context:outside-article", 0.5


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

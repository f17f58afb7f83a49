"""Page and words -> Look: what words, shapes, places and neighbours say of each block, before the model speaks. Pure.

The article's stretch on the page is found, words, shapes and the elements around name what lies in and about it, and
guards revise that: repeats, lists under a heading, teasers. The model takes the outcome among its features; where no
model is loaded, it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

from cleaner.datatypes import Block, Judge, Kind, Label, Origin, Page
from cleaner.label.context import revise
from cleaner.label.credit import ends_with_credit
from cleaner.label.draft import Draft
from cleaner.label.measure import Measure, measure_page
from cleaner.label.shape import shape_of
from cleaner.label.span import First, Span, block_values, find_span
from cleaner.label.texts import Texts, read_texts
from cleaner.label.title import find_headline
from cleaner.label.words import WHOLE, Lexicon

__all__ = ["Look", "look_at"]

# Long running text that a weak hit does not turn into noise: at least so much like prose, and so many words.
_SAFE_PROSE, _SAFE_WORDS = 0.7, 25
_SPEAK_LONG = frozenset({Label.DISCLAIMER, Label.CONSENT, Label.BIO, Label.EXCERPT, Label.CAPTION})
_MUTE = frozenset({Kind.IMAGE, Kind.EMBED, Kind.ROW, Kind.CODE})
_CAPTION = First(Label.CAPTION, "context:caption-element", 0.9, whole=False)
_CREDITED = First(Label.CAPTION, "context:picture-credit", 0.9, whole=False)
_SPECIAL = _MUTE | {Kind.CAPTION}
_SECTIONS = frozenset({Label.RELATED, Label.COMMENTS})
_HINT_SCORE = 0.7
_BY_ELEMENT = {label: f"context:element-{label.value}" for label in Label}
# Why a block of the article's stretch is kept; text that stands only in JSON says where it was read.
_STRETCH = {
    Origin.DOM: "context:article-stretch",
    Origin.TEXT: "context:article-stretch",
    Origin.JSONLD: "context:article-in-json-ld",
    Origin.STATE: "context:article-in-page-state",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look gave. texts: the blocks' words; placed: label and score of each block before the guards; values: what each adds to the stretch.

    draft: the verdicts as the guards left them.
    """

    texts: Texts
    measures: tuple[Measure, ...]
    firsts: tuple[First | None, ...]
    span: Span
    values: tuple[float, ...]
    headline: int | None
    placed: tuple[tuple[Label, float], ...]
    draft: Draft


def look_at(page: Page, words: Lexicon) -> Look:
    """Look at a page without the model."""
    texts = read_texts(page.blocks)
    measures = measure_page(page, texts.chars.words)
    firsts = first_looks(page, measures, texts.folded, words)
    values = block_values(page.blocks, measures, firsts)
    span = find_span(values)
    headline = find_headline(page, measures, firsts, span, texts)
    draft = Draft(page, measures)
    place(draft, firsts, span)
    placed = draft.standing()
    revise(draft, firsts, span, headline, texts)
    return Look(texts, measures, firsts, span, tuple(values), headline, placed, draft)


def first_looks(
    page: Page, measures: tuple[Measure, ...], folded: Sequence[str], words: Lexicon
) -> tuple[First | None, ...]:
    """What words and shape alone say of each block."""
    return tuple(map(_first, page.blocks, measures, folded, repeat(words)))


def _first(block: Block, measure: Measure, folded: str, words: Lexicon) -> First | None:
    """The surest of what a cut, a word list or the shape says of one block; weak words never name long running text."""
    if block.selected and block.origin is Origin.TEXT:
        name = block.selected[0]
        label = Label.TICKER if name.startswith("context:") else Label(name.split(":")[1].rsplit(".", 1)[0])
        return First(label, name, 0.9, whole=True)
    if block.kind in _SPECIAL:
        return _CAPTION if block.kind is Kind.CAPTION else None
    if ends_with_credit(block.text):
        return _CREDITED
    shape = shape_of(block.text)
    for hit in words.hits(block.text, folded):
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
    begin, end, dom, body = span.begin, span.end, Origin.DOM, Label.BODY
    for index, (block, first, measure) in enumerate(zip(draft.blocks, firsts, draft.measures, strict=True)):
        inside = begin <= index < end
        if index == end:
            section = None
        if first is not None and first.whole and first.label in _SECTIONS:
            section = (first.label, f"context:under-{first.label.value}-heading")
        if first is not None and _holds(first, inside):
            judge = Judge.WORDS if first.reason.startswith("words:") else Judge.CONTEXT
            draft.say(index, first.label, judge, first.reason, first.score)
        elif measure.hint is not None and measure.hint is not body and block.origin is dom:
            draft.say(index, measure.hint, Judge.CONTEXT, _BY_ELEMENT[measure.hint], _HINT_SCORE)
        elif inside:
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

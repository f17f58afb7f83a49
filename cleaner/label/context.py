"""Draft -> draft revised by what blocks are to one another. Pure.

Each guard is one function with one reason slug, tried in the order of ``revise``. A guard names a kind of noise that
no single block gives away: a text that stands on the page twice, a list under a heading, a teaser that breaks off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.datatypes import Judge, Kind, Label, Origin
from cleaner.label.draft import Draft
from cleaner.label.span import First, Span
from cleaner.label.tail import find_teasers, find_threads
from cleaner.label.title import is_headline_again
from cleaner.text import ends_sentence, fold, is_cut_off, shingles

__all__ = ["revise"]

_PROSE = 0.7
_LIST_LABELS = frozenset({Label.RELATED, Label.COMMENTS, Label.AD})


def revise(draft: Draft, firsts: Sequence[First | None], span: Span, headline: int | None) -> None:
    """Try every guard on the draft, in the written order."""
    _headline(draft, headline)
    _before_headline(draft, span, headline)
    _lead_images(draft, span, headline)
    _excerpt(draft)
    _doubled(draft)
    _rest_of_line(draft)
    _repeated(draft)
    _under_heading(draft, firsts)
    _above_button(draft, firsts)
    _beside_prices(draft)
    _questions_of_contents(draft, firsts)
    _headline_list(draft)
    find_threads(draft, firsts)
    find_teasers(draft)
    _hanging(draft)


def _say(draft: Draft, index: int, label: Label, slug: str, score: float) -> None:
    """A guard's word on one block."""
    draft.say(index, label, Judge.CONTEXT, f"context:{slug}", score)


def _is_prose(draft: Draft, index: int, least: int = 12) -> bool:
    """Whether a block is running text of some length."""
    measure = draft.measures[index]
    return measure.prose >= _PROSE and measure.words >= least


def _headline(draft: Draft, headline: int | None) -> None:
    """The headline, and every repetition of it."""
    if headline is None:
        return
    _say(draft, headline, Label.TITLE, "headline", 0.9)
    text = draft.blocks[headline].text
    for index, block in enumerate(draft.blocks):
        if index != headline and len(block.text) < 400 and is_headline_again(block.text, text):
            _say(draft, index, Label.TITLE, "headline-repeated", 0.9)


def _before_headline(draft: Draft, span: Span, headline: int | None) -> None:
    """Short blocks of the stretch that stand above the headline are the page's frame, not the article."""
    if headline is None:
        return
    for index in range(span.begin, min(headline, span.end)):
        if draft.label(index) is Label.BODY and not _is_prose(draft, index, 20):
            _say(draft, index, Label.NAV, "above-headline", 0.6)


def _lead_images(draft: Draft, span: Span, headline: int | None) -> None:
    """Pictures and videos between the headline and the text open the article."""
    if headline is None:
        return
    for index in range(headline, span.begin):
        shown = draft.blocks[index].kind in {Kind.IMAGE, Kind.EMBED}
        if shown and draft.measures[index].hint in {None, Label.CAPTION, Label.BODY}:
            _say(draft, index, Label.BODY, "lead-image", 0.6)


def _excerpt(draft: Draft) -> None:
    """A long text beside the article that repeats it: a feed's blurb, an automatic summary.

    Compared by runs of four words, so that a quotation or a shared name is no repetition.
    """
    body = set(draft.body())
    likely = {index for index in range(len(draft.blocks)) if _may_be_excerpt(draft, index)}
    wanted = body | likely if likely else set()
    runs = [shingles(block.text) if index in wanted else set() for index, block in enumerate(draft.blocks)]
    seen = Counter(run for index in body for run in runs[index])
    for index, own in enumerate(runs):
        mine = 1 if index in body else 0
        if index not in likely or sum(seen[run] > mine for run in own) < 0.55 * len(own):
            continue
        _say(draft, index, Label.EXCERPT, "repeats-the-article", 0.9)
        if mine:
            body.remove(index)
            seen.subtract(own)


def _may_be_excerpt(draft: Draft, index: int) -> bool:
    """Whether a block is long enough to be a copy; below the headline only a long one is, for short texts do recur."""
    below = range(index + 1, min(index + 4, len(draft.blocks)))
    above_headline = any(draft.label(other) is Label.TITLE for other in below)
    words_needed = 120 if draft.label(index) is Label.BODY and not above_headline else 15
    placed = draft.label(index) in {Label.TITLE, Label.CAPTION}
    return draft.measures[index].words >= words_needed and not placed and draft.blocks[index].kind is not Kind.ROW


def _doubled(draft: Draft) -> None:
    """A headline printed twice in a row that is not the article's: the head of a teaser below it."""
    body = draft.body()
    for index, after in pairwise(body):
        block, measure = draft.blocks[index], draft.measures[index]
        alike = after - index <= 2 and fold(block.text) == fold(draft.blocks[after].text)
        if alike and 4 <= measure.words <= 30 and not (ends_sentence(block.text) and block.text[-1] == "."):
            for double in (index, after):
                _say(draft, double, Label.RELATED, "headline-doubled", 0.8)


def _rest_of_line(draft: Draft) -> None:
    """What is left of a line whose beginning is a blurb, when noise was cut out of its middle, is that blurb."""
    for before, block in pairwise(draft.blocks):
        if block.chars is None or before.lines != block.lines:
            continue
        blurb = {Label.EXCERPT, Label.RELATED} & {draft.label(before.index), _first_of_line(draft, before.index)}
        if blurb and draft.label(block.index) in {Label.BODY, Label.NAV, Label.RELATED}:
            _say(draft, block.index, Label.EXCERPT, "rest-of-line", 0.8)


def _first_of_line(draft: Draft, index: int) -> Label | None:
    """The label of the first part of a block's line."""
    while index and draft.blocks[index - 1].lines == draft.blocks[index].lines:
        index -= 1
    return draft.label(index)


def _repeated(draft: Draft) -> None:
    """A paragraph that was printed once already: pull quotes, repeated bodies."""
    seen: set[str] = set()
    for index in draft.body():
        folded = fold(draft.blocks[index].text)
        if draft.measures[index].words >= 8:
            if folded in seen:
                _say(draft, index, Label.EXCERPT, "text-repeated", 0.85)
            seen.add(folded)


def _under_heading(draft: Draft, firsts: Sequence[First | None]) -> None:
    """Short blocks under the heading of a list, up to the next running text, are that list."""
    heading: Label | None = None
    left = 0
    for index in range(len(draft.blocks)):
        first = firsts[index]
        if first is not None and _heads_open_list(draft, index, first):
            heading, left = first.label, 12
        elif heading is not None and (left == 0 or _ends_list(draft, index)):
            heading = None
        elif heading is not None:
            left -= 1
            if draft.label(index) is Label.BODY and heading is not Label.AD:
                _say(draft, index, heading, f"under-{heading.value}-heading", 0.75)


def _heads_open_list(draft: Draft, index: int, first: First) -> bool:
    """Whether a block heads a list that nothing but text ends: one in a box of its own ends with the box."""
    heads = first.whole and first.label in _LIST_LABELS and draft.label(index) is first.label
    return heads and draft.measures[index].hint is None


def _ends_list(draft: Draft, index: int) -> bool:
    """Whether a block cannot be an entry of a list of links: running text of a paragraph's length, or a heading over it."""
    if _is_prose(draft, index, 18) and not is_cut_off(draft.blocks[index].text):
        return True
    below = index + 1
    return draft.blocks[index].kind is Kind.HEADING and below < len(draft.blocks) and _is_prose(draft, below, 18)


def _above_button(draft: Draft, firsts: Sequence[First | None]) -> None:
    """The line or two above a subscribe button, if no sentence ends there, is the ask that the button answers."""
    for index, first in enumerate(firsts):
        if first is None or first.label is not Label.PROMO or not first.whole or draft.label(index) is not Label.PROMO:
            continue
        above = index - 1
        if above >= 0 and draft.label(above) is Label.BODY and _is_ask(draft, above, index):
            _say(draft, above, Label.PROMO, "above-button", 0.75)


def _is_ask(draft: Draft, above: int, button: int) -> bool:
    """Whether a block is a short line that belongs to the button right under it."""
    block = draft.blocks[above]
    close = block.origin is Origin.DOM or not draft.blocks[button].gap
    return close and draft.measures[above].words <= 30 and not ends_sentence(block.text) and block.kind is not Kind.ROW


def _beside_prices(draft: Draft) -> None:
    """Short lines among prices are the widget that shows them, unless the article goes on below them.

    Inside the article such lines are a table without its borders rather than a widget.
    """
    prices = [i for i in range(len(draft.blocks)) if draft.label(i) is Label.TICKER]
    if len(prices) < 2:
        return
    last = max((i for i in draft.body() if _is_prose(draft, i)), default=-1)
    first = min((i for i in draft.body() if _is_prose(draft, i)), default=-1)
    for price in (price for price in prices if not first < price < last):
        for step in (-1, 1):
            index = price + step
            while 0 <= index < len(draft.blocks) and abs(index - price) <= 4 and _is_widget_line(draft, index):
                if draft.label(index) is not Label.TICKER and _dense(prices, index):
                    _say(draft, index, Label.TICKER, "beside-prices", 0.7)
                index += step


def _is_widget_line(draft: Draft, index: int) -> bool:
    """Whether a block may be part of a price widget: short, no sentence, no row of a table of the article."""
    block = draft.blocks[index]
    short = (
        draft.measures[index].words <= 7 and not ends_sentence(block.text) and block.kind not in {Kind.ROW, Kind.ITEM}
    )
    return short and draft.label(index) in {
        Label.BODY,
        Label.NAV,
        Label.RELATED,
        Label.OTHER,
        Label.TICKER,
        Label.SHARE,
    }


def _dense(prices: Sequence[int], index: int) -> bool:
    """Whether two prices stand within a few blocks."""
    return sum(abs(price - index) <= 5 for price in prices) >= 2


def _questions_of_contents(draft: Draft, firsts: Sequence[First | None]) -> None:
    """A short list between the page's contents heading and the text is part of the contents."""
    for index, first in enumerate(firsts):
        if first is None or first.label is not Label.NAV or not first.whole or draft.label(index) is not Label.NAV:
            continue
        below = index + 1
        while below < len(draft.blocks) and below - index <= 30 and not _is_prose(draft, below, 18):
            if draft.label(below) is Label.BODY and draft.blocks[below].kind is Kind.ITEM and _under_contents(first):
                _say(draft, below, Label.NAV, "under-contents", 0.7)
            below += 1


def _under_contents(first: First) -> bool:
    """Whether a menu word is the heading of a table of contents."""
    return first.reason.rsplit(":", 1)[-1] in {
        "table-of-contents",
        "contents",
        "in-this-article",
        "on-this-page",
        "jump-to",
        "inhalt",
        "inhaltsverzeichnis",
        "sommaire",
    }


def _headline_list(draft: Draft) -> None:
    """Five or more headlines in a row below the text, with none between, are a list of other stories."""
    for run in _runs_of(draft):
        if len(run) >= 5 and not any(_is_prose(draft, index, 25) for index in draft.body() if index > run[-1]):
            for index in run:
                _say(draft, index, Label.RELATED, "headline-list", 0.8)


def _runs_of(draft: Draft) -> Iterator[list[int]]:
    """Stretches of neighbouring body blocks that look like headlines."""
    run: list[int] = []
    for index in range(len(draft.blocks)):
        if draft.label(index) is Label.BODY and _is_headline_like(draft, index):
            run.append(index)
        else:
            yield run
            run = []
    yield run


def _is_headline_like(draft: Draft, index: int) -> bool:
    """Whether a block has a headline's form: a line of its own, five to thirty words, no full stop, no list mark."""
    block, measure = draft.blocks[index], draft.measures[index]
    alone = sum(other.run == measure.run for other in draft.measures[max(0, index - 1) : index + 2]) == 1
    return (
        alone
        and block.kind in {Kind.PARAGRAPH, Kind.HEADING}
        and 5 <= measure.words <= 30
        and block.origin is Origin.TEXT
        and not (ends_sentence(block.text) and block.text[-1] in ".:;")
        and not block.text.endswith((":", ",", ";"))
    )


def _hanging(draft: Draft) -> None:
    """A heading or short line at the article's very end with nothing under it heads what was taken out below."""
    for index in reversed(draft.body()):
        block, measure = draft.blocks[index], draft.measures[index]
        if block.kind is not Kind.HEADING or (measure.prose >= 0.5 and ends_sentence(block.text)):
            return
        _say(draft, index, Label.RELATED, "heading-of-nothing", 0.6)

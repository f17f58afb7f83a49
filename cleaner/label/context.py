"""Draft -> draft revised by what blocks are to one another. Pure.

Each guard is one function with one reason slug, tried in the order of ``revise``. A guard names a kind of noise that
no single block gives away: a text that stands on the page twice, a list under a heading, a teaser that breaks off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.datatypes import Judge, Kind, Label, Origin
from cleaner.label.around import find_bios, find_bylines, find_rows
from cleaner.label.draft import Draft
from cleaner.label.span import First, Span
from cleaner.label.tail import find_teasers, find_threads
from cleaner.label.texts import Texts
from cleaner.label.title import is_headline_again
from cleaner.text import ends_sentence, is_cut_off, shingles

__all__ = ["revise"]

_PROSE = 0.7
_LIST_LABELS = frozenset({Label.RELATED, Label.COMMENTS, Label.AD})

Heads = Sequence[tuple[int, First]]  # the blocks that a word entry or a cut hit as a whole


def revise(draft: Draft, firsts: Sequence[First | None], span: Span, headline: int | None, texts: Texts) -> None:
    """Try every guard on the draft, in the written order."""
    heads = [(index, first) for index, first in enumerate(firsts) if first is not None and first.whole]
    _headline(draft, headline, texts.folded)
    _before_headline(draft, span, headline)
    _lead_images(draft, span, headline)
    _excerpt(draft, texts)
    _doubled(draft, texts.folded)
    _rest_of_line(draft)
    _repeated(draft, texts.folded)
    _under_heading(draft, heads)
    _above_button(draft, heads)
    _beside_prices(draft)
    _questions_of_contents(draft, heads)
    _headline_list(draft)
    find_threads(draft, firsts)
    find_bylines(draft, span)
    find_bios(draft, firsts, span)
    find_rows(draft)
    find_teasers(draft)
    _hanging(draft)


def _say(draft: Draft, index: int, label: Label, slug: str, score: float) -> None:
    """A guard's word on one block."""
    draft.say(index, label, Judge.CONTEXT, f"context:{slug}", score)


def _is_prose(draft: Draft, index: int, least: int = 12) -> bool:
    """Whether a block is running text of some length."""
    measure = draft.measures[index]
    return measure.prose >= _PROSE and measure.words >= least


def _headline(draft: Draft, headline: int | None, folded: Sequence[str]) -> None:
    """The headline, and every repetition of it."""
    if headline is None:
        return
    _say(draft, headline, Label.TITLE, "headline", 0.9)
    of = folded[headline]
    for index, text in enumerate(folded):
        if not text.startswith(of) or index == headline or len(draft.blocks[index].text) >= 400:
            continue
        if is_headline_again(text, of):
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


def _excerpt(draft: Draft, texts: Texts) -> None:
    """A long text beside the article that repeats it: a feed's blurb, an automatic summary.

    Compared by runs of four words, so that a quotation or a shared name is no repetition; tried only where runs of
    three, which were counted already, stand on the page again.
    """
    likely = [index for index, again in enumerate(texts.again.tolist()) if again >= 0.5]
    runs = {index: shingles(draft.blocks[index].text) for index in likely if _may_be_excerpt(draft, index)}
    if not runs:
        return
    body = set(draft.body())
    wanted = set().union(*runs.values())
    seen: Counter[tuple[str, ...]] = Counter()
    for index in body:
        if texts.again[index] > 0:
            seen.update((runs.get(index) or shingles(draft.blocks[index].text)) & wanted)
    for index, own in runs.items():
        mine = 1 if index in body else 0
        if sum(seen[run] > mine for run in own) < 0.55 * len(own):
            continue
        _say(draft, index, Label.EXCERPT, "repeats-the-article", 0.9)
        if mine:
            body.remove(index)
            seen.subtract(own)


def _may_be_excerpt(draft: Draft, index: int) -> bool:
    """Whether a block is long enough to be a copy; below the headline only a long one is, for short texts do recur."""
    words, label = draft.measures[index].words, draft.label(index)
    if words < 15 or label is Label.TITLE or label is Label.CAPTION or draft.blocks[index].kind is Kind.ROW:
        return False
    return label is not Label.BODY or words >= 120 or Label.TITLE in draft.labels[index + 1 : index + 4]


def _doubled(draft: Draft, folded: Sequence[str]) -> None:
    """A headline printed twice in a row that is not the article's: the head of a teaser below it."""
    for index, after in pairwise(draft.body()):
        if after - index > 2 or folded[index] != folded[after] or not 4 <= draft.measures[index].words <= 30:
            continue
        text = draft.blocks[index].text
        if not (ends_sentence(text) and text[-1] == "."):
            for double in (index, after):
                _say(draft, double, Label.RELATED, "headline-doubled", 0.8)


def _rest_of_line(draft: Draft) -> None:
    """What is left of a line whose beginning is a blurb, when noise was cut out of its middle, is that blurb."""
    for block in draft.blocks[1:]:
        if block.chars is None:
            continue
        before = draft.blocks[block.index - 1]
        if before.lines != block.lines:
            continue
        blurb = {Label.EXCERPT, Label.RELATED} & {draft.label(before.index), _first_of_line(draft, before.index)}
        if blurb and draft.label(block.index) in {Label.BODY, Label.NAV, Label.RELATED}:
            _say(draft, block.index, Label.EXCERPT, "rest-of-line", 0.8)


def _first_of_line(draft: Draft, index: int) -> Label | None:
    """The label of the first part of a block's line."""
    while index and draft.blocks[index - 1].lines == draft.blocks[index].lines:
        index -= 1
    return draft.label(index)


def _repeated(draft: Draft, folded: Sequence[str]) -> None:
    """A paragraph that was printed once already: pull quotes, repeated bodies."""
    seen: set[str] = set()
    for index in draft.body():
        if draft.measures[index].words >= 8:
            if folded[index] in seen:
                _say(draft, index, Label.EXCERPT, "text-repeated", 0.85)
            seen.add(folded[index])


def _under_heading(draft: Draft, heads: Heads) -> None:
    """Short blocks under the heading of a list, up to the next running text, are that list."""
    lists = {index: first.label for index, first in heads if _heads_open_list(draft, index, first)}
    for index, heading in lists.items():
        for below in range(index + 1, min(index + 13, len(draft.blocks))):
            if below in lists or _ends_list(draft, below):
                break
            if heading is not Label.AD and draft.label(below) is Label.BODY:
                _say(draft, below, heading, f"under-{heading.value}-heading", 0.75)


def _heads_open_list(draft: Draft, index: int, first: First) -> bool:
    """Whether a block heads a list that nothing but text ends: one in a box of its own ends with the box."""
    heads = first.label in _LIST_LABELS and draft.label(index) is first.label
    return heads and draft.measures[index].hint is None


def _ends_list(draft: Draft, index: int) -> bool:
    """Whether a block cannot be an entry of a list of links: running text of a paragraph's length, or a heading over it."""
    if _is_prose(draft, index, 18) and not is_cut_off(draft.blocks[index].text):
        return True
    below = index + 1
    return draft.blocks[index].kind is Kind.HEADING and below < len(draft.blocks) and _is_prose(draft, below, 18)


def _above_button(draft: Draft, heads: Heads) -> None:
    """The line or two above a subscribe button, if no sentence ends there, is the ask that the button answers."""
    for index, first in heads:
        if first.label is not Label.PROMO or draft.label(index) is not Label.PROMO:
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
    prices = [index for index, label in enumerate(draft.labels) if label is Label.TICKER]
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


def _questions_of_contents(draft: Draft, heads: Heads) -> None:
    """A short list between the page's contents heading and the text is part of the contents."""
    for index, first in heads:
        if first.label is not Label.NAV or not _under_contents(first) or draft.label(index) is not Label.NAV:
            continue
        for below in range(index + 1, min(index + 31, len(draft.blocks))):
            if _is_prose(draft, below, 18):
                break
            if draft.label(below) is Label.BODY and draft.blocks[below].kind is Kind.ITEM:
                _say(draft, below, Label.NAV, "under-contents", 0.7)


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
    """Stretches of neighbouring body blocks that look like headlines; only plain text has such."""
    if draft.blocks and draft.blocks[0].origin is not Origin.TEXT:
        return
    run: list[int] = []
    for index, label in enumerate(draft.labels):
        if label is Label.BODY and _is_headline_like(draft, index):
            run.append(index)
        elif run:
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

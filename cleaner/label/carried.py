"""Draft and what a feed carries of the page -> draft in which no paragraph that the feed has is lost without a reason. Pure.

A feed is a witness for the article's text: a block that stands in it word for word is kept, unless something that names
what it is (a word list, a site's rule) spoke, or it is the page's title, byline, date or caption.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.datatypes import Judge, Label
from cleaner.label.draft import Draft
from cleaner.text import fold

__all__ = ["keep_carried"]

_LEAST = 6  # words of a paragraph that is told by its text alone
_USED = frozenset({Label.TITLE, Label.BYLINE, Label.DATE, Label.CAPTION})


def keep_carried(draft: Draft, carried: Sequence[str]) -> None:
    """Keep the blocks whose text a feed carries; carried: its paragraphs."""
    told = {fold(text) for text in carried}
    for index, block in enumerate(draft.blocks):
        label = draft.label(index)
        named = draft.reason(index).startswith(("words:", "site:"))
        if label is None or label.kept or label in _USED or named or draft.measures[index].words < _LEAST:
            continue
        if fold(block.text) in told:
            draft.say(index, Label.BODY, Judge.CONTEXT, "context:carried-by-feed", 0.9)

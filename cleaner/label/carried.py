"""Draft and what a feed carries of the page -> draft in which nothing that the feed has is lost without a reason. Pure.

A feed is a witness for the article's text: a block that stands in it word for word is kept, unless something that names
what it is (a word list, a site's rule) spoke, or it is the page's title, byline, date or caption.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.datatypes import Judge, Label
from cleaner.label.draft import Draft
from cleaner.text import fold

__all__ = ["keep_carried", "keep_document"]

_LEAST = 6  # words of a paragraph that is told by its text alone
_USED = frozenset({Label.TITLE, Label.BYLINE, Label.DATE, Label.CAPTION})


def keep_carried(draft: Draft, carried: Sequence[str]) -> None:
    """Keep the blocks whose text a feed carries; carried: its paragraphs."""
    told = {fold(text) for text in carried}
    for index, block in enumerate(draft.blocks):
        label = draft.label(index)
        if label is None or label.kept or label in _USED or _is_named(draft, index):
            continue
        if draft.measures[index].words < _LEAST:
            continue
        if fold(block.text) in told:
            draft.say(index, Label.BODY, Judge.CONTEXT, "context:carried-by-feed", 0.9)


def keep_document(draft: Draft) -> None:
    """Keep what a feed says of a document, a picture or a sound, and the link to it, however few words that is.

    The page that is made of it begins with the title.
    """
    for index in range(1, len(draft.blocks)):
        label = draft.label(index)
        if label is not None and not label.kept and not _is_named(draft, index):
            draft.say(index, Label.BODY, Judge.CONTEXT, "context:stands-for-document", 0.9)


def _is_named(draft: Draft, index: int) -> bool:
    """Whether something spoke that names what a block is."""
    return draft.reason(index).startswith(("words:", "site:"))

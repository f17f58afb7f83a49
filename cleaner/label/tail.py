"""Draft -> draft without what follows an article in the same kind of prose: comment threads, teasers of other stories. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaner.datatypes import Judge, Label
from cleaner.label.draft import Draft
from cleaner.label.span import First
from cleaner.label.title import content_words
from cleaner.text import is_cut_off, words

__all__ = ["find_teasers", "find_threads"]

_END_LABELS = frozenset({Label.BIO, Label.DISCLAIMER, Label.COMMENTS, Label.ATTRIBUTION})
# What stands at the head or foot of a comment, whatever it says.
_MARK = re.compile(
    r"^re:\s|\(score:\s?-?\d|^.{2,40}\b(?:says|said|wrote|schreibt|sagt|a écrit|dit|dice|escribió|disse|scrive|zegt)\s*:?$|^(?:permalink|upvote)s?$"
    r"|\d{1,2}, \d{4} at \d{1,2}:\d\d|^\w[\w .-]{1,30}\s+\d+\s(?:minutes?|hours?|days?|weeks?|months?|years?) ago",
    re.IGNORECASE,
)
# What the marks begin with, hold or end with; most lines do none of it.
_BEGINS = ("re:", "permalink", "upvote")
_SAYS = ("says", "said", "wrote", "schreibt", "sagt", "dit", "dice", "escribió", "disse", "scrive", "zegt")
_FEWEST = 4  # marks that make a thread
_APART = 7  # blocks between two marks of a thread, at most
_BEFORE = 60  # words of the article above a thread


def find_threads(draft: Draft, firsts: Sequence[First | None]) -> None:
    """Readers' comments below the article: blocks among heads and feet of comments that come again and again."""
    marks = [index for index, block in enumerate(draft.blocks) if _is_mark(block.text, firsts[index])]
    start = _thread_start(marks)
    if start is None:
        return
    body = draft.body()
    if draft.words(index for index in body if index < start) < _BEFORE:
        return
    last = marks[-1] + _APART
    for index in body:
        if start <= index <= last:
            draft.say(index, Label.COMMENTS, Judge.CONTEXT, "context:comment-thread", 0.8)


def _is_mark(text: str, first: First | None) -> bool:
    """Whether a block is the head or foot of a comment."""
    if first is not None and first.label is Label.COMMENTS and first.score >= 0.8:
        return True
    return len(text) <= 90 and _may_be_mark(text.lower()) and bool(_MARK.search(text))


def _may_be_mark(lowered: str) -> bool:
    """Whether a line holds what a mark of a comment must hold."""
    return (
        lowered.startswith(_BEGINS)
        or " ago" in lowered
        or " at " in lowered
        or "(score:" in lowered
        or lowered.removesuffix(":").rstrip().endswith(_SAYS)
    )


def _thread_start(marks: Sequence[int]) -> int | None:
    """Where the last chain of marks begins, each near the one before; None where it is too short to be a thread."""
    if len(marks) < _FEWEST:
        return None
    start, length = marks[-1], 1
    for above, below in reversed(tuple(pairwise(marks))):
        if below - above > _APART:
            break
        start, length = above, length + 1
    return start if length >= _FEWEST else None


def find_teasers(draft: Draft) -> None:
    """Paragraphs at the article's end that tell of something else: teasers of other stories, often cut off.

    Tried from the end upwards until one belongs to the article. A paragraph that breaks off or stands behind a closing line (an author's
    note, a disclaimer), and shares few of its names and matter with the text before, is another story's opening.
    """
    body = draft.body()
    start = _tail_start(draft, body)
    if start is None:
        return
    before = [index for index in body if index < start]
    matter = content_words(" ".join(draft.blocks[index].text for index in before))
    common = _names(" ".join(draft.blocks[index].text for index in before))
    for index in reversed([index for index in body if index >= start]):
        text = draft.blocks[index].text
        if not _foreign(text, matter, common):
            return
        slug = "teaser-cut-off" if is_cut_off(text) else "teaser-after-end"
        draft.say(index, Label.RELATED, Judge.CONTEXT, f"context:{slug}", 0.8)


def _tail_start(draft: Draft, body: list[int]) -> int | None:
    """Where a tail may begin: behind the last closing line in the article's second half, or at trailing cut-off text."""
    if len(body) < 3:
        return None
    half = body[len(body) // 3]
    closing = [i for i in range(half, body[-1]) if _closes(draft, i)]
    if closing and draft.words(i for i in body if i < closing[0]) >= 60:
        return next((i for i in body if i > closing[0]), None)
    start: int | None = None
    for index in reversed(body):
        if not (draft.measures[index].words >= 20 and is_cut_off(draft.blocks[index].text)):
            break
        start = index
    return start if start is not None and start > body[0] else None


def _closes(draft: Draft, index: int) -> bool:
    """Whether a block ends an article: a note, a disclaimer, an attribution, or another post's blurb."""
    blurb = draft.reason(index).startswith("words:excerpt")
    return (draft.label(index) in _END_LABELS or blurb) and draft.measures[index].words >= 4


def _names(text: str) -> set[str]:
    """Capitalised words that do not only begin sentences, lower case: the people, places and bodies of a text."""
    tokens = text.split()
    return {
        "".join(words(token))
        for before, token in pairwise(tokens)
        if token[:1].isupper() and not before.endswith((".", "!", "?", ":", "”", '"'))
    }


def _foreign(text: str, matter: set[str], common: set[str]) -> bool:
    """Whether a paragraph shares little with the text before it: few of its names, or of its words if it has none."""
    if len(words(text)) < 12:
        return True
    names = _names(text)
    if len(names) >= 4:
        return len(names & common) <= 0.34 * len(names)
    own = content_words(text)
    return len(own & matter) <= 0.4 * len(own)

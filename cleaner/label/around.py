"""Draft -> draft with names for short blocks around the article that their neighbours give away. Pure.

A person's name is the byline between headline and text, and the head of a note about the author below it; the name
of a network is a button that shares the article, or one that follows the publisher, as its row tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.datatypes import Judge, Label
from cleaner.label.draft import Draft
from cleaner.label.shape import byline_names, is_name
from cleaner.label.span import First, Span
from cleaner.text import ends_sentence

__all__ = ["find_bios", "find_bylines", "find_rows"]

_NETWORKS = frozenset(
    "apple news,apple podcasts,blue sky,bluesky,copy link,e-mail,email,facebook,flipboard,google news,instagram,linkedin,mail,mastodon,pinterest,print"
    ",reddit,rss,rss feed,snapchat,spotify,telegram,threads,tiktok,twitter,whatsapp,x,youtube,youtube channel".split(
        ","
    )
)
# What a row of buttons does with the page it stands on, and what it can only do with its publisher.
_SHARING = frozenset({"whatsapp", "reddit", "email", "mail", "e-mail", "print", "copy link"})
_FOLLOWING = frozenset(
    {"instagram", "youtube", "youtube channel", "tiktok", "spotify", "apple podcasts", "rss", "rss feed", "google news"}
)
_NOTE = 6  # words of a note about an author, at least
_BY = frozenset({"by", "by:", "von", "par", "por", "di", "av", "af", "door", "autor", "author", "text"})


def _say(draft: Draft, index: int, label: Label, slug: str, score: float) -> None:
    """A guard's word on one block."""
    draft.say(index, label, Judge.CONTEXT, f"context:{slug}", score)


def find_bylines(draft: Draft, span: Span) -> None:
    """A line above the text that is a person's name and nothing else, where the page claims that author, or below a lone "By"."""
    claimed = {claim.value.casefold().strip() for claim in draft.page.claims if claim.name == "author"}
    for index in range(min(span.begin + 1, len(draft.blocks))):
        text = draft.blocks[index].text
        if draft.measures[index].words > 5 or not is_name(text):
            continue
        by = index > 0 and draft.blocks[index - 1].text.casefold().strip() in _BY
        if by:
            _say(draft, index - 1, Label.BYLINE, "author-above-text", 0.85)
        if by or text.casefold().strip() in claimed:
            _say(draft, index, Label.BYLINE, "author-above-text", 0.85)


def find_bios(draft: Draft, firsts: Sequence[First | None], span: Span) -> None:
    """A paragraph below the article's first half that begins with its author's name, the name above it, and what "About the author" heads."""
    names = _authors(draft)
    for index in range((span.begin + span.end) // 2, len(draft.blocks)):
        text, first = draft.blocks[index].text, firsts[index]
        heads = first is not None and first.label is Label.BIO and first.whole
        below = index + 1
        if heads:
            _say(draft, index, Label.BIO, "about-the-author", 0.85)
            if below < len(draft.blocks) and is_name(draft.blocks[below].text):
                _say(draft, below, Label.BIO, "about-the-author", 0.8)
                below += 1
            if below < len(draft.blocks) and draft.measures[below].words >= _NOTE:
                _say(draft, below, Label.BIO, "about-the-author", 0.75)
        elif names and draft.measures[index].words >= _NOTE and text.startswith(names) and ends_sentence(text):
            _say(draft, index, Label.BIO, "about-the-author", 0.8)
            if text.startswith(draft.blocks[index - 1].text):
                _say(draft, index - 1, Label.BIO, "about-the-author", 0.8)


def _authors(draft: Draft) -> tuple[str, ...]:
    """The full names that bylines and the page's own claims tell."""
    told = [claim.value for claim in draft.page.claims if claim.name == "author" and is_name(claim.value)]
    for index, label in enumerate(draft.labels):
        if label is Label.BYLINE:
            text = draft.blocks[index].text
            told += byline_names(text) or ((text,) if is_name(text) else ())
    return tuple(dict.fromkeys(name.strip() + " " for name in told if name.strip().count(" ")))


def find_rows(draft: Draft) -> None:
    """Names of networks in a row: with those on which nobody shares a page, and none that only shares, they are to be followed."""
    for row in _rows(draft):
        names = {draft.blocks[index].text.casefold().strip() for index in row}
        follow = bool(names & _FOLLOWING) and not names & _SHARING
        for index in row:
            _say(draft, index, *((Label.PROMO, "follow-row") if follow else (Label.SHARE, "share-row")), 0.8)


def _rows(draft: Draft) -> Iterator[list[int]]:
    """Stretches of three or more neighbouring blocks that are each a network's name."""
    row: list[int] = []
    for index, block in enumerate(draft.blocks):
        if len(block.text) <= 16 and block.text.casefold().strip() in _NETWORKS:
            row.append(index)
        else:
            if len(row) >= 3:
                yield row
            row = []
    if len(row) >= 3:
        yield row

"""Labelled page and claims -> the article's title, and who told it. Pure. Never invented.

What readers see is believed first: the headline's block. Claims help to find it among the blocks that look like one, and to
free it of what stands in the same line (breadcrumbs, kickers, decks). Where the page shows no headline, its claims speak,
without the site's name; where there is none either, the opening of the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaner.datatypes import Block, Claim, Label, LabelledPage, Verdict
from cleaner.enrich.sites import SiteNames
from cleaner.markup import clean_text
from cleaner.text import fold, sentences, squeeze, trim_to_word

__all__ = ["Title", "choose_title"]

_RULED = frozenset({"sidecar", "site"})  # witnesses that are believed before the page's own headline
_MADE = (77, 200)  # characters of a title made from the first sentence
_LONGEST = 300
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KICKER = re.compile(r"\s*[:|/»›–—]\s+|\s-\s")
_LEAST = 3  # words of a claim that may stand for the longer line in which it stands


@dataclass(frozen=True, slots=True)
class Title:
    """A title, and its witness: a claim's, ``headline`` for the page's own block, ``text`` for the article's opening."""

    text: str
    witness: str
    key: str = ""


def choose_title(labelled: LabelledPage, claims: Sequence[Claim], text: str, names: SiteNames) -> Title:
    """The title of an article; text: of the article, from which it is made where nobody tells one.

    claims: of the page, the most trusted first; names: under which its site is known.
    """
    told = tuple(_told(claims, names))
    if told and told[0].witness in _RULED:
        return told[0]
    shown = [
        (block, verdict)
        for block, verdict in zip(labelled.page.blocks, labelled.verdicts, strict=True)
        if verdict.label is Label.TITLE and not verdict.reason.endswith("headline-repeated")
    ]
    if shown := shown or list(_opening_heading(labelled)):
        return _headline(labelled, shown, told, names)
    if told:
        return told[0]
    return Title(clean_text(_opening(text)), "text")


def _opening_heading(labelled: LabelledPage) -> Iterator[tuple[Block, Verdict]]:
    """The first block of the text, where its element is a page's main heading."""
    for block, verdict in zip(labelled.page.blocks, labelled.verdicts, strict=True):
        if verdict.label is Label.BODY:
            if labelled.page.nodes[block.node].tag == "h1":
                yield block, verdict
            return


def _told(claims: Sequence[Claim], names: SiteNames) -> Iterator[Title]:
    """The titles that are claimed, without the site's name, most trusted first."""
    for claim in claims:
        value = clean_text(squeeze(html.unescape(claim.value))) if claim.name == "title" else ""
        if value:
            bare = value if claim.witness in _RULED else names.without(value)
            yield Title(bare[:_LONGEST], claim.witness, claim.key)


def _headline(
    labelled: LabelledPage, shown: Sequence[tuple[Block, Verdict]], told: Sequence[Title], names: SiteNames
) -> Title:
    """The headline among the blocks that are labelled so; a claim where it says the same more clearly."""
    claimed = {fold(title.text) for title in told}
    nodes = labelled.page.nodes

    def rank(pair: tuple[Block, Verdict]) -> tuple[bool, bool, bool]:
        """How surely a block is the headline: a claim says the same, then what the context found, else its element."""
        block, verdict = pair
        said = fold(names.without(block.text)) in claimed
        found, top = verdict.reason == "context:headline", nodes[block.node].tag == "h1"
        return (said, found, top) if said else (said, top, found)

    block, _ = max(shown, key=rank)
    is_heading = nodes[block.node].tag in _HEADINGS
    own = clean_text(squeeze(names.without(block.text)))[:_LONGEST]
    folded = fold(own)
    for title in told:
        said = fold(title.text)
        if folded.replace(" ", "") == said.replace(" ", "") and _parts(title.text) > _parts(own):
            return title  # words of the headline that stand in elements of their own run together
        if folded == said:
            break  # nobody who is trusted more says it otherwise
        if _holds(folded, said, is_heading=is_heading, line=own) or (
            folded not in claimed and _goes_on(shown, block, said)
        ):
            return title
    return Title(own, "headline")


def _holds(folded: str, said: str, *, is_heading: bool, line: str) -> bool:
    """Whether a line holds a claimed title beside something else; both folded, and the line as it stands.

    A heading is the headline as a whole, but for a kicker that a mark parts from it: ``Harbour: Herring comes home``.
    """
    if said.count(" ") < _LEAST - 1:
        return False
    if not is_heading:
        return folded.endswith(" " + said) or folded.startswith(said + " ")
    return any(fold(line[mark.end() :]) == said for mark in _KICKER.finditer(line))


def _goes_on(shown: Sequence[tuple[Block, Verdict]], block: Block, said: str) -> bool:
    """Whether a claimed title, folded, is what the headline's block and the one right before or behind it say together."""
    blocks = {other.index: other for other, _ in shown}
    before, behind = blocks.get(block.index - 1), blocks.get(block.index + 1)
    return any(
        one is not None and other is not None and fold(f"{one.text} {other.text}") == said
        for one, other in ((before, block), (block, behind))
    )


def _parts(text: str) -> int:
    """How many parts with letters or figures white space makes of a text."""
    return sum(any(map(str.isalnum, part)) for part in text.split())


def _opening(text: str) -> str:
    """The opening of the text up to its first sentence's end, between 77 and 200 characters where it is long enough."""
    opening = squeeze(text.replace("\n", " "))
    least, most = _MADE
    end = next((end for _, end in sentences(opening) if end >= least), len(opening))
    return trim_to_word(opening[:end], least, most)

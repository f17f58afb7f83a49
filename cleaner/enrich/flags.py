"""Labelled page -> flags: what a reader should know about an entry beside its text. Pure.

A disclosure leaves the text only because the entry then carries the fact; so the lines that say it are looked up
wherever they stand in and near the article, and each flag names the block that gave it. What the page claims in its structure
comes first, lines second. A line counts in and near the article, and farther off where it is not among links and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cleaner.datatypes import FLAGS, Claim, Flag, Label, LabelledPage
from cleaner.enrich.disclosures import DISCLOSURES, Disclosure
from cleaner.enrich.extent import cut_off, is_paid, is_short, wall_before, wall_behind

__all__ = ["find_flags"]

_NEAR = 15  # blocks around the article that may speak of it
_HEAD = 3  # blocks above the headline that may name what the page is
_EDGE = 5  # blocks at either end of the body that may speak of the page
_LONGEST = 3000  # characters of a block that discloses something
_LONGEST_EDGE = 700  # the same within the body
_NAME = 60  # characters of a line that names what the page is
_OTHERS = frozenset({Label.RELATED, Label.COMMENTS, Label.NAV})  # a short line with one of these speaks of other pages
_WORDS = 7  # from which on a line is a sentence, and speaks of this page though it stands among links
_DISCLOSES = re.compile(  # how a line of the body begins that speaks of the page
    r"[*(\[\s]*(?:(?:full )?disclosure|disclaimer|(?:editor['’]s |please )?note|affiliate|hinweis|transparenz\w*|this (?:post|article|story|blog|page|content|text)|(?:when|if) you (?:buy|purchase|click)|dies\w+ (?:artikel|beitrag|text)|cet article|este (?:artículo|artigo|texto)|questo articolo|den(?:ne|na) artik\w+|ten (?:artykuł|tekst)|эта статья|этот текст|dit artikel|この記事|本記事|本文)",
    re.IGNORECASE,
)
_SELF = re.compile(  # what a sentence of the body holds when it speaks of its own page: articles tell of disclosures, too
    r"\b(?:we|us|our|i|me|my|this|these|the post|both|wir|uns\w*|dies\w+|hinweis|nous|notre|nos|cet|cette|nosotros|nuestr\w+|nós|noss\w+|est[ea]|quest\w+|nostr\w+|vi|vår\w*|vores?|denne|denna|dette|nasz\w*|ten|мы|наш\w*|эт\w+|ми|ця|wij?|onze|dit|deze|bu)\b|この|本|当サイト|我们|我們|이 |본 ",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n")
_SEPARATORS = re.compile(r"\s*[|▸›»>•·/]\s*|\s+[-–—]\s+|:\s")
_BY = (" by", " with", " von")
_FROM = re.compile(r"\s+(?:by|von|par|por|de|di|da|av|af|van|with)\s|\s?\d|\s?[:|]", re.IGNORECASE)
_NAMES = ("section", "genre")
_DATELINES = frozenset({"press-release"})  # told by how a text begins
_TYPES = {"OpinionNewsArticle": "opinion", "AdvertiserContentArticle": "sponsored"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A block that may speak of the page. head: whether it stands where a page's kind is named."""

    index: int
    text: str
    lower: str
    label: Label
    head: bool


def find_flags(labelled: LabelledPage, url: str | None, *, reposted: bool) -> tuple[Flag, ...]:
    """The flags of a page in the order of ``FLAGS``, each with the block that discloses it, if one does."""
    claims = labelled.page.claims
    found: dict[str, int | None] = dict.fromkeys(_claimed(claims, urlsplit(url).path if url else ""))
    found.update(_by_lines(labelled))
    if reposted:
        found["repost"] = None
    wall = wall_behind(labelled)
    shut = wall_before(labelled) if wall is None else wall
    if shut is not None or is_paid(labelled):
        found["paywalled"] = shut
    last = cut_off(labelled)
    if last is not None or wall is not None or is_short(labelled) or any(claim.name == "partial" for claim in claims):
        found["truncated"] = wall if last is None else last
    return tuple(Flag(name, found[name]) for name in FLAGS if name in found)


def _claimed(claims: Sequence[Claim], path: str) -> Iterator[str]:
    """The flags that a page's claims and its address give."""
    for claim in claims:
        if claim.name == "type":
            yield from (flag for kind, flag in _TYPES.items() if kind in claim.value)
    names = [part for claim in claims if claim.name in _NAMES for part in re.split(r"[,;|/>]", claim.value)]
    authors = [claim.value for claim in claims if claim.name == "author"]
    titles = [claim.value for claim in claims if claim.name == "title"]
    for kind in DISCLOSURES:
        if kind.named is None or kind.path is None:
            continue
        signed = authors if kind.flag == "sponsored" else []
        named = any(_names(kind, name) for name in (*names, *signed)) or any(_titled(kind, title) for title in titles)
        if named or kind.path.search(path):
            yield kind.flag


def _titled(kind: Disclosure, title: str) -> bool:
    """Whether the first or last part of a title names the kind of its page, as in ``Opinion | Ban the trams``."""
    parts = _SEPARATORS.split(title)
    return len(parts) > 1 and any(kind.named is not None and kind.named.fullmatch(part.strip()) for part in parts)


def _names(kind: Disclosure, line: str) -> bool:
    """Whether a short line names a kind, alone or with whom it is from: ``Sponsored by Acme``, ``Kommentar von Eva Lund``."""
    text = line.strip(" .:•*–—-[]()")
    if kind.named is None or not text or len(text) > _NAME:
        return False
    hit = kind.named.match(text)
    return bool(kind.named.fullmatch(text) or (hit and _FROM.match(text, hit.end())) or (hit and hit[0].endswith(_BY)))


def _by_lines(labelled: LabelledPage) -> Iterator[tuple[str, int]]:
    """Each flag with the first block that gives it."""
    lines = list(_lines(labelled))
    whole = "\n".join([line.lower for line in lines])
    for kind in DISCLOSURES:
        needles = [needle for needle in kind.needles if needle in whole]
        short = kind.short if kind.short and kind.short.search(whole) else None
        for line in lines:
            told = any(needle in line.lower for needle in needles) or (short and short.search(line.lower))
            if (told and _says(kind, line)) or (line.head and _is_named(kind, line)):
                yield kind.flag, line.index
                break


def _lines(labelled: LabelledPage) -> Iterator[_Line]:
    """The blocks in and near the article that may speak of it, in page order."""
    verdicts, blocks = labelled.verdicts, labelled.page.blocks
    body = [i for i, verdict in enumerate(verdicts) if verdict.label is Label.BODY]
    if not body:
        return
    title = next((i for i in range(body[0], -1, -1) if verdicts[i].label is Label.TITLE), body[0])
    edges = {*body[:_EDGE], *body[-_EDGE:]}
    near = range(min(body[0], title) - _NEAR, body[-1] + _NEAR + 1)
    for index, (block, verdict) in enumerate(zip(blocks, verdicts, strict=True)):
        text, label = block.text, verdict.label
        if not text or not (index in near or (label is not Label.BODY and label not in _OTHERS)):
            continue
        if label is Label.COMMENTS and index > body[-1]:
            continue
        if label is Label.BODY:
            speaks = len(text) <= _LONGEST_EDGE and (index in edges or bool(_DISCLOSES.match(text)))
        else:
            speaks = len(text) <= _LONGEST
        if speaks:
            yield _Line(index, text, text.lower(), label, title - _HEAD <= index <= body[0] + 1)


def _says(kind: Disclosure, line: _Line) -> bool:
    """Whether a sentence of a line says it, and of this page."""
    if line.label in _OTHERS and len(line.text.split()) < _WORDS and line.text.isascii():
        return False
    return any(
        (line.label is not Label.BODY or kind.flag in _DATELINES or bool(_SELF.search(sentence)))
        and kind.said.search(sentence)
        and not (kind.but and kind.but.search(sentence))
        for sentence in _SENTENCE.split(line.text)
    )


def _is_named(kind: Disclosure, line: _Line) -> bool:
    """Whether a line at the head names it; menus and teasers name much, and a path of links above the headline counts."""
    if line.label in _OTHERS or line.label is Label.SHARE:
        return False
    if line.label is Label.TITLE:
        return _names(kind, line.text) or _titled(kind, line.text)
    return _names(kind, line.text)

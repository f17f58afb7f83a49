"""Labelled page and claims -> who wrote the article, and who helped. Pure. Names only, and none where nobody is named.

Persons come first, by the order of trust: claims, the byline, the author's note. Only where no person is named, the
newsroom or agency that the page calls its author stands; beside persons it is a contributor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.datatypes import Block, Claim, Kind, Label, LabelledPage
from cleaner.enrich.names import (
    begins_byline,
    byline_names,
    byline_others,
    claimed_names,
    contributors_in,
    helps,
    is_person,
    note_author,
    split_names,
    unique,
)
from cleaner.enrich.near import head_of, near
from cleaner.text import fold

__all__ = ["Authors", "find_authors", "find_contributors"]

Authors = tuple[tuple[str, ...], str, str]  # names, their witness, what it calls them

_MOST = 6  # names in a byline
_LONGEST = 160  # characters of a line that is a byline by its form
_LINK = re.compile(r"<a [^>]*>(.*?)</a>")
_DAY = re.compile(r"\b\d{1,2}\b.{0,12}\b20\d\d\b|\b20\d\d-\d\d-\d\d")
_TOKENS = 2  # words of a name that stands alone
_MARKS = re.compile(r"\s*[|•·—–/]\s*|\s-\s")
_BESIDE = 2  # blocks between a name that stands alone and the day
_NEVER = frozenset({Label.RELATED, Label.COMMENTS, Label.AD, Label.CAPTION, Label.TITLE})


def find_authors(labelled: LabelledPage, claims: Sequence[Claim], site: str | None) -> Authors:
    """The authors and who tells them; claims: the most trusted first."""
    told = [claim for claim in claims if claim.name == "author"]
    found = [(names, claim.witness, claim.key) for names, claim in _claimed(told, site)]
    line = _by_line(labelled, site)
    if found:
        first = found[0]
        return next((other for other in found[1:] if other[1] == "html" and _holds(other[0], first[0])), first)
    if line := line or _by_portrait(labelled, site):
        return line, "byline", ""
    if note := _by_note(labelled):
        return note, "note", ""
    for witness in dict.fromkeys(claim.witness for claim in told):
        own = [claim for claim in told if claim.witness == witness]
        if names := unique(name for claim in own for name in claimed_names(claim.value)):
            return names, witness, own[0].key
    return _by_day(labelled, site) or unique(_newsrooms(labelled)) or _by_name_alone(labelled, site), "byline", ""


def find_contributors(
    labelled: LabelledPage, claims: Sequence[Claim], authors: Authors, site: str | None, lowered: str
) -> tuple[str, ...]:
    """Those who helped: claimed, named at the end of the report, and the agencies that are claimed beside its authors.

    lowered: the page's text in lower case, by which most pages are known to name none.
    """
    names, witness, _ = authors
    taken = {fold(name) for name in names} | {fold(site or "")}
    claimed = [name for claim in claims if claim.name == "contributor" for name in split_names(claim.value, site)]
    beside = [
        name
        for claim in claims
        if claim.name == "author" and claim.witness == witness
        for name in claimed_names(claim.value)
        if not is_person(name, site) and not any(split_names(name, site))
    ]
    said = (
        name
        for block in (labelled.page.blocks if "contributed" in lowered or "reporting" in lowered else ())
        for name in contributors_in(block.text)
    )
    return unique(name for name in (*claimed, *beside, *said) if fold(name) not in taken)


def _claimed(told: Sequence[Claim], site: str | None) -> Iterator[tuple[tuple[str, ...], Claim]]:
    """The persons that each witness names, the most trusted first; organisations that are told as such are none."""
    for witness in dict.fromkeys(claim.witness for claim in told):
        own = [claim for claim in told if claim.witness == witness and not claim.key.endswith(":organization")]
        if names := unique(name for claim in own for name in split_names(claim.value, site)):
            yield names, own[0]


def _holds(more: Sequence[str], few: Sequence[str]) -> bool:
    """Whether a list of names has all of another one, and some besides."""
    folded = [fold(name) for name in more]
    return len(few) < len(more) <= _MOST and all(any(fold(name) in other for other in folded) for name in few)


def _by_line(labelled: LabelledPage, site: str | None) -> tuple[str, ...]:
    """The persons of the byline: of the blocks labelled so, else of lines beside the headline that are one by their form."""
    if names := unique(name for block in _bylines(labelled) for name in _of_line(block, site)):
        return names[:_MOST]
    blocks, verdicts = labelled.page.blocks, labelled.verdicts
    for index in head_of(labelled):
        block, label = blocks[index], verdicts[index].label
        formed = len(block.text) <= _LONGEST and label not in _NEVER - {Label.RELATED}
        is_byline = formed and begins_byline(
            block.text, dated=label is Label.DATE or _DAY.search(block.text) is not None
        )
        if is_byline and (names := unique(byline_names(block.text, site))):
            return names[:_MOST]
    return ()


def _bylines(labelled: LabelledPage) -> Iterator[Block]:
    """The blocks labelled as bylines near the article, without pictures of people and those who contributed."""
    for block in near(labelled, Label.BYLINE):
        if block.kind is not Kind.IMAGE and not any(contributors_in(block.text)):
            yield block


def _by_portrait(labelled: LabelledPage, site: str | None) -> tuple[str, ...]:
    """The person whose portrait stands in the byline, where it is of one person who is not named as an editor or the like."""
    blocks = list(near(labelled, Label.BYLINE))
    helping = fold(" ".join(block.text for block in blocks if helps(block.text)))
    names = unique(block.text for block in blocks if block.kind is Kind.IMAGE and _is_name(block.text, site))
    return names if len(names) == 1 and fold(names[0]) not in helping else ()


def _by_day(labelled: LabelledPage, site: str | None) -> tuple[str, ...]:
    """The person whom a line of the day between headline and text names: ``27 January 2026 • Ann Lee • 3 minutes``."""
    for index in head_of(labelled):
        block = labelled.page.blocks[index]
        if labelled.verdicts[index].label is Label.DATE and len(block.text) <= _LONGEST and not helps(block.text):
            names = unique(part for part in _MARKS.split(block.text) if _is_name(part, site))
            if len(names) == 1:
                return names
    return ()


def _by_name_alone(labelled: LabelledPage, site: str | None) -> tuple[str, ...]:
    """A person's name that stands alone between headline and text, right beside the day; names in a row are a menu."""
    blocks, verdicts = labelled.page.blocks, labelled.verdicts
    head = head_of(labelled)
    dated = [index for index in head if verdicts[index].label is Label.DATE or _DAY.search(blocks[index].text[:60])]
    alone = [
        index
        for index in head[1:]
        if blocks[index].kind is not Kind.IMAGE
        and verdicts[index].label not in _NEVER - {Label.RELATED}
        and _is_name(blocks[index].text, site)
        and any(abs(index - other) <= _BESIDE for other in dated)
    ]
    names = unique(blocks[index].text for index in alone)
    return names if len(names) == 1 else ()


def _is_name(text: str, site: str | None) -> bool:
    """Whether a text without any word beside it is a person's name: two words, since more may be any heading."""
    return len(text.split()) <= _TOKENS and is_person(text, site)


def _of_line(block: Block, site: str | None) -> tuple[str, ...]:
    """The persons of a byline; by its links where they stand in it without a mark between them."""
    names = tuple(byline_names(block.text, site))
    if not names:
        linked = [text for text in _LINK.findall(block.markup) if is_person(text, site)]
        return tuple(linked) if len(linked) > 1 else ()
    return names


def _newsrooms(labelled: LabelledPage) -> Iterator[str]:
    """Newsrooms and single names that a byline between headline and text names: ``By Harbour Desk``."""
    head = head_of(labelled)
    for block in _bylines(labelled):
        if block.index in head and begins_byline(block.text):
            names = tuple(byline_others(block.text))
            yield from names
            if names:
                return


def _by_note(labelled: LabelledPage) -> tuple[str, ...]:
    """The author named by the first note behind the article."""
    body = [i for i, verdict in enumerate(labelled.verdicts) if verdict.label is Label.BODY]
    for index in range(body[-1] + 1 if body else 0, min(len(labelled.verdicts), (body[-1] if body else 0) + 6)):
        speaks = labelled.verdicts[index].label in {Label.BIO, Label.DISCLAIMER, Label.BYLINE}
        if speaks and (name := note_author(labelled.page.blocks[index].text)):
            return (name,)
    return ()

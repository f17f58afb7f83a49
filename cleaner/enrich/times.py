"""Labelled page and claims -> when the article was published and changed. Pure. Nothing where nobody tells.

Claims are asked first, in the order of trust; then lines of the page near the article, those that say what their day
is before those that do not; then the address. A line that says when the article was changed is asked last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from cleaner.datatypes import Claim, Label, LabelledPage
from cleaner.enrich.dates import Moment, find_moments, read_moment, url_moment
from cleaner.enrich.near import head_of, near

__all__ = ["Clock", "Told", "find_published", "find_updated"]

_PUBLISHED = re.compile(
    r"\b(?:publi\w+|posted|first published|created|erstellt|veröffentlicht|erschienen|pubblicato|gepubliceerd|publicerad|udgivet|publisert|offentliggjort|opublikowano|dodano|опубликовано|yayın\w*)\b|发布|發布|公開",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:updated?|modified|edited|revised|reviewed|aktuali\w+|geändert|stand|mis[e]? à jour|modifié|actualizad[oa]|atualizado|aggiornat[oa]|bijgewerkt|uppdaterad|opdateret|oppdatert|zaktualizowano|обновлено|güncelle\w*)\b|更新",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_RANK_CHANGED = 2  # behind 0, said to be that of publishing, and 1, nothing said
_LINE = 80  # characters of a line that is a day by its form
_BESIDE = 5  # words that may stand beside the day in such a line
_NEVER = frozenset({Label.RELATED, Label.COMMENTS, Label.AD, Label.DISCLAIMER, Label.CAPTION})


@dataclass(frozen=True, slots=True)
class Clock:
    """What times are read by: fetched is the only now; zone of times without one; day_first: ``3/4`` is a day in April."""

    fetched: datetime
    zone: tzinfo
    day_first: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A moment, its witness (a claim's, ``line`` or ``address``) and what that calls it."""

    moment: Moment
    witness: str
    key: str = ""


def find_published(labelled: LabelledPage, claims: Sequence[Claim], clock: Clock, url: str | None) -> Told | None:
    """When the article first appeared."""
    for claim in claims:
        if claim.name == "published" and (moment := _read(claim, clock)):
            return Told(moment, claim.witness, claim.key)
    lines = sorted(_lines(labelled, clock), key=lambda line: line[0])  # stable: of two alike the first
    if lines:
        return Told(lines[0][1], "line")
    moment = url_moment(url, clock.fetched) if url else None
    return Told(moment, "address") if moment else None


def find_updated(labelled: LabelledPage, claims: Sequence[Claim], clock: Clock, published: Told | None) -> Told | None:
    """When the publisher last changed it, if later than published: as claimed, else as a line says."""
    told = [Told(moment, c.witness, c.key) for c in claims if c.name == "modified" and (moment := _read(c, clock))]
    told += [Told(moment, "line") for rank, moment in _lines(labelled, clock) if rank == _RANK_CHANGED]
    return next((one for one in told if published is None or one.moment.time > published.moment.time), None)


def _read(claim: Claim, clock: Clock) -> Moment | None:
    """The moment of a claim."""
    return read_moment(claim.value.strip(), clock.fetched, clock.zone, day_first=clock.day_first)


def _lines(labelled: LabelledPage, clock: Clock) -> Iterator[tuple[int, Moment]]:
    """The moments in lines near the article, each with its rank: published, nothing said of it, changed.

    Lines that are a day by their form alone are asked only where none is one by its label.
    """
    found = False
    for block in near(labelled, Label.DATE, Label.BYLINE):
        for rank, moment in _of_line(block.text, clock):
            found = True
            yield rank, moment
    if found:
        return
    for index in head_of(labelled):
        text = labelled.page.blocks[index].text
        if len(text) <= _LINE and labelled.verdicts[index].label not in _NEVER:
            for rank, moment in _of_line(text, clock, beside=_BESIDE):
                yield rank, moment


def _of_line(text: str, clock: Clock, beside: int | None = None) -> Iterator[tuple[int, Moment]]:
    """The moments in a line, each with what is said of it; beside: how many words there may be that are no part of a day."""
    found = sorted(find_moments(text, clock.fetched, clock.zone, day_first=clock.day_first), key=lambda pair: pair[1])
    end = 0
    for moment, (start, stop) in found:
        if start < end:
            continue
        said = text[end:start]
        end = stop
        if beside is None or len(_WORD.findall(text[:start] + text[stop:])) <= beside:
            yield 0 if _PUBLISHED.search(said) else _RANK_CHANGED if _CHANGED.search(said) else 1, moment

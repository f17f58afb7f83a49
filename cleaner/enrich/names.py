"""Claims and lines -> names of authors and contributors. Pure. Names only: no roles, agencies, addresses or sites."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from cleaner.text import fold, squeeze

__all__ = ["contributors_in", "is_person", "note_author", "split_names"]

_BY = re.compile(
    r"^\W*(?:written by|posted by|words by|story by|text by|by|von|par|por|di|door|av|af|autor(?:in|a)?|author|auteur|автор|text|texte?)\b[:\s]+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|\||/|\n|•|·|\s&\s|\s(?:and|und|et|y|och|og|и|en|e|i|with|mit)\s)\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:staff|reporter|writer|editor|editors|editorial|correspondent|contributor|columnist|redaktion|redaktør|redakteur\w*|korrespondent\w*|journalist\w*|news|newsroom|desk|team|press|"
    r"agency|agencies|agences|admin|webmaster|bureau|service|online|magazine|media|tv|radio|inc|llc|gmbh|guest|sponsored|partner|rédaction|redacción|redazione|redactie|redakcja|redaksi|редакция)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "van",
        "von",
        "der",
        "den",
        "del",
        "della",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "dos",
        "do",
        "du",
        "y",
        "zu",
        "zur",
        "ter",
        "ten",
        "af",
        "av",
    ]
)
_TOKEN = re.compile(r"^[^\W\d_]+(?:[.’'`\-][^\W\d_]+)*\.?$")
_NAME = r"[A-ZÀ-ÞА-Я][\w.’'\-]+(?:\s+(?:(?:de|da|di|van|von|der|den|del|la|le|al|bin)\s+)*[A-ZÀ-ÞА-Я][\w.’'\-]*){1,3}"
_CONTRIBUTED = re.compile(
    r"\s(?:also\s+)?contributed\s+(?:to\s+(?:this|the)\s+(?:report|story|article|piece|post)|reporting)", re.IGNORECASE
)
_ADDITIONAL = re.compile(r"\b(?:additional|with)\s+reporting\s+by\s+", re.IGNORECASE)
_LIST = re.compile(r",?\s+and\s+|,\s+|\s+&\s+")
_STOP = re.compile(r"(?<=\w\w)[.!?;:]\s|[—–|()]|\s(?:in|from|for|at)\s")
_REACH = 240  # characters in which a list of contributors stands
_AGENCY = re.compile(r"^(?:[A-Z][\w.]*\s+){0,3}[A-Z][\w.]*[’']s?\s+(?=[A-Z])")
_NOTE = re.compile(
    rf"^[\W_]*(?P<name>{_NAME})\s+(?:is|was|has been|covers|writes|reports|works)\s+(?=[^.]*\b(?:columnist|writer|reporter|editor|journalist|correspondent|author|contributor|"
    r"fellow|professor|analyst|lecturer|researcher|director|critic|blogger|historian|economist|novelist|strategist|producer|freelance\w*|covers|writes|reports)\b)"
)


def is_person(text: str, site: str | None = None) -> bool:
    """Whether a text is a person's name by form, and not the site's or a role's."""
    tokens = text.split()
    if not tokens or len(tokens) > 6 or len(text) > 60 or _ROLE.search(text) or (site and fold(text) == fold(site)):
        return False
    if (
        not text.isascii()
        and len(tokens) == 1
        and 2 <= len(text) <= 8
        and not text[0].islower()
        and not text[0].isupper()
    ):
        return True  # a name in a script without capitals
    strange = [token for token in tokens if not _TOKEN.match(token) and token.casefold() not in _PARTICLES]
    capitals = sum(token[0].isupper() for token in tokens)
    return (
        not strange
        and len(tokens) >= 2
        and capitals >= len(tokens) - sum(token.casefold() in _PARTICLES for token in tokens)
    )


def split_names(value: str, site: str | None = None) -> Iterator[str]:
    """The persons named in a claim or byline, in order: ``By A. B and C D, Staff Writer`` -> ``A. B``, ``C D``."""
    value = squeeze(html.unescape(re.sub(r"<[^>]*>|\([^)]*\)|https?://\S+|\S+@\S+", " ", value)))
    for part in _SPLIT.split(_BY.sub("", value)):
        name = _BY.sub("", part).strip(" .:*–—-")
        if is_person(name, site):
            yield name


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """The names without repetitions, in order; a name that another one holds whole is a repetition."""
    kept: list[str] = []
    for name in names:
        if not any(fold(name) in fold(other) for other in kept):
            kept.append(name)
    return tuple(kept)


def contributors_in(text: str) -> Iterator[str]:
    """Those who, as a line says, contributed to the report: named beside the authors, not among them.

    >>> list(contributors_in("—Daily Bugle's Ann Lee and Juan Gil contributed to this report."))
    ['Ann Lee', 'Juan Gil']
    """
    lowered = text.lower()
    if "contributed" in lowered:
        for hit in _CONTRIBUTED.finditer(text):
            yield from _persons(_STOP.split(text[max(0, hit.start() - _REACH) : hit.start()])[-1])
    if "reporting" in lowered:
        for hit in _ADDITIONAL.finditer(text):
            yield from _persons(_STOP.split(text[hit.end() : hit.end() + _REACH])[0].rstrip(". "))


def _persons(listed: str) -> Iterator[str]:
    """The persons of a list in a sentence, without the agency that they work for."""
    names = (_AGENCY.sub("", part.strip(" .,")) for part in _LIST.split(listed))
    return (name for name in names if is_person(name))


def note_author(text: str) -> str | None:
    """Whom an author's note is about: ``Ann Lee is a columnist who covers trade.`` -> ``Ann Lee``."""
    hit = _NOTE.match(text)
    return hit["name"].rstrip(".") if hit and is_person(hit["name"]) else None

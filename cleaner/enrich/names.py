"""Claims and lines -> names of authors and contributors. Pure. Names only: no roles, agencies, addresses or sites."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from cleaner.text import fold, squeeze

__all__ = [
    "begins_byline",
    "byline_names",
    "byline_others",
    "claimed_names",
    "contributors_in",
    "helps",
    "is_person",
    "note_author",
    "split_names",
]

_BY_WORDS = (
    r"written by|posted by|words by|story by|text by|view all posts by|(?:all|more) (?:posts|articles|stories) by|more about|"
    r"by|von|par|por|di|door|av|af|text von|autor(?:in|es|a)?|authors?|auteurs?|автор|text|texte?|tekst"
)
_BY = re.compile(rf"^\W*(?:{_BY_WORDS})(?::\s*|\b[:\s]+)", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?:^|[|·•–—,\d]\s*|\s)(?:written by|posted by|words by|story by|by|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa]v|[Aa]f|[Aa]utor(?:in)?|[Tt]exte?)"
    r"(?::\s*|\s+)(?=[A-ZÀ-ÞА-Я])",
    re.IGNORECASE,
)
_BYLINE_ANY = re.compile(
    r"(?:^|[|·•–—,\d]\s*|\s)(?:written by|posted by|words by|story by|by|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa]v|[Aa]f|[Aa]utor(?:in)?|[Tt]exte?)(?::\s*|\s+)(?=\w)",
    re.IGNORECASE,
)
_FEW = 4  # words of a newsroom's name in a byline
_HELPED = re.compile(
    r"^\W*(?:edited|reviewed|fact[- ]checked|checked|translated|tested|illustrated|photographed|medically reviewed|produced|updated|adapted|narrated|curated)\b[\w ]{0,20}?\bby\b|"
    r"^\W*(?:redaktion|redazione|redacción|rédaction|redactie|redaktør|bearbeitung|übersetzung|traduction|traducción|traduzione|fotos?|photos?|bilder?|illustrations?|責任編集|责编)\b[^:]{0,30}[:：]|责编",
    re.IGNORECASE,
)
_TAIL = re.compile(  # what follows the names in a byline: days, sections, counts
    r"\s*(?:[|·•–—]|\s-\s|\s\d|\b(?:on|in|for|at|am|le|el|il|om|den|published|updated|posted|veröffentlicht|publié|publicado|pubblicato)\b|@|\d{1,4}[./:-]\d|"
    r"(?<=[a-zà-ÿ])?(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?\s+\d)).*$",
    re.DOTALL,
)
_SPLIT = re.compile(r"\s*(?:,|;|\||/|\n|•|·|\s&\s|\s(?:and|und|et|y|och|og|и|en|e|i|with|mit)\s)\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:staff|reporters?|writers?|editors?|editorial|correspondents?|contributors?|columnist|redaktion|redaktør|redakteur\w*|korrespondent\w*|journalist\w*|news|newsroom|desk|teams?|press|"
    r"agency|agencies|agences|admin|webmaster|bureau|service|online|magazine|media|tv|radio|inc|llc|gmbh|guest|sponsored|partner|rédaction|redacción|redazione|redactie|redakcja|redaksi|редакция|"
    r"bio|biography|director|manager|coordinator|consultant|officer|architect|analyst|specialist|co-founder|founder|ceo|cto|cfo|marketing|reviewer|expert|engineer|producer|"
    r"by|read|more|about|posts?|views?|share|follow|subscribe|continue|weiter|comments?|minutes?|updated|published|picture|image|photo|logo|avatar|headshot)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?<=[a-z])\s+(?:(?:News|Senior|Chief|Political|Sports|Business|Staff)\s+)*(?:Reporter|Correspondent|Journalist|Follow)$"
)
_BRACKETS = re.compile(r"<[^>]*>|\([^)]*\)|https?://\S+|\S+@\S+")
_ACCOUNT = re.compile(
    r"^(?:(?:written|posted|published) )?by:?$|^(?:.*[_.-])?(?:admin\w*|administrator|webmaster|user\w*|root|editor|author|staff|guest|team|unknown|anonymous|none|null|undefined|n/a|default|test|www|web|website|site|home|news|nachrichten|redaktion|redacción|redazione|rédaction)$|^[\W\d_]*$|\d{4,}",
    re.IGNORECASE,
)
_LONGEST_NAME = 60
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
_ARTICLES = frozenset({"the", "die", "das", "les", "los", "las"})  # no name of a person begins so
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
    if (
        not tokens
        or tokens[0].casefold() in _ARTICLES
        or len(tokens) > 6
        or len(text) > 60
        or _ROLE.search(text)
        or (site and fold(text) == fold(site))
    ):
        return False
    if (
        not text.isascii()
        and all(map(_is_caseless, tokens))
        and len(text) <= 12
        and (len(text) <= 8 or len(tokens) > 1)
    ):
        return len(text) >= 2  # a name in a script without capitals
    strange = [token for token in tokens if not _TOKEN.match(token) and token.casefold() not in _PARTICLES]
    capitals = sum(token[0].isupper() for token in tokens)
    return (
        not strange
        and len(tokens) >= 2
        and capitals >= len(tokens) - sum(token.casefold() in _PARTICLES for token in tokens)
    )


def _is_caseless(token: str) -> bool:
    """Whether a word is of a script without capitals."""
    return token.isalpha() and not token[0].islower() and not token[0].isupper()


def split_names(value: str, site: str | None = None) -> Iterator[str]:
    """The persons named in a claim or byline, in order: ``By A. B and C D, Staff Writer`` -> ``A. B``, ``C D``."""
    value = squeeze(html.unescape(_BRACKETS.sub(" ", value)))
    for part in _SPLIT.split(_BY.sub("", value)):
        name = _CALLED.sub("", _BY.sub("", part).strip(" .:*–—-"))
        if is_person(name, site):
            yield name


def byline_names(line: str, site: str | None = None) -> Iterator[str]:
    """The persons whom a line of the page names as authors, without the day or section in the same line.

    >>> list(byline_names("March 15, 2024 · 3 min read · By Ann Lee and Juan Gil in Harbour"))
    ['Ann Lee', 'Juan Gil']
    >>> list(byline_names("Edited by Ann Lee"))
    []
    """
    if helps(line):
        return
    line = squeeze(html.unescape(_BRACKETS.sub(" ", line)))
    hit = _BYLINE.search(line)
    told = line[hit.end() :] if hit else _BY.sub("", line)
    names = list(split_names(_TAIL.sub("", told), site))
    yield from names or ([] if hit else split_names(told, site))


def byline_others(line: str) -> Iterator[str]:
    """Whoever else a byline names, up to its day or section: ``By Harbour Desk on Friday`` -> ``Harbour Desk``."""
    if helps(line):
        return
    hit = _BYLINE_ANY.search(line)
    for name in claimed_names(_TAIL.sub("", line[hit.end() :])) if hit else ():
        if len(name.split()) <= _FEW and name[0].isalnum():
            yield name


def begins_byline(line: str, *, dated: bool = False) -> bool:
    """Whether a line begins as a byline does: ``By Ann Lee``; or, where it is dated, has one behind the day."""
    hit = _BYLINE_ANY.search(line)
    return hit is not None and (dated or not line[: hit.start()].strip(" |·•–—,-"))


def helps(line: str) -> bool:
    """Whether a line names those who edited, checked or translated, who are no authors."""
    return _HELPED.search(line) is not None


def claimed_names(value: str) -> Iterator[str]:
    """Whoever else a claim names as author: a newsroom, an agency, a person of one name; no accounts, addresses, numbers.

    >>> list(claimed_names("By Harbour Press Agency")), list(claimed_names("admin")), list(claimed_names("https://x.example/1"))
    (['Harbour Press Agency'], [], [])
    """
    value = squeeze(html.unescape(_BRACKETS.sub(" ", value)))
    for part in re.split(r"\s*[;|]\s*", _BY.sub("", value)):
        name = part.strip(" ,.:*–—-")
        if 2 <= len(name) <= _LONGEST_NAME and len(name.split()) <= 7 and not _ACCOUNT.search(name):
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

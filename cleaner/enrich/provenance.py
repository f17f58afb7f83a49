"""Lines and addresses -> who published first, who reposted, where we got the page. Pure.

``source`` is who published first, ``via`` the reposters in order of time, our own site last if it is not the source.
A name is written as the page writes it: the address gives the letters, the page's text their case.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cleaner.datatypes import Block, Claim, Label, LabelledPage, SourceRef
from cleaner.text import fold, squeeze

__all__ = ["Provenance", "core_of", "host_of", "name_of_host", "trace"]

_SECOND = frozenset(["co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob"])
_LINK = re.compile(r'<a href="(https?://[^"]+)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_URL = re.compile(r"https?://[^\s<>\"'）)\]]+")
_APPEARED = re.compile(
    r"\b(?:the|this) (?:post|article|story) (?P<title>.{8,300}?) (?:first )?appeared (?:first )?(?:on|in|at) (?P<name>[^.,\s](?:[^.,]|\.(?=\S)){1,60})",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"(?:originally (?:published|appeared|posted)|first (?:published|appeared|posted)|(?:was|is) (?:originally )?(?:published|produced) (?:first )?|republished (?:from|with permission from)"
    r"|republié|zuerst (?:erschienen|veröffentlicht)|publié(?:e)? (?:initialement|à l[’']origine)|publicado originalmente)\s+(?:on|in|by|at|from|bei|auf|par|sur|dans|en|por)\s+"
    r"(?:the website of\s+)?(?P<name>(?:The )?[^\W\d_a-z][^.,;:|]{1,50}?(?:\.(?:com|org|net|co\.uk|info|io|news))?)(?=[.,;:|]|\s+(?:on|in|under|and|as|with|here)\b|$)",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^\W*(?:source|quelle|fuente|fonte|źródło|bron|källa|kilde|источник|джерело|来源|來源|出典|kaynak)\s*[:：]\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
_VIA = re.compile(r"^\W*via\s+(?P<name>[A-Z][\w .&’'-]{1,40})$")
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:(?:19|20)\d{2}(?:\s*[-–]\s*(?:19|20)?\d{2,4})?)?\s*(?:by\s+)?(?P<name>[^\W\d_][^.|,;©]{1,45}?)(?=[.|,;©]|\s+all rights|\s+-\s|$)",
    re.IGNORECASE,
)
_VIEWS = re.compile(r"\bviews? of (?:the )?(?P<name>[A-Z][\w.&’'-]*(?: [A-Z][\w.&’'-]*){0,3})(?=[.,]|\s|$)")
_MAIL = re.compile(r"[\w.+-]+@(?P<host>[\w-]+(?:\.[\w-]+)+)")
_GENERIC = frozenset(["the", "author", "authors", "gmail", "outlook", "yahoo", "hotmail", "editorial", "board"])


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where we got the page, who first published it, and who passed it on."""

    site: str | None
    source: SourceRef | None
    via: tuple[SourceRef, ...]


def trace(
    labelled: LabelledPage, title: str, told_site: str | None, url: str | None, text: str, lowered: str
) -> Provenance:
    """The provenance of a page.

    told_site: what a sidecar, the page's claims or the source's settings say; text: of all blocks; lowered: the same in
    lower case.
    """
    site = told_site or site_from_lines(labelled, text, url)
    reposters = tuple(_reposters(labelled, title, url)) if "appeared" in lowered else ()
    source = _source(labelled, text, url)
    via = [one for one in reposters if source is None or fold(one.title) != fold(source.title)]
    if source is None and via:
        source = via.pop(0)
    own = SourceRef(site, _home(url)) if site else None
    if source is None or own is None:
        return Provenance(site, source or own, tuple(via))
    if fold(own.title) == fold(source.title):
        return Provenance(site, replace(source, url=source.url or own.url), tuple(via))
    return Provenance(site, source, (*via, *([] if fold(own.title) in {fold(one.title) for one in via} else [own])))


def host_of(url: str | None) -> str:
    """The host of an address without ``www.``; empty for what is none."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www\d?|m|amp|edition|mobile)\.", "", host.casefold())


def name_of_host(host: str, text: str) -> str:
    """A publisher's name for its host: as the text writes it where it does (``cnn.com`` -> ``CNN``), else the host.

    >>> name_of_host("dailyplanet.com", "Skip to content The Daily Planet Subscribe")
    'The Daily Planet'
    """
    letters = core_of(host)
    if len(letters) < 2:
        return host
    if letters not in _squashed(text):
        return host
    spaced = r"[\s’'&.\-]*".join(map(re.escape, letters))
    found = re.findall(rf"(?<![\w@/.])((?:The )?{spaced})(?![\w@]|\.\w)", text, re.IGNORECASE)
    named = [squeeze(name) for name in found if name[0].isupper()]
    return min(named, key=lambda name: (-named.count(name), len(name), name)) if named else host


def _squashed(text: str) -> str:
    """A text in lower case without what may part a name's letters; the letters that regular expressions take for others too."""
    squashed = "".join(text.lower().split())
    for mark, letter in (("’", ""), ("'", ""), ("&", ""), (".", ""), ("-", ""), ("ı", "i"), ("ſ", "s")):
        squashed = squashed.replace(mark, letter)
    return squashed


def core_of(host: str) -> str:
    """The telling label of a host: ``news.example.co.uk`` -> ``example``."""
    labels = host.split(".")
    if len(labels) < 2:
        return ""
    core = labels[-3] if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2 else labels[-2]
    return core.replace("-", "")


def _home(url: str | None) -> str | None:
    """The site's front page, for an address that we know."""
    parts = urlsplit(url) if url else None
    return f"{parts.scheme}://{parts.netloc}/" if parts and parts.scheme in {"http", "https"} and parts.netloc else None


def _lines(labelled: LabelledPage, *labels: Label) -> Iterator[Block]:
    """The blocks that carry one of some labels."""
    pairs = zip(labelled.page.blocks, labelled.verdicts, strict=True)
    return (block for block, verdict in pairs if verdict.label in labels)


def _reposters(labelled: LabelledPage, title: str, url: str | None) -> Iterator[SourceRef]:
    """Sites on which, as the page says, this very post appeared; teasers say the same of other posts."""
    seen: set[str] = set()
    for block in labelled.page.blocks:
        for hit in _APPEARED.finditer(block.text):
            name = hit["name"].strip(" .")
            if fold(hit["title"]) == fold(title) and fold(name) not in seen:
                seen.add(fold(name))
                yield SourceRef(name, _linked(block, hit["title"], url) or _linked(block, name, url))


def _linked(block: Block, told: str, url: str | None) -> str | None:
    """Where a block links some words of it to, if that is elsewhere: links within a site lead to its lists.

    url: of the page.
    """
    for address, shown in _LINK.findall(block.markup):
        place = html.unescape(address)
        if fold(html.unescape(_TAG.sub("", shown))) == fold(told) and host_of(place) not in {"", host_of(url)}:
            return place
    return None


def _source(labelled: LabelledPage, text: str, url: str | None) -> SourceRef | None:
    """Who first published: an address behind ``Source:``, or a name behind ``Originally published``."""
    for block in labelled.page.blocks:
        if len(block.text) > 300 or not (":" in block.text or "：" in block.text):
            continue
        if not (hit := _SOURCE.match(block.text)):
            continue
        if address := _URL.search(hit["rest"]):
            told = address[0].rstrip(".,;")
            return SourceRef(name_of_host(host_of(told), text), told)
        if len(hit["rest"].split()) <= 6 and _label_of(labelled, block) is Label.ATTRIBUTION:
            name = hit["rest"].strip(" .")
            return SourceRef(name, _linked(block, name, url))
    for block in _lines(labelled, Label.ATTRIBUTION, Label.DISCLAIMER, Label.BIO, Label.BYLINE):
        for pattern in (_ORIGINAL, _VIA):
            if (hit := pattern.search(block.text)) and fold(hit["name"]) not in _GENERIC:
                name, address = hit["name"].strip(), _URL.search(block.text)
                return SourceRef(name, address[0].rstrip(".,;") if address else _linked(block, name, url))
    return None


def _label_of(labelled: LabelledPage, block: Block) -> Label:
    """The label that a block carries."""
    return labelled.verdicts[block.index].label


def site_from_lines(labelled: LabelledPage, text: str, url: str | None) -> str | None:
    """The site's name from the page's own frame: the address, the rights, the disclaimer's address, the masthead."""
    if host := host_of(url):
        return name_of_host(host, text)
    for block in _lines(labelled, Label.DISCLAIMER):
        if name := _in_disclaimer(block.text):
            return name
    return _masthead(labelled)


def _in_disclaimer(text: str) -> str | None:
    """Whose disclaimer it is: the name whose letters are in its mail address, whose views it is not, whose rights."""
    for mail in _MAIL.finditer(text):
        name = name_of_host(mail["host"], text)
        if name != mail["host"]:
            return name
    for pattern in (_VIEWS, _RIGHTS):
        if (hit := pattern.search(text)) and fold(hit["name"]).split(" ")[0] not in _GENERIC and len(text) < 1500:
            return hit["name"].strip()
    return None


def _masthead(labelled: LabelledPage) -> str | None:
    """The page's first line where it is a name above the headline, with more of the frame between the two."""
    verdicts, blocks = labelled.verdicts, labelled.page.blocks
    title = next((i for i, verdict in enumerate(verdicts) if verdict.label is Label.TITLE), None)
    if not title or title > 12 or verdicts[0].reason.startswith("words:") or verdicts[0].label is not Label.NAV:
        return None
    text = blocks[0].text
    tokens = text.split()
    named = 1 <= len(tokens) <= 5 and tokens[0][0].isupper() and len(text) <= 40 and text[-1].isalnum()
    return text if named else None


def claimed_site(claims: Sequence[Claim]) -> str | None:
    """The site's name that a sidecar or the page's own markup gives."""
    return next((squeeze(claim.value) for claim in claims if claim.name == "site" and claim.value.strip()), None)

"""JSON-LD -> its records, and what they say of the page's article. Pure.

JSON that is not quite JSON is mended where that is cheap. A page may tell of many articles (teasers, lists): only the
record that is the page's own speaks, and those that repeat it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from cleaner.datatypes import Claim
from cleaner.parse.telling import Telling
from cleaner.text import fold, squeeze

__all__ = ["ACCESS", "ARTICLES", "claim_of", "from_linked_data", "linked_data", "read_json"]

ARTICLES = re.compile(
    r"Article|BlogPosting|Report|Review|Recipe|HowTo|Posting|MediaObject|VideoObject|PodcastEpisode", re.IGNORECASE
)
_SHOWN = re.compile(r"MediaObject|VideoObject|PodcastEpisode|Review", re.IGNORECASE)  # may stand beside an article
_SITES = frozenset({"WebSite", "NewsMediaOrganization"})
_MOST = 1000  # characters of a value
_MOST_JSON = 2_000_000
_COMMENT = re.compile(r"^\s*(?:/\*.*?\*/|<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$", re.DOTALL)
_TRAILING = re.compile(r",(?=\s*[}\]])")

# What values of ``isAccessibleForFree`` and ``article:content_tier`` say; a metered article may be read by anybody for a while.
ACCESS = {"free": "free", "true": "free", "locked": "paid", "false": "paid"}

Record = Mapping[str, Any]


def claim_of(name: str, value: object, witness: str, key: str = "") -> Claim:
    """A claim with its value squeezed and cut; what is no text is no value. key: what the page calls it."""
    text = squeeze(html.unescape(value)) if isinstance(value, str) else ""
    return Claim(name, text[:_MOST], witness, key)


def read_json(text: str) -> Any:
    """The value of a JSON text, mended where it holds comments, stray commas or control characters; None if broken."""
    if len(text) > _MOST_JSON:
        return None
    for mended in (text, _TRAILING.sub("", _COMMENT.sub("", text.strip())), html.unescape(text)):
        try:
            return json.loads(mended, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def linked_data(telling: Telling) -> Iterator[dict[str, Any]]:
    """The records of the page's JSON-LD: those at the top, in lists, and in ``@graph`` and ``mainEntity``."""
    queue: list[Any] = [read_json(node.text() or "") for node in telling.data]
    seen = 0
    while queue and seen < 2000:
        value = queue.pop(0)
        seen += 1
        if isinstance(value, list):
            queue.extend(value[:500])
        elif isinstance(value, dict):
            yield value
            queue.extend(
                value[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
                if isinstance(value.get(key), (dict, list))
            )


def from_linked_data(records: Sequence[Record], url: str | None) -> Iterator[Claim]:
    """The claims of JSON-LD: of the page's own article, and of the site for its name. url: the page's address, if known."""
    named = {str(record["@id"]): record for record in records if record.get("@id") and record.get("name")}
    articles = [record for record in records if ARTICLES.search(_kind(record))]
    main = max(articles, key=lambda record: _rank(record, url), default=None)
    own = [record for record in articles if main is not None and _is_same(record, main)]
    for record in records:
        kind = _kind(record)
        if kind in _SITES:
            yield claim_of("site", record.get("name"), "jsonld", f"{kind}.name")
        elif ARTICLES.search(kind):
            yield claim_of("type", kind, "jsonld")
    for record in sorted(own, key=lambda record: record is not main):
        yield from _of_article(record, named)


def _of_article(record: Record, named: Mapping[str, Record]) -> Iterator[Claim]:
    """What the record of an article tells. named: records with a name by their ``@id``."""
    yield claim_of("title", record.get("headline") or record.get("name"), "jsonld", "headline")
    for name, key in (("published", "datePublished"), ("modified", "dateModified")):
        yield claim_of(name, record.get(key), "jsonld", key)
    for key, own in _persons(record.get("author") or record.get("creator"), named):
        yield claim_of("author", own, "jsonld", key)
    for key, own in _persons(record.get("contributor"), named):
        yield claim_of("contributor", own, "jsonld", key.replace("author", "contributor"))
    publisher = [_resolved(value, named) for value in _list(record.get("publisher"))]
    for name, value, inner in (
        ("site", publisher, "name"),
        ("section", record.get("articleSection"), "name"),
        ("image", record.get("image"), "url"),
        ("language", record.get("inLanguage"), "name"),
        ("genre", record.get("genre"), "name"),
        ("license", record.get("copyrightNotice") or record.get("license"), "url"),
    ):
        yield from (claim_of(name, told, "jsonld", name) for told in _names(value, inner))
    yield claim_of("access", _access(record), "jsonld", "isAccessibleForFree")
    yield claim_of("length", _length(record), "jsonld", "wordCount")


def _access(record: Record) -> str:
    """``free`` or ``paid``, as an article's record says of it, or else of its parts; empty where it says neither."""
    parts = record.get("hasPart")
    for told in (record, *(parts[:20] if isinstance(parts, list) else [parts])):
        value = told.get("isAccessibleForFree") if isinstance(told, dict) else None
        if known := ACCESS.get(str(value).rsplit("/", 1)[-1].strip().casefold()):
            return known
    return ""


def _length(record: Record) -> str:
    """How many words an article's record says that the article has."""
    count = str(record.get("wordCount") or "").strip()
    return count if count.isdecimal() and count.isascii() and len(count) < 7 else ""


def _kind(record: Record) -> str:
    """The types of a record, as one text."""
    told = record.get("@type", "")
    return " ".join(map(str, told)) if isinstance(told, list) else str(told)


def _rank(record: Record, url: str | None) -> tuple[bool, bool, bool]:
    """How surely a record is the page's article: it has its address, it is one to be read, it has a headline."""
    place = _place(url)
    return bool(place) and place in _places(record), not _SHOWN.search(_kind(record)), bool(record.get("headline"))


def _is_same(record: Record, main: Record) -> bool:
    """Whether a record tells of the page's article: the record itself, or one of the same headline."""
    if record is main:
        return True
    one, other = (fold(str(told.get("headline") or told.get("name") or "")) for told in (record, main))
    return not _SHOWN.search(_kind(record)) and (one == other or not one)


def _places(record: Record) -> Iterator[str]:
    """Where the thing of which a record tells stands."""
    for key in ("url", "@id", "mainEntityOfPage"):
        value = record.get(key)
        for told in (value, value.get("@id"), value.get("url")) if isinstance(value, dict) else (value,):
            if isinstance(told, str) and (place := _place(told)):
                yield place


def _place(url: str | None) -> str:
    """Host and path of an address, as one compares them; empty for what is none, or a front page."""
    try:
        parts = urlsplit(url or "")
        path = parts.path.rstrip("/")
        return f"{(parts.hostname or '').removeprefix('www.')}{path}" if path else ""
    except ValueError:
        return ""


def _list(value: Any) -> list[Any]:
    """A value as a list, of a sane length."""
    return value[:30] if isinstance(value, list) else [value]


def _resolved(value: Any, named: Mapping[str, Record]) -> Any:
    """A record for one that only points to it."""
    if isinstance(value, dict) and not value.get("name") and str(value.get("@id")) in named:
        return named[str(value["@id"])]
    return value


def _persons(value: Any, named: Mapping[str, Record]) -> Iterator[tuple[str, str]]:
    """The names in a value of authors, each with the key ``author``, or ``author:organization`` where it is told to be one."""
    for told in _list(value):
        inner = _resolved(told, named)
        organised = isinstance(inner, dict) and "Organization" in _kind(inner) and "Person" not in _kind(inner)
        yield from (("author:organization" if organised else "author", name) for name in _names(inner))


def _names(value: Any, key: str = "name") -> Iterator[str]:
    """The names in a value that may be a text, a record with a name, or a list of these."""
    for inner in _list(value):
        found = inner.get(key) if isinstance(inner, dict) else inner
        for name in found if isinstance(found, list) else [found]:
            if isinstance(name, str):
                yield name

"""A tree -> what the page says of itself: JSON-LD, Open Graph, Dublin Core, meta, microdata, links, <time>. Pure.

Only collected here, each with its witness; ``enrich`` weighs. Values are cut to a sane length, and JSON that is not
quite JSON is mended where that is cheap.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Claim
from cleaner.parse.addresses import absolute
from cleaner.parse.pagination import next_page
from cleaner.parse.telling import Telling
from cleaner.text import squeeze

__all__ = ["collect_claims", "linked_data", "read_json"]

_MOST = 1000
_MOST_JSON = 2_000_000
_META = {
    "og:title": ("title", "opengraph"),
    "twitter:title": ("title", "meta"),
    "dc.title": ("title", "meta"),
    "parsely-title": ("title", "meta"),
    "sailthru.title": ("title", "meta"),
    "og:site_name": ("site", "opengraph"),
    "application-name": ("site", "meta"),
    "dc.publisher": ("site", "meta"),
    "article:author": ("author", "opengraph"),
    "author": ("author", "meta"),
    "dc.creator": ("author", "meta"),
    "parsely-author": ("author", "meta"),
    "sailthru.author": ("author", "meta"),
    "byl": ("author", "meta"),
    "article:author_name": ("author", "meta"),
    "cxenseparse:author": ("author", "meta"),
    "article:published_time": ("published", "opengraph"),
    "og:published_time": ("published", "opengraph"),
    "date": ("published", "meta"),
    "dc.date": ("published", "meta"),
    "dc.date.issued": ("published", "meta"),
    "dcterms.created": ("published", "meta"),
    "pubdate": ("published", "meta"),
    "publishdate": ("published", "meta"),
    "publish-date": ("published", "meta"),
    "parsely-pub-date": ("published", "meta"),
    "sailthru.date": ("published", "meta"),
    "cxenseparse:recs:publishtime": ("published", "meta"),
    "article.published": ("published", "meta"),
    "pub_date": ("published", "meta"),
    "publication_date": ("published", "meta"),
    "article:modified_time": ("modified", "opengraph"),
    "og:updated_time": ("modified", "opengraph"),
    "last-modified": ("modified", "meta"),
    "dcterms.modified": ("modified", "meta"),
    "og:url": ("canonical", "opengraph"),
    "og:image": ("image", "opengraph"),
    "twitter:image": ("image", "meta"),
    "og:description": ("description", "opengraph"),
    "description": ("description", "meta"),
    "og:type": ("type", "opengraph"),
    "article:section": ("section", "opengraph"),
    "parsely-section": ("section", "meta"),
    "og:locale": ("language", "opengraph"),
    "content-language": ("language", "meta"),
    "language": ("language", "meta"),
    "dc.rights": ("license", "meta"),
    "copyright": ("license", "meta"),
    "article:content_tier": ("access", "opengraph"),
}
# What values of ``article:content_tier`` and ``isAccessibleForFree`` say; a metered article may be read by anybody for a while.
_ACCESS = {"free": "free", "true": "free", "locked": "paid", "false": "paid"}
_ITEMPROPS = {
    "headline": "title",
    "author": "author",
    "datepublished": "published",
    "datemodified": "modified",
    "articlesection": "section",
}
_ARTICLES = re.compile(
    r"Article|BlogPosting|Report|Review|Recipe|HowTo|Posting|MediaObject|VideoObject|PodcastEpisode", re.IGNORECASE
)
_COMMENT = re.compile(r"^\s*(?:/\*.*?\*/|<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$", re.DOTALL)
_TRAILING = re.compile(r",(?=\s*[}\]])")


def collect_claims(
    tree: LexborHTMLParser, telling: Telling, url: str | None, records: Sequence[dict[str, Any]]
) -> tuple[Claim, ...]:
    """All claims of a page, without repetitions, in the order of the witnesses below; records: of its JSON-LD."""
    found = [
        *_from_json(records),
        *_from_meta(telling, url),
        *_from_microdata(telling),
        *_from_elements(tree, telling, url),
    ]
    if more := next_page(tree, url):
        found.append(more)
    return tuple(dict.fromkeys(claim for claim in found if claim.value))


def _claim(name: str, value: object, witness: str) -> Claim:
    """A claim with its value squeezed and cut; what is no text is no value."""
    text = squeeze(html.unescape(value)) if isinstance(value, str) else ""
    return Claim(name, text[:_MOST], witness)


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


def _from_json(records: Sequence[dict[str, Any]]) -> Iterator[Claim]:
    """The claims of JSON-LD: of the records that are articles, and of the site for its name."""
    for record in records:
        kind = (
            " ".join(map(str, record["@type"]))
            if isinstance(record.get("@type"), list)
            else str(record.get("@type", ""))
        )
        if kind in {"WebSite", "NewsMediaOrganization"}:
            yield _claim("site", record.get("name"), "jsonld")
        if not _ARTICLES.search(kind):
            continue
        yield _claim("type", kind, "jsonld")
        yield _claim("title", record.get("headline") or record.get("name"), "jsonld")
        yield _claim("published", record.get("datePublished"), "jsonld")
        yield _claim("modified", record.get("dateModified"), "jsonld")
        yield from (_claim("author", name, "jsonld") for name in _names(record.get("author") or record.get("creator")))
        yield from (_claim("site", name, "jsonld") for name in _names(record.get("publisher")))
        yield from (_claim("section", name, "jsonld") for name in _names(record.get("articleSection")))
        yield from (_claim("image", address, "jsonld") for address in _names(record.get("image"), "url"))
        yield from (_claim("language", name, "jsonld") for name in _names(record.get("inLanguage")))
        yield from (_claim("genre", name, "jsonld") for name in _names(record.get("genre")))
        yield _claim("access", _access(record), "jsonld")
        yield _claim("length", _length(record), "jsonld")


def _access(record: dict[str, Any]) -> str:
    """``free`` or ``paid``, as an article's record says of it, or else of its parts; empty where it says neither."""
    parts = record.get("hasPart")
    for told in (record, *(parts[:20] if isinstance(parts, list) else [parts])):
        value = told.get("isAccessibleForFree") if isinstance(told, dict) else None
        if known := _ACCESS.get(str(value).rsplit("/", 1)[-1].strip().casefold()):
            return known
    return ""


def _length(record: dict[str, Any]) -> str:
    """How many words an article's record says that the article has."""
    count = str(record.get("wordCount") or "").strip()
    return count if count.isdecimal() and count.isascii() and len(count) < 7 else ""


def _names(value: Any, key: str = "name") -> Iterator[str]:
    """The names in a value that may be a text, a record with a name, or a list of these."""
    for inner in value[:30] if isinstance(value, list) else [value]:
        found = inner.get(key) if isinstance(inner, dict) else inner
        for name in found if isinstance(found, list) else [found]:
            if isinstance(name, str):
                yield name


def _from_meta(telling: Telling, url: str | None) -> Iterator[Claim]:
    """The claims of <meta> elements."""
    for node in telling.metas:
        attributes = node.attributes
        key = (attributes.get("property") or attributes.get("name") or attributes.get("http-equiv") or "").casefold()
        if known := _META.get(key):
            name, witness = known
            value = attributes.get("content")
            value = _ACCESS.get((value or "").casefold()) if name == "access" else value
            yield _claim(name, absolute(url, value) if name in {"canonical", "image"} else value, witness)


def _from_microdata(telling: Telling) -> Iterator[Claim]:
    """The claims of ``itemprop`` and ``rel=author``; at most a few of each, the first ones being the article's."""
    for node in telling.properties[:400]:
        attributes = node.attributes
        if name := _ITEMPROPS.get((attributes.get("itemprop") or "").casefold()):
            inner = node.css_first('[itemprop="name"]') if name == "author" else None
            told = attributes.get("content") or attributes.get("datetime") or (inner or node).text()
            if len(told or "") < 300:
                yield _claim(name, told, "microdata")
    for node in telling.authors[:6]:
        yield _claim("author", node.text(), "html")


def _from_elements(tree: LexborHTMLParser, telling: Telling, url: str | None) -> Iterator[Claim]:
    """The claims of <link>, <title>, <html lang> and <time>."""
    if (node := tree.css_first('link[rel~="canonical"]')) is not None:
        yield _claim("canonical", absolute(url, node.attributes.get("href")), "link")
    if (node := tree.css_first("head title")) is not None or (node := tree.css_first("title")) is not None:
        yield _claim("title", node.text(), "html")
    if (node := tree.css_first("html[lang]")) is not None:
        yield _claim("language", node.attributes.get("lang"), "html")
    for node in telling.times[:3]:
        words = f"{node.attributes.get('class') or ''} {node.attributes.get('itemprop') or ''}".casefold()
        name = "modified" if re.search(r"modif|updat", words) else "published"
        yield _claim(name, node.attributes.get("datetime"), "time")

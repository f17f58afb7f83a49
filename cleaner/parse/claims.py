"""A tree -> what the page says of itself: JSON-LD, Open Graph, Dublin Core, meta, microdata, links, <time>. Pure.

Only collected here, each with its witness; ``enrich`` weighs. ``linked`` reads JSON-LD, ``microdata`` what elements are marked as.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Claim
from cleaner.parse.addresses import absolute
from cleaner.parse.linked import ACCESS, claim_of, from_linked_data
from cleaner.parse.microdata import from_microdata
from cleaner.parse.pagination import next_page
from cleaner.parse.telling import Telling

__all__ = ["collect_claims"]

_META = {
    "og:title": ("title", "opengraph"),
    "twitter:title": ("title", "meta"),
    "dc.title": ("title", "meta"),
    "dcterms.title": ("title", "meta"),
    "citation_title": ("title", "meta"),
    "parsely-title": ("title", "meta"),
    "sailthru.title": ("title", "meta"),
    "og:site_name": ("site", "opengraph"),
    "application-name": ("site", "meta"),
    "dc.publisher": ("site", "meta"),
    "article:author": ("author", "opengraph"),
    "author": ("author", "meta"),
    "dc.creator": ("author", "meta"),
    "dcterms.creator": ("author", "meta"),
    "citation_author": ("author", "meta"),
    "dc.contributor": ("contributor", "meta"),
    "dcterms.contributor": ("contributor", "meta"),
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
    "dc.date.created": ("published", "meta"),
    "dcterms.created": ("published", "meta"),
    "dcterms.issued": ("published", "meta"),
    "dcterms.date": ("published", "meta"),
    "citation_publication_date": ("published", "meta"),
    "citation_online_date": ("published", "meta"),
    "article_date_original": ("published", "meta"),
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
    "dc.date.modified": ("modified", "meta"),
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
    "dcterms.rights": ("license", "meta"),
    "copyright": ("license", "meta"),
    "article:content_tier": ("access", "opengraph"),
}


def collect_claims(
    tree: LexborHTMLParser, telling: Telling, url: str | None, records: Sequence[dict[str, Any]]
) -> tuple[Claim, ...]:
    """All claims of a page, without repetitions, in the order of the witnesses below; records: of its JSON-LD."""
    found = [
        *from_linked_data(records, url),
        *_from_meta(telling, url),
        *from_microdata(telling),
        *_from_elements(tree, telling, url),
    ]
    if more := next_page(tree, url):
        found.append(more)
    told: dict[tuple[str, str, str], Claim] = {}
    for claim in found:
        if claim.value:
            told.setdefault((claim.name, claim.value, claim.witness), claim)
    return tuple(told.values())


def _from_meta(telling: Telling, url: str | None) -> Iterator[Claim]:
    """The claims of <meta> elements."""
    for node in telling.metas:
        attributes = node.attributes
        key = (attributes.get("property") or attributes.get("name") or attributes.get("http-equiv") or "").casefold()
        if known := _META.get(key):
            name, witness = known
            value = attributes.get("content")
            value = ACCESS.get((value or "").casefold()) if name == "access" else value
            yield claim_of(name, absolute(url, value) if name in {"canonical", "image"} else value, witness, key)


def _from_elements(tree: LexborHTMLParser, telling: Telling, url: str | None) -> Iterator[Claim]:
    """The claims of <link>, <title>, <html lang> and <time>."""
    if (node := tree.css_first('link[rel~="canonical"]')) is not None:
        yield claim_of("canonical", absolute(url, node.attributes.get("href")), "link", "canonical")
    if (node := tree.css_first("head title")) is not None or (node := tree.css_first("title")) is not None:
        yield claim_of("title", node.text(), "html", "title")
    if (node := tree.css_first("html[lang]")) is not None:
        yield claim_of("language", node.attributes.get("lang"), "html", "lang")
    if (node := tree.css_first('link[rel~="license"]')) is not None:
        yield claim_of("license", absolute(url, node.attributes.get("href")), "link", "license")
    for node in telling.times[:3]:
        words = f"{node.attributes.get('class') or ''} {node.attributes.get('itemprop') or ''}".casefold()
        name = "modified" if re.search(r"modif|updat", words) else "published"
        yield claim_of(name, node.attributes.get("datetime"), "time", "datetime")

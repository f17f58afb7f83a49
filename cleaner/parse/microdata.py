"""Elements with ``itemprop`` or ``rel=author`` -> what they say of the article. Pure.

A page marks more than its article: teasers, comments, videos. What stands in the scope of another thing is not told of this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from cleaner.datatypes import Claim
from cleaner.parse.linked import ARTICLES, claim_of
from cleaner.parse.telling import Telling

__all__ = ["from_microdata"]

_ITEMPROPS = {
    "headline": "title",
    "author": "author",
    "datepublished": "published",
    "datemodified": "modified",
    "articlesection": "section",
}
_ANOTHER = re.compile(r"Comment|Answer|Video|Image|Product|Offer|Event", re.IGNORECASE)
_MOST = 400  # elements looked at
_LONGEST = 300
_CLOSE = 2  # elements around a name that make its byline


def from_microdata(telling: Telling) -> Iterator[Claim]:
    """The claims of ``itemprop``, of the article's own scope where the page has one, and of ``rel=author``."""
    marked = [
        (name, node, _scope(node))
        for node in telling.properties[:_MOST]
        if (name := _ITEMPROPS.get((node.attributes.get("itemprop") or "").casefold()))
    ]
    articles = {scope.mem_id: scope for _, _, scope in marked if scope is not None and ARTICLES.search(_type(scope))}
    main = _main(list(articles.values()))
    bylines: set[int] = set()
    for name, node, scope in marked:
        if scope is not None and (scope.mem_id in articles or main):
            if scope.mem_id != main:
                continue
        elif scope is not None and _ANOTHER.search(_type(scope)):
            continue
        if name != "author" or _stands_in(node, bylines):
            yield from _told(name, node)
    bylines = set()
    for node in telling.authors[:6]:
        if _stands_in(node, bylines):
            yield claim_of("author", node.text(), "html", "author")


def _main(articles: Sequence[LexborNode]) -> int:
    """Which of some articles is the page's own: the only one, or that with the page's headline; 0 for none (teasers)."""
    if len(articles) == 1:
        return articles[0].mem_id
    return next((scope.mem_id for scope in articles if scope.css_first("h1") is not None), 0)


def _stands_in(node: LexborNode, bylines: set[int]) -> bool:
    """Whether an element stands in the first byline, which is the article's; others are those of teasers and comments.

    bylines: the elements around the first one that was asked for, empty for it.
    """
    around, part = set[int](), node.parent
    while part is not None and len(around) < _CLOSE:
        around.add(part.mem_id)
        part = part.parent
    if not bylines:
        bylines |= around
    return not bylines.isdisjoint(around)


def _scope(node: LexborNode) -> LexborNode | None:
    """The thing of which an element tells: the nearest element around it with ``itemscope``."""
    around = node.parent
    while around is not None and "itemscope" not in around.attributes:
        around = around.parent
    return around


def _type(scope: LexborNode) -> str:
    """What kind of thing a scope is."""
    return scope.attributes.get("itemtype") or ""


def _told(name: str, node: LexborNode) -> Iterator[Claim]:
    """What one element tells."""
    attributes = node.attributes
    inner = node.css_first('[itemprop="name"]') if name == "author" else None
    told = attributes.get("content") or attributes.get("datetime") or (inner or node).text()
    if inner is not None:
        told = inner.attributes.get("content") or told
    if len(told or "") < _LONGEST:
        yield claim_of(name, told, "microdata", attributes.get("itemprop") or "")

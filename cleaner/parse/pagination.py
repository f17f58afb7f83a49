"""A tree and its address -> where the same article goes on, if a link on the page leads there. Pure.

Lists are paged as well, and articles have neighbours. So an address counts only if it is the page's own but for a page
number, which must be the next one, and if it looks like an article's: a name of several words, a long number or a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaner.addresses import without_tracking
from cleaner.datatypes import Claim
from cleaner.parse.addresses import absolute
from cleaner.text import squeeze

__all__ = ["next_page", "same_host", "same_page"]

_MOST = 500  # links that are looked at
_LONG = 2000  # characters of an address; longer ones are no article's
_UP = 10  # elements around a link that are looked at
_PLAIN = re.compile(r"[\w%~-]{3,80}", re.ASCII)  # of a name, what may stand in a selector and is written one way only
_QUERY, _FOLDER, _FILE = "query", "folder", "file"
# How a number is written: ?page=2, then /2 and /page/2, then -2.html and _2.htm. It has two digits at most: longer ones name articles.
_ASKED = re.compile(r"(?:page|pg|p|seite|pagina|sida|side|strona|paged|page_?no|page_?number)=(\d{1,2})", re.IGNORECASE)
_NUMBERED = (
    (_FOLDER, re.compile(r"(.+?)(?:/(?:page|seite|pagina|p))?/(?:page-?)?([1-9]\d?)", re.IGNORECASE)),
    (_FILE, re.compile(r"(.+?)[-_,](?:(?:page|seite|p)[-_]?)?([1-9]\d?)(\.[a-z]{3,5})?", re.IGNORECASE)),
)
_SHAPE = re.compile(r"(?:^|[=/_,-]|page|seite|[/_-]p)\d\d?(?:$|[/&#.?])", re.IGNORECASE)
# What names an article: a file, a long number, three words and more, or any word below a date.
_STORY = re.compile(
    r"""
    .*/(?!(?:index|default|search|suche|archive|list|category|results|page)\b)[^/]*[^\W\d][^/]*\.(?:[sx]?html?|php\d?|aspx?|jsp)
    | .*/\d{5,} | .*/(?=[^/]*[^\W\d_])[^/]*\d{4}[^/]* | .*/(?=[^/]*[^\W\d_])[^/_-]+(?:[-_][^/_-]+){2,} | .*/\d{4}/\d\d?/(?:\d\d?/)?[^/]*[^\W\d_][^/]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LIST = re.compile(
    r"/(?:categor(?:y|ies)|tags?|authors?|autor|search|suche|kategorie)/|/(?:topics?|themen?|sections?|archives?|label)/[^/]*$|(?:part|teil|day|chapter|episode|week|vol)(?:\.\w+)?$",
    re.IGNORECASE,
)
_ALOUD = re.compile(r"(?:(?:page|seite|página|pagina|sida|side|strona|p\.) ?)?(\d{1,2})")
_ARROWS = " »›→>▶❯⟩…."
_NEXT = frozenset(
    """
    avanti|continue|next|next page|go to next page|neste|neste side|nächste|nächste seite|zur nächsten seite|næste|næste side
    nästa|nästa sida|page suivante|suivant|suivante|pagina seguente|pagina successiva|successiva|próxima|próxima página
    página siguiente|siguiente|seguinte|volgende|volgende pagina|weiter|следующая|следующая страница
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)

_Place = tuple[str, str, str, str]  # how its number is written; host, path and query of an article's first page


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host and port; ``www.`` and the scheme make no other one.

    >>> same_host("http://a.example/tram", "https://www.a.example/print/3")
    True
    """
    try:
        mine, yours = (urlsplit(url).netloc.casefold().removeprefix("www.") for url in (one, other))
    except ValueError:
        return False
    return mine == yours != ""


def same_page(one: str, other: str) -> bool:
    """Whether two addresses may be of one page of an article, its number written in two ways.

    >>> same_page("http://a.example/tram?page=2", "https://www.a.example/tram/2/")
    True
    """
    mine, yours = ({(place[1:], number) for place, number, _ in _places(url)} for url in (one, other))
    return not mine.isdisjoint(yours)


def next_page(tree: LexborHTMLParser, url: str | None, *, named: bool = False) -> Claim | None:
    """The claim ``next`` with the absolute address of the article's next page, or None.

    url: the page's own address. The witness is ``link`` where the page says ``rel=next``, and ``html`` where a link is
    called by the next number or next page, and does not stand among comments. named: a feed names the page as that of an entry;
    then its address need not look like an article's where the page says ``rel=next``.
    """
    own, said = _own(url, named=named)
    if not own:
        return None
    begins: set[tuple[str, ...]] = set()  # first pages that are linked
    called: dict[_Place, str] = {}
    for node, address in _links(tree, own, url):
        for place, number, told in _places(address):
            if number == 1:
                begins.add(place[1:])
            if told and (shown := _follows(own.get(place), place, number)):
                if "next" in (node.attributes.get("rel") or "").casefold().split():
                    return Claim("next", address, "link")
                if not said and place not in called and _is_called(node, shown) and not _is_among_comments(node):
                    called[place] = address
    for place, address in called.items():
        if place[0] == _QUERY or own[place] == 1 or place[1:] in begins:
            return Claim("next", address, "html")
    return None


def _own(url: str | None, *, named: bool) -> tuple[dict[_Place, int], bool]:
    """What an article's address may be, each with its page's number, and whether nothing counts but what the page says itself."""
    places = {place: number for place, number, _ in _places(url) if not _LIST.search(place[2])}
    own = {place: number for place, number in places.items() if _STORY.fullmatch(place[2])}
    return (places, True) if named and not own else (own, False)


def _links(tree: LexborHTMLParser, own: dict[_Place, int], url: str | None) -> Iterator[tuple[LexborNode, str]]:
    """The links with their absolute addresses that hold the article's name, or need not.

    The tree is asked once and for little: to look at every link would take as long as all other claims.
    """
    names = [place[2].rpartition("/")[2].partition(".")[0] for place in own]
    name = _PLAIN.match(min(names, key=len))
    begins = ("?", *sorted({str(number + 1) for number in own.values()}))
    wanted = [f'[href^="{begin}"]' for begin in begins] + ([f'[href*="{name[0]}"]'] if name else ["[href]"])
    all_first = max(own.values()) == 1  # then it does not matter who leads back to the first page
    for node in tree.css(",".join(wanted))[:_MOST]:
        href = node.attrs.get("href") or ""
        if all_first and not _SHAPE.search(href):
            continue
        if node.tag in {"a", "link"} and (address := absolute(url, href)):
            yield node, address.partition("#")[0]


def _places(url: str | None) -> Iterator[tuple[_Place, int, bool]]:
    """What an address may be: a page of an article, by each way to write its number, or the first page of one.

    Each with the page's number, and whether that is told.
    """
    if not url or len(url) > _LONG:
        return
    try:
        parts = urlsplit(without_tracking(url))
    except ValueError:
        return
    host, path = parts.netloc.casefold().removeprefix("www."), parts.path.rstrip("/")
    if not host or not path:
        return
    asked = parts.query.split("&") if parts.query else []
    hits = [hit for pair in asked if (hit := _ASKED.fullmatch(pair))]
    if hits:
        yield (_QUERY, host, path, "&".join(pair for pair in asked if pair != hits[0][0])), int(hits[0][1]), True
        return
    for style, pattern in _NUMBERED:
        if hit := pattern.fullmatch(path):
            yield (style, host, hit[1] + (hit[3] or "" if style == _FILE else ""), parts.query), int(hit[2]), True
    for style in (_QUERY, _FOLDER, _FILE):
        yield (style, host, path, parts.query), 1, False


def _follows(own: int | None, place: _Place, number: int) -> tuple[int, ...]:
    """What the link to a page may be called, if the page follows the own one; in queries some count from nought."""
    if own is None:
        return ()
    if number == own + 1:
        return (number, number + 1) if place[0] == _QUERY else (number,)
    return (2,) if place[0] == _QUERY and own == number == 1 else ()


def _is_called(node: LexborNode, shown: tuple[int, ...]) -> bool:
    """Whether a link is called by one of the numbers, or next page, or bears an arrow."""
    if node.tag != "a":
        return False
    attributes = node.attributes
    text = squeeze(node.text() or "").casefold()
    told = squeeze(attributes.get("aria-label") or attributes.get("title") or "").casefold()
    if hit := _ALOUD.fullmatch(text):
        return int(hit[1]) in shown
    bare = text.strip(_ARROWS)
    if not bare:
        return bool(text) or told.strip(_ARROWS) in _NEXT or "next" in (attributes.get("class") or "").casefold()
    return bare in _NEXT


def _is_among_comments(node: LexborNode) -> bool:
    """Whether an element around a link says that comments are paged."""
    above: LexborNode | None = node
    for _ in range(_UP):
        if above is None or above.tag in {"body", "html"}:
            return False
        words = f"{above.attributes.get('class') or ''} {above.attributes.get('id') or ''}".casefold()
        if "comment" in words or "disqus" in words or "review" in words:
            return True
        above = above.parent
    return False

"""Bytes of an index page (a front page, a section, a blog's list) -> the links that lead to its articles. Pure.

No site is known here. What a list of articles looks like is the same everywhere: cards of one shape stand at one kind of
place, each has an address of the site with words or a number in it, and a headline. ``cards`` finds the headline.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaner.datatypes import Link
from cleaner.errors import PageError
from cleaner.ingest.cards import Card, cards_of
from cleaner.ingest.entries import web_address
from cleaner.ingest.sites import page_key, same_site
from cleaner.parse.decode import decode
from cleaner.parse.html import excess
from cleaner.parse.selectors import css_mistake

__all__ = ["article_links"]

_REPEATED = 3  # what stands fewer times is no list
_FILES = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|m4a|avi|mov|zip|gz|exe|dmg|apk|docx?|xlsx?|pptx?|csv|xml|rss|json|ics|css|js)$",
    re.IGNORECASE,
)
# Parts of a path that lead to other lists, to accounts or to goods, wherever they stand.
_ELSEWHERE = frozenset(
    """
    tag tags topic topics category categories kategorie categoria categorie label labels author authors autor auteur
    autore profile profiles user users member members u staff contributor contributors byline login signin sign-in logout
    signup sign-up register registration account my-account subscribe cart checkout basket wishlist product products
    collections search suche recherche buscar feed feeds rss hub hubs hashtag wp-admin wp-login.php wp-content cdn-cgi
    """.split()
)
# Last parts of a path that name a page of the publisher's own; as sections some of them have articles.
_HOUSE = frozenset(
    """
    about about-us contact contact-us kontakt contacto impressum imprint privacy privacy-policy datenschutz terms
    terms-of-service terms-of-use terms-and-conditions cookies cookie-policy legal disclaimer careers jobs advertise
    advertising media-kit help faq faqs support newsletter newsletters subscriptions abo membership donate sitemap archive
    archives shop store share print email-protection accessibility policies
    """.split()
)
_NEXT = re.compile(r"/(?:page|seite|pagina|p)[/-]?\d{1,5}/?$", re.IGNORECASE)
_ASKING = re.compile(
    r"(?:^|&)(?:page|paged|s|q|query|search|sort|filter|orderby|replytocom|share|add-to-cart|login|redirect\w*|return\w*|tag|cat|"
    r"author)=",
    re.IGNORECASE,
)
_DATE = re.compile(r"/(?:19|20)\d\d(?:[/-]\d{1,2}|[a-z]{3})|/20\d{6}\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d{4,}")
_OPAQUE = re.compile(r"(?=\w*\d)(?=\w*[a-z])[a-z0-9]{8,40}", re.IGNORECASE)
_ID = re.compile(
    r"(?:^|&)(?:p|id|aid|artid|article|articleid|story|storyid|nid|newsid|item|idxno|no)=\w*\d", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A card with what its address and its words show.

    shape: of the address, alike for the articles of a section; likely: whether the address looks like an article's;
    headline: whether the title has a headline's length.
    """

    card: Card
    shape: str
    likely: bool
    headline: bool


def article_links(
    html: bytes, url: str, select: str | None = None, most: int = 100, media_type: str = ""
) -> tuple[Link, ...]:
    """The links of an index page that lead to articles, in the order of the page, each address once, ``most`` at most.

    select: CSS of the links, or of elements that hold them, which then decides alone. Raises PageError: ``bad-selector``
    for one that cannot be read, ``too-complex`` for a page that no parser reads in linear time.
    """
    if select is not None and (mistake := css_mistake(select)):
        raise PageError(url, "bad-selector", mistake)
    text = decode(html, media_type)
    if why := excess(text):
        raise PageError(url, "too-complex", why)
    tree = LexborHTMLParser(text)
    element = tree.css_first("base[href]")
    base = (web_address(url, element.attributes.get("href")) if element is not None else None) or url
    if select is not None:
        links = _selected(tree, select, base)
        return tuple(Link(card.url, card.title, card.published) for card in cards_of(links))[:most]
    anchors = [
        (address, node)
        for node in tree.css("a[href]")
        if (address := web_address(base, node.attributes.get("href"))) and _may_be_article(address, url)
    ]
    candidates = [_candidate(card) for card in cards_of(anchors) if not card.aside]
    return tuple(Link(one.card.url, one.card.title, one.card.published) for one in _listed(candidates))[:most]


def _selected(tree: LexborHTMLParser, select: str, base: str) -> list[tuple[str, LexborNode]]:
    """The links that a selector hits, or that stand within what it hits."""
    nodes = (link for node in tree.css(select) for link in ([node] if node.tag == "a" else node.css("a[href]")))
    return [(address, node) for node in nodes if (address := web_address(base, node.attributes.get("href")))]


def _may_be_article(address: str, url: str) -> bool:
    """Whether an address of the page may be an article's at all: of this site, no list, no file, not this page or one above."""
    key, own = page_key(address), page_key(url)
    if not same_site(address, url) or key == own or own.startswith(key + "/"):
        return False
    parts = urlsplit(address)
    segments = [segment.casefold() for segment in parts.path.split("/") if segment]
    if (
        _FILES.search(parts.path)
        or _NEXT.search(parts.path)
        or _ASKING.search(parts.query)
        or not (segments or parts.query)
    ):
        return False
    other_order = key.partition("?")[0] == own.partition("?")[0] and not _ID.search(parts.query)
    return _ELSEWHERE.isdisjoint(segments) and _HOUSE.isdisjoint(segments[-1:]) and not other_order


def _candidate(card: Card) -> _Candidate:
    """What a card's address and words show."""
    parts = urlsplit(card.url)
    segments = [segment for segment in parts.path.split("/") if segment]
    last = unquote(segments[-1]).partition(".htm")[0] if segments else ""
    words = sum(map(bool, map(_WORD.search, re.split(r"[-_+ .]", last))))
    number, deep = bool(_NUMBER.search(last)), len(segments) > 1
    if _DATE.search(parts.path):
        kind, likely = "date", True
    elif _ID.search(parts.query):
        kind, likely = "id", True
    elif _OPAQUE.fullmatch(last):
        kind, likely = "opaque", deep
    elif words >= 3:
        kind, likely = "slug", words >= 4 or deep
    else:
        kind, likely = "number" if number else "word", number and deep
    return _Candidate(card, f"{len(segments)} {kind} {number}", likely, _is_headline(card.title))


def _is_headline(title: str) -> bool:
    """Whether a title has a headline's length: from four words, or as much in scripts without spaces, to a long sentence."""
    count = len(title.split())
    wide = sum(character > "\u2e7f" for character in title)
    return len(title) <= 250 and ((count >= 4 and len(title) >= 18) or wide >= 8)


def _listed(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The candidates that stand in lists: at a kind of place where most are like articles, or else with an address like theirs."""
    groups: defaultdict[str, list[_Candidate]] = defaultdict(list)
    for one in candidates:
        groups[one.card.place].append(one)
    good = {place for place, group in groups.items() if _is_list(group)}
    shapes = Counter(one.shape for one in candidates if one.card.place in good and one.likely and one.headline)
    return [
        one
        for one in candidates
        if (one.card.place in good and (one.headline or one.likely))
        or (one.headline and one.likely and shapes[one.shape] >= _REPEATED)
    ]


def _is_list(group: Sequence[_Candidate]) -> bool:
    """Whether the links of one kind of place are a list of articles: many headlines, and addresses like articles'.

    Where addresses tell nothing (``/blog/gofix``), more and longer headlines of one folder will do.
    """
    count = len(group)
    headlines = [len(one.card.title.split()) for one in group if one.headline]
    if count < _REPEATED or len(headlines) < 0.6 * count:
        return False
    if sum(one.likely for one in group) >= 0.6 * count:
        return True
    folders = Counter(urlsplit(one.card.url).path.rstrip("/").rpartition("/")[0] for one in group)
    folder, most = folders.most_common(1)[0]
    long = len(headlines) >= 0.8 * count and sum(headlines) >= 5 * len(headlines)
    return count >= 5 and long and bool(folder) and most >= 0.8 * count

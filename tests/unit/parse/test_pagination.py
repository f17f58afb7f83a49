"""Where an article goes on: its own next page is found, and no list, neighbour or comment page is taken for it."""

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Claim
from cleaner.parse.html import parse_html
from cleaner.parse.pagination import next_page, same_host, same_page

_OWN = "https://a.example/2026/tram-depot-opens-again"


def _next(url: str | None, body: str, head: str = "") -> Claim | None:
    """The claim of a page."""
    page = parse_html("id", f"<head>{head}</head><body><p>The depot opens.{body}", url, (), ())
    return next((claim for claim in page.claims if claim.name == "next"), None)


@pytest.mark.parametrize(
    ("url", "href", "text"),
    [
        (_OWN, "?page=2", "2"),
        (_OWN, "?page=2", "Next page »"),
        (_OWN, "?page=2", "›"),
        (_OWN, "?page=2", "Seite 2"),
        (_OWN, "?page=1", "2"),
        (_OWN + "?page=1", "?page=2", "3"),
        (_OWN + "?page=2", "?page=3", "Weiter"),
        (_OWN + "?utm_source=feed", "?page=2", "2"),
        (_OWN + "/", "2/", "2"),
        (_OWN, "/2026/tram-depot-opens-again/page/2/", "2"),
        (_OWN, "//www.a.example/2026/tram-depot-opens-again/2", "Nächste Seite"),
        ("https://www.a.example/tram-depot.html", "/tram-depot-2.html", "2"),
        ("https://a.example/tram-depot.htm", "tram-depot_2.htm", "suivant"),
        ("https://a.example/tram.html", "/tram,page-2.html", "Next"),
        ("https://a.example/story.php?id=7", "?id=7&amp;page=2", "2"),
        ("https://a.example/story/1234567", "/story/1234567/2", "2"),
        ("https://a.example/2026/03/04/depot/", "/2026/03/04/depot/2/", "2"),
    ],
)
def test_the_next_page_of_the_same_article_is_found(url: str, href: str, text: str) -> None:
    """By its number or its words, in all the ways to write a number."""
    claim = _next(url, f'<a href="/other">Other</a><a href="{href}">{text}</a>')
    assert claim is not None
    assert claim.witness == "html"
    assert claim.value.startswith("https://")


@pytest.mark.parametrize(
    ("url", "begin", "href"),
    [
        ("https://a.example/tram-depot-opens-2.html", "/tram-depot-opens.html", "/tram-depot-opens-3.html"),
        (_OWN + "/2/", _OWN + "/", _OWN + "/3/"),
    ],
)
def test_a_later_page_goes_on_where_it_leads_back_to_the_first(url: str, begin: str, href: str) -> None:
    """A number at the end of a name may belong to the name: then its neighbour is another article."""
    found = _next(url, f'<a href="{begin}">1</a> 2 <a href="{href}">3</a>')
    assert found is not None
    assert found.value.endswith(href)
    assert _next(url, f'<a href="{href}">3</a>') is None


def test_what_the_page_calls_next_goes_before_what_a_link_is_called() -> None:
    """In the head or on a link; an icon without words too."""
    told = Claim("next", _OWN + "?page=2", "link")
    assert _next(_OWN, '<a href="?p=2">2</a>', '<link rel="next" href="?page=2">') == told
    assert _next(_OWN, '<a href="?p=2">2</a><a rel="nofollow next" href="?page=2"><i></i></a>') == told
    icon = _next(_OWN, '<a href="?page=2" aria-label="Next page"><i></i></a>')
    assert icon == Claim("next", _OWN + "?page=2", "html")


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (None, '<a rel="next" href="https://a.example/2026/tram-depot-opens-again?page=2">2</a>'),
        (_OWN, '<a rel="next" href="/2026/salt-mine-closes-soon">Next article</a>'),
        (_OWN, '<a rel="next" href="/2026/tram-depot-opens-again-soon">Next</a>'),
        (_OWN, '<a href="?page=3">3</a><a href="?page=1">1</a>'),
        (_OWN, '<a href="?page=2">More of this</a>'),
        (_OWN, '<a href="?page=2">Next article</a>'),
        (_OWN, '<a href="https://b.example/2026/tram-depot-opens-again?page=2">2</a>'),
        (_OWN, '<a href="?page=2&amp;sort=new">2</a>'),
        (_OWN, '<div class="comments-paging"><span><a href="?page=2">2</a></span></div>'),
        (_OWN, '<a href="?comment-page=2">2</a><a href="/2026/tram-depot-opens-again/comment-page-2">2</a>'),
        (_OWN, '<a href="?page=200">2</a>'),
        (_OWN, f'<a href="#note-2">2</a><a href="{_OWN}/#note-2">2</a><a href="?#2">2</a>'),
        (_OWN, "<a>2</a><a href=''>2</a><a href='http://[/?page=2'>2</a>"),
        ("https://a.example/", '<a rel="next" href="/page/2/">Next</a>'),
        ("https://a.example/politics", '<a rel="next" href="?page=2">2</a>'),
        ("https://a.example/local-news/", '<a rel="next" href="/local-news/page/2/">2</a>'),
        (
            "https://a.example/category/news-from-the-north/",
            '<a rel="next" href="/category/news-from-the-north/page/2/">2</a>',
        ),
        ("https://a.example/author/ines-b-calder", '<a rel="next" href="?page=2">2</a>'),
        ("https://a.example/index.html", '<a rel="next" href="/index-2.html">2</a>'),
        ("https://a.example/search.php?q=tram", '<a rel="next" href="?q=tram&amp;page=2">2</a>'),
        ("https://a.example/news/2026", '<a rel="next" href="/news/2026/2">2</a>'),
        ("https://a.example/news/2026-03-14", '<a rel="next" href="/news/2026-03-15">Next</a>'),
        ("https://a.example/the-long-road-part-1", '<a rel="next" href="/the-long-road-part-2">Next</a>'),
        ("https://a.example/story/12345", '<a rel="next" href="/story/12346">Next</a>'),
        ("https://[broken/", '<a rel="next" href="?page=2">2</a>'),
        ("", '<a rel="next" href="?page=2">2</a>'),
    ],
)
def test_lists_neighbours_and_comments_are_not_the_next_page(url: str | None, body: str) -> None:
    """The address must be an article's, and the same but for the number."""
    assert _next(url, body) is None


def test_addresses_and_links_without_measure_cost_little() -> None:
    """A hostile page must not hold the parser up."""
    tree = LexborHTMLParser('<a href="?x=1">2</a>' * 20_000)
    began = time.monotonic()
    for name in (
        "tram-depot-opens-again",
        "1" * 90_000,
        "a-" * 45_000,
        "a/" * 45_000,
        "1" * 1900,
        "a-" * 900,
        "a/" * 900,
    ):
        assert next_page(tree, f"https://a.example/{name}") is None
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (_OWN + "?page=2", _OWN + "?page=2", True),
        (_OWN + "?page=2", _OWN + "/2/", True),
        (_OWN + "/2", _OWN + "/page/2/", True),
        (_OWN + "?page=2", _OWN + "?utm_source=feed&page=2", True),
        (_OWN + "?page=2", _OWN + "?page=3", False),
        (_OWN + "?page=2", _OWN, False),
        (_OWN + "?page=2", "https://a.example/login?page=2", False),
        (_OWN + "?page=2", "https://b.example/2026/tram-depot-opens-again?page=2", False),
        (_OWN + "?page=2", "https://a.example/", False),
        (_OWN + "?page=2", "https://[a.example/2", False),
    ],
)
def test_addresses_of_one_page(one: str, other: str, *, same: bool) -> None:
    """However the number is written; another number, name or host is another page."""
    assert same_page(one, other) is same
    assert same_page(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "http://www.A.example/y?z", True),
        ("https://a.example:8443/x", "https://a.example:8443/", True),
        ("https://a.example/x", "https://a.example:8443/x", False),
        ("https://a.example/x", "https://b.a.example/x", False),
        ("https://a.example/x", "https://me:pw@a.example/x", False),
        ("https://a.example/x", "https://a.example@evil.example/x", False),
        ("https://a.example/x", "https://[broken/", False),
        ("", "", False),
        ("a.html", "b.html", False),
    ],
)
def test_hosts_are_compared_with_their_ports(one: str, other: str, same: bool) -> None:
    """What is written before a host makes it another one, and what has none is of no host."""
    assert same_host(one, other) is same


@pytest.mark.parametrize(
    ("url", "link", "named", "found"),
    [
        (
            "https://a.example/parts/a",
            '<link rel=next href="/parts/a?page=2">',
            True,
            "https://a.example/parts/a?page=2",
        ),
        ("https://a.example/parts/a", '<link rel=next href="/parts/a?page=2">', False, None),
        ("https://a.example/parts/a", '<a href="/parts/a?page=2">2</a>', True, None),
        ("https://a.example/tags/a", '<link rel=next href="/tags/a?page=2">', True, None),
        ("https://a.example/parts/a", '<link rel=next href="/parts/b">', True, None),
    ],
)
def test_what_a_feed_names_is_an_article_whatever_its_address(
    url: str, link: str, named: bool, found: str | None
) -> None:
    """Where the page itself says which page is next."""
    claim = next_page(LexborHTMLParser(f"<html><head>{link}</head><body>{link}<p>Weir"), url, named=named)
    assert (claim and claim.value) == found

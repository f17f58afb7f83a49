"""The links of index pages of several makes that lead to articles, and none of those around them."""

from __future__ import annotations

import pytest

from cleaner.errors import PageError
from cleaner.ingest.listing import article_links

_URL = "https://www.harbour.example/news/"
_HEADLINES = (
    "The old ferry leaves the pier for the last time",
    "Tugs pull a stranded freighter off the sandbank",
    "Why the lighthouse keeper still climbs the stairs",
    "A winter storm closes the northern harbour again",
    "Fishermen count their smallest catch in years",
)
_AROUND = """
<header><nav><ul>{menu}</ul></nav></header><div class="site-menu"><ul>{menu}</ul></div>
<main>{main}</main>
<div class="tag-list"><a href="/tag/winter-storm-and-more">Winter storm and what comes after it</a></div>
<a href="/author/ann-lee-of-the-harbour">All that Ann Lee has written here</a> <a href="/news/page/2">Next page of the news</a>
<a href="/news/?page=3">Go on to the third page</a> <a href="/login?next=/news/">Log in to read more of this</a>
<a href="https://social.example/share-this-page-with-friends">Share this page with your many friends</a>
<a href="/files/the-yearly-report-of-the-harbour.pdf">The yearly report of the harbour as a file</a>
<footer><ul>{menu}</ul><a href="/about/the-long-history-of-our-house">The long history of our publishing house</a></footer>
"""
_MENU = "".join(
    f'<li><a href="/sections/{word}-and-all-the-rest">{word} and all the rest of it</a></li>'
    for word in ("Sea", "Land", "Air", "Ports")
)


def slug(headline: str) -> str:
    """A headline as addresses have it."""
    return headline.lower().replace(" ", "-")


def page(main: str, menu: str = _MENU) -> bytes:
    """An index page around its list."""
    return f"<!doctype html><title>News</title><body>{_AROUND.format(main=main, menu=menu)}".encode()


def found(html: bytes, url: str = _URL) -> list[str]:
    """The titles of the links that are found."""
    return [link.title for link in article_links(html, url)]


def test_cards_with_pictures_headings_and_times() -> None:
    """One link for each card, though its picture, its heading and its call lead there; with the time that the card tells."""
    cards = "".join(
        f'<article class="card post-{number}"><a href="/2026/{slug(text)}?utm_source=front"><img src="p.png"></a>'
        f'<a href="/topic/sea-and-more">Sea and more</a><h2><a href="/2026/{slug(text)}">{text}</a></h2><p>Some words of it.</p>'
        f'<time datetime="2026-03-0{number}T10:00:00Z">today</time><a href="/2026/{slug(text)}#more">Read more</a></article>'
        for number, text in enumerate(_HEADLINES, 1)
    )
    links = article_links(page(cards), _URL)
    assert [link.title for link in links] == list(_HEADLINES)
    assert links[0].url == f"https://www.harbour.example/2026/{slug(_HEADLINES[0])}?utm_source=front"
    assert [link.published for link in links] == [f"2026-03-0{number}T10:00:00Z" for number in range(1, 6)]


def test_a_bare_list_of_links() -> None:
    """No classes, no headings; texts behind the links."""
    items = "".join(
        f'<li><a href="{slug(text)}.html">{text}</a> by Ann Lee, and a few more words</li>' for text in _HEADLINES
    )
    assert found(page(f"<ul>{items}</ul>")) == list(_HEADLINES)


def test_a_link_around_a_whole_card_is_called_by_its_heading() -> None:
    """Or by what is called a title there, or by its first long line; never by all of its words."""
    blurb = "and then it went on about this and that " * 9
    cards = (
        "".join(f'<a href="/{slug(text)}"><h3>{text}</h3><p>{blurb}</p></a>' for text in _HEADLINES[:2]),
        f'<a href="/{slug(_HEADLINES[2])}"><div class="card__title">{_HEADLINES[2]}</div><p>{blurb}</p></a>',
        f'<a href="/{slug(_HEADLINES[3])}"><span>New</span><b>{_HEADLINES[3]}</b><p>{blurb}</p></a>',
    )
    assert found(page(f"<div>{''.join(cards)}</div>")) == list(_HEADLINES[:4])


def test_a_heading_beside_the_link_is_the_title() -> None:
    """Where only "Read more" is a link."""
    cards = "".join(
        f'<div class="teaser"><h3>{text}</h3><p>Words.</p><a href="/a/{slug(text)}">Read more</a></div>'
        for text in _HEADLINES
    )
    assert found(page(cards)) == list(_HEADLINES)


@pytest.mark.parametrize(
    "address",
    [
        "/story/c{number}x9wnex8g5dy",
        "/news/articles/10458{number}",
        "/index.php?id=1045{number}",
        "/2026/03/04/x{number}",
        "/blog/x{letter}",
    ],
)
def test_addresses_without_words_will_do_where_headlines_are_many(address: str) -> None:
    """Numbers, codes, dates, and names of one folder."""
    items = "".join(
        f'<li><a href="{address.format(number=number, letter="abcde"[number])}">{text}</a></li>'
        for number, text in enumerate(_HEADLINES)
    )
    assert found(page(f"<ul>{items}</ul>")) == list(_HEADLINES)


def test_scripts_without_spaces_have_headlines_too() -> None:
    """Eight characters are many words there."""
    texts = ("港の古い船が最後の航海に出る", "冬の嵐で北の港がまた閉まる", "灯台守が今も階段を上る理由")
    items = "".join(
        f'<li><a href="/news/2026030{number}/k{number}">{text}</a></li>' for number, text in enumerate(texts, 1)
    )
    assert found(page(f"<ul>{items}</ul>", menu='<li><a href="/s/1">港</a></li>')) == list(texts)


def test_a_single_article_beside_lists_is_taken_for_its_address() -> None:
    """The lead story has a place of its own."""
    lead = '<section><h1><a href="/news/a-lead-story-of-its-own">The lead story of this very day</a></h1></section>'
    items = "".join(f'<li><a href="/news/{slug(text)}">{text}</a></li>' for text in _HEADLINES)
    assert found(page(f"{lead}<ul>{items}</ul>")) == ["The lead story of this very day", *_HEADLINES]


def test_words_within_a_sentence_are_no_item() -> None:
    """A blurb's links lead anywhere."""
    items = "".join(
        f'<article><h2><a href="/news/{slug(text)}">{text}</a></h2><p>As was said before in '
        f'<a href="/news/another-story-of-{number}-days-ago">another story of some days ago</a>, it went on for long.</p></article>'
        for number, text in enumerate(_HEADLINES)
    )
    assert found(page(items)) == list(_HEADLINES)


def test_what_stands_twice_is_no_list_and_a_menu_is_none() -> None:
    """Nothing is found where nothing is."""
    items = "".join(f'<li><a href="/news/{slug(text)}">{text}</a></li>' for text in _HEADLINES[:2])
    assert found(page(f"<ul>{items}</ul>")) == []
    assert found(page("<p>Nothing today.</p>")) == []
    assert found(b"") == []


def test_a_selector_overrides_all_of_it() -> None:
    """Links that it hits, or that stand in what it hits; other hosts and short texts too; each page once."""
    html = page(
        '<ul class="x"><li><a href="https://other.example/1">One</a></li><li><a href="/2#a">Two</a> <a href="/2#b">Two again</a></li></ul>'
        '<ul><li><a href="/3">Three</a></li></ul>'
    )
    both = ["https://other.example/1", "https://www.harbour.example/2"]
    assert [link.url for link in article_links(html, _URL, "ul.x a")] == both
    assert [link.url for link in article_links(html, _URL, ".x")] == both
    assert article_links(html, _URL, ".none") == ()


def test_a_bad_selector_and_a_bottomless_page_are_named() -> None:
    """In one line each."""
    with pytest.raises(PageError, match=r"/news/: bad-selector: 'ul\[\[' is no CSS selector$"):
        article_links(page(""), _URL, "ul[[")
    with pytest.raises(PageError, match="too-complex"):
        article_links(b"<div>" * 20_000, _URL)


def test_no_more_than_the_most_and_bases_hold() -> None:
    """Relative addresses start from the page's base."""
    items = "".join(f'<li><a href="{slug(text)}">{text}</a></li>' for text in _HEADLINES)
    html = b'<base href="/deep/down/">' + page(f"<ul>{items}</ul>")
    links = article_links(html, _URL, most=3)
    assert [link.url for link in links] == [
        f"https://www.harbour.example/deep/down/{slug(text)}" for text in _HEADLINES[:3]
    ]

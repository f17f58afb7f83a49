"""Addresses lose what follows readers and keep what names a page; redirectors give way to what they lead to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.addresses import TRACKING, resolve_wrapped, without_tracking
from cleaner.datatypes import RawPage
from cleaner.parse import parse_page
from tests.samples import NOON, article_page


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?utm_source=a&utm_medium=b&UTM_Campaign=c", ""),
        ("?id=3&fbclid=x", "?id=3"),
        ("?fbclid=x&id=3", "?id=3"),
        ("?a=1&gclid=x&b=2&mc_cid=y", "?a=1&b=2"),
        (
            "?igshid=1&yclid=2&_openstat=3&spm=4&at_medium=5&cmpid=6&twclid=7&msclkid=8&wbraid=9&gbraid=1&dclid=2&mc_eid=3",
            "",
        ),
        ("?id=3&amp;utm_source=x", "?id=3"),
        ("?utm_source=a#part", "#part"),
        ("?id=3#utm_source=rss&utm_medium=feed", "?id=3"),
        ("#xtor=RSS-3", ""),
        ("?utm_source", ""),
        ("?id=3&ref=v2", "?id=3&ref=v2"),
        ("?page=2&source=wire&campaign=x&at=5&gclidx=1", "?page=2&source=wire&campaign=x&at=5&gclidx=1"),
        ("?a=1&&b=;c", "?a=1&&b=;c"),
        ("?", "?"),
        ("", ""),
        ("#top", "#top"),
        ("#a=1&utm_source=x", "#a=1&utm_source=x"),
        ("?q=utm_source=x", "?q=utm_source=x"),
    ],
)
def test_tracking_goes_and_all_else_stays(query: str, left: str) -> None:
    """Byte for byte."""
    assert without_tracking(f"https://a.example/utm_source=x/y{query}") == f"https://a.example/utm_source=x/y{left}"


def test_the_names_may_be_others() -> None:
    """A star stands for the rest of a name."""
    assert (
        without_tracking("https://a.example/?own_x=1&ref=2&utm_source=3", {"own_*", "ref"})
        == "https://a.example/?utm_source=3"
    )
    assert without_tracking("https://a.example/?utm_source=3", ()) == "https://a.example/?utm_source=3"


@given(st.text("ab=&?#;%_utm", max_size=30))
def test_to_take_tracking_away_twice_is_to_do_it_once(rest: str) -> None:
    """Whatever the query holds."""
    once = without_tracking(f"https://a.example/{rest}")
    assert without_tracking(once) == once


_TARGET = "https://a.example/x?id=3&page=2"
_QUOTED = "https%3A%2F%2Fa.example%2Fx%3Fid%3D3%26page%3D2"


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.google.com/url?q={_QUOTED}&sa=D",
        f"https://www.google.co.uk/url?sa=t&url={_QUOTED}",
        f"https://news.google.com/news/url?sa=t&fd=R&url={_QUOTED}",
        f"https://l.facebook.com/l.php?u={_QUOTED}&h=AT3",
        f"http://t.umblr.com/redirect?z={_QUOTED}&t=N2",
        f"https://out.reddit.com/t3_abc?url={_QUOTED}&token=x",
        f"https://vk.com/away.php?to={_QUOTED}",
        f"https://www.youtube.com/redirect?event=video&q={_QUOTED}",
        f"https://www.awin1.com/cread.php?awinmid=1&ued={_QUOTED}",
        f"https://feedproxy.google.com/~r/x?url={_QUOTED}",
        f"https://eur01.safelinks.protection.outlook.com/?url={_QUOTED}&data=05%7C01&reserved=0",
        f"https://safelinks.protection.outlook.com/?url={_QUOTED}",
        f"https://medium.com/r/?url={_QUOTED}",
        f"https://www.instagram.com/linkshim/?u={_QUOTED}",
        f"https://www.pinterest.com/offsite/?token=1&url={_QUOTED}",
        f"https://adclick.g.doubleclick.net/pcs/click?xai=1&adurl={_QUOTED}",
        f"https://r.search.yahoo.com/_ylt=A;_ylu=B/RV=2/RE=1/RO=10/RU={_QUOTED}/RK=2/RS=abc-",
        f"https://search.yahoo.com/r/RU={_QUOTED}/RK=2",
        f"https://www.google.com/amp/s/{_TARGET.removeprefix('https://')}",
        f"https://www.google.de/amp/s/{_TARGET.removeprefix('https://')}",
        f"https://a-example.cdn.ampproject.org/c/s/{_TARGET.removeprefix('https://')}",
        f"https://urldefense.com/v3/__{_TARGET}__;!!abc!def$",
        f"https://href.li/?{_TARGET}",
        f"https://www.deviantart.com/users/outgoing?{_TARGET}",
    ],
)
def test_a_redirector_gives_way_to_its_target(url: str) -> None:
    """The target as it was put in."""
    assert resolve_wrapped(url) == _TARGET


@pytest.mark.parametrize(
    "url",
    [
        _TARGET,
        f"https://a.example/login?url={_QUOTED}",
        f"https://www.google.com/search?q={_QUOTED}",
        f"https://www.youtube.com/results?q={_QUOTED}",
        f"https://google.com.evil.example/url?q={_QUOTED}",
        f"https://notgoogle.com/url?q={_QUOTED}",
        "https://www.google.com/url?q=javascript%3Aalert(1)",
        "https://www.google.com/url?q=https%3A%2F%2F",
        "https://www.google.com/url?q=https%3A%2F%2F%5B",
        "https://www.google.com/url?q=https%3A%2F%2Fa.example%2Fa%20b",
        "https://www.google.com/url?q=the+ferry",
        "https://www.google.com/url?",
        "https://news.google.com/articles/CBMiX2h0dHBz?hl=en",
        f"https://safelinks.protection.outlook.com.evil.example/?url={_QUOTED}",
        f"https://evilsafelinks.protection.outlook.com/?url={_QUOTED}",
        f"https://a.example/?x=https://www.google.com/amp/s/{_TARGET.removeprefix('https://')}",
        f"https://a.example/RU={_QUOTED}/RK=2",
        "https://a.example/amp/s/b.example/x",
        "https://www.google.com/amp/s/x",
        "https://b.cdn.ampproject.org/v0.js",
        "https://search.yahoo.com/r/RU=javascript%3Aalert(1)/RK=2",
        "https://r.search.yahoo.com/RU=https%3A%2F%2F%5B/RK=2",
        "https://urldefense.com/v3/__javascript:alert(1)__;!!abc!def$",
        "https://href.li/?https://",
        "https://[::1/url?q=x",
        f"mailto:a@google.com?q={_QUOTED}",
        "https://www.google.com/url?" + "&".join(["a=1"] * 200) + f"&q={_QUOTED}",
        "",
    ],
)
def test_what_is_no_redirector_or_leads_nowhere_stays(url: str) -> None:
    """Other hosts, other paths, and targets that are no addresses of the web."""
    assert resolve_wrapped(url) == url


def test_one_level_is_undone() -> None:
    """A redirector in a redirector is left for whoever asks again."""
    inner = "https://www.google.com/url?q=https%3A%2F%2Fa.example%2F"
    assert resolve_wrapped(f"https://l.facebook.com/l.php?u={inner.replace('%', '%25').replace(':', '%3A')}") == inner


def _page(body: str) -> RawPage:
    """A page of HTML."""
    return article_page(0, body=body.encode(), media_type="text/html", origin="https://a.example/story")


def test_links_in_a_page_lose_their_tracking() -> None:
    """Relative ones too; what names a page stays, and so does the text."""
    page = parse_page(
        _page(
            '<p>See <a href="/weir?id=3&amp;utm_source=own">the weir</a> and <a href="https://b.example/?ref=v2&fbclid=1#n">notes</a> utm_source=x.'
        )
    )
    assert page.blocks[0].markup == (
        'See <a href="https://a.example/weir?id=3">the weir</a> and <a href="https://b.example/?ref=v2#n">notes</a> utm_source=x.'
    )


def test_names_of_an_operators_own_leave_links_too() -> None:
    """Those of the settings go with those that are known, in links and in the page's own address."""
    body = (
        b"<html><body><h1>Weir mended</h1><article><p>The weir was <a href='https://a.example/x?id=1&ref_id=7&utm_source=z'>mended</a>"
        b" on Monday by the people of the lower town, who had waited for it a long time.</p></article></body></html>"
    )
    raw = RawPage("0" * 64, "https://a.example/n?ref_id=3", "text/html", body, NOON)
    (link,) = [
        block.markup for block in parse_page(raw, tracking=TRACKING | {"ref_id"}).blocks if "href" in block.markup
    ]
    assert 'href="https://a.example/x?id=1"' in link
    (kept,) = [block.markup for block in parse_page(raw).blocks if "href" in block.markup]
    assert "ref_id=7" in kept


def test_redirectors_on_pages_give_way_to_what_they_lead_to() -> None:
    """And that loses its tracking; in HTML, and in Markdown."""
    wrapped = f"https://www.google.com/url?q={_QUOTED}%26utm_source%3Dz&sa=D"
    page = parse_page(
        _page(f'<p>See <a href="{wrapped.replace("&", "&amp;")}">the weir</a> of the town, which is old.')
    )
    shown = f'<a href="{_TARGET.replace("&", "&amp;")}">the weir</a>'
    assert shown in page.blocks[0].markup
    text = f"See [the weir]({wrapped}) of the town.\n\n![Weir](https://a.example/w.jpg?w=3&fbclid=x)\n"
    link, image = parse_page(article_page(0, body=text.encode(), media_type="text/markdown")).blocks
    assert shown in link.markup
    assert image.markup == '<img src="https://a.example/w.jpg?w=3" alt="Weir">'
    own = parse_page(article_page(0, body=text.replace("fbclid", "own_id").encode()), tracking={"own_*"})
    assert own.blocks[1].markup == image.markup

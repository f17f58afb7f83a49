"""Pictures and what only looks like them: trackers go, pictures that are called like trackers stay, and each is shown once."""

from __future__ import annotations

import re
import time

import pytest

from cleaner.datatypes import Block, Kind
from cleaner.parse.html import parse_html


def _blocks(markup: str) -> tuple[Block, ...]:
    """The blocks of a page."""
    return parse_html("id", f"<body><p>The ferry sails.{markup}<p>At noon.", "https://a.example/story", (), ()).blocks


def _images(markup: str) -> list[str]:
    """The addresses of the pictures that a page shows."""
    sources = (re.search('src="([^"]*)"', block.markup) for block in _blocks(markup) if block.kind is Kind.IMAGE)
    return [hit[1].removeprefix("https://a.example") for hit in sources if hit]


@pytest.mark.parametrize(
    "address",
    [
        "/pixels-of-the-sea.jpg",
        "/pixel-art-show.png",
        "/pixel-8.jpg",
        "/phones/pixel_10a.webp?w=800",
        "/phones/pixel/hands-on.jpg",
        "/storm/tracking/map.png?v=3",
        "/beacon/hill.jpeg",
        "/pixelated/a.jpg",
        "/doubleclick-review.jpg",
        "https://pixel.example/photos/weir.jpg",
        "https://theconversation.com/weir.jpg",
    ],
)
def test_a_picture_that_is_called_like_a_tracker_stays(address: str) -> None:
    """Phones, storms and hills."""
    assert _images(f'<img src="{address}">') == [address]


@pytest.mark.parametrize(
    "attributes",
    [
        'src="/a.jpg" width="1" height="1"',
        'src="/a.jpg" width=0 height=0',
        'src="/a.jpg" style="width:1px; height: 1px !important"',
        'src="/a.jpg" style="border:0;height:0;width:0"',
        'src="/pixel.gif"',
        'src="/pixel.png?id=3"',
        'src="/pixel-2.gif"',
        'src="/track/pixel/3/i.gif"',
        'src="/beacon?x=1"',
        'src="/tracking/open/abc"',
        'src="/?republication-pixel=true&post=3"',
        'src="https://pixel.quantity.example/i?x"',
        'src="https://www.facebook.com/tr?id=1&ev=PageView&noscript=1"',
        'src="https://sb.scorecardresearch.com/p?c1=2"',
        'src="https://vg09.met.vgwort.de/na/abc"',
        'src="https://stats.wp.com/b.gif?x"',
        'src="https://counter.theconversation.com/content/1/count.gif?distributor=own"',
        'src="http://feeds.feedburner.com/~r/own/~4/abc"',
        'src="/1x1.gif"',
        'src="data:image/gif;base64,R0lGOD"',
    ],
)
def test_a_tracker_is_no_picture(attributes: str) -> None:
    """By its size, its style, its path or its host; also where it stands for readers without scripts."""
    assert _images(f"<img {attributes}>") == []
    assert _images(f"<figure><noscript><img {attributes}></noscript></figure>") == []


@pytest.mark.parametrize(
    "style",
    [
        "max-width:1px;max-height:1px",
        "width:1px",
        "width:100%;height:0",
        "width:1.5em;height:1em",
        "width:10px;height:1px",
        "display:block;width:0;height:0;min-width:100%;max-width:100%;min-height:100%",
    ],
)
def test_a_style_that_tells_no_dot_hides_no_picture(style: str) -> None:
    """Both sides must be told, as none or one pixel."""
    assert _images(f'<img src="/a.jpg" style="{style}">') == ["/a.jpg"]


_HOLLOW = '<img src="data:image/gif;base64,R0lGOD" class="lazy">'


def _without(name: str) -> str:
    """A picture for readers without scripts."""
    return f'<noscript><img src="/{name}.jpg" alt="A"></noscript>'


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        (_HOLLOW + _without("a"), ["/a.jpg"]),
        (_without("a") + _HOLLOW, ["/a.jpg"]),
        (_HOLLOW + _without("a") + _without("a"), ["/a.jpg"]),
        (_HOLLOW + _without("a") + _HOLLOW + _without("b"), ["/a.jpg", "/b.jpg"]),
        (_without("a") + _HOLLOW + _without("b") + _HOLLOW, ["/a.jpg", "/b.jpg"]),
        ('<img data-src="/a.jpg" src="data:,">' + _without("a"), ["/a.jpg"]),
        (_without("a") + '<img data-src="/a.jpg" src="data:,">', ["/a.jpg"]),
        ('<img data-src="/a-300x200.jpg?q=1">' + _without("a") + _HOLLOW, ["/a-300x200.jpg?q=1"]),
        (f"<figure>{_without('a')}<figcaption>Weir</figcaption></figure>", ["/a.jpg"]),
        (f"<figure><div></div>{_without('a')}</figure>", ["/a.jpg"]),
        (f"<figure>{_without('a')}{_HOLLOW}</figure>", ["/a.jpg"]),
        (f"<figure>{_without('a')}<img data-src='/a.jpg'></figure>", ["/a.jpg"]),
        (f"<figure><img src='/a.jpg'>{_without('b')}</figure>", ["/a.jpg"]),
        (f'<div data-x="1" class="image-placeholder"></div>{_without("a")}', ["/a.jpg"]),
        (f"<picture><source data-srcset='/b.webp 100w'>{_HOLLOW}</picture>{_without('a')}", ["/b.webp"]),
        (f"{_HOLLOW}<noscript><picture><source srcset='/b.webp'><img src='/a.jpg'></picture></noscript>", ["/a.jpg"]),
        (f"<figure><p>{'A long text. ' * 9}</p>{_without('a')}</figure>", []),
        (f"<p>Text.</p>{_without('a')}<p>Text.</p>", []),
        (f'{_without("a")}<img src="/i.png" width="16" height="16">', []),
        (f"{_without('a')}<p>One</p><p>Two</p><p>Three</p><p>Four</p><p>Five</p>{_HOLLOW}", []),
    ],
)
def test_a_picture_for_readers_without_scripts_is_shown_once(markup: str, shown: list[str]) -> None:
    """It takes the place of a placeholder before or behind it, or of the picture that a figure lacks; a twin goes."""
    assert _images(markup) == shown


_SETS = [
    ("/a.jpg 300w, /b.jpg 1200w", "/b.jpg"),
    ("/a.jpg 300w,/b.jpg 1200w", "/b.jpg"),
    ("\n /a.jpg 300w,\n /b.jpg 1200w\n", "/b.jpg"),
    ("/b.jpg 1200w, /a.jpg 300w", "/b.jpg"),
    ("/a.jpg 300w, /b.jpg 1800w, /c.jpg 5000w", "/b.jpg"),
    ("/c.jpg 4000w, /b.jpg 2500w", "/b.jpg"),
    ("/a.jpg, /b.jpg 2x, /c.jpg 3x", "/b.jpg"),
    ("/a.jpg 1x,/b.jpg 1.5x", "/b.jpg"),
    ("/b.jpg", "/b.jpg"),
    ("/w_30,h_20/a.jpg 300w, /w_90,h_60/b.jpg 900w", "/w_90,h_60/b.jpg"),
    ("data:image/gif;base64,R0lGOD 2000w, /b.jpg 300w", "/b.jpg"),
    ("/pixel.gif 1900w, /b.jpg 300w", "/b.jpg"),
    ("/a.jpg 300w 200h, /b.jpg 900w 600h", "/b.jpg"),
    (",, /b.jpg 9w,,", "/b.jpg"),
    ("/b.jpg ninety", "/b.jpg"),
]


@pytest.mark.parametrize(("told", "best"), _SETS)
@pytest.mark.parametrize(
    "where",
    ['<img srcset="{}">', '<img src="data:," data-srcset="{}">', '<picture><source srcset="{}"><img></picture>'],
)
def test_the_best_candidate_of_a_set_is_shown(where: str, told: str, best: str) -> None:
    """The largest that is not wider than 2000 pixels, else the smallest; commas may stand in addresses."""
    assert _images(where.format(told)) == [best]


def test_a_picture_that_is_a_candidate_gives_way_to_a_larger_one() -> None:
    """Others stay: the set may tell of another cut."""
    assert _images('<img src="/a.jpg" srcset="/a.jpg 300w, /b.jpg 900w">') == ["/b.jpg"]
    assert _images('<img src="/a.jpg" srcset="https://a.example/a.jpg 900w, /b.jpg 300w">') == ["/a.jpg"]
    assert _images('<img src="/c.jpg" srcset="/a.jpg 300w, /b.jpg 900w">') == ["/c.jpg"]
    assert _images('<img data-src="/a.jpg" src="/s.jpg" data-srcset="/a.jpg 300w, /b.jpg 900w">') == ["/b.jpg"]


@pytest.mark.parametrize("told", [",", "a,", "a ", "a,,,b", " ,", "/a.jpg 1w,", "x" * 9, "9w "])
def test_sets_without_measure_cost_little(told: str) -> None:
    """A hostile page must not hold the parser up."""
    began = time.monotonic()
    _images(f'<img srcset="{told * (200_000 // len(told))}">')
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('data-src="/a.jpg" src="/placeholder.png"', ["/a.jpg"]),
        ('data-original="/a.jpg" src="data:,"', ["/a.jpg"]),
        ('data-image="/a.jpg"', ["/a.jpg"]),
        ('data-echo="/a.png?w=3" src="/blank.gif"', ["/a.png?w=3"]),
        ('data-orig-file="/a.jpeg"', ["/a.jpeg"]),
        ('data-url="/story/3"', []),
        ('data-url="/a.jpg" src="/b.jpg"', ["/b.jpg"]),
        ('data-url="/a.jpg" srcset="/b.jpg 900w"', ["/b.jpg"]),
        ('data-src="/{width}/a.jpg" srcset="/b.jpg 900w"', ["/b.jpg"]),
        ("data-src='{&quot;large&quot;: &quot;/a.jpg&quot;}' src='/b.jpg'", ["/b.jpg"]),
        (
            'src="/media/{3F2504E0-4F89-11D3-9A0C-0305E82C3301}.jpg"',
            ["/media/{3F2504E0-4F89-11D3-9A0C-0305E82C3301}.jpg"],
        ),
    ],
)
def test_what_scripts_would_load_is_found(attributes: str, shown: list[str]) -> None:
    """Under whatever name, if it is called like a picture; patterns and JSON are no addresses."""
    assert _images(f"<img {attributes}>") == shown


def test_addresses_of_pictures_lose_what_follows_readers() -> None:
    """Of pictures, posters and embeds; all else in them stays."""
    assert _images('<img src="/a.jpg?utm_source=x&amp;w=3&amp;fbclid=9">') == ["/a.jpg?w=3"]
    assert _images('<img srcset="/a.jpg?w=3&amp;utm_medium=y 900w">') == ["/a.jpg?w=3"]
    assert _images(_HOLLOW + '<noscript><img src="/a.jpg?utm_source=x"></noscript>') == ["/a.jpg"]
    markups = [
        block.markup for block in _blocks('</p><video src="/v.mp4?utm_source=z" poster="/p.jpg?fbclid=3"></video>')
    ]
    assert [markup for markup in markups if "v.mp4" in markup] == [
        '<a href="https://a.example/v.mp4"><img src="https://a.example/p.jpg" alt=""> Video: a.example</a>'
    ]

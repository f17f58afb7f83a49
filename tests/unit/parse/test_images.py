"""Pictures and what only looks like them: trackers go, pictures that are called like trackers stay, and each is shown once."""

from __future__ import annotations

import re

import pytest

from cleaner.datatypes import Kind
from cleaner.parse.html import parse_html


def _images(markup: str) -> list[str]:
    """The addresses of the pictures that a page shows."""
    page = parse_html("id", f"<body><p>The ferry sails.{markup}<p>At noon.", "https://a.example/story", (), ())
    sources = (re.search('src="([^"]*)"', block.markup) for block in page.blocks if block.kind is Kind.IMAGE)
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

"""HTML becomes blocks: nothing that a reader sees is lost, and structure survives."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime

import pytest

from cleaner.datatypes import Block, Claim, Kind, Origin, Page, RawPage, Selector
from cleaner.errors import PageError
from cleaner.parse import parse_page

URL = "https://courier.example/news/story.html"


def parse(html: str | bytes, *selectors: Selector, url: str | None = URL) -> Page:
    """The page of some HTML."""
    body = html.encode() if isinstance(html, str) else html
    claims = (Claim("url", url, "sidecar"),) if url else ()
    raw = RawPage(
        hashlib.sha256(body).hexdigest(), "page.html", "text/html", body, datetime(2026, 1, 1, tzinfo=UTC), claims
    )
    return parse_page(raw, selectors=selectors)


def texts(page: Page) -> list[str]:
    """The texts of all blocks."""
    return [block.text for block in page.blocks]


def only(page: Page, kind: Kind) -> Block:
    """The one block of a kind."""
    (block,) = (block for block in page.blocks if block.kind is kind)
    return block


def tags(page: Page, block: Block) -> list[str]:
    """The tags around a block, outermost first."""
    found, node = [], block.node
    while node >= 0:
        found.append(page.nodes[node].tag)
        node = page.nodes[node].parent
    return found[::-1]


def test_block_elements_part_blocks_and_inline_ones_do_not() -> None:
    """Loose text is a block too; two breaks part paragraphs, one does not."""
    page = parse("<div>Loose <b>bold</b> text<p>One<br>line</p>After<br><br>Next</div><button>Go</button>")
    assert texts(page) == ["Loose bold text", "One line", "After", "Next", "Go"]
    assert page.blocks[0].markup == "Loose <strong>bold</strong> text"
    assert page.blocks[1].markup == "One<br>line"


def test_links_are_absolute_and_counted() -> None:
    """Relative links are resolved against the page or its base; scripts and broken ones are text alone."""
    page = parse(
        '<p><a href="/a?x=1&amp;y=2">one</a> <a href="javascript:alert(1)">two</a> <a href="../b">three</a> <a href="http://[x">four</a></p>'
    )
    assert (
        page.blocks[0].markup
        == '<a href="https://courier.example/a?x=1&amp;y=2">one</a> two <a href="https://courier.example/b">three</a> four'
    )
    assert page.blocks[0].link_chars == len("onetwothreefour")
    assert (
        '<a href="https://other.example/x">'
        in parse('<base href="https://other.example/"><p><a href="x">y</a></p>').blocks[0].markup
    )


def test_broken_markup_reads_as_in_a_browser() -> None:
    """Unclosed and crossed elements lose no text."""
    page = parse("<p>One <b>two <i>three</b> four</i><p>Five<div>Six</p>Seven")
    assert " ".join(texts(page)) == "One two three four Five Six Seven"


def test_lists_tables_quotations_and_code_keep_their_place() -> None:
    """The elements around each block tell where it stands."""
    page = parse(
        "<ul><li>a<ol><li>b</li></ol></li></ul><table><tr><th>H</th><td>1 <b>x</b></td></tr></table><blockquote><p>q</p></blockquote><pre>  x\n   y</pre>"
    )
    a, b, row, quote, code = page.blocks
    assert (a.kind, tags(page, a)[-2:], tags(page, b)[-4:]) == (Kind.ITEM, ["ul", "li"], ["ul", "li", "ol", "li"])
    assert (row.kind, row.text, row.markup) == (Kind.ROW, "H | 1 x", "<th>H</th><td>1 <strong>x</strong></td>")
    assert tags(page, quote)[-2:] == ["blockquote", "p"]
    assert (code.kind, code.text) == (Kind.CODE, "  x\n   y")


def test_a_table_of_layout_is_no_table() -> None:
    """Cells with long text, or with tables in them, are divisions."""
    page = parse(f"<table><tr><td>{'word ' * 150}</td><td>side</td></tr></table>")
    assert [block.kind for block in page.blocks] == [Kind.PARAGRAPH, Kind.PARAGRAPH]


def test_code_beside_the_numbers_of_its_lines_is_no_table() -> None:
    """Such a listing is code; a table of data may hold code too."""
    row = "<tr><td><pre>1\n2</pre></td><td><pre>oats()\nrye()</pre></td></tr>"
    assert [(block.kind, block.text) for block in parse(f"<p>x</p><table>{row}</table>").blocks[1:]] == [
        (Kind.CODE, "1\n2"),
        (Kind.CODE, "oats()\nrye()"),
    ]
    assert [block.kind for block in parse(f"<p>x</p><table>{row}{row}</table>").blocks[1:]] == [Kind.ROW, Kind.ROW]


def test_lines_and_spans_of_cells_are_kept() -> None:
    """Blocks in a cell are lines there, and no words are glued."""
    page = parse(
        '<table><tr><th colspan="2">H<td><p>Oats.</p><p>Rye.</p><ul><li>a</li><li>b</li></ul></td></tr></table>'
    )
    row = only(page, Kind.ROW)
    assert row.text == "H | Oats. Rye. a b"
    assert row.markup == '<th colspan="2">H</th><td>Oats.<br>Rye.<br>a<br>b</td>'


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/a.jpg" alt="A">',
        '<img src="data:image/gif;base64,R0" data-src="/a.jpg" alt="A">',
        '<img src="/placeholder.gif" data-lazy-src="/a.jpg" alt="A">',
        '<img srcset="/s.jpg 300w, /a.jpg 1200w" alt="A">',
        '<picture><source srcset="/a.jpg 2x"><img src="data:," alt="A"></picture>',
        '<img src="data:," data-oat-src="/a.jpg" alt="A">',
        '<img data-oat-srcset="/s.jpg 300w, /a.jpg 900w" alt="A">',
        '<img src="/lazy_placeholder.gif" alt=""><noscript><img src="/a.jpg" alt="A"></noscript>',
        '<img src="/a.jpg" alt="A"><noscript><img src="/a.jpg?small" alt="A"></noscript>',
    ],
)
def test_images_are_found_where_they_are_lazy(image: str) -> None:
    """The real picture is taken, not the placeholder in its place."""
    block = only(parse(f"<p>text</p>{image}"), Kind.IMAGE)
    assert block.markup == '<img src="https://courier.example/a.jpg" alt="A">'


def test_trackers_and_icons_are_no_images() -> None:
    """Pixels and tiny pictures are left out."""
    page = parse(
        '<p>x</p><img src="/t.gif" width="1" height="1"><img src="/i.png" width="16"><img src="https://x.example/pixel?id=1">'
    )
    assert texts(page) == ["x"]


@pytest.mark.parametrize("name", ["loading-dock.jpg", "pixel-9-oats.jpg", "261x157.jpg", "oats-transparent.png"])
def test_pictures_may_be_named_like_placeholders(name: str) -> None:
    """A file is a placeholder only where its name tells of nothing else."""
    assert only(parse(f'<p>x</p><img src="/{name}">'), Kind.IMAGE).markup.startswith(
        f'<img src="https://courier.example/{name}"'
    )
    assert texts(parse('<p>x</p><img src="/img/lazy-placeholder_400x300.png"><img src="/1x1.gif">')) == ["x"]


def test_captions_stand_apart_from_their_image() -> None:
    """Image and caption are two blocks in one figure."""
    page = parse('<figure><img src="/a.jpg" alt="A"><figcaption>The yard. Photo: B.</figcaption></figure>')
    assert only(page, Kind.CAPTION).text == "The yard. Photo: B."
    assert tags(page, only(page, Kind.IMAGE))[-2] == tags(page, only(page, Kind.CAPTION))[-2] == "figure"


def test_embeds_become_titled_links() -> None:
    """A video, a post or a chart is a link with its title, or with a name for it."""
    page = parse(
        '<iframe src="https://www.youtube.com/embed/x" title="The bell"></iframe><p>x</p><video src="/v.mp4" poster="/p.jpg"></video>'
    )
    first, _, second = page.blocks
    assert first.markup == '<a href="https://www.youtube.com/embed/x">The bell</a>'
    assert (
        second.markup
        == '<a href="https://courier.example/v.mp4"><img src="https://courier.example/p.jpg" alt=""> Video: courier.example</a>'
    )


def test_what_nobody_sees_is_no_block() -> None:
    """Scripts, styles, templates and options are left out; hidden elements are marked."""
    page = parse(
        '<script>var a = "b"</script><style>p {}</style><template><p>t</p></template><select><option>o</option></select><p>x</p><div style="display:none">h</div>'
    )
    assert texts(page) == ["x", "h"]
    assert "unshown" in page.nodes[page.blocks[1].node].words


def test_selectors_mark_the_blocks_that_they_hit() -> None:
    """Each block in a hit element names the selector; a bad one hits nothing."""
    page = parse('<div class="bar"><p>a</p></div><p>b</p>', Selector("site:x:bar", ".bar"))
    assert [block.selected for block in page.blocks] == [("site:x:bar",), ()]


def test_class_words_are_split() -> None:
    """Words of class, id and role, whatever their spelling."""
    page = parse('<div class="article-relatedLinks" id="MainBox" role="list"><p>a</p></div>')
    assert page.nodes[1].words == ("article", "related", "links", "main", "box", "list")


BODY = [
    f"Paragraph {n} tells of the harbour and of {n} boats that came home late on a Friday in the rain."
    for n in range(8)
]


def test_text_that_stands_only_in_json_ld_is_added() -> None:
    """``articleBody`` becomes blocks with their origin when the page does not show it."""
    page = parse(
        f'<h1>T</h1><script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{chr(92)}n".join(BODY)}}</script>'.replace(
            '"\\n".join(BODY)', '"' + "\\n".join(BODY) + '"'
        )
    )
    added = [block.text for block in page.blocks if block.origin is Origin.JSONLD]
    assert added == BODY


def test_text_that_the_page_shows_is_not_added_twice() -> None:
    """JSON that repeats the DOM is a claim, and no block."""
    shown = "".join(f"<p>{text}</p>" for text in BODY)
    page = parse(
        shown
        + '<script type="application/ld+json">{"@type": "Article", "articleBody": "'
        + " ".join(BODY)
        + '"}</script>'
    )
    assert [block.origin for block in page.blocks] == [Origin.DOM] * len(BODY)
    assert [claim.witness for claim in page.claims if claim.name == "body"] == ["jsonld"]


def test_json_is_aligned_to_what_the_page_shows_of_it() -> None:
    """The missing paragraphs follow the one that the page shows."""
    page = parse(
        f"<p>{BODY[0]}</p><p>Footer of the site</p>"
        '<script type="application/ld+json">{"@type": "Article", "articleBody": "' + "\\n".join(BODY) + '"}</script>'
    )
    assert texts(page) == [*BODY, "Footer of the site"]


def test_page_state_is_read() -> None:
    """Strings in a script's JSON, with or without markup."""
    page = parse(
        "<div>Loading</div><script>window.__STATE__ = "
        '{"a": {"body": [' + ",".join(f'{{"html": "<p>{text}</p>"}}' for text in BODY) + "]}};</script>"
    )
    assert [block.text for block in page.blocks if block.origin is Origin.STATE] == BODY


def test_claims_are_collected_with_their_witness() -> None:
    """JSON-LD, Open Graph, meta, links and <time>; broken JSON is passed over."""
    page = parse(
        '<html lang="de"><head><title>T | S</title><meta property="og:title" content="T"><meta name="author" content="A B"><link rel="canonical" href="/c">'
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "H", "author": [{"name": "C D"}], "datePublished": "2026-01-02",}]}</script>'
        '<script type="application/ld+json">{broken</script></head><body><time datetime="2026-01-03">x</time></body></html>'
    )
    told = {(claim.name, claim.value, claim.witness) for claim in page.claims}
    assert told >= {
        ("title", "H", "jsonld"),
        ("author", "C D", "jsonld"),
        ("published", "2026-01-02", "jsonld"),
        ("title", "T", "opengraph"),
        ("author", "A B", "meta"),
        ("canonical", "https://courier.example/c", "link"),
        ("language", "de", "html"),
        ("published", "2026-01-03", "time"),
    }


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"<script>x()</script>", "no-text"),
        (b"<html><body></body></html>", "no-text"),
    ],
)
def test_a_page_without_text_is_refused(body: bytes, reason: str) -> None:
    """The reason is named, with the page."""
    with pytest.raises(PageError, match=f"page.html: {reason}"):
        parse(body)


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 5_000 + "x",
        "<p " + " ".join(f"a{n}=1" for n in range(900)) + ">x",
        "<br/>" * 100_000 + "x",
        "<" * 200_000 + " x",
        " " * 1_000_000 + "x",
        "<table><tr><td>" * 2_000 + "x",
    ],
    ids=["divs", "attributes", "breaks", "lt", "spaces", "tables"],
)
def test_hostile_markup_ends_soon(hostile: str) -> None:
    """Depth and mass cost time in proportion; far below the limit of a page, which children enforce."""
    begun = time.perf_counter()
    assert "x" in texts(parse(hostile))[-1]
    assert time.perf_counter() - begun < 8


@pytest.mark.case(46, 47)
@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 50_000 + "x",
        "<b><i><u><a>" * 10_000 + "x",
        "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x",
        "<p " + " ".join(f"a{n}" for n in range(200_000)),
    ],
    ids=["divs", "inline", "attributes", "bare attributes"],
)
def test_markup_beyond_all_measure_is_refused(hostile: str) -> None:
    """What no parser reads in linear time is not tried."""
    begun = time.perf_counter()
    with pytest.raises(PageError, match="page.html: too-complex"):
        parse(hostile)
    assert time.perf_counter() - begun < 1


def test_long_tags_are_not_too_complex() -> None:
    """Pictures in addresses, tables of JSON in attributes, and quotes that nobody closed."""
    many = " ".join(f"word{n}" for n in range(5_000))
    words = " ".join(f"word{n}" for n in range(900))
    assert texts(parse(f'<p data-a=\'{many}\' data-b="{many}" title="He said "{words}">Harbour</p>'))[-1] == "Harbour"

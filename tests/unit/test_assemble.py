"""Blocks -> HTML: what stands in one item, one figure, one row or one listing stays there, and nothing is glued."""

from __future__ import annotations

import pytest

from cleaner.assemble import assemble_article
from cleaner.datatypes import Article, Judge, Kind, Label, LabelledPage, Verdict
from cleaner.parse import parse_page
from tests.samples import article_page


def article(body: str) -> Article:
    """The article of markup all of which is body, but for captions."""
    page = parse_page(
        article_page(0, body=f"<body>{body}</body>".encode(), media_type="text/html", origin="https://e.org/")
    )
    labels = (Label.CAPTION if block.kind is Kind.CAPTION else Label.BODY for block in page.blocks)
    verdicts = tuple(Verdict(label, Judge.MODEL, "model:body", 1.0) for label in labels)
    return assemble_article(LabelledPage(page, verdicts, 1.0))


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (
            "<ul><li><p>Oats.</p><p>Rye.</p></li><li>Hay</li></ul>",
            "<ul><li><p>Oats.</p><p>Rye.</p></li><li>Hay</li></ul>",
        ),
        ("<ul><li>Oats<ul><li>Rye</li></ul></li></ul>", "<ul><li>Oats<ul><li>Rye</li></ul></li></ul>"),
        (
            "<dl><dt>Hay</dt><dd><p>Dry.</p><p>Cut.</p></dd></dl>",
            "<dl><dt>Hay</dt><dd><p>Dry.</p><p>Cut.</p></dd></dl>",
        ),
        ("<pre><div>oats = 1</div><div>rye = 2</div></pre>", "<pre><code>oats = 1</code>\n<code>rye = 2</code></pre>"),
        (
            "<p>Hay.</p><table><caption>Yields</caption><tr><td>Oats</td><td>2</td></tr><tr><td>Rye</td><td>3</td></tr></table>",
            "<p>Hay.</p><table><caption>Yields</caption><tbody><tr><td>Oats</td><td>2</td></tr><tr><td>Rye</td><td>3</td></tr></tbody></table>",
        ),
        (
            '<table><tr><td>Oats</td><td><img src="/o.jpg"></td></tr><tr><td>Rye</td><td>3</td></tr></table>',
            '<table><tbody><tr><td>Oats</td><td></td><td><img src="https://e.org/o.jpg" alt=""></td></tr>'
            "<tr><td>Rye</td><td>3</td></tr></tbody></table>",
        ),
    ],
)
def test_what_stands_together_stays_together(body: str, html: str) -> None:
    """Paragraphs of one item are two paragraphs; an item of one text needs none."""
    assert article(body).html == html


def test_paragraphs_of_one_item_are_lines_of_the_text() -> None:
    """They are parted in the text as well."""
    assert article("<ul><li><p>Oats.</p><p>Rye.</p></li></ul>").text == "Oats.\nRye."


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (
            "<p>הנמל פתוח מהבוקר.</p><p>Open since dawn.</p>",
            '<p>הנמל פתוח מהבוקר.</p><p dir="ltr">Open since dawn.</p>',
        ),
        ("<p>The harbour is open.</p><h2>הנמל</h2>", '<p>The harbour is open.</p><h2 dir="rtl">הנמל</h2>'),
        ("<p>הנמל פתוח מהבוקר.</p><p>1 + 1</p>", "<p>הנמל פתוח מהבוקר.</p><p>1 + 1</p>"),
    ],
)
def test_a_paragraph_that_runs_the_other_way_says_so(body: str, html: str) -> None:
    """Which way is told by its letters, whatever the page says; figures run as what is around them."""
    assert article(body).html == html

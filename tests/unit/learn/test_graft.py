"""Elements moved from page to page: blocks keep their texts and targets, and trees stay trees."""

from __future__ import annotations

from random import Random

import pytest

from cleaner.datatypes import Label, Page, RawPage
from cleaner.learn.graft import cuttings, grafted, whole_article
from cleaner.learn.targets import Targets
from cleaner.parse import parse_page
from tests.samples import NOON

BODY, COMMENTS = frozenset({Label.BODY}), frozenset({Label.COMMENTS})
LONG = "The ferry stopped at noon because of the wind, and nobody on the island knows for how long."
ARTICLE = f"<main><article><h1>Ferry stops</h1><p>{LONG}</p><p>{LONG} It may last.</p></article></main>"
THREAD = f"<section class='thread'><p>Nadia</p><div><p>{LONG} I was there, and it was cold on the pier.</p></div><p>Reply</p></section>"


def _page(html: str) -> Page:
    """A parsed page."""
    return parse_page(RawPage("0" * 64, "a.html", "text/html", html.encode(), NOON))


def _targets(page: Page) -> Targets:
    """Paragraphs of the article are body, the thread's comments, headings titles."""
    by_tag = {"h1": frozenset({Label.TITLE})}
    out: Targets = []
    for block in page.blocks:
        node = page.nodes[block.node]
        inside = set()
        while node.parent >= 0:
            inside |= {node.tag, *node.words}
            node = page.nodes[node.parent]
        out.append((by_tag.get(page.nodes[block.node].tag, COMMENTS if "thread" in inside else BODY), 1.0))
    return out


@pytest.mark.parametrize("seed", range(20))
def test_grafts_leave_a_page_in_order(seed: int) -> None:
    """The page's own blocks stand in their order with their targets; the others' text is there; parents come first."""
    page, other = _page(ARTICLE), _page(ARTICLE.replace("</main>", THREAD + "</main>"))
    parts = cuttings(other, _targets(other), Random(seed))
    assert [part.blocks[0].text for part in parts] == ["Nadia"]
    made, targets = grafted(page, _targets(page), parts, Random(seed))
    assert len(made.blocks) == len(targets) == len(page.blocks) + len(parts[0].blocks)
    assert [block.index for block in made.blocks] == list(range(len(made.blocks)))
    own = [(block.text, labels) for block, (labels, _) in zip(made.blocks, targets, strict=True) if labels != COMMENTS]
    assert own == [(block.text, labels) for block, (labels, _) in zip(page.blocks, _targets(page), strict=True)]
    assert all(node.parent < index for index, node in enumerate(made.nodes))
    held = made.nodes[made.blocks[-1].node]
    assert held.tag == "p"


def test_an_article_below_another_is_related_as_a_whole() -> None:
    """Its text and its headline: a page has one article."""
    page = _page(ARTICLE)
    part = whole_article(page, _targets(page))
    assert part is not None
    assert part.nodes[0].tag == "article"
    assert [labels for labels, _ in part.targets] == [{Label.TITLE, Label.RELATED}, {Label.RELATED}, {Label.RELATED}]


def test_a_page_without_noise_lends_none() -> None:
    """Short things and the article itself are not lent."""
    page = _page(ARTICLE)
    assert cuttings(page, _targets(page), Random(1)) == ()
    assert whole_article(page, [(COMMENTS, 1.0)] * len(page.blocks)) is None

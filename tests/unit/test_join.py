"""Pages of one article, labelled each by itself, become one labelled page: nothing lost, nothing twice, all explained."""

from __future__ import annotations

import pytest

from cleaner.assemble import assemble_article
from cleaner.datatypes import Block, Claim, Judge, Kind, Label, LabelledPage, Node, Page, Rejected, Verdict
from cleaner.enrich.sites import SiteNames
from cleaner.enrich.title import choose_title
from cleaner.join import gives_text, join_pages

INTRO = "A report in three parts on what the town has found behind its doors."
Told = tuple[Label, str] | tuple[Label, str, Kind]


def _labelled(*told: Told, confidence: float = 0.9, rejected: str = "", note: str = "") -> LabelledPage:
    """A page of these labels and texts, each in an element of its own below one root."""
    kinds = [one[2] if len(one) > 2 else Kind.PARAGRAPH for one in told]
    blocks = tuple(
        Block(index, kind, "" if kind is Kind.IMAGE else one[1], one[1], index + 1)
        for index, (one, kind) in enumerate(zip(told, kinds, strict=True))
    )
    nodes = (Node(-1, "body"), *(Node(0, "p") for _ in told))
    page = Page("id", blocks, nodes, (Claim("title", f"Claim of {told[0][1]}", "meta"),), "https://a.example/x")
    verdicts = tuple(Verdict(one[0], Judge.MODEL, "model:label", 0.8) for one in told)
    return LabelledPage(page, verdicts, confidence, Rejected(rejected) if rejected else None, (note,) if note else ())


def _join(*pages: LabelledPage) -> LabelledPage:
    """The pages joined, numbered from 1."""
    return join_pages(list(enumerate(pages, 1)))


def _labels(joined: LabelledPage, page: int) -> list[str]:
    """The labels of the blocks of one page."""
    pairs = zip(joined.page.blocks, joined.verdicts, strict=True)
    return [verdict.label.value for block, verdict in pairs if block.page == page]


def test_blocks_and_nodes_are_numbered_anew() -> None:
    """Each block still stands in its own element, below the root of its own page."""
    first = _labelled((Label.TITLE, "Title"), (Label.BODY, "One."), note="odd")
    joined = _join(
        first, _labelled((Label.BODY, "Two."), (Label.NAV, "Menu")), _labelled((Label.BODY, "Three."), note="thin")
    )
    page = joined.page
    assert [block.index for block in page.blocks] == [0, 1, 2, 3, 4]
    assert [block.page for block in page.blocks] == [1, 1, 2, 2, 3]
    assert [block.text for block in page.blocks] == ["Title", "One.", "Two.", "Menu", "Three."]
    assert [block.node for block in page.blocks] == [1, 2, 4, 5, 7]
    assert [node.parent for node in page.nodes] == [-1, 0, 0, -1, 3, 3, -1, 6]
    assert [page.nodes[block.node].tag for block in page.blocks] == ["p"] * 5
    assert (page.is_joined, first.page.is_joined) == (True, False)
    assert (page.claims, page.url, page.id) == (first.page.claims, first.page.url, first.page.id)
    assert joined.notes == ("odd", "page 3: thin")
    assert assemble_article(joined).text == "One.\n\nTwo.\n\nThree."


def test_the_first_page_says_whether_it_is_an_article_and_the_least_sure_how_sure() -> None:
    """A last page of two lines does not make a listing of an article."""
    first, last = _labelled((Label.BODY, "One."), confidence=0.8), _labelled((Label.BODY, "Two."), rejected="listing")
    assert (_join(first, last).rejected, _join(first, last).confidence) == (None, 0.8)
    assert _join(last, first).rejected == Rejected("listing")
    assert _join(first, _labelled((Label.BODY, "Two."), confidence=0.3)).confidence == 0.3


def test_what_stands_on_an_earlier_page_is_kept_once() -> None:
    """Title, byline, date, introduction, picture: their copies tell what they are, and what they were."""
    head: list[Told] = [
        (Label.TITLE, "The tram depot", Kind.HEADING),
        (Label.BYLINE, "By Ottilie Varga"),
        (Label.DATE, "4 March 2026"),
        (Label.BODY, INTRO),
        (Label.BODY, '<img src="https://a.example/depot.jpg">', Kind.IMAGE),
    ]
    joined = _join(
        _labelled(*head, (Label.BODY, "One.")),
        _labelled(*head, (Label.BODY, "Two.")),
        _labelled((Label.BODY, "THE TRAM  DEPOT!"), *head[1:], (Label.BODY, "Three.")),
    )
    assert _labels(joined, 1) == ["title", "byline", "date", "body", "body", "body"]
    assert _labels(joined, 2) == _labels(joined, 3) == ["excerpt"] * 5 + ["body"]
    copy = joined.verdicts[9]
    assert (copy.judge, copy.reason) == (Judge.CONTEXT, "context:on-an-earlier-page")
    assert copy.overruled is not None and copy.overruled.label is Label.BODY
    article = assemble_article(joined)
    assert choose_title(joined, (), article.text, SiteNames()).text == "The tram depot"
    assert article.text == f"{INTRO}\n\nOne.\n\nTwo.\n\nThree."
    assert article.html.count("depot.jpg") == 1


def test_an_introduction_that_was_an_excerpt_once_is_one_again() -> None:
    """What the first page repeats of its own text is no text of the second."""
    joined = _join(
        _labelled((Label.EXCERPT, INTRO), (Label.BODY, "One.")), _labelled((Label.BODY, INTRO), (Label.BODY, "Two."))
    )
    assert _labels(joined, 2) == ["excerpt", "body"]


def test_what_no_page_kept_so_far_is_kept() -> None:
    """A list of the pages names what the second one is called: its heading stays."""
    joined = _join(
        _labelled((Label.NAV, "The weir"), (Label.BODY, "One.")),
        _labelled((Label.BODY, "The weir", Kind.HEADING), (Label.BODY, "Two.")),
    )
    assert _labels(joined, 2) == ["body", "body"]


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("Yes, of course.", Kind.PARAGRAPH, "body"),
        ("What we liked most about this one", Kind.HEADING, "body"),
        ("Name Price Weight Battery Colour Rating", Kind.ROW, "body"),
        ("return the value of the first one", Kind.CODE, "body"),
        ("The author was a guest of the harbour.", Kind.PARAGRAPH, "excerpt"),
        ('<img src="/line.png">', Kind.IMAGE, "excerpt"),
    ],
)
def test_below_a_pages_own_text_only_long_copies_count(text: str, kind: Kind, label: str) -> None:
    """Headings, rows, code and short answers may be the same on each page."""
    pages = [_labelled((Label.BODY, f"Own text {number}."), (Label.BODY, text, kind)) for number in range(2)]
    assert _labels(_join(*pages), 2) == ["body", label]


def test_what_is_not_used_stays_what_it_is() -> None:
    """Menus are menus on each page."""
    pages = [_labelled((Label.NAV, "Town Sport Harbour Opinion Weather Tides"), (Label.BODY, text)) for text in "AB"]
    assert _labels(_join(*pages), 2) == ["nav", "body"]


@pytest.mark.parametrize(
    ("text", "kind", "gives"),
    [
        ("The depot opened on Tuesday.", Kind.PARAGRAPH, True),
        ("Ferry 12 leaves the harbour", Kind.ITEM, False),
        ("Weight 12", Kind.ROW, True),
        ("return 12", Kind.CODE, True),
        ("<img>", Kind.IMAGE, False),
    ],
)
def test_only_text_makes_a_page_worth_joining(text: str, kind: Kind, *, gives: bool) -> None:
    """Neither a picture alone nor the names of other pages are text of an article; nor is what is no body."""
    assert gives_text(_labelled((Label.NAV, "Menu"), (Label.BODY, text, kind))) is gives
    assert not gives_text(_labelled((Label.NAV, text, kind)))


def test_captions_between_two_pages_stay_out() -> None:
    """What stands below the text of one page and above that of the next is not among the text."""
    joined = _join(
        _labelled((Label.BODY, "One."), (Label.RELATED, "More"), (Label.CAPTION, "A teaser's picture", Kind.CAPTION)),
        _labelled((Label.CAPTION, "Another's picture", Kind.CAPTION), (Label.BODY, "Two.")),
        _labelled((Label.CAPTION, "A third one's picture", Kind.CAPTION), (Label.BODY, "Three.")),
    )
    figures = tuple(Node(node.parent, "figure") if node.tag == "p" else node for node in joined.page.nodes)
    page = Page("id", joined.page.blocks, figures, ())
    html = assemble_article(LabelledPage(page, joined.verdicts, 0.9)).html
    assert "One." in html and "Two." in html
    assert "picture" not in html

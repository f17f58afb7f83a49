"""What people are told of a page: every block with its reason, in the terminal and as a page that runs nothing."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaner.datatypes import (
    Block,
    Flag,
    Judge,
    Kind,
    Label,
    LabelledPage,
    Node,
    Outcome,
    Page,
    Rejected,
    Verdict,
)
from cleaner.explain import explain_html, explain_terminal, facts_of
from tests.conftest import PAGES
from tests.samples import entry

FIRST = Verdict(Label.BODY, Judge.CONTEXT, "context:article-stretch", 0.9)


def outcome_of(*told: tuple[str, Verdict], rejected: str = "") -> Outcome:
    """An outcome whose page has these texts, one a line, with these verdicts."""
    blocks = tuple(
        Block(index, Kind.PARAGRAPH, text, text, 0, lines=(index + 1, index + 1))
        for index, (text, _) in enumerate(told)
    )
    why = Rejected(rejected) if rejected else None
    page = Page("0" * 64, blocks, (Node(-1, "body"),), ())
    told_by_last = entry(flags=(Flag("opinion", len(blocks) - 1),))
    return Outcome(LabelledPage(page, tuple(verdict for _, verdict in told), 0.5, why), why or told_by_last)


def in_terminal(outcome: Outcome, width: int) -> str:
    """What a terminal of so many columns shows, colours left out."""
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(explain_terminal(outcome))
    return capture.get()


def blocks_of(document: str) -> list[LexborNode]:
    """The blocks of the side that shows the page as it came."""
    return LexborHTMLParser(document).css("section .block")


@pytest.mark.parametrize("name", ["reposted-port.txt", "masthead-and-headlines.txt", "news-page.html"])
def test_page_shows_each_block_once_with_label_judge_and_reason(
    name: str, clean_file: Callable[[Path], Outcome]
) -> None:
    """The blocks stand in page order, each with its own verdict."""
    outcome = clean_file(PAGES / name)
    shown = blocks_of(explain_html(outcome, name))
    assert len(shown) == len(outcome.labelled.page.blocks) > 10
    for node, verdict in zip(shown, outcome.labelled.verdicts, strict=True):
        line = node.css("small")[0].text()
        assert f" {verdict.label.value} · {verdict.judge.value} · {verdict.reason} · {verdict.score:.2f}" in line
        assert verdict.label.value in (node.attributes["class"] or "").split()


def test_legend_counts_every_block(clean_file: Callable[[Path], Outcome]) -> None:
    """The counts of the legend are those of the labels."""
    outcome = clean_file(PAGES / "reposted-port.txt")
    legend = LexborHTMLParser(explain_html(outcome, "page.txt")).css(".legend li")
    told = {label: int(count) for label, count in (node.text().split() for node in legend)}
    assert told == Counter(verdict.label.value for verdict in outcome.labelled.verdicts)


def test_after_side_is_the_article_as_published(clean_file: Callable[[Path], Outcome]) -> None:
    """The clean article stands beside the page, unchanged."""
    outcome = clean_file(PAGES / "blog-page.html")
    assert not isinstance(outcome.result, Rejected)
    assert outcome.result.article.html in explain_html(outcome, "page.html")


def test_page_asks_for_nothing_and_runs_nothing(clean_file: Callable[[Path], Outcome]) -> None:
    """No script, no style sheet, no handler; its policy stops the browser from fetching the article's images."""
    tree = LexborHTMLParser(explain_html(clean_file(PAGES / "news-page.html"), "page.html"))
    assert tree.css("script, link, iframe, object, embed, base, form") == []
    policy = tree.css_first("meta[http-equiv=Content-Security-Policy]")
    assert policy is not None
    assert (policy.attributes["content"] or "").startswith("default-src 'none'")
    handlers = [key for node in tree.css("*") for key in node.attributes if key.startswith("on")]
    assert handlers == []


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "</p><img src=x onerror=alert(1)>",
        "</style><svg onload=alert(1)>",
        "{{ 7 * 7 }}{% for x in y %}",
        "&lt;script&gt;",
    ],
)
def test_what_the_page_says_stands_there_as_text(attack: str) -> None:
    """Text, reason and address of a hostile page are read back as they were, and make no element."""
    verdict = replace(FIRST, reason=f"words:promo.en:{attack}", overruled=replace(FIRST, reason=attack))
    tree = LexborHTMLParser(explain_html(outcome_of((attack, verdict)), attack))
    assert tree.css("script, svg, [onerror], [onload]") == []
    block = tree.css_first(".block p")
    assert block is not None
    assert block.text() == attack
    assert attack in tree.css("dd")[0].text()
    assert all(attack in node.text() for node in tree.css(".block > small, .block details > small"))


def test_overruled_verdicts_stay_readable_latest_first() -> None:
    """The whole story of a block can be unfolded."""
    words = Verdict(Label.PROMO, Judge.WORDS, "words:promo.en:sign-up", 0.85, FIRST)
    user = Verdict(Label.AD, Judge.USER, "user:drop", 1.0, words)
    document = explain_html(outcome_of(("Sign up", user), ("Told", FIRST)), "page.txt")
    told, plain = blocks_of(document)
    assert [node.text() for node in told.css("details > small")] == [
        "promo · words · words:promo.en:sign-up · 0.85",
        "body · context · context:article-stretch · 0.90",
    ]
    assert plain.css("details") == []


def test_rejected_page_says_why_instead_of_an_article() -> None:
    """A page that is no article has its blocks and the reason, in both forms."""
    outcome = outcome_of(("Home", replace(FIRST, label=Label.NAV)), rejected="listing")
    tree = LexborHTMLParser(explain_html(outcome, "menu.html"))
    assert tree.css("article") == []
    assert "No article: listing." in tree.css("section")[1].text()
    assert facts_of(outcome)[0] == ("rejected", "listing")
    assert "listing" in in_terminal(outcome, 100)


@pytest.mark.parametrize("label", list(Label))
def test_every_label_has_its_colour(label: Label) -> None:
    """A label that is added gets a colour in the terminal and on the page."""
    outcome = outcome_of(("Told", replace(FIRST, label=label)))
    style = LexborHTMLParser(explain_html(outcome, "page.txt")).css_first("style")
    assert style is not None
    assert f".{label.value}" in style.text()
    assert label.value in in_terminal(outcome, 100)


def test_facts_tell_what_was_used_and_what_was_removed() -> None:
    """Titles and bylines are used, not removed; what the entry does not tell is left out."""
    outcome = outcome_of(
        ("A title", replace(FIRST, label=Label.TITLE)),
        ("Text", FIRST),
        ("Buy", replace(FIRST, label=Label.AD)),
        ("Buy more", replace(FIRST, label=Label.AD)),
        ("Share", replace(FIRST, label=Label.SHARE)),
    )
    facts = dict(facts_of(outcome))
    assert (facts["kept"], facts["removed"]) == ("1 of 5 blocks", "2 ad, 1 share")
    assert (facts["authors"], facts["source"], facts["flags"]) == (
        "Ines Calder",
        "First Wire https://wire.example/",
        "opinion (line 5)",
    )
    bare = Outcome(
        outcome.labelled, entry(published=None, published_precision=None, authors=(), source=None, via=(), flags=())
    )
    assert {"published", "authors", "source", "via"} & dict(facts_of(bare)).keys() == set()


def test_terminal_shows_place_mark_label_and_reason() -> None:
    """A row has the line (and the character within it), a mark where the block is kept, label, reason, score."""
    outcome = outcome_of(("Told", FIRST), ("Sign up", replace(FIRST, label=Label.PROMO, reason="words:promo.en:sign")))
    first, second = outcome.labelled.page.blocks
    cut = replace(second, lines=(7, 7), chars=(40, 47))
    labelled = replace(outcome.labelled, page=replace(outcome.labelled.page, blocks=(first, cut)))
    _, kept, gone, *_ = in_terminal(replace(outcome, labelled=labelled), 120).splitlines()
    assert kept.split() == ["1", "✓", "body", "context:article-stretch", "0.90", "Told"]
    assert gone.split() == ["7:40", "promo", "words:promo.en:sign", "0.90", "Sign", "up"]


def test_terminal_cannot_be_steered_by_a_page() -> None:
    """Escape sequences, direction marks and the table's own markup are shown, not obeyed."""
    shown = in_terminal(outcome_of(("\x1b[2J\x07\u202egone [red]b[/red]", FIRST)), 120)
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "�[2J��gone [red]b[/red]" in shown


def test_eighty_columns_leave_room_for_the_text(clean_file: Callable[[Path], Outcome]) -> None:
    """Long reasons fold, so that the text is still read in words on a small terminal."""
    shown = in_terminal(clean_file(PAGES / "reposted-port.txt"), 80)
    assert max(len(line) for line in shown.splitlines()) <= 80
    header = shown.splitlines()[0]
    assert 80 - header.index("text") >= 20

"""Plain text becomes blocks: every character in exactly one, shapes recognised, noise inside lines cut out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cleaner.datatypes import Cut, Kind, Knowledge
from cleaner.label import cuts_of
from cleaner.parse.plain import parse_plain


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind.value, block.text) for block in parse_plain(text)[0]]


def test_lines_end_at_lf_crlf_and_cr_only() -> None:
    """Other separators are part of a line; numbers count empty lines."""
    blocks, _ = parse_plain("one\r\ntwo\rthree\n\nfour\u2028five\x0bsix\x85seven")
    assert [(block.lines, block.text) for block in blocks] == [
        ((1, 1), "one"),
        ((2, 2), "two"),
        ((3, 3), "three"),
        ((5, 5), "four five six seven"),
    ]


def test_shapes_are_recognised() -> None:
    """Headings, bullets, numbers in a run, tables with bars or tabs, Markdown."""
    long = "This is a sentence that is long enough to stand under a heading of its own."
    assert kinds(f"Start here.\n\nA heading\n{long}\n- a\n* b\n1. c\n2. d\n| H | V |\n|---|---|\n| x | y |\nN\tM\n1\t2\n## Deep ##\n{long}") == [
        ("paragraph", "Start here."), ("heading", "A heading"), ("paragraph", long), ("item", "a"), ("item", "b"), ("item", "1. c"), ("item", "2. d"),
        ("row", "H | V"), ("row", ""), ("row", "x | y"), ("row", "N | M"), ("row", "1 | 2"), ("heading", "Deep"), ("paragraph", long),
    ]  # fmt: skip


def test_lists_nest_by_indent() -> None:
    """A deeper bullet is in a list within the item above it."""
    blocks, nodes = parse_plain("- a\n    - b\n- c")
    parents = [nodes[nodes[block.node].parent] for block in blocks]
    assert nodes[parents[1].parent].tag == "li"
    assert nodes[blocks[0].node].parent == nodes[blocks[2].node].parent


def test_markdown_links_are_links() -> None:
    """The words stay, the address becomes the markup's; relative addresses are dropped."""
    blocks, _ = parse_plain('See [the **map**](https://a.example/m "Map") and [more](/x).')
    assert blocks[0].text == "See the map and more."
    assert blocks[0].markup == 'See <a href="https://a.example/m">the <strong>map</strong></a> and more.'


def test_a_price_widget_inside_a_line_is_cut_out() -> None:
    """The widget is a block with its place in the line; the rest of the line stays."""
    line = "The fleet, whose token KEEL $4 514 24h volatility: 0.4% Market cap: $545.57 B Vol. 24h: $28.23 B fell, came home."
    blocks, _ = parse_plain(line, cuts=cuts_of(Knowledge()))
    assert [block.text for block in blocks] == [
        "The fleet, whose token",
        "KEEL $4 514 24h volatility: 0.4% Market cap: $545.57 B Vol. 24h: $28.23 B",
        "fell, came home.",
    ]
    assert [line[slice(*block.chars)].strip() for block in blocks if block.chars] == [block.text for block in blocks]
    assert blocks[1].selected == ("context:price-widget",)


def test_an_ask_inside_a_line_is_cut_out(knowledge: Knowledge) -> None:
    """A sentence that only asks for a subscription leaves its paragraph."""
    blocks, _ = parse_plain(
        "The boats came home. Sign up for our weekly newsletter here. They had no herring.", cuts=cuts_of(knowledge)
    )
    assert [block.text for block in blocks] == [
        "The boats came home.",
        "Sign up for our weekly newsletter here.",
        "They had no herring.",
    ]


def test_a_mention_inside_a_sentence_stays(knowledge: Knowledge) -> None:
    """An article that tells of newsletters is not cut."""
    blocks, _ = parse_plain(
        "She urged readers to sign up for our newsletters, and many did before the paper closed.",
        cuts=cuts_of(knowledge),
    )
    assert len(blocks) == 1


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_every_character_is_in_exactly_one_block(text: str) -> None:
    """Blocks cover each non-empty line once; cut parts cover their line without overlap."""
    blocks, nodes = parse_plain(text, cuts=(Cut("context:x", r"\bad\b", "ad"),))
    assert all(0 <= block.node < len(nodes) for block in blocks)
    whole = [block.lines for block in blocks if block.chars is None]
    assert len(whole) == len(set(whole))
    for block, after in pairwise(blocks):
        assert block.lines is not None
        assert after.lines is not None
        if block.lines == after.lines:
            assert block.chars is not None
            assert after.chars is not None
            assert block.chars[1] <= after.chars[0]


def test_kinds_of_an_empty_text() -> None:
    """No line, no block."""
    assert parse_plain("\n \n")[0] == ()
    assert Kind.ROW.value == "row"

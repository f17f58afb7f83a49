"""Blocks and gold text -> which blocks are the body."""

from __future__ import annotations

from cleaner.learn.align import align, tokens, word_f1

GOLD = "The ferry stopped at noon because of the wind.\nWhat now?\nIt will sail again on Monday, the harbour said on its page."


def test_paragraphs_are_found_in_their_order() -> None:
    """Menus and teasers are none of the gold's, paragraphs and short headings are."""
    blocks = [
        "Home",
        "The ferry stopped at noon because of the wind.",
        "Sign up now",
        "What now?",
        "It will sail again on Monday, the harbour said on its page.",
    ]
    assert align(blocks, GOLD) == [0, 1, 0, 1, 1]


def test_a_heading_that_stands_twice_is_taken_where_it_fits() -> None:
    """The menu's copy of a heading stands before the text, and only one of the two can follow the first paragraph."""
    blocks = ["What now?", "The ferry stopped at noon because of the wind.", "What now?"]
    assert align(blocks, GOLD) == [0, 1, 1]


def test_text_out_of_order_is_nobodys_to_learn() -> None:
    """The chain of most words wins; a long block that the gold holds elsewhere is marked as doubtful."""
    blocks = [
        "It will sail again on Monday, the harbour said on its page.",
        "The ferry stopped at noon because of the wind.",
        "What now?",
    ]
    assert align(blocks, GOLD) == [1, -1, 0]


def test_words_are_counted_as_the_benchmark_counts_them() -> None:
    """Lower case, without soft hyphens; a character of a script without spaces is one word."""
    assert tokens("Har\u00adbour 橋は") == ["harbour", "橋", "は"]
    assert word_f1(["a", "b"], ["b", "c"]) == 0.5
    assert word_f1([], ["a"]) == 0.0

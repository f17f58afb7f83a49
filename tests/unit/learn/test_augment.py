"""Noise of known labels among lines, and HTML printed as text."""

from __future__ import annotations

from random import Random

import pytest

from cleaner.datatypes import Block, Kind, Label
from cleaner.learn.augment import Borrowed, Line, Story, augmented, runs_of, second_article
from cleaner.learn.folds import domain_of, fold_of
from cleaner.learn.render import STYLES, rendered

BODY = frozenset({Label.BODY})
OWN = Story(
    "Ferry stops", ("The ferry stopped at noon because of the wind, and nobody knows for how long it will.",), "en"
)
LENT = tuple(
    Line(text, frozenset({Label.COMMENTS})) for text in ("Nadia says:", "I took the ferry of Tuesday, and it was late.")
)
OTHER = (Line("Bridge opens", frozenset({Label.TITLE})), Line("It is toll free, the mayor said.", BODY))
OTHERS = Borrowed(
    (
        Story(
            "Bridge opens",
            ("The bridge opened on Monday after two years of work, the town's mayor said at noon.", "It is toll free."),
            "de",
        ),
    ),
    (LENT,),
    (second_article(OTHER),),
)
LINES = [
    Line("Home", frozenset({Label.NAV})),
    Line(OWN.paragraphs[0], BODY),
    Line("It will sail again on Monday.", BODY),
]


@pytest.mark.parametrize("seed", range(60))
def test_the_body_stays_as_it_was(seed: int) -> None:
    """Whatever is added, the body's lines stand in their order, and nothing that was added may be body."""
    made = augmented(LINES, OWN, OTHERS, Random(seed))
    assert [line for line in made if line in LINES] == LINES
    assert all(Label.BODY not in line.allowed for line in made if line not in LINES)
    assert len(made) > len(LINES)


def test_the_same_generator_gives_the_same_page() -> None:
    """Noise is decided by the generator alone."""
    assert augmented(LINES, OWN, OTHERS, Random(3)) == augmented(LINES, OWN, OTHERS, Random(3))


def test_a_page_without_body_stays_empty_of_noise() -> None:
    """There is nothing to put noise around."""
    assert augmented(LINES[:1], OWN, OTHERS, Random(1)) == LINES[:1]


def test_runs_of_noise_are_lent_whole() -> None:
    """Lines of one kind of noise that follow one another go together; what may be body is never lent."""
    nav = Line("Home", frozenset({Label.NAV}))
    unsure = Line("Or is it the article's?", frozenset({Label.BODY, Label.COMMENTS}))
    assert runs_of([nav, *LENT, LINES[1], *LENT, unsure]) == (LENT, LENT)


def test_an_article_below_another_is_related() -> None:
    """From its headline to its last line; a page without article lends none."""
    told = second_article([Line("Home", frozenset({Label.NAV})), *OTHER, Line("Imprint", frozenset({Label.NAV}))])
    assert [(line.text, line.allowed) for line in told] == [
        ("Bridge opens", frozenset({Label.RELATED})),
        ("It is toll free, the mayor said.", frozenset({Label.RELATED})),
    ]
    assert second_article(LINES[:1]) == ()


@pytest.mark.parametrize("style", STYLES)
def test_every_style_prints_all_words(style: str) -> None:
    """No word of a block is lost, and each line carries the block's label."""
    markup = 'The <a href="https://example.org/f">ferry</a> stopped, <strong>again</strong>, at noon because of the wind &amp; rain.'
    blocks = [
        Block(0, Kind.ITEM, "The ferry stopped, again, at noon because of the wind & rain.", markup, 0),
        Block(1, Kind.IMAGE, "a ferry", "<img>", 0),
    ]
    lines = rendered(blocks, [(BODY, 1.0), (frozenset(Label), 0.0)], style, Random(1))
    text = " ".join(line.text for line in lines)
    assert all(word in text for word in ("ferry", "stopped", "again", "wind & rain"))
    assert all(line.allowed == BODY for line in lines)


def test_one_function_maps_domains_to_folds() -> None:
    """Hosts of one owner are one domain; hosts of many owners' sites are not."""
    assert domain_of("https://www.news.example.co.uk/a") == "example.co.uk"
    assert domain_of("https://edition.example.com/a?b") == "example.com"
    assert domain_of("http://ann.blogspot.com/") == "ann.blogspot.com"
    assert fold_of("https://a.example.com/x") == fold_of("http://example.com")
    assert 0 <= fold_of("Gazette") < 5

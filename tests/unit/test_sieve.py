"""What a combined feed shows: every key that is given must hit to include, any to exclude."""

from __future__ import annotations

import pytest

from cleaner.datatypes import Article, Filter, Flag
from cleaner.sieve import hits, wanted
from tests.samples import entry

ENTRY = entry(
    article=Article("Tram No. 5 is back", (), "The tram sails past the weir.", "<p>x</p>"),
    authors=("Ines Calder",),
    contributors=("Bo Winter",),
    language="en-GB",
    categories=("Local News",),
    flags=(Flag("opinion", 1), Flag("sponsored")),
)


@pytest.mark.parametrize(
    ("told", "hit"),
    [
        (Filter(words=("TRAM",)), True),
        (Filter(words=("ferry", "past the weir")), True),
        (Filter(words=("tram sail",)), False),
        (Filter(words=("back the tram",)), True),
        (Filter(title=("tram no 5",)), True),
        (Filter(title=("weir",)), False),
        (Filter(author=("calder",)), True),
        (Filter(author=("winter",)), True),
        (Filter(author=("ine",)), False),
        (Filter(category=("local news",)), True),
        (Filter(category=("local",)), False),
        (Filter(language=("en",)), True),
        (Filter(language=("e", "de")), False),
        (Filter(flag=("opinion",)), True),
        (Filter(flag=("opinion",), language=("de",)), False),
        (Filter(flag=("opinion",), language=("en",), words=("tram",)), True),
        (Filter(), True),
    ],
)
def test_each_key_hits_as_it_says(told: Filter, hit: bool) -> None:
    """Whole words, whole categories, languages with their regions."""
    assert hits(ENTRY, told) is hit


def test_include_exclude_and_flags_that_are_dropped() -> None:
    """All of include, none of exclude; a flag that is dropped outweighs the rest."""
    tram, german = Filter(words=("tram",)), Filter(language=("de",))
    assert wanted(ENTRY, Filter(), Filter())
    assert wanted(ENTRY, tram, german)
    assert not wanted(ENTRY, german, Filter())
    assert not wanted(ENTRY, tram, Filter(language=("de",), author=("calder",)))
    assert not wanted(ENTRY, tram, Filter(), ("sponsored",))


def test_scripts_without_spaces_are_searched_by_their_characters() -> None:
    """A word of Chinese text is found inside a sentence."""
    chinese = entry(article=Article("电车回来了", (), "议会决定修复老码头。", "<p>x</p>"))
    assert hits(chinese, Filter(words=("码头",)))
    assert not hits(chinese, Filter(words=("图书馆",)))

"""The languages of the word lists: which are measured, what says so, and that prose in none of them is noise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner.datatypes import Knowledge, Label
from cleaner.label.words import EDGE, Hit, lexicon
from cleaner.language import guess_language
from tests.conftest import ROOT
from tests.unit.label.prose import SENTENCES
from tests.unit.label.test_words import LANGUAGES, LISTS

# Languages that at least one benchmark page is in, and those that none is in.
MEASURED = ("da", "de", "en", "es", "fr", "it", "ja", "no", "pl", "ru", "sv", "zh")
UNMEASURED = ("ko", "nl", "pt", "tr", "uk")
MARK = "# Not measured: no benchmark page is in this language."


def test_each_language_is_measured_or_not() -> None:
    """The table names each language of the lists once."""
    assert sorted(MEASURED + UNMEASURED) == list(LANGUAGES)


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.txt")), ids=lambda path: str(path.name))
def test_a_list_that_is_not_measured_says_so(path: Path) -> None:
    """In its first line, and no other list does."""
    first, *rest = path.read_text("utf-8").splitlines()
    assert (first == MARK) is (path.name.split(".")[1] in UNMEASURED)
    assert MARK not in rest


@pytest.mark.checkout
def test_the_readme_says_which_languages_are_measured() -> None:
    """config/README.md has the same table."""
    text = (ROOT / "config" / "README.md").read_text("utf-8")
    told = [
        re.findall(r"`([a-z]{2})`", line) for line in re.findall(r"^\| (?:not )?measured \|(.+)\|$", text, re.MULTILINE)
    ]
    assert told == [list(MEASURED), list(UNMEASURED)]


def bodies(shared: Path) -> Iterator[str]:
    """The articles of all benchmark pages, as people chose them."""
    for path in sorted(
        folder for kind in ("html/fundus", "html/wcxb", "text") for folder in (shared / "bench" / kind).glob("*.json")
    ):
        yield json.loads(path.read_text("utf-8"))["body"]
    for path in sorted((shared / "bench" / "labels").glob("*.json")):
        lines = path.with_suffix(".txt").read_text("utf-8").splitlines()
        ranges = [row for row in json.loads(path.read_text("utf-8"))["labels"] if row["label"] == "body"]
        yield "\n".join(line for row in ranges for line in lines[row["from"] - 1 : row["to"]])


@pytest.mark.slow
def test_the_table_is_what_the_benchmark_holds(shared: Path) -> None:
    """A language is measured where a page's article is in it."""
    assert {guess_language(body) for body in bodies(shared)} & set(LANGUAGES) == set(MEASURED)


def test_there_are_sentences_in_every_language() -> None:
    """Twelve or more, no two alike, each of the language that it is said to be in where that can be told."""
    assert sorted(SENTENCES) == list(LANGUAGES)
    assert all(len(set(sentences)) == len(sentences) >= 12 for sentences in SENTENCES.values())
    assert {language: guess_language(" ".join(sentences)) for language, sentences in SENTENCES.items()} == {
        language: language for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_list_takes_a_sentence_for_noise(knowledge: Knowledge, language: str) -> None:
    """Of whatever language the list is: no whole hit, and none by a sentence's begin or end."""
    table = lexicon(knowledge.words)
    hits = {text: [hit for hit in table.look_up(text) if _names_noise(hit)] for text in SENTENCES[language]}
    assert {text: found for text, found in hits.items() if found} == {}


def _names_noise(hit: Hit) -> bool:
    """Whether a hit is on a block's begin, end or whole, and says that it is no body."""
    return hit.score >= EDGE and hit.label is not Label.BODY

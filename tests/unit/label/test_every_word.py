"""Every entry of every packaged list, on a line made of its own words: it hits there, and its label wins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from cleaner.datatypes import Knowledge, Word
from cleaner.label.words import Lexicon, cuts_from
from tests.unit.label.test_words import LANGUAGES

# What wildcards stand for in the lines: words of the language that no list has a use for.
FILLERS = {
    "da": "blå sten",
    "de": "blauer Stein",
    "en": "blue stone",
    "es": "piedra azul",
    "fr": "pierre bleue",
    "it": "pietra blu",
    "ja": "青い石",
    "ko": "푸른 돌",
    "nl": "blauwe steen",
    "no": "blå stein",
    "pl": "niebieski kamień",
    "pt": "pedra azul",
    "ru": "синий камень",
    "sv": "blå sten",
    "tr": "mavi taş",
    "uk": "синій камінь",
    "zh": "青石",
}
# Entries on whose own line another label wins. May only fall.
MOST_CONFLICTS = 0


def line_of(word: Word) -> str:
    """A line of an entry's own words, with neutral ones for its wildcards."""
    return " ".join(word.pattern.replace("*", f" {FILLERS[word.language]} ").split())


def entries_of(knowledge: Knowledge, language: str) -> tuple[Word, ...]:
    """The packaged entries of a language."""
    return tuple(word for word in knowledge.words if word.language == language)


@cache
def _table(words: tuple[Word, ...]) -> Lexicon:
    """The lexicon of a language alone."""
    return Lexicon(words)


def judged(knowledge: Knowledge, language: str) -> Iterator[tuple[Word, str, bool, bool]]:
    """Each entry of a language with its line, whether it hits there itself, and whether its label wins."""
    words = entries_of(knowledge, language)
    table = _table(words)
    for word in words:
        line = line_of(word)
        hits = table.look_up(line)
        own = (word.label, f"words:{word.label.value}.{language}:{word.slug}")
        yield (
            word,
            line,
            own in {(hit.label, hit.reason) for hit in hits},
            hits[:1] != () and hits[0].label is word.label,
        )


def test_there_are_neutral_words_for_every_language(knowledge: Knowledge) -> None:
    """And they are neutral: no list hits them."""
    assert set(FILLERS) == set(LANGUAGES) == {word.language for word in knowledge.words}
    assert {text: Lexicon(knowledge.words).look_up(text) for text in FILLERS.values()} == dict.fromkeys(
        FILLERS.values(), ()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_hits_its_own_line(knowledge: Knowledge, language: str) -> None:
    """An entry that does not is dead: another entry says the same of the same words."""
    entries = list(judged(knowledge, language))
    assert len(entries) > 500
    assert [(word.label.value, word.pattern, line) for word, line, hit, _ in entries if not hit] == []


def test_every_entry_wins_its_own_line(knowledge: Knowledge) -> None:
    """Where a list of another label of the same language wins, one of the two is wrong."""
    conflicts = [
        f"{language}: {word.label.value}: {word.pattern}"
        for language in LANGUAGES
        for word, _, _, wins in judged(knowledge, language)
        if not wins
    ]
    assert len(conflicts) <= MOST_CONFLICTS, "\n".join(conflicts)


def test_every_inline_entry_is_cut_out_of_a_longer_line(knowledge: Knowledge) -> None:
    """As a sentence between two others, whole, with its stop."""
    inline = [word for word in knowledge.words if word.inline]
    assert len(inline) > 100
    missed = []
    for word in inline:
        (cut,) = cuts_from((word,))
        line = line_of(word)
        hit = re.search(cut.pattern, f"It rained. {line}. The river rose.", re.IGNORECASE)
        if hit is None or hit.group().strip() != f"{line}." or cut.needle not in line.casefold():
            missed.append((word.label.value, word.language, word.pattern))
    assert missed == []

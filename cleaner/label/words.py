"""Words and a block's text -> the entries of ``config/words`` that hit it. Pure.

Entries are compared word by word in folded form (case, punctuation and width ignored). Look-ups by the first and by the longest
word find the few entries worth trying, so that the cost grows with the text and not with the lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaner.datatypes import Cut, Label, Word
from cleaner.text import fold

__all__ = ["Hit", "Lexicon", "cuts_from", "lexicon"]

# Scores by how an entry hit: the whole block, its begin or end, or something inside it.
WHOLE, EDGE, INSIDE = 0.97, 0.85, 0.75
# The longest block, in words, that an entry may label by its begin or end, or by something inside it.
_EDGE_WORDS, _INSIDE_WORDS = 40, 60
# What these say, they say at length.
_LONG = {Label.DISCLAIMER: 400, Label.CONSENT: 120, Label.BIO: 120, Label.EXCERPT: 100_000}
_ANNOUNCE = re.compile(r"[:：|©]")
_fold = fold.__wrapped__  # entries are folded once: they would only push the texts of pages out of its memory
_GAP = r"(?:[^.!?…]|\.(?=\w)){0,160}?"


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that hit a block: what it says the block is, how it hit, and its name."""

    label: Label
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A compiled entry: its pieces as folded text parted by wildcards, each between spaces, and whether it may go on.

    ``head``: what stands before the colon of an entry that is written ``photo: *``; a colon must follow in the text too,
    for prose may begin with "Photo". Empty for other entries.
    """

    pieces: tuple[str, ...]
    open_left: bool
    open_right: bool
    head: str
    hit: Hit
    most: int

    def matches(self, text: str) -> bool:
        """Whether the pieces stand in the text in their order, on whole words; ``text`` is padded with a space."""
        if not self.open_left and not text.startswith(self.pieces[0]):
            return False
        at = 0
        for piece in self.pieces:
            found = text.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece) - 1
        return self.open_right or at == len(text) - 1 or text.endswith(self.pieces[-1])


class _Index:
    """Entries with wildcards by a word that a text must hold for them to hit; compiled when that word is first met."""

    def __init__(self) -> None:
        self._words: dict[str, list[Word]] = {}
        self._entries: dict[str, tuple[_Entry, ...]] = {}

    def add(self, key: str, word: Word) -> None:
        """Add one entry under a folded word."""
        self._words.setdefault(key, []).append(word)

    def keys(self) -> frozenset[str]:
        """The words that entries stand under."""
        return frozenset(self._words)

    def __getitem__(self, key: str) -> tuple[_Entry, ...]:
        found = self._entries.get(key)
        if found is None:
            found = self._entries[key] = tuple(map(_compile, self._words[key]))
        return found


class Lexicon:
    """All entries, ready for look-ups."""

    def __init__(self, words: tuple[Word, ...]) -> None:
        self._whole: dict[str, Word] = {}
        self._by_begin, self._by_word = _Index(), _Index()
        for word in words:  # loan words are reported as English
            if word.language == "en":
                self._add(word)
        for word in words:
            if word.language != "en":
                self._add(word)
        self._begins, self._inner = self._by_begin.keys(), self._by_word.keys()

    def _add(self, word: Word) -> None:
        """Put one entry into the table of whole blocks, of beginnings, or of its longest word."""
        folded = _fold(word.pattern)
        if not folded:
            return
        if "*" not in word.pattern:
            self._whole.setdefault(folded, word)
        elif word.pattern[0] == "*":
            self._by_word.add(max(folded.split(" "), key=len), word)
        else:
            self._by_begin.add(folded.split(" ", 1)[0], word)

    def look_up(self, text: str) -> tuple[Hit, ...]:
        """The hits on a block's text, the surest first; entries of equal sureness in the lists' order."""
        return self.hits(text, fold(text))

    def hits(self, text: str, folded: str) -> tuple[Hit, ...]:
        """The same for a text that was folded already."""
        word = self._whole.get(folded)
        tokens = folded.split(" ")
        likely = self._by_begin[tokens[0]] if tokens[0] in self._begins else ()
        if not self._inner.isdisjoint(tokens):
            common = self._inner.intersection(tokens)
            for token in sorted(common, key=tokens.index) if len(common) > 1 else common:
                likely += self._by_word[token]
        parts = _parts(text, folded, len(tokens), likely) if likely else ()
        return (Hit(word.label, WHOLE, _reason(word)), *parts) if word else parts


def _parts(text: str, folded: str, count: int, likely: tuple[_Entry, ...]) -> tuple[Hit, ...]:
    """The hits of the entries with wildcards that are likely; count: the text's words."""
    padded = f" {folded} "
    found = [
        entry.hit
        for entry in likely
        if count <= entry.most and entry.matches(padded) and (not entry.head or entry.head == _head(text))
    ]
    return tuple(sorted(found, key=lambda hit: -hit.score)) if len(found) > 1 else tuple(found)


def _head(text: str) -> str:
    """What stands before a text's first colon, bar or copyright mark, folded; a mark that begins the text is none."""
    announced = _ANNOUNCE.search(text, 1)
    return fold(text[: announced.start()]) if announced else ""


def _compile(word: Word) -> _Entry:
    """An entry with wildcards, compiled."""
    pieces = tuple(folded for piece in word.pattern.split("*") if (folded := _fold(piece)))
    left, right = word.pattern.startswith("*"), word.pattern.endswith("*")
    inside = left and right
    most = _LONG.get(word.label, _INSIDE_WORDS if inside else _EDGE_WORDS)
    colon = not left and word.pattern.split("*", 1)[0].rstrip().endswith(":")
    hit = Hit(word.label, INSIDE if inside else EDGE, _reason(word))
    return _Entry(tuple(f" {piece} " for piece in pieces), left, right, pieces[0] if colon else "", hit, most)


def _reason(word: Word) -> str:
    """The name of an entry in reasons."""
    return f"words:{word.label.value}.{word.language}:{word.slug}"


def lexicon(words: tuple[Word, ...]) -> Lexicon:
    """The lexicon for a tuple of words, compiled once."""
    return _compiled(words)[0]


def cuts_from(words: tuple[Word, ...]) -> tuple[Cut, ...]:
    """The patterns of all ``@inline`` entries: each hits the entry where it stands as a sentence of its own."""
    return _compiled(words)[1]


_LAST: list[tuple[tuple[Word, ...], Lexicon, tuple[Cut, ...]]] = []


def _compiled(words: tuple[Word, ...]) -> tuple[Lexicon, tuple[Cut, ...]]:
    """Lexicon and cuts of a tuple of words. Only the last tuple is remembered, by identity: hashing it costs too much."""
    if not _LAST or _LAST[0][0] is not words:
        _LAST[:] = [(words, Lexicon(words), tuple(_cut(word) for word in words if word.inline))]
    return _LAST[0][1], _LAST[0][2]


def _cut(word: Word) -> Cut:
    """The cut of one entry."""
    return Cut(_reason(word), _sentence(word), _needle(word))


def _needle(word: Word) -> str:
    """The longest single word of an entry: a line without it cannot be hit."""
    return max(word.pattern.casefold().replace("*", " ").split(), key=len)


def _sentence(word: Word) -> str:
    """An entry as a sentence: after a stop or at the line's begin, up to a stop, a bracket or the line's end."""
    pieces = [r"\W+".join(map(re.escape, piece.split())) for piece in word.pattern.split("*") if piece.strip()]
    inner = rf"\b{_GAP}\b".join(pieces)
    left = _GAP if word.pattern.startswith("*") else ""
    right = _GAP if word.pattern.endswith("*") else ""
    begin = r"(?:(?<=[.!?…”\"’»)\]]\s)|^|(?<=\s)(?=[\[(]))[\[(]?"
    end = r"(?:[.!?…]+[”\"]?|[)\]]|$|:(?=\s|$))+[)\]]?"
    return begin + left + inner + right + end

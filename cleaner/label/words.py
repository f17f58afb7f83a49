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
_GAP = r"(?:[^.!?…]|\.(?=\w)){0,160}?"


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that hit a block: what it says the block is, how it hit, and its name."""

    label: Label
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A compiled entry: its pieces as folded text parted by wildcards, and whether it may go on at either end.

    ``colon``: the entry is written ``photo: *``; a colon must follow in the text too, for prose may begin with "Photo".
    """

    pieces: tuple[str, ...]
    open_left: bool
    open_right: bool
    colon: bool
    hit: Hit
    most: int

    def matches(self, text: str) -> bool:
        """Whether the pieces stand in the text in their order, on whole words; ``text`` is padded with a space."""
        at = 0
        for number, piece in enumerate(self.pieces):
            found = text.find(f" {piece} ", at)
            if found < 0 or (number == 0 and not self.open_left and found != 0):
                return False
            at = found + len(piece) + 1
        return self.open_right or at == len(text) - 1 or text.endswith(f" {self.pieces[-1]} ")


class Lexicon:
    """All entries, ready for look-ups."""

    def __init__(self, words: tuple[Word, ...]) -> None:
        self._whole: dict[str, Hit] = {}
        self._by_begin: dict[str, list[_Entry]] = {}
        self._by_word: dict[str, list[_Entry]] = {}
        for word in sorted(words, key=lambda word: word.language != "en"):  # loan words are reported as English
            self._add(word)

    def _add(self, word: Word) -> None:
        """Compile one entry into the table of whole blocks, of beginnings, or of its longest word."""
        pieces = tuple(folded for piece in word.pattern.split("*") if (folded := fold(piece)))
        if not pieces:
            return
        left, right = word.pattern.startswith("*"), word.pattern.endswith("*")
        reason = f"words:{word.label.value}.{word.language}:{word.slug}"
        if len(pieces) == 1 and not left and not right:
            self._whole.setdefault(pieces[0], Hit(word.label, WHOLE, reason))
            return
        inside = left and right
        most = _LONG.get(word.label, _INSIDE_WORDS if inside else _EDGE_WORDS)
        colon = not left and word.pattern.split("*", 1)[0].rstrip().endswith(":")
        entry = _Entry(pieces, left, right, colon, Hit(word.label, INSIDE if inside else EDGE, reason), most)
        if left:
            self._by_word.setdefault(max(" ".join(pieces).split(" "), key=len), []).append(entry)
        else:
            self._by_begin.setdefault(pieces[0].split(" ", 1)[0], []).append(entry)

    def look_up(self, text: str) -> tuple[Hit, ...]:
        """The hits on a block's text, the surest first; entries of equal sureness in the lists' order."""
        folded = fold(text)
        whole = self._whole.get(folded)
        announced = _ANNOUNCE.search(text)
        return ((whole,) if whole else ()) + self._parts(folded, fold(text[: announced.start()]) if announced else "")

    def _parts(self, folded: str, head: str) -> tuple[Hit, ...]:
        """The hits of entries with wildcards; ``head`` is what stands before the first colon."""
        tokens = folded.split(" ")
        padded = f" {folded} "
        likely = list(self._by_begin.get(tokens[0], ()))
        for token in dict.fromkeys(tokens):
            likely += self._by_word.get(token, ())
        found = [
            entry.hit
            for entry in likely
            if len(tokens) <= entry.most and entry.matches(padded) and (not entry.colon or head == entry.pieces[0])
        ]
        return tuple(sorted(found, key=lambda hit: -hit.score))


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
    return Cut(f"words:{word.label.value}.{word.language}:{word.slug}", _sentence(word), _needle(word))


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

"""The names under which a site is known -> texts without them. Pure.

Titles carry the site's name before or behind a mark (``Herring comes home | The Courier``), bylines name it as an author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cleaner.enrich.provenance import core_of, host_of
from cleaner.text import fold

__all__ = ["SiteNames", "names_of"]

_MARK = re.compile(r"\s*[|｜]\s*|\s+[\-–—·•:*/»›>_]{1,2}\s+|\s*[-—–]{2}\s*|\s+[»›]\s*|\s*[_＿]\s*(?=[^_]*$)")
_LEAST = 2  # words that a title must keep
_SECTION = 2  # words at most of a section's name between a title and its site's name
_SURE = 4  # words from which on a title may lose a section


@dataclass(frozen=True, slots=True)
class SiteNames:
    """names: folded; letters: the telling label of its host, and of names, without what parts their letters."""

    names: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()

    def holds(self, text: str) -> bool:
        """Whether a text is one of the names, or an address of the site.

        >>> names_of(["The Courier"], "https://www.courier.example/a").holds("Courier.example")
        True
        """
        folded = fold(text)
        if not folded or folded in self.names:
            return bool(folded)
        squashed = folded.removeprefix("www ").removeprefix("the ").replace(" ", "")
        return any(
            squashed == letters or (len(letters) >= 4 and squashed.startswith(letters) and folded.count(" ") <= 2)
            for letters in self.letters
        )

    def without(self, title: str) -> str:
        """A title without the site's name, and the section's before it, at its end or begin; the title where nothing is left.

        >>> names_of(["The Courier"], None).without("Herring boats come home - Sea - The Courier")
        'Herring boats come home'
        """
        begin, end = 0, len(title)
        marks = list(_MARK.finditer(title))
        for mark in marks:  # the longest end that begins with the name: ``Title - derStandard.at › Panorama``
            if self.holds(title[mark.end() : end]) or self.holds(_first(title[mark.end() : end])):
                end = mark.start()
                break
        if end < len(title):
            inner = [mark for mark in marks if mark.end() < end]
            if (
                inner
                and _words(title[inner[-1].end() : end]) <= _SECTION
                and _words(title[: inner[-1].start()]) >= _SURE
            ):
                end = inner[-1].start()
        elif marks and self.holds(title[: marks[0].start()]):
            begin = marks[0].end()
        bare = title[begin:end].strip()
        return bare if _words(bare) >= _LEAST or not bare.isascii() else title


def _first(text: str) -> str:
    """A text up to its first mark."""
    return _MARK.split(text, maxsplit=1)[0]


def _words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def names_of(told: Iterable[str | None], url: str | None) -> SiteNames:
    """The names of a site; told: what claims and settings call it; url: an address of it."""
    names = frozenset(filter(None, (fold(name) for name in told if name)))
    letters = {core_of(host_of(url)), *(name.removeprefix("the ").replace(" ", "") for name in names)}
    return SiteNames(names, frozenset(filter(lambda core: len(core) >= 2, letters)))

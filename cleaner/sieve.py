"""An entry and what a feed wants -> whether it shows the entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.datatypes import Entry, Filter
from cleaner.text import words

__all__ = ["hits", "wanted"]

_NOTHING = Filter()


def wanted(entry: Entry, include: Filter, exclude: Filter, drop_flags: Sequence[str] = ()) -> bool:
    """Whether a feed shows an entry. drop_flags: none with one of these, as in ``exclude``."""
    if any(flag.name in drop_flags for flag in entry.flags):
        return False
    return (include == _NOTHING or hits(entry, include)) and (exclude == _NOTHING or not _hits_any(entry, exclude))


def hits(entry: Entry, told: Filter) -> bool:
    """Whether every key that is given hits an entry."""
    return all(_by_key(entry, told))


def _hits_any(entry: Entry, told: Filter) -> bool:
    """Whether any key that is given hits an entry: who excludes an author and a word wants neither."""
    return any(_by_key(entry, told))


def _by_key(entry: Entry, told: Filter) -> Iterable[bool]:
    """For each key that is given, whether one of its values hits."""
    article = entry.article
    if told.words:
        yield _has_any(f"{article.title}\n{article.text}", told.words)
    if told.title:
        yield _has_any(article.title, told.title)
    if told.author:
        yield any(_has_any(name, told.author) for name in (*entry.authors, *entry.contributors))
    if told.category:
        yield not {value.casefold() for value in told.category}.isdisjoint(map(str.casefold, entry.categories))
    if told.language:
        own = (entry.language or "").casefold()
        yield any(own == value.casefold() or own.startswith(f"{value.casefold()}-") for value in told.language)
    if told.flag:
        yield any(flag.name in told.flag for flag in entry.flags)


def _has_any(text: str, phrases: Iterable[str]) -> bool:
    """Whether any of the phrases stands in a text, word by word."""
    plain = f" {' '.join(words(text))} "
    return any(f" {' '.join(words(phrase))} " in plain for phrase in phrases)

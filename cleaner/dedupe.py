"""Entry + prints of known entries of its source -> Decision. Pure.

Three tests in order: the same text is a copy; the same address, the same id, or the same name with nearly the same text, is an
update; everything else is new. Likeness is the Jaccard index of word shingles, estimated from the smallest hashes
(Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cleaner.datatypes import Decision, Entry
from cleaner.text import shingles, words

__all__ = ["Known", "decide", "exact_print", "likeness", "near_print"]

_SIZE = 64
# A file of the same name with half of its word runs in common was edited; with less it is another story.
_NEAR = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """What we remember of an entry: its id, address, origin and prints."""

    id: str
    url: str | None
    origin: str
    exact: str
    near: tuple[int, ...]


def exact_print(text: str) -> str:
    """A digest of a text's words: case, punctuation and white space do not count."""
    return hashlib.sha256(" ".join(words(text)).encode("utf-8", "replace")).hexdigest()


def near_print(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text's word shingles, in order: equal texts have equal prints, like texts like ones."""
    hashes = {
        int.from_bytes(hashlib.blake2b(" ".join(run).encode("utf-8", "replace"), digest_size=7).digest())
        for run in shingles(text)
    }
    return tuple(sorted(hashes)[:_SIZE])


def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of shingles that two texts have in common, 0 to 1.

    >>> likeness(near_print("a b c d e"), near_print("a b c d e"))
    1.0
    """
    union = sorted({*one, *other})[:_SIZE]
    if not union:
        return 1.0
    common = set(one) & set(other)
    return sum(value in common for value in union) / len(union)


def is_web(origin: str) -> bool:
    """Whether a page came from an address of the web."""
    return origin.startswith(("http://", "https://"))


def decide(entry: Entry, origin: str, known: Iterable[Known]) -> Decision:
    """Whether an entry is new, an update of one that we know, or a copy of it. Known ones are those of its source."""
    exact, near = exact_print(entry.article.text), near_print(entry.article.text)
    others = tuple(known)
    if same := next((other for other in others if other.exact == exact), None):
        return Decision("copy", same.id)
    for other in others:
        same_address = entry.url is not None and entry.url == other.url
        if origin == other.origin:  # a page of the web is the same one, a file may be another of the same name
            same_address = same_address or is_web(origin) or likeness(near, other.near) >= _NEAR
        if same_address or entry.id == other.id:
            return Decision("update", other.id)
    return Decision("new")

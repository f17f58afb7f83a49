"""The attributes of an element as Lexbor writes them (``class="a b" hidden=""``) -> values and words. Pure.

Lexbor writes one space before each attribute, double quotes around each value, and ``&``, ``"``, ``<`` and ``>`` in
values as entities; so names and values are found by splitting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["Attributes", "read_attributes", "read_words", "unescape"]

Attributes = dict[str, str]

_PAIR = re.compile(r' ([^\s="]+)="([^"]*)"')
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LETTERS = bytes(byte if chr(byte) in "abcdefghijklmnopqrstuvwxyz" else 32 for byte in range(256))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TELLING = tuple(f" {name}=" for name in ("class", "id", "role", "itemprop", "data-testid", "data-component"))
_SHORT = 400  # characters of attributes that are remembered; longer ones hold data of their own and do not repeat


def unescape(text: str) -> str:
    """Text as it stood in the tree; Lexbor writes these entities and no others (nbsp is read before)."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def read_attributes(raw: str) -> Attributes:
    """The values of all attributes by name."""
    return {begin[1:-1]: unescape(value) for begin, value in _pairs(raw)}


def _pairs(raw: str) -> Iterable[tuple[str, str]]:
    """What stands before each value, such as `` class=``, and the value; markup with quotes in names is read with care."""
    if raw.count('="') * 2 == raw.count('"'):
        parts = raw.split('"')
        return zip(parts[::2], parts[1::2], strict=False)
    return ((f" {name}=", value) for name, value in _PAIR.findall(raw))


def read_words(raw: str) -> tuple[str, ...]:
    """The words of an element's class, id, role and the like, lower case; ``unshown`` where it is not."""
    return (_remembered(raw) if len(raw) < _SHORT else _words(raw)) if raw else ()


def _words(raw: str) -> tuple[str, ...]:
    """The words, read anew; most elements have a class and nothing else."""
    if raw.startswith(' class="') and raw.find('"', 8) == len(raw) - 1:
        return _words_of(raw[8:-1])
    found = dict(_pairs(raw))
    told = " ".join([value for name in _TELLING if (value := found.get(name))])
    style = found.get(" style=")
    if " hidden=" in found or found.get(" aria-hidden=") == "true" or (style and _HIDDEN.search(style)):
        return (*_words_of(told), "unshown")
    return _words_of(told)


def _words_of(told: str) -> tuple[str, ...]:
    """The words of classes and names; where all is lower case, what is no letter parts them."""
    told = (unescape(told) if "&" in told else told)[:300]
    if told.isascii() and told.islower():
        return tuple(told.encode().translate(_LETTERS).decode().split())
    return tuple([word.lower() for word in _WORDS.findall(told)])


_remembered = lru_cache(maxsize=4096)(_words)

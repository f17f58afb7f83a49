"""Words, sentences and white space: str -> str, tuples and numbers. Pure, and without any knowledge of pages."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

__all__ = [
    "continues",
    "ends_sentence",
    "fold",
    "fold_words",
    "group_feed",
    "is_cut_off",
    "joins",
    "name_slug",
    "name_slugs",
    "sentences",
    "shingles",
    "slug",
    "squeeze",
    "starts_sentence",
    "trim_to_word",
    "without_marks",
    "words",
]

_UNSEEN = "\u200b\u2060\ufeff"  # white space that ``str.split`` does not know as such
# Scripts written without spaces: each character counts as one word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_END = re.compile(r"[.!?…。！？।؟]+[\"'”’»“)\]」』]*$")
_CUT = re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\])$")
_OPENING = "\"'“‘«„»‹(¿¡[「『—–-"
_CLOSING = "\"'”’»“)]」』"
_BREAK = re.compile(r"([.!?…]+[\"'”’»“)\]]*)(\s+)|([。！？][」』”]*)")
# Titles, months and the like after which a full stop ends no sentence.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st sr jr gen col lt sgt capt rep sen gov pres hon rev inc ltd co corp vs etc no nos vol fig al
    approx dept est jan feb mar apr jun jul aug sep sept oct nov dec ca bzw usw nr str evtl ggf inkl zzgl vgl abs
    art mio mrd av núm pág sra sres dña mme mlle prov ing avv dott sig ecc dhr mevr bijv enz ul al tzn tzw np itd
    itp m.in r.h
""".split()
)
# Longer words that end no line of their own.
_LEADING = frozenset(
    [
        "with",
        "from",
        "into",
        "that",
        "this",
        "their",
        "than",
        "when",
        "avec",
        "pour",
        "dans",
        "sans",
        "para",
        "como",
        "entre",
        "über",
        "nach",
        "oder",
        "eine",
        "einen",
        "della",
        "sono",
        "från",
        "till",
        "voor",
        "naar",
        "door",
    ]
)
_INITIALS = re.compile(r"(?:^|[\s(“\"'‘])(?:[^\W\d_]\.)+$")


def squeeze(text: str) -> str:
    """The text with every run of white space as one space, and none at its ends."""
    if not text.isascii():
        for mark in _UNSEEN:
            text = text.replace(mark, " ")
    return " ".join(text.split())


# Each ASCII byte as words need it: lower case, and a space for what is in no word. Most text is ASCII, and this is
# several times as fast as a regular expression.
_PLAIN = bytes(
    ord(chr(byte).lower()) if chr(byte).isalnum() or byte == ord("_") else 32 for byte in range(128)
) + bytes(128)
_PLAIN_LINES = _PLAIN[:10] + b"\n" + _PLAIN[11:]
# Marks between words that most often keep a text from being ASCII.
_MARKS = "’“”–—‘…•·»«›©\u00a0"


def words(text: str) -> list[str]:
    """The words of a text, lower case; a character of a script without spaces is a word.

    >>> words("The U.S. said: 3.5%")
    ['the', 'u', 's', 'said', '3', '5']
    """
    bare = without_marks(text)
    if bare.isascii():
        return bare.encode().translate(_PLAIN).decode().split()
    return _WORD.findall(text.casefold())


# Letters that lower case splits or keeps apart: the Turkish i with and without its dot, the apostrophe that is a letter.
_ALIKE = str.maketrans({"İ": "i", "ı": "i", "ʼ": "'", "\u00ad": None})
_UNLIKE = re.compile("[İıʼ\u00ad]")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text as one compares it: compatibility forms unified, lower case, words parted by one space.

    >>> fold("“You May Also Like:”")
    'you may also like'
    """
    unified = text if text.isascii() else _unified(text)
    return " ".join(words(unified) if unified.isascii() else _WORD.findall(unified.casefold()))


def fold_words(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text as ``fold`` parts them."""
    return _words_of_each(texts, lambda text: fold(text).split())


def name_slugs(names: Sequence[str]) -> list[str]:
    """The ``name_slug`` of each of many names."""
    return [_cut_slug("-".join(found)) for found in _words_of_each(names, lambda name: _WORD.findall(name.casefold()))]


def _words_of_each(texts: Sequence[str], read: Callable[[str], list[str]]) -> list[list[str]]:
    """The words of each text: ASCII is read for all of them at once, other texts one by one."""
    lines = without_marks("\n".join(texts)).split("\n")
    if len(lines) != len(texts):
        return list(map(read, texts))
    strange = [place for place, line in enumerate(lines) if not line.isascii()]
    for place in strange:
        lines[place] = ""
    found = [line.split() for line in "\n".join(lines).encode().translate(_PLAIN_LINES).decode().split("\n")]
    for place in strange:
        found[place] = read(texts[place])
    return found


def without_marks(text: str) -> str:
    """A text with spaces for the marks between words, where it may be ASCII without them."""
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
    return text


def _unified(text: str) -> str:
    """A text with compatibility forms unified; where only marks keep it from being ASCII, they are spaces."""
    bare = without_marks(text)
    if bare.isascii():
        return bare
    text = unicodedata.normalize("NFKC", text)
    return text.translate(_ALIKE) if _UNLIKE.search(text) else text


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does (closing quotation marks and brackets may follow the stop)."""
    return bool(_END.search(text)) and not _ends_in_abbreviation(text)


def starts_sentence(text: str) -> bool:
    """Whether the text begins as a sentence may: a capital, a figure, or a letter of a script without cases."""
    stripped = text.lstrip(_OPENING + " ")
    if not stripped or (text and text[0] in ",.;:!?)%"):
        return False
    first = stripped[0]
    return not first.islower() and (first.isalnum() or first in "$€£¥₹#@")


def is_cut_off(text: str) -> bool:
    """Whether a text breaks off: it ends in an ellipsis, or as no sentence ends."""
    return bool(_CUT.search(text)) or not (_END.search(text) or text.endswith(":"))


def _ends_in_abbreviation(text: str) -> bool:
    """Whether the last full stop belongs to an abbreviation: ``Mr.``, ``J.``, ``U.S.``."""
    if not text.endswith("."):
        return False
    parted = text[:-1].rsplit(maxsplit=1)
    bare = (parted[-1] if parted else "").strip(_OPENING + _CLOSING).casefold()
    return bare in _ABBREVIATIONS or bool(_INITIALS.search(text[-12:]))


def continues(before: str, after: str) -> bool:
    """Whether ``after`` goes on with the sentence that ``before`` began.

    >>> continues("The U.S.", "Department of Trade said so.")
    True
    >>> continues("It was over.", "Then it began.")
    False
    """
    if not starts_sentence(after):
        return not _END.search(before) or _ends_in_abbreviation(before) or after[:1] in ",.;:!?)%"
    return not _END.search(before) or _ends_in_abbreviation(before)


def joins(before: str, after: str) -> bool:
    """Whether two lines are surely parts of one sentence: stricter than ``continues``, for lines not known as prose.

    >>> joins("She bought a", "Contax")
    True
    >>> joins("World", "Business")
    False
    """
    if after[:1] in ",.;:!?)%’”»":
        return True
    if not starts_sentence(after):
        return not _END.search(before) or _ends_in_abbreviation(before)
    last = before.rsplit(maxsplit=1)[-1] if before.strip() else ""
    if last.endswith((",", "(", "—", "–")):
        return True
    hanging = last.isalpha() and last.islower() and (len(last) <= 3 or last in _LEADING) and " " in before.strip()
    return hanging or (_ends_in_abbreviation(before) and len(before) < 60)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each sentence, in order, without the white space between them.

    Rule of thumb, not grammar: a stop followed by white space and something that may begin a sentence, unless the stop
    belongs to a known abbreviation or to initials.
    """
    begin = 0
    for hit in _BREAK.finditer(text):
        end = hit.end(1) if hit.group(1) is not None else hit.end()
        if end <= begin or not starts_sentence(text[hit.end() : hit.end() + 12]):
            continue
        if _ends_in_abbreviation(text[begin:end]):
            continue
        yield begin, end
        begin = hit.end()
    if text[begin:].strip():
        yield begin, len(text.rstrip())


def shingles(text: str, size: int = 4) -> set[tuple[str, ...]]:
    """The set of runs of ``size`` words; a shorter text is one shingle."""
    found = words(text)
    if len(found) <= size:
        return {tuple(found)} if found else set()
    return set(zip(*(found[i:] for i in range(size)), strict=False))


def trim_to_word(text: str, least: int, most: int) -> str:
    """The text cut at a word's end between ``least`` and ``most`` characters, an ellipsis marking the cut.

    >>> trim_to_word("one two three", 5, 9)
    'one two…'
    """
    if len(text) <= most:
        return text
    space = text.rfind(" ", least, most)
    cut = text[: space if space > 0 else most - 1]
    return cut.rstrip(" ,;:–—-") + "…"


def name_slug(text: str, most: int = 40) -> str:
    """A short name for a phrase: its words joined by hyphens.

    >>> name_slug("You may also like:")
    'you-may-also-like'
    """
    return _cut_slug("-".join(words(text)), most)


def _cut_slug(slug: str, most: int = 40) -> str:
    """A name cut at a word's end."""
    return slug if len(slug) <= most else slug[:most].rsplit("-", 1)[0]


def slug(text: str) -> str:
    """A text as a name for files and addresses: ``a-z 0-9 -``, at most 50 characters; empty where nothing of it is left.

    >>> slug("Über Land & Meer")
    'uber-land-meer'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].rstrip("-")


def group_feed(group: str) -> str:
    """The name of the feed of a group of sources; groups whose names leave no letter are told apart by a digest."""
    return "group-" + (slug(group) or hashlib.sha256(group.encode()).hexdigest()[:8])

"""Words and folded text: the quick ways give what the slow one gives."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text import fold, words

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ALIKE = str.maketrans({"İ": "i", "ı": "i", "ʼ": "'", "\u00ad": None})
# Letters, marks and white space that are special somewhere in folding.
_ODD = st.text(st.sampled_from("abZ0_ \t\n\x1c’“”–…\u00a0İıʼ\u00ad\u0301\u0308ﬁＡ①橋が가éßA²ª\u200b-*'"), max_size=12)


def plain(text: str) -> str:
    """Folding as it is defined."""
    unified = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return " ".join(_WORD.findall(unified.casefold()))


@given(st.one_of(st.text(max_size=30), _ODD))
def test_folding_is_as_defined(text: str) -> None:
    """Whatever the text holds, the ways for ASCII and for ASCII with typographic marks change nothing."""
    assert fold(text) == plain(text)


@given(st.one_of(st.text(max_size=30), _ODD))
def test_words_are_as_defined(text: str) -> None:
    """A text of ASCII is parted as any other."""
    assert words(text) == _WORD.findall(text.casefold())


@pytest.mark.parametrize("code", range(128))
def test_each_ascii_character_is_itself_or_a_gap(code: int) -> None:
    """Each character by itself, within a word."""
    assert words(f"a{chr(code)}B") == _WORD.findall(f"a{chr(code)}B".casefold())

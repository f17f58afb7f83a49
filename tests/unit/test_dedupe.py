"""New, update or copy: what an entry is to those that we have."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.datatypes import Decision
from cleaner.dedupe import Known, Telling, decide, exact_print, likeness, near_print, same_story
from tests.samples import entry, story


def _known(number: int, text: str | None = None, *, url: str | None = None, origin: str = "page.txt") -> Known:
    """An entry that we know."""
    text = text or story(number)
    return Known(f"id-{number}", url, origin, exact_print(text), text)


def test_the_first_entry_is_new() -> None:
    """Where nothing is known, everything is new."""
    assert decide(entry(1), "page.txt", []) == Decision("new")


def test_the_same_text_is_a_copy_whatever_its_name() -> None:
    """Case, punctuation and white space make no other text."""
    known = _known(1, story(1).upper().replace(".", " !\n"), origin="other.txt")
    assert decide(entry(1), "page.txt", [_known(2), known]) == Decision("copy", "id-1")


def test_the_same_address_with_another_text_is_an_update() -> None:
    """An address names one article, however much of it changed."""
    assert decide(entry(1, url="https://a.example/x"), "new.txt", [_known(2, url="https://a.example/x")]) == Decision(
        "update", "id-2"
    )


def test_the_same_name_with_nearly_the_same_text_is_an_update() -> None:
    """A file that was edited is a new version of its entry."""
    edited = story(1).replace("The first visitors are expected", "Visitors are now expected")
    assert decide(entry(1, url=None), "page.txt", [_known(1, edited)]) == Decision("update", "id-1")


def test_the_same_name_with_another_text_is_new() -> None:
    """A file's name that is used again for another story makes a new entry."""
    other = "Nothing of this text about beekeepers on the northern islands stands in the other one at all."
    assert decide(entry(1, url=None), "page.txt", [_known(9, other)]) == Decision("new")


def test_nearly_the_same_text_under_another_name_is_new() -> None:
    """Likeness alone, without name or address, joins nothing: two match reports may be much alike."""
    edited = story(1).replace("spring", "autumn")
    assert decide(entry(1, url=None), "page.txt", [_known(1, edited, origin="other.txt")]) == Decision("new")


def test_entries_without_address_do_not_share_one() -> None:
    """No address is not an address in common."""
    assert decide(entry(1, url=None), "a.txt", [_known(2, url=None, origin="b.txt")]) == Decision("new")


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_symmetric_and_between_none_and_one(one: str, other: str) -> None:
    """Whatever the texts: a to b as b to a, 1 with itself."""
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


def test_the_same_place_on_the_web_is_the_same_entry_whatever_it_says() -> None:
    """A page that has been written anew under its old address, whatever it calls its own."""
    known = _known(9, url="https://a.example/canonical", origin="https://a.example/1")
    assert decide(entry(1, url="https://a.example/b"), "https://a.example/1", [known]).kind == "update"
    assert decide(entry(1, url="https://a.example/b"), "https://a.example/2", [known]).kind == "new"

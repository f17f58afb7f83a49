"""New, update or copy: what an entry is to those that we have."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.datatypes import Decision
from cleaner.dedupe import Known, Telling, decide, exact_print, likeness, near_print, same_story
from tests.samples import LIGHTHOUSE, as_repost, entry, story


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


# --------------------------------------------------------------------------------------------------------- one story


def _same(one: str, other: str) -> float:
    """How much of one story two texts are."""
    return same_story(Telling.of(one), Telling.of(other))


def _found(one: str, other: str) -> bool:
    """Whether the one text is found by the other's prints."""
    return bool(set(near_print(Telling.of(one))) & set(near_print(Telling.of(other))))


def test_a_repost_in_another_frame_is_the_same_story() -> None:
    """Other lines around it, a word changed, its end left out: it is found, and judged to be one story."""
    assert _found(LIGHTHOUSE, as_repost(LIGHTHOUSE))
    assert _same(LIGHTHOUSE, as_repost(LIGHTHOUSE)) > 0.8
    assert _same(LIGHTHOUSE, LIGHTHOUSE.upper().replace(",", " -")) == 1


def test_the_first_half_is_the_same_story_and_a_tenth_is_not() -> None:
    """What is much shorter than the other is a teaser or a quotation."""
    told = LIGHTHOUSE.split()
    assert _same(LIGHTHOUSE, " ".join(told[: len(told) // 2])) == 1
    assert _same(LIGHTHOUSE, " ".join(told[: len(told) // 10])) == 0


def test_a_date_above_a_story_without_numbers_changes_nothing() -> None:
    """Its numbers are not amidst what both tell."""
    assert _same(LIGHTHOUSE, f"Updated 14 March 2026, 18.45\n\n{LIGHTHOUSE}") == 1


def test_reports_of_one_template_are_different_stories() -> None:
    """The same words around other numbers, and around other names without a number."""
    figures = (
        "High water at the bar comes at {} and {}, with a swell of {} metres and a wind of {} knots from the west. " * 4
    )
    one, other = (figures.format(*range(start, start + 16)) for start in (10, 50))
    assert _same(one, other) == 0
    names = (
        "Police in {} are asking for help in finding {}, a {} who was last seen near the old station in the evening with friends. "
        "The family says that {} had planned to visit an uncle in {} and never arrived there, and that nothing was missing in the flat. "
        "Whoever has seen {} is asked to call the police of {} or any other station, by day or night, and officers search on."
    )
    missing = ("Eskvale", "Ola Brandt", "welder", "Ola", "Dunreith", "Ola Brandt", "Eskvale"), (
        "Fallowby", "Ida Quist", "nurse", "Ida", "Ilvermere", "Ida Quist", "Fallowby",
    )  # fmt: skip
    assert _same(*(names.format(*told) for told in missing)) == 0


def test_an_article_and_a_collection_that_holds_it_are_different_stories() -> None:
    """What stands before it in the collection is another story."""
    assert _same(LIGHTHOUSE, f"{story(1)}\n\n{LIGHTHOUSE}") == 0


def test_two_stories_that_share_a_notice_are_different() -> None:
    """A fifth of a text in common is a site's own."""
    notice = " ".join(f"notice{letter}" for letter in "abcdefghijklmnopqrstuvwxyzabcdefghijkl")
    assert _same(f"{LIGHTHOUSE}\n\n{notice}", f"{as_repost(story(1))}\n\n{notice}") == 0


def test_texts_without_words_are_no_story() -> None:
    """They have no prints, and nothing in common."""
    assert near_print(Telling.of("...")) == ()
    assert _same("", "") == 0
    assert _same("...", LIGHTHOUSE) == 0


_WORDS = st.lists(st.sampled_from([f"word{a}{b}" for a in "abcdefgh" for b in "ijklmnop"]), max_size=120)


@given(_WORDS, _WORDS)
def test_any_two_texts_are_compared_alike_in_either_order(one: list[str], other: list[str]) -> None:
    """A number between 0 and 1, the same both ways; of a text with itself 1."""
    a, b = Telling.of(" ".join(one)), Telling.of(" ".join(other))
    assert same_story(a, b) == same_story(b, a)
    assert 0 <= same_story(a, b) <= 1
    assert same_story(a, a) == bool(one)
    assert near_print(a) == tuple(sorted(set(near_print(a))))


@given(_WORDS, _WORDS, st.lists(st.integers(0, 10**9), min_size=39, max_size=120, unique=True))
def test_what_stands_whole_in_a_longer_text_is_found(before: list[str], behind: list[str], told: list[int]) -> None:
    """Thirty-nine words in a row in common are enough for a print in common, whatever is around them."""
    text = " ".join(f"w{number}" for number in told)
    assert _found(f"{' '.join(before)} {text} {' '.join(behind)}", f"{text} end") or not before + behind
    assert _found(text, text)

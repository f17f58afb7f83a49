"""Raw pages of articles on several pages, from bytes to entry: what each page adds, and what a bad one costs."""

from __future__ import annotations

from dataclasses import replace

from cleaner.datatypes import Claim, Entry, Knowledge, Outcome, RawPage, Rejected, Subscription
from cleaner.explain import explain_html
from cleaner.formats import to_json
from cleaner.pipeline import clean_page
from tests.samples import AUTHORITY, NOON, story

URL = "https://lamp.example/2026/tram-depot-opens-again"
TITLE = "The long way of the tram depot from ruin to library"
LISTING = "".join(f"<li><a href=/{n}>Ferry {n} leaves</a><li><a href=/t{n}>Tides of day {n}</a>" for n in range(40))


def _html(*paragraphs: str) -> bytes:
    """A page of the article."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<!doctype html><title>{TITLE}</title><nav><a href=/>Home</a></nav><article><h1>{TITLE}</h1>{text}</article>".encode()


def _own(number: int) -> list[str]:
    """The paragraphs of one page."""
    return story(number).split("\n\n")[1:]


def _raw(*bodies: bytes, claims: tuple[Claim, ...] = ()) -> RawPage:
    """The raw page of an article on pages with these bodies."""
    more = tuple((f"{URL}?page={number}", body) for number, body in enumerate(bodies[1:], 2))
    return RawPage("0" * 64, URL, "text/html; charset=utf-8", bodies[0], NOON, claims, "town", more)


def _clean(raw: RawPage, knowledge: Knowledge) -> Outcome:
    """What becomes of it."""
    return clean_page(raw, Subscription("town"), knowledge, AUTHORITY)


def _text(outcome: Outcome) -> str:
    """The text of its entry."""
    assert isinstance(outcome.result, Entry)
    return outcome.result.article.text


def test_further_pages_stand_behind_the_first(knowledge: Knowledge) -> None:
    """Their blocks say on which page they stand, in JSON and in the explanation; one page alone says nothing of it."""
    outcome = _clean(_raw(_html(*_own(1)), _html(*_own(2)), _html(*_own(3))), knowledge)
    assert _text(outcome).split("\n\n") == [*_own(1), *_own(2), *_own(3)]
    assert outcome.labelled.notes == ()
    blocks = to_json("x", outcome)["blocks"]
    assert [block["page"] for block in blocks if block["kept"]] == [1] * 4 + [2] * 4 + [3] * 4
    assert [block["reason"] for block in blocks if block["text"] == TITLE][1:] == ["context:on-an-earlier-page"] * 2
    shown = explain_html(outcome, URL)
    assert "p. 1 #0" in shown and "p. 3 #" in shown
    alone = _clean(_raw(_html(*_own(1))), knowledge)
    assert not any("page" in block for block in to_json("x", alone)["blocks"])
    assert "p. 1" not in explain_html(alone, URL)


def test_links_of_a_further_page_start_from_its_own_address(knowledge: Knowledge) -> None:
    """Relative ones would lead elsewhere else."""
    raw = _raw(_html(*_own(1)), _html(*_own(2), f'{_own(4)[0]} See <a href="map">the map</a> of the town.'))
    raw = replace(raw, more=(("https://lamp.example/2026/tram-depot-opens-again/2/", raw.more[0][1]),))
    outcome = _clean(raw, knowledge)
    assert isinstance(outcome.result, Entry)
    assert 'href="https://lamp.example/2026/tram-depot-opens-again/2/map"' in outcome.result.article.html
    assert outcome.result.url == URL


def test_a_short_last_page_is_taken_though_it_would_be_no_article(knowledge: Knowledge) -> None:
    """A paragraph is enough where an article ends; the note says what the page would be by itself."""
    ending = "The first trams, now full of books, were shown to the children of the town."
    outcome = _clean(_raw(_html(*_own(1)), _html(ending)), knowledge)
    assert _text(outcome).endswith(ending)
    assert outcome.labelled.notes == ("page 2 by itself would be no article (no-article)",)


def test_further_pages_that_give_nothing_are_left_out_with_a_note(knowledge: Knowledge) -> None:
    """No text, no page, no bytes: those behind them still count, under their own numbers."""
    nothing = f"<!doctype html><title>Pictures</title><nav><ul>{LISTING}</ul></nav>".encode()
    outcome = _clean(_raw(_html(*_own(1)), nothing, b"\x7fELF\0\1\2" * 50, b"", _html(*_own(5))), knowledge)
    assert _text(outcome).split("\n\n") == [*_own(1), *_own(5)]
    assert outcome.labelled.notes == (
        "page 2 of the article gives no text (listing)",
        "page 3 of the article could not be read: binary",
        "page 4 of the article could not be read: empty",
    )
    assert {block.page for block in outcome.labelled.page.blocks} == {1, 5}


def test_an_article_is_rejected_with_its_first_page_only(knowledge: Knowledge) -> None:
    """A list whose second page is an article is a list."""
    listing = f"<!doctype html><title>News</title><ul>{LISTING}</ul>".encode()
    outcome = _clean(_raw(listing, _html(*_own(1))), knowledge)
    assert isinstance(outcome.result, Rejected)


def test_what_is_lacking_is_a_note_and_a_flag(knowledge: Knowledge) -> None:
    """As whoever fetched the page said it."""
    lacks = Claim("partial", "page 3 of the article could not be had", "link")
    outcome = _clean(_raw(_html(*_own(1)), _html(*_own(2)), claims=(lacks,)), knowledge)
    assert isinstance(outcome.result, Entry)
    assert outcome.labelled.notes == ("page 3 of the article could not be had",)
    assert [flag.name for flag in outcome.result.flags] == ["truncated"]


def test_what_a_feed_carries_stands_in_whole_for_a_page_that_gives_nothing(knowledge: Knowledge) -> None:
    """It has no further pages, and nothing of it is lacking."""
    claims = (
        Claim("partial", "page 3 of the article could not be had", "link"),
        Claim("content", "".join(f"<p>{text}</p>" for text in _own(6)), "feed"),
    )
    listing = f"<!doctype html><title>News</title><ul>{LISTING}</ul>".encode()
    outcome = _clean(_raw(listing, _html(*_own(1)), claims=claims), knowledge)
    assert _text(outcome).split("\n\n") == _own(6)
    assert len(outcome.labelled.notes) == 1 and "what the feed carries" in outcome.labelled.notes[0]
    assert isinstance(outcome.result, Entry) and outcome.result.flags == ()

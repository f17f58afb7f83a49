"""What a feed carries of a page: a witness for its paragraphs, and what stands where the page is no article."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest

from cleaner.datatypes import Claim, Entry, Knowledge, Label, Outcome, RawPage, Rejected, Rule, Subscription
from cleaner.errors import PageError
from cleaner.pipeline import clean_page
from tests.samples import NOON, story

TITLE, *TEXTS = story(1).split("\n\n")
ODD = "Readers in the outer villages will find the timetable of the new line at the post office from Monday on."
SHORT = "More at the office."


def _page(body: bytes, *claims: Claim) -> RawPage:
    """A page of the web with claims of its feed."""
    return RawPage("0" * 64, "https://vale.example/1", "text/html; charset=utf-8", body, NOON, claims, "vale")


def _article(more: str) -> bytes:
    """A page with the story, and something behind it."""
    texts = "".join(f"<p>{escape(text)}</p>" for text in TEXTS)
    return f"<!doctype html><title>{TITLE}</title><main><h1>{TITLE}</h1>{texts}{more}</main>".encode()


def _clean(raw: RawPage, knowledge: Knowledge) -> Outcome:
    """The outcome of a page."""
    return clean_page(raw, Subscription("vale", kind="feed"), knowledge, "example.org,2026")


def _carrying(*texts: str) -> Claim:
    """A feed's content."""
    return Claim("content", "".join(f"<p>{escape(text)}</p>" for text in texts), "feed")


def _reason(outcome: Outcome, begin: str) -> tuple[Label, str]:
    """Label and reason of the block that begins so."""
    pairs = zip(outcome.labelled.page.blocks, outcome.labelled.verdicts, strict=True)
    return next((verdict.label, verdict.reason) for block, verdict in pairs if block.text.startswith(begin))


ASIDE = f"<aside class='related promo'><p>{ODD}</p><p>{SHORT}</p></aside>"


def test_a_paragraph_of_the_feed_is_kept_and_says_why(knowledge: Knowledge) -> None:
    """However it is spaced and spelled there; without the feed it is not, and a line too short to tell stays away."""
    raw = _page(_article(ASIDE))
    assert _reason(_clean(raw, knowledge), ODD)[0] is not Label.BODY
    found = _clean(replace(raw, claims=(_carrying("  " + ODD.replace(" ", "\n "), SHORT),)), knowledge)
    assert _reason(found, ODD) == (Label.BODY, "context:carried-by-feed")
    assert _reason(found, SHORT)[0] is not Label.BODY


def test_a_title_in_the_feed_is_still_the_title(knowledge: Knowledge) -> None:
    """It does not become a paragraph of the text."""
    found = _clean(_page(_article(""), _carrying(TITLE, *TEXTS)), knowledge)
    assert _reason(found, TITLE)[0] is Label.TITLE
    assert isinstance(found.result, Entry)
    assert found.result.article.text.split("\n\n") == TEXTS


def test_a_site_rule_has_the_last_word(knowledge: Knowledge) -> None:
    """A person wrote it."""
    rule = Rule("vale.example", "timetables", Label.PROMO, contains="timetable of the new line")
    found = _clean(_page(_article(ASIDE), _carrying(ODD)), replace(knowledge, rules=(rule,)))
    assert _reason(found, ODD) == (Label.PROMO, "site:vale.example:timetables")


WALL = b"<!doctype html><title>Sign in</title><h1>Sign in</h1><form><input name=user><button>Go</button></form>"


def test_the_feeds_words_stand_for_a_page_that_is_no_article(knowledge: Knowledge) -> None:
    """With a note, the page's address and the feed's title; nothing of the page."""
    claims = (Claim("url", "https://vale.example/1", "link"), Claim("title", TITLE, "feed"), _carrying(*TEXTS))
    for body in (WALL, b"   ", b"\x00\x01\x02" * 500):
        found = _clean(_page(body, *claims), knowledge)
        assert isinstance(found.result, Entry)
        assert found.carried
        assert (found.result.article.title, found.result.article.text.split("\n\n")) == (TITLE, TEXTS)
        assert found.result.url == "https://vale.example/1"
        assert found.labelled.notes[-1].startswith("the page gives no article (")


@pytest.mark.parametrize("content", ["<p>Read more</p>", "<p></p>", "<img src=a.png>", "&nbsp;", "<div>" * 9000])
def test_content_that_is_no_article_either_changes_nothing(knowledge: Knowledge, content: str) -> None:
    """The page's own reason stands, and a page that is an article does not care."""
    claim = Claim("content", content, "feed")
    assert _clean(_page(WALL, claim), knowledge).result == _clean(_page(WALL), knowledge).result
    assert isinstance(_clean(_page(WALL, claim), knowledge).result, Rejected)
    assert isinstance(_clean(_page(_article(""), claim), knowledge).result, Entry)


def test_a_page_of_nothing_with_content_of_nothing_is_an_error(knowledge: Knowledge) -> None:
    """As it was before."""
    with pytest.raises(PageError):
        _clean(_page(b" ", Claim("content", "<p></p>", "feed")), knowledge)

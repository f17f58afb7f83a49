"""Facts of whole pages: each kind of claim, by whom it is believed, and who is said to have told it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaner.datatypes import Entry, Outcome, Rejected, SourceRef
from cleaner.explain import facts_of, witnesses_of

HEADLINE = "Herring boats come home half empty"
BODY = "".join(
    f"<p>The {number} boats of the northern fleet came home on Friday with less herring than in any year since records began, the harbour office said.</p>"
    for number in ("nine", "eleven", "forty", "last", "other")
)


@pytest.fixture
def outcome_of(clean_file: Callable[[Path], Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Cleans a page made of a head, what stands above the text, and what stands below."""

    def make(head: str = "", above: str = f"<h1>{HEADLINE}</h1>", below: str = "", url: str = "") -> Outcome:
        """The outcome of one HTML page."""
        path = tmp_path / "page.html"
        path.write_text(
            f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><article>{above}{BODY}{below}</article></body></html>",
            "utf-8",
        )
        if url:
            path.with_suffix(".meta.json").write_text(json.dumps({"url": url}), "utf-8")
        return clean_file(path)

    return make


@pytest.fixture
def entry_of(outcome_of: Callable[..., Outcome]) -> Callable[..., Entry]:
    """The same, for the entry alone."""

    def make(*parts: str, **more: str) -> Entry:
        """The entry of one HTML page."""
        result = outcome_of(*parts, **more).result
        assert not isinstance(result, Rejected)
        return result

    return make


def linked(**record: object) -> str:
    """JSON-LD of a news article."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": HEADLINE, **record})}</script>'


def test_a_page_without_claims_tells_nothing_but_its_headline(entry_of: Callable[..., Entry]) -> None:
    """Nothing is made up, and only the headline has a witness beside the text's own language."""
    entry = entry_of()
    assert entry.article.title == HEADLINE
    assert (entry.authors, entry.contributors, entry.categories, entry.via, entry.flags) == ((), (), (), (), ())
    assert (entry.published, entry.updated, entry.site, entry.url, entry.image, entry.rights) == (None,) * 6
    assert {(told.fact, told.name) for told in entry.witnesses} == {("title", "headline"), ("language", "text")}


# ---------------------------------------------------------------------------------------------------------------- title


@pytest.mark.parametrize(
    ("head", "above", "title"),
    [
        (linked(), f"<div class=crumbs>Home » Sea » {HEADLINE}</div><h1>{HEADLINE}</h1>", HEADLINE),
        (linked(), f"<h1>Harbour - {HEADLINE}</h1>", HEADLINE),
        (linked(), f"<h2>Weather</h2><h1>{HEADLINE}</h1>", HEADLINE),
        (linked(headline="Herring boats come home"), f"<h1>{HEADLINE}</h1>", HEADLINE),
        (
            f"<title>{HEADLINE} - Sea - The Courier</title><meta property=og:site_name content='The Courier'>",
            "",
            HEADLINE,
        ),
        (f"<title>The Courier | {HEADLINE}</title><meta property=og:site_name content='The Courier'>", "", HEADLINE),
        (f"<title>{HEADLINE}: a harbour waits | Nobody</title>", "", f"{HEADLINE}: a harbour waits | Nobody"),
        (
            linked(headline=f"Harbour: {HEADLINE}"),
            f"<h1><span>Harbour:</span><b>{HEADLINE}</b></h1>",
            f"Harbour: {HEADLINE}",
        ),
        (
            linked(headline=f"Harbour / {HEADLINE}"),
            f"<h1><i>Harbour</i><b>{HEADLINE}</b></h1>",
            f"Harbour / {HEADLINE}",
        ),
        ("", f"<h1>{HEADLINE.replace('boats', 'bo&shy;ats')}</h1>", HEADLINE),
    ],
    ids=[
        "breadcrumbs",
        "kicker",
        "box-above",
        "claim-cut-short",
        "site-behind",
        "site-before",
        "unknown-name-stays",
        "run-together",
        "words-run-together",
        "soft-hyphen",
    ],
)
def test_the_title_is_the_headline_alone(head: str, above: str, title: str, entry_of: Callable[..., Entry]) -> None:
    """What else stands in its line or above it is no part of it; the site's name is none of a claimed one."""
    assert entry_of(head, above).article.title == title


# -------------------------------------------------------------------------------------------------------------- authors


@pytest.mark.parametrize(
    ("author", "authors", "contributors"),
    [
        ({"@type": "Person", "name": "Ann Lee"}, ("Ann Lee",), ()),
        ([{"name": "Ann Lee"}, {"name": "Juan Gil"}], ("Ann Lee", "Juan Gil"), ()),
        ([{"name": "Ann Lee"}, {"name": "Harbour Press Agency"}], ("Ann Lee",), ("Harbour Press Agency",)),
        ({"@type": "Organization", "name": "Harbour Press"}, ("Harbour Press",), ()),
        ({"name": "Susan"}, ("Susan",), ()),
        ({"name": "大渡 美咲"}, ("大渡 美咲",), ()),
        ({"name": "admin"}, (), ()),
        ({"name": "https://courier.example/people/4711"}, (), ()),
        ({"@id": "#ann"}, ("Ann Lee",), ()),
    ],
)
def test_claimed_authors(
    author: object, authors: tuple[str, ...], contributors: tuple[str, ...], entry_of: Callable[..., Entry]
) -> None:
    """Persons are authors, agencies beside them contributors; alone they are the author; accounts are nobody."""
    graph = f'<script type="application/ld+json">{json.dumps({"@type": "Person", "@id": "#ann", "name": "Ann Lee"})}</script>'
    entry = entry_of(linked(author=author) + graph)
    assert (entry.authors, entry.contributors) == (authors, contributors)


def test_records_of_other_articles_do_not_speak(entry_of: Callable[..., Entry]) -> None:
    """Teasers in JSON-LD and microdata have authors and days of their own."""
    other = linked(
        headline="Another tale", author="Piet Maas", datePublished="2019-01-01", url="https://c.example/sea/other"
    )
    own = linked(author="Ann Lee", datePublished="2026-02-03", url="https://c.example/sea/herring")
    card = "<div itemscope itemtype='https://schema.org/Article'><b itemprop=headline>Another tale</b> <i itemprop=author>Runa Holt</i></div>"
    entry = entry_of(other + own, below=card + card, url="https://c.example/sea/herring")
    assert entry.authors == ("Ann Lee",)
    assert entry.published == datetime(2026, 2, 3, tzinfo=UTC)
    assert entry_of(below=card + card).authors == ()


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("<p class=byline>By Ann Lee on Friday</p>", ("Ann Lee",)),
        ("<p class=byline>3 May 2025 | 14:07 | By Ann Lee and Juan Gil</p>", ("Ann Lee", "Juan Gil")),
        ("<p class=byline>Edited by Ann Lee</p>", ()),
        ("<p class=byline>By Ann Lee</p><p class=byline>Marketing Director</p>", ("Ann Lee",)),
        ("<p class=byline>By Harbour Desk</p>", ("Harbour Desk",)),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...], entry_of: Callable[..., Entry]) -> None:
    """A byline names its authors without day and section; editors are none, nor are callings."""
    assert entry_of("", f"<h1>{HEADLINE}</h1>{line}").authors == authors


def test_a_person_in_the_byline_is_believed_before_a_claimed_newsroom(entry_of: Callable[..., Entry]) -> None:
    """A newsroom is the author only where nobody names a person."""
    entry = entry_of(linked(author={"name": "The Courier"}), f"<h1>{HEADLINE}</h1><p class=byline>By Ann Lee</p>")
    assert entry.authors == ("Ann Lee",)


# ---------------------------------------------------------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("<p class=date>Updated: 19.04.2026 19:45 Published: 18.04.2026 19:05</p>", "2026-04-18"),
        ("<p>Friday, November 14, 2025</p>", "2025-11-14"),
        ("<p class=date>Fri 25.04.25 | 14:07</p>", "2025-04-25"),
        ("<p class=date>19-Dec-2025</p>", "2025-12-19"),
    ],
)
def test_lines_that_tell_the_day(above: str, day: str, entry_of: Callable[..., Entry]) -> None:
    """The day that is said to be that of publishing, in the forms in which pages write it."""
    entry = entry_of("", f"<h1>{HEADLINE}</h1>{above}")
    assert entry.published is not None
    assert entry.published.date().isoformat() == day


@pytest.mark.parametrize("value", ["1970-01-01", "2999-01-01T00:00:00Z", "soon"])
def test_claims_that_cannot_be_are_passed_over(value: str, entry_of: Callable[..., Entry]) -> None:
    """The next witness is asked."""
    entry = entry_of(linked(datePublished=value) + "<meta property=article:published_time content=2026-02-03>")
    assert entry.published == datetime(2026, 2, 3, tzinfo=UTC)
    assert entry_of(linked(datePublished=value)).published is None


# ------------------------------------------------------------------------------------------------------------ witnesses


def test_who_told_each_fact_is_shown(outcome_of: Callable[..., Outcome]) -> None:
    """Explain names the witness and what it calls the fact; a page without a day says by what it is sorted."""
    head = (
        linked(author="Ann Lee")
        + "<meta property=article:published_time content=2026-02-03T08:00:00Z><meta name=dcterms.rights content='CC BY 4.0'>"
        + "<meta property=og:site_name content='The Courier'><meta property=article:section content=Sea>"
    )
    told = witnesses_of(outcome_of(head))
    assert told["title"] == "headline"
    assert told["authors"] == "jsonld author"
    assert told["published"] == "opengraph article:published_time"
    assert told["rights"] == "meta dcterms.rights"
    assert told["site"] == "opengraph og:site_name"
    assert told["categories"] == "opengraph article:section"
    assert "sorted by" not in dict(facts_of(outcome_of(head)))
    assert "when it was fetched" in dict(facts_of(outcome_of()))["sorted by"]


def test_a_canonical_address_on_another_host_is_kept_and_is_no_claim_of_its_own(entry_of: Callable[..., Entry]) -> None:
    """It may be a mirror's; so the page's own address and site stay what they are."""
    told = '<link rel=canonical href="https://harbour.example/2026/herring?utm_source=x">'
    entry = entry_of(told, url="https://mirror.example/2026/herring")
    assert (entry.url, entry.canonical) == (
        "https://mirror.example/2026/herring",
        "https://harbour.example/2026/herring",
    )
    assert entry.via == ()
    own = entry_of(told, url="https://www.harbour.example/2026/herring")
    assert own.canonical is None
    assert entry_of(told.replace("/2026/herring", "/"), url="https://mirror.example/2026/herring").canonical is None


_POST = f"The post {HEADLINE} appeared first on"


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (
            f'The post <a href="https://coast.example/2026/02/03/herring?a=1&amp;b=2">{HEADLINE}</a> appeared first on <a href="https://coast.example/">Coast Wire</a>.',
            "https://coast.example/2026/02/03/herring?a=1&b=2",
        ),
        (f'{_POST} <a href="https://coast.example/">Coast <b>Wire</b></a>.', "https://coast.example/"),
        (f'{_POST} <a href="https://mirror.example/tag/coast">Coast Wire</a>.', None),
        (f'{_POST} Coast Wire. <a href="https://other.example/">Another</a>', None),
    ],
)
def test_the_first_publisher_has_the_address_that_the_page_links_its_name_to(
    entry_of: Callable[..., Entry], line: str, source: str | None
) -> None:
    """The article's before the site's; a link to the reposter's own lists, or of other words, is none. The reposter is told with its home."""
    head = '<meta property="og:site_name" content="The Mirror">'
    entry = entry_of(head, below=f"<p>{line}</p>", url="https://mirror.example/2026/02/05/herring")
    assert entry.source == SourceRef("Coast Wire", source)
    assert entry.via == (SourceRef("The Mirror", "https://mirror.example/"),)
    assert entry.published is not None
    assert entry.published.day == (3 if source and "02/03" in source else 5)


def test_a_site_whose_name_the_address_told_says_so(outcome_of: Callable[..., Outcome]) -> None:
    """Not that it stood in a line of the page."""
    assert witnesses_of(outcome_of(url="https://harbour.example/2026/herring"))["site"] == "address"

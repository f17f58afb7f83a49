"""Flags: what gives each of them, and what merely looks like it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.datatypes import (
    Block,
    Claim,
    Entry,
    Judge,
    Kind,
    Knowledge,
    Label,
    LabelledPage,
    Node,
    Outcome,
    Page,
    Rejected,
    Rule,
    Subscription,
    Verdict,
)
from cleaner.enrich.flags import find_flags
from cleaner.ingest.folder import read_page
from cleaner.pipeline import clean_page

WORDS = Path(__file__).parents[3] / "config" / "words"
TITLE = "Herring boats come home half empty"
TEXT = tuple(
    f"The {number} boats of the northern fleet came home on Friday with less herring than in any year since records began, the harbour office said."
    for number in ("nine", "eleven", "forty", "last")
)
Line = tuple[Label, str]


def page(
    before: Sequence[Line] = (), after: Sequence[Line] = (), claims: Sequence[Claim] = (), text: Sequence[str] = TEXT
) -> LabelledPage:
    """An article with lines between its headline and its text, and behind it."""
    lines = [(Label.TITLE, TITLE), *before, *((Label.BODY, part) for part in text), *after]
    blocks = tuple(Block(index, Kind.PARAGRAPH, told, told, 0) for index, (_, told) in enumerate(lines))
    verdicts = tuple(Verdict(label, Judge.WORDS, "test", 1.0) for label, _ in lines)
    return LabelledPage(Page("p", blocks, (Node(-1, "p"),), tuple(claims)), verdicts, 1.0)


def flags(labelled: LabelledPage, url: str | None = None) -> dict[str, int | None]:
    """The flags of a page, each with its block."""
    return {flag.name: flag.block for flag in find_flags(labelled, url, reposted=False)}


def behind(line: str, label: Label = Label.DISCLAIMER) -> dict[str, int | None]:
    """The flags of an article with a line behind it."""
    return flags(page(after=[(label, line)]))


def above(line: str, label: Label = Label.OTHER) -> dict[str, int | None]:
    """The flags of an article with a line above its text."""
    return flags(page(before=[(label, line)]))


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("This article was generated with the help of AI and checked by an editor.", "ai-generated"),
        ("Dieser Text wurde mit Hilfe künstlicher Intelligenz erstellt.", "ai-generated"),
        ("Cet article a été traduit automatiquement.", "ai-generated"),
        ("Artikkelen er skrevet med hjelp av KI.", "ai-generated"),
        ("Ten tekst powstał przy pomocy sztucznej inteligencji.", "ai-generated"),
        ("Материал подготовлен с помощью искусственного интеллекта.", "ai-generated"),
        ("この記事はAIによって作成されました。", "ai-generated"),
        ("本文由人工智能生成。", "ai-generated"),
        ("This story was paid for by the Harbour Board.", "sponsored"),
        ("Bei diesem Artikel handelt es sich um eine bezahlte Anzeige.", "sponsored"),
        ("Original-Content von: Hafenamt Nord, übermittelt", "press-release"),
        ("The views expressed here are the author's own.", "opinion"),
        ("Мнение редакции может не совпадать с мнением автора.", "opinion"),
        ("This post contains affiliate links.", "affiliate"),
        ("Wenn Sie über diese Links kaufen, erhalten wir eine Provision.", "affiliate"),
        ("Este artículo contiene enlaces de afiliados.", "affiliate"),
        ("Questo articolo contiene link di affiliazione.", "affiliate"),
        ("当サイトはアフィリエイト広告を利用しています。", "affiliate"),
    ],
)
@pytest.mark.parametrize("label", [Label.DISCLAIMER, Label.AD, Label.OTHER])
def test_a_line_that_discloses_gives_its_flag_and_its_block(line: str, flag: str, label: Label) -> None:
    """Whatever label took it out of the text."""
    assert behind(line, label) == {flag: len(TEXT) + 1}


@pytest.mark.parametrize(
    "line",
    [
        "Become an Affiliate Partner",
        "All rights reserved.",
        "Our images are generated with AI.",
        "Die Stimme ist mit KI erstellt.",
        "She has written about artificial intelligence and trams since 2011.",
        "We do not use affiliate links.",
        "This story is funded by readers like you.",
        "Opinions expressed in comments are those of the users.",
        "Advertisement. Scroll to continue reading.",
        "Press releases",
        "Subscribe to our newsletter",
        "Registered in England, not affiliated with the Harbour Board.",
    ],
)
def test_a_line_that_says_something_else_gives_none(line: str) -> None:
    """Words alone are no disclosure."""
    assert behind(line, Label.OTHER) == {}


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("Opinion", "opinion"),
        ("Gastkommentar", "opinion"),
        ("Kommentar von Eva Lund", "opinion"),
        ("Tribune", "opinion"),
        ("Ledare", "opinion"),
        ("Felieton", "opinion"),
        ("社説", "opinion"),
        ("评论", "opinion"),
        ("Sponsored by Harbour Board", "sponsored"),
        ("Annonsørinnhold", "sponsored"),
        ("Materiał partnera", "sponsored"),
        ("На правах рекламы", "sponsored"),
        ("For immediate release", "press-release"),
        ("Pressemitteilung", "press-release"),
        ("Comunicato stampa", "press-release"),
        ("新闻稿", "press-release"),
    ],
)
def test_a_short_line_names_the_page_at_its_head_only(line: str, flag: str) -> None:
    """Between headline and text it names the article; in a menu, or behind the text, something else."""
    assert above(line) == {flag: 1}
    assert above(line, Label.NAV) == {}
    assert flags(page(after=[(Label.RELATED, line)])) == {}


@pytest.mark.parametrize("line", ["Anzeige", "Werbung", "Advertisement", "Annonce", "Kommentare", "広告"])
def test_the_name_of_a_slot_or_a_button_names_no_page(line: str) -> None:
    """An advertisement may stand in any article."""
    assert above(line, Label.AD) == {}


@pytest.mark.parametrize(
    ("claim", "flag"),
    [
        (Claim("type", "OpinionNewsArticle", "jsonld"), "opinion"),
        (Claim("type", "NewsArticle AdvertiserContentArticle", "jsonld"), "sponsored"),
        (Claim("section", "Op-Ed", "opengraph"), "opinion"),
        (Claim("genre", "Press release", "jsonld"), "press-release"),
        (Claim("author", "Sponsored by Harbour Board", "meta"), "sponsored"),
        (Claim("title", "Ban the trams | Opinion", "html"), "opinion"),
        (Claim("access", "paid", "jsonld"), "paywalled"),
    ],
)
def test_a_claim_gives_its_flag_without_a_block(claim: Claim, flag: str) -> None:
    """What the page says in its structure."""
    assert flags(page(claims=[claim])) == {flag: None}


@pytest.mark.parametrize(
    "claim",
    [
        Claim("type", "ReportageNewsArticle", "jsonld"),
        Claim("section", "Public opinion research", "opengraph"),
        Claim("title", "Opinion polls show a lead", "html"),
        Claim("access", "free", "jsonld"),
        Claim("length", "9000", "jsonld"),
    ],
)
def test_a_claim_of_something_else_gives_none(claim: Claim) -> None:
    """A section of another name, a free page, a length that nobody pays for."""
    assert flags(page(claims=[claim])) == {}


@pytest.mark.parametrize(
    ("url", "flag"),
    [
        ("https://north.example/opinion/2026/herring", {"opinion"}),
        ("https://north.example/kommentare/hering", {"opinion"}),
        ("https://north.example/press-releases/herring", {"press-release"}),
        ("https://north.example/brand-content/herring", {"sponsored"}),
        ("https://north.example/news/opinion-polls-and-press", set()),
    ],
)
def test_an_address_names_the_page(url: str, flag: set[str]) -> None:
    """By a segment of its own."""
    assert set(flags(page(), url)) == flag


def test_an_article_that_speaks_of_disclosures_has_none() -> None:
    """Running text tells of affiliates, machines and paywalls; what it says of itself at its edge stays and is flagged."""
    about = (
        "Affiliate links earn shops a commission when readers buy, a study says, and most pages do not tell.",
        "Newspapers ask readers to subscribe to continue reading, and a third of them leave.",
        "Half of the texts were written by AI, the office said, and sponsored content grew.",
    )
    assert flags(page(text=(TEXT[0], *about, *TEXT))) == {}
    own = "This post contains affiliate links, so we may earn a commission."
    assert flags(page(text=(own, *TEXT))) == {"affiliate": 1}


def test_a_wall_behind_the_text_is_told_from_a_footer() -> None:
    """In place of the rest it cuts the text off; a page that says it is free has none; a menu asks for nothing."""
    wall = (Label.PROMO, "This post is for paid subscribers")
    assert flags(page(after=[wall])) == {"truncated": 5, "paywalled": 5}
    assert flags(page(after=[wall], claims=[Claim("access", "free", "jsonld")])) == {}
    assert flags(page(after=[(Label.NAV, "Subscribe"), (Label.PROMO, "Subscribe for free to get new posts")])) == {}


def test_an_article_offered_for_sale_above_its_text_is_paywalled_only() -> None:
    """The text may be there all the same."""
    assert flags(page(before=[(Label.PROMO, "Für 0,99 € können Sie diesen Artikel kaufen.")])) == {"paywalled": 1}


@pytest.mark.parametrize(
    ("text", "after", "cut"),
    [
        ("The harbour office said that the northern fleet would have to wait for herring until…", "", True),
        ("The harbour office said that the northern fleet would have to wait for herring until", "Read more", True),
        ("The harbour office said that the northern fleet would have to wait for herring until", "続きを読む", True),
        ("The harbour office said that the northern fleet would have to wait.", "Read more", False),
        ("The harbour office said that the northern fleet would have to wait for herring until", "Related", False),
    ],
)
def test_a_text_that_breaks_off_is_truncated(text: str, after: str, cut: bool) -> None:
    """In an ellipsis, or in the middle of a sentence before a button that shows the rest."""
    labelled = page(text=(*TEXT, text), after=[(Label.RELATED, after)] if after else [])
    assert flags(labelled) == ({"truncated": 5} if cut else {})


def test_a_paid_text_far_shorter_than_claimed_is_truncated() -> None:
    """Where no part of it is paid for, the claim is taken to be wrong."""
    paid, long, short = Claim("access", "paid", "jsonld"), Claim("length", "900", "jsonld"), Claim("length", "160", "x")
    assert set(flags(page(claims=[paid, long]))) == {"truncated", "paywalled"}
    assert set(flags(page(claims=[paid, short]))) == {"paywalled"}


# What the words hold that is no disclosure of the text: sound, bans of training, a link; beginnings that need their subject.
_NOT_OURS = re.compile(
    r"stimme|ljuduppspelning|학습|les mer om|^\* do(?:es)? not necessarily|^\* generated the content"
)
_DISCLOSING = re.compile(
    r"\bai\b|ai-gen|\bki\b|artific|künstl|sztuczn|искусств|штучн|人工|automat|affil|afilia|commission|provision|reklamel?i|reklaml|partnersk|партн|アフィ|commissie|opini|views|meinung|\bmening|мнени|думк|görüş|skribent|pogląd|필자|author's own",
    re.IGNORECASE,
)


def _phrases() -> list[str]:
    """The phrases of all languages by which a disclosure is known and taken out."""
    lines = [line for path in sorted(WORDS.glob("disclaimer.*.txt")) for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if line[:1] != "#" and _DISCLOSING.search(line) and not _NOT_OURS.search(line)]


@pytest.mark.parametrize("phrase", _phrases())
def test_no_word_takes_a_disclosure_out_that_no_flag_knows(phrase: str) -> None:
    """What the lexicon of any language removes as a disclosure sets a flag."""
    line = re.sub(r"\s*\*\s*", " ", phrase.replace("mit * gek", "mit Stern gek")).strip()
    assert behind(line), phrase


def test_no_rule_takes_a_disclosure_out_in_silence(knowledge: Knowledge, tmp_path: Path) -> None:
    """A rule of the site may give it any label: the fact is on the entry, with the block."""
    said = "This article was written with the help of artificial intelligence."
    path = tmp_path / "page.txt"
    path.write_text("\n\n".join((TITLE, *TEXT[:2], said, *TEXT[2:])), "utf-8")
    (tmp_path / "page.txt.meta.json").write_text(json.dumps({"url": "https://north.example/a"}), "utf-8")
    raw = replace(read_page(path), claims=(Claim("url", "https://north.example/a", "sidecar"),))
    for label in (Label.AD, Label.OTHER, Label.RELATED, Label.PROMO, Label.COMMENTS, Label.NAV):
        rule = Rule(site="north.example", name="note", label=label, contains="artificial intelligence")
        entry = clean_page(raw, Subscription(""), replace(knowledge, rules=(rule,)), "example.org,2026").result
        assert isinstance(entry, Entry)
        assert said not in entry.article.text
        assert [(flag.name, flag.block is not None) for flag in entry.flags] == [("ai-generated", True)], label


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("Subscribe to continue reading", "Already a subscriber? Log in"), "paywall"),
        (("Please log in to read the full article", "Forgot your password?"), "login-wall"),
        (
            (
                "Before you continue to North Post, please read this.",
                "We use cookies and data to keep our services working, to measure who reads us and to show advertisements that fit what you like to read.",
                "Accept all cookies",
            ),
            "consent-wall",
        ),
        (("Diesen Artikel kaufen", "Sie haben schon ein Konto? Anmelden"), "paywall"),
    ],
)
def test_a_wall_alone_is_rejected_with_its_reason(
    lines: tuple[str, ...], reason: str, clean_file: Callable[[Path], Outcome], tmp_path: Path
) -> None:
    """There is no article to publish."""
    path = tmp_path / "page.html"
    inner = "".join(f"<p>{line}</p>" for line in lines)
    path.write_text(f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><div>{inner}</div></body></html>", "utf-8")
    assert clean_file(path).result == Rejected(reason)


def test_what_a_page_says_of_access_and_length_is_claimed(
    clean_file: Callable[[Path], Outcome], tmp_path: Path
) -> None:
    """JSON-LD of a paid part makes the entry paywalled, and the length that it claims makes it truncated."""
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": TITLE,
        "wordCount": 900,
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".rest"},
    }
    inner = "".join(f"<p>{part}</p>" for part in TEXT)
    path = tmp_path / "page.html"
    path.write_text(
        f'<html><head><title>{TITLE}</title><script type="application/ld+json">{json.dumps(told)}</script></head>'
        f"<body><article><h1>{TITLE}</h1>{inner}</article></body></html>",
        "utf-8",
    )
    entry = clean_file(path).result
    assert isinstance(entry, Entry)
    assert [flag.name for flag in entry.flags] == ["truncated", "paywalled"]
    path.write_text(path.read_text("utf-8").replace('"False"', "true"), "utf-8")
    free = clean_file(path).result
    assert isinstance(free, Entry)
    assert free.flags == ()

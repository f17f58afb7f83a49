"""Site rules: the operator's word on one site, after all other judges, and only there and then."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cleaner.datatypes import Claim, Judge, Knowledge, Label, LabelledPage, RawPage, Rule, Verdict
from cleaner.label import cuts_of, label_page, selectors_of
from cleaner.parse import parse_page
from tests.unit.label.test_reasons import PARAGRAPHS, TITLE

HTML = f"<h1>{TITLE}</h1><div class='box'><p>Bells of this kind were once cast in forty towns along the river, the guide says.</p></div>{PARAGRAPHS}<p>Advertisement</p>"
BELLS = "Bells of this kind"


def judged(
    *rules: Rule, url: str = "https://www.courier.example/a-b-c-d-e", fetched: int = 2026, html: str = HTML
) -> LabelledPage:
    """The page with some rules in force."""
    claims = (Claim("url", url, "sidecar"), Claim("type", "NewsArticle", "jsonld"))
    raw = RawPage("0", "x.html", "text/html", html.encode(), datetime(fetched, 6, 1, tzinfo=UTC), claims)
    knowledge = Knowledge(rules=rules)
    page = parse_page(raw, selectors=selectors_of(raw, knowledge), cuts=cuts_of(knowledge))
    return label_page(page, knowledge, raw)


def verdict_in(labelled: LabelledPage, begin: str) -> Verdict:
    """The verdict on the block that begins so."""
    pairs = zip(labelled.page.blocks, labelled.verdicts, strict=True)
    return next(verdict for block, verdict in pairs if block.text.startswith(begin))


def verdict_on(
    begin: str, rule: Rule, *, url: str = "https://www.courier.example/a-b-c-d-e", fetched: int = 2026
) -> Verdict:
    """The verdict on the block that begins so, with one rule in force."""
    return verdict_in(judged(rule, url=url, fetched=fetched), begin)


RULE = Rule("courier.example", "bells", Label.PROMO)


@pytest.mark.parametrize(
    "rule",
    [
        replace(RULE, css=".box"),
        replace(RULE, xpath="//*[@class='box']"),
        replace(RULE, xpath="//p[contains(., 'forty towns')]/text()"),
        replace(RULE, contains="in FORTY towns"),
        replace(RULE, equals="bells of this kind were once cast in forty towns along the river, the guide says"),
        replace(RULE, matches=r"^Bells of .* says\.$"),
    ],
    ids=["css", "xpath", "xpath-text", "contains", "equals", "matches"],
)
def test_each_condition_hits(rule: Rule) -> None:
    """The verdict is the rule's, by name, and what it overruled is kept."""
    verdict = verdict_on(BELLS, rule)
    assert (verdict.label, verdict.judge, verdict.reason) == (Label.PROMO, Judge.SITE, "site:courier.example:bells")
    assert verdict.overruled is not None
    assert verdict.overruled.label is Label.BODY


def test_a_rule_can_keep() -> None:
    """Label body brings back what the other judges took."""
    assert verdict_on("Advertisement", replace(RULE, label=Label.BODY, equals="Advertisement")).label is Label.BODY


def test_a_rule_holds_for_its_site_and_until_its_day() -> None:
    """Other sites, and pages fetched later, are left alone; sub-domains are the site's."""
    rule = replace(RULE, contains="forty towns", until=datetime(2026, 1, 1, tzinfo=UTC))
    assert verdict_on(BELLS, rule, fetched=2025).label is Label.PROMO
    assert verdict_on(BELLS, rule, fetched=2026).label is Label.BODY
    assert verdict_on(BELLS, rule, fetched=2025, url="https://news.courier.example/a-b-c-d-e").label is Label.PROMO
    assert verdict_on(BELLS, rule, fetched=2025, url="https://notcourier.example/a-b-c-d-e").label is Label.BODY


SLOW = replace(RULE, name="slow", matches=r"(a+)+$")
BAIT = f"<p>{'a' * 3000}b</p>"


def test_an_expression_that_takes_too_long_is_stopped_and_told() -> None:
    """The page is judged without the rule; earlier rules have spoken, and the note is part of the result."""
    labelled = judged(replace(RULE, css=".box"), SLOW, html=HTML + BAIT)
    assert labelled.notes == ("site:courier.example:slow: stopped after 0.5 s",)
    assert verdict_in(labelled, BELLS).reason == "site:courier.example:bells"
    assert judged(SLOW).notes == ()


def test_a_rule_that_was_stopped_says_nothing_of_the_page() -> None:
    """Not even of the blocks before the one on which it was stopped; later expressions are not tried, others are."""
    slow = replace(SLOW, matches=r"Bells|(a+)+$")
    late = replace(RULE, name="late", matches="Bells")
    labelled = judged(slow, late, replace(RULE, name="text", contains="forty towns"), html=HTML + BAIT)
    assert labelled.notes == (
        "site:courier.example:slow: stopped after 0.5 s",
        "site:courier.example:late: not tried, the page's 0.5 s were used up",
    )
    assert verdict_in(labelled, BELLS).reason == "site:courier.example:text"
    assert verdict_in(judged(slow), BELLS).reason == "site:courier.example:slow"


def test_an_xpath_that_fails_is_told_and_the_page_judged() -> None:
    """Its note stands before those of the expressions; the other rules speak."""
    dead = replace(RULE, name="dead", xpath="//div[@class and f(.)]")
    labelled = judged(dead, SLOW, replace(RULE, xpath="//div"), html=HTML + BAIT)
    assert labelled.notes == (
        "site:courier.example:dead: xpath failed: unregistered function",
        "site:courier.example:slow: stopped after 0.5 s",
    )
    assert verdict_in(labelled, BELLS).reason == "site:courier.example:bells"


def test_the_last_rule_that_hits_wins() -> None:
    """In the order in which they are written, whatever their conditions."""
    one, two = replace(RULE, name="one", css=".box"), replace(RULE, name="two", label=Label.AD, matches="^Bells")
    assert verdict_in(judged(one, two), BELLS).reason == "site:courier.example:two"
    assert verdict_in(judged(two, one), BELLS).reason == "site:courier.example:one"


def test_rules_go_to_other_processes() -> None:
    """A rule with an expression is the same after the way to a child."""
    assert pickle.loads(pickle.dumps(SLOW)) == SLOW

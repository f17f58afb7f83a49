"""Site rules: the operator's word on one site, after all other judges, and only there and then."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cleaner.datatypes import Claim, Judge, Knowledge, Label, RawPage, Rule, Verdict
from cleaner.label import cuts_of, label_page, selectors_of
from cleaner.parse import parse_page
from tests.unit.label.test_reasons import PARAGRAPHS, TITLE

HTML = f"<h1>{TITLE}</h1><div class='box'><p>Bells of this kind were once cast in forty towns along the river, the guide says.</p></div>{PARAGRAPHS}<p>Advertisement</p>"
BELLS = "Bells of this kind"


def verdict_on(
    begin: str, rule: Rule, *, url: str = "https://www.courier.example/a-b-c-d-e", fetched: int = 2026
) -> Verdict:
    """The verdict on the block that begins so, with one rule in force."""
    claims = (Claim("url", url, "sidecar"), Claim("type", "NewsArticle", "jsonld"))
    raw = RawPage("0", "x.html", "text/html", HTML.encode(), datetime(fetched, 6, 1, tzinfo=UTC), claims)
    knowledge = Knowledge(rules=(rule,))
    page = parse_page(raw, selectors=selectors_of(raw, knowledge), cuts=cuts_of(knowledge))
    labelled = label_page(page, knowledge, raw)
    return next(
        verdict for block, verdict in zip(page.blocks, labelled.verdicts, strict=True) if block.text.startswith(begin)
    )


RULE = Rule("courier.example", "bells", Label.PROMO)


@pytest.mark.parametrize(
    "rule",
    [
        replace(RULE, css=".box"),
        replace(RULE, contains="in FORTY towns"),
        replace(RULE, equals="bells of this kind were once cast in forty towns along the river, the guide says"),
        replace(RULE, matches=re.compile(r"^Bells of .* says\.$")),
    ],
    ids=["css", "contains", "equals", "matches"],
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

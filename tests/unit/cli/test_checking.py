"""`cleaner check`: what is wrong in a configuration, with every rule tried on its example pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.cli.checking import check_config
from cleaner.datatypes import Claim
from cleaner.errors import ConfigError
from cleaner.store import Store
from tests.samples import article_page, stored

PAGE = "<html><body><h1>Ferry</h1><div class='box'><p>Read our letter about ferries.</p></div><p>It sailed.</p></body></html>"
URL = "https://example.com/2026/ferry"


def rule(condition: str, *examples: str, name: str = "box") -> str:
    """The text of one rule."""
    listed = ", ".join(f'"{example}"' for example in examples)
    return f'[[rule]]\nname = "{name}"\nlabel = "promo"\n{condition}\nexamples = [{listed}]\n'


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with an example page beside the sites' files."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    folder = tmp_path / "config"
    (folder / "sites" / "pages").mkdir(parents=True)
    (folder / "sites" / "pages" / "ferry.html").write_text(PAGE)
    return folder


def mistakes(config: Path, *rules: str) -> list[str]:
    """The mistakes found with these rules, without the folder in front."""
    (config / "sites" / "example.com.toml").write_text("".join(rules))
    try:
        check_config(config)
    except ConfigError as error:
        return [line.replace(f"{config}/", "") for line in error.problems]
    return []


@pytest.mark.parametrize(
    "condition",
    [
        'css = ".box"',
        "xpath = \"//div[@class='box']/p/text()\"",
        'contains = "letter about"',
        'equals = "it sailed"',
        'matches = "^Read our"',
    ],
)
def test_a_rule_that_hits_its_example_is_right(config: Path, condition: str) -> None:
    """Whatever its condition; the day until which it holds, and the address, are not asked."""
    assert mistakes(config, rule(condition, "pages/ferry.html") + "until = 2020-01-01\n") == []


@pytest.mark.parametrize(
    "condition", ['css = ".bax"', 'xpath = "//div/span"', 'contains = "lettre"', 'equals = "read"', 'matches = "^our"']
)
def test_a_rule_that_hits_no_example_is_told(config: Path, condition: str) -> None:
    """File, table and key, and the pages on which it was tried."""
    page = "pages/ferry.html"
    (told,) = mistakes(config, rule(condition, page, URL))
    assert told == f'sites/example.com.toml: rule[1].examples: the rule "box" hits nothing on sites/{page}'


def test_one_example_that_is_hit_is_enough(config: Path) -> None:
    """Sites have more than one template."""
    (config / "sites" / "pages" / "other.html").write_text("<p>Nothing of it here.</p>")
    assert mistakes(config, rule('css = ".box"', "pages/other.html", "pages/ferry.html")) == []


def test_a_missing_page_and_one_that_is_no_page_are_mistakes(config: Path) -> None:
    """Each is named; so are a folder and nothing at all."""
    (config / "sites" / "pages" / "empty.html").write_text(" ")
    examples = ("pages/gone.html", "pages/empty.html", "pages", "")
    assert mistakes(config, rule('css = ".box"', *examples)) == [
        "sites/example.com.toml: rule[1].examples: sites/pages/gone.html: no such page",
        "sites/example.com.toml: rule[1].examples: sites/pages/empty.html: the page holds no bytes but white space",
        "sites/example.com.toml: rule[1].examples: sites/pages: no such page",
        "sites/example.com.toml: rule[1].examples: sites: no such page",
    ]


def test_a_rule_that_is_passed_over_on_its_example_is_told(config: Path) -> None:
    """An XPath that fails and an expression that takes too long, each by the note that a page would get."""
    (config / "sites" / "pages" / "bait.html").write_text(f"<div lang='x'><p>{'a' * 3000}b</p></div>")
    slow = rule("matches = '(a+)+$'", "pages/bait.html", name="slow")
    dead = rule("xpath = '//div[@lang and f(.)]'", "pages/bait.html", name="dead")
    before = "sites/example.com.toml: rule"
    assert mistakes(config, slow, dead) == [
        f"{before}[1].examples: sites/pages/bait.html: site:example.com:slow: stopped after 0.5 s",
        f"{before}[2].examples: sites/pages/bait.html: site:example.com:dead: xpath failed: unregistered function",
    ]


def test_all_mistakes_are_told_together(config: Path) -> None:
    """Those of other files, of rules that cannot be read, and of examples of those that can."""
    (config / "cleaner.toml").write_text("prot = 1\n")
    bad = (
        rule('matches = "("', "x"),
        rule('css = "p["', "x", name="b"),
        rule('xpath = "//["', "x", name="c"),
        rule('equals = "x"', name="d"),
        rule('contains = "x"', "pages/gone.html", name="e").replace("promo", "advert"),
        rule('contains = "x"', "pages/gone.html", name="f"),
    )
    found = mistakes(config, *bad)
    assert [line.split(": ", 2)[1] for line in found] == [
        "prot",
        "rule[1].matches",
        "rule[2].css",
        "rule[3].xpath",
        "rule[4].examples",
        "rule[5].label",
        "rule[6].examples",
    ]


def test_an_address_is_looked_up_among_the_pages_kept(config: Path) -> None:
    """The raw page that gave the entry of that address; one that is not kept is not held against the rule."""
    body = PAGE.encode()
    raw = replace(article_page(1), id="0" * 64, origin="a.html", media_type="text/html", body=body, source="inbox")
    raw = replace(raw, claims=(Claim("url", URL, "sidecar"),))
    with Store(config.parent / "state") as store:
        store.keep_page(raw)
        kept = stored(1, feed="inbox")
        store.put(replace(kept, entry=replace(kept.entry, url=URL, page_id=raw.id)))
    assert mistakes(config, rule('css = ".box"', URL)) == []
    assert mistakes(config, rule('css = ".bax"', "https://example.com/not-kept")) == []
    assert mistakes(config, rule('css = ".bax"', URL)) == [
        f'sites/example.com.toml: rule[1].examples: the rule "box" hits nothing on {URL}'
    ]


def test_checking_makes_no_state(config: Path) -> None:
    """Whoever only asks whether the configuration is right finds no new folder; all is told in a line."""
    (config / "sites" / "example.com.toml").write_text(rule('css = ".box"', URL, "pages/ferry.html"))
    assert check_config(config).startswith("ok: 0 sources, 1 site rules, ")
    assert not (config.parent / "state").exists()

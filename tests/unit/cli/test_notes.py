"""Rules that were passed over on a page: whoever cleans, explains or runs a round is told, with the page's path."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.children import Children
from cleaner.cli.clean import clean_all
from cleaner.cli.explaining import explain_input
from cleaner.config import load_knowledge
from cleaner.run import run_round
from cleaner.store import Store
from tests.samples import NOON, drop, inbox, settings, story

RULE = '[[rule]]\nname = "slow"\nlabel = "promo"\nmatches = "(a+)+$"\nexamples = ["https://example.com/a"]\n'
NOTE = "site:example.com:slow: stopped after 0.5 s"
META = "url: https://example.com/a\n---\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with a rule that takes too long."""
    (tmp_path / "config" / "sites").mkdir(parents=True)
    (tmp_path / "config" / "sites" / "example.com.toml").write_text(RULE)
    return tmp_path / "config"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of that site on which it does."""
    path = tmp_path / "page.txt"
    path.write_text(f"{META}{story(1)}\n\n{'a' * 3000}b\n")
    return path


def test_a_clean_tells_on_standard_error(config: Path, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line with the page's path; the article comes out all the same."""
    assert clean_all([str(page)], "text", url=None, config=config, output=None) == 0
    out, err = capsys.readouterr()
    assert story(1).splitlines()[2][:60] in out
    assert err.splitlines() == [f"cleaner: {page}: {NOTE}"]


def test_an_explanation_tells_on_standard_error(config: Path, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same line."""
    explain_input(str(page), None, config)
    assert capsys.readouterr().err.splitlines() == [f"cleaner: {page}: {NOTE}"]


def test_a_round_tells_among_its_problems(tmp_path: Path, config: Path, page: Path) -> None:
    """The report, which the log is written from, has one line; the entry is published."""
    source = inbox(tmp_path / "inbox", 0)
    drop(tmp_path / "inbox" / "a.txt", page.read_bytes())
    made = settings(tmp_path, source)
    with Children(1, 30.0, 1 << 30, load_knowledge(config), made.authority) as children, Store(made.state_dir) as store:
        report = run_round(made, store, source, children, clock=lambda: NOON + timedelta(days=1))
    assert (dict(report.counts), report.problems, report.error) == ({"new": 1}, [f"a.txt: {NOTE}"], None)


def test_json_holds_the_notes(config: Path, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the record and not the terminal learns of them too."""
    clean_all([str(page)], style="json", url=None, config=config, output=None)
    assert json.loads(capsys.readouterr().out)["notes"] == [NOTE]


def test_the_explanation_shows_the_notes(config: Path, page: Path, tmp_path: Path) -> None:
    """The page that is looked at later tells what the terminal told."""
    explain_input(str(page), tmp_path / "why.html", config)
    assert NOTE in (tmp_path / "why.html").read_text()

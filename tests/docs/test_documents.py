"""What the papers say is so: links, examples, commands, targets, keys and defaults."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import pytest

from cleaner.cli.commands import app
from cleaner.config import load_settings
from cleaner.datatypes import Entry, Knowledge, Outcome
from tests.conftest import PAGES, ROOT

pytestmark = pytest.mark.checkout
PAPERS = sorted(
    path
    for folder in ("", "config", "config/sites", "systemd", "feeds", "tests")
    for path in (ROOT / folder).glob("*.md")
)
EXAMPLE = "reposted-port.txt"


def named(path: Path) -> str:
    """The name of a paper in the list of tests."""
    return str(path.relative_to(ROOT))


def fenced(path: Path, language: str) -> list[str]:
    """The fenced examples of a language in a paper."""
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", PAPERS, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    """Each relative link names a file that is there."""
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAPERS, ids=named)
def test_named_make_targets_exist(path: Path) -> None:
    """`make x` in a paper is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    told = set(re.findall(r"(?:`|\$ (?:sudo )?)make (?:-C \S+ )?([a-z]+)", path.read_text("utf-8")))
    assert told - targets == set()


@pytest.mark.parametrize("path", PAPERS, ids=named)
def test_named_commands_and_options_exist(path: Path) -> None:
    """`cleaner x --y` in a paper is a command with that option."""
    assert isinstance(app, click.Group)
    for line in re.findall(r"(?:`|\$ )cleaner ([^`\n]+)", path.read_text("utf-8")):
        name, *rest = line.split("#")[0].replace("[", " ").replace("]", " ").split()
        assert name in app.commands or name == "--help", line
        options = {option for parameter in app.commands[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options | {"--help"}, line


def test_readme_names_every_format() -> None:
    """The formats in the table are those of `cleaner clean`."""
    told = re.search(r"--format ([a-z|\\]+)", (ROOT / "README.md").read_text("utf-8"))
    assert told
    assert isinstance(app, click.Group)
    style = next(each for each in app.commands["clean"].params if "--format" in each.opts)
    assert isinstance(style.type, click.Choice)
    assert told[1].replace("\\", "").split("|") == list(style.type.choices)


def test_readme_page_is_the_example_page() -> None:
    """Each line of the input shown begins a line of the example page, in its order."""
    lines = iter((PAGES / EXAMPLE).read_text("utf-8").splitlines())
    (shown,) = fenced(ROOT / "README.md", "text")
    for line in shown.splitlines():
        assert any(each.startswith(line.removesuffix("…").rstrip()) for each in lines), line


def test_readme_explanation_is_what_explain_says(clean_file: Callable[[Path], Outcome]) -> None:
    """Each row shown has the label, reason, score and text that the page gets."""
    outcome = clean_file(PAGES / EXAMPLE)
    pairs = zip(outcome.labelled.page.blocks, outcome.labelled.verdicts, strict=True)
    judged = {block.lines[0]: (verdict, block) for block, verdict in pairs if block.lines}
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^ +(\d+)  (✓| ) (\w+) +(\S+) +([\d.]+)  (.+)$", readme, re.MULTILINE)
    assert len(rows) >= 4
    for line, mark, label, reason, score, text in rows:
        verdict, block = judged[int(line)]
        told = (verdict.label.value, verdict.reason, f"{verdict.score:.2f}", "✓" if verdict.label.kept else " ")
        assert told == (label, reason, score, mark)
        assert block.text.startswith(text.removesuffix("…").rstrip())


def test_readme_tells_what_comes_out(clean_file: Callable[[Path], Outcome]) -> None:
    """Source, reposters and flag of the example are those that the README names."""
    result = clean_file(PAGES / EXAMPLE).result
    assert isinstance(result, Entry)
    assert result.source
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"`source: {result.source.title}`" in readme
    assert f"`via: {', '.join(via.title for via in result.via)}`" in readme
    assert all(f"`{flag.name}`" in readme for flag in result.flags)


def config_in(folder: Path) -> Path:
    """An empty configuration beside an inbox."""
    (folder / "inbox").mkdir()
    for name in ("sources", "sites"):
        (folder / "config" / name).mkdir(parents=True)
    return folder / "config"


def test_source_of_the_readme_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that the README gives for a source of one's own is a right configuration."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    config = config_in(tmp_path)
    (example,) = fenced(ROOT / "README.md", "toml")
    (config / "sources" / "inbox.toml").write_text(example, "utf-8")
    (source,) = load_settings(config).sources
    assert (source.name, source.title, source.path) == ("inbox", "My inbox", tmp_path / "inbox")


def test_site_of_the_config_readme_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that config/README.md gives for a site is a right one, and its rule counts."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    config = config_in(tmp_path)
    (example,) = fenced(ROOT / "config" / "README.md", "toml")
    (config / "sites" / "example.com.toml").write_text(example, "utf-8")
    (rule,) = load_settings(config).knowledge.rules
    assert (rule.site, rule.name, rule.css) == ("example.com", "share-bar", ".share-bar")


def test_cleaner_toml_shows_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line of the file that ships, its comment mark taken away, changes nothing (`base_url` has no default)."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    config = config_in(tmp_path)
    bare = load_settings(config)
    text = (ROOT / "config" / "cleaner.toml").read_text("utf-8")
    keys = re.findall(r"^# (\w+ = .+)$", text, re.MULTILINE)
    (config / "cleaner.toml").write_text("\n".join(keys), "utf-8")
    told = load_settings(config)
    assert len(keys) >= 14
    assert told.base_url == "https://feeds.example.org"
    nothing = Knowledge()  # arrays of weights have no plain equality, and are not what is asked about
    assert replace(told, base_url=None, knowledge=nothing) == replace(bare, knowledge=nothing)


def test_changelog_begins_with_what_is_not_released() -> None:
    """Keep a Changelog: sections in their order, and only its headings."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)[0] == "Unreleased"
    headings = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert headings <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}

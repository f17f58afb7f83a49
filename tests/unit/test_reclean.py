"""Entries made anew from raw pages, shown before it is done; their earlier texts; entries that a person deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from cleaner.cli.entries import delete_entry, reclean_sources, show_history
from cleaner.cli.explaining import explain_input
from cleaner.cli.rounds import update_sources
from cleaner.config import load_settings
from cleaner.datatypes import Settings
from cleaner.errors import PageError
from tests.samples import LIGHTHOUSE, NOON, drop, story

_RULE = """
[[rule]]
name = "lottery"
label = "promo"
contains = "raised by a lottery"
examples = ["story.txt"]
"""
_MORE = "The mayor said on Friday that a second vote, on the roof and the stairs, would be held before the end of the month."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration and three stories in the inbox, each with its address beside it, taken in once."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    for folder in ("config/sources", "config/sites", "inbox"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config/sources/inbox.toml").write_text('[[source]]\nname = "inbox"\npath = "inbox"\n', "utf-8")
    (tmp_path / "config/sites/story.txt").write_text(story(0), "utf-8")
    for number in range(3):
        _drop(tmp_path, number, story(number))
    assert update_sources(_settings(tmp_path), (), dry_run=False) == 0
    return tmp_path


def _settings(home: Path) -> Settings:
    """The settings as they are now."""
    return load_settings(home / "config")


def _drop(home: Path, number: int, text: str, minutes: int = 0) -> None:
    """A story in the inbox."""
    when = NOON + timedelta(minutes=minutes)
    told = {"url": f"https://vale.example/stories/{number}"}
    drop(home / f"inbox/story-{number}.txt.meta.json", json.dumps(told).encode(), when)
    drop(home / f"inbox/story-{number}.txt", text.encode(), when)


def _entries(home: Path) -> dict[str, Any]:
    """What the feed shows: title -> entry."""
    parsed = feedparser.parse((home / "feeds/inbox.atom").read_bytes())
    return {entry.title: entry for entry in parsed.entries}


def _files(home: Path) -> dict[str, bytes]:
    """All that is published."""
    return {path.name: path.read_bytes() for path in (home / "feeds").iterdir()}


def test_nothing_changes_without_a_cause(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same rules and model give the same bytes."""
    before = _files(home)
    assert reclean_sources(_settings(home), (), dry_run=False, announce=True) == 0
    assert _files(home) == before
    assert capsys.readouterr().out.splitlines()[-1] == "0 texts and 0 facts changed, 0 entries come, 0 go"


def test_what_a_new_rule_changes_is_shown_first_and_announced_only_on_demand(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run says what would be; then the texts are new, ids and dates are not; the earlier text is kept."""
    before, files = _entries(home), _files(home)
    (home / "config/sites/vale.example.toml").write_text(_RULE, "utf-8")
    capsys.readouterr()
    assert reclean_sources(_settings(home), (), dry_run=True, announce=False) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 4
    assert told[0].startswith(f"inbox: {story(0).splitlines()[0]}: +0 -")
    assert told[-1] == "3 texts and 0 facts would change, 0 entries come, 0 go"
    assert _files(home) == files
    assert reclean_sources(_settings(home), ["inbox"], dry_run=False, announce=False) == 0
    after = _entries(home)
    assert list(after) == list(before)
    for title, entry in after.items():
        assert "lottery" in before[title].content[0].value
        assert "lottery" not in entry.content[0].value
        assert (entry.id, entry.updated) == (before[title].id, before[title].updated)
    (title,) = list(after)[:1]
    show_history(_settings(home), after[title].id)
    told = capsys.readouterr().out.splitlines()
    heads = [line.partition(", page of ")[0] for line in told if line.startswith(("--- ", "+++ "))]
    assert heads == ["--- version 1 of 2", "+++ version 2 of 2"]
    assert [line for line in told if line.startswith("-") and "lottery" in line]
    assert not [line for line in told if line.startswith("+") and not line.startswith("+++") and "lottery" in line]
    (home / "config/sites/vale.example.toml").unlink()
    assert reclean_sources(_settings(home), (), dry_run=False, announce=True) == 0
    assert all(entry.updated > before[title].updated for title, entry in _entries(home).items())


def test_a_page_that_is_no_article_any_more_takes_its_entry_along_and_can_come_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the same id."""
    before = _entries(home)
    rule = _RULE.replace('contains = "raised by a lottery"', 'matches = "."')
    (home / "config/sites/vale.example.toml").write_text(rule, "utf-8")
    assert reclean_sources(_settings(home), (), dry_run=False, announce=False) == 0
    assert "3 go" in capsys.readouterr().out.splitlines()[-1]
    assert _entries(home) == {}
    (home / "config/sites/vale.example.toml").unlink()
    assert reclean_sources(_settings(home), (), dry_run=False, announce=False) == 0
    assert {entry.id for entry in _entries(home).values()} == {entry.id for entry in before.values()}


@pytest.mark.parametrize(
    "edit", [str, lambda text: text.replace("seat", "chair"), lambda text: f"{text}\n\nMore of it is to follow soon."]
)
def test_a_deleted_entry_does_not_come_back(home: Path, edit: Callable[[str], str]) -> None:
    """Neither with the same text nor with a newer one of the same address, nor when everything is made anew."""
    title = story(1).splitlines()[0]
    delete_entry(_settings(home), _entries(home)[title].id)
    assert len(_entries(home)) == 2
    _drop(home, 1, edit(story(1)).replace("\n", "\r\n"), minutes=5)
    assert update_sources(_settings(home), (), dry_run=False) == 0
    assert reclean_sources(_settings(home), (), dry_run=False, announce=False) == 0
    assert title not in _entries(home)
    assert len(_entries(home)) == 2


def test_a_deleted_entry_does_not_come_back_with_a_database_that_was_lost(home: Path) -> None:
    """Made again from raw pages it knows what was deleted, by one database and by the one before that."""
    titles = [story(number).splitlines()[0] for number in range(3)]
    for title in titles[:2]:
        delete_entry(_settings(home), _entries(home)[title].id)
        for left in (home / "state").glob("cleaner.sqlite3*"):
            left.unlink()
        assert update_sources(_settings(home), (), dry_run=False) == 0
        assert title not in _entries(home)
    assert list(_entries(home)) == titles[2:]
    told = home / "state/deleted/inbox.jsonl"
    assert told.stat().st_mode & 0o077 == 0


def test_a_deleted_file_without_an_address_does_not_come_back_under_its_name(home: Path) -> None:
    """Edited it is the same article; what is another text under that name is another one."""
    when = NOON + timedelta(minutes=1)
    drop(home / "inbox/note.txt", story(5).encode(), when)
    assert update_sources(_settings(home), (), dry_run=False) == 0
    title = story(5).splitlines()[0]
    delete_entry(_settings(home), _entries(home)[title].id)
    drop(home / "inbox/note.txt", story(5).replace("seat", "chair").encode(), when + timedelta(minutes=1))
    assert update_sources(_settings(home), (), dry_run=False) == 0
    assert title not in _entries(home)
    drop(home / "inbox/note.txt", f"The empty house on the rock\n\n{LIGHTHOUSE}".encode(), when + timedelta(minutes=2))
    assert update_sources(_settings(home), (), dry_run=False) == 0
    assert "The empty house on the rock" in _entries(home)


def test_who_deletes_is_told_who_tells_the_story_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another source's entry is no other form of the deleted one: it stays, and feeds of several sources show it now."""
    (home / "config/sources/press.toml").write_text('[[source]]\nname = "press"\npath = "press"\n', "utf-8")
    (home / "press").mkdir()
    drop(home / "press/story.txt", story(1).encode())
    assert update_sources(_settings(home), (), dry_run=False) == 0
    (other,) = feedparser.parse((home / "feeds/press.atom").read_bytes()).entries
    delete_entry(_settings(home), _entries(home)[story(1).splitlines()[0]].id)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"press tells the same story, which feeds of several sources show now: {other.id}"
    shown = feedparser.parse((home / "feeds/all.atom").read_bytes()).entries
    assert other.id in {entry.id for entry in shown}


def test_a_later_date_of_publication_changes_neither_the_entry_nor_what_reclean_shows(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The time that was told first stays, with how exact it was, until the end of days."""
    for published, text, minutes in (
        ("2026-03-02", story(7), 1),
        ("2026-03-03T10:00:00Z", f"{story(7)}\n\n{_MORE}", 2),
    ):
        told = {"url": "https://vale.example/stories/7", "published": published}
        when = NOON + timedelta(minutes=minutes)
        drop(home / "inbox/story-7.txt.meta.json", json.dumps(told).encode(), when)
        drop(home / "inbox/story-7.txt", text.encode(), when)
        assert update_sources(_settings(home), (), dry_run=False) == 0
    (title,) = (title for title in _entries(home) if title == story(7).splitlines()[0])
    assert _MORE in _entries(home)[title].content[0].value
    assert _entries(home)[title].published == "2026-03-02T00:00:00Z"
    items = json.loads((home / "feeds/inbox.json").read_bytes())["items"]
    (item,) = (item for item in items if item["title"] == title)
    assert item["_cleaner"]["published_precision"] == "day"
    capsys.readouterr()
    assert reclean_sources(_settings(home), (), dry_run=True, announce=False) == 0
    assert capsys.readouterr().out == "0 texts and 0 facts would change, 0 entries come, 0 go\n"
    explain_input(_entries(home)[title].id, None, home / "config")
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("published"))
    assert line.split() == ["published", "2026-03-02T00:00:00+00:00", "(day)", "sidecar"]


def test_what_is_not_there_is_told(home: Path) -> None:
    """By its id."""
    with pytest.raises(PageError, match="tag:x: not-found: no entry has this id"):
        delete_entry(_settings(home), "tag:x")
    with pytest.raises(PageError, match="not-found"):
        show_history(_settings(home), "tag:x")

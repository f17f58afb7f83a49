"""Which entries tell one story: whatever their order, after a restart, and in databases of earlier versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from cleaner.datatypes import StoredEntry
from cleaner.store import Store
from cleaner.store.schema import STEPS
from tests.samples import LIGHTHOUSE, article_page, as_repost, stored, story

_TOLD = LIGHTHOUSE.split()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new state."""
    with Store(tmp_path) as opened:
        yield opened


def _put(store: Store, number: int, text: str, source: str = "port") -> StoredEntry:
    """An entry with a text, with the page that it needs."""
    store.keep_page(article_page(number, source=source))
    base = stored(number, feed=source)
    kept = replace(base, entry=replace(base.entry, article=replace(base.entry.article, text=text)))
    store.put(kept, replaces=kept.entry.id if store.entry(source, kept.entry.id) else None)
    return kept


def _story(store: Store, kept: StoredEntry) -> list[str]:
    """The last letters of the ids of the entries of a story."""
    return [member.id[-1] for member in store.stories.members(kept.source, kept.entry.id)]


def test_reposts_of_other_sources_are_of_one_story(store: Store) -> None:
    """Copy, repost and beginning join the first; another article is a story of its own."""
    first = _put(store, 1, LIGHTHOUSE)
    _put(store, 2, LIGHTHOUSE, "hill")
    _put(store, 3, as_repost(LIGHTHOUSE), "moor")
    _put(store, 4, " ".join(_TOLD[: len(_TOLD) // 2]))
    other = _put(store, 5, story(5))
    assert _story(store, first) == ["1", "2", "3", "4"]
    assert _story(store, other) == ["5"]
    assert store.stories.members("port", "tag:nobody") == ()


def test_entries_that_are_all_alike_are_one_story_in_any_order(tmp_path: Path) -> None:
    """Two stories of two tellings each."""
    texts = {1: LIGHTHOUSE, 2: as_repost(LIGHTHOUSE), 3: story(3), 4: f"{story(3)} Nothing more was said."}
    for at, order in enumerate(permutations(texts)):
        with Store(tmp_path / str(at)) as store:
            kept = {number: _put(store, number, texts[number]) for number in order}
            assert [sorted(_story(store, kept[number])) for number in (1, 3)] == [["1", "2"], ["3", "4"]]


def test_no_chain_of_small_changes_leads_from_a_story_to_another(store: Store) -> None:
    """Each text is like the one before it, the last is not like the first: the head decides."""
    strange = [
        f"strange{number:x}".translate(str.maketrans("0123456789", "ghijklmnop")) for number in range(len(_TOLD))
    ]
    texts = [
        " ".join(_TOLD[: int(share * len(_TOLD))] + strange[int(share * len(_TOLD)) :]) for share in (1, 0.6, 0.25)
    ]
    kept = [_put(store, number, text) for number, text in enumerate(texts)]
    assert [_story(store, one) for one in kept] == [["0", "1"], ["0", "1"], ["2"]]
    assert _story(store, _put(store, 3, texts[1] + " end")) == ["2", "3"]  # it has more in common with the last


def test_equal_texts_are_of_one_story_also_where_another_head_is_nearer(store: Store) -> None:
    """A copy goes where its like is."""
    strange = " ".join(f"strange{letter}{other}" for letter in "abcdefghij" for other in "abcdefghijklmnop")
    middle = " ".join(_TOLD[: int(0.6 * len(_TOLD))]) + " " + strange
    _put(store, 1, LIGHTHOUSE)
    _put(store, 2, middle)
    _put(store, 3, strange)
    assert _story(store, _put(store, 4, middle, "hill")) == ["1", "2", "4"]


def test_an_entry_that_changes_stays_while_it_is_like_the_head(store: Store) -> None:
    """With another text it leaves, and comes back with the old one."""
    _put(store, 1, LIGHTHOUSE)
    repost = _put(store, 2, as_repost(LIGHTHOUSE))
    for text, told in (("New. " + LIGHTHOUSE, ["1", "2"]), (story(7), ["2"]), (LIGHTHOUSE, ["1", "2"])):
        _put(store, 2, text)
        assert _story(store, repost) == told


def test_a_head_that_changes_takes_its_story_along(store: Store) -> None:
    """Whoever joined it stays with it; it is found by its new text, and no more by the old one."""
    head = _put(store, 1, LIGHTHOUSE)
    _put(store, 2, LIGHTHOUSE, "hill")
    _put(store, 1, story(7))
    assert _story(store, head) == ["1", "2"]
    assert _story(store, _put(store, 3, story(7), "moor")) == ["1", "2", "3"]
    assert _story(store, _put(store, 4, LIGHTHOUSE, "moor")) == ["4"]


def test_a_head_alone_may_join_another_story(store: Store) -> None:
    """When its text becomes one that somebody else told first."""
    _put(store, 1, LIGHTHOUSE)
    other = _put(store, 2, story(7))
    _put(store, 2, as_repost(LIGHTHOUSE))
    assert _story(store, other) == ["1", "2"]
    assert _story(store, _put(store, 3, story(7))) == ["3"]


def test_a_restart_finds_the_stories(tmp_path: Path) -> None:
    """Prints are in the database; nothing is made again."""
    with Store(tmp_path) as store:
        _put(store, 1, LIGHTHOUSE)
    with Store(tmp_path) as store:
        assert store.stories.catch_up(10) == 0
        assert _story(store, _put(store, 2, as_repost(LIGHTHOUSE))) == ["1", "2"]


def test_an_entry_that_is_deleted_is_of_no_story(store: Store, tmp_path: Path) -> None:
    """What it left in the index finds nothing."""
    _put(store, 1, LIGHTHOUSE)
    with closing(sqlite3.connect(tmp_path / "cleaner.sqlite3", isolation_level=None)) as direct:
        direct.execute("PRAGMA foreign_keys = ON")
        direct.execute("DELETE FROM entries")
    assert _story(store, _put(store, 2, LIGHTHOUSE)) == ["2"]


def test_entries_of_an_earlier_version_are_placed_in_steps(tmp_path: Path) -> None:
    """A database without stories: its entries come through, and get their stories so many at once."""
    with Store(tmp_path) as store:
        kept = [_put(store, number, text) for number, text in enumerate((LIGHTHOUSE, LIGHTHOUSE + " End.", story(3)))]
        rows = {table: store._ask(f"SELECT * FROM {table}") for table in ("pages", "entries")}
    (tmp_path / "cleaner.sqlite3").unlink()
    with closing(sqlite3.connect(tmp_path / "cleaner.sqlite3", isolation_level=None)) as direct:
        old = next(number for number, step in enumerate(STEPS) if "DROP COLUMN near" in step)
        for step in STEPS[:old]:
            direct.executescript(step)
        direct.execute(f"PRAGMA user_version = {old}")
        for table, told in rows.items():
            for row in told:
                values = (*row[:6], "1,2,3", *row[6:]) if table == "entries" else row
                direct.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    with Store(tmp_path) as store:
        assert [store.entry("port", one.entry.id) for one in kept] == kept
        assert store.stories.members("port", kept[0].entry.id) == ()
        before = store.revisions()["port"]
        assert [store.stories.catch_up(2) for _ in range(3)] == [2, 1, 0]
        assert store.revisions()["port"] > before
        assert sorted(_story(store, kept[0])) == ["0", "1"]
        assert _story(store, kept[2]) == ["2"]
        assert _story(store, _put(store, 4, as_repost(LIGHTHOUSE), "hill"))[-1] == "4"


def test_what_many_stories_share_leads_to_none_of_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A print that too many heads have is not followed; the others still are."""
    monkeypatch.setattr("cleaner.store.stories._COMMON", 2)
    notice = " ".join(_TOLD[:60])
    for number in range(4):
        _put(store, number, f"{story(number)} {notice}")
    kept = _put(store, 5, f"{story(3)} {notice} End.")
    assert _story(store, kept) == ["3", "5"]


def test_look_ups_use_indexes(store: Store) -> None:
    """None of the questions that are asked for each page goes through a whole table."""
    for question in (
        "SELECT number FROM prints WHERE print = 1 LIMIT 65",
        "SELECT entry FROM entries JOIN stories USING (source, id) WHERE number = 1",
        "SELECT 1 FROM entries WHERE source = 'a' AND (exact = 'b' OR origin = 'c' OR url = 'd' OR id = 'e')",
        "SELECT 1 FROM stories WHERE story = 1 LIMIT 2",
        "SELECT story FROM entries JOIN stories USING (source, id) WHERE exact = (SELECT exact FROM entries WHERE source = 'a' AND id = 'b')",
    ):
        plan = [row[3] for row in store._ask(f"EXPLAIN QUERY PLAN {question}")]
        assert not [line for line in plan if line.startswith("SCAN")], (question, plan)

"""The database: entries come back as they were, transactions are whole, damage and strangers are named."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.datatypes import (
    Article,
    Block,
    Entry,
    Judge,
    Kind,
    Label,
    LabelledPage,
    Page,
    RawPage,
    StoredEntry,
    Verdict,
)
from cleaner.errors import StateError
from cleaner.store import Address, RoundRow, Store, connection
from cleaner.store.schema import STEPS
from tests.samples import NOON, article_page, stored


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new state."""
    with Store(tmp_path) as opened:
        yield opened


def _put(store: Store, number: int, feed: str = "inbox") -> StoredEntry:
    """Keep a page and its entry."""
    raw = article_page(number, source=feed)
    store.keep_page(raw)
    kept = stored(number, feed=feed)
    store.put(kept)
    store.settle(feed, raw.id, "published")
    return kept


def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    """Every field, tuples as tuples, times with their offset."""
    told = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=9)))
    store.keep_page(article_page(1, source="inbox"))
    kept = stored(1, published=told, updated=told + timedelta(seconds=1))
    store.put(kept)
    found = store.find(kept.entry.id)
    assert found == kept
    assert found.entry.published is not None
    assert found.entry.published.utcoffset() == timedelta(hours=9)
    assert store.find("tag:nobody") is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=st.text(st.characters(exclude_categories=["Cs"])), score=st.floats(0, 1))
def test_any_text_survives(store: Store, title: str, score: float) -> None:
    """Controls, nulls and emoji in a title, and every digit of a number."""
    store.keep_page(article_page(1, source="inbox"))
    kept = stored(1, article=Article(title, (1, 2), title, title), confidence=score)
    store.put(kept)
    assert store.find(kept.entry.id) == kept


def test_the_newest_come_first_by_moment_not_by_text(store: Store) -> None:
    """Offsets do not disturb the order, and the limit and the source hold."""
    for number, offset in ((1, 0), (2, 12), (3, -11)):
        store.keep_page(article_page(number, source="inbox"))
        store.put(
            stored(number, published=(NOON + timedelta(hours=number)).astimezone(timezone(timedelta(hours=offset))))
        )
    _put(store, 9, "other")
    assert [kept.entry.id[-1] for kept in store.newest(["inbox"], 2)] == ["3", "2"]
    assert [kept.entry.id[-1] for kept in store.newest(["other", "inbox", "none"], 9)] == ["9", "3", "2", "1"]
    assert (store.count("inbox"), store.count("other"), store.count("none")) == (3, 1, 0)


def test_an_entry_needs_its_page(store: Store) -> None:
    """Foreign keys are on: an entry without a page cannot be stored."""
    with pytest.raises(StateError):
        store.put(stored(1))


def test_what_is_replaced_is_kept_as_a_version(store: Store, tmp_path: Path) -> None:
    """The earlier text stays; the entry keeps its place among the others."""
    before = _put(store, 1)
    raw = article_page(2, source="inbox")
    store.keep_page(raw)
    after = replace(stored(2), entry=replace(stored(2).entry, id=before.entry.id), published=before.published)
    store.put(after, replaces=before.entry.id)
    assert store.newest(["inbox"], 9) == [after]
    with closing(sqlite3.connect(tmp_path / "cleaner.sqlite3")) as direct:
        assert direct.execute("SELECT id, digest FROM versions").fetchall() == [(before.entry.id, before.entry.page_id)]


def test_known_finds_what_an_entry_may_be_the_same_as(store: Store) -> None:
    """By text, by address, by name; only in its own source, and no address is none in common."""
    kept = _put(store, 1)
    _put(store, 2)
    _put(store, 1, "other")
    other = replace(kept.entry, id="tag:x,2026:other", url=None)

    def found(exact: str, entry: Entry, origin: str) -> list[str]:
        """The ids of the entries found."""
        return [one.entry.id for one in store.known("inbox", exact, entry, origin)]

    assert found(kept.exact, other, "x") == [kept.entry.id]
    assert found("x", replace(other, url=kept.entry.url), "x") == [kept.entry.id]
    assert found("x", other, kept.origin) == [kept.entry.id]
    assert found("x", replace(other, id=kept.entry.id), "x") == [kept.entry.id]
    assert found("x", other, "x") == []


def test_a_page_is_kept_once_and_waits_until_it_is_settled(store: Store) -> None:
    """Bytes first, then the row; pages wait in the order in which they came."""
    late, early = article_page(5, source="inbox"), article_page(2, source="inbox")
    assert [store.keep_page(late, "late", "1"), store.keep_page(early), store.keep_page(late, "again", "2")] == [
        True,
        True,
        False,
    ]
    assert store.pending("inbox") == [late.id, early.id]
    assert store.stamps("inbox") == {"late": "1", "again": "2"}
    assert store.raw.read("inbox", late.id) == late
    store.settle("inbox", early.id, "rejected", "listing")
    assert store.pending("inbox") == [late.id]
    assert store.page_states("inbox") == {"pending": 1, "rejected": 1}


def test_verdicts_are_kept_with_their_page(store: Store) -> None:
    """Block by block with text; what is used as metadata does not count as removed."""
    raw = article_page(1, source="inbox")
    store.keep_page(raw)
    labels = (Label.TITLE, Label.BODY, Label.AD, Label.AD, Label.NAV)
    blocks = tuple(Block(index, Kind.PARAGRAPH, f"text {index} é", "", 0) for index in range(5))
    verdicts = tuple(Verdict(label, Judge.WORDS, f"words:{label}", 0.12345) for label in labels)
    store.settle("inbox", raw.id, "published", None, LabelledPage(Page(raw.id, blocks, (), ()), verdicts, 1.0))
    assert store.verdicts("inbox", raw.id)[2] == ["ad", "words", "words:ad", 0.123, "text 2 é"]
    assert store.removed("inbox") == {"ad": 2, "nav": 1}
    assert store.verdicts("inbox", "none") == []


def test_a_transaction_is_whole_or_nothing(store: Store) -> None:
    """An error inside takes back all that was said."""
    raw = article_page(1, source="inbox")
    store.keep_page(raw)
    with pytest.raises(KeyError), store.transaction():
        store.put(stored(1))
        store.settle("inbox", raw.id, "published")
        raise KeyError
    assert (store.count("inbox"), store.pending("inbox")) == (0, [raw.id])


def test_threads_share_a_store(store: Store) -> None:
    """Rounds of several sources at once lose nothing."""
    threads = [
        threading.Thread(target=lambda name=name: [_put(store, number, name) for number in range(10)])
        for name in "abcd"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.count(name) for name in "abcd"] == [10] * 4


def test_rounds_and_due_times_are_remembered(store: Store, tmp_path: Path) -> None:
    """The last round first, a hundred kept; a due time replaces the one before; all after opening anew."""
    for number in range(130):
        store.note_round(
            RoundRow("inbox", NOON + timedelta(minutes=number), 1.5, {"new": number}, None if number % 2 else "broken")
        )
    store.set_due("inbox", NOON)
    store.set_due("inbox", NOON + timedelta(hours=1))
    with Store(tmp_path) as again:
        assert again.due("inbox") == NOON + timedelta(hours=1)
        assert again.due("none") is None
        assert again.rounds("inbox", 2) == [
            RoundRow("inbox", NOON + timedelta(minutes=129), 1.5, {"new": 129}, None),
            RoundRow("inbox", NOON + timedelta(minutes=128), 1.5, {"new": 128}, "broken"),
        ]
        assert len(again.rounds("inbox", 1000)) == 100


def test_only_judged_pages_expire_in_the_order_in_which_they_came(store: Store) -> None:
    """A page that waits stays, however old it is."""
    pages: list[RawPage] = [article_page(number, source="inbox") for number in (3, 1, 2, 4)]
    for page in pages:
        store.keep_page(page)
    for page in pages[:3]:
        store.settle("inbox", page.id, "rejected", "listing")
    assert store.expirable() == [("inbox", page.id) for page in pages[:3]]


@pytest.mark.parametrize("damage", ["header", "middle", "other"])
def test_a_damaged_database_is_one_line_that_says_what_to_do(tmp_path: Path, damage: str) -> None:
    """Zeroed, overwritten in the middle, or no database at all: the file is named, and nothing is overwritten."""
    path = tmp_path / "cleaner.sqlite3"
    with Store(tmp_path) as store:
        for number in range(40):
            _put(store, number)
    body = bytearray(path.read_bytes())
    if damage == "header":
        body[:100] = bytes(100)
    elif damage == "middle":
        body[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    else:
        body = bytearray(b"a text file\n" * 1000)
    path.write_bytes(body)
    with pytest.raises(StateError) as caught, Store(tmp_path):
        pytest.fail("opened")
    assert str(caught.value).startswith(f"{path}: damaged (")
    assert "move it aside" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == body


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    """A state of a later version is left alone."""
    with Store(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "cleaner.sqlite3")) as direct:
        direct.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError, match="cleaner.sqlite3: of version 99; this cleaner knows up to"), Store(tmp_path):
        pytest.fail("opened")


def test_a_database_locked_by_another_program_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a patient wait the error says who is not to blame."""
    monkeypatch.setattr(connection, "_BUSY", 0.2)
    with (
        Store(tmp_path) as store,
        closing(sqlite3.connect(tmp_path / "cleaner.sqlite3", isolation_level=None)) as other,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match=r"cleaner\.sqlite3: locked by another program for more than 0\.2 s"):
            store.set_due("inbox", NOON)
        other.execute("ROLLBACK")
        store.set_due("inbox", NOON)


def test_a_database_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    """A folder in its place is named."""
    (tmp_path / "cleaner.sqlite3").mkdir()
    with pytest.raises(StateError, match=r"cleaner\.sqlite3: Is a directory"), Store(tmp_path):
        pytest.fail("opened")


def test_a_new_database_is_made_once_however_many_open_it(tmp_path: Path) -> None:
    """Four threads that open a state for the first time at the same moment all find it ready, ten states in a row."""
    failed: list[str] = []

    def open_it(state: Path, start: threading.Barrier) -> None:
        start.wait()
        try:
            with Store(state) as store:
                store.check()
        except StateError as error:
            failed.append(str(error))

    for number in range(10):
        start = threading.Barrier(4)
        openers = [threading.Thread(target=open_it, args=(tmp_path / str(number), start)) for _ in range(4)]
        for opener in openers:
            opener.start()
        for opener in openers:
            opener.join()
    assert failed == []


def test_the_latest_page_kept_of_an_address_is_found(store: Store) -> None:
    """By the address of the entry that it gave, or that it was fetched from; one that is not kept any more is passed over."""
    first = _put(store, 1)
    assert first.entry.url is not None
    found = store.find_page(first.entry.url)
    assert found is not None
    assert found.id == first.entry.page_id
    later = article_page(2, source="inbox", origin=first.entry.url)
    store.keep_page(later)
    assert store.find_page(first.entry.url) == later
    store.raw.remove("inbox", later.id)
    assert store.find_page(first.entry.url) == found
    assert store.find_page("https://news.example/else") is None


def test_addresses_of_an_older_state_are_kept(tmp_path: Path) -> None:
    """The step that numbers them leaves them as they were, before all that come later."""
    with closing(sqlite3.connect(tmp_path / "cleaner.sqlite3")) as direct:
        for step in STEPS[:2]:
            direct.executescript(step)
        direct.execute(
            "INSERT INTO addresses VALUES ('s', 'https://a.example/', 'x', 'e', 'm', 'failed', 2, NULL, 'why')"
        )
        direct.execute("PRAGMA user_version = 2")
        direct.commit()
    with Store(tmp_path) as store:
        old = Address("https://a.example/", "x", "e", "m", "failed", 2, None, "why")
        assert store.addresses.find("s", "https://a.example/") == old
        new = Address("https://b.example/", tries=2, number=store.addresses.number("s") + 1, next=NOON)
        store.addresses.put("s", new)
        assert store.addresses.due("s", NOON, 9) == [new, old]
        assert store.addresses.due("s", NOON - timedelta(seconds=1), 9) == [old]
        assert [address.url for address in store.addresses.failing("s")[0]] == [old.url]
        store.addresses.forget("s")
        assert store.addresses.known("s") == {}

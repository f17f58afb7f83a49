"""Whole rounds on real folders, with real children: what is new, what is an update, what goes wrong, what comes out."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

import feedparser
import pytest

from cleaner.children import Children
from cleaner.datatypes import Settings, Subscription
from cleaner.publishing import Publisher
from cleaner.run import RoundReport, expire, run_round, stored_of, utc_now
from cleaner.store import Store
from tests.feedlint import check_schema, lint
from tests.samples import NOON, article_page, drop, entry, inbox, settings, story

_NOW = NOON + timedelta(days=1)


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    """One pool for all rounds of this module."""
    with Children(2, 30.0, 1 << 30, None, "cleaner.localhost,2026") as pool:
        yield pool


def _round(made: Settings, source: Subscription, children: Children) -> RoundReport:
    """One round and its publication."""
    with Store(made.state_dir) as store:
        report = run_round(made, store, source, children, clock=lambda: _NOW)
        Publisher().publish(made, store)
    return report


def _titles(made: Settings, name: str = "inbox") -> list[str]:
    """The titles of a feed, in its order."""
    return [entry.title for entry in feedparser.parse((made.feeds_dir / f"{name}.atom").read_bytes()).entries]


def _bytes(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_round_takes_in_cleans_and_publishes(tmp_path: Path, children: Children) -> None:
    """Pages become entries of two valid feeds; a second round finds nothing and changes no byte."""
    source = inbox(tmp_path / "inbox", 3)
    made = settings(tmp_path, source)
    report = _round(made, source, children)
    assert (dict(report.counts), report.problems, report.error) == ({"new": 3}, [], None)
    assert len(_titles(made)) == 3
    assert _titles(made)[0] == story(2).splitlines()[0]
    assert lint((made.feeds_dir / "inbox.atom").read_bytes()) == lint((made.feeds_dir / "all.atom").read_bytes()) == []
    assert check_schema(made.feeds_dir / "inbox.atom", made.feeds_dir / "all.atom") == ""
    before = _bytes(made.feeds_dir)
    assert dict(_round(made, source, children).counts) == {}
    assert _bytes(made.feeds_dir) == before


def test_the_same_bytes_under_another_name_are_one_page(tmp_path: Path, children: Children) -> None:
    """And the same words in other bytes are a copy: one entry stands for all three."""
    source = inbox(tmp_path / "inbox", 1)
    made = settings(tmp_path, source)
    drop(tmp_path / "inbox" / "twin.txt", story(0).encode(), NOON + timedelta(hours=1))
    drop(tmp_path / "inbox" / "windows.txt", story(0).replace("\n", "\r\n").encode(), NOON + timedelta(hours=2))
    assert dict(_round(made, source, children).counts) == {"new": 1, "unchanged": 1, "copy": 1}
    assert len(_titles(made)) == 1


def test_an_edited_page_updates_its_entry(tmp_path: Path, children: Children) -> None:
    """The id and the time of publication stay, the text and the time of update move, the old text is kept."""
    source = inbox(tmp_path / "inbox", 1)
    made = settings(tmp_path, source)
    _round(made, source, children)
    with Store(made.state_dir) as store:
        (before,) = store.newest(["inbox"], 9)
    edited = story(0).replace("begins in spring", "begins in autumn, the council now says")
    drop(tmp_path / "inbox" / "story-000.txt", edited.encode(), NOON + timedelta(hours=3))
    assert dict(_round(made, source, children).counts) == {"update": 1}
    with Store(made.state_dir) as store:
        (after,) = store.newest(["inbox"], 9)
    assert (after.entry.id, after.published) == (before.entry.id, before.published)
    assert after.updated == NOON + timedelta(hours=3) > before.updated
    assert "autumn" in after.entry.article.text


def test_a_name_used_again_for_another_story_is_a_new_entry(tmp_path: Path, children: Children) -> None:
    """A scraper that writes latest.txt over and over loses no story."""
    source = inbox(tmp_path / "inbox", 0)
    made = settings(tmp_path, source)
    drop(tmp_path / "inbox" / "latest.txt", story(1).encode())
    _round(made, source, children)
    drop(tmp_path / "inbox" / "latest.txt", _unlike().encode(), NOON + timedelta(hours=1))
    assert dict(_round(made, source, children).counts) == {"new": 1}
    assert len(_titles(made)) == 2


def _unlike() -> str:
    """A story that shares no run of words with the others."""
    return "\n\n".join(
        (
            "Beekeepers on the northern islands report a mild winter",
            "Hives on the three northern islands came through the cold months with hardly any losses, beekeepers reported at their yearly gathering in the harbour chapel.",
            "Rain fell late and the heather flowered for weeks longer than usual, which left every colony with stores to spare, according to the keeper of the records.",
            '"I have opened two hundred boxes since February and wept over none of them," Leif Tarrant told the gathering. He has kept bees since his schooldays.',
            "Honey from the islands is sold at the ferry landing from June. Prices will not rise, the keepers agreed by a show of hands before supper.",
        )
    )


def test_bad_pages_are_put_aside_with_a_reason_and_stop_nothing(tmp_path: Path, children: Children) -> None:
    """Empty, binary, misdescribed, too large: each named once; the good page between them is published."""
    source = inbox(tmp_path / "inbox", 1)
    folder = tmp_path / "inbox"
    made = replace(settings(tmp_path, source), page_bytes=100_000)
    drop(folder / "a-empty.txt", b"")
    drop(folder / "b-binary.html", b"\x7fELF\x00\x01\x02" * 50)
    drop(folder / "c-meta.txt", story(1).encode())
    drop(folder / "c-meta.meta.json", b'{"titel": "T"}')
    drop(folder / "d-large.txt", b"x" * 100_001)
    report = _round(made, source, children)
    assert dict(report.counts) == {"new": 1, "quarantined": 4}
    assert sorted(line.split(":")[0] for line in report.problems) == [
        "a-empty.txt",
        "b-binary.html",
        "c-meta.txt",
        "d-large.txt",
    ]
    reasons = {
        told["origin"]: told["reason"]
        for told in map(json.loads, (path.read_text() for path in (made.state_dir / "quarantine").glob("*.reason")))
    }
    assert reasons == {
        "a-empty.txt": "empty",
        "b-binary.html": "binary",
        "c-meta.txt": "bad-meta",
        "d-large.txt": "too-large",
    }
    assert dict(_round(made, source, children).counts) == {}, "a bad page is told once, not every round"
    drop(folder / "c-meta.meta.json", b'{"title": "A title of its own for this story"}')
    assert dict(_round(made, source, children).counts) == {"new": 1}, "a mended sidecar brings its page in"


def test_a_folder_that_vanished_is_the_rounds_error_and_its_feed_stays(tmp_path: Path, children: Children) -> None:
    """What was published stays published, and the next round after it is back finds nothing new."""
    source = inbox(tmp_path / "inbox", 1)
    made = settings(tmp_path, source)
    _round(made, source, children)
    before = _bytes(made.feeds_dir)
    shutil.move(tmp_path / "inbox", tmp_path / "away")
    report = _round(made, source, children)
    assert report.error == f'{tmp_path / "inbox"}: folder-missing: the folder of source "inbox" is not there'
    assert _bytes(made.feeds_dir) == before
    shutil.move(tmp_path / "away", tmp_path / "inbox")
    assert _round(made, source, children).error is None
    with Store(made.state_dir) as store:
        assert [row.error is None for row in store.rounds("inbox")] == [True, False, True]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo no route >&2; exit 3", "sh: command-failed: ended with status 3: no route"),
        ("exec no-such-program", "sh: command-failed: ended with status 127: "),
    ],
)
def test_a_program_that_fails_is_the_rounds_error_and_its_pages_stay(
    tmp_path: Path, children: Children, script: str, error: str
) -> None:
    """After three rounds it is told as dead; a line that is none of ours is put aside, and no failure."""
    line = json.dumps({"url": "https://vale.example/1", "text": story(1)})
    good = Subscription("printed", kind="command", command=("sh", "-c", f"printf '%s\\n' '{line}' nonsense"))
    bad = replace(good, command=("sh", "-c", f"printf '%s\\n' '{line}'; {script}"))
    made = settings(tmp_path, bad)
    for number in range(3):
        report = _round(made, bad, children)
        assert (report.error or "").startswith(error)
        assert report.counts["new"] == (number == 0)
        assert report.counts["quarantined"] == 0
    assert _titles(made, "health") == ["printed cannot be read"]
    assert _titles(made, "printed") == [story(1).splitlines()[0]]
    report = _round(made, good, children)
    assert (report.error, report.counts["quarantined"]) == (None, 1)
    assert _titles(made, "health")[0] == "printed is well again"


@pytest.mark.parametrize("folder_too", [False, True])
def test_a_lost_database_is_made_again_with_the_same_bytes(
    tmp_path: Path, children: Children, folder_too: bool
) -> None:
    """From the raw pages alone, or with the folder: same ids, same feeds, the update included."""
    source = inbox(tmp_path / "inbox", 3)
    made = settings(tmp_path, source)
    _round(made, source, children)
    drop(
        tmp_path / "inbox" / "story-001.txt",
        story(1).replace("in spring", "in autumn").encode(),
        NOON + timedelta(hours=5),
    )
    _round(made, source, children)
    before = _bytes(made.feeds_dir)
    for path in made.state_dir.glob("cleaner.sqlite3*"):
        path.unlink()
    if not folder_too:
        for path in (tmp_path / "inbox").iterdir():
            path.unlink()
    _round(made, source, children)
    assert _bytes(made.feeds_dir) == before


def test_a_page_that_came_later_with_an_older_date_keeps_its_place_when_rebuilt(
    tmp_path: Path, children: Children
) -> None:
    """Which of two copies was first is what the first round saw, not what the files' dates say."""
    source = inbox(tmp_path / "inbox", 1)
    made = settings(tmp_path, source)
    _round(made, source, children)
    drop(
        tmp_path / "inbox" / "copied-with-its-date.txt",
        story(0).replace("\n", "\r\n").encode(),
        NOON - timedelta(days=9),
    )
    assert dict(_round(made, source, children).counts) == {"copy": 1}
    before = _bytes(made.feeds_dir)
    for path in made.state_dir.glob("cleaner.sqlite3*"):
        path.unlink()
    _round(made, source, children)
    assert _bytes(made.feeds_dir) == before


def test_a_rebuild_that_died_goes_on(tmp_path: Path, children: Children) -> None:
    """Of a lost database some pages were read in again before a crash: the next round reads in the others."""
    source = inbox(tmp_path / "inbox", 3)
    made = settings(tmp_path, source)
    _round(made, source, children)
    before = _bytes(made.feeds_dir)
    for path in [*made.state_dir.glob("cleaner.sqlite3*"), *(tmp_path / "inbox").iterdir()]:
        path.unlink()
    with Store(made.state_dir) as store:
        store.keep_page(article_page(0, source="inbox"))
    _round(made, source, children)
    assert _bytes(made.feeds_dir) == before


def test_pages_kept_by_a_round_that_died_are_cleaned_by_the_next(tmp_path: Path, children: Children) -> None:
    """A page that was kept and never judged is taken up again, though its file is gone."""
    source = inbox(tmp_path / "inbox", 0)
    made = settings(tmp_path, source)
    with Store(made.state_dir) as store:
        store.keep_page(article_page(4, source="inbox"), "story-004.txt", "1")
    assert dict(_round(made, source, children).counts) == {"new": 1}
    assert _titles(made) == [story(4).splitlines()[0]]


def test_a_raw_page_that_is_lost_before_it_is_judged_stops_nothing(tmp_path: Path, children: Children) -> None:
    """The page is settled as lost; those after it come out under their own names."""
    source = inbox(tmp_path / "inbox", 0)
    made = settings(tmp_path, source)
    with Store(made.state_dir) as store:
        for number in range(3):
            store.keep_page(article_page(number, source="inbox"))
        store.raw.remove("inbox", article_page(0).id)
    assert dict(_round(made, source, children).counts) == {"new": 2}
    assert _titles(made) == [story(number).splitlines()[0] for number in (2, 1)]


def test_the_feed_of_all_shows_a_text_once(tmp_path: Path, children: Children) -> None:
    """Two sources with one story: each feed has it, the feed of all has it once."""
    one, other = inbox(tmp_path / "one", 1), replace(inbox(tmp_path / "other", 2), name="other", title="Other")
    made = settings(tmp_path, one, other)
    _round(made, one, children)
    _round(made, other, children)
    assert [len(_titles(made, name)) for name in ("inbox", "other", "all")] == [1, 2, 2]


def test_taken_pages_move_aside_where_that_is_asked(tmp_path: Path, children: Children) -> None:
    """After the round the folder is empty but for what could not be taken in."""
    source = replace(inbox(tmp_path / "inbox", 2), after="move")
    drop(tmp_path / "inbox" / "bad.txt", story(1).encode())
    drop(tmp_path / "inbox" / "bad.meta.json", b"{")
    made = settings(tmp_path, source)
    assert dict(_round(made, source, children).counts) == {"new": 2, "quarantined": 1}
    names = sorted(
        str(path.relative_to(tmp_path / "inbox")) for path in (tmp_path / "inbox").rglob("*") if path.is_file()
    )
    assert names == [".done/story-000.txt", ".done/story-001.txt", "bad.meta.json", "bad.txt"]


def test_progress_is_told_page_by_page(tmp_path: Path, children: Children) -> None:
    """How many of how many, and which one."""
    source = inbox(tmp_path / "inbox", 3)
    told: list[tuple[int, int, str]] = []
    with Store(tmp_path / "state") as store:
        run_round(
            settings(tmp_path, source),
            store,
            source,
            children,
            clock=lambda: _NOW,
            progress=lambda *step: told.append(step),
        )
    assert told == [(number + 1, 3, f"story-{number:03}.txt") for number in range(3)]


def test_a_quarantine_that_cannot_be_written_is_told_and_not_raised(tmp_path: Path, children: Children) -> None:
    """The round ends with one line that names the file; with the obstacle gone the next one finishes the work."""
    source = inbox(tmp_path / "inbox", 1)
    drop(tmp_path / "inbox" / "bad.txt", b"")
    made = settings(tmp_path, source)
    (made.state_dir / "quarantine").parent.mkdir(parents=True, exist_ok=True)
    (made.state_dir / "quarantine").write_text("in the way")
    with Store(made.state_dir) as store:
        report = run_round(made, store, source, children)
    assert report.error is not None
    assert "quarantine" in report.error
    (made.state_dir / "quarantine").unlink()
    with Store(made.state_dir) as store:
        report = run_round(made, store, source, children)
    assert (report.error, dict(report.counts)) == (None, {"new": 1, "quarantined": 1})


@pytest.mark.parametrize(
    ("published", "precision", "place"),
    [
        (NOON.replace(hour=0), "day", NOON),
        (NOON.replace(hour=0) - timedelta(days=1), "day", NOON.replace(hour=0) - timedelta(days=1)),
        (NOON - timedelta(hours=3), "minute", NOON - timedelta(hours=3)),
        (datetime(2026, 3, 5, tzinfo=timezone(timedelta(hours=13))), "day", NOON),
        (None, None, NOON),
    ],
)
def test_an_entry_of_a_day_stands_where_it_was_seen_on_it(
    published: datetime | None, precision: Literal["minute", "day"] | None, place: datetime
) -> None:
    """Else all of a day would stand at its midnight, below what came before; a day long past stays where it is."""
    made = entry(1, published=published, published_precision=precision, fetched=NOON)
    assert stored_of(made, article_page(1), "x", None).published == place


def test_raw_pages_go_when_they_were_kept_for_long_and_the_first_beyond_the_disk(tmp_path: Path) -> None:
    """What a page says of its own age does not count; one that waits stays; entries do not go with their pages."""
    made = replace(settings(tmp_path), raw=timedelta(days=90))
    today = utc_now()
    with Store(made.state_dir) as store:
        pages = [article_page(number, source="inbox") for number in range(4)]
        for page in pages:
            store.keep_page(page)
        for page in pages[:3]:
            store.settle("inbox", page.id, "rejected", "listing")
        assert expire(made, store, today) == 0
        old = (today - timedelta(days=91)).timestamp()
        for page in (pages[1], pages[3]):
            os.utime(store.raw.path("inbox", page.id), (old, old))
        assert expire(made, store, today) == 1
        assert [store.raw.read("inbox", page.id) is not None for page in pages] == [True, False, True, True]
        assert expire(replace(made, max_disk=store.raw.size() - 1), store, today) == 1
        assert [store.raw.read("inbox", page.id) is not None for page in pages] == [False, False, True, True]

"""News of a source's health: each state once, and what counts as a drift."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.collect import take_archive
from cleaner.datatypes import Subscription
from cleaner.errors import PageError
from cleaner.health import News, Sample, news_of
from cleaner.store import RoundRow, Store
from cleaner.watch import health_entries, watch_source
from tests.samples import AUTHORITY, NOON

SAME = (Sample(400, 0.3, 0.95),) * 50


def test_a_source_that_dies_and_recovers_is_told_of_once_each() -> None:
    """From the third failure on, and again when it is back; between the two, nothing."""
    assert news_of("well", 2, "x: no answer", gone=False, samples=()) == News("well", "")
    told = news_of("well", 3, "x: no answer", gone=False, samples=())
    assert told.state == "dead"
    assert "3 times in a row: x: no answer" in told.text
    assert news_of("dead", 4, "x: no answer", gone=False, samples=()) == News("dead", "")
    assert news_of("dead", 0, None, gone=False, samples=()) == News("well", "It can be read again.")
    assert news_of("well", 0, None, gone=False, samples=()) == News("well", "")


def test_a_source_that_says_it_is_gone_is_dead_at_once() -> None:
    """No three failures are needed."""
    assert news_of("well", 1, "x: answered 410", gone=True, samples=()).state == "dead"


@pytest.mark.parametrize(
    ("sample", "word"),
    [
        (Sample(150, 0.3, 0.95), "150 words instead of 400"),
        (Sample(900, 0.3, 0.95), "900 words"),
        (Sample(400, 0.7, 0.95), "70% of the blocks"),
        (Sample(400, 0.3, 0.7), "confidence of 0.70"),
        (Sample(rejected=True), "10 of them are no articles"),
    ],
)
def test_the_last_ten_pages_tell_a_drift(sample: Sample, word: str) -> None:
    """In length, in what is removed, in confidence; once, until it is over."""
    drifted = (*SAME, *(sample,) * 10)
    told = news_of("well", 0, None, gone=False, samples=drifted)
    assert told.state == "drifts"
    assert word in told.text
    assert news_of("drifts", 0, None, gone=False, samples=drifted) == News("drifts", "")
    assert (
        news_of("drifts", 0, None, gone=False, samples=SAME).text == "Its last pages are like those before them again."
    )


def test_a_few_odd_pages_are_no_drift() -> None:
    """Nor are few pages at all, nor a source that always had pages which are no articles."""
    mixed = (SAME[0], Sample(rejected=True)) * 30
    assert news_of("well", 0, None, gone=False, samples=mixed).state == "well"
    assert news_of("well", 0, None, gone=False, samples=(*SAME, *(Sample(20, 0.9, 0.2),) * 4)).state == "well"
    assert (
        news_of("well", 0, None, gone=False, samples=(Sample(400, 0.3, 0.9),) * 5 + (Sample(20, 0.9, 0.2),) * 10).state
        == "well"
    )


def test_news_are_kept_and_become_entries(tmp_path: Path) -> None:
    """Newest first, with ids of their own; a round without news adds none."""
    with Store(tmp_path) as store:
        for number in range(5):
            store.note_round(RoundRow("post", NOON + timedelta(hours=number), 1.0, {}, "post: <no> answer"))
            watch_source(store, "post", "Strait Post", NOON + timedelta(hours=number), judged=False)
        store.note_round(RoundRow("post", NOON + timedelta(hours=6), 1.0, {}, None))
        assert watch_source(store, "post", "Strait Post", NOON + timedelta(hours=6), judged=False)
        assert not watch_source(store, "post", "Strait Post", NOON + timedelta(hours=7), judged=True)
        entries = health_entries(store, AUTHORITY)
    assert [stored.entry.article.title for stored in entries] == [
        "Strait Post is well again",
        "Strait Post cannot be read",
    ]
    assert "&lt;no&gt; answer" in entries[1].entry.article.html
    assert len({stored.entry.id for stored in entries}) == 2


def _record(number: int) -> bytes:
    """A response record of an archive."""
    page = f"<html><body><p>Page {number} of the island paper.</p></body></html>"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n{page}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://isle.example/{number}\r\nWARC-Date: 2026-03-04T12:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{number:08}-0000-0000-0000-000000000000>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    ).encode()
    return head + http + b"\r\n\r\n"


def test_an_archive_is_read_on_where_it_was(tmp_path: Path) -> None:
    """What was read is not read again; what was added later is; a missing file is one clear error."""
    path = tmp_path / "isle.warc"
    path.write_bytes(_record(1) + _record(2))
    source = Subscription("isle", "archive", path=path)
    counts: list[str] = []
    seen: list[int] = []
    with Store(tmp_path / "state") as store:
        take_archive(store, source, path, 1 << 20, lambda error: counts.append(str(error)), counts.append, seen.append)
        path.write_bytes(path.read_bytes() + _record(3))
        take_archive(store, source, path, 1 << 20, lambda error: counts.append(str(error)), counts.append, seen.append)
        assert (counts, seen) == ([], [1, 2, 3])
        digests = store.pending("isle")
        raws = [raw for digest in digests if (raw := store.raw.read("isle", digest)) is not None]
        with pytest.raises(PageError, match="No such file"):
            take_archive(store, source, tmp_path / "none.warc", 1 << 20, lambda _: None, counts.append, seen.append)
    assert [raw.origin for raw in raws] == [f"https://isle.example/{number}" for number in (1, 2, 3)]


def test_another_archive_under_the_same_name_is_read_whole(tmp_path: Path) -> None:
    """How far a file was read says nothing of one that begins otherwise."""
    path = tmp_path / "isle.warc"
    source = Subscription("isle", "archive", path=path)
    with Store(tmp_path / "state") as store:
        for numbers in ((1, 2, 3), (4, 5)):
            path.write_bytes(b"".join(map(_record, numbers)))
            take_archive(store, source, path, 1 << 20, lambda _: None, lambda _: None, lambda _: None)
        assert len(store.pending("isle")) == 5


def test_news_of_many_sources_at_once_are_all_kept(tmp_path: Path) -> None:
    """Rounds end side by side; none takes away another's news."""
    names = [f"s{number}" for number in range(24)]
    with Store(tmp_path) as store:
        for name in names:
            for number in range(3):
                store.note_round(RoundRow(name, NOON + timedelta(hours=number), 1.0, {}, "no answer"))
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda name: watch_source(store, name, name, NOON, judged=True), names))
        assert {stored.source for stored in health_entries(store, AUTHORITY)} == set(names)

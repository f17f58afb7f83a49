"""Folders as people fill them: archives, trees of wget, pages that browsers saved with their pictures; through a whole round."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleaner.children import Children
from cleaner.datatypes import Claim, RawPage, StoredEntry, Subscription
from cleaner.errors import PageError
from cleaner.ingest import read_page, scan
from cleaner.ingest.folder import DONE, REFUSED
from cleaner.ingest.formats import based_address
from cleaner.parse import parse_page
from cleaner.run import RoundReport, run_round
from cleaner.store import Store
from tests.samples import AUTHORITY, NOON, drop, settings, story

_NOW = NOON + timedelta(days=1)
_DATE = "2026-03-04T11:00:00Z"


def _html(number: int, head: str = "", more: str = "") -> bytes:
    """The page of a story."""
    title, *paragraphs = story(number).split("\n\n")
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{text}{more}</article>".encode()


def _record(url: str, body: bytes, *, date: str = _DATE) -> bytes:
    """A response as crawlers write it."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{url}>\r\nWARC-Date: {date}\r\nWARC-Target-URI: {url}\r\n"
    return (
        f"{head}Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n".encode()
        + block
        + b"\r\n\r\n"
    )


def _archive(*numbers: int) -> bytes:
    """An archive of some stories."""
    return b"".join(gzip.compress(_record(f"https://town.example/{one}", _html(one)), mtime=0) for one in numbers)


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    """One pool for all rounds of this module."""
    with Children(1, 30.0, 1 << 30, None, AUTHORITY) as pool:
        yield pool


def _round(
    folder: Path, children: Children, source: Subscription | None = None, hours: int = 0
) -> tuple[RoundReport, list[StoredEntry]]:
    """One round of a folder, and the entries there are after it, oldest first."""
    source = replace(source or Subscription("shelf"), path=folder)
    made = settings(folder.parent, source)
    with Store(made.state_dir) as store:
        report = run_round(made, store, source, children, clock=lambda: _NOW + timedelta(hours=hours))
        return report, sorted(store.newest(["shelf"], 99), key=lambda kept: kept.entry.url or "")


def _shelf(tmp_path: Path) -> Path:
    """A folder."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


def _found(folder: Path, **changes: object) -> dict[str, RawPage | PageError]:
    """What a scan finds, by name."""
    source = replace(Subscription("shelf", path=folder), **changes)  # type: ignore[arg-type]
    return {name: found for name, _, found in scan(source, _NOW, 100_000, {})}


# ------------------------------------------------------------------------------------------------------------ archives


@pytest.mark.parametrize("name", ["crawl.warc.gz", "sub/Crawl.WARC"])
def test_an_archive_gives_its_pages_and_is_read_once(tmp_path: Path, children: Children, name: str) -> None:
    """Each with its own address and time; afterwards the file is known, and moves aside where that is wanted."""
    folder = _shelf(tmp_path)
    (folder / "sub").mkdir()
    body = _archive(1, 2, 3)
    drop(folder / name, body if name.endswith("gz") else gzip.decompress(body))
    report, entries = _round(folder, children)
    assert (dict(report.counts), report.problems, report.error) == ({"new": 3}, [], None)
    assert [kept.entry.url for kept in entries] == [f"https://town.example/{number}" for number in (1, 2, 3)]
    assert {kept.entry.fetched for kept in entries} == {datetime(2026, 3, 4, 11, tzinfo=UTC)}
    assert entries[0].entry.article.text == "\n\n".join(story(1).split("\n\n")[1:])
    report, again = _round(folder, children, Subscription("shelf", after="move"), 1)
    assert (dict(report.counts), again) == ({}, entries)
    assert (folder / DONE / name).exists()
    assert not (folder / name).exists()


def test_an_archive_that_grew_gives_what_is_new(tmp_path: Path, children: Children) -> None:
    """What was known is unchanged; one that a crawler still writes is left alone."""
    folder = _shelf(tmp_path)
    drop(folder / "next.warc.gz.open", _archive(5))
    path = drop(folder / "crawl.warc.gz", _archive(1, 2))
    _round(folder, children)
    drop(path, _archive(1, 2, 3))
    report, entries = _round(folder, children, hours=1)
    assert dict(report.counts) == {"new": 1, "unchanged": 2}
    assert len(entries) == 3


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda body: body[:-40], "the compressed file breaks off"),
        (lambda body: body[:-200] + b"\0" * 200, "the compressed file breaks off"),
        (lambda body: body + b"<p>no record</p>" * 40, "the compressed file is damaged"),
    ],
)
def test_a_damaged_archive_is_put_aside_and_what_was_before_the_damage_stays(
    tmp_path: Path, children: Children, damage: object, told: str
) -> None:
    """It is told once, with the place, and left where it is."""
    folder = _shelf(tmp_path)
    assert callable(damage)
    path = drop(folder / "crawl.warc.gz", damage(_archive(1, 2, 3)))
    report, entries = _round(folder, children, Subscription("shelf", after="move"))
    assert report.counts["quarantined"] == 1
    assert report.problems[0].startswith("crawl.warc.gz: bad-archive: behind ")
    assert report.problems[0].endswith(told)
    assert [kept.entry.url for kept in entries][:2] == ["https://town.example/1", "https://town.example/2"]
    reasons = list((tmp_path / "state" / "quarantine").glob("*.reason"))
    assert ['"origin": "crawl.warc.gz", "reason": "bad-archive"' in reason.read_text() for reason in reasons] == [True]
    report, again = _round(folder, children, Subscription("shelf", after="move"), 1)
    assert (dict(report.counts), again, path.exists()) == ({}, entries, True)


@pytest.mark.parametrize(
    ("body", "reason"), [(b"", "bad-archive"), (b"no archive", "bad-archive"), (_html(1), "bad-archive")]
)
def test_what_is_only_called_an_archive_is_named(tmp_path: Path, body: bytes, reason: str) -> None:
    """It is never read as a page."""
    drop(tmp_path / "a.warc", body)
    (error,) = _found(tmp_path).values()
    assert isinstance(error, PageError)
    assert (error.origin, error.reason) == ("a.warc", reason)


def test_records_that_are_no_pages_are_named_among_those_that_are(tmp_path: Path) -> None:
    """The file is known by the stamp of its last page, and refused; what stands beside it is told of each page."""
    records = (
        _record("https://town.example/1", b"<p>x"),
        _record("https://town.example/2", b"<p>y", date="noon"),
        _record("https://town.example/3", b"<p>z"),
    )
    drop(tmp_path / "a.warc", b"".join(records))
    drop(
        tmp_path / "a.warc.meta.json",
        b'{"url": "https://not.example/", "site": "Town", "fetched": "2020-01-01T00:00:00Z"}',
    )
    found = list(scan(Subscription("shelf", path=tmp_path), _NOW, 100_000, {}))
    assert [name for name, _, _ in found] == ["a.warc:1", "a.warc:2", "a.warc"]
    assert [stamp.startswith(REFUSED) for _, stamp, _ in found] == [False, True, True]
    first, second, third = (page for _, _, page in found)
    assert isinstance(second, PageError) and second.reason == "bad-time"
    assert isinstance(first, RawPage) and isinstance(third, RawPage)
    assert first.claims == (Claim("url", "https://town.example/1", "link"), Claim("site", "Town", "sidecar"))
    assert (first.source, first.origin, first.fetched) == (
        "shelf",
        "https://town.example/1",
        datetime(2026, 3, 4, 11, tzinfo=UTC),
    )
    assert (
        list(scan(Subscription("shelf", path=tmp_path), _NOW, 100_000, {name: stamp for name, stamp, _ in found})) == []
    )


def test_one_page_of_an_archive_is_read_as_one(tmp_path: Path) -> None:
    """Several are no one page, and a break behind the first is told."""
    one = _record("https://town.example/1", b"<p>x")
    assert read_page(drop(tmp_path / "a.warc", one)).origin == "https://town.example/1"
    for body, reason in ((one + one, "many-pages"), (one + one[:90], "bad-archive")):
        with pytest.raises(PageError) as caught:
            read_page(drop(tmp_path / "b.warc", body))
        assert caught.value.reason == reason


# ------------------------------------------------------------------------------------------- trees, and what comes along


def test_a_tree_of_wget_gives_its_pages_and_leaves_what_came_along(tmp_path: Path, children: Children) -> None:
    """Pictures, styles and the robots file are no pages; links and pictures on pages start from where they stood."""
    folder = _shelf(tmp_path)
    tree = folder / "town.example" / "2026"
    tree.mkdir(parents=True)
    for name in ("i.jpg", "style.css?v=3", "code.JS", "data.json"):
        drop(tree / name, b"\0\1\2")
    drop(tree.parent / "robots.txt", b"User-agent: *\n")
    picture = b'</p><img src="i.jpg" alt="The ferry" width=600 height=400><p>'
    drop(tree / "index.html", _html(1).replace(b"</p><p>", picture, 1))
    drop(tree / "story?id=3", _html(2))
    report, entries = _round(folder, children)
    assert (dict(report.counts), report.problems) == ({"new": 2}, [])
    assert [kept.entry.url for kept in entries] == [
        "https://town.example/2026/",
        "https://town.example/2026/story?id=3",
    ]
    assert 'src="https://town.example/2026/i.jpg"' in entries[0].entry.article.html


def test_a_page_that_a_browser_saved_whole_is_one_page(tmp_path: Path) -> None:
    """What stands in the folder beside it is passed over; the same files elsewhere are named, for somebody put them there."""
    beside = tmp_path / "Ferry_files"
    beside.mkdir()
    drop(tmp_path / "Ferry.html", _html(1))
    for name in ("a.jpg", "b.css"):
        drop(beside / name, b"\0\1\2")
        drop(tmp_path / name, b"\0\1\2")
    assert list(_found(tmp_path)) == ["Ferry.html", "a.jpg", "b.css"]


# -------------------------------------------------------------------------------------------------- the folder's address


@pytest.mark.parametrize(
    ("base", "path", "address"),
    [
        ("https://town.example", "a.html", "https://town.example/a.html"),
        ("https://town.example/", "2026/index.html", "https://town.example/2026/"),
        (
            "https://town.example/news/?x=1#y",
            "ferry & weir#1?.html",
            "https://town.example/news/ferry%20&%20weir%231?.html",
        ),
    ],
)
def test_a_file_has_an_address_where_its_folder_has_one(base: str, path: str, address: str) -> None:
    """Its path below that of the folder."""
    assert based_address(base, Path(path)) == address


def test_the_folders_address_is_for_pages_that_tell_none(tmp_path: Path, children: Children) -> None:
    """Those that tell one in a sidecar, in a header, as a tree or in their heads keep theirs; relative links start from it."""
    folder = _shelf(tmp_path)
    (folder / "2026").mkdir()
    (folder / "lake.example").mkdir()
    link = '<p>The plans can be seen <a href="plans.html">in the town hall</a> until the end of the month.</p>'
    drop(folder / "2026" / "a.html", _html(1, more=link))
    drop(folder / "b.txt", story(2).encode())
    drop(folder / "c.txt", b"url: https://told.example/c\n---\n" + story(3).encode())
    drop(folder / "d.html", _html(4, '<link rel=canonical href="https://told.example/d">'))
    drop(folder / "e.html", _html(5))
    drop(folder / "e.meta.json", b'{"url": "https://told.example/e"}')
    drop(folder / "lake.example" / "f.html", _html(6))
    report, entries = _round(folder, children, Subscription("shelf", url="https://town.example/news/"))
    assert (dict(report.counts), report.problems) == ({"new": 6}, [])
    assert [kept.entry.url for kept in entries] == [
        "https://lake.example/f.html",
        "https://told.example/c",
        "https://told.example/d",
        "https://told.example/e",
        "https://town.example/news/2026/a.html",
        "https://town.example/news/b.txt",
    ]
    assert 'href="https://town.example/news/2026/plans.html"' in entries[4].entry.article.html


def test_a_folder_without_an_address_gives_its_pages_none(tmp_path: Path) -> None:
    """As before."""
    drop(tmp_path / "a.html", _html(1))
    (page,) = _found(tmp_path).values()
    assert isinstance(page, RawPage)
    assert parse_page(page).url is None
    (page,) = _found(tmp_path, url="https://town.example/").values()
    assert isinstance(page, RawPage)
    assert parse_page(page).url == "https://town.example/a.html"

"""A folder of dropped files: complete ones become pages, everything else is left alone or named."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cleaner.datatypes import RawPage, Subscription
from cleaner.errors import PageError
from cleaner.ingest import read_page, scan
from cleaner.ingest.folder import DONE, move_aside, show_path
from tests.samples import NOON, drop

_NOW = NOON + timedelta(days=1)


def _scan(
    folder: Path, stamps: dict[str, str] | None = None, *, now: datetime = _NOW, most: int = 1000
) -> dict[str, RawPage | PageError]:
    """What a scan finds, by name, in its order."""
    return {name: found for name, _, found in scan(Subscription("s", path=folder), now, most, stamps or {})}


def test_pages_come_sorted_from_all_folders_with_type_and_time(tmp_path: Path) -> None:
    """Sub-folders are read too; the suffix tells the type and the file's time when it was fetched."""
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.html", "c", "sub/d.md"):
        drop(tmp_path / name, name.encode())
    found = _scan(tmp_path)
    assert [(name, page.media_type, page.body) for name, page in found.items() if isinstance(page, RawPage)] == [
        ("a.html", "text/html", b"a.html"),
        ("b.txt", "text/plain", b"b.txt"),
        ("c", "", b"c"),
        ("sub/d.md", "text/markdown", b"sub/d.md"),
    ]
    page = found["c"]
    assert isinstance(page, RawPage)
    assert (page.fetched, page.source, page.origin) == (NOON, "s", "c")


def test_hidden_unfinished_and_side_files_are_no_pages(tmp_path: Path) -> None:
    """What programs write while they work, or keep for themselves, is left alone."""
    (tmp_path / ".hidden").mkdir()
    for name in (".x.txt", "a.tmp", "b.txt.part", "c.txt~", "d.html.meta.json", ".hidden/e.txt"):
        drop(tmp_path / name, b"x")
    assert _scan(tmp_path) == {}


def test_a_file_waits_until_it_is_settled(tmp_path: Path) -> None:
    """A file changed a moment ago may still grow; after the settle time it is taken, and one from the future at once."""
    drop(tmp_path / "a.txt", b"half", _NOW - timedelta(seconds=1))
    assert _scan(tmp_path) == {}
    assert list(_scan(tmp_path, now=_NOW + timedelta(seconds=1))) == ["a.txt"]
    drop(tmp_path / "a.txt", b"x", _NOW + timedelta(days=400))
    assert list(_scan(tmp_path)) == ["a.txt"]


def test_a_known_file_is_not_opened_again_before_it_or_its_sidecar_changes(tmp_path: Path) -> None:
    """A stamp covers the file and what stands beside it."""
    path = drop(tmp_path / "a.txt", b"x")
    stamps = {name: stamp for name, stamp, _ in scan(Subscription("s", path=tmp_path), _NOW, 9, {})}
    assert _scan(tmp_path, stamps) == {}
    drop(tmp_path / "a.meta.json", b'{"title": "T"}')
    assert list(_scan(tmp_path, stamps)) == ["a.txt"]
    (tmp_path / "a.meta.json").unlink()
    drop(path, b"xy")
    assert list(_scan(tmp_path, stamps)) == ["a.txt"]


@pytest.mark.parametrize("name", ["a.html.meta.json", "a.meta.json"])
def test_a_sidecar_speaks_for_its_page(tmp_path: Path, name: str) -> None:
    """With or without the page's suffix in its name; its time of fetching goes before the file's."""
    path = drop(tmp_path / "a.html", b"<p>x")
    drop(tmp_path / name, b'{"url": "https://a.example/", "fetched": "2025-01-02T03:04:05Z"}')
    page = read_page(path)
    assert [(claim.name, claim.value) for claim in page.claims] == [("url", "https://a.example/")]
    assert page.fetched == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_what_is_no_plain_file_is_named_and_never_read(tmp_path: Path) -> None:
    """Links, pipes and sockets among the pages: no hang, nothing read through them, the page beside them is taken."""
    secret = drop(tmp_path / "secret", b"secret")
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "link.txt").symlink_to(secret)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    os.utime(folder / "pipe.txt", (0, 0))
    for name in ("link.txt", "loop.txt"):
        os.utime(folder / name, (0, 0), follow_symlinks=False)
    drop(folder / "page.txt", b"x")
    here = Path.cwd()
    os.chdir(folder)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as plug:
            plug.bind("plug.txt")
    finally:
        os.chdir(here)
    os.utime(folder / "plug.txt", (0, 0))
    found = {name: page.reason if isinstance(page, PageError) else "page" for name, page in _scan(folder).items()}
    assert found == {
        "link.txt": "link",
        "loop.txt": "link",
        "page.txt": "page",
        "pipe.txt": "no-file",
        "plug.txt": "unreadable",
    }


@pytest.mark.parametrize("kind", ["pipe", "link", "large", "folder"])
def test_a_sidecar_that_is_no_small_plain_file_is_named(tmp_path: Path, kind: str) -> None:
    """A pipe beside a page must not stop the round for ever, nor a link read what it leads to."""
    path, beside = drop(tmp_path / "a.txt", b"x"), tmp_path / "a.meta.json"
    if kind == "pipe":
        os.mkfifo(beside)
    elif kind == "link":
        beside.symlink_to(drop(tmp_path / "secret", b'{"title": "secret"}'))
    elif kind == "folder":
        beside.mkdir()
    else:
        with beside.open("wb") as file:
            file.truncate(1 << 30)
    with _at_most(5), pytest.raises(PageError, match=r"bad-meta: a\.meta\.json: "):
        read_page(path)


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """A hang becomes a failure."""

    def give_up(_number: int, _frame: object) -> None:
        raise AssertionError(f"still at it after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_a_page_beyond_the_limit_is_named_without_being_read(tmp_path: Path) -> None:
    """A file of 1 GB costs a look at its size."""
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(1 << 30)
    os.utime(tmp_path / "a.txt", (0, 0))
    found = _scan(tmp_path)["a.txt"]
    assert isinstance(found, PageError)
    assert found.reason == "too-large"
    assert str(1 << 30) in found.detail


def test_one_bad_sidecar_stops_no_other_page(tmp_path: Path) -> None:
    """The error belongs to its page; the next page is taken."""
    drop(tmp_path / "a.txt", b"x")
    drop(tmp_path / "a.meta.json", b"{")
    drop(tmp_path / "b.txt", b"y")
    found = _scan(tmp_path)
    assert [isinstance(page, PageError) for page in found.values()] == [True, False]


def test_names_that_are_no_text_are_escaped(tmp_path: Path) -> None:
    """A new line or a byte that is no UTF-8 in a file's name makes no second line and no crash."""
    drop(Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff\nb.txt")), b"x")
    (name,) = _scan(tmp_path)
    assert name == "a\\xff\\nb.txt"
    assert show_path("plain/ö.txt") == "plain/ö.txt"


@pytest.fixture
def timeless(tmp_path: Path) -> Iterator[Path]:
    """A folder whose file system keeps times beyond the year 9999, as the one in memory does where the disk's does not."""
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else tmp_path) as name:
        path = drop(Path(name) / "a.txt", b"x")
        os.utime(path, (10**12, 10**12))
        if path.stat().st_mtime < 10**12:
            pytest.skip("no file system here keeps such a time")
        yield Path(name)


def test_a_time_that_no_calendar_holds_is_the_files_own_mistake(timeless: Path) -> None:
    """A file dated beyond the year 9999 stops no round."""
    drop(timeless / "b.txt", b"y")
    found = _scan(timeless)
    assert isinstance(found["a.txt"], PageError)
    assert isinstance(found["b.txt"], RawPage)


def test_a_folder_that_is_gone_is_one_clear_error(tmp_path: Path) -> None:
    """The message names the folder and the source."""
    with pytest.raises(PageError, match='gone: folder-missing: the folder of source "s" is not there'):
        _scan(tmp_path / "gone")


def test_a_file_taken_away_meanwhile_is_passed_over(tmp_path: Path) -> None:
    """Between the listing and the reading a file may vanish; the next one is read."""
    drop(tmp_path / "a.txt", b"x")
    drop(tmp_path / "b.txt", b"y")
    pages = scan(Subscription("s", path=tmp_path), _NOW, 9, {})
    assert next(pages)[0] == "a.txt"
    (tmp_path / "b.txt").unlink()
    assert list(pages) == []


def test_taken_files_move_aside_with_their_sidecars_and_changed_ones_stay(tmp_path: Path) -> None:
    """``after = "move"`` moves what was taken in, and leaves a file that changed since for the next round."""
    (tmp_path / "sub").mkdir()
    for name in ("sub/a.txt", "sub/a.meta.json", "b.txt", "new.txt"):
        drop(tmp_path / name, b"{}")
    stamps = {name: stamp for name, stamp, _ in scan(Subscription("s", path=tmp_path), _NOW, 9, {})}
    del stamps["new.txt"]
    drop(tmp_path / "b.txt", b"changed")
    move_aside(tmp_path, stamps)
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert left == [f"{DONE}/sub/a.meta.json", f"{DONE}/sub/a.txt", "b.txt", "new.txt"]
    assert list(_scan(tmp_path)) == ["b.txt", "new.txt"]

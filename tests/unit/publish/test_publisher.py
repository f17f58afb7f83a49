"""Feeds as files: whole or untouched, and an index and an OPML beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Article, StoredEntry
from cleaner.errors import PublishError
from cleaner.publish import Feed, make_folder, render, write_feed, write_index
from tests.samples import AUTHORITY, stored

_HOME = "http://127.0.0.1:8490"


def _feed(name: str, *entries: StoredEntry) -> Feed:
    """A feed of entries."""
    return Feed(name, f"Feed {name}", f"{_HOME}/feeds/{name}.atom", f"{_HOME}/", AUTHORITY, entries)


def publish(folder: Path, title: str, feeds: Sequence[Feed]) -> tuple[str, ...]:
    """Write feeds and index; the names of the files that changed."""
    make_folder(folder)
    changed = [name for feed in feeds for name in write_feed(folder, render(feed))]
    return (*changed, *write_index(folder, title, feeds))


def _times(folder: Path) -> dict[str, tuple[int, int]]:
    """What tells whether a file was written again: its number on the disk and its time."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_a_second_publish_touches_nothing(tmp_path: Path) -> None:
    """The same entries leave every file as it is, its time included."""
    feeds = [_feed("all", stored(1)), _feed("inbox", stored(1))]
    assert publish(tmp_path, "Home", feeds) == (
        "all.atom",
        "all.json",
        "inbox.atom",
        "inbox.json",
        "index.html",
        "index.opml",
    )
    before = _times(tmp_path)
    assert publish(tmp_path, "Home", feeds) == ()
    assert _times(tmp_path) == before


def test_each_version_of_a_feed_is_of_another_second(tmp_path: Path) -> None:
    """So that a reader that asks by date alone gets each; the date never goes back."""
    seconds = []
    for number in range(3):
        publish(tmp_path, "Home", [_feed("all", stored(number))])
        seconds.append(int((tmp_path / "all.atom").stat().st_mtime))
    assert seconds == sorted(set(seconds))


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    """A new entry in one feed leaves the other feed and the OPML alone."""
    publish(tmp_path, "Home", [_feed("a", stored(1)), _feed("b", stored(2))])
    assert publish(tmp_path, "Home", [_feed("a", stored(3), stored(1)), _feed("b", stored(2))]) == (
        "a.atom",
        "a.json",
        "index.html",
    )


def test_temporary_files_of_a_killed_process_are_swept(tmp_path: Path) -> None:
    """What a killed publish left behind is gone after the next; other files stay."""
    (tmp_path / ".cleaner-all.atom.99999999.tmp").write_bytes(b"half")
    (tmp_path / "README.md").write_bytes(b"mine")
    publish(tmp_path, "Home", [_feed("all")])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md",
        "all.atom",
        "all.json",
        "index.html",
        "index.opml",
    ]


def test_a_link_in_the_place_of_a_feed_is_replaced_not_followed(tmp_path: Path) -> None:
    """A feed's name that is a link does not lead the writer out of the folder."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "all.atom").symlink_to(victim)
    publish(folder, "Home", [_feed("all")])
    assert victim.read_bytes() == b"precious"
    assert not (folder / "all.atom").is_symlink()


def test_a_full_disk_leaves_the_old_feed_whole_and_names_the_file(tmp_path: Path) -> None:
    """Where no byte more can be written, the error is one line, and what was there is still there."""
    publish(tmp_path, "Home", [_feed("all", stored(1))])
    before = (tmp_path / "all.atom").read_bytes()
    script = (
        "import resource, signal, sys; from pathlib import Path; from cleaner.errors import PublishError\n"
        "from tests.unit.publish.test_publisher import _feed, publish, stored\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))\n"
        "try: publish(Path(sys.argv[1]), 'Home', [_feed('all', stored(2), stored(1))])\n"
        "except PublishError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout == f"{tmp_path / 'all.atom'}: File too large\n", done.stderr
    assert (tmp_path / "all.atom").read_bytes() == before
    assert not list(tmp_path.glob(".cleaner-*"))


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    """A file where the folder should be is named."""
    (tmp_path / "feeds").write_bytes(b"")
    with pytest.raises(PublishError, match=rf"^{tmp_path}/feeds: "):
        publish(tmp_path / "feeds", "Home", [])


def test_the_opml_lists_every_feed(tmp_path: Path) -> None:
    """A reader can take over all feeds at once, whatever their titles hold."""
    publish(
        tmp_path,
        "Home \x01 & <all>",
        [_feed("all"), Feed("b", "B\x00 & <b>", f"{_HOME}/feeds/b.atom", f"{_HOME}/", AUTHORITY, ())],
    )
    root = etree.parse(tmp_path / "index.opml").getroot()
    assert root.findtext("head/title") == "Home & <all>"
    assert [(line.get("type"), line.get("text"), line.get("xmlUrl")) for line in root.iter("outline")] == [
        ("rss", "Feed all", f"{_HOME}/feeds/all.atom"),
        ("rss", "B & <b>", f"{_HOME}/feeds/b.atom"),
    ]


def test_the_index_page_shows_feeds_and_runs_nothing(tmp_path: Path) -> None:
    """Titles are shown as written, links lead to the originals, and the page holds no script."""
    hostile = Article("<script>alert(1)</script> & more", (), "text", "<p>text</p>")
    publish(tmp_path, "Home", [_feed("inbox", stored(1, article=hostile))])
    tree = LexborHTMLParser((tmp_path / "index.html").read_text())
    assert not tree.css("script")
    link = tree.css_first("li a")
    assert link is not None
    assert (link.text(), link.attributes["href"]) == (hostile.title, "https://news.example/stories/1")
    assert [node.attributes["href"] for node in tree.css("a.subscribe")] == ["inbox.atom", "inbox.json"]

"""Input that cannot be cleaned: a clear line, a reason kept, and the rest goes on. Real processes, real files."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PAGES

GOOD = (PAGES / "reposted-port.txt").read_bytes()
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def cleaner(*arguments: str, cwd: Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=cwd,
        capture_output=True,
        timeout=60,
        check=False,
        env=ENV,
        input=stdin,
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A configuration with one inbox, which holds one good page."""
    (tmp_path / "config" / "sources").mkdir(parents=True)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "config" / "sources" / "a.toml").write_text(
        '[[source]]\nname = "inbox"\npath = "inbox"\nsettle = "0s"\n'
    )
    (tmp_path / "inbox" / "good.txt").write_bytes(GOOD)
    return tmp_path


def test_each_bad_page_is_quarantined_and_the_good_one_published(place: Path) -> None:
    """Empty, binary, too large, markup alone, bad notes: each has its reason beside it; exit 1."""
    inbox = place / "inbox"
    (inbox / "empty.txt").write_bytes(b" \n")
    (inbox / "binary.txt").write_bytes(b"\x89PNG\r\n" + bytes(range(256)) * 9)
    (inbox / "large.html").write_bytes(b"<p>" + b"word " * 10_000_000)
    (inbox / "hollow.html").write_bytes(b"<html><script>x()</script></html>")
    (inbox / "deep.html").write_bytes(b"<div>" * 50_000 + b"x")
    (inbox / "noted.txt").write_bytes(GOOD[:-40])
    (inbox / "noted.meta.json").write_text('{"titel": "x"}')
    done = cleaner("update", cwd=place)
    assert done.returncode == 1, done.stderr
    reasons = {
        value["origin"]: value["reason"]
        for path in (place / "state" / "quarantine").glob("*.reason")
        for value in [json.loads(path.read_text())]
    }
    assert reasons == {
        "empty.txt": "empty",
        "binary.txt": "binary",
        "large.html": "too-large",
        "hollow.html": "no-text",
        "deep.html": "too-complex",
        "noted.txt": "bad-meta",
    }
    assert b'noted.meta.json: unknown key "titel" (did you mean "title"?)' in done.stderr
    assert b"Harrowgate" in (place / "feeds" / "inbox.atom").read_bytes()
    again = cleaner("update", cwd=place)
    assert (again.returncode, again.stdout.decode().split(" in ")[0]) == (0, "inbox: nothing new")


def test_a_page_that_is_only_a_menu_is_rejected(place: Path) -> None:
    """Rejected is no failure: the reason is told, the exit code is 0."""
    (place / "inbox" / "menu.html").write_text(
        "<nav>" + "".join(f"<a href='/{n}'>Section {n}</a> " for n in range(40)) + "</nav>"
    )
    done = cleaner("update", cwd=place)
    assert done.returncode == 0
    assert b"menu.html: rejected: " in done.stderr


def test_undecodable_bytes_are_cleaned_all_the_same(place: Path) -> None:
    """Wrong bytes are replaced, the page is cleaned."""
    done = cleaner("clean", "-", cwd=place, stdin=GOOD.replace(b"divers", b"div\xffers"))
    assert done.returncode == 0
    assert "div\ufffders" in done.stdout.decode()


def test_many_inputs_keep_their_order_and_fail_alone(place: Path) -> None:
    """One JSON line an input, in order; a missing one has an error; exit 1, and 3 where all failed."""
    (place / "bad.txt").write_bytes(b"")
    done = cleaner("clean", "--format", "jsonl", "nofile.txt", "inbox/good.txt", "bad.txt", "inbox/good.txt", cwd=place)
    records = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    assert [record["path"] for record in records] == ["nofile.txt", "inbox/good.txt", "bad.txt", "inbox/good.txt"]
    assert [record.get("error", {}).get("reason") for record in records] == ["not-found", None, "empty", None]
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 2)
    assert cleaner("clean", "nofile.txt", cwd=place).returncode == 3


@pytest.mark.parametrize(
    ("style", "begin"),
    [
        ("text", "Harrowgate to close"),
        ("markdown", "# Harrowgate to close"),
        ("html", "<!doctype html>"),
        ("json", "{\n"),
        ("jsonl", '{"path"'),
        ("atom", "<?xml"),
    ],
)
def test_every_format_is_written(style: str, begin: str, place: Path) -> None:
    """To standard output, and with -o to a file named after the input."""
    done = cleaner("clean", "--format", style, "inbox/good.txt", cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith(begin)
    assert cleaner("clean", "--format", style, "-o", "out", "inbox/good.txt", cwd=place).returncode == 0
    (made,) = (place / "out").iterdir()
    assert made.read_bytes() == done.stdout


def test_separators_of_lines_are_escaped_in_json(place: Path) -> None:
    """U+0085, U+2028 and U+2029 never break a line of JSON."""
    done = cleaner(
        "clean", "--format", "jsonl", "-", cwd=place, stdin=GOOD.replace(b"divers", "div\u2028\u2029\u0085ers".encode())
    )
    assert len(done.stdout.decode().splitlines()) == 1


def test_a_damaged_database_is_named_and_made_anew(place: Path) -> None:
    """Exit 4 with what to do; moved aside, the next round gives the same feeds."""
    assert cleaner("update", cwd=place).returncode == 0
    before = (place / "feeds" / "inbox.atom").read_bytes()
    database = place / "state" / "cleaner.sqlite3"
    for beside in (place / "state").glob("cleaner.sqlite3-*"):
        beside.unlink()
    database.write_bytes(b"\0" * 4096)
    done = cleaner("update", cwd=place)
    assert done.returncode == 4
    assert b"cleaner.sqlite3: damaged" in done.stderr
    assert b"move it aside" in done.stderr
    database.unlink()
    assert cleaner("update", cwd=place).returncode == 0
    assert (place / "feeds" / "inbox.atom").read_bytes() == before


@pytest.mark.slow
def test_a_locked_database_is_named(place: Path) -> None:
    """Another program holds the database: one line after a patient wait, nothing lost."""
    assert cleaner("update", cwd=place).returncode == 0
    (place / "inbox" / "more.txt").write_bytes((PAGES / "sentence-a-line.txt").read_bytes())
    other = sqlite3.connect(place / "state" / "cleaner.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    done = cleaner("update", cwd=place)
    assert done.returncode == 4
    assert b"locked by another program" in done.stderr
    other.close()
    assert cleaner("update", cwd=place).returncode == 0
    assert b"Fenmoor" in (place / "feeds" / "inbox.atom").read_bytes()


def test_a_full_disk_leaves_the_old_feed_whole(place: Path) -> None:
    """No room for files over a few kilobytes: one line that names the file; with room the next round finishes."""
    assert cleaner("update", cwd=place).returncode == 0
    before = (place / "feeds" / "inbox.atom").read_bytes()
    (place / "inbox" / "more.txt").write_bytes((PAGES / "sentence-a-line.txt").read_bytes())
    script = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)); from cleaner.cli import main; sys.argv = ['cleaner', 'update']; main()"
    done = subprocess.run(
        [sys.executable, "-c", f"if __name__ == '__main__': {script}"],
        cwd=place,
        capture_output=True,
        timeout=60,
        check=False,
        env=ENV,
    )
    assert done.returncode in {1, 3, 4}
    assert b"Traceback" not in done.stderr
    assert (place / "feeds" / "inbox.atom").read_bytes() == before
    assert cleaner("update", cwd=place).returncode == 0
    assert b"Fenmoor" in (place / "feeds" / "inbox.atom").read_bytes()


def test_a_missing_folder_is_an_error_of_the_configuration(place: Path) -> None:
    """Exit 2, before anything is done, with file and key."""
    (place / "inbox" / "good.txt").unlink()
    (place / "inbox").rmdir()
    done = cleaner("check", cwd=place)
    assert done.returncode == 2
    assert b"a.toml: source[1].path: no such folder" in done.stderr


def test_an_entry_is_explained_by_its_id(place: Path) -> None:
    """The id of a published entry leads to its raw page and the reasons."""
    assert cleaner("update", cwd=place).returncode == 0
    feed = (place / "feeds" / "inbox.atom").read_text()
    entry = feed.split("<entry")[1].split("<id>")[1].split("</id>")[0]
    done = cleaner("explain", entry, "--html", "why.html", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "words:promo.en:sign-up-now" in (place / "why.html").read_text()
    assert cleaner("explain", "tag:nobody,2026:x/y", cwd=place).returncode == 1

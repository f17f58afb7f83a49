"""Raw pages as files: what goes in comes out, and damage or a full disk is noticed."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from cleaner.datatypes import Claim
from cleaner.store import RawStore
from tests.samples import article_page


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    """Bytes that are no text, lines in the body, claims, and the offset of the time all survive."""
    raw = article_page(
        1,
        body=bytes(range(256)) + b"\n\n",
        source="inbox",
        media_type="text/html; charset=x",
        claims=(Claim("title", "Ü\n2", "sidecar"), Claim("author", "A", "sidecar")),
        fetched=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=-3))),
    )
    store = RawStore(tmp_path)
    assert store.keep(raw)
    assert store.read("inbox", raw.id) == raw
    assert list(store.all("inbox")) == [raw]
    assert list(store.all("other")) == []


def test_further_pages_come_back_in_their_order(tmp_path: Path) -> None:
    """Each with its address, empty ones and those with lines and zeros too; a page without any says nothing of them."""
    more = (
        ("https://a.example/x?page=2", b"two\n{}\0\n"),
        ("https://a.example/x?page=3", b""),
        ("ü", bytes(range(256))),
    )
    raw, alone = article_page(1, source="inbox", more=more), article_page(2, source="inbox")
    store = RawStore(tmp_path)
    assert store.keep(raw) and store.keep(alone)
    assert store.read("inbox", raw.id) == raw
    assert store.read("inbox", alone.id) == alone
    files = [gzip.decompress(store.path("inbox", page.id).read_bytes()) for page in (raw, alone)]
    heads = [json.loads(file.partition(b"\n")[0]) for file in files]
    assert heads[0]["more"] == [["https://a.example/x?page=2", 8], ["https://a.example/x?page=3", 0], ["ü", 256]]
    assert "more" not in heads[1]


@pytest.mark.parametrize(
    "told", [[["a", 10_000_000]], [["a", -1]], [["a", "9"]], [["a"]], [["a", 9, 9]], [7], 7, None, [["a", 1.5]]]
)
def test_further_pages_that_do_not_fit_make_a_damaged_file(tmp_path: Path, told: object) -> None:
    """Lengths that are not those of the bytes: no page, not a page with another's text."""
    raw = article_page(1, source="inbox", more=(("https://a.example/x?page=2", b"two"),))
    store = RawStore(tmp_path)
    store.keep(raw)
    path = store.path("inbox", raw.id)
    line, _, rest = gzip.decompress(path.read_bytes()).partition(b"\n")
    head = {**json.loads(line), "more": told}
    path.write_bytes(gzip.compress(json.dumps(head).encode() + b"\n" + rest))
    assert store.read("inbox", raw.id) is None
    assert list(store.all("inbox")) == []


def test_the_same_page_is_kept_once_and_as_the_same_bytes(tmp_path: Path) -> None:
    """A second time changes nothing, and no file depends on the clock."""
    raw = article_page(1, source="inbox")
    one, other = RawStore(tmp_path / "1"), RawStore(tmp_path / "2")
    assert [one.keep(raw), one.keep(raw), other.keep(raw)] == [True, False, True]
    assert one.path("inbox", raw.id).read_bytes() == other.path("inbox", raw.id).read_bytes()


def test_a_damaged_or_missing_file_is_no_page(tmp_path: Path) -> None:
    """Cut off, zeroed, another format, or gone: None, not a crash and not half a page."""
    raw = article_page(1, source="inbox")
    store = RawStore(tmp_path)
    store.keep(raw)
    path = store.path("inbox", raw.id)
    whole = path.read_bytes()
    for damage in (whole[:-10], b"\0" * len(whole), b"", gzip.compress(b"{}\nx"), gzip.compress(b"no json")):
        path.write_bytes(damage)
        assert store.read("inbox", raw.id) is None
    assert store.remove("inbox", raw.id) > 0
    assert store.read("inbox", raw.id) is None
    assert store.remove("inbox", raw.id) == 0


def test_a_full_disk_is_one_line_that_names_the_file(tmp_path: Path) -> None:
    """What cannot be written whole is not there at all."""
    script = (
        "import resource, signal, sys; from pathlib import Path; from cleaner.errors import StateError; from cleaner.store import RawStore\n"
        "from tests.samples import article_page\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: RawStore(Path(sys.argv[1])).keep(article_page(1, source='inbox'))\n"
        "except StateError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    raw = article_page(1, source="inbox")
    assert done.stdout == f"{RawStore(tmp_path).path('inbox', raw.id)}: File too large\n", done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

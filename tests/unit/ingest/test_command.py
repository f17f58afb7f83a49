"""Programs that print pages: real ones, run without a shell, ended when they take too long or print too much."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import PageError
from cleaner.ingest.command import run_command
from tests.samples import NOON


def _run(code: str, *, seconds: float = 20, most: int = 10_000, whole: int = 1 << 20) -> list[RawPage | PageError]:
    """All that a program in Python gives."""
    argv = (sys.executable, "-Ic", code)
    return list(run_command(argv, seconds=seconds, most=most, now=NOON, source="s", whole=whole))


def _shell(script: str, *arguments: str, seconds: float = 20) -> list[RawPage | PageError]:
    """All that a script of a shell gives."""
    return list(run_command(("sh", "-c", script, *arguments), seconds=seconds, most=10_000, now=NOON, source="s"))


def _error(found: list[RawPage | PageError]) -> str:
    """The last thing found, which is an error, behind the program's name."""
    assert isinstance(found[-1], PageError)
    assert "\n" not in str(found[-1])
    return f"{found[-1].reason}: {found[-1].detail}"


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html>\n<p>The ferry sails.\n",
        b"\n\n  The ferry sails\n\nAt noon.",
        b"{ is no way to begin a story\n{}\n",
        b"\xef\xbb\xbfThe ferry\r\n",
        b"[1, 2]\n",
        b'{"url": "https://a.example/",\n "text": "not on one line"}\n',
        b"{" * 5000,
    ],
)
def test_one_page_is_taken_as_it_is(page: bytes) -> None:
    """Every byte, also where it begins as JSON does and is none."""
    (raw,) = _run(f"import sys; sys.stdout.buffer.write({page!r})")
    assert isinstance(raw, RawPage)
    assert (raw.body, raw.media_type, raw.origin, raw.claims, raw.source) == (page, "", sys.executable, (), "s")
    assert raw.fetched == NOON


@pytest.mark.parametrize("printed", ["", "\n \n"])
def test_a_program_that_prints_nothing_gives_nothing(printed: str) -> None:
    """It had no news."""
    assert _run(f"print({printed!r}, end='')") == []


def test_json_lines_are_a_page_a_line() -> None:
    """Text or HTML, called by its address, with what stands beside it; blank lines count and are passed over."""
    lines = [
        "",
        json.dumps({"url": "https://a.example/1", "html": "<p>Färre", "author": ["Bo Winter", "Ines Calder"]}),
        "",
        json.dumps({"text": "Salt mine", "fetched": "2026-01-02T03:04:05Z", "title": None}, ensure_ascii=False),
    ]
    first, second = _run(f"print({chr(10).join(lines)!r}, end='')")
    assert isinstance(first, RawPage)
    assert isinstance(second, RawPage)
    assert (first.origin, first.media_type, first.body) == (
        "https://a.example/1",
        "text/html; charset=utf-8",
        "<p>Färre".encode(),
    )
    assert first.claims == (
        Claim("url", "https://a.example/1", "sidecar"),
        Claim("author", "Bo Winter", "sidecar"),
        Claim("author", "Ines Calder", "sidecar"),
    )
    assert (first.fetched, first.source) == (NOON, "s")
    assert (second.origin, second.media_type, second.body) == (
        f"{sys.executable}:4",
        "text/plain; charset=utf-8",
        b"Salt mine",
    )
    assert (second.claims, second.fetched) == ((), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ('{"text": "x", "titel": "T"}', 'line 2: unknown key "titel" (did you mean "title"?)'),
        ('{"text": "x", "title": 3}', "line 2: title: must be a text"),
        ('{"text": 3}', "line 2: text: must be a text"),
        ('{"url": "https://a.example/"}', 'line 2: must have one of "html" and "text"'),
        ('{"text": "x", "html": "x"}', 'line 2: must have one of "html" and "text"'),
        ('{"text": "x", "text": "y"}', 'line 2: not JSON: key "text" stands twice'),
        ('{"text": "x", "url": "ftp://a.example/"}', "line 2: url: 'ftp://a.example/' is no http(s) address"),
        ('{"text": "x", "fetched": "noon"}', "line 2: fetched: 'noon' is no ISO 8601 time"),
        ('{"text": "x"', "line 2: not JSON: "),
        ("<p>a page", "line 2: not JSON: "),
        ("[]", "line 2: must be one JSON object"),
    ],
)
def test_a_mistake_in_a_line_is_named_and_others_go_on(line: str, detail: str) -> None:
    """The number of the line, and the key."""
    good = '{"text": "x"}'
    found = _run(f"print({good!r}); print({line!r}); print({good!r})")
    assert [isinstance(one, RawPage) for one in found] == [True, False, True]
    assert _error(found[:2]).startswith(f"bad-meta: {detail}")
    assert str(found[1]).startswith(f"{sys.executable}:2: ")


def test_a_first_object_with_a_mistake_is_no_page() -> None:
    """An object begins JSON Lines, whatever its keys are."""
    found = _run('print(\'{"titel": "x"}\')')
    assert _error(found).startswith('bad-meta: line 1: must have one of "html" and "text"')


def test_its_status_and_its_last_complaint_come_after_the_pages() -> None:
    """What was printed before it failed is taken."""
    found = _run(
        "import sys; print('{\"text\": \"x\"}'); print('early\\nno \\x1b route\\n', file=sys.stderr); sys.exit(3)"
    )
    assert isinstance(found[0], RawPage)
    assert len(found) == 2
    assert _error(found) == "command-failed: ended with status 3: no   route"
    assert _error(_shell("kill -SEGV $$")).startswith("command-failed: ended by signal 11 (")


def test_complaints_alone_are_no_failure() -> None:
    """Programs tell of their progress; more of it than a pipe holds does not stop them."""
    found = _run("import sys; sys.stderr.write('x' * 300_000); print('<p>page')")
    assert [isinstance(one, RawPage) for one in found] == [True]


def test_what_cannot_be_started_is_named() -> None:
    """No such program; and nothing of a shell is understood."""
    (error,) = run_command(("no-such-program-here", "; ls"), seconds=1, most=10, now=NOON, source="s")
    assert str(error) == "no-such-program-here: command-failed: cannot be started: No such file or directory"
    (raw,) = run_command(("echo", "$HOME; `id` > x"), seconds=9, most=99, now=NOON, source="s")
    assert isinstance(raw, RawPage)
    assert raw.body == b"$HOME; `id` > x\n"


def test_it_sees_few_variables_and_nothing_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret of ours is in its environment."""
    for key, value in {"SECRET_TOKEN": "x", "TZ": "UTC", "LANG": "C.UTF-8"}.items():
        monkeypatch.setenv(key, value)
    (raw,) = _run("import os, sys; print(sorted(os.environ), repr(sys.stdin.read()))")
    assert isinstance(raw, RawPage)
    names, read = raw.body.decode().rsplit(" ", 1)
    assert set(json.loads(names.replace("'", '"'))) - {"LC_CTYPE"} <= {"HOME", "LANG", "PATH", "TZ"}
    assert "'TZ'" in names
    assert read == "''\n"


def _gone(pid: int) -> bool:
    """Whether a process ends within a moment."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_at_the_deadline_it_ends_with_all_that_it_started(tmp_path: Path) -> None:
    """The pages of whole lines are taken, the half line is not; the program's own child is gone too."""
    began = time.monotonic()
    script = 'sleep 60 & echo $! >"$0"; printf \'{"text": "x"}\\n{"text": "y"\'; echo waiting >&2; wait'
    found = _shell(script, str(tmp_path / "pid"), seconds=0.5)
    assert time.monotonic() - began < 5
    assert [isinstance(one, RawPage) for one in found] == [True, False]
    assert _error(found) == "timeout: not done within 0.5 s: waiting"
    assert _gone(int((tmp_path / "pid").read_text()))


def test_a_page_is_not_taken_before_it_is_whole() -> None:
    """One page that is still being printed at the deadline is none."""
    assert [_error(_shell("echo '<p>half a page'; sleep 60", seconds=0.3))] == ["timeout: not done within 0.3 s"]


def test_a_child_left_behind_does_not_keep_us_waiting(tmp_path: Path) -> None:
    """The program is done when it has ended, though something it started still holds its output open."""
    began = time.monotonic()
    found = _shell('sleep 60 & echo $! >"$0"; echo "<p>page"', str(tmp_path / "pid"))
    assert time.monotonic() - began < 5
    assert [isinstance(one, RawPage) for one in found] == [True]
    assert _gone(int((tmp_path / "pid").read_text()))


def test_when_nobody_reads_on_it_ends(tmp_path: Path) -> None:
    """A round that is stopped leaves no program behind."""
    script = 'echo $$ >"$0"; echo \'{"text": "x"}\'; sleep 60'
    pages = run_command(("sh", "-c", script, str(tmp_path / "pid")), seconds=60, most=99, now=NOON, source="s")
    assert isinstance(next(pages), RawPage)
    pages.close()  # type: ignore[attr-defined]
    assert _gone(int((tmp_path / "pid").read_text()))


def test_when_we_are_to_end_it_ends(tmp_path: Path) -> None:
    """Though it prints nothing; and nothing is left behind."""
    began = time.monotonic()
    found = run_command(
        ("sh", "-c", 'echo $$ >"$0"; sleep 60', str(tmp_path / "pid")),
        seconds=60,
        most=99,
        now=NOON,
        source="s",
        over=lambda: time.monotonic() > began + 0.3,
    )
    assert _error(list(found)) == "stopped: the daemon ends"
    assert time.monotonic() < began + 5
    assert _gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("while True: print('x' * 999)", "printed a page of more than 10000 bytes"),
        ("while True: print('x' * 9999, end='')", "printed a line of more than 110000 bytes"),
        ("while True: print()", "printed a page of more than 10000 bytes"),
        (
            "print('{\"text\": \"' + 'x' * 10001 + '\"}')\nwhile True: print('{\"text\": \"x\"}')",
            "line 1: 10001 bytes are more than 10000",
        ),
        ('while True: print(\'{"text": "x"}\')', "printed more than all pages together may have"),
    ],
)
def test_what_prints_too_much_is_ended(code: str, detail: str) -> None:
    """A page, a line without end, or all together."""
    found = _run(code, whole=300_000)
    assert _error(found) == f"too-large: {detail}"


def test_a_page_of_exactly_the_limit_is_taken() -> None:
    """As one page, and in a line."""
    for code in ("print('x' * 10_000, end='')", "print('{\"text\": \"' + 'x' * 10_000 + '\"}')"):
        (raw,) = _run(code)
        assert isinstance(raw, RawPage)
        assert len(raw.body) == 10_000


def test_no_file_stays_open() -> None:
    """Runs of all kinds leave no descriptor behind."""
    _shell("true")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for script in ("echo x", "exit 3", "while :; do echo 'x'; done", "exec no-such-program"):
        _shell(script, seconds=0.3)
    assert len(list(Path("/proc/self/fd").iterdir())) == before

"""kill -9 at any step of a round: afterwards files are old or new, never half, and the next round finishes the work.

A child of this test runs a real round and kills itself (SIGKILL, so that nothing is cleaned up) right before its Nth
call of what changes the disk: statements to the database, files opened, written, synced, renamed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.children import Children
from cleaner.datatypes import Settings, Subscription
from cleaner.publishing import Publisher
from cleaner.run import run_round
from cleaner.store import Store
from tests.feedlint import lint
from tests.samples import NOON, drop, inbox, settings, story

_STEPS = frozenset({"execute", "executescript", "open", "write", "fsync", "replace", "rename", "mkdir", "unlink"})
_SEED = 20260304


@dataclass(frozen=True)
class _Case:
    """A state after one round, changes in the folder since, and what the feeds are after an undisturbed second round."""

    before: Path
    expected: dict[str, bytes]
    steps: int


def _made(root: Path) -> tuple[Settings, Subscription]:
    """Settings and source of a case's folder."""
    source = Subscription("inbox", title="The inbox", path=root / "inbox")
    return settings(root, source), source


def _work(root: Path, children: Children) -> None:
    """A round and its publication."""
    made, source = _made(root)
    with Store(made.state_dir) as store:
        run_round(made, store, source, children, clock=lambda: NOON + timedelta(days=1))
        Publisher().publish(made, store)


def _dying(root: Path, when: int) -> int:
    """Do the same and die before the given step; how many steps there were, where it is none of them."""
    count = 0

    def watch(_frame: object, event: str, what: object) -> None:
        nonlocal count
        if event == "c_call" and getattr(what, "__name__", "") in _STEPS:
            count += 1
            if count == when:
                os.kill(os.getpid(), signal.SIGKILL)

    with Children(1, 30.0, 1 << 30, None, "cleaner.localhost,2026") as children:
        sys.setprofile(watch)
        _work(root, children)
        sys.setprofile(None)
    return count


def _start(root: Path, when: int) -> subprocess.CompletedProcess[str]:
    """Run ``_dying`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.test_kill", root, str(when)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def _feeds(root: Path) -> dict[str, bytes]:
    """All files of the feeds' folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in (root / "feeds").iterdir()}


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    """One pool for the undisturbed rounds."""
    with Children(1, 30.0, 1 << 30, None, "cleaner.localhost,2026") as pool:
        yield pool


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, children: Children) -> _Case:
    """Three stories published; then one edited, one doubled, two new, one that is empty."""
    root = tmp_path_factory.mktemp("kill") / "case"
    folder = root / "inbox"
    inbox(folder, 3)
    _work(root, children)
    drop(folder / "story-001.txt", story(1).replace("in spring", "in autumn").encode(), NOON + timedelta(hours=1))
    drop(folder / "twin.txt", story(2).replace("\n", "\r\n").encode(), NOON + timedelta(hours=2))
    drop(folder / "empty.txt", b"", NOON + timedelta(hours=3))
    for number in (3, 4):
        drop(folder / f"story-{number:03}.txt", story(number).encode(), NOON + timedelta(hours=4))
    before = root.with_name("before")
    shutil.copytree(root, before)
    done = _start(root, 0)
    assert done.returncode == 0, done.stderr
    expected = _feeds(root)
    shutil.rmtree(root)
    return _Case(before, expected, int(done.stdout))


def _check(case: _Case, when: int, children: Children) -> None:
    """Kill at a step, look at what is there, do a clean round, compare."""
    root = case.before.with_name(
        "case"
    )  # always the same place: names of folders stand in no feed, but may in a message
    shutil.copytree(case.before, root)
    try:
        old = _feeds(root)
        died = _start(root, when)
        assert died.returncode == -signal.SIGKILL, died.stderr
        for name, body in _feeds(root).items():
            if not name.startswith("."):
                assert body in (old.get(name), case.expected[name]), f"{name} is neither old nor new after step {when}"
        _work(root, children)
        assert _feeds(root) == case.expected, f"after step {when}"
        assert list(root.rglob("*.tmp")) == [], f"after step {when}"
    finally:
        shutil.rmtree(root)


def test_the_undisturbed_round_is_what_it_should_be(case: _Case) -> None:
    """The case is a real one: five entries of two feeds, no finding, and many steps at which to die."""
    assert case.expected["inbox.atom"].count(b"<entry") == 5
    assert b"autumn" in case.expected["inbox.atom"]
    assert lint(case.expected["inbox.atom"]) == []
    assert case.steps > 60


def test_killed_at_a_few_steps(case: _Case, children: Children) -> None:
    """Begin, middle and end of a round."""
    for when in (case.steps // 8, case.steps // 2, case.steps - 3):
        _check(case, when, children)


@pytest.mark.slow
def test_killed_at_many_steps(case: _Case, children: Children) -> None:
    """Twenty-four steps drawn by lot, always the same ones."""
    for when in sorted(random.Random(_SEED).sample(range(1, case.steps + 1), 24)):
        _check(case, when, children)


if __name__ == "__main__":
    print(_dying(Path(sys.argv[1]), int(sys.argv[2])))

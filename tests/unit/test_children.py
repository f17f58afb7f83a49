"""The pool of killable children: a page that hangs, explodes or kills its process costs that page alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaner.children import Children, Task
from cleaner.datatypes import Entry, Knowledge, Outcome, RawPage, Rejected, Subscription
from cleaner.errors import PageError
from tests.samples import article_page

_WORK = "tests.childwork:act"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_ROOM = 1 << 30


def _task(order: str) -> Task:
    """A page that tells the child what to do."""
    return RawPage(order, order, "", order.encode(), _NOW), Subscription("s")


def _children(seconds: float = 20.0, workers: int = 2) -> Children:
    """Children that do as the page says."""
    return Children(workers, seconds, _ROOM, Knowledge(), "a.example,2026", function=_WORK)


def _told(result: Outcome | PageError) -> str:
    """What came of a page, in a word."""
    if isinstance(result, PageError):
        return result.reason
    assert isinstance(result.result, Rejected)
    return result.result.reason.split(":")[0]


def test_results_keep_the_order_of_the_pages() -> None:
    """A slow page first does not let a quick one overtake it."""
    orders = ["sleep 0.3", "ok", "refuse", "break", "ok"]
    with _children() as children:
        results = list(children.clean(map(_task, orders)))
    assert [_told(result) for result in results] == ["sleep", "ok", "empty", "failed", "ok"]
    assert str(results[3]) == "break: failed: KeyError: 'a bug'"
    assert isinstance(results[2], PageError) and results[2].detail == "no text", (
        "an error survives the way between processes"
    )


@pytest.mark.slow
def test_a_page_that_explodes_or_dies_costs_itself_alone() -> None:
    """Pages before and after, and those in the other child, are cleaned as if nothing had been."""
    with _children() as children:
        results = list(children.clean(map(_task, ["ok", "explode", "ok", "die", "ok", "ok"])))
    assert [_told(result) for result in results] == ["ok", "memory", "ok", "crashed", "ok", "ok"]


@pytest.mark.slow
def test_a_page_that_hangs_is_killed_in_time_and_its_child_is_gone() -> None:
    """The limit of time holds, the pages after it are cleaned, and no process stays behind."""
    begun = time.monotonic()
    with _children(seconds=1.0) as children:
        results = list(children.clean(map(_task, ["hang", "ok", "ok"])))
    assert [_told(result) for result in results] == ["timeout", "ok", "ok"]
    assert time.monotonic() - begun < 10
    pids = {
        int(result.result.reason.split(":")[1])
        for result in results
        if isinstance(result, Outcome) and isinstance(result.result, Rejected)
    }
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.slow
def test_a_page_whose_child_died_of_another_cause_is_tried_again(tmp_path: Path) -> None:
    """A child killed from outside loses no page."""
    with _children(workers=1) as children:
        results = list(children.clean([_task(f"die-once {tmp_path / 'mark'}"), _task("ok")]))
    assert [_told(result) for result in results] == ["die-once", "ok"]


def test_pages_are_read_only_a_few_ahead() -> None:
    """Memory is bounded: while the first page is at work, not all others are in hand."""
    taken = 0

    def tasks() -> Iterator[Task]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield _task("ok")

    with _children() as children:
        results = children.clean(tasks())
        next(results)
        assert taken <= 6
        assert len(list(results)) == 99


def test_the_pipeline_runs_in_children() -> None:
    """Without further word a child cleans: a real page comes back as an entry."""
    with Children(1, 20.0, _ROOM, None, "a.example,2026") as children:
        (outcome,) = children.clean([(article_page(3), Subscription("inbox"))])
    assert isinstance(outcome, Outcome) and isinstance(outcome.result, Entry)
    assert "lottery" in outcome.result.article.text


@pytest.mark.slow
def test_the_pool_outlives_the_thread_that_first_used_it() -> None:
    """Children may die with the thread that started them; the next thread gets new ones."""
    told: list[str] = []
    with _children(workers=1) as children:

        def use() -> None:
            told.extend(map(_told, children.clean([_task("ok")])))

        for _ in range(3):
            thread = threading.Thread(target=use)
            thread.start()
            thread.join()
    assert told == ["ok", "ok", "ok"]


@pytest.mark.slow
def test_a_child_killed_while_idle_is_replaced() -> None:
    """A system short of memory may kill a child between two rounds; the next round does not notice."""
    with _children(workers=1) as children:
        pid = int(_pid(next(children.clean([_task("ok")]))))
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        assert [_told(result) for result in children.clean([_task("ok"), _task("ok")])] == ["ok", "ok"]


def _pid(result: Outcome | PageError) -> str:
    """The process number of the child that did a page."""
    assert isinstance(result, Outcome) and isinstance(result.result, Rejected)
    return result.result.reason.split(":")[1]


@pytest.mark.slow
def test_children_die_with_their_parent() -> None:
    """kill -9 of the parent, which can clean nothing up, leaves no child behind."""
    script = textwrap.dedent("""
        from tests.unit.test_children import _children, _pid, _task
        if __name__ == "__main__":
            with _children(workers=1) as children:
                results = children.clean([_task("ok"), _task("hang"), _task("ok"), _task("ok")])
                print(_pid(next(results)), flush=True)
                list(results)
    """)
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """Whether a process is there and no zombie that waits for its (killed) parent's parent."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_reader_that_hangs_or_fails_is_an_error_of_its_address() -> None:
    """And the next one is read."""
    with Children(1, 1.0, 1 << 30, Knowledge(), "cleaner.localhost,2026") as children:
        for function, argument, reason in (("time:sleep", 30, "timeout"), ("math:sqrt", -1, "failed")):
            with pytest.raises(PageError) as caught:
                children.read(function, "https://a.example/feed", argument)
            assert (caught.value.origin, caught.value.reason) == ("https://a.example/feed", reason)
        with pytest.raises(PageError) as caught:
            children.read(
                "cleaner.ingest.feeds:read_feed", "https://a.example/feed", b"hello", "https://a.example/feed"
            )
        assert caught.value.reason == "no-feed"
        assert children.read("math:sqrt", "https://a.example/feed", 4) == 2

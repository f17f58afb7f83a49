"""How fast a page is cleaned, beside parsing alone and beside peers. Everything is timed in processes of its own.

``python -m tests.benchmark.speed pages`` and ``... round`` print what they found as JSON; ``speed`` starts them one after
the other, so that neither the heap of the figures before nor a second process is in what they measure.
"""

from __future__ import annotations

import gc
import json
import logging
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import active_children
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cleaner import children, pipeline
from cleaner.children import Children
from cleaner.config import load_knowledge
from cleaner.datatypes import Knowledge, RawPage, Settings, Subscription
from cleaner.label import judge
from tests.benchmark.answered import BENCH, ROOT, SHARED
from tests.benchmark.peers import PEERS, installed
from tests.benchmark.tables import Row, progress, show
from tests.benchmark.unseen import raw_page

__all__ = ["speed"]

_EVERY = 8
_TEXT_LINES = 100
# The parts of a clean: name, and the function that does it, where it is called.
_STAGES = (
    ("parse", pipeline, "parse_page"),
    ("first look", judge, "look_at"),
    ("features", judge, "extract"),
    ("network", judge, "chances_of"),
    ("second opinion", judge, "second_opinion"),
)
_LOAD = "from cleaner.config import load_knowledge; from cleaner import pipeline; load_knowledge(None)"


def speed() -> dict[str, float]:
    """Print all figures of speed; the median CPU time of a page in milliseconds, by system."""
    told = _own_process("pages")
    rows: list[Row] = [
        [name, f"{told['ms'][name]:.1f}", f"{told['mean'][name]:.1f}", f"{told['ratio'][name]:.1f}"]
        if name in told["ms"]
        else [name, "not installed"]
        for name in ("lxml parse alone", "cleaner", *PEERS)
    ]
    show(
        f"CPU time, every {_EVERY}th HTML page ({told['pages']})",
        ["median ms", "mean ms", "median of times parse"],
        rows,
    )
    whole = sum(told["stages"].values())
    show(
        "where a clean's time goes",
        ["ms a page", "share"],
        [[name, f"{value:.2f}", f"{value / whole:.0%}"] for name, value in told["stages"].items()],
    )
    _starts(told)
    ran = _own_process("round")
    show(
        "a round over all HTML pages, two cores",
        ["figure"],
        [
            ["pages", ran["pages"]],
            ["pages a second", f"{ran['pages'] / ran['seconds']:.0f}"],
            ["peak memory, parent, MB", f"{ran['own']:.0f}"],
            ["peak memory, child, MB", f"{ran['child']:.0f}"],
        ],
    )
    ms: dict[str, float] = told["ms"]
    return ms


def _starts(told: dict[str, Any]) -> None:
    """Print what it takes to begin."""
    progress("timing starts")
    cleaner = str(Path(sys.executable).parent / "cleaner")
    seed = next((SHARED / "seeds").glob("002*.txt"))
    starts: list[tuple[str, float]] = [
        ("python -c pass", _timed([sys.executable, "-c", "pass"])),
        ("import and weights", _timed([sys.executable, "-c", _LOAD])),
        ("cleaner --help", _timed([cleaner, "--help"])),
        ("cleaner clean, one text page, cold", _timed([cleaner, "clean", str(seed)])),
    ]
    rows: list[Row] = [[name, f"{seconds:.2f} s"] for name, seconds in starts]
    rows.append([f"a clean of a text page of {told['lines']} lines, warm", f"{told['text']:.1f} ms"])
    show("starts (median of 5) and text", ["time"], rows)


def _own_process(what: str) -> dict[str, Any]:
    """What a process of its own found."""
    progress(f"timing {what}")
    command = [sys.executable, "-m", "tests.benchmark.speed", what]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _timed(command: list[str], times: int = 5) -> float:
    """The median wall time of a command in seconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


# ------------------------------------------------------------------------------------------- in processes of their own


def _raws(every: int) -> list[RawPage]:
    """Some of the HTML pages."""
    return [
        raw_page(json.loads(Path(str(path).removesuffix(".html.gz") + ".json").read_text("utf-8")), path)
        for path in sorted((BENCH / "html").rglob("*.html.gz"))[::every]
    ]


def _cleaned(knowledge: Knowledge) -> Callable[[RawPage], object]:
    """A whole clean under some knowledge."""
    return lambda raw: pipeline.clean_page(raw, Subscription(""), knowledge, "example.org,2026")


def _parsed(raw: RawPage) -> object:
    """What lxml makes of a page, and nothing else."""
    from lxml.html import document_fromstring

    return document_fromstring(raw.body)


def _asked(ask: Callable[[bytes], str]) -> Callable[[RawPage], object]:
    """A peer on a page's bytes."""
    return lambda raw: ask(raw.body)


def _cpu(work: Callable[[RawPage], object], raw: RawPage) -> float:
    """The CPU time of some work on a page in milliseconds, also where it fails."""
    begun = time.process_time()
    with suppress(Exception):  # a peer's failure takes the time it takes
        work(raw)
    return 1000 * (time.process_time() - begun)


@contextmanager
def _watched(spent: dict[str, float]) -> Iterator[None]:
    """The parts of a clean add the time that they take to ``spent``."""

    def watch(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            begun = time.process_time()
            try:
                return work(*arguments, **named)
            finally:
                spent[name] += 1000 * (time.process_time() - begun)

        return timed

    with ExitStack() as stack:
        for name, module, function in _STAGES:
            stack.enter_context(patch.object(module, function, watch(name, getattr(module, function))))
        yield


def _time_pages() -> dict[str, Any]:
    """Every system on the same pages, page by page; the parts of a clean; a text page."""
    logging.disable(logging.CRITICAL)
    knowledge = load_knowledge(None)
    gc.freeze()  # garbage is looked for as seldom as in the children that clean a round's pages; for peers, too
    gc.set_threshold(children._GARBAGE)
    raws = _raws(_EVERY)
    systems = {"lxml parse alone": _parsed, "cleaner": _cleaned(knowledge)}
    systems |= {name: _asked(ask) for name, (_, ask) in PEERS.items() if installed(name)}
    spent = {name: 0.0 for name, _, _ in _STAGES}
    taken: dict[str, list[float]] = {name: [] for name in systems}
    for raw in raws[:3]:  # what is imported and compiled on first use is there before anybody is timed
        for work in systems.values():
            _cpu(work, raw)
    with _watched(spent):
        for raw in raws:
            for name, work in systems.items():
                taken[name].append(_cpu(work, raw))
    whole = sum(taken["cleaner"])
    lines, text = _text_page(knowledge)
    return {
        "pages": len(raws),
        "ms": {name: statistics.median(values) for name, values in taken.items()},
        "mean": {name: statistics.fmean(values) for name, values in taken.items()},
        "ratio": {
            name: statistics.median(
                value / parse for value, parse in zip(values, taken["lxml parse alone"], strict=True)
            )
            for name, values in taken.items()
        },
        "stages": {name: value / len(raws) for name, value in {**spent, "rest": whole - sum(spent.values())}.items()},
        "lines": lines,
        "text": text,
    }


def _text_page(knowledge: Knowledge) -> tuple[int, float]:
    """Lines of the text page that is nearest to a hundred lines, and the median CPU time of its clean."""
    sizes = {path: path.read_text("utf-8").count("\n") + 1 for path in sorted((BENCH / "text").glob("*.txt"))}
    path = min(sizes, key=lambda path: abs(sizes[path] - _TEXT_LINES))
    work = _cleaned(knowledge)
    raw = raw_page({}, path)
    return sizes[path], statistics.median(_cpu(work, raw) for _ in range(9))


def _time_round() -> dict[str, float]:
    """A round's cleaning of all HTML pages on two cores."""
    limits = Settings(Path(), Path())
    begun = time.perf_counter()
    with Children(2, limits.page_seconds, limits.page_memory, None, limits.authority) as pool:
        done = sum(1 for _ in pool.clean((raw, Subscription("")) for raw in _each()))
        seconds = time.perf_counter() - begun
        peaks = [_peak(child.pid) for child in active_children()]
    return {"pages": done, "seconds": seconds, "own": _peak("self"), "child": max(peaks, default=0.0)}


def _peak(process: int | str | None) -> float:
    """The most memory that a process has held, in MB; 0 where the system does not tell. Unlike getrusage it leaves out what started it."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("utf-8")) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def _each() -> Iterator[RawPage]:
    """All HTML pages, one after the other, as a round reads them."""
    for path in sorted((BENCH / "html").rglob("*.html.gz")):
        yield raw_page({}, path)


if __name__ == "__main__":
    print(json.dumps(_time_round() if sys.argv[1:] == ["round"] else _time_pages()))

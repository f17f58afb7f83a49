"""Answered sets -> how well one story is told from two; a store of 100,000 entries -> what a look-up costs.

The thresholds of ``cleaner.dedupe`` were chosen on pairs made with other seeds and numbers of reports, and without two kinds of reports
(``templated.UNSEEN``); the pages themselves are the same. A look-up is timed beside one lxml parse of a median page in the same
process; it has no floor. ``python -m tests.benchmark.duplicates lookup [ENTRIES]`` prints what the timing found as JSON.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.dedupe import Telling, near_print, same_story
from cleaner.store import Store
from tests.benchmark.answered import BENCH, ROOT, Answered
from tests.benchmark.figures import Figures
from tests.benchmark.paired import Pair, different, same
from tests.benchmark.tables import Row, progress, show

__all__ = ["duplicates"]

_ENTRIES = 100_000
_WORDS = 40_000  # of the made language, by rank as rare as in texts of people


def duplicates(sets: dict[str, Answered], figures: Figures) -> None:
    """Print and note how many pairs were judged right, and print what a look-up costs."""
    progress("telling stories apart")
    pairs = [*same(sets), *different(sets)]
    with get_context("fork").Pool(2) as pool:
        told = list(pool.imap(_judged, pairs, 64))
    rows: dict[str, list[bool]] = defaultdict(list)
    for pair, found in zip(pairs, told, strict=True):
        rows[("one story: " if pair.same else "two: ") + pair.kind].append(found)
    show(
        "duplicates (the same text at two addresses of the bench left out)",
        ["pairs", "found the same"],
        [[kind, len(found), statistics.fmean(found)] for kind, found in rows.items()],
    )
    right = sum(found for pair, found in zip(pairs, told, strict=True) if pair.same)
    figures.floors["duplicates precision"] = right / max(1, sum(told))
    figures.floors["duplicates recall"] = right / sum(pair.same for pair in pairs)
    show("duplicates", ["share"], [[name, figures.floors[f"duplicates {name}"]] for name in ("precision", "recall")])
    progress("timing look-ups")
    command = [sys.executable, "-m", "tests.benchmark.duplicates", "lookup"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    table: list[Row] = [[name, value] for name, value in json.loads(done.stdout).items()]
    show("a story among stored ones", ["figure"], table)


def _judged(pair: Pair) -> bool:
    """Whether two texts are found and judged to be the same story: they share a print, and are alike."""
    one, other = Telling.of(pair.one), Telling.of(pair.other)
    return bool(set(near_print(one)) & set(near_print(other))) and same_story(one, other) > 0


# ----------------------------------------------------------------------------------------------- in a process of its own


def _made_texts(count: int) -> Iterator[str]:
    """Texts of a made language, from 80 to 3,000 words, the median 490; a third ends with the same notice."""
    chance = np.random.default_rng(1)
    vocabulary = np.array([_word(number) for number in range(_WORDS)], object)
    shares = np.cumsum(1 / np.arange(1, _WORDS + 1))

    def words(size: int) -> str:
        """So many words."""
        return " ".join(vocabulary[np.searchsorted(shares, chance.random(size) * shares[-1])])

    notice = words(60)
    for number in range(count):
        text = words(int(min(3000, max(80, chance.lognormal(6.2, 0.7)))))
        yield f"{text} {notice}" if number % 3 == 0 else text


def _word(number: int) -> str:
    """A word of the made language."""
    return "w" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def _fill(store: Store, count: int, chosen: set[int]) -> tuple[dict[int, str], float]:
    """Store so many entries, as rows of as little as the tables want, their texts whole; the texts of some of them, and seconds of placing one."""
    kept, spent = {}, 0.0
    texts = enumerate(_made_texts(count))
    while batch := list(islice(texts, 1000)):
        with store.transaction():
            for number, text in batch:
                digest, source = hashlib.sha256(text.encode()).hexdigest(), f"source-{number % 100}"
                store._ask(
                    "INSERT INTO pages (source, digest, origin, fetched, state) VALUES (?, ?, ?, '2026-01-01', 'published')",
                    *(source, digest, str(number)),
                )
                store._ask(
                    "INSERT INTO entries (id, source, digest, origin, url, exact, published, updated, entry) VALUES (?, ?, ?, ?, ?, ?, '2026-01-01', '2026-01-01', ?)",
                    *(str(number), source, digest, str(number), f"https://a.example/{number}", digest),
                    json.dumps({"article": {"text": text, "html": f"<p>{text}</p>"}}),
                )
                begun = time.process_time()
                store.stories.place(source, str(number), text)
                spent += time.process_time() - begun
                if number in chosen:
                    kept[number] = text
    return kept, spent / count


def _timed_lookups(count: int, each: int = 500) -> dict[str, Any]:
    """Fill a store, then look for stories: half of them new, half edited, shortened, in another frame."""
    chosen = set(random.Random(2).sample(range(count), min(each, count // 2)))
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        kept, placed = _fill(store, count, chosen)
        store._ask("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes = dict(store._ask("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        own = sum(size for name, size in sizes.items() if "stories" in name or "prints" in name)
        begun = time.perf_counter()
        with Store(Path(folder)) as again:
            again.check()
        opened, before = time.perf_counter() - begun, _memory()
        new, known, found = _lookups(store, kept)
    parse = _parse_ms()
    taken = sorted(new + known)
    median, high = statistics.median(taken), taken[int(0.99 * len(taken))]
    return {
        "entries": count,
        "a look-up, median": f"{median:.2f} ms, {median / parse:.1f} x lxml",
        "a look-up, p99": f"{high:.2f} ms, {high / parse:.1f} x lxml",
        "of a new story, median": f"{statistics.median(new):.2f} ms",
        "of a known story, median": f"{statistics.median(known):.2f} ms",
        "lxml parse of the median page": f"{parse:.2f} ms",
        "to place an entry: look-up and writing, mean": f"{1000 * placed:.2f} ms",
        "known stories found": found,
        "the database": f"{sum(sizes.values()) / 1e6:.0f} MB",
        "of which prints and stories": f"{own / 1e6:.0f} MB",
        "opened again (with SQLite's check of all of it)": f"{opened:.1f} s",
        "memory of the process before and after look-ups": f"{before:.0f} and {_memory():.0f} MB",
    }


def _lookups(store: Store, kept: dict[int, str]) -> tuple[list[float], list[float], float]:
    """Milliseconds of look-ups of new stories and of known ones, from the text on; the share of the known ones that was found."""
    chance, known, right = random.Random(3), list[float](), 0
    new = [_one(store, "x" + text.replace(" w", " x"))[0] for text in kept.values()]
    for number, text in kept.items():
        told = text.split()
        told = told[: int(len(told) * chance.uniform(0.5, 1))]
        for at in range(len(told)):
            if chance.random() < 0.01:
                told[at] = "edited"
        taken, found = _one(store, " ".join(["from", "another", "site", *told, "follow", "us"]))
        known.append(taken)
        right += found == number + 1
    return new, known, right / len(kept)


def _one(store: Store, text: str) -> tuple[float, int | None]:
    """The milliseconds of the processor for one look-up, and the story found."""
    begun = time.process_time()
    found = store.stories._find(Telling.of(text), "", "")
    return 1000 * (time.process_time() - begun), found


def _parse_ms() -> float:
    """The milliseconds that lxml needs for the page of median size, median of nine."""
    from lxml.html import document_fromstring

    files = sorted((BENCH / "html").rglob("*.html.gz"), key=lambda path: (path.stat().st_size, path.name))
    body, taken = gzip.decompress(files[len(files) // 2].read_bytes()), []
    for _ in range(9):
        begun = time.process_time()
        document_fromstring(body)
        taken.append(1000 * (time.process_time() - begun))
    return statistics.median(taken)


def _memory() -> float:
    """What the process holds now, in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text("utf-8")) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    print(json.dumps(_timed_lookups(int(sys.argv[2]) if len(sys.argv) > 2 else _ENTRIES)))

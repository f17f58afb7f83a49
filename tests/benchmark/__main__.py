"""``make bench``: accuracy against the shared pages, and speed as a ratio measured in the same run.

Accuracy floors stand in ``floors.json`` and may only rise: a figure below its floor ends with exit code 1. Speed has
no floor, because machines differ; it is printed beside what the same machine needs for parsing alone.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from cleaner.children import Children
from cleaner.datatypes import RawPage, Settings, Subscription
from cleaner.ingest import read_page
from tests.benchmark.peers import PEERS, installed, texts
from tests.benchmark.unseen import answers, scorer

ROOT = Path(__file__).parent.parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
FLOORS = Path(__file__).parent / "floors.json"
CLEANER = Path(sys.executable).parent / "cleaner"
_NOISES = frozenset({"ticker", "ad", "disclaimer", "related", "promo", "comments", "nav", "share", "consent", "bio"})


def main() -> int:
    """Run everything; 1 where a figure is below its floor."""
    if not (SHARED / "bench" / "score.py").exists():
        print(f"no bench data at {SHARED}: set CLEANER_SHARED")
        return 0
    figures = accuracy()
    speed()
    floors: dict[str, float] = json.loads(FLOORS.read_text())
    low = [
        f"{name}: {figures.get(name)} is below the floor {floor}"
        for name, floor in floors.items()
        if figures.get(name, 0.0) < floor
    ]
    print("\n".join(low) if low else f"all {len(floors)} floors hold")
    return 1 if low else 0


def accuracy() -> dict[str, float]:
    """All accuracy figures, every page judged by weights that never saw its domain; printed and returned by name."""
    score = scorer(SHARED)
    figures: dict[str, float] = {}

    def told(kind: str, subset: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
        found = score.pages_of(kind, SHARED / "bench", subset)
        return found, answers(kind, found)

    figures["seeds right"] = score.score_seeds(*told("seeds"))["right"]
    for name in ("fundus", "wcxb"):
        found, out = told("html", name)
        compare(score, name, found, out)
        html = score.score_body(found, out, 0)
        figures |= {f"html/{name} word F1": html["word_f1"], f"html/{name} shingle F1": html["shingle_f1"]}
        figures[f"html/{name} not rejected"] = 1 - html["rejected"] / html["pages"]
        figures[f"html/{name} not below half"] = 1 - html["below_half"] / html["pages"]
        figures |= {f"html/{name} {key}": value["right"] for key, value in score.score_metadata(found, out).items()}
    found, out = told("text")
    text = score.score_body(found, out, 0)
    figures |= {"text word F1": text["word_f1"], "text shingle F1": text["shingle_f1"]}
    figures["text not below half"] = 1 - text["below_half"] / text["pages"]
    figures |= {f"text/{name} word F1": value for name, value in text["groups"].items()}
    found, out = told("labels")
    labels = score.score_labels(found, out, 0)
    figures |= {f"labels {key}": labels[key] for key in ("body_kept", "noise_removed", "label_accuracy")}
    figures["labels pages that kept all body"] = 1 - labels["pages_that_lost_body"] / labels["pages"]
    print(f"labels: {labels['noise_words_per_1000_body_words']:.0f} noise words kept per 1,000 body words")
    figures |= {
        f"labels {name} removed": part["decided_right"] for name, part in labels["by_label"].items() if name in _NOISES
    }
    figures |= {f"labels {key}": value["right"] for key, value in score.score_metadata(found, out).items()}
    found, out = told("rejects")
    figures["rejects rejected"] = sum(bool(out[key].get("rejected")) for key in found) / len(found)
    for name, value in figures.items():
        print(f"{name:38} {value:.4f}")
    return figures


def compare(score: Any, name: str, found: dict[str, Any], out: dict[str, Any]) -> None:
    """Peers on the same pages, and the 95 % interval of our lead in word F1 (paired bootstrap, 2,000 resamples)."""
    rng = random.Random(1)
    ours = [score.bag_prf(out[key].get("text") or "", found[key][0]["body"])[2] for key in found]
    print(f"html/{name}: cleaner {statistics.fmean(ours):.4f}")
    for peer in filter(installed, PEERS):
        text = texts(peer, {key: path for key, (_, path, _) in found.items()})
        theirs = [score.bag_prf(text[key], found[key][0]["body"])[2] for key in found]
        leads = [one - other for one, other in zip(ours, theirs, strict=True)]
        means = sorted(statistics.fmean(rng.choices(leads, k=len(leads))) for _ in range(2000))
        print(f"html/{name}: {peer} {statistics.fmean(theirs):.4f}, our lead {means[50]:+.4f} to {means[1949]:+.4f}")


def timed(command: list[str], times: int = 5) -> float:
    """The median wall time of a command in seconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def speed() -> None:
    """Start-up, and a round over all HTML pages on both cores, beside parsing alone and a peer where it is installed."""
    seed = next((SHARED / "seeds").glob("002*.txt"))
    python = timed([sys.executable, "-c", "pass"])
    print(
        f"cleaner --help                     {timed([str(CLEANER), '--help']):.2f} s (python -c pass: {python:.2f} s)"
    )
    print(f"cleaner clean, one text page, cold {timed([str(CLEANER), 'clean', str(seed)]):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        pages = unpack(Path(folder))
        parse = parse_alone(pages)
        begun = time.perf_counter()
        limits = Settings(Path(), Path())
        done = 0
        with Children(2, limits.page_seconds, limits.page_memory, None, limits.authority) as children:
            for _ in children.clean((page, Subscription("")) for page in map(read_raw, pages)):
                done += 1
        whole = time.perf_counter() - begun
        shown = [read_page(path) for path in pages[:100]]
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"round over {done} HTML pages, 2 cores  {done / whole:.0f} pages/s, peak memory {own:.0f} MB parent, {child:.0f} MB child"
    )
    print(
        f"time of a clean / of parsing alone  {2 * whole / parse:.1f} (selectolax: {1000 * parse / done:.1f} ms a page)"
    )
    peer(shown)


def unpack(folder: Path) -> list[Path]:
    """The HTML bench pages as plain files."""
    paths = []
    for number, path in enumerate(sorted((SHARED / "bench" / "html").rglob("*.html.gz"))):
        target = folder / f"{number:04}.html"
        target.write_bytes(gzip.decompress(path.read_bytes()))
        paths.append(target)
    return paths


def read_raw(path: Path) -> RawPage:
    """A page as the round reads it."""
    return read_page(path)


def parse_alone(pages: list[Path]) -> float:
    """The time that parsing all pages takes, and nothing else."""
    from selectolax.lexbor import LexborHTMLParser

    bodies = [path.read_bytes() for path in pages]
    begun = time.perf_counter()
    for body in bodies:
        LexborHTMLParser(body)
    return time.perf_counter() - begun


def peer(raws: list[RawPage]) -> None:
    """trafilatura on some of the pages in this process, where the ``bench`` extra is installed."""
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed (extra `bench`): no peer measured")
        return
    from cleaner.config import load_knowledge
    from cleaner.pipeline import clean_page

    knowledge = load_knowledge(None)
    clean_page(raws[0], Subscription(""), knowledge, "example.org,2026")
    begun = time.perf_counter()
    for raw in raws:
        clean_page(raw, Subscription(""), knowledge, "example.org,2026")
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    for raw in raws:
        trafilatura.extract(raw.body)
    theirs = time.perf_counter() - begun
    print(
        f"time of a clean / of trafilatura   {ours / theirs:.2f} ({1000 * ours / len(raws):.0f} ms against {1000 * theirs / len(raws):.0f} ms a page)"
    )


if __name__ == "__main__":
    sys.exit(main())

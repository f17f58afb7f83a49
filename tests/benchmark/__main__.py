"""``make bench``: accuracy on the shared pages beside other extractors, and speed measured in the same run.

``python -m tests.benchmark`` runs everything; ``--raise`` then lifts the floors to today's figures; ``worst [SET] [N]``
shows the worst pages of a set. A figure below its floor in ``floors.json`` ends with exit code 1. Speed has no floor, because
machines differ; it stands beside what the same machine needs for parsing alone.
"""

from __future__ import annotations

import argparse
import sys

from tests.benchmark.answered import BENCH, HTML, SETS, SHARED, answered
from tests.benchmark.beside import beside_peers
from tests.benchmark.certainty import reliability
from tests.benchmark.duplicates import duplicates
from tests.benchmark.feeds import feeds
from tests.benchmark.figures import take
from tests.benchmark.flagged import flagged
from tests.benchmark.floors import compare
from tests.benchmark.inside import inside
from tests.benchmark.picture import PICTURE, draw
from tests.benchmark.slices import slices
from tests.benchmark.speed import speed
from tests.benchmark.unseen import scorer
from tests.benchmark.worst import show_worst


def main() -> int:
    """Run what was asked for; 1 where a figure is below its floor."""
    asked = _arguments()
    if not (BENCH / "score.py").exists():
        print(f"no bench data at {SHARED}: set CLEANER_SHARED")
        return 0
    score = scorer(SHARED)
    if asked.what == "worst":
        show_worst(answered(score, asked.set), asked.count)
        return 0
    sets = {name: answered(score, name) for name in SETS}
    accuracy = beside_peers(sets)
    figures = take(sets)
    slices(sets, figures)
    inside(sets, figures)
    flagged(sets, figures)
    reliability(sets, figures)
    duplicates(sets, figures)
    feeds(sets, figures)
    PICTURE.write_text(draw(accuracy, speed()), "utf-8")
    return compare(figures, BENCH, lift=asked.lift)


def _arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift the floors to today's figures")
    parts = parser.add_subparsers(dest="what")
    worst = parts.add_parser("worst", help="show the worst pages of a set")
    worst.add_argument("set", nargs="?", default=HTML[1], choices=SETS)
    worst.add_argument("count", nargs="?", type=int, default=10)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

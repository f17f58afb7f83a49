"""Answered HTML sets -> Cleaner beside other extractors on the same pages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.benchmark.answered import HTML, Answered, mean
from tests.benchmark.peers import PEERS, installed, texts
from tests.benchmark.tables import Row, progress, show

__all__ = ["beside_peers", "lead"]

_RESAMPLES = 2000


def beside_peers(sets: dict[str, Answered]) -> dict[str, float]:
    """Print the tables of HTML accuracy; the mean word F1 of each system over all HTML pages."""
    found = {name: pages.found for name, pages in sets.items() if name in HTML}
    told: dict[str, dict[str, dict[str, str]]] = {"cleaner": {name: sets[name].texts() for name in HTML}}
    for peer in filter(installed, PEERS):
        progress(f"asking {peer}")
        told[peer] = {
            name: texts(peer, {key: path for key, (_, path, _) in pages.items()}) for name, pages in found.items()
        }
    f1 = {system: {name: sets[name].f1_of(given[name]) for name in HTML} for system, given in told.items()}
    for name in HTML:
        rows: list[Row] = []
        for system in ("cleaner", *PEERS):
            if system not in told:
                rows.append([system, "not installed"])
                continue
            values = list(f1[system][name].values())
            rows.append(
                [system, mean(values), sets[name].shingle_f1(told[system][name]), sum(value < 0.5 for value in values)]
            )
        show(f"{name}, {len(found[name])} pages", ["word F1", "shingle F1", "below half"], rows)
    _leads(f1)
    return {system: mean(value for name in HTML for value in given[name].values()) for system, given in f1.items()}


def _leads(f1: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """The lead over the best peer of each set, with its interval."""
    peers = [system for system in f1 if system != "cleaner"]
    if not peers:
        return
    rows: list[Row] = []
    for title, names in (*((name, (name,)) for name in HTML), ("html", HTML)):
        values = {system: [one for name in names for one in f1[system][name].values()] for system in f1}
        best = max(peers, key=lambda system: mean(values[system]))
        low, middle, high = lead(values["cleaner"], values[best])
        rows.append([title, best, f"{middle:+.4f}", f"{low:+.4f} to {high:+.4f}"])
    show("lead in word F1 (paired bootstrap)", ["best peer", "lead", "95 % interval"], rows)


def lead(ours: list[float], theirs: list[float]) -> tuple[float, float, float]:
    """Lower bound, mean and upper bound of the difference: the middle 95 % of 2,000 resamples of the pages."""
    leads = np.array(ours) - np.array(theirs)
    rng = np.random.default_rng(1)
    means = [float(leads[rng.integers(0, len(leads), len(leads))].mean()) for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(leads.mean()), float(high)

"""Figures and ``floors.json`` -> whether each holds; ``--raise`` writes today's.

Floors may only rise and ceilings may only fall; a figure gets its first one by hand (floor 0, ceiling 1). They hold for one state of the bench's data, whose digest stands beside them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cleaner.learn.corpus import digest_of
from tests.benchmark.figures import Figures

__all__ = ["FLOORS", "broken", "compare", "raised"]

FLOORS = Path(__file__).parent / "floors.json"
_MARGIN = 0.002


def compare(figures: Figures, data: Path, *, lift: bool) -> int:
    """Say which figures hold, and write them where asked; 1 where one does not hold."""
    digest = digest_of(data)
    told: dict[str, Any] = json.loads(FLOORS.read_text("utf-8"))
    if told["data"] != digest:
        print(
            f"\nfloors.json is of other data ({told['data'][:12]}, not {digest[:12]}): nothing compared, nothing raised"
        )
        return 0
    low = broken(figures, told.get("floors", {}), told.get("ceilings", {}))
    count = len(told.get("floors", {})) + len(told.get("ceilings", {}))
    print("", *(low or [f"all {count} floors and ceilings hold"]), sep="\n")
    if lift:
        written = {
            "data": digest,
            "floors": raised(figures.floors, told.get("floors", {})),
            "ceilings": lowered(figures.ceilings, told.get("ceilings", {})),
        }
        FLOORS.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    return 1 if low else 0


def broken(figures: Figures, floors: Mapping[str, float], ceilings: Mapping[str, float]) -> list[str]:
    """A line for each figure that is missing, below its floor or above its ceiling."""
    low = [
        f"{name}: {figures.floors.get(name)} is below the floor {floor}"
        for name, floor in floors.items()
        if figures.floors.get(name, -math.inf) < floor
    ]
    return low + [
        f"{name}: {figures.ceilings.get(name)} is above the ceiling {ceiling}"
        for name, ceiling in ceilings.items()
        if figures.ceilings.get(name, math.inf) > ceiling
    ]


def raised(figures: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, float]:
    """Floors a margin below today's figures, where these are higher than the old floors."""
    today = {name: math.floor((value - _MARGIN) * 10_000) / 10_000 for name, value in figures.items()}
    return {name: max(floor, today.get(name, floor)) for name, floor in floors.items()}


def lowered(figures: Mapping[str, float], ceilings: Mapping[str, float]) -> dict[str, float]:
    """Ceilings a margin above today's figures, where these are lower than the old ceilings."""
    today = {name: math.ceil((value + _MARGIN) * 10_000) / 10_000 for name, value in figures.items()}
    return {name: min(ceiling, today.get(name, ceiling)) for name, ceiling in ceilings.items()}

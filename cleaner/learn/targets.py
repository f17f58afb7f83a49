"""Gold and readings -> the labels that each block or line may have, and how much it counts in training. Reads ``readings.json``."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cleaner.datatypes import Label, Page
from cleaner.label.look import Look
from cleaner.learn.align import tokens
from cleaner.text import fold

__all__ = [
    "LINE",
    "NOT_BODY",
    "READINGS",
    "Targets",
    "block_print",
    "block_targets",
    "line_targets",
    "reading_of",
    "targets_by_line",
]

READINGS = Path(__file__).parent / "readings.json"


NOT_BODY = frozenset(Label) - {Label.BODY}


_WEAK = 0.9  # how sure a first look must be to tell which noise a block is that gold tells not to be body


LINE = re.compile(r"\r\n|\n|\r")


Targets = list[tuple[frozenset[Label], float]]


def block_print(text: str) -> str:
    """The hash by which a block of a labelled page is known again: 48 bits of SHA-256 over its words."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:12]


def block_targets(
    page: Page, look: Look, marks: Sequence[int], title: str, reading: dict[str, list[frozenset[Label]]] | None
) -> Targets:
    """The labels that each block may have: by reading where there is one, else by gold and sure first looks."""
    out: Targets = []
    told = tokens(title)
    for block, mark, first in zip(page.blocks, marks, look.firsts, strict=True):
        read = _next(reading, block_print(block.text)) if reading is not None else None
        if block.kind.value in {"image", "embed"}:
            out.append((read or frozenset(Label), 0.3 if read else 0.0))
        elif mark < 0:
            out.append((frozenset(Label), 0.0))
        elif mark == 1:
            out.append((frozenset({Label.BODY}), 1.0 if read is None or Label.BODY in read else 0.5))
        elif read is not None:
            out.append((read - {Label.BODY} or NOT_BODY, 2.0 if read - {Label.BODY} else 0.5))
        elif told and tokens(block.text) == told:
            out.append((frozenset({Label.TITLE}), 1.0))
        elif first is not None and first.score >= _WEAK and first.label is not Label.BODY:
            out.append((frozenset({first.label}), 1.0))
        else:
            out.append((NOT_BODY, 1.0))
    return out


def _next(reading: dict[str, list[frozenset[Label]]], key: str) -> frozenset[Label] | None:
    """The next reading of a block's text; the last one stands for all further ones."""
    found = reading.get(key)
    if not found:
        return None
    return found.pop(0) if len(found) > 1 else found[0]


@cache
def _all_readings() -> dict[str, dict[str, list[frozenset[Label]]]]:
    """Page digest -> block print -> the labels of the blocks with that print, in order."""
    told = json.loads(READINGS.read_text("utf-8"))["pages"] if READINGS.exists() else {}
    out: dict[str, dict[str, list[frozenset[Label]]]] = {}
    for digest, blocks in told.items():
        known: dict[str, list[frozenset[Label]]] = defaultdict(list)
        for print_, labels in blocks:
            known[print_].append(frozenset(Label(label) for label in labels.split("/")))
        out[digest] = known
    return out


def line_targets(text: str, gold: dict[str, Any]) -> Targets:
    """The labels and the weight of each line of a text page; line 1 is the first."""
    count = len(LINE.split(text))
    if "labels" in gold:
        found: list[set[Label]] = [set() for _ in range(count)]
        for run in gold["labels"]:
            for number in range(run["from"], run["to"] + 1):
                found[number - 1].add(Label(run["label"]))
        for more in gold.get("also") or ():
            found[more["line"] - 1].update(map(Label, more["labels"]))
        return [(frozenset(labels), 1.0) if labels else (frozenset(Label), 0.0) for labels in found]
    keep, titles = set(gold["keep"]), set(gold.get("title_lines") or ())
    doubtful = {entry["line"] if isinstance(entry, dict) else entry for entry in gold.get("doubtful") or ()}
    return [
        (
            frozenset({Label.BODY}) if number in keep else frozenset({Label.TITLE}) if number in titles else NOT_BODY,
            0.0 if number in doubtful else 1.0,
        )
        for number in range(1, count + 1)
    ]


def targets_by_line(page: Page, lines: Targets) -> Targets:
    """The target of each block of a text page; what a cut took out of a line is nobody's to learn."""
    return [
        (frozenset(Label), 0.0) if block.chars is not None and block.selected else lines[block.lines[0] - 1]
        for block in page.blocks
        if block.lines is not None
    ]


def reading_of(digest: str) -> dict[str, list[frozenset[Label]]] | None:
    """Block print -> the labels that readers gave to the blocks of a page with that print, in order; None for a page not read."""
    known = _all_readings().get(digest)
    return {print_: list(labels) for print_, labels in known.items()} if known is not None else None

"""One page of a benchmark folder -> its gold, its fold, and the page as it is parsed and looked at. Reads disk."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cleaner.datatypes import Claim, Knowledge, Page, RawPage
from cleaner.errors import PageError
from cleaner.label.judge import cuts_of
from cleaner.label.look import Look, look_at
from cleaner.label.words import lexicon
from cleaner.learn.augment import Line
from cleaner.learn.folds import fold_of
from cleaner.learn.targets import LINE, Targets, line_targets
from cleaner.parse import parse_page

__all__ = ["Job", "Seen", "labelled_lines", "raw_page", "see"]

_FETCHED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Job:
    """One page on disk: its file, its folder's kind (``html text labels rejects``), its number there, and what is known of it."""

    path: Path
    kind: str
    number: int
    gold: dict[str, Any]

    @classmethod
    def of(cls, path: Path, kind: str, number: int) -> Job:
        """A page with the JSON beside it. Raises OSError."""
        stem = path.name.removesuffix(".gz").rsplit(".", 1)[0]
        return cls(path, kind, number, json.loads((path.parent / f"{stem}.json").read_text("utf-8")))

    @property
    def fold(self) -> int:
        """The fold of the page; one without address goes by its publisher."""
        gold = self.gold
        return fold_of(gold.get("url") or gold.get("domain") or gold.get("publisher") or self.path.name)

    @property
    def name(self) -> str:
        """The file's name without what compresses it."""
        return self.path.name.removesuffix(".gz")

    @property
    def title(self) -> str:
        """The headline that is known of the page; empty where none is."""
        return self.gold.get("title") or ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page, parsed and looked at."""

    raw: RawPage
    page: Page
    look: Look


def raw_page(body: bytes, name: str, media_type: str, url: str | None) -> RawPage:
    """A page as a round would hand it in."""
    claims = (Claim("url", url, "sidecar"),) if url else ()
    return RawPage(hashlib.sha256(body).hexdigest(), name, media_type, body, _FETCHED, claims)


def see(job: Job, knowledge: Knowledge, text: str | None = None) -> Seen | None:
    """The page of a job, or a text made of it; None where it cannot be parsed."""
    url = job.gold.get("url")
    if text is not None:
        raw = raw_page(text.encode("utf-8", "replace"), f"{job.name}.txt", "text/plain", url)
    elif job.path.suffix == ".gz":
        raw = raw_page(gzip.decompress(job.path.read_bytes()), job.name, "text/html", url)
    else:
        raw = raw_page(job.path.read_bytes(), job.name, "text/plain", url)
    try:
        page = parse_page(raw, cuts=cuts_of(knowledge) if raw.media_type == "text/plain" else ())
    except PageError:
        return None
    return Seen(raw, page, look_at(page, lexicon(knowledge.words)))


def labelled_lines(text: str, gold: dict[str, Any]) -> Iterator[Line]:
    """The lines of a text page that are not empty, with their targets, and whether a blank line is above."""
    lines: Targets = line_targets(text, gold)
    gap = True
    for line, target in zip(LINE.split(text), lines, strict=True):
        if line.strip():
            yield Line(line, *target, gap)
        gap = not line.strip()

"""The benchmark's folder -> samples to learn from and to measure on. Reads disk.

A sample is a page with its first look and its features, and for each block the labels that it may have. ``html`` and
``text`` pages tell only what is body; ``labels`` tell every line; ``rejects`` hold no article; ``readings.json``, which
belongs to the project, tells every block of some ``html`` pages, as hashes of text and labels without any text.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Claim, Knowledge, Label, Origin, Page, RawPage
from cleaner.errors import PageError
from cleaner.label.features import Features, extract
from cleaner.label.judge import cuts_of
from cleaner.label.look import Look, look_at
from cleaner.label.words import lexicon
from cleaner.language import guess_language
from cleaner.learn.align import align, tokens, word_f1
from cleaner.learn.augment import Line, Story, augmented
from cleaner.learn.folds import FOLDS, fold_of
from cleaner.learn.render import STYLES, rendered
from cleaner.learn.targets import (
    LINE,
    NOT_BODY,
    READINGS,
    Targets,
    block_targets,
    line_targets,
    reading_of,
    targets_by_line,
)
from cleaner.parse import parse_page

__all__ = ["Sample", "digest_of", "folds", "load_samples"]

_FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
_LABELS = tuple(Label)
_GOOD_GOLD = 0.93  # word F1 that the best choice of blocks must reach for a page to be learnt from


@dataclass(frozen=True, slots=True)
class Sample:
    """A page to learn from or to measure on.

    group: ``wcxb fundus rejects text labels`` for real pages, ``made`` for those made of them; allowed: one row a block;
    weight: how much each block counts; gold: the words of the body, None where lines are labelled or there is no article;
    measured: whether it may be measured on.
    """

    key: str
    group: str
    fold: int
    raw: RawPage
    page: Page
    look: Look
    features: Features
    allowed: NDArray[np.bool_]
    weight: NDArray[np.float32]
    gold: tuple[str, ...] | None
    learnt: bool = True

    @property
    def text(self) -> bool:
        """Whether it is a page of plain text."""
        return self.page.blocks[0].origin is Origin.TEXT

    @property
    def measured(self) -> bool:
        """Whether figures are taken on it: on real pages alone."""
        return self.group != "made"


@dataclass(frozen=True, slots=True)
class _Job:
    """What makes samples: one page on disk."""

    path: Path
    kind: str
    number: int


_KNOWN = [Knowledge()]  # what the processes that make samples share: set before they start
_STORIES: dict[int, list[tuple[str, Story]]] = {}


def digest_of(data: Path) -> str:
    """The digest of all that is learnt from, names and bytes."""
    told = hashlib.sha256()
    for path in [
        *sorted(
            path
            for kind in ("html", "text", "labels", "rejects")
            for path in (data / kind).rglob("*")
            if path.is_file()
        ),
        READINGS,
    ]:
        told.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def load_samples(data: Path, knowledge: Knowledge, workers: int = 2) -> list[Sample]:
    """All samples of a benchmark folder, in an order that does not depend on the machine."""
    _KNOWN[0] = replace(knowledge, models=None, rules=())
    jobs = [
        _Job(path, kind, number)
        for kind, pattern in (("html", "*.html.gz"), ("rejects", "*.html.gz"), ("text", "*.txt"), ("labels", "*.txt"))
        for number, path in enumerate(sorted((data / kind).rglob(pattern)))
    ]
    _STORIES.clear()
    context = get_context("fork")
    with context.Pool(workers) as pool:
        for number, key, story in filter(None, pool.imap(_story, jobs, 16)):
            _STORIES.setdefault(number, []).append((key, story))
    with context.Pool(workers) as pool:
        return [sample for made in pool.imap(_samples, jobs, 8) for sample in made]


def _gold(path: Path) -> dict[str, Any]:
    """What is known of a page: the JSON beside it."""
    stem = path.name.removesuffix(".gz").rsplit(".", 1)[0]
    told: dict[str, Any] = json.loads((path.parent / f"{stem}.json").read_text("utf-8"))
    return told


def _fold(gold: dict[str, Any], path: Path) -> int:
    """The fold of a page; one without address goes by its publisher."""
    return fold_of(gold.get("url") or gold.get("domain") or gold.get("publisher") or path.name)


def _story(job: _Job) -> tuple[int, str, Story] | None:
    """The article of an HTML page, from which teasers are made for other pages of its fold."""
    if job.kind != "html":
        return None
    gold = _gold(job.path)
    parts = tuple(part for part in gold["body"].split("\n") if len(part) > 60)[:25]
    if not parts:
        return None
    return (
        _fold(gold, job.path),
        job.path.name,
        Story(gold.get("title") or parts[0][:60], parts, guess_language(gold["body"]) or "en"),
    )


def _samples(job: _Job) -> list[Sample]:
    """The samples that one page on disk gives: itself, and pages made of it."""
    gold = _gold(job.path)
    if job.kind in {"html", "rejects"}:
        return list(_from_html(job, gold))
    return list(_from_text(job, gold))


def _raw(body: bytes, name: str, media_type: str, url: str | None) -> RawPage:
    """A page as a round would hand it in."""
    claims = (Claim("url", url, "sidecar"),) if url else ()
    return RawPage(hashlib.sha256(body).hexdigest(), name, media_type, body, _FETCHED, claims)


def _sample(
    key: str,
    group: str,
    fold: int,
    seen: tuple[RawPage, Page, Look],
    targets: Targets,
    *,
    words: tuple[str, ...] | None,
    learnt: bool = True,
) -> Sample:
    """A sample of a page and its blocks' targets."""
    allowed = np.array([[label in labels for label in _LABELS] for labels, _ in targets], bool)
    weight = np.array([share for _, share in targets], np.float32)
    raw, page, look = seen
    return Sample(key, group, fold, raw, page, look, extract(page, look), allowed, weight, words, learnt)


# ------------------------------------------------------------------------------------------------------------ HTML


def _from_html(job: _Job, gold: dict[str, Any]) -> Iterator[Sample]:
    """The sample of an HTML page, and pages of text that print it."""
    name = job.path.name.removesuffix(".gz")
    raw = _raw(gzip.decompress(job.path.read_bytes()), name, "text/html", gold.get("url"))
    try:
        page = parse_page(raw)
    except PageError:
        return
    look = look_at(page, lexicon(_KNOWN[0].words))
    key, fold, seen = f"{job.path.parent.name}/{name}", _fold(gold, job.path), (raw, page, look)
    if job.kind == "rejects":
        yield _sample(key, "rejects", fold, seen, [(NOT_BODY, 0.5)] * len(page.blocks), words=None)
        return
    marks = align([block.text for block in page.blocks], gold["body"])
    words = tuple(tokens(gold["body"]))
    spoken = [
        word
        for block, mark in zip(page.blocks, marks, strict=True)
        if mark == 1 and block.kind.value not in {"image", "embed"}
        for word in tokens(block.text)
    ]
    good = word_f1(spoken, words) > _GOOD_GOLD
    targets = block_targets(page, look, marks, gold.get("title") or "", reading_of(raw.id))
    yield _sample(key, job.path.parent.name, fold, seen, targets, words=words, learnt=good)
    if good:
        for turn in range(1 if job.path.parent.name == "wcxb" else 3):
            rng = Random(job.number * 16 + turn)  # noqa: S311 - noise for training, no secret
            lines = rendered(page.blocks, targets, STYLES[(job.number + turn) % len(STYLES)], rng)
            if turn % 2 or rng.random() < 0.5:
                lines = augmented(lines, *_company(job, gold), rng)
            yield from _made(job, gold, lines, turn, 0.5)


# ------------------------------------------------------------------------------------------------------------ text


def _from_text(job: _Job, gold: dict[str, Any]) -> Iterator[Sample]:
    """The sample of a text page, and copies of it with noise added."""
    text = job.path.read_text("utf-8")
    labelled = "labels" in gold
    lines = line_targets(text, gold)
    raw = _raw(text.encode(), job.path.name, "text/plain", gold.get("url"))
    page = parse_page(raw, cuts=cuts_of(_KNOWN[0]))
    look = look_at(page, lexicon(_KNOWN[0].words))
    learnt = not gold.get("suspect")
    words = None if labelled else tuple(tokens(gold["body"]))
    factor = 2.0 if labelled else 1.0
    targets = [(labels, share * factor) for labels, share in targets_by_line(page, lines)]
    yield _sample(
        f"{job.kind}/{job.path.name}",
        job.kind,
        _fold(gold, job.path),
        (raw, page, look),
        targets,
        words=words,
        learnt=learnt,
    )
    if learnt:
        kept = [Line(line, *target, gap) for line, target, gap in _with_gaps(text, lines)]
        for turn in range(3 if labelled else 1):
            rng = Random(zlib.crc32(job.path.name.encode()) + turn)  # noqa: S311 - noise for training, no secret
            own, others = _company(
                job, gold, tuple(line.text for line in kept if line.allowed == {Label.BODY} and len(line.text) > 60)
            )
            yield from _made(job, gold, augmented(kept, own, others, rng), turn, 1.0 if labelled else 0.5)


def _with_gaps(text: str, lines: Targets) -> Iterator[tuple[str, tuple[frozenset[Label], float], bool]]:
    """The lines that are not empty, with their targets, and whether a blank line is above."""
    gap = True
    for line, target in zip(LINE.split(text), lines, strict=True):
        if line.strip():
            yield line, target, gap
        gap = not line.strip()


def _company(job: _Job, gold: dict[str, Any], parts: tuple[str, ...] = ()) -> tuple[Story, list[Story]]:
    """A page's own story, and those of other pages of its fold."""
    told = _STORIES.get(_fold(gold, job.path), [])
    own = next((story for key, story in told if key == job.path.name), None)
    title = gold.get("title") or "News"
    mine = own or Story(title, parts, guess_language(" ".join(parts)) or "en")
    return mine, [story for key, story in told if key != job.path.name and story.title != title]


def _made(job: _Job, gold: dict[str, Any], lines: Sequence[Line], turn: int, share: float) -> Iterator[Sample]:
    """The sample of a page of text made of lines."""
    printed: list[str] = []
    targets: Targets = []
    for line in lines:
        if line.gap and printed:
            printed.append("")
            targets.append((frozenset(Label), 0.0))
        printed.append(" ".join(line.text.split("\n")))
        targets.append((line.allowed, line.weight * share))
    raw = _raw(
        "\n".join(printed).encode("utf-8", "replace"), f"{job.path.name}-{turn}.txt", "text/plain", gold.get("url")
    )
    try:
        page = parse_page(raw, cuts=cuts_of(_KNOWN[0]))
    except PageError:
        return
    look = look_at(page, lexicon(_KNOWN[0].words))
    yield _sample(
        f"made/{job.kind}/{job.path.name}-{turn}",
        "made",
        _fold(gold, job.path),
        (raw, page, look),
        targets_by_line(page, targets),
        words=None,
    )


def folds() -> range:
    """The numbers of the folds."""
    return range(FOLDS)

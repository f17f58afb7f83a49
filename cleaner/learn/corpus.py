"""The benchmark's folder -> samples to learn from and to measure on. Reads disk.

A sample is a page with its first look and its features, and for each block the labels that it may have. ``html`` and
``text`` pages tell only what is body; ``labels`` tell every line; ``rejects`` hold no article; ``readings.json``, which
belongs to the project, tells every block of some ``html`` pages, as hashes of text and labels without any text.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Knowledge, Label, Origin, Page, RawPage
from cleaner.label.features import Features, extract
from cleaner.label.look import Look, look_at
from cleaner.label.words import lexicon
from cleaner.language import guess_language
from cleaner.learn.align import align, tokens, word_f1
from cleaner.learn.augment import Borrowed, Line, Story, augmented
from cleaner.learn.folds import FOLDS
from cleaner.learn.graft import grafted
from cleaner.learn.lend import Lender, Lenders, lender_of
from cleaner.learn.pages import Job, Seen, labelled_lines, see
from cleaner.learn.render import STYLES, rendered
from cleaner.learn.targets import (
    NOT_BODY,
    READINGS,
    Targets,
    block_targets,
    line_targets,
    reading_of,
    targets_by_line,
)

__all__ = ["Sample", "digest_of", "folds", "load_samples"]

_LABELS = tuple(Label)
_GOOD_GOLD = 0.93  # word F1 that the best choice of blocks must reach for a page to be learnt from
_KINDS = (("html", "*.html.gz"), ("rejects", "*.html.gz"), ("text", "*.txt"), ("labels", "*.txt"))
_GRAFTS = 2  # copies of a newsroom's page with parts of other pages
_WHOLE = 0.25  # how often a whole article is put below another one


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


_KNOWN = [Knowledge()]  # what the processes that make samples share: set before they start
_LENT = [Lenders()]


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
        Job.of(path, kind, number)
        for kind, pattern in _KINDS
        for number, path in enumerate(sorted((data / kind).rglob(pattern)))
    ]
    context = get_context("fork")
    with context.Pool(workers) as pool:
        _LENT[0] = Lenders(filter(None, pool.imap(_lender, jobs, 16)))
    with context.Pool(workers) as pool:
        return [sample for made in pool.imap(_samples, jobs, 8) for sample in made]


def _lender(job: Job) -> Lender | None:
    """What a page lends to others."""
    return lender_of(job, _KNOWN[0])


def _samples(job: Job) -> list[Sample]:
    """The samples that one page on disk gives: itself, and pages made of it."""
    return list(_from_html(job) if job.kind in {"html", "rejects"} else _from_text(job))


def _sample(
    job: Job,
    key: str,
    group: str,
    seen: Seen,
    targets: Targets,
    *,
    words: tuple[str, ...] | None = None,
    learnt: bool = True,
) -> Sample:
    """A sample of a page and its blocks' targets."""
    allowed = np.array([[label in labels for label in _LABELS] for labels, _ in targets], bool)
    weight = np.array([share for _, share in targets], np.float32)
    features = extract(seen.page, seen.look)
    return Sample(key, group, job.fold, seen.raw, seen.page, seen.look, features, allowed, weight, words, learnt)


def _rng(job: Job, turn: int) -> Random:
    """The generator of one of a page's copies."""
    return Random(zlib.crc32(f"{job.kind}/{job.name}".encode()) + turn)  # noqa: S311 - noise for training, no secret


# ------------------------------------------------------------------------------------------------------------ HTML


def _from_html(job: Job) -> Iterator[Sample]:
    """The sample of an HTML page, copies of it with parts of others, and pages of text that print it."""
    seen = see(job, _KNOWN[0])
    if seen is None:
        return
    folder = job.path.parent.name
    if job.kind == "rejects":
        nothing: Targets = [(NOT_BODY, 0.5)] * len(seen.page.blocks)
        yield _sample(job, f"rejects/{job.name}", "rejects", seen, nothing)
        return
    marks = align([block.text for block in seen.page.blocks], job.gold["body"])
    words = tuple(tokens(job.gold["body"]))
    spoken = [
        word
        for block, mark in zip(seen.page.blocks, marks, strict=True)
        if mark == 1 and block.kind.value not in {"image", "embed"}
        for word in tokens(block.text)
    ]
    good = word_f1(spoken, words) > _GOOD_GOLD
    targets = block_targets(seen.page, seen.look, marks, job.title, reading_of(seen.raw.id))
    yield _sample(job, f"{folder}/{job.name}", folder, seen, targets, words=words, learnt=good)
    if good:
        if folder != "wcxb":  # its guides and lists of products look like what is grafted: networks then lost them
            yield from _with_grafts(job, seen, targets)
        for turn in range(1 if folder == "wcxb" else 3):
            rng = _rng(job, turn)
            lines = rendered(seen.page.blocks, targets, STYLES[(job.number + turn) % len(STYLES)], rng)
            if turn % 2 or rng.random() < 0.5:
                lines = augmented(lines, _own(job), _borrowed(job), rng)
            yield from _printed(job, lines, turn, 0.5)


def _with_grafts(job: Job, seen: Seen, targets: Targets) -> Iterator[Sample]:
    """Copies of an HTML page that hold elements of other pages of its fold."""
    mates = _LENT[0].mates(job)
    parts = [part for mate in mates for part in mate.parts]
    wholes = [mate.whole for mate in mates if mate.whole is not None]
    for turn in range(_GRAFTS if parts and wholes else 0):
        rng = _rng(job, 8 + turn)
        chosen = rng.sample(parts, min(len(parts), rng.randint(1, 3)))
        if rng.random() < _WHOLE:
            chosen.append(rng.choice(wholes))
        page, told = grafted(seen.page, targets, chosen, rng)
        made = Seen(seen.raw, page, look_at(page, lexicon(_KNOWN[0].words)))
        halved = [(labels, weight * 0.5) for labels, weight in told]
        yield _sample(job, f"made/{job.kind}/{job.name}-graft-{turn}", "made", made, halved)


# ------------------------------------------------------------------------------------------------------------ text


def _from_text(job: Job) -> Iterator[Sample]:
    """The sample of a text page, and copies of it with noise added."""
    seen = see(job, _KNOWN[0])
    if seen is None:
        return
    text = job.path.read_text("utf-8")
    labelled = "labels" in job.gold
    learnt = not job.gold.get("suspect")
    words = None if labelled else tuple(tokens(job.gold["body"]))
    targets = [
        (labels, share * (2.0 if labelled else 1.0))
        for labels, share in targets_by_line(seen.page, line_targets(text, job.gold))
    ]
    yield _sample(job, f"{job.kind}/{job.name}", job.kind, seen, targets, words=words, learnt=learnt)
    if learnt:
        kept = list(labelled_lines(text, job.gold))
        told = tuple(line.text for line in kept if line.allowed == {Label.BODY} and len(line.text) > 60)
        for turn in range(3 if labelled else 1):
            lines = augmented(kept, _own(job, told), _borrowed(job), _rng(job, turn))
            yield from _printed(job, lines, turn, 1.0 if labelled else 0.5)


def _own(job: Job, parts: tuple[str, ...] = ()) -> Story:
    """A page's own story."""
    story = _LENT[0].own_story(job)
    return story or Story(job.title or "News", parts, guess_language(" ".join(parts)) or "en")


def _borrowed(job: Job) -> Borrowed:
    """What other pages of a page's fold lend it as lines."""
    mates = _LENT[0].mates(job)
    return Borrowed(
        tuple(mate.story for mate in mates if mate.story is not None),
        tuple(run for mate in mates for run in mate.runs),
        tuple(mate.article for mate in mates if mate.article),
    )


def _printed(job: Job, lines: Sequence[Line], turn: int, share: float) -> Iterator[Sample]:
    """The sample of a page of text made of lines."""
    printed: list[str] = []
    targets: Targets = []
    for line in lines:
        if line.gap and printed:
            printed.append("")
            targets.append((frozenset(Label), 0.0))
        printed.append(" ".join(line.text.split("\n")))
        targets.append((line.allowed, line.weight * share))
    seen = see(job, _KNOWN[0], "\n".join(printed))
    if seen is not None:
        yield _sample(job, f"made/{job.kind}/{job.name}-{turn}.txt", "made", seen, targets_by_line(seen.page, targets))


def folds() -> range:
    """The numbers of the folds."""
    return range(FOLDS)

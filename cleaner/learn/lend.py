"""Pages of a benchmark folder -> what each lends to the other pages of its fold: stories, elements, runs of noise. Reads disk.

Noise for training is made of other pages. They are of the same fold as the page that borrows, so that no page that is
measured had a part in what its networks learnt from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from cleaner.datatypes import Knowledge
from cleaner.language import guess_language
from cleaner.learn.align import align
from cleaner.learn.augment import Run, Story, runs_of, second_article
from cleaner.learn.graft import Cutting, cuttings, whole_article
from cleaner.learn.pages import Job, labelled_lines, see
from cleaner.learn.render import rendered
from cleaner.learn.targets import block_targets, reading_of

__all__ = ["Lender", "Lenders", "lender_of"]

_LEAST, _MOST = 60, 25  # characters of a paragraph of a story, and how many it has


@dataclass(frozen=True, slots=True)
class Lender:
    """What a page lends: its story, elements and runs of lines that are noise, and its article as one below another."""

    name: str
    fold: int
    title: str
    story: Story | None = None
    parts: tuple[Cutting, ...] = ()
    whole: Cutting | None = None
    runs: tuple[Run, ...] = ()
    article: Run = ()


class Lenders:
    """What there is to borrow, by fold."""

    def __init__(self, lenders: Iterable[Lender] = ()) -> None:
        self._by_fold: dict[int, list[Lender]] = {}
        for lender in lenders:
            self._by_fold.setdefault(lender.fold, []).append(lender)

    def mates(self, job: Job) -> list[Lender]:
        """The other pages of a page's fold, without those of the same headline."""
        told = self._by_fold.get(job.fold, [])
        return [mate for mate in told if mate.name != job.path.name and (not job.title or mate.title != job.title)]

    def own_story(self, job: Job) -> Story | None:
        """A page's own story."""
        told = self._by_fold.get(job.fold, [])
        return next((lender.story for lender in told if lender.name == job.path.name and lender.story), None)


def lender_of(job: Job, knowledge: Knowledge) -> Lender | None:
    """What one page lends; None for a page that lends nothing."""
    name = job.path.name
    if job.kind == "labels":
        lines = list(labelled_lines(job.path.read_text("utf-8"), job.gold))
        return Lender(name, job.fold, job.title, runs=runs_of(lines), article=second_article(lines))
    if job.kind != "html":
        return None
    parts = tuple(part for part in job.gold["body"].split("\n") if len(part) > _LEAST)[:_MOST]
    language = guess_language(job.gold["body"]) or "en"
    story = Story(job.title or parts[0][:_LEAST], parts, language) if parts else None
    seen = see(job, knowledge)
    if seen is None:
        return Lender(name, job.fold, job.title, story)
    reading = reading_of(seen.raw.id)
    marks = align([block.text for block in seen.page.blocks], job.gold["body"])
    targets = block_targets(seen.page, seen.look, marks, job.title, reading)
    rng = Random(job.number)  # noqa: S311 - noise for training, no secret
    lines = rendered(seen.page.blocks, targets, "blocks", rng) if reading is not None else []
    return Lender(
        name,
        job.fold,
        job.title,
        story,
        cuttings(seen.page, targets, rng),
        whole_article(seen.page, targets),
        runs_of(lines),
        second_article(lines),
    )

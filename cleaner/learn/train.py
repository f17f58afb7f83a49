"""Samples -> models: networks for text and for markup, the gate, and the table of certainty; and who answers what unseen.

Networks leave one fold out: no page of a domain they are measured on was in their training. What is tuned afterwards (the
first look's share, the gate and its limit, when a second opinion is asked, the table of certainty) is tuned for each fold
on answers about the other folds' pages, each given by networks that had not seen that page (but had seen pages of the
fold that is served). Epochs, seeds, sizes and the rules of ``label`` are not: they were chosen by looking at the figures
of all folds, which are somewhat too good for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Label, Model, Models
from cleaner.label.draft import Draft
from cleaner.label.gate import expected, page_vector
from cleaner.label.model import Chances, chances_of, decide, with_first_look
from cleaner.label.network import Vocabulary, page_batch
from cleaner.learn.align import tokens, word_f1
from cleaner.learn.corpus import Sample, folds
from cleaner.learn.fit import Example, Plan, fit, initial

__all__ = ["EPOCHS", "SEEDS", "Answer", "Trained", "train"]

_WORDS, _NAMES = {True: 6000, False: 6000}, {True: 60, False: 2000}
_DOCUMENTS = 4  # pages that a word must stand on to get a vector
SEEDS = {True: 3, False: 3}  # networks that are averaged, for text and for markup
EPOCHS = {True: 4, False: 5}
_MISTAKES = 0.002  # share of articles that the gate may reject, at most: .004 rejected more listings, and lost more than that of the articles
_ASKED = 0.04  # share of pages on which a second opinion is asked
_SHARES = {
    True: (0.0, 0.1, 0.2, 0.3),
    False: (0.0, 0.1),
}  # shares of the first look that are tried, for text and for markup
_PENALTY = 300.0  # of the gate's squared weights
_BINS = 12
_FORMS = (True, False)
_BODY = tuple(Label).index(Label.BODY)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said of a page it had not seen, with one share of the first look.

    vector: the page's; expected, found: the accuracy (found is None where the page's own text is not known).
    """

    key: str
    group: str
    fold: int
    text: bool
    share: float
    article: bool
    vector: NDArray[np.float64]
    expected: float
    found: float | None


@dataclass(frozen=True, slots=True)
class Trained:
    """The models to ship, those for each fold, and the answers out of fold."""

    shipped: Models
    by_fold: tuple[Models, ...]
    answers: tuple[Answer, ...]


_SAMPLES: list[Sample] = []  # what the training processes share: set before they start


def train(samples: Sequence[Sample], tell: Callable[[str], None], workers: int = 2, *, ship: bool = True) -> Trained:
    """Train everything. tell: takes a line of progress; without ``ship`` only the folds' models are made."""
    _SAMPLES[:] = samples
    places: list[int | None] = [*folds(), *((None,) if ship else ())]
    jobs = [(text, left_out) for left_out in places for text in _FORMS]
    models: dict[tuple[bool, int | None], Model] = {}
    answers: list[Answer] = []
    with get_context("fork").Pool(workers) as pool:
        for job, model, told in pool.imap(_job, jobs):
            models[job] = model
            answers += told
            tell(f"{'text' if job[0] else 'markup'}: {'all pages' if job[1] is None else f'without fold {job[1]}'}")
    by_fold = tuple(_both(models, answers, number) for number in folds())
    shipped = _both(models, answers, None) if ship else by_fold[0]
    return Trained(shipped, by_fold, tuple(answers))


def _job(job: tuple[bool, int | None]) -> tuple[tuple[bool, int | None], Model, list[Answer]]:
    """The networks of one form of page without one fold, and their answers about that fold."""
    text, left_out = job
    model = _networks(
        [
            sample
            for sample in _SAMPLES
            if sample.text is text and sample.learnt and sample.group != "rejects" and sample.fold != left_out
        ],
        text=text,
    )
    unseen = [sample for sample in _SAMPLES if sample.text is text and sample.measured and sample.fold == left_out]
    return job, model, [answer for sample in unseen for answer in _answers(sample, model)]


def _networks(samples: Sequence[Sample], *, text: bool) -> Model:
    """Networks of several seeds over one vocabulary."""
    vocabulary = _vocabulary(samples, text=text)
    examples = [Example(page_batch(sample.features, vocabulary), sample.allowed, sample.weight) for sample in samples]
    columns = examples[0].batch.numbers.shape[1]
    nets = []
    for seed in range(SEEDS[text]):
        plan = plan_for(text=text, seed=seed)
        net = fit(examples, initial(plan, columns, len(vocabulary.words), len(vocabulary.names), len(Label)), plan)
        nets.append({name: value.astype(np.float16).astype(np.float32) for name, value in net.items()})
    return Model(vocabulary.words, vocabulary.names, tuple(nets))


def plan_for(*, text: bool, seed: int) -> Plan:
    """How the networks of a form of page are trained."""
    return Plan(seed=seed, epochs=EPOCHS[text])


def _vocabulary(samples: Sequence[Sample], *, text: bool) -> Vocabulary:
    """The words, and the class words and tags, that stand on most pages."""
    words: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for sample in samples:
        words.update(set(sample.features.vocabulary))
        names.update({name for node in sample.features.nodes for name in (*node.words, "<" + node.tag)})
    return Vocabulary(_rows(words, _WORDS[text]), _rows(names, _NAMES[text]))


def _rows(counted: Counter[str], most: int) -> dict[str, int]:
    """The rows of the most frequent ones, from 1."""
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {word: row for row, (word, count) in enumerate(ordered, 1) if count >= _DOCUMENTS}


def _answers(sample: Sample, model: Model) -> list[Answer]:
    """What a model says of a page it has not seen, with each share of the first look."""
    alone = chances_of(sample.features, model)
    return [_answer(sample, alone, share) for share in _SHARES[sample.text]]


def _answer(sample: Sample, alone: Chances, share: float) -> Answer:
    """What a model says of a page with one share of the first look."""
    draft = sample.look.draft.copy()
    chances = with_first_look(draft, alone, share)
    decide(draft, chances)
    return Answer(
        sample.key,
        sample.group,
        sample.fold,
        sample.text,
        share,
        sample.group != "rejects",
        page_vector(draft, chances, sample.features.numbers),
        expected(draft, chances),
        _found(sample, draft),
    )


def _found(sample: Sample, draft: Draft) -> float | None:
    """The word F1 of a choice; on labelled pages against the lines that are body, those that may be either left out."""
    if sample.group == "rejects":
        return None
    spoken = [block.kind.value not in {"image", "embed"} for block in draft.blocks]
    if sample.gold is not None:
        return word_f1(_words(draft, [index for index in draft.body() if spoken[index]]), sample.gold)
    only = (sample.allowed[:, _BODY] & (sample.allowed.sum(1) == 1)).tolist()
    free = (sample.allowed[:, _BODY] & ~np.array(only) | (sample.weight == 0)).tolist()
    kept = [index for index in draft.body() if spoken[index] and not free[index]]
    return word_f1(_words(draft, kept), _words(draft, [index for index, sure in enumerate(only) if sure]))


def _words(draft: Draft, indices: Sequence[int]) -> list[str]:
    """The words of some blocks."""
    return [word for index in indices for word in tokens(draft.blocks[index].text)]


def _both(models: Mapping[tuple[bool, int | None], Model], answers: Sequence[Answer], left_out: int | None) -> Models:
    """The models of both forms of page without one fold."""
    text, markup = (_finished(models[form, left_out], answers, form, left_out) for form in _FORMS)
    return Models(text, markup)


def _finished(model: Model, answers: Sequence[Answer], text: bool, left_out: int | None) -> Model:
    """A model with what is tuned on answers about other folds: the first look's share, the gate, the table of certainty."""
    mine = [answer for answer in answers if answer.text is text and answer.fold != left_out]
    share = max(_SHARES[text], key=lambda share: _accuracy([answer for answer in mine if answer.share == share]))
    mine = [answer for answer in mine if answer.share == share]
    hopes = [answer.expected for answer in mine if answer.article]
    return replace(
        model,
        gate=() if text else _gate(mine),  # on printed listings it cost .009 of the word F1 of articles
        certainty=_certainty(mine),
        share=share,
        unsure=round(float(np.quantile(hopes, _ASKED)), 4),
    )


def _accuracy(answers: Sequence[Answer]) -> float:
    """The accuracy found, each group of pages with the same weight."""
    groups: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        if answer.found is not None:
            groups[answer.group].append(answer.found)
    return fmean(map(fmean, groups.values())) if groups else 0.0


def _gate(answers: Sequence[Answer]) -> tuple[float, ...]:
    """Weights of the page's vector (logistic regression by Newton's method, with a penalty), the limit set so that few articles are lost."""
    if all(answer.article for answer in answers):
        return ()
    rows = np.stack([answer.vector for answer in answers])
    center, scale = rows.mean(0), rows.std(0) + 1e-3
    center[0], scale[0] = 0.0, 1.0
    rows = (rows - center) / scale
    right = np.array([answer.article for answer in answers], float)
    weights = np.zeros(rows.shape[1])
    penalty = np.full(len(weights), _PENALTY)
    penalty[0] = 1e-6
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (chance - right) + penalty * weights
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        weights -= np.linalg.solve(bend, slope)
    totals = np.sort((rows @ weights)[right > 0])
    weights[0] -= totals[int(_MISTAKES * len(totals))] - 1e-6
    plain = weights / scale
    plain[0] -= float((center / scale) @ weights)
    return tuple(round(float(weight), 6) for weight in plain)


def _certainty(answers: Sequence[Answer]) -> tuple[tuple[float, float], ...]:
    """The accuracy found for each accuracy expected, in bins of equal size, made to rise (pool adjacent violators, Ayer et al., 1955)."""
    pairs = sorted((answer.expected, answer.found) for answer in answers if answer.found is not None)
    parts = [part for part in np.array_split(np.array(pairs), _BINS) if len(part)]
    blocks: list[list[float]] = []
    for part in parts:
        blocks.append([float(part[:, 0].mean()), float(part[:, 1].mean()), float(len(part))])
        while len(blocks) > 1 and blocks[-2][1] > blocks[-1][1]:
            last, before = blocks.pop(), blocks.pop()
            size = last[2] + before[2]
            blocks.append(
                [
                    (last[0] * last[2] + before[0] * before[2]) / size,
                    (last[1] * last[2] + before[1] * before[2]) / size,
                    size,
                ]
            )
    return ((0.0, 0.0), *((round(at, 4), round(value, 4)) for at, value, _ in blocks))

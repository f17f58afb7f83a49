"""Training: slopes are right, a small task is learnt, and the same seed gives the same weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cleaner.datatypes import Label, Model
from cleaner.label.features import extract
from cleaner.label.look import look_at
from cleaner.label.network import Batch, Vocabulary, batch_of, forward, page_batch, softmax
from cleaner.label.together import Together
from cleaner.label.words import Lexicon
from cleaner.learn.fit import Example, Plan, backward, fit, initial, loss_and_slope
from cleaner.parse import parse_page
from tests.samples import article_page

VOCABULARY = Vocabulary({"the": 1, "ferry": 2, "sign": 3, "up": 4, "home": 5}, {"<p": 1, "<nav": 2, "menu": 3})
PAGE = """<nav class=menu><a href=/a>Home</a> <a href=/b>Sport</a></nav><h1>The ferry stops</h1>
<p>The ferry stopped at noon because of the wind, and it will not sail again before Monday morning, the harbour said.</p>
<p>Sign up now</p><p>The ferry is the only way to the island, where four hundred people live, most of them from fishing.</p>"""


def batch(html: str = PAGE) -> Batch:
    """The batch of one page."""
    page = parse_page(article_page(0, body=html.encode(), media_type="text/html", origin="page.html"))
    return page_batch(extract(page, look_at(page, Lexicon(()))), VOCABULARY)


def start(one: Batch, plan: Plan) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Weights to begin with."""
    return initial(plan, one.numbers.shape[1], 5, 3, len(Label))


def allowed(rows: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """The first block is nav, the last one body, all others anything but body."""
    table = np.ones((rows, len(Label)), bool)
    body, nav = tuple(Label).index(Label.BODY), tuple(Label).index(Label.NAV)
    table[:, body] = False
    table[0], table[-1] = False, False
    table[0, nav] = table[-1, body] = True
    return table


@pytest.mark.parametrize("name", ["words", "names", "in.w", "in.b", "0.w", "0.b", "1.w", "1.b", "out.w", "out.b"])
def test_slopes_are_those_of_the_loss(name: str) -> None:
    """For each kind of weight the steepest slope equals the difference that a small step makes."""
    one = batch_of([batch(), batch("<p>Sign up</p><p>The ferry sails, the harbour said.</p>")])
    plan = Plan(hidden=6, words=3, names=2)
    params: Any = {key: value.astype(np.float64) for key, value in start(one, plan).items()}
    weight = np.ones(len(one.numbers), np.float32)

    def loss() -> float:
        return loss_and_slope(forward(params, one)[0], allowed(len(weight)), weight)[0]

    scores, trace = forward(params, one)
    slopes = backward(params, one, trace, loss_and_slope(scores, allowed(len(weight)), weight)[1])
    place = np.unravel_index(int(np.abs(slopes[name]).argmax()), slopes[name].shape)
    step = 1e-4
    params[name][place] += step
    above = loss()
    params[name][place] -= 2 * step
    assert slopes[name][place] == pytest.approx((above - loss()) / (2 * step), rel=0.02)


def test_a_page_is_learnt_and_the_seed_decides_the_bytes() -> None:
    """After some rounds the labels are those told; the same seed gives the same weights, another one others."""
    one = batch()
    rows = len(one.numbers)
    example = Example(one, allowed(rows), np.ones(rows, np.float32))
    plan = Plan(hidden=8, words=3, names=2, epochs=150, blocks=rows, drop=0.05, step=1e-2)
    nets = [fit([example], start(one, plan), plan) for plan in (plan, plan, replace(plan, seed=1))]
    chance = softmax(forward(nets[0], one)[0])
    assert chance[-1, tuple(Label).index(Label.BODY)] > 0.8
    assert chance[0, tuple(Label).index(Label.NAV)] > 0.8
    assert all(nets[0][name].tobytes() == nets[1][name].tobytes() for name in nets[0])
    assert any(nets[0][name].tobytes() != nets[2][name].tobytes() for name in nets[0])


def test_pages_side_by_side_do_not_see_one_another() -> None:
    """A page's answer is the same alone and in a batch."""
    first, second = batch(), batch("<p>Sign up</p><p>The ferry sails, the harbour said.</p>")
    params = start(first, Plan())
    together = forward(params, batch_of([first, second]))[0]
    alone = forward(params, second)[0]
    assert np.allclose(together[len(first.numbers) :], alone, atol=1e-5)


def test_networks_asked_together_say_what_each_says() -> None:
    """A model's answer is the mean of what its networks say one by one, also for a page that repeats its elements."""
    long = (
        PAGE + "<ul>" + "<li class=menu><a href=/c>The ferry home</a></li>" * 30 + "</ul><p>" + "The ferry sails. " * 40
    )
    plan = Plan(hidden=6, words=3, names=2)
    for html in (PAGE, long, "<p>Ferry</p>"):
        page = parse_page(article_page(0, body=html.encode(), media_type="text/html", origin="page.html"))
        features = extract(page, look_at(page, Lexicon(())))
        one = page_batch(features, VOCABULARY)
        nets = [start(one, replace(plan, seed=seed)) for seed in range(3)]
        for net in nets:
            net["words"][0] = net["names"][0] = 0
        each = np.mean([softmax(forward(net, one)[0]) for net in nets], axis=0)
        ready = Together(Model(VOCABULARY.words, VOCABULARY.names, tuple(nets)))
        assert np.allclose(ready(features), each, atol=1e-5)
        assert ready(features).tobytes() == ready(features).tobytes()

"""Probabilities -> labels: the cut, gaps, copies, pictures, a second opinion, the gate and the confidence."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.datatypes import Judge, Knowledge, Label, Model, Page, SiteMemory
from cleaner.label.draft import Draft
from cleaner.label.features import COLUMNS, extract
from cleaner.label.gate import confidence_by, half_lost, page_vector, reject_by
from cleaner.label.look import look_at
from cleaner.label.model import Chances, best_cut, decide, expected_accuracy, with_first_look
from cleaner.label.repeats import line_print
from cleaner.label.second import second_opinion
from cleaner.label.words import Lexicon
from cleaner.parse import parse_page
from cleaner.text import fold
from tests.samples import article_page

PARAGRAPHS = (
    "The mill at Orrin has turned its last sack of barley into flour, and its wheel stands still for the first time since the war.",
    "Nobody in the valley had expected that, said Hanna Brock, who has run the mill for thirty years together with her two sisters.",
    "Short words here.",
    "The county wants to keep the building, and has asked three architects for drawings, which are to be shown at the fair in June.",
)
HTML = (
    "<body><nav><a href='/'>Home</a></nav><main><h1>Last flour</h1>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "</main><p>Buy our hat.</p></body>"
)


def page_of(html: str) -> Page:
    """The page of some markup."""
    return parse_page(
        article_page(0, body=html.encode(), media_type="text/html", origin="https://mill.example/last-flour")
    )


def draft_of(html: str) -> Draft:
    """The draft of a first look that knows no words."""
    return look_at(page_of(html), Lexicon(())).draft


def chances(draft: Draft, body: dict[str, float], otherwise: float = 0.02) -> Chances:
    """Chances of body by how a block's text begins; what is left goes to nav."""
    table = np.zeros((len(draft.blocks), len(Label)), np.float32)
    for index, block in enumerate(draft.blocks):
        value = next((chance for begin, chance in body.items() if block.text.startswith(begin)), otherwise)
        table[index, list(Label).index(Label.BODY)] = value
        table[index, list(Label).index(Label.NAV)] = 1 - value
    return Chances(table, np.array([len(block.text.split()) for block in draft.blocks], float))


def kept(draft: Draft) -> list[str]:
    """The texts of the blocks that stand as body."""
    return [draft.blocks[index].text for index in draft.body()]


def test_the_cut_is_the_one_that_promises_most() -> None:
    """Two sure blocks and many unlikely ones: the cut lies between; it never leaves its bounds."""
    table = np.zeros((4, len(Label)), np.float32)
    table[:, 3] = (0.95, 0.5, 0.3, 0.01)
    words = np.array([50.0, 50.0, 5.0, 200.0])
    assert best_cut(Chances(table, words)) == pytest.approx(0.5)
    table[:, 3] = (0.05, 0.04, 0.01, 0.01)
    assert best_cut(Chances(table, words)) == pytest.approx(0.2)


def test_what_is_probable_is_kept_and_a_short_gap_is_filled() -> None:
    """On plain text a short doubtful block among the body comes along; one that is most improbable does not."""
    text = article_page(0, body="\n\n".join(("Home", *PARAGRAPHS)).encode(), media_type="text/plain", origin="mill.txt")
    draft = look_at(parse_page(text), Lexicon(())).draft
    decide(draft, chances(draft, {"The mill": 0.9, "Nobody": 0.9, "Short": 0.21, "The county": 0.9}))
    assert kept(draft) == list(PARAGRAPHS)
    draft = look_at(parse_page(text), Lexicon(())).draft
    decide(draft, chances(draft, {"The mill": 0.9, "Nobody": 0.9, "Short": 0.1, "The county": 0.9}))
    assert kept(draft) == [PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[3]]


def test_an_overruled_first_look_stays_readable() -> None:
    """Where the model differs it is the judge, and what stood before is under it."""
    draft = draft_of(HTML)
    decide(draft, chances(draft, {"Buy": 0.9}))
    verdict = next(
        verdict for block, verdict in zip(draft.blocks, draft.verdicts(), strict=True) if block.text == PARAGRAPHS[0]
    )
    assert (verdict.label, verdict.judge, verdict.reason) == (Label.NAV, Judge.MODEL, "model:nav")
    assert verdict.overruled is not None
    assert verdict.overruled.label is Label.BODY


def test_a_copy_is_published_once_and_a_box_that_comes_three_times_never() -> None:
    """The second copy of a paragraph is an excerpt; a text that stands there three times is no article's."""
    twice = draft_of(HTML.replace("</main>", f"<p>{PARAGRAPHS[0]}</p></main>"))
    decide(twice, chances(twice, {text[:12]: 0.9 for text in PARAGRAPHS}))
    assert kept(twice).count(PARAGRAPHS[0]) == 1
    box = "<p>Your settings keep this post from being shown here, change them.</p>"
    thrice = draft_of(
        HTML.replace("<p>Nobody", f"{box}<p>Nobody")
        .replace("<p>The county", f"{box}<p>The county")
        .replace("</main>", f"{box}</main>")
    )
    decide(thrice, chances(thrice, {text[:12]: 0.9 for text in (*PARAGRAPHS, "Your settings")}))
    assert kept(thrice) == list(PARAGRAPHS)


def test_a_second_opinion_wins_where_it_is_better_supported() -> None:
    """A model that thinks little of the whole page lets readability's paragraphs stand, and the reason says so."""
    draft = draft_of(HTML)
    unsure = chances(draft, {text[:12]: 0.3 for text in PARAGRAPHS})
    decide(draft, chances(draft, {"Buy": 0.5}))
    second_opinion(draft, unsure, HTML.encode())
    assert set(PARAGRAPHS) - {"Short words here."} <= set(kept(draft))
    assert any(verdict.reason == "context:second-opinion" for verdict in draft.verdicts())


def test_a_second_opinion_makes_no_headline_text() -> None:
    """Readability takes it along where it stands inside the article; readers would see it twice."""
    draft = draft_of(HTML)
    first = next(index for index, block in enumerate(draft.blocks) if block.text in PARAGRAPHS)
    unsure = chances(draft, {})
    decide(draft, unsure)
    draft.say(first, Label.TITLE, Judge.CONTEXT, "context:headline", 0.9)
    second_opinion(draft, unsure, HTML.encode())
    assert any(verdict.reason == "context:second-opinion" for verdict in draft.verdicts())
    assert draft.label(first) is Label.TITLE


def test_a_second_opinion_that_fails_changes_nothing() -> None:
    """Markup that readability cannot read leaves the model's choice."""
    draft = draft_of(HTML)
    sure = chances(draft, {text[:12]: 0.9 for text in PARAGRAPHS})
    decide(draft, sure)
    assert second_opinion(draft, sure, b"") is sure
    assert kept(draft) == list(PARAGRAPHS)


def test_confidence_is_the_expected_accuracy_put_right() -> None:
    """It is read from the table between its points."""
    draft = draft_of(HTML)
    sure = chances(draft, {text[:12]: 0.9 for text in PARAGRAPHS})
    decide(draft, sure)
    mask = np.zeros(len(draft.blocks), bool)
    mask[draft.body()] = True
    expected = expected_accuracy(sure, mask)
    assert 0.8 < expected < 1
    assert confidence_by(Model({}, {}, (), certainty=((0.0, 0.0), (1.0, 0.5))), draft, sure) == pytest.approx(
        expected / 2, abs=1e-3
    )


def test_the_gate_weighs_the_pages_vector(knowledge: Knowledge) -> None:
    """Weights that make the sum negative reject the page, others do not; hardly any text is no article either way."""
    draft = draft_of(HTML)
    sure = chances(draft, {text[:12]: 0.9 for text in PARAGRAPHS})
    decide(draft, sure)
    numbers = np.zeros((len(draft.blocks), 3), np.float32)
    size = len(page_vector(draft, sure, numbers))
    for base, rejected in ((-1.0, True), (1.0, False)):
        model = Model({}, {}, (), gate=(base, *([0.0] * (size - 1))))
        assert (reject_by(model, draft, sure, numbers) is not None) is rejected
    empty = draft_of("<body><p>Nothing here.</p></body>")
    decide(empty, chances(empty, {}))
    assert reject_by(Model({}, {}, ()), empty, chances(empty, {}), numbers[:1]) is not None
    assert knowledge.models is not None


def test_the_first_looks_share_is_the_models() -> None:
    """A share of nothing leaves the chances as they are; else the first look's label gains what all others lose."""
    draft = draft_of(HTML)
    given = chances(draft, {"The mill": 0.4})
    assert with_first_look(draft, given, 0.0) is given
    mixed = with_first_look(draft, given, 0.25)
    assert mixed.of.sum(1) == pytest.approx(given.of.sum(1))
    for index, label in enumerate(draft.labels):
        column = list(Label).index(label or Label.OTHER)
        assert mixed.of[index, column] == pytest.approx(0.75 * given.of[index, column] + 0.25)


def test_what_a_site_repeats_is_a_column() -> None:
    """Lines that a site's memory knows are marked; nobody remembers anything yet, and then the column is empty."""
    page = page_of(HTML)
    look = look_at(page, Lexicon(()))
    column = COLUMNS.index("site repeats")
    assert not extract(page, look).numbers[:, column].any()
    known = SiteMemory(1, frozenset({line_print(fold("Buy our hat."))}))
    marked = extract(page, look, known).numbers[:, column]
    assert [block.text for block, mark in zip(page.blocks, marked, strict=True) if mark] == ["Buy our hat."]


def test_much_text_left_out_is_told() -> None:
    """Where more of the running text is left out than is kept, a note gives the words of both."""
    draft = draft_of(HTML)
    spoken = [index for index, block in enumerate(draft.blocks) if block.text in PARAGRAPHS and len(block.text) > 40]
    for index in spoken:
        draft.say(index, Label.BODY, Judge.MODEL, "model:body", 0.9)
    assert half_lost(draft) == ()
    for index in spoken[1:]:
        draft.say(index, Label.RELATED, Judge.MODEL, "model:related", 0.9)
    words = [draft.measures[index].words for index in spoken]
    assert half_lost(draft) == (f"less than half of the page's running text is kept: {words[0]} of {sum(words)} words",)

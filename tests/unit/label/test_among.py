"""What stands among the article's text comes along, whatever the model makes of it alone."""

from __future__ import annotations

import numpy as np

from cleaner.datatypes import Label
from cleaner.label.among import among_body
from cleaner.label.draft import Draft
from cleaner.label.look import look_at
from cleaner.label.model import Chances, decide
from cleaner.label.words import Lexicon
from cleaner.parse import parse_page
from tests.samples import article_page

FIRST = (
    "The loom at Hessay has woven its last yard of linen, and nobody in the hamlet knows who is going to buy the shed."
)
LAST = "Next spring the parish wants to show it to visitors, said Ada Quill, who has kept its books for more than twenty years."


def judged(between: str, behind: str = "", label: Label = Label.OTHER) -> Draft:
    """The draft of two paragraphs that are body and of what stands between and behind them, taken for something else."""
    html = f"<body><main><p>{FIRST}</p>{between}<p>{LAST}</p></main>{behind}</body>"
    page = parse_page(article_page(0, body=html.encode(), media_type="text/html", origin="https://loom.example/shed"))
    draft = look_at(page, Lexicon(())).draft
    table = np.zeros((len(draft.blocks), len(Label)), np.float32)
    for index, block in enumerate(draft.blocks):
        table[index, list(Label).index(Label.BODY if block.text in {FIRST, LAST} else label)] = 1
    decide(draft, Chances(table, np.array([len(block.text.split()) for block in draft.blocks], float)))
    among_body(draft)
    return draft


def kept(draft: Draft) -> list[str]:
    """The texts of what is kept between the two paragraphs; markup where there is no text."""
    blocks = [draft.blocks[index] for index in draft.body()]
    return [block.text or block.markup for block in blocks if block.text not in {FIRST, LAST}]


def test_code_rows_and_items_between_paragraphs_come_along() -> None:
    """The model, which sees two words in each, does not have the last word on them."""
    assert kept(judged("<pre>warp --threads 40</pre><pre>weft</pre>")) == ["warp --threads 40", "weft"]
    assert kept(judged("<table><tr><td>Warp</td><td>40</td></tr><tr><td>Weft</td><td>9</td></tr></table>")) == [
        "Warp | 40",
        "Weft | 9",
    ]
    assert kept(judged("<ul><li>Warp<li>Weft<ul><li>Wool</ul></ul>")) == ["Warp", "Weft", "Wool"]


def test_teasers_bylines_and_what_is_outside_stay_away() -> None:
    """A list of links to other pages, a line that names the author, and a list behind the article are none of it."""
    teasers = "<ul><li><a href='/a'>Spinners strike</a><li><a href='/b'>Dyers too</a></ul>"
    assert kept(judged(teasers, label=Label.RELATED)) == []
    assert kept(judged("<ul><li>Ilse Farr</ul>", label=Label.BYLINE)) == []
    assert kept(judged("", "<ul><li>Warp<li>Weft</ul><pre>warp</pre>")) == []


def test_the_numbers_of_lines_are_no_code() -> None:
    """The listing beside them is."""
    listing = "<table><tr><td><pre>1\n2</pre></td><td><pre>warp()\nweft()</pre></td></tr></table>"
    assert kept(judged(listing)) == ["warp()\nweft()"]


def test_pictures_go_with_the_text_beside_them() -> None:
    """One between paragraphs is kept, also where its description repeats a headline; one in a box of other texts is not."""
    assert kept(judged('<img src="/shed.jpg" alt="The shed">')) == ["The shed"]
    assert kept(judged('<img src="/shed.jpg"><p>Warp and weft</p>')) == [
        '<img src="https://loom.example/shed.jpg" alt="">'
    ]
    assert kept(judged('<p>Spinners strike</p><img src="/s.jpg"><p>Dyers too</p>')) == []


def test_a_picture_that_is_shown_again_and_again_is_none() -> None:
    """Three stars for the loom are no pictures of it."""
    star = '<img src="/star.jpg">'
    assert kept(judged(star * 2)) == ['<img src="https://loom.example/star.jpg" alt="">'] * 2
    assert kept(judged(star * 3)) == []

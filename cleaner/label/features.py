"""Page and first look -> Features: what the model sees of a page, as columns of numbers. Pure.

One set of columns for markup and for plain text; what a page without elements cannot tell is zero there. Counting is
done on arrays over the whole page, not block by block, because that is where the time goes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Label, Node, Page, SiteMemory
from cleaner.label.columns import (
    KINDS,
    LABELS,
    PASSED,
    TAGS,
    element_columns,
    how_it_ends,
    letters_of,
    look_columns,
    passed_columns,
    place_columns,
    run_columns,
    shape_columns,
    word_columns,
)
from cleaner.label.containers import Held, containers, groups_of, templates
from cleaner.label.look import Look
from cleaner.label.repeats import find_repeats

__all__ = ["COLUMNS", "SCHEMA", "Features", "extract"]

SCHEMA = 2  # of weights: raised whenever the columns or the network change

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_LONG, _PROSE_WORDS = 20, 12
_NOTHING = SiteMemory()  # what is remembered of a site that nobody has read yet


@dataclass(frozen=True, slots=True)
class Features:
    """What the model sees of a page.

    numbers: one row a block, columns as in ``COLUMNS``; tokens: the page's words, each block's in a row, as numbers
    of ``vocabulary``; starts: where each block's words begin; node: each block's element; parents: each element's parent;
    kinds: tags and class words of elements; kind: which of them each element has; parent, template: numbers of the groups
    that a block belongs to.
    """

    numbers: Floats
    tokens: Ints
    starts: Ints
    vocabulary: tuple[str, ...]
    node: Ints
    parents: Ints
    nodes: tuple[Node, ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    kind: Ints
    parent: Ints
    template: Ints


def _names() -> tuple[str, ...]:
    """The names of the columns, in their order."""
    names = [
        "words:log",
        "words:3",
        "words:8",
        "words:20",
        "words:60",
        "chars a word",
        "upper",
        "title case",
        "digits",
        "commas",
        "stops",
        "stops:3",
        "quotes",
        "ideographs",
        "symbols",
    ]
    names += [f"ends:{name}" for name in ("stop", "asks", "ellipsis", "colon", "comma", "closing", "digit", "letter")]
    names += [f"starts:{name}" for name in ("upper", "lower", "digit", "quote", "symbol", "ideograph")]
    names += ["linked", "linked all", "links a word", "strong", "emphasis", "breaks"]
    names += [f"kind:{kind}" for kind in KINDS] + ["heading level", "gap", "part of a line", "json", "indent"]
    names += [f"tag:{tag}" for tag in TAGS]
    names += [f"words:{label}" for label in LABELS] + [f"shape:{label}" for label in LABELS] + ["first whole"]
    names += [
        "same text",
        "same text before",
        "runs seen",
        "runs seen before",
        "in title",
        "title covered",
        "is title",
        "in slug",
        "in description",
        "in witness",
        "witness there",
        "shared matter",
        "author named",
        "site repeats",
    ]
    names += ["run words", "run ended", "goes on", "went on"]
    return (*names, *_element_names(), *_place_names())


def _element_names() -> tuple[str, ...]:
    """The names of the columns about elements."""
    names: list[str] = []
    names += [
        f"{level}:{what}"
        for level in ("own", "parent", "grand", "great")
        for what in ("prose share", "words a block", "linked", "blocks")
    ]
    names += [
        "in 50",
        "in 70",
        "in 90",
        "before 50",
        "after 50",
        "up to 50",
        "branch prose",
        "branch linked",
        "branch words",
        "branch blocks",
    ]
    names += [
        f"inside:{side}"
        for side in (
            "nav",
            "footer",
            "aside",
            "header",
            "form",
            "article",
            "main",
            "figure",
            "list",
            "table",
            "quote",
            "button",
            "section",
        )
    ]
    names += ["unshown", "depth", "article number", "articles", "article of title"]
    names += [
        "path blocks",
        "path words",
        "path linked",
        "path prose",
        "template blocks",
        "template words",
        "template linked",
        "template prose",
    ]
    return tuple(names)


def _place_names() -> tuple[str, ...]:
    """The names of the columns about places, the page and the first look."""
    names: list[str] = []
    names += [
        "place",
        "words before",
        "before prose",
        "after prose",
        "since prose",
        "until prose",
        "h1 away",
        "below h1",
        "last prose",
    ]
    names += [
        "page:blocks",
        "page:prose",
        "page:linked",
        "page:prose share",
        "page:h1",
        "page:text",
        "page:short",
        "page:mean words",
    ]
    names += [f"passed:{label}" for label in PASSED] + [f"ahead:{label}" for label in PASSED]
    names += [f"placed:{label}" for label in Label] + [f"draft:{label}" for label in Label]
    names += [
        "stretch",
        "headline",
        "above headline",
        "from begin",
        "from end",
        "value",
        "prose",
        "inside",
        "below headline",
    ]
    return tuple(names)


COLUMNS = _names()


# ------------------------------------------------------------------------------------------------------- the page


def extract(page: Page, look: Look, memory: SiteMemory = _NOTHING) -> Features:
    """The features of all blocks of a page (at least one block). memory: what its site repeats."""
    blocks, texts, chars = page.blocks, look.texts, look.texts.chars
    count = len(blocks)
    node = np.fromiter((block.node for block in blocks), np.int64, count)
    parents = np.fromiter((entry.parent for entry in page.nodes), np.int64, len(page.nodes))
    linked = np.fromiter((block.link_chars for block in blocks), np.float64, count) / np.maximum(1, chars.chars)
    linked = np.minimum(1.0, linked)
    ends = how_it_ends(blocks)
    run_words, run_ended, goes_on, went_on = run_columns(blocks, chars.runs, ends)
    prose = ((run_words >= _PROSE_WORDS) & run_ended | (run_words >= 35)) & (linked < 0.5) & (letters_of(chars) > 0)
    mass = np.where(prose & (run_words >= _LONG), np.minimum(chars.runs, 120), 0.0)
    held = Held(node, parents, chars.runs, linked, mass)
    groups = groups_of(page, node, parents)
    table = np.empty((len(COLUMNS), count), np.float32)
    at = 0
    for part in (
        shape_columns(chars, ends, linked, blocks),
        element_columns(blocks, page.nodes),
        word_columns(look.firsts),
        find_repeats(page, texts, mass, memory),
        [np.log1p(run_words) / 6, run_ended, goes_on, went_on],
        containers(page.nodes, held, look.headline),
        templates(groups, held),
        place_columns(page, chars.runs, linked, mass),
        passed_columns(look),
        look_columns(look),
    ):
        for told in [part] if isinstance(part, np.ndarray) else part:
            height = len(told) if isinstance(told, np.ndarray) and told.ndim == 2 else 1
            table[at : at + height] = told
            at += height
    return Features(
        np.ascontiguousarray(table.T),
        texts.tokens,
        texts.starts,
        tuple(texts.numbers),
        node,
        parents,
        page.nodes,
        groups.kinds,
        groups.kind,
        groups.parent,
        groups.template,
    )

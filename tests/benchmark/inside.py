"""HTML pages and their entries -> how much of what stands inside the article's text came along: links, images, lists, tables, code.

Which blocks are the article's is told by the gold (``cleaner.learn.align``), not by the entry. Links count by address and
text, images by address, the others by the words that stand in them. Figures are pooled over all pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from cleaner.datatypes import Block, Kind, Page
from cleaner.errors import PageError
from cleaner.learn.align import align, tokens
from cleaner.parse import parse_page
from tests.benchmark.answered import HTML, Answered
from tests.benchmark.figures import Figures
from tests.benchmark.tables import Row, progress, show
from tests.benchmark.unseen import raw_page

__all__ = ["inside"]

Things = dict[str, Counter[Any]]
Job = tuple[dict[str, Any], Path, str]
_KINDS = ("links", "images", "list items", "table cells", "code")
_HOLDERS = {"list items": {"li", "dt", "dd"}, "table cells": {"td", "th"}, "code": {"pre"}}
_SPACE = re.compile(r"\s+")


def inside(sets: dict[str, Answered], figures: Figures) -> None:
    """Print and note what was kept inside the articles of all HTML pages."""
    progress("comparing links, images, lists, tables and code")
    jobs = [
        (gold, path, sets[name].out[key].get("html") or "")
        for name in HTML
        for key, (gold, path, _) in sets[name].found.items()
    ]
    total = {kind: [0, 0, 0, 0] for kind in _KINDS}
    with get_context("fork").Pool(2) as pool:
        for counts in pool.imap_unordered(_compared, jobs, 8):
            for kind, (hits, kept, wanted) in counts.items():
                for place, value in enumerate((hits, kept, wanted, int(wanted > 0))):
                    total[kind][place] += value
    rows: list[Row] = []
    for kind, (hits, kept, wanted, pages) in total.items():
        f1 = 2 * hits / (kept + wanted) if kept + wanted else 1.0
        figures.floors[f"inside {kind} F1"] = f1
        rows.append([kind, pages, wanted, hits / max(1, kept), hits / max(1, wanted), f1])
    show("kept inside the body (html)", ["pages with", "of the gold", "precision", "recall", "F1"], rows)


def _compared(job: Job) -> dict[str, tuple[int, int, int]]:
    """For each kind the number of right, kept and wanted things of one page; what gold leaves open counts neither way."""
    gold, path, entry = job
    try:
        page = parse_page(raw_page(gold, path))
    except PageError:
        return {}
    marks = align([block.text for block in page.blocks], str(gold["body"]))
    wanted, unclear = (_of_blocks(page, marks, mark) for mark in (1, -1))
    found = _of_markup(entry)
    unclear["links"].update(_caption_links(entry))
    out = {}
    for kind in _KINDS:
        right = (found[kind] & wanted[kind]).total()
        wrong = (found[kind] - wanted[kind] - unclear[kind]).total()
        out[kind] = (right, right + wrong, wanted[kind].total())
    return out


def _of_blocks(page: Page, marks: list[int], mark: int) -> Things:
    """The things in the blocks of a page that have a mark; images are those between the first and the last of these."""
    chosen = [block for block, own in zip(page.blocks, marks, strict=True) if own == mark]
    things: Things = {kind: Counter() for kind in _KINDS}
    for block in chosen:
        around = _around(page, block)
        things["links"].update(_links(block.markup))
        for kind, holders in _HOLDERS.items():
            if kind == "table cells":
                things[kind].update(_words(_cells(block)))
            elif around & holders:
                things[kind].update(_words([block.markup]))
    if mark == 1 and chosen:
        between = page.blocks[chosen[0].index : chosen[-1].index]
        things["images"].update(_images("".join(block.markup for block in between if block.kind is Kind.IMAGE)))
    return things


def _of_markup(markup: str) -> Things:
    """The things in an entry's HTML."""
    things: Things = {kind: Counter() for kind in _KINDS}
    if not markup:
        return things
    things["links"].update(_links(markup))
    things["images"].update(_images(markup))
    for kind, holders in _HOLDERS.items():
        for element in _tree(markup).iter(*holders):
            if not any(above.tag in holders for above in element.iterancestors()):
                things[kind].update(tokens(" ".join(str(text) for text in element.itertext())))
    return things


def _tree(markup: str) -> lxml_html.HtmlElement:
    """A piece of markup as a tree."""
    return lxml_html.fragment_fromstring(markup, create_parent="div")


def _around(page: Page, block: Block) -> set[str]:
    """The names of the elements that a block stands in."""
    names, node = set(), block.node
    while node >= 0:
        names.add(page.nodes[node].tag)
        node = page.nodes[node].parent
    return names


def _cells(block: Block) -> Iterator[str]:
    """The cells of a row, as markup."""
    return iter([f"<table><tr>{block.markup}</tr></table>"]) if block.kind is Kind.ROW else iter(())


def _words(pieces: Iterable[str]) -> Iterator[str]:
    """The words of pieces of markup."""
    for piece in pieces:
        yield from tokens(" ".join(str(text) for text in _tree(piece).itertext()))


def _links(markup: str) -> Iterator[tuple[str, str]]:
    """Address and text of each link that has both."""
    if "<a " not in markup:
        return
    for link in _tree(markup).iter("a"):
        text = _SPACE.sub(" ", "".join(str(part) for part in link.itertext())).strip()
        if link.get("href") and text:
            yield str(link.get("href")), text


def _caption_links(entry: str) -> Iterator[tuple[str, str]]:
    """The links in captions: these come with their pictures, whether the gold has them or not."""
    if "<figcaption>" in entry:
        for caption in _tree(entry).iter("figcaption"):
            yield from _links(lxml_html.tostring(caption, encoding="unicode", with_tail=False))


def _images(markup: str) -> Iterator[str]:
    """The address of each image."""
    if "<img" in markup:
        yield from (str(image.get("src")) for image in _tree(markup).iter("img") if image.get("src"))

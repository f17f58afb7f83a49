"""HTML pages and their entries -> how much of what stands inside the article's text came along: links, images, lists, tables, code.

What there is to keep is read from the page's own markup (``own``), without Cleaner's walk or blocks. Which stretches of it
are the article's is told by the gold's text (``cleaner.learn.align``). Gold texts leave out pictures, tables and code as
often as not, whole or in part: such a silent stretch is the article's where the text before it and the text behind it
are, and is left open, so that it counts neither way, where only one of them is. Left open are also captions, pictures
between the headline and the text, what the page hides, pictures that it shows three times, and what the gold holds out
of order. Links count by address and text, images by any of the addresses that
their element gives, the others by the words that stand in them. Figures are pooled over all pages.

Twice: first where gold and entry agree that the text is the article's, which says how well structure is kept; then
with all that the labels lost and left in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from cleaner.learn.align import align, tokens
from cleaner.parse.decode import decode
from tests.benchmark.answered import HTML, Answered
from tests.benchmark.figures import Figures
from tests.benchmark.own import HOLDERS, KINDS, Stretch, Things, nothing, squeezed, stretches
from tests.benchmark.tables import Row, progress, show
from tests.benchmark.unseen import raw_page

__all__ = ["compared", "inside"]

_PARTING = "p h2 h3 h4 h5 h6 li dt dd td th tr br hr blockquote figcaption caption pre".split()
Job = tuple[dict[str, Any], Path, str, str]
Counts = dict[str, tuple[int, int, int]]
_ASKED = {"inside": "kept inside the body (html), of the text kept", "inside with labels": "the same, with lost text"}


def inside(sets: dict[str, Answered], figures: Figures) -> None:
    """Print and note what was kept inside the articles of all HTML pages."""
    progress("comparing links, images, lists, tables and code")
    jobs = [
        (gold, path, sets[name].out[key].get("html") or "", sets[name].out[key].get("text") or "")
        for name in HTML
        for key, (gold, path, _) in sets[name].found.items()
    ]
    with get_context("fork").Pool(2) as pool:
        told = list(pool.imap(compared, jobs, 8))
    for side, (name, title) in enumerate(_ASKED.items()):
        rows: list[Row] = []
        for kind in KINDS:
            hits, kept, wanted = (sum(pair[side][kind][place] for pair in told) for place in range(3))
            pages = sum(pair[side][kind][2] > 0 for pair in told)
            f1 = 2 * hits / (kept + wanted) if kept + wanted else 1.0
            figures.floors[f"{name} {kind} F1"] = f1
            rows.append([kind, pages, wanted, hits / max(1, kept), hits / max(1, wanted), f1])
        show(title, ["pages with", "of the page", "precision", "recall", "F1"], rows)


def compared(job: Job) -> tuple[Counts, Counts]:
    """For each kind the number of right, kept and wanted things of one page: of the text kept, and of the whole article."""
    gold, path, markup, text = job
    raw = raw_page(gold, path)
    page = stretches(decode(raw.body, raw.media_type), gold.get("url") or "")
    spoken = [piece.text for piece in page]
    marks, kept = align(spoken, str(gold["body"])), align(spoken, text)
    both = [min(mark, own) if mark and own else 0 for mark, own in zip(marks, kept, strict=True)]
    found = _found(markup, page)
    left = _things(page, _open(page, kept), (1, -1))
    return _counted(found, page, both, left), _counted(found, page, marks, nothing())


def _counted(found: Things, page: Sequence[Stretch], marks: Sequence[int], also: Things) -> Counts:
    """Right, kept and wanted things where some stretches are the article's; what is left open counts neither way.

    also: things that are left open as well.
    """
    places = _open(page, marks)
    wanted, unclear = _things(page, places, (1,)), _things(page, places, (-1,))
    unclear["table cells"].update(word for piece in page if piece.boxed for word in tokens(piece.text))
    out = {}
    for kind in KINDS:
        right = (found[kind] & wanted[kind]).total()
        wrong = (found[kind] - wanted[kind] - (unclear[kind] | (also[kind] - wanted[kind]))).total()
        out[kind] = (right, right + wrong, wanted[kind].total())
    return out


def _open(page: Sequence[Stretch], marks: Sequence[int]) -> list[int]:
    """For each stretch 1 (the article's), 0 (not), or -1 (open), silent ones and captions by the text around them."""
    before = _nearest(page, marks, range(len(page)))
    behind = _nearest(page, marks, range(len(page) - 1, -1, -1))
    first = next((at for at, mark in enumerate(marks) if mark == 1), 0)
    head = max((at for at in range(first) if page[at].head), default=first)
    out = []
    for at, (piece, mark) in enumerate(zip(page, marks, strict=True)):
        if piece.loose or piece.caption or (head < at < first and not piece.text):
            out.append(-1)
        elif piece.silent and not mark:
            near = before[at] != 0, behind[at] != 0
            out.append(1 if all(near) else -1 if any(near) else 0)
        else:
            out.append(mark)
    return out


def _nearest(page: Sequence[Stretch], marks: Sequence[int], order: Sequence[int]) -> dict[int, int]:
    """For each stretch the mark of the text that comes before it in an order; captions and what is hidden are passed by."""
    near, last = {}, 0
    for at in order:
        near[at] = last
        piece = page[at]
        if not (piece.loose or piece.caption or (piece.silent and not marks[at])):
            last = marks[at]
    return near


def _things(page: Sequence[Stretch], places: Sequence[int], marks: tuple[int, ...]) -> Things:
    """The things in the stretches of a page that have one of some marks."""
    things = nothing()
    for piece, mark in zip(page, places, strict=True):
        if mark in marks:
            things["images"].update(() if piece.embed else piece.addresses[:1])
            for kind, held in piece.things.items():
                things[kind].update(held)
    return things


def _found(markup: str, page: Sequence[Stretch]) -> Things:
    """The things in an entry's HTML; what it links in place of the page's films, posts and charts is none."""
    things = nothing()
    if not markup:
        return things
    names = {address: piece.addresses[0] for piece in page if not piece.embed for address in piece.addresses}
    embeds = {address for piece in page if piece.embed for address in piece.addresses}
    tree = lxml_html.fragment_fromstring(markup, create_parent="div")
    things["links"].update(link for link in _links(tree) if link[0] not in embeds)
    shown = (str(image.get("src")) for image in tree.iter("img"))
    things["images"].update(names.get(address, address) for address in shown if address not in embeds)
    for element in tree.iter(*_PARTING):
        element.text, element.tail = f" {element.text or ''}", f" {element.tail or ''}"
    for kind, holders in HOLDERS.items():
        for element in tree.iter(*holders):
            if not any(above.tag in holders for above in element.iterancestors()):
                things[kind].update(tokens("".join(str(text) for text in element.itertext())))
    return things


def _links(tree: lxml_html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Address and text of each link that has both."""
    for link in tree.iter("a"):
        text = squeezed("".join(str(part) for part in link.itertext()))
        if link.get("href") and text:
            yield str(link.get("href")), text

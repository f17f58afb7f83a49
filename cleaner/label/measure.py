"""Page -> one Measure a block: how much like running text it is, and what the elements around it hint at. Pure.

These columns are what the judges look at; a trained model takes the same ones. Everything is linear in the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import NamedTuple

from cleaner.datatypes import Block, Kind, Label, Node, Origin, Page
from cleaner.text import ends_sentence, joins

__all__ = ["Measure", "measure_page"]

_MEDIA = frozenset({Kind.IMAGE, Kind.EMBED})
_NO_CONTAINER = frozenset({"p", "li", "td"})
_FEW = 3  # words that running text has at least
_LAST = frozenset(".!?…。！？।؟\"'”’»“)]」』")  # what a sentence may end with
_TAIL = 60  # characters that hold the last word of a text and what closes it
_CONTAINER_SHARE = 0.6
_LABEL_SHARE = 0.5  # no label's hints together take more than this share
_HINT_SHARE = 0.4  # an element that holds more of the page's running text than this is no side matter

_TAG_HINTS = {
    "nav": Label.NAV,
    "footer": Label.NAV,
    "menu": Label.NAV,
    "button": Label.OTHER,
    "form": Label.PROMO,
    "figcaption": Label.CAPTION,
    "aside": Label.RELATED,
    "dialog": Label.OTHER,
}
_WORD_HINTS: dict[str, Label] = {}
for _label, _names in {
    Label.NAV: "nav navigation menu breadcrumb breadcrumbs navbar topbar masthead skip pagination pager footer submenu megamenu toc tags taglist toolbar sitemap offcanvas langs subnav topics",
    Label.RELATED: "related recommended recommendation recommendations trending popular mostread outbrain taboola teasers readmore sidebar rail onward similar moreon carousel readnext zergnet revcontent linklist",
    Label.SHARE: "share sharing social sharebar addthis sharedaddy shareaholic socials sharetools sharer",
    Label.COMMENTS: "comment comments disqus respond commentlist commentform viafoura coral",
    Label.PROMO: "newsletter newsletters subscribe subscription signup donate donation optin mailchimp promo cta mailinglist",
    Label.AD: "ad ads advert advertisement advertising adslot sponsor sponsored adsbygoogle dfp gpt adunit werbung publicidad anzeige promoted commercial adbox",
    Label.CONSENT: "cookie cookies consent gdpr onetrust cookiebar",
    Label.BIO: "bio authorbox aboutauthor authorbio biography",
    Label.BYLINE: "byline author authors contributor contributors autor auteur",
    Label.DATE: "dateline timestamp pubdate published datetime publishdate publishedon updated",
    Label.CAPTION: "caption figcaption credit copyrightholder imagecredit photocredit captiontext",
    Label.TICKER: "ticker marketdata stockquote weather tickers wetter",
    Label.DISCLAIMER: "disclaimer copyright",
    Label.OTHER: "modal popup overlay tooltip screenreader toast snackbar lightbox loader player unshown",
}.items():
    _WORD_HINTS.update(dict.fromkeys(_names.split(), _label))
_PAIR_HINTS = {
    ("author", "bio"): Label.BIO,
    ("author", "box"): Label.BIO,
    ("author", "info"): Label.BIO,
    ("about", "author"): Label.BIO,
    ("read", "more"): Label.RELATED,
    ("read", "next"): Label.RELATED,
    ("more", "stories"): Label.RELATED,
    ("most", "read"): Label.RELATED,
    ("also", "like"): Label.RELATED,
    ("see", "also"): Label.RELATED,
    ("up", "next"): Label.RELATED,
    ("sign", "up"): Label.PROMO,
    ("sr", "only"): Label.OTHER,
    ("visually", "hidden"): Label.OTHER,
    ("latest", "news"): Label.RELATED,
    ("wp", "caption"): Label.CAPTION,
    ("pull", "quote"): Label.BODY,
}
_TELLING = frozenset(_WORD_HINTS) | {first for first, _ in _PAIR_HINTS}


class Measure(NamedTuple):
    """What one block measures.

    words: their number; prose: 0 (a menu) to 1 (running text); links: share of characters inside links; hint: the
    label that an element around it hints at; inside: whether it stands in the element that holds most running text;
    run: number of the sentence run that the line belongs to (lines through which one sentence goes share it).
    """

    words: int
    prose: float
    links: float
    hint: Label | None
    inside: bool
    run: int


def measure_page(page: Page, counts: list[int]) -> tuple[Measure, ...]:
    """One measure for each block, in order; counts: the words of each."""
    links = [min(1.0, block.link_chars / (len(block.text) or 1)) if block.link_chars else 0.0 for block in page.blocks]
    runs = _runs(page.blocks)
    prose = _prose(page.blocks, counts, links, runs)
    hints, inside = _surroundings(page, counts, prose)
    return tuple(map(Measure, counts, prose, links, hints, inside, runs))


def _runs(blocks: Sequence[Block]) -> list[int]:
    """The number of each block's sentence run: only lines of plain text can share one."""
    if blocks and blocks[0].origin is not Origin.TEXT:
        return list(range(len(blocks)))
    runs: list[int] = []
    for number, block in enumerate(blocks):
        before = blocks[number - 1] if number else None
        same = before is not None and not block.gap and _may_run(before, block)
        runs.append(runs[-1] if same else number)
    return runs


def _may_run(before: Block, block: Block) -> bool:
    """Whether a sentence goes from one line to the next; parts of one line belong together unless they were cut."""
    if before.lines == block.lines:
        return not before.selected and not block.selected
    if block.selected or before.selected or Kind.ROW in (block.kind, before.kind) or block.kind is Kind.ITEM:
        return False
    return joins(before.text, block.text)


def _prose(blocks: Sequence[Block], counts: list[int], links: list[float], runs: list[int]) -> list[float]:
    """How much each block is running text, judged on the whole run that it belongs to."""
    total = [0] * len(blocks)
    for count, run in zip(counts, runs, strict=True):
        total[run] += count
    ended = [False] * len(blocks)
    for block, count, run in zip(blocks, counts, runs, strict=True):
        if total[run] >= _FEW and not ended[run]:
            ended[run] = _ends(block.text, count)
    prose = []
    for block, share, run in zip(blocks, links, runs, strict=True):
        words_of_run = total[run]
        value = 0.0 if words_of_run < _FEW or block.kind in _MEDIA else _running(words_of_run, ended=ended[run])
        prose.append(value * (1.0 if share < 0.25 else max(0.0, 1.25 - 1.5 * share)))
    return prose


def _ends(text: str, count: int) -> bool:
    """Whether a sentence ends with a block, or leads over to what follows; its last word tells."""
    return (text[-1:] in _LAST and ends_sentence(text[-_TAIL:])) or (count > 5 and text.endswith(":"))


def _running(count: int, *, ended: bool) -> float:
    """How much a text of so many words is running text; a headline is not, however long."""
    if ended:
        return 1.0 if count >= 12 else 0.7 if count >= 6 else 0.3 if count >= _FEW else 0.0
    return 0.85 if count >= 30 else 0.5 if count >= 20 else 0.1 if count >= 10 else 0.0


def _surroundings(page: Page, counts: list[int], prose: list[float]) -> tuple[list[Label | None], list[bool]]:
    """For each block the hint of the elements around it, and whether it is in the main container."""
    nodes = page.nodes
    weights = [0.0] * len(nodes)
    for block, count, value in zip(page.blocks, counts, prose, strict=True):
        if value >= 0.5 and block.kind is not Kind.ROW:
            weights[block.node] += min(count, 120) * value
    # Each element's parent; the root, and what a page without elements has instead, is its own.
    parents = [max(0, node.parent) for node in nodes]
    for index in range(len(nodes) - 1, 0, -1):
        if weights[index]:
            weights[parents[index]] += weights[index]
    total = weights[0] if weights else 0.0
    held = _trusted(nodes, parents, weights, total)
    hints, side, lost = _inherit(parents, held, weights)
    inside = _descend(parents, _main_container(nodes, side, weights, total - lost))
    return [hints[block.node] for block in page.blocks], [inside[block.node] for block in page.blocks]


@lru_cache(maxsize=8192)
def _own_hint(tag: str, names: tuple[str, ...]) -> Label | None:
    """What an element's tag and its class and id words hint at."""
    if _TELLING.isdisjoint(names):
        return _TAG_HINTS.get(tag)
    for pair in pairwise(names):
        if pair in _PAIR_HINTS:
            return _PAIR_HINTS[pair]
    if len(names) <= 12:
        for name in names:
            if name in _WORD_HINTS:
                return _WORD_HINTS[name]
    return _TAG_HINTS.get(tag)


def _trusted(nodes: Sequence[Node], parents: list[int], weights: list[float], total: float) -> list[Label | None]:
    """The hints that hold: none that takes too much of the running text, by itself or with those of its label."""
    held: list[Label | None] = [None] * len(nodes)
    side = [False] * len(nodes)
    taken: dict[Label, int] = {}
    most = _HINT_SHARE * total if total > 0 else inf
    for index in range(1, len(nodes)):
        hint = _own_hint(nodes[index].tag, nodes[index].words)
        above = side[parents[index]]
        if hint is None or weights[index] > most:
            side[index] = above
            continue
        held[index], side[index] = hint, True
        if not above:
            taken[hint] = taken.get(hint, 0) + int(weights[index])
    if over := {hint for hint, weight in taken.items() if weight > _LABEL_SHARE * total} - {Label.COMMENTS}:
        return [None if hint in over else hint for hint in held]
    return held


def _inherit(
    parents: list[int], held: Sequence[Label | None], weights: list[float]
) -> tuple[list[Label | None], list[bool], float]:
    """Each element's hint, or else its parent's; whether it has one; and how much running text stands in such."""
    hints: list[Label | None] = list(held)
    side = [False] * len(held)
    lost = 0.0
    for index in range(1, len(held)):
        parent, own = parents[index], held[index]
        if own is None:
            hints[index], side[index] = hints[parent], side[parent]
            continue
        side[index] = True
        if not side[parent]:
            lost += weights[index]
    return hints, side, lost


def _main_container(nodes: Sequence[Node], side: list[bool], weights: list[float], total: float) -> int:
    """The deepest element with most of the running text that stands in no side matter."""
    best = 0
    if total > 0:
        least = _CONTAINER_SHARE * total
        for index, weight in enumerate(weights):
            if weight >= least and not side[index] and nodes[index].tag not in _NO_CONTAINER:
                best = index
    return best


def _descend(parents: list[int], main: int) -> list[bool]:
    """Whether each element is the main container or stands in it."""
    inside = [False] * len(parents)
    if inside:
        inside[main] = True
    for index in range(main + 1, len(parents)):
        inside[index] = inside[parents[index]]
    return inside

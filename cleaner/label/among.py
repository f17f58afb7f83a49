"""What stands among the article's text -> part of it: pictures, code, and the lost rows and items of tables and lists. Pure.

The model sees little in a picture, in a line of code or in a cell of two words; where they stand says more. The text
before and behind decides, captions and buttons passed by; for a row or an item it is that before and behind its table or list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cleaner.datatypes import Block, Judge, Kind, Label, Origin
from cleaner.label.draft import Draft

__all__ = ["among_body"]

_SHOWN = frozenset({Kind.IMAGE, Kind.EMBED})
_PASSED_BY = frozenset({Label.CAPTION, Label.SHARE})
_HOLDERS = {Kind.ITEM: frozenset({"ul", "ol", "dl"}), Kind.ROW: frozenset({"table"})}
_HELD = frozenset({Kind.ITEM, Kind.ROW, Kind.CODE})
_BOXES = frozenset(
    {Label.AD, Label.PROMO, Label.RELATED, Label.NAV, Label.SHARE, Label.COMMENTS, Label.CONSENT, Label.TICKER}
)
_NEUTRAL = frozenset({None, Label.CAPTION, Label.BODY})
_UNSURE = frozenset({Label.OTHER, Label.NAV, Label.RELATED, Label.CAPTION, Label.EXCERPT})
_NAMED = ("words:", "context:under-", "context:element-", "context:teaser-", "context:beside-")
_BEFORE = 4  # blocks before the text within which a picture may open it
_OFTEN = 3  # how often a picture is shown that is no news
_NONE, _CODE = -1, -2  # in place of a list or a table


def among_body(draft: Draft) -> None:
    """Let what stands between two blocks of the article go with them, and pictures that no text of it is next to go."""
    body = draft.body()
    spoken = [index for index in body if draft.blocks[index].kind not in _SHOWN]
    if not spoken or draft.blocks[0].origin is Origin.TEXT:
        return
    first, last = spoken[0], spoken[-1]
    holders = [_holder(draft, block) if block.kind in _HELD else _NONE for block in draft.blocks]
    teasers = _teasers(draft, holders)
    before = _near(draft, holders, range(len(holders)))
    behind = _near(draft, holders, range(len(holders) - 1, -1, -1))
    for index, block in enumerate(draft.blocks):
        near = before[index] + behind[index]
        if block.kind is Kind.CODE and _is_gutter(block.text):
            draft.say(index, Label.OTHER, Judge.MODEL, "model:line-numbers", 0.9)
        elif block.kind in _SHOWN:
            _picture(draft, index, near, first, last)
        elif near == 2 and holders[index] not in teasers and _is_lost(draft, index, holders[index]):
            draft.say(index, Label.BODY, Judge.MODEL, "model:among-body", 0.7)
    _decoration(draft)


def _decoration(draft: Draft) -> None:
    """A picture that stands in the text again and again marks buttons, stars or shops."""
    kept = [index for index in draft.body() if draft.blocks[index].kind is Kind.IMAGE]
    times = Counter(draft.blocks[index].markup for index in kept)
    for index in kept:
        if times[draft.blocks[index].markup] >= _OFTEN:
            draft.say(index, Label.OTHER, Judge.MODEL, "model:decoration", 0.7)


def _is_gutter(text: str) -> bool:
    """Whether a text is the numbers of the lines of the code beside it."""
    numbers = text.split()
    return len(numbers) > 1 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _is_lost(draft: Draft, index: int, holder: int) -> bool:
    """Whether an item, a row or code went for what it looks like alone, and not for its words or an element's name."""
    return holder != _NONE and draft.label(index) in _UNSURE and not draft.reason(index).startswith(_NAMED)


def _teasers(draft: Draft, holders: list[int]) -> set[int]:
    """The lists most of whose items are taken for links to other pages."""
    items: Counter[int] = Counter()
    for holder, block, label in zip(holders, draft.blocks, draft.labels, strict=True):
        if block.kind is Kind.ITEM:
            items[holder] += 1 if label is Label.RELATED else -1
    return {holder for holder, more in items.items() if more > 0}


def _picture(draft: Draft, index: int, near: int, first: int, last: int) -> None:
    """Judge a picture or a video by how many of the texts before and behind it are the article's."""
    hint = draft.measures[index].hint
    inside = first < index < last
    if inside and ((near == 2 and hint not in _BOXES) or (near == 1 and _is_free(draft, index))):
        draft.confirm(index, Label.BODY, "model:among-body", 0.7)
    elif draft.label(index) is Label.BODY and (not first - _BEFORE <= index <= last or (inside and not near)):
        draft.say(index, Label.OTHER, Judge.MODEL, "model:outside-body", 0.6)


def _is_free(draft: Draft, index: int) -> bool:
    """Whether nothing but its place speaks of a picture: no element around it, and none of the surer labels."""
    free = draft.label(index) in {Label.BODY, Label.RELATED, Label.OTHER, Label.NAV}
    return free and draft.measures[index].hint in _NEUTRAL


def _holder(draft: Draft, block: Block) -> int:
    """The outermost list or table that a block stands in, -2 for code, of which several may follow each other; -1 for what is in none."""
    if block.kind is Kind.CODE:
        return _CODE
    names, nodes, node, found = _HOLDERS[block.kind], draft.page.nodes, block.node, _NONE
    while node >= 0:
        found = node if nodes[node].tag in names else found
        node = nodes[node].parent
    return found


def _near(draft: Draft, holders: list[int], order: Iterable[int]) -> list[bool]:
    """For each block whether the text that comes before it in an order, outside of its own list or table, is body."""
    labels, blocks, near = draft.labels, draft.blocks, [False] * len(holders)
    holder, body, body_outside = _NONE, False, False  # of the last text; and what stood before all of its holder
    for index in order:
        own = holders[index]
        near[index] = body_outside if own != _NONE and own == holder else body
        label = labels[index]
        if blocks[index].kind in _SHOWN or label in _PASSED_BY:
            continue
        if own == _NONE or own != holder:
            holder, body_outside = own, body
        body = label is Label.BODY
    return near

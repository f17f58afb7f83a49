"""An unsure page -> the blocks that readability-lxml would keep, and the better supported choice. Pure.

It costs as much as fifteen parses and more, so it is asked only where the model expects little of its own choice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.datatypes import Block, Judge, Kind, Label
from cleaner.label.draft import Draft
from cleaner.label.model import Chances, best_cut, expected_accuracy
from cleaner.text import words

__all__ = ["second_opinion"]

_SHARE = 0.6  # share of a block's runs of words that the other's text holds, from which on it keeps the block
_TRUST = 0.5  # how much its word counts against the model's


def second_opinion(draft: Draft, chances: Chances, body: bytes) -> Chances:
    """Ask, and let the better supported choice stand; the chances with the other's word counted in.

    A block that changes says so: ``context:second-opinion``.
    """
    other = _kept_by_readability(draft.blocks, body)
    if not other.any():
        return chances
    mixed = chances.of.copy()
    mixed[:, _BODY] = (1 - _TRUST) * chances.body + _TRUST * other
    both = Chances(mixed, chances.words)
    standing = np.zeros(len(draft.blocks), bool)
    standing[draft.body()] = True
    kept = both.body >= best_cut(both)
    if expected_accuracy(both, kept) <= expected_accuracy(both, standing):
        return both
    for index, block in enumerate(draft.blocks):
        if block.kind in {Kind.IMAGE, Kind.EMBED} or kept[index] == standing[index]:
            continue
        if draft.label(index) is Label.TITLE:
            continue  # readability-lxml takes the headline for text where it stands inside the article
        label = Label.BODY if kept[index] else Label.OTHER
        draft.say(
            index,
            label,
            Judge.CONTEXT,
            "context:second-opinion",
            round(float(abs(both.body[index] - (not kept[index]))), 3),
        )
    return both


_BODY = tuple(Label).index(Label.BODY)


def _kept_by_readability(blocks: tuple[Block, ...], body: bytes) -> NDArray[np.bool_]:
    """Which blocks stand in the text that readability-lxml takes for the article; none where it fails."""
    import lxml.html
    from readability import Document

    nothing = np.zeros(len(blocks), bool)
    try:
        told = words(str(lxml.html.fromstring(Document(_decoded(body)).summary()).xpath("string()")))
    except Exception:  # noqa: BLE001 - it raises whatever its parts raise; without its opinion the model's stands
        return nothing
    runs = {tuple(told[at : at + 4]) for at in range(len(told) - 3)}
    joined = f" {' '.join(told)} "
    return np.array(
        [block.kind not in {Kind.IMAGE, Kind.EMBED} and _holds(words(block.text), runs, joined) for block in blocks],
        bool,
    )


def _decoded(body: bytes) -> str:
    """The page as readability-lxml decodes it: where the first encoding that is declared fits, no other is looked for."""
    from readability.encoding import RE_CHARSET, fix_charset, get_encoding

    if declared := RE_CHARSET.search(body):
        try:
            return body.decode(fix_charset(declared[1].decode("ascii", "replace")))
        except UnicodeDecodeError:
            pass
    return body.decode(get_encoding(body) or "utf-8", "replace")


def _holds(own: list[str], runs: set[tuple[str, ...]], joined: str) -> bool:
    """Whether a text holds a block: most of its runs of four words, or all of a shorter one."""
    if len(own) < 4:
        return bool(own) and f" {' '.join(own)} " in joined
    return sum(tuple(own[at : at + 4]) in runs for at in range(len(own) - 3)) >= _SHARE * (len(own) - 3)

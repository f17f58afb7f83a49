"""Labelled page -> whether its text is all of the article, or what stands in place of the rest. Pure."""

from __future__ import annotations

import re

from cleaner.datatypes import Kind, Label, LabelledPage
from cleaner.text import ends_sentence, is_cut_off, words
from cleaner.walls import wall_in

__all__ = ["cut_off", "is_paid", "is_short", "wall_before", "wall_behind"]

_TEXTS = frozenset({Kind.PARAGRAPH, Kind.ITEM})
_ELLIPSES = ("…", "...", "[…]", "[...]")
_LEAST = 60  # characters of a last paragraph that may break off
_BEHIND = 8  # blocks behind the article where a wall may stand
_LINE = 250  # characters of a line that is a wall
_SHARE = 0.5  # of the words that the page claims
_CLAIMED = 150  # words from which on a claim of length is believed
_MORE = re.compile(
    r"(?:read|show|see|view|continue|keep|load)(?: reading)?(?: (?:more|on|the (?:full|rest|whole).*|full (?:article|story)))?|(?:jetzt |hier )?weiterlesen|mehr (?:lesen|anzeigen)|lire (?:la suite|plus)|voir plus|leer más|seguir leyendo|leggi (?:tutto|di più)|continua a leggere|les (?:mer|hele saken|videre)|læs (?:mere|videre)|läs (?:mer|vidare)|lees (?:meer|verder)|czytaj (?:więcej|dalej)|читать (?:далее|дальше|полностью)|читати далі|続きを読む|もっと(?:見る|読む)|阅读(?:全文|更多)|查看全文|閱讀全文|더 ?보기|ler mais|devamını oku",
    re.IGNORECASE,
)


def _last(labelled: LabelledPage) -> int | None:
    """The last paragraph of the body; a short line behind it may be a stray."""
    told = zip(labelled.page.blocks, labelled.verdicts, strict=True)
    own = [block for block, verdict in told if verdict.label is Label.BODY and block.kind in _TEXTS]
    long = [block for block in own if len(block.text) > _LEAST]
    return (long or own)[-1].index if own else None


def cut_off(labelled: LabelledPage) -> int | None:
    """The last block of the body where the text breaks off: in an ellipsis, or before a button that shows the rest."""
    last = _last(labelled)
    if last is None:
        return None
    blocks = labelled.page.blocks
    text = blocks[last].text
    if len(text) > _LEAST and text.endswith(_ELLIPSES) and is_cut_off(text):
        return last
    after = next((block.text for block in blocks[last + 1 : last + 3] if block.text), "")
    return last if _is_more(after) and len(text) > _LEAST and not ends_sentence(text) else None


def _is_more(text: str) -> bool:
    """Whether a line is a button that shows the rest of a text."""
    return bool(_MORE.fullmatch(text.strip(" .…»>→›:")))


def is_short(labelled: LabelledPage) -> bool:
    """Whether the text of a paid article is far shorter than the page claims.

    Free pages whose claim is much too high are whole, as far as we saw: it counts characters, or a list's articles.
    """
    claims = labelled.page.claims
    claimed = next((int(claim.value) for claim in claims if claim.name == "length"), 0)
    if claimed < _CLAIMED or not is_paid(labelled):
        return False
    told = zip(labelled.page.blocks, labelled.verdicts, strict=True)
    return sum(len(words(block.text)) for block, verdict in told if verdict.label is Label.BODY) < _SHARE * claimed


def is_paid(labelled: LabelledPage) -> bool:
    """Whether the page claims that its article, or a part of it, is for those who pay."""
    return any(claim.name == "access" and claim.value == "paid" for claim in labelled.page.claims)


def wall_behind(labelled: LabelledPage) -> int | None:
    """The line that stands in place of the rest of the article: right behind its text, and asks to pay or log in.

    None where the page claims that it may be read for nothing.
    """
    last = _last(labelled)
    if last is None or _is_free(labelled):
        return None
    return _first_wall(labelled, range(last, last + _BEHIND + 1), "paywall", "login-wall")


def wall_before(labelled: LabelledPage) -> int | None:
    """The line between headline and text that offers the article for sale; the text may stand behind it all the same."""
    verdicts = labelled.verdicts
    body = next((i for i, verdict in enumerate(verdicts) if verdict.label is Label.BODY), None)
    if body is None or _is_free(labelled):
        return None
    title = next((i for i in range(body, -1, -1) if verdicts[i].label is Label.TITLE), body)
    return _first_wall(labelled, range(title, body), "paywall")


def _is_free(labelled: LabelledPage) -> bool:
    """Whether the page claims that its article is free, and nowhere that it is not."""
    free = any(claim.name == "access" and claim.value == "free" for claim in labelled.page.claims)
    return free and not is_paid(labelled)


def _first_wall(labelled: LabelledPage, indices: range, *names: str) -> int | None:
    """The first line among some that is a wall."""
    for index in indices[: len(labelled.page.blocks) - indices.start]:
        text, label = labelled.page.blocks[index].text, labelled.verdicts[index].label
        if label is not Label.COMMENTS and 0 < len(text) <= _LINE and wall_in(text, *names):
            return index
    return None

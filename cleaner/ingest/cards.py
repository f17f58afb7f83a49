"""Links of a page -> cards: which element a link's address has for itself, and the headline and time in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from cleaner.ingest.entries import line, told_time
from cleaner.ingest.sites import page_key

__all__ = ["Card", "cards_of"]

_HEADINGS = "h1,h2,h3,h4,h5,h6"
_HEADED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLED = "[class*=headline],[class*=Headline],[class*=title],[class*=Title],[class*=heading]"
_CLIMB = 7  # elements from a link up to its card
_PLACE = 5  # elements of a place's pattern
_LONG = 250  # characters of the longest headline
_ASIDE = frozenset("nav footer menu".split())
_ASIDE_WORD = re.compile(
    r"^(?:(?:main|site|global|top|page|primary|secondary|mobile|desktop)[-_]?)?"
    r"(?:(?:nav|navbar|navigation|menu|submenu|mega-?menu|dropdown|footer|breadcrumbs?|cookie|consent|pagination|pager)(?:$|[-_])"
    r"|(?:tags?|social|shar(?:e|ing)|comments?|skip|login|subscribe)(?:[-_]?(?:list|cloud|links?|bar|icons?|buttons?|area|section))?$)"
    r"(?!.*(?:article|post|card|story|content))",
    re.IGNORECASE,
)
# Class words that tell the state or the subject of one card rather than what it is.
_OWN = re.compile(
    r"\d|^(?:first|last|odd|even|active|current|sticky|featured|has|is|no|category|tag|status|format|type|author|topic|section|lang)\b"
    r"|[:\[\]@/]",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"more (?:in|from|on|about)\b.{0,80}|(?:read|continue|learn|see|view|show)\b.{0,20}\b(?:more|reading|article|story|post)|(?:weiter|mehr)lesen|mehr|lire la suite|"
    r"leer m[aá]s|leggi tutto|continua a leggere|lees meer|czytaj więcej|\d+ (?:comments?|replies|likes|shares)|comments?\b.{0,20}|.{0,30} min(?:ute)?s? read",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One address that a page links to. place: the pattern of where its card stands; aside: only in menus, footers and sentences."""

    url: str
    title: str
    published: str
    place: str
    aside: bool


def cards_of(links: Sequence[tuple[str, LexborNode]]) -> list[Card]:
    """The cards of links (absolute address, element), in order, one for each page; linear in links times depth."""
    anchors: dict[str, list[LexborNode]] = {}
    addresses: dict[str, str] = {}
    owners: dict[int, str | None] = {}
    for address, node in links:
        key = page_key(address)
        addresses.setdefault(key, address.partition("#")[0])
        anchors.setdefault(key, []).append(node)
        for element in _up(node):
            if owners.setdefault(element.mem_id, key) != key:
                owners[element.mem_id] = None
    asides: dict[int, bool] = {}
    return [_card(addresses[key], key, nodes, owners, asides) for key, nodes in anchors.items()]


def _card(
    address: str, key: str, nodes: Sequence[LexborNode], owners: dict[int, str | None], asides: dict[int, bool]
) -> Card:
    """The card of a page that several links may lead to.

    owners: the one page that all links of an element lead to; asides: what is known of elements already.
    """
    found = []
    for node in nodes:
        top = node
        for element, _ in zip(_up(node), range(_CLIMB), strict=False):
            if owners[element.mem_id] != key or element.tag in {"body", "main", "html"}:
                break
            top = element
        out = _in_a_sentence(node) or any(_is_aside(element, asides) for element in _up(top))
        found.append((out, node, top))
    out, _, top = min(found, key=lambda one: one[0])  # the first of those that stand where articles do, if any does
    return Card(address, _title([node for one, node, _ in found if one == out], top), _time(top), _place(top), out)


def _up(node: LexborNode) -> Iterator[LexborNode]:
    """An element and those around it, the nearest first."""
    element: LexborNode | None = node
    while element is not None and element.is_element_node:
        yield element
        element = element.parent


def _in_a_sentence(node: LexborNode) -> bool:
    """Whether a link is some words within a paragraph."""
    for element, _ in zip(_up(node), range(4), strict=False):
        if element.tag in _HEADED:
            return False
        if element.tag == "p":
            around, own = _text(element), _text(node)
            return len(around) > len(own) + 40 and not around.startswith(own)
    return False


def _is_aside(element: LexborNode, known: dict[int, bool]) -> bool:
    """Whether an element is a menu, a footer or the like: by its tag, or by its words unless the page's heading is within."""
    if (found := known.get(element.mem_id)) is None:
        told = _words(element)
        told += [element.attributes.get("id") or "", element.attributes.get("role") or ""]
        named = element.tag not in {"html", "body"} and any(map(_ASIDE_WORD.match, told))
        found = element.tag in _ASIDE or (named and element.css_first("main,h1") is None)
        known[element.mem_id] = found
    return found


def _words(element: LexborNode) -> list[str]:
    """The class words of an element."""
    return (element.attributes.get("class") or "").split()


def _place(top: LexborNode) -> str:
    """The pattern of a card's place: tags and class words of it and what is around it, the nearest last."""
    names = []
    for number, element in zip(range(_PLACE), _up(top), strict=False):
        kept = sorted(word for word in _words(element) if not _OWN.search(word))[:2] if 0 <= number < 3 else []
        names.append(".".join([element.tag or "", *kept]))
    return ">".join(reversed(names))


def _title(nodes: Sequence[LexborNode], top: LexborNode) -> str:
    """A card's headline: a heading in or around a link, what is called a title there, the card's heading, the longest link."""
    for node in nodes:
        if any(element.tag in _HEADED for element, _ in zip(_up(node), range(4), strict=False)) and (
            text := _text(node)
        ):
            return text
    for within, select in (
        *((node, _HEADINGS) for node in nodes),
        *((node, _TITLED) for node in nodes),
        (top, _HEADINGS),
    ):
        if text := next((text for element in within.css(select) if _is_own(text := _text(element))), ""):
            return text
    texts = [text for node in nodes for text in _said(node) if _is_own(text)]
    if not texts:
        texts = [text for element in top.css(_TITLED) if _is_own(text := _text(element))][:1]
    return max(texts, key=len, default="")


def _is_own(text: str) -> bool:
    """Whether a text may be a headline, and not what stands on every card."""
    return bool(text) and len(text) <= _LONG and not _GENERIC.fullmatch(text)


def _said(node: LexborNode) -> list[str]:
    """What a link says: its text, else its first long piece; what assistants read aloud; what its picture is called."""
    text = _text(node)
    if len(text) > _LONG:
        text = next((piece for inner in node.css("*") if 15 <= len(piece := _text(inner)) <= _LONG), "")
    if text:
        return [text]
    told = [node.attributes.get("aria-label"), node.attributes.get("title")]
    return [found for one in told if (found := line(one))]


def _text(node: LexborNode) -> str:
    """An element's text in one line."""
    return line(node.text(separator=" "))


def _time(top: LexborNode) -> str:
    """The time that a card tells machines."""
    element = top.css_first("time[datetime]")
    return told_time(element.attributes.get("datetime")) if element is not None else ""

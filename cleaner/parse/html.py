"""HTML text -> Page. Pure. The tree is Lexbor's (a WHATWG parser): what a browser would show, however broken.

One walk without recursion, linear in the page, writes a block at every border of a block element. Nothing is judged
here: menus, forms and footers become blocks like paragraphs, so that each removal can be explained. Only what no
reader sees (scripts, styles, templates, option lists) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from cleaner.addresses import TRACKING
from cleaner.datatypes import Claim, Page, Selector
from cleaner.parse.blocks import Builder
from cleaner.parse.claims import collect_claims
from cleaner.parse.linked import linked_data
from cleaner.parse.selectors import mirror_of, selected, told_claims
from cleaner.parse.state import HiddenText, align, find_hidden_text
from cleaner.parse.telling import Telling, find_telling
from cleaner.parse.walk import HIT, walk

if TYPE_CHECKING:
    from cleaner.parse.xpath import Mirror

__all__ = ["base_of", "excess", "parse_html"]

_MANY = 8_000  # elements left open in markup that no parser reads in linear time
_ATTRIBUTES = 1_000  # of one tag; parsers look through all of them for each (Lexbor: 4 s for 50,000)
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{4 * _ATTRIBUTES},}}")
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_OPENED = re.compile(
    r"<(?:div|span|section|article|main|b|i|u|a|em|strong|font|table|ul|ol|blockquote|center|form)\b", re.IGNORECASE
)


def excess(text: str) -> str:
    """What of some markup no parser reads in linear time, as a sentence for people; empty where it is none of that.

    Thousands of elements that are opened and hardly closed (Lexbor: 7 s for 50,000), and thousands of attributes of one tag.
    """
    if any(len(_VALUE.sub("", hit[0]).split()) > _ATTRIBUTES for hit in _LONG_TAG.finditer(text)):
        return f"a tag has more than {_ATTRIBUTES:,} attributes"
    tags = text.count("<")
    if tags <= _MANY or tags - 2 * (closed := text.count("</")) <= _MANY:
        return ""
    deep = len(_OPENED.findall(text)) - closed > _MANY
    return "elements nest deeper than any page of text needs" if deep else ""


def parse_html(
    page_id: str,
    text: str,
    url: str | None,
    claims: tuple[Claim, ...],
    selectors: tuple[Selector, ...],
    tracking: Collection[str] = TRACKING,
) -> Page:
    """The page of an HTML text. url: where it came from, if known; claims: what others say of it, which come first.

    tracking: names of parameters that leave its links.

    Behind those comes what the site's selectors say, then what the page says of itself.
    """
    tree = LexborHTMLParser(text)
    telling = find_telling(tree)
    records = tuple(linked_data(telling))
    own = collect_claims(tree, telling, url, records)
    canonical = next((claim.value for claim in own if claim.name == "canonical"), None)
    if url is None and canonical is None:
        url = next((claim.value for claim in claims if claim.name == "base"), None)
    base = base_of(telling, url or canonical)
    notes: list[str] = []
    builder = Builder(base, tracking)
    mirror = mirror_of(tree, selectors)
    told = told_claims(mirror, selectors, base, notes)
    hits = _mark(tree, selectors, notes, mirror) if selectors else None
    walk(tree, builder, hits, bare=telling.bare, raw=telling.raw)
    hidden, lacking = find_hidden_text(text, records, builder.blocks)
    if hidden is not None and lacking:
        _add(hidden, builder)
    witness = (Claim("body", hidden.text, hidden.origin.value),) if hidden is not None else ()
    return Page(
        page_id, tuple(builder.blocks), tuple(builder.nodes), (*claims, *told, *own, *witness), url, tuple(notes)
    )


def _add(hidden: HiddenText, builder: Builder) -> None:
    """Add text that stands only in JSON, where the DOM's blocks show that it belongs."""
    shown = tuple(builder.blocks)
    builder.origin = hidden.origin
    for paragraph in hidden.paragraphs:
        close = builder.open("p" if not hidden.is_html else "div", "")
        if hidden.is_html:
            walk(LexborHTMLParser(paragraph), builder)
        elif paragraph:
            builder.text(escape(paragraph, quote=False))
        close()
    ordered = align(shown, builder.blocks[len(shown) :])
    builder.blocks[:] = [replace(block, index=index) for index, block in enumerate(ordered)]


def base_of(telling: Telling, url: str | None) -> str | None:
    """The address that relative links start from."""
    told = telling.bases[0].attributes.get("href") if telling.bases else None
    if not told:
        return url
    try:
        return urljoin(url or "", told)
    except ValueError:
        return url


def _mark(
    tree: LexborHTMLParser, selectors: tuple[Selector, ...], notes: list[str], mirror: Mirror | None
) -> list[tuple[str, ...]]:
    """Mark the elements that selectors hit, so that they are known in their markup; the names by the mark's number.

    notes: takes a line for each selector that fails on this page; mirror: the tree's, where a selector is an XPath.
    """
    for node in tree.css(f"[{HIT}]"):
        del node.attrs[HIT]  # a page does not say itself that it was hit
    hits = selected(tree, selectors, notes, mirror)
    names: list[tuple[str, ...]] = []
    for node in tree.css("*") if hits else ():
        if node.mem_id in hits:
            node.attrs[HIT] = str(len(names))
            names.append(hits[node.mem_id])
    return names

"""A page's tree and the selectors of its site's rules -> the names of those that hit each element, and claims. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Claim, Selector
from cleaner.parse.addresses import absolute
from cleaner.text import squeeze

if TYPE_CHECKING:
    from cleaner.parse.xpath import Mirror

__all__ = ["css_mistake", "mirror_of", "selected", "told_claims"]

_MOST = 1000  # characters of a claim
_NAMES = 20  # authors
# The attribute of an element that says it better than the element's text.
_ATTRIBUTES = {"published": "datetime", "next": "href", "single": "href"}
_ADDRESSES = frozenset({"next", "single"})


def mirror_of(tree: LexborHTMLParser, selectors: tuple[Selector, ...]) -> Mirror | None:
    """The tree as XPaths are tried on it; None where there is no XPath, because that takes longer than parsing."""
    if all(selector.xpath is None for selector in selectors):
        return None
    from cleaner.parse.xpath import Mirror

    return Mirror(tree)


def selected(
    tree: LexborHTMLParser,
    selectors: tuple[Selector, ...],
    notes: list[str] | None = None,
    mirror: Mirror | None = None,
) -> dict[int, tuple[str, ...]]:
    """The names of the selectors that hit each element, by the element's identity in this tree.

    notes: takes a line for each XPath that fails on this page, which then hits nothing; mirror: the tree's, if it is there.
    """
    found: dict[int, tuple[str, ...]] = {}
    mirror = mirror or mirror_of(tree, selectors)
    for selector in selectors:
        if selector.claim is not None:
            continue
        try:
            hits = _hits(tree, mirror, selector)
        except ValueError as error:
            _note(notes, selector, error)
            continue
        for hit in hits:
            found[hit] = (*found.get(hit, ()), selector.name)
    return found


def told_claims(
    mirror: Mirror | None, selectors: tuple[Selector, ...], base: str | None, notes: list[str]
) -> tuple[Claim, ...]:
    """What the selectors that make claims say of the page, with the witness ``site``.

    Of those of one claim the first speaks that gives something: all that it gives for authors, else the first of it.
    base: what relative addresses start from; notes: takes a line for each XPath that fails on this page.
    """
    found: dict[str, tuple[Claim, ...]] = {}
    for selector in selectors:
        if mirror is None or selector.claim is None or selector.claim in found:
            continue
        try:
            values = tuple(dict.fromkeys(_values(mirror, selector, selector.claim, base)))
        except ValueError as error:
            _note(notes, selector, error)
            continue
        if values:
            kept = values[: _NAMES if selector.claim == "author" else 1]
            found[selector.claim] = tuple(Claim(selector.claim, value[:_MOST], "site") for value in kept)
    return tuple(claim for claims in found.values() for claim in claims)


def css_mistake(css: str) -> str | None:
    """What is wrong with a CSS selector, tried on an empty page; None where it can be read."""
    try:
        LexborHTMLParser("<p></p>").css(css)
    except Exception:  # noqa: BLE001 - the parser's own error class is not public
        return f"{css!r} is no CSS selector"
    return None


def _note(notes: list[str] | None, selector: Selector, error: ValueError) -> None:
    """Note a selector that fails on this page."""
    if notes is not None:
        notes.append(f"{selector.name}: xpath failed: {error}")


def _hits(tree: LexborHTMLParser, mirror: Mirror | None, selector: Selector) -> list[int]:
    """The identities of the elements that one selector hits. Raises ValueError for an XPath that fails."""
    if selector.xpath is not None and mirror is not None:
        return mirror.hits(selector.xpath) if selector.when is None or mirror.holds(selector.when) else []
    return [node.mem_id for node in tree.css(selector.css)] if selector.css is not None else []


def _values(mirror: Mirror, selector: Selector, claim: str, base: str | None) -> Iterator[str]:
    """What one selector says, empty values left out. Raises ValueError for an XPath that fails."""
    if selector.xpath is None or (selector.when is not None and not mirror.holds(selector.when)):
        return
    is_address = claim in _ADDRESSES
    for value in mirror.values(selector.xpath, _ATTRIBUTES.get(claim), only=is_address):
        if told := absolute(base, value.strip()) if is_address else squeeze(value):
            yield told

"""A page's tree and the selectors of its site's rules -> the names of those that hit each element. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Selector

if TYPE_CHECKING:
    from cleaner.parse.xpath import Mirror

__all__ = ["css_mistake", "selected"]


def selected(
    tree: LexborHTMLParser, selectors: tuple[Selector, ...], notes: list[str] | None = None
) -> dict[int, tuple[str, ...]]:
    """The names of the selectors that hit each element, by the element's identity in this tree.

    notes: takes a line for each XPath that fails on this page, which then hits nothing.
    """
    found: dict[int, tuple[str, ...]] = {}
    mirror = _mirror(tree, selectors)
    for selector in selectors:
        try:
            hits = _hits(tree, mirror, selector)
        except ValueError as error:
            if notes is not None:
                notes.append(f"{selector.name}: xpath failed: {error}")
            continue
        for hit in hits:
            found[hit] = (*found.get(hit, ()), selector.name)
    return found


def css_mistake(css: str) -> str | None:
    """What is wrong with a CSS selector, tried on an empty page; None where it can be read."""
    try:
        LexborHTMLParser("<p></p>").css(css)
    except Exception:  # noqa: BLE001 - the parser's own error class is not public
        return f"{css!r} is no CSS selector"
    return None


def _mirror(tree: LexborHTMLParser, selectors: tuple[Selector, ...]) -> Mirror | None:
    """The tree as XPaths are tried on it; None where there is no XPath, because that takes longer than parsing."""
    if all(selector.xpath is None for selector in selectors):
        return None
    from cleaner.parse.xpath import Mirror

    return Mirror(tree)


def _hits(tree: LexborHTMLParser, mirror: Mirror | None, selector: Selector) -> list[int]:
    """The identities of the elements that one selector hits. Raises ValueError for an XPath that fails."""
    if selector.xpath is not None and mirror is not None:
        return mirror.hits(selector.xpath)
    return [node.mem_id for node in tree.css(selector.css)] if selector.css is not None else []

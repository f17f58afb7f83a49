"""A page's tree and XPaths -> the elements that each hits. Pure. Imported only where a site has an XPath.

Lexbor, which parses pages, reads CSS and no XPath; lxml reads XPath. So the tree is built again of lxml's elements, node by
node: nothing is written out or parsed, so nothing is ever fetched, and both trees are the same. Attributes and text that
an XPath finds count for the element that holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Mirror", "xpath_mistake"]

# Characters that XML does not know.
_UNKNOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SAMPLE = "<title>T</title><div id='a' class='b'><p>c <a href='d'>e</a></p></div>"


class Mirror:
    """A page's tree as lxml's elements."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._elements = _elements(tree)  # kept whole: lxml would make other objects for elements that nobody holds

    def hits(self, xpath: str) -> list[int]:
        """The identities, in the page's own tree, of the elements that an XPath hits, each once. Raises ValueError."""
        result = self.result(xpath)
        hits = [self._elements.get(_holder(item)) for item in result] if isinstance(result, list) else []
        return [hit for hit in dict.fromkeys(hits) if hit is not None]

    def holds(self, xpath: str) -> bool:
        """Whether an XPath hits or gives anything but nothing, as its ``boolean()`` says. Raises ValueError."""
        return bool(self.result(f"boolean({xpath})"))

    def values(self, xpath: str, attribute: str | None = None, *, only: bool = False) -> Iterator[str]:
        """The texts that an XPath gives: of an element its attribute of that name, else (unless only) all text in it.

        Raises ValueError where the XPath cannot be read or fails.
        """
        result = self.result(xpath)
        for item in result if isinstance(result, list) else [result]:
            if isinstance(item, str):
                yield str(item)
            elif item in self._elements:
                told = item.get(attribute) if attribute else None
                if told or not only:
                    yield told or "".join(item.itertext())

    def result(self, xpath: str) -> Any:
        """What an XPath gives on the page, as lxml gives it. Raises ValueError where it cannot be read or fails."""
        try:
            return _compiled(xpath)(next(iter(self._elements)))
        except etree.XPathError as error:
            raise ValueError(str(error)[:1].lower() + str(error)[1:]) from None


def xpath_mistake(xpath: str, kinds: tuple[type, ...] = (list,)) -> str | None:
    """What is wrong with an XPath, tried on a small page; None where it can be read and gives what it is to give.

    kinds: what it may give: elements (a list), a text, a number (a float), yes or no.

    >>> xpath_mistake("count(//p)")
    "'count(//p)' gives a value, and no elements"
    """
    try:
        result = _sample().result(xpath)
    except ValueError as error:
        return f"{xpath!r} is no XPath: {error}"
    if isinstance(result, kinds):
        return None
    return f"{xpath!r} gives a value, and no {'text' if str in kinds else 'elements'}"


@cache
def _sample() -> Mirror:
    """The small page."""
    return Mirror(LexborHTMLParser(_SAMPLE))


def _holder(item: Any) -> Any:
    """The element that an XPath's result is, or that holds it; None where there is none."""
    if not isinstance(item, str):
        return item
    parent = item.getparent()  # type: ignore[attr-defined]
    return parent.getparent() if getattr(item, "is_tail", False) and parent is not None else parent


@lru_cache(maxsize=256)
def _compiled(xpath: str) -> Any:
    """An XPath, compiled. Python's regular expressions stay out of it: nobody could stop them. Raises XPathError."""
    return etree.XPath(xpath, regexp=False)


def _elements(tree: LexborHTMLParser) -> dict[Any, int]:
    """The page's elements as lxml's, in the order of the page, each with its identity in the page's own tree."""
    elements: dict[Any, int] = {}
    assert tree.root is not None  # a parser that follows the standard makes an element html of whatever it reads
    above: list[Any] = []
    for node, depth in _nodes(tree.root):
        del above[depth:]
        tag = node.tag or ""
        if tag == "-text":
            _add_text(above[-1], node.text_content or "")
        elif not tag.startswith("-"):
            above.append(_element(above[-1] if above else None, tag, node))
            elements[above[-1]] = node.mem_id
    return elements


def _nodes(root: LexborNode) -> Iterator[tuple[LexborNode, int]]:
    """A node and all within it in the page's order, each with the number of elements above it."""
    opened: list[LexborNode] = []
    node: LexborNode | None = root
    while node is not None:
        yield node, len(opened)
        if node.child is not None:
            opened.append(node)
            node = node.child
            continue
        while opened and node.next is None:
            node = opened.pop()
        node = node.next if opened else None


def _element(parent: Any, tag: str, node: LexborNode) -> Any:
    """A new element of lxml's within its parent; names that XML does not know are left out, or are ``unknown``."""
    try:
        element = etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
    except ValueError:
        element = etree.Element("unknown") if parent is None else etree.SubElement(parent, "unknown")
    for name, value in node.attributes.items():
        try:
            element.set(name, _UNKNOWN.sub("", value or ""))
        except ValueError:
            continue
    return element


def _add_text(element: Any, text: str) -> None:
    """Put text at the end of what an element holds so far."""
    text = _UNKNOWN.sub("", text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text

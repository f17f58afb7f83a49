"""HTML text -> Page. Pure. The tree is Lexbor's (a WHATWG parser): what a browser would show, however broken.

One walk without recursion, linear in the page, writes a block at every border of a block element. Nothing is judged
here: menus, forms and footers become blocks like paragraphs, so that each removal can be explained. Only what no
reader sees (scripts, styles, templates, option lists) is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaner.datatypes import Claim, Page, Selector
from cleaner.parse.blocks import Builder
from cleaner.parse.claims import collect_claims
from cleaner.parse.media import embed_of, image_of
from cleaner.parse.selectors import selected
from cleaner.parse.state import HiddenText, align, find_hidden_text

__all__ = ["is_too_deep", "parse_html"]

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "svg",
        "math",
        "select",
        "option",
        "datalist",
        "textarea",
        "canvas",
        "map",
        "area",
        "col",
        "colgroup",
        "noembed",
        "noframes",
        "-comment",
        "-doctype",
        "input",
    ]
)
_EMBEDS = frozenset(["iframe", "video", "audio", "object", "embed", "amp-youtube", "amp-video", "amp-iframe"])
_INLINE = {
    "a": "a",
    "b": "strong",
    "strong": "strong",
    "em": "em",
    "i": "em",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
    "q": "q",
    "cite": "cite",
    "s": "s",
    "del": "s",
    "u": "u",
    "mark": "mark",
    "abbr": "abbr",
    "small": "small",
}
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DEPTH = 250
_CELL = 500  # characters of a cell in a table of data; a longer one makes it a table of layout
_MANY = 8_000  # elements left open in markup that no parser reads in linear time
_OPENED = re.compile(
    r"<(?:div|span|section|article|main|b|i|u|a|em|strong|font|table|ul|ol|blockquote|center|form)\b", re.IGNORECASE
)


def is_too_deep(text: str) -> bool:
    """Whether markup opens thousands of elements and closes few: no parser is linear there (Lexbor: 7 s for 50,000)."""
    return text.count("<") > _MANY and len(_OPENED.findall(text)) - text.count("</") > _MANY


def parse_html(
    page_id: str, text: str, url: str | None, claims: tuple[Claim, ...], selectors: tuple[Selector, ...]
) -> Page:
    """The page of an HTML text. url: where it came from, if known; claims: what others say of it, which come first."""
    tree = LexborHTMLParser(text)
    own = collect_claims(tree, url)
    base = _base(tree, url or next((claim.value for claim in own if claim.name == "canonical"), None))
    notes: list[str] = []
    builder = Builder(base, selected(tree, selectors, notes))
    if tree.body is not None:
        _walk(tree.body, builder)
    hidden, lacking = find_hidden_text(tree, builder.blocks)
    if hidden is not None and lacking:
        _add(hidden, builder)
    witness = (Claim("body", hidden.text, hidden.origin.value),) if hidden is not None else ()
    return Page(page_id, tuple(builder.blocks), tuple(builder.nodes), (*claims, *own, *witness), url, tuple(notes))


def _add(hidden: HiddenText, builder: Builder) -> None:
    """Add text that stands only in JSON, where the DOM's blocks show that it belongs."""
    shown = tuple(builder.blocks)
    builder.origin = hidden.origin
    for paragraph in hidden.paragraphs:
        builder.open("p" if not hidden.is_html else "div", (), ())
        if hidden.is_html:
            fragment = LexborHTMLParser(paragraph)
            if fragment.body is not None:
                _walk(fragment.body, builder)
        else:
            builder.text(paragraph)
        builder.close()
    ordered = align(shown, builder.blocks[len(shown) :])
    builder.blocks[:] = [replace(block, index=index) for index, block in enumerate(ordered)]


def _base(tree: LexborHTMLParser, url: str | None) -> str | None:
    """The address that relative links start from."""
    element = tree.css_first("base[href]")
    told = element.attributes.get("href") if element is not None else None
    if not told:
        return url
    try:
        return urljoin(url or "", told)
    except ValueError:
        return url


def _walk(root: LexborNode, builder: Builder) -> None:
    """Visit the tree in document order, without recursion; ``opened`` is the way down with what each element's end means."""
    opened: list[tuple[LexborNode, str]] = []
    node = root
    while True:
        inner = _enter(node, builder, opened)
        if inner is not None:
            node = inner
            continue
        while opened and node.next is None:
            node, closing = opened.pop()
            _leave(closing, builder)
            if not opened:
                break
        if not opened:
            builder.flush()
            return
        following = node.next
        assert following is not None
        node = following


def _enter(node: LexborNode, builder: Builder, opened: list[tuple[LexborNode, str]]) -> LexborNode | None:
    """Take one node; its first child where the walk goes into it, else None."""
    tag = node.tag or ""
    if tag == "-text":
        builder.text(node.text_content or "")
        return None
    if tag in _SKIPPED:
        return None
    if tag in {"br", "hr", "wbr"}:
        builder.line_break(hard=tag == "hr", soft=tag == "wbr")
        return None
    if tag in {"img", "amp-img"}:
        if markup := image_of(node, builder.base):
            builder.image(*markup)
        return None
    if tag in _EMBEDS:
        if made := embed_of(node, builder.base):
            builder.embed(*made)
        return None
    first = node.child
    if first is None and tag in _BLOCKS:
        builder.line_break(hard=True, soft=False)  # an empty one parts text as a full one does
    if tag == "noscript" or first is None:
        return None
    opened.append((node, _open(node, tag, builder, len(opened))))
    return first


def _open(node: LexborNode, tag: str, builder: Builder, depth: int) -> str:
    """Tell the builder of an element; what it must be told when the element ends."""
    if depth > _DEPTH:
        builder.flush()
        return "flush"
    if tag == "body":
        return ""  # the root that blocks stand in anyway
    if tag in _BLOCKS or "-" in tag:
        attributes = node.attributes
        builder.open(_shape(node, tag, attributes, builder), _names(attributes), builder.selected.get(node.mem_id, ()))
        return "block"
    selected = builder.selected.get(node.mem_id)
    if selected:
        builder.open("span", _names(node.attributes), selected)
        return "block"
    if tag in _INLINE:
        builder.open_inline(_INLINE[tag], node.attributes.get("href") if tag == "a" else None)
        return "inline"
    return ""


def _leave(closing: str, builder: Builder) -> None:
    """The element ends that was opened so."""
    if closing == "block":
        builder.close()
    elif closing == "inline":
        builder.close_inline()
    elif closing == "flush":
        builder.flush()


def _shape(node: LexborNode, tag: str, attributes: dict[str, str | None], builder: Builder) -> str:
    """The tag that an element counts as: tables of layout and their parts are mere divisions."""
    if tag == "table":
        return "table" if _is_data(node, attributes) else "div"
    if tag in {"tr", "td", "th", "caption", "tbody", "thead", "tfoot"}:
        return tag if builder.in_table() else "div"
    classes = (attributes.get("class") or "").casefold()
    if tag in {"div", "span"} and "wp-caption" in classes and "wp-caption-text" not in classes:
        return "figure"
    return "figcaption" if "wp-caption-text" in classes else tag


def _is_data(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    """Whether a table holds data: no table in it, and no cell with text at length."""
    if (
        attributes.get("role") in {"presentation", "none"}
        or len(node.css("table")) > 1
        or node.css_first("h1, h2, form, article") is not None
    ):
        return False
    cells = node.css("td, th")
    return bool(cells) and all(len(cell.text()) <= _CELL for cell in cells[:400])


def _names(attributes: dict[str, str | None]) -> tuple[str, ...]:
    """The words of an element's class, id, role and the like, lower case; ``unshown`` where it is not."""
    told = [attributes.get(name) or "" for name in ("class", "id", "role", "itemprop", "data-testid", "data-component")]
    names = [word.lower() for word in _WORDS.findall(" ".join(filter(None, told))[:300])]
    if (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDDEN.search(attributes.get("style") or "")
    ):
        names.append("unshown")
    return tuple(names)

"""RawPage -> Page. Pure. Chooses the parser, and raises PageError for what is no page at all."""

from __future__ import annotations

from cleaner.datatypes import Claim, Cut, Page, RawPage, Selector
from cleaner.errors import PageError
from cleaner.parse.decode import decode, refuse_binary, sniff
from cleaner.parse.html import is_too_deep, parse_html
from cleaner.parse.plain import parse_plain

__all__ = ["parse_page"]


def parse_page(raw: RawPage, *, selectors: tuple[Selector, ...] = (), cuts: tuple[Cut, ...] = ()) -> Page:
    """The blocks, elements and claims of a raw page.

    selectors: site rules' CSS and XPath, tried on HTML pages; cuts: noise inside lines, cut out of text pages. Raises PageError
    with reason ``empty``, ``binary``, ``too-complex`` or ``no-text``.
    """
    if not raw.body or raw.body.isspace():
        raise PageError(raw.origin, "empty", "the page holds no bytes but white space")
    refuse_binary(raw)
    text = decode(raw.body, raw.media_type)
    url = next((claim.value for claim in raw.claims if claim.name == "url"), _address(raw.origin))
    if sniff(text, raw.media_type, raw.origin) == "html":
        if is_too_deep(text):
            raise PageError(raw.origin, "too-complex", "elements nest deeper than any page of text needs")
        page = parse_html(raw.id, text, url, raw.claims, selectors)
    else:
        blocks, nodes = parse_plain(text, cuts=cuts)
        page = Page(raw.id, blocks, nodes, raw.claims, url)
    if not any(block.text for block in page.blocks):
        raise PageError(raw.origin, "no-text", "the page holds markup but no text")
    return page


def _address(origin: str) -> str | None:
    """The origin, where it is a web address."""
    return origin if origin.startswith(("http://", "https://")) else None


def claims_named(claims: tuple[Claim, ...], name: str) -> tuple[str, ...]:
    """The values of all claims of a name, in order."""
    return tuple(claim.value for claim in claims if claim.name == name)

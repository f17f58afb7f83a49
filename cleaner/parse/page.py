"""RawPage -> Page. Pure. Chooses the parser, and raises PageError for what is no page at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from cleaner.addresses import TRACKING
from cleaner.datatypes import Claim, Cut, Page, RawPage, Replacement, Selector
from cleaner.errors import PageError
from cleaner.parse.decode import decode, refuse_binary, sniff
from cleaner.parse.html import excess, parse_html
from cleaner.parse.plain import parse_plain

__all__ = ["parse_page", "replaced"]

_GROWTH = 1_000_000  # characters by which replacements may make a page longer


def parse_page(
    raw: RawPage,
    *,
    selectors: tuple[Selector, ...] = (),
    cuts: tuple[Cut, ...] = (),
    replacements: Sequence[Replacement] = (),
    tracking: Collection[str] = TRACKING,
) -> Page:
    """The blocks, elements and claims of a raw page.

    selectors: site rules' CSS and XPath, tried on HTML pages; cuts: noise inside lines, cut out of text pages; replacements:
    of the page's text, made first, in their order; tracking: names of parameters that leave links. Raises PageError with reason ``empty``, ``binary``, ``too-complex`` or
    ``no-text``.
    """
    if not raw.body or raw.body.isspace():
        raise PageError(raw.origin, "empty", "the page holds no bytes but white space")
    refuse_binary(raw)
    text, notes = replaced(decode(raw.body, raw.media_type), replacements)
    url = next((claim.value for claim in raw.claims if claim.name == "url"), _address(raw.origin))
    base = next((claim.value for claim in raw.claims if claim.name == "base"), None)
    if sniff(text, raw.media_type, raw.origin) == "html":
        if why := excess(text):
            raise PageError(raw.origin, "too-complex", why)
        page = parse_html(raw.id, text, url, raw.claims, selectors, tracking)
    else:
        blocks, nodes = parse_plain(text, cuts=cuts, tracking=tracking)
        page = Page(raw.id, blocks, nodes, raw.claims, url or base)
    if not any(block.text for block in page.blocks):
        raise PageError(raw.origin, "no-text", "the page holds markup but no text")
    return replace(page, notes=(*notes, *page.notes)) if notes else page


def replaced(text: str, replacements: Sequence[Replacement]) -> tuple[str, list[str]]:
    """A page's text with all replacements made; a line for each passed over because the page would grow without measure."""
    notes: list[str] = []
    most = len(text) + _GROWTH
    for item in replacements:
        if len(text) + text.count(item.find) * (len(item.by) - len(item.find)) > most:
            notes.append(f"{item.name}: replacement passed over: it makes the page too long")
        else:
            text = text.replace(item.find, item.by)
    return text, notes


def _address(origin: str) -> str | None:
    """The origin, where it is a web address."""
    return origin if origin.startswith(("http://", "https://")) else None


def claims_named(claims: tuple[Claim, ...], name: str) -> tuple[str, ...]:
    """The values of all claims of a name, in order."""
    return tuple(claim.value for claim in claims if claim.name == name)

"""RawPage and its site's selectors -> where its article stands as a whole, and where it goes on. Pure.

What the site's patterns say goes before what the page's links look like. Neither leads to another host.
"""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Claim, Onward, RawPage, Replacement, Selector
from cleaner.parse.claims import collect_claims
from cleaner.parse.decode import decode, sniff
from cleaner.parse.html import base_of, excess
from cleaner.parse.page import replaced
from cleaner.parse.pagination import next_page, same_host
from cleaner.parse.selectors import mirror_of, told_claims
from cleaner.parse.telling import find_telling

__all__ = ["onward_of"]

_LINKS = frozenset({"next", "single"})


def onward_of(
    raw: RawPage, selectors: tuple[Selector, ...] = (), replacements: Sequence[Replacement] = (), *, named: bool = False
) -> Onward:
    """Where a raw page leads; nowhere where it is no HTML, or markup beyond all measure.

    Of the selectors only those of the claims ``next`` and ``single`` are tried. One that fails finds nothing; that is told
    when the page is cleaned. named: see ``next_page``.
    """
    url = next((claim.value for claim in raw.claims if claim.name == "url"), raw.origin)
    text, _ = replaced(decode(raw.body, raw.media_type), replacements)
    if sniff(text, raw.media_type, url) != "html" or excess(text):
        return Onward()
    tree = LexborHTMLParser(text)
    told = _told(tree, tuple(selector for selector in selectors if selector.claim in _LINKS), url)
    single, following = told.get("single"), told.get("next")
    home = _home(tree, url) if single else None
    if following:
        return Onward(single, home, following, told=True)
    found = next_page(tree, url, named=named)
    return Onward(single, home, found.value if found else None)


def _told(tree: LexborHTMLParser, selectors: tuple[Selector, ...], url: str) -> dict[str, str]:
    """The addresses that selectors find, by the name of the claim; those of other hosts are left out."""
    if not selectors:
        return {}
    claims = told_claims(mirror_of(tree, selectors), selectors, base_of(find_telling(tree), url), [])
    return {claim.name: claim.value.partition("#")[0] for claim in claims if same_host(url, claim.value)}


def _home(tree: LexborHTMLParser, url: str) -> str:
    """The address that a page calls its own, if it is of its host; else the one that it has."""
    claims: tuple[Claim, ...] = collect_claims(tree, find_telling(tree), url, ())
    named = next((claim.value for claim in claims if claim.name == "canonical"), "")
    return named if same_host(url, named) else url

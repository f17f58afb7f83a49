"""A site's patterns (``config/ftr``) and a page's draft -> draft in which they have spoken. Pure.

The parser tried their XPaths, which left names in ``Block.selected``, and claims with the witness ``site``. What is told here
is what stands in the article's body, and what is stripped. FiveFilters strips first and looks for the body then, and takes
titles and authors that it finds out of it; so do we. All names are ``ftr:FILE:LINE``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cleaner.datatypes import Block, FtrPath, FtrRules, Judge, Kind, Knowledge, Label, Origin, Selector
from cleaner.label.draft import Draft
from cleaner.text import fold

__all__ = ["apply_ftr", "body_of", "ftr_for", "ftr_selectors"]

_LEAST_WORDS = 25  # an article has at least so many words
_SHORT = 25  # words of a line about the article; what is longer is text, whatever the other judges say
# What elements a strip takes: attributes count for no element here, and a page whose root is called so stays.
_STRIPPED = "({})[self::* and not(self::html or self::body)]"
_CLAIMS = {
    "title": "title",
    "author": "author",
    "date": "published",
    "single_page_link": "single",
    "next_page_link": "next",
}
_ABOUT = frozenset({Label.TITLE, Label.BYLINE, Label.DATE, Label.CAPTION, Label.ATTRIBUTION})
_SHOWN = frozenset({Kind.IMAGE, Kind.EMBED})
_TOLD = {"title": (Label.TITLE, "ftr-title"), "author": (Label.BYLINE, "ftr-author")}


def ftr_for(url: str, knowledge: Knowledge) -> FtrRules | None:
    """The patterns that hold for an address: those of its host, else of the nearest host above it with a dot in front."""
    if not knowledge.ftr:
        return None
    try:
        host = (urlsplit(url).hostname or "").casefold().removeprefix("www.")
    except ValueError:
        return None
    parts = host.split(".")
    wanted = (host, *("." + ".".join(parts[start:]) for start in range(1, len(parts))))
    known = {rules.host: rules for rules in knowledge.ftr if rules.host in wanted}
    return next((known[name] for name in wanted if name in known), None)


def ftr_selectors(rules: FtrRules) -> tuple[Selector, ...]:
    """The selectors that the parser is to try on a page."""
    return (
        *(
            Selector(_name(rules, path), xpath=path.xpath, when=path.when, claim=claim)
            for directive, claim in _CLAIMS.items()
            for path in _paths(rules, directive)
        ),
        *(Selector(_name(rules, path), xpath=path.xpath, when=path.when) for path in rules.body),
        *(Selector(_name(rules, path), xpath=_STRIPPED.format(path.xpath), when=path.when) for path in rules.strip),
    )


def apply_ftr(draft: Draft, rules: FtrRules | None) -> tuple[bool, tuple[str, ...]]:
    """Let a site's patterns speak. Whether they found an article's body, and what people should know, one line each.

    On a page of plain text there is nothing that an XPath could hit, and nothing is said.
    """
    if rules is None or draft.blocks[0].origin is Origin.TEXT:
        return False, ()
    site = f"site:{rules.host.lstrip('.')}"
    for index in _stripped(draft.blocks, rules):
        draft.say(index, Label.OTHER, Judge.SITE, f"{site}:ftr-strip", 1.0)
    if not rules.body:
        return False, ()
    if not (inside := body_of(draft.blocks, rules)):
        return False, (f"ftr:{rules.file}: body found nothing, the model decides",)
    told = dict(_told(draft))
    for index, block in enumerate(draft.blocks):
        if index in inside:
            label, reason = told.get(fold(block.text), (Label.BODY, "ftr-body"))
            if label is not Label.BODY or not _is_about(draft, index):
                draft.say(index, label, Judge.SITE, f"{site}:{reason}", 1.0)
        elif draft.label(index) is Label.BODY:
            draft.say(index, Label.OTHER, Judge.SITE, f"{site}:ftr-body", 1.0)
    return draft.words(draft.body()) >= _LEAST_WORDS, ()


def body_of(blocks: Sequence[Block], rules: FtrRules) -> frozenset[int]:
    """The indices of the blocks in the first body that holds any text when stripped; none where no XPath finds one."""
    stripped = _stripped(blocks, rules)
    for path in rules.body:
        name = _name(rules, path)
        inside = frozenset(index for index, block in enumerate(blocks) if name in block.selected) - stripped
        if any(blocks[index].text and blocks[index].kind not in _SHOWN for index in inside):
            return inside
    return frozenset()


def _paths(rules: FtrRules, directive: str) -> tuple[FtrPath, ...]:
    """The XPaths of a directive."""
    paths: tuple[FtrPath, ...] = getattr(rules, directive)
    return paths


def _name(rules: FtrRules, path: FtrPath) -> str:
    """The name of an XPath in messages: the file and the line where it stands."""
    return f"ftr:{rules.file}:{path.line}"


def _stripped(blocks: Sequence[Block], rules: FtrRules) -> frozenset[int]:
    """The indices of the blocks that are stripped."""
    names = {_name(rules, path) for path in rules.strip}
    return frozenset(index for index, block in enumerate(blocks) if not names.isdisjoint(block.selected))


def _told(draft: Draft) -> Iterator[tuple[str, tuple[Label, str]]]:
    """Texts that the patterns name as title or author, with the label and the reason of a block that is one of them."""
    for claim in draft.page.claims:
        if claim.witness == "site" and claim.name in _TOLD and (text := fold(claim.value)):
            yield text, _TOLD[claim.name]


def _is_about(draft: Draft, index: int) -> bool:
    """Whether a block in the body is a line about the article which the entry uses elsewhere, as the judges before said."""
    label, kind = draft.label(index), draft.blocks[index].kind
    if label is Label.CAPTION and kind is Kind.CAPTION:
        return True
    return label in _ABOUT and kind not in _SHOWN and draft.measures[index].words <= _SHORT

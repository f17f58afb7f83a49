"""One PAGE: RawPage -> Outcome. Pure; runs in a child process that can be killed.

An article that stands on several pages is one RawPage: each of its pages is parsed and labelled by itself, then they are joined.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from cleaner.addresses import TRACKING
from cleaner.assemble import assemble_article
from cleaner.datatypes import Claim, Entry, Knowledge, LabelledPage, Onward, Outcome, RawPage, Rejected, Subscription
from cleaner.enrich import enrich_entry
from cleaner.errors import PageError
from cleaner.join import gives_text, join_pages
from cleaner.label import cuts_of, label_page, replacements_of, selectors_of
from cleaner.parse import onward_of, parse_page

__all__ = ["clean_page", "find_onward"]

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # the time of what is parsed and not dated


def clean_page(raw: RawPage, subscription: Subscription, knowledge: Knowledge, authority: str) -> Outcome:
    """Parse, label, assemble and enrich one page.

    Where a page gives no article and a feed carried its content, that content is cleaned instead, and a note says so.
    authority: ``domain,year``, the part of a ``tag:`` URI that names who mints it. Raises PageError for a page that
    cannot be judged at all (empty, binary, too complex).
    """
    carried = next((claim.value for claim in raw.claims if claim.name == "content"), None)
    page = raw if carried is None else replace(raw, claims=tuple(c for c in raw.claims if c.name != "content"))
    try:
        outcome = _clean(page, carried, subscription, knowledge, authority)
        why = outcome.result.reason if isinstance(outcome.result, Rejected) else None
    except PageError as error:
        if carried is None:
            raise
        outcome, why = None, error.reason
    if why is None or carried is None:
        assert outcome is not None
        return outcome
    claims = tuple(claim for claim in page.claims if claim.name != "partial")
    body = _as_page(page, carried)
    stand_in = replace(page, body=body, media_type="text/html; charset=utf-8", claims=claims, more=())
    try:
        instead = _clean(stand_in, None, subscription, knowledge, authority)
    except PageError:
        if outcome is None:
            raise
        return outcome
    if isinstance(instead.result, Rejected) and outcome is not None:
        return outcome
    notes = (*instead.labelled.notes, f"the page gives no article ({why}): what the feed carries of it stands instead")
    return replace(instead, labelled=replace(instead.labelled, notes=notes), carried=why)


def find_onward(body: bytes, url: str, media_type: str, named: bool, knowledge: Knowledge) -> Onward:
    """Where the page in some bytes leads: where its article stands as a whole, and where it goes on.

    url: the address that answered; media_type: as declared; named: a feed names the page as that of an entry.
    """
    raw = RawPage("", url, media_type, body, _NEVER, (Claim("url", url, "link"),))
    return onward_of(raw, selectors_of(raw, knowledge), replacements_of(raw, knowledge), named=named)


def _clean(
    raw: RawPage, carried: str | None, subscription: Subscription, knowledge: Knowledge, authority: str
) -> Outcome:
    """Clean one page. carried: what a feed carries of it, as HTML: a witness for its text."""
    paragraphs = _paragraphs(carried) if carried else ()
    labelled = _label(raw, knowledge, paragraphs)
    if raw.more and labelled.rejected is None:
        labelled = _with_further(labelled, raw, knowledge, paragraphs)
    if lacks := tuple(claim.value for claim in raw.claims if claim.name == "partial"):
        labelled = replace(labelled, notes=(*labelled.notes, *lacks))
    return Outcome(labelled, judge_outcome(raw, labelled, subscription, knowledge, authority))


def _label(raw: RawPage, knowledge: Knowledge, paragraphs: Sequence[str]) -> LabelledPage:
    """Parse and label one page by itself. Raises PageError."""
    page = parse_page(
        raw,
        selectors=selectors_of(raw, knowledge),
        cuts=cuts_of(knowledge),
        replacements=replacements_of(raw, knowledge),
        tracking=TRACKING | knowledge.tracking,
    )
    return label_page(page, knowledge, raw, paragraphs)


def _with_further(first: LabelledPage, raw: RawPage, knowledge: Knowledge, paragraphs: Sequence[str]) -> LabelledPage:
    """An article's first page with its further pages behind it; a note for each that gives nothing, or is odd."""
    pages, notes = [(1, first)], []
    for number, page in enumerate(_further(raw), 2):
        try:
            labelled = _label(page, knowledge, paragraphs)
        except PageError as error:
            notes.append(f"page {number} of the article could not be read: {error.reason}")
            continue
        why = labelled.rejected.reason if labelled.rejected else ""
        if why and not gives_text(labelled):
            notes.append(f"page {number} of the article gives no text ({why})")
            continue
        if why:
            notes.append(f"page {number} by itself would be no article ({why})")
        pages.append((number, labelled))
    joined = join_pages(pages)
    return replace(joined, notes=(*joined.notes, *notes))


def _further(raw: RawPage) -> Iterator[RawPage]:
    """The further pages of an article, each as a raw page: what is said of the first one is said of all, but for the address."""
    said = tuple(claim for claim in raw.claims if claim.name != "url")
    for address, body in raw.more:
        yield replace(raw, origin=address, body=body, claims=(Claim("url", address, "link"), *said), more=())


def _as_page(raw: RawPage, carried: str) -> bytes:
    """A page made of what a feed carries."""
    title = next((html.escape(claim.value, quote=False) for claim in raw.claims if claim.name == "title"), "")
    text = f"<!doctype html><meta charset=utf-8><title>{title}</title><article><h1>{title}</h1>{carried}</article>"
    return text.encode("utf-8", "replace")


def _paragraphs(carried: str) -> tuple[str, ...]:
    """The texts of the blocks of some HTML."""
    made = RawPage("", "feed", "text/html; charset=utf-8", carried.encode("utf-8", "replace"), _NEVER)
    try:
        return tuple(block.text for block in parse_page(made).blocks if block.text)
    except PageError:
        return ()


def judge_outcome(
    raw: RawPage, labelled: LabelledPage, subscription: Subscription, knowledge: Knowledge, authority: str
) -> Entry | Rejected:
    """The entry that a labelled page gives, or why it gives none."""
    if labelled.rejected is not None:
        return labelled.rejected
    article = assemble_article(labelled)
    if not article.text and not article.html:  # all of it was judged away, by a rule say
        return Rejected("no-text")
    return enrich_entry(article, labelled, raw, subscription, knowledge, authority)

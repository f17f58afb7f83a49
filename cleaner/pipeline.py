"""One PAGE: RawPage -> Outcome. Pure; runs in a child process that can be killed."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, datetime

from cleaner.assemble import assemble_article
from cleaner.datatypes import Entry, Knowledge, LabelledPage, Outcome, RawPage, Rejected, Subscription
from cleaner.enrich import enrich_entry
from cleaner.errors import PageError
from cleaner.label import cuts_of, label_page, replacements_of, selectors_of
from cleaner.parse import parse_page

__all__ = ["clean_page"]

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
    stand_in = replace(page, body=_as_page(page, carried), media_type="text/html; charset=utf-8")
    try:
        instead = _clean(stand_in, None, subscription, knowledge, authority)
    except PageError:
        if outcome is None:
            raise
        return outcome
    if isinstance(instead.result, Rejected) and outcome is not None:
        return outcome
    notes = (*instead.labelled.notes, f"the page gives no article ({why}): what the feed carries of it stands instead")
    return replace(instead, labelled=replace(instead.labelled, notes=notes), carried=True)


def _clean(
    raw: RawPage, carried: str | None, subscription: Subscription, knowledge: Knowledge, authority: str
) -> Outcome:
    """Clean one page. carried: what a feed carries of it, as HTML: a witness for its text."""
    page = parse_page(
        raw,
        selectors=selectors_of(raw, knowledge),
        cuts=cuts_of(knowledge),
        replacements=replacements_of(raw, knowledge),
    )
    labelled = label_page(page, knowledge, raw, _paragraphs(carried) if carried else ())
    return Outcome(labelled, judge_outcome(raw, labelled, subscription, knowledge, authority))


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
    return enrich_entry(article, labelled, raw, subscription, knowledge, authority)

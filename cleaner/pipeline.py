"""One PAGE: RawPage -> Outcome. Pure; runs in a child process that can be killed."""

from __future__ import annotations

from cleaner.assemble import assemble_article
from cleaner.datatypes import Entry, Knowledge, LabelledPage, Outcome, RawPage, Rejected, Subscription
from cleaner.enrich import enrich_entry
from cleaner.label import cuts_of, label_page, selectors_of
from cleaner.parse import parse_page

__all__ = ["clean_page"]


def clean_page(raw: RawPage, subscription: Subscription, knowledge: Knowledge, authority: str) -> Outcome:
    """Parse, label, assemble and enrich one page.

    authority: ``domain,year``, the part of a ``tag:`` URI that names who mints it. Raises PageError for a page that
    cannot be judged at all (empty, binary, too complex).
    """
    page = parse_page(raw, selectors=selectors_of(raw, knowledge), cuts=cuts_of(knowledge))
    labelled = label_page(page, knowledge, raw)
    return Outcome(labelled, judge_outcome(raw, labelled, subscription, knowledge, authority))


def judge_outcome(
    raw: RawPage, labelled: LabelledPage, subscription: Subscription, knowledge: Knowledge, authority: str
) -> Entry | Rejected:
    """The entry that a labelled page gives, or why it gives none."""
    if labelled.rejected is not None:
        return labelled.rejected
    article = assemble_article(labelled)
    return enrich_entry(article, labelled, raw, subscription, knowledge, authority)

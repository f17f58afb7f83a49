"""A store and the name of a source from the net -> what is remembered of it between rounds, and what its pages teach."""

from __future__ import annotations

import json
from datetime import datetime

from cleaner.datatypes import RawPage
from cleaner.polite import SourceState, after_sample, state_from_json, state_to_json
from cleaner.store import Store
from cleaner.text import words

__all__ = ["is_partial", "learn_fulltext", "next_try", "plain", "read_state"]

_WHOLE = 0.9  # share of an article's words that a feed must carry to be said to carry it


def read_state(store: Store, source: str) -> SourceState:
    """What is remembered of a source."""
    told = store.state(source)
    return state_from_json(json.loads(told)) if told else SourceState()


def next_try(store: Store, source: str) -> datetime | None:
    """When a source is to be asked again, by its own rate or after a failure; None for one that is never asked."""
    return read_state(store, source).next_try


def learn_fulltext(store: Store, raw: RawPage, article: str) -> None:
    """Compare what a feed carried of an article with what its page gave, so that ``fulltext = "auto"`` learns.

    Of an article that is not whole nothing is learnt.
    """
    content = next((claim.value for claim in raw.claims if claim.name == "content"), None)
    if (
        content is None
        or is_partial(raw)
        or raw.origin != next((claim.value for claim in raw.claims if claim.name == "asked"), None)
    ):
        return
    carried = len(words(plain(content)))
    state = after_sample(read_state(store, raw.source), whole=carried >= _WHOLE * len(words(article)))
    store.set_state(raw.source, json.dumps(state_to_json(state)))


def plain(markup: str) -> str:
    """The text of some HTML, as far as counting its words needs it."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(markup).text(separator=" ")


def is_partial(raw: RawPage) -> bool:
    """Whether further pages of an article are not there."""
    return any(claim.name == "partial" for claim in raw.claims)

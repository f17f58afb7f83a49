"""A source's rounds and pages, as stored -> news of its health, kept, and the entries of ``health.atom``."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from itertools import takewhile

from cleaner.collect import read_state
from cleaner.datatypes import Article, Entry, StoredEntry
from cleaner.health import Sample, news_of
from cleaner.store import Store

__all__ = ["health_entries", "watch_source"]

_MOST = 100  # news that are kept
_PAGES = 60  # pages that are compared
_TITLES = {"dead": "{} cannot be read", "well": "{} is well again", "drifts": "{} has changed"}


def watch_source(store: Store, source: str, title: str, now: datetime, *, judged: bool) -> bool:
    """Look at a source after a round and write down what is new of it; whether there was anything. judged: the round judged a page."""
    with store.transaction():  # rounds end side by side, and none may take away another's news
        return _watched(store, source, title, now, judged=judged)


def _watched(store: Store, source: str, title: str, now: datetime, *, judged: bool) -> bool:
    """The same, alone."""
    state = read_state(store, source)
    failed = list(takewhile(lambda row: row.error is not None, store.rounds(source)))
    asked = bool(
        store.state(source)
    )  # of what is asked over the net the state tells more: a host that is held is no failure
    failures = state.failures if asked else len(failed)
    error = failed[0].error if failed and failures else None
    before = store.kept(f"health {source}")
    if before in {"well", "drifts"} and not (failures or judged or state.gone):
        return False  # nothing came that could change it
    samples = [Sample(*told) for told in store.samples(source, _PAGES)] if not failures else []
    news = news_of(before, failures, error, gone=state.gone, samples=samples)
    if news.state != before:
        store.keep(f"health {source}", news.state)
    if not news.text:
        return False
    told = [*json.loads(store.kept("health news") or "[]"), [now.isoformat(), source, title, news.state, news.text]]
    store.keep("health news", json.dumps(told[-_MOST:]))
    return True


def health_entries(store: Store, authority: str) -> list[StoredEntry]:
    """The news as entries, newest first."""
    told = json.loads(store.kept("health news") or "[]")
    return [_entry(authority, *one) for one in reversed(told)]


def _entry(authority: str, time: str, source: str, title: str, state: str, text: str) -> StoredEntry:
    """One piece of news as an entry."""
    when = datetime.fromisoformat(time).astimezone(UTC)
    name = _TITLES[state].format(title)
    article = Article(name, (), text, f"<p>{html.escape(text, quote=False)}</p>")
    entry = Entry(
        id=f"tag:{authority}:health/{source}/{when:%Y%m%dT%H%M%S}",
        page_id="",
        url=None,
        article=article,
        authors=(),
        contributors=(),
        published=when,
        published_precision="second",
        updated=when,
        language="en",
        site=None,
        source=None,
        via=(),
        flags=(),
        confidence=1.0,
        fetched=when,
    )
    return StoredEntry(entry, source, source, "", when, when)

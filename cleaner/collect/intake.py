"""A subscription from the net, and what is remembered of it -> raw pages, kept in the store; and what the next round is to know.

Two steps, of which either may end early and is taken up by the next round: the index (a feed, a listing, a map) is asked
and every address that is new or was told of anew is written down; then the addresses that wait are fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from cleaner.addresses import resolve_wrapped
from cleaner.collect.items import plain_text
from cleaner.collect.maps import read_maps
from cleaner.collect.pages import SAMPLES, Round, fetch_waiting
from cleaner.collect.register import note_items, note_links, note_pages
from cleaner.collect.visitor import refused
from cleaner.datatypes import Answer, FeedDocument, FeedItem, Link, RawPage, Subscription
from cleaner.errors import FetchError, PageError
from cleaner.fetch import PAGES, without_login
from cleaner.polite import (
    SourceState,
    after_failure,
    after_sample,
    after_success,
    interval,
    max_age,
    state_from_json,
    state_to_json,
)
from cleaner.store import Store
from cleaner.text import words

__all__ = ["ANY_KIND", "FEEDS", "learn_fulltext", "next_try", "read_state", "revive", "take_in"]

_BASE = timedelta(minutes=5)  # the first wait after a source failed
_WAITING = timedelta(minutes=1)  # until pages that wait are fetched, at least
_WHOLE = 0.9  # share of an article's words that a feed must carry to be said to carry it
_LATEST = 100  # dates of a site's pages that tell how often it changes
FEEDS = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
ANY_KIND = f"{PAGES},{FEEDS}"  # what Accept says where nobody knows what will come
_LINKS = 100  # of a listing
_MORE, _LESS = 0.5, 1.25  # factors of the wait after a round that brought something, and after one that did not
_NO_FAULT = frozenset({"held", "stopped"})  # a host that wants to be left alone has not failed, nor has one when we end


def read_state(store: Store, source: str) -> SourceState:
    """What is remembered of a source."""
    told = store.state(source)
    return state_from_json(json.loads(told)) if told else SourceState()


def next_try(store: Store, source: Subscription, now: datetime) -> datetime | None:
    """When a source is to be asked again: by its own rate, after a failure, or because pages of it wait; None where nothing is known.

    One that has fixed times is asked then, whatever its rate; only while it fails it may be later.
    """
    state = read_state(store, source.name)
    if state.gone:
        return now + source.max
    if source.every is not None or source.cron is not None:
        return state.next_try if state.failures else None
    waiting, after = store.addresses.soonest(source.name)
    pages = [now + _WAITING] if waiting else [] if after is None else [max(after, now + _WAITING)]
    return min(pages + ([state.next_try] if state.next_try else []), default=None)


def revive(store: Store, source: str) -> None:
    """Ask a source again that said it is gone: a person knows better."""
    state = read_state(store, source)
    if state.gone:
        store.set_state(source, json.dumps(state_to_json(replace(state, gone=False, failures=0, next_try=None))))


def take_in(this: Round, *, early: bool = False) -> Callable[[], None] | None:
    """Ask a source's index and fetch what it leads to. Raises PageError where the index itself could not be had.

    early: ask the index also where it is not due yet by the source's own rate, because a person wants it. Where it is not
    known yet whether a feed carries the whole text, only some pages are kept, and what is returned takes in the others: to be
    called when those are cleaned, and so compared.
    """
    store, source, now = this.store, this.source, this.now
    state = _state_for(store, source)
    fixed = source.every is not None or source.cron is not None
    due = early or fixed or state.gone or state.next_try is None or state.next_try <= now
    if source.kind == "pages":
        _take_pages(this, state, due=due, early=early)
        return None
    if due:
        try:
            if state.gone:
                raise _gone(source)
            state = _ask_index(this, state)
        except PageError as error:
            if not state.gone and error.reason not in _NO_FAULT:
                state = _failed(this, state, error)
            if isinstance(error, FetchError) and error.wait is not None:
                state = replace(state, next_try=now + error.wait)
            _remember(this, state)
            fetch_waiting(this, state)
            raise
        _remember(this, state)
    unsure = source.fulltext == "auto" and state.fulltext == "unknown"
    left = fetch_waiting(this, state, samples=SAMPLES if unsure else None).put_off
    return (lambda: _take_rest(this, left)) if left else None


def _take_rest(this: Round, most: int) -> None:
    """Take in the entries that waited for what the first ones teach."""
    fetch_waiting(this, read_state(this.store, this.source.name), most=most)


def _take_pages(this: Round, state: SourceState, *, due: bool, early: bool) -> None:
    """Ask the pages that a person named, and keep them. Raises PageError where none could be had.

    That they are to be asked is written down first, so that a round which breaks off is taken up by the next one; what came
    of it is told afterwards. While none can be had, they are asked all together, ever less often.
    """
    source, every = this.source, state.every or this.source.min
    if due:
        note_pages(this, early=early)
        state = replace(state, next_try=this.now + every)
        _remember(this, state)
    done = fetch_waiting(this, state)
    if done.well and (due or state.failures):
        every = min(source.max, max(source.min, every * (_MORE if this.kept else _LESS)))
        _remember(this, after_success(state, Answer(source.name, 304), this.now, every=every))
    pages = [page for url in source.urls if (page := this.store.addresses.find(source.name, resolve_wrapped(url)))]
    failing = [page for page in pages if page.state == "failed"]
    others = [page for page in pages if page.state not in {"failed", "given-up"}]
    if others or not pages or (failing and done.error is None):  # those that failed wait for their next try
        return
    cause = done.error or _gone(source)
    error = PageError(source.name, "no-page", f"none of its pages could be had: {cause}")
    state = _failed(this, state, error)
    for page in failing:
        this.store.addresses.put(source.name, replace(page, next=state.next_try))
    _remember(this, state)
    raise error


def _remember(this: Round, state: SourceState) -> None:
    """Write down what the next round is to know."""
    this.store.set_state(this.source.name, json.dumps(state_to_json(state)))


def learn_fulltext(store: Store, raw: RawPage, article: str) -> None:
    """Compare what a feed carried of an article with what its page gave, so that ``fulltext = "auto"`` learns."""
    content = next((claim.value for claim in raw.claims if claim.name == "content"), None)
    told = {claim.name: claim.value for claim in raw.claims}
    if content is None or raw.origin != told.get("asked") or "partial" in told:
        return
    carried = len(words(plain_text(content)))
    state = after_sample(read_state(store, raw.source), whole=carried >= _WHOLE * len(words(article)))
    store.set_state(raw.source, json.dumps(state_to_json(state)))


def _state_for(store: Store, source: Subscription) -> SourceState:
    """What is remembered of a source, as long as its address in the settings is the one for which it was learned."""
    home, state = without_login(source.url or ""), read_state(store, source.name)
    return replace(state if state.home in {"", home} else SourceState(), home=home)


def _gone(source: Subscription) -> FetchError:
    """The error of a source that said 410."""
    why = "answered 410: it said that it is gone for good, and is not asked any more"
    return FetchError(without_login(source.url or source.name), "gone", why)


def _home(source: Subscription, state: SourceState) -> str:
    """Where a source is asked. One that needs a login moves only where a person writes its new address down."""
    own = source.url or source.name
    return state.moved if state.moved and without_login(own) == own else own


# ------------------------------------------------------------------------------------------------------------- the index


def _ask_index(this: Round, state: SourceState) -> SourceState:
    """Ask a source's own address and write down what it names; the state after it. Raises PageError."""
    source, at = this.source, _home(this.source, state)
    if source.kind == "sitemap":
        return _ask_maps(this, state, at)
    accept = FEEDS if source.kind == "feed" else PAGES
    answer = this.visitor.ask(at, source, etag=state.etag, modified=state.modified, given=state.given, accept=accept)
    shown = without_login(at)
    if answer.status == 304:
        return _went_well(this, state, answer, None, [], 0)
    if answer.status != 200 or not answer.body:
        raise refused(shown, answer)
    kind = answer.header("content-type")
    if source.kind == "feed":
        read = "cleaner.ingest.feeds:read_feed"
        document: FeedDocument = this.children.read(read, shown, answer.body, answer.url, kind)
        for note in document.notes:
            this.problem(PageError(shown, "imperfect", note))
        new, passed = note_items(this, document, answer.url)
        _tell_passed(this, passed)
        state = replace(state, carried=_carried(document.items))
        dates = [item.published or item.updated for item in document.items]
        return _went_well(this, state, answer, document.every, dates, new)
    read = "cleaner.ingest.listing:article_links"
    links: tuple[Link, ...] = this.children.read(read, shown, answer.body, answer.url, source.select, _LINKS, kind)
    new, passed = note_links(this, links)
    _tell_passed(this, passed)
    return _went_well(this, state, answer, None, [link.published for link in links], new)


def _carried(items: Sequence[FeedItem]) -> int:
    """The median of the words that a feed carries of its entries."""
    return round(median(len(words(plain_text(item.html))) for item in items)) if items else 0


def _ask_maps(this: Round, state: SourceState, at: str) -> SourceState:
    """Ask the maps of a site and write down what they name; the state after it. Raises PageError."""
    atlas = read_maps(this, at)
    new, passed = note_links(this, atlas.pages, bounded=atlas.first, dated=True)
    atlas.keep(this.store, this.source.name)
    if atlas.fresh:  # the rest is told of only at first sight
        _tell_passed(this, passed)
        if atlas.left:
            why = f"{atlas.left} maps of this site wait for later rounds, which read some each, the latest first"
            this.problem(PageError(without_login(at), "maps-left", why))
    return _went_well(this, state, atlas.answer, None, this.store.addresses.latest(this.source.name, _LATEST), new)


def _tell_passed(this: Round, passed: int) -> None:
    """Tell how many pages are passed over."""
    if passed:
        most = this.source.max_entries
        why = f"{passed} older pages are passed over: of what is there at first sight the newest {most} are fetched"
        this.problem(PageError(without_login(this.source.url or this.source.name), "passed-over", why))


def _went_well(
    this: Round, state: SourceState, answer: Answer, ttl: timedelta | None, dates: Iterable[str], new: int
) -> SourceState:
    """The state after an index that could be read. new: how many addresses it named for the first time.

    What it asks for is the longest wait that it tells, and 304 does not take back what the index itself told. Waits count
    from the answer, which may have come long after the round began, where others asked that host.
    """
    before = state.asked if answer.status == 304 else None
    asked = max((wait for wait in (ttl, max_age(answer.header("cache-control")), before) if wait), default=None)
    now = max(this.now, this.visitor.now())
    times = [time for date in dates if (time := _time(date))]
    least, most = this.source.min, this.source.max
    if times or state.every is None:
        every = interval(times, now, least, most, asked)
    else:  # no dates to judge by: asked a little less often each time that brings nothing, else more often
        every = min(most, max(least, state.every * (_MORE if new else _LESS), asked or timedelta(0)))
    return after_success(state, answer, now, every=every, asked=asked)


def _failed(this: Round, state: SourceState, error: PageError) -> SourceState:
    """The state after an index that could not be had or read."""
    status, told = getattr(error, "status", 0), getattr(error, "retry_after", "")
    return after_failure(
        state,
        str(error),
        status,
        this.now,
        key=this.source.name,
        base=_BASE,
        most=max(_BASE, this.source.max),
        told=told,
    )


def _time(told: str) -> datetime | None:
    """A time told in ISO 8601 with its zone, or None: a day without a time tells little of how often a source changes."""
    try:
        time = datetime.fromisoformat(told)
    except ValueError:
        return None
    return time if time.tzinfo else None

"""A subscription from the net, and what is remembered of it -> raw pages, kept in the store; and what the next round is to know.

Two steps, of which either may end early and is taken up by the next round: the index (a feed, a listing, a map) is asked
and every address that is new or was told of anew is written down; then the addresses that wait are fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from cleaner.addresses import resolve_wrapped
from cleaner.children import Children
from cleaner.collect.items import by_key, plain_text, print_of, told_of
from cleaner.collect.pages import Round, fetch_waiting
from cleaner.collect.visitor import Visitor, refused
from cleaner.datatypes import Answer, FeedDocument, Link, RawPage, Subscription
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
from cleaner.store import Address, Store
from cleaner.text import words

__all__ = ["learn_fulltext", "next_try", "read_state", "revive", "take_in"]

_BASE = timedelta(minutes=5)  # the first wait after a source failed
_WAITING = timedelta(minutes=1)  # until pages that wait are fetched, at least
_WHOLE = 0.9  # share of an article's words that a feed must carry to be said to carry it
_MAPS = 10  # maps of a site that are read in one round
_FEEDS = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
_LINKS = 100  # of a listing


def read_state(store: Store, source: str) -> SourceState:
    """What is remembered of a source."""
    told = store.state(source)
    return state_from_json(json.loads(told)) if told else SourceState()


def next_try(store: Store, source: Subscription, now: datetime) -> datetime | None:
    """When a source is to be asked again: by its own rate, after a failure, or because pages of it wait; None where nothing is known."""
    state = read_state(store, source.name)
    if state.gone:
        return now + source.max
    waiting, after = store.addresses.soonest(source.name)
    pages = [now + _WAITING] if waiting else [] if after is None else [max(after, now + _WAITING)]
    return min(pages + ([state.next_try] if state.next_try else []), default=None)


def revive(store: Store, source: str) -> None:
    """Ask a source again that said it is gone: a person knows better."""
    state = read_state(store, source)
    if state.gone:
        store.set_state(source, json.dumps(state_to_json(replace(state, gone=False, failures=0, next_try=None))))


def take_in(
    store: Store,
    source: Subscription,
    visitor: Visitor,
    children: Children,
    now: datetime,
    problem: Callable[[PageError], None],
    count: Callable[[str], None],
    *,
    most: int = 80 << 20,
    early: bool = False,
) -> None:
    """Ask a source's index and fetch what it leads to. Raises PageError where the index itself could not be had.

    early: ask the index also where it is not due yet by the source's own rate, because a person wants it; problem: told of
    each page that failed, the round goes on; count: told of each page (``unchanged``, ``failed``); most: bytes that the
    pages of one article may have together.
    """
    this = Round(store, source, visitor, children, now, problem, count, most)
    state = _state_for(store, source)
    fixed = source.every is not None or source.cron is not None
    if not (early or fixed or state.gone or state.next_try is None or state.next_try <= now):
        fetch_waiting(this, state)
        return
    try:
        if state.gone:
            raise _gone(source)
        if source.kind == "pages":
            _note(this, [Link(url) for url in source.urls], again=True)
            state = replace(state, every=source.min, next_try=now + source.min)
        else:
            state = _ask_index(this, state)
    except PageError as error:
        if not state.gone and error.reason != "held":  # a host that wants to be left alone has not failed
            state = _failed(this, state, error)
        if isinstance(error, FetchError) and error.wait is not None:
            state = replace(state, next_try=now + error.wait)
        store.set_state(source.name, json.dumps(state_to_json(state)))
        fetch_waiting(this, state)
        raise
    store.set_state(source.name, json.dumps(state_to_json(state)))
    fetch_waiting(this, state)


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
    maps: tuple[str, ...] = ()
    if source.kind == "sitemap" and urlsplit(at).path in {"", "/"}:
        at, *maps_too = this.visitor.sitemaps(at) or (urljoin(at, "/sitemap.xml"),)
        maps = tuple(maps_too)
    accept = _FEEDS if source.kind == "feed" else PAGES
    answer = this.visitor.ask(at, source, etag=state.etag, modified=state.modified, accept=accept)
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
        new = _note_items(this, document, answer.url)
        dates = [time for item in document.items if (time := _time(item.published or item.updated))]
        return _went_well(this, state, answer, document.every, dates, new)
    if source.kind == "listing":
        read = "cleaner.ingest.listing:article_links"
        links: tuple[Link, ...] = this.children.read(read, shown, answer.body, answer.url, source.select, _LINKS, kind)
        new, whole = _note(this, links), True
    else:
        links, whole = _map_links(this, answer, maps)
        new = _note(this, links, dated=True)
    after = _went_well(this, state, answer, None, [time for link in links if (time := _time(link.published))], new)
    return after if whole else replace(after, etag="", modified="")  # that of maps is news whether or not their list is


def _map_links(this: Round, answer: Answer, beside: tuple[str, ...]) -> tuple[tuple[Link, ...], bool]:
    """The pages that a site's map and the maps it names, or that stand beside it, tell of, latest first; whether there were no others.

    Raises PageError where the first map cannot be read; of the others each stands for itself.
    """
    read = "cleaner.ingest.sitemap:read_sitemap"
    links, further = this.children.read(read, answer.url, answer.body, answer.url)
    further = (*further, *beside)
    whole, waiting, done = not further, list(further), {answer.url}
    while waiting and len(done) <= _MAPS:
        url = waiting.pop(0)
        if url in done:
            continue
        done.add(url)
        try:
            told = this.visitor.ask(url, this.source)
            if told.status != 200:
                raise refused(url, told)
            pages, maps = this.children.read(read, url, told.body, told.url)
        except PageError as error:
            this.problem(error)
            continue
        links, waiting = (*links, *pages), [*waiting, *maps]
    return tuple(sorted(links, key=lambda link: link.published, reverse=True)), whole


def _went_well(
    this: Round, state: SourceState, answer: Answer, ttl: timedelta | None, dates: Iterable[datetime], new: int
) -> SourceState:
    """The state after an index that could be read. new: how many addresses it named for the first time."""
    asked = ttl or max_age(answer.header("cache-control"))
    times = list(dates)
    least, most = this.source.min, this.source.max
    if times or state.every is None:
        every = interval(times, this.now, least, most, asked or state.asked)
    else:  # no dates to judge by: asked a little less often each time that brings nothing, else more often
        every = min(most, max(least, state.every * (0.5 if new else 1.25), asked or timedelta(0)))
    return after_success(state, answer, this.now, every=every, asked=asked)


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
    """A time told in ISO 8601 with its zone, or None."""
    try:
        time = datetime.fromisoformat(told)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _note_items(this: Round, document: FeedDocument, feed: str) -> int:
    """Write down the entries of a feed that are new, or of which it tells something else than before; how many are new."""
    name, addresses = this.source.name, this.store.addresses
    known, new = addresses.known(name), 0
    with this.store.transaction():
        number = addresses.number(name)
        items = [replace(item, url=resolve_wrapped(item.url)) if item.url else item for item in document.items]
        for key, item in reversed(by_key(items, document.home, feed).items()):
            told = told_of(item)
            if known.get(key) in {told, print_of(told)}:
                continue
            number += 1
            new += key not in known
            before = (addresses.find(name, key) if key in known else None) or Address(key)
            addresses.put(name, replace(before, told=told, state="waiting", tries=0, next=None, number=number))
    return new


def _note(this: Round, links: Sequence[Link], *, again: bool = False, dated: bool = False) -> int:
    """Write down the links that are new, and how many they are; ``again``: known ones are asked once more; ``dated``: where their date changed."""
    name, addresses = this.source.name, this.store.addresses
    known, new = addresses.known(name), 0
    with this.store.transaction():
        number = addresses.number(name)
        for link in reversed([replace(link, url=resolve_wrapped(link.url)) for link in links]):
            told = link.published if dated else ""
            changed = again or (told and known.get(link.url) != told)
            if link.url in known and not changed:
                continue
            number += 1
            new += link.url not in known
            before = (addresses.find(name, link.url) if link.url in known else None) or Address(link.url)
            if before.state == "failed" or (again and before.state == "given-up"):
                continue  # it waits for its next try
            addresses.put(name, replace(before, told=told, state="waiting", next=None, number=number))
    return new

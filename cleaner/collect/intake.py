"""A subscription from the net, and what is remembered of it -> raw pages, kept in the store; and what the next round is to know.

Two steps, of which either may end early and is taken up by the next round: the index (a feed, a listing, a map) is asked
and every address that is new or was told of anew is written down; then the addresses that wait are fetched.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cleaner.children import Children
from cleaner.collect.further import digest_of, further_pages
from cleaner.collect.items import claims_of, item_from, key_of, page_of, print_of, told_of
from cleaner.collect.memory import plain, read_state
from cleaner.collect.visitor import Visitor, check_page, refused
from cleaner.datatypes import Answer, Claim, FeedDocument, FeedItem, Link, RawPage, Subscription
from cleaner.errors import FetchError, PageError
from cleaner.fetch import PAGES
from cleaner.polite import (
    SourceState,
    after_failure,
    after_success,
    backoff,
    interval,
    max_age,
    state_to_json,
)
from cleaner.store import Address, Store
from cleaner.text import words

__all__ = ["take_in"]

_TRIES = 5  # of a page before it is given up
_RETRY, _RETRY_MOST = timedelta(minutes=5), timedelta(days=2)
_BASE = timedelta(minutes=5)  # the first wait after a source failed
_ENOUGH = 25  # words of a feed's own content that can stand for a page
_MAPS = 10  # maps of a site that are read in one round
_FEEDS = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
_READERS = {"listing": "cleaner.ingest.listing:article_links", "sitemap": "cleaner.ingest.sitemap:read_sitemap"}


@dataclass(slots=True)
class _Round:
    """One round's means."""

    store: Store
    source: Subscription
    visitor: Visitor
    children: Children
    now: datetime
    problem: Callable[[PageError], None]
    count: Callable[[str], None]
    most: int


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
) -> None:
    """Ask a source's index and fetch what it leads to. Raises PageError where the index itself could not be had.

    problem: told of each page that failed, the round goes on; count: told of each page (``unchanged``, ``failed``);
    most: bytes that the pages of one article may have together.
    """
    this = _Round(store, source, visitor, children, now, problem, count, most)
    state = read_state(store, source.name)
    if state.gone:
        raise FetchError(
            _home(source, state), "gone", "answered 410: it said that it is gone for good, and is not asked any more"
        )
    try:
        if source.kind == "pages":
            _note(this, [Link(url) for url in source.urls], again=True)
            state = replace(state, error="", failures=0, since=None, every=source.min, next_try=now + source.min)
        else:
            state = _ask_index(this, state)
    except PageError as error:
        if error.reason != "held":
            state = _failed(this, state, error)
            store.set_state(source.name, json.dumps(state_to_json(state)))
        _fetch_waiting(this, state)
        raise
    store.set_state(source.name, json.dumps(state_to_json(state)))
    _fetch_waiting(this, state)


def _home(source: Subscription, state: SourceState) -> str:
    """Where a source is asked."""
    return state.moved or source.url or source.name


# ------------------------------------------------------------------------------------------------------------- the index


def _ask_index(this: _Round, state: SourceState) -> SourceState:
    """Ask a source's own address and write down what it names; the state after it. Raises PageError."""
    source, at = this.source, _home(this.source, state)
    answer = this.visitor.ask(
        at, source, etag=state.etag, modified=state.modified, accept=_FEEDS if source.kind == "feed" else PAGES
    )
    if answer.status == 304:
        return _went_well(this, state, answer, None, [])
    if answer.status != 200 or not answer.body:
        raise refused(at, answer)
    kind = answer.header("content-type")
    if source.kind == "feed":
        document: FeedDocument = this.children.read("cleaner.ingest.feeds:read_feed", at, answer.body, answer.url, kind)
        _note_items(this, document, answer.url)
        dates = [time for item in document.items if (time := _time(item.published or item.updated))]
        return _went_well(this, state, answer, document.every, dates)
    if source.kind == "listing":
        links: tuple[Link, ...] = this.children.read(_READERS["listing"], at, answer.body, answer.url, source.select)
        _note(this, links)
    else:
        links = _map_links(this, answer)
        _note(this, links, dated=True)
    return _went_well(this, state, answer, None, [time for link in links if (time := _time(link.published))])


def _map_links(this: _Round, answer: Answer) -> tuple[Link, ...]:
    """The pages that a site's map names, and the maps that it names."""
    waiting, done, links = [answer], {answer.url}, []
    while waiting and len(done) <= _MAPS:
        told = waiting.pop(0)
        pages, maps = this.children.read(_READERS["sitemap"], told.url, told.body, told.url)
        links += pages
        for url in maps:
            if url not in done and len(done) < _MAPS:
                done.add(url)
                further = this.visitor.ask(url, this.source)
                if further.status == 200:
                    waiting.append(further)
                else:
                    this.problem(refused(url, further))
    return tuple(sorted(links, key=lambda link: link.published, reverse=True))


def _went_well(
    this: _Round, state: SourceState, answer: Answer, ttl: timedelta | None, dates: Iterable[datetime]
) -> SourceState:
    """The state after an index that could be read; a source that is unchanged keeps its rate."""
    asked = ttl or max_age(answer.header("cache-control"))
    times = list(dates)
    least, most = this.source.min, this.source.max
    if times or state.every is None:
        every = interval(times, this.now, least, most, asked or state.asked)
    else:  # nothing new to judge by: asked a little less often each time
        every = min(most, max(least, state.every * 1.25, asked or timedelta(0)))
    return after_success(state, answer, this.now, every=every, asked=asked)


def _failed(this: _Round, state: SourceState, error: PageError) -> SourceState:
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


def _note_items(this: _Round, document: FeedDocument, feed: str) -> None:
    """Write down the entries of a feed that are new, or of which it tells something else than before."""
    known = this.store.addresses.known(this.source.name)
    for item in reversed(document.items):
        key, told = key_of(item, feed), told_of(item)
        if key not in known:
            this.store.addresses.put(this.source.name, Address(key, told))
        elif known[key] not in {told, print_of(told)}:
            before = this.store.addresses.find(this.source.name, key)
            assert before is not None
            this.store.addresses.put(this.source.name, replace(before, told=told, state="waiting", tries=0, next=None))


def _note(this: _Round, links: Iterable[Link], *, again: bool = False, dated: bool = False) -> None:
    """Write down the links that are new; ``again``: known ones are asked once more; ``dated``: where their date changed."""
    name, addresses = this.source.name, this.store.addresses
    known = addresses.known(name)
    for link in links:
        if link.url not in known:
            addresses.put(name, Address(link.url, link.published if dated else ""))
        elif again or (dated and link.published and known[link.url] != link.published):
            before = addresses.find(name, link.url)
            if before is not None and before.state != "failed":
                addresses.put(name, replace(before, told=link.published if dated else "", state="waiting", next=None))


# ------------------------------------------------------------------------------------------------------------- the pages


def _fetch_waiting(this: _Round, state: SourceState) -> None:
    """Fetch the addresses that wait, and keep their pages; one that fails waits for its next try."""
    for address in this.store.addresses.due(this.source.name, this.now, this.source.max_pages):
        item = item_from(address.told)
        try:
            done = _fetch(this, state, address, item)
        except PageError as error:
            if error.reason == "held":
                this.problem(error)
                return
            done = _not_fetched(this, address, item, error)
        this.store.addresses.put(this.source.name, done)


def _fetch(this: _Round, state: SourceState, address: Address, item: FeedItem | None) -> Address:
    """Fetch one page, or take what its feed carries of it; the address as it is then. Raises PageError."""
    if item is not None and not _wants_page(this.source, state, item):
        _keep(this, page_of(item, address.url, this.now, this.source.name))
        return _done(address)
    answer = this.visitor.ask(address.url, this.source, etag=address.etag, modified=address.modified)
    if answer.status == 304:
        this.count("unchanged")
        return _done(address)
    check_page(address.url, answer)
    further = further_pages(
        answer, address.url, lambda url: this.visitor.ask(url, this.source), this.children, this.most
    )
    claims = (
        Claim("url", answer.url, "link"),
        *((*claims_of(item), Claim("asked", address.url, "link")) if item else ()),
        *((Claim("partial", further.lacks, "link"),) if further.lacks else ()),
    )
    digest, media_type = digest_of(answer.body, further.pages), answer.header("content-type")
    raw = RawPage(digest, address.url, media_type, answer.body, this.now, claims, this.source.name, further.pages)
    # The first page's validators say nothing of the others: an article with several is asked for as if it were new.
    address = replace(address, etag="", modified="")
    if further.error is not None:
        this.problem(further.error)
        if not _is_less(this, raw):
            _keep(this, raw)
        return _put_off(this, address, further.error)
    _keep(this, raw)
    if further.pages:
        return _done(address)
    return replace(_done(address), etag=answer.header("etag"), modified=answer.header("last-modified"))


def _is_less(this: _Round, raw: RawPage) -> bool:
    """Whether an earlier version of an article has more pages than one that is not whole: then it stays."""
    before = this.store.find_page(raw.origin)
    return before is not None and len(before.more) > len(raw.more)


def _wants_page(source: Subscription, state: SourceState, item: FeedItem) -> bool:
    """Whether an entry's page is to be fetched: it has one, and the feed is not known to carry the text."""
    if item.url is None or source.fulltext == "never":
        return False
    return source.fulltext == "always" or state.fulltext != "feed" or not item.html


def _keep(this: _Round, raw: RawPage) -> None:
    """Keep a page; one that is known already is unchanged."""
    if not this.store.keep_page(raw):
        this.count("unchanged")


def _done(address: Address) -> Address:
    """An address whose page is kept: of what was told, the print is enough."""
    told = print_of(address.told) if address.told.startswith("{") else address.told
    return replace(address, told=told, state="fetched", tries=0, next=None, error=None)


def _not_fetched(this: _Round, address: Address, item: FeedItem | None, error: PageError) -> Address:
    """An address whose page could not be had: what the feed carries stands in for it, else it waits for its next try.

    Not so at a later try: then a part of the article is kept already, or what the feed carries is too little.
    """
    this.problem(error)
    if item is not None and not address.tries and len(words(plain(_with_link(item, error)))) >= _ENOUGH:
        carried = replace(item, html=_with_link(item, error))
        _keep(this, page_of(carried, address.url, this.now, this.source.name))
        return replace(_done(address), error=str(error))
    return _put_off(this, address, error)


def _put_off(this: _Round, address: Address, error: PageError) -> Address:
    """An address that waits for its next try, or is given up."""
    this.count("failed")
    tries = address.tries + 1
    wait = backoff(tries, _RETRY, _RETRY_MOST, address.url)
    given_up = tries >= _TRIES or error.reason in {"not-text", "robots"} or getattr(error, "status", 0) in {404, 410}
    return replace(
        address,
        state="given-up" if given_up else "failed",
        tries=tries,
        next=None if given_up else this.now + wait,
        error=str(error),
    )


def _with_link(item: FeedItem, error: PageError) -> str:
    """A feed's content, with a link to the page where that is no text but a document, a picture or a sound."""
    if error.reason != "not-text" or item.url is None:
        return item.html
    return f'{item.html}<p><a href="{html.escape(item.url)}">{html.escape(item.title or item.url)}</a></p>'

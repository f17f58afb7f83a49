"""The addresses of a source that wait -> raw pages, kept in the store; those that fail wait for their next try.

Where a feed carries an entry's content, that stands in for a page that cannot be had.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cleaner.children import Children
from cleaner.collect.further import further_pages, is_less, raw_of
from cleaner.collect.items import claims_of, item_from, page_of, plain_text, print_of
from cleaner.collect.visitor import Visitor, check_page
from cleaner.datatypes import Claim, FeedItem, RawPage, Subscription
from cleaner.errors import FetchError, PageError
from cleaner.fetch import without_login
from cleaner.polite import SourceState, backoff, host_of
from cleaner.store import Address, Store
from cleaner.text import words

__all__ = ["Round", "fetch_waiting"]

_TRIES = 5  # of a page before it is given up
_RETRY, _RETRY_MOST = timedelta(minutes=5), timedelta(days=2)
_ENOUGH = 25  # words of a feed's own content that can stand for a page


@dataclass(slots=True)
class Round:
    """One round's means."""

    store: Store
    source: Subscription
    visitor: Visitor
    children: Children
    now: datetime
    problem: Callable[[PageError], None]
    count: Callable[[str], None]
    most: int  # bytes that the pages of one article may have together


def fetch_waiting(this: Round, state: SourceState) -> None:
    """Fetch the addresses that wait, and keep their pages; one that fails waits for its next try.

    A host that wants to be left alone, or whose rules cannot be read, is told of once; its addresses wait as they are.
    """
    told: set[str] = set()
    for address in this.store.addresses.due(this.source.name, this.now, this.source.max_pages):
        item = item_from(address.told)
        try:
            done = _fetch(this, state, address, item)
        except PageError as error:
            if isinstance(error, FetchError) and error.wait is not None:
                host = host_of(address.url)
                if host not in told:
                    told.add(host)
                    this.problem(error)
                done = replace(address, next=this.now + error.wait)
            else:
                done = _not_fetched(this, address, item, error)
        this.store.addresses.put(this.source.name, done)


def _fetch(this: Round, state: SourceState, address: Address, item: FeedItem | None) -> Address:
    """Fetch one page, or take what its feed carries of it; the address as it is then. Raises PageError."""
    if item is not None and not _wants_page(this.source, state, item):
        _keep(this, page_of(item, address.url, this.now, this.source.name))
        return _done(address)
    answer = this.visitor.ask(address.url, this.source, etag=address.etag, modified=address.modified)
    if answer.status == 304:
        this.count("unchanged")
        return _done(address)
    shown = without_login(address.url)
    check_page(shown, answer)
    further = further_pages(answer, shown, lambda url: this.visitor.ask(url, this.source), this.children, this.most)
    asked = (*claims_of(item), Claim("asked", shown, "link")) if item else ()
    raw = raw_of(further, shown, this.now, asked, this.source.name)
    if further.trouble is not None:
        this.problem(further.trouble)
    if further.error is not None:
        this.problem(further.error)
        this.count("failed")
        if not is_less(raw, this.store.find_page(raw.origin)):
            _keep(this, raw)
        return _put_off(this, replace(address, etag="", modified=""), further.error)
    _keep(this, raw)
    if not further.is_one:  # the first page's validators say nothing of the others
        return replace(_done(address), etag="", modified="")
    return replace(_done(address), etag=answer.header("etag"), modified=answer.header("last-modified"))


def _wants_page(source: Subscription, state: SourceState, item: FeedItem) -> bool:
    """Whether an entry's page is to be fetched: it has one, and the feed is not known to carry the text."""
    if item.url is None or source.fulltext == "never":
        return False
    return source.fulltext == "always" or state.fulltext != "feed" or len(words(plain_text(item.html))) < _ENOUGH


def _keep(this: Round, raw: RawPage) -> None:
    """Keep a page; one that is known already is unchanged."""
    if not this.store.keep_page(raw):
        this.count("unchanged")


def _done(address: Address) -> Address:
    """An address whose page is kept: of what was told, the print is enough."""
    told = print_of(address.told) if address.told.startswith("{") else address.told
    return replace(address, told=told, state="fetched", tries=0, next=None, error=None)


def _not_fetched(this: Round, address: Address, item: FeedItem | None, error: PageError) -> Address:
    """An address whose page could not be had: what the feed carries stands in for it, and it waits for its next try.

    It is given up after some tries, at once where no later one would help; a page that a person named only where it is gone.
    """
    this.problem(error)
    stands = item is not None and _stand_in(this, address, item, error)
    if not stands or address.tries:  # at a later try nothing was kept anew
        this.count("failed")
    later = _put_off(this, address, error)
    return replace(_done(address), error=str(error)) if stands and later.state == "given-up" else later


def _put_off(this: Round, address: Address, error: PageError) -> Address:
    """An address that waits for its next try, or is given up."""
    tries, status = address.tries + 1, getattr(error, "status", 0)
    useless = tries >= _TRIES or error.reason in {"not-text", "robots"} or status == 404
    given_up = status == 410 or (useless and this.source.kind != "pages")
    return replace(
        address,
        state="given-up" if given_up else "failed",
        tries=tries,
        next=None if given_up else this.now + backoff(tries, _RETRY, _RETRY_MOST, address.url),
        error=str(error),
    )


def _stand_in(this: Round, address: Address, item: FeedItem, error: PageError) -> bool:
    """Whether a page that was had before stands, or what a feed carries of it is enough, which is kept at the first failure."""
    before = this.store.latest(this.source.name, without_login(address.url))
    if before is not None and any(claim.name == "asked" for claim in before.claims):
        return True
    carried = replace(item, html=_with_link(item, error))
    if len(words(plain_text(carried.html))) < _ENOUGH:
        return False
    if address.tries == 0 or error.reason == "not-text":
        _keep(this, page_of(carried, address.url, this.now, this.source.name))
    return True


def _with_link(item: FeedItem, error: PageError) -> str:
    """A feed's content, with a link to the page where that is no text but a document, a picture or a sound."""
    if error.reason != "not-text" or item.url is None:
        return item.html
    return f'{item.html}<p><a href="{html.escape(item.url)}">{html.escape(item.title or item.url)}</a></p>'

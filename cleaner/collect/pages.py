"""The addresses of a source that wait -> raw pages, kept in the store; those that fail wait for their next try.

Where a feed carries an entry's content, that stands in for a page that cannot be had.
"""

from __future__ import annotations

import hashlib
import html
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cleaner.children import Children
from cleaner.collect.further import further_pages, is_less, raw_of
from cleaner.collect.items import claims_of, item_from, page_of, plain_text, print_of
from cleaner.collect.versions import bytes_of, keep_version
from cleaner.collect.visitor import Visitor, check_page
from cleaner.datatypes import Answer, Claim, FeedItem, RawPage, Subscription
from cleaner.errors import FetchError, PageError
from cleaner.fetch import without_login
from cleaner.polite import SourceState, backoff, host_of, max_age
from cleaner.store import Address, Store
from cleaner.text import words

__all__ = ["SAMPLES", "WALLS", "Fetched", "Round", "ask_again", "fetch_waiting", "is_sample"]

_SECONDS = 300.0  # that the pages of one round may take together
SAMPLES = 5  # pages that are fetched first, to learn whether a feed carries the whole text

_TRIES = 11  # of a page before it is given up, which takes some three days: hosts may be down for two
WALLS = frozenset(
    {"consent-wall", "login-wall", "no-article"}
)  # reasons for which a page may be an article another time
_WALL = "is no article, and is asked again in case it is a wall that goes"
_WALLED, _AGAIN = 5, timedelta(hours=1)
_RETRY, _RETRY_MOST = timedelta(minutes=5), timedelta(days=2)
_ENOUGH = 25  # words of a feed's own content that can stand for a page
_ONE_IN = 10  # entries of a feed that carries all, of which one page is fetched to see whether it still does
_SHORT = 1 / 3  # of what a feed mostly carries: an entry with less is fetched


@dataclass(slots=True)
class Round:
    """One round's means.

    problem: told of each page that failed, the round goes on; count: told of each page (``unchanged``, ``failed``); most: bytes
    that the pages of one article may have together; seconds: after which no further page is asked for, by monotonic; kept: how
    many pages were new or changed.
    """

    store: Store
    source: Subscription
    visitor: Visitor
    children: Children
    now: datetime
    problem: Callable[[PageError], None]
    count: Callable[[str], None]
    most: int = 80 << 20
    seconds: float = _SECONDS
    monotonic: Callable[[], float] = time.monotonic
    kept: int = 0


@dataclass(slots=True)
class Fetched:
    """What came of the addresses that waited.

    well: how many pages could be had; error: the last that could not; put_off: how many wait for what the samples teach.
    """

    well: int = 0
    error: PageError | None = None
    put_off: int = 0


def fetch_waiting(this: Round, state: SourceState, *, samples: int | None = None, most: int | None = None) -> Fetched:
    """Fetch the addresses that wait, and keep their pages; one that fails waits for its next try.

    A host that wants to be left alone, or whose rules cannot be read, is told of once; its addresses wait as they are. So do
    all that are left when the time is over, or when we are to end. samples: how many entries whose text the feed carries
    are fetched, None for all; most: how many addresses are tried, ``max_pages`` where it is not told.
    """
    told: set[str] = set()
    done, end = Fetched(), this.monotonic() + this.seconds
    for address in this.store.addresses.due(this.source.name, this.now, most or this.source.max_pages):
        if this.monotonic() >= end:
            done.put_off = 0  # there is no time for them
            break
        item = item_from(address.told)
        if samples is not None and item is not None and item.url and _carried(item) >= _ENOUGH:
            if samples == 0:
                done.put_off += 1
                continue
            samples -= 1
        try:
            after = _fetch(this, state, address, item)
            done.well += 1
        except PageError as error:
            if error.reason == "stopped":
                done.put_off = 0
                break
            if isinstance(error, FetchError) and error.wait is not None:
                host = host_of(address.url)
                if host not in told:
                    told.add(host)
                    this.problem(error)
                after = replace(address, next=this.now + error.wait)
            else:
                done.error = error
                after = _not_fetched(this, address, item, error)
        this.store.addresses.put(this.source.name, after)
    return done


def _fetch(this: Round, state: SourceState, address: Address, item: FeedItem | None) -> Address:
    """Fetch one page, or take what its feed carries of it; the address as it is then. Raises PageError."""
    if item is not None and not _wants_page(this.source, state, address, item):
        if _has_page(this, address, item):
            _keep_told(this, without_login(address.url), item)
        else:
            _keep(this, page_of(item, address.url, this.now, this.source.name))
        return _done(address)
    answer = this.visitor.ask(address.url, this.source, etag=address.etag, modified=address.modified)
    shown = without_login(address.url)
    if answer.status == 304:
        _keep_told(this, shown, item)
        return _rested(this, _done(address), answer)
    check_page(shown, answer)
    asked = (*claims_of(item), Claim("asked", shown, "link")) if item else _told_before(this, shown)
    further = further_pages(
        answer, shown, lambda url: this.visitor.ask(url, this.source), this.children, this.most, named=bool(asked)
    )
    raw = raw_of(further, shown, this.now, asked, this.source.name)
    if further.trouble is not None:
        this.problem(further.trouble)
    if further.error is not None:
        this.problem(further.error)
        this.count("failed")
        if not is_less(raw, this.store.find_page(raw.origin)):
            _keep(this, raw)
        return _put_off(this, replace(address, etag="", modified=""), further.error)
    if not _keep(this, raw) and (waits := _walled(this, address, raw)):
        return waits
    if not further.is_one:  # the first page's validators say nothing of the others
        return _rested(this, replace(_done(address), etag="", modified=""), answer)
    done = replace(_done(address), etag=answer.header("etag"), modified=answer.header("last-modified"))
    return _rested(this, done, answer)


def _rested(this: Round, done: Address, answer: Answer) -> Address:
    """A page with the time before which it is not asked again, if a person named it: ``min``, and what its server asks for."""
    source = this.source
    if source.kind != "pages" or source.every is not None or source.cron is not None:
        return done
    wait = max_age(answer.header("cache-control")) or timedelta(0)
    return replace(done, next=max(this.now + source.min, this.visitor.now() + min(wait, source.max)))


def _wants_page(source: Subscription, state: SourceState, address: Address, item: FeedItem) -> bool:
    """Whether an entry's page is to be fetched: it has one, and the feed is not known to carry the text.

    Of a feed that is, those entries are fetched of which it carries hardly a word, or much less than of others, and some more,
    by which it is found out when it carries no more than teasers one day.
    """
    if item.url is None or source.fulltext == "never":
        return False
    if source.fulltext == "always" or state.fulltext != "feed":
        return True
    return _carried(item) < max(_ENOUGH, _SHORT * state.carried) or is_sample(address.url)


def is_sample(key: str) -> bool:
    """Whether an entry's page is fetched though its feed carries the text: one in ten is, always the same ones."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=4).digest()) % _ONE_IN == 0


def _carried(item: FeedItem) -> int:
    """How many words a feed carries of an entry."""
    return len(words(plain_text(item.html)))


def _keep(this: Round, raw: RawPage) -> bool:
    """Keep a page; False where it is known already, and unchanged."""
    kept = keep_version(this.store, raw)
    if kept:
        this.kept += 1
    else:
        this.count("unchanged")
    return kept


def _told_before(this: Round, shown: str) -> tuple[Claim, ...]:
    """What a feed told of an address when its page was kept last."""
    before = this.store.latest(this.source.name, shown)
    return tuple(claim for claim in before.claims if claim.witness == "feed" or claim.name == "asked") if before else ()


def _walled(this: Round, address: Address, raw: RawPage) -> Address | None:
    """When an address is asked again whose page is one that gave no article before; None where it need not be.

    A site that asks for consent, or whether we are human, gives the same page for every article, for a while. What another
    address gave in this very round is not judged yet.
    """
    state, reason = this.store.judged(raw.source, raw.id)
    if address.error is not None and address.error.endswith(_WALL):
        return replace(_put_off(this, address, FetchError(raw.origin, "walled")), error=address.error)
    if state == "rejected" and reason in WALLS:
        return _put_off(this, address, FetchError(raw.origin, reason, _WALL))
    if state == "pending" and this.store.tellings(raw.source, raw.origin) == 0:
        return replace(address, state="waiting", next=this.now + _AGAIN)
    return None


def ask_again(store: Store, raw: RawPage, reason: str) -> None:
    """Have an address asked again that gave no article, for what it gave may be a wall that goes; five such pages end that.

    raw: its page, as judged; reason: why that is no article.
    """
    address, tries = store.addresses.find(raw.source, raw.origin), store.tellings(raw.source, raw.origin)
    if address is None or address.state != "fetched" or tries > _WALLED:
        return
    after = raw.fetched + backoff(tries, _AGAIN, _RETRY_MOST, address.url)
    error = str(FetchError(raw.origin, reason, _WALL))
    store.addresses.put(raw.source, replace(address, state="failed", tries=tries, next=after, error=error))


def _has_page(this: Round, address: Address, item: FeedItem) -> bool:
    """Whether an entry was taken from its page, and its feed carries of it what it carried then: the page tells more than that."""
    kept = this.store.latest(this.source.name, without_login(address.url))
    if kept is None or all(claim.name != "asked" for claim in kept.claims):
        return False
    before, now = (
        [one.value for one in claims if (one.name, one.witness) == ("content", "feed")]
        for claims in (kept.claims, claims_of(item))
    )
    return before == now


def _keep_told(this: Round, origin: str, item: FeedItem | None) -> None:
    """Keep a page that is as it was, with what its feed says of it now."""
    kept = this.store.latest(this.source.name, origin) if item else None
    if kept is None or item is None or all(claim.name != "asked" for claim in kept.claims):
        this.count("unchanged")
        return
    claims = (*(claim for claim in kept.claims if claim.witness != "feed"), *claims_of(item))
    _keep(this, replace(kept, id=bytes_of(kept.id), claims=claims, fetched=this.now))


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
    is_document = error.reason == "not-text" and item.url is not None
    enough = _carried(item) >= _ENOUGH
    if not enough and not (is_document and item.title):
        return False
    if is_document or address.tries == 0:
        page = page_of(_with_link(item) if is_document else item, address.url, this.now, this.source.name)
        if not enough:
            page = replace(page, claims=(*page.claims, Claim("document", without_login(address.url), "link")))
        _keep(this, page)
    return True


def _with_link(item: FeedItem) -> FeedItem:
    """An entry with a link to its page, which is no text but a document, a picture or a sound, under its title and file name."""
    url = item.url or ""
    name = " ".join(filter(None, (item.title, f"({urlsplit(url).path.rpartition('/')[2] or host_of(url)})")))
    return replace(item, html=f'{item.html}<p><a href="{html.escape(url)}">{html.escape(name, quote=False)}</a></p>')

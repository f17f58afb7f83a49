"""What an index names -> addresses written down in the store: those that wait to be fetched, and those that are passed over.

A source that is seen for the first time may tell of all that it ever published. Of that only what its feed will show is
fetched, the newest; the rest is written down, so that it is not new later, and never asked for unless its date changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from heapq import nsmallest

from cleaner.addresses import resolve_wrapped
from cleaner.collect.items import by_key, print_of, told_of
from cleaner.collect.pages import Round
from cleaner.datatypes import FeedDocument, Link
from cleaner.store import Address

__all__ = ["moment", "newest", "note_items", "note_links", "note_pages"]


def moment(told: str) -> datetime | None:
    """A time told in ISO 8601, in UTC where it tells no zone; None for what is no such time."""
    try:
        time = datetime.fromisoformat(told)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def newest(told: Sequence[str], most: int, others: Iterable[str] = (), undated: int = 0) -> set[int]:
    """Which of some addresses are among the newest of a source, as their places in ``told``, their dates.

    most: how many a source may have; others: the dates of those that are known already; undated: how many of those are taken
    and have no date. Addresses without a date count as older than all others, and are taken in their order.
    """
    if not told:
        return set()
    mine = [(-time.timestamp(), 1, place) for place, date in enumerate(told) if (time := moment(date))]
    before = [(-time.timestamp(), 0, -1) for date in others if (time := moment(date))]
    first = nsmallest(most, [*mine, *before])
    bare = [place for place, date in enumerate(told) if moment(date) is None]
    room = max(0, most - len(first) - undated)
    return {place for _, own, place in first if own} | set(bare[:room])


def note_items(this: Round, document: FeedDocument, feed: str) -> tuple[int, int]:
    """Write down the entries of a feed that are new, or of which it tells something else than before.

    How many are new, and how many of those are passed over: at first sight those beyond what the source's own feed shows.
    """
    name, addresses = this.source.name, this.store.addresses
    items = [replace(item, url=resolve_wrapped(item.url)) if item.url else item for item in document.items]
    keyed = by_key(items, document.home, feed)
    with this.store.transaction():
        known, new, number = addresses.known(name), 0, addresses.number(name)
        places = newest([item.published or item.updated for item in keyed.values()], this.source.max_entries)
        taken = keyed.keys() if known else {key for place, key in enumerate(keyed) if place in places}
        for key, item in reversed(keyed.items()):
            told = told_of(item)
            if known.get(key) in {told, print_of(told)}:
                continue
            number += 1
            new += key not in known
            if key not in taken:
                addresses.put(name, Address(key, told=print_of(told), state="passed-over", number=number))
                continue
            before = (addresses.find(name, key) if key in known else None) or Address(key)
            addresses.put(name, replace(before, told=told, state="waiting", tries=0, next=None, number=number))
    return new, len(keyed) - len(taken)


def note_links(
    this: Round, links: Sequence[Link], *, bounded: Collection[str] | None = None, dated: bool = False
) -> tuple[int, int]:
    """Write down the links that are new, and those whose date changed; how many are new, and how many are passed over.

    bounded: the addresses that are fetched only where they are among the newest of the source, None for all of a source seen
    for the first time; dated: whether the dates of links are kept, so that a change of one is seen.
    """
    name, addresses, most = this.source.name, this.store.addresses, this.source.max_entries
    named: dict[str, Link] = {}
    for link in links:
        url = resolve_wrapped(link.url)
        named.setdefault(url, replace(link, url=url))
    with this.store.transaction():
        known, passed, new = addresses.known(name), addresses.passed_over(name), 0
        bound = set(map(resolve_wrapped, bounded)) if bounded is not None else set() if known else named.keys()
        changed = [
            link for url, link in named.items() if url not in known or (dated and _is_later(link.published, known[url]))
        ]
        asking = {link.url: link.published for link in changed if link.url in (passed if link.url in known else bound)}
        others = {url: told for url, told in known.items() if url not in asking}
        undated = sum(not told and url not in passed for url, told in others.items())
        places = newest(list(asking.values()), most, others.values(), undated)
        left = {url for place, url in enumerate(asking) if place not in places}
        number = addresses.number(name)
        for link in reversed(changed):
            number += 1
            new += link.url not in known
            before = (addresses.find(name, link.url) if link.url in known else None) or Address(link.url)
            if before.state == "failed":
                continue  # it waits for its next try
            after = replace(before, told=link.published if dated else "", state="waiting", next=None, number=number)
            addresses.put(name, replace(after, state="passed-over") if link.url in left else after)
    return new, len(left - known.keys())


def _is_later(told: str, before: str) -> bool:
    """Whether a date tells of a change: a page may stand in several maps, and an older date of it is no news."""
    this, that = moment(told), moment(before)
    return this > that if this and that else told not in {"", before}


def note_pages(this: Round, *, early: bool = False) -> None:
    """Write down that the pages which a person named are to be asked once more; one that failed waits for its next try.

    early: also those that asked to be left alone for longer.
    """
    name, addresses = this.source.name, this.store.addresses
    with this.store.transaction():
        number = addresses.number(name)
        for url in reversed([resolve_wrapped(url) for url in this.source.urls]):
            before = addresses.find(name, url) or Address(url)
            rests = before.next is not None and before.next > this.now and not early
            if before.state not in {"failed", "given-up"} and not rests:
                number += 1
                addresses.put(name, replace(before, state="waiting", next=None, number=number))

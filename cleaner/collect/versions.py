"""A page as its address gave it -> kept, where that is something else than the last time; the same bytes may be news.

An address shows one page at a time. Where one goes back to an earlier text, the bytes are known and yet they are the latest
again; where a feed corrects what it says of an entry, they are as they were and tell something else. Both are versions of
the page: kept once more, under the digest of the bytes with a number behind it, so that the files of raw pages alone tell
what came after what, and a lost database is made again from them as it was.
"""

from __future__ import annotations

from dataclasses import replace

from cleaner.datatypes import RawPage
from cleaner.store import Store

__all__ = ["bytes_of", "keep_version"]

_FACTS = frozenset({"title", "author"})  # of what a feed says of an entry; its times and its teaser change for nothing


def keep_version(store: Store, raw: RawPage) -> bool:
    """Keep what an address gave now; False where that is as it was, or where another address gave the same before."""
    if store.keep_page(raw):
        return True
    last = store.last_digest(raw.source, raw.origin)
    if last is None or (bytes_of(last) == raw.id and _says_the_same(store, raw, last)):
        return False
    return store.keep_page(replace(raw, id=f"{raw.id}-{store.versions(raw.source, raw.id) + 1}"))


def bytes_of(page_id: str) -> str:
    """The digest of the bytes of a page.

    >>> bytes_of("6ca1ab-2")
    '6ca1ab'
    """
    return page_id.partition("-")[0]


def _says_the_same(store: Store, raw: RawPage, last: str) -> bool:
    """Whether a feed says of a page what it said when that was kept last; nobody knows where that is not there any more."""
    before = store.raw.read(raw.source, last)
    return before is None or _told(before) == _told(raw)


def _told(raw: RawPage) -> list[tuple[str, str]]:
    """What a feed says of a page that readers see beside its text."""
    return [(claim.name, claim.value) for claim in raw.claims if claim.witness == "feed" and claim.name in _FACTS]

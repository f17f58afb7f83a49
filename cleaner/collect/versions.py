"""A page as its address gave it -> kept, where that is something else than the last time; the same bytes may be news.

An address shows one page at a time. Where one goes back to an earlier text, the bytes are known and yet they are the latest
again; where a feed corrects what it says of an entry, they are as they were and tell something else. Both are versions of
the page. And where many addresses give the same bytes, as a wall before all articles does, a feed may carry what stands
behind it: each entry is judged for itself. All these are kept once more, under the digest of the bytes with a number behind it, so that the files of raw pages alone tell
what came after what, and a lost database is made again from them as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from cleaner.datatypes import RawPage
from cleaner.store import Store

__all__ = ["bytes_of", "keep_version"]

_FACTS = frozenset({"title", "author"})  # of what a feed says of an entry; its times and its teaser change for nothing
_ENTRY = frozenset({"title", "content"})  # by which two entries are two


def keep_version(store: Store, raw: RawPage) -> bool:
    """Keep what an address gave now; False where that is as it was, or where another address gave the same before.

    Of what two addresses gave the same, a feed may tell that they are two entries; then both are kept.
    """
    if store.keep_page(raw):
        return True
    last = store.last_digest(raw.source, raw.origin)
    if last is None and _says_the_same(store, raw, raw.id, _ENTRY):
        return False
    if last is not None and bytes_of(last) == raw.id and _says_the_same(store, raw, last, _FACTS):
        return False
    return store.keep_page(replace(raw, id=f"{raw.id}-{store.versions(raw.source, raw.id) + 1}"))


def bytes_of(page_id: str) -> str:
    """The digest of the bytes of a page.

    >>> bytes_of("6ca1ab-2")
    '6ca1ab'
    """
    return page_id.partition("-")[0]


def _says_the_same(store: Store, raw: RawPage, last: str, names: Collection[str]) -> bool:
    """Whether a feed says of a page what it said of one that was kept, in the claims of these names; nobody knows where that is not there any more."""
    before = store.raw.read(raw.source, last)
    return before is None or _told(before, names) == _told(raw, names)


def _told(raw: RawPage, names: Collection[str]) -> list[tuple[str, str]]:
    """What a feed says of a page, in the claims of these names."""
    return [(claim.name, claim.value) for claim in raw.claims if claim.witness == "feed" and claim.name in names]

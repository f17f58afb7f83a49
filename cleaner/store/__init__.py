"""What we keep: raw pages as files (``raw``), and what we made of them in SQLite (``database``)."""

from cleaner.store.addresses import Address
from cleaner.store.database import RoundRow, Store
from cleaner.store.lock import StateLock
from cleaner.store.raw import RawStore
from cleaner.store.stories import Member, Stories

__all__ = ["Address", "Member", "RawStore", "RoundRow", "StateLock", "Store", "Stories"]

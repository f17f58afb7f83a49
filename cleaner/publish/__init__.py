"""Stored entries -> files that people subscribe to: Atom feeds, an index page, OPML. Nothing here reads a clock."""

from cleaner.publish.atom import Feed, atom_feed
from cleaner.publish.publisher import publish

__all__ = ["Feed", "atom_feed", "publish"]

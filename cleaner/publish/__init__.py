"""Stored entries -> files that people subscribe to: Atom and JSON feeds, an index page, OPML. Nothing here reads a clock."""

from cleaner.publish.atom import atom_feed
from cleaner.publish.feed import Feed
from cleaner.publish.jsonfeed import json_feed
from cleaner.publish.limits import Rendered, render
from cleaner.publish.publisher import SHOWN, make_folder, remove_feed, write_feed, write_index

__all__ = [
    "SHOWN",
    "Feed",
    "Rendered",
    "atom_feed",
    "json_feed",
    "make_folder",
    "remove_feed",
    "render",
    "write_feed",
    "write_index",
]

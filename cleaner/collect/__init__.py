"""Subscriptions from outside -> raw pages, kept.

``visitor`` asks servers, ``intake`` reads what lists pages, ``maps`` those of a site, ``register`` writes down what they
name, ``pages`` fetches it, ``items`` are feeds' entries, ``further`` the other pages of an article, ``versions`` what of it is new, ``archive`` reads WARC.
"""

from cleaner.collect.archive import take_archive
from cleaner.collect.intake import ANY_KIND, FEEDS, learn_fulltext, next_try, read_state, revive, take_in
from cleaner.collect.pages import WALLS, Round, ask_again
from cleaner.collect.visitor import Visitor, open_visitor

__all__ = [
    "ANY_KIND",
    "FEEDS",
    "WALLS",
    "Round",
    "Visitor",
    "ask_again",
    "learn_fulltext",
    "next_try",
    "open_visitor",
    "read_state",
    "revive",
    "take_archive",
    "take_in",
]

"""Subscriptions from the net -> raw pages, kept. ``visitor`` asks servers, ``intake`` reads what lists pages, ``pages`` fetches them, ``items`` are feeds' entries."""

from cleaner.collect.intake import learn_fulltext, next_try, read_state, take_in
from cleaner.collect.visitor import Visitor, open_visitor

__all__ = ["Visitor", "learn_fulltext", "next_try", "open_visitor", "read_state", "take_in"]

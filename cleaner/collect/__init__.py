"""Subscriptions from the net -> raw pages, kept. ``visitor`` asks servers, ``intake`` reads what lists pages and fetches them, ``further`` the other pages of an article, ``memory`` is kept between rounds, ``items`` are feeds' entries."""

from cleaner.collect.intake import take_in
from cleaner.collect.memory import learn_fulltext, next_try, read_state
from cleaner.collect.visitor import Visitor, open_visitor

__all__ = ["Visitor", "learn_fulltext", "next_try", "open_visitor", "read_state", "take_in"]

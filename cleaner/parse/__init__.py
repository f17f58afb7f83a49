"""RawPage -> Page: bytes to text, text to blocks, and what the page says of itself. Pure.

``decode`` reads bytes, ``html`` walks a tree, ``plain`` reads lines, ``claims`` and ``state`` read what stands in the
head and in JSON; ``page`` calls them in order. ``onward`` finds the other pages of an article.
"""

from cleaner.parse.onward import onward_of
from cleaner.parse.page import parse_page

__all__ = ["onward_of", "parse_page"]

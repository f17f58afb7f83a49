"""An address -> what its server answers, within limits. The one place that talks to other people's servers.

``guard`` says which addresses may be asked, ``client`` asks, ``wire`` reads the answer, ``body`` inflates it, ``kinds``
says what it holds; ``page`` makes a raw page of it for one-off cleans.
"""

from cleaner.fetch.client import PAGES, Fetcher
from cleaner.fetch.guard import without_login
from cleaner.fetch.kinds import Content, kind_of
from cleaner.fetch.page import fetch_page
from cleaner.fetch.wire import Limits

__all__ = ["PAGES", "Content", "Fetcher", "Limits", "fetch_page", "kind_of", "without_login"]

"""The web part: serves ``feeds/`` over HTTP, and takes pages in. ``app`` is the application, ``push`` its door for pages, ``server`` runs it."""

from cleaner.web.push import Door
from cleaner.web.server import Server, serve_forever

__all__ = ["Door", "Server", "serve_forever"]

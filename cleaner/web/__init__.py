"""The web part: serves ``feeds/`` over HTTP. ``app`` is the application, ``server`` runs it."""

from cleaner.web.server import Server, serve_forever

__all__ = ["Server", "serve_forever"]

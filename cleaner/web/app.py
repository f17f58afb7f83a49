"""Settings -> a Starlette application that serves the feeds' folder. Reads; writes nothing.

Only files that publishing makes are served, by name: no path of a request ever reaches the file system.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from cleaner.web.push import Door, receive

__all__ = ["make_app"]

_FEED = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}\.(atom|json)$")
_KINDS = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
_AGE = 900  # seconds for which a reader need not ask again
_PAGE = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def make_app(folder: Path, check: Callable[[], None] | None = None, door: Door | None = None) -> Starlette:
    """The application. check: raises where the daemon is not well, which ``/healthz`` then answers with 503; door: where pages come in."""

    async def index(request: Request) -> Response:
        """The page that lists the feeds."""
        return _file(request, folder / "index.html", "text/html; charset=utf-8")

    async def opml(request: Request) -> Response:
        """All feeds as OPML."""
        return _file(request, folder / "index.opml", "text/x-opml; charset=utf-8")

    async def feed(request: Request) -> Response:
        """One feed."""
        name = request.path_params["name"]
        if not (found := _FEED.match(name)):
            raise HTTPException(404)
        return _file(request, folder / name, _KINDS[found[1]])

    async def health(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
        """Whether the daemon is well."""
        try:
            if check is not None:
                check()
        except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
            return JSONResponse({"status": "bad", "reason": str(error)}, 503)
        return JSONResponse({"status": "ok"})

    async def pages(request: Request) -> Response:
        """A page that is handed in."""
        return await receive(request, door)

    routes = [
        Route("/pages", pages, methods=["GET", "POST"]),
        Route("/", index),
        Route("/index.html", index),
        Route("/opml", opml),
        Route("/index.opml", opml),
        Route("/feeds/{name}", feed),
        Route("/{name}", feed),
        Route("/healthz", health),
    ]
    routes.sort(key=lambda route: route.path == "/{name}")
    return Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=500)],
        exception_handlers={HTTPException: _refuse},
    )


async def _refuse(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """An error as plain text that repeats nothing of the request."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = error.headers if isinstance(error, HTTPException) else None
    headers = {"X-Content-Type-Options": "nosniff", **(told or {})}
    return PlainTextResponse({404: "not found\n", 405: "method not allowed\n"}.get(status, "error\n"), status, headers)


def _file(request: Request, path: Path, kind: str) -> Response:
    """A file with validators, or 304 where the reader has it already; 404 where it is not there (yet)."""
    try:
        body = path.read_bytes()
        changed = int(path.stat().st_mtime)
    except OSError:
        raise HTTPException(404) from None
    tag = hashlib.sha256(body).hexdigest()[:24]
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        "ETag": f'"{tag}-gz"' if zipped and len(body) >= 500 else f'"{tag}"',
        "Last-Modified": formatdate(changed, usegmt=True),
        "Cache-Control": f"max-age={_AGE}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    if kind.startswith("text/html"):
        headers["Content-Security-Policy"] = _PAGE
    if _is_known(request, tag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def _is_known(request: Request, tag: str, changed: int) -> bool:
    """Whether the reader's validators say that it has this very file; an entity tag goes before a date."""
    if (told := request.headers.get("if-none-match")) is not None:
        known = {part.strip().removeprefix("W/").strip('"').removesuffix("-gz") for part in told[:4096].split(",")}
        return tag in known or "*" in known
    try:
        return changed <= int(parsedate_to_datetime(request.headers["if-modified-since"]).timestamp())
    except (KeyError, ValueError, TypeError, OverflowError):
        return False

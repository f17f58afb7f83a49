"""``POST /pages``: pages that programs hand in, each source by its own bearer token. Keeps a page before it answers 202.

The token of a source stands alone in its secrets file. Every token is compared, in a time that tells nothing of any.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cleaner.datatypes import RawPage
from cleaner.errors import CleanerError, PageError
from cleaner.ingest import page_of_push

__all__ = ["Door", "receive"]

_STATUS = {"too-large": 413, "not-text": 415}


@dataclass(frozen=True, slots=True)
class Door:
    """Where pages come in. tokens: source -> its token; most: bytes of a page; clock: the time; keep: takes a page in."""

    tokens: Mapping[str, str]
    most: int
    clock: Callable[[], datetime]
    keep: Callable[[RawPage], None]


async def receive(request: Request, door: Door | None) -> Response:
    """Take one page in: 202 with its id, again for the same bytes; 401, 400, 413 or 415 with the reason; 404 without a door."""
    if door is None or not door.tokens:
        raise HTTPException(404)
    if request.method != "POST":
        raise HTTPException(405, headers={"Allow": "POST"})
    source = _source(request.headers.get("authorization", ""), door.tokens)
    if source is None:
        return JSONResponse({"error": "no or wrong bearer token"}, 401, {"WWW-Authenticate": "Bearer"})
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > 2 * door.most:  # JSON writes some characters as six
            return JSONResponse({"error": f"more than {door.most} bytes"}, 413, {"Connection": "close"})
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        page = page_of_push(bytes(body), headers, source=source, now=door.clock(), most=door.most)
        await run_in_threadpool(door.keep, page)  # which waits for the disk
    except PageError as error:
        return JSONResponse(
            {"error": error.detail or error.reason, "reason": error.reason}, _STATUS.get(error.reason, 400)
        )
    except (CleanerError, OSError):  # a state in trouble, a full disk
        return JSONResponse({"error": "the page could not be kept: try again later"}, 503, {"Retry-After": "60"})
    return JSONResponse({"id": page.id, "source": source}, 202)


def _source(told: str, tokens: Mapping[str, str]) -> str | None:
    """The source whose token was sent."""
    scheme, _, token = told.partition(" ")
    found = None
    for source, own in tokens.items():
        if hmac.compare_digest(token.strip().encode(), own.encode()) and own and scheme.casefold() == "bearer":
            found = source
    return found

"""An article's first page, as answered -> its further pages, asked for one after the other as each names the next.

The chain ends where a page names none or one that was taken already, and at its limits; a page of another host is never named
as next. A page that cannot be had ends it too: what is there is the article, and what is lacking is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cleaner.addresses import without_tracking
from cleaner.children import Children
from cleaner.collect.visitor import check_page
from cleaner.datatypes import Answer
from cleaner.errors import FetchError, PageError

__all__ = ["Further", "digest_of", "further_pages"]

_MOST = 20  # pages of an article, the first one included
_READER = "cleaner.parse.pagination:next_of"


@dataclass(frozen=True, slots=True)
class Further:
    """What came of an article's further pages.

    pages: the address that answered and the body of each, in order; lacks: which page is not among them and why, for people,
    empty where all are; error: why that page could not be had, None where it was left out on purpose.
    """

    pages: tuple[tuple[str, bytes], ...] = ()
    lacks: str = ""
    error: PageError | None = None


def further_pages(first: Answer, asked: str, ask: Callable[[str], Answer], children: Children, most: int) -> Further:
    """The further pages of an article. Raises FetchError ``held`` where the host wants to be left alone: the article waits.

    asked: the address that was asked for the first page; ask: asks for another one; most: bytes that all may have together.
    """
    pages: list[tuple[str, bytes]] = []
    seen, last, size = {_bare(asked), _bare(first.url)}, first, len(first.body)
    while (address := _next(children, last, asked)) and _bare(address) not in seen:
        number = len(pages) + 2
        if number > _MOST:
            return Further(tuple(pages), f"page {number} of the article is left out: {_MOST} are taken at most")
        try:
            answer = ask(address)
            check_page(address, answer)
            if _bare(answer.url) in seen:
                break
            _check_place(address, answer.url)
        except PageError as error:
            if error.reason == "held":
                raise
            return Further(tuple(pages), f"page {number} of the article could not be had", error)
        size += len(answer.body)
        if size > most:
            why = f"all together would have more than {most:,} bytes"
            return Further(tuple(pages), f"page {number} of the article is left out: {why}")
        seen |= {_bare(address), _bare(answer.url)}
        pages.append((answer.url, answer.body))
        last = answer
    return Further(tuple(pages))


def digest_of(body: bytes, more: Sequence[tuple[str, bytes]]) -> str:
    """The id of a raw page: of its body alone, or of all bodies where there are further pages."""
    if not more:
        return hashlib.sha256(body).hexdigest()
    bodies = (body, *(further for _, further in more))
    return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in bodies)).hexdigest()


def _next(children: Children, answer: Answer, origin: str) -> str | None:
    """The address of the next page that a page names; None also where it cannot be read, which is told when it is cleaned."""
    try:
        found: str | None = children.read(_READER, origin, answer.body, answer.url, answer.header("content-type"))
    except PageError:
        return None
    return found


def _check_place(asked: str, url: str) -> None:
    """Raise FetchError (``elsewhere``) where the answer to a page of an article came from what is no page of it."""
    from cleaner.parse.pagination import same_page

    if not same_page(asked, url):
        raise FetchError(asked, "elsewhere", f"leads to {url}, which is no page of the article")


def _bare(url: str) -> str:
    """An address without its fragment, and without what follows readers around."""
    return without_tracking(url).partition("#")[0]

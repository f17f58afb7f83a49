"""An article's first page, as answered -> its further pages, asked for one after the other as each names the next.

Where the site's patterns name a page that holds the whole article, that one is asked for instead. Else the chain ends where a
page names none or one that was taken already, and at its limits; a page of another host is never named as next. A page that
cannot be had ends it too: what is there is the article, and what is lacking is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cleaner.addresses import without_tracking
from cleaner.children import Children
from cleaner.collect.visitor import check_page, waits
from cleaner.datatypes import Answer, Claim, Onward, RawPage
from cleaner.errors import FetchError, PageError

__all__ = ["Further", "further_pages", "is_less", "raw_of"]

_MOST = 20  # pages of an article, the first one included
_READER = "cleaner.pipeline:find_onward"

Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Further:
    """What came of an article's pages.

    first: the answer that its text begins with; home: the address of the page that led there, where it is another that
    holds the whole article; pages: the address that answered and the body of each further one, in order; lacks: which page is
    not among them and why, for people, empty where all are; error: why that page could not be had, None where it was left
    out on purpose; trouble: why a page that holds the whole article could not be had, though the site names one.
    """

    first: Answer
    home: str | None = None
    pages: tuple[tuple[str, bytes], ...] = ()
    lacks: str = ""
    error: PageError | None = None
    trouble: PageError | None = None

    @property
    def is_one(self) -> bool:
        """Whether the page that was asked for is all that the article was looked for on."""
        return self.home is None and self.trouble is None and not self.pages


def further_pages(
    first: Answer, asked: str, ask: Ask, children: Children, most: int, *, named: bool = False
) -> Further:
    """The pages of an article. Raises FetchError where its host is not to be asked now (``held``, ``stopped``): the article waits.

    asked: the address that was asked for the first page; ask: asks for another one; most: bytes that all may have together; named: a
    feed names the page as that of an entry.
    """
    onward = _onward(children, first, asked, named=named)
    seen = {_bare(asked), _bare(first.url)}
    trouble: PageError | None = None
    if onward.single is not None and _bare(onward.single) not in seen:
        try:
            whole = _whole(onward.single, first, ask)
        except PageError as error:
            if waits(error):
                raise
            why = f"the page that holds the whole article could not be had: {error.detail}"
            trouble = FetchError(onward.single, error.reason, why)
        else:
            if _bare(whole.url) not in seen:
                return Further(whole, home=onward.home)
    return replace(_chain(first, onward, asked, ask, children, most, named=named), trouble=trouble)


def raw_of(found: Further, origin: str, fetched: datetime, claims: Sequence[Claim] = (), source: str = "") -> RawPage:
    """The raw page of an article. origin: what was asked for; claims: what else is said of it.

    A page that holds the whole is where links start from; the article's own address is that of the page which led there.
    """
    answer = found.first
    home = (Claim("canonical", found.home, "site"),) if found.home else ()
    partial = (Claim("partial", found.lacks, "link"),) if found.lacks else ()
    told = (Claim("url", answer.url, "link"), *home, *partial, *claims)
    digest, media_type = _digest_of(answer.body, found.pages), answer.header("content-type")
    return RawPage(digest, origin, media_type, answer.body, fetched, told, source, found.pages)


def is_less(raw: RawPage, before: RawPage | None) -> bool:
    """Whether an earlier version of an article was whole, or had more pages, than one that lacks some: then it stays."""
    return before is not None and (_is_whole(before) or len(before.more) > len(raw.more))


def _is_whole(raw: RawPage) -> bool:
    """Whether an article was taken from a page that holds the whole of it."""
    return any(claim.name == "canonical" and claim.witness == "site" for claim in raw.claims)


def _chain(
    first: Answer, onward: Onward, asked: str, ask: Ask, children: Children, most: int, *, named: bool
) -> Further:
    """The further pages, each as the one before names it. Raises FetchError where the host is not to be asked now."""
    pages: list[tuple[str, bytes]] = []
    seen, size = {_bare(asked), _bare(first.url)}, len(first.body)
    while (address := onward.next) and _bare(address) not in seen:
        number = len(pages) + 2
        if number > _MOST:
            return Further(
                first, None, tuple(pages), f"page {number} of the article is left out: {_MOST} are taken at most"
            )
        try:
            answer = ask(address)
            check_page(address, answer)
            if _bare(answer.url) in seen:
                break
            _check_place(address, answer.url, told=onward.told)
        except PageError as error:
            if waits(error):
                raise
            return Further(first, None, tuple(pages), f"page {number} of the article could not be had", error)
        size += len(answer.body)
        if size > most:
            why = f"all together would have more than {most:,} bytes"
            return Further(first, None, tuple(pages), f"page {number} of the article is left out: {why}")
        seen |= {_bare(address), _bare(answer.url)}
        pages.append((answer.url, answer.body))
        onward = _onward(children, answer, asked, named=named)
    return Further(first, None, tuple(pages))


def _whole(address: str, first: Answer, ask: Ask) -> Answer:
    """The answer of a page that holds the whole article. Raises PageError."""
    from cleaner.parse.pagination import same_host

    answer = ask(address)
    check_page(address, answer)
    if not same_host(first.url, answer.url):
        raise FetchError(address, "elsewhere", f"leads to {answer.url}, which is of another host")
    return answer


def _digest_of(body: bytes, more: Sequence[tuple[str, bytes]]) -> str:
    """The id of a raw page: of its body alone, or of all bodies where there are further pages."""
    if not more:
        return hashlib.sha256(body).hexdigest()
    bodies = (body, *(further for _, further in more))
    return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in bodies)).hexdigest()


def _onward(children: Children, answer: Answer, origin: str, *, named: bool) -> Onward:
    """Where a page leads; nowhere also where it cannot be read, which is told when it is cleaned."""
    try:
        found: Onward = children.read(
            _READER, origin, answer.body, answer.url, answer.header("content-type"), named, knowing=True
        )
    except PageError:
        return Onward()
    return found


def _check_place(asked: str, url: str, *, told: bool) -> None:
    """Raise FetchError (``elsewhere``) where the answer to a page of an article came from what is no page of it.

    told: whether the site's patterns named the page: then it may be any of the same host.
    """
    from cleaner.parse.pagination import same_host, same_page

    if not (same_host(asked, url) if told else same_page(asked, url)):
        raise FetchError(asked, "elsewhere", f"leads to {url}, which is no page of the article")


def _bare(url: str) -> str:
    """An address without its fragment, and without what follows readers around."""
    return without_tracking(url).partition("#")[0]

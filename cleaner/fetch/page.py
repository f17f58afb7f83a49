"""An address that a person typed -> the answer with its page, and who asks for further pages of the same article.

Addresses on private networks are fetched where a person typed them, and refused where a public page leads there.
"""

from __future__ import annotations

from collections.abc import Callable
from http.client import responses

from cleaner.datatypes import Answer
from cleaner.errors import FetchError
from cleaner.fetch.client import Fetcher
from cleaner.fetch.guard import without_login
from cleaner.fetch.kinds import signature
from cleaner.fetch.wire import Limits

__all__ = ["fetch_page"]

_LIMITS = Limits(wire=20 << 20, inflated=20 << 20)  # bytes
_KINDS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
_AGENT = "Cleaner/1 (feed cleaner; one page asked for by its reader)"


def fetch_page(url: str) -> tuple[Answer, Callable[[str], Answer]]:
    """The page at an address, and what asks for the pages that it names. Both raise FetchError that names address and cause.

    Its reasons are those of ``Fetcher.get``, ``status`` for anything but 200, and ``not-text`` for what is declared as
    something else than a page, or is something else by its first bytes. Pages that a public page names must be public.
    """
    fetcher = Fetcher(limits=_LIMITS, agent=_AGENT, allow_downgrade=True)
    try:
        answer = fetcher.get(url)
    except FetchError as error:
        if error.reason != "private-address":
            raise
        fetcher = Fetcher(limits=_LIMITS, agent=_AGENT, allow_downgrade=True, typed=True)
        answer = fetcher.get(url)

    def ask(address: str) -> Answer:
        """The page at a further address, with the login that was typed where it is of the same origin."""
        return _checked(fetcher.get(_with_login(address, url)), address)

    return _checked(answer, without_login(url)), ask


def _with_login(address: str, typed: str) -> str:
    """An address with the login of a typed one, where both have the same scheme, host and port."""
    login, mark, place = typed.partition("://")[2].partition("/")[0].rpartition("@")
    scheme = typed.partition("://")[0]
    begin = f"{scheme}://{place}"
    if not mark or not (address == begin or address.startswith((begin + "/", begin + "?"))):
        return address
    return f"{scheme}://{login}@{address.removeprefix(scheme + '://')}"


def _checked(answer: Answer, asked: str) -> Answer:
    """The answer, which is a page. Raises FetchError."""
    if answer.status != 200:
        told = f"answered {answer.status} {responses.get(answer.status, '')}".rstrip()
        raise FetchError(asked, "status", told)
    kind = answer.header("content-type").split(";")[0].strip()
    if kind and kind.casefold() not in _KINDS:
        raise FetchError(asked, "not-text", f"is {kind[:60]}, not a page of text")
    if signature(answer.body):
        raise FetchError(asked, "not-text", f"is declared as {kind or 'nothing'}, but its first bytes are not text's")
    return answer

"""The answer to ``/robots.txt`` -> what a robot may ask of that host. After RFC 9309.

The rules are read by protego. What is fetched comes in through a callable and the time through another; what is known
of hosts can be stored as JSON.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from cleaner.datatypes import Answer
from cleaner.errors import FetchError
from cleaner.polite.turns import host_of

__all__ = ["Robots", "RobotsCache", "robots_address"]

_MOST = 500 * 1024  # bytes; RFC 9309, 2.5
_LONGEST = 60.0  # seconds; who wants more between requests would get fewer visits than he has entries
_DAY, _HOUR = timedelta(hours=24), timedelta(hours=1)
_LOST = 302  # stands for a redirect that never arrived
_LINE = 300  # characters of a cause that are kept
_AGENT = re.compile(r"^\s*user[- ]?agent(?:\s*:|\s)([^#]*)", re.IGNORECASE)
# What says nothing of the host: it was not asked, or is none that may be asked.
_OURS = frozenset({"held", "stopped", "private-address", "scheme", "bad-address", "dns"})
_OTHER = "somebody/else"  # no product token holds a slash, so this is nobody's


def robots_address(url: str) -> str:
    """Where the rules for an address stand. Raises FetchError for what is no http(s) address."""
    host, scheme = host_of(url), urlsplit(url).scheme
    return f"{scheme}://{host.removesuffix(':443' if scheme == 'https' else ':80')}/robots.txt"


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host lets robots do.

    text: the file's bytes, of which the first 500 KiB are kept, cut at a line; status: of the answer, 0 where there
    was none. 2xx: the file's rules hold. Other 4xx, and redirects that lead nowhere: there are no rules, all is allowed.
    Anything else, such as 5xx, 0 and also 429 (which says nothing of the file): all is forbidden for now. cause: why
    there was no answer, one line.
    """

    text: bytes | None
    status: int
    cause: str = ""

    def __post_init__(self) -> None:
        """Keep no more than is read."""
        if self.text is not None and len(self.text) > _MOST:
            head = self.text[:_MOST]
            object.__setattr__(self, "text", head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1])

    @property
    def reached(self) -> bool:
        """Whether the host told its rules, or that it has none; where not, all is forbidden until it is asked again."""
        return 200 <= self.status < 500 and self.status != 429

    @property
    def trouble(self) -> str:
        """Why the rules are not known, one line; empty where they are, or where that was not written down."""
        return "" if self.reached else f"answered {self.status}" if self.status else self.cause

    def allows(self, url: str, agent: str) -> bool:
        """Whether an agent (``Name/1 (more)``, of which the name counts) may ask for an address."""
        rules = self._rules(agent)
        if rules is None:
            return self.reached
        try:
            return rules.can_fetch(url, _token(agent))
        except ValueError:  # no address at all
            return False

    def delay(self, agent: str) -> float | None:
        """The seconds that the host wants between an agent's requests, at most 60; None where it does not say."""
        rules = self._rules(agent)
        wanted = rules.crawl_delay(_token(agent)) if rules else None
        return None if wanted is None else min(wanted, _LONGEST)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of the site's maps, each once, as told; what is no http(s) address is left out."""
        rules = self._rules("*")
        told = rules.sitemaps if rules else ()
        return tuple(dict.fromkeys(url for url in told if url.lower().startswith(("http://", "https://"))))

    def _rules(self, agent: str) -> Protego | None:
        """The file as it concerns an agent; None where there is no file."""
        return _parsed(self.text or b"", _token(agent)) if 200 <= self.status < 300 else None


def _token(agent: str) -> str:
    """The product token of an agent: what stands before the slash, in lower case."""
    return agent.partition("/")[0].strip().lower() or "*"


@lru_cache(maxsize=128)
def _parsed(text: bytes, token: str) -> Protego:
    """The rules of a file as far as they concern one agent.

    The names of others are made one name first. So a name counts only when it is the whole token (protego also takes
    its beginning), and a file with thousands of names before thousands of rules does not become millions of rules.
    """
    lines = text.decode("utf-8-sig", "replace").splitlines()
    return Protego.parse("\n".join(_AGENT.sub(lambda found: _named(found[1], token), line, count=1) for line in lines))


def _named(value: str, token: str) -> str:
    """A line that names an agent, with the name that concerns us: our own token, everybody or somebody else."""
    name = next(iter(value.split()), "").partition("/")[0].lower()
    return f"User-agent: {name if name in {token, '*'} else _OTHER}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What a host's file said, and when it was asked for."""

    robots: Robots
    asked: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it need not be asked again. What comes from the future was written under a wrong clock."""
        return timedelta(0) <= now - self.asked < (_DAY if self.robots.reached else _HOUR)


class RobotsCache:
    """The rules of hosts, each asked for at most once a day; again after an hour where that failed. Safe for threads.

    fetch: address -> Answer, raises FetchError; clock: the time now, aware; hosts: how many are remembered, beyond
    that those asked first are forgotten; stored: what ``to_json`` gave in an earlier life.
    """

    def __init__(
        self,
        fetch: Callable[[str], Answer],
        clock: Callable[[], datetime],
        hosts: int = 500,
        stored: object = None,
    ) -> None:
        self._fetch, self._clock, self._hosts = fetch, clock, hosts
        self._guard = threading.Lock()
        self._gates: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._known: dict[str, _Known] = {}
        for address, known in _from_json(stored):
            self._keep(address, known)

    def of(self, url: str) -> Robots:
        """The rules for an address, asked for where they are not known.

        One thread asks and the others that want the same host wait for it. If ``fetch`` takes the host's turn, one
        must not have it already. Raises FetchError for what is no address, and passes on FetchError ``held`` and
        ``stopped``: a host that was not asked has said nothing to remember. Other failures of the net are answers here.
        """
        address = robots_address(url)
        with self._guard:
            gate = self._gates.setdefault(address, threading.Lock())
        with gate:
            now = self._clock()
            with self._guard:
                known = self._known.get(address)
            if known is None or not known.holds(now):
                known = _Known(self._ask(address), now)
                with self._guard:
                    self._keep(address, known)
            return known.robots

    def to_json(self) -> dict[str, Any]:
        """What is known and still holds, for storing: address -> status, text, cause, asked."""
        now = self._clock()
        with self._guard:
            kept = [(address, known) for address, known in self._known.items() if known.holds(now)]
        return {
            address: {
                "status": known.robots.status,
                "text": None if known.robots.text is None else known.robots.text.decode("utf-8", "replace"),
                "cause": known.robots.cause,
                "asked": known.asked.isoformat(),
            }
            for address, known in kept
        }

    def _ask(self, address: str) -> Robots:
        """The rules as the host tells them now."""
        try:
            answer = self._fetch(address)
        except FetchError as error:
            if error.reason in _OURS:
                raise
            # A file behind too many redirects counts as one that is not there: RFC 9309, 2.3.1.2.
            lost = error.reason == "too-many-redirects"
            return (
                Robots(None, _LOST)
                if lost
                else Robots(None, 0, " ".join((error.detail or error.reason).split())[:_LINE])
            )
        return Robots(answer.body if 200 <= answer.status < 300 else None, answer.status)

    def _keep(self, address: str, known: _Known) -> None:
        """Remember a host as the one asked last, and forget those asked first where there are too many."""
        self._known.pop(address, None)
        self._known[address] = known
        while len(self._known) > self._hosts:
            del self._known[next(iter(self._known))]


def _from_json(stored: object) -> list[tuple[str, _Known]]:
    """What was stored, those asked first at the beginning; what cannot be read is left out."""
    found: list[tuple[str, _Known]] = []
    for address, told in stored.items() if isinstance(stored, Mapping) else ():
        try:
            text, asked = told["text"], datetime.fromisoformat(told["asked"])
            body = None if text is None else text.encode("utf-8", "replace")
            robots = Robots(body, int(told["status"]), told.get("cause", "")[:_LINE])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            continue
        if isinstance(address, str) and asked.tzinfo is not None:
            found.append((address, _Known(robots, asked)))
    return sorted(found, key=lambda one: one[1].asked)

"""Redirects: each address on the way is asked as politely as if it had been asked by itself, or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from cleaner.collect import Visitor
from cleaner.datatypes import Subscription
from cleaner.errors import FetchError
from cleaner.fetch import Fetcher, client
from cleaner.polite import Turns
from tests.samples import NOON
from tests.unit.collect.site import LIMITS, Reply, Rounds, Site, feed, item, page, rss, serving

SHUT = Reply(body=b"User-agent: *\nDisallow: /shut/", kind="text/plain")


def _to(url: str) -> Reply:
    """A redirect."""
    return Reply(302, headers={"Location": url})


@pytest.fixture
def visitor(rounds: Rounds) -> Visitor:
    """Who may be led from either site to the other."""
    return rounds.fresh_visitor(typed=True)


def _refused(visitor: Visitor, url: str, source: Subscription | None = None) -> FetchError:
    """The error of an address that may not be asked."""
    with pytest.raises(FetchError) as caught:
        visitor.ask(url, source)
    assert str(caught.value).isprintable()
    return caught.value


def test_what_the_other_hosts_robots_file_forbids_is_not_asked(visitor: Visitor, site: Site, other: Site) -> None:
    """Its robots file is, and says so; where the source is free of robots files, nobody's is asked."""
    site.routes |= {"/away": _to(other.url("/shut/a")), "/open": _to(other.url("/a"))}
    other.routes |= {"/robots.txt": SHUT, "/shut/a": page(1), "/a": page(2)}
    error = _refused(visitor, site.url("/away"))
    assert (error.origin, error.reason, error.wait) == (site.url("/away"), "robots", None)
    assert error.detail == f"leads to {other.url('/shut/a')}: its robots.txt forbids it"
    assert other.asked == ["/robots.txt"]
    assert visitor.ask(site.url("/open")).body == page(2).body
    assert other.asked == ["/robots.txt", "/a"]
    other.asked.clear()
    site.asked.clear()
    free = Subscription("free", kind="pages", urls=(site.url("/away"),), robots=False)
    assert visitor.ask(site.url("/away"), free).body == page(1).body
    assert (site.asked, other.asked) == (["/away"], ["/shut/a"])


def test_what_the_own_robots_file_forbids_is_not_asked_by_way_of_a_redirect(visitor: Visitor, site: Site) -> None:
    """On the same host as on any other."""
    site.routes |= {"/robots.txt": SHUT, "/away": _to("/shut/a"), "/shut/a": page(1)}
    assert _refused(visitor, site.url("/away")).detail == f"leads to {site.url('/shut/a')}: its robots.txt forbids it"
    assert site.asked == ["/robots.txt", "/away"]


def test_the_pause_that_the_other_host_wants_is_kept(rounds: Rounds, visitor: Visitor, site: Site, other: Site) -> None:
    """After its robots file, before each page."""
    site.routes |= {"/1": _to(other.url("/1")), "/2": _to(other.url("/2"))}
    other.routes |= {"/robots.txt": Reply(body=b"User-agent: *\nCrawl-delay: 20"), "/1": page(1), "/2": page(2)}
    visitor.ask(site.url("/1"))
    assert rounds.steady == 20
    visitor.ask(site.url("/2"))
    assert rounds.steady == 40


def test_a_host_that_rests_is_not_asked_by_way_of_another(
    rounds: Rounds, visitor: Visitor, site: Site, other: Site
) -> None:
    """The one that leads there goes on to be asked: it did not want a rest."""
    site.routes |= {"/1": _to(other.url("/1")), "/2": _to(other.url("/2")), "/3": page(3)}
    other.routes |= {"/1": Reply(429, headers={"Retry-After": "600"}), "/2": page(2)}
    assert visitor.ask(site.url("/1")).status == 429
    rounds.later(seconds=100)
    error = _refused(visitor, site.url("/2"))
    assert (error.origin, error.reason, error.wait) == (site.url("/2"), "held", timedelta(seconds=500))
    assert error.detail == f"leads to {other.url('/2')}: asked to be left alone for another 500 s"
    assert other.took() == ["/1"]
    assert visitor.ask(site.url("/3")).status == 200
    assert (visitor.held(site.url("/")), visitor.held(other.url("/"))) == (timedelta(0), timedelta(seconds=500))
    rounds.later(seconds=500)
    assert visitor.ask(site.url("/2")).body == page(2).body


def test_a_robots_file_may_stand_elsewhere(visitor: Visitor, site: Site, other: Site) -> None:
    """It is asked for there without asking for that host's own; a rest that the other one wants is kept."""
    site.routes |= {"/robots.txt": _to(other.url("/rules")), "/shut/1": page(1), "/2": page(2)}
    other.routes |= {"/robots.txt": Reply(body=b"User-agent: *\nDisallow: /"), "/rules": SHUT}
    assert _refused(visitor, site.url("/shut/1")).detail == "its robots.txt forbids it"
    assert visitor.ask(site.url("/2")).status == 200
    assert (site.asked, other.asked) == (["/robots.txt", "/2"], ["/rules"])


def test_a_robots_file_at_a_host_that_rests_waits(rounds: Rounds, visitor: Visitor, site: Site, other: Site) -> None:
    """Nothing is remembered of the host whose file it is; it is read as soon as it may be."""
    site.routes |= {"/robots.txt": _to(other.url("/rules")), "/1": page(1)}
    other.routes |= {"/0": Reply(503, headers={"Retry-After": "600"}), "/rules": SHUT}
    assert visitor.ask(other.url("/0")).status == 503
    error = _refused(visitor, site.url("/1"))
    assert (error.reason, error.wait) == ("held", timedelta(seconds=600))
    assert (site.took(), other.took()) == ([], ["/0"])
    rounds.later(seconds=600)
    assert visitor.ask(site.url("/1")).status == 200


def test_no_robots_file_is_asked_for_where_nothing_may_be_asked(
    rounds: Rounds, site: Site, other: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public host (127.0.0.2 plays it) leads to a private one, whether or not that is allowed to sources by itself."""
    monkeypatch.setattr(client, "is_public", lambda ip: ip == "127.0.0.2")
    rounds.places = [other.place]
    with serving("127.0.0.2") as public:
        public.routes |= {"/1": _to(other.url("/1")), "/2": _to(site.url("/2")), "/3": page(3)}
        visitor = rounds.fresh_visitor()
        for path in ("/1", "/2"):
            assert _refused(visitor, public.url(path)).reason == "private-address"
        assert visitor.ask(public.url("/3")).status == 200
        assert public.asked == ["/robots.txt", "/1", "/2", "/3"]
        public.routes["/robots.txt"] = _to(other.url("/robots.txt"))
        assert _refused(rounds.fresh_visitor(), public.url("/3")).reason == "private-address"
    assert (site.asked, other.asked) == ([], [])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (Reply(500), "answered 500"),
        (
            Reply(302, headers={"Location": "http://127.0.0.1:9/rules"}),
            "leads to http://127.0.0.1:9/rules: 127.0.0.1:9: Connection refused",
        ),
    ],
    ids=["500", "away"],
)
def test_a_robots_file_that_cannot_be_read_names_its_cause(
    rounds: Rounds, visitor: Visitor, site: Site, other: Site, broken: Reply, why: str
) -> None:
    """Also after a restart, and of the host to which another one leads."""
    site.routes |= {"/robots.txt": broken, "/1": page(1)}
    other.routes["/1"] = _to(site.url("/1"))
    told = f"its robots.txt could not be read ({why}), so nothing may be asked yet"
    assert str(_refused(visitor, site.url("/1"))) == f"{site.url('/1')}: robots: {told}"
    visitor.remember()
    again = rounds.fresh_visitor(rounds.kept, typed=True)
    assert str(_refused(again, site.url("/1"))) == f"{site.url('/1')}: robots: {told}"
    error = _refused(again, other.url("/1"))
    assert (error.detail, error.wait) == (f"leads to {site.url('/1')}: {told}", timedelta(hours=1))
    assert site.asked == ["/robots.txt"]


def test_a_dead_host_names_its_cause(rounds: Rounds, site: Site) -> None:
    """Nobody listens there."""
    with serving() as dead:
        pass
    rounds.places = [dead.place]
    error = _refused(rounds.fresh_visitor(), dead.url("/1"))
    why = f"{dead.place}: Connection refused"
    assert error.detail == f"its robots.txt could not be read ({why}), so nothing may be asked yet"


def test_a_round_tells_of_pages_that_lead_to_what_is_forbidden(rounds: Rounds, site: Site, other: Site) -> None:
    """They are given up, and the rest is fetched; a feed that is led away is asked as politely."""
    rounds.visitor = rounds.fresh_visitor(typed=True)
    site.routes |= {"/feed.xml": _to(other.url("/f")), "/news/1": _to(other.url("/shut/1")), "/news/2": page(2)}
    other.routes |= {"/robots.txt": SHUT, "/f": rss(item(site, 1), item(site, 2)), "/shut/1": page(1)}
    report = rounds.run(feed(site))
    assert report.problems == [
        f"{site.url('/news/1')}: robots: leads to {other.url('/shut/1')}: its robots.txt forbids it"
    ]
    assert report.counts["new"] == 1
    assert other.took() == ["/f"]
    other.routes["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /f")
    rounds.visitor = rounds.fresh_visitor(typed=True)
    report = rounds.run(feed(site))
    assert report.error == f"{site.url('/feed.xml')}: robots: leads to {other.url('/f')}: its robots.txt forbids it"


def test_what_is_known_of_hosts_is_written_down(rounds: Rounds, site: Site) -> None:
    """Who wants a rest at once; robots files an hour after the last time, and when asked to."""
    site.routes |= {"/1": page(1), "/2": Reply(429, headers={"Retry-After": "9000"})}
    visitor = rounds.visitor
    visitor.ask(site.url("/1"))
    assert rounds.kept == {}
    visitor.ask(site.url("/2"))
    assert list(rounds.kept) == ["held"]
    rounds.later(hours=2)
    _refused(visitor, site.url("/1"))
    assert list(rounds.kept) == ["held", "robots"]
    site.asked.clear()
    later = rounds.fresh_visitor(rounds.kept)
    assert later.held(site.url("/")) == timedelta(seconds=1800)
    rounds.later(hours=1)
    assert later.ask(site.url("/1")).status == 200
    assert site.asked == ["/1"], "the robots file is known"


@pytest.mark.parametrize(
    "kept", [{}, {"held": "{", "robots": "["}, {"held": "[1]", "robots": "7"}, {"held": '{"a:80": 5}'}]
)
def test_what_was_written_down_badly_is_as_if_it_were_not_there(
    rounds: Rounds, site: Site, kept: Mapping[str, str]
) -> None:
    """It costs a request."""
    site.routes["/1"] = page(1)
    assert rounds.fresh_visitor(kept).ask(site.url("/1")).status == 200


def test_other_settings_leave_what_is_known(rounds: Rounds, site: Site) -> None:
    """Robots files, rests and turns stay; the pause and the places that may be asked are the new ones."""
    site.routes |= {"/1": page(1), "/2": Reply(429, headers={"Retry-After": "60"})}
    rounds.visitor.ask(site.url("/1"))
    changed = replace(rounds.settings, allow_private=(site.place,), pause=timedelta(seconds=7))
    rounds.visitor.take(changed)
    with pytest.raises(FetchError, match="socks5"):
        rounds.visitor.take(replace(rounds.settings, proxy="socks5://x:1"))
    rounds.visitor.ask(site.url("/1"))
    rounds.visitor.ask(site.url("/2"))
    assert rounds.steady == 14
    assert _refused(rounds.visitor, site.url("/1")).reason == "held"
    assert site.asked == ["/robots.txt", "/1", "/1", "/2"]
    assert site.sent[-1]["user-agent"] == "Cleaner/1 (feed cleaner)"
    rounds.later(minutes=1)
    rounds.visitor.take(rounds.settings)
    assert _refused(rounds.visitor, site.url("/1")).reason == "private-address"


# ------------------------------------------------------------------------------------------------- two hosts, two threads


@dataclass
class _Watched:
    """A site's requests as it sees them: when each began and ended, and how many there were at once."""

    site: Site
    spans: list[tuple[float, float]] = field(default_factory=list)
    most: int = 0
    _now: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def route(self, reply: Reply) -> Callable[[Mapping[str, str]], Reply]:
        """An answer that takes a while."""

        def answer(_: Mapping[str, str]) -> Reply:
            """Notes the request."""
            with self._guard:
                self._now += 1
                self.most = max(self.most, self._now)
            begun = time.monotonic()
            time.sleep(0.02)
            with self._guard:
                self._now -= 1
                self.spans.append((begun, time.monotonic()))
            return reply

        return answer


@pytest.fixture
def watched(site: Site, other: Site) -> tuple[_Watched, _Watched]:
    """Two sites that lead to each other."""
    one, two = _Watched(site), _Watched(other)
    for here, there in ((one, two), (two, one)):
        here.site.routes["/robots.txt"] = here.route(Reply(body=b"User-agent: *\nCrawl-delay: 0.1"))
        here.site.routes["/away"] = here.route(_to(there.site.url("/end")))
        here.site.routes["/round"] = here.route(_to(there.site.url("/back")))
        here.site.routes["/back"] = here.route(_to(there.site.url("/end")))
        here.site.routes["/end"] = here.route(page(1))
    return one, two


def test_hosts_that_lead_to_each_other_do_not_wait_for_each_other_for_ever(watched: tuple[_Watched, _Watched]) -> None:
    """From several threads at once, all come to an end; each host is asked by one at a time, with its pause between."""
    one, two = watched
    fetcher = Fetcher(limits=LIMITS, typed=True)
    visitor = Visitor(fetcher, Turns(0.05), lambda: NOON, "Cleaner/1 (tests)")
    bodies: list[bytes] = []
    start = threading.Barrier(4)

    def visit(place: _Watched, path: str) -> None:
        """Some chains, one after the other."""
        start.wait(10)
        bodies.extend(visitor.ask(place.site.url(path)).body for _ in range(3))

    threads = [
        threading.Thread(target=visit, args=(place, path), daemon=True)
        for place in (one, two)
        for path in ("/away", "/round")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert bodies == [page(1).body] * 12
    for place in (one, two):
        assert place.most == 1
        assert len(place.spans) == 16, "one robots file and fifteen pages"
        assert min(begun - ended for (_, ended), (begun, _) in pairwise(sorted(place.spans)[1:])) >= 0.095

"""What a host's robots file allows, by status and text; each host asked once a day, and known over a restart."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cleaner.datatypes import Answer
from cleaner.errors import FetchError
from cleaner.polite import Robots, RobotsCache, Turns, host_of, robots_address
from tests.unit.polite.clocks import Clock

AGENT = "Cleaner/1 (feed cleaner)"
SITE = "https://gazette.example"
RULES = b"""\xef\xbb\xbf# the gazette
User-agent: *
Disallow: /drafts/
Allow: /drafts/open/
Crawl-delay: 5
Sitemap: https://gazette.example/maps/news.xml

User-agent: Hungry
User-agent: cleaner/2.0  # any version
Disallow: /search
Disallow: /*.pdf$
Crawl-delay: 900

User-agent: clean
Disallow: /
Sitemap: https://gazette.example/maps/news.xml
Sitemap: /maps/relative.xml
Sitemap: HTTPS://gazette.example/maps/old.xml
"""


class Host:
    """Hosts that answer with a status and a text, and count who asked."""

    def __init__(self, status: int = 200, text: bytes = RULES, reason: str = "") -> None:
        self.status, self.text, self.reason = status, text, reason
        self.asked: list[str] = []

    def __call__(self, url: str) -> Answer:
        """The answer, or the failure."""
        self.asked.append(url)
        if self.reason:
            raise FetchError(url, self.reason, "no answer")
        return Answer(url, self.status, (), self.text if self.status == 200 else b"")


def test_the_group_with_our_own_name_counts_and_only_that() -> None:
    """The token before the slash is compared whole and without regard to case; others have what is for everybody."""
    robots = Robots(RULES, 200)
    assert robots.allows(f"{SITE}/drafts/1", AGENT)
    assert not robots.allows(f"{SITE}/search?q=tide", "CLEANER/9")
    assert not robots.allows(f"{SITE}/paper.pdf", AGENT)
    assert robots.allows(f"{SITE}/paper.pdf?page=2", AGENT)
    assert not robots.allows(f"{SITE}/drafts/1", "cleanerette")
    assert robots.allows(f"{SITE}/drafts/open/1", "cleanerette")
    assert not robots.allows(f"{SITE}/news", "Clean")
    assert robots.allows(f"{SITE}/robots.txt", "Clean")


def test_no_name_is_everybody() -> None:
    """An agent without a token has the rules for all."""
    assert not Robots(RULES, 200).allows(f"{SITE}/drafts/1", "/1")


@pytest.mark.parametrize("line", ["User-agent: *", "user agent *", "UserAgent:*", "USER-AGENT : *\t# all"])
def test_the_ways_to_name_an_agent(line: str) -> None:
    """What people write for ``User-agent: *``."""
    assert not Robots(f"{line}\nDisallow: /a".encode(), 200).allows(f"{SITE}/a", AGENT)


def test_a_rule_that_speaks_of_user_agents_is_a_rule() -> None:
    """Only the beginning of a line names an agent."""
    robots = Robots(b"User-agent: *\nDisallow: /user-agent: all\nDisallow: /b\n", 200)
    assert not robots.allows(f"{SITE}/user-agent:%20all", AGENT)
    assert not robots.allows(f"{SITE}/b", AGENT)


def test_names_of_others_still_part_groups() -> None:
    """The rules after somebody else's name are not ours, though our group stands just before."""
    robots = Robots(b"User-agent: cleaner\nDisallow: /a\nUser-agent: x\nUser-agent: y\nDisallow: /b\n", 200)
    assert (robots.allows(f"{SITE}/a", AGENT), robots.allows(f"{SITE}/b", AGENT)) == (False, True)


@pytest.mark.parametrize(
    ("status", "allowed", "reached"),
    [
        (204, True, True),
        (302, True, True),
        (401, True, True),
        (404, True, True),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
        (0, False, False),
    ],
)
def test_what_a_status_means(status: int, allowed: bool, reached: bool) -> None:
    """Where there is no file everything is allowed; where nobody can tell, nothing."""
    robots = Robots(None, status)
    assert (robots.allows(f"{SITE}/a", AGENT), robots.reached) == (allowed, reached)
    assert (robots.delay(AGENT), robots.sitemaps) == (None, ())


@pytest.mark.parametrize(
    ("told", "delay"),
    [
        ("2.5", 2.5),
        ("0", 0.0),
        ("900", 60.0),
        ("1e300", 60.0),
        ("-1", None),
        ("inf", None),
        ("nan", None),
        ("ten", None),
    ],
)
def test_delays(told: str, delay: float | None) -> None:
    """Seconds, at most a minute; nonsense is as if it were not there."""
    assert Robots(f"User-agent: *\nCrawl-delay: {told}\n".encode(), 200).delay(AGENT) == delay


def test_the_delay_is_that_of_our_group() -> None:
    """Each group has its own."""
    robots = Robots(RULES, 200)
    assert (robots.delay(AGENT), robots.delay("another"), robots.delay("clean")) == (60.0, 5.0, None)


def test_sitemaps_are_those_of_the_site_once_each() -> None:
    """They belong to no group; what is no address is left out."""
    assert Robots(RULES, 200).sitemaps == (
        "https://gazette.example/maps/news.xml",
        "HTTPS://gazette.example/maps/old.xml",
    )


def test_a_long_file_is_cut_at_a_line() -> None:
    """500 KiB are read; the rule that lies across the border is not half read, and a file of one line is not read."""
    head = b"User-agent: *\nDisallow: /first\n"
    filler = b"# " + b"x" * (500 * 1024 - len(head) - 2 - 1 - len(b"Disallow: /se")) + b"\n"
    robots = Robots(head + filler + b"Disallow: /secret\nDisallow: /last\n", 200)
    assert robots.text == head + filler
    assert not robots.allows(f"{SITE}/first", AGENT)
    assert robots.allows(f"{SITE}/section", AGENT)
    assert Robots(b"Disallow: /" * 99999, 200).text == b""


def test_a_file_of_many_names_and_many_rules_is_read_quickly() -> None:
    """Names times rules would be a hundred million of them; only our own are made."""
    names = b"".join(b"User-agent: r%d\n" % number for number in range(12000))
    rules = b"".join(b"Disallow: /%d\n" % number for number in range(12000))
    began = time.process_time()
    robots = Robots(names + b"User-agent: cleaner\n" + rules, 200)
    assert not robots.allows(f"{SITE}/77", AGENT)
    assert robots.allows(f"{SITE}/77", "another")
    assert time.process_time() - began < 5


@pytest.mark.parametrize("text", [b"", b"\x00\xff\xfe", b"<!doctype html><title>Not here</title>", b"Disallow: /\n"])
def test_a_file_that_names_nobody_forbids_nothing(text: bytes) -> None:
    """Rules need an agent; what is no robots file has none."""
    assert Robots(text, 200).allows(f"{SITE}/a", AGENT)


def test_no_address_is_not_allowed() -> None:
    """What cannot be read as an address is not asked for."""
    assert not Robots(RULES, 200).allows("http://[gazette/a b", AGENT)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://Gazette.Example/a/b?c#d", "https://gazette.example/robots.txt"),
        ("https://me:secret@gazette.example:443/", "https://gazette.example/robots.txt"),
        ("HTTP://gazette.example:8080", "http://gazette.example:8080/robots.txt"),
        ("http://gazette.example:443/", "http://gazette.example:443/robots.txt"),
        ("http://[2001:DB8::1]/x", "http://[2001:db8::1]/robots.txt"),
    ],
)
def test_where_the_rules_stand(url: str, address: str) -> None:
    """At the root of scheme, host and port; without what is secret or understood."""
    assert robots_address(url) == address


@pytest.mark.parametrize(
    "url", ["", "gazette.example/a", "ftp://gazette.example/", "https:///a", "http://a:b/", "http://["]
)
def test_what_is_no_web_address_is_named(url: str) -> None:
    """One line that shows the address."""
    with pytest.raises(FetchError, match=r"scheme: .* is no http\(s\) address"):
        robots_address(url)


def test_a_host_is_asked_once_a_day() -> None:
    """All pages of a host and port share one answer for 24 hours; another port is another host."""
    host, clock = Host(), Clock()
    cache = RobotsCache(host, clock.day)
    assert [cache.of(f"{SITE}/{page}").allows(f"{SITE}/drafts/", "x") for page in "abc"] == [False] * 3
    clock.now = 24 * 3600 - 1
    cache.of(f"{SITE}/d")
    assert host.asked == [f"{SITE}/robots.txt"]
    cache.of("https://gazette.example:8443/")
    clock.now = 24 * 3600
    cache.of(f"{SITE}/e")
    assert host.asked == [f"{SITE}/robots.txt", "https://gazette.example:8443/robots.txt", f"{SITE}/robots.txt"]


@pytest.mark.parametrize(("status", "reason"), [(503, ""), (429, ""), (200, "network"), (200, "timeout")])
def test_a_failed_one_is_asked_again_after_an_hour(status: int, reason: str) -> None:
    """Until then everything is forbidden; after that what the file says counts."""
    host, clock = Host(status, reason=reason), Clock()
    cache = RobotsCache(host, clock.day)
    for now in (0, 3599):
        clock.now = now
        assert not cache.of(f"{SITE}/a").allows(f"{SITE}/a", "x")
    host.status, host.reason, clock.now = 200, "", 3600
    assert cache.of(f"{SITE}/a").allows(f"{SITE}/a", "x")
    assert len(host.asked) == 2


def test_why_a_file_could_not_be_read_is_remembered() -> None:
    """The net's own words, or the answer; also over a restart. What was written down before there was a cause has none."""
    host, clock = Host(reason="tls"), Clock()
    cache = RobotsCache(host, clock.day)
    assert cache.of(SITE).trouble == "no answer"
    host.reason, host.status = "", 503
    assert cache.of("https://harbour.example/").trouble == "answered 503"
    host.status = 404
    assert cache.of("https://river.example/").trouble == ""
    stored = json.loads(json.dumps(cache.to_json()))
    again = RobotsCache(host, clock.day, stored=stored)
    sites = (SITE, "https://harbour.example/", "https://river.example/")
    assert [again.of(site).trouble for site in sites] == ["no answer", "answered 503", ""]
    for told in stored.values():
        del told["cause"]
    older = RobotsCache(host, clock.day, stored=stored)
    assert [older.of(site).trouble for site in sites] == ["", "answered 503", ""]
    assert len(host.asked) == 3


@pytest.mark.parametrize("reason", ["held", "stopped", "private-address", "dns"])
def test_what_says_nothing_of_the_host_is_not_remembered(reason: str) -> None:
    """It was not asked, or may not be."""
    host = Host(reason=reason)
    cache = RobotsCache(host, Clock().day)
    with pytest.raises(FetchError, match=reason):
        cache.of(SITE)
    host.reason = ""
    assert cache.of(SITE).status == 200


def test_a_file_behind_endless_redirects_is_none() -> None:
    """RFC 9309: then there are no rules, for a day."""
    host, clock = Host(reason="too-many-redirects"), Clock()
    cache = RobotsCache(host, clock.day)
    assert cache.of(SITE).allows(f"{SITE}/drafts/", "x")
    clock.now = 7200
    cache.of(SITE)
    assert len(host.asked) == 1


def test_a_held_host_is_not_taken_for_a_broken_one() -> None:
    """It was not asked, so nothing is remembered, and it is asked as soon as it may be."""
    host, clock = Host(), Clock()
    turns = Turns(1, clock, clock.sleep)

    def fetch(url: str) -> Answer:
        """Asks in turn."""
        with turns.turn(host_of(url)):
            return host(url)

    cache = RobotsCache(fetch, clock.day)
    turns.hold("gazette.example:443", 30)
    with pytest.raises(FetchError, match="held"):
        cache.of(SITE)
    clock.now = 30
    assert cache.of(SITE).reached


def test_what_is_known_survives_a_restart() -> None:
    """Through JSON: texts, statuses and times; what is over by then is asked again."""
    host, clock = Host(), Clock()
    cache = RobotsCache(host, clock.day)
    cache.of(SITE)
    host.status, clock.now = 404, 12 * 3600
    cache.of("http://harbour.example/")
    stored = json.loads(json.dumps(cache.to_json()))
    again = RobotsCache(host, clock.day, stored=stored)
    assert again.of(SITE) == Robots(RULES, 200)
    assert again.of("http://harbour.example/") == Robots(None, 404)
    assert again.to_json() == cache.to_json()
    assert len(host.asked) == 2
    clock.now = 24 * 3600
    assert list(again.to_json()) == ["http://harbour.example/robots.txt"]
    again.of(SITE)
    assert len(host.asked) == 3


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "x",
        {f"{SITE}/robots.txt": None},
        {f"{SITE}/robots.txt": {"status": 404, "text": None}},
        {f"{SITE}/robots.txt": {"status": "many", "text": None, "asked": "2026-06-01T12:00:00+00:00"}},
        {f"{SITE}/robots.txt": {"status": 404, "text": 5, "asked": "2026-06-01T12:00:00+00:00"}},
        {f"{SITE}/robots.txt": {"status": 404, "text": None, "asked": "2026-06-01T12:00:00"}},
        {f"{SITE}/robots.txt": {"status": 0, "text": None, "cause": 5, "asked": "2026-06-01T12:00:00+00:00"}},
        {f"{SITE}/robots.txt": {"status": 404, "text": None, "asked": "2027-06-01T12:00:00+00:00"}},
    ],
)
def test_what_was_stored_badly_is_asked_again(stored: object) -> None:
    """Damage, and times that a wrong clock wrote, cost a request and nothing else."""
    host = Host()
    assert RobotsCache(host, Clock().day, stored=stored).of(SITE).status == 200
    assert len(host.asked) == 1


def test_only_so_many_hosts_are_remembered() -> None:
    """The one asked first is forgotten first, also of those that were stored."""
    host, clock = Host(), Clock()
    cache = RobotsCache(host, clock.day, hosts=2)
    for name in "abc":
        cache.of(f"https://{name}.example/")
        clock.now += 1
    assert list(cache.to_json()) == ["https://b.example/robots.txt", "https://c.example/robots.txt"]
    smaller = RobotsCache(host, clock.day, hosts=1, stored=cache.to_json())
    assert list(smaller.to_json()) == ["https://c.example/robots.txt"]


def test_a_host_asked_again_is_the_latest() -> None:
    """What counts is when it was asked last, not when it was met first."""
    host, clock = Host(), Clock()
    cache = RobotsCache(host, clock.day, hosts=2)
    for name, hour in (("a", 0), ("b", 1), ("a", 24), ("c", 24)):
        clock.now = hour * 3600
        cache.of(f"https://{name}.example/")
    assert list(cache.to_json()) == ["https://a.example/robots.txt", "https://c.example/robots.txt"]


def test_threads_that_want_one_host_ask_once_and_do_not_hold_up_another() -> None:
    """While one host is slow to answer, all who want it wait for that answer, and another host's is had."""
    slow = threading.Event()
    host = Host()

    def fetch(url: str) -> Answer:
        """Slow for the gazette."""
        if "gazette" in url:
            assert slow.wait(30)
        return host(url)

    cache = RobotsCache(fetch, Clock().day)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(cache.of, f"{SITE}/{page}") for page in range(4)]
        assert cache.of("https://harbour.example/").status == 200
        assert not any(one.done() for one in waiting)
        slow.set()
        assert {one.result(30).status for one in waiting} == {200}
    assert sorted(host.asked) == [f"{SITE}/robots.txt", "https://harbour.example/robots.txt"]


def test_a_bug_in_the_fetcher_is_not_taken_for_a_forbidden_host() -> None:
    """Only failures of the net are; anything else is seen, and nothing is remembered or locked."""
    calls: list[str] = []

    def fetch(url: str) -> Answer:
        """Breaks the first time."""
        calls.append(url)
        if len(calls) == 1:
            raise RuntimeError("broken")
        return Answer(url, 404)

    cache = RobotsCache(fetch, Clock().day)
    with pytest.raises(RuntimeError):
        cache.of(SITE)
    assert cache.of(SITE).status == 404

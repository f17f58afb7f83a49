"""Hosts that move, go, want to be left alone, forbid or want a secret: what is asked of them then, and what is not."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.collect import Visitor, revive
from cleaner.datatypes import Subscription
from cleaner.errors import FetchError
from cleaner.fetch import Fetcher
from cleaner.polite import Turns, backoff
from cleaner.store import Address, Store
from tests.samples import NOON
from tests.unit.collect.site import Reply, Rounds, Route, Site, conditional, feed, item, page, rss


def _robots(*lines: str) -> Reply:
    """A robots file."""
    return Reply(body="\n".join(lines).encode(), kind="text/plain")


def _address(rounds: Rounds, url: str) -> Address:
    """What is known of an address."""
    with Store(rounds.settings.state_dir) as store:
        found = store.addresses.find("vale", url)
    assert found is not None
    return found


def test_a_feed_that_moved_for_good_is_asked_where_it_is_now(rounds: Rounds, site: Site, other: Site) -> None:
    """301 is remembered, with the validators of the new place; an index that fails there is looked for at home again."""
    site.routes["/feed.xml"] = Reply(301, headers={"Location": other.url("/feed.xml")})
    rounds.visitor = rounds.fresh_visitor()
    source = feed(site)
    other.routes |= {"/feed.xml": rss(item(other, 1)), "/news/1": page(1)}
    assert rounds.run(source).error is not None, "a redirect from elsewhere may not lead to a private address"
    site.routes |= {
        "/feed.xml": Reply(301, headers={"Location": site.url("/new.xml")}),
        "/new.xml": conditional(rss(item(site, 1)), '"new"'),
        "/news/1": page(1),
    }
    rounds.later(days=2)
    rounds.run(source)
    site.took()
    rounds.run(source)
    assert site.sent[-1]["if-none-match"] == '"new"'
    assert site.took() == ["/new.xml"]
    site.routes |= {"/new.xml": Reply(410), "/feed.xml": rss(item(site, 1), item(site, 2)), "/news/2": page(2)}
    rounds.run(source)
    site.took()
    rounds.later(days=2)
    rounds.run(source)
    assert "if-none-match" not in site.sent[0]
    assert site.took() == ["/feed.xml", "/news/2"]


def test_a_temporary_redirect_is_followed_and_forgotten(rounds: Rounds, site: Site) -> None:
    """302 says nothing of tomorrow."""
    site.routes |= {"/feed.xml": Reply(302, headers={"Location": "/now.xml"}), "/now.xml": rss(item(site, 1))}
    site.routes["/news/1"] = page(1)
    source = feed(site)
    rounds.run(source)
    rounds.run(source)
    assert site.took() == ["/feed.xml", "/now.xml", "/news/1", "/feed.xml", "/now.xml"]


def test_a_source_that_is_gone_is_never_asked_again(rounds: Rounds, site: Site) -> None:
    """410 ends it, pages that wait are fetched all the same; a new address in the settings is a new beginning."""
    site.routes |= {"/feed.xml": rss(item(site, 2), item(site, 1)), "/news/1": page(1), "/news/2": page(2)}
    source = replace(feed(site), max_pages=1)
    rounds.run(source)
    site.routes["/feed.xml"] = Reply(410)
    report = rounds.run(source)
    assert report.error == f"{site.url('/feed.xml')}: status: answered 410"
    assert len(rounds.entries(source)) == 2
    site.took()
    rounds.later(days=400)
    report = rounds.run(source)
    assert report.error is not None
    assert report.error.startswith(f"{site.url('/feed.xml')}: gone: ")
    assert (site.took(), rounds.state(source).next_try) == ([], None)
    with Store(rounds.settings.state_dir) as store:
        revive(store, source.name)
    rounds.run(source)
    assert site.took() == ["/feed.xml"], "who resumes it has it asked once more"
    site.routes |= {"/atom.xml": rss(item(site, 3)), "/news/3": page(3)}
    report = rounds.run(replace(source, url=site.url("/atom.xml")))
    assert (report.error, report.counts["new"]) == (None, 1)
    assert site.took() == ["/atom.xml", "/news/3"]


def test_validators_are_not_sent_to_another_address(rounds: Rounds, site: Site) -> None:
    """Whoever changes a source's address gets all that is there."""
    site.routes |= {"/feed.xml": conditional(rss(item(site, 1)), '"1"'), "/news/1": page(1), "/news/2": page(2)}
    site.routes["/atom.xml"] = conditional(rss(item(site, 2)), '"1"')
    rounds.run(feed(site))
    assert rounds.run(replace(feed(site), url=site.url("/atom.xml"))).counts["new"] == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_a_rest_gets_it_and_others_go_on(
    rounds: Rounds, site: Site, other: Site, status: int
) -> None:
    """After one answer nothing goes to that host for as long as it said, in this process or the next."""
    names = [site.url("/news/1"), other.url("/news/2"), site.url("/news/3"), other.url("/news/4")]
    items = [item(other, number, link=url) for number, url in enumerate(names, 1)]
    other.routes |= {"/feed.xml": rss(*items), "/news/2": page(2), "/news/4": page(4)}
    site.routes |= {"/news/1": Reply(status, headers={"Retry-After": "7200"}), "/news/3": page(3)}
    source = feed(other)
    report = rounds.run(source)
    assert (report.counts["new"], site.took()) == (2, ["/news/1"])
    assert len(report.problems) == 2, "one answer, and one word that the host rests"
    site.routes["/news/1"] = page(1)
    rounds.later(hours=1)
    rounds.run(source)
    rounds.visitor = rounds.fresh_visitor(rounds.kept)
    rounds.run(source)
    assert site.took() == []
    rounds.later(hours=1, seconds=1)
    assert rounds.run(source).counts["new"] == 2
    assert _address(rounds, names[2]).tries == 0


def test_an_index_whose_host_rests_is_planned_for_the_end_of_that(rounds: Rounds, site: Site) -> None:
    """Not for at once; what it remembers stays."""
    site.routes |= {"/feed.xml": conditional(rss(item(site, 1)), '"1"')}
    site.routes["/news/1"] = Reply(429, headers={"Retry-After": "3600"})
    source = feed(site)
    rounds.run(source)
    rounds.later(minutes=30)
    report = rounds.run(source)
    assert report.error == f"{site.place}: held: asked to be left alone for another 1800 s"
    state = rounds.state(source)
    assert (state.next_try, state.etag, state.failures) == (rounds.now + timedelta(minutes=30), '"1"', 0)


def test_an_index_that_says_when_to_come_back_is_asked_then(rounds: Rounds, site: Site) -> None:
    """Retry-After counts more than our own wait."""
    site.routes["/feed.xml"] = Reply(503, headers={"Retry-After": "86400"})
    source = feed(site)
    rounds.run(source)
    assert rounds.state(source).next_try == rounds.now + timedelta(days=1)


def test_what_a_robots_file_forbids_is_not_asked(rounds: Rounds, site: Site) -> None:
    """Neither an index nor a page; it is given up at once, and the rest is fetched. ``robots = false`` asks all."""
    site.routes |= {
        "/robots.txt": _robots("User-agent: *", "Disallow: /news/2"),
        "/feed.xml": rss(item(site, 1), item(site, 2)),
        "/news/1": page(1),
        "/news/2": page(2),
    }
    source = feed(site)
    report = rounds.run(source)
    assert report.problems == [f"{site.url('/news/2')}: robots: its robots.txt forbids it"]
    assert (report.counts["new"], _address(rounds, site.url("/news/2")).state) == (1, "given-up")
    assert "/news/2" not in site.took()
    site.routes["/robots.txt"] = _robots("User-agent: *", "Disallow: /")
    rounds.visitor = rounds.fresh_visitor()
    report = rounds.run(source)
    assert report.error == f"{site.url('/feed.xml')}: robots: its robots.txt forbids it"
    assert site.took() == []
    free = Subscription("free", kind="feed", url=source.url, robots=False)
    assert rounds.run(free).counts["new"] == 2
    assert site.asked[0] == "/feed.xml"


@pytest.mark.parametrize("broken", [Reply(500), Reply(429, headers={"Retry-After": "60"})], ids=["500", "429"])
def test_a_robots_file_that_cannot_be_read_forbids_for_now(
    rounds: Rounds, site: Site, other: Site, broken: Reply
) -> None:
    """Nothing is asked, nothing is given up; once it can be read the pages come."""
    site.routes |= {"/robots.txt": broken, "/news/1": page(1), "/news/2": page(2)}
    items = [item(other, number, link=site.url(f"/news/{number}")) for number in (1, 2)]
    other.routes["/feed.xml"] = rss(*items)
    source = feed(other)
    for _ in range(8):
        report = rounds.run(source)
        assert report.error is None
        assert len(report.problems) <= 1
        rounds.later(hours=2)
    assert site.took() == []
    assert _address(rounds, site.url("/news/1")).state == "waiting"
    site.routes["/robots.txt"] = _robots("User-agent: *", "Allow: /")
    assert rounds.run(source).counts["new"] == 2


def test_the_pause_that_a_robots_file_wants_is_kept(rounds: Rounds, site: Site) -> None:
    """Between any two requests to the host."""
    site.routes |= {"/robots.txt": _robots("User-agent: *", "Crawl-delay: 20"), "/feed.xml": rss(item(site, 1))}
    site.routes["/news/1"] = page(1)
    before = rounds.steady
    rounds.run(feed(site))
    assert rounds.steady - before == 40, "robots file, feed, page"


# -------------------------------------------------------------------------------------------------------------- secrets


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A file of headers."""
    path = tmp_path / "vale.headers"
    path.write_text("# for the archive\n\nX-Key: open-sesame-42\nAuthorization: Bearer hush-hush\n", "utf-8")
    path.chmod(0o600)
    return path


def _only_for_members(reply: Reply) -> Route:
    """An answer for those who have the key."""

    def route(headers: Mapping[str, str]) -> Reply:
        """403 for all others."""
        return reply if headers.get("x-key") == "open-sesame-42" else Reply(403, b"who?")

    return route


@pytest.mark.case(14)
def test_secrets_go_to_the_sources_own_host_alone(rounds: Rounds, site: Site, other: Site, secrets: Path) -> None:
    """To feed and pages there; not to a page elsewhere, not for a robots file, not to another source's host."""
    links = (item(site, 1), item(site, 2, link=other.url("/news/2")))
    site.routes |= {"/feed.xml": _only_for_members(rss(*links)), "/news/1": _only_for_members(page(1))}
    other.routes["/news/2"] = page(2)
    source = replace(feed(site), secrets=secrets)
    assert rounds.run(source).counts["new"] == 2
    for path, headers in zip(site.asked, site.sent, strict=True):
        assert ("x-key" in headers, "authorization" in headers) == (path != "/robots.txt", path != "/robots.txt")
    assert other.asked[-1] == "/news/2"
    assert not any("x-key" in headers or "authorization" in headers for headers in other.sent)


@pytest.mark.case(14)
def test_secrets_do_not_follow_a_redirect(rounds: Rounds, site: Site, other: Site, secrets: Path) -> None:
    """Neither on the way nor in later rounds, when the new place is asked first."""
    site.routes |= {"/feed.xml": Reply(301, headers={"Location": other.url("/f")})}
    other.routes |= {"/f": rss(item(other, 1)), "/news/1": page(1)}
    rounds.visitor = rounds.fresh_visitor(typed=True)
    source = replace(feed(site), secrets=secrets)
    assert rounds.run(source).counts["new"] == 1
    assert "x-key" in site.sent[-1]
    site.took()
    rounds.run(source)
    assert site.took() == []
    assert [path for path in other.asked if path != "/robots.txt"] == ["/f", "/news/1", "/f"]
    assert not any("x-key" in headers or "authorization" in headers for headers in other.sent)


@pytest.mark.case(14)
@pytest.mark.parametrize("status", [401, 403, 500])
def test_secrets_stand_in_no_error_and_no_state(rounds: Rounds, site: Site, secrets: Path, status: int) -> None:
    """Whatever fails: the report, the database, the raw pages and the feeds hold nothing of them."""
    site.routes |= {"/feed.xml": rss(item(site, 1), item(site, 2)), "/news/1": page(1), "/news/2": Reply(status)}
    source = replace(feed(site), secrets=secrets)
    reports = [rounds.run(source)]
    site.routes["/feed.xml"] = Reply(status)
    reports.append(rounds.run(source))
    secrets.write_text("X-Key open-sesame-42")
    reports.append(rounds.run(source))
    rounds.feed(source)
    assert reports[2].error == f"{site.url('/feed.xml')}: secrets: {secrets}, line 1: no header (Name: value)"
    told = " ".join(str((report.error, report.problems)) for report in reports)
    files = [path for path in rounds.settings.state_dir.parent.rglob("*") if path.is_file() and path != secrets]
    kept = b"".join((gzip.decompress if path.suffix == ".gz" else bytes)(path.read_bytes()) for path in files)
    assert b"votes to reopen" in kept
    for secret in ("open-sesame-42", "hush-hush"):
        assert secret not in told
        assert secret.encode() not in kept


@pytest.mark.case(14)
def test_a_login_in_an_address_stands_in_no_error(rounds: Rounds, site: Site) -> None:
    """It is sent, and shown nowhere, also not in the state that errors are shown from."""
    source = replace(feed(site), url=f"http://ann:pass-1234@{site.place}/feed.xml")
    site.routes["/robots.txt"] = _robots("User-agent: *", "Disallow: /closed")
    for reply in (Reply(500), Reply(200), Reply(body=b"<p>no feed"), Reply(410)):
        site.routes["/feed.xml"] = reply
        report = rounds.run(source)
        assert report.error is not None
        assert "pass-1234" not in report.error
        assert site.url("/feed.xml") in report.error
        assert "authorization" in site.sent[-1]
    assert "pass-1234" not in (rounds.run(source).error or "")
    pages = Subscription("pages", kind="pages", urls=(f"http://ann:pass-1234@{site.place}/closed",))
    assert rounds.run(pages).problems == [f"{site.url('/closed')}: robots: its robots.txt forbids it"]
    pages = replace(pages, urls=(f"http://ann:pass-1234@{site.place}/open",))
    site.routes["/open"] = page(1)
    rounds.run(pages)
    assert rounds.entries(pages)[0].origin == site.url("/open")


# -------------------------------------------------------------------------------------------------------------- backoff


def test_a_page_that_fails_is_tried_for_some_days_ever_later(rounds: Rounds, site: Site) -> None:
    """Then it is given up; between the tries nobody asks for it."""
    site.routes |= {"/feed.xml": rss(item(site, 1)), "/news/1": Reply(500)}
    source, url = feed(site), site.url("/news/1")
    waits = []
    for tries in range(1, 11):
        rounds.run(source)
        address = _address(rounds, url)
        assert (address.state, address.tries, address.error) == ("failed", tries, f"{url}: status: answered 500")
        assert address.next == rounds.now + backoff(tries, timedelta(minutes=5), timedelta(days=2), url)
        waits.append(address.next - rounds.now)
        rounds.later(seconds=waits[-1].total_seconds() - 1)
        site.took()
        rounds.run(source)
        assert site.took() == ["/feed.xml"]
        rounds.later(seconds=2)
    assert waits[:-1] == sorted(waits[:-1]) and timedelta(days=2) < sum(waits, timedelta(0)) < timedelta(days=5)
    rounds.run(source)
    assert (_address(rounds, url).state, _address(rounds, url).next) == ("given-up", None)
    rounds.later(days=90)
    site.took()
    rounds.run(source)
    assert site.took() == ["/feed.xml"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_is_given_up_at_once(rounds: Rounds, site: Site, status: int) -> None:
    """Until its feed tells something else of it."""
    site.routes |= {"/feed.xml": rss(item(site, 1)), "/news/1": Reply(status)}
    source = feed(site)
    rounds.run(source)
    assert _address(rounds, site.url("/news/1")).state == "given-up"
    site.routes |= {"/feed.xml": rss(item(site, 1, html="It is there now")), "/news/1": page(1)}
    assert rounds.run(source).counts["new"] == 1


def test_an_index_that_fails_keeps_waiting_pages_going(rounds: Rounds, site: Site) -> None:
    """They are fetched in the same round, and the error is told."""
    items = [item(site, number) for number in range(4)]
    site.routes |= {"/feed.xml": rss(*items), **{f"/news/{number}": page(number) for number in range(4)}}
    source = replace(feed(site), max_pages=2)
    rounds.run(source)
    site.routes["/feed.xml"] = Reply(500)
    report = rounds.run(source)
    assert (report.counts["new"], report.error) == (2, f"{site.url('/feed.xml')}: status: answered 500")


def test_an_address_that_may_not_be_asked_is_named_itself() -> None:
    """And not the robots file that would have been asked for before it."""
    visitor = Visitor(Fetcher(), Turns(0.0), lambda: NOON, "Cleaner/1 (tests)")
    with pytest.raises(FetchError, match=r"^http://127\.0\.0\.1:9/feed: private-address: "):
        visitor.ask("http://127.0.0.1:9/feed")

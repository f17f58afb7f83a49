"""Listings, maps of sites and single pages over HTTP: which pages they lead to, and which of them are asked for again."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cleaner.collect import Round, Visitor, next_try, take_in
from cleaner.datatypes import Answer, Subscription
from cleaner.errors import FetchError
from cleaner.store import Address, Store
from tests.unit.collect.site import Reply, Rounds, Site, conditional, page, paragraphs

XML = "application/xml"


def _map(site: Site, *pages: tuple[str, str], maps: tuple[tuple[str, str], ...] = ()) -> bytes:
    """A sitemap, or an index of maps: paths with their dates, empty for none."""
    root, name = ("sitemapindex", "sitemap") if maps else ("urlset", "url")
    told = "".join(
        f"<{name}><loc>{site.url(path)}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</{name}>"
        for path, date in (maps or pages)
    )
    return f"<?xml version='1.0'?><{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{told}</{root}>".encode()


def _front(*numbers: int) -> Reply:
    """A front page that lists stories."""
    cards = "".join(
        f"<article class=card><h2><a href='/news/2026/{number}-{paragraphs(number)[0].lower().replace(' ', '-')}'>"
        f"{paragraphs(number)[0]}</a></h2><p>{paragraphs(number)[1][:80]}</p></article>"
        for number in numbers
    )
    body = f"<!doctype html><title>Vale Post</title><nav><a href=/about>About</a></nav><main>{cards}</main>"
    return Reply(body=body.encode())


def _path(number: int) -> str:
    """Where a listed story is."""
    return f"/news/2026/{number}-{paragraphs(number)[0].lower().replace(' ', '-')}"


def test_a_listing_leads_to_its_articles_once(rounds: Rounds, site: Site) -> None:
    """Those that are new are fetched, nothing else of the page, and none again."""
    site.routes |= {_path(number): page(number) for number in range(7)}
    site.routes["/"] = _front(0, 1, 2, 3, 4)
    source = Subscription("front", kind="listing", url=site.url("/"))
    assert rounds.run(source).counts["new"] == 5
    assert site.took() == ["/", *(_path(number) for number in range(5))]
    site.routes["/"] = _front(6, 0, 1, 2, 3, 4)
    assert rounds.run(source).counts["new"] == 1
    assert site.took() == ["/", _path(6)]


def test_a_listings_selector_decides_alone(rounds: Rounds, site: Site) -> None:
    """A wrong one is the round's error."""
    site.routes |= {"/": Reply(body=b"<ul><li><a class=x href=/a>One</a><li><a href=/b>Two</a></ul>"), "/a": page(1)}
    source = Subscription("front", kind="listing", url=site.url("/"), select="a.x")
    assert rounds.run(source).counts["new"] == 1
    assert site.took() == ["/", "/a"]
    wrong = Subscription("wrong", kind="listing", url=site.url("/"), select="a[[")
    assert "bad-selector" in (rounds.run(wrong).error or "")


def test_a_listing_without_dates_is_asked_by_what_it_brings(rounds: Rounds, site: Site) -> None:
    """More often after something new, less often after nothing, within the bounds."""
    site.routes |= {_path(number): page(number) for number in range(8)}
    least, most = timedelta(minutes=30), timedelta(hours=4)
    source = Subscription("front", kind="listing", url=site.url("/"), min=least, max=most)
    waits = []
    for numbers in ((0, 1, 2, 3, 4), *[(0, 1, 2, 3, 4)] * 9, *[tuple(range(5 + more)) for more in (1, 2, 3)]):
        site.routes["/"] = _front(*numbers)
        rounds.run(source)
        waits.append(rounds.state(source).every or timedelta())
    assert waits[:10] == sorted(waits[:10])
    assert waits[9] == most
    assert waits[10:] == [most / 2, most / 4, least]


def test_a_map_leads_to_its_pages_and_to_those_that_changed(rounds: Rounds, site: Site) -> None:
    """Through an index and a packed file; a page is asked for again when the map's date of it changes, others are not."""
    site.routes |= {f"/n/{number}": page(number) for number in range(4)}
    site.routes |= {
        "/sitemap.xml": conditional(Reply(body=_map(site, maps=(("/a.xml", ""), ("/b.xml.gz", ""))), kind=XML), '"i"'),
        "/a.xml": Reply(body=_map(site, ("/n/0", "2026-03-01"), ("/n/1", "")), kind=XML),
        "/b.xml.gz": Reply(body=gzip.compress(_map(site, ("/n/2", "2026-03-02")), mtime=0), kind="application/gzip"),
    }
    source = Subscription("map", kind="sitemap", url=site.url("/sitemap.xml"))
    assert rounds.run(source).counts["new"] == 3
    assert site.took() == ["/sitemap.xml", "/a.xml", "/b.xml.gz", "/n/2", "/n/0", "/n/1"]
    added = "<p>The lottery for the repairs has been sold out in a single day, the council's office said on Friday.</p>"
    site.routes["/n/0"] = page(0, more=added)
    site.routes["/a.xml"] = Reply(body=_map(site, ("/n/0", "2026-03-03"), ("/n/1", ""), ("/n/3", "")), kind=XML)
    assert rounds.run(source).counts == {"update": 1, "new": 1}, "though the index is as it was"
    assert site.took() == ["/sitemap.xml", "/a.xml", "/b.xml.gz", "/n/0", "/n/3"]
    assert rounds.run(source).counts == {}


def test_a_site_names_its_maps_in_its_robots_file(rounds: Rounds, site: Site) -> None:
    """All of them are read; without such lines the usual place is tried."""
    lines = f"Sitemap: {site.url('/one.xml')}\nSitemap: {site.url('/two.xml')}\n"
    site.routes |= {f"/n/{number}": page(number) for number in range(3)}
    site.routes |= {
        "/robots.txt": Reply(body=lines.encode(), kind="text/plain"),
        "/one.xml": Reply(body=_map(site, ("/n/0", "")), kind=XML),
        "/two.xml": Reply(body=_map(site, ("/n/1", "")), kind=XML),
        "/sitemap.xml": Reply(body=_map(site, ("/n/2", "")), kind=XML),
    }
    source = Subscription("map", kind="sitemap", url=site.url("/"))
    assert rounds.run(source).counts["new"] == 2
    assert site.took()[:2] == ["/one.xml", "/two.xml"]
    site.routes["/robots.txt"] = Reply(body=b"", kind="text/plain")
    rounds.visitor = rounds.fresh_visitor()
    rounds.later(days=2)
    assert rounds.run(source).counts["new"] == 1
    assert "/sitemap.xml" in site.took()


def test_a_broken_map_among_others_costs_itself_alone(rounds: Rounds, site: Site) -> None:
    """It is told of; a first map that is broken is the round's error."""
    index = _map(site, maps=(("/broken.xml", ""), ("/gone.xml", ""), ("/a.xml", "")))
    site.routes |= {"/sitemap.xml": Reply(body=index, kind=XML), "/broken.xml": Reply(body=b"<p>Oops", kind=XML)}
    site.routes |= {"/a.xml": Reply(body=_map(site, ("/n/1", "")), kind=XML), "/n/1": page(1)}
    source = Subscription("map", kind="sitemap", url=site.url("/sitemap.xml"))
    report = rounds.run(source)
    assert (report.error, report.counts["new"], len(report.problems)) == (None, 1, 2)
    assert rounds.run(Subscription("b", kind="sitemap", url=site.url("/broken.xml"))).error is not None


def test_of_many_maps_the_latest_are_read(rounds: Rounds, site: Site) -> None:
    """An index of a large site has its old years first."""
    names = [(f"/{year}.xml", f"{year}-12-31") for year in range(2000, 2027)]
    site.routes["/sitemap.xml"] = Reply(body=_map(site, maps=tuple(names)), kind=XML)
    site.routes |= {path: Reply(body=_map(site, (f"/n{path}", date)), kind=XML) for path, date in names}
    rounds.run(Subscription("map", kind="sitemap", url=site.url("/sitemap.xml"), max_pages=2))
    asked = site.took()
    assert asked[1:11] == [f"/{year}.xml" for year in range(2026, 2016, -1)]
    assert asked[11:] == ["/n/2026.xml", "/n/2025.xml"]


def test_a_long_map_is_written_down_quickly_and_new_pages_go_first(rounds: Rounds, site: Site) -> None:
    """Twenty thousand old pages do not keep a new one waiting."""
    old = [(f"/old/{number}", "") for number in range(20_000)]
    site.routes["/sitemap.xml"] = Reply(body=_map(site, *old), kind=XML)
    source = Subscription("map", kind="sitemap", url=site.url("/sitemap.xml"), max_pages=1)
    assert rounds.run(source).seconds < 10
    site.routes |= {"/sitemap.xml": Reply(body=_map(site, *old, ("/zz/new", "")), kind=XML), "/zz/new": page(1)}
    site.took()
    assert rounds.run(source).counts["new"] == 1
    assert site.took() == ["/sitemap.xml", "/zz/new"]


def test_pages_are_asked_again_with_their_validators(rounds: Rounds, site: Site) -> None:
    """Each round asks each; what has not changed costs an answer without a body, what has is an update."""
    site.routes |= {"/a": conditional(page(1), '"1"'), "/b": page(2)}
    source = Subscription("two", kind="pages", urls=(site.url("/a"), site.url("/b")))
    assert rounds.run(source).counts == {"new": 2}
    assert rounds.run(source).counts == {"unchanged": 2}
    assert site.sent[-2]["if-none-match"] == '"1"'
    assert "if-none-match" not in site.sent[-1]
    added = "<p>In the evening the council also voted to paint the town hall green, with two members against it.</p>"
    site.routes["/a"] = conditional(page(1, more=added), '"2"')
    assert rounds.run(source).counts == {"update": 1, "unchanged": 1}
    assert rounds.state(source).next_try == rounds.now + source.min


def test_a_page_that_a_person_named_is_never_given_up_but_asked_ever_less(rounds: Rounds, site: Site) -> None:
    """A page that is missing may come back; it does not get more visits for having failed often."""
    site.routes["/a"] = Reply(404)
    source = Subscription("one", kind="pages", urls=(site.url("/a"),))
    tries = 0
    for _ in range(12 * 7):
        rounds.run(source)
        tries += len(site.took())
        rounds.later(hours=2)
    assert 10 <= tries <= 15
    site.routes["/a"] = page(1)
    rounds.later(days=3)
    assert rounds.run(source).counts["new"] == 1


def test_pages_that_never_change_are_asked_ever_less(rounds: Rounds, site: Site) -> None:
    """And more often again when one did, within the bounds."""
    site.routes |= {"/a": page(1), "/b": page(2)}
    least, most = timedelta(minutes=30), timedelta(hours=4)
    source = Subscription("two", kind="pages", urls=(site.url("/a"), site.url("/b")), min=least, max=most)
    waits = []
    for more in ["", *[""] * 12, "<p>One</p>", "<p>Two</p>"]:
        site.routes["/b"] = page(2, more=more)
        rounds.run(source)
        waits.append(rounds.state(source).every)
        assert rounds.state(source).next_try == rounds.now + (waits[-1] or most)
    assert waits[:3] == [least, least * 1.25, least * 1.25**2]
    assert waits[12:] == [most, most / 2, most / 4]


def test_a_source_none_of_whose_pages_can_be_had_has_failed(rounds: Rounds, site: Site) -> None:
    """Its pages are asked together, ever less often; it is dead after three failures, and well with the first page."""
    source = Subscription("two", kind="pages", urls=(site.url("/a"), site.url("/b")))
    site.routes["/a"] = page(1)
    assert rounds.run(source).error is None, "one of the two is there"
    assert rounds.state(source).failures == 0
    site.routes["/a"] = Reply(500)
    rounds.later(days=3)
    site.took()
    for failures in (1, 2, 3):
        report = rounds.run(source)
        assert sorted(site.took()) == ["/a", "/b"]
        state = rounds.state(source)
        assert (state.failures, state.error) == (failures, report.error)
        assert (report.error or "").startswith("two: no-page: none of its pages could be had: http://")
        assert state.next_try is not None
        assert rounds.run(source).counts == {}, "neither is asked before its time, though a person wants it"
        assert rounds.state(source).failures == failures
        rounds.later(seconds=(state.next_try - rounds.now).total_seconds())
    with Store(rounds.settings.state_dir) as store:
        assert store.kept("health two") == "dead"
    site.routes["/b"] = page(2)
    assert rounds.run(source).error is None
    assert (rounds.state(source).failures, rounds.state(source).error) == (0, "")
    with Store(rounds.settings.state_dir) as store:
        assert store.kept("health two") == "well"


def test_pages_that_are_gone_are_told_of(rounds: Rounds, site: Site) -> None:
    """They said so and are not asked any more, but their source does not pass for well."""
    site.routes["/a"] = Reply(410)
    source = Subscription("one", kind="pages", urls=(site.url("/a"),))
    for failures in (1, 2, 3):
        assert "410" in (rounds.run(source).error or "")
        assert rounds.state(source).failures == failures
        rounds.later(days=2)
    assert site.took() == ["/a"]


def test_a_round_of_pages_that_breaks_off_is_taken_up(rounds: Rounds, site: Site) -> None:
    """Where we end while the first page is asked nothing has failed, and the pages are asked by the next round."""
    site.routes |= {"/a": page(1), "/b": page(2)}
    source = Subscription("two", kind="pages", urls=(site.url("/a"), site.url("/b")))
    rounds.visitor = _Ending(rounds.visitor, site.url("/b"))
    report = rounds.run(source)
    assert (report.error, report.problems, report.counts) == (None, [], {"new": 1})
    with Store(rounds.settings.state_dir) as store:
        assert store.addresses.find("two", site.url("/b")) == Address(site.url("/b"), number=1)
        assert next_try(store, source, rounds.now) == rounds.now + timedelta(minutes=1)
    rounds.visitor = rounds.fresh_visitor()
    rounds.later(minutes=1)
    assert rounds.run(source).counts["new"] == 1


def test_a_feed_is_not_to_blame_when_we_end(rounds: Rounds, site: Site) -> None:
    """Neither it nor its host has failed."""
    source = Subscription("map", kind="sitemap", url=site.url("/sitemap.xml"))
    rounds.visitor = _Ending(rounds.visitor, site.url("/sitemap.xml"))
    assert rounds.run(source).error is None
    assert rounds.state(source).failures == 0


def test_a_round_ends_in_time(rounds: Rounds, site: Site) -> None:
    """The pages that are left wait for the next one, which comes soon."""
    site.routes |= {f"/n/{number}": _slow(page(number)) for number in range(6)}
    site.routes["/sitemap.xml"] = Reply(body=_map(site, *((f"/n/{number}", "") for number in range(6))), kind=XML)
    source = Subscription("map", kind="sitemap", url=site.url("/sitemap.xml"))
    with Store(rounds.settings.state_dir) as store:
        told = (store, source, rounds.visitor, rounds.children, rounds.now, print, print)
        take_in(Round(*told, seconds=0.3))
        assert 1 <= len(store.pending("map")) < 6
        assert store.addresses.soonest("map") == (True, None)
        take_in(Round(*told))
        assert len(store.pending("map")) == 6


def _slow(reply: Reply) -> Callable[[Mapping[str, str]], Reply]:
    """An answer that takes a while."""

    def route(_: Mapping[str, str]) -> Reply:
        """As a server under load does."""
        time.sleep(0.2)
        return reply

    return route


class _Ending(Visitor):
    """A visitor whose process is asked to end while it asks for an address."""

    def __init__(self, visitor: Visitor, url: str) -> None:
        self._visitor, self._url = visitor, url

    def now(self) -> datetime:
        """As the real one."""
        return self._visitor.now()

    def ask(self, url: str, *told: Any, **more: Any) -> Answer:
        """As the real one, until then."""
        if url == self._url:
            raise FetchError(url, "stopped", "we are to end")
        return self._visitor.ask(url, *told, **more)

"""Maps of sites over HTTP: which of them are asked in a round, and how much of a back catalogue is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from cleaner.collect.register import newest
from cleaner.datatypes import Subscription
from cleaner.store import Store
from tests.unit.collect.site import Reply, Rounds, Site, conditional, feed, item, page, rss, whole

XML = "application/xml"


def _map(site: Site, *told: tuple[str, str], index: bool = False) -> Reply:
    """A map of pages, or an index of maps: paths with their dates, empty for none."""
    root, name = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(
        f"<{name}><loc>{site.url(path)}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</{name}>"
        for path, date in told
    )
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Reply(body=f"<?xml version='1.0'?><{root} xmlns='{xmlns}'>{entries}</{root}>".encode(), kind=XML)


def _source(site: Site, path: str = "/sitemap.xml", **changes: int) -> Subscription:
    """A source that asks for the site's map."""
    return replace(Subscription("map", kind="sitemap", url=site.url(path)), **changes)  # type: ignore[arg-type]


def _asked(site: Site) -> list[str]:
    """The maps asked for in a round, the first one aside."""
    return [path for path in site.took() if path.endswith(".xml") and "/n/" not in path][1:]


def test_a_map_whose_date_did_not_change_is_not_asked(rounds: Rounds, site: Site) -> None:
    """One whose date did is asked with its validators, and costs an answer without a body if it is as it was."""
    first = (("/a.xml", "2026-01-05T10:00:00Z"), ("/b.xml", "2026-01-03T10:00:00Z"), ("/c.xml", ""))
    site.routes |= {f"/{name}.xml": conditional(_map(site, (f"/n/{name}", "")), f'"{name}"') for name in "abc"}
    site.routes |= {f"/n/{name}": page(number) for number, name in enumerate("abc")}
    site.routes["/sitemap.xml"] = conditional(_map(site, *first, index=True), '"i"')
    source = _source(site)
    assert rounds.run(source).counts["new"] == 3
    assert all("xml" in told["accept"] for path, told in zip(site.asked, site.sent, strict=True) if ".xml" in path)
    assert _asked(site) == ["/a.xml", "/b.xml", "/c.xml"]
    rounds.run(source)
    assert [told.get("if-none-match") for told in site.sent] == ['"i"', '"c"']
    assert _asked(site) == ["/c.xml"], "it has no date to judge it by"
    second = (("/a.xml", "2026-01-05T10:00:00Z"), ("/b.xml", "2026-01-06T10:00:00Z"), ("/c.xml", ""))
    site.routes["/sitemap.xml"] = conditional(_map(site, *second, index=True), '"j"')
    rounds.run(source)
    assert [told.get("if-none-match") for told in site.sent] == ['"i"', '"b"', '"c"']
    assert _asked(site) == ["/b.xml", "/c.xml"]
    rounds.run(source)
    assert _asked(site) == ["/c.xml"]


def test_many_maps_take_their_turns_though_their_index_is_as_it_was(rounds: Rounds, site: Site) -> None:
    """Those with dates go first, the latest ones first; the rest is told of once, and read by the next rounds."""
    dated = [(f"/{year}.xml", f"{year}-12-31T00:00:00Z") for year in range(2010, 2018)]
    bare = [(f"/bare{number}.xml", "") for number in range(8)]
    site.routes |= {path: conditional(_map(site, (f"/n{path}", date)), path) for path, date in dated + bare}
    site.routes["/sitemap.xml"] = conditional(_map(site, *bare, *dated, index=True), '"i"')
    source = _source(site, max_pages=1)
    report = rounds.run(source)
    assert _asked(site) == [f"/{year}.xml" for year in range(2017, 2009, -1)] + ["/bare0.xml", "/bare1.xml"]
    assert [line for line in report.problems if "maps-left" in line] == [
        f"{source.url}: maps-left: 6 maps of this site wait for later rounds, which read some each, the latest first"
    ]
    rounds.later(hours=1)
    again = rounds.run(source)
    assert sorted(_asked(site)) == sorted(f"/bare{number}.xml" for number in range(8))
    assert not [line for line in again.problems if "maps-left" in line]


def test_none_of_many_maps_that_change_all_the_time_waits_for_ever(rounds: Rounds, site: Site) -> None:
    """Some servers date each map by the time at which they are asked."""
    names = [f"/m{number}.xml" for number in range(24)]
    site.routes |= {path: _map(site, (f"/n{path}", "")) for path in names}
    seen = set[str]()
    for minute in range(10, 20):
        dates = [f"2026-01-05T10:{minute}:{second:02}Z" for second in range(24)]
        site.routes["/sitemap.xml"] = _map(site, *zip(names, dates, strict=True), index=True)
        rounds.run(_source(site, max_pages=1))
        asked = _asked(site)
        assert (len(asked), asked[:3]) == (10, ["/m23.xml", "/m22.xml", "/m21.xml"])
        seen.update(asked)
        rounds.later(hours=1)
    assert seen == set(names)


def test_maps_named_by_maps_are_remembered_and_forgotten_with_them(rounds: Rounds, site: Site) -> None:
    """A map that nothing names any more is not asked, and is read anew where it comes back."""
    old = "2026-01-05T10:00:00Z"
    site.routes |= {
        "/sitemap.xml": conditional(_map(site, ("/years.xml", old), index=True), '"i"'),
        "/years.xml": _map(site, ("/a.xml", old), ("/b.xml", ""), ("/sitemap.xml", ""), index=True),
        "/a.xml": _map(site, ("/n/1", old)),
        "/b.xml": _map(site, ("/n/2", "")),
        "/n/1": page(1),
        "/n/2": page(2),
    }
    source = _source(site)
    assert rounds.run(source).counts["new"] == 2
    assert _asked(site) == ["/years.xml", "/a.xml", "/b.xml"]
    rounds.run(source)
    assert _asked(site) == ["/b.xml"], "the index between is not asked, and what it named is still known"
    site.routes["/sitemap.xml"] = conditional(_map(site, ("/a.xml", old), index=True), '"j"')
    rounds.run(source)
    assert _asked(site) == []
    with Store(rounds.settings.state_dir) as store:
        assert "b.xml" not in store.kept("maps map")


def test_a_broken_map_keeps_no_other_one_waiting(rounds: Rounds, site: Site) -> None:
    """It is tried again when nothing new is to be read, and read when it is well."""
    broken = [(f"/broken{number}.xml", "2026-02-01T00:00:00Z") for number in range(10)]
    good = ("/good.xml", "2026-01-01T00:00:00Z")
    site.routes |= {"/sitemap.xml": _map(site, *broken, good, index=True), "/good.xml": _map(site, ("/n/1", ""))}
    site.routes["/n/1"] = page(1)
    source = _source(site)
    assert len(rounds.run(source).problems) == 11
    rounds.later(hours=1)
    assert rounds.run(source).counts["new"] == 1
    site.routes |= {path: _map(site, (f"/n{path}", "")) for path, _ in broken}
    site.routes["/n/broken3.xml"] = page(3)
    rounds.later(hours=1)
    assert rounds.run(source).counts["new"] == 1


def test_a_host_that_wants_to_be_left_alone_is_not_asked_for_further_maps(rounds: Rounds, site: Site) -> None:
    """And nothing is held against those that it kept back."""
    names = [(f"/m{number}.xml", f"2026-01-{number + 10}T00:00:00Z") for number in range(4)]
    site.routes |= {path: _map(site, (f"/n{path}", "")) for path, _ in names}
    site.routes |= {
        "/sitemap.xml": _map(site, *names, index=True),
        "/m2.xml": Reply(429, headers={"Retry-After": "60"}),
    }
    rounds.run(_source(site))
    assert _asked(site) == ["/m3.xml", "/m2.xml"]
    site.routes["/m2.xml"] = _map(site, ("/n/2", ""))
    rounds.later(hours=1)
    rounds.run(_source(site))
    assert sorted(_asked(site)) == ["/m0.xml", "/m1.xml", "/m2.xml"]


def test_a_map_dated_by_its_day_is_asked_until_that_day_is_over(rounds: Rounds, site: Site) -> None:
    """More may be published on a day whose map was read in the morning."""
    today = rounds.now.date().isoformat()
    site.routes |= {"/sitemap.xml": _map(site, ("/a.xml", today), index=True), "/a.xml": _map(site, ("/n/1", today))}
    site.routes |= {"/n/1": page(1), "/n/2": page(2)}
    source = _source(site)
    rounds.run(source)
    site.routes["/a.xml"] = _map(site, ("/n/1", today), ("/n/2", today))
    rounds.later(hours=2)
    assert rounds.run(source).counts["new"] == 1
    rounds.later(days=3)
    rounds.run(source)
    site.took()
    rounds.run(source)
    assert _asked(site) == []


# -------------------------------------------------------------------------------------------------------- back catalogue


def _dates(first: int, many: int) -> list[tuple[str, str]]:
    """Pages of one year each: paths and dates."""
    return [(f"/n/{year}", f"{year}-06-01") for year in range(first, first + many)]


def test_of_a_long_map_only_the_newest_pages_are_fetched(rounds: Rounds, site: Site) -> None:
    """The others are passed over, which is told once; one whose date changes, or that is new, is fetched."""
    site.routes |= {path: page(number) for number, (path, _) in enumerate(_dates(1990, 40))}
    site.routes["/sitemap.xml"] = _map(site, *_dates(1990, 30))
    source = _source(site, max_entries=4)
    report = rounds.run(source)
    assert site.took() == ["/sitemap.xml", *(f"/n/{year}" for year in (2019, 2018, 2017, 2016))]
    why = "26 older pages are passed over: of what is there at first sight the newest 4 are fetched"
    assert report.problems == [f"{source.url}: passed-over: {why}"]
    changed = [(path, "2020-01-01" if path == "/n/1995" else date) for path, date in _dates(1990, 30)]
    site.routes["/sitemap.xml"] = _map(site, *changed, ("/n/2025", "1980-01-01"), ("/n/2026", ""))
    assert rounds.run(source).problems == []
    assert sorted(site.took()[1:]) == ["/n/1995", "/n/2025", "/n/2026"]
    rounds.run(source)
    assert site.took() == ["/sitemap.xml"]
    everything = [(path, "2026-01-01") for path, _ in changed]
    site.routes["/sitemap.xml"] = _map(site, *everything)
    rounds.run(source)
    assert len(site.took()) <= 1 + 5 + 4, "a site that dates all of its pages anew brings no flood"


def test_maps_of_old_years_are_passed_over_whole(rounds: Rounds, site: Site) -> None:
    """Whenever they are read; what has no date is taken in the order of its map, as long as there is room."""
    names = [(f"/{year}.xml", f"{year + 10}-01-01T00:00:00Z") for year in range(1990, 2010, 10)]
    site.routes |= {path: _map(site, *_dates(int(path[1:5]), 10)) for path, _ in names}
    site.routes |= {path: page(number) for number, (path, _) in enumerate(_dates(1990, 20))}
    site.routes["/sitemap.xml"] = _map(site, *names, index=True)
    source = _source(site, max_entries=12)
    rounds.run(source)
    assert sum(path.startswith("/n/") for path in site.took()) == 12
    site.routes["/more.xml"] = _map(site, *_dates(1970, 5), ("/n/1991", ""), ("/n/bare", ""))
    site.routes["/sitemap.xml"] = _map(site, *names, ("/more.xml", ""), index=True)
    report = rounds.run(source)
    assert site.took() == ["/sitemap.xml", "/more.xml"]
    assert report.problems == []
    site.routes["/2000.xml"] = _map(site, *_dates(2000, 10), ("/n/bare", ""), ("/n/1960", "1960-01-01"))
    site.routes["/sitemap.xml"] = _map(site, ("/2000.xml", "2026-01-01T00:00:00Z"), index=True)
    rounds.run(source)
    assert site.took()[2:] == ["/n/1960"], "a map that was read before tells of what is new"


def test_a_feed_and_a_listing_are_bounded_at_first_sight_too(rounds: Rounds, site: Site) -> None:
    """An entry that was passed over is fetched when the feed tells something else of it."""
    site.routes |= {f"/news/{number}": page(number) for number in range(9)}
    site.routes["/feed.xml"] = rss(*(item(site, number) for number in (3, 1, 0, 2, 4)))
    source = replace(feed(site), max_entries=2)
    assert "3 older pages are passed over" in rounds.run(source).problems[0]
    assert sorted(site.took()[1:]) == ["/news/0", "/news/1"]
    items = [item(site, 5), item(site, 4, html=whole(4)), *(item(site, number) for number in (3, 1, 0, 2))]
    site.routes["/feed.xml"] = rss(*items)
    assert rounds.run(source).problems == []
    assert sorted(site.took()[1:]) == ["/news/4", "/news/5"]


@pytest.mark.parametrize(
    ("told", "others", "undated", "places"),
    [
        (["2020-01-01", "2022-01-01", "2021-01-01"], [], 0, {1, 2}),
        (["2020-01-01", "", ""], [], 0, {0, 1}),
        (["", "", "2020-01-01"], ["2019-01-01"], 0, {2}),
        (["2020-01-01", "2022-01-01"], ["2023-01-01", "2021-01-01"], 0, {1}),
        (["2020-01-01", ""], ["2023-01-01", "2021-01-01"], 0, set()),
        (["2022-01-01T23:00:00-03:00", "2022-01-02T01:00:00Z"], ["2022-01-02"], 0, {0, 1}),
        (["", ""], [], 1, {0}),
        (["soon", ""], [], 0, {0, 1}),
        ([], ["2020-01-01"], 0, set()),
    ],
)
def test_the_newest_of_what_is_known(
    told: Sequence[str], others: Sequence[str], undated: int, places: set[int]
) -> None:
    """Two of a source: by their dates in one zone, those without one last and in order."""
    assert newest(told, 2, others, undated) == places


def test_dates_of_all_that_is_known_tell_how_often_a_site_is_asked(rounds: Rounds, site: Site) -> None:
    """Not those of the old maps that a round happens to read."""
    day = rounds.now.replace(microsecond=0)
    recent = [(f"/n/{hours}", (day - timedelta(hours=hours)).isoformat()) for hours in range(1, 9)]
    site.routes |= {"/new.xml": _map(site, *recent), "/old.xml": _map(site, ("/n/old", "2001-01-01T00:00:00Z"))}
    site.routes["/sitemap.xml"] = _map(site, ("/new.xml", day.isoformat()), index=True)
    source = _source(site, max_pages=1)
    rounds.run(source)
    before = rounds.state(source).every
    site.routes["/sitemap.xml"] = _map(site, ("/new.xml", day.isoformat()), ("/old.xml", ""), index=True)
    rounds.run(source)
    assert rounds.state(source).every == before == timedelta(minutes=30)

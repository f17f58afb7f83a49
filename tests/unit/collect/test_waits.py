"""When a source is asked again: what it asks for itself holds, in whichever way it says so, and what a person sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from cleaner.collect import next_try
from cleaner.datatypes import Subscription
from cleaner.store import Store
from tests.unit.collect.site import Reply, Rounds, Site, conditional, feed, item, page, rss

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("ttl", "age", "wait"), [(120, 300, 120), (20, 14400, 240), (0, 7200, 120)])
def test_the_longer_of_two_waits_holds(rounds: Rounds, site: Site, ttl: int, age: int, wait: int) -> None:
    """A feed may say it by its ``ttl``, and its server by ``max-age``; 304 tells only the latter."""
    told = f"<ttl>{ttl}</ttl>" if ttl else ""
    full = rss(item(site, 1), more=told, headers={"Cache-Control": f"max-age={age}"})

    def route(headers: Mapping[str, str]) -> Reply:
        """As servers do that tell how long an answer holds with each."""
        known = headers.get("if-none-match") == '"1"'
        return Reply(304 if known else 200, b"" if known else full.body, full.kind, {**full.headers, "ETag": '"1"'})

    site.routes |= {"/feed.xml": route, "/news/1": page(1)}
    for _ in range(2):
        rounds.run(feed(site))
        assert rounds.state(feed(site)).asked == wait * MINUTE
        rounds.later(hours=4)


@pytest.mark.parametrize("fixed", [{"every": timedelta(minutes=30)}, {"cron": "7 * * * *"}])
def test_fixed_times_are_not_put_off(rounds: Rounds, site: Site, fixed: dict[str, object]) -> None:
    """Neither by the rate of a source, nor by a page that waits for its next try; only by failures of its own."""
    site.routes |= {"/feed.xml": rss(item(site, 1)), "/news/1": Reply(500)}
    source = replace(feed(site, fulltext="always"), **fixed)  # type: ignore[arg-type]
    rounds.run(source)
    with Store(rounds.settings.state_dir) as store:
        assert rounds.state(source).next_try is not None
        assert next_try(store, source, rounds.now) is None
    site.routes["/feed.xml"] = Reply(500)
    rounds.run(source)
    with Store(rounds.settings.state_dir) as store:
        assert next_try(store, source, rounds.now) == rounds.state(source).next_try


def test_a_named_page_rests_for_as_long_as_it_says(rounds: Rounds, site: Site) -> None:
    """Unless a person wants it now; one that says nothing is asked each time."""
    aged = Reply(body=page(1).body, headers={"Cache-Control": "max-age=7200"})
    site.routes |= {"/a": conditional(aged, '"a"'), "/b": conditional(page(2), '"b"')}
    source = Subscription("two", kind="pages", urls=(site.url("/a"), site.url("/b")))
    rounds.run(source, early=False)
    assert sorted(site.took()) == ["/a", "/b"]
    rounds.later(hours=1)
    rounds.run(source, early=False)
    assert site.took() == ["/b"]
    rounds.run(source)
    assert sorted(site.took()) == ["/a", "/b"]
    rounds.later(hours=3)
    rounds.run(source, early=False)
    assert sorted(site.took()) == ["/a", "/b"]


def test_a_feed_that_moves_does_not_hear_of_the_validators_of_its_old_place(rounds: Rounds, site: Site) -> None:
    """Its new place may use the same ones for another text."""
    site.routes |= {"/feed.xml": conditional(rss(item(site, 1)), '"1"'), "/news/1": page(1), "/news/2": page(2)}
    rounds.run(feed(site))
    site.routes["/feed.xml"] = Reply(301, headers={"Location": site.url("/new.xml")})
    site.routes["/new.xml"] = conditional(rss(item(site, 2)), '"1"')
    for expected in (["/feed.xml", "/new.xml", "/news/2"], ["/new.xml"]):
        rounds.later(days=1)
        site.took()
        rounds.run(feed(site))
        assert site.took() == expected
    assert len(rounds.entries(feed(site))) == 2

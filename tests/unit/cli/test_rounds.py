"""Rounds on demand: what they learn of hosts is known to the next command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.cli.rounds import update_sources
from cleaner.datatypes import Subscription
from cleaner.store import Store
from tests.samples import settings
from tests.unit.collect.site import Reply, item, rss, serving

pytestmark = pytest.mark.slow


def test_a_rest_and_a_robots_file_are_known_to_the_next_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A host that asked to be left alone is; its robots file is not asked for again."""
    with serving() as site:
        site.routes |= {"/robots.txt": Reply(body=b"User-agent: *\nDisallow: /news/"), "/a.xml": rss(item(site, 1))}
        names = ("a", "b")
        sources = tuple(Subscription(name, kind="feed", url=site.url(f"/{name}.xml")) for name in names)
        made = replace(settings(tmp_path), sources=sources, allow_private=(site.place,), children=1, askers=1)
        site.routes["/b.xml"] = Reply(429, headers={"Retry-After": "600"})
        assert update_sources(made, ["a"], dry_run=False) == 0
        assert update_sources(made, ["b"], dry_run=False) == 3
        assert site.asked == ["/robots.txt", "/a.xml", "/b.xml"]
        assert update_sources(made, ["a"], dry_run=False) == 3
        assert site.asked == ["/robots.txt", "/a.xml", "/b.xml"]
    assert f"a: {site.place}: held: asked to be left alone for another " in capsys.readouterr().err
    with Store(made.state_dir) as store:
        assert site.place in store.kept("held")

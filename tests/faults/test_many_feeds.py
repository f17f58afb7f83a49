"""Three hundred feeds of several hosts, added from a list and read in one go by the command as people run it."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import feedparser
import pytest

from tests.samples import story
from tests.unit.collect.site import Reply, Site, item, page, rss, serving, whole

pytestmark = pytest.mark.slow
FEEDS, HOSTS = 300, 10
MOST = 150.0  # seconds for both commands; people wait five minutes at most, and not on a fast machine


def _site(site: Site, first: int, number: int) -> list[str]:
    """Feeds of one host, two articles each, every third with its whole text; the outlines of a list."""
    outlines = []
    for feed in range(first, first + number):
        one, two = 2 * feed, 2 * feed + 1
        html = whole if feed % 3 == 0 else lambda _: "A teaser of some words..."
        site.routes[f"/feed{feed}.xml"] = rss(item(site, one, html=html(one)), item(site, two, html=html(two)))
        site.routes |= {f"/news/{one}": page(one), f"/news/{two}": page(two)}
        outlines.append(f"<outline text='Feed {feed}' xmlUrl='{site.url(f'/feed{feed}.xml')}'/>")
    site.routes["/robots.txt"] = Reply(404)
    return outlines


def _cleaner(root: Path, *arguments: str) -> tuple[str, float]:
    """What a command prints, and the seconds that it took."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments, "--config", str(root / "config")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, ""), (done.returncode, done.stderr[-2000:], done.stdout[-500:])
    return done.stdout, time.monotonic() - begun


def test_three_hundred_feeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is tried and added, each has both of its articles, and a second round asks for nothing but feeds."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    assert len({story(number) for number in range(2 * FEEDS)}) == 2 * FEEDS
    with ExitStack() as stack:
        sites = [stack.enter_context(serving()) for _ in range(HOSTS)]
        share = FEEDS // HOSTS
        outlines = [line for number, site in enumerate(sites) for line in _site(site, number * share, share)]
        (tmp_path / "config" / "sources").mkdir(parents=True)
        places = ", ".join(f'"{site.place}"' for site in sites)
        (tmp_path / "config" / "cleaner.toml").write_text(f'allow_private = [{places}]\npause = "0s"\n')
        opml = tmp_path / "many.opml"
        opml.write_text(f"<opml version='2.0'><head/><body>{''.join(outlines)}</body></opml>")
        told, adding = _cleaner(tmp_path, "add", str(opml))
        assert told.splitlines()[-1] == f"{FEEDS} added, 0 there already, 0 failed"
        told, updating = _cleaner(tmp_path, "update")
        assert told.count(": 2 new in ") == FEEDS, told[:2000]
        for site in sites:
            site.took()
        _, again = _cleaner(tmp_path, "update")
        asked = [path for site in sites for path in site.took()]
        assert sorted(asked) == sorted(f"/feed{number}.xml" for number in range(FEEDS))
    feeds = tmp_path / "feeds"
    assert all(
        len(feedparser.parse((feeds / f"feed-{number}.atom").read_bytes()).entries) == 2 for number in range(FEEDS)
    )
    seconds = f"add {adding:.1f} s, update {updating:.1f} s, a second update {again:.1f} s"
    assert adding + updating < MOST, seconds
    print(seconds)

"""A week of many sources: no host is asked more than it allows, nothing is asked for in vain, and everything is had in time.

What is real: visitor, turns, robots files, the rounds of sources, the lines of the daemon and its due times, the state in
SQLite. What is not: time, which passes only while all threads wait; the net, which is asked in place of the client; the
children, whose readers run here; and the cleaning, in whose place what was kept is looked at, and compared with what feeds
carry. Eight askers take rounds as the daemon's do. Not modelled: restarts, reloads, how long work takes on a busy machine.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest

from cleaner.collect import read_state
from cleaner.store import Store
from tests.unit.collect.cast import HOUR, Part
from tests.unit.collect.net import DAY, Host
from tests.unit.collect.press import Article
from tests.unit.collect.weeks import Week

_SLACK = 2 * HOUR  # a source may wait for others
_SEED = 20260601


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A place for a state; in memory where there is such a place, because the state of a week is synced after each step."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    made = Path(tempfile.mkdtemp(prefix="week-", dir=memory))
    yield made
    shutil.rmtree(made)


def test_two_days(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of few sources."""
    week = Week(24, 2 * DAY, _SEED, monkeypatch)
    week.run(folder)
    _check(week)


@pytest.mark.slow
def test_a_week(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three hundred sources, some of which break, move or go for good."""
    week = Week(300, 7 * DAY, _SEED, monkeypatch)
    week.run(folder)
    _check(week)
    with Store(folder) as store:
        states = {name: read_state(store, name) for name in week.parts}
    ended = {name for name, part in week.parts.items() if part.ends < week.length}
    assert ended and ended == {name for name, state in states.items() if state.gone}
    assert sum(state.moved is not None for state in states.values()) >= 4
    assert week.net.count["304"] > 0.2 * sum(week.net.count.values()), "validators are hardly used"


def test_the_net_sees_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks without manners is found out, or the weeks above would show nothing."""
    week = Week(24, DAY, _SEED, monkeypatch)
    net, host = week.net, next(host for host in week.net.hosts.values() if host.delay and not host.troubles)
    page = next(page for page in net.pages.values() if host.name in page.url and page.validators == "both")

    def rude() -> None:
        """No pause, no validators, wrong ones, the rules twice."""
        net.get(f"http://{host.name}/robots.txt")
        net.get(f"http://{host.name}/robots.txt")
        net.get(page.url)
        net.get(page.url)
        net.get(page.url, etag='"of another"')
        host.held = week.timeline.now + 60
        net.get(page.url)
        net.get(f"http://{host.name}{host.forbidden}")

    def at_once() -> None:
        """While another one asks."""
        week.timeline.sleep(0.05)
        net.get(page.url)

    week.timeline.run(rude, at_once)
    rules = {"pause", "robots again", "full again", "stale", "held", "forbidden", "side by side"}
    assert rules <= net.wrong.keys()
    assert {"early", "asked again"} & net.wrong.keys()


# ---------------------------------------------------------------------------------------------------------- what must hold


def _check(week: Week) -> None:
    """Manners, and that everything is had in time; prints the figures."""
    parts = list(week.parts.values())
    late, broken = _waits(parts, week)
    pauses = [host.nearest / max(1.0, host.delay or 0.0) for host in week.net.hosts.values()]
    total = sum(week.net.count.values())
    asked = week.net.count["304"] / max(1, week.net.count["304"] + week.net.count["200"])
    print(
        f"\n{len(parts)} sources on {len(pauses)} hosts, {sum(week.rounds.values())} rounds, {total} requests"
        f" {dict(week.net.count.most_common())}\nleast distance of two requests, of what the host allows: {min(pauses):.3f};"
        f" 304: {asked:.0%} of the answers\n{len(late)} articles had, median {median(late) / 60:.0f} min late, worst"
        f" {late[-1] / HOUR:.1f} h; of hosts in trouble {len(broken)}, median {median(broken or [0]) / 60:.0f} min, worst"
        f" {(broken or [0])[-1] / HOUR:.1f} h\na round waits for an asker for {max(week.late.values()):.0f} s at worst"
    )
    wrong = [f"{len(lines)} times {rule}, such as {lines[:3]}" for rule, lines in week.net.wrong.items()]
    assert not wrong, "\n".join(wrong)
    assert min(pauses) > 1 - 1e-6
    starved = [told for part in parts if (told := _starved(part, week))]
    assert not starved, "\n".join(starved)
    missing = [told for part in parts for told in _missing(part, week)]
    assert not missing, f"{len(missing)}, such as\n" + "\n".join(missing[:20])
    assert late[-1] < DAY + _SLACK
    assert median(late) < 3 * HOUR


def _waits(parts: list[Part], week: Week) -> tuple[list[float], list[float]]:
    """For how long the articles of the week had to wait, in order: those of sources with which all was well, and the others."""
    calm, others = list[float](), list[float]()
    for part in parts:
        for article in part.articles if part.index is not None else ():
            if article.born >= 0 and article.had:
                well = part.ends == float("inf") and not any(host.troubles for host in _hosts(part, article, week))
                (calm if well else others).append(min(article.had.values()) - article.born)
    return sorted(calm), sorted(others)


def _hosts(part: Part, article: Article, week: Week) -> list[Host]:
    """The hosts on which it depends that an article is had."""
    return [*part.hosts, week.net.hosts[urlsplit(article.url).netloc]]


def _starved(part: Part, week: Week) -> str:
    """Where a source was left alone for longer than it may be; troubles of its hosts do not count."""
    end = min(part.ends, week.length)
    times = [0.0, *(time for time in week.net.asked[part.polled[0].url] if time < end), end]
    for before, after in pairwise(times):
        trouble = sum(
            max(0.0, min(after, one.end + DAY) - max(before, one.begin)) for host in part.hosts for one in host.troubles
        )
        if after - before - trouble > DAY + _SLACK:
            return f"{part.source.name} was not asked from {before:.0f} to {after:.0f}"
    return ""


def _missing(part: Part, week: Week) -> Iterator[str]:
    """The articles, and the versions of them, that were told of for long enough and never had."""
    end = min(part.ends, week.length)
    for article in part.articles:
        troubles = [one for host in _hosts(part, article, week) for one in host.troubles]
        for number, since in enumerate((article.born, *article.changes), 1):
            stays = part.index.leaves(article) if part.index is not None else _next(article.changes, since)
            until = min(end, stays)
            last = max((one.end for one in troubles if one.begin < until and one.end > since), default=since)
            needed = last + DAY + _SLACK if number > 1 or last > since or part.index is None else since
            late = since > end - DAY - _SLACK or since < 0
            if not late and needed <= until and not any(version >= number for version in article.had):
                yield f"{article.link} of {part.source.name}, version {number} of {since:.0f}, told of until {until:.0f}"


def _next(changes: tuple[float, ...], since: float) -> float:
    """When a page changes next."""
    return min((change for change in changes if change > since), default=float("inf"))

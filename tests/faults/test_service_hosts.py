"""The daemon as a real process among hosts that are slow, want a rest or long pauses: killed, reloaded, ended."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from cleaner.store import Store
from tests.conftest import PAGES
from tests.faults.test_service import Supervised, free_port
from tests.unit.collect.site import Reply, Site, item, page, rss, serving

pytestmark = pytest.mark.slow
_SOURCE = '[[source]]\nname = "{}"\nkind = "feed"\nurl = "{}"\nfulltext = "always"\n'


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    """Two hosts."""
    with serving() as one, serving() as two:
        yield [one, two]


@pytest.fixture
def service(tmp_path: Path, sites: list[Site]) -> Iterator[Supervised]:
    """A supervised daemon that may ask them, not started yet."""
    made = Supervised(tmp_path, free_port(), every="1s")
    places = ", ".join(f'"{site.place}"' for site in sites)
    (tmp_path / "config" / "cleaner.toml").write_text(
        f'port = {made.port}\npause = "0s"\naskers = 2\nallow_private = [{places}]\n'
    )
    yield made
    if hasattr(made, "process") and made.process.poll() is None:
        made.process.kill()
        made.process.communicate()
    made.close()


def _add(service: Supervised, **urls: str) -> None:
    """Write down sources beside the inbox."""
    with service.sources.open("a") as file:
        file.writelines(_SOURCE.format(name, url) for name, url in urls.items())


def _until(service: Supervised, check: Callable[[], bool]) -> None:
    """Wait until something holds, and hear meanwhile what the daemon tells, as a supervisor does."""
    deadline = time.monotonic() + 15
    while not check():
        assert time.monotonic() < deadline
        service._listen()


def _noted(spans: list[tuple[float, float]], reply: Reply) -> Callable[[object], Reply]:
    """An answer that notes when its request came and when it went."""

    def answer(_: object) -> Reply:
        """A request."""
        begun = time.monotonic()
        spans.append((begun, time.monotonic()))
        return reply

    return answer


def _held_until(spans: list[tuple[float, float]], reply: Reply, check: Callable[[], bool]) -> Callable[[object], Reply]:
    """As that, but it comes a little after something is so, at the latest before the client has enough."""

    def answer(_: object) -> Reply:
        """A request."""
        begun = time.monotonic()
        while not check() and time.monotonic() < begun + 8:
            time.sleep(0.01)
        time.sleep(1)
        spans.append((begun, time.monotonic()))
        return reply

    return answer


def test_slow_hosts_hold_up_no_folder(service: Supervised, sites: list[Site]) -> None:
    """More feeds than there are threads, of hosts that do not answer: a page that is dropped is served at once."""

    def hang(_: Mapping[str, str]) -> Reply:
        """Nothing comes for long."""
        time.sleep(9.5)
        return Reply(404)

    for site in sites:
        site.routes["/robots.txt"] = hang
    _add(service, **{f"feed-{number}": sites[number % 2].url(f"/{number}.xml") for number in range(6)})
    service.start()
    _until(service, lambda: all(site.asked for site in sites))
    begun = time.monotonic()
    (service.folder / "inbox" / "page.txt").write_bytes((PAGES / "reposted-port.txt").read_bytes())
    _until(service, lambda: b"Harrowgate" in service.get("/feeds/inbox.atom"))
    assert time.monotonic() - begun < 8.5
    assert [site.asked for site in sites] == [["/robots.txt"]] * 2


def test_a_rest_is_kept_by_the_next_life(service: Supervised, sites: list[Site]) -> None:
    """Killed right after a host asked to be left alone, the daemon leaves it alone when it is started again."""
    sites[0].routes["/feed.xml"] = Reply(429, headers={"Retry-After": "600"})
    _add(service, vale=sites[0].url("/feed.xml"))
    service.start()
    _until(service, lambda: "/feed.xml" in sites[0].asked)
    with Store(service.folder / "state") as store:
        _until(service, lambda: store.kept("held") != "")
        assert list(json.loads(store.kept("held"))) == [sites[0].place]
        service.process.kill()
        service.process.communicate()
    sites[0].asked.clear()
    _add(service, dale=sites[0].url("/other.xml"))  # which is due at once
    service.told.clear()
    service.start()
    (service.folder / "inbox" / "page.txt").write_bytes((PAGES / "reposted-port.txt").read_bytes())
    _until(service, lambda: b"Harrowgate" in service.get("/feeds/inbox.atom"))
    code, log = service.end()
    assert (code, sites[0].asked) == (0, [])
    assert f"{sites[0].place}: held: asked to be left alone for another " in log


def test_a_reload_changes_nothing_of_whose_turn_it_is(service: Supervised, sites: list[Site]) -> None:
    """A round under way and one that begins then ask a host one at a time, with its pause between all of them."""
    spans: list[tuple[float, float]] = []
    one, two = sites
    one.routes["/robots.txt"] = Reply(body=b"User-agent: *\nCrawl-delay: 0.5")
    one.routes |= {f"/news/{number}": _noted(spans, page(number)) for number in range(6)}
    one.routes["/news/1"] = _held_until(spans, page(1), lambda: "/gone" in two.asked)
    one.routes["/feed.xml"] = rss(*(item(one, number) for number in range(4)))
    _add(service, vale=one.url("/feed.xml"))
    service.start()
    _until(service, lambda: "/news/1" in one.asked)
    with service.sources.open("a") as file:
        urls = [two.url("/gone"), one.url("/news/4"), one.url("/news/5")]
        file.write(f'[[source]]\nname = "dale"\nkind = "pages"\nurls = {json.dumps(urls)}\n')
    service.process.send_signal(signal.SIGHUP)
    _until(service, lambda: len(spans) == 6)
    assert service.end()[0] == 0
    assert sorted(one.asked) == ["/feed.xml", *(f"/news/{number}" for number in range(6)), "/robots.txt"]
    assert two.asked == ["/robots.txt", "/gone"]
    assert one.asked.index("/news/4") < one.asked.index("/news/3"), "both rounds were under way"
    assert min(begun - ended for (_, ended), (begun, _) in pairwise(sorted(spans))) >= 0.49


def test_neither_programs_nor_pipes_nor_servers_hold_up_the_end(service: Supervised, sites: list[Site]) -> None:
    """One is silent, one never ends, one drips: the daemon ends in its time, in order, and leaves no program behind."""
    spans: list[float] = []

    def hang(_: Mapping[str, str]) -> Reply:
        """Nothing comes for long."""
        spans.append(time.monotonic())
        time.sleep(15)
        return page(1)

    sites[0].routes["/feed.xml"] = hang
    _add(service, slow=sites[0].url("/feed.xml"))
    pid, pipe = service.folder / "pid", service.folder / "pipe"
    os.mkfifo(pipe)
    with service.sources.open("a") as file:
        script = json.dumps(["sh", "-c", f"echo $$ > {pid}; sleep 100"])
        file.write(f'[[source]]\nname = "program"\nkind = "command"\ncommand = {script}\n')
        file.write(f'[[source]]\nname = "silent"\nkind = "archive"\npath = "{pipe}"\n')
    service.start()
    _until(service, lambda: bool(spans) and pid.exists() and bool(pid.read_text()))
    begun = time.monotonic()
    code, log = service.end()
    assert (code, "round failed" in log) == (0, False)
    assert time.monotonic() - begun < 11  # of the grace of eight seconds, and some
    assert not Path(f"/proc/{int(pid.read_text())}").exists()


def test_a_long_pause_does_not_hold_up_the_end(service: Supervised, sites: list[Site]) -> None:
    """SIGTERM while a host's pause of a minute is waited for; its robots file is known to the next life."""
    sites[0].routes["/robots.txt"] = Reply(body=b"User-agent: *\nCrawl-delay: 60")
    _add(service, vale=sites[0].url("/feed.xml"), dale=sites[0].url("/other.xml"))
    service.start()
    _until(service, lambda: bool(sites[0].asked))
    time.sleep(0.3)
    begun = time.monotonic()
    code, log = service.end()
    assert time.monotonic() - begun < 4
    assert (code, sites[0].asked) == (0, ["/robots.txt"]), log
    assert "Traceback" not in log
    with Store(service.folder / "state") as store:
        assert json.loads(store.kept("robots"))[sites[0].url("/robots.txt")]["status"] == 200

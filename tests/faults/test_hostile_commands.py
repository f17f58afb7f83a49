"""The command line beside servers and addresses that are not to be trusted: real processes, real configuration."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.sources import FEED, feed_of, one_line, sent, tries_again
from tests.unit.fetch.upstream import answer, redirect, upstream

ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def cleaner(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line. more: variables of the environment."""
    return subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**ENV, **more},
    )


def configure(folder: Path, main: str = "", **urls: str) -> None:
    """Write a configuration: sources by name, with the addresses of their feeds."""
    (folder / "config" / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "cleaner.toml").write_text(main, "utf-8")
    tables = (
        f'[[source]]\nname = "{name}"\nkind = "feed"\nurl = {json.dumps(url)}\nfulltext = "never"\nrobots = false\n'
        for name, url in urls.items()
    )
    (folder / "config" / "sources" / "a.toml").write_text("".join(tables), "utf-8")


@pytest.mark.case(1, 4, 6, 9, 12, 13, 28, 40, 41)
def test_a_round_with_hostile_servers(tmp_path: Path) -> None:
    """The good source is published; of each other one update and status say in a line what happened, and when it is tried again."""
    with contextlib.ExitStack() as stack:
        canary, proxy = stack.enter_context(upstream(answer(200))), stack.enter_context(upstream(answer(200)))
        laughs = b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + feed_of(2).replace(b"Vale", b"&b;")
        says = {
            "good": (sent(feed_of(1)), None),
            "inward": (redirect(canary.url()), "private-address"),
            "to-file": (redirect("file:///etc/passwd"), "scheme"),
            "loop": (redirect(FEED), "too-many-redirects"),
            "short": (answer(200, feed_of(3))[:-9], "truncated"),
            "unasked": (answer(304, length=False), "bad-response"),
            "laughs": (sent(laughs), "bad-xml"),
        }
        urls = {name: stack.enter_context(upstream({FEED: say})).url(FEED) for name, (say, _) in says.items()}
        allowed = [url.split("/")[2] for url in urls.values()]
        reasons = {name: reason for name, (_, reason) in says.items()} | {
            "own": "private-address",
            "clouds": "private-address",
        }
        urls |= {"own": canary.url("/feeds/all.atom"), "clouds": "http://169.254.169.254/latest/meta-data"}
        configure(tmp_path, f'port = {canary.port}\npause = "0s"\nallow_private = {json.dumps(allowed)}\n', **urls)
        proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"), proxy.url())
        done = cleaner(tmp_path, "update", **proxies)
        assert (canary.hits, proxy.hits) == (0, 0)
    assert done.returncode == 1, done.stderr
    assert b"Brackwater" in (tmp_path / "feeds" / "good.atom").read_bytes()
    status = cleaner(tmp_path, "status", "--json")
    rows = {row["name"]: row for row in json.loads(status.stdout)["sources"]}
    assert (rows["good"]["error"], rows["good"]["entries"]) == (None, 1)
    for name, reason in reasons.items():
        if reason is None:
            continue
        one_line(rows[name], urls[name], reason)
        tries_again(rows[name], datetime.now(UTC), timedelta(minutes=2), timedelta(minutes=6))  # noqa: TID251
        assert f"cleaner: {name}: {rows[name]['error']}\n" in done.stderr
    assert done.stderr.count("\n") == len(reasons) - 1, "a line each"
    told = cleaner(tmp_path, "status").stdout.splitlines()
    for name, reason in reasons.items():
        line = f"{name}: {rows[name]['error']}; tried again at {rows[name]['next']}"
        assert (line in told) == (reason is not None)


ODD = [
    *("file:///etc/passwd", "FILE:/etc/passwd", "jar:http://vale.example!/x", "unix:/run/x.sock"),
    *("gopher://vale.example/", "data:text/xml,<rss/>", "javascript:alert(1)"),
    *(
        "http://127.0.0.1:1\\@vale.example/",
        "http://vale.example/a b",
        " http://vale.example/",
        "http://vale.example/\tb",
    ),
    *("http://vale.example/\r\nX-Injected: yes", "http://vale.example/\x00", "http://vale.example/\x7f"),
]


@pytest.mark.case(10, 11)
def test_addresses_that_are_none_are_errors_of_the_configuration(tmp_path: Path) -> None:
    """Exit 2 before anything is asked, each with file, table and key, in one line that can be printed."""
    with upstream({FEED: sent(feed_of(1))}) as good:
        configure(
            tmp_path,
            f'allow_private = ["{good.place}"]\n',
            good=good.url(FEED),
            **{f"odd-{number}": url for number, url in enumerate(ODD)},
        )
        done = cleaner(tmp_path, "update")
        assert (done.returncode, good.hits) == (2, 0)
    lines = done.stderr.rstrip("\n").split("\n")
    assert len(lines) == len(ODD)
    for number, line in enumerate(lines, 2):
        assert line.startswith(f"cleaner: config/sources/a.toml: source[{number}].url: ")
        assert line.endswith(" is no http(s) address")
        assert line.isprintable()

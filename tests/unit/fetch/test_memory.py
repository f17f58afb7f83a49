"""What hostile answers cost in memory: the resident set of a process that fetches one, as the system counts it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.unit.fetch.upstream import OK, Say, answer, bomb, endless, upstream

_PROGRAM = """
import re, sys, time
from cleaner.errors import FetchError
from cleaner.fetch import Fetcher

def resident(name):
    return int(re.search(name + r":\\s+(\\d+)", open("/proc/self/status").read())[1]) >> 10

before, start = resident("VmRSS"), time.monotonic()
try:
    Fetcher(typed=True).get(sys.argv[1])
except FetchError as error:
    print(error.reason, round(time.monotonic() - start, 3), resident("VmHWM"), resident("VmHWM") - before)
"""


def _fetched(say: Say) -> tuple[str, float, int, int]:
    """Reason, seconds, the most that was resident, and by how much that had grown, in MiB; all limits as they are by default."""
    with upstream(say) as server:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, server.url()],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    reason, seconds, most, grown = done.stdout.split()
    return reason, float(seconds), int(most), int(grown)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the resident set is read from /proc")


@pytest.mark.case(24)
def test_a_bomb_stays_small() -> None:
    """1 GiB that comes as 1 MiB: over at the limit of 20 MiB, in less than a second and 150 MiB."""
    reason, seconds, most, _ = _fetched(answer(200, bomb(), ["Content-Encoding: gzip"]))
    assert reason == "too-large"
    assert seconds < 1
    assert most < 150


@pytest.mark.case(21)
@pytest.mark.parametrize("head", [b"", b"Transfer-Encoding: chunked\r\n"], ids=["until it closes", "chunks"])
def test_an_endless_body_stays_small(head: bytes) -> None:
    """Over at the limit of 5 MiB on the wire; the process grows by less than twice that."""
    part = b"x" * 65536
    reason, _, _, grown = _fetched(endless(OK + head + b"\r\n", b"10000\r\n" + part + b"\r\n" if head else part))
    assert reason == "too-large"
    assert grown < 2 * 5

"""The daemon as a real process under a supervisor of ours: ready, watched, reloaded, ended; and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cleaner.store import Store
from tests.conftest import PAGES

pytestmark = pytest.mark.slow
CLEANER = [sys.executable, "-m", "cleaner"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Supervised:
    """A ``cleaner run`` with a notification socket, as systemd would start it."""

    def __init__(self, folder: Path, port: int, every: str = "1h") -> None:
        self.folder, self.port = folder, port
        (folder / "config" / "sources").mkdir(parents=True, exist_ok=True)
        (folder / "inbox").mkdir(exist_ok=True)
        (folder / "config" / "cleaner.toml").write_text(f"port = {port}\n")
        self.sources = folder / "config" / "sources" / "a.toml"
        self.sources.write_text(f'[[source]]\nname = "inbox"\npath = "inbox"\nevery = "{every}"\nsettle = "0s"\n')
        self.told: list[str] = []
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._channel.bind(str(folder / "notify"))
        self._channel.settimeout(0.1)

    def start(self) -> None:
        """Start the process and wait until it says that it is ready."""
        env = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": "1500000"}
        env["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        self.process = subprocess.Popen([*CLEANER, "run"], cwd=self.folder, env=env, stderr=subprocess.PIPE, text=True)
        self.wait_for("READY=1")

    def wait_for(self, line: str, seconds: float = 15) -> None:
        """Wait until a line is told that begins so."""
        deadline = time.monotonic() + seconds
        while not any(told.startswith(line) for told in self.told):
            assert time.monotonic() < deadline, f"no {line} among {self.told}; {self.process.poll()}"
            assert self.process.poll() is None, self.process.communicate()[1]
            self._listen()

    def _listen(self) -> None:
        """Take what was told."""
        try:
            self.told += self._channel.recv(4096).decode().split("\n")
        except TimeoutError:
            return

    def end(self, number: int = signal.SIGTERM, seconds: float = 12) -> tuple[int, str]:
        """Send a signal and wait for the end: exit code and log."""
        self.process.send_signal(number)
        _, log = self.process.communicate(timeout=seconds)
        return self.process.returncode, log

    def close(self) -> None:
        """Close the notification socket."""
        self._channel.close()

    def get(self, path: str) -> bytes:
        """What the web part answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            body: bytes = answer.read()
            return body


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Supervised]:
    """A supervised daemon, not started yet."""
    made = Supervised(tmp_path, free_port())
    yield made
    if hasattr(made, "process") and made.process.poll() is None:
        made.process.kill()
        made.process.communicate()
    made.close()


def until(check: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_dropped_page_is_served_and_the_watchdog_fed(service: Supervised) -> None:
    """Ready, first round at once, feeds over HTTP, WATCHDOG in time, SIGTERM ends in order with 0."""
    (service.folder / "inbox" / "page.txt").write_bytes((PAGES / "reposted-port.txt").read_bytes())
    service.start()
    until(lambda: b"Harrowgate" in service.get("/feeds/inbox.atom"))
    assert json.loads(service.get("/healthz")) == {"status": "ok"}
    service.wait_for("WATCHDOG=1")
    code, log = service.end()
    assert code == 0, log
    assert "event=round" in log


def test_a_second_daemon_is_refused_in_one_line(service: Supervised) -> None:
    """The state is in use: exit 4, one line that names it and the process."""
    service.start()
    other = subprocess.run(
        [*CLEANER, "run"],
        cwd=service.folder,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert other.returncode == 4
    assert other.stderr.count("\n") == 1
    assert f"in use by another cleaner (process {service.process.pid})" in other.stderr


def test_a_busy_port_is_named(tmp_path: Path) -> None:
    """Exit 2 and one line with the key."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        made = Supervised(tmp_path, int(taken.getsockname()[1]))
        made.close()
        done = subprocess.run(
            [*CLEANER, "run"],
            cwd=made.folder,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cleaner.toml: port: 127.0.0.1:" in done.stderr


def test_reload_takes_a_good_configuration_and_refuses_a_bad_one(service: Supervised) -> None:
    """SIGHUP: a bad file leaves the old configuration at work and says why; a good one brings the new source."""
    service.start()
    good = service.sources.read_text()
    service.sources.write_text(good + "evry = 3\n")
    service.process.send_signal(signal.SIGHUP)
    service.wait_for("STATUS=reload refused")
    (service.folder / "second").mkdir()
    (service.folder / "second" / "page.txt").write_bytes((PAGES / "sentence-a-line.txt").read_bytes())
    service.sources.write_text(good + '[[source]]\nname = "second"\npath = "second"\nsettle = "0s"\n')
    service.process.send_signal(signal.SIGHUP)
    until(lambda: b"Fenmoor" in service.get("/feeds/all.atom"))
    code, log = service.end()
    assert code == 0, log
    assert 'evry: unknown key (did you mean "every"?)' in log.replace('\\"', '"')


def test_a_killed_daemon_starts_again_and_goes_on(service: Supervised) -> None:
    """kill -9 leaves no lock behind; the next start serves what was there and takes in what came."""
    (service.folder / "inbox" / "one.txt").write_bytes((PAGES / "reposted-port.txt").read_bytes())
    service.start()
    until(lambda: b"Harrowgate" in service.get("/feeds/inbox.atom"))
    service.process.kill()
    service.process.communicate()
    for path in (service.folder / "state").glob("cleaner.sqlite3-*"):
        assert path.exists()
    service.told.clear()
    service.start()
    assert b"Harrowgate" in service.get("/feeds/inbox.atom")
    assert service.end()[0] == 0


def test_a_folder_that_vanishes_and_comes_back(service: Supervised) -> None:
    """The source's rounds fail with a line that names it, the daemon lives, and rounds go on when it is back."""
    service.sources.write_text(service.sources.read_text().replace("1h", "1s"))
    service.start()
    (service.folder / "inbox").rename(service.folder / "gone")
    until(lambda: "is not there" in last_error(service.folder / "state"))
    (service.folder / "gone").rename(service.folder / "inbox")
    (service.folder / "inbox" / "one.txt").write_bytes((PAGES / "reposted-port.txt").read_bytes())
    until(lambda: b"Harrowgate" in service.get("/feeds/inbox.atom"))
    assert service.end()[0] == 0


def last_error(state: Path) -> str:
    """The error of the last round."""
    with Store(state) as store:
        rounds = store.rounds("inbox", 1)
    return (rounds[0].error or "") if rounds else ""

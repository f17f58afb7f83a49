"""A program -> the pages that it prints: one page as it is, or JSON Lines (``lines``), a page a line.

It runs without a shell, in a session of its own, with few variables and nothing to read, and it ends with all that it
started when its time is up, when it prints too much, or when nobody reads on.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cleaner.datatypes import RawPage
from cleaner.errors import PageError
from cleaner.ingest.lines import is_object, page_of_line
from cleaner.ingest.sidecar import MOST_BYTES

__all__ = ["run_command"]

_VARIABLES = ("PATH", "HOME", "LANG", "TZ")
_PIECE = 1 << 16  # bytes read at once
_PAUSE = 0.1  # seconds after which an ended program is noticed whose output something else still holds open
_LAST = 4096  # bytes of complaints that are kept


def run_command(
    argv: Sequence[str],
    *,
    seconds: float,
    most: int,
    now: datetime,
    source: str,
    whole: int = 1 << 30,
    over: Callable[[], bool] = lambda: False,
) -> Iterator[RawPage | PageError]:
    """The pages that a program prints, as they come, and last what went wrong, if anything did.

    argv: the program and its arguments; seconds: wall time that it has; most: bytes of a page; whole: bytes of all that
    it prints; over: whether we are to end. Waiting for whoever takes the pages counts as well. Errors are ``bad-meta`` for a line of JSON that is none of ours, other
    lines go on; and those of the program itself, with its last line of complaint: ``timeout``, ``too-large``,
    ``command-failed`` (not started, or a status other than 0), and ``stopped`` where we are to end.
    """
    name = argv[0]
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={key: os.environ[key] for key in _VARIABLES if key in os.environ},
            start_new_session=True,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        yield PageError(name, "command-failed", f"cannot be started: {why}")
        return
    program = _Program(process, name, seconds, time.monotonic() + seconds, whole, over)
    try:
        yield from _pages(program.lines(most + MOST_BYTES), name, most, now, source)
        if why := program.failure():
            raise PageError(name, "command-failed", why)
    except PageError as error:
        said = program.last_complaint()
        yield PageError(name, error.reason, f"{error.detail}: {said}" if said else error.detail)
    finally:
        program.end()


def _pages(lines: Iterator[bytes], name: str, most: int, now: datetime, source: str) -> Iterator[RawPage | PageError]:
    """The pages in what a program prints. Raises PageError where it must not go on."""
    body = bytearray()
    number, begun = 0, False
    for line in lines:
        number += 1
        if not begun and is_object(line):
            yield _of_line(line, number, name, most, now, source)
            break
        begun = begun or not line.isspace()
        body += line
        if len(body) > most:
            raise PageError(name, "too-large", f"printed a page of more than {most} bytes")
    else:
        if begun:
            yield RawPage(hashlib.sha256(body).hexdigest(), name, "", bytes(body), now, (), source)
    for at, line in enumerate(lines, number + 1):
        if line.strip():
            yield _of_line(line, at, name, most, now, source)


def _of_line(line: bytes, number: int, name: str, most: int, now: datetime, source: str) -> RawPage | PageError:
    """The page of a line, called by its address where it tells one; or what is wrong with the line. Raises PageError for one too large."""
    try:
        raw = page_of_line(line, number, name=name, now=now, source=source, most=most)
    except PageError as error:
        if error.reason == "too-large":
            raise
        return error
    return replace(raw, origin=next((claim.value for claim in raw.claims if claim.name == "url"), raw.origin))


@dataclass
class _Program:
    """A program that runs. seconds: that it has; deadline: on the monotonic clock; left: bytes that it may print; over: whether we are to end."""

    process: subprocess.Popen[bytes]
    name: str
    seconds: float
    deadline: float
    left: int
    over: Callable[[], bool]
    complaints: bytes = b""

    def lines(self, most: int) -> Iterator[bytes]:
        """What it prints, line by line with their ends, the last one as it is. Raises PageError for a longer line."""
        kept = bytearray()
        for piece in self._output():
            looked = len(kept)
            kept += piece
            while (end := kept.find(b"\n", looked)) >= 0:
                yield bytes(kept[: end + 1])
                del kept[: end + 1]
                looked = 0
            if len(kept) > most:
                raise PageError(self.name, "too-large", f"printed a line of more than {most} bytes")
        if kept:
            yield bytes(kept)

    def _output(self) -> Iterator[bytes]:
        """What it prints, as it comes, until it has ended. Raises PageError where that takes too long or is too much."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        with selectors.DefaultSelector() as selector:
            for pipe in (self.process.stdout, self.process.stderr):
                selector.register(pipe, selectors.EVENT_READ)
            while True:
                if self.over():
                    raise PageError(self.name, "stopped", "the daemon ends")
                if (left := self.deadline - time.monotonic()) <= 0:
                    raise PageError(self.name, "timeout", f"not done within {self.seconds:g} s")
                ready = selector.select(min(left, _PAUSE if selector.get_map() else _PAUSE / 10))
                if not ready and self._has_ended():
                    return
                for key, _ in ready:
                    piece = os.read(key.fd, _PIECE)
                    if not piece:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is self.process.stderr:
                        self.complaints = (self.complaints + piece)[-_LAST:]
                    else:
                        self.left -= len(piece)
                        if self.left < 0:
                            raise PageError(self.name, "too-large", "printed more than all pages together may have")
                        yield piece

    def _has_ended(self) -> bool:
        """Whether it has ended; it stays a zombie, so that its number is nobody else's until its group is ended."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def failure(self) -> str:
        """How it ended; empty where it did well."""
        self.end()
        status = self.process.returncode
        if status < 0:
            return f"ended by signal {-status} ({signal.strsignal(-status)})"
        return f"ended with status {status}" if status else ""

    def last_complaint(self) -> str:
        """The last line that it wrote to standard error, fit to be shown."""
        lines = self.complaints.decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return "".join(character if character.isprintable() else " " for character in last)[:200]

    def end(self) -> None:
        """End it with all that it started, if it did not end."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

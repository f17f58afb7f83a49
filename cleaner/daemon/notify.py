"""Words to the service manager (sd_notify(3)): a datagram to the socket that systemd names, or nothing without one."""

from __future__ import annotations

import contextlib
import os
import socket
import time

__all__ = ["notify", "reloading", "watchdog_seconds"]


def notify(*lines: str) -> None:
    """Send state lines such as ``READY=1`` or ``STATUS=...``; silent where nobody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    text = "\n".join(line.replace("\n", " ") for line in lines)
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel,
    ):
        channel.sendto(text.encode("utf-8", "replace"), address)


def reloading() -> None:
    """Say that a reload begins; READY=1 ends it."""
    notify("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")


def watchdog_seconds() -> float | None:
    """How often the manager wants to hear from us, in seconds, or None where it does not."""
    told = os.environ.get("WATCHDOG_USEC", "")
    return int(told) / 1e6 if told.isdigit() and int(told) > 0 else None

"""One cleaner for a state: a lock that dies with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from cleaner.errors import StateError

__all__ = ["StateLock"]


class StateLock:
    """Holds STATE/lock while in use. Raises StateError, with the holder's number, where another process has it."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / "lock"

    def __enter__(self) -> Self:
        """Take the lock, or raise at once."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StateError(f"{self._path}: {error.strerror}") from None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._handle, 20).decode("ascii", "replace").strip() or "?"
            os.close(self._handle)
            raise StateError(f"{self._path.parent}: in use by another cleaner (process {holder})") from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(os.getpid()).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the lock go."""
        os.close(self._handle)

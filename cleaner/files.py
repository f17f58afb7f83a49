"""Path and bytes -> a file that is whole at any moment. The one place that replaces files."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["sweep", "write_whole"]

_MARK = ".cleaner-"


def write_whole(path: Path, body: bytes, mode: int = 0o644) -> None:
    """Write a file so that at any moment the old or the new one is there, whole: temporary name, sync, rename, sync.

    mode: who may read it, from the first byte on. Raises OSError; then the old file is as it was.
    """
    temporary = path.with_name(f"{_MARK}{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep(folder: Path) -> None:
    """Take away the temporary files that a killed process left in a folder."""
    for left in folder.glob(f"{_MARK}*.tmp"):
        left.unlink(missing_ok=True)

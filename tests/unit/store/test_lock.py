"""One cleaner for a state."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.errors import StateError
from cleaner.store import StateLock

_HOLD = "import sys, time; from pathlib import Path; from cleaner.store import StateLock\nwith StateLock(Path(sys.argv[1])):\n print('held', flush=True); time.sleep(60)"


def test_a_second_cleaner_is_refused_with_one_line_and_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    """The message names the folder and the holder's number; after kill -9 of the holder the state is free."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StateError) as caught, StateLock(tmp_path):
        pytest.fail("held twice")
    assert str(caught.value) == f"{tmp_path}: in use by another cleaner (process {holder.pid})"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with StateLock(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_the_lock_is_let_go(tmp_path: Path) -> None:
    """One after the other may hold it."""
    for _ in range(2):
        with StateLock(tmp_path):
            pass


def test_a_state_that_is_no_folder_is_one_line(tmp_path: Path) -> None:
    """A file in its place is named."""
    (tmp_path / "state").write_bytes(b"")
    with pytest.raises(StateError, match=rf"^{tmp_path}/state"), StateLock(tmp_path / "state"):
        pytest.fail("held")

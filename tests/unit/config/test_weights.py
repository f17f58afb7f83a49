"""``weights.json`` -> models, and files that cannot be used."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.config import load_knowledge, packaged_weights, weights_digest
from cleaner.errors import ConfigError
from cleaner.label import SCHEMA
from cleaner.label.features import COLUMNS
from cleaner.label.network import LEVELS

BYTES_ALLOWED = 3_000_000


def weights() -> dict[str, Any]:
    """The packaged weights as JSON."""
    told: dict[str, Any] = json.loads(packaged_weights().read_text("utf-8"))
    return told


def complaint(path: Path) -> str:
    """What is said of a file of weights."""
    with pytest.raises(ConfigError) as caught:
        load_knowledge(None, path)
    return str(caught.value)


def test_packaged_weights_fit_this_version() -> None:
    """They are of the schema that is read, take the columns that there are, and are small."""
    models = load_knowledge(None).models
    assert models is not None
    for model in (models.text, models.markup):
        for net in model.nets:
            assert (
                net["in.w"].shape[0]
                == len(COLUMNS) + 3 * net["words"].shape[1] + (LEVELS[-1] + 1) * net["names"].shape[1]
            )
            assert net["words"].shape[0] == len(model.words) + 1
    assert packaged_weights().stat().st_size < BYTES_ALLOWED


def test_the_model_card_says_what_the_weights_were_made_from() -> None:
    """Digest of the data, sources with their licences, seeds, scores out of fold, agreement of the readings."""
    card = weights()["card"]
    assert {"data", "sources", "seeds", "plan", "numpy", "out_of_fold", "readings", "folds"} <= set(card)
    assert any("CC BY 4.0" in source for source in card["sources"])
    assert any("MIT" in source for source in card["sources"])


def test_another_schema_is_an_error_that_names_both(tmp_path: Path) -> None:
    """The file, its schema, and the one that this version reads."""
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({**weights(), "schema": SCHEMA + 1}))
    assert str(path) in complaint(path)
    assert f"is {SCHEMA + 1}, and this version reads {SCHEMA}" in complaint(path)


def test_a_damaged_file_is_an_error_that_names_file_and_schema(tmp_path: Path) -> None:
    """One changed figure is found by the digest; half a file by its JSON; a missing file by its absence."""
    told = weights()
    told["text"]["gate"] = [1.0]
    assert told["digest"] != weights_digest(told)
    path = tmp_path / "weights.json"
    for body in (json.dumps(told), packaged_weights().read_text("utf-8")[:5000], "[]", None):
        path.unlink(missing_ok=True)
        if body is not None:
            path.write_text(body)
        assert str(path) in complaint(path)
        assert f"schema {SCHEMA}" in complaint(path)


@pytest.mark.parametrize("command", ["clean", "explain"])
def test_a_package_with_other_weights_says_so_in_one_line(tmp_path: Path, command: str) -> None:
    """No page can be judged: usage or configuration is wrong, and the line names the file and both schemas."""
    shutil.copytree(Path(cleaner.__file__).parent, tmp_path / "cleaner", ignore=shutil.ignore_patterns("__pycache__"))
    wrong = tmp_path / "cleaner" / "label" / "weights.json"
    wrong.write_text('{"schema": 0}')
    (tmp_path / "a.txt").write_text("A line.\n")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cleaner", command, str(tmp_path / "a.txt")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"cleaner: {wrong}: schema: is 0, and this version reads {SCHEMA}: make them anew with `cleaner learn`"
    ]

"""``weights.json`` -> Models. A file that cannot be used is an error at start that names it and says what it is.

The file is JSON: schema, what it was made from, words and class words in the order of their rows, weights as half
floats in base64, and a digest over all of it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.config.tables import Problems
from cleaner.datatypes import Model, Models
from cleaner.label import SCHEMA

__all__ = ["packaged_weights", "read_models", "weights_digest"]


def packaged_weights() -> Path:
    """The weights that come with the package."""
    return Path(__file__).parent.parent / "label" / "weights.json"


def weights_digest(told: dict[str, Any]) -> str:
    """The digest that a weights file carries: SHA-256 over its other entries as compact JSON with sorted keys."""
    rest = {key: value for key, value in told.items() if key != "digest"}
    return hashlib.sha256(
        json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def read_models(path: Path, problems: Problems) -> Models | None:
    """The models of a weights file; None, with the mistake noted, for a file of another schema or a damaged one."""
    try:
        told = json.loads(path.read_text("utf-8"))
        schema = told["schema"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        problems.add(path, "", f"no weights of schema {SCHEMA}: {type(error).__name__}: {error}")
        return None
    if schema != SCHEMA:
        problems.add(
            path, "schema", f"is {schema!r}, and this version reads {SCHEMA}: make them anew with `cleaner learn`"
        )
        return None
    digest = told.get("digest")
    if digest != weights_digest(told):
        problems.add(
            path, "digest", f"the file of schema {schema} is damaged: its contents do not give {str(digest)[:12]!r}"
        )
        return None
    return Models(_model(told["text"]), _model(told["markup"]), digest[:12])


def _model(told: dict[str, Any]) -> Model:
    """The model of one form of page."""
    return Model(
        {word: row for row, word in enumerate(told["words"], 1)},
        {name: row for row, name in enumerate(told["names"], 1)},
        tuple({name: _array(value) for name, value in net.items()} for net in told["nets"]),
        tuple(told["gate"]),
        tuple((float(one), float(other)) for one, other in told["certainty"]),
        float(told["share"]),
        float(told["unsure"]),
    )


def _array(told: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """An array from its shape and its half floats."""
    return np.frombuffer(base64.b64decode(told["half"]), "<f2").astype(np.float32).reshape(told["shape"])

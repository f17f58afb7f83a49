"""Models -> ``weights.json`` with its model card. Same models, same bytes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.config import weights_digest
from cleaner.datatypes import Model, Models
from cleaner.files import write_whole
from cleaner.label import SCHEMA

__all__ = ["write_models"]


def write_models(path: Path, models: Models, card: Mapping[str, Any]) -> str:
    """Write the models and what they were made from; the digest of the file's contents."""
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "card": dict(card),
        "text": _model(models.text),
        "markup": _model(models.markup),
    }
    told["digest"] = weights_digest(told)
    write_whole(path, (json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n").encode())
    digest: str = told["digest"]
    return digest


def _model(model: Model) -> dict[str, Any]:
    """One model as JSON."""
    return {
        "words": sorted(model.words, key=lambda word: model.words[word]),
        "names": sorted(model.names, key=lambda name: model.names[name]),
        "nets": [{name: _array(value) for name, value in net.items()} for net in model.nets],
        "gate": list(model.gate),
        "certainty": [list(pair) for pair in model.certainty],
        "share": model.share,
        "unsure": model.unsure,
    }


def _array(value: NDArray[np.float32]) -> dict[str, Any]:
    """An array as its shape and its half floats."""
    return {"shape": list(value.shape), "half": base64.b64encode(value.astype("<f2").tobytes()).decode()}

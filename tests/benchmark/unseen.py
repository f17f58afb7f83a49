"""Benchmark pages -> the records that ``clean --format json`` would give, each by weights that never saw the page's domain.

``tests/benchmark/folds/without-N.json`` are written by ``cleaner learn --folds`` together with the weights that ship. The
seeds are in no training set, so the shipped weights answer for them.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cleaner.config import load_knowledge
from cleaner.datatypes import Claim, Entry, Knowledge, RawPage, Subscription
from cleaner.errors import PageError
from cleaner.formats import failed_json, to_json
from cleaner.label import judge
from cleaner.label.second import second_opinion
from cleaner.learn.folds import fold_of
from cleaner.pipeline import clean_page

__all__ = ["FOLDS", "Found", "answer", "answers", "knowledge_for", "raw_page", "scorer"]

FOLDS = Path(__file__).parent / "folds"
_FETCHED = datetime(2026, 11, 25, tzinfo=UTC)
Found = Mapping[str, tuple[dict[str, Any], Path, str]]


@cache
def _weights(number: int | None) -> Knowledge:
    """All that the judges know, with the weights that were made without a fold."""
    return load_knowledge(None, None if number is None else FOLDS / f"without-{number}.json")


def knowledge_for(kind: str, gold: Mapping[str, Any], path: Path) -> Knowledge:
    """The knowledge for a page of a kind: without its fold's pages."""
    if kind == "seeds":
        return _weights(None)
    return _weights(fold_of(gold.get("url") or gold.get("domain") or gold.get("publisher") or path.name))


def scorer(shared: Path) -> Any:
    """The shared scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", shared / "bench" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(kind: str, found: Found, workers: int = 2) -> dict[str, dict[str, Any]]:
    """The record of every page, in the order of the pages."""
    for gold, path, _ in found.values():  # what the processes share is read before they part
        knowledge_for(kind, gold, path)
    with get_context("fork").Pool(workers) as pool:
        return dict(pool.imap(_answer, [(kind, key, gold, path) for key, (gold, path, _) in found.items()], 8))


def _answer(job: tuple[str, str, dict[str, Any], Path]) -> tuple[str, dict[str, Any]]:
    """One page's record."""
    kind, key, gold, path = job
    return key, answer(key, gold, path, knowledge_for(kind, gold, path))


def raw_page(gold: Mapping[str, Any], path: Path) -> RawPage:
    """A page as a round would hand it in, with the address that the gold knows."""
    html = path.name.endswith((".html", ".html.gz"))
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    claims = (Claim("url", gold["url"], "sidecar"),) if gold.get("url") else ()
    return RawPage(
        hashlib.sha256(body).hexdigest(), path.name, "text/html" if html else "text/plain", body, _FETCHED, claims
    )


def answer(key: str, gold: Mapping[str, Any], path: Path, knowledge: Knowledge) -> dict[str, Any]:
    """The record of one page under some knowledge; with it what feeds show beside, and whether a second opinion was asked."""
    raw = raw_page(gold, path)
    with patch.object(judge, "second_opinion", wraps=second_opinion) as asked:
        try:
            outcome = clean_page(raw, Subscription(""), knowledge, "example.org,2026")
        except PageError as error:
            return failed_json(key, error)
    record: dict[str, Any] = json.loads(json.dumps(to_json(key, outcome), default=str))
    entry = outcome.result
    told = {"categories": entry.categories, "rights": entry.rights} if isinstance(entry, Entry) else {}
    return {**record, **told, "asked": asked.called}

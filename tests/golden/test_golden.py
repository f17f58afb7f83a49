"""Our own pages against what a careful editor would keep of them; one file of gold a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaner.datatypes import Outcome
from cleaner.formats import to_json
from tests.conftest import PAGES

GOLDEN = Path(__file__).parent
NAMES = sorted(path.stem for path in GOLDEN.glob("*.json"))


def page_of(name: str) -> Path:
    """The page that a gold file speaks of."""
    return next(path for suffix in (".txt", ".html") if (path := PAGES / f"{name}{suffix}").exists())


@pytest.mark.parametrize("name", NAMES)
def test_page_is_kept_as_the_gold_says(name: str, clean_file: Callable[[Path], Outcome]) -> None:
    """Kept lines or paragraphs, and every fact of the entry, are those of the gold."""
    gold: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    record = to_json(name, clean_file(page_of(name)))
    if "labels" in gold:
        check_lines(gold, record, page_of(name).read_text("utf-8").split("\n"))
    else:
        check_paragraphs(gold, record)
    check_facts(gold["expect"], record)


def check_lines(gold: dict[str, Any], record: dict[str, Any], lines: list[str]) -> None:
    """Each non-empty line stands in one block, and is kept if and only if the gold calls it body."""
    truth = {n: span["label"] for span in gold["labels"] for n in range(span["from"], span["to"] + 1)}
    kept = {block["lines"][0]: block["kept"] for block in record["blocks"]}
    assert sorted(kept) == [n for n, line in enumerate(lines, 1) if line.strip()]
    wrong = [n for n in kept if n not in gold["either"] and kept[n] != (truth[n] == "body")]
    assert wrong == []


def check_paragraphs(gold: dict[str, Any], record: dict[str, Any]) -> None:
    """The kept blocks with text begin as the gold says, in its order; the HTML holds and lacks what it says."""
    kept = [block["text"] for block in record["blocks"] if block["kept"] and block["kind"] not in {"image", "embed"}]
    assert len(kept) == len(gold["kept"]), kept
    assert [text for text, begin in zip(kept, gold["kept"], strict=True) if not text.startswith(begin)] == []
    assert [part for part in gold["html_holds"] if part not in record["html"]] == []
    assert [part for part in gold["html_lacks"] if part.lower() in record["html"].lower()] == []


def check_facts(expect: dict[str, Any], record: dict[str, Any]) -> None:
    """Every fact of the gold stands in the record as it is there."""
    for name, want in expect.items():
        if name == "title_starts":
            assert record["title"].startswith(want)
            assert len(record["title"]) <= 200
        elif name == "via":
            assert [via["title"] for via in record["via"]] == want
        elif name == "published" and want is not None and len(want) == 10:
            assert record["published"][:10] == want
            assert record["published_precision"] == "day"
        else:
            assert record[name] == want, name

"""``python -m tests.benchmark worst [SET] [N]``: the worst pages of a set, with what was lost and what was kept wrongly."""

from __future__ import annotations

from typing import Any

from cleaner.learn.align import align, tokens
from tests.benchmark.answered import Answered

__all__ = ["show_worst"]

_MOST, _WIDTH = 4, 80


def show_worst(pages: Answered, count: int) -> None:
    """Print the worst pages of a set."""
    if pages.name == "rejects":
        kept = [key for key in pages.keys if not pages.out[key].get("rejected")]
        print(*(f"not rejected  {key}" for key in kept[:count]), sep="\n")
        return
    parts = {key: _parts(pages, key) for key in pages.keys}
    if pages.name in {"labels", "seeds"}:
        order = sorted(pages.keys, key=lambda key: -sum(map(len, parts[key])))
    else:
        order = sorted(pages.keys, key=lambda key: pages.f1[key])
    for key in order[:count]:
        lost, wrong = parts[key]
        print(f"{_how_bad(pages, key)}  {key}")
        for sign, texts in (("lost", lost), ("kept", wrong)):
            for text in sorted(texts, key=lambda text: -len(tokens(text)))[:_MOST]:
                print(f"    {sign}  {len(tokens(text)):4} words  {' '.join(text.split())[:_WIDTH]}")


def _how_bad(pages: Answered, key: str) -> str:
    """How well a page fits its gold, in a few words."""
    record = pages.out[key]
    why = f"  rejected as {record['rejected']}" if record.get("rejected") else ""
    why += f"  failed: {record['error']['reason']}" if record.get("error") else ""
    if pages.name in {"labels", "seeds"}:
        return f"{sum(map(len, _parts(pages, key))):4} lines wrong{why}"
    precision, recall, f1 = pages.score.bag_prf(record.get("text") or "", pages.gold(key))
    return f"F1 {f1:.3f}  P {precision:.3f}  R {recall:.3f}{why}"


def _parts(pages: Answered, key: str) -> tuple[list[str], list[str]]:
    """The blocks or lines of a page's article that were lost, and those of others that were kept."""
    gold, path, _ = pages.found[key]
    if "labels" in gold:
        return _lines(pages, gold, path.read_text("utf-8").split("\n"), pages.out[key])
    blocks = pages.out[key]["blocks"]
    none = bool(pages.out[key].get("rejected"))
    marks = align([block["text"] for block in blocks], pages.gold(key))
    told = [(mark, block["kept"] and not none, block["text"]) for mark, block in zip(marks, blocks, strict=True)]
    told = [row for row, block in zip(told, blocks, strict=True) if block["kind"] not in {"image", "embed"}]
    return [text for mark, kept, text in told if mark == 1 and not kept], [
        text for mark, kept, text in told if mark == 0 and kept
    ]


def _lines(
    pages: Answered, gold: dict[str, Any], lines: list[str], record: dict[str, Any]
) -> tuple[list[str], list[str]]:
    """The same for a page that is labelled line by line; a line that may be either is right either way."""
    told = pages.score.line_predictions(record)
    free = {also["line"] for also in gold.get("also") or []} | set(gold.get("either") or ())
    lost: list[str] = []
    wrong: list[str] = []
    for number, label in pages.score.line_labels(gold).items():
        kept = told.get(number, (None, False))[1]
        if not lines[number - 1].strip() or number in free or kept == (label == "body"):
            continue
        (wrong if kept else lost).append(lines[number - 1])
    return lost, wrong

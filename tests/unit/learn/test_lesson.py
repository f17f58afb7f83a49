"""The whole lesson on a small benchmark of our own: the same data gives the same bytes, and what is written can be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cleaner.config import load_knowledge
from cleaner.learn import learn
from cleaner.learn.targets import block_print
from tests.samples import story

MENU = "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"


def bench(folder: Path) -> Path:
    """A benchmark folder: HTML pages, text pages, labelled text pages, and listings."""
    for name in ("html/wcxb", "text", "labels", "rejects"):
        (folder / name).mkdir(parents=True)
    for number in range(12):
        title, *parts = story(number).split("\n\n")
        told = {"url": f"https://site{number}.example/story-of-{number}", "title": title, "body": "\n".join(parts)}
        page = f"<html><body>{MENU}<main><h1>{title}</h1>{''.join(f'<p>{part}</p>' for part in parts)}</main><footer>Contact</footer></body></html>"
        (folder / "html/wcxb" / f"{number}.html.gz").write_bytes(gzip.compress(page.encode(), mtime=0))
        (folder / "html/wcxb" / f"{number}.json").write_text(json.dumps(told))
        lines = ["Home", "Sport", title, *parts, "Subscribe to our newsletter"]
        (folder / "text" / f"{number}.txt").write_text("\n".join(lines))
        keep = list(range(4, 4 + len(parts)))
        (folder / "text" / f"{number}.json").write_text(
            json.dumps({**told, "keep": keep, "title_lines": [3], "doubtful": [], "suspect": None})
        )
        runs = [(1, 2, "nav"), (3, 3, "title"), (4, 3 + len(parts), "body"), (4 + len(parts), 4 + len(parts), "promo")]
        labels = [{"from": first, "to": last, "label": label} for first, last, label in runs]
        (folder / "labels" / f"l{number}.txt").write_text("\n".join(lines))
        (folder / "labels" / f"l{number}.json").write_text(
            json.dumps({"url": told["url"], "title": title, "labels": labels, "also": []})
        )
        rows = "".join(f"<li><a href='/{row}'>{story(row).split(chr(10))[0]}</a></li>" for row in range(15))
        (folder / "rejects" / f"{number}.html.gz").write_bytes(
            gzip.compress(f"<body>{MENU}<ul>{rows}</ul></body>".encode(), mtime=0)
        )
        (folder / "rejects" / f"{number}.json").write_text(
            json.dumps({"url": f"https://list{number}.example/", "type": "listing"})
        )
    return folder


@pytest.mark.slow
def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    """Twice, with one and with two processes; the weights of the folds are written, too, and all can be read."""
    data = bench(tmp_path / "bench")
    told: list[str] = []
    learn(data, tmp_path / "one.json", tmp_path / "folds", 1, told.append)
    learn(data, tmp_path / "two.json", None, 2, told.append)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert any("all pages" in line for line in told)
    for path in (tmp_path / "one.json", *sorted((tmp_path / "folds").iterdir())):
        assert load_knowledge(None, path).models is not None
    card = json.loads((tmp_path / "one.json").read_text())["card"]
    assert card["pages"]["rejects"] == 12
    assert set(card["out_of_fold"]) == {"labels word F1", "text word F1", "wcxb word F1"}


def test_prints_of_blocks_hold_no_text() -> None:
    """A print is the same for the same words, whatever their case and punctuation, and tells none of them."""
    assert block_print("Sign up, now!") == block_print("SIGN UP now")
    assert len(block_print("a")) == 12

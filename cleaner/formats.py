"""Outcome -> what people asked for: JSON, text, Markdown, HTML. Pure. The one place where the JSON contract stands."""

from __future__ import annotations

import html
import json
from datetime import datetime
from typing import Any

from cleaner.datatypes import Block, Entry, Outcome, Verdict
from cleaner.errors import PageError

__all__ = ["dump_json", "failed_json", "to_html", "to_json", "to_markdown", "to_text"]


def to_json(path: str, outcome: Outcome) -> dict[str, Any]:
    """One page as the object of ``--format json``: keys may be added, never renamed."""
    entry = outcome.result if isinstance(outcome.result, Entry) else None
    rejected = None if entry else getattr(outcome.result, "reason", None)
    page = outcome.labelled.page
    pairs = zip(page.blocks, outcome.labelled.verdicts, strict=True)
    shown = _entry_json(entry) if entry else {**_NOTHING, "url": page.url, "confidence": outcome.labelled.confidence}
    return {
        "path": path,
        **shown,
        "rejected": rejected,
        "notes": list(outcome.labelled.notes),
        "blocks": [_block_json(block, verdict, numbered=page.is_joined) for block, verdict in pairs],
    }


_NOTHING: dict[str, Any] = {
    "url": None,
    "rejected": None,
    "title": None,
    "authors": [],
    "contributors": [],
    "published": None,
    "published_precision": None,
    "updated": None,
    "language": None,
    "site": None,
    "source": None,
    "via": [],
    "flags": [],
    "confidence": None,
    "notes": [],
    "text": None,
    "html": None,
}


def failed_json(path: str, error: PageError) -> dict[str, Any]:
    """A page that could not be judged, as an object with the same keys and its error."""
    return {"path": path, **_NOTHING, "blocks": [], "error": {"reason": error.reason, "detail": error.detail}}


def _entry_json(entry: Entry) -> dict[str, Any]:
    """The keys that an entry fills."""
    return {
        "url": entry.url,
        "title": entry.article.title,
        "authors": list(entry.authors),
        "contributors": list(entry.contributors),
        "published": show_time(entry.published),
        "published_precision": entry.published_precision,
        "updated": show_time(entry.updated),
        "language": entry.language,
        "site": entry.site,
        "source": {"title": entry.source.title, "url": entry.source.url} if entry.source else None,
        "via": [{"title": via.title, "url": via.url} for via in entry.via],
        "flags": [flag.name for flag in entry.flags],
        "confidence": entry.confidence,
        "text": entry.article.text,
        "html": entry.article.html,
        "id": entry.id,
        "image": entry.image,
        "witnesses": {told.fact: f"{told.name} {told.key}".rstrip() for told in entry.witnesses},
    }


def _block_json(block: Block, verdict: Verdict, *, numbered: bool) -> dict[str, Any]:
    """One block with its verdict; ``overruled`` tells the earlier ones, latest first; numbered: with the number of its page."""
    earlier = []
    before = verdict.overruled
    while before is not None:
        earlier.append({"label": before.label.value, "judge": before.judge.value, "reason": before.reason})
        before = before.overruled
    return {
        "lines": list(block.lines) if block.lines else None,
        "chars": list(block.chars) if block.chars else None,
        "kind": block.kind.value,
        "label": verdict.label.value,
        "kept": verdict.label.kept,
        "judge": verdict.judge.value,
        "reason": verdict.reason,
        "score": round(verdict.score, 3),
        "overruled": earlier,
        "text": block.text,
        **({"page": block.page} if numbered else {}),
    }


def show_time(time: datetime | None) -> str | None:
    """A time as RFC 3339, ``Z`` for UTC."""
    return time.isoformat().replace("+00:00", "Z") if time else None


def dump_json(value: object, *, indent: int | None = None) -> str:
    """JSON on which no reader breaks a line: U+0085, U+2028 and U+2029 are escaped, unpaired surrogates too."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    for character in "\u0085\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def to_text(entry: Entry) -> str:
    """The article as text: title, then paragraphs parted by blank lines."""
    return f"{entry.article.title}\n\n{entry.article.text}\n"


def to_html(entry: Entry) -> str:
    """The article as a small HTML document."""
    title = html.escape(entry.article.title)
    language = f' lang="{html.escape(entry.language)}"' if entry.language else ""
    return f'<!doctype html>\n<html{language}>\n<meta charset="utf-8">\n<title>{title}</title>\n<h1>{title}</h1>\n{entry.article.html}\n</html>\n'


def to_markdown(entry: Entry) -> str:
    """The article as Markdown: a title, and the HTML read by markdownify."""
    from markdownify import ATX, markdownify

    body: str = markdownify(entry.article.html, heading_style=ATX, bullets="-")
    return f"# {entry.article.title}\n\n{body.strip()}\n"

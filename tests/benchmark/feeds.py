"""The records of all pages -> feeds of them, and what a feed validator would say of these.

Every page that became an entry stands in a feed, as it would in a round; so each kind of mess that pages hold is tried on
the feeds' writer. The lint is ``tests.feedlint``; the schema is asked too where its program is.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cleaner.datatypes import Article, Entry, Flag, SourceRef, StoredEntry
from cleaner.publish import Feed, render
from tests.benchmark.answered import Answered
from tests.benchmark.figures import Figures
from tests.benchmark.tables import Row, progress, show
from tests.feedlint import check_schema, lint

__all__ = ["entry_of", "feeds", "findings"]

_ENTRIES = 200  # of a feed
_SHOWN = 20  # findings of a set that are told one by one
_TIMES = ("published", "updated")
_FETCHED = datetime(2026, 11, 25, tzinfo=UTC)


def feeds(sets: dict[str, Answered], figures: Figures) -> None:
    """Make feeds of all pages, and show how many findings there are: none is wanted."""
    rows, wrong = list[Row](), 0
    for name, pages in sets.items():
        progress(f"feeds of {name}")
        entries = [stored for record in pages.out.values() if (stored := entry_of(record)) is not None]
        found = findings(entries)
        wrong += len(found)
        for finding in found[:_SHOWN]:
            progress(finding)
        kinds = Counter(finding.partition(":")[0] for finding in found)
        rows.append([name, len(entries), len(found), ", ".join(f"{kind} {count}" for kind, count in kinds.items())])
    figures.ceilings["findings in feeds"] = wrong
    show("feeds of all pages", ["entries", "findings", "of kind"], rows)


def findings(entries: list[StoredEntry]) -> list[str]:
    """What the lint and the schema say of feeds that show these entries, each id once."""
    unlike = list({stored.entry.id: stored for stored in entries}.values())
    feeds = [
        Feed("bench", "All pages", "https://c.example/feeds/bench.atom", "https://c.example/", "c.example,2026", shown)
        for shown in (tuple(unlike[begin : begin + _ENTRIES]) for begin in range(0, len(unlike), _ENTRIES))
    ]
    with get_context("fork").Pool(2) as pool:
        return [finding for found in pool.map(_findings, feeds, 1) for finding in found]


def _findings(feed: Feed) -> list[str]:
    """What is wrong with one feed in both formats."""
    made = render(feed)
    found = lint(made.atom, location=feed.address, content_type="application/atom+xml; charset=utf-8", now=_FETCHED)
    if shutil.which("jing") is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "feed.atom"
            path.write_bytes(made.atom)
            found += [f"Schema: {line}" for line in check_schema(path).splitlines()]
    items = json.loads(made.json)["items"]
    if [item["id"] for item in items] != [stored.entry.id for stored in made.feed.entries]:
        found.append("Json: other entries")
    return found


def entry_of(record: Mapping[str, Any]) -> StoredEntry | None:
    """A record as the entry that it tells of; None where it tells of none."""
    if record.get("text") is None:
        return None
    published, updated = (datetime.fromisoformat(told) if (told := record[key]) else None for key in _TIMES)
    refs = [SourceRef(told["title"], told["url"]) for told in (record["source"], *record["via"]) if told]
    entry = Entry(
        id=record["id"],
        page_id="",
        url=record["url"],
        article=Article(record["title"], (), record["text"], record["html"]),
        authors=tuple(record["authors"]),
        contributors=tuple(record["contributors"]),
        published=published,
        published_precision=record["published_precision"],
        updated=updated,
        language=record["language"],
        site=record["site"],
        source=refs[0] if record["source"] else None,
        via=tuple(refs[1:] if record["source"] else refs),
        flags=tuple(map(Flag, record["flags"])),
        confidence=record["confidence"],
        fetched=_FETCHED,
        image=record["image"],
        rights=record.get("rights"),
        categories=tuple(record.get("categories", ())),
    )
    time = published or _FETCHED
    return StoredEntry(entry, "bench", record["path"], "", time, max(time, updated or time))

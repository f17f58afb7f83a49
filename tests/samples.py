"""Records and pages that several tests build on. All words are our own."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cleaner.datatypes import Article, Entry, Flag, RawPage, Settings, SourceRef, StoredEntry, Subscription
from cleaner.dedupe import exact_print

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
AUTHORITY = "cleaner.localhost,2026"
_TOWNS = ("Aldermoor", "Brackwater", "Cindermouth", "Dunreith", "Eskvale", "Fallowby", "Gorsefield", "Hathersend")
_THINGS = ("ferry", "library", "tram depot", "salt mine", "orchard", "observatory", "weir", "market hall")


def story(number: int) -> str:
    """A short news article as plain text, unlike those of other numbers."""
    town, thing = _TOWNS[number % len(_TOWNS)], _THINGS[(number * 3 + number // 8) % len(_THINGS)]
    year = 1801 + number * 7 % 180
    return "\n\n".join(
        (
            f"Council of {town} votes to reopen the old {thing}",
            f"The council of {town} voted on Tuesday evening to reopen the {thing} that has been closed since {year}, "
            f"after a debate which lasted more than {number + 3} hours and filled every seat of the town hall.",
            f"Members said that the repairs would cost {number + 2} million crowns, most of which the county had already "
            f"set aside. The remainder is to be raised by a lottery among the {number * 113 + 900} households.",
            f'"Nobody here believed that we would see this day," said Ottilie Varga, who led the campaign for number '
            f"{number} in the list of protected buildings. She had collected signatures outside the bakery for years.",
            f"Work on the {thing} begins in spring. The first visitors are expected {number + 14} months later, when the "
            f"new road past {town} will be open to buses as well.",
        )
    )


def article_page(number: int, **changes: Any) -> RawPage:
    """The raw page of a story."""
    body = story(number).encode()
    raw = RawPage(
        hashlib.sha256(body).hexdigest(), f"story-{number:03}.txt", "text/plain", body, NOON + timedelta(minutes=number)
    )
    return replace(raw, **changes)


def entry(number: int = 0, **changes: Any) -> Entry:
    """An entry with everything told."""
    text = story(number)
    made = Entry(
        id=f"tag:{AUTHORITY}:inbox/{number:020}",
        page_id=hashlib.sha256(text.encode()).hexdigest(),
        url=f"https://news.example/stories/{number}",
        article=Article(
            f"Story number {number}", (0, 1), text, "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        ),
        authors=("Ines Calder",),
        contributors=("Bo Winter",),
        published=NOON + timedelta(hours=number),
        published_precision="second",
        updated=None,
        language="en",
        site="Example News",
        source=SourceRef("First Wire", "https://wire.example/"),
        via=(SourceRef("Example News", "https://news.example/"),),
        flags=(Flag("opinion", 1),),
        confidence=0.9,
        fetched=NOON + timedelta(days=2),
        image="https://news.example/i.jpg",
        rights="All rights reserved",
        categories=("Region",),
    )
    return replace(made, **changes)


def stored(number: int = 0, *, feed: str = "inbox", **changes: Any) -> StoredEntry:
    """The same as kept."""
    made = entry(number, **changes)
    published = made.published or made.fetched
    text = made.article.text
    return StoredEntry(made, feed, f"story-{number:03}.txt", exact_print(text), published, made.updated or published)


def inbox(folder: Path, count: int) -> Subscription:
    """A source whose folder holds so many stories, settled long ago."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        drop(folder / f"story-{number:03}.txt", story(number).encode(), NOON + timedelta(minutes=number))
    return Subscription("inbox", title="The inbox", path=folder)


def drop(path: Path, body: bytes, modified: datetime = NOON) -> Path:
    """Put a file in place, with a time of change long past."""
    path.write_bytes(body)
    os.utime(path, (modified.timestamp(), modified.timestamp()))
    return path


def settings(root: Path, *sources: Subscription) -> Settings:
    """Settings whose state and feeds are below a folder."""
    return Settings(root / "state", root / "feeds", sources=sources, page_seconds=20.0)


LIGHTHOUSE = """The keeper's house on Gannet Rock has stood empty since the lamp was made automatic, and for most of that time nobody but the
gulls took an interest in it. Now a club of amateur radio operators wants to move in for a summer, repair the roof with its own hands, and
talk to the world from a kitchen without a stove.

The harbour trust, which owns the rock, gave its consent last week under conditions that fill four pages. No fire may be lit. Nothing may be fixed
to the tower. Whoever stays overnight has to sign a paper which says that no boat will come if the wind turns to the north.

Members of the club were not put off. They have collected slates from a barn in the hills, borrowed a dinghy from the sailing school, and drawn
lots for the first crossing. The oldest of them learned Morse code as a ship's boy and intends to use nothing else. The youngest
has never sent a letter.

Engineers of the lighthouse service are less happy. They fear that strong signals could disturb the sensors which watch the lamp, and have asked
for a test before anybody unpacks an aerial. The club has agreed to send with the power of a bicycle light until the measurements are
done, and to keep a list of every hour on the air.

If all goes well the rock will answer calls on short wave from midsummer on. Visitors are asked to stay on the quay, where the sailing school will
put up a loudspeaker, a bench, and a jar for the roof."""


def as_repost(text: str) -> str:
    """A text in another site's frame: a title and a line before it, notices behind it, a word changed, the end left out."""
    body = text.replace("gulls", "seagulls").split()
    kept = " ".join(body[: int(0.8 * len(body))])
    return f"News from the coast. Shown here with the permission of its authors.\n\n{kept}\n\nFollow us for more stories like this one, and write to our desk."

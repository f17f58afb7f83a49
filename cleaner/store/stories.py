"""Which entries tell one story, as tables of the database: each entry's story, and the prints by which a story is found.

The entry that first told a story is its head, and only heads have prints: an entry is compared with heads, never with what joined
them, so that no chain of small changes leads from one story to another. Entries of which each two are alike are one story in whatever
order they came; where one is like two heads that are not like each other, it joins the one that it has more in common with, then the
earlier; which of three in a chain becomes a head is the order of arrival's. Equal texts join each other first of all. Two stories never
become one, not even where the head of one is changed into the other's text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from cleaner.dedupe import Telling, near_print, same_story

__all__ = ["Member", "Stories"]

_COMMON = 64  # a print that more heads have is a template's or a site's, and tells nothing
_SHARED = 0.1  # of a text's prints a head that is worth comparing has at least so many
_PLACED = "all stories placed"  # the name under which is kept that no entry of an earlier version waits
_COMPARED = 4  # heads at most, those with the most prints in common


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of a story. number: the greater, the later it came; story: the number of the story's head."""

    number: int
    story: int
    source: str
    id: str


class _Database(Protocol):
    """What is asked of the database."""

    def _ask(self, statement: str, *values: object) -> list[Any]: ...

    def transaction(self) -> AbstractContextManager[None]: ...


class Stories:
    """The stories of all sources."""

    def __init__(self, database: _Database) -> None:
        self._database = database

    def place(self, source: str, entry_id: str, text: str, before: str | None = None) -> int:
        """Write down which story an entry tells, and give its number. before: the text that the entry had.

        An entry that changed stays in its story while it is like the head; a head that others joined stays the head.
        """
        telling = Telling.of(text)
        rows = self._say("SELECT number, story FROM stories WHERE source = ? AND id = ?", source, entry_id)
        if not rows:
            story = self._find(telling, source, entry_id)
            self._say("INSERT INTO stories (source, id, story) VALUES (?, ?, ?)", source, entry_id, story or 0)
            number = int(self._say("SELECT number FROM stories WHERE source = ? AND id = ?", source, entry_id)[0][0])
        else:
            number, story = rows[0]
            if story != number and self._compared(telling, story) > 0:
                return int(story)
            if before is not None and story == number:
                for told in near_print(Telling.of(before)):
                    self._say("DELETE FROM prints WHERE print = ? AND number = ?", told, number)
            alone = len(self._say("SELECT 1 FROM stories WHERE story = ? LIMIT 2", number)) < 2
            story = self._find(telling, source, entry_id) if story != number or alone else None
        if story is None:
            story = number
            for told in near_print(telling):
                self._say("INSERT OR IGNORE INTO prints (print, number) VALUES (?, ?)", told, number)
        self._say("UPDATE stories SET story = ? WHERE number = ? AND story != ?", story, number, story)
        return int(story)

    def members(self, source: str, entry_id: str) -> tuple[Member, ...]:
        """All entries of the story that an entry tells, in the order in which they came; none where it is not placed yet."""
        rows = self._say(
            "SELECT other.number, other.story, other.source, other.id FROM stories one JOIN stories other ON other.story = one.story"
            " WHERE one.source = ? AND one.id = ? ORDER BY other.number",
            source,
            entry_id,
        )
        return tuple(Member(*row) for row in rows)

    def catch_up(self, most: int) -> int:
        """Place entries that a database of an earlier version holds, the newest first, so many at once; how many they were.

        Once none is left it is not asked again: whatever is stored since is placed at once.
        """
        if self._say("SELECT 1 FROM kept WHERE name = ?", _PLACED):
            return 0
        missing = self._say(
            "SELECT source, id FROM entries WHERE NOT EXISTS"
            " (SELECT 1 FROM stories WHERE stories.source = entries.source AND stories.id = entries.id)"
            " ORDER BY published DESC, source, id LIMIT ?",
            most,
        )
        with self._database.transaction():
            for source, entry_id in missing:
                entry = self._say("SELECT entry FROM entries WHERE source = ? AND id = ?", source, entry_id)[0][0]
                self.place(source, entry_id, _text(entry))
            if not missing:
                self._say("INSERT OR REPLACE INTO kept (name, value) VALUES (?, 'yes')", _PLACED)
        return len(missing)

    def shown(self, feed: str, members: Iterable[Member]) -> list[Member]:
        """Those of some entries that a feed has shown."""
        return [
            member
            for member in members
            if self._say("SELECT 1 FROM shown WHERE feed = ? AND number = ?", feed, member.number)
        ]

    def note_shown(self, feed: str, members: Sequence[Member]) -> None:
        """Remember that a feed shows some entries."""
        with self._database.transaction():
            for member in members:
                self._say("INSERT OR IGNORE INTO shown (feed, number) VALUES (?, ?)", feed, member.number)

    def _find(self, telling: Telling, source: str, entry_id: str) -> int | None:
        """The story that an entry tells: that of an equal text, or of the heads that tell the same the one with the most in common."""
        prints, shared = near_print(telling), Counter[int]()
        equal = self._say(
            "SELECT story FROM entries JOIN stories USING (source, id)"
            " WHERE exact = (SELECT exact FROM entries WHERE source = ? AND id = ?) AND (source, id) != (?, ?) ORDER BY number LIMIT 1",
            *(source, entry_id, source, entry_id),
        )
        if prints and equal:
            return int(equal[0][0])
        for told in prints:
            heads = self._say("SELECT number FROM prints WHERE print = ? LIMIT ?", told, _COMMON + 1)
            if len(heads) <= _COMMON:
                shared.update(head for (head,) in heads)
        best, found = 0.0, None
        near = sorted(shared, key=lambda head: (-shared[head], head))[:_COMPARED]
        for head in sorted(near):
            common = self._compared(telling, head) if shared[head] >= _SHARED * len(prints) else 0.0
            if common > best:
                best, found = common, head
        return found

    def _compared(self, telling: Telling, head: int) -> float:
        """How much a text has in common with that of a head; 0 where it is another story, or the head is gone."""
        rows = self._say("SELECT entry FROM entries JOIN stories USING (source, id) WHERE number = ?", head)
        return same_story(telling, Telling.of(_text(rows[0][0]))) if rows else 0.0

    def _say(self, statement: str, *values: object) -> list[Any]:
        """Ask the database."""
        return self._database._ask(statement, *values)  # noqa: SLF001 - a part of the store


def _text(entry: str) -> str:
    """The text of an entry as the database holds it."""
    return str(json.loads(entry)["article"]["text"])

"""Which of several tellings of one story comes first."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

from cleaner.datatypes import Article, SourceRef, StoredEntry
from cleaner.originality import by_originality, reference
from tests.samples import NOON, entry, stored


def _told(name: str, hours: int, url: str | None = None, **changes: Any) -> StoredEntry:
    """A telling of a site's own, published so many hours after noon."""
    base: dict[str, Any] = {
        "id": f"tag:x,2026:{name}",
        "url": url or f"https://{name}.example/1",
        "site": name,
        "source": SourceRef(name, f"https://{name}.example/"),
        "via": (),
        "published": NOON + timedelta(hours=hours),
    }
    return stored(1, feed=name, **{**base, **changes})


def _order(*entries: StoredEntry) -> list[str]:
    """The sources in order, the same from whatever order."""
    orders = {tuple(one.source for one in by_originality(given)) for given in permutations(entries)}
    assert len(orders) == 1
    return list(orders.pop())


def test_whom_others_name_comes_first_though_it_was_published_later() -> None:
    """By its name, or by its address; who says that another was first comes last."""
    first = _told("harbour", 5)
    by_name = _told("mirror", 1, source=SourceRef("Harbour"))
    by_address = _told("echo", 2, source=SourceRef("The Harbour Press", "https://www.harbour.example/"))
    assert _order(first, by_name, _told("other", 3)) == ["harbour", "other", "mirror"]
    assert _order(first, by_address, _told("other", 3)) == ["harbour", "other", "echo"]


def test_whose_address_is_canonical_comes_first_where_it_tells_the_story_too() -> None:
    """An address on a host from which we do not know the story says nothing."""
    mirror = _told("mirror", 1, canonical="https://www.harbour.example/2026/ferry")
    assert _order(_told("harbour", 5), mirror, _told("other", 3)) == ["harbour", "mirror", "other"]
    assert _order(mirror, _told("other", 3)) == ["mirror", "other"]


def test_of_equals_the_earliest_comes_first_then_the_longest() -> None:
    """A day without a time says only that the entry is no later than its end."""
    assert _order(_told("late", 2), _told("early", 1)) == ["early", "late"]
    assert _order(_told("day", -12, published_precision="day"), _told("hour", 3)) == ["hour", "day"]
    long = Article("A title", (0,), f"{entry(1).article.text} And more.", "")
    assert _order(_told("short", 1), _told("whole", 1, article=long)) == ["whole", "short"]


def test_addresses_that_are_none_name_nobody() -> None:
    """A host that cannot be read is no host in common."""
    broken = _told("broken", 1, url="http://[", source=SourceRef("Somebody", "http://["))
    assert _order(broken, _told("whole", 2, url="http://[")) == ["whole", "broken"]


def test_a_telling_is_pointed_to_by_its_site_or_its_title() -> None:
    """What a link to it is called."""
    assert reference(entry(1)) == SourceRef("Example News", "https://news.example/stories/1")
    assert reference(entry(1, site=None)).title == "Story number 1"

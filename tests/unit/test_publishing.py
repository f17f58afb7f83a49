"""The feeds' folder as the settings and the store have it: what changed is made again, what is no longer wanted goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from cleaner.datatypes import Combined, Filter, Settings, Subscription
from cleaner.errors import PublishError
from cleaner.publishing import Publisher
from cleaner.store import Store
from tests.samples import NOON, article_page, stored


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store with two entries of two sources."""
    with Store(tmp_path / "state") as opened:
        _put(opened, 1, "port")
        _put(opened, 2, "hill")
        yield opened


def _put(store: Store, number: int, source: str) -> None:
    """An entry of a source."""
    store.keep_page(article_page(number, source=source))
    made = stored(number)
    store.put(replace(made, source=source, published=NOON + timedelta(hours=number)))


def _settings(folder: Path, *names: str, group: str | None = None) -> Settings:
    """Settings with sources of these names."""
    sources = tuple(Subscription(name, group=group) for name in names)
    return replace(Settings(folder / "config", folder), feeds_dir=folder / "feeds", sources=sources)


def test_only_the_feeds_of_what_changed_are_made_again(store: Store, tmp_path: Path) -> None:
    """A new entry changes its source's feed, its group's, that of all, and the index; a file that somebody took away comes back."""
    settings, publisher = _settings(tmp_path, "port", "hill", group="News"), Publisher()
    every = {f"{name}.{form}" for name in ("all", "port", "hill", "group-news", "health") for form in ("atom", "json")}
    assert set(publisher.publish(settings, store)) == every | {"index.html", "index.opml"}
    assert publisher.publish(settings, store) == ()
    _put(store, 3, "hill")
    changed = {f"{name}.{form}" for name in ("all", "hill", "group-news") for form in ("atom", "json")}
    assert set(publisher.publish(settings, store)) == changed | {"index.html"}
    (tmp_path / "feeds" / "port.atom").unlink()
    assert publisher.publish(settings, store) == ("port.atom",)


def test_what_one_publisher_wrote_another_finds_as_it_should_be(store: Store, tmp_path: Path) -> None:
    """Nothing is written twice after a restart."""
    settings = _settings(tmp_path, "port", "hill")
    Publisher().publish(settings, store)
    assert Publisher().publish(settings, store) == ()


def test_feeds_that_are_no_longer_wanted_go_and_other_files_stay(store: Store, tmp_path: Path) -> None:
    """A source that is not in the settings any more has no feed, and its entries leave that of all sources; so does a group."""
    publisher, feeds = Publisher(), tmp_path / "feeds"
    publisher.publish(_settings(tmp_path, "port", "hill", group="News"), store)
    (feeds / "mine.atom").write_text("mine", "utf-8")
    assert (feeds / "port.json").exists()
    assert "Story number 1" in (feeds / "all.atom").read_text("utf-8")
    Publisher().publish(_settings(tmp_path, "hill"), store)
    assert sorted(path.name for path in feeds.glob("*.atom")) == ["all.atom", "health.atom", "hill.atom", "mine.atom"]
    assert sorted(path.name for path in feeds.glob("*.json")) == ["all.json", "health.json", "hill.json"]
    assert "Story number 1" not in (feeds / "all.atom").read_text("utf-8")


def test_what_could_not_be_written_is_tried_again(store: Store, tmp_path: Path) -> None:
    """A folder in the feed's place is told; once it is gone the feed is there, without a restart."""
    settings, publisher = _settings(tmp_path, "port"), Publisher()
    (tmp_path / "feeds" / "port.atom").mkdir(parents=True)
    with pytest.raises(PublishError, match=r"port\.atom"):
        publisher.publish(settings, store)
    (tmp_path / "feeds" / "port.atom").rmdir()
    assert "port.atom" in publisher.publish(settings, store)


def test_a_combined_feed_shows_what_it_wants(store: Store, tmp_path: Path) -> None:
    """Entries of its sources and groups that its filters let through, however many others lie before them."""
    for number in range(3, 12):
        _put(store, number, "hill")
    settings = _settings(tmp_path, "port", "hill")
    feeds = (
        Combined("two", sources=("port", "hill"), include=Filter(title=("story number 1",)), max_entries=2),
        Combined("quiet", exclude=Filter(flag=("opinion",))),
        Combined("hills", "Hills", groups=("High",)),
    )
    grouped = (settings.sources[0], replace(settings.sources[1], group="High"))
    Publisher().publish(replace(settings, feeds=feeds, sources=grouped), store)
    assert _titles(tmp_path, "two") == ["Story number 1"]
    assert _titles(tmp_path, "quiet") == []
    assert _titles(tmp_path, "hills") == [f"Story number {number}" for number in (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)]


def test_a_source_can_drop_flags_from_its_feed_alone(store: Store, tmp_path: Path) -> None:
    """The entry is kept, and stays in the feed of all."""
    settings = _settings(tmp_path, "port", "hill")
    quiet = replace(settings.sources[0], drop_flags=("opinion",))
    Publisher().publish(replace(settings, sources=(quiet, settings.sources[1])), store)
    assert _titles(tmp_path, "port") == []
    assert _titles(tmp_path, "hill") == ["Story number 2"]
    assert _titles(tmp_path, "all") == ["Story number 2", "Story number 1"]


def test_a_feed_says_what_its_limits_left_out(store: Store, tmp_path: Path) -> None:
    """For number the feed itself says so; for bytes the caller is told, too, when it is written and not again."""
    for number in range(3, 80):
        _put(store, number, "hill")
    settings, publisher = _settings(tmp_path, "port", "hill"), Publisher()
    sources = settings.sources[0], replace(settings.sources[1], max_entries=20)
    settings = replace(settings, sources=sources, max_bytes=1 << 16)
    publisher.publish(settings, store)
    shown = len(_titles(tmp_path, "all"))
    assert 20 < shown < 79
    assert publisher.cut == [f"all: The newest {shown} of 79 entries: 64 kB are the limit of this feed."]
    assert _subtitle(tmp_path, "all") == publisher.cut[0].removeprefix("all: ")
    assert len(_titles(tmp_path, "hill")) == 20
    assert _subtitle(tmp_path, "hill").startswith("The newest 20 entries: ")
    assert _subtitle(tmp_path, "port") == ""
    publisher.publish(settings, store)
    assert publisher.cut == []


def _subtitle(folder: Path, name: str) -> str:
    """What a feed says of itself."""
    return str(feedparser.parse((folder / "feeds" / f"{name}.atom").read_bytes()).feed.get("subtitle", ""))


def _titles(folder: Path, name: str) -> list[str]:
    """The titles of a feed's entries."""
    return [entry.title for entry in feedparser.parse((folder / "feeds" / f"{name}.atom").read_bytes()).entries]

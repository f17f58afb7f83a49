"""The feeds' folder as the settings and the store have it: what changed is made again, what is no longer wanted goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.datatypes import Settings, Subscription
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

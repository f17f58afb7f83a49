"""The feeds' folder as the settings and the store have it: what changed is made again, what is no longer wanted goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from cleaner.datatypes import Combined, Filter, Settings, SourceRef, Subscription
from cleaner.errors import PublishError
from cleaner.publishing import Publisher
from cleaner.store import Store
from tests.samples import LIGHTHOUSE, NOON, article_page, as_repost, stored


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
        Combined("calm", groups=("High",), drop_flags=("opinion",)),
    )
    grouped = (settings.sources[0], replace(settings.sources[1], group="High"))
    Publisher().publish(replace(settings, feeds=feeds, sources=grouped), store)
    assert _titles(tmp_path, "two") == ["Story number 1"]
    assert _titles(tmp_path, "quiet") == _titles(tmp_path, "calm") == []
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


# --------------------------------------------------------------------------------------------------- stories told twice


def _tell(store: Store, number: int, source: str, text: str, *, hours: int = 0, first: str | None = None) -> None:
    """A telling of a story at a site that is called as its source; first: whom it names as the first publisher."""
    store.keep_page(article_page(number, source=source))
    made, url = stored(number), f"https://{source}.example/{number}"
    entry = replace(
        made.entry,
        url=url,
        site=source,
        source=SourceRef(first or source),
        via=(SourceRef(source),) if first else (),
        article=replace(made.entry.article, text=text, html=f"<p>{text}</p>"),
    )
    store.put(replace(made, source=source, entry=entry, published=NOON + timedelta(hours=hours)))


def _shown(folder: Path, name: str) -> list[tuple[str, list[str]]]:
    """The last letter of each id of a feed, with the addresses of its related links."""
    feed = feedparser.parse((folder / "feeds" / f"{name}.atom").read_bytes())
    return [(told.id[-1], [link.href for link in told.links if link.rel == "related"]) for told in feed.entries]


def test_a_story_of_several_sources_is_shown_once_by_its_most_original_entry(tmp_path: Path) -> None:
    """With links to the others, also in the feed of a group; each source's own feed keeps its own, without them."""
    settings = _settings(tmp_path, "port", "hill", "moor", group="News")
    with Store(tmp_path / "state") as store:
        _tell(store, 3, "moor", as_repost(LIGHTHOUSE), hours=1, first="Port")
        _tell(store, 1, "port", LIGHTHOUSE, hours=3)
        _tell(store, 2, "hill", LIGHTHOUSE, hours=2)
        Publisher().publish(settings, store)
    told = [("1", ["https://hill.example/2", "https://moor.example/3"])]
    assert (_shown(tmp_path, "all"), _shown(tmp_path, "group-news")) == (told, told)
    assert [_shown(tmp_path, name) for name in ("port", "hill", "moor")] == [[("1", [])], [("2", [])], [("3", [])]]


def test_what_was_shown_stays_when_the_original_comes_later(tmp_path: Path) -> None:
    """Readers would see the story again under another id; so the original is linked, after a restart too."""
    settings, feed = _settings(tmp_path, "port", "hill"), tmp_path / "feeds" / "all.atom"
    with Store(tmp_path / "state") as store:
        _tell(store, 2, "hill", as_repost(LIGHTHOUSE), hours=5, first="Port")
        Publisher().publish(settings, store)
    before = feedparser.parse(feed.read_bytes()).entries[0]
    with Store(tmp_path / "state") as store:
        _tell(store, 1, "port", LIGHTHOUSE, hours=3)
        assert "all.atom" in Publisher().publish(settings, store)
        assert Publisher().publish(settings, store) == ()
    assert _shown(tmp_path, "all") == [("2", ["https://port.example/1"])]
    after = feedparser.parse(feed.read_bytes()).entries[0]
    assert (after.id, after.updated, after.title) == (before.id, before.updated, before.title)


def test_a_story_that_is_too_old_for_the_feed_does_not_come_back_with_a_repost(tmp_path: Path) -> None:
    """It was shown; a repost weeks later is no news."""
    settings = replace(_settings(tmp_path, "port", "hill"), max_entries=2)
    with Store(tmp_path / "state") as store:
        _tell(store, 1, "port", LIGHTHOUSE)
        Publisher().publish(settings, store)
        for number in (4, 5):
            _put(store, number, "port")
        _tell(store, 2, "hill", LIGHTHOUSE, hours=90)
        Publisher().publish(settings, store)
        assert [told for told, _ in _shown(tmp_path, "all")] == ["5"]
        assert [told for told, _ in _shown(tmp_path, "hill")] == ["2"]


def test_the_feed_of_all_shows_a_story_of_one_source_once(tmp_path: Path) -> None:
    """A folder may hold the pages of many sites; its own feed keeps them all."""
    with Store(tmp_path / "state") as store:
        _tell(store, 1, "port", LIGHTHOUSE, hours=1)
        _tell(store, 2, "port", as_repost(LIGHTHOUSE), hours=2)
        Publisher().publish(_settings(tmp_path, "port"), store)
    assert _shown(tmp_path, "all") == [("1", ["https://port.example/2"])]
    assert [told for told, _ in _shown(tmp_path, "port")] == ["2", "1"]


def test_a_source_that_is_gone_leaves_its_stories_to_the_others(tmp_path: Path) -> None:
    """Neither shown nor linked."""
    with Store(tmp_path / "state") as store:
        _tell(store, 1, "port", LIGHTHOUSE, hours=1)
        _tell(store, 2, "hill", LIGHTHOUSE, hours=2)
        Publisher().publish(_settings(tmp_path, "port", "hill"), store)
        Publisher().publish(_settings(tmp_path, "hill"), store)
    assert _shown(tmp_path, "all") == [("2", [])]

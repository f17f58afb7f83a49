"""Names, dates, provenance and flags, as lines and claims tell them; nothing where they tell nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cleaner.datatypes import Entry, Outcome, Rejected
from cleaner.enrich.dates import find_moment, read_moment, url_moment
from cleaner.enrich.entry import entry_id
from cleaner.enrich.names import contributors_in, is_person, note_author, split_names
from cleaner.enrich.provenance import host_of, name_of_host

FETCHED = datetime(2026, 6, 1, 12, tzinfo=UTC)
TEXT = "\n\n".join(
    f"The {number} boats of the northern fleet came home on Friday with less herring than in any year since records began, the harbour office said."
    for number in ("nine", "eleven", "forty", "last")
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published 17 November 2025", "2025-11-17"),
        ("November 17, 2025 at 10:32 pm", "2025-11-17"),
        ("17.11.2025, 08:15 Uhr", "2025-11-17"),
        ("Mis à jour le 3 février 2026", "2026-02-03"),
        ("18 de mayo de 2026", "2026-05-18"),
        ("5 marca 2026", "2026-03-05"),
        ("12 мая 2026", "2026-05-12"),
        ("2026年4月24日", "2026-04-24"),
        ("31/12/2025", "2025-12-31"),
        ("2026-02-03T08:00:00+09:00", "2026-02-03"),
    ],
)
def test_a_date_in_words_is_read(text: str, day: str) -> None:
    """Days are read in many languages, with or without a clock time."""
    moment = find_moment(text, FETCHED)
    assert moment is not None
    assert moment.time.date().isoformat() == day


@pytest.mark.parametrize("text", ["30 February 2026", "1 January 1970", "3 March 2031", "99.99.2025", "soon", ""])
def test_a_date_that_cannot_be_is_none(text: str) -> None:
    """Days that are not, the time before the web, and the future are no dates."""
    assert find_moment(text, FETCHED) is None


@pytest.mark.parametrize(
    "value", ["0000-00-00", "99999-01-01", "2026-02-30", "1e400", "+99:99", "2026-W01-1x", "٢٠٢٦-٠١-٠١"]
)
def test_a_poisoned_claim_is_no_date(value: str) -> None:
    """No claim makes the reader of dates raise."""
    moment = read_moment(value, FETCHED)
    assert moment is None or moment.time.year >= 1990


def test_precision_and_zone_are_kept() -> None:
    """A day is a day; a time without zone is meant in the caller's zone; an offset stays as told."""
    day = read_moment("2026-03-04", FETCHED)
    local = read_moment("2026-03-04 10:30", FETCHED, ZoneInfo("Europe/Warsaw"))
    told = read_moment("2026-03-04T10:30:15+05:45", FETCHED)
    assert day is not None
    assert local is not None
    assert told is not None
    assert (day.precision, local.precision, told.precision) == ("day", "minute", "second")
    assert local.time.astimezone(UTC).hour == 9
    assert told.time.isoformat() == "2026-03-04T10:30:15+05:45"


def test_an_address_may_hold_the_day() -> None:
    """A path of year, month and day tells it; other figures do not."""
    found = url_moment("https://courier.example/2025/11/17/story.html", FETCHED)
    assert found is not None
    assert found.time.date().isoformat() == "2025-11-17"
    assert url_moment("https://courier.example/item/20251399/", FETCHED) is None


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("By Ann B. Lee and Juan Gil, Staff Writers", ["Ann B. Lee", "Juan Gil"]),
        ("Von Max Müller", ["Max Müller"]),
        ("Editorial Team", []),
        ("Courier", []),
        ("https://courier.example/people/ann-lee", []),
        ("Ann Lee (ann@courier.example)", ["Ann Lee"]),
    ],
)
def test_only_names_of_persons_are_authors(value: str, names: list[str]) -> None:
    """Roles, teams, addresses and the site itself are no persons."""
    assert list(split_names(value, "Courier")) == names


def test_notes_and_contributions_name_their_people() -> None:
    """The subject of an author's note; those who contributed, without their agency."""
    assert note_author("Agnes Thorley is a columnist who writes about small places.") == "Agnes Thorley"
    assert note_author("The ship is a columnist's dream.") is None
    assert list(contributors_in("—Coast Wire’s Dana Holt and Piet Maas contributed to this report.")) == [
        "Dana Holt",
        "Piet Maas",
    ]
    assert list(contributors_in("Additional reporting by Runa Holt")) == ["Runa Holt"]
    assert list(contributors_in("The rain contributed to this report of floods.")) == []
    assert not is_person("Breaking News Desk")


def test_a_host_is_named_as_the_page_writes_it() -> None:
    """The letters come from the address, their case from the text."""
    assert name_of_host("dailyplanet.com", "Skip to content The Daily Planet Subscribe") == "The Daily Planet"
    assert name_of_host("qxz.example", "nothing here") == "qxz.example"
    assert host_of("https://www.Courier.example:8080/a") == "courier.example"
    assert host_of("http://[broken") == ""


def test_ids_depend_on_the_address_or_the_bytes_alone() -> None:
    """The same address gives the same id, whatever the bytes; without one the bytes count."""
    one, other = "ab" * 32, "cd" * 32
    assert entry_id("a.example,2026", "s", "https://x.example/", one) == entry_id(
        "a.example,2026", "s", "https://x.example/", other
    )
    assert entry_id("a.example,2026", "s", None, one) != entry_id("a.example,2026", "s", None, other)


@pytest.fixture
def entry_of(clean_file: Callable[[Path], Outcome], tmp_path: Path) -> Callable[[str], Entry]:
    """Cleans a text as a page."""

    def make(text: str) -> Entry:
        """The entry of a text page."""
        path = tmp_path / "page.txt"
        path.write_text(text, "utf-8")
        result = clean_file(path).result
        assert not isinstance(result, Rejected)
        return result

    return make


def test_a_page_that_tells_nothing_gets_nothing(entry_of: Callable[[str], Entry]) -> None:
    """No author, date, site, source or flag is made up."""
    entry = entry_of(TEXT)
    assert (entry.authors, entry.contributors, entry.published, entry.site, entry.source, entry.via, entry.flags) == (
        (),
        (),
        None,
        None,
        None,
        (),
        (),
    )


@pytest.mark.parametrize(
    ("line", "flags"),
    [
        ("This article was written with the help of artificial intelligence.", ["ai-generated"]),
        ("The opinions expressed are those of the author.", ["opinion"]),
        ("We may earn a commission when you buy through links on our site.", ["affiliate"]),
        ("Subscribe to continue reading", ["truncated", "paywalled"]),
    ],
)
def test_a_disclosure_leaves_the_text_as_a_flag(line: str, flags: list[str], entry_of: Callable[[str], Entry]) -> None:
    """What a disclosure says is on the entry when it is gone from the text, with the block that said it."""
    entry = entry_of(f"Herring boats come home half empty\n\n{TEXT}\n\n{line}")
    assert line not in entry.article.text
    assert [(found.name, found.block is not None) for found in entry.flags] == [(flag, True) for flag in flags]


def test_an_advertisement_is_told_from_an_advertisement_slot(entry_of: Callable[[str], Entry]) -> None:
    """The words above an article speak of it; below or inside they label what was there."""
    title = "Herring boats come home half empty"
    above, below = (
        entry_of(f"{title}\n\nSponsored content\n\n{TEXT}"),
        entry_of(f"{title}\n\n{TEXT}\n\nSponsored content"),
    )
    assert [flag.name for flag in above.flags] == ["sponsored"]
    assert below.flags == ()


def test_a_text_that_breaks_off_is_flagged(entry_of: Callable[[str], Entry]) -> None:
    """The article's own last paragraph ends in an ellipsis: it stays, and the entry says so."""
    entry = entry_of(
        f"Herring boats come home half empty\n\n{TEXT}\n\nThe harbour office said that the northern fleet and its boats would have to wait for herring until…"
    )
    assert "until…" in entry.article.text
    assert [flag.name for flag in entry.flags] == ["truncated"]


def test_first_publisher_and_reposter_are_told_apart(entry_of: Callable[[str], Entry]) -> None:
    """``Source:`` names the first, the blurb the reposter; the day stands in the source's address."""
    title = "Herring boats come home half empty"
    entry = entry_of(
        f"{title}\n\n{TEXT}\n\nThe post {title} appeared first on Coastal Digest.\n\nSource: https://www.northpost.example/2026/02/03/herring.html"
    )
    assert entry.source is not None
    assert (entry.source.title, entry.source.url) == (
        "northpost.example",
        "https://www.northpost.example/2026/02/03/herring.html",
    )
    assert [via.title for via in entry.via] == ["Coastal Digest"]
    assert entry.published == datetime(2026, 2, 3, tzinfo=UTC)
    assert [flag.name for flag in entry.flags] == ["repost"]

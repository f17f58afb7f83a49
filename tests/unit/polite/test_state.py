"""What is kept of a source: how answers and failures change it, and that it comes back from JSON as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.datatypes import Answer
from cleaner.polite import (
    SourceState,
    after_failure,
    after_sample,
    after_success,
    backoff,
    state_from_json,
    state_to_json,
)
from tests.unit.polite.clocks import NOW

URL = "https://gazette.example/feed"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FULL = Answer(URL, 200, (("etag", '"1"'), ("last-modified", "Mon, 01 Jun 2026 11:00:00 GMT")), b"<feed/>")


def _fail(state: SourceState, status: int, told: str = "", now: datetime = NOW) -> SourceState:
    """The state after a failure."""
    return after_failure(state, "gazette: down", status, now, key="gazette", base=5 * MINUTE, most=DAY, told=told)


def test_a_full_answer_tells_everything_anew() -> None:
    """Validators, what it asks for and the next time; nothing is left of the answer before."""
    state = after_success(SourceState(), FULL, NOW, every=2 * HOUR, asked=HOUR)
    assert state == SourceState(
        etag='"1"',
        modified="Mon, 01 Jun 2026 11:00:00 GMT",
        given=URL,
        next_try=NOW + 2 * HOUR,
        every=2 * HOUR,
        asked=HOUR,
    )
    bare = after_success(state, Answer(URL, 200), NOW + DAY, every=HOUR)
    assert bare == SourceState(next_try=NOW + DAY + HOUR, every=HOUR)


def test_not_modified_keeps_what_it_does_not_tell() -> None:
    """304 may carry a new validator, and often carries none."""
    state = after_success(SourceState(), FULL, NOW, every=2 * HOUR, asked=HOUR)
    same = after_success(state, Answer(URL, 304), NOW + HOUR, every=3 * HOUR)
    assert (same.etag, same.modified, same.asked) == (state.etag, state.modified, HOUR)
    assert (same.every, same.next_try) == (3 * HOUR, NOW + 4 * HOUR)
    assert after_success(state, Answer(URL, 304, (("etag", '"2"'),)), NOW, every=HOUR).etag == '"2"'


def test_failures_count_and_wait_longer_until_one_success() -> None:
    """The time when it broke stays that of the first; the validators stay good."""
    state = after_success(SourceState(), FULL, NOW, every=HOUR, asked=HOUR)
    for failures in (1, 2, 3):
        now = NOW + DAY * failures
        state = _fail(state, 500, now=now)
        assert (state.failures, state.error, state.since) == (failures, "gazette: down", NOW + DAY)
        assert state.next_try == now + backoff(failures, 5 * MINUTE, DAY, "gazette")
        assert (state.etag, state.every, state.gone) == ('"1"', HOUR, False)
    well = after_success(state, Answer(URL, 304), NOW, every=HOUR)
    assert (well.failures, well.error, well.since, well.etag) == (0, "", None, '"1"')


@pytest.mark.case(35)
@pytest.mark.parametrize(
    ("status", "told", "wait"),
    [(429, "7200", 2 * HOUR), (503, "7200", 2 * HOUR), (503, "1", 5 * MINUTE), (429, "9999999", timedelta(days=7))],
)
def test_a_server_that_says_when_is_believed(status: int, told: str, wait: timedelta) -> None:
    """Not below the base, not beyond a week."""
    assert _fail(SourceState(), status, told).next_try == NOW + wait


@pytest.mark.parametrize(("status", "told"), [(429, ""), (503, "later"), (500, "7200"), (403, "7200"), (0, "")])
def test_otherwise_the_wait_is_our_own(status: int, told: str) -> None:
    """No word, or no status that has one."""
    assert _fail(SourceState(), status, told).next_try == NOW + backoff(1, 5 * MINUTE, DAY, "gazette")


def test_a_source_that_is_gone_is_not_tried_again() -> None:
    """410 is its own word; should it answer after all, it is back."""
    state = _fail(SourceState(), 410)
    assert (state.gone, state.next_try, state.failures, state.since) == (True, None, 1, NOW)
    assert not after_success(state, FULL, NOW, every=HOUR).gone


@pytest.mark.parametrize("status", [0, 404, 410, 500])
def test_a_move_that_leads_nowhere_is_forgotten(status: int) -> None:
    """The next try is at the source's own address, which does not hear of the validators of the other one; it is not gone yet."""
    river = "https://river.example/"
    moved = after_success(SourceState(), Answer(river, 200, FULL.headers, moved=river), NOW, every=HOUR)
    assert (moved.moved, moved.given) == (river, river)
    assert after_success(moved, Answer("https://river.example/", 304), NOW, every=HOUR).moved == moved.moved
    state = _fail(moved, status)
    assert (state.moved, state.given, state.etag, state.gone) == (None, river, '"1"', False)
    assert _fail(replace(moved, given=""), status).etag == "", "nobody knows whose they are"
    assert state.next_try is not None
    assert _fail(state, 410).gone


def test_an_error_is_one_short_line() -> None:
    """It stands in logs and on pages."""
    state = after_failure(SourceState(), "a\n b " * 200, 0, NOW, key="k", base=MINUTE, most=DAY)
    assert state.error.startswith("a b a b")
    assert len(state.error) == 300


def _sampled(state: SourceState, samples: str) -> SourceState:
    """The state after comparisons: ``w`` where the feed held the whole text."""
    for sample in samples:
        state = after_sample(state, whole=sample == "w")
    return state


@pytest.mark.parametrize(
    ("samples", "fulltext"),
    [
        ("", "unknown"),
        ("ww", "unknown"),
        ("www", "feed"),
        ("...", "pages"),
        ("w..", "pages"),
        ("ww.", "unknown"),
        ("ww.ww", "feed"),
        ("www.", "feed"),
        ("www..w", "feed"),
        ("www...", "pages"),
        ("...www", "pages"),
    ],
)
def test_where_the_whole_text_stands(samples: str, fulltext: str) -> None:
    """Three comparisons at least, a clear share, and no change of mind between."""
    assert _sampled(SourceState(), samples).fulltext == fulltext


def test_a_feed_that_changes_its_ways_is_found_out() -> None:
    """A long past counts half, again and again."""
    state = _sampled(SourceState(), "w" * 1000)
    assert (state.fulltext, state.compared <= 20) == ("feed", True)
    assert _sampled(state, "." * 20).fulltext == "pages"
    assert _sampled(state, "." * 1000 + "w" * 60).fulltext == "feed"


def test_few_samples_are_enough_to_doubt_a_feed() -> None:
    """One in ten of its entries is compared; of a feed of teasers each is, so more may be asked for."""
    state = _sampled(SourceState(), "w" * 1000)
    assert _sampled(state, "....").fulltext == "pages"
    assert _sampled(state, "..").fulltext == "feed"
    assert _sampled(SourceState(), "wwwww.wwwwwwwww.wwwwwwww.wwww").fulltext == "feed", "some odd ones do not count"
    assert _sampled(_sampled(state, "." * 1000), "w" * 25).fulltext == "feed"


_WAITS = st.none() | st.timedeltas(timedelta(0), timedelta(days=9999))  # of more a float of seconds loses microseconds
_TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
_STATES = st.builds(
    SourceState,
    etag=st.text(),
    modified=st.text(),
    moved=st.none() | st.text(),
    failures=st.integers(0, 10**6),
    error=st.text(),
    since=_TIMES,
    next_try=_TIMES,
    gone=st.booleans(),
    every=_WAITS,
    asked=_WAITS,
    fulltext=st.sampled_from(["unknown", "feed", "pages"]),
    compared=st.integers(0, 99),
    whole=st.integers(0, 99),
    carried=st.integers(0, 99),
)


@given(state=_STATES)
def test_a_state_comes_back_from_json_as_it_was(state: SourceState) -> None:
    """Every key, also where it is the default; keys of another version are ignored."""
    table = json.loads(json.dumps(state_to_json(state)))
    assert state_from_json(table | {"colour": "blue"}) == state


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
)


@given(table=st.dictionaries(st.sampled_from(list(state_to_json(SourceState()))), _JSON) | _JSON)
def test_no_json_breaks_a_state(table: Any) -> None:
    """What does not fit is as if it were not there; what comes of it can be stored again and used."""
    state = state_from_json(table)
    assert state_from_json(state_to_json(state)) == state
    assert _fail(state, 503).failures == state.failures + 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("etag", 5),
        ("failures", -1),
        ("failures", True),
        ("failures", "3"),
        ("since", "yesterday"),
        ("since", "2026-06-01T12:00:00"),
        ("next_try", 5),
        ("gone", "yes"),
        ("every", -1),
        ("every", 1e300),
        ("every", float("nan")),
        ("asked", "3600"),
        ("fulltext", "both"),
        ("fulltext", ["feed"]),
    ],
)
def test_values_that_do_not_fit_are_passed_over(key: str, value: object) -> None:
    """The others of the same table are read."""
    assert state_from_json({key: value, "whole": 7}) == SourceState(whole=7)

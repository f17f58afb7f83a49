"""Claims beside a page and above it: what is told is taken, what is mistaken is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaner.datatypes import Claim
from cleaner.errors import PageError
from cleaner.ingest.sidecar import claims_from_json, fetched_of, split_header


def test_every_key_becomes_a_claim() -> None:
    """Texts, and a list of authors, in their order; a null tells nothing."""
    body = b'{"url": "https://a.example/x", "title": "T", "author": ["A", "B"], "site": null, "fetched": "2026-03-04T12:00:00+01:00"}'
    claims = claims_from_json("page.txt", "page.meta.json", body)
    assert [(claim.name, claim.value) for claim in claims] == [
        ("url", "https://a.example/x"),
        ("title", "T"),
        ("author", "A"),
        ("author", "B"),
        ("fetched", "2026-03-04T12:00:00+01:00"),
    ]
    assert {claim.witness for claim in claims} == {"sidecar"}
    assert fetched_of(claims) == datetime(2026, 3, 4, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"titel": "T"}', 'page.meta.json: unknown key "titel" (did you mean "title"?)'),
        (b'{"title": 3}', "page.meta.json: title: must be a text"),
        (b'{"title": ["T"]}', "page.meta.json: title: must be a text"),
        (b'{"author": ["A", 1]}', "page.meta.json: author: must be a text or a list of texts"),
        (b'{"title": "a", "title": "b"}', 'page.meta.json: not JSON: key "title" stands twice'),
        (b'{"title": NaN}', "page.meta.json: not JSON: NaN is no JSON"),
        (b'{"title": "T"', "page.meta.json: not JSON: "),
        (b"\xff\xfe", "page.meta.json: not JSON: "),
        (b"", "page.meta.json: not JSON: "),
        (b"[]", "page.meta.json: must be one JSON object"),
        (b'{"author":' + b"[" * 40000 + b"]" * 40000 + b"}", "page.meta.json: nested too deeply"),
        (b" " * 100_001, "page.meta.json: larger than 100 kB"),
        (b'{"fetched": "yesterday"}', "page.meta.json: fetched: 'yesterday' is no ISO 8601 time"),
        (b'{"fetched": "0001-01-01T00:00:00+14:00"}', "page.meta.json: fetched: "),
        (b'{"fetched": "9999-12-31T23:59:59-14:00"}', "page.meta.json: fetched: "),
        (b'{"url": "javascript:alert(1)"}', "page.meta.json: url: 'javascript:alert(1)' is no http(s) address"),
    ],
)
def test_a_mistake_is_named(body: bytes, detail: str) -> None:
    """Each mistake names the sidecar and the key, in one line."""
    with pytest.raises(PageError) as caught:
        claims_from_json("page.txt", "page.meta.json", body)
    assert caught.value.reason == "bad-meta"
    assert caught.value.detail.startswith(detail)
    assert "\n" not in str(caught.value)


def test_an_unpaired_surrogate_does_not_get_through() -> None:
    """JSON can write half a character; what cannot be written to a file is dropped."""
    assert claims_from_json("p", "p.meta.json", b'{"title": "a\\ud800b"}') == (Claim("title", "ab", "sidecar"),)


def test_header_lines_are_claims_and_the_rest_is_the_page() -> None:
    """Lines of keys above a rule are taken off; every byte below stays."""
    claims, body = split_header(
        "p.txt", b"URL: https://a.example/x\r\nauthor: Ines Calder\r\n---\r\nHeadline\r\n\r\nText\r\n"
    )
    assert [(claim.name, claim.value) for claim in claims] == [
        ("url", "https://a.example/x"),
        ("author", "Ines Calder"),
    ]
    assert body == b"Headline\r\n\r\nText\r\n"


@pytest.mark.parametrize(
    "header", ["author: José\n".encode("latin-1"), "author: José\n".encode(), b"\xef\xbb\xbfauthor: Jos\n"]
)
def test_no_byte_of_the_page_is_lost_below_a_header(header: bytes) -> None:
    """Whatever the header's encoding, and with a byte order mark too, the page begins right after the rule."""
    claims, body = split_header("p.txt", header + b"---\nBody text")
    assert [claim.name for claim in claims] == ["author"]
    assert body == b"Body text"


@pytest.mark.parametrize(
    "body",
    [
        b"Note: this is an article.\n---\nText",
        b"---\nText",
        b"title: no rule follows\nText\n",
        b"title: T\nA line that is no key\n---\nText",
        b"title: T\n" + b"author: A\n" * 20 + b"---\nText",
        b"",
    ],
)
def test_what_is_no_header_stays_text(body: bytes) -> None:
    """An article that happens to look a little like a header stays whole."""
    assert split_header("p.txt", body) == ((), body)


def test_a_misspelt_key_among_header_lines_is_named() -> None:
    """After a first known key the header is meant as one, so a wrong key is a mistake."""
    with pytest.raises(PageError, match=r'header: unknown key "autor" \(did you mean "author"\?\)'):
        split_header("p.txt", b"title: T\nautor: A\n---\nText")

"""Pages as browsers and crawlers save them: their address and time are found, and a sidecar goes before both."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleaner.datatypes import Claim, RawPage, Subscription
from cleaner.errors import PageError
from cleaner.ingest import read_page, read_pages, scan
from cleaner.ingest.folder import DONE, REFUSED, move_aside
from cleaner.ingest.formats import saved_claims, tree_address, unpack_mhtml
from cleaner.parse import parse_page
from tests.samples import NOON, drop, story

_NOW = NOON + timedelta(days=1)
_SINGLE = b"""<!DOCTYPE html> <html lang=en><!--
 Page saved with SingleFile
 url: https://eskvale.example/weir?a=1&b=2
 saved date: Wed Mar 04 2026 12:30:00 GMT+0130 (Somewhere Standard Time)
--><meta charset=utf-8><title>Weir</title><p>The weir holds.
"""
_MHTML = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://eskvale.example/orchard
Subject: Orchard
Date: Wed, 4 Mar 2026 11:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----Edge----"

------Edge----
Content-Type: text/html
Content-ID: <frame-0@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://eskvale.example/orchard

<html><p>Apple=
s cost 3 =E2=82=AC.</html>
------Edge----
Content-Type: text/html
Content-Location: https://ads.example/frame

<p>advert
------Edge----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://eskvale.example/a.png

iVBORw0KGgo=
------Edge------
"""


def _scan(
    folder: Path, stamps: dict[str, str] | None = None, most: int = 10_000
) -> list[tuple[str, str, RawPage | PageError]]:
    """What a scan finds."""
    return list(scan(Subscription("s", path=folder), _NOW, most, stamps or {}))


def _told(raw: RawPage) -> dict[str, tuple[str, str]]:
    """Value and witness of each claim."""
    return {claim.name: (claim.value, claim.witness) for claim in reversed(raw.claims)}


# ---------------------------------------------------------------------------------------------------------- SingleFile


def test_singlefile_tells_its_address_and_time(tmp_path: Path) -> None:
    """Both stand in the comment at its head; the page stays as it is."""
    page = read_page(drop(tmp_path / "weir.html", _SINGLE))
    assert _told(page) == {"url": ("https://eskvale.example/weir?a=1&b=2", "link")}
    assert page.fetched == datetime(2026, 3, 4, 11, tzinfo=UTC)
    assert page.body == _SINGLE


@pytest.mark.parametrize(
    ("date", "claims"),
    [
        (b"2026-03-04T12:00:00Z", 2),
        (b"Wed Foo 04 2026 12:00:00 GMT+0100", 1),
        (b"Wed Mar 34 2026 12:00:00 GMT+0100", 1),
        (b"Wed Mar 04 0026 12:00:00 GMT+0100", 1),
        (b"noon", 1),
    ],
)
def test_a_saved_date_that_is_none_tells_nothing(date: bytes, claims: int) -> None:
    """The address is told all the same."""
    body = b"<!-- Page saved with SingleFile\n url: https://a.example/\n saved date: " + date + b"\n-->"
    assert len(saved_claims(body)) == claims


@pytest.mark.parametrize(
    "body",
    [
        b"<p>Page saved with SingleFile url: https://a.example/",
        b"<!-- Page saved with SingleFile url: javascript:alert(1) -->",
        b"x" * 10_000 + _SINGLE,
        b"",
    ],
)
def test_other_pages_tell_nothing(body: bytes) -> None:
    """The words alone, an address of another kind, or a comment far below."""
    assert saved_claims(body) == ()


def test_a_sidecar_goes_before_what_the_saving_program_wrote(tmp_path: Path) -> None:
    """Address and time are the sidecar's, also for the parser."""
    path = drop(tmp_path / "weir.html", _SINGLE)
    drop(tmp_path / "weir.meta.json", b'{"url": "https://real.example/", "fetched": "2025-01-02T03:04:05Z"}')
    page = read_page(path)
    assert _told(page)["url"] == ("https://real.example/", "sidecar")
    assert page.fetched == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert parse_page(page).url == "https://real.example/"


# --------------------------------------------------------------------------------------------------------------- MHTML


@pytest.mark.parametrize("name", ["orchard.mhtml", "Orchard.MHT"])
def test_mhtml_gives_its_root(tmp_path: Path, name: str) -> None:
    """The page in it, decoded, with address and date; frames and pictures stay in the file."""
    page = read_page(drop(tmp_path / name, _MHTML))
    assert page.body == "<html><p>Apples cost 3 €.</html>".encode()
    assert page.media_type == "text/html"
    assert _told(page) == {"url": ("https://eskvale.example/orchard", "link")}
    assert page.fetched == datetime(2026, 3, 4, 11, tzinfo=UTC)


def test_the_part_that_is_named_as_root_is_taken() -> None:
    """It need not be the first; its encoding goes with it."""
    body = b'Content-Type: multipart/related; boundary=b; start="<two>"\n\n--b\nContent-Type: text/html\n\none\n--b\nContent-Type: text/html; charset=ISO-8859-1\nContent-ID: <two>\nContent-Location: https://a.example/2\n\ntw\xf6\n--b--\n'
    page, kind, claims = unpack_mhtml("a.mht", body)
    assert (page.strip(), kind) == (b"tw\xf6", "text/html; charset=iso-8859-1")
    assert claims == (Claim("url", "https://a.example/2", "link"),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<p>no message",
        b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: image/png\n\nx\n--b--",
        b"Content-Type: multipart/related; boundary=b0\n\n"
        + b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (one, one + 1) for one in range(3000)),
    ],
)
def test_mhtml_without_a_page_is_named(body: bytes) -> None:
    """No message, no HTML in it, or parts in parts without end."""
    with pytest.raises(PageError, match=r"a\.mht: bad-mhtml: "):
        unpack_mhtml("a.mht", body)


# ---------------------------------------------------------------------------------------------------------- JSON Lines


def _lines(*values: object) -> bytes:
    """JSON Lines of some values."""
    return "\n".join(json.dumps(value) for value in values).encode()


def test_a_file_of_json_lines_gives_a_page_a_line(tmp_path: Path) -> None:
    """Each is called after its line; the last one has the file's name and stamp."""
    body = _lines({"text": story(1), "url": "https://a.example/1"}, {"html": "<p>x"}, {"text": story(2)}) + b"\n\n"
    (tmp_path / "sub.d").mkdir()
    drop(tmp_path / "sub.d" / "pages.jsonl", body)
    found = _scan(tmp_path)
    assert [name for name, _, _ in found] == ["sub.d/pages.jsonl:1", "sub.d/pages.jsonl:2", "sub.d/pages.jsonl"]
    pages = [page for _, _, page in found if isinstance(page, RawPage)]
    assert [page.origin for page in pages] == [f"sub.d/pages.jsonl:{number}" for number in (1, 2, 3)]
    assert [page.media_type for page in pages] == [f"text/{kind}; charset=utf-8" for kind in ("plain", "html", "plain")]
    assert _told(pages[0]) == {"url": ("https://a.example/1", "sidecar")}
    assert pages[2].body == story(2).encode()
    assert (pages[2].fetched, pages[2].source) == (NOON, "s")


def test_known_lines_are_not_read_again_and_move_aside_as_a_file(tmp_path: Path) -> None:
    """The file's stamp covers all; a round that broke off before its last page reads it again."""
    drop(tmp_path / "a.jsonl", _lines({"text": "x"}, {"text": "y"}))
    stamps = {name: stamp for name, stamp, _ in _scan(tmp_path)}
    assert _scan(tmp_path, stamps) == []
    assert len(_scan(tmp_path, {"a.jsonl:1": stamps["a.jsonl:1"]})) == 2
    move_aside(tmp_path, stamps)
    assert [path.name for path in (tmp_path / DONE).iterdir()] == ["a.jsonl"]


def test_a_bad_line_is_named_and_its_file_stays(tmp_path: Path) -> None:
    """Others are taken; the file is known and not moved, so that somebody can mend it."""
    path = drop(tmp_path / "a.jsonl", _lines({"text": "x"}, {"txt": "y"}, {"text": "z"}))
    found = _scan(tmp_path)
    assert [str(page) for _, _, page in found if isinstance(page, PageError)] == [
        'a.jsonl:2: bad-meta: line 2: must have one of "html" and "text"'
    ]
    stamps = {name: stamp for name, stamp, _ in found}
    assert [stamp.startswith(REFUSED) for stamp in stamps.values()] == [False, True, True]
    assert _scan(tmp_path, stamps) == []
    move_aside(tmp_path, stamps)
    assert path.exists()


def test_what_stands_beside_the_file_is_told_of_each_line(tmp_path: Path) -> None:
    """Where the line does not say otherwise."""
    path = drop(tmp_path / "a.jsonl", _lines({"text": "x", "site": "Own"}, {"text": "y"}))
    drop(tmp_path / "a.jsonl.meta.json", b'{"site": "Post", "language": "de", "fetched": "2025-01-02T03:04:05Z"}')
    pages = [page for page in read_pages(path) if isinstance(page, RawPage)]
    assert [_told(page)["site"][0] for page in pages] == ["Own", "Post"]
    assert {_told(page)["language"][0] for page in pages} == {"de"}
    assert {page.fetched.year for page in pages} == {2025}


def test_a_line_beyond_the_limit_is_named_and_the_next_one_read(tmp_path: Path) -> None:
    """The page, or the whole line; the file may be larger than a page."""
    body = _lines(
        {"text": "x" * 1001}, {"title": "x" * 500_000, "text": ""}, *({"text": f"{number:0900}"} for number in range(9))
    )
    found = [page for _, _, page in _scan(drop(tmp_path / "a.jsonl", body).parent, most=1000)]
    assert [page.reason if isinstance(page, PageError) else "page" for page in found] == ["too-large"] * 2 + [
        "page"
    ] * 9


def test_an_empty_file_of_lines_is_named_once(tmp_path: Path) -> None:
    """It is known then."""
    drop(tmp_path / "a.jsonl", b"\n\n")
    ((name, stamp, error),) = _scan(tmp_path)
    assert str(error) == "a.jsonl: empty: holds no page"
    assert _scan(tmp_path, {name: stamp}) == []


def test_one_page_of_json_lines_is_read_as_one(tmp_path: Path) -> None:
    """With a byte order mark too; several are no one page."""
    assert read_page(drop(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + _lines({"text": "x"}))).body == b"x"
    for body, reason in ((_lines({"text": "x"}, {"text": "y"}), "many-pages"), (b"", "empty"), (b"[]", "bad-meta")):
        with pytest.raises(PageError) as caught:
            read_page(drop(tmp_path / "b.jsonl", body))
        assert caught.value.reason == reason


# --------------------------------------------------------------------------------------------------------------- trees


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("example.org/a/b.html", "https://example.org/a/b.html"),
        ("WWW.Example.org/index.html", "https://www.example.org/"),
        ("example.org/a/index.html", "https://example.org/a/"),
        ("example.org/story?id=3&x=%20", "https://example.org/story?id=3&x=%20"),
        ("example.org/zür ich#1.html", "https://example.org/z%C3%BCr%20ich%231.html"),
        ("xn--zrich-kva.example:8080/a", "https://xn--zrich-kva.example:8080/a"),
        ("example.org", None),
        ("notes/a.html", None),
        ("2026.03/a.html", None),
        ("192.0.2.1/a.html", None),
        ("-a.example/b", None),
        ("a..example/b", None),
    ],
)
def test_the_path_in_a_tree_is_an_address(path: str, address: str | None) -> None:
    """Where the first folder is called like a host."""
    assert tree_address(Path(path)) == address


def test_pages_of_a_tree_have_their_address_unless_somebody_tells_another(tmp_path: Path) -> None:
    """A sidecar, and what the page's own saving program wrote, go before it."""
    tree = tmp_path / "eskvale.example" / "a"
    tree.mkdir(parents=True)
    drop(tree / "b.html", b"<p>x")
    drop(tree / "c.html", b"<p>x")
    drop(tree / "c.meta.json", b'{"url": "https://real.example/"}')
    drop(tree / "d.html", _SINGLE)
    drop(tmp_path / "plain.html", b"<p>x")
    found = {name: page for name, _, page in _scan(tmp_path) if isinstance(page, RawPage)}
    assert _told(found["eskvale.example/a/b.html"]) == {"url": ("https://eskvale.example/a/b.html", "link")}
    assert found["eskvale.example/a/c.html"].claims[0] == Claim("url", "https://real.example/", "sidecar")
    assert parse_page(found["eskvale.example/a/c.html"]).url == "https://real.example/"
    assert _told(found["eskvale.example/a/d.html"])["url"][0] == "https://eskvale.example/weir?a=1&b=2"
    assert found["plain.html"].claims == ()

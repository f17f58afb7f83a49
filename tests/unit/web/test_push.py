"""Pages handed in over real HTTP: who may, what is taken, what is told."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner.datatypes import RawPage, Settings
from cleaner.errors import StateError
from cleaner.web import Door, Server
from tests.samples import NOON

PAGE = b"<html><body><h1>Ferry back</h1><p>The ferry sails again from Monday.</p></body></html>"


class Desk:
    """Takes pages in, or fails."""

    def __init__(self) -> None:
        self.pages: list[RawPage] = []
        self.broken: Exception | None = None

    def keep(self, raw: RawPage) -> None:
        """Take one in."""
        if self.broken is not None:
            raise self.broken
        self.pages.append(raw)


@pytest.fixture
def desk() -> Desk:
    """Where pages arrive."""
    return Desk()


@pytest.fixture
def port(tmp_path: Path, desk: Desk) -> Iterator[int]:
    """The port of a server with two doors."""
    door = Door({"isle": "secret-one", "coast": "secret-two"}, 1000, lambda: NOON, desk.keep)
    with Server(Settings(tmp_path / "state", tmp_path / "feeds", port=0), None, door) as server:
        yield server.port


def post(port: int, body: bytes, token: str | None = "secret-one", **headers: str) -> tuple[int, dict[str, str]]:
    """Hand a page in; the status and the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    told = {"Authorization": f"Bearer {token}"} if token is not None else {}
    connection.request(
        "POST", "/pages", body, {**told, **{name.replace("_", "-"): value for name, value in headers.items()}}
    )
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text)


def test_a_page_is_kept_before_it_is_accepted(port: int, desk: Desk) -> None:
    """With its address and language; the same bytes again have the same id."""
    told = {
        "Content_Type": "text/html; charset=utf-8",
        "Content_Location": "https://isle.example/1",
        "Content_Language": "en",
    }
    status, answer = post(port, PAGE, **told)
    assert status == 202
    (page,) = desk.pages
    assert (page.id, page.source, page.origin, page.body) == (answer["id"], "isle", "https://isle.example/1", PAGE)
    assert {(claim.name, claim.value) for claim in page.claims} == {
        ("url", "https://isle.example/1"),
        ("language", "en"),
    }
    assert post(port, PAGE, **told) == (202, answer)


def test_json_tells_more(port: int, desk: Desk) -> None:
    """The keys of a sidecar beside the page."""
    body = json.dumps(
        {"url": "https://coast.example/2", "text": "Ferry back\n\nIt sails again.", "author": "Ann Lee"}
    ).encode()
    assert post(port, body, "secret-two", Content_Type="application/json")[0] == 202
    assert desk.pages[0].source == "coast"
    assert ("author", "Ann Lee") in {(claim.name, claim.value) for claim in desk.pages[0].claims}


@pytest.mark.parametrize("token", [None, "", "secret-on", "secret-one2", "é"])
def test_without_the_token_nothing_is_read(port: int, desk: Desk, token: str | None) -> None:
    """One answer for all wrong tokens."""
    headers = {"Content_Type": "text/html"}
    if token == "é":
        token = "\u00e9".encode().decode("latin-1")
    assert post(port, PAGE, token, **headers)[0] == 401
    assert desk.pages == []


@pytest.mark.parametrize(
    ("body", "kind", "status", "word"),
    [
        (b"", "text/html", 400, "no body"),
        (b"  \n", "text/html", 400, "no body"),
        (PAGE, "application/pdf", 415, "application/pdf"),
        (PAGE, "", 415, "no declared type"),
        (b"x" * 1001, "text/plain", 413, "1001 bytes"),
        (b"x" * 5000, "text/plain", 413, "1000 bytes"),
        (b"{", "application/json", 400, "line 1"),
        (b'{"html": "x", "titel": "y"}', "application/json", 400, "titel"),
        (b'{"html": 5}', "application/json", 400, "must be a text"),
    ],
)
def test_what_is_no_page_is_refused_with_the_reason(
    port: int, desk: Desk, body: bytes, kind: str, status: int, word: str
) -> None:
    """And nothing is kept."""
    got, answer = post(port, body, Content_Type=kind)
    assert (got, desk.pages) == (status, [])
    assert word in answer["error"]


@pytest.mark.parametrize("trouble", [StateError("disk full"), OSError(28, "disk full", "/state/raw/x")])
def test_a_state_that_cannot_keep_it_says_try_again(port: int, desk: Desk, trouble: Exception) -> None:
    """503, and nothing of the cause, which may name paths."""
    desk.broken = trouble
    status, answer = post(port, PAGE, Content_Type="text/html")
    assert status == 503
    assert "disk" not in answer["error"]


def test_other_methods_and_no_door(port: int, tmp_path: Path) -> None:
    """GET is not allowed; without sources of that kind there is no such address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/pages")
    assert connection.getresponse().status == 405
    connection.close()
    with Server(Settings(tmp_path / "state", tmp_path / "feeds", port=0)) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("POST", "/pages", PAGE)
        assert connection.getresponse().status == 404
        connection.close()

"""One-off cleans and explanations of addresses: an article's pages are joined as a round joins them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.cli.clean import clean_all
from cleaner.cli.explaining import explain_input
from tests.samples import story
from tests.unit.fetch.upstream import Say, answer, redirect, upstream

PATH = "/2026/tram-depot-opens-again"
TITLE = "The long way of the tram depot from ruin to library"


def _own(*numbers: int) -> list[str]:
    """The paragraphs of pages of these numbers."""
    return [paragraph for number in numbers for paragraph in story(number).split("\n\n")[1:]]


def _page(*numbers: int, links: str = "") -> bytes:
    """A page that holds the text of some, and links below it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _own(*numbers))
    html = f"<html lang=en><title>{TITLE}</title><body><article><h1>{TITLE}</h1>{text}</article><div>{links}</div>"
    return answer(200, html.encode(), ["Content-Type: text/html; charset=utf-8"])


def _pages() -> dict[str, Say]:
    """An article of three pages."""
    return {
        PATH: _page(1, links='<a href="?page=2">2</a> <a class=whole href="/print/7">All of it</a>'),
        f"{PATH}?page=2": _page(2, links='<a href="?page=3">3</a>'),
        f"{PATH}?page=3": _page(3),
        "/print/7": _page(1, 2, 3, 4),
    }


def _config(tmp_path: Path) -> Path:
    """A configuration with patterns of the server here."""
    folder = tmp_path / "config" / "ftr"
    folder.mkdir(parents=True)
    (folder / "127.0.0.1.txt").write_text("single_page_link: //a[@class='whole']\n")
    return folder.parent


def _clean(url: str, capsys: pytest.CaptureFixture[str], config: Path | None = None) -> tuple[list[str], list[str]]:
    """The paragraphs that a clean writes, and what it tells."""
    assert clean_all([url], "json", url=None, config=config, output=None) == 0
    out, err = capsys.readouterr()
    return json.loads(out)["text"].split("\n\n"), err.splitlines()


def test_an_address_gives_the_whole_article(capsys: pytest.CaptureFixture[str]) -> None:
    """Each page is asked for once, in order; nothing is told."""
    with upstream(_pages()) as server:
        assert _clean(server.url(PATH), capsys) == (_own(1, 2, 3), [])
        assert server.hits == 3


def test_a_page_that_cannot_be_had_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The article stands with what is there."""
    says = _pages()
    says[f"{PATH}?page=2"] = redirect("/gone")
    with upstream(says) as server:
        text, told = _clean(server.url(PATH), capsys)
        assert told == [
            f"cleaner: {server.url(PATH)}: page 2 of the article could not be had: "
            f"{server.url(PATH)}?page=2: status: answered 404 Not Found"
        ]
    assert text == _own(1)


def test_the_page_of_the_whole_is_taken_where_the_configuration_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it cannot be had that is told, and the pages are taken."""
    says, config = _pages(), _config(tmp_path)
    with upstream(says) as server:
        assert _clean(server.url(PATH), capsys, config) == (_own(1, 2, 3, 4), [])
        assert server.hits == 2
        says["/print/7"] = answer(403)
        why = "status: the page that holds the whole article could not be had: answered 403 Forbidden"
        assert _clean(server.url(PATH), capsys, config) == (
            _own(1, 2, 3),
            [f"cleaner: {server.url('/print/7')}: {why}"],
        )


def test_an_explanation_shows_all_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And tells what a clean tells."""
    says = _pages()
    says[f"{PATH}?page=3"] = answer(500)
    with upstream(says) as server:
        explain_input(server.url(PATH), tmp_path / "out.html", None)
        assert capsys.readouterr().err.splitlines() == [
            f"cleaner: {server.url(PATH)}: page 3 of the article could not be had: "
            f"{server.url(PATH)}?page=3: status: answered 500 Internal Server Error"
        ]
    shown = (tmp_path / "out.html").read_text("utf-8")
    assert [paragraph.split('"')[-1][:40] in shown for paragraph in _own(1, 2)] == [True] * 8
    assert _own(3)[0] not in shown

"""Articles whose sites have patterns for their further pages: from a real server through a whole round to the entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.children import Children
from cleaner.collect import open_visitor
from cleaner.config import load_knowledge
from cleaner.config.ftr import parse_ftr
from cleaner.datatypes import Settings, StoredEntry, Subscription
from cleaner.run import RoundReport, run_round
from cleaner.store import Store
from tests.samples import AUTHORITY, NOON, story
from tests.samples import settings as make_settings
from tests.unit.fetch.upstream import Say, Upstream, answer, redirect, upstream

PATH = "/2026/tram-depot-opens-again"
TITLE = "The long way of the tram depot from ruin to library"
RULES = """single_page_link: //a[@class='whole']
if_page_contains: //div[@class='pager']
next_page_link: //a[@class='leaf']
"""


def _own(*numbers: int) -> list[str]:
    """The paragraphs of pages of these numbers."""
    return [paragraph for number in numbers for paragraph in story(number).split("\n\n")[1:]]


def _page(*numbers: int, links: str = "", head: str = "") -> bytes:
    """A page that holds the text of some, and links below it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _own(*numbers))
    html = (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{TITLE}</title>{head}</head><body>"
        "<nav><ul><li><a href=/town>Town</a><li><a href=/sport>Sport</a><li><a href=/harbour>Harbour</a></ul></nav>"
        f"<main><article><h1>{TITLE}</h1><p class=byline>By Ottilie Varga</p>{text}</article>{links}</main></body></html>"
    )
    return answer(200, html.encode(), ["Content-Type: text/html; charset=utf-8", 'ETag: "one"'])


def _leaf(address: str) -> str:
    """A link that the patterns follow."""
    return f'<div><a class=leaf href="{address}">The story goes on</a></div>'


_WHOLE = '<div class=pager><a class=whole href="/print/7">All of it</a><a href="?page=2">2</a></div>'


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    """Children that know the patterns of the server here."""
    rules, mistakes = parse_ftr("127.0.0.1.txt", RULES)
    assert mistakes == []
    with Children(1, 30.0, 1 << 30, replace(load_knowledge(None), ftr=(rules,)), AUTHORITY) as pool:
        yield pool


def _round(
    tmp_path: Path, server: Upstream, children: Children, hours: int = 0
) -> tuple[RoundReport, StoredEntry, Settings]:
    """One round of a source whose only page is the article, so many hours after noon, and the entry."""
    source = Subscription("town", kind="pages", urls=(server.url(PATH),))
    made = replace(make_settings(tmp_path, source), allow_private=(server.place,), pause=timedelta(0))
    now = NOON + timedelta(hours=hours)
    with Store(made.state_dir) as store:
        visitor = open_visitor(made, lambda: now)
        report = run_round(made, store, source, children, visitor=visitor, clock=lambda: now)
        (kept,) = store.newest(["town"], 9)
        return report, kept, made


def _paragraphs(kept: StoredEntry) -> list[str]:
    """The paragraphs of an entry."""
    return kept.entry.article.text.split("\n\n")


def _asked(server: Upstream) -> list[str]:
    """What was asked for beside the robots file, in order."""
    paths = [head.split(b" ")[1].decode() for head in server.asked]
    return [path for path in paths if path != "/robots.txt"]


# ------------------------------------------------------------------------------------------------------ next_page_link


def test_pages_of_any_name_are_followed_and_then_those_that_look_like_the_articles(
    tmp_path: Path, children: Children
) -> None:
    """The second has a name of its own; the third is found by its number, where the patterns find nothing."""
    second, third = "/leaves/the-hall-of-trams", "/leaves/the-hall-of-trams?page=2"
    says: dict[str, Say] = {
        PATH: _page(1, links=_leaf(second)),
        second: _page(2, links=f'<div><a href="{third}">2</a></div>'),
        third: _page(3),
    }
    with upstream(says) as server:
        report, kept, _ = _round(tmp_path, server, children)
        assert _asked(server) == [PATH, second, third]
        assert kept.entry.url == server.url(PATH)
    assert (dict(report.counts), report.problems) == ({"new": 1}, [])
    assert _paragraphs(kept) == _own(1, 2, 3)


def test_a_circle_of_pages_is_gone_round_once(tmp_path: Path, children: Children) -> None:
    """The third leads back to the second."""
    says: dict[str, Say] = {
        PATH: _page(1, links=_leaf("/b")),
        "/b": _page(2, links=_leaf("/c")),
        "/c": _page(3, links=_leaf("/b#top")),
    }
    with upstream(says) as server:
        report, kept, _ = _round(tmp_path, server, children)
        assert _asked(server) == [PATH, "/b", "/c"]
    assert report.problems == []
    assert _paragraphs(kept) == _own(1, 2, 3)


def test_twenty_pages_are_taken_at_most(tmp_path: Path, children: Children) -> None:
    """Whatever the patterns find."""
    says: dict[str, Say] = {
        f"/leaf-{number}x": _page(1, links=_leaf(f"/leaf-{number + 1}x")) for number in range(2, 30)
    }
    says[PATH] = _page(1, links=_leaf("/leaf-2x"))
    with upstream(says) as server:
        report, _, _ = _round(tmp_path, server, children)
        assert len(_asked(server)) == 20
    assert report.problems[0].endswith("page 21 of the article is left out: 20 are taken at most")


def test_another_host_is_never_asked(tmp_path: Path, children: Children) -> None:
    """Neither by a link nor by a redirect, which is told."""
    with upstream(_page(5)) as other, upstream({}) as server:
        place = f"http://localhost:{other.port}/x"
        server._says = {PATH: _page(1, links=_leaf(place)), "/b": redirect(place)}
        report, kept, _ = _round(tmp_path, server, children)
        assert (report.problems, other.hits) == ([], 0)
        server._says = {PATH: _page(1, links=_leaf("/b")), "/b": redirect(place)}
        report, kept, _ = _round(tmp_path, server, children, 1)
    assert report.problems[0].startswith(server.url("/b: private-address: leads to "))
    assert _paragraphs(kept) == _own(1)


# ---------------------------------------------------------------------------------------------------- single_page_link


def test_the_page_that_holds_the_whole_is_the_article(tmp_path: Path, children: Children) -> None:
    """The article keeps its address; the further pages are not asked for, and the links start from where they stand."""
    says: dict[str, Say] = {
        PATH: _page(1, links=_WHOLE),
        "/print/7": _page(
            1,
            2,
            3,
            links='<p>The plans of the depot are <a href="plans.html">in the town hall</a>, on the first floor.</p>'
            + _leaf("/b"),
        ),
        "*": _page(5),
    }
    says["/robots.txt"] = answer(404)
    with upstream(says) as server:
        report, kept, made = _round(tmp_path, server, children)
        assert _asked(server) == [PATH, "/print/7"]
        assert (kept.entry.url, kept.origin) == (server.url(PATH), server.url(PATH))
        with Store(made.state_dir) as store:
            raw = store.find_page(server.url(PATH))
        assert raw is not None
        assert [claim.value for claim in raw.claims if claim.name == "url"] == [server.url("/print/7")]
        again, same, _ = _round(tmp_path, server, children, 1)
        assert "if-none-match" not in server.sent(-2)
    assert (dict(report.counts), report.problems) == ({"new": 1}, [])
    assert (dict(again.counts), same) == ({"unchanged": 1}, kept)
    assert _paragraphs(kept)[: len(_own(1, 2, 3))] == _own(1, 2, 3)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (answer(404), r"/print/7: status: the page that holds the whole article could not be had: answered 404"),
        (answer(200, b"%PDF-1.7", ["Content-Type: application/pdf"]), r"/print/7: not-text: .*is pdf, no page of text"),
        (redirect("http://localhost:9/x"), r"/print/7: private-address: .*"),
    ],
)
def test_where_the_whole_cannot_be_had_the_pages_stand(
    tmp_path: Path, children: Children, says: Say, told: str
) -> None:
    """The trouble is told once, and is no failure of the article."""
    pages: dict[str, Say] = {PATH: _page(1, links=_WHOLE), f"{PATH}?page=2": _page(2), "/print/7": says}
    with upstream(pages) as server:
        report, kept, made = _round(tmp_path, server, children)
        assert dict(report.counts) == {"new": 1}
        assert len(report.problems) == 1
        assert re.fullmatch(re.escape(server.url()[:-1]) + told, report.problems[0])
        with Store(made.state_dir) as store:
            assert store.addresses.failing("town") == ([], 0)
        pages["/print/7"] = _page(1, 2, 3)
        report, after, _ = _round(tmp_path, server, children, 1)
    assert _paragraphs(kept) == _own(1, 2)
    assert (dict(report.counts), report.problems) == ({"update": 1}, [])
    assert after.entry.id == kept.entry.id
    assert _paragraphs(after) == _own(1, 2, 3)


def test_a_whole_that_leads_back_is_no_other_page(tmp_path: Path, children: Children) -> None:
    """Nothing is told, and the pages are taken."""
    pages: dict[str, Say] = {PATH: _page(1, links=_WHOLE), f"{PATH}?page=2": _page(2), "/print/7": redirect(PATH)}
    with upstream(pages) as server:
        report, kept, _ = _round(tmp_path, server, children)
    assert report.problems == []
    assert _paragraphs(kept) == _own(1, 2)


def test_a_part_does_not_take_the_place_of_the_whole(tmp_path: Path, children: Children) -> None:
    """For an hour neither the whole nor the second page can be had."""
    pages: dict[str, Say] = {PATH: _page(1, links=_WHOLE), "/print/7": _page(1, 2)}
    with upstream(pages) as server:
        _, kept, _ = _round(tmp_path, server, children)
        pages["/print/7"] = pages[f"{PATH}?page=2"] = answer(500)
        report, after, _ = _round(tmp_path, server, children, 1)
    assert (dict(report.counts), after) == ({"failed": 1}, kept)
    assert _paragraphs(kept) == _own(1, 2)


def test_robots_hold_for_the_whole(tmp_path: Path, children: Children) -> None:
    """Prints are often forbidden: then they are not asked for."""
    pages: dict[str, Say] = {PATH: _page(1, links=_WHOLE), f"{PATH}?page=2": _page(2), "/print/7": _page(1, 2, 3)}
    pages["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /print\n", ["Content-Type: text/plain"])
    with upstream(pages) as server:
        report, kept, _ = _round(tmp_path, server, children)
        assert _asked(server) == [PATH, f"{PATH}?page=2"]
    assert ": robots: the page that holds the whole article could not be had: " in report.problems[0]
    assert _paragraphs(kept) == _own(1, 2)

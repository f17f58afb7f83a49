"""Articles on several pages, from a real server through a whole round to the entry: joined in order, each page once."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.children import Children
from cleaner.collect import open_visitor
from cleaner.datatypes import Settings, StoredEntry, Subscription
from cleaner.run import RoundReport, run_round
from cleaner.store import Store
from tests.samples import AUTHORITY, NOON, story
from tests.samples import settings as make_settings
from tests.unit.fetch.upstream import Say, Upstream, answer, redirect, upstream

PATH = "/2026/tram-depot-opens-again"
TITLE = "The long way of the tram depot from ruin to library"
BYLINE = "By Ottilie Varga"
INTRO = (
    "For nine years the depot stood empty. This report in several parts tells who fought for it, who paid for it, "
    "and what the town has found behind its doors since the first shutter was lifted."
)


def _own(number: int) -> list[str]:
    """The paragraphs that only one page has."""
    return story(number).split("\n\n")[1:]


def _page(number: int, pager: str = "", head: str = "", *, intro: str = INTRO) -> bytes:
    """One page of an article, with what all of them repeat."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _own(number))
    html = (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{TITLE}</title>{head}</head><body>"
        "<nav><ul><li><a href=/town>Town</a><li><a href=/sport>Sport</a><li><a href=/harbour>Harbour</a></ul></nav>"
        f"<main><article><h1>{TITLE}</h1><p class=byline>{BYLINE}</p><p class=intro>{intro}</p>{text}</article>"
        f"<div class=pager>{pager}</div></main><footer><p>© 2026 The Aldermoor Lamp. All rights reserved.</p></footer></body></html>"
    )
    return html.encode()


def _html(body: bytes) -> bytes:
    """The answer with a page."""
    return answer(200, body, ["Content-Type: text/html; charset=utf-8"])


def _numbered(count: int, *, broken: int = 0) -> dict[str, Say]:
    """An article of so many pages that link each other by number; one of them may be broken."""
    says: dict[str, Say] = {}
    for number in range(1, count + 1):
        pager = "".join(
            f' <a href="{PATH}?page={other}">{other}</a>' if other != number else f" <span>{other}</span>"
            for other in range(1, count + 1)
        )
        address = PATH if number == 1 else f"{PATH}?page={number}"
        says[address] = answer(500) if number == broken else _html(_page(number, pager))
    return says


def _told(count: int) -> dict[str, Say]:
    """An article of so many pages that tell the next one in their heads."""
    return {
        PATH if number == 1 else f"{PATH}/{number}/": _html(
            _page(number, head=f'<link rel="next" href="{PATH}/{number + 1}/">' if number < count else "")
        )
        for number in range(1, count + 1)
    }


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    """One pool for all rounds of this module."""
    with Children(1, 30.0, 1 << 30, None, AUTHORITY) as pool:
        yield pool


def _setup(tmp_path: Path, server: Upstream, **changes: object) -> Settings:
    """Settings with one source, whose only page is the article here."""
    source = Subscription("town", kind="pages", urls=(server.url(PATH),))
    made = replace(make_settings(tmp_path, source), allow_private=(server.place,), pause=timedelta(0))
    return replace(made, **changes)  # type: ignore[arg-type]


def _round(made: Settings, children: Children, hours: int = 0) -> tuple[RoundReport, list[StoredEntry]]:
    """One round, so many hours after noon, and the entries there are after it."""
    now = NOON + timedelta(hours=hours)
    with Store(made.state_dir) as store:
        visitor = open_visitor(made, lambda: now)
        report = run_round(made, store, made.sources[0], children, visitor=visitor, clock=lambda: now)
        return report, store.newest(["town"], 9)


def _paragraphs(kept: StoredEntry) -> list[str]:
    """The paragraphs of an entry."""
    return kept.entry.article.text.split("\n\n")


def _flags(kept: StoredEntry) -> set[str]:
    """The names of an entry's flags."""
    return {flag.name for flag in kept.entry.flags}


def _expected(numbers: Sequence[int]) -> list[str]:
    """The paragraphs of an article on pages of these numbers, the introduction once."""
    return [INTRO, *(paragraph for number in numbers for paragraph in _own(number))]


def _pages_asked(server: Upstream) -> list[str]:
    """What was asked for beside the robots file, in order."""
    paths = [head.split(b" ")[1].decode() for head in server.asked]
    return [path for path in paths if path != "/robots.txt"]


@pytest.mark.parametrize("says", [_numbered(3), _told(3)], ids=["numbered", "rel-next"])
def test_three_pages_become_one_entry_in_order(tmp_path: Path, children: Children, says: dict[str, Say]) -> None:
    """Each page is asked for once; title, byline and introduction, which all pages repeat, stand once."""
    with upstream(says) as server:
        report, (kept,) = _round(_setup(tmp_path, server), children)
        assert (dict(report.counts), report.problems, report.error) == ({"new": 1}, [], None)
        assert _pages_asked(server) == list(says)
        assert kept.entry.url == server.url(PATH)
    assert kept.entry.article.title == TITLE
    assert _paragraphs(kept) == _expected((1, 2, 3))
    assert kept.entry.article.html.count(INTRO) == 1
    assert kept.entry.authors == ("Ottilie Varga",)
    assert _flags(kept) == set()


def test_a_changed_second_page_is_an_update_and_an_unchanged_article_is_none(
    tmp_path: Path, children: Children
) -> None:
    """The validators of the first page say nothing of the second, so all pages are asked for again."""
    says = _numbered(2)
    first = says[PATH]
    assert isinstance(first, bytes)
    says[PATH] = first.replace(b"HTTP/1.1 200 Told\r\n", b'HTTP/1.1 200 Told\r\nETag: "one"\r\n')
    with upstream(says) as server:
        made = _setup(tmp_path, server)
        _round(made, children)
        assert dict(_round(made, children, 1)[0].counts) == {"unchanged": 1}
        assert "if-none-match" not in server.sent(-2)
        changed = says[f"{PATH}?page=2"]
        assert isinstance(changed, bytes)
        says[f"{PATH}?page=2"] = _html(changed.partition(b"\r\n\r\n")[2].replace(b"begins in spring", b"begins in May"))
        report, (kept,) = _round(made, children, 2)
    assert dict(report.counts) == {"update": 1}
    assert "begins in May" in kept.entry.article.text


def test_an_article_of_one_page_keeps_its_validators(tmp_path: Path, children: Children) -> None:
    """Nothing is dearer than before where nothing goes on; once it does, those of the time before are forgotten."""
    says: dict[str, Say] = {PATH: answer(200, _page(1), ["Content-Type: text/html", 'ETag: "one"'])}
    with upstream(says) as server:
        made = _setup(tmp_path, server)
        _, (kept,) = _round(made, children)
        _round(made, children, 1)
        assert server.sent()["if-none-match"] == '"one"'
        assert _paragraphs(kept) == _expected((1,))
        says.update(_numbered(2))
        assert dict(_round(made, children, 2)[0].counts) == {"update": 1}
        _, (kept,) = _round(made, children, 3)
        assert "if-none-match" not in server.sent(-2)
    assert _paragraphs(kept) == _expected((1, 2))


def test_a_broken_middle_page_makes_the_article_partial_until_it_can_be_had(tmp_path: Path, children: Children) -> None:
    """What is there is published and says so; the next try brings the rest under the same id."""
    says = _numbered(4, broken=3)
    with upstream(says) as server:
        made, page3 = _setup(tmp_path, server), server.url(f"{PATH}?page=3")
        report, (kept,) = _round(made, children)
        assert dict(report.counts) == {"failed": 1, "new": 1}
        assert report.problems == [
            f"{page3}: status: answered 500",
            f"{server.url(PATH)}: page 3 of the article could not be had",
        ]
        assert _paragraphs(kept) == _expected((1, 2))
        assert _flags(kept) == {"truncated"}
        with Store(made.state_dir) as store:
            ((failing,), _) = store.addresses.failing("town")
        assert (failing.url, failing.state, failing.tries) == (server.url(PATH), "failed", 1)
        assert failing.error == f"{page3}: status: answered 500"
        assert dict(_round(made, children, 1)[0].counts) == {"failed": 1, "unchanged": 1}
        says[f"{PATH}?page=3"] = _numbered(4)[f"{PATH}?page=3"]
        report, (after,) = _round(made, children, 9)
    assert (dict(report.counts), report.problems) == ({"update": 1}, [])
    assert after.entry.id == kept.entry.id
    assert _paragraphs(after) == _expected((1, 2, 3, 4))
    assert _flags(after) == set()
    with Store(made.state_dir) as store:
        assert store.addresses.failing("town") == ([], 0)


def test_a_part_never_takes_the_place_of_what_had_more_pages(tmp_path: Path, children: Children) -> None:
    """A server that fails for an hour costs a published article nothing."""
    says = _numbered(3)
    with upstream(says) as server:
        made = _setup(tmp_path, server)
        _round(made, children)
        says[f"{PATH}?page=2"] = answer(503)
        report, (kept,) = _round(made, children, 1)
    assert dict(report.counts) == {"failed": 1}
    assert _paragraphs(kept) == _expected((1, 2, 3))
    assert _flags(kept) == set()


def test_what_a_feed_carries_does_not_take_the_place_of_a_part(tmp_path: Path, children: Children) -> None:
    """At a later try not even the first page comes: the part that was published stays."""
    says = _numbered(2, broken=2)
    carried = "The depot is open again, and in the hall where trams once stood the town now lends books. " * 3
    with upstream(says) as server:
        says["/feed"] = answer(
            200,
            f"<rss version='2.0'><channel><title>T</title><item><title>{TITLE}</title><link>{server.url(PATH)}</link>"
            f"<description>{carried}</description></item></channel></rss>".encode(),
            ["Content-Type: application/rss+xml"],
        )
        source = Subscription("town", kind="feed", url=server.url("/feed"))
        made = replace(_setup(tmp_path, server), sources=(source,))
        _, (kept,) = _round(made, children)
        says[PATH] = answer(500)
        report, (after,) = _round(made, children, 2)
    assert dict(report.counts) == {"failed": 1}
    assert after == kept
    assert _paragraphs(kept) == _expected((1,))


def test_a_loop_ends_without_a_word(tmp_path: Path, children: Children) -> None:
    """The third page leads back to the first: the chain is over, and nothing is lacking."""
    says = _numbered(3)
    says[f"{PATH}?page=3"] = redirect(f"{PATH}#top")
    with upstream(says) as server:
        report, (kept,) = _round(_setup(tmp_path, server), children)
        assert _pages_asked(server) == [*says, PATH]
    assert report.problems == []
    assert _paragraphs(kept) == _expected((1, 2))


def test_a_second_page_that_leads_to_the_first_is_not_asked_for_again(tmp_path: Path, children: Children) -> None:
    """An index may name a page that is no more: the address that was asked for counts as taken."""
    second = f"{PATH}?page=2"
    says: dict[str, Say] = {PATH: _numbered(2)[PATH], second: redirect(PATH)}
    with upstream(says) as server:
        made = _setup(tmp_path, server)
        source = replace(made.sources[0], urls=(server.url(second),))
        report, (kept,) = _round(replace(made, sources=(source,)), children)
        assert _pages_asked(server) == [second, PATH]
    assert report.problems == []
    assert _paragraphs(kept) == _expected((1,))


def test_a_server_that_always_tells_a_next_page_is_asked_for_twenty(tmp_path: Path, children: Children) -> None:
    """All after the twentieth are left out, which the entry tells; it is not tried again."""

    def page(number: int) -> bytes:
        """The same text for each number."""
        return _html(_page(1, head=f'<link rel="next" href="{PATH}?page={number + 1}">'))

    says: dict[str, Say] = {PATH: page(1), **{f"{PATH}?page={number}": page(number) for number in range(2, 30)}}
    with upstream(says) as server:
        report, (kept,) = _round(_setup(tmp_path, server), children)
        assert len(_pages_asked(server)) == 20
        assert report.problems == [f"{server.url(PATH)}: page 21 of the article is left out: 20 are taken at most"]
    assert dict(report.counts) == {"new": 1}
    assert _paragraphs(kept) == _expected((1,))
    assert _flags(kept) == {"truncated"}


def test_pages_stop_at_their_bytes_together(tmp_path: Path, children: Children) -> None:
    """Four times what one page may have."""
    says = _numbered(6)
    largest = len(_page(6)) + 400
    with upstream(says) as server:
        report, (kept,) = _round(_setup(tmp_path, server, page_bytes=largest), children)
        assert re.fullmatch(
            rf"{server.url(PATH)}: page 5 of the article is left out: all together would have more than [\d,]+ bytes",
            report.problems[0],
        )
    assert _paragraphs(kept) == _expected((1, 2, 3, 4))


@pytest.mark.parametrize(
    "pager",
    [
        '<a rel="next" href="/2026/ferry-that-never-left">Next article</a>',
        '<a href="/2026/ferry-that-never-left">Next</a>',
        '<a href="/2026/ferry-that-never-left?page=2">2</a>',
        f'<a rel="next" href="http://other.example{PATH}?page=2">2</a>',
        f'<div class="comments"><a href="{PATH}?page=2">2</a></div>',
    ],
)
def test_what_only_looks_like_a_next_page_is_not_asked_for(tmp_path: Path, children: Children, pager: str) -> None:
    """Another article, another article's second page, another host, and pages of comments."""
    says: dict[str, Say] = {PATH: _html(_page(1, pager)), "*": _html(_page(5))}
    says["/robots.txt"] = answer(404)
    with upstream(says) as server:
        report, (kept,) = _round(_setup(tmp_path, server), children)
        assert _pages_asked(server) == [PATH]
    assert report.problems == []
    assert _paragraphs(kept) == _expected((1,))


def test_a_next_page_that_leads_elsewhere_is_no_part_of_the_article(tmp_path: Path, children: Children) -> None:
    """Such as to a page that asks for a login; to the same page under another address it may lead."""
    says = _told(3)
    says[PATH] = _html(_page(1, f'<a href="{PATH}?page=2">2</a>'))
    says[f"{PATH}?page=2"] = redirect(f"{PATH}/2/", 301)
    says[f"{PATH}/3/"] = redirect("/login?back=3")
    says["/login?back=3"] = _html(_page(5))
    with upstream(says) as server:
        report, (kept,) = _round(_setup(tmp_path, server), children)
        assert report.problems[0] == (
            f"{server.url(f'{PATH}/3/')}: elsewhere: leads to {server.url('/login?back=3')}, which is no page of the article"
        )
    assert _paragraphs(kept) == _expected((1, 2))


def test_a_forbidden_next_page_is_not_asked_for(tmp_path: Path, children: Children) -> None:
    """Politeness holds for each page; one that a person named is asked again later, for rules change."""
    says = _told(2)
    says["/robots.txt"] = answer(200, f"User-agent: *\nDisallow: {PATH}/2/\n".encode(), ["Content-Type: text/plain"])
    with upstream(says) as server:
        made = _setup(tmp_path, server)
        report, (kept,) = _round(made, children)
        assert _pages_asked(server) == [PATH]
        assert report.problems[0].startswith(f"{server.url(f'{PATH}/2/')}: robots: ")
    assert _paragraphs(kept) == _expected((1,))
    with Store(made.state_dir) as store:
        assert [address.state for address in store.addresses.failing("town")[0]] == ["failed"]


def test_secrets_go_along_to_every_page(tmp_path: Path, children: Children) -> None:
    """A page behind a login goes on behind it."""
    secrets = tmp_path / "secrets"
    secrets.write_text("Cookie: reader=1\n")
    with upstream(_numbered(2)) as server:
        made = _setup(tmp_path, server)
        _round(replace(made, sources=(replace(made.sources[0], secrets=secrets),)), children)
        assert [server.sent(number).get("cookie") for number in (-2, -1)] == ["reader=1", "reader=1"]


def test_a_host_that_wants_to_be_left_alone_gets_its_article_asked_for_later(
    tmp_path: Path, children: Children
) -> None:
    """Between two pages another source was told to wait: nothing is kept, and the address waits as before."""
    says = _numbered(2)
    first = says[PATH]
    with upstream(says) as server:
        made = _setup(tmp_path, server)
        visitor = open_visitor(made, lambda: NOON)

        def busy(connection: socket.socket) -> None:
            """The first page, while another source is told to wait."""
            assert isinstance(first, bytes)
            visitor._turns.hold(server.place, 60)
            connection.sendall(first)

        says[PATH] = busy
        with Store(made.state_dir) as store:
            report = run_round(made, store, made.sources[0], children, visitor=visitor, clock=lambda: NOON)
            assert dict(report.counts) == {}
            assert [problem.split(":")[2].strip() for problem in report.problems] == ["held"]
            assert [address.url for address in store.addresses.due("town", NOON + timedelta(hours=1), 9)] == [
                server.url(PATH)
            ]
        assert _pages_asked(server) == [PATH]

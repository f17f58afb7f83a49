"""Where a page leads: by its site's patterns first, else by what its links look like; never to another host."""

from __future__ import annotations

import pytest

from cleaner.config.ftr import parse_ftr
from cleaner.datatypes import Claim, FtrPath, FtrRules, Knowledge, Onward, RawPage
from cleaner.parse import onward_of
from cleaner.pipeline import find_onward
from tests.samples import NOON

_OWN = "https://a.example/2026/tram-depot-opens-again"
_BOTH = "https://a.example/2026/"
_PAGE = """<html><head><title>Depot</title>{head}</head><body><p>The depot opens.</p><a class=leaf href="part-two">on</a>
<a href="?page=2">2</a><a id=print href="/print/7#top">print</a><a id=out href="https://b.example/print/7">out</a></body></html>"""


def _onward(rules: str, *, head: str = "", html: str = _PAGE, url: str = _OWN, name: str = "a.example.txt") -> Onward:
    """Where the page leads under a file of patterns, which has no fault."""
    found, mistakes = parse_ftr(name, rules)
    assert mistakes == []
    return find_onward(html.replace("{head}", head).encode(), url, "text/html", False, Knowledge(ftr=(found,)))


def _bytes(body: bytes, media_type: str = "text/html") -> str | None:
    """The next page that some bytes name."""
    return onward_of(RawPage("", _OWN, media_type, body, NOON, (Claim("url", _OWN, "link"),))).next


def test_bytes_tell_the_next_page_as_their_tree_does() -> None:
    """In the encoding that was declared; what is no HTML, or is too deep to be read, tells none."""
    page = '<title>Straße</title><p>Die Remise öffnet.<a href="?page=2">Nächste Seite</a>'
    assert _bytes(page.encode("cp1252"), "text/html; charset=windows-1252") == _OWN + "?page=2"
    assert _bytes(page.encode()) == _OWN + "?page=2"
    assert _bytes(page.encode(), "text/plain") is None
    assert _bytes(b"<div>" * 50_000 + page.encode()) is None
    assert _bytes(b"") is None
    assert _bytes(bytes(range(256)), "") is None


def test_patterns_name_pages_that_do_not_look_like_the_articles() -> None:
    """Without them the next number is followed."""
    assert _onward("tidy: no") == Onward(next=_OWN + "?page=2")
    assert _onward("next_page_link: //a[@class='leaf']") == Onward(next=_BOTH + "part-two", told=True)
    assert _onward("next_page_link: //a[@class='leaf']/@href").next == _BOTH + "part-two"
    assert _onward("next_page_link: concat('/n/', substring('xyz', 2))").next == "https://a.example/n/yz"


@pytest.mark.parametrize(
    "rules",
    [
        "next_page_link: //a[@class='none']",
        "next_page_link: //a[@id='out']",
        "next_page_link: //p",
        "next_page_link: //a[@class='leaf']\nif_page_contains: //blink",
        "next_page_link: //a[@class='leaf'][. = str:tokenize(.)]",
        "next_page_link: //a[@class='leaf']\nif_page_contains: //a[. = unknown(2)]",
    ],
)
def test_patterns_that_find_no_page_of_the_host_leave_it_to_the_links(rules: str) -> None:
    """They hit nothing, another host, what is no link, or hold elsewhere; or they fail on the page."""
    line = [part.partition(": ")[2] for part in rules.splitlines()]
    path = FtrPath(line[0], 1, line[1] if len(line) > 1 else None)
    patterns = FtrRules("a.example.txt", "a.example", next_page_link=(path,))  # as read by no check
    found = find_onward(_PAGE.encode(), _OWN, "text/html", False, Knowledge(ftr=(patterns,)))
    assert found == Onward(next=_OWN + "?page=2")


def test_conditions_hold_for_links() -> None:
    """The XPath counts where the page holds what its condition names."""
    rules = "single_page_link: //a[@id='print']\nif_page_contains: //blink"
    assert _onward(rules).single is None
    assert _onward(rules, html=_PAGE + "<blink>").single == "https://a.example/print/7"


def test_the_page_of_the_whole_and_the_articles_own_address() -> None:
    """What the page calls its own goes before the one it was found under, if it is of its host."""
    rules = "single_page_link: //a[@id='print']"
    whole = "https://a.example/print/7"
    assert _onward(rules) == Onward(whole, _OWN, _OWN + "?page=2")
    head = '<link rel="canonical" href="/depot"><meta property="og:url" content="/2026/depot">'
    assert _onward(rules, head=head).home == "https://a.example/2026/depot"
    assert _onward(rules, head='<link rel="canonical" href="https://b.example/depot">').home == _OWN
    assert _onward("single_page_link: //a[@id='out']").single is None


def test_links_start_from_the_pages_base_and_its_replaced_text() -> None:
    """As they do when the page is cleaned."""
    rules = "replace_string(part-two): part-three\nnext_page_link: //a[@class='leaf']"
    assert _onward(rules, head='<base href="/leaves/">').next == "https://a.example/leaves/part-three"


def test_only_the_patterns_of_the_pages_host_speak() -> None:
    """Those of another host are not asked."""
    assert not _onward("next_page_link: //a[@class='leaf']", name="b.example.txt").told
    assert _onward("next_page_link: //a[@class='leaf']", name=".a.example.txt", url="https://n.a.example/x").told

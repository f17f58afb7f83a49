"""CSS and XPath on a page's tree: which elements are hit, what fails, and that nothing is fetched."""

from __future__ import annotations

import subprocess
import sys
from unittest.mock import patch

import pytest
from selectolax.lexbor import LexborHTMLParser

from cleaner.datatypes import Selector
from cleaner.parse.selectors import css_mistake, selected
from cleaner.parse.xpath import xpath_mistake

HTML = """<!DOCTYPE html><html><head><title>Ferry</title></head><body>
<div id="story" class="story lead" data-of="a"><p class="a">One <b>two</b> three <a href="/x">four</a></p>
<!-- a note --><p class="b">five</p><ul><li>six<li>seven</ul></div>
<table><tr><td>eight</table><o:p @click="run">nine</o:p><svg viewBox="0 0 1 1"><path d="M0"/></svg></body></html>"""


def hit(*selectors: Selector, html: str = HTML, notes: list[str] | None = None) -> list[tuple[str, tuple[str, ...]]]:
    """Tag and class of the elements that are hit, in the page's order, with the names of what hit them."""
    tree = LexborHTMLParser(html)
    found = selected(tree, selectors, notes)
    nodes = [node for node in tree.root.traverse()] if tree.root else []  # noqa: C416 - the order is that of the page
    told = [(node, found[node.mem_id]) for node in nodes if node.mem_id in found]
    assert len(told) == len(found)
    return [(f"{node.tag}.{node.attributes.get('class') or ''}".rstrip("."), names) for node, names in told]


def tags(xpath: str, html: str = HTML) -> list[str]:
    """The elements that an XPath hits."""
    return [tag for tag, _ in hit(Selector("x", xpath=xpath), html=html)]


@pytest.mark.parametrize(
    ("xpath", "expected"),
    [
        ("//p", ["p.a", "p.b"]),
        ("//p[a]", ["p.a"]),
        ("//p[contains(., 'two three')]", ["p.a"]),
        ("//*[@id='story']/p[2]", ["p.b"]),
        ("//p[not(following-sibling::p)]", ["p.b"]),
        ("//li[2] | //td", ["li", "td"]),
        ("//tbody/tr/td[.='eight']", ["td"]),
        ("//a/@href", ["a"]),
        ("//b/text()", ["b"]),
        ("//p/text()[contains(., 'three')]", ["p.a"]),
        ("//a/@href | //a/text() | //a", ["a"]),
        ("//*[@viewBox]", ["svg"]),
        ("//*[.='nine' and not(*)]", ["o:p"]),
        ("//*[@*]", ["div.story lead", "p.a", "a", "p.b", "svg", "path"]),
        ("//title", ["title"]),
        ("/html/body/div", ["div.story lead"]),
        ("//comment()", []),
        ("//p[9]", []),
        ("//p/namespace::*", []),
    ],
)
def test_an_xpath_hits_elements(xpath: str, expected: list[str]) -> None:
    """Text and attributes count for the element that holds them, text behind a child for its parent."""
    assert tags(xpath) == expected


@pytest.mark.parametrize(
    ("css", "xpath"), [("div > p", "//div/p"), ("li:first-child", "//li[1]"), ("[class]", "//*[@class]"), ("*", "//*")]
)
def test_css_and_xpath_see_the_same_tree(css: str, xpath: str) -> None:
    """The tree of the one has the elements of the other, no more and no fewer, whatever markup left open."""
    for html in (
        HTML,
        "<p>a<div>b<p>c<table>d<tr><td>e",
        "",
        "text",
        "<b><p>x</b>y</p>",
        "<frameset><frame></frameset>",
    ):
        assert hit(Selector("x", css=css), html=html) == hit(Selector("x", xpath=xpath), html=html)


def test_names_stand_in_the_order_of_the_rules() -> None:
    """An element that several selectors hit has the names of all, in their order, each once."""
    rules = (Selector("one", xpath="//p/@class"), Selector("two", css=".a"), Selector("three", xpath="//p[1]"))
    assert hit(*rules) == [("p.a", ("one", "two", "three")), ("p.b", ("one",))]


def test_an_xpath_that_fails_on_a_page_is_noted_and_passed_over() -> None:
    """The other rules of the site still hit."""
    notes: list[str] = []
    rules = (Selector("bad", xpath="//p[@class and f(.)]"), Selector("good", css=".b"))
    assert hit(*rules, notes=notes) == [("p.b", ("good",))]
    assert notes == ["bad: xpath failed: unregistered function"]
    assert hit(*rules, html="<p>no class</p>") == []


def test_a_page_that_xml_would_not_take_is_read_all_the_same() -> None:
    """Control characters, names with colons and quotes, and thousands of levels are no mistakes of a page."""
    odd = '<x:y z"="1" 1a="2" @b="3" c="4\x0b"><p>a\x01b\ufffe\x0c</p></x:y>'
    assert tags("//*[@c='4']/p[starts-with(., 'ab')]", odd) == ["p"]
    assert len(tags("//div[contains(., 'deep')]", "<div>" * 3000 + "deep" + "</div>" * 3000)) == 3000


@pytest.mark.parametrize(
    "xpath", ["document('http://127.0.0.1:9/')", "document('/etc/hostname')//*", "re:test(., 'a')"]
)
def test_an_xpath_reads_nothing_but_the_page(xpath: str) -> None:
    """There is no function that fetches or opens, and none that runs other expressions."""
    assert "is no XPath" in (xpath_mistake(xpath) or "")


def test_a_page_makes_lxml_parse_nothing() -> None:
    """Entities and addresses of a page stay text: lxml's parsers are never asked."""
    page = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/hostname">]><p>&e;</p><img src="http://127.0.0.1:9/">'
    with (
        patch("lxml.etree.fromstring", side_effect=AssertionError),
        patch("lxml.etree.parse", side_effect=AssertionError),
    ):
        assert tags("//p[contains(., '&e;')]", page) == ["p"]


def test_pages_without_an_xpath_need_no_lxml() -> None:
    """Its import takes longer than a page, so only an XPath brings it in."""
    script = (
        "import sys; from selectolax.lexbor import LexborHTMLParser; from cleaner.datatypes import Selector;"
        "from cleaner.parse.selectors import selected; import cleaner.pipeline;"
        "selected(LexborHTMLParser('<p>'), (Selector('x', css='p'),)); print('lxml' in sys.modules, 'regex' in sys.modules)"
    )
    env = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("css", ["p[", "", "p >", "::"])
def test_dead_css_is_told(css: str) -> None:
    """What the parser cannot read is a mistake."""
    assert css_mistake(css) == f"{css!r} is no CSS selector"


@pytest.mark.parametrize("xpath", ["//p[", "", "$x", "//o:p", "//p[$v]", "count(//p)", "'a'", "true()", "f()"])
def test_a_dead_xpath_is_told(xpath: str) -> None:
    """What cannot be read, or can never give an element."""
    assert (xpath_mistake(xpath) or "").startswith(f"{xpath!r} ")


@pytest.mark.parametrize("good", ["//p", "//p/@class", "//table//td[3]", "(//p)[last()]", "id('x') | //p"])
def test_an_xpath_that_hits_nothing_yet_is_right(good: str) -> None:
    """That an example page is not hit is found elsewhere."""
    assert xpath_mistake(good) is None

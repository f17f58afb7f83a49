"""What leaves us is safe, well-formed and stays what it is when cleaned again."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaner.markup import clean_text, sanitise

PAYLOADS = [
    "<script>alert(1)</script>x",
    "<img src=x onerror=alert(1)>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img onerror=alert(1) src=x>]]>",
    "<svg><g onload=alert(1)></g></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,x'></object><embed src=x><applet></applet>",
    "<p style='position:fixed' onclick=alert(1) id=a class=b>x</p>",
    "<form action=x><input><button formaction=javascript:alert(1)>x</button></form>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=x'><link rel=stylesheet href=x>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<img srcset='javascript:alert(1) 1x' src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<p title='&quot; onmouseover=alert(1) x=&quot;'>x</p>",
    "<xmp><p title='</xmp><script>alert(1)</script>'></xmp>",
    "<table background='javascript:alert(1)'><tr><td>x</td></tr></table>",
]


def is_safe(html: str) -> bool:
    """Whether a browser's parser finds nothing in it that runs or leads anywhere but to the web."""
    tree = LexborHTMLParser(html)
    if tree.css(
        "script, style, iframe, object, embed, svg, math, form, input, button, base, meta[http-equiv], link, template"
    ):
        return False
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name.startswith("on") or name in {"style", "id", "class", "srcset"}:
                return False
            if name in {"href", "src"} and not re.match(r"(?:https?|mailto):", value or ""):
                return False
    return True


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_runs(payload: str) -> None:
    """Scripts, handlers, schemes and tricks of nesting are gone, also after a second reading."""
    assert is_safe(sanitise(payload))
    assert is_safe(sanitise(sanitise(payload)))


@given(
    st.lists(
        st.sampled_from(
            [
                *PAYLOADS,
                "<p>",
                "</div>",
                "<b>",
                "<",
                ">",
                "&amp;",
                "&lt;",
                '"',
                "'",
                "<table>",
                "<li>",
                "text ",
                "\x08",
                "\ufffe",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_cleaning_again_changes_nothing(html: str) -> None:
    """For any mix of pieces the result is safe and stays as it is."""
    once = sanitise(html)
    assert sanitise(once) == once
    assert is_safe(once)


def test_what_an_article_needs_stays() -> None:
    """Structure, links and images pass."""
    html = '<h2>T</h2><p>a <a href="https://a.example/x?y=1&amp;z=2">b</a> <em>c</em></p><ul><li>d<ul><li>e</li></ul></li></ul><figure><img src="https://a.example/i.jpg" alt="f"><figcaption>g</figcaption></figure><pre><code>h\n  i</code></pre><blockquote><p>j</p></blockquote>'
    assert sanitise(html) == html


def test_forbidden_characters_are_gone() -> None:
    """What XML 1.0 forbids, half characters and C1 controls leave; Windows quotes are read as meant."""
    assert sanitise("<p>a\x00\x08b\ufffec\x93d\x94</p>") == "<p>abc“d”</p>"
    assert clean_text("  \u202eevil\u202c \u200btitle\x07 \ud800 ") == "evil title"
    assert len(clean_text("a" + "\u0301" * 5000)) < 20


@pytest.mark.parametrize("hostile", ["<div>" * 50_000 + "x", "<p>" * 20_000 + "x", "<b>" * 30_000 + "x"])
def test_deep_nesting_ends_soon(hostile: str) -> None:
    """No parser is linear there, so depth is flattened first; the text stays."""
    begun = time.perf_counter()
    assert "x" in sanitise(hostile)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("html", ["<li><table><li>", "<p>a<button><p>b</p></button></p>", "<table><li><p>a</table>b"])
def test_what_parses_differently_once_written_out_is_cleaned_until_it_stays(html: str) -> None:
    """Items that a browser moves out of a table, and paragraphs left in paragraphs, are as they stay."""
    once = sanitise(html)
    assert sanitise(once) == once

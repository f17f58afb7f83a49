"""What leaves us is safe, well-formed and stays what it is when cleaned again."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaner.markup import clean_text, is_right_to_left, sanitise

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
    assert clean_text("  \u202eevil\u202c \u200btit\u00adle\x07 \ud800 ") == "evil title"
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


def test_directions_of_a_page_survive_where_they_are_some() -> None:
    """Blocks may say which way they run; nothing else may be said there."""
    assert sanitise('<p dir="rtl">א</p><p dir="ltr">a</p><p dir="up">b</p>') == (
        '<p dir="rtl">א</p><p dir="ltr">a</p><p>b</p>'
    )


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("<p>\u2067אב\u2069 cd</p>", "<p>\u2067אב\u2069 cd</p>"),
        ("<p>\u2068a <b>b</b>\u2069</p>", "<p>\u2068a <b>b</b>\u2069</p>"),
        ("<p>\u202eexe.cod\u202c</p>", "<p>exe.cod</p>"),
        ("<p>\u2067a</p><p>b\u2069</p>", "<p>a</p><p>b</p>"),
        (
            '<p><img src="https://a.example/i" alt="\u202ax\u202c"></p>',
            '<p><img src="https://a.example/i" alt="x"></p>',
        ),
    ],
)
def test_changes_of_direction_end_where_they_began(told: str, kept: str) -> None:
    """Arabic and Hebrew keep what they need; overrides go, and what would turn the text behind an element."""
    assert sanitise(told) == kept


def test_marks_do_not_pile_up() -> None:
    """Eight on a letter at most, written as characters or as entities."""
    assert sanitise("<p>e" + "\u0301" * 10_000 + "</p>") == "<p>e" + "\u0301" * 8 + "</p>"
    assert sanitise("<p>e" + "&#x301;" * 10_000 + "</p>") == "<p>e" + "\u0301" * 8 + "</p>"


def test_pictures_have_an_address_a_text_and_sizes_in_pixels() -> None:
    """One without an address shows nothing, and goes."""
    assert sanitise('<img src="/x"><img src="https://a.example/i" width="40%" height="30">') == (
        '<img src="https://a.example/i" height="30" alt="">'
    )


@pytest.mark.parametrize(
    ("text", "leftward"),
    [
        ("", False),
        ("123 ۴۵", False),
        ("שלום", True),
        ("Hello שלום", False),
        ("\U0001e900\U0001e901", True),
        ("日本", False),
    ],
)
def test_letters_tell_which_way_a_text_runs(text: str, leftward: bool) -> None:
    """Hebrew, Adlam; figures tell nothing."""
    assert is_right_to_left(text) is leftward

"""Feeds of every format become records; what is dangerous, absurd or no feed is refused by name, and quickly."""

from __future__ import annotations

import contextlib
import json
import pickle
import time
from datetime import timedelta

import pytest

from cleaner.datatypes import Enclosure, FeedDocument
from cleaner.errors import PageError
from cleaner.ingest.feeds import read_feed

_URL = "https://www.harbour.example/feeds/news.xml"
_SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(items: str, head: str = "<title>Harbour News</title>") -> bytes:
    """An RSS 2.0 feed of some items."""
    return f'<?xml version="1.0"?><rss version="2.0" {_SPACES}><channel>{head}{items}</channel></rss>'.encode()


def atom(entries: str, head: str = "<title>Harbour</title>", attributes: str = "") -> bytes:
    """An Atom feed of some entries."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{head}{entries}</feed>'.encode()


def read(body: bytes, media_type: str = "", most: int = 500) -> FeedDocument:
    """A feed from the test's address."""
    return read_feed(body, _URL, media_type, most)


def refused(body: bytes) -> tuple[str, str]:
    """The reason and the detail with which bytes are refused."""
    with pytest.raises(PageError) as caught:
        read(body)
    assert str(caught.value).startswith(f"{_URL}: ")
    assert "\n" not in str(caught.value)
    return caught.value.reason, caught.value.detail


# ------------------------------------------------------------------------------------------------------------ formats


def test_rss_2_tells_everything() -> None:
    """Titles as text, names without mail addresses, the fullest content with whole links, the link behind FeedBurner's."""
    feed = read(
        rss(
            """<item><title>Ferry &amp;amp; <![CDATA[<b>tug</b>]]></title><link>https://feeds.harbour.example/~r/1</link>
            <feedburner:origLink>https://www.harbour.example/2026/ferry</feedburner:origLink>
            <guid isPermaLink="false">h-1</guid><pubDate>Wed, 04 Mar 2026 10:00:00 +0100</pubDate>
            <dc:creator><![CDATA[Ann Lee]]></dc:creator><author>bob@harbour.example (Bob Ray)</author>
            <author>desk@harbour.example</author>
            <description>Short.</description>
            <content:encoded><![CDATA[<p>The ferry <a href="/tug?a=1&amp;b=2">left</a>.</p><img src="pier.jpg">]]></content:encoded>
            <category>Ships</category><category>Ships</category><category>Sea</category>
            <enclosure url="/sound.mp3" length="1234" type="audio/mpeg"/><enclosure url="ftp://x.example/a" length="1"/></item>""",
            "<title>Harbour</title><link>https://www.harbour.example/</link><language>en-GB</language><ttl>90</ttl>"
            "<copyright>CC BY 4.0</copyright>",
        )
    )
    assert (feed.title, feed.home, feed.language) == ("Harbour", "https://www.harbour.example/", "en-GB")
    assert (feed.every, feed.notes) == (timedelta(minutes=90), ())
    (item,) = feed.items
    assert (item.id, item.url) == ("h-1", "https://www.harbour.example/2026/ferry")
    assert item.title == "Ferry & tug"
    assert item.authors == ("Ann Lee", "Bob Ray")
    assert (item.published, item.updated) == ("2026-03-04T10:00:00+01:00", "")
    assert item.html == (
        '<p>The ferry <a href="https://www.harbour.example/tug?a=1&amp;b=2">left</a>.</p>'
        '<img src="https://www.harbour.example/2026/pier.jpg">'
    )
    assert item.categories == ("Ships", "Sea")
    assert item.enclosures == (Enclosure("https://www.harbour.example/sound.mp3", "audio/mpeg", 1234),)
    assert item.rights == "CC BY 4.0"
    assert pickle.loads(pickle.dumps(feed)) == feed


def test_atom_tells_everything() -> None:
    """Bases of elements hold, XHTML becomes HTML, an entry without an author has the feed's."""
    feed = read(
        atom(
            """<entry><id>tag:harbour.example,2026:1</id><title type="text">5 &lt; 6</title><link href="1"/>
            <link rel="enclosure" href="a.mp3" length="0" type="audio/mpeg"/><updated>2026-03-04T10:00:00Z</updated>
            <content type="xhtml" xml:base="deep/"><div xmlns="http://www.w3.org/1999/xhtml"><p>One<br/>two <a
            href="q">l</a> &lt;x&gt;</p></div></content><category term="sea" label="The Sea"/></entry>
            <entry><id>urn:uuid:2</id><title type="html">&lt;i&gt;Two&lt;/i&gt;</title><link href="https://www.harbour.example/2"/>
            <author><name>Bob</name><email>bob@harbour.example</email></author><published>2026-03-03</published>
            <summary>Plain &lt;b&gt;
next line

second paragraph</summary></entry>""",
            "<title>H</title><link href='/'/><author><name>Ann Lee</name></author><rights>All ours</rights>",
            'xml:lang="en" xml:base="https://base.example/dir/"',
        )
    )
    assert (feed.home, feed.language, feed.every) == ("https://base.example/", "en", None)
    one, two = feed.items
    assert (one.id, one.url, one.title) == ("tag:harbour.example,2026:1", "https://base.example/dir/1", "5 < 6")
    assert (one.authors, one.published, one.updated) == (("Ann Lee",), "", "2026-03-04T10:00:00Z")
    assert one.html == '<p>One<br>two <a href="https://base.example/dir/deep/q">l</a> &lt;x&gt;</p>'
    assert (one.categories, one.rights) == (("The Sea",), "All ours")
    assert one.enclosures == (Enclosure("https://base.example/dir/a.mp3", "audio/mpeg", None),)
    assert (two.title, two.authors, two.published) == ("Two", ("Bob",), "2026-03-03")
    assert two.html == "<p>Plain &lt;b&gt;<br>next line</p><p>second paragraph</p>"


@pytest.mark.parametrize(
    "body",
    [
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://www.harbour.example/"><title>Old</title>'
        b'</channel><item rdf:about="https://www.harbour.example/1"><title>One</title><link>https://www.harbour.example/1'
        b"</link><dc:date>2026-03-04T10:00:00+01:00</dc:date><dc:creator>Ann</dc:creator></item></rdf:RDF>",
        b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        b'<rss version="0.91"><channel><title>Old</title><item><title>One</title><link>https://www.harbour.example/1</link>'
        b"<guid>https://www.harbour.example/1</guid><author>Ann</author>"
        b"<pubDate>2026-03-04T10:00:00+01:00</pubDate></item></channel></rss>",
    ],
)
def test_older_formats_are_read(body: bytes) -> None:
    """RSS 1.0 and 0.91, whose bare document type is never looked up."""
    (item,) = read(body).items
    assert (item.id, item.url) == ("https://www.harbour.example/1", "https://www.harbour.example/1")
    assert (item.title, item.authors, item.published) == ("One", ("Ann",), "2026-03-04T10:00:00+01:00")


def test_json_feeds_are_read_strictly() -> None:
    """A value of the wrong type counts as absent, numbers may be ids, halves of characters are no text."""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour",
        "home_page_url": "https://www.harbour.example/",
        "language": "en",
        "authors": [{"name": "Desk"}],
        "items": [
            {"id": 7, "url": "/7", "title": "Seven", "content_html": "<p><a href='x'>x</a></p>", "tags": ["a", 3, "a"]},
            {
                "id": "\ud800",
                "title": "Half \ud800 a character",
                "content_text": "One < two\n\nThree",
                "author": {"name": "Ann"},
            },
            {
                "id": "9",
                "external_url": "https://other.example/",
                "title": ["no"],
                "summary": "S",
                "date_published": "2026-03-04T10:00:00Z",
                "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5}, {"url": "data:x"}, 4],
            },
            "no object",
        ],
    }
    feed = read(json.dumps(told).encode())
    assert (feed.title, feed.home, feed.language, feed.every) == ("Harbour", "https://www.harbour.example/", "en", None)
    assert feed.notes == ("1 items are no objects and were left out",)
    seven, half, nine = feed.items
    assert (seven.id, seven.url, seven.categories) == ("7", "https://www.harbour.example/7", ("a",))
    assert seven.html == '<p><a href="https://www.harbour.example/x">x</a></p>'
    assert (half.id, half.title, half.authors) == (None, "Half a character", ("Ann",))
    assert half.html == "<p>One &lt; two</p><p>Three</p>"
    assert (nine.url, nine.title, nine.html, nine.authors) == ("https://other.example/", "", "<p>S</p>", ("Desk",))
    assert nine.published == "2026-03-04T10:00:00Z"
    assert nine.enclosures == (Enclosure("https://www.harbour.example/a.mp3", "audio/mpeg", 5),)


def test_json_feed_1_0_and_its_faults() -> None:
    """The one author of 1.0; deep nesting, broken JSON and JSON of other kinds are named."""
    body = b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1", "author": {"name": "Ann"}, "items": [{"title": "T", "url": "/t"}]}'
    assert read(body).items[0].authors == ("Ann",)
    assert refused(b'{"a": ' + b"[" * 1_000_000)[0] == "too-complex"
    assert refused(b'{"version": "https://jsonfeed.org/version/1", ')[0] == "bad-json"
    assert refused(b'{"version": 3, "items": []}') == ("no-feed", "is JSON, but no JSON Feed")
    assert refused(b'{"n": ' + b"1" * 5000 + b"}")[0] == "bad-json"


@pytest.mark.parametrize(
    ("head", "every"),
    [
        ("<ttl>15</ttl>", timedelta(minutes=15)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(hours=6)),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", timedelta(days=1)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>999999999</ttl>", timedelta(days=366)),
        ("<ttl>" + "9" * 5000 + "</ttl>", None),
        ("", None),
    ],
)
def test_how_often_a_feed_asks_to_be_fetched(head: str, every: timedelta | None) -> None:
    """``ttl`` in minutes, or so many times in a period; nonsense tells nothing."""
    assert read(rss("", f"<title>T</title>{head}")).every == every


# -------------------------------------------------------------------------------------------------------- dates, ids


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("Wed, 04 Mar 2026 10:00:00 GMT", "2026-03-04T10:00:00+00:00"),
        ("Wed, 04 Mar 2026 10:00:00 EST", "2026-03-04T10:00:00-05:00"),
        ("Wed, 04 Mar 26 10:00:00 GMT", "2026-03-04T10:00:00+00:00"),
        ("Wed, 04 Mar 2026 10:00:00", "2026-03-04T10:00:00"),
        ("Wed, 04 Mar 2026 10:00:00 CET", "Wed, 04 Mar 2026 10:00:00 CET"),
        ("2026-03-04", "2026-03-04"),
        ("4 March 2026", "4 March 2026"),
        ("yesterday", "yesterday"),
        ("Wed, 04 Mar 9999 10:00:00 GMT", "Wed, 04 Mar 9999 10:00:00 GMT"),
        ("Mon, 30 Feb 2026 10:00:00 GMT", "Mon, 30 Feb 2026 10:00:00 GMT"),
        ("0000-00-00T24:00:00+99:99", "0000-00-00T24:00:00+99:99"),
        ("٠٤ Mar ٢٠٢٦ 10:00:00 GMT", "٠٤ Mar ٢٠٢٦ 10:00:00 GMT"),
        ("1e400", "1e400"),
        ("10:26", "10:26"),
    ],
)
def test_dates_are_read_where_they_are_sane_and_told_where_they_are_not(told: str, found: str) -> None:
    """No zone, no day and no year is made up."""
    (item,) = read(rss(f"<item><title>T</title><pubDate>{told}</pubDate></item>")).items
    assert item.published == found


def test_an_id_is_kept_as_told_and_is_no_link() -> None:
    """Unless it is a whole address that stands for itself."""
    feed = read(
        rss(
            "<item><title>a</title><guid>17</guid></item>"
            "<item><title>b</title><guid>https://www.harbour.example/b?x=1&amp;y=2</guid></item>"
            "<item><title>c</title><guid isPermaLink='false'>https://www.harbour.example/c</guid></item>"
            "<item><title>d</title><guid>d</guid><link>javascript:alert(1)</link></item>"
            "<item><title>e</title><link>https://news.google.com/rss/articles/CBMi?oc=5</link></item>"
        )
    )
    assert [(item.id, item.url) for item in feed.items] == [
        ("17", None),
        ("https://www.harbour.example/b?x=1&y=2", "https://www.harbour.example/b?x=1&y=2"),
        ("https://www.harbour.example/c", None),
        ("d", None),
        (None, "https://news.google.com/rss/articles/CBMi?oc=5"),
    ]


@pytest.mark.case(52)
def test_of_two_entries_with_one_id_the_last_wins() -> None:
    """The same each time."""
    body = rss("".join(f"<item><guid>{one}</guid><title>{two}</title></item>" for one, two in ("ab", "cd", "ae", "fg")))
    assert [(item.id, item.title) for item in read(body).items] == [("c", "d"), ("a", "e"), ("f", "g")]
    assert read(body) == read(body)


@pytest.mark.case(51)
def test_the_newest_of_many_entries_are_kept_in_the_order_of_the_document() -> None:
    """By their dates; without dates the first ones; with few, an undated one is as old as the one before it."""
    dated = rss(
        "".join(
            f"<item><guid>{day}</guid><title>T</title><pubDate>{day:02d} Mar 2026 10:00:00 GMT</pubDate></item>"
            for day in (3, 9, 1, 7, 5)
        )
    )
    assert [item.id for item in read(dated, most=3).items] == ["9", "7", "5"]
    assert [item.id for item in read(dated, most=1).items] == ["9"]
    bare = rss("".join(f"<item><guid>{number}</guid><title>T</title></item>" for number in range(9)))
    assert [item.id for item in read(bare, most=2).items] == ["0", "1"]
    assert [item.id for item in read(bare, most=8).items] == [str(number) for number in range(8)]


@pytest.mark.case(51)
def test_ten_thousands_of_entries_cost_little() -> None:
    """The newest are chosen before a parser sees the others."""
    body = rss(
        "".join(
            f"<item><guid>{number}</guid><title>T</title><pubDate>04 Mar {2000 + number % 20} 10:00:00 GMT</pubDate></item>"
            for number in range(30_000)
        )
    )
    begin = time.process_time()
    feed = read(body, most=50)
    assert time.process_time() - begin < 3
    assert {item.published[:4] for item in feed.items} == {"2019"}
    assert len(feed.items) == 50
    assert feed.notes == ("of 30000 entries the newest 50 were read",)


# ----------------------------------------------------------------------------------------------------------- content


def test_a_plain_description_becomes_paragraphs() -> None:
    """Text without a tag is no HTML, whatever the format calls it; references in it are characters."""
    (item,) = read(
        rss("<item><title>T</title><description>Fish &amp;amp; chips\nfor 5 &amp;lt; 6\n\nEnd</description></item>")
    ).items
    assert item.html == "<p>Fish &amp; chips<br>for 5 &lt; 6</p><p>End</p>"


def test_a_title_is_shown_as_it_was_meant() -> None:
    """A tag in a plain title is text; an escaped reference in one is a character."""
    titles = ("Use of &lt;b&gt; here", "AT&amp;amp;T", "R&amp;D", "<![CDATA[Q&A]]>", "&lt;em&gt;Now&lt;/em&gt; it is")
    feed = read(rss("".join(f"<item><title>{title}</title><link>https://a.example/</link></item>" for title in titles)))
    assert [item.title for item in feed.items] == ["Use of <b> here", "AT&T", "R&D", "Q&A", "Now it is"]


def test_every_kind_of_link_in_content_becomes_whole() -> None:
    """Addresses, sets of pictures and protocols; fragments, mail and what is whole stay."""
    told = (
        '<a href="//cdn.example/x">1</a><a href="#n">2</a><a href="mailto:a@b.example">3</a><img srcset="a.jpg 1x, /b.jpg 2x">'
        '<video poster="p.png"></video><a href="https://c.example/?q=/x">4</a> href="text"'
    )
    (item,) = read(
        rss(f"<item><link>https://a.example/d/e</link><description><![CDATA[{told}]]></description></item>")
    ).items
    assert item.html == (
        '<a href="https://cdn.example/x">1</a><a href="#n">2</a><a href="mailto:a@b.example">3</a>'
        '<img srcset="https://a.example/d/a.jpg 1x, https://a.example/b.jpg 2x">'
        '<video poster="https://a.example/d/p.png"></video><a href="https://c.example/?q=/x">4</a> href="text"'
    )


@pytest.mark.case(45)
def test_instructions_and_comments_are_passed_over() -> None:
    """A stylesheet's instruction, a comment with markup, and CDATA that speaks of declarations: none of it is a declaration."""
    body = (
        b'<?xml version="1.0"?><?xml-stylesheet href="https://evil.example/x.xsl"?><!-- <!ENTITY a "b"> <html> -->'
        + rss(
            "<item><title>XML</title><description><![CDATA[<p>&lt;!DOCTYPE <!DOCTYPE x> <!ENTITY a> <!ENTITY b></p>]]></description></item>"
        )[21:]
    )
    feed = read(body)
    assert [item.title for item in feed.items] == ["XML"]
    assert "evil" not in repr(feed)


# ------------------------------------------------------------------------------------------------------------ faults


@pytest.mark.case(41, 42, 43, 44)
@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>',
        '<!DOCTYPE rss><!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_declarations_of_entities_are_refused_at_once(prolog: str) -> None:
    """Laughs by the billion, one long one repeated, files and addresses of others: nothing is expanded or opened."""
    begin = time.process_time()
    assert refused(f"{prolog}<rss><channel><title>{'&a;' * 10_000}</title></channel></rss>".encode())[0] == "bad-xml"
    assert time.process_time() - begin < 1


@pytest.mark.case(44)
def test_an_external_document_type_is_not_fetched_nor_its_entities_made_up() -> None:
    """One bare document type is passed over with all that it would bring."""
    feed = read(b'<!DOCTYPE rss SYSTEM "file:///etc/hostname"><rss><channel><title>T &x; U</title></channel></rss>')
    assert "T" in feed.title
    assert any("not well-formed" in note for note in feed.notes)


@pytest.mark.case(46, 47)
@pytest.mark.parametrize(
    "inner",
    [
        "<a>" * 200_000,
        "<a>" * 251 + "</a>" * 251,
        "<a " + " ".join(f'b{number}="1"' for number in range(20_000)) + "/>",
        "<a " + " ".join(f"b{number}" for number in range(257)) + "/>",
        "<a " + " ".join(f'b{number}="1"' for number in range(257)),
    ],
)
def test_markup_beyond_all_measure_is_refused_at_once(inner: str) -> None:
    """Depth and attributes are counted before a parser sees them."""
    begin = time.process_time()
    assert refused(rss(f"<item><title>T</title>{inner}</item>"))[0] == "too-complex"
    assert time.process_time() - begin < 2


def test_what_is_only_much_is_not_too_complex() -> None:
    """Breaks that nobody closes, many entries, an address with many parts, paragraphs without ends."""
    query = "&amp;".join(f"a{number}=1" for number in range(300))
    body = rss(
        f"<item><title>T</title><link>https://a.example/?{query}</link><x y='{query}'/><z>{'<br>' * 300}</z></item>" * 9
    )
    assert len(read(body).items) == 9
    assert len(read(rss("<item><title>T</title><description><p>a<p>b</description></item>" * 200)).items) == 200


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (b"", "no-feed", "is empty"),
        (b"<!doctype html><html><body>Sorry", "no-feed", "is an HTML page"),
        (b"<urlset><url/></urlset>", "no-feed", "is a sitemap"),
        (b'<opml version="2.0"/>', "no-feed", "is a list of subscriptions (OPML)"),
        (b"Gone fishing", "no-feed", "is plain text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no-feed", "is neither a feed nor a page"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "no-feed", "is RDF, but no RSS"),
        (b"<rss", "bad-xml", None),
        (b"<rss><channel><item>", "bad-xml", None),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: str, detail: str | None) -> None:
    """The message says what it looks like."""
    found = refused(body)
    assert found[0] == reason
    assert detail in {None, found[1]}


@pytest.mark.case(49)
def test_a_feed_that_is_not_well_formed_is_salvaged_and_says_so() -> None:
    """Bare ampersands, HTML's entities, prefixes that nobody declared, HTML as it is."""
    body = (
        b'<rss version="2.0"><channel><title>A & B&nbsp;C</title><item><title>Caf&eacute; & bar</title>'
        b"<link>https://a.example/?x=1&y=2</link><dc:creator>Ann</dc:creator><content:encoded><![CDATA[<p>x & y &nbsp;z</p>]]>"
        b"</content:encoded></item><item><title>Two</title><description><p>raw<br> html</p></description></item></channel></rss>"
    )
    feed = read(body)
    assert feed.title == "A & B C"
    assert [(item.title, item.authors, item.url) for item in feed.items] == [
        ("Café & bar", ("Ann",), "https://a.example/?x=1&y=2"),
        ("Two", (), None),
    ]
    assert feed.items[0].html == "<p>x & y &nbsp;z</p>"
    assert feed.items[1].html == "<p>raw<br> html</p>"
    assert len(feed.notes) == 1
    assert feed.notes[0].startswith("not well-formed: ")


@pytest.mark.case(49)
def test_an_entry_that_the_feed_breaks_off_in_is_left_out() -> None:
    """Half a text would pass for a whole one."""
    feed = read(
        rss("<item><title>Whole</title></item><item><title>Torn</title><description>It was a d")[
            : -len("</channel></rss>")
        ]
    )
    assert [item.title for item in feed.items] == ["Whole"]
    assert "the last entry breaks off and was left out" in feed.notes


def test_warnings_before_a_feed_are_passed_over() -> None:
    """What a server's script says first."""
    feed = read(
        b"\n<br />\n<b>Warning</b>: old function in <b>feed.php</b><br />\n" + rss("<item><title>T</title></item>")
    )
    assert [item.title for item in feed.items] == ["T"]


@pytest.mark.case(50)
@pytest.mark.parametrize(
    "author",
    [
        "a." * 20_000,
        "a.<x/>" * 20_000,
        "<name>" + "a." * 20_000 + "</name>",
        "<![CDATA[" + "a@" * 20_000 + "]]>",
        "a@a." * 9_000,
    ],
)
def test_an_endless_author_is_cut_before_anybody_looks_for_a_mail_address(author: str) -> None:
    """The expression that feedparser looks for one with is quadratic."""
    begin = time.process_time()
    feed = read(
        rss(f"<item><title>T</title><author>{author}</author></item>" * 20 + f"<webMaster>{author}</webMaster>")
    )
    assert time.process_time() - begin < 4
    assert all(len(name) <= 300 for item in feed.items for name in item.authors)
    assert len(feed.items) == 20


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("ann@harbour.museum (Ann Lee)", ("Ann Lee",)),
        ("Ann Lee &lt;ann@harbour.example&gt;", ("Ann Lee",)),
        ("ann@harbour.example", ()),
        ("mailto:ann@harbour.example", ()),
        ("ann@harbour.example (Ann Lee (HN))", ("Ann Lee (HN)",)),
        ("Lee &amp; Ray", ("Lee & Ray",)),
        ("https://www.harbour.example/ann", ()),
        ("  ", ()),
    ],
)
def test_an_author_is_a_name(told: str, names: tuple[str, ...]) -> None:
    """Never a mail address."""
    (item,) = read(rss(f"<item><title>T</title><author>{told}</author></item>")).items
    assert item.authors == names


@pytest.mark.case(48)
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace('"1.0"', '"1.0" encoding="cp500"').encode("cp500"),
        lambda text: text.replace('"1.0"', '"1.0" encoding="windows-1252"').encode("cp1252"),
        lambda text: text.replace('"1.0"', '"1.0" encoding="iso-8859-1"').encode(),
        lambda text: text.replace('"1.0"', '"1.0" encoding="nonsense"').encode(),
    ],
)
def test_an_encoding_is_read_as_marked_and_not_as_wrongly_declared(encode: object) -> None:
    """With a mark or without, of mainframes, and UTF-8 that calls itself something else."""
    assert callable(encode)
    feed = read(encode('<?xml version="1.0"?><rss version="2.0"><channel><title>Häfen · Fähre</title></channel></rss>'))
    assert (feed.title, feed.notes) == ("Häfen · Fähre", ())


@pytest.mark.case(48)
def test_the_transport_tells_an_encoding() -> None:
    """Where the document does not."""
    body = '<rss version="2.0"><channel><title>Порт</title></channel></rss>'.encode("koi8-r")
    assert read(body, "application/rss+xml; charset=koi8-r").title == "Порт"


@pytest.mark.case(48)
def test_utf_7_is_refused_and_lost_bytes_are_noted() -> None:
    """What could hide markup is not decoded; what cannot be decoded is not passed over in silence."""
    assert refused(b'<?xml version="1.0" encoding="UTF-7"?><rss/>')[0] == "bad-encoding"
    assert read(rss("", "<title>caf\0e</title>")).notes == ("characters that XML forbids were left out",)
    broken = read(rss("", "<title>T</title><description>" + "x" * 2000 + "</description>").replace(b"xx", b"x\xff", 1))
    assert broken.notes == ("bytes that fit no encoding were replaced",)


def test_references_to_characters_that_are_none_become_marks() -> None:
    """No lone surrogate and no control character gets through, and no parser fails of them."""
    feed = read(rss("", "<title>x&#0;&#xD800;&#1114112;&#xFFFE;&#99999999999;&#x41;y</title>"))
    assert feed.title == "x" + "\ufffd" * 5 + "Ay"
    feed.title.encode()


@pytest.mark.case(49)
@pytest.mark.parametrize(
    "part", ["<", "<a", "&", "</", "<!", "<!--", "<![CDATA[", "<?", '<a b="', "&#x1", "]]>", " ", "\n", "<br/>"]
)
def test_broken_markup_costs_no_more_than_its_length(part: str) -> None:
    """Ten times as much takes about ten times as long, not a hundred."""
    begin = time.process_time()
    for body in (
        rss(f"<item><title>{part * 10_000}</title></item>"),
        rss(f"<item><title>& {part * 10_000}</title></item>"),
    ):
        with contextlib.suppress(PageError):
            read(body)
    assert time.process_time() - begin < 5

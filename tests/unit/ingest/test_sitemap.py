"""Sitemaps of every form become links; what is dangerous, damaged or too large is named."""

from __future__ import annotations

import gzip
import time

import pytest

from cleaner.datatypes import Link
from cleaner.errors import PageError
from cleaner.ingest.sitemap import read_sitemap

_URL = "https://www.harbour.example/sitemap.xml"
_OPEN = (
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def sitemap(*entries: str) -> bytes:
    """A sitemap of some entries."""
    return (_OPEN + "".join(f"<url>{entry}</url>" for entry in entries) + "</urlset>").encode()


def pages(body: bytes) -> list[str]:
    """The paths of the pages in a sitemap."""
    return [link.url.removeprefix("https://www.harbour.example") for link in read_sitemap(body, _URL)[0]]


def test_a_news_sitemap_tells_titles_and_dates() -> None:
    """Those of the news entry rather than the last change or a picture; other sites' pages are left out."""
    found = read_sitemap(
        sitemap(
            "<loc> https://www.harbour.example/a?x=1&amp;y=2 </loc><lastmod>2026-03-05</lastmod><n:news><n:publication><n:name>H"
            "</n:name></n:publication><n:publication_date>2026-03-04T10:00Z</n:publication_date><n:title>Ships &amp; sea</n:title>"
            "</n:news><image:image><image:loc>https://www.harbour.example/p.png</image:loc><image:title>Pier</image:title></image:image>",
            "<image:image><image:title>Pier</image:title></image:image><loc>/b</loc><lastmod>2026-03-05T01:02:03+01:00</lastmod>",
            "<loc>https://evil.example/c</loc>",
            "<loc>https://m.harbour.example/d</loc>",
            "<loc>javascript:alert(1)</loc>",
            "<loc>/b</loc><lastmod>2026-03-06</lastmod>",
            "",
        ),
        _URL,
    )
    assert found == (
        (
            Link("https://www.harbour.example/a?x=1&y=2", "Ships & sea", "2026-03-04T10:00Z"),
            Link("https://www.harbour.example/b", "", "2026-03-05T01:02:03+01:00"),
            Link("https://m.harbour.example/d"),
        ),
        (),
    )


def test_an_index_leads_to_further_sitemaps() -> None:
    """Of the same site, each once, with the date of its last change."""
    body = b"""<s:sitemapindex xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:sitemap><s:loc>/0.xml</s:loc></s:sitemap>
    <s:sitemap><s:loc>/1.xml.gz</s:loc><s:lastmod>2026-03-05</s:lastmod></s:sitemap>
    <s:sitemap><s:loc>https://www.harbour.example/1.xml.gz</s:loc></s:sitemap><s:sitemap><s:loc>https://x.example/2.xml</s:loc>
    </s:sitemap></s:sitemapindex>"""
    assert read_sitemap(body, _URL) == (
        (),
        (
            Link("https://www.harbour.example/0.xml"),
            Link("https://www.harbour.example/1.xml.gz", published="2026-03-05"),
        ),
    )


def test_packed_files_and_plain_lists_are_read() -> None:
    """Of one gzip member or two; addresses one on a line."""
    body = sitemap("<loc>/a</loc>")
    assert pages(gzip.compress(body, mtime=0)) == ["/a"]
    assert pages(gzip.compress(body[:50], mtime=0) + gzip.compress(body[50:], mtime=0) + b"\0\0") == ["/a"]
    assert pages(
        b"\xef\xbb\xbfhttps://www.harbour.example/1\r\nhttps://www.harbour.example/1\nhttps://x.example/\nno"
    ) == ["/1"]


def test_small_faults_are_mended() -> None:
    """A bare ampersand does not lose a part of the address, CDATA holds what it holds, a torn end loses no more than itself."""
    assert pages(sitemap("<loc>/a?x=1&y=2</loc>", "<loc><![CDATA[/b?x=1&amp;y=2&z=3]]></loc>")) == [
        "/a?x=1&y=2",
        "/b?x=1&y=2&z=3",
    ]
    assert pages(sitemap("<loc>/a</loc>", "<loc>/b</loc>", "<loc>/c</loc>")[:-30]) == ["/a", "/b"]
    assert pages(b"<urlset/>") == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<!DOCTYPE u [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><urlset><url><loc>/&c;</loc></url></urlset>', "bad-xml"),
        (
            b'<!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/hostname">]><urlset><url><loc>/&a;</loc></url></urlset>',
            "bad-xml",
        ),
        (b"<urlset>" + b"<a>" * 200_000, "bad-xml"),
        (_OPEN[:60].encode(), "bad-xml"),
        (b"<!doctype html><html><body>Not found", "bad-xml"),
        (b"<rss><channel/></rss>", "bad-xml"),
        (b"Hello there", "bad-xml"),
        (b"", "bad-xml"),
        (gzip.compress(sitemap("<loc>/a</loc>"), mtime=0)[:-9], "bad-xml"),
        (b"\x1f\x8b" + b"x" * 50, "bad-xml"),
    ],
)
def test_what_cannot_be_read_is_named(body: bytes, reason: str) -> None:
    """Quickly, in one line, with the address."""
    begin = time.process_time()
    with pytest.raises(PageError, match=r"^https://www\.harbour\.example/sitemap\.xml: ") as caught:
        read_sitemap(body, _URL)
    assert caught.value.reason == reason
    assert time.process_time() - begin < 2


def test_a_document_type_is_not_looked_up() -> None:
    """What it would declare is not there."""
    body = b'<!DOCTYPE u SYSTEM "file:///etc/hostname"><urlset><url><loc>/a</loc><lastmod>&x;</lastmod></url></urlset>'
    assert pages(body) == ["/a"]


def test_more_than_the_limits_is_refused_or_left_out() -> None:
    """A bomb is not unpacked, and entries beyond the most are not read."""
    bomb = gzip.compress(b"<urlset>" + b" " * (40 << 20), mtime=0)
    begin = time.process_time()
    for body, most in ((bomb, 1 << 20), (b"<urlset>" + b" " * 2000, 1000)):
        with pytest.raises(PageError) as caught:
            read_sitemap(body, _URL, most_bytes=most)
        assert caught.value.reason == "too-large"
    assert time.process_time() - begin < 0.5
    many = sitemap(*(f"<loc>/{number}</loc>" for number in range(30)))
    assert len(read_sitemap(many, _URL, most=20)[0]) == 20
    listed = "\n".join(f"https://www.harbour.example/{number}" for number in range(30)).encode()
    assert len(read_sitemap(listed, _URL, most=20)[0]) == 20

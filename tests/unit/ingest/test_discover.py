"""What a document is, by what it holds; and the feeds that a page names, the best first."""

from __future__ import annotations

import gzip

import pytest

from cleaner.ingest.discover import describe, feeds_of, kind_of_document
from cleaner.ingest.sites import page_key, same_site, site_of

_URL = "https://www.harbour.example/news/"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<rss>", "feed"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- <html> --><feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        (b"<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/'>", "feed"),
        (b"<br /><b>Warning</b>: x <?xml version='1.0'?><rss><channel>", "feed"),
        (b'{"title": "T", "version": "https://jsonfeed.org/version/1.1"}', "feed"),
        (b'{"version":"https:\\/\\/jsonfeed.org\\/version\\/1"}', "feed"),
        ("<?xml version='1.0' encoding='utf-16'?><feed/>".encode("utf-16"), "feed"),
        (b"<sm:urlset xmlns:sm='x'>", "sitemap"),
        (b"<sitemapindex>", "sitemap"),
        (gzip.compress(b"<urlset/>", mtime=0), "sitemap"),
        (b"https://a.example/1\nhttps://a.example/2\n", "sitemap"),
        (b"<opml version='2.0'>", "opml"),
        (b"<!doctype html><p>The <rss> element", "html"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'>", "html"),
        (b"<div><p>x</p><p>y</p></div>", "html"),
        (b"The word <rss> in a text.", "text"),
        (b"See https://a.example/1", "text"),
        (b"", "text"),
        (b"<svg xmlns='x'/>", "other"),
        (b"<rdf:RDF xmlns:rdf='r' xmlns='foaf'>", "other"),
        (b"{}", "other"),
        (b"%PDF-1.4 \0\0", "other"),
        (b"\x1f\x8bnothing", "other"),
        (gzip.compress(gzip.compress(b"<urlset/>", mtime=0), mtime=0), "other"),
    ],
)
def test_a_document_is_what_it_holds(body: bytes, kind: str) -> None:
    """Whatever it is called and however it is declared."""
    assert kind_of_document(body, "https://a.example/feed.xml", "application/rss+xml") == kind
    assert kind_of_document(body, "https://a.example/x", "text/html; charset=utf-8") in {kind, "html"}


def test_a_kind_is_described_for_messages() -> None:
    """And nothing is called empty."""
    assert describe("html", b"x") == "is an HTML page"
    assert describe("text", b" \n") == "is empty"


def test_a_page_names_its_feeds_in_order() -> None:
    """Declared ones first, then links that look like feeds, comments' last; what only looks alike is left out."""
    html = b"""<html><head><base href="/base/">
    <link rel="alternate" type="application/rss+xml" title="Comments on boats" href="/boats/comments-feed/">
    <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" title="News &amp; more" href="feed.atom">
    <link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" type="application/json" href="/wp-json/posts/1">
    <link rel="alternate stylesheet" type="application/rss+xml" href="/style.rss">
    <link rel="alternate" type="application/feed+json" href="//cdn.harbour.example/feed.json">
    <link rel="alternate" type="text/xml" href="/old/rss.xml"><link rel="alternate" type="text/xml" href="/old/data.xml">
    <link rel="alternate" type="application/rss+xml" href="javascript:rss">
    </head><body><a href="/sport/rss.xml#top">Sport</a> <a href="feed.atom">again</a> <a href="/feedback/">Say</a>
    <a href="https://other.example/feed/">Friends</a> <a href="https://feeds.other.example/harbour">Burnt</a>
    <a href="/?feed=rss2" title="All"><img src="rss.png"></a> <a href="/breeding/">Breeding</a></body></html>"""
    assert [(link.url, link.title) for link in feeds_of(html, _URL)] == [
        ("https://www.harbour.example/base/feed.atom", "News & more"),
        ("https://cdn.harbour.example/feed.json", ""),
        ("https://www.harbour.example/old/rss.xml", ""),
        ("https://www.harbour.example/sport/rss.xml", "Sport"),
        ("https://feeds.other.example/harbour", "Burnt"),
        ("https://www.harbour.example/?feed=rss2", "All"),
        ("https://www.harbour.example/boats/comments-feed/", "Comments on boats"),
    ]


def test_a_page_without_feeds_names_none() -> None:
    """Nor does one that no parser reads in linear time, nor does a feed's own page name itself."""
    assert feeds_of(b"<p>Nothing <a href='/a'>here</a>", _URL) == ()
    assert feeds_of(b"<div>" * 20_000 + b"<a href='/feed/'>", _URL) == ()
    assert feeds_of(b"<a href='/feed/?utm_source=x'>", "https://harbour.example/feed") == ()


def test_sites_are_what_an_owner_registered() -> None:
    """As far as names tell."""
    assert site_of("https://a.b.example.co.uk/x") == "example.co.uk"
    assert site_of("https://ann.wordpress.com/") == "ann.wordpress.com"
    assert site_of("http://127.0.0.1:8080/") == "127.0.0.1"
    assert site_of("http://[::1]/") == "::1"
    assert site_of("http://[broken/") == ""
    assert same_site("https://www.harbour.example/a", "http://m.harbour.example/b")
    assert not same_site("https://harbour.example/", "https://harbour.example.org/")
    assert not same_site("nowhere", "nowhere")


def test_one_page_has_one_key() -> None:
    """Fragments and tracking do not count; what names the page does."""
    assert page_key("http://www.harbour.example:80/a/?utm_source=x&fbclid=1#top") == page_key(
        "https://harbour.example/a"
    )
    assert page_key("https://harbour.example/?id=1") != page_key("https://harbour.example/?id=2")

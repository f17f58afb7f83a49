"""Atom bytes -> what a feed validator would say of them: its errors and warnings, by its names. Reads; asks nobody.

The W3C's validator is on no package registry. This stands in for it beside RFC 4287's schema (``atom.rnc``, checked
with Debian's jing), and it also looks for what that validator does not see: addresses that run scripts, overrides of
direction, pictures without a text in their stead.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

__all__ = ["check_schema", "lint", "require"]

_A = "{http://www.w3.org/2005/Atom}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_IRI = re.compile(rf"(?:{_URI.pattern}|[\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000efffd])+")
_TAG_URI = re.compile(r"tag:[a-z0-9.@-]+,\d{4}(-\d\d){0,2}:.+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_HTMLISH = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+);")
_BAD = re.compile("[\x80-\x9f\ufffd\u202d\u202e]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ENCODED = re.compile("%([0-9A-Fa-f]{2})")
_FREE = re.compile(r"[A-Za-z0-9._~-]")  # characters of addresses that are not to be encoded
_RISKY = {"script", "iframe", "object", "embed", "meta", "form", "input", "style", "link", "base", "svg", "math"}
_VOID = {"br", "hr", "img"}
_NUMBER = re.compile(r"[1-9]\d{0,4}")
_SCHEMES = {"http", "https", "tag", "urn", "mailto", "info", "ni", "doi", "ftp", "news", "acct", "data"}
_MEDIA = "http://search.yahoo.com/mrss/"
_SPACES = {_A[1:-1]: None, _MEDIA: "media"}  # those that readers know, and by which prefix
_TYPES = {"application/atom+xml", "application/xml", "text/xml"}
_SCHEMA = Path(__file__).with_name("atom.rnc")


def lint(
    feed: bytes,
    *,
    location: str | None = None,
    content_type: str | None = None,
    now: datetime = datetime(2100, 1, 1, tzinfo=UTC),
) -> list[str]:
    """Every finding as ``Name: where``; none for a good feed.

    location: where it was got; content_type: the header that it came with; now: for dates to come.
    """
    try:
        feed.decode("utf-8")
        root = etree.fromstring(feed, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except UnicodeDecodeError as error:
        return [f"UnicodeError: {error}"]
    except etree.XMLSyntaxError as error:
        return [f"SAXError: {error}"]
    sent = _sent(feed, content_type) if content_type is not None else ()
    return [*sent, *_document(feed, root), *_head(root, location), *_entries(root, now)]


def _sent(feed: bytes, content_type: str) -> Iterator[str]:
    """What concerns the header beside the document."""
    kind, _, told = content_type.partition(";")
    if kind.strip() not in _TYPES:
        yield f"UnexpectedContentType: {kind}"
    charset = told.partition("charset=")[2].strip().lower()
    if charset not in {"", "utf-8"}:
        yield f"EncodingMismatch: {charset}"


def _document(feed: bytes, root: Any) -> Iterator[str]:
    """What concerns the document as a whole."""
    if not feed.startswith(b"<?xml"):
        yield "SAXError: something stands before the declaration"
    if b"<!DOCTYPE" in feed:
        yield "Doctype: has one"
    if b"UTF-8" not in feed[:60]:
        yield "EncodingMismatch: not declared as UTF-8"
    elements = list(root.iter(etree.Element))
    used = {(etree.QName(element).namespace, element.prefix) for element in elements}
    yield from (f"UnknownNamespace: {space}" for space, _ in used if space not in _SPACES)
    yield from (f"AvoidNamespacePrefix: {prefix}" for space, prefix in used if prefix != _SPACES.get(space, prefix))
    for element in elements:
        for text in (element.text or "", *element.attrib.values()):
            if _BAD.search(text) or (element.tag != f"{_A}content" and _TURNS.search(text)):
                yield f"BadCharacters: {element.tag}"
        if (language := element.get(_XML_LANG)) is not None and not _LANGUAGE.fullmatch(language):
            yield f"InvalidLanguage: {language}"


def _head(root: Any, location: str | None) -> Iterator[str]:
    """What concerns the feed's own elements."""
    for name in ("id", "title", "updated"):
        yield from _once(root, name)
    own = [link.get("href", "") for link in root.findall(f"{_A}link") if link.get("rel") == "self"]
    if len(own) != 1:
        yield "MissingSelf: or more than one"
    elif not urlsplit(own[0]).scheme:
        yield "RelativeSelf: " + own[0]
    elif location is not None and own[0] != location:
        yield f"SelfDoesntMatchLocation: {own[0]}"
    yield from _common(root)


def _entries(root: Any, now: datetime) -> Iterator[str]:
    """What concerns entries, one by one and among one another."""
    entries = root.findall(f"{_A}entry")
    for what, name in (("id", "DuplicateEntries"), ("updated", "DuplicateUpdated")):
        counts = Counter(entry.findtext(f"{_A}{what}") for entry in entries)
        yield from (f"{name}: {value}" for value, count in counts.items() if count > 1)
    for entry in entries:
        for name in ("id", "title", "updated"):
            yield from _once(entry, name)
        if entry.find(f"{_A}author") is None and root.find(f"{_A}author") is None:
            yield "MissingElement: author"
        yield from _texts(entry)
        yield from _common(entry)
        for source in entry.findall(f"{_A}source"):
            yield from (
                f"MissingSourceElement: {name}"
                for name in ("id", "title", "updated")
                if len(source.findall(f"{_A}{name}")) != 1
            )
            yield from _common(source)
        for name in ("updated", "published"):
            if (told := entry.findtext(f"{_A}{name}")) and _is_time(told):
                time = datetime.fromisoformat(told)
                if time.year <= 1970 or time > now + timedelta(days=2):
                    yield f"ImplausibleDate: {told}"


def _once(element: Any, name: str) -> Iterator[str]:
    """An element that must be there once, and not be blank."""
    found = element.findall(f"{_A}{name}")
    if len(found) != 1:
        yield f"MissingElement: {len(found)} of {name}"


def _texts(entry: Any) -> Iterator[str]:
    """The content and the summary of an entry."""
    content, summary = entry.find(f"{_A}content"), entry.find(f"{_A}summary")
    if content is None and not any(link.get("rel") == "alternate" for link in entry.findall(f"{_A}link")):
        yield "MissingElement: neither content nor alternate link"
    if content is None and summary is None:
        yield "MissingTextualContent: " + str(entry.findtext(f"{_A}id"))
    if content is None:
        return
    if content.get("src") is not None and summary is None:
        yield f"MissingSummary: {content.get('src')}"
    kind = content.get("type", "text")
    if kind == "xhtml" and [etree.QName(child).localname for child in content] != ["div"]:
        yield "MissingXhtmlDiv: content"
    if kind == "html":
        yield from _content(content.text or "")
    if kind == "text" and _HTMLISH.search(content.text or ""):
        yield "ContainsUndeclaredHTML: content"


def _common(part: Any) -> Iterator[str]:
    """What holds in feed, entry and source alike: texts, ids, links, times, persons, categories."""
    shown = [text for name in ("title", "subtitle", "summary", "rights") for text in part.findall(f"{_A}{name}")]
    for text in [*shown, *part.findall(f"{_A}content"), *part.findall(f"{_A}*/{_A}name")]:
        if not (text.text or "").strip() and not len(text) and text.get("src") is None:
            yield f"NotBlank: {text.tag}"
    for text in shown:
        if text.get("type", "text") == "text" and _HTMLISH.search(text.text or ""):
            yield f"ContainsUndeclaredHTML: {text.text}"
    yield from _ids(part)
    for told in (child.text or "" for name in ("updated", "published") for child in part.findall(f"{_A}{name}")):
        if not _is_time(told):
            yield f"InvalidRFC3339Date: {told}"
    for mail in part.findall(f"{_A}*/{_A}email"):
        if not _EMAIL.fullmatch(mail.text or ""):
            yield f"InvalidAddrSpec: {mail.text}"
    for category in part.findall(f"{_A}category"):
        if not category.get("term"):
            yield "MissingAttribute: term"
        elif not category.get("term").strip():
            yield "NotBlank: term"
    yield from _links(part)


def _is_time(told: str) -> bool:
    """Whether a time is written as RFC 3339 wants it, and there is such a day and hour."""
    try:
        datetime.fromisoformat(told)
    except ValueError:
        return False
    return _TIME.fullmatch(told) is not None


def _ids(part: Any) -> Iterator[str]:
    """Ids are IRIs, of a known scheme, in the form that is preferred."""
    for told in (child.text or "" for child in part.findall(f"{_A}id")):
        parts = urlsplit(told)
        if not _IRI.fullmatch(told) or not parts.scheme:
            yield f"InvalidFullLink: id {told}"
        elif parts.scheme not in _SCHEMES:
            yield f"SchemeNotIANARegistered: {told}"
        if told.startswith("tag:") and not _TAG_URI.fullmatch(told):
            yield f"InvalidTAG: {told}"
        if parts.netloc and (
            not parts.path
            or parts.netloc != parts.netloc.lower()
            or (parts.scheme, parts.netloc.rpartition(":")[2]) in {("http", "80"), ("https", "443")}
            or any(code != code.upper() or _FREE.fullmatch(chr(int(code, 16))) for code in _ENCODED.findall(told))
        ):
            yield f"NonCanonicalURI: {told}"


def _links(part: Any) -> Iterator[str]:
    """Addresses of the web only, and one alternate of a type and language."""
    links = part.findall(f"{_A}link")
    pictures = [picture.get("url", "") for picture in part.findall(f"{{{_MEDIA}}}thumbnail")]
    for href in [*(link.get("href", "") for link in links), *pictures]:
        parts = urlsplit(href)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not _URI.fullmatch(href):
            yield f"InvalidUriChar: {href!r}"
    for link in links:
        if not link.get("rel"):
            yield f"MissingAttribute: rel of {link.get('href')}"
    alternates = Counter((link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate")
    yield from (f"DuplicateAtomLink: {kind}" for kind, count in alternates.items() if count > 1)


def _content(text: str) -> Iterator[str]:
    """An entry's HTML as a browser would read it."""
    tree = LexborHTMLParser(text)
    for node in tree.css("*"):
        if node.tag in _RISKY and not (node.tag in {"meta", "style"} and node.parent is None):
            yield f"SecurityRisk: {node.tag}"
        for name, value in node.attributes.items():
            if name == "style":
                yield f"DangerousStyleAttr: {value}"
            if name.startswith("on") or name in {"srcdoc", "srcset"}:
                yield f"SecurityRiskAttr: {name}"
            if name in {"href", "src"} and not re.match(r"(?:https?://|mailto:)", value or ""):
                yield f"SecurityRisk: {name}={value!r}"
            if name in {"width", "height"} and not _NUMBER.fullmatch(value or ""):
                yield f"NotHtml: {name}={value!r}"
            if name == "dir" and value not in {"ltr", "rtl", "auto"}:
                yield f"NotHtml: dir={value!r}"
        if node.tag == "img" and not {"src", "alt"} <= node.attributes.keys():
            yield f"NotHtml: a picture without address or text: {node.attributes}"
    yield from _Tags(text).findings
    if not _even(tree.body.text() if tree.body is not None else ""):
        yield "BadCharacters: a change of direction that does not end"


def _even(text: str) -> bool:
    """Whether each change of direction is ended."""
    turns = Counter(_TURNS.findall(text))
    embedded = turns["\u202a"] + turns["\u202b"]
    return embedded == turns["\u202c"] and sum(turns[turn] for turn in "\u2066\u2067\u2068") == turns["\u2069"]


class _Tags(HTMLParser):
    """Tags as they are written: each closed, in its order, and none of a whole document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.findings: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.findings += [f"NotHtml: <{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag in {"html", "head", "body", "svg"}:
            self.findings.append(f"NotHtml: <{tag}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if not self._open or self._open.pop() != tag:
            self.findings.append(f"NotHtml: </{tag}> closes nothing")

    def handle_decl(self, decl: str) -> None:
        """A document type."""
        self.findings.append("NotHtml: a document type")


def require(program: str) -> str:
    """Where a Debian program is; the test skips where it is absent, but fails in CI, which has to have it."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not installed (apt-get install {program})")
        pytest.skip(f"{program} is not installed (apt-get install {program})")
    return found


def check_schema(*feeds: Path) -> str:
    """What jing says of files, by RFC 4287's schema; empty when all are valid."""
    done = subprocess.run(
        [require("jing"), "-c", _SCHEMA, *feeds], capture_output=True, text=True, check=False, timeout=120
    )
    return (done.stdout + done.stderr).strip() if done.returncode else ""

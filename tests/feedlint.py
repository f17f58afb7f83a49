"""Atom bytes -> what a feed validator would say of them: its errors and warnings, by its names. Reads; asks nobody.

The W3C's validator is on no package registry. This stands in for it beside RFC 4287's schema (``atom.rnc``, checked
with Debian's jing), and it also looks for what that validator does not see: script addresses, override characters.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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
_TAG_URI = re.compile(r"tag:[a-z0-9.@-]+,\d{4}(-\d\d){0,2}:.+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_HTMLISH = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+);")
_BAD = re.compile("[\x80-\x9f\ufffd\u202a-\u202e\u2066-\u2069]")
_RISKY = {"script", "iframe", "object", "embed", "meta", "form", "input", "style", "link", "base", "svg", "math"}
_SCHEMA = Path(__file__).with_name("atom.rnc")


def lint(feed: bytes, *, location: str | None = None, now: datetime = datetime(2100, 1, 1, tzinfo=UTC)) -> list[str]:
    """Every finding as ``Name: where``; none for a good feed. location: where it was got; now: for dates to come."""
    try:
        root = etree.fromstring(feed, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [f"SAXError: {error}"]
    return [*_document(feed, root), *_head(root, location), *_entries(root, now)]


def _document(feed: bytes, root: Any) -> Iterator[str]:
    """What concerns the document as a whole."""
    if not feed.startswith(b"<?xml"):
        yield "SAXError: something stands before the declaration"
    if b"<!DOCTYPE" in feed:
        yield "Doctype: has one"
    spaces = {etree.QName(element).namespace for element in root.iter(etree.Element)}
    yield from (f"UnknownNamespace: {space}" for space in spaces - {_A[1:-1]})
    if any(element.prefix for element in root.iter(etree.Element)):
        yield "AvoidNamespacePrefix: in use"
    for element in root.iter(etree.Element):
        for text in (element.text or "", *element.attrib.values()):
            if _BAD.search(text):
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
        content = entry.find(f"{_A}content")
        if content is None and not any(link.get("rel") == "alternate" for link in entry.findall(f"{_A}link")):
            yield "MissingTextualContent: " + str(entry.findtext(f"{_A}id"))
        if content is not None:
            yield from _content(content.text or "")
        for part in (entry, *entry.findall(f"{_A}source")):
            yield from _common(part)
        for name in ("updated", "published"):
            if (told := entry.findtext(f"{_A}{name}")) and _TIME.fullmatch(told):
                time = datetime.fromisoformat(told)
                if time.year <= 1970 or time > now + timedelta(days=2):
                    yield f"ImplausibleDate: {told}"


def _once(element: Any, name: str) -> Iterator[str]:
    """An element that must be there once, and not be blank."""
    found = element.findall(f"{_A}{name}")
    if len(found) != 1:
        yield f"MissingElement: {len(found)} of {name}"


def _common(part: Any) -> Iterator[str]:
    """What holds in feed, entry and source alike: texts, ids, links, times, persons, categories."""
    for text in [*part.findall(f"{_A}title"), *part.findall(f"{_A}rights"), *part.findall(f"{_A}*/{_A}name")]:
        if not (text.text or "").strip():
            yield f"NotBlank: {text.tag}"
        if text.get("type", "text") == "text" and not text.tag.endswith("name") and _HTMLISH.search(text.text or ""):
            yield f"ContainsUndeclaredHTML: {text.text}"
    for told in (child.text or "" for child in part.findall(f"{_A}id")):
        if not _URI.fullmatch(told) or not urlsplit(told).scheme:
            yield f"InvalidFullLink: id {told}"
        if told.startswith("tag:") and not _TAG_URI.fullmatch(told):
            yield f"InvalidTAG: {told}"
    for told in (child.text or "" for name in ("updated", "published") for child in part.findall(f"{_A}{name}")):
        if not _TIME.fullmatch(told):
            yield f"InvalidRFC3339Date: {told}"
    if any(not child.get("term") for child in part.findall(f"{_A}category")):
        yield "MissingAttribute: term"
    yield from _links(part)


def _links(part: Any) -> Iterator[str]:
    """Addresses of the web only, and one alternate of a type and language."""
    links = part.findall(f"{_A}link")
    for link in links:
        href = link.get("href", "")
        parts = urlsplit(href)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not _URI.fullmatch(href):
            yield f"InvalidUriChar: {href!r}"
        if not link.get("rel"):
            yield f"MissingAttribute: rel of {href}"
    alternates = Counter((link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate")
    yield from (f"DuplicateAtomLink: {kind}" for kind, count in alternates.items() if count > 1)


def _content(text: str) -> Iterator[str]:
    """An entry's HTML as a browser would read it."""
    tree = LexborHTMLParser(text)
    for node in tree.css("*"):
        if node.tag in _RISKY and not (node.tag in {"meta", "style"} and node.parent is None):
            yield f"SecurityRisk: {node.tag}"
        for name, value in node.attributes.items():
            if name.startswith("on") or name in {"style", "srcdoc", "srcset"}:
                yield f"SecurityRiskAttr: {name}"
            if name in {"href", "src"} and not re.match(r"(?:https?://|mailto:)", value or ""):
                yield f"SecurityRisk: {name}={value!r}"


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

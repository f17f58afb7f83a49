"""Bytes of a sitemap -> the pages it names, and the sitemaps it leads to. Pure.

Sitemaps and news sitemaps, index files, each also packed by gzip, and plain lists of addresses (sitemaps.org, 0.9).
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

from cleaner.datatypes import Link
from cleaner.errors import PageError
from cleaner.ingest.discover import describe, kind_of_document
from cleaner.ingest.entries import line, told_time, web_address
from cleaner.ingest.outline import find_root, refuse_declarations, xml_text
from cleaner.ingest.sites import same_site

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read_sitemap"]

_MOST = 50_000  # entries of one file, as the protocol has it
_BYTES = 50 << 20  # inflated, as well
_ROOTS = frozenset({"urlset", "sitemapindex"})
_END = re.compile(r"(?:</[\w.:-]{0,50}(?:urlset|sitemapindex)\s{0,50}|/)>\s{0,100}$", re.IGNORECASE)
_BARE = re.compile(r"&(?!#?\w{1,32};)")


def read_sitemap(
    body: bytes, url: str, *, most: int = _MOST, most_bytes: int = _BYTES
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """The pages of a sitemap and the further sitemaps of an index, in order, each once, of this site only.

    ``published`` of a sitemap is its ``lastmod``, as the index tells it. A page's title and date are those of its news entry,
    else ``published`` is its ``lastmod``. What comes after ``most`` entries is left out. Raises PageError: ``bad-xml`` for what cannot be read, ``too-large`` for more than ``most_bytes``.
    """
    text, _ = xml_text(_inflated(body, url, most_bytes), url)
    root = find_root(text)
    listed = tuple(_listed(text.split(), url, most)) if root is None else ()
    if listed:
        return listed, ()
    if root is not None:
        refuse_declarations(root, url)
    if root is None or root.name not in _ROOTS:
        raise PageError(url, "bad-xml", f"{describe(kind_of_document(body, url), body)}, not a sitemap")
    pages: dict[str, Link] = {}
    further: dict[str, Link] = {}
    for entry in _entries(text[root.start :], url):
        told = _told(entry)
        address = web_address(url, told.get("loc"))
        if address is not None and same_site(address, url):
            if _local(entry) == "sitemap":
                further.setdefault(address, Link(address, published=told_time(told.get("lastmod"))))
            else:
                published = told_time(told.get("publication_date") or told.get("lastmod"))
                pages.setdefault(address, Link(address, line(told.get("title")), published))
        if len(pages) + len(further) >= most:
            break
    if not pages and not further and not _END.search(text[-200:]):
        raise PageError(url, "bad-xml", "breaks off before its first entry")
    return tuple(pages.values()), tuple(further.values())


def _inflated(body: bytes, url: str, most: int) -> bytes:
    """The bytes, unpacked if gzip packed them. Raises PageError."""
    parts, size, rest = [], 0, body
    while rest.startswith(b"\x1f\x8b"):
        packer = zlib.decompressobj(31)
        try:
            parts.append(packer.decompress(rest, most - size + 1))
        except zlib.error as error:
            raise PageError(url, "bad-xml", f"the gzip file is damaged: {error}") from None
        size += len(parts[-1])
        if size > most:
            break
        if not packer.eof:
            raise PageError(url, "bad-xml", "the gzip file breaks off")
        rest = packer.unused_data.lstrip(b"\0")
    found = b"".join(parts) if parts else body
    if len(found) > most:
        raise PageError(url, "too-large", f"more than {most >> 20} MiB")
    return found


def _entries(text: str, url: str) -> Iterator[_Element]:
    """The ``url`` and ``sitemap`` elements one after the other; each is forgotten behind the next, so that memory stays small.

    Small faults are mended as libxml2 does; of bare ampersands, which it would lose with the word behind, entities are made before. Raises PageError (``bad-xml``).
    """
    from lxml import etree

    events = etree.iterparse(
        io.BytesIO(_BARE.sub("&amp;", text).encode("utf-8", "replace")),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        encoding="utf-8",
        recover=True,
        huge_tree=False,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, entry in events:
            yield entry
            entry.clear()
            while entry.getprevious() is not None and (parent := entry.getparent()) is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise PageError(url, "bad-xml", line(str(error))[:200]) from None


def _told(entry: _Element) -> dict[str, str]:
    """What an entry's elements tell, by their names without namespaces; the first of a name counts, pictures' do not."""
    found: dict[str, str] = {}
    for element in entry.iter("{*}loc", "{*}lastmod", "{*}title", "{*}publication_date"):
        parent = element.getparent()
        if parent is not None and _local(parent) in {"url", "sitemap", "news"}:
            found.setdefault(_local(element), unescape(element.text or "").strip())
    return found


def _local(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _listed(words: list[str], url: str, most: int) -> Iterator[Link]:
    """The addresses of a plain list."""
    seen: set[str] = set()
    for word in words:
        if (
            word.startswith(("http://", "https://"))
            and (address := web_address(None, word))
            and same_site(address, url)
        ):
            if address not in seen:
                seen.add(address)
                yield Link(address)
            if len(seen) >= most:
                return

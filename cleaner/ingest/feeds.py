"""Bytes of a feed -> FeedDocument: RSS 0.9x, 1.0, 2.0 and Atom by feedparser, JSON Feed by ``jsonfeed``. Pure.

Made to run in a child that can be killed: what feedparser is known to choke on is refused or shortened before, but it
is not a parser to trust with time. Links and content are told as found there; cleaning them is the pipeline's.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import escape, unescape
from typing import Any

from cleaner.datatypes import Enclosure, FeedDocument, FeedItem
from cleaner.errors import PageError
from cleaner.ingest.discover import describe, kind_of_document
from cleaner.ingest.entries import (
    LONGEST_NAME,
    each_once,
    identity,
    is_markup,
    line,
    line_of_html,
    name_of,
    newest,
    paragraphs,
    told_time,
    web_address,
    whole_links,
)
from cleaner.ingest.jsonfeed import read_json_feed
from cleaner.ingest.outline import FORBIDDEN, Outline, find_root, outline, refuse_declarations, xml_text

__all__ = ["read_feed"]

_ROOTS = frozenset({"rss", "rdf", "feed"})
_LONGEST = timedelta(days=366)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 7 * 24, "monthly": 30 * 24, "yearly": 365 * 24}
_MOST_NAMES = 100  # authors, categories or enclosures of one entry
_AUTHORS = frozenset({"author", "creator", "managingeditor"})
_NAME = re.compile(r"<(?:[\w.-]{1,50}:)?name\b[^<>]*>([^<]*)", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ELEMENT = re.compile(r"</?[A-Za-z]")
_TAG = re.compile(r"<[^<>]*>")
_TIME = re.compile(
    r"<(?:[\w.-]{1,50}:)?(?:pubdate|published|updated|date|issued|modified|created)\b[^<>]{0,200}>\s{0,20}(?:<!\[CDATA\[)?"
    r"([^<\]]{4,100})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"&#(?:0*([0-9]{1,7})|[xX]0*([0-9a-fA-F]{1,6})|[xX]?[0-9a-fA-F]+);")
_VOID_END = re.compile(r"</(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)>")
_HTML, _XHTML, _PLAIN = "text/html", "application/xhtml+xml", "text/plain"


def read_feed(body: bytes, url: str, media_type: str = "", most: int = 500) -> FeedDocument:
    """The feed in the bytes that an address answered.

    media_type: as the answer declares it, charset included; most: entries that are kept, the newest ones, in the order of
    the document. Of several entries with one id the last is kept. Raises PageError: ``no-feed`` (the detail says what it is),
    ``bad-xml`` (declarations of entities, or nothing to be salvaged), ``bad-json``, ``bad-encoding``, ``too-complex``.
    """
    text, notes = xml_text(body, url, media_type)
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        found = read_json_feed(text.lstrip("\ufeff"), url, most)
        return FeedDocument(found.title, found.home, found.language, None, found.items, (*notes, *found.notes))
    root = find_root(text)
    if root is not None:
        refuse_declarations(root, url)
    if root is None or root.name not in _ROOTS:
        raise PageError(url, "no-feed", describe(kind_of_document(body, url, media_type), body))
    if root.name == "rdf" and "purl.org/rss/" not in text and "netscape.com/rdf" not in text:
        raise PageError(url, "no-feed", "is RDF, but no RSS")
    text = text[root.start :]
    plan = outline(text, url)
    text, more = _reduced(text, plan, most)
    told = _parsed(text, url)
    feed = dict(told["feed"])
    version = str(told.get("version") or "")
    items = [_item(dict(entry), feed, url, is_atom=version.startswith("atom")) for entry in told["entries"]]
    items = [item for item in items if item.url or item.title or item.html]
    title = line_of_html(_str(feed, "title"))
    if told.get("bozo"):
        reason = _complaint(told.get("bozo_exception"))
        if not items and not title:
            raise PageError(url, "bad-xml", reason)
        more = (*more, f"not well-formed: {reason}")
    if len(items) > most:
        items = [items[place] for place in newest([item.published or item.updated for item in items], most)]
    return FeedDocument(
        title=title,
        home=web_address(url, feed.get("link")),
        language=line(feed.get("language"))[:35] or None,
        every=_every(feed),
        items=each_once(items),
        notes=(*notes, *more),
    )


def _parsed(text: str, url: str) -> Any:
    """What feedparser makes of a feed's text. Raises PageError (``bad-xml``) where it fails."""
    import feedparser

    body = ("<?xml version='1.0' encoding='utf-8'?>\n" + _NUMBER.sub(_character, text)).encode("utf-8", "replace")
    try:
        return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001 - it promises nothing about what it raises
        raise PageError(url, "bad-xml", f"cannot be read: {type(error).__name__}: {error}"[:200]) from None


def _character(hit: re.Match[str]) -> str:
    """A numeric character reference, if there is such a character in XML; else the mark of one that is lost."""
    number = int(hit[1]) if hit[1] else int(hit[2], 16) if hit[2] else 0
    return hit[0] if 0 < number <= 0x10FFFF and not FORBIDDEN.match(chr(number)) else "\ufffd"


def _complaint(error: object) -> str:
    """What an XML parser complains of, in one line."""
    where = f" in line {number()}" if callable(number := getattr(error, "getLineNumber", None)) else ""
    said = getattr(error, "getMessage", None)
    return line(f"{said() if callable(said) else error}{where}")[:200]


# ------------------------------------------------------------------------------------------ before feedparser sees it


def _reduced(text: str, plan: Outline, most: int) -> tuple[str, tuple[str, ...]]:
    """A feed's text with names for authors, no more than the newest entries and no torn one; notes on what was left out.

    feedparser looks for mail addresses in authors with an expression that is quadratic, and takes a millisecond for an entry.
    """
    notes = []
    if plan.open is not None and len(plan.entries) > 0:
        notes.append("the last entry breaks off and was left out")
        text = text[: plan.open]
    edits = [(begin, end, _person(name, text[begin:end])) for name, begin, end in plan.people if end <= len(text)]
    if len(plan.entries) > 2 * most:
        notes.append(f"of {len(plan.entries)} entries the newest {most} were read")
        times = [hit[1].strip() if (hit := _TIME.search(text, *place)) else "" for place in plan.entries]
        kept = set(newest(times, most))
        edits += [(*place, "") for number, place in enumerate(plan.entries) if number not in kept]
    parts, done = [], 0
    for begin, end, new in sorted(edits):
        if begin >= done:
            parts += [text[done:begin], new]
            done = end
    return "".join([*parts, text[done:]]), tuple(notes)


def _person(element: str, inner: str) -> str:
    """What stands in an author, as nothing but a name."""
    if element not in _AUTHORS or not inner.strip():
        return ""
    inner = _CDATA.sub(lambda hit: escape(hit[1], quote=False), inner[: 20 * LONGEST_NAME])
    hit = _NAME.search(inner)
    return escape(name_of(unescape(_TAG.sub(" ", hit[1] if hit else inner))), quote=False)


# ------------------------------------------------------------------------------------------------- what it made of it


def _item(entry: dict[str, Any], feed: dict[str, Any], url: str, *, is_atom: bool) -> FeedItem:
    """One entry as a record. feed: for what an entry inherits: rights, and in Atom the authors."""
    own = _address(entry, url)
    published, updated = _time(entry, "published", "created"), _time(entry, "updated")
    return FeedItem(
        id=identity(entry.get("id")),
        url=own,
        title=_title(entry),
        authors=_authors(entry) or (_authors(feed) if is_atom else ()),
        published=published or ("" if is_atom else updated),
        updated=updated,
        html=_content(entry, url, own or web_address(url, feed.get("link")) or url),
        categories=_categories(entry),
        enclosures=tuple(_enclosures(entry, own or url))[:_MOST_NAMES],
        rights=_line_of(entry, "rights") or _line_of(feed, "rights"),
    )


def _str(told: dict[str, Any], key: str) -> str:
    """A text value; empty for any other."""
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _address(entry: dict[str, Any], url: str) -> str | None:
    """An entry's page: where FeedBurner's link leads, its link, any alternate; an id only if it is a whole address."""
    links = [link for link in entry.get("links") or () if link.get("rel") == "alternate"]
    link = _str(entry, "link")
    if not links and link == _str(entry, "id"):
        return web_address(url, link) if link.startswith(("http://", "https://")) else None
    told = [entry.get("feedburner_origlink"), link, *(link.get("href") for link in links)]
    return next((found for one in told if (found := web_address(url, one))), None)


def _time(entry: dict[str, Any], *keys: str) -> str:
    """The first of an entry's times that is told."""
    return next((time for key in keys if (time := told_time(entry.get(key), entry.get(f"{key}_parsed")))), "")


def _title(entry: dict[str, Any]) -> str:
    """An entry's title as plain text."""
    title, detail = _str(entry, "title"), entry.get("title_detail") or {}
    kind = detail.get("type") if detail.get("value") == title else None
    return line(title) if kind == _PLAIN or (kind is None and not is_markup(title)) else line_of_html(title)


def _line_of(told: dict[str, Any], key: str) -> str:
    """One line of a value that may be HTML."""
    return line_of_html(value) if is_markup(value := _str(told, key)) else line(value)


def _authors(told: dict[str, Any]) -> tuple[str, ...]:
    """The names of authors, each once."""
    people: Sequence[Any] = told.get("authors") or ()
    return tuple(dict.fromkeys(name for one in people[:_MOST_NAMES] if (name := name_of(_str(dict(one), "name")))))


def _content(entry: dict[str, Any], url: str, base: str) -> str:
    """The fullest of an entry's contents and summaries as HTML. base: of its links, where the feed itself names none."""
    told = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    found: list[tuple[int, str]] = []
    for one in told:
        value, kind = _str(dict(one), "value"), one.get("type")
        if not value.strip() or kind not in {_HTML, _XHTML, _PLAIN}:
            continue
        if kind == _PLAIN:
            html = paragraphs(value)
        elif kind == _HTML and not _ELEMENT.search(value):
            html = paragraphs(unescape(value))  # called HTML, and still the lines of a plain text
        else:
            html = _VOID_END.sub("", FORBIDDEN.sub("", value)) if kind == _XHTML else FORBIDDEN.sub("", value)
        found.append((len(_TAG.sub("", html)), whole_links(html, web_address(url, one.get("base")) or base)))
    return max(found, key=lambda one: one[0])[1] if found else ""


def _categories(entry: dict[str, Any]) -> tuple[str, ...]:
    """The names of categories, each once; addresses are no names."""
    terms = [line(tag.get("label") or tag.get("term")) for tag in (entry.get("tags") or ())[:_MOST_NAMES]]
    return tuple(dict.fromkeys(term for term in terms if term and not term.startswith(("http://", "https://"))))


def _enclosures(entry: dict[str, Any], base: str) -> Iterator[Enclosure]:
    """The files that go with an entry."""
    for link in entry.get("links") or ():
        if link.get("rel") == "enclosure" and (address := web_address(base, link.get("href"))):
            size = _str(dict(link), "length").strip()
            length = int(size) if re.fullmatch(r"\d{1,15}", size, re.ASCII) else 0
            yield Enclosure(address, line(link.get("type")), length or None)


def _every(feed: dict[str, Any]) -> timedelta | None:
    """How often a feed asks to be fetched at most: ``ttl`` in minutes, or so many times in a period."""
    if re.fullmatch(r"\d{1,9}", ttl := _str(feed, "ttl").strip(), re.ASCII) and int(ttl):
        return min(timedelta(minutes=int(ttl)), _LONGEST)
    hours = _PERIODS.get(_str(feed, "sy_updateperiod").strip().casefold())
    if hours is None:
        return None
    times = _str(feed, "sy_updatefrequency").strip()
    return timedelta(hours=hours) / (int(times) if re.fullmatch(r"[1-9]\d{0,3}", times, re.ASCII) else 1)

"""``cleaner add``, ``pause``, ``resume``, ``remove`` and ``opml``: care of the sources that people did not write by hand.

What is added stands in STATE/config/sources, one file an ``add``, as tables with comments that may be edited.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from cleaner.children import Children
from cleaner.cli.progress import bar
from cleaner.collect import ANY_KIND, FEEDS, Visitor, open_visitor, revive
from cleaner.config import is_web_address
from cleaner.datatypes import FeedDocument, Link, Settings, Subscription
from cleaner.errors import ConfigError, FetchError, PageError
from cleaner.fetch import without_login
from cleaner.files import write_whole
from cleaner.ingest import Outline, read_opml, write_opml
from cleaner.markup import clean_text
from cleaner.run import utc_now
from cleaner.store import Store
from cleaner.text import slug

__all__ = ["add_sources", "pause_source", "print_opml", "remove_source"]

_FEWEST = 5  # links that make a page a listing
_PATH = " / "  # between the folders of a list that make a group
_COMMENTS = {
    "feed": '# fulltext = "auto"  # "always" fetches each page, "never" takes what the feed carries',
    "listing": '# select = "h2 a"  # a CSS selector of the links, where the wrong ones are found',
    "sitemap": "# max_pages = 50  # fetched in one round at most",
    "pages": '# min = "15m"  # asked no oftener',
    "folder": '# after = "move"  # puts files that were taken in into .done/',
    "archive": "# max_entries = 200  # in the feed",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a thing turned out to be. note: for the comment above the table."""

    kind: str
    key: str
    value: str
    title: str
    note: str
    group: str = ""


def add_sources(settings: Settings, what: str, name: str | None, *, untried: bool) -> int:
    """Find out what a path or an address is, try it, and write it down as a source, or many for an OPML file; the exit code."""
    path = Path(what).expanduser()
    if is_web_address(what):
        return _add_address(settings, what, name)
    if path.is_dir():
        _write(settings, [_Found("folder", "path", str(path.resolve()), path.name, "a folder")], name)
        return 0
    if not path.exists():
        raise ConfigError([f"{what}: neither a file nor a folder nor an http(s) address"])
    if re.search(r"\.warc(\.gz)?$", path.name, re.IGNORECASE):
        _write(settings, [_Found("archive", "path", str(path.resolve()), path.stem, "an archive")], name)
        return 0
    return _add_list(settings, path, untried=untried)


def _add_address(settings: Settings, url: str, name: str | None) -> int:
    """Add what is at an address."""
    with _asking(settings) as (visitor, children):
        found = _recognise(visitor, children, url)
    _write(settings, [found], name)
    return 0


class _asking:  # noqa: N801 - reads as a verb where it is used
    """A visitor and children for as long as sources are tried."""

    def __init__(self, settings: Settings) -> None:
        self._visitor = open_visitor(settings, utc_now)
        self._children = Children(
            settings.children, settings.page_seconds, settings.page_memory, settings.knowledge, settings.authority
        )

    def __enter__(self) -> tuple[Visitor, Children]:
        return self._visitor, self._children

    def __exit__(self, *_: object) -> None:
        self._children.close(at_once=True)


def _recognise(visitor: Visitor, children: Children, url: str, *, feed: bool = False) -> _Found:
    """What is at an address: a feed, a map, a page that names its feed, a listing, a site that has a map, else a page. Raises PageError.

    feed: it is said to be a feed, so that a page which names none is an error: what stands where a feed was is no source.
    """
    answer = visitor.ask(url, accept=ANY_KIND)
    if answer.status != 200:
        raise FetchError(without_login(url), "status", f"answered {answer.status}")
    kind: str = children.read(
        "cleaner.ingest.discover:kind_of_document", url, answer.body, answer.url, answer.header("content-type")
    )
    if kind == "feed":
        return _feed(children, url, answer.body, answer.header("content-type"))
    if kind == "sitemap":
        return _Found("sitemap", "url", url, _host(url), "a map of a site")
    if kind not in {"html", "text"}:
        raise FetchError(without_login(url), "unknown-kind", f"is {kind}: neither a feed nor a map nor a page")
    feeds: tuple[Link, ...] = children.read("cleaner.ingest.discover:feeds_of", url, answer.body, answer.url)
    for link in feeds[:3]:
        try:
            told = visitor.ask(link.url, accept=FEEDS)
            found = _feed(children, link.url, told.body, told.header("content-type"))
        except PageError:
            continue
        others = ", ".join(one.url for one in feeds if one != link)
        return replace(
            found,
            note=found.note + f", named by {without_login(url)}" + (f"; others there: {others}" if others else ""),
        )
    if feed:
        raise FetchError(without_login(url), "no-feed", "is a page that names no feed")
    links: tuple[Link, ...] = children.read("cleaner.ingest.listing:article_links", url, answer.body, answer.url)
    if len(links) >= _FEWEST:
        return _Found("listing", "url", url, _host(url), f"a page that lists {len(links)} articles")
    if urlsplit(url).path in {"", "/", "/robots.txt"} and visitor.sitemaps(url):
        site = urljoin(url, "/")
        return _Found("sitemap", "url", site, _host(url), "a site whose robots.txt names its maps")
    return _Found("pages", "urls", url, _host(url), "a page")


def _feed(children: Children, url: str, body: bytes, media_type: str) -> _Found:
    """A feed that could be read. Raises PageError."""
    document: FeedDocument = children.read("cleaner.ingest.feeds:read_feed", url, body, url, media_type)
    return _Found("feed", "url", url, document.title or _host(url), f"a feed of {len(document.items)} entries")


def _add_list(settings: Settings, path: Path, *, untried: bool) -> int:
    """Add all feeds of an OPML file that answer; those that do not are named with the reason."""
    outlines = read_opml(path.read_bytes(), str(path))
    known = {source.url for source in settings.sources}
    new = [outline for outline in outlines if outline.url not in known]
    found, failed = list[_Found](), list[PageError]()
    with (
        _asking(settings) as (visitor, children),
        ThreadPoolExecutor(settings.askers) as pool,
        bar(len(new)) as advance,
    ):

        def tried(outline: Outline) -> _Found | PageError:
            """One feed of the list, tried unless that was not wanted."""
            group = _PATH.join(folder.replace(_PATH, " ") for folder in outline.groups)
            if not is_web_address(outline.url):
                return FetchError(outline.url, "scheme", "no http(s) address")
            if untried:
                return _Found("feed", "url", outline.url, outline.title or _host(outline.url), "not tried", group)
            try:
                told = _recognise(visitor, children, outline.url, feed=True)
            except PageError as error:
                return error
            finally:
                advance()
            return replace(told, title=outline.title or told.title, group=group)

        for result in pool.map(tried, new):
            (failed if isinstance(result, PageError) else found).append(result)  # type: ignore[arg-type]
    added = _write(settings, found, None, path.stem)
    for error in failed:
        print(f"cleaner: {error}", file=sys.stderr)
    print(f"{added} added, {len(outlines) - len(failed) - added} there already, {len(failed)} failed")
    return 0 if not failed else 1 if found or len(outlines) > len(new) else 3


# ------------------------------------------------------------------------------------------------------------- the files


def _write(settings: Settings, found: Sequence[_Found], name: str | None, stem: str | None = None) -> int:
    """Write sources down, each under a name that is free; those that are there already are named. How many were written."""
    there: dict[tuple[str, str], str] = {
        (source.kind, source.url or str(source.path or "")): source.name for source in settings.sources
    }
    there |= {("pages", url): source.name for source in settings.sources for url in source.urls}
    taken = {source.name for source in settings.sources} | {"all", "health", "index", "opml"}
    tables, names, notes = list[str](), list[str](), list[str]()
    for one in found:
        if known := there.get((one.kind, one.value)):
            print(f'{without_login(one.value)} is there already, as "{known}"')
            continue
        free = _free(name or one.title, taken)
        taken.add(free)
        there[one.kind, one.value] = free
        names.append(free)
        notes.append(f'added "{free}": {one.note} ({without_login(one.value)})')
        tables.append(_table(one, free))
    if not tables:
        return 0
    folder = settings.state_dir / "config" / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_free(stem or names[0], {file.stem for file in folder.glob('*.toml')})}.toml"
    secret = any(without_login(one.value) != one.value for one in found)  # it holds a password
    write_whole(path, "\n".join(tables).encode(), 0o600 if secret else 0o644)
    if len(notes) == 1:
        print(notes[0])
    print(f"written: {path}")
    return len(tables)


def _table(one: _Found, name: str) -> str:
    """A source as TOML with comments."""
    title, group = (json.dumps(clean_text(told), ensure_ascii=False) for told in (one.title, one.group))
    value = json.dumps([one.value] if one.kind == "pages" else one.value, ensure_ascii=False)
    lines = [
        "[[source]]",
        f"# {clean_text(one.note)}",
        f'name = "{name}"',
        f'kind = "{one.kind}"',
        f"{one.key} = {value}",
    ]
    lines.append(f"title = {title}")
    if one.group:
        lines.append(f"group = {group}")
    return "\n".join((*lines, _COMMENTS[one.kind], ""))


def _free(told: str, taken: set[str]) -> str:
    """A slug made of a title that nothing else has."""
    plain = slug(told) or "source"
    number, name = 1, plain
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    return name


def _host(url: str) -> str:
    """The host of an address, as a title."""
    return re.sub(r"^https?://(?:www\.)?", "", without_login(url)).split("/")[0].split(":")[0]


# ------------------------------------------------------------------------------------------------------------------ care


def pause_source(settings: Settings, name: str, *, paused: bool) -> None:
    """Ask a source no more until it is resumed, or ask it again. Raises ConfigError."""
    source = _known(settings, name)
    if not paused and source.paused:
        raise ConfigError([f'"{name}" is paused in its own file: take "paused = true" out there'])
    with Store(settings.state_dir) as store:
        store.keep(f"paused {name}", "yes" if paused else "")
        if not paused:
            revive(store, name)
    print(f'"{name}" is {"paused" if paused else "asked again from the next round on"}')


def remove_source(settings: Settings, name: str) -> None:
    """Take out a source that was added; its pages and entries stay in the state. Raises ConfigError."""
    _known(settings, name)
    for path in sorted((settings.state_dir / "config" / "sources").glob("*.toml")):
        tables = list(_tables(path.read_text("utf-8")))
        kept = [text for text, named in tables if named != name]
        if len(kept) == len(tables):
            continue
        if any(named for _, named in tables if named != name):
            write_whole(path, "".join(kept).encode(), path.stat().st_mode & 0o777)
        else:
            path.unlink()
        for ending in ("atom", "json"):
            (settings.feeds_dir / f"{name}.{ending}").unlink(missing_ok=True)
        with Store(settings.state_dir) as store:
            store.forget(name)  # or a later source of that name would begin where this one was
        print(f'"{name}" is taken out of {path}; its pages and entries stay in {settings.state_dir}')
        return
    raise ConfigError([f'"{name}" was not added but written by hand: take it out of its file in config/sources'])


def _tables(text: str) -> Iterator[tuple[str, str]]:
    """Each ``[[source]]`` table of a file as text, with the source's name; what stands above the first has none."""
    for part in re.split(r"(?m)^(?=[ \t]*\[\[[ \t]*source[ \t]*\]\])", text):
        if part:
            listed = tomllib.loads(part).get("source") or [{}]
            yield part, str(listed[0].get("name", ""))


def _known(settings: Settings, name: str) -> Subscription:
    """The source of a name. Raises ConfigError."""
    found = next((source for source in settings.sources if source.name == name), None)
    if found is None:
        raise ConfigError([f'no source "{name}"'])
    return found


def print_opml(settings: Settings) -> None:
    """Write the list of our feeds, in their groups, for other readers."""
    base = (settings.base_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    outlines = [
        Outline(
            f"{base}/feeds/{source.name}.atom",
            source.title or source.name,
            base + "/",
            tuple(source.group.split(_PATH)) if source.group else (),
        )
        for source in settings.sources
    ]
    sys.stdout.buffer.write(write_opml(settings.title, outlines))

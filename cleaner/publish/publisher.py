"""Feeds -> files in ``feeds/``: written whole or not at all, and not touched where nothing changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape
from lxml import etree

from cleaner.errors import PublishError
from cleaner.files import sweep, write_whole
from cleaner.publish.feed import Feed, title_of, web_iri
from cleaner.publish.limits import Rendered

__all__ = ["SHOWN", "make_folder", "remove_feed", "write_feed", "write_index"]

_AHEAD = 60  # seconds that a file's time may be ahead, as it is for a moment after many changes at once
SHOWN = 8  # entries of each feed on the index page


def make_folder(folder: Path) -> None:
    """Make the folder where it is not there, and take away what a killed process left half written. Raises PublishError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
    except OSError as error:
        raise PublishError(f"{folder}: {error.strerror}") from None


def write_feed(folder: Path, made: Rendered) -> tuple[str, ...]:
    """Write ``NAME.atom`` and ``NAME.json``; the names of those that changed.

    Raises PublishError where one cannot be written: the old one stays whole.
    """
    files = {f"{made.feed.name}.atom": made.atom, f"{made.feed.name}.json": made.json}
    return tuple(name for name, body in files.items() if _write(folder / name, body))


def write_index(folder: Path, title: str, feeds: Sequence[Feed]) -> tuple[str, ...]:
    """Write ``index.html`` and ``index.opml``; the names of those that changed. Raises PublishError.

    Of each feed the first entries are shown, without their texts.
    """
    files = {"index.html": _index(title, feeds), "index.opml": _opml(title, feeds)}
    return tuple(name for name, body in files.items() if _write(folder / name, body))


def remove_feed(folder: Path, name: str) -> None:
    """Take a feed away in all its formats. Raises PublishError."""
    for path in (folder / f"{name}.atom", folder / f"{name}.json"):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise PublishError(f"{path}: {error.strerror}") from None


def _write(path: Path, body: bytes) -> bool:
    """Write a file if its bytes differ; whether it did.

    Each version is of another second than the one before: readers that ask by date take them for the same otherwise.
    """
    try:
        before = 0
        if path.is_file() and not path.is_symlink():
            if path.read_bytes() == body:
                return False
            before = int(path.stat().st_mtime)
        write_whole(path, body)
        if 0 <= before - int(path.stat().st_mtime) < _AHEAD:
            os.utime(path, (before + 1, before + 1))
    except OSError as error:
        raise PublishError(f"{path}: {error.strerror}") from None
    return True


def _index(title: str, feeds: Sequence[Feed]) -> bytes:
    """The page that lists the feeds."""
    environment = Environment(
        loader=PackageLoader("cleaner.publish"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(line=title_of, address=web_iri)
    text = environment.get_template("index.html").render(title=title, feeds=feeds, shown=SHOWN)
    return text.encode()


def _opml(title: str, feeds: Sequence[Feed]) -> bytes:
    """OPML 2.0 with every feed."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title_of(title)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = title_of(feed.title)
        etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.address, htmlUrl=feed.home)
    return bytes(etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8"))

"""A folder -> RawPage for each complete file in it, in order of names. Reads; changes nothing.

A file is a page, as JSON Lines a page a line, as WARC many; ``formats`` tells what programs that save pages write into them.
A file counts when it is complete: renamed into place, or unchanged for the settle time. What is no plain file inside the
folder (a link out of it, a pipe, a device) is never opened for reading.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cleaner.datatypes import Claim, RawPage, Subscription
from cleaner.errors import PageError
from cleaner.ingest.archive import read_archive
from cleaner.ingest.formats import MHTML, based_address, saved_claims, tree_address, unpack_mhtml
from cleaner.ingest.lines import page_of_line
from cleaner.ingest.sidecar import MOST_BYTES, claims_from_json, fetched_of, split_header

__all__ = ["DONE", "move_aside", "read_page", "read_pages", "scan", "show_path"]

DONE = ".done"
REFUSED = "refused "  # begins the stamp of a file that was no page: known, and left where it is
_LINES = ".jsonl"
_SIDECAR = ".meta.json"
_ARCHIVES = (".warc", ".warc.gz")
_UNFINISHED = (".tmp", ".part", ".crdownload", ".partial", ".open", "~")
# What pages are saved along with, and what is no page by itself.
_ALONG = frozenset(
    """
    .css .js .mjs .map .json .ico .png .jpg .jpeg .gif .webp .avif .svg .bmp .woff .woff2 .ttf .otf .eot .mp3 .m4a .ogg .mp4
    .webm .mov
    """.split()
)
_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
}


def scan(
    subscription: Subscription, now: datetime, most: int, stamps: Mapping[str, str]
) -> Iterator[tuple[str, str, RawPage | PageError]]:
    """The pages of a source's folder that are complete at ``now`` and not known: name, stamp, page or error.

    most: bytes that a page may have, inflated; stamps: what each known file's stamp was, by name. A stamp changes with the file
    and with its sidecar, so that a file which did not change is not even opened. Raises PageError (``folder-missing``) where the folder itself is gone.
    """
    folder = subscription.path
    if folder is None or not folder.is_dir():
        raise PageError(str(folder), "folder-missing", f'the folder of source "{subscription.name}" is not there')
    for path in _files(folder):
        relative = path.relative_to(folder)
        if _comes_along(relative):
            continue
        name, stamp = show_path(str(relative)), ""
        try:
            info = path.lstat()
            stamp = _stamp(path, info)
            if (
                _is_fresh(info.st_mtime, now, subscription.settle)
                or stamps.get(name, "").removeprefix(REFUSED) == stamp
            ):
                continue
            pages = read_pages(path, source=subscription.name, most=most, under=relative, base=subscription.url)
            yield from _named(name, stamp, pages)
        except FileNotFoundError:
            continue  # taken away between the listing and the reading
        except PageError as error:
            yield name, REFUSED + stamp, error


def _named(
    name: str, stamp: str, pages: Iterator[RawPage | PageError]
) -> Iterator[tuple[str, str, RawPage | PageError]]:
    """A file's pages with names and stamps.

    Of several the last one has the file's name and stamp, so that a file which was left halfway is read again; those
    before are called after their lines, or their number. Where one of them is no page, the file is refused: somebody
    has to mend it.
    """
    last: RawPage | PageError | None = None
    refused = ""
    for number, page in enumerate(pages):
        if last is not None:
            called = last.origin if last.origin.startswith(f"{name}:") else f"{name}:{number}"
            yield called, (REFUSED if isinstance(last, PageError) else "") + stamp, last
        last = page
        refused = REFUSED if isinstance(page, PageError) else refused
    if last is None:
        last, refused = PageError(name, "empty", "holds no page"), REFUSED
    yield name, refused + stamp, last


def read_pages(
    path: Path,
    *,
    source: str = "",
    most: int = 20 << 20,
    name: str | None = None,
    under: Path | None = None,
    base: str | None = None,
) -> Iterator[RawPage | PageError]:
    """The pages in a file: one; in JSON Lines (``.jsonl``) one a line, called ``NAME:LINE``; in WARC those that were fetched.

    A line or a record that is no page is an error among them, and so is the place where an archive is damaged, which ends it.
    Raises PageError, and FileNotFoundError, as ``read_page`` does; it says what ``name``, ``under`` and ``base`` are.
    """
    origin = show_path(name or str(under or path))
    if _is_archive(path):
        yield from _records(path, origin, source, most)
    elif path.suffix.casefold() == _LINES:
        yield from _lines(path, origin, source, most)
    else:
        yield read_page(path, source=source, most=most, name=name, under=under, base=base)


def _is_archive(path: Path) -> bool:
    """Whether a file is called as WARC is."""
    return path.name.casefold().endswith(_ARCHIVES)


def _records(path: Path, origin: str, source: str, most: int) -> Iterator[RawPage | PageError]:
    """The pages of a WARC file; what stands beside it is told of each, where its record does not say otherwise."""
    beside = _sidecar(path, origin)
    with _opened(path, origin) as (file, _):
        for _, found in read_archive(file, origin, most=most):
            if isinstance(found, PageError):
                yield found
                continue
            names = {"fetched", *(claim.name for claim in found.claims)}
            told = tuple(claim for claim in beside if claim.name not in names)
            yield replace(found, source=source, claims=(*found.claims, *told))


def _lines(path: Path, origin: str, source: str, most: int) -> Iterator[RawPage | PageError]:
    """The pages of a file of JSON Lines."""
    beside = _sidecar(path, origin)
    longest = most + MOST_BYTES
    with _opened(path, origin) as (file, info):
        now = _changed(info.st_mtime, origin)
        for number, line in enumerate(iter(lambda: file.readline(longest + 1), b""), 1):
            try:
                if len(line) > longest:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(longest)  # noqa: PLW2901 - its rest, which is let go
                    raise PageError(f"{origin}:{number}", "too-large", f"line {number}: more than {longest} bytes")
                if line.strip():
                    yield page_of_line(line, number, name=origin, now=now, source=source, most=most, beside=beside)
            except PageError as error:
                yield error


def read_page(
    path: Path,
    *,
    source: str = "",
    most: int = 20 << 20,
    name: str | None = None,
    under: Path | None = None,
    base: str | None = None,
) -> RawPage:
    """The raw page in a file, with its sidecar's claims. Raises PageError, and FileNotFoundError where none is.

    name: what the page is called; by default the path as given, or ``under``: the path in a folder of pages, whose first
    part may be the name of a host; base: the address of that folder, for pages that tell none of their own. A file of JSON
    Lines or WARC must hold one page here (else ``many-pages``).
    """
    origin = show_path(name or str(under or path))
    suffix = path.suffix.casefold()
    if suffix == _LINES or _is_archive(path):
        return _only(origin, read_pages(path, source=source, most=most, name=name, under=under))
    body, modified = _read(path, origin, most)
    claims = _sidecar(path, origin)
    kind = _TYPES.get(suffix, "")
    told: tuple[Claim, ...] = ()
    if suffix in MHTML:
        body, kind, told = unpack_mhtml(origin, body)
    elif not claims and kind != "text/html":
        claims, body = split_header(origin, body)
    if kind in {"text/html", ""}:
        told = told or saved_claims(body)
    if under is not None and not told and (address := tree_address(under)):
        told = (Claim("url", address, "link"),)
    claims += told
    if base is not None and under is not None and not any(claim.name == "url" for claim in claims):
        claims += (Claim("base", based_address(base, under), "link"),)
    return RawPage(
        id=hashlib.sha256(body).hexdigest(),
        origin=origin,
        media_type=kind,
        body=body,
        fetched=fetched_of(claims) or _changed(modified, origin),
        claims=tuple(claim for claim in claims if claim.name != "fetched"),
        source=source,
    )


def _only(origin: str, pages: Iterator[RawPage | PageError]) -> RawPage:
    """The one page among some. Raises PageError where it is none, or not the only one."""
    first, second = next(pages, None), next(pages, None)
    if first is None:
        raise PageError(origin, "empty", "holds no page")
    for found in (first, second):
        if isinstance(found, PageError):
            raise found
    if second is not None or isinstance(first, PageError):
        raise PageError(origin, "many-pages", "holds more than one page")
    return first


def _changed(modified: float, origin: str) -> datetime:
    """The time of a file's last change. Raises PageError for one that no calendar holds."""
    try:
        return datetime.fromtimestamp(modified, UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        raise PageError(origin, "bad-time", f"the file's time, {modified:.0f} s, is in no calendar") from None


def show_path(name: str) -> str:
    """A file's name fit for a line of text: bytes that are no UTF-8, and control characters, are escaped."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def _stamp(path: Path, info: os.stat_result) -> str:
    """What changes when a file or its sidecar does."""
    told = [info]
    for beside in _beside(path):
        with contextlib.suppress(OSError):
            told.append(beside.lstat())
    return " ".join(f"{one.st_size}:{one.st_mtime_ns}" for one in told)


def _beside(path: Path) -> tuple[Path, Path]:
    """Where a page's sidecar may be: ``page.html.meta.json``, or else ``page.meta.json``."""
    return path.with_name(path.name + _SIDECAR), path.with_name(path.stem + _SIDECAR)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and those below it that may be pages, sorted; hidden and unfinished ones are left alone."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith((_SIDECAR, *_UNFINISHED)):
                yield Path(root) / name


def _comes_along(relative: Path) -> bool:
    """Whether a file is what programs save beside pages: pictures and styles in the tree of a host or in ``NAME_files``."""
    suffix = Path(relative.name.partition("?")[0]).suffix.casefold()
    if tree_address(relative):
        return suffix in _ALONG or relative.parts[1:] == ("robots.txt",)
    return suffix in _ALONG and any(part.endswith("_files") for part in relative.parts[:-1])


def _is_fresh(modified: float, now: datetime, settle: timedelta) -> bool:
    """Whether a file may still be written to; one with a time in the future is taken as it is."""
    age = now.timestamp() - modified
    return 0 <= age < settle.total_seconds()


def _read(path: Path, origin: str, most: int) -> tuple[bytes, float]:
    """A plain file's bytes and the time of its last change."""
    with _opened(path, origin) as (file, info):
        if info.st_size > most:
            raise PageError(origin, "too-large", f"{info.st_size} bytes are more than {most}")
        return file.read(most + 1)[:most], info.st_mtime


@contextlib.contextmanager
def _opened(path: Path, origin: str) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """A plain file, open, and what the system knows of it; links are followed only where a person named them."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = "link" if path.is_symlink() else "unreadable"
        raise PageError(origin, reason, error.strerror or "cannot be opened") from None
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise PageError(origin, "no-file", "is no plain file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            yield file, info
    except OSError as error:
        raise PageError(origin, "unreadable", error.strerror or "cannot be read") from None
    finally:
        os.close(handle)


def _sidecar(path: Path, origin: str) -> tuple[Claim, ...]:
    """The claims of the sidecar, if there is one: a plain file, as small as notes are."""
    for beside in _beside(path):
        name = show_path(beside.name)
        try:
            body, _ = _read(beside, name, MOST_BYTES)
        except FileNotFoundError:
            continue
        except PageError as error:
            raise PageError(origin, "bad-meta", f"{name}: {error.detail}") from None
        return claims_from_json(origin, name, body)
    return ()


def move_aside(folder: Path, stamps: Mapping[str, str]) -> None:
    """Move the files that were taken in, and did not change since, to ``.done`` in the folder, with their sidecars."""
    for path in list(_files(folder)):
        name = path.relative_to(folder)
        try:
            if stamps.get(show_path(str(name))) != _stamp(path, path.lstat()):
                continue
            for one in (path, *_beside(path)):
                if one.is_file() and not one.is_symlink():
                    target = folder / DONE / one.relative_to(folder)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    one.replace(target)
        except FileNotFoundError:
            continue

"""Attributes of elements that show pictures, video and sound -> markup of an image, or of a titled link. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from cleaner.parse.addresses import absolute
from cleaner.parse.attributes import Attributes
from cleaner.text import squeeze

__all__ = ["embed_of", "image_of"]

_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-full-src", "data-hi-res-src", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_TRACKER = re.compile(r"^data:|/(?:pixel|tracking|beacon)[/.?]", re.IGNORECASE)
_FILE = re.compile(r"(?:^|/)([^/?#]+)\.(?:gif|png|svg|jpe?g|webp)(?:$|[?#])", re.IGNORECASE)
_EMPTY = frozenset("blank spacer placeholder pixel transparent 1x1 lazy lazyload loading".split())
_PLAIN = _EMPTY | frozenset(
    """
    load loader image img picture icon sprite dummy default empty clear trans white gray grey black green dot bg
    small large square landscape portrait thumb thumbnail post article news
    """.split()
)
# What every such address holds.
_TELLTALES = "data: blank spacer placeholder pixel transparent 1x1 lazy loading tracking beacon".split()
_CODE = re.compile(r"\d+(?:x\d+)?|[0-9a-f]{6,}")
_NUMBER = re.compile(r"^\s*(\d{1,5})(?:px)?\s*$")
_SMALL = 33  # pixels: icons, avatars' dots and trackers
_KNOWN = (
    ("youtu", "YouTube"),
    ("vimeo.com", "Vimeo"),
    ("dailymotion", "Dailymotion"),
    ("spotify", "Spotify"),
    ("soundcloud", "SoundCloud"),
    ("twitter.com", "Post"),
    ("x.com", "Post"),
    ("instagram", "Instagram"),
    ("facebook", "Facebook"),
    ("tiktok", "TikTok"),
    ("datawrapper", "Chart"),
    ("dwcdn", "Chart"),
    ("flourish", "Chart"),
    ("infogram", "Chart"),
    ("google.com/maps", "Map"),
    ("podcasts.apple", "Podcast"),
)


def image_of(attributes: Attributes, sources: Iterable[Attributes], base: str | None) -> tuple[str, str] | None:
    """The alternative text and the markup of an image; None for trackers, icons and placeholders without a picture.

    sources: the <source> elements of the picture around it, if one is; base: what relative addresses start from.
    """
    width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
    if (width is not None and width < _SMALL) or (height is not None and height < _SMALL):
        return None
    address = _address(attributes, base) or _from_picture(sources, base)
    if address is None:
        return None
    alt = squeeze(attributes.get("alt", ""))
    size = "".join(f' {name}="{value}"' for name, value in (("width", width), ("height", height)) if value)
    return alt, f'<img src="{html.escape(address)}" alt="{html.escape(alt)}"{size}>'


def _pixels(value: str | None) -> int | None:
    """A width or height in pixels, where it is told as a number."""
    hit = _NUMBER.match(value) if value else None
    return int(hit[1]) if hit else None


def _is_placeholder(address: str) -> bool:
    """Whether an address is that of a tracker, or of a file whose name tells of an empty picture and nothing else."""
    lowered = address.lower()
    if address.isascii() and not any(map(lowered.__contains__, _TELLTALES)):
        return False
    if _TRACKER.search(address):
        return True
    file = _FILE.search(address)
    names = re.split(r"[-_.]+", file[1].lower()) if file else []
    return not _EMPTY.isdisjoint(names) and all(not name or name in _PLAIN or _CODE.fullmatch(name) for name in names)


def _address(attributes: Attributes, base: str | None) -> str | None:
    """The best address among an image's attributes: a lazy one before the placeholder that stands in its place."""
    for name in (*_SOURCES, *_others(attributes, "src")):
        value = attributes.get(name)
        if value and not _is_placeholder(value) and (found := absolute(base, value)):
            return found
    return _of_sets(attributes, base)


def _others(attributes: Attributes, ending: str) -> list[str]:
    """The attributes that a script of the site's own reads addresses from: ``data-x-src`` and the like."""
    return [name for name in attributes if name.endswith(f"-{ending}")]


def _of_sets(attributes: Attributes, base: str | None) -> str | None:
    """The address of the largest picture that a ``srcset`` names."""
    for name in (*_SETS, *_others(attributes, "srcset")):
        value = attributes.get(name)
        if value and (found := _largest(value, base)):
            return found
    return None


def _largest(candidates: str, base: str | None) -> str | None:
    """The address of the largest candidate of a ``srcset``."""
    best, size = None, -1.0
    for candidate in re.split(r",\s+", candidates)[:50]:
        address, _, descriptor = candidate.strip().partition(" ")
        told = re.match(r"[\d.]+", descriptor.strip())
        if (
            address
            and float(told[0] if told and told[0].count(".") <= 1 and told[0] != "." else 0) > size
            and not _is_placeholder(address)
        ):
            best, size = address, float(told[0]) if told else 0.0
    return absolute(base, best)


def _from_picture(sources: Iterable[Attributes], base: str | None) -> str | None:
    """The address that the <source> elements of a picture give."""
    return next((found for source in sources if (found := _of_sets(source, base))), None)


def embed_of(tag: str, attributes: Attributes, inner: str | None, base: str | None) -> tuple[str, str] | None:
    """The title and the markup of an embed as a titled link, with its picture if it has one; None without address.

    inner: the address of the first source or link in it.
    """
    address = next(
        (
            found
            for name in ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data", "data-url")
            if (found := absolute(base, attributes.get(name)))
        ),
        None,
    ) or absolute(base, inner)
    if address is None:
        return None
    title = squeeze(attributes.get("title") or attributes.get("aria-label") or "") or _name_of(tag, address)
    poster = absolute(base, attributes.get("poster"))
    picture = f'<img src="{html.escape(poster)}" alt=""> ' if poster else ""
    return title, f'<a href="{html.escape(address)}">{picture}{html.escape(title, quote=False)}</a>'


def _name_of(tag: str, address: str) -> str:
    """A name for an embed that has none: its kind and its host."""
    host = urlsplit(address).hostname or ""
    known = next((name for part, name in _KNOWN if part in address), None)
    kind = {"video": "Video", "audio": "Audio"}.get(tag, "Embedded")
    return f"{known or kind}: {host.removeprefix('www.')}"

"""Attributes of elements that show pictures, video and sound -> markup of an image, or of a titled link. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

from cleaner.addresses import TRACKING, without_tracking
from cleaner.parse.addresses import absolute
from cleaner.parse.attributes import Attributes
from cleaner.text import squeeze

__all__ = ["embed_of", "image_of", "is_small"]

_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-full-src", "data-hi-res-src", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
# What other scripts read, where it is called like a picture: the same names hold other things, too.
_OTHERS = """
    data-echo data-image data-img data-img-url data-lazyload data-url data-orig-file data-large-file data-medium-file data-hi-res
""".split()
_NAMED = re.compile(r"[^?#]*\.(?:jpe?g|png|webp|avif|gif)(?:$|[?#])", re.IGNORECASE)
# A candidate of a set (HTML, 4.8.4.2.2): an address, which may hold commas but not end in one, and how large it is.
_CANDIDATE = re.compile(r"[\s,]*+(\S+?)(?:,++(?=\s|$)|(?=\s|$)\s*+([^,]*)(?:,|$))")
_DESCRIPTOR = re.compile(r"(\d+(?:\.\d+)?)([wx])")
_SET = 10_000  # characters of a set that are looked at
_WIDE = 2000  # pixels: wider than any reader shows
_DENSE = 1000  # pixels that a candidate of single density is said to have, where nobody tells
# What is called like a tracker is one unless it leads to a picture: phones are called pixel, storms are tracked.
_PICTURE = r"(?![^?#]*\.(?:jpe?g|png|webp|avif|svg)(?:$|[?#]))"
_TRACKER = re.compile(
    rf"""
    /(?:pixel|tracking|beacon)(?:\.(?:gif|png|php|aspx?))?(?:[?#;]|$)
    | /(?:pixel|tracking|beacon)/{_PICTURE} | ^https?://pixels?\.[^/]+/{_PICTURE} | republication-pixel
    | ^https?://(?:[\w-]+\.)*(?:facebook\.com/tr[/?] | scorecardresearch\.com/ | vgwort\.de/ | quantserve\.com/
        | doubleclick\.net/ | google-analytics\.com/ | stats\.wp\.com/ | counter\.yadro\.ru/ | mc\.yandex\.ru/watch
        | imrworldwide\.com/ | ioam\.de/ | counter\.theconversation\.com/ | px\.ads\.linkedin\.com/ | bat\.bing\.com/
        | feedburner\.com/~ | omtrdc\.net/ | 2o7\.net/ )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED = re.compile(r"/pixel[-_]?\d{1,2}[a-z]?\.(?:jpe?g|png|webp|avif)(?:$|[?#])")  # a phone
_FILE = re.compile(r"(?:^|/)([^/?#]+)\.(?:gif|png|svg|jpe?g|webp)(?:$|[?#])", re.IGNORECASE)
_EMPTY = frozenset("blank spacer placeholder pixel transparent 1x1 lazy lazyload loading".split())
_PLAIN = _EMPTY | frozenset(
    """
    load loader image img picture icon sprite dummy default empty clear trans white gray grey black green dot bg
    small large square landscape portrait thumb thumbnail post article news
    """.split()
)
# What every such address holds.
_TELLTALES = """
    blank spacer placeholder pixel transparent 1x1 lazy loading tracking beacon facebook.com/tr scorecardresearch
    vgwort quantserve doubleclick google-analytics stats.wp yadro.ru yandex.ru/watch imrworldwide ioam.de
    theconversation px.ads bat.bing feedburner omtrdc 2o7.net
""".split()
_CODE = re.compile(r"\d+(?:x\d+)?|[0-9a-f]{6,}")
_NUMBER = re.compile(r"^\s*(\d{1,5})(?:px)?\s*$")
_PATTERN = re.compile(r"^\s*\{|\{\w{1,20}\}")
_DOT = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*[01](?:px)?\s*(?=[;!]|$)")
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


def image_of(
    attributes: Attributes, sources: Iterable[Attributes], base: str | None, tracking: Collection[str] = TRACKING
) -> tuple[str, str] | None:
    """The alternative text and the markup of an image; None for trackers, icons and placeholders without a picture.

    sources: the <source> elements of the picture around it, if one is; base: what relative addresses start from; tracking:
    names of parameters that leave its address.
    """
    if is_small(attributes):
        return None
    address = _address(attributes, base) or _from_picture(sources, base)
    if address is None:
        return None
    address = without_tracking(address, tracking)
    alt = squeeze(attributes.get("alt", ""))
    sizes = ((name, _pixels(attributes.get(name))) for name in ("width", "height"))
    size = "".join(f' {name}="{value}"' for name, value in sizes if value)
    return alt, f'<img src="{html.escape(address)}" alt="{html.escape(alt)}"{size}>'


def is_small(attributes: Attributes) -> bool:
    """Whether an image is declared too small for a picture: an icon, or a dot that tells on readers."""
    for name in ("width", "height"):
        if (value := attributes.get(name)) and (pixels := _pixels(value)) is not None and pixels < _SMALL:
            return True
    style = attributes.get("style", "").lower()
    return (
        "min-" not in style and len(set(_DOT.findall(style))) == 2
    )  # some grow a picture from no size by its least one


def _pixels(value: str | None) -> int | None:
    """A width or height in pixels, where it is told as a number."""
    hit = _NUMBER.match(value) if value else None
    return int(hit[1]) if hit else None


def _is_placeholder(address: str) -> bool:
    """Whether an address is that of a tracker, or of a file whose name tells of an empty picture and nothing else.

    One with a name in braces is a pattern that a script fills in; one that begins with a brace is no address at all.
    """
    if address[:5].lower() == "data:" or ("{" in address and _PATTERN.search(address)):
        return True
    lowered = address.lower()
    if address.isascii() and not any(map(lowered.__contains__, _TELLTALES)):
        return False
    if _TRACKER.search(address):
        return True
    file = _FILE.search(address)
    names = re.split(r"[-_.]+", file[1].lower()) if file else []
    if "pixel" in names and _NUMBERED.search(lowered):
        return False
    return not _EMPTY.isdisjoint(names) and all(not name or name in _PLAIN or _CODE.fullmatch(name) for name in names)


def _address(attributes: Attributes, base: str | None) -> str | None:
    """The best address among an image's attributes: a lazy one before the placeholder that stands in its place.

    One that its set names too, as a smaller candidate, gives way to the best one of that.
    """
    for name in (*_SOURCES, *_others(attributes, "src")):
        value = attributes.get(name)
        if value and not _is_placeholder(value) and (found := absolute(base, value)):
            return _of_sets(attributes, base, beside=found) or found
    named = (attributes[name] for name in _OTHERS if name in attributes and _NAMED.match(attributes[name]))
    others = (absolute(base, value) for value in named if not _is_placeholder(value))
    return _of_sets(attributes, base) or next(filter(None, others), None)


def _others(attributes: Attributes, ending: str) -> list[str]:
    """The attributes that a script of the site's own reads addresses from: ``data-x-src`` and the like."""
    return [name for name in attributes if name.endswith(f"-{ending}")]


def _of_sets(attributes: Attributes, base: str | None, beside: str | None = None) -> str | None:
    """The address of the best picture that a ``srcset`` names. beside: an address that must be among those it names."""
    for name in (*_SETS, *_others(attributes, "srcset")):
        value = attributes.get(name)
        if not value or (beside is not None and beside.rpartition("/")[2] not in value):
            continue
        candidates = [(size, found) for size, address in _candidates(value) if (found := absolute(base, address))]
        if candidates and (beside is None or any(found == beside for _, found in candidates)):
            return _best(candidates)
    return None


def _best(candidates: list[tuple[float, str]]) -> str:
    """The address of the largest candidate that is not wider than anybody needs, else of the smallest; of equals the first."""
    fitting = [one for one in candidates if one[0] <= _WIDE]
    if fitting:
        return max(fitting, key=lambda one: one[0])[1]
    return min(candidates, key=lambda one: one[0])[1]


def _candidates(told: str) -> Iterator[tuple[float, str]]:
    """The candidates of a ``srcset`` with their widths in pixels; densities are counted as if a width were told."""
    for hit in _CANDIDATE.finditer(told[:_SET]):
        if _is_placeholder(hit[1]):
            continue
        size = _DESCRIPTOR.match(hit[2] or "")
        yield (float(size[1]) * (_DENSE if size[2] == "x" else 1) if size else _DENSE), hit[1]


def _from_picture(sources: Iterable[Attributes], base: str | None) -> str | None:
    """The address that the <source> elements of a picture give."""
    return next((found for source in sources if (found := _of_sets(source, base))), None)


def embed_of(
    tag: str, attributes: Attributes, inner: str | None, base: str | None, tracking: Collection[str] = TRACKING
) -> tuple[str, str] | None:
    """The title and the markup of an embed as a titled link, with its picture if it has one; None without address.

    inner: the address of the first source or link in it; tracking: names of parameters that leave its addresses.
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
    picture = f'<img src="{html.escape(without_tracking(poster, tracking))}" alt=""> ' if poster else ""
    address = without_tracking(address, tracking)
    return title, f'<a href="{html.escape(address)}">{picture}{html.escape(title, quote=False)}</a>'


def _name_of(tag: str, address: str) -> str:
    """A name for an embed that has none: its kind and its host."""
    host = urlsplit(address).hostname or ""
    known = next((name for part, name in _KNOWN if part in address), None)
    kind = {"video": "Video", "audio": "Audio"}.get(tag, "Embedded")
    return f"{known or kind}: {host.removeprefix('www.')}"

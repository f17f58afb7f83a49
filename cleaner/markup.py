"""HTML -> the HTML that we let through. Pure; always the last step before HTML leaves us, and the only such place.

nh3 (ammonia) parses as browsers do and keeps an allow-list. Around it stands what it leaves: characters that XML 1.0
forbids, C1 controls, and nesting so deep that any HTML library grows slow.
"""

from __future__ import annotations

import re
import unicodedata

import nh3

__all__ = ["clean_text", "sanitise"]

_TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "caption",
    "blockquote",
    "figure",
    "figcaption",
    "pre",
    "code",
    "a",
    "img",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "s",
    "sub",
    "sup",
    "q",
    "cite",
    "abbr",
    "mark",
    "small",
    "br",
    "hr",
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\ufdd0-\ufdef]")
_C1 = re.compile("[\x80-\x9f]")
_EITHER = re.compile(f"[{_FORBIDDEN.pattern[1:-1]}{_C1.pattern[1:-1]}]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2028\u2029\u2060\ufeff\U000e0000-\U000e007f]")
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{8})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^>]*>")
_VOID = frozenset({"br", "img", "hr"})
_DEPTH = 100
_PASSES = 4  # a list item in a table, or a paragraph in a button that went, parses differently once written out


def sanitise(html: str) -> str:
    """Safe, well-formed, idempotent HTML: allowed elements and attributes only, addresses of the web only.

    Text is never lost except what stands in scripts and styles; markup nested deeper than a hundred elements is
    flattened first, because no parser is linear there.
    """
    text = _printable(html)
    if _too_deep(text):
        text = _TAG.sub(lambda tag: tag[0] if tag[2].lower() in {"p", "br"} else " ", text)
    for _ in range(_PASSES):
        safe = _printable(_clean(text))
        if safe in (
            text,
            text.replace("\xa0", "&nbsp;"),
        ):  # such spaces are written out, and that alone changes nothing
            return safe
        text = safe
    return text


def clean_text(text: str) -> str:
    """A line fit for titles and names: no control, bidirectional-override or invisible characters, no mountains of marks."""
    return _MARKS.sub(r"\1", _INVISIBLE.sub("", _BIDI.sub("", _printable(unicodedata.normalize("NFC", text))))).strip()


def _clean(html: str) -> str:
    """One pass of the allow-list."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
        strip_comments=True,
    )


def _printable(text: str) -> str:
    """The text without what XML 1.0 forbids; C1 controls read as the Windows characters that were meant."""
    if text.isprintable() or not _EITHER.search(text):
        return text
    return _C1.sub(_windows, _FORBIDDEN.sub("", text))


def _windows(control: re.Match[str]) -> str:
    """The Windows-1252 character of a C1 control, or nothing where there is none."""
    return bytes([ord(control[0])]).decode("cp1252", "ignore")


def _too_deep(text: str) -> bool:
    """Whether elements nest deeper than a reader's page ever does."""
    if text.count("<") - text.count("</") <= _DEPTH:
        return False
    depth = 0
    for closing, name in _TAG.findall(text):
        if name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > _DEPTH:
            return True
    return False

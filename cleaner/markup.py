"""HTML -> the HTML that we let through. Pure; always the last step before HTML leaves us, and the only such place.

nh3 (ammonia) parses as browsers do and keeps an allow-list. Around it stands what it leaves: characters that XML 1.0
forbids, C1 controls, overrides of direction, mountains of marks, and nesting so deep that any HTML library grows slow.
"""

from __future__ import annotations

import re
import unicodedata

import nh3

__all__ = ["clean_text", "is_right_to_left", "sanitise"]

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
# Which way the words of an element run: Arabic, Hebrew and their like, and what stands in another script among them.
_DIRECTED = "p h2 h3 h4 h5 h6 ul ol li dl dt dd table td th caption blockquote figure figcaption pre q cite".split()
_DIRECTIONS = {tag: {"dir": {"ltr", "rtl", "auto"}} for tag in _DIRECTED}
_SCHEMES = {"http", "https", "mailto"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\ufdd0-\ufdef]")
_C1 = re.compile("[\x80-\x9f]")
_EITHER = re.compile(f"[{_FORBIDDEN.pattern[1:-1]}{_C1.pattern[1:-1]}]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# A tag, or a character that changes the direction of what follows it.
_TURN = re.compile(r"</?([a-zA-Z][\w-]*)[^>]*>|([\u202a-\u202e\u2066-\u2069])")
_ENDS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_INLINE = frozenset("a em strong b i u s sub sup q cite abbr mark small code br img".split())
# The letters of scripts that run from right to left (Unicode's blocks of Hebrew to Arabic, and those of old and new ones).
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028\u2029\u2060\ufeff\U000e0000-\U000e007f]")
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{8})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^>]*>")
_PICTURE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')  # as the allow-list writes it
_ODD_SIZE = re.compile(r' (?:width|height)="(?![1-9][0-9]{0,4}")[^"]*"')  # no number of pixels
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
        safe = _level(_turned(_printable(_clean(text))))
        if safe in (
            text,
            text.replace("\xa0", "&nbsp;"),
        ):  # such spaces are written out, and that alone changes nothing
            return safe
        text = safe
    return text


def clean_text(text: str) -> str:
    """A line fit for titles and names: no control, bidirectional-override or invisible characters, no mountains of marks."""
    return _level(_INVISIBLE.sub("", _BIDI.sub("", _printable(unicodedata.normalize("NFC", text))))).strip()


def is_right_to_left(text: str) -> bool:
    """Whether most letters of a text are of scripts that run from right to left.

    The letters decide, not the language that a page claims: claims are wrong often enough, and Latin script writes
    Kurdish and Hebrew, too.
    """
    if text.isascii():
        return False
    leftward = sum(map(str.isalpha, "".join(_LEFTWARD.findall(text))))
    return leftward > 0 and 2 * leftward > sum(map(str.isalpha, text))


def _level(text: str) -> str:
    """The text with eight combining marks on a letter at most; no script needs more."""
    return text if text.isascii() else _MARKS.sub(r"\1", text)


def _turned(markup: str) -> str:
    """The markup without overrides of direction, and of the other turns those alone that end in the element where they began.

    What Arabic or Hebrew needs stays; a name that reads backwards, or a page turned from one entry on, does not (Unicode's
    technical report 36, 2.8).
    """
    if not _BIDI.search(markup):
        return markup
    bad, open_turns = set[int](), list[tuple[int, str]]()
    for hit in _TURN.finditer(markup):
        tag, turn = hit[1], hit[2]
        if tag is not None and tag.lower() not in _INLINE:
            bad.update(at for at, _ in open_turns)
            open_turns.clear()
        if tag is not None:
            bad.update(hit.start() + inner.start() for inner in _BIDI.finditer(hit[0]))
        elif turn in _ENDS:
            open_turns.append((hit.start(), _ENDS[turn]))
        elif open_turns and open_turns[-1][1] == turn:
            open_turns.pop()
        else:
            bad.add(hit.start())
    bad.update(at for at, _ in open_turns)
    return "".join(character for at, character in enumerate(markup) if at not in bad)


def _clean(html: str) -> str:
    """One pass of the allow-list."""
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_DIRECTIONS,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
        strip_comments=True,
    )
    return _PICTURE.sub(_picture, safe) if "<img" in safe else safe


def _picture(image: re.Match[str]) -> str:
    """A picture that has an address, with sizes that are some, and with a text in its stead, if an empty one."""
    if ' src="' not in image[1]:
        return ""
    told = _ODD_SIZE.sub("", image[1])
    return f"<img{told}>" if ' alt="' in told else f'<img{told} alt="">'


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

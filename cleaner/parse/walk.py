"""A tree -> blocks, by way of the markup that Lexbor writes for it. Pure.

That markup is regular (``attributes``): each element is closed, and ``<`` begins a tag and nothing else once comments
and elements of raw text are out of the way. So it is split at ``<``, and each piece is a tag and the text behind it.
One pass, linear in the page, tells the builder; a Python object for each node of the tree would take five times as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser

from cleaner.parse.attributes import read_attributes, unescape
from cleaner.parse.blocks import Builder
from cleaner.parse.media import embed_of, image_of, is_small
from cleaner.parse.twins import Twins

__all__ = ["HIT", "walk"]

HIT = "data-cleaner-hit"  # the attribute that marks an element which selectors hit
_UNSEEN = ["script", "style", "svg"]  # no reader sees them, and they are much of a page
_BARE = ["xmp", "plaintext"]  # their text is raw, and shown
_COMMENT = re.compile(r"(<(iframe|noembed|noframes)\b[^>]*>).*?(?=</\2>)|<!--.*?-->", re.DOTALL)
_RAW = frozenset(["iframe", "noembed", "noframes", "script", "style", "textarea", "title"])
_HOLDS_RAW = "iframe, noembed, noframes, template"
_DEPTH = 250
_CELL = 500  # characters of a cell in a table of data; a longer one makes it a table of layout
_CELLS = 400  # cells that are looked at
_LAYOUT = frozenset(["table", "h1", "h2", "form", "article"])  # what no table of data holds
_TABLE = frozenset(["table", "tr", "td", "th", "caption", "tbody", "thead", "tfoot"])
_CELL_TAGS = frozenset(["td", "th", "/td", "/th"])
_NEAR = 100  # pieces in which a picture's sources are looked for
_MARK = re.compile(rf' {HIT}="(\d+)"')
_NAME = re.compile(r"/?[^\s>]+")
_VOID = """
    ! area base basefont bgsound col frame input keygen link meta param source track wbr
""".split()
_BLOCKS = """
    address article aside blockquote button caption center dd details dialog div dl dt fieldset figcaption figure footer
    form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav ol p pre search section summary table tbody
    td tfoot th thead tr ul
""".split()
_SKIPPED = """
    script style template head title svg math select option datalist textarea canvas map colgroup noembed noframes
""".split()
_EMBEDS = "iframe video audio object embed amp-youtube amp-video amp-iframe".split()
_INLINE = {
    "b": "strong",
    "strong": "strong",
    "em": "em",
    "i": "em",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
    "q": "q",
    "cite": "cite",
    "s": "s",
    "del": "s",
    "u": "u",
    "mark": "mark",
    "abbr": "abbr",
    "small": "small",
}


def walk(
    tree: LexborHTMLParser,
    builder: Builder,
    hits: list[tuple[str, ...]] | None = None,
    *,
    bare: bool = True,
    raw: bool = True,
) -> None:
    """Tell a builder of all that the body of a tree holds; scripts, styles and drawings are gone from the tree then.

    hits: names of selectors, at the index that an element's attribute ``HIT`` gives; bare, raw: whether there may be
    elements with raw text that is shown, and such that hold it unseen.
    """
    tree.strip_tags(_UNSEEN)
    if tree.body is None:
        return
    if bare and tree.css_first(",".join(_BARE)) is not None:
        tree.unwrap_tags(_BARE)
    markup = _without_comments(tree, (tree.body.html or "").replace("&nbsp;", "\xa0"), raw=raw)
    _Walk(markup.split("<"), builder, hits or []).run()


def _without_comments(tree: LexborHTMLParser, markup: str, *, raw: bool) -> str:
    """The markup with ``<!>`` for each comment; where raw text holds what looks like one, it is looked at with care."""
    first, *rest = markup.split("<!--")
    if rest and raw and any("<!--" in (node.html or "") for node in tree.css(_HOLDS_RAW)):
        return _COMMENT.sub(r"\1<!>", markup)
    shown = (behind for _, closed, behind in (piece.partition("-->") for piece in rest) if closed)
    return "<!>".join((first, *shown))


class _Walk:
    """The pieces of a page, and the way down to the one that is being read."""

    def __init__(self, pieces: list[str], builder: Builder, hits: list[tuple[str, ...]]) -> None:
        self.pieces, self.builder, self.hits = pieces, builder, hits
        self.rest: Iterator[tuple[int, str]] = enumerate(pieces, 1)
        self.closings: list[Callable[[], None] | None] = []  # what the end of each open element means
        self.picture: tuple[int, int] | None = None  # depth and place of the picture that is open
        self.twins = Twins()

    def run(self) -> None:
        """Read all pieces."""
        closings, text, known, other = self.closings, self.builder.text, _TAGS.get, _Walk.other
        for at, piece in self.rest:
            head, closed, behind = piece.partition(">")
            if not closed:
                self._mend(at, piece)
            elif head[:1] == "/":
                if closings and (closing := closings.pop()) is not None:
                    closing()
            elif handler := known(head):
                behind = handler(self, head, "", behind, at)
            else:  # an element with attributes, or one that is shown as what is in it
                tag = head.partition(" ")[0]
                behind = known(tag, other)(self, tag, head[len(tag) :], behind, at)
            if behind:
                text(behind)
        self.builder.part()

    def _mend(self, at: int, piece: str) -> None:
        """Join a tag that holds a ``<`` in the name of an attribute with its next piece."""
        if piece and at < len(self.pieces):
            self.pieces[at] = f"{piece}<{self.pieces[at]}"

    # ---------------------------------------------------------------- elements: what each gives is the text behind it

    def body(self, tag: str, raw: str, text: str, at: int) -> str:
        """The root that blocks stand in anyway."""
        if self.hits:
            self.builder.select(self._hit(raw))
        self.closings.append(None)
        return text

    def block(self, tag: str, raw: str, text: str, at: int) -> str:
        """An element that parts text; an empty one does so as a full one does."""
        if not text and self.pieces[at][:1] == "/":
            if "-" not in tag:
                self.builder.line_break(hard=True)
            self.closings.append(None)
        elif len(self.closings) > _DEPTH:
            self._deep()
        else:
            shape = self._shape(tag, raw, at) if tag in _TABLE or (raw and "aption" in raw.casefold()) else tag
            self.closings.append(self.builder.open(shape, raw, self._hit(raw) if self.hits else ()))
        return text

    def other(self, tag: str, raw: str, text: str, at: int) -> str:
        """An element that is shown as what is in it; custom ones part text as divisions do."""
        if "-" in tag:
            return self.block(tag, raw, text, at)
        if len(self.closings) > _DEPTH and not self._empty(text, at):
            self._deep()
        elif self.hits and not self._empty(text, at) and (names := self._hit(raw)):
            self.closings.append(self.builder.open("span", raw, names))
        else:
            self.closings.append(None)
        return text

    def inline(self, tag: str, raw: str, text: str, at: int) -> str:
        """An element that marks words."""
        if self._empty(text, at) or len(self.closings) > _DEPTH or (self.hits and self._hit(raw)):
            return self.other(tag, raw, text, at)
        self.closings.append(self.builder.open_inline(_INLINE[tag]))
        return text

    def link(self, tag: str, raw: str, text: str, at: int) -> str:
        """A link."""
        if self._empty(text, at) or len(self.closings) > _DEPTH or (self.hits and self._hit(raw)):
            return self.other(tag, raw, text, at)
        _, _, told = raw.partition(' href="')
        self.closings.append(self.builder.open_link(told.partition('"')[0]))
        return text

    def line_break(self, tag: str, raw: str, text: str, at: int) -> str:
        """A break, or a rule."""
        self.builder.line_break(hard=tag == "hr")
        return text

    def nothing(self, tag: str, raw: str, text: str, at: int) -> str:
        """An element without an end that shows nothing; or the place of a comment."""
        return text

    def unseen(self, tag: str, raw: str, text: str, at: int) -> str:
        """An element that no reader sees, with all that is in it."""
        return self._pass(tag)[1]

    def begin_picture(self, tag: str, raw: str, text: str, at: int) -> str:
        """A picture, whose sources an image in it may need."""
        self.picture = len(self.closings), at
        return self.other(tag, raw, text, at)

    def image(self, tag: str, raw: str, text: str, at: int) -> str:
        """An image."""
        attributes = read_attributes(raw)
        made = image_of(attributes, self._sources(at), self.builder.base, self.builder.tracking)
        if shown := self.twins.image(made, at, small=made is None and is_small(attributes)):
            self.builder.image(*shown, self._hit(raw) if self.hits else ())
        return text if tag == "img" else self._pass(tag)[1]

    def noscript(self, tag: str, raw: str, text: str, at: int) -> str:
        """What is shown where no scripts run: nothing, but the picture that an image or a figure beside it lacks."""
        end, behind = self._pass(tag)
        images = (piece for piece in self.pieces[at : end - 1] if piece.startswith("img "))
        base, tracking = self.builder.base, self.builder.tracking
        made = next(filter(None, (image_of(read_attributes(piece[3:]), (), base, tracking) for piece in images)), None)
        if shown := self.twins.without_scripts(made, at, end, self.pieces[self.twins.near(at) : at - 1]):
            self.builder.image(*shown)
        return behind

    def embed(self, tag: str, raw: str, text: str, at: int) -> str:
        """A video, a post or a chart."""
        end, behind = (at, text) if tag == "embed" else self._pass(tag)
        inner = None if tag == "iframe" else next(filter(None, map(_address_in, self.pieces[at : end - 1])), None)
        if made := embed_of(tag, read_attributes(raw), inner, self.builder.base, self.builder.tracking):
            self.builder.embed(*made, self._hit(raw) if self.hits else ())
        return behind

    # ----------------------------------------------------------------------------------------------------- helpers

    def _empty(self, text: str, at: int) -> bool:
        """Whether the element that begins holds nothing at all."""
        return not text and self.pieces[at][:1] == "/"

    def _deep(self) -> None:
        """An element deeper than pages of text need: it parts text, and no more."""
        self.builder.part()
        self.closings.append(self.builder.part)

    def _hit(self, raw: str) -> tuple[str, ...]:
        """The names of the selectors that hit an element."""
        hit = _MARK.search(raw)
        return self.hits[int(hit[1])] if hit else ()

    def _pass(self, tag: str) -> tuple[int, str]:
        """Go past an element; the place of the piece that ends it, and the text behind it."""
        depth = 1
        for at, piece in self.rest:
            name = _NAME.match(piece)
            if name is None:
                continue
            if name[0] == f"/{tag}":
                depth -= 1
                if not depth:
                    return at, piece.partition(">")[2]
            elif tag in _RAW:
                continue
            elif name[0] == tag:
                depth += 1
            elif name[0] in _RAW:
                self._pass(name[0])
        return len(self.pieces), ""

    def _sources(self, at: int) -> Iterator[dict[str, str]]:
        """The sources of the picture that the element before ``at`` stands in."""
        if self.picture is None or len(self.closings) != self.picture[0] + 1:
            return
        begin = self.picture[1]
        inside = list(takewhile(lambda piece: not piece.startswith("/picture>"), self.pieces[begin : begin + _NEAR]))
        if begin + len(inside) >= at:
            yield from (read_attributes(piece[6:]) for piece in inside if piece.startswith("source "))

    def _shape(self, tag: str, raw: str, at: int) -> str:
        """The tag that an element counts as: tables of layout and their parts are mere divisions."""
        if tag == "table":
            return "table" if self._is_data(raw, at) else "div"
        if tag in _TABLE:
            return tag if self.builder.in_table() else "div"
        classes = read_attributes(raw).get("class", "").casefold()
        if "wp-caption-text" in classes:
            return "figcaption"
        return "figure" if tag == "div" and "wp-caption" in classes else tag

    def _is_data(self, raw: str, at: int) -> bool:
        """Whether a table holds data: no table in it, no cell with text at length, and more than code in lines."""
        if read_attributes(raw).get("role") in {"presentation", "none"}:
            return False
        cells = length = rows = 0
        inside = listing = False
        for place in range(at, len(self.pieces)):
            head, _, text = self.pieces[place].partition(">")
            tag = head.partition(" ")[0]
            if tag == "/table":
                break
            if tag in _LAYOUT:
                return False
            rows += tag == "tr"
            listing = listing or tag == "pre"
            if tag in _CELL_TAGS:
                inside, length, cells = tag[0] != "/", 0, cells + (tag[0] != "/")
            length += len(unescape(text)) if inside and cells <= _CELLS else 0
            if length > _CELL:
                return False
        return cells > 0 and not (listing and rows == 1)


def _address_in(piece: str) -> str | None:
    """The address that a source or a link in an embed gives."""
    head = piece.partition(">")[0]
    tag, _, raw = head.partition(" ")
    name = {"source": "src", "a": "href"}.get(tag)
    return read_attributes(f" {raw}").get(name) if name else None


_Handler = Callable[[_Walk, str, str, str, int], str]
_TAGS: dict[str, _Handler] = {
    **dict.fromkeys(_BLOCKS, _Walk.block),
    **dict.fromkeys(_SKIPPED, _Walk.unseen),
    **dict.fromkeys(_EMBEDS, _Walk.embed),
    **dict.fromkeys(_INLINE, _Walk.inline),
    **dict.fromkeys(_VOID, _Walk.nothing),
    "a": _Walk.link,
    "amp-img": _Walk.image,
    "body": _Walk.body,
    "br": _Walk.line_break,
    "hr": _Walk.line_break,
    "img": _Walk.image,
    "noscript": _Walk.noscript,
    "picture": _Walk.begin_picture,
}

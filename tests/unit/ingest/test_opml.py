"""Lists of feeds: what readers of all kinds export is read, what may harm is refused, and what is written reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import PageError
from cleaner.ingest.opml import Outline, read_opml, write_opml

_LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1">
  <head><title>My feeds</title></head>
  <body>
    <outline text="Harbour &amp; Weir" type="rss" xmlUrl="https://harbour.example/feed" htmlUrl="https://harbour.example/"/>
    <outline text="News">
      <outline text="North">
        <outline title="Fallowby Post" text="ignored" XMLURL="https://fallowby.example/rss" HTMLurl="https://fallowby.example/"/>
      </outline>
      <outline text="plain note"/>
      <outline text="Harbour again" xmlUrl="https://harbour.example/feed"/>
    </outline>
    <outline text=""><outline xmlurl="http://eskvale.example/atom.xml"/></outline>
  </body>
</opml>
"""


def test_folders_become_groups_and_an_address_stands_once() -> None:
    """The first of equal addresses stands, in the folders of all; a folder without a name is none."""
    assert read_opml(_LIST, "feeds.opml") == (
        Outline("https://harbour.example/feed", "Harbour & Weir", "https://harbour.example/", ("News",)),
        Outline("https://fallowby.example/rss", "Fallowby Post", "https://fallowby.example/", ("News", "North")),
        Outline("http://eskvale.example/atom.xml"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_are_read(encoding: str) -> None:
    """As the declaration or the mark says."""
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><opml version="2.0"><body><outline text="Zürich" xmlUrl="http://a.example/"/></body></opml>'
    assert read_opml(text.encode(encoding), "f")[0].title == "Zürich"


def test_what_stands_in_a_feed_is_in_its_folder() -> None:
    """A feed is no folder, whatever stands in it."""
    body = b'<opml><body><outline text="F"><outline text="A" xmlUrl="http://a.example/"><outline text="B" xmlUrl="http://b.example/"/></outline></outline></body></opml>'
    assert [(one.title, one.groups) for one in read_opml(body, "f")] == [("A", ("F",)), ("B", ("F",))]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "line 1: no element found"),
        (b"<opml>\n<body>\n<outline text='a & b'/>", "line 3: not well-formed"),
        (b"<opml>\n<body>\n<outline text='a'>\n</body></opml>", "line 4: mismatched tag"),
        (b"<rss>\n</rss>", "line 1: is no OPML: begins with <rss>"),
        (b"<html><body></body></html>", "line 1: is no OPML: begins with <html>"),
        (b"<opml>\n<head/>\n</opml>", "line 3: holds no <body>"),
        (b"\n<!DOCTYPE opml>\n<opml/>", "line "),
        (b'<opml><body><outline text="&nbsp;" xmlUrl="http://a.example/"/></body></opml>', "line 1: undefined entity"),
        (b'<?xml version="1.0" encoding="martian"?><opml/>', "line 1: "),
    ],
)
def test_a_mistake_names_file_and_line(body: bytes, detail: str) -> None:
    """One line that says where."""
    with pytest.raises(PageError) as caught:
        read_opml(body, "my.opml")
    assert (caught.value.origin, caught.value.reason) == ("my.opml", "bad-opml")
    assert caught.value.detail.startswith(detail)
    assert "\n" not in str(caught.value)


@pytest.mark.case(41, 43)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_grow(encoding: str) -> None:
    """A bomb of entities, and a file of the system, in any encoding: refused where the document type begins."""
    inner = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 100}">' for number in range(1, 9))
    bomb = f'<?xml version="1.0"?>\n<!DOCTYPE opml [<!ENTITY e0 "ha">{inner}<!ENTITY f SYSTEM "file:///etc/hostname">]>\n<opml><body><outline text="&e8;&f;"/></body></opml>'
    with pytest.raises(PageError, match="line 2: declares a document type"):
        read_opml(bomb.encode(encoding), "f")


def test_folders_nest_to_fifty() -> None:
    """Fifty are read, one more is refused, and a hundred thousand cost nothing."""

    def nested(depth: int) -> bytes:
        """A feed so deep."""
        begin = "".join(f'<outline text="{number}">' for number in range(depth))
        return f'<opml><body>{begin}<outline xmlUrl="http://a.example/"/>{"</outline>" * depth}</body></opml>'.encode()

    assert read_opml(nested(50), "f")[0].groups == tuple(map(str, range(50)))
    for depth in (51, 100_000):
        with pytest.raises(PageError, match="folders nest deeper than 50"):
            read_opml(nested(depth), "f")


def test_what_is_written_is_opml_2_with_the_same_folders() -> None:
    """Folders are made once, at their first feed; characters that XML forbids are left out."""
    outlines = (
        Outline("https://a.example/f?x=1&y=2", 'A "quoted"\x00', "https://a.example/", ("News", "North")),
        Outline("https://b.example/", "B"),
        Outline("https://c.example/", "", "", ("News",)),
    )
    body = write_opml("My <feeds>", outlines)
    assert body.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<opml version="2.0">\n  <head>\n    <title>My &lt;feeds&gt;</title>\n  </head>\n  <body>\n'
        '    <outline text="News" title="News">\n      <outline text="North" title="North">\n'
        '        <outline type="rss" text="A &quot;quoted&quot;" xmlUrl="https://a.example/f?x=1&amp;y=2" title="A &quot;quoted&quot;" htmlUrl="https://a.example/"/>\n'
        "      </outline>\n"
        '      <outline type="rss" text="https://c.example/" xmlUrl="https://c.example/"/>\n    </outline>\n'
        '    <outline type="rss" text="B" xmlUrl="https://b.example/" title="B"/>\n  </body>\n</opml>\n'
    )
    assert write_opml("My <feeds>", outlines) == body


_WORD = (
    st.text("abcÄß &<>\"'日", min_size=1, max_size=6)
    .map(str.strip)
    .filter(bool)
    .map(lambda text: " ".join(text.split()))
)


@given(
    st.lists(
        st.builds(
            Outline,
            st.integers(0, 30).map("https://a.example/{}?a=1&b=2".format),
            _WORD,
            st.sampled_from(("", "https://a.example/")),
            st.lists(_WORD, max_size=4, unique=True).map(tuple),
        ),
        unique_by=lambda outline: outline.url,
    )
)
def test_what_is_written_reads_back(outlines: list[Outline]) -> None:
    """Every feed with its folders, whatever the order in which folders gather them."""
    assert sorted(read_opml(write_opml("t", outlines), "f"), key=repr) == sorted(outlines, key=repr)

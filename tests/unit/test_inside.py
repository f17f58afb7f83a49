"""The measure of what is kept inside articles: a page's own stretches, and what an entry may be held to."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.benchmark.inside import compared
from tests.benchmark.own import stretches

FIRST = "The ferry to Sollen has made its last crossing this week, and forty islanders stood on the quay to see it."
LAST = "A bridge is to take its place in the spring, said the harbour master, who has not yet seen any drawing of it."
PAGE = f"""<body><h1>Last ferry</h1><img src="/lead.jpg"><p>{FIRST} <a href="/quay">The quay</a></p>
<img src="data:," data-src="/ferry.jpg"><noscript><img src="/ferry.jpg?plain"></noscript><pre>ferry --stop</pre>
<ul><li>Sollen<li>Harm</ul><p>{LAST}</p><p>Read this now.</p><img src="/hat.jpg"><p>Buy a hat.</p></body>"""


def test_a_page_is_read_in_stretches() -> None:
    """A picture has all addresses that it may be shown by; code is silent, for a gold text may leave it out."""
    page = stretches(PAGE, "https://e.org/")
    ferry = next(piece for piece in page if "https://e.org/ferry.jpg" in piece.addresses)
    assert ferry.addresses == ("https://e.org/ferry.jpg", "https://e.org/ferry.jpg?plain")
    assert [piece.text for piece in page if piece.silent and piece.text] == ["ferry --stop"]
    assert next(iter(page[2].things["links"])) == ("https://e.org/quay", "The quay")


def test_an_entry_is_held_to_what_stands_between_its_text(tmp_path: Path) -> None:
    """Code and picture that gold leaves out are wanted, the lead picture is left open, and a hat from below is wrong."""
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(PAGE.encode(), mtime=0))
    gold = {"url": "https://e.org/", "body": f"{FIRST} The quay\nSollen\nHarm\n{LAST}"}
    entry = f'<img src="https://e.org/lead.jpg"><p>{FIRST} The quay</p><p>{LAST}</p><img src="https://e.org/hat.jpg">'
    kept, whole = compared((gold, path, entry, f"{FIRST} The quay\n\n{LAST}"))
    assert kept["links"] == (0, 0, 1)
    assert whole["list items"] == (0, 0, 2)
    assert whole["code"] == (0, 0, 2)
    assert kept["code"] == (0, 0, 0)  # the list behind it was lost
    assert whole["images"] == (0, 1, 1)

"""Outcome -> what went and why, for people: in colour for a terminal, or as one HTML page. Pure.

The page needs nothing but itself: no script, no request. What the raw page says stands there as text and never runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from cleaner.datatypes import Block, Entry, Flag, Outcome, Page, Rejected, Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["explain_html", "explain_terminal", "facts_of", "witnesses_of"]

_COLOURS = {
    "body": "green",
    "title": "bold cyan",
    "byline": "cyan",
    "date": "cyan",
    "source": "cyan",
    "caption": "blue",
    "excerpt": "magenta",
    "ad": "red",
    "promo": "yellow",
    "ticker": "magenta",
    "disclaimer": "dark_orange",
    "related": "bright_red",
    "share": "yellow",
    "nav": "bright_black",
    "comments": "magenta",
    "bio": "blue",
    "consent": "yellow",
    "other": "bright_black",
}
_SHORT = 160


def facts_of(outcome: Outcome) -> list[tuple[str, str]]:
    """What is known of the entry, or why there is none, as pairs of name and text."""
    counts = Counter(verdict.label.value for verdict in outcome.labelled.verdicts if not verdict.label.used)
    removed = ", ".join(f"{count} {label}" for label, count in counts.most_common()) or "nothing"
    kept = sum(verdict.label.kept for verdict in outcome.labelled.verdicts)
    facts = [
        ("kept", f"{kept} of {len(outcome.labelled.verdicts)} blocks"),
        ("removed", removed),
        ("confidence", f"{outcome.labelled.confidence:.2f}"),
        *(("note", note) for note in outcome.labelled.notes),
    ]
    if isinstance(outcome.result, Rejected):
        return [("rejected", outcome.result.reason), *facts]
    return [*_entry_facts(outcome.result, outcome.labelled.page), *facts]


def _entry_facts(entry: Entry, page: Page) -> Iterator[tuple[str, str]]:
    """The facts that an entry tells; those that it does not tell are left out."""
    told = {
        "title": entry.article.title,
        "authors": ", ".join(entry.authors),
        "contributors": ", ".join(entry.contributors),
        "published": entry.published.isoformat() + f" ({entry.published_precision})" if entry.published else "",
        "updated": entry.updated.isoformat() if entry.updated else "",
        "language": entry.language or "",
        "site": entry.site or "",
        "url": entry.url or "",
        "source": " ".join(filter(None, (entry.source.title, entry.source.url))) if entry.source else "",
        "via": " → ".join(via.title for via in entry.via),
        "flags": ", ".join(_flag(flag, page) for flag in entry.flags),
        "image": entry.image or "",
        "categories": ", ".join(entry.categories),
        "enclosures": ", ".join(enclosure.url for enclosure in entry.enclosures),
        "rights": entry.rights or "",
        "sorted by": "" if entry.published else f"{entry.fetched.isoformat()}, when it was fetched",
    }
    return ((name, text) for name, text in told.items() if text)


def _flag(flag: Flag, page: Page) -> str:
    """A flag, with the place of the block that discloses it, if one does."""
    if flag.block is None:
        return flag.name
    place = _place(page.blocks[flag.block], numbered=page.is_joined)
    return f"{flag.name} ({place if place.startswith(('#', 'p.')) else f'line {place}'})"


def witnesses_of(outcome: Outcome) -> dict[str, str]:
    """Who told each fact of the entry: ``published`` -> ``opengraph article:published_time``."""
    told = outcome.result.witnesses if isinstance(outcome.result, Entry) else ()
    return {witness.fact: f"{witness.name} {witness.key}".rstrip() for witness in told}


def explain_terminal(outcome: Outcome) -> RenderableType:
    """The page's blocks as a table with label, judge and reason, in the label's colour; a summary below."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1), show_edge=False)
    for name in ("line", "", "label", "reason", "score", "text"):
        table.add_column(
            name,
            justify="right" if name in {"line", "score"} else "left",
            no_wrap=name not in {"reason", "text"},  # a long reason folds, so that 80 columns leave room for the text
            overflow="fold",
        )
    numbered = outcome.labelled.page.is_joined
    for block, verdict in _pairs(outcome):
        colour = _COLOURS[verdict.label.value]
        text = block.text if len(block.text) <= _SHORT else block.text[: _SHORT - 1] + "…"
        cells = (
            _place(block, numbered=numbered),
            "✓" if verdict.label.kept else "",
            verdict.label.value,
            verdict.reason,
            f"{verdict.score:.2f}",
            _visible(text),
        )
        table.add_row(*(Text(cell, style=colour) for cell in cells))
    facts = Table.grid(padding=(0, 2))
    told = witnesses_of(outcome)
    for name, text in facts_of(outcome):
        facts.add_row(Text(name, style="bold"), Text(_visible(text)), Text(_visible(told.get(name, "")), style="dim"))
    return Group(table, Text(), facts)


def _pairs(outcome: Outcome) -> Iterator[tuple[Block, Verdict]]:
    """Each block with its verdict."""
    return zip(outcome.labelled.page.blocks, outcome.labelled.verdicts, strict=True)


def _place(block: Block, *, numbered: bool) -> str:
    """Where a block stands: its line on a text page (and the characters of it), its number on an HTML page.

    numbered: with the number of its page before it, for an article that stands on several.
    """
    begin = f"p. {block.page} " if numbered else ""
    if block.lines is None:
        return f"{begin}#{block.index}"
    return begin + str(block.lines[0]) + (f":{block.chars[0]}" if block.chars else "")


def _visible(text: str) -> str:
    """Text that cannot steer a terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def explain_html(outcome: Outcome, origin: str) -> str:
    """One self-contained HTML document: before (every block, coloured by label) and after (the article), side by side."""
    environment = Environment(
        loader=PackageLoader("cleaner"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    numbered = outcome.labelled.page.is_joined
    rows = [
        (_place(block, numbered=numbered), block, verdict, tuple(_overruled(verdict)))
        for block, verdict in _pairs(outcome)
    ]
    entry = outcome.result if isinstance(outcome.result, Entry) else None
    counts = Counter(verdict.label.value for verdict in outcome.labelled.verdicts)
    return environment.get_template("explain.html").render(
        origin=origin,
        rows=rows,
        entry=entry,
        article=Markup(entry.article.html) if entry else None,  # noqa: S704 - sanitised by markup, the one place that does
        facts=facts_of(outcome),
        told=witnesses_of(outcome),
        counts=counts.most_common(),
    )


def _overruled(verdict: Verdict) -> Iterator[Verdict]:
    """The verdicts that this one replaced, latest first."""
    before = verdict.overruled
    while before is not None:
        yield before
        before = before.overruled

"""Labelled lines -> the same lines with noise of known labels among them. Pure but for the generator handed in.

Real pages with careful labels are few, and some kinds of noise are rare on them: teasers of other articles without any
heading, tickers, disclaimers, asks inside the text, blurbs, repeated bodies, comment threads. Here they are made: from
openings of other articles of the same fold, and from phrases of our own in several languages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from cleaner.datatypes import Label
from cleaner.learn.phrases import ADS, DISCLAIMERS, HEADINGS, NAMES, PROMOS, SHARES, SYMBOLS

__all__ = ["Borrowed", "Line", "Run", "Story", "augmented", "runs_of", "second_article"]

_LENT = frozenset(
    {
        Label.RELATED,
        Label.COMMENTS,
        Label.PROMO,
        Label.AD,
        Label.DISCLAIMER,
        Label.CONSENT,
        Label.TICKER,
        Label.BIO,
        Label.SHARE,
    }
)
_SHORT, _LONG = 4, 60  # lines of a run that may stand inside an article, and of the longest that is lent


@dataclass(frozen=True, slots=True)
class Line:
    """A line or block with the labels it may have; ``weight`` 0 leaves it out of the loss. gap: a blank line is above."""

    text: str
    allowed: frozenset[Label]
    weight: float = 1.0
    gap: bool = True


Run = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An article to take teasers and comments from: its headline, its paragraphs, its language."""

    title: str
    paragraphs: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What other pages lend: stories that teasers and comments are made of, runs of lines that are noise, whole articles."""

    stories: tuple[Story, ...]
    runs: tuple[Run, ...] = ()
    articles: tuple[Run, ...] = ()


def runs_of(lines: Sequence[Line]) -> tuple[Run, ...]:
    """The runs of lines of one kind of noise, to be lent to other pages."""
    out: list[Run] = []
    run: list[Line] = []
    for line in (*lines, Line("", frozenset())):
        if run and (line.allowed != run[0].allowed or len(run) == _LONG):
            if len(run) > 1 or len(run[0].text) > 60:
                out.append(tuple(run))
            run = []
        if line.weight > 0 and line.allowed and line.allowed <= _LENT:
            run.append(line)
    return tuple(out)


def second_article(lines: Sequence[Line]) -> Run:
    """A page's article from its headline to its last line, as it would stand below another one: all of it is related then."""
    told = [place for place, line in enumerate(lines) if line.allowed & {Label.BODY, Label.TITLE} and line.weight > 0]
    if not told or not any(line.allowed == {Label.BODY} for line in lines):
        return ()
    kept = lines[told[0] : told[-1] + 1][:_LONG]
    return tuple(Line(line.text, _one(Label.RELATED), line.weight, line.gap) for line in kept)


def _one(*labels: Label) -> frozenset[Label]:
    """A set of labels."""
    return frozenset(labels)


def _said(table: dict[str, tuple[str, ...]], language: str, rng: Random) -> str:
    """A phrase in a language, or in English."""
    return rng.choice(table.get(language, table["en"]))


def _opening(story: Story, rng: Random) -> str:
    """The opening of an article, often cut off."""
    text = next(
        (part for part in story.paragraphs if len(part) > 80), story.paragraphs[0] if story.paragraphs else story.title
    )
    if rng.random() < 0.55:
        most = rng.randint(70, 240)
        if len(text) > most:
            cut = text[:most].rsplit(" ", 1)[0]
            return cut + rng.choice(("...", "…", " […]", "", " [...]"))
    return text


def _teasers(others: Sequence[Story], rng: Random) -> list[Line]:
    """Openings of other articles, with or without headlines, dates and a heading above."""
    made: list[Line] = []
    related = _one(Label.RELATED)
    first = rng.choice(others)
    if rng.random() < 0.4:
        made.append(Line(_said(HEADINGS, first.language, rng), related))
    titled, dated = rng.random() < 0.6, rng.random() < 0.3
    for _ in range(rng.randint(1, 7)):
        story = rng.choice(others)
        if titled:
            made.append(Line(story.title, related))
            if rng.random() < 0.15:
                made.append(Line(story.title, related, gap=False))
        if dated:
            made.append(
                Line(
                    rng.choice(("3 hours ago", "14 October 2025", "Nov 3, 2025", "2 days ago")),
                    _one(Label.RELATED, Label.DATE),
                )
            )
        if rng.random() < 0.8 or not titled:
            made.append(Line(_opening(story, rng), related, gap=rng.random() < 0.7))
        if rng.random() < 0.2:
            made.append(
                Line(
                    rng.choice(
                        ("Read more", "Continue reading", "Weiterlesen", "Lire la suite", "Leer más", "Read More »")
                    ),
                    related,
                    gap=False,
                )
            )
    return made


def _second(others: Sequence[Story], rng: Random) -> list[Line]:
    """A second whole article below the first."""
    story = rng.choice(others)
    related = _one(Label.RELATED)
    day = f"{rng.randint(1, 28)}.{rng.randint(1, 12):02}.2025"
    heads = [
        Line(rng.choice((f"By {rng.choice(NAMES)}", rng.choice(NAMES))), related),
        Line(
            rng.choice((day, f"{day} - {rng.randint(1, 23)}:{rng.randint(10, 59)}", f"Published {day}")),
            related,
            gap=False,
        ),
    ]
    return [
        Line(story.title, related),
        *(heads[: rng.randint(0, 2)] if rng.random() < 0.7 else ()),
        *(Line(part, related) for part in story.paragraphs[: rng.randint(3, 12)]),
    ]


def _comments(others: Sequence[Story], rng: Random) -> list[Line]:
    """A thread of readers' comments."""
    comments = _one(Label.COMMENTS)
    made = [
        Line(
            rng.choice(
                (
                    "Comments",
                    f"{rng.randint(2, 90)} comments",
                    "Leave a comment",
                    "Join the discussion",
                    "Kommentare",
                    "Commentaires",
                    "Comentarios",
                )
            ),
            comments,
        )
    ]
    if rng.random() < 0.2:  # some scrapers keep nothing but what the readers say
        texts = [rng.choice(rng.choice(others).paragraphs or ("Yes.",)) for _ in range(rng.randint(4, 20))]
        return [*made[: rng.randint(0, 1)], *(Line(text[: rng.randint(30, 400)], comments) for text in texts)]
    form = rng.randint(0, 3)
    for _ in range(rng.randint(3, 12)):
        story = rng.choice(others)
        name = rng.choice(NAMES)
        when = rng.choice(
            (
                f"{rng.randint(2, 23)} hours ago",
                f"{rng.randint(1, 28)} October 2025 at {rng.randint(1, 12)}:{rng.randint(10, 59)}",
                f"{rng.randint(2, 9)} months ago",
            )
        )
        head = (name, f"{name} says:", f"{name} · {when}", f"{name} wrote on {when}")[form]
        made.append(Line(head, comments))
        if form == 0:
            made.append(Line(when, comments, gap=False))
        part = rng.choice(story.paragraphs) if story.paragraphs else story.title
        made += [
            Line(text, comments)
            for text in ([part[: rng.randint(40, 400)].rsplit(" ", 1)[0] + rng.choice((".", "!", "?", ""))])
        ]
        made.append(
            Line(
                rng.choice(("Reply", "Reply · Like", "Report", "0 0 Reply", "Antworten", "Répondre", "Responder")),
                comments,
                gap=False,
            )
        )
    return made


def _ticker(rng: Random) -> list[Line]:
    """A widget of prices."""
    ticker = _one(Label.TICKER)
    made = []
    form = rng.randint(0, 2)
    for _ in range(rng.randint(2, 8)):
        name, price, change = rng.choice(SYMBOLS), rng.uniform(0.1, 40_000), rng.uniform(-9, 9)
        if form == 0:
            made += [
                Line(name, ticker),
                Line(f"${price:,.2f}", ticker, gap=False),
                Line(f"{change:+.2f}%", ticker, gap=False),
            ]
        elif form == 1:
            made.append(Line(f"{name} {price:,.2f} {change:+.2f} ({change:+.2f}%)", ticker, gap=False))
        else:
            made += [
                Line(f"{name} Price({name[:4].upper()})", ticker),
                Line(
                    f"${price:,.4f} 24h Volume: ${price * 1e5:,.0f} Market Cap: ${price * 1e7:,.0f}", ticker, gap=False
                ),
            ]
    if rng.random() < 0.4:
        made.append(
            Line(
                rng.choice(("Market data delayed by 15 minutes", "Add to watchlist", "View chart", "Live prices")),
                ticker,
                gap=False,
            )
        )
    return made


def _share_row(rng: Random) -> list[Line]:
    """A row of share buttons."""
    return [Line(text, _one(Label.SHARE), gap=False) for text in rng.sample(SHARES, rng.randint(2, 6))]


def _pieces(language: str, table: dict[str, tuple[str, ...]], label: Label, rng: Random, most: int) -> list[Line]:
    """Some phrases of one label."""
    return [
        Line(_said(table, language, rng), _one(label), gap=number == 0 or rng.random() < 0.5)
        for number in range(rng.randint(1, most))
    ]


def _body_places(lines: Sequence[Line]) -> list[int]:
    """The places of the lines that are body and nothing else."""
    return [place for place, line in enumerate(lines) if line.allowed == {Label.BODY} and line.weight > 0]


def _blurb(lines: Sequence[Line], title: str, rng: Random) -> list[Line]:
    """A feed's blurb that repeats the article's beginning."""
    places = _body_places(lines)
    text = lines[places[0]].text if places else title
    cut = text[: rng.randint(80, 400)].rsplit(" ", 1)[0] + rng.choice(("...", "…", " […]", ""))
    site = rng.choice(("HarbourLedger.com", "Daily Beacon", "TradeDesk", "NordPost"))
    form = rng.randint(0, 2)
    text = (
        f"The post {title} appeared first on {site}. {cut}",
        f"{cut} The post {title} appeared first on {site}.",
        cut,
    )[form]
    return [Line(text, _one(Label.EXCERPT))]


def _inside(lines: list[Line], made: list[Line], rng: Random) -> list[Line]:
    """The lines with others put between two lines of the body."""
    places = [place for place in _body_places(lines)[1:] if lines[place].gap]
    if not places:
        return lines
    at = rng.choice(places)
    return [*lines[:at], *made, *lines[at:]]


def _after(lines: list[Line], made: list[Line]) -> list[Line]:
    """The lines with others put right behind the body."""
    places = _body_places(lines)
    at = places[-1] + 1 if places else len(lines)
    return [*lines[:at], *made, *lines[at:]]


def _before(lines: list[Line], made: list[Line]) -> list[Line]:
    """The lines with others put before the body or before the whole page."""
    return [*made, *lines]


def augmented(lines: Sequence[Line], own: Story, borrowed: Borrowed, rng: Random) -> list[Line]:
    """A page with one to four kinds of noise added, the body left as it was."""
    others, runs, articles = borrowed.stories, borrowed.runs, borrowed.articles
    out = list(lines)
    if not others or not _body_places(out):
        return out
    language = own.language
    makers: tuple[Callable[[list[Line]], list[Line]], ...] = (
        lambda now: _after(now, _teasers(others, rng)),
        lambda now: _after(now, _teasers(others, rng)),
        lambda now: _after(now, _comments(others, rng)),
        lambda now: _after(now, _ticker(rng)),
        lambda now: _before(now, _ticker(rng)),
        lambda now: _inside(now, _ticker(rng), rng),
        lambda now: _after(now, _pieces(language, DISCLAIMERS, Label.DISCLAIMER, rng, 2)),
        lambda now: _inside(now, _pieces(language, PROMOS, Label.PROMO, rng, 2), rng),
        lambda now: _inside(now, [Line(rng.choice(ADS), _one(Label.AD))], rng),
        lambda now: _inside(
            now, [Line(f"{_said(HEADINGS, language, rng)}: {rng.choice(others).title}", _one(Label.RELATED))], rng
        ),
        lambda now: _before(now, _blurb(now, own.title, rng)),
        lambda now: _after(now, _second(others, rng)),
        lambda now: _after(now, _share_row(rng)),
        lambda now: _inside(now, _teasers(others, rng)[:3], rng),
    )
    short = [run for run in runs if len(run) <= _SHORT]
    if runs:
        makers += (lambda now: _after(now, list(rng.choice(runs))),) * 3
        makers += (lambda now: _before(now, list(rng.choice(runs))),)
    if short:
        makers += (lambda now: _inside(now, list(rng.choice(short)), rng),)
    if articles:
        makers += (lambda now: _after(now, list(rng.choice(articles))),)
    for maker in rng.sample(makers, rng.randint(1, 4)):
        out = maker(out)
    return out

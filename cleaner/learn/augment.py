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

__all__ = ["Line", "Story", "augmented"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line or block with the labels it may have; ``weight`` 0 leaves it out of the loss. gap: a blank line is above."""

    text: str
    allowed: frozenset[Label]
    weight: float = 1.0
    gap: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """An article to take teasers and comments from: its headline, its paragraphs, its language."""

    title: str
    paragraphs: tuple[str, ...]
    language: str


_DISCLAIMERS = {
    "en": (
        "Disclaimer: The information on this page is for general purposes only and does not constitute financial advice. Always do your own research before making any decision.",
        "This article was produced with the help of artificial intelligence and reviewed by our editors before publication.",
        "The views expressed in this article are those of the author and do not necessarily reflect the position of this publication.",
        "Some of the links above are affiliate links: if you buy something through them, we may earn a small commission at no extra cost to you.",
        "© 2025 All rights reserved. No part of this page may be reproduced without prior written consent.",
        "Trading involves risk. Past performance is no guarantee of future results, and you may lose all the capital that you invest.",
        "This content is provided for informational purposes and should not be taken as legal, tax, investment or medical advice.",
    ),
    "de": (
        "Hinweis: Dieser Beitrag stellt keine Anlageberatung dar. Alle Angaben ohne Gewähr.",
        "Dieser Text wurde mit Unterstützung künstlicher Intelligenz erstellt und redaktionell geprüft.",
        "Alle Rechte vorbehalten. Nachdruck und Weiterverbreitung nur mit Genehmigung des Verlags.",
    ),
    "fr": (
        "Avertissement : les informations de cette page ne constituent pas un conseil en investissement.",
        "Cet article a été rédigé avec l'aide de l'intelligence artificielle, puis relu par la rédaction.",
        "Tous droits réservés. Toute reproduction sans autorisation est interdite.",
    ),
    "es": (
        "Aviso legal: el contenido de este artículo no constituye asesoramiento financiero.",
        "Las opiniones expresadas son responsabilidad exclusiva del autor y no reflejan la línea editorial de este medio.",
        "Todos los derechos reservados. Prohibida su reproducción total o parcial.",
    ),
    "it": (
        "Avvertenza: le informazioni contenute in questo articolo non costituiscono consulenza finanziaria.",
        "Riproduzione riservata. Tutti i diritti sono riservati.",
    ),
    "pt": (
        "Aviso: as informações desta página não constituem aconselhamento financeiro.",
        "As opiniões expressas neste texto são de responsabilidade do autor.",
    ),
    "nl": ("Dit artikel is geen financieel advies. Beleggen brengt risico's met zich mee.",),
    "pl": ("Treść artykułu nie stanowi porady inwestycyjnej. Wszelkie prawa zastrzeżone.",),
    "ru": ("Материал не является инвестиционной рекомендацией. Все права защищены.",),
    "tr": ("Burada yer alan bilgiler yatırım danışmanlığı kapsamında değildir.",),
}
_PROMOS = {
    "en": (
        "Sign up for our free daily newsletter and get the stories that matter straight to your inbox.",
        "Enjoying this story? Subscribe today for unlimited access.",
        "Follow us on Facebook, X and Instagram for more updates.",
        "Download our app to get breaking alerts on your phone.",
        "Join our WhatsApp channel for the latest news.",
        "Support independent journalism. Make a donation today.",
        "Get the latest headlines delivered every morning.",
        "Enter your email address",
        "Sign up now",
        "Subscribe",
    ),
    "de": (
        "Jetzt unseren kostenlosen Newsletter abonnieren und nichts mehr verpassen.",
        "Folgen Sie uns auf Instagram und Facebook.",
        "Laden Sie unsere App herunter und bleiben Sie informiert.",
        "Jetzt abonnieren",
    ),
    "fr": (
        "Inscrivez-vous à notre newsletter et recevez chaque matin l'essentiel de l'actualité.",
        "Suivez-nous sur WhatsApp pour ne rien manquer.",
        "Je m'abonne",
    ),
    "es": (
        "Suscríbete a nuestro boletín y recibe las noticias más importantes del día.",
        "Síguenos en nuestro canal de WhatsApp.",
        "Apúntate gratis",
    ),
    "it": (
        "Iscriviti alla nostra newsletter per ricevere ogni mattina le notizie più importanti.",
        "Seguici su WhatsApp",
    ),
    "pt": (
        "Assine a nossa newsletter e receba as principais notícias no seu e-mail.",
        "Siga o nosso canal no WhatsApp",
    ),
    "nl": ("Schrijf je in voor onze nieuwsbrief en mis niets van het nieuws.",),
    "pl": ("Zapisz się do naszego newslettera i bądź na bieżąco.",),
    "ru": ("Подпишитесь на наш канал в Telegram и будьте в курсе событий.",),
    "tr": ("Haber bültenimize ücretsiz abone olun, gündemi kaçırmayın.",),
}
_HEADINGS = {
    "en": (
        "You may also like",
        "Related articles",
        "More from this section",
        "Most read",
        "Trending now",
        "Recommended for you",
        "Read next",
        "Latest news",
        "Don't miss",
    ),
    "de": ("Das könnte Sie auch interessieren", "Mehr zum Thema", "Meistgelesen", "Lesen Sie auch"),
    "fr": ("À lire aussi", "Sur le même sujet", "Les plus lus"),
    "es": ("Te puede interesar", "Lo más leído", "Noticias relacionadas"),
    "it": ("Leggi anche", "I più letti", "Articoli correlati"),
    "pt": ("Leia também", "Mais lidas", "Notícias relacionadas"),
    "nl": ("Lees ook", "Meest gelezen"),
    "pl": ("Czytaj także", "Najczęściej czytane"),
    "ru": ("Читайте также", "Самое читаемое"),
    "tr": ("İlgili haberler", "Çok okunanlar"),
}
_NAMES = (
    "Ann Keller",
    "J. Moreau",
    "sailor77",
    "Marta Lind",
    "tomasz_k",
    "P. Okafor",
    "Old Reader",
    "Lena",
    "Rui Prado",
    "Guest",
    "D. Novak",
    "quietriver",
    "H. Tanaka",
    "Mia S.",
    "nordwind",
    "Carlos V.",
)
_SYMBOLS = (
    "KEEL",
    "ORB",
    "VLT",
    "NORD",
    "ZEN",
    "HXA",
    "LUMO",
    "BTC",
    "ETH",
    "USDT",
    "EURUSD",
    "XAU",
    "DAX",
    "S&P 500",
    "Nikkei 225",
    "Gold",
    "Brent",
)
_SHARES = (
    "Share",
    "Tweet",
    "Share on Facebook",
    "Copy link",
    "Print",
    "Email",
    "WhatsApp",
    "Save",
    "12 shares",
    "Teilen",
    "Partager",
    "Compartir",
    "Condividi",
    "Facebook",
    "X",
    "LinkedIn",
    "Telegram",
    "Pinterest",
)
_ADS = (
    "Advertisement",
    "ADVERTISEMENT",
    "Anzeige",
    "Publicité",
    "Publicidad",
    "Sponsored",
    "Continue reading below",
    "Pubblicità",
    "Advertorial",
    "Реклама",
)


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
        made.append(Line(_said(_HEADINGS, first.language, rng), related))
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
    return [Line(story.title, related), *(Line(part, related) for part in story.paragraphs[: rng.randint(3, 12)])]


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
    form = rng.randint(0, 3)
    for _ in range(rng.randint(3, 12)):
        story = rng.choice(others)
        name = rng.choice(_NAMES)
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
        name, price, change = rng.choice(_SYMBOLS), rng.uniform(0.1, 40_000), rng.uniform(-9, 9)
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
    return [Line(text, _one(Label.SHARE), gap=False) for text in rng.sample(_SHARES, rng.randint(2, 6))]


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


def augmented(lines: Sequence[Line], own: Story, others: Sequence[Story], rng: Random) -> list[Line]:
    """A page with one to four kinds of noise added, the body left as it was."""
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
        lambda now: _after(now, _pieces(language, _DISCLAIMERS, Label.DISCLAIMER, rng, 2)),
        lambda now: _inside(now, _pieces(language, _PROMOS, Label.PROMO, rng, 2), rng),
        lambda now: _inside(now, [Line(rng.choice(_ADS), _one(Label.AD))], rng),
        lambda now: _inside(
            now, [Line(f"{_said(_HEADINGS, language, rng)}: {rng.choice(others).title}", _one(Label.RELATED))], rng
        ),
        lambda now: _before(now, _blurb(now, own.title, rng)),
        lambda now: _after(now, _second(others, rng)),
        lambda now: _after(now, _share_row(rng)),
        lambda now: _inside(now, _teasers(others, rng)[:3], rng),
    )
    for maker in rng.sample(makers, rng.randint(1, 4)):
        out = maker(out)
    return out

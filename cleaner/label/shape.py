"""A short text -> what its shape alone gives away: dates, bylines, prices, symbols, players, addresses. Pure.

These are the lines that no word list can hold, because what they say differs each time and only the form stays.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cleaner.datatypes import Cut, Label
from cleaner.text import words

__all__ = ["PRICE_CUT", "byline_names", "is_name", "shape_of"]

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december"
    r"|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|dez|okt|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre|novembre|décembre"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
    r"|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mei|augustus|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia"
    r"|maj|januari|augusti|desember|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня)\.?"
)
# A look ahead passes over the words that no figure follows, which is quicker than trying each month on them.
_DAY = (
    rf"(?:(?=\d)(?:\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?\s*(?:de |of )?{_MONTH},?\s*(?:de |del )?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH}"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日|\d{4}년\s*\d{1,2}월\s*\d{1,2}일)"
    rf"|(?=[^\W\d_]+\.?\s+\d){_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?)"
)
_DATE = re.compile(rf"(?<!\w){_DAY}(?!\w)", re.IGNORECASE)
_DATE_LOWERED = re.compile(_DATE.pattern)  # on ASCII in lower case the same, in half the time
_AGO = re.compile(
    r"^(?:\w+ )?(?:\d+|an?) (?:second|minute|min|hour|hr|day|week|month|year)s?\.? ago$|^vor \d+ \w+$|^il y a \d+ \w+$|^hace \d+ \w+$|^há \d+ \w+$|^\d+ \w+ (?:fa|geleden|temu|sedan|siden|önce|назад|тому)$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\b|\b\d{1,2}\s*[ap]\.?m\.?\b", re.IGNORECASE)
_BY = re.compile(
    r"^(?:by|von|vom|par|por|di|door|av|af|przez|autor(?:en|es|a|in)?|author|auteur|autore|skribent|written by|geschrieben von|автор|words by|story by|text|texte?|testo|reporting by|文|記者|기자)\b[:\s]\s*(.+)$",
    re.IGNORECASE,
)
_BY_BEGINS = frozenset("abdegiprstvwſа文記기")  # with what a byline begins
_NAME = re.compile(
    r"^(?:[^\W\d_]\.?[’'`\-]?){2,}$|^[^\W\d_]\.$|^(?:de|da|di|van|von|der|den|del|la|le|el|al|bin|ibn|dos|y)$"
)
_NOT_NAME = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "with",
        "from",
        "our",
        "my",
        "your",
        "we",
        "this",
        "that",
        "more",
        "most",
        "latest",
        "news",
        "staff",
        "newsletter",
        "email",
        "read",
        "about",
        "home",
        "sign",
        "log",
        "view",
        "see",
        "all",
        "how",
        "why",
        "what",
        "when",
        "is",
        "are",
        "was",
        "be",
        "not",
        "no",
        "new",
        "best",
        "top",
        "photo",
        "photos",
        "video",
        "watch",
        "live",
    ]
)
_ROLES = re.compile(
    r"\b(?:staff|reporter|writer|editor|correspondent|contributor|columnist|redakteur\w*|korrespondent\w*|journalist\w*|news agency|newsroom|desk|team|press|agency)\b",
    re.IGNORECASE,
)
_AGENCIES = re.compile(
    r"^\(?(?:AP|AFP|Reuters|dpa|EFE|ANSA|PTI|ANI|IANS|TASS|Xinhua|Bloomberg|CNN|PA|UPI|KNA|epd|APA|SDA|Keystone-SDA|Kyodo|Yonhap|PAP|NTB|TT|Ritzau|Lusa|Agencies|Associated Press|Staff)(?:[/, ]+\w{2,12}){0,2}\)?$"
)
_MONEY = r"(?:[$€£¥₹₿]\s?[\d.,]+\s?[KMBTkmbt]?|[\d.,]+\s?(?:[$€£¥₹₿]|USD|EUR|GBP|USDT|BTC))"
_PRICE = re.compile(
    rf"^[-+▲▼△▽↑↓(\s]*(?:{_MONEY}\s*)+[)]?\s*(?:\(?[-+]?[\d.,]+\s?%\)?)?$|^[▲▼△▽↑↓(]*\s*[-+]?\s?[\d.,]+\s?%\s*\)?$|^(?:[A-Z]{{2,6}}\s*/\s*)?(?:USD|EUR|GBP|USDT|BTC|ETH)$|^[-+][\d.,]+$"
)
_QUOTE_LINE = re.compile(
    rf"^[\w&.\- ]{{1,30}}?\s+{_MONEY}?\s*[\d.,]+\s+[-+▲▼]\s?[\d.,]+\s?%?(?:\s*\([-+]?[\d.,]+\s?%\))?$"
)
_TEMPERATURE = re.compile(r"^[-+−]?\d{1,2}\s?°\s?[CF]?\b.{0,12}$")
_PLAYER = re.compile(
    r"^(?:\d{1,2}:\d{2}(?::\d{2})?(?:\s*/\s*\d{1,2}:\d{2}(?::\d{2})?)?|\d(?:\.\d+)?x|x\d(?:\.\d+)?|\d{3,4}p(?: hd)?|\d{1,3}\s?%\s*(?:buffered|volume))$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(?:(?:https?://|www\.)\S+|\S+@\S+\.\w{2,})$", re.IGNORECASE)
_PROFILE = re.compile(
    r"^https?://(?:www\.|m\.|[a-z]{2}\.)?(?:facebook|fb|twitter|x|instagram|linkedin|youtube|tiktok|pinterest|threads|t|bsky|vk|ok)\.(?:com|net|me|app|ru)"
    r"/(?:(?:company|channel|user|c|profile|pages|in)/)?@?[\w.-]+/?$",
    re.IGNORECASE,
)
_SOURCE_LINK = re.compile(r"^[^\W\d_][\w ’']{2,24}:\s*https?://\S+$", re.IGNORECASE)
_COUNT = re.compile(
    r"^[\d.,]+\s?[KMkm]?(?:\s+(?:shares?|likes?|views?|reactions?|retweets?|claps?|votes?|partages))?$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"^\(?\d[\d.,]*\)?\s+(?:comments?|replies|responses|thoughts|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|komentarzy|kommentarer|yorum)\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright\b)|©\s*(?:\d{4}|[A-Z])|\ball rights reserved\b", re.IGNORECASE)
_READING = re.compile(
    r"^\W*\d{1,3}[- ]?(?:min(?:ute)?s?|минут\w*|minuten|minuti|minutos|minutes)\.?\s*(?:read(?:ing)?(?: time)?|de lecture|lesezeit|lectura|di lettura|leitura|чтения)?\W*$",
    re.IGNORECASE,
)
_TICKER_WORDS = r"(?:24h (?:volatility|volume|change|high|low)|market cap(?:italization)?|vol\.? ?24h|volume(?: ?\(?24h\)?)?|circulating supply|all[- ]time high)"
PRICE_CUT = Cut(
    "context:price-widget",
    rf"(?:\b[A-Z][A-Z0-9]{{1,6}}\s+)?{_MONEY}[\d\s.,]*(?:\s*{_TICKER_WORDS}:?\s*[-+]?(?:{_MONEY}|[\d.,]+\s?%)(?:\s?[KMBT]\b)?)+",
    ": ",
)


@lru_cache(maxsize=4096)
def shape_of(text: str) -> tuple[Label, str, float] | None:
    """The label that a short text's shape gives away, with a slug and a score; None where it gives nothing away.

    >>> shape_of("17 Nov 2025, 10:32 pm")
    (<Label.DATE: 'date'>, 'date-line', 0.95)
    >>> shape_of("-2.69%")
    (<Label.TICKER: 'ticker'>, 'price', 0.9)
    """
    if len(text) > 240:
        return None
    if not text[:1].isalnum() and not any(map(str.isalnum, text)):
        return (Label.OTHER, "symbols", 0.9) if text else None
    figures = _FIGURE.search(text) is not None
    if (label := _by_pattern(text, figures=figures)) is not None:
        return label
    if figures and _is_date(text):
        return Label.DATE, "date-line", 0.95
    if len(text) < 120 and _PRICE.match(text):
        return Label.TICKER, "price", 0.9
    if byline_names(text):
        return Label.BYLINE, "byline", 0.9
    return None


_FIGURE = re.compile(r"\d")
# Each shape is tried only on texts that hold its needle in lower case; ``#`` is any figure.
_SHAPES = (
    (Label.OTHER, "player", 0.9, "#", _PLAYER.match),
    (Label.ATTRIBUTION, "source-link", 0.9, "://", _SOURCE_LINK.match),
    (Label.TICKER, "temperature", 0.9, "°", _TEMPERATURE.match),
    (Label.TICKER, "quote-line", 0.85, "#", _QUOTE_LINE.match),
    (Label.DATE, "ago", 0.9, "#", _AGO.match),
    (Label.DATE, "ago", 0.9, " ago", _AGO.match),
    (Label.DATE, "reading-time", 0.9, "#", _READING.match),
    (Label.PROMO, "profile", 0.85, "://", _PROFILE.match),
    (Label.NAV, "address", 0.7, "://", _ADDRESS.match),
    (Label.NAV, "address", 0.7, "www.", _ADDRESS.match),
    (Label.NAV, "address", 0.7, "@", _ADDRESS.match),
    (Label.COMMENTS, "comment-count", 0.85, "#", _COMMENTS.match),
    (Label.SHARE, "count", 0.6, "", _COUNT.match),
    (Label.DISCLAIMER, "copyright", 0.85, "©", _COPYRIGHT.search),
    (Label.DISCLAIMER, "copyright", 0.85, "(c)", _COPYRIGHT.search),
    (Label.DISCLAIMER, "copyright", 0.85, "copyright", _COPYRIGHT.search),
    (Label.DISCLAIMER, "copyright", 0.85, "all rights reserved", _COPYRIGHT.search),
    (Label.BYLINE, "agency", 0.85, "", _AGENCIES.match),
)
_WITH_FIGURES = tuple((*shape[:3], shape[3].replace("#", ""), shape[4]) for shape in _SHAPES)
_WITHOUT_FIGURES = tuple(shape for shape in _SHAPES if shape[3] != "#")


def _by_pattern(text: str, *, figures: bool) -> tuple[Label, str, float] | None:
    """The first shape that fits a text as a whole."""
    lowered = text.lower()
    for label, slug, score, needle, fits in _WITH_FIGURES if figures else _WITHOUT_FIGURES:
        if needle in lowered and fits(text):
            return label, slug, score
    return None


# What every date holds: figures parted by a mark, or the begin of a month's name.
_PARTED = re.compile(r"\d[-./年월月년]")
_BEGUN = frozenset(name.replace("ı", "i")[:3] for name in re.findall(r"\w{3,}", _MONTH))


def _is_date_like(lowered: str) -> bool:
    """Whether a text holds what dates do."""
    if _PARTED.search(lowered):
        return True
    return not _BEGUN.isdisjoint([lowered[at : at + 3] for at in range(len(lowered) - 2)])


def _is_date(text: str) -> bool:
    """Whether a line with figures is a date: what is left beside days and clock times is a few words at most."""
    if len(text) >= 100 or not _is_date_like(lowered := text.lower().replace("ı", "i")):
        return False
    rest, found = _DATE_LOWERED.subn(" ", lowered) if text.isascii() else _DATE.subn(" ", text)
    return bool(found) and len(words(_CLOCK.sub(" ", rest))) <= 5


def byline_names(text: str) -> tuple[str, ...]:
    """The names in a line that is a byline and nothing else, in order; none where it is something else.

    >>> byline_names("By Ann B. Lee and Juan Gil, Staff Writers")
    ('Ann B. Lee', 'Juan Gil')
    >>> byline_names("By the end of the year")
    ()
    """
    begun = _BY.match(text) if len(text) <= 160 and text[:1].lower() in _BY_BEGINS else None
    if not begun:
        return ()
    rest = re.split(
        r"\s+[|•·–—]\s+|\s+-\s+|\s+(?:updated|published|posted|on)\b", begun[1], maxsplit=1, flags=re.IGNORECASE
    )[0]
    parts = [
        part.strip(" .:*")
        for part in re.split(r",\s*|\s+(?:and|und|et|y|e|en|och|og|i|и|&)\s+|;|/", rest)
        if part.strip()
    ]
    names = [part for part in parts if is_name(part)]
    strangers = [part for part in parts if part not in names and not _ROLES.search(part)]
    return tuple(names) if names and len(strangers) <= 1 else ()


def is_name(text: str) -> bool:
    """Whether a text has the form of a person's name: two to five words, capitals, no figures, no common word."""
    tokens = text.split()
    if not 2 <= len(tokens) <= 5 or _ROLES.search(text):
        return False
    if any(token.casefold() in _NOT_NAME or not _NAME.match(token) for token in tokens):
        return False
    return tokens[-1][0].isupper() and tokens[0][0].isupper()

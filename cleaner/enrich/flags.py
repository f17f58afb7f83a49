"""Labelled page -> flags: what a reader should know about an entry beside its text. Pure.

A disclosure leaves the text only because the entry then carries the fact; so the lines that say it are looked up
wherever they stand, and each flag names the block that gave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from cleaner.datatypes import Flag, Label, LabelledPage
from cleaner.text import is_cut_off

__all__ = ["find_flags"]

_NOTES = frozenset(
    {
        Label.DISCLAIMER,
        Label.BIO,
        Label.BYLINE,
        Label.AD,
        Label.CONSENT,
        Label.NAV,
        Label.OTHER,
        Label.ATTRIBUTION,
        Label.DATE,
        Label.PROMO,
    }
)
_MADE = r"(?:generated|written|wrote|writes|created|produced|translated|summari[sz]ed|prepared|drafted|assisted)"
_AI = r"(?:\bAI\b|artificial intelligence|ChatGPT|(?:large )?language model|\bLLM\b|\bKI\b|künstliche[rn]? Intelligenz|intelligence artificielle|inteligencia artificial|inteligência artificial)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "ai-generated",
        re.compile(
            rf"\bAI[- ]generated\b|{_AI}[^.]{{0,80}}\b{_MADE}\b|\b{_MADE}\b[^.]{{0,60}}\b(?:by|with|using|through)\b[^.]{{0,40}}{_AI}|(?:mit|von|durch)[^.]{{0,30}}{_AI}[^.]{{0,40}}(?:erstellt|generiert|übersetzt)|généré[^.]{{0,40}}{_AI}|generado[^.]{{0,40}}{_AI}",
            re.IGNORECASE,
        ),
    ),
    (
        "opinion",
        re.compile(
            r"\bopinion columnist\b|\b(?:views|opinions)\b[^.]{0,60}\b(?:author|writer|columnist|contributor|own|personal|his|her|their)\b|\b(?:personal|own) (?:views|opinions)\b|^(?:opinion|op-ed|commentary|editorial|guest essay|kommentar|meinung|tribune|opinión|opinião|opinione|opinie|ledare|leder|мнение|колонка)$",
            re.IGNORECASE,
        ),
    ),
    (
        "sponsored",
        re.compile(
            r"\b(?:sponsored (?:content|post|article|by)|paid (?:content|post|partnership|advertorial)|advertorial|in partnership with|presented by|brand(?:ed)? content|partner content)\b|^(?:contenu sponsorisé|contenido patrocinado)$",
            re.IGNORECASE,
        ),
    ),
    (
        "press-release",
        re.compile(
            r"\bpress release\b|\(?(?:PRNewswire|Business Wire|GLOBE NEWSWIRE|ACCESSWIRE|EINPresswire)\)?|^pressemitteilung\b|^communiqué de presse\b|^nota de prensa\b",
            re.IGNORECASE,
        ),
    ),
    (
        "affiliate",
        re.compile(
            r"\baffiliate (?:links?|commission|program(?:me)?|partner)|\b(?:earn|receive|get) (?:a |an )?(?:small )?(?:affiliate )?commission\b|provisions-links|liens? affiliés?",
            re.IGNORECASE,
        ),
    ),
    (
        "paywalled",
        re.compile(
            r"\b(?:subscribe|log ?in|sign ?in|register) (?:now )?to (?:continue|keep|read (?:on|the (?:full|rest)))|\bto (?:continue|keep) reading\b|\bthis (?:article|content|story) is (?:for|exclusive to|reserved for|available (?:only )?to) (?:\w+ )?(?:subscribers|members)\b|jetzt weiterlesen|réservé aux abonnés|solo para suscriptores",
            re.IGNORECASE,
        ),
    ),
)
# What each pattern's hits hold in lower case, quick to look for.
_NEEDLES = {
    "ai-generated": ("artificial", "artificielle", "chatgpt", "language model", "künstliche"),
    "opinion": (
        "opini",
        "views",
        "op-ed",
        "commentary",
        "editorial",
        "guest essay",
        "kommentar",
        "meinung",
        "tribune",
        "lede",
        "мнение",
        "колонка",
    ),
    "sponsored": (
        "sponsor",
        "paid ",
        "advertorial",
        "in partnership",
        "presented by",
        "brand",
        "partner content",
        "contenido patrocinado",
    ),
    "press-release": ("press", "wire", "communiqué", "nota de prensa"),
    "affiliate": ("affili", "commission", "provisions-links"),
    "paywalled": (
        "to continue",
        "to keep",
        "to read",
        "subscribers",
        "members",
        "weiterlesen",
        "abonnés",
        "suscriptores",
    ),
}
_AI_WORD = re.compile(r"\b(?:ai|ki|llm)\b")
_AI_MADE = "ai-generated"
_SHORT = 60  # characters of a line that names what the page is
_OPINION_PATH = re.compile(
    r"/(?:opinions?|columnists?|op-ed|commentisfree|commentary|editorials?|meinung|kommentare?|tribune|opinion[ei]?|opiniao|ledare|kommentar)(?:/|$)",
    re.IGNORECASE,
)
# A note in a frame that speaks of the whole page stands near the article: these count nowhere else.
_BODY_TOO = frozenset({"press-release"})


def find_flags(labelled: LabelledPage, url: str | None, section: str, *, reposted: bool) -> tuple[Flag, ...]:
    """The flags of a page in the order of their definition; section is the page's claim of its section or type."""
    found = dict(_by_lines(labelled))
    if "opinion" not in found and (
        _OPINION_PATH.search(urlsplit(url).path if url else "")
        or re.search(r"\bopinion\b|\bop-ed\b", section, re.IGNORECASE)
    ):
        found["opinion"] = None
    flags = [Flag(name, found[name]) for name, _ in _PATTERNS if name in found]
    if reposted:
        flags.append(Flag("repost"))
    last = _cut_off(labelled)
    if last is not None or any(claim.name == "partial" for claim in labelled.page.claims):
        flags.append(Flag("truncated", last))
    return tuple(flags)


def _by_lines(labelled: LabelledPage) -> Iterator[tuple[str, int | None]]:
    """Each flag with the first block that gives it: only lines in and near the article speak of it."""
    body = [i for i, verdict in enumerate(labelled.verdicts) if verdict.label is Label.BODY]
    begin, end = (max(0, body[0] - 12), body[-1] + 13) if body else (0, 1)
    lines = [
        (begin + number, block.text, verdict.label in _NOTES)
        for number, (block, verdict) in enumerate(
            zip(labelled.page.blocks[begin:end], labelled.verdicts[begin:end], strict=True)
        )
        if (verdict.label in _NOTES and len(block.text) <= 3000) or len(block.text) < _SHORT
    ]
    whole = "\n".join(text for _, text, _ in lines).lower()
    for name, pattern in _PATTERNS:
        if not any(needle in whole for needle in _NEEDLES[name]) and not (name == _AI_MADE and _AI_WORD.search(whole)):
            continue
        for index, text, note in lines:
            speaks = (note and _is_near(name, index, body)) or (name in _BODY_TOO and len(text) < _SHORT)
            if speaks and pattern.search(text):
                yield name, index
                break


def _is_near(name: str, index: int, body: list[int]) -> bool:
    """Whether a line speaks of the article: the label of an advertisement does only above it, else it labels a slot."""
    return name != "sponsored" or not body or index < body[0]


def _cut_off(labelled: LabelledPage) -> int | None:
    """The last block of the body where it ends in an ellipsis: what we got is not the whole."""
    verdicts = labelled.verdicts
    last = next((i for i in range(len(verdicts) - 1, -1, -1) if verdicts[i].label is Label.BODY), None)
    if last is None:
        return None
    text = labelled.page.blocks[last].text
    return last if text.endswith(("…", "...", "[…]", "[...]")) and is_cut_off(text) and len(text) > 60 else None

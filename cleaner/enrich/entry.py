"""Article, labelled page, raw page, subscription and knowledge -> Entry. Pure. The one place where facts are weighed.

The order of trust, written once in ``_TRUST``: what a person wrote beside the page, then what rules of the site find, then
structured data, then the feed, then markup without structure. Behind all claims come the page's own lines, then its address,
then the source's settings. Three facts differ, each for a reason: the title is what readers see (``title``), a person in the
byline goes before a claimed newsroom (``authors``), and the language is read off the text itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cleaner.addresses import TRACKING, without_tracking
from cleaner.datatypes import (
    Article,
    Claim,
    Enclosure,
    Entry,
    Knowledge,
    LabelledPage,
    RawPage,
    SiteInfo,
    Subscription,
    Witness,
)
from cleaner.enrich.authors import find_authors, find_contributors
from cleaner.enrich.dates import url_moment
from cleaner.enrich.flags import find_flags
from cleaner.enrich.provenance import Provenance, claimed_site, host_of, trace
from cleaner.enrich.sites import names_of
from cleaner.enrich.times import Clock, find_published, find_updated
from cleaner.enrich.title import choose_title
from cleaner.language import guess_language
from cleaner.markup import clean_text
from cleaner.text import squeeze

__all__ = ["enrich_entry", "entry_id"]

_TRUST = ("sidecar", "site", "jsonld", "feed", "opengraph", "microdata", "meta", "link", "time", "html", "state")
_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f]+$")
# The last labels of hosts whose English writes the day before the month.
_DAY_FIRST = frozenset("uk ie au nz za in sg my ng ke gh pk bd lk mt eu".split())
_LONGEST_ID = 1000  # characters
_FOLLOWING = TRACKING | {"ref"}  # in a page's own address, ``ref`` says where its reader came from


def enrich_entry(
    article: Article,
    labelled: LabelledPage,
    raw: RawPage,
    subscription: Subscription,
    knowledge: Knowledge,
    authority: str,
) -> Entry:
    """The entry of an article: everything beside its text, each fact by the most trusted witness that tells it."""
    claims = _by_trust(labelled.page.claims)
    url = _canonical(claims, labelled.page.url, knowledge.tracking)
    info = next((info for info in knowledge.sites if _is_of(host_of(url), info)), None)
    site = (info.title if info else None) or _clean(claimed_site(claims)) or subscription.site
    names = names_of((site, subscription.site, *_values(claims, "site")), url)
    title = choose_title(labelled, claims, article.text, names)
    article = replace(article, title=title.text)
    text = " ".join([block.text for block in labelled.page.blocks])
    lowered = text.lower()
    origin = trace(labelled, article.title, site, url, text, lowered)
    authors = find_authors(labelled, claims, origin.site)
    language = _language(claims, article, subscription, info)
    clock = Clock(raw.fetched, _zone(subscription, info), _is_day_first(language, host_of(url)))
    published = find_published(labelled, claims, clock, _source_url(origin, raw.fetched) or url)
    updated = find_updated(labelled, claims, clock, published)
    contributors = find_contributors(labelled, claims, authors, origin.site, lowered)
    entry = Entry(
        id=_upstream_id(claims) or entry_id(authority, subscription.name, url, raw.id),
        page_id=raw.id,
        url=url,
        article=article,
        authors=authors[0],
        contributors=contributors,
        published=published.moment.time if published else None,
        published_precision=published.moment.precision if published else None,
        updated=updated.moment.time if updated else None,
        language=language,
        site=origin.site,
        source=origin.source,
        via=origin.via,
        flags=find_flags(labelled, url, reposted=bool(origin.via)),
        confidence=labelled.confidence,
        fetched=raw.fetched,
        image=next(
            (without_tracking(told, TRACKING | knowledge.tracking) for told in _addresses(claims, "image")), None
        ),
        rights=next(iter(_values(claims, "license")), None) or subscription.rights,
        categories=tuple(dict.fromkeys(_clean(value) or "" for value in _values(claims, "section")))[:5],
        canonical=_foreign(claims, url),
        enclosures=tuple(Enclosure(*json.loads(value)) for value in _values(claims, "enclosure"))[:20],
    )
    weighed = [
        Witness("title", title.witness, title.key),
        *([Witness("authors", *authors[1:])] if authors[0] else []),
        *([Witness("published", published.witness, published.key)] if published else []),
        *([Witness("updated", updated.witness, updated.key)] if updated else []),
    ]
    return replace(entry, witnesses=(*weighed, *_witnesses(entry, claims, subscription, info)))


def _witnesses(
    entry: Entry, claims: Sequence[Claim], subscription: Subscription, info: SiteInfo | None
) -> Iterator[Witness]:
    """Who told the facts that are taken as they were told: the first who said the same, else the settings, else the page."""
    facts: tuple[tuple[str, str | None, tuple[str, ...], str | None, str], ...] = (
        ("language", entry.language, ("language",), subscription.language or (info.language if info else None), "text"),
        (
            "site",
            entry.site,
            ("site",),
            (info.title if info else None) or subscription.site,
            "address" if entry.url else "line",
        ),
        ("url", entry.url, ("url", "canonical"), None, "address"),
        ("image", entry.image, ("image",), None, ""),
        ("rights", entry.rights, ("license",), subscription.rights, ""),
        ("categories", next(iter(entry.categories), None), ("section",), None, ""),
        ("contributors", next(iter(entry.contributors), None), ("contributor", "author"), None, "note"),
    )
    for fact, value, names, setting, otherwise in facts:
        if not value:
            continue
        said = (c for c in claims if c.name in names and _clean(c.value) == value and not _is_guessed(fact, c))
        if claim := next(said, None):
            yield Witness(fact, claim.witness, claim.key)
        elif setting == value:
            yield Witness(fact, "settings")
        elif otherwise:
            yield Witness(fact, otherwise)


def _is_guessed(fact: str, claim: Claim) -> bool:
    """Whether a fact is known of the text itself, whatever a claim says: the language, unless a sidecar tells it."""
    return fact == "language" and claim.witness != "sidecar"


def _upstream_id(claims: Sequence[Claim]) -> str | None:
    """The id that an entry's own feed gives it, where that is an IRI and so may be one in ours."""
    told = next((claim.value for claim in claims if claim.name == "id"), "")
    return told if len(told) <= _LONGEST_ID and _IRI.match(told) else None


def entry_id(authority: str, source: str, url: str | None, page_id: str) -> str:
    """A ``tag:`` URI (RFC 4151) made from who mints it, the source, and the canonical URL or else the raw bytes' digest.

    >>> entry_id("example.org,2026", "inbox", None, "ab" * 32)
    'tag:example.org,2026:inbox/abababababababababab'
    """
    digest = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest() if url else page_id
    return f"tag:{authority}:{source or 'page'}/{digest[:20]}"


def _by_trust(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims with the most trusted witness first; those of one witness keep their order."""
    rank = {witness: number for number, witness in enumerate(_TRUST)}
    return tuple(sorted(claims, key=lambda claim: rank.get(claim.witness, len(_TRUST))))


def _values(claims: Sequence[Claim], *names: str) -> Iterator[str]:
    """The values of the claims of some names, most trusted first, none empty."""
    return (squeeze(claim.value) for claim in claims if claim.name in names and claim.value.strip())


def _addresses(claims: Sequence[Claim], name: str) -> Iterator[str]:
    """The absolute web addresses among a claim's values."""
    return (value for value in _values(claims, name) if value.startswith(("http://", "https://")) and " " not in value)


def _clean(text: str | None) -> str | None:
    """A name fit to be shown, or None."""
    return clean_text(squeeze(text)) or None if text else None


def _canonical(claims: Sequence[Claim], url: str | None, tracking: frozenset[str] = frozenset()) -> str | None:
    """The page's own address: what it calls canonical if that is of the same host, without tracking parameters."""
    got = next(_addresses(claims, "url"), url)
    named = next(_addresses(claims, "canonical"), None)
    chosen = named if named and (not got or (host_of(named) == host_of(got) and len(urlsplit(named).path) > 1)) else got
    if not chosen:
        return None
    parts = urlsplit(without_tracking(chosen, _FOLLOWING | tracking))
    query = "&".join(filter(None, parts.query.split("&")))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _foreign(claims: Sequence[Claim], url: str | None) -> str | None:
    """What a page calls canonical where that is an article's address on another host.

    Of 835 pages six do; of those two name the original, and the others a mirror or what is no host. So it is no claim of who
    published first: it counts where the story is known from there, too.
    """
    named = next(_addresses(claims, "canonical"), None)
    if named is None or url is None or host_of(named) == host_of(url) or len(urlsplit(named).path) < 2:
        return None
    return without_tracking(named)


def _is_of(host: str, info: SiteInfo) -> bool:
    """Whether a host belongs to a site that we know."""
    return host == info.domain or host.endswith("." + info.domain)


def _source_url(origin: Provenance, fetched: datetime) -> str | None:
    """The address of the first publication, for reposts, where it tells a day."""
    told = origin.source.url if origin.source and origin.via else None
    return told if told and url_moment(told, fetched) else None


def _zone(subscription: Subscription, info: SiteInfo | None) -> tzinfo:
    """The zone in which times without one are meant."""
    try:
        return ZoneInfo((info.timezone if info and info.timezone else None) or subscription.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _is_day_first(language: str | None, host: str) -> bool:
    """Whether ``3/4`` is a day in April: everywhere but where English is written as in America."""
    return language not in {None, "en"} or host.rpartition(".")[2] in _DAY_FIRST


def _language(
    claims: Sequence[Claim], article: Article, subscription: Subscription, info: SiteInfo | None
) -> str | None:
    """The language: of a sidecar, else of the text itself, else as the page or the settings say."""
    told = [re.split(r"[-_]", value)[0].casefold() for value in _values(claims, "language")]
    sidecar = [claim.value for claim in claims if claim.name == "language" and claim.witness == "sidecar"]
    settings = subscription.language or (info.language if info else None)
    if sidecar:
        return sidecar[0]
    return guess_language(article.text) or next(
        (value for value in told if re.fullmatch("[a-z]{2,3}", value)), settings
    )

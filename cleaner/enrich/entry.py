"""Article, labelled page, raw page, subscription and knowledge -> Entry. Pure. The one place where facts are weighed.

The order of trust, written once in ``_TRUST``: what a person wrote beside the page, then what rules of the site
find, then structured data, then markup without structure, then the page's own lines, then the address, then the source's settings.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cleaner.addresses import TRACKING, without_tracking
from cleaner.datatypes import (
    Article,
    Block,
    Claim,
    Enclosure,
    Entry,
    Knowledge,
    Label,
    LabelledPage,
    RawPage,
    SiteInfo,
    Subscription,
)
from cleaner.enrich.dates import Moment, find_moment, read_moment, url_moment
from cleaner.enrich.flags import find_flags
from cleaner.enrich.names import contributors_in, note_author, split_names, unique
from cleaner.enrich.provenance import Provenance, claimed_site, host_of, trace
from cleaner.language import guess_language
from cleaner.markup import clean_text
from cleaner.text import squeeze

__all__ = ["enrich_entry", "entry_id"]

_TRUST = ("sidecar", "site", "jsonld", "feed", "opengraph", "microdata", "meta", "link", "time", "html", "state")
_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f]+$")
_LONGEST_ID = 1000  # characters
_FOLLOWING = TRACKING | {"ref"}  # in a page's own address, ``ref`` says where its reader came from
_NEAR = 12  # blocks around the article in which a date or byline is the article's


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
    text = " ".join([block.text for block in labelled.page.blocks])
    lowered = text.lower()
    origin = trace(labelled, article.title, site, url, text, lowered)
    published = _published(labelled, claims, raw, _zone(subscription, info), _source_url(origin) or url)
    reposted = bool(origin.via)
    return Entry(
        id=_upstream_id(claims) or entry_id(authority, subscription.name, url, raw.id),
        page_id=raw.id,
        url=url,
        article=article,
        authors=_authors(labelled, claims, origin.site),
        contributors=unique(_contributors(labelled.page.blocks, lowered)),
        published=published.time if published else None,
        published_precision=published.precision if published else None,
        updated=_updated(claims, raw, _zone(subscription, info), published),
        language=_language(claims, article, subscription, info),
        site=origin.site,
        source=origin.source,
        via=origin.via,
        flags=find_flags(labelled, url, reposted=reposted),
        confidence=labelled.confidence,
        fetched=raw.fetched,
        image=next(
            (without_tracking(told, TRACKING | knowledge.tracking) for told in _addresses(claims, "image")), None
        ),
        rights=next(iter(_values(claims, "license")), None) or subscription.rights,
        categories=tuple(dict.fromkeys(_clean(value) or "" for value in _values(claims, "section")))[:5],
        enclosures=tuple(Enclosure(*json.loads(value)) for value in _values(claims, "enclosure"))[:20],
    )


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


def _is_of(host: str, info: SiteInfo) -> bool:
    """Whether a host belongs to a site that we know."""
    return host == info.domain or host.endswith("." + info.domain)


def _source_url(origin: Provenance) -> str | None:
    """The address of the first publication, for reposts."""
    return origin.source.url if origin.source and origin.via else None


def _zone(subscription: Subscription, info: SiteInfo | None) -> tzinfo:
    """The zone in which times without one are meant."""
    try:
        return ZoneInfo((info.timezone if info and info.timezone else None) or subscription.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


# ---------------------------------------------------------------------------------------------------------------- times


def _published(
    labelled: LabelledPage, claims: Sequence[Claim], raw: RawPage, zone: tzinfo, url: str | None
) -> Moment | None:
    """When the article first appeared: claimed, else in a date line near the article, else in the address."""
    for value in _values(claims, "published"):
        if moment := read_moment(value, raw.fetched, zone):
            return moment
    for block in _near(labelled, Label.DATE, Label.BYLINE):
        if moment := find_moment(block.text, raw.fetched, zone):
            return moment
    return url_moment(url, raw.fetched) if url else None


def _updated(claims: Sequence[Claim], raw: RawPage, zone: tzinfo, published: Moment | None) -> datetime | None:
    """When the publisher last changed it, if later than published."""
    for value in _values(claims, "modified"):
        moment = read_moment(value, raw.fetched, zone)
        if moment and (published is None or moment.time > published.time):
            return moment.time
    return None


def _near(labelled: LabelledPage, *labels: Label) -> Iterator[Block]:
    """The blocks of some labels near the article: those between headline and text first, then those around."""
    verdicts, blocks = labelled.verdicts, labelled.page.blocks
    body = [i for i, verdict in enumerate(verdicts) if verdict.label is Label.BODY]
    if not body:
        return
    title = next((i for i in range(body[0], -1, -1) if verdicts[i].label is Label.TITLE), max(0, body[0] - _NEAR))
    first = range(min(title, body[0]), min(len(blocks), body[0] + 4))
    around = [*range(max(0, title - 6), title), *range(body[-1] + 1, min(len(blocks), body[-1] + 4))]
    for index in [*first, *around]:
        if verdicts[index].label in labels:
            yield blocks[index]


# ---------------------------------------------------------------------------------------------------------------- names


def _authors(labelled: LabelledPage, claims: Sequence[Claim], site: str | None) -> tuple[str, ...]:
    """The authors: of the most trusted witness that names a person, else of the byline, else of the author's note."""
    for witness in dict.fromkeys(claim.witness for claim in claims if claim.name == "author"):
        told = [claim.value for claim in claims if claim.name == "author" and claim.witness == witness]
        if names := unique(name for value in told for name in split_names(value, site)):
            return names
    bylines = [block.text for block in _near(labelled, Label.BYLINE) if not any(contributors_in(block.text))]
    if names := unique(name for text in bylines for name in split_names(text, site)):
        return names[:6]
    return _by_note(labelled)


def _contributors(blocks: Sequence[Block], lowered: str) -> Iterator[str]:
    """Those who contributed to the report; most pages name none, and only a look at all of their text is needed."""
    if "contributed" in lowered or "reporting" in lowered:
        for block in blocks:
            yield from contributors_in(block.text)


def _by_note(labelled: LabelledPage) -> tuple[str, ...]:
    """The author named by the first note behind the article."""
    body = [i for i, verdict in enumerate(labelled.verdicts) if verdict.label is Label.BODY]
    for index in range(body[-1] + 1 if body else 0, min(len(labelled.verdicts), (body[-1] if body else 0) + 6)):
        speaks = labelled.verdicts[index].label in {Label.BIO, Label.DISCLAIMER, Label.BYLINE}
        if speaks and (name := note_author(labelled.page.blocks[index].text)):
            return (name,)
    return ()


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

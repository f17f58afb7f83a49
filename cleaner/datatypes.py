"""Every record that crosses rooms; read this first.

All records are frozen and slotted and hold tuples, never lists, so that a value which left a stage cannot change
behind its back. They go one way::

    RawPage -> Page -> LabelledPage -> Article -> Entry        (parse, label, assemble, enrich)

Settings, sources, rules and words are records too: they come in as arguments and no stage reads them from disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "Answer",
    "Article",
    "Block",
    "Claim",
    "Cut",
    "Decision",
    "Enclosure",
    "Entry",
    "FeedDocument",
    "FeedItem",
    "Flag",
    "FtrPath",
    "FtrRules",
    "Judge",
    "Kind",
    "Knowledge",
    "Label",
    "LabelledPage",
    "Link",
    "Model",
    "Models",
    "Node",
    "Origin",
    "Outcome",
    "Page",
    "RawPage",
    "Rejected",
    "Replacement",
    "Rule",
    "Selector",
    "Settings",
    "SiteInfo",
    "SiteMemory",
    "SourceRef",
    "StoredEntry",
    "Subscription",
    "Verdict",
    "Witness",
    "Word",
]


class Label(StrEnum):
    """What a block of a page is."""

    TITLE = "title"
    BYLINE = "byline"
    DATE = "date"
    BODY = "body"
    CAPTION = "caption"
    EXCERPT = "excerpt"
    ATTRIBUTION = "source"
    AD = "ad"
    PROMO = "promo"
    TICKER = "ticker"
    DISCLAIMER = "disclaimer"
    RELATED = "related"
    SHARE = "share"
    NAV = "nav"
    COMMENTS = "comments"
    BIO = "bio"
    CONSENT = "consent"
    OTHER = "other"

    @property
    def kept(self) -> bool:
        """Whether a block with this label is part of the article's text."""
        return self is Label.BODY

    @property
    def used(self) -> bool:
        """Whether the entry uses the block (as text or as metadata); what is not used counts as removed."""
        return self in _USED


_USED = frozenset({Label.BODY, Label.TITLE, Label.BYLINE, Label.DATE, Label.CAPTION, Label.ATTRIBUTION})


class Kind(StrEnum):
    """The shape of a block, as the parser saw it."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    IMAGE = "image"
    CAPTION = "caption"
    EMBED = "embed"


class Origin(StrEnum):
    """Where on the page a block's text stands."""

    DOM = "dom"
    TEXT = "text"
    JSONLD = "jsonld"
    STATE = "state"


class Judge(StrEnum):
    """Who gave a verdict."""

    MODEL = "model"
    WORDS = "words"
    CONTEXT = "context"
    MEMORY = "memory"
    SITE = "site"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that somebody says of a page.

    name: ``url canonical fetched title site author published modified language license description image type
    section genre access length body id content enclosure asked next single partial base document``; value: its text as found; witness: who says
    so (``sidecar site jsonld feed opengraph meta microdata link html time state``; ``site`` is a file of ``config/ftr``).
    ``access`` is ``free`` or ``paid``; ``length`` counts the article's words. ``partial`` is said by whoever fetched the page: which of an article's further pages is not there. ``base`` is where a
    folder's pages would be, for those that tell no address. ``document``, of a page made of what a feed says: it stands for
    what is at that address, a PDF say, and is an entry however short it is. key: what the witness calls it (``article:published_time``), for people; empty where that says
    no more than the name.
    """

    name: str
    value: str
    witness: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as scraped, before anybody judged it.

    id: SHA-256 of the body, hexadecimal, and where there are further pages of the digests of all bodies; of a page whose address
    gave the same bytes before there is a number behind it (``-2``); origin: path or URL where we got it; media_type: as declared, parameters included (``text/html; charset=utf-8``), empty when nobody
    declared one; fetched: aware; source: the subscription's slug (empty for a one-off clean); more: the further pages of
    an article that stands on several, in order, each with its address and its body.
    """

    id: str
    origin: str
    media_type: str
    body: bytes
    fetched: datetime
    claims: tuple[Claim, ...] = ()
    source: str = ""
    more: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """An element that holds blocks: parent (index into ``Page.nodes``, -1 for a root), tag, class and id words.

    An article of several pages has a root for each.
    """

    parent: int
    tag: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of a page that gets exactly one label.

    index: its place in ``Page.blocks``; text: plain text, white space squeezed; markup: the same as inline HTML
    (a row's cells included: ``<td>..</td><td>..</td>``); node: its own element in ``Page.nodes``, from which list,
    table, quotation and figure follow; lines: first and last line, 1-based (plain text only); chars: begin and end
    within that line when the block is a part of it; selected: names of the selectors and cuts that hit it;
    link_chars: characters of ``text`` inside links; gap: whether a blank line or an element's border parts it from
    the block before it; page: the number of the page where it stands, of an article on several.
    """

    index: int
    kind: Kind
    text: str
    markup: str
    node: int
    origin: Origin = Origin.DOM
    lines: tuple[int, int] | None = None
    chars: tuple[int, int] | None = None
    selected: tuple[str, ...] = ()
    link_chars: int = 0
    gap: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its blocks in page order, the elements they stand in, and what the page says of itself.

    notes: what of the operator's could not be done on it, one line each. Claims and address are those of the first page
    where an article stands on several.
    """

    id: str
    blocks: tuple[Block, ...]
    nodes: tuple[Node, ...]
    claims: tuple[Claim, ...]
    url: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_joined(self) -> bool:
        """Whether blocks of further pages stand behind those of the first."""
        return bool(self.blocks) and self.blocks[-1].page > 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judge's word on one block. ``overruled`` is the word it replaced, so that the whole story stays readable."""

    label: Label
    judge: Judge
    reason: str
    score: float
    overruled: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A page judged to be no article. reason: a slug: ``listing no-article paywall login-wall consent-wall``."""

    reason: str


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page with one verdict for each block; confidence (0 to 1) is in the choice of the article as a whole.

    notes: what people should know of the outcome, one line each: rules that were passed over, such as
    ``site:example.com:share-bar: stopped after 0.5 s``, or that much of the page's running text was left out.
    """

    page: Page
    verdicts: tuple[Verdict, ...]
    confidence: float
    rejected: Rejected | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """The clean article.

    title: empty until weighed; blocks: indices of the kept blocks; text: paragraphs parted by a blank
    line; html: safe.
    """

    title: str
    blocks: tuple[int, ...]
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A publisher or reposter: Atom's ``source`` or one ``via``."""

    title: str
    url: str | None = None


# What an entry may be flagged as.
FLAGS = ("ai-generated", "sponsored", "press-release", "opinion", "affiliate", "repost", "truncated", "paywalled")


@dataclass(frozen=True, slots=True)
class Flag:
    """A fact about an entry that readers filter on; block: the index of the block that discloses it, if one does."""

    name: str
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """Who told a fact of an entry.

    fact: the entry's field, or ``title``; name: a claim's witness, or what was read itself (``headline byline note line
    address text settings``); key: what the witness calls it (``article:published_time``).
    """

    fact: str
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a feed.

    Times are aware; published_precision is ``second``, ``minute`` or ``day``; witnesses: who told which of its facts;
    canonical: the address on another host that its page calls canonical, which may be the original's or a mistake.
    """

    id: str
    page_id: str
    url: str | None
    article: Article
    authors: tuple[str, ...]
    contributors: tuple[str, ...]
    published: datetime | None
    published_precision: Literal["second", "minute", "day"] | None
    updated: datetime | None
    language: str | None
    site: str | None
    source: SourceRef | None
    via: tuple[SourceRef, ...]
    flags: tuple[Flag, ...]
    confidence: float
    fetched: datetime
    image: str | None = None
    rights: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as kept. source: its subscription; origin: the name of its page there; exact: the print of its text.

    published: what it is sorted by; updated: when the publisher last changed what people read. Both are aware.
    """

    entry: Entry
    source: str
    origin: str
    exact: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page: its labelled blocks, and the entry or the reason why there is none.

    carried: why the page gives no article, where what a feed carries of it stands for it; empty where it is the page itself.
    """

    labelled: LabelledPage
    result: Entry | Rejected
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entry is to those we have: ``new``, an ``update`` of or a ``copy`` of the entry named by ``of``."""

    kind: Literal["new", "update", "copy"]
    of: str | None = None


# ---------------------------------------------------------------------------------------------- what comes from the net


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to one request, redirects followed.

    url: the address that answered; moved: the address that permanent redirects alone (301, 308) led to, None where there
    was none; headers: names in lower case, in order; body: inflated, empty for anything but 200.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    moved: str | None = None

    def header(self, name: str) -> str:
        """The first value of a header (name in lower case); empty where there is none."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a page of an article leads; all addresses are absolute and of the page's own host, None where there is none.

    single: where the article stands as a whole; home: where there is one, the address that this page says is its own; next:
    where the article goes on; told: whether the site's patterns say so, so that it need not look like the article's.
    """

    single: str | None = None
    home: str | None = None
    next: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A page that an index names: its absolute address, and what the index says of it (empty where it says nothing)."""

    url: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with an entry (a podcast's sound, say). length: in bytes, None where nobody told."""

    url: str
    type: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry of somebody's feed, as told there. url: absolute; html: the fullest content that the feed carries, as HTML."""

    id: str | None
    url: str | None
    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    html: str = ""
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    rights: str = ""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """Somebody's feed. home: of its site; every: how often it asks to be fetched at most; notes: what was wrong with it."""

    title: str
    home: str | None
    language: str | None
    every: timedelta | None
    items: tuple[FeedItem, ...]
    notes: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------- what people configure


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of ``config/words/<label>.<lang>.txt``.

    pattern: as written there; slug: names it in reasons; inline: whether it may be cut out of a longer line.
    """

    label: Label
    language: str
    pattern: str
    slug: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``[[rule]]`` of ``config/sites/<domain>.toml``; exactly one of the five conditions is set.

    label: what the hit blocks are (``body`` keeps them); matches: a regular expression, compiled once in each process;
    until: the rule holds for pages fetched before that day; examples: addresses, or absolute paths; place: the file and
    the table where it stands, for messages.
    """

    site: str
    name: str
    label: Label
    css: str | None = None
    xpath: str | None = None
    equals: str | None = None
    contains: str | None = None
    matches: str | None = None
    until: datetime | None = None
    examples: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Plain text of a page that is replaced before the page is parsed; name: of what says so, for messages."""

    name: str
    find: str
    by: str


@dataclass(frozen=True, slots=True)
class FtrPath:
    """An XPath of a file in ``config/ftr``. line: its number there; when: an XPath that must hold on the page as well."""

    xpath: str
    line: int
    when: str | None = None


@dataclass(frozen=True, slots=True)
class FtrRules:
    """One file of ``config/ftr``, in the format of FiveFilters' site patterns.

    file: its name, for messages; host: in lower case, without ``www.``; with a dot in front it stands for the hosts below
    it. Of several XPaths of title, author, date, body and links the first one that finds something speaks; each one of
    ``strip`` does (ids, classes and addresses of images are XPaths there, too). examples: addresses of pages; place: path
    of the file.
    """

    file: str
    host: str
    title: tuple[FtrPath, ...] = ()
    author: tuple[FtrPath, ...] = ()
    date: tuple[FtrPath, ...] = ()
    body: tuple[FtrPath, ...] = ()
    strip: tuple[FtrPath, ...] = ()
    single_page_link: tuple[FtrPath, ...] = ()
    next_page_link: tuple[FtrPath, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    examples: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """The ``[site]`` table of a site's file: what we know of a publisher. domain: registrable, lower case."""

    domain: str
    title: str | None = None
    language: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """What a site repeats on its pages: hashes of squeezed lines, and a version that is stored with each entry."""

    version: int = 0
    lines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Model:
    """The trained labeller for one form of page (text or markup).

    words, names: the row of the vector of each known word, class word and tag (``<p``); nets: the weights of each network
    by name (arrays of float32), whose answers are averaged; gate: weights of the page's vector, the first one its base: a sum below 0 is no article (empty: no gate);
    certainty: pairs (expected, found) that make an expected accuracy a confidence, rising; share: the first look's share in
    the chances; unsure: the expected accuracy below which a second opinion is asked.
    """

    words: Mapping[str, int]
    names: Mapping[str, int]
    nets: tuple[Mapping[str, Any], ...]
    gate: tuple[float, ...] = ()
    certainty: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))
    share: float = 0.0
    unsure: float = 0.0


@dataclass(frozen=True, slots=True)
class Models:
    """What training made: a model for each form of page, and the digest of its weights, which entries carry as version."""

    text: Model
    markup: Model
    version: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that the judges know beside the page: words, rules, sites, weights. Same page and knowledge, same verdicts.

    tracking: names of parameters, beside those that are known, that only follow readers; a star ends the beginning of a name.
    """

    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    sites: tuple[SiteInfo, ...] = ()
    models: Models | None = None
    ftr: tuple[FtrRules, ...] = ()
    tracking: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Selector:
    """A rule's CSS selector or XPath, exactly one, which the parser tries so that the judges never see a tree.

    when: an XPath that must hold on the page, or nothing is hit. claim: nothing is hit either, but what the XPath gives is
    a claim of this name; of several the first one that gives something speaks.
    """

    name: str
    css: str | None = None
    xpath: str | None = None
    when: str | None = None
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A pattern of noise that may stand inside a line of text; the parser makes each hit a block of its own.

    pattern: a regular expression, tried without regard to case, compiled on first use; needle: lower-case text that
    every hit holds, so that most lines are passed over without trying it.
    """

    name: str
    pattern: str
    needle: str = ""


Kinds = Literal["folder", "feed", "pages", "listing", "sitemap", "archive", "push", "command"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A configured source, one ``[[source]]``; ``name`` is its slug and its feed's file name.

    url: where a feed, listing or sitemap is, or what a folder's pages are said to be of; urls: of ``pages``; path: of a
    folder or an archive; command: program and arguments; every, cron: fixed times, else the time between rounds follows the
    source's own rate between ``min`` and ``max``; select: the CSS selector of a listing's links; max_pages: fetched in one
    round at most; secrets: the file of headers that go to this source's host alone.
    """

    name: str
    kind: Kinds = "folder"
    title: str = ""
    group: str | None = None
    path: Path | None = None
    url: str | None = None
    urls: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    select: str | None = None
    fulltext: Literal["auto", "always", "never"] = "auto"
    every: timedelta | None = None
    cron: str | None = None
    min: timedelta = timedelta(minutes=15)
    max: timedelta = timedelta(days=1)
    jitter: timedelta = timedelta(0)
    settle: timedelta = timedelta(seconds=2)
    timezone: str = "UTC"
    language: str | None = None
    site: str | None = None
    rights: str | None = None
    robots: bool = True
    secrets: Path | None = None
    paused: bool = False
    after: Literal["keep", "move"] = "keep"
    drop_flags: tuple[str, ...] = ()
    max_entries: int = 200
    max_bytes: int = 5 << 20
    max_pages: int = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What entries are picked by. Of each key that is given one value must hit, and all keys that are given must.

    words: in title or text, as whole words, in that order; title: in the title; category, flag: by name; language: ``en`` is
    ``en-GB``, too; author: words of a name. Case does not count.
    """

    words: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """A feed of several sources, one ``[[feed]]``: those that are named or in the groups that are; all where none is.

    include: only entries that it hits; exclude: none that it hits; drop_flags: none with one of these.
    """

    name: str
    title: str = ""
    sources: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    include: Filter = Filter()
    exclude: Filter = Filter()
    drop_flags: tuple[str, ...] = ()
    max_entries: int = 200
    max_bytes: int = 5 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """``config/cleaner.toml``, ``config/sources/*.toml`` and ``config/feeds.toml``, checked; paths are absolute."""

    state_dir: Path
    feeds_dir: Path
    base_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8490
    authority: str = "cleaner.localhost,2026"
    title: str = "Cleaner"
    children: int = 2
    page_seconds: float = 10.0
    page_memory: int = 1 << 30
    page_bytes: int = 20 << 20
    max_entries: int = 500
    max_bytes: int = 10 << 20
    raw: timedelta = timedelta(days=90)
    max_disk: int = 10 << 30
    log: Literal["text", "json"] = "text"
    contact: str | None = None
    allow_private: tuple[str, ...] = ()
    proxy: str | None = None
    pause: timedelta = timedelta(seconds=1)
    askers: int = 8
    tracking: tuple[str, ...] = ()
    sources: tuple[Subscription, ...] = ()
    feeds: tuple[Combined, ...] = ()
    knowledge: Knowledge = field(default_factory=Knowledge)

"""Addresses -> addresses without what only follows readers around, and without the redirectors around them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

__all__ = ["TRACKING", "resolve_wrapped", "without_tracking"]

# Parameters that tell where a reader comes from and change nothing of the page; a star ends the beginning of a name.
TRACKING = frozenset(
    """
    utm_* itm_* mtm_* matomo_* pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid piwik_campaign piwik_kwd
    piwik_keyword hsa_* _hsenc _hsmi __hssc __hstc __hsfp hsctatracking mkt_tok _openstat yclid ysclid ymclid
    gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl _gac
    fbclid fb_action_ids fb_action_types fb_source fb_ref fb_comment_id igsh igshid __tn__
    msclkid twclid ttclid li_fat_id epik rdt_cid scclid ref_src ref_url __twitter_impression
    mc_cid mc_eid ml_subscriber ml_subscriber_hash vero_id vero_conv oly_anon_id oly_enc_id wickedid bxid cndid
    nr_email_referer elqtrackid elqtrack trk_contact trk_msg trk_module trk_sid s_cid s_kwcid ef_id sc_cid sc_campaign
    sc_channel sc_content sc_medium sc_outcome sc_geo sc_country
    at_medium at_campaign at_campaign_type at_custom1 at_custom2 at_custom3 at_custom4 at_link_id at_link_origin
    at_link_type at_format at_bbc_team at_ptr_name ns_campaign ns_mchannel ns_source ns_linkname ns_fee
    cmpid icid ncid ocid xtor wt.mc_id wt_mc wt_zmc wt.mc_ev ftcamp smid smtyp sr_share guccounter guce_referrer
    guce_referrer_sig spm irclickid irgwc _branch_match_id _branch_referrer tblci dicbo obclickid rb_clickid
""".split()
)

_SAFE = "safelinks.protection.outlook.com"  # and the hosts below it, one a region
# Hosts (without www.) that lead on to the address in one of their parameters, and the paths where they do; all, where none is named.
_REDIRECTORS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "google.com": (("/url", "/imgres"), ("q", "url", "imgrefurl")),
    "news.google.com": ((), ("url", "q")),
    "feedproxy.google.com": ((), ("url", "u")),
    "l.facebook.com": (("/l.php",), ("u",)),
    "lm.facebook.com": (("/l.php",), ("u",)),
    "facebook.com": (("/l.php", "/sharer/sharer.php", "/sharer.php"), ("u",)),
    "l.instagram.com": ((), ("u",)),
    "l.messenger.com": ((), ("u",)),
    "l.threads.net": ((), ("u",)),
    "l.threads.com": ((), ("u",)),
    "t.umblr.com": (("/redirect",), ("z",)),
    "out.reddit.com": ((), ("url",)),
    "youtube.com": (("/redirect",), ("q",)),
    "vk.com": (("/away.php",), ("to",)),
    "away.vk.com": ((), ("to",)),
    "duckduckgo.com": (("/l/", "/l"), ("uddg",)),
    "bing.com": (("/news/apiclick.aspx",), ("url",)),
    "linkedin.com": (("/redir/redirect", "/safety/go"), ("url",)),
    "slack-redir.net": (("/link",), ("url",)),
    "steamcommunity.com": (("/linkfilter/", "/linkfilter"), ("url", "u")),
    "exit.sc": ((), ("url",)),
    "awin1.com": (("/cread.php", "/awclick.php"), ("ued", "p")),
    "anrdoezrs.net": ((), ("url",)),
    "dpbolvw.net": ((), ("url",)),
    "jdoqocy.com": ((), ("url",)),
    "kqzyfj.com": ((), ("url",)),
    "tkqlhce.com": ((), ("url",)),
    "click.linksynergy.com": ((), ("murl",)),
    "clk.tradedoubler.com": ((), ("url",)),
    "go.redirectingat.com": ((), ("url",)),
    "go.skimresources.com": ((), ("url",)),
    "redirect.viglink.com": ((), ("u", "url")),
    "instagram.com": (("/linkshim/", "/linkshim"), ("u",)),
    "l.wl.co": (("/l",), ("u",)),
    "medium.com": (("/r/", "/r"), ("url",)),
    "flipboard.com": (("/redirect",), ("url",)),
    "getpocket.com": (("/redirect",), ("url",)),
    "pinterest.com": (("/offsite/", "/offsite"), ("url",)),
    "quora.com": (("/_/redirect",), ("url",)),
    "link.zhihu.com": ((), ("target",)),
    "gate.sc": ((), ("url",)),
    "googleads.g.doubleclick.net": ((), ("adurl",)),
    "adclick.g.doubleclick.net": ((), ("adurl",)),
    _SAFE: ((), ("url",)),
}
# Addresses in paths: what stands for ``https://`` may be written in front of them, as by accelerated pages, or all is escaped.
_IN_PATH = re.compile(
    r"""
    https?://(?:
        (?:www\.)?google\.(?:com?\.)?[a-z]{2,3}/amp/(?P<amp>s/)?(?P<page>[^/?#]+\.[^/?#]+/.*)
        | [\w-]+\.cdn\.ampproject\.org/[cv]/(?P<cache>s/)?(?P<cached>[^/?#]+\.[^/?#]+/.*)
        | (?:[\w-]+\.)*search\.yahoo\.com/(?:[^?#]*/)?RU=(?P<yahoo>[^/]+)/.*
        | urldefense\.com/v3/__(?P<mail>.+?)__;[^*]*
        | (?:www\.)?href\.li/\?(?P<bare>https?://.+)
        | (?:www\.)?deviantart\.com/users/outgoing\?(?P<art>https?://.+)
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_IN_PATHS = ("/amp/", "ampproject.org/", "/RU=", "urldefense.com/v3/", "href.li/?", "/outgoing?")  # what each holds
_GOOGLE = re.compile(r"google\.(?:com?\.)?[a-z]{2}")  # its hosts of countries
_TARGET = re.compile(r"https?://[^\s/?#\\<>\"]+[^\s\\<>\"]*", re.IGNORECASE)


def without_tracking(url: str, names: Collection[str] = TRACKING) -> str:
    """The address without the parameters of these names, in its query or alone in its fragment; else as it is.

    names: in lower case; one that ends in a star stands for all that begin so.

    >>> without_tracking("https://a.example/x?id=3&utm_source=feed#c1")
    'https://a.example/x?id=3#c1'
    """
    if "=" not in url and "?" not in url:
        return url
    exact, begins = _parted(frozenset(names))
    rest, mark, fragment = url.partition("#")
    path, asked, query = rest.partition("?")
    if query:
        left = [pair for pair in query.split("&") if not _is_one(pair, exact, begins)]
        if len(left) <= query.count("&"):
            asked, query = ("?", "&".join(left)) if any(left) else ("", "")
    if "=" in fragment and all(_is_one(pair, exact, begins) for pair in fragment.split("&")):
        mark = fragment = ""
    return f"{path}{asked}{query}{mark}{fragment}"


@lru_cache(maxsize=16)
def _parted(names: frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names that stand for themselves, and the beginnings of those with a star."""
    begins = tuple(sorted(name[:-1] for name in names if name.endswith("*")))
    return frozenset(name for name in names if not name.endswith("*")), begins


def _is_one(pair: str, exact: frozenset[str], begins: tuple[str, ...]) -> bool:
    """Whether a parameter has one of the names; ampersands that were escaped twice are seen through."""
    name = pair.partition("=")[0].casefold().removeprefix("amp;")
    return name in exact or name.startswith(begins)


def resolve_wrapped(url: str) -> str:
    """The address that a known redirector's address holds, where it is one of the web; else the address as it is.

    In its query, or in its path. One level only, and nothing is fetched.

    >>> resolve_wrapped("https://www.google.com/url?q=https%3A%2F%2Fa.example%2Fx&sa=U")
    'https://a.example/x'
    """
    if any(mark in url for mark in _IN_PATHS):
        return _in_path(url)
    if "?" not in url:
        return url
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        known = _REDIRECTORS.get(
            "google.com" if _GOOGLE.fullmatch(host) else _SAFE if host.endswith("." + _SAFE) else host
        )
        if known is None or parts.scheme not in {"http", "https"} or (known[0] and parts.path not in known[0]):
            return url
        values = dict(reversed(parse_qsl(parts.query, max_num_fields=100)))
        target = next((values[name] for name in known[1] if name in values), "")
        return target if _leads(target) else url
    except ValueError:
        return url


def _in_path(url: str) -> str:
    """The address that a redirector's path holds; else the address as it is."""
    hit = _IN_PATH.fullmatch(url)
    if hit is None:
        return url
    told = hit.groupdict()
    if bare := told["page"] or told["cached"]:
        target = f"http{'s' if told['amp'] or told['cache'] else ''}://{bare}"
    else:
        target = unquote(told["yahoo"]) if told["yahoo"] else told["mail"] or told["bare"] or told["art"]
    try:
        return target if _leads(target) else url
    except ValueError:
        return url


def _leads(target: str) -> bool:
    """Whether a text is an address of the web. Raises ValueError for one that is broken."""
    return bool(_TARGET.fullmatch(target) and urlsplit(target).hostname)

"""Site patterns at work: what each directive does to a page, on which hosts, and what happens where it finds nothing."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaner.cli.checking import check_config
from cleaner.config.ftr import parse_ftr
from cleaner.datatypes import (
    Block,
    Claim,
    Entry,
    FtrRules,
    Judge,
    Knowledge,
    Label,
    LabelledPage,
    Outcome,
    RawPage,
    Rejected,
    Rule,
    Subscription,
    Verdict,
)
from cleaner.errors import ConfigError
from cleaner.label.ftr import ftr_for
from cleaner.pipeline import clean_page
from cleaner.store import Store

URL = "https://www.loom.example/2026/a-shed-for-the-looms"
TITLE = "A shed for the looms of Hathersend"
FIRST = "The weavers of Hathersend carried their looms into a new shed on Monday, after two winters in which the old one had let in the rain."
SECOND = "The shed stands behind the salt mine and holds forty looms, which is ten more than the guild had asked the county for last spring."
THIRD = "Its roof was paid for with a lottery, and whoever bought a ticket may have a name woven into the banner above the northern door."
TEASER = "The orchard of Fallowby is to be sold, and the town has until the end of June to say whether it wants the trees or the money."
CARD = "Buy a ticket for the lottery at the office of the guild, which is open on every morning but Sunday until the roof is paid for."
PAGE = f"""<html><head><title>{TITLE} | Loom</title><meta name="weaver" content="Ottilie Varga">
<meta property="article:published_time" content="2026-01-02T10:00:00Z"></head><body class="page has-card">
<h1>{TITLE}</h1><p class="by">By Bo Winter</p><p class="day">5 January 2026</p>
<div id="story"><p>{FIRST}</p><p>{SECOND}</p><img src="/i/shed.jpg" alt="The shed"><div class="left-card wide">{CARD}</div>
<p>{THIRD}</p><img class="dot" src="/count/9.gif" alt="nine"></div><div class="more"><p>{TEASER}</p></div>
<a class="on" href="?leaf=2">more of it</a><a id="print" href="/print/7">print</a></body></html>"""


def rules_of(text: str, name: str = "loom.example.txt") -> FtrRules:
    """The rules of a file without a fault."""
    rules, mistakes = parse_ftr(name, text)
    assert mistakes == []
    return rules


def cleaned(
    text: str, html: str = PAGE, *, url: str = URL, media_type: str = "text/html", rules: tuple[Rule, ...] = ()
) -> Outcome:
    """What becomes of a page where one file of patterns is there."""
    claims = (Claim("url", url, "link"), Claim("type", "NewsArticle", "jsonld"))
    raw = RawPage("0" * 64, "a.html", media_type, html.encode(), datetime(2026, 2, 1, tzinfo=UTC), claims)
    knowledge = Knowledge(ftr=(rules_of(text),), rules=rules)
    return clean_page(raw, Subscription("looms"), knowledge, "loom.example,2026")


def entry_of(text: str, html: str = PAGE) -> Entry:
    """The entry that a page gives."""
    result = cleaned(text, html).result
    assert isinstance(result, Entry)
    return result


def on(labelled: LabelledPage, begin: str) -> tuple[Block, Verdict]:
    """The block that begins so, and the verdict on it."""
    pairs = zip(labelled.page.blocks, labelled.verdicts, strict=True)
    return next((block, verdict) for block, verdict in pairs if block.text.startswith(begin))


def said(text: str, begin: str, html: str = PAGE) -> tuple[Label, str]:
    """Label and reason of the block that begins so."""
    verdict = on(cleaned(text, html).labelled, begin)[1]
    return verdict.label, verdict.reason


def claim(name: str, text: str, html: str = PAGE, *, url: str = URL) -> list[str]:
    """What patterns say of a page."""
    claims = cleaned(text, html, url=url).labelled.page.claims
    return [claim.value for claim in claims if claim.name == name and claim.witness == "site"]


# ----------------------------------------------------------------------------------------------------------- body, strip


def test_without_patterns_the_judges_decide() -> None:
    """The page as it is: the teaser is taken for text, and nothing is noted."""
    outcome = cleaned("tidy: no")
    assert on(outcome.labelled, TEASER[:20])[1].label is Label.BODY
    assert outcome.labelled.notes == ()


def test_the_body_is_what_its_xpath_holds() -> None:
    """What is inside is text, whatever was thought of it; what is outside is none; what was overruled is kept."""
    html = PAGE.replace(f"<p>{SECOND}</p>", f"<p>{SECOND}</p><div class='ads'>Ropes of hemp</div>")
    assert said("tidy: no", "Ropes", html)[0] is Label.AD
    assert said("body: //div[@id='story']", "Ropes", html) == (Label.BODY, "site:loom.example:ftr-body")
    assert said("body: //div[@id='story']", TEASER) == (Label.OTHER, "site:loom.example:ftr-body")
    verdict = on(cleaned("body: //div[@id='story']").labelled, TEASER)[1]
    assert verdict.judge is Judge.SITE
    assert verdict.overruled is not None
    assert verdict.overruled.label is Label.BODY
    text = entry_of("body: //div[@id='story']").article.text
    assert FIRST in text
    assert THIRD in text
    assert TEASER not in text


def test_the_first_body_that_finds_something_is_the_body() -> None:
    """Those before it hit nothing, or nothing that is left; those behind it are not asked."""
    text = "body: //div[@id='none']\nbody: //img\nbody: //div[@class='more']\nbody: //div[@id='story']\n"
    assert said(text, TEASER)[0] is Label.BODY
    assert said(text, FIRST) == (Label.OTHER, "site:loom.example:ftr-body")
    assert said(text + "strip: //div[@class='more']/p\n", FIRST)[0] is Label.BODY


def test_a_body_may_have_parts() -> None:
    """All that one XPath hits belongs to it, the page's whole body, too."""
    assert said("body: //div[@id='story']/p[1] | //div[@class='more']", SECOND)[0] is Label.OTHER
    assert said("body: //div[@id='story']/p[1] | //div[@class='more']", TEASER)[0] is Label.BODY
    assert said("body: //body", CARD)[0] is Label.BODY


def test_a_body_that_finds_nothing_leaves_it_to_the_model_and_says_so() -> None:
    """The verdicts are those of the page without patterns; strips have spoken all the same."""
    outcome = cleaned("body: //div[@id='none']\nstrip: //div[@class='more']")
    assert outcome.labelled.notes == ("ftr:loom.example.txt: body found nothing, the model decides",)
    assert on(outcome.labelled, FIRST)[1].judge is not Judge.SITE
    assert on(outcome.labelled, TEASER)[1].reason == "site:loom.example:ftr-strip"


def test_lines_about_the_article_stay_what_they_are() -> None:
    """Headline, byline and date in the body are used by the entry already; long text is text, whatever others say of it."""
    text = "body: //body"
    assert said(text, TITLE)[0] is Label.TITLE
    assert said(text, "By Bo Winter")[0] is Label.BYLINE
    assert said(text, "5 January")[0] is Label.DATE


@pytest.mark.parametrize(
    "strip",
    [
        "strip: //div[contains(@class, 'left-card')]",
        "strip_id_or_class: left-card",
        "strip_id_or_class: ft-ca",
        "strip: //div[contains(@class, 'left-card')] | //footer",
    ],
)
def test_what_is_stripped_is_no_text(strip: str) -> None:
    """Inside the body and where there is none; the reason says who took it."""
    assert said(strip, CARD) == (Label.OTHER, "site:loom.example:ftr-strip")
    assert said(f"body: //div[@id='story']\n{strip}", CARD)[0] is Label.OTHER
    assert said(f"body: //div[@id='story']\n{strip}", THIRD)[0] is Label.BODY


def test_the_page_itself_is_never_stripped() -> None:
    """A part of a class is enough, and the class of <body> says much. Attributes stand for no element either."""
    assert said("strip_id_or_class: has-card", FIRST)[0] is Label.BODY
    assert said("strip: //div/@id", FIRST)[0] is Label.BODY


@pytest.mark.parametrize("strip", ["strip_image_src: /count/", "strip: //img[@class='dot']", "strip_id_or_class: dot"])
def test_images_are_stripped(strip: str) -> None:
    """By a part of their address, or as any element; others stay."""
    text = f"body: //div[@id='story']\n{strip}"
    assert said(text, "nine") == (Label.OTHER, "site:loom.example:ftr-strip")
    assert said(text, "The shed")[0] is Label.BODY
    html = entry_of(text).article.html
    assert "shed.jpg" in html
    assert "9.gif" not in html


def test_words_are_stripped_out_of_a_paragraph() -> None:
    """They go, and what was around them is one paragraph still; what was two stays two."""
    html = PAGE.replace("new shed on", "new shed<sup>1</sup> on <span class='x'>2</span>")
    html = html.replace("The shed stands", "The shed<br><br>stands")
    text = entry_of("body: //div[@id='story']\nstrip: //sup\nstrip_id_or_class: x", html).article.text
    assert "into a new shed on Monday" in text.split("\n\n")[0]
    assert text.split("\n\n")[1] == "The shed"


def test_a_page_with_a_body_is_an_article() -> None:
    """Whoever wrote where it stands knows; a body of few words proves nothing."""
    needed = "".join(f"<li>{number} beams of oak" for number in range(2, 40))
    html = f"<html><body><h1>{TITLE}</h1><ul id='s'>{needed}</ul></body></html>"
    assert isinstance(cleaned("tidy: no", html).result, Rejected)
    assert isinstance(cleaned("body: //ul[@id='s']", html).result, Entry)
    thin = "<html><body><div id='s'><p>Hardly a word.</p></div></body></html>"
    assert isinstance(cleaned("body: //div[@id='s']", thin).result, Rejected)


def test_the_rules_of_a_site_come_after_its_patterns() -> None:
    """They are the operator's own, and the last word."""
    rule = Rule("loom.example", "card", Label.PROMO, contains="office of the guild")
    labelled = cleaned("body: //div[@id='story']", rules=(rule,)).labelled
    assert on(labelled, CARD)[1].reason == "site:loom.example:card"


# ------------------------------------------------------------------------------------------------- title, author, date


def test_the_title_is_what_the_patterns_find() -> None:
    """Before the headline and what the page claims; the first XPath that gives something speaks."""
    assert entry_of("tidy: no").article.title == TITLE
    assert entry_of("title: //h2\ntitle: concat(//h1, '!')\ntitle: //p").article.title == f"{TITLE}!"
    assert entry_of("title: //h2").article.title == TITLE


def test_a_title_in_the_body_is_no_text() -> None:
    """Nor is a line that is an author's name and nothing else."""
    lines = '<p class="t">Looms under a roof</p><p class="a">Ann of the mill</p>'
    html = PAGE.replace('<div id="story">', f'<div id="story">{lines}')
    text = "body: //div[@id='story']\ntitle: //p[@class='t']\nauthor: //p[@class='a']"
    assert said(text, "Looms under", html) == (Label.TITLE, "site:loom.example:ftr-title")
    assert said(text, "Ann of", html) == (Label.BYLINE, "site:loom.example:ftr-author")
    entry = entry_of(text, html)
    assert entry.article.title == "Looms under a roof"
    assert entry.article.text.startswith(FIRST)


def test_authors_are_what_the_patterns_find() -> None:
    """All that the XPath gives, before byline and claims."""
    assert entry_of("tidy: no").authors == ("Bo Winter",)
    assert entry_of("author: //meta[@name='weaver']/@content").authors == ("Ottilie Varga",)
    html = PAGE.replace("By Bo Winter", "By <b>Ann Lee</b> and <b>Juan Gil</b>")
    assert claim("author", "author: //p[@class='by']/b", html) == ["Ann Lee", "Juan Gil"]


def test_the_date_is_what_the_patterns_find() -> None:
    """Before what the page claims; of <time> what it says to machines."""
    published = entry_of("date: //p[@class='day']").published
    assert published is not None
    assert (published.month, published.day) == (1, 5)
    html = PAGE.replace("5 January 2026", "<time datetime='2026-01-07T08:00:00Z'>last week</time>")
    assert claim("published", "date: //time", html) == ["2026-01-07T08:00:00Z"]
    assert claim("published", "date: substring-before('6 January 2026 at nine', ' at ')") == ["6 January 2026"]


def test_a_sidecar_is_trusted_more() -> None:
    """What a person wrote beside this one page goes before what somebody wrote of all pages."""
    claims = (Claim("url", URL, "sidecar"), Claim("author", "Ines Calder", "sidecar"))
    raw = RawPage("0" * 64, "a.html", "text/html", PAGE.encode(), datetime(2026, 2, 1, tzinfo=UTC), claims)
    knowledge = Knowledge(ftr=(rules_of("author: //meta[@name='weaver']/@content"),))
    result = clean_page(raw, Subscription("looms"), knowledge, "loom.example,2026").result
    assert isinstance(result, Entry)
    assert result.authors == ("Ines Calder",)


# ------------------------------------------------------------------------------------------------------------------ links


@pytest.mark.parametrize(
    ("xpath", "address"),
    [
        ("//a[@class='on']", f"{URL}?leaf=2"),
        ("//a[@class='on']/@href", f"{URL}?leaf=2"),
        ("concat('/print', '/', '7')", "https://www.loom.example/print/7"),
        ("//p", None),
        ("//a[@class='off']", None),
    ],
)
@pytest.mark.parametrize(("directive", "name"), [("next_page_link", "next"), ("single_page_link", "single")])
def test_links_are_claims(directive: str, name: str, xpath: str, address: str | None) -> None:
    """An element's address, an attribute, or an address made by the XPath; absolute, and none where there is none."""
    assert claim(name, f"{directive}: {xpath}") == ([address] if address else [])


def test_a_condition_limits_a_link() -> None:
    """Only where the page holds what it names; other lines are free of it. The same for what is stripped."""
    link = "single_page_link: //a[@id='print']\n"
    assert claim("single", f"{link}if_page_contains: //div[@class='more']") == ["https://www.loom.example/print/7"]
    assert claim("single", f"{link}if_page_contains: //video") == []
    assert claim("single", f"{link}if_page_contains: //video\nsingle_page_link: //a[1]/@href") == [f"{URL}?leaf=2"]
    assert said("strip: //div[@class='more']\nif_page_contains: count(//p) > 30", TEASER)[0] is Label.BODY
    assert said("strip: //div[@class='more']\nif_page_contains: count(//p) > 3", TEASER)[0] is Label.OTHER


# ---------------------------------------------------------------------------------------------------------- replacements


def test_text_is_replaced_before_the_page_is_read() -> None:
    """In their order, markup as well; on pages of plain text, too."""
    text = (
        'replace_string(<div class="more">): <aside>\nreplace_string(weavers): wavers\nreplace_string(wavers): dyers\n'
    )
    labelled = cleaned(text).labelled
    assert on(labelled, "The dyers of Hathersend")[0].index
    assert "aside" in {node.tag for node in labelled.page.nodes}
    plain = cleaned(text, f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n", media_type="text/plain").labelled
    assert on(plain, "The dyers of Hathersend")


def test_a_replacement_cannot_blow_a_page_up() -> None:
    """One that would is passed over and noted; the others are made."""
    text = "".join(f"replace_string({'e' * 2**n}): {'e' * 2 ** (n + 6)}\n" for n in (0, 3, 6, 9))
    outcome = cleaned(text + "replace_string(salt): sand\n")
    assert outcome.labelled.notes[0] == "ftr:loom.example.txt:3: replacement passed over: it makes the page too long"
    assert sum(len(block.text) for block in outcome.labelled.page.blocks) < 1_100_000
    assert "sand mine" in " ".join(block.text for block in outcome.labelled.page.blocks)


# ----------------------------------------------------------------------------------------------- hosts, faults, the check


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("loom.example", "loom.example.txt"),
        ("www.loom.example", "loom.example.txt"),
        ("WWW.Loom.example:8080", "loom.example.txt"),
        ("news.loom.example", "news.loom.example.txt"),
        ("www.news.loom.example", "news.loom.example.txt"),
        ("old.loom.example", ".loom.example.txt"),
        ("a.old.loom.example", ".old.loom.example.txt"),
        ("b.a.old.loom.example", ".old.loom.example.txt"),
        ("bloom.example", None),
        ("example", None),
        ("", None),
        ("[::1", None),
    ],
)
def test_the_more_exact_file_holds(host: str, name: str | None) -> None:
    """A host's own file, then that of the nearest host above with a dot in front."""
    names = (".loom.example.txt", "loom.example.txt", ".old.loom.example.txt", "news.loom.example.txt")
    rules = ftr_for(f"https://{host}/a", Knowledge(ftr=tuple(rules_of("", name) for name in names)))
    assert (rules.file if rules else None) == name


def test_a_file_with_a_dot_does_not_hold_for_the_host_itself() -> None:
    """Nor a host's file for those below it."""
    assert ftr_for(URL, Knowledge(ftr=(rules_of("", ".loom.example.txt"),))) is None
    assert ftr_for("https://a.loom.example/", Knowledge(ftr=(rules_of("", "loom.example.txt"),))) is None
    assert on(cleaned("body: //p[1]", url="https://other.example/a-b-c").labelled, TEASER)[1].judge is not Judge.SITE


def test_an_xpath_that_fails_on_a_page_is_passed_over_with_a_note() -> None:
    """It names file and line; what else the file says is done."""
    dead = "[@data-of and f(.)]"  # what a page must have for the XPath to fail
    text = f"title: //h1{dead}\nbody: //div{dead}\nbody: //div[@id='story']\nstrip: //p{dead}\nauthor: //p[@class='by']"
    assert cleaned(text).labelled.notes == ()
    html = PAGE.replace("<h1", "<h1 data-of='1'").replace("<p>", "<p data-of='1'>").replace("<div", "<div data-of='1'")
    outcome = cleaned(text, html)
    assert outcome.labelled.notes == tuple(
        f"ftr:loom.example.txt:{line}: xpath failed: unregistered function" for line in (1, 2, 4)
    )
    assert on(outcome.labelled, TEASER)[1].reason == "site:loom.example:ftr-body"
    assert claim("author", text, html) == ["By Bo Winter"]


def test_a_page_of_plain_text_is_left_alone() -> None:
    """There are no elements to hit, and no note about each page says so."""
    labelled = cleaned(
        "body: //main\ntitle: //h1", f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n", media_type="text/plain"
    ).labelled
    assert labelled.notes == ()
    assert Judge.SITE not in {verdict.judge for verdict in labelled.verdicts}


def test_patterns_go_to_other_processes() -> None:
    """They are the same after the way to a child."""
    rules = rules_of("body: //main\nstrip: //p\nif_page_contains: //h1\nreplace_string(a): b\n")
    assert pickle.loads(pickle.dumps(rules)) == rules


def test_a_check_tries_bodies_on_the_pages_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a test_url whose page is in the state; one that finds the body is enough, and one that is not kept says nothing."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    folder = tmp_path / "config" / "ftr"
    folder.mkdir(parents=True)
    raw = RawPage("1" * 64, URL, "text/html", PAGE.encode(), datetime(2026, 2, 1, tzinfo=UTC), (), "looms")
    with Store(tmp_path / "state") as store:
        store.keep_page(raw)
    path = folder / "loom.example.txt"
    path.write_text(f"body: //div[@id='story']\ntest_url: https://loom.example/gone\ntest_url: {URL}\n")
    assert check_config(tmp_path / "config").endswith(", 1 ftr files")
    path.write_text(f"body: //main\ntest_url: https://loom.example/gone\ntest_url: {URL}\n")
    with pytest.raises(ConfigError) as caught:
        check_config(tmp_path / "config")
    assert list(caught.value.problems) == [f"{path}: test_url: body finds nothing on {URL}"]
    path.write_text("body: //main\ntest_url: https://loom.example/gone\n")
    assert check_config(tmp_path / "config").startswith("ok: ")

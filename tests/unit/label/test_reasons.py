"""Every reason that a judge of context can give, each on a page of our own that shows it, with invented words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cleaner.datatypes import Knowledge, LabelledPage, RawPage
from cleaner.label import cuts_of, label_page
from cleaner.parse import parse_page
from tests.conftest import ROOT

BODY = (
    "The bell foundry at Kessel poured its last bell on Saturday, a small one for a chapel in the hills above the town.",
    "Some two hundred people had come to watch, among them pupils of the last master, Orla Venn, who began here as a girl of fifteen.",
    "The metal had been heated since Friday morning, and when the plug was struck it ran for four minutes without a sound from the crowd.",
    "What becomes of the building is open. The council would like a museum, while a maker of kitchens from Dorn has offered to buy it.",
)
TITLE = "Last bell poured at the old Kessel foundry"
TEXT = "\n\n".join(BODY)
FOREIGN = "Heavy snow has closed the pass between Arlen and Tove for the third time this month. Officials in Tove said that the Mirko tunnel"

TEXT_PAGES = {
    "headline": (f"{TITLE}\n\n{TEXT}", TITLE),
    "headline-repeated": (f"{TITLE}\n\n{TITLE}\n\n{TEXT}", TITLE),
    "above-headline": (f"Come in and look around the workshop here.\n\nKessel Courier\n\n{TITLE}\n\n{TEXT}", None),
    "repeats-the-article": (f"{' '.join(BODY)[:420]}\n\n{TITLE}\n\n{TEXT}", BODY[0]),
    "text-repeated": (f"{TITLE}\n\n{TEXT}\n\n{BODY[1]}", BODY[1]),
    "headline-doubled": (f"{TITLE}\n\n{TEXT}\n\nChoir of the mill seeks voices\n\nChoir of the mill seeks voices\n\n{BODY[0][:60]} was the end of it, and so they went home that day.", "Choir of the mill"),
    "rest-of-line": (f"The post Choir seeks voices appeared first on Mill News. The owner of KES $4.10 24h change: 2.5% Market cap: $3.1 B sings too, as he has done for many years now.\n\n{TITLE}\n\n{TEXT}", "sings too"),
    "under-related-heading": (f"{TITLE}\n\n{TEXT}\n\nYou may also like\n\nChoir of the mill looks for new voices", "Choir of the mill"),
    "under-comments-heading": (f"{TITLE}\n\n{TEXT}\n\nComments\n\nwalnut", "walnut"),
    "above-button": (f"{TITLE}\n\n{BODY[0]}\n\n{BODY[1]}\n\nLetters from the hills, each Sunday at noon\nSubscribe now\n\n{BODY[2]}\n\n{BODY[3]}", "Letters from the hills"),
    "beside-prices": (f"{TITLE}\n\n{TEXT}\n\nMarket cap\nTolar Token\n$0.0412\n-3.1%\nUSD", "Tolar Token"),
    "under-contents": (f"{TITLE}\nTable of Contents\n- Who will buy the building?\n- What is a bell worth?\n{TEXT}", "Who will buy"),
    "headline-list": (f"{TITLE}\n\n{TEXT}\n\nPond frozen early in the northern quarter\nBakers agree on a later start\nTwo swans return to the moat\nSchool roof to be mended by spring\nNew clock for the old town hall\n{BODY[3][:60]} was the end of it, and so they went home.", "Bakers agree"),
    "teaser-cut-off": (f"{TITLE}\n\n{TEXT}\n\n{FOREIGN}", FOREIGN),
    "teaser-after-end": (f"{TITLE}\n\n{TEXT}\n\nThe views expressed are those of the author.\n\n{FOREIGN} stays open.", FOREIGN),
    "comment-thread": (f"{TITLE}\n\n{TEXT}\n\n" + "\n".join(f"{name} says:\nI remember well how we stood in the yard there and waited for the sound.\nReply" for name in ("Ada", "Bo", "Cy", "Di")), "I remember well"),
    "heading-of-nothing": (f"{TITLE}\n\n{TEXT}\n\n## What came after\n\n{FOREIGN}", "What came after"),
    "after-article": (f"{TITLE}\n\n{TEXT}\n\nThe shop by the gate sells small bells on most days", "The shop by"),
    "article-stretch": (f"{TITLE}\n\n{TEXT}", BODY[0]),
    "outside-article": (f"Kessel Courier\n\n{TITLE}\n\n{TEXT}", "Kessel Courier"),
    "price-widget": (f"{TITLE}\n\n{BODY[0]} The owner of KES $4.10 24h change: 2.5% Market cap: $3.1 B was there too.\n\n{TEXT}", "KES $4.10"),
    "source-link": (f"{TITLE}\n\n{TEXT}\n\nSource: https://courier.example/bell", "Source:"),
    "agency": (f"{TITLE}\n\nReuters\n\n{TEXT}", "Reuters"),
    "byline": (f"{TITLE}\n\nBy Runa Holt and Timo Sand\n\n{TEXT}", "By Runa"),
    "author-above-text": (f"{TITLE}\n\nBy\n\nRuna Holt\n\n{TEXT}", "Runa Holt"),
    "about-the-author": (f"{TITLE}\n\nBy Runa Holt\n\n{TEXT}\n\nRuna Holt writes on crafts from a mill near Kessel, and keeps bees.", "Runa Holt writes"),
    "follow-row": (f"{TITLE}\n\n{TEXT}\n\nFacebook\n\nInstagram\n\nYouTube", "Instagram"),
    "share-row": (f"{TITLE}\n\n{TEXT}\n\nFacebook\n\nBlue Sky\n\nPrint", "Blue Sky"),
    "profile": (f"{TITLE}\n\n{TEXT}\n\nhttps://www.facebook.com/kesselcourier", "https://www.facebook"),
    "picture-credit": (f"{TITLE}\n\n{BODY[0]}\n\nThe last master at the gate of the works on Saturday (Photo: Timo Sand / Courier)\n\n{BODY[1]}\n\n{BODY[2]}\n\n{BODY[3]}", "The last master at"),
    "comment-count": (f"{TITLE}\n\n{TEXT}\n\n14 comments", "14 comments"),
    "ago": (f"{TITLE}\n\n3 hours ago\n\n{TEXT}", "3 hours ago"),
    "date-line": (f"{TITLE}\n\n7 March 2026, 10:32 pm\n\n{TEXT}", "7 March"),
    "reading-time": (f"{TITLE}\n\n4 minutes\n\n{TEXT}", "4 minutes"),
    "copyright": (f"{TITLE}\n\n{TEXT}\n\n© 2026 Kessel Courier Press", "© 2026"),
    "address": (f"{TITLE}\n\n{TEXT}\n\nwww.courier.example/bells", "www.courier"),
    "player": (f"{TITLE}\n\n0:00 / 3:25\n\n{TEXT}", "0:00"),
    "symbols": (f"{TITLE}\n\n{TEXT}\n\n× ›", "×"),
    "count": (f"{TITLE}\n\n{TEXT}\n\n1.2K", "1.2K"),
    "price": (f"{TITLE}\n\n{TEXT}\n\n$1,204.50 -0.4%", "$1,204.50"),
    "quote-line": (f"{TITLE}\n\n{TEXT}\n\nTolar 1,204.50 -3.20", "Tolar"),
    "temperature": (f"{TITLE}\n\n{TEXT}\n\n-3 °C cloudy", "-3 °C"),
}  # fmt: skip
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in BODY)
_JSON = "\\n".join((*BODY, *(text.replace("bell", "cannon") for text in BODY)))
HTML_PAGES = {
    "article-in-json-ld": (f'<body><h1>{TITLE}</h1><script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2026-01-01", "articleBody": "{_JSON}"}}</script></body>', BODY[1]),
    "article-in-page-state": (f'<body><h1>{TITLE}</h1><script>window.__STATE__ = {{"body": "{_JSON}"}}</script></body>', BODY[1]),
    "element-nav": (f"<body><nav><a href='/a'>Tolar stories</a></nav><main><h1>{TITLE}</h1>{PARAGRAPHS}</main></body>", "Tolar stories"),
    "caption-element": (f"<body><h1>{TITLE}</h1><figure><img src='/a.jpg'><figcaption>The yard</figcaption></figure>{PARAGRAPHS}</body>", "The yard"),
    "lead-image": (f"<body><h1>{TITLE}</h1><img src='https://courier.example/a.jpg' alt='A bell in sand'>{PARAGRAPHS}</body>", "A bell in sand"),
    "before-article": (f"<body><div><p>{FOREIGN} is open again, and that buses run.</p></div><div>Tovar</div><div>Arlen</div><div>Sold</div><div>Old</div><div>Corn</div><main><h1>{TITLE}</h1>{PARAGRAPHS * 3}</main></body>", FOREIGN[:60]),
}  # fmt: skip


def label_text(text: str, media_type: str, knowledge: Knowledge) -> LabelledPage:
    """The page of a text as words, shapes and places label it; the model speaks after them."""
    knowledge = replace(knowledge, models=None)
    body = text.encode()
    raw = RawPage(hashlib.sha256(body).hexdigest(), "page", media_type, body, datetime(2026, 6, 1, tzinfo=UTC))
    return label_page(parse_page(raw, cuts=cuts_of(knowledge)), knowledge, raw)


def reasons_by_text(labelled: LabelledPage) -> list[tuple[str, str]]:
    """Text and reason of each block."""
    return [
        (block.text, verdict.reason) for block, verdict in zip(labelled.page.blocks, labelled.verdicts, strict=True)
    ]


@pytest.mark.parametrize("slug", TEXT_PAGES)
def test_a_text_page_shows_the_reason(slug: str, knowledge: Knowledge) -> None:
    """The block that the case names, or any where it names none, carries the reason; the article stays."""
    text, begin = TEXT_PAGES[slug]
    labelled = label_text(text, "text/plain", knowledge)
    found = reasons_by_text(labelled)
    assert any(reason == f"context:{slug}" and (begin is None or text.startswith(begin)) for text, reason in found), (
        found
    )
    kept = [
        block.text for block, verdict in zip(labelled.page.blocks, labelled.verdicts, strict=True) if verdict.label.kept
    ]
    assert [text for text in BODY if not any(text in block or block in text for block in kept)] == []


@pytest.mark.parametrize("slug", HTML_PAGES)
def test_an_html_page_shows_the_reason(slug: str, knowledge: Knowledge) -> None:
    """As above, on pages with markup."""
    html, begin = HTML_PAGES[slug]
    found = reasons_by_text(label_text(html, "text/html", knowledge))
    assert any(reason == f"context:{slug}" and text.startswith(begin) for text, reason in found), found


@pytest.mark.checkout
def test_no_reason_is_without_its_page() -> None:
    """Each slug that stands in the code of the judges has a case here, and each case a slug there."""
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "cleaner" / "label").glob("*.py")))
    patterns = (
        r'"context:([a-z-]+)"',
        r'_say\([^)]*?Label\.[A-Z]+, "([a-z-]+)"',
        r'\(Label\.[A-Z]+, "([a-z-]+)", 0',
        r'return Label\.[A-Z]+, "([a-z-]+)", 0',
        r'"(teaser-[a-z-]+)"',
        r'Label\.[A-Z]+, "([a-z-]+-row)"',
    )
    slugs = {slug for pattern in patterns for slug in re.findall(pattern, code, re.DOTALL)}
    slugs |= {"under-related-heading", "under-comments-heading", "element-nav", "symbols"}
    said_after_the_model = {
        "second-opinion",
        "carried-by-feed",
        "stands-for-document",
    }  # test_model.py; tests/unit/collect
    beginnings = {"beside-", "element-", "teaser-", "under-"}
    assert slugs - {"unplaced"} - said_after_the_model - beginnings == {*TEXT_PAGES, *HTML_PAGES}

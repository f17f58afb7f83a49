"""Guards on what stands around an article: credits of pictures, authors' names, rows of networks."""

from __future__ import annotations

import pytest

from cleaner.datatypes import Knowledge, Label
from cleaner.label.credit import ends_with_credit
from cleaner.label.shape import shape_of
from tests.unit.label.test_reasons import BODY, TEXT, TITLE, label_text


@pytest.mark.parametrize(
    "text",
    [
        "Smoke above the harbour on Sunday (Image: Harbour Post)",
        "Smoke above the harbour on Sunday. (Photo by Ann Lee/Harbour Post via AP)",
        "Rauch über dem Hafen am Sonntag. Foto: Timo Sand/dpa",
        "Rauch über dem Hafen am Sonntag (Archivfoto: Timo Sand)",
        "Der Hafen im Mai | Bildquelle: Hafenamt",
        "El puerto de Tolar, este domingo. © Timo Sand",
        "El puerto de Tolar, este domingo Ana Gil/EFE",
        "Les quais dimanche. Crédit photo : Ana Gil",
        "Дым над портом в воскресенье (Фото: Анна Ли)",
        "The mill before the fire / Getty Images",
    ],
)
def test_a_caption_that_ends_with_its_credit(text: str) -> None:
    """Bracketed, named, marked, or an agency behind a stroke, in several languages."""
    assert ends_with_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        *BODY,
        "She took a photo: it showed the quay at night.",
        "He carries a wallet (credit/debit cards, cash, keys)",
        "The picture (right) was taken in 1912.",
        "All rights reserved © 2026",
        "TOLAR (Reuters) - The port was closed on Sunday.",
        "The show can be seen on TV and/or online",
        "",
        "x" * 5000 + " (Photo: Ann Lee)",
    ],
)
def test_a_paragraph_that_only_looks_like_it(text: str) -> None:
    """Prose with a colon, brackets of other use, a line of rights, a dateline, and what is too long for a caption."""
    assert not ends_with_credit(text)


def test_the_address_of_a_profile_is_an_ask() -> None:
    """The address of an account is to be followed; one that shares a page, or leads to a post, is not."""
    assert shape_of("https://x.com/kesselcourier") == (Label.PROMO, "profile", 0.85)
    for address in ("https://www.facebook.com/sharer.php?u=https://a.example", "https://x.com/kessel/status/12345"):
        shape = shape_of(address)
        assert shape is not None
        assert shape[0] is Label.NAV


def labels_of(text: str, knowledge: Knowledge) -> dict[str, Label]:
    """Text of each block, and its label."""
    labelled = label_text(text, "text/plain", knowledge)
    return {block.text: verdict.label for block, verdict in zip(labelled.page.blocks, labelled.verdicts, strict=True)}


def test_a_name_in_the_story_is_no_note_about_its_author(knowledge: Knowledge) -> None:
    """Somebody else's name begins a paragraph: it stays, above and below the middle of the article."""
    told = labels_of(
        f"{TITLE}\n\nBy Runa Holt\n\n{TEXT}\n\nOrla Venn said that she would miss the sound of the yard most of all.",
        knowledge,
    )
    assert told["Orla Venn said that she would miss the sound of the yard most of all."] is Label.BODY


def test_the_box_about_the_author(knowledge: Knowledge) -> None:
    """Heading, name and note are one box."""
    note = "Runa Holt writes on crafts from a mill near Kessel, and keeps bees."
    told = labels_of(f"{TITLE}\n\n{TEXT}\n\nAbout the author\n\nRuna Holt\n\n{note}", knowledge)
    assert [told[text] for text in ("About the author", "Runa Holt", note)] == [Label.BIO] * 3


def test_two_names_of_networks_are_no_row(knowledge: Knowledge) -> None:
    """Fewer than three are left to what else is known of them."""
    told = labels_of(f"{TITLE}\n\n{TEXT}\n\nFacebook\n\nInstagram", knowledge)
    assert told["Instagram"] is not Label.PROMO

"""Entries of word lists, and texts -> what hits; then the lists that come with the package, language by language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from unittest.mock import patch

import pytest

from cleaner.config import parse_words
from cleaner.datatypes import Knowledge, Label, Word
from cleaner.label import words as words_module
from cleaner.label.words import EDGE, INSIDE, WHOLE, Lexicon, cuts_from, lexicon
from cleaner.text import fold

LISTS = Path(__file__).parent.parent.parent.parent / "config" / "words"
LANGUAGES = ("da", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "no", "pl", "pt", "ru", "sv", "tr", "uk", "zh")
LABELS = sorted(set(Label) - {Label.TITLE, Label.BODY})

# What sites say around their articles: language, text, label.
NOISE = (
    ("da", "Læs også: Tre nye broer på vej", Label.RELATED),
    ("da", "Log ind for at kommentere", Label.COMMENTS),
    ("de", "Das könnte Sie auch interessieren:", Label.RELATED),
    ("de", "LESEN SIE AUCH: Wie die Stadt nun baut", Label.RELATED),
    ("de", "Der Artikel geht nach der Anzeige weiter.", Label.AD),
    ("en", "You May Also Like", Label.RELATED),
    ("es", "Suscríbete a nuestro boletín", Label.PROMO),
    ("es", "Compartir en WhatsApp", Label.SHARE),
    ("fr", "À lire aussi : le port rouvre lundi", Label.RELATED),
    ("fr", "Crédit photo : L. Marchetti", Label.CAPTION),
    ("it", "© Riproduzione riservata", Label.DISCLAIMER),
    ("it", "Leggi anche: il ponte riapre", Label.RELATED),
    ("ja", "あわせて読みたい", Label.RELATED),
    ("ja", "この記事をシェアする", Label.SHARE),
    ("ko", "관련기사", Label.RELATED),
    ("ko", "무단전재 및 재배포 금지", Label.DISCLAIMER),
    ("nl", "Lees ook: de dijk houdt stand", Label.RELATED),
    ("nl", "Wij gebruiken cookies om deze site beter te maken.", Label.CONSENT),
    ("no", "Saken fortsetter under annonsen", Label.AD),
    ("no", "Foto: Ola Lunde", Label.CAPTION),
    ("pl", "Czytaj także: most znów otwarty", Label.RELATED),
    ("pl", "Zapisz się do newslettera", Label.PROMO),
    ("pt", "Leia também: a ponte reabre", Label.RELATED),
    ("pt", "Você está aqui", Label.NAV),
    ("ru", "Читайте также: мост снова открыт", Label.RELATED),
    ("ru", "Поделиться в соцсетях", Label.SHARE),
    ("sv", "Läs mer om bron", Label.RELATED),
    ("sv", "Texten fortsätter efter annonsen", Label.AD),
    ("tr", "İLGİLİ HABERLER", Label.RELATED),
    ("tr", "Tüm hakları saklıdır.", Label.DISCLAIMER),
    ("uk", "Читайте також: міст знову відкрито", Label.RELATED),
    ("uk", "ПОВ’ЯЗАНІ НОВИНИ", Label.RELATED),
    ("zh", "相关阅读", Label.RELATED),
    ("zh", "责任编辑：林晚", Label.BYLINE),
)

# Sentences of articles that begin or go on as an entry nearly does.
PROSE = (
    "Fotos zeigen, wie das Wasser die Keller füllt.",
    "Mehr von ihnen kamen erst am Abend zurück.",
    "Text und Bild passten selten so gut zusammen.",
    "Más de doscientas personas cruzaron el puente antes del mediodía.",
    "La cifra no refleja necesariamente lo que ocurre en los barrios.",
    "Vídeo y sonido llegaban con retraso a la sala.",
    "Retour à la case départ pour les pêcheurs du village.",
    "L'homme est l'auteur de deux romans, dit le maire.",
    "Photo editing takes her most of the morning.",
    "Sources close to the council said the bridge would stay shut.",
    "Torna a parlare il sindaco dopo una settimana di silenzio.",
    "Criada pela vila, a cooperativa vende queijo há trinta anos.",
    "Tłum ludzi czekał na moście do zmroku.",
    "Warto wiedzieć, że prom pływa tylko latem.",
    "Känns som att hela byn var där, säger hon.",
    "Реклама на мосту стоит дороже, чем год назад.",
    "記者: 橋はいつ開きますか。",
    "관련 법안은 내년에 시행될 예정이다.",
    "记者：您什么时候回来？",
    "Fotoğraf çekmeyi babasından öğrendi.",
)


def word(pattern: str, label: Label = Label.RELATED, *, inline: bool = False) -> Word:
    """An entry of an invented list."""
    return Word(label, "en", pattern, "slug", inline)


def score(pattern: str, text: str) -> float:
    """How an entry hits a text; 0 where it does not."""
    return max((hit.score for hit in Lexicon((word(pattern),)).look_up(text)), default=0.0)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("read more", "READ  MORE »", WHOLE),
        ("read more", "Read more of it", 0.0),
        ("read more *", "Read more: the bridge opens", EDGE),
        ("read more *", "They read more than we do", 0.0),
        ("* for this report", "Ann Lee wrote for this report.", EDGE),
        ("* for this report", "For this report she travelled.", 0.0),
        ("* to your inbox *", "News to your inbox each day", INSIDE),
        ("* inbox *", "Our inboxes were full", 0.0),
        ("the post * appeared on", "The post Bridges appeared on", EDGE),
        ("the post * appeared on", "The post Bridges appeared on Monday", 0.0),
        ("the post * appeared on *", "The post Bridges appeared on The Ferry", EDGE),
        ("photo: *", "Photo: L. Marchetti", EDGE),
        ("photo: *", "Photo © L. Marchetti", EDGE),
        ("photo: *", "図：L. Marchetti", 0.0),
        ("photo: *", "Photo editing is slow", 0.0),
        ("photo: *", "Photo editing is slow: it takes hours", 0.0),
        ("photo: *", "Photo", 0.0),
        ("出典: *", "出典：町の資料", EDGE),
        ("photo: *", "© Photo: L. Marchetti", EDGE),
        ("photo: *", "© Photo editing is slow", 0.0),
    ],
)
def test_an_entry_hits_as_it_is_written(pattern: str, text: str, expected: float) -> None:
    """A star stands for any words, a colon must be there, and words are whole."""
    assert score(pattern, text) == expected


def test_a_block_too_long_for_an_entry_is_left_alone() -> None:
    """What begins a long paragraph says nothing about the paragraph."""
    assert score("read more *", "Read more " + "and more " * 40) == 0.0


def test_the_surest_hit_comes_first() -> None:
    """A hit of the whole block stands before one of its begin, whatever the order of the lists."""
    hits = Lexicon((word("read *"), word("read more", Label.PROMO))).look_up("Read more")
    assert [(hit.label, hit.score) for hit in hits] == [(Label.PROMO, WHOLE), (Label.RELATED, EDGE)]


def test_an_inline_entry_cuts_a_sentence_of_its_own_only() -> None:
    """An entry marked ``@inline`` is found between sentences, and not within one."""
    (cut,) = cuts_from((word("sign up for our * newsletter", inline=True), word("read more")))
    pattern = re.compile(cut.pattern, re.IGNORECASE)
    found = pattern.search("It rained. Sign up for our daily newsletter. The river rose.")
    assert found is not None
    assert found.group().strip() == "Sign up for our daily newsletter."
    assert pattern.search("They sign up for our daily newsletter because it rains.") is None


@pytest.mark.parametrize(("left", "right"), [("İlgili", "ilgili"), ("YAZICI", "yazıcı"), ("звʼязок", "зв’язок")])
def test_letters_that_look_alike_fold_alike(left: str, right: str) -> None:
    """Capitals of the Turkish i, and the apostrophe that is a letter, do not keep a phrase from being found."""
    assert fold(left) == fold(right)


def test_every_language_has_a_list_for_every_label() -> None:
    """The package knows the noise of each label in each of its languages."""
    expected = {f"{label}.{language}.txt" for label in LABELS for language in LANGUAGES}
    assert expected == {path.name for path in LISTS.glob("*.txt")}


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.txt")), ids=lambda path: str(path.name))
def test_a_list_is_in_good_order(path: Path) -> None:
    """A list says what it holds, its entries are sorted, and each can be read."""
    lines = path.read_text("utf-8").splitlines()
    comments = list(takewhile(lambda line: line.startswith("# "), lines))
    found, mistakes = parse_words(path.name, "\n".join(lines))
    bare = [line.removesuffix("@inline").strip() for line in lines[len(comments) :]]
    assert comments
    assert not mistakes
    assert len(found) == len(bare)
    assert bare == sorted(bare, key=lambda line: (not line.startswith("* "), line.casefold()))


@pytest.mark.parametrize(("language", "text", "label"), NOISE)
def test_a_language_knows_its_own_noise(knowledge: Knowledge, language: str, text: str, label: Label) -> None:
    """Common noise of a language is named by that language's list."""
    words = tuple(word for word in knowledge.words if word.language == language)
    assert [hit.label for hit in lexicon(words).look_up(text)[:1]] == [label]


@pytest.mark.parametrize("text", PROSE)
def test_no_language_takes_prose_for_noise(knowledge: Knowledge, text: str) -> None:
    """A sentence of an article is hit by no list, of its own language or of another."""
    assert lexicon(knowledge.words).look_up(text) == ()


def plainly(words: Iterable[Word], text: str) -> list[tuple[Label, float, str]]:
    """The hits on a text as the README tells them, found by trying every entry by a regular expression."""
    found = []
    for entry in words:
        pieces = [fold(piece) for piece in entry.pattern.split("*")]
        gaps = r"(?: .*)? ".join(re.escape(piece) for piece in pieces if piece)
        left, right = "*" in entry.pattern and not pieces[0], "*" in entry.pattern and not pieces[-1]
        pattern = (r"(?:.* )?" if left else "") + gaps + (r"(?: .*)?" if right else "")
        if re.fullmatch(pattern, fold(text)) is None:
            continue
        whole, inside = "*" not in entry.pattern, left and right
        colon = entry.pattern.split("*", 1)[0].rstrip().endswith(":") and not whole
        head = re.split("[:：|©]", text[1:])[0]
        if colon and (head == text[1:] or fold(text[:1] + head) != pieces[0]):
            continue
        found.append((entry.label, WHOLE if whole else INSIDE if inside else EDGE, entry.slug))
    return sorted(found, key=lambda hit: (-hit[1], hit[2]))


@pytest.mark.parametrize("text", [text for _, text, _ in NOISE] + list(PROSE))
def test_a_look_up_misses_nothing(knowledge: Knowledge, text: str) -> None:
    """The tables by single words give what trying every entry of the text's words gives; only whole hits are given once."""
    likely = [entry for entry in knowledge.words if set(fold(entry.pattern).split()) <= set(fold(text).split())]
    expected = plainly(likely, text)
    hits = lexicon(knowledge.words).look_up(text)
    assert {(hit.label, hit.score, hit.reason.rsplit(":", 1)[1]) for hit in hits if hit.score < WHOLE} == {
        hit for hit in expected if hit[1] < WHOLE
    }
    assert [hit.score for hit in hits if hit.score == WHOLE] == [hit[1] for hit in expected if hit[1] == WHOLE][:1]


def test_entries_are_compiled_when_they_are_met(knowledge: Knowledge) -> None:
    """A start costs little: of thousands of entries a look-up compiles those that share a word with the text."""
    with patch("cleaner.label.words._compile", side_effect=words_module._compile) as compiling:
        table = Lexicon(knowledge.words)
        assert compiling.call_count == 0
        table.look_up("Read more about the bridge")
        assert 0 < compiling.call_count < 100
        table.look_up("Read more about the bridge")
        assert compiling.call_count < 100


def test_hits_of_equal_sureness_stand_in_the_order_of_the_text() -> None:
    """Every word of the text is looked up, not only one, and the first in the text comes first."""
    table = Lexicon((word("* inbox *"), word("* letter *", Label.PROMO), word("* mind *", Label.CONSENT)))
    for text, expected in (
        ("A letter a day in your inbox", [Label.PROMO, Label.RELATED]),
        ("An inbox, a letter and a mind", [Label.RELATED, Label.PROMO, Label.CONSENT]),
    ):
        assert [hit.label for hit in table.look_up(text)] == expected

"""Word lists and site rules -> Knowledge, and the mistakes in them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaner.config import load_knowledge, parse_words
from cleaner.datatypes import Label
from cleaner.errors import ConfigError

_RULE = '[[rule]]\nname = "box"\nlabel = "promo"\ncss = ".box"\nexamples = ["page.html"]\n'


def _site(tmp_path: Path, text: str, name: str = "example.com.toml") -> Path:
    """A configuration folder with one site's file."""
    (tmp_path / "sites").mkdir(exist_ok=True)
    (tmp_path / "sites" / name).write_text(text, "utf-8")
    return tmp_path


def _mistakes(folder: Path) -> list[str]:
    """The mistakes in a folder's words and sites, without the folder in front."""
    with pytest.raises(ConfigError) as caught:
        load_knowledge(folder)
    return [line.removeprefix(f"{folder}/") for line in caught.value.problems]


def test_words_are_read_with_comments_and_marks() -> None:
    """Comments go, ``@inline`` is a mark, the slug is made of the pattern's words."""
    words, mistakes = parse_words("promo.en.txt", "# asks\n\nSign up for *  # a form\njoin us @inline\n")
    assert mistakes == []
    assert [(word.pattern, word.slug, word.inline) for word in words] == [
        ("Sign up for *", "sign-up-for", False),
        ("join us", "join-us", True),
    ]
    assert {(word.label, word.language) for word in words} == {(Label.PROMO, "en")}


def test_slugs_of_a_list_are_unlike() -> None:
    """Two patterns with the same words differ in their slugs, so that a reason names one of them."""
    words, mistakes = parse_words("nav.en.txt", "more\nmore *\nMore:\n")
    assert (mistakes, len({word.slug for word in words})) == ([], 3)


def test_mistakes_in_a_list_name_the_line() -> None:
    """A doubled entry and one without a word are told; the rest is read all the same."""
    words, mistakes = parse_words("nav.en.txt", "skip to content\n***\nskip to content\nhome page\n")
    assert mistakes == ["line 2: '***' holds no word", "line 3: 'skip to content' stands here twice"]
    assert [word.pattern for word in words] == ["skip to content", "home page"]


@pytest.mark.parametrize("name", ["promo.txt", "advert.en.txt", "promo.english.txt", "promo.EN.txt"])
def test_a_list_must_be_named_after_label_and_language(name: str) -> None:
    """Else nobody could say what its words mean."""
    words, (mistake,) = parse_words(name, "join us\n")
    assert words == ()
    assert mistake.startswith("the file's name must be <label>.<language>.txt")


def test_the_packaged_lists_hold_no_mistake() -> None:
    """What comes with the package loads, and reasons made of it name one entry each."""
    words = load_knowledge(None).words
    assert len(words) > 100
    assert len({(word.label, word.language, word.slug) for word in words}) == len(words)


def test_a_site_is_read(tmp_path: Path) -> None:
    """The file's name is the domain; ``keep`` is short for the label body; a day ends at midnight in UTC."""
    text = '[site]\ntitle = "The Example"\ntimezone = "Europe/Vienna"\n' + _RULE + "until = 2027-01-31\n"
    keep = '[[rule]]\nname = "lead"\nkeep = true\nmatches = "^In short"\nexamples = ["page.txt"]\n'
    knowledge = load_knowledge(_site(tmp_path, text + keep))
    site = next(site for site in knowledge.sites if site.domain == "example.com")
    assert (site.title, site.timezone) == ("The Example", "Europe/Vienna")
    box, lead = [rule for rule in knowledge.rules if rule.site == "example.com"]
    assert (box.label, box.css, box.until) == (Label.PROMO, ".box", datetime(2027, 1, 31, tzinfo=UTC))
    assert lead.label is Label.BODY
    assert (lead.matches, lead.examples) == ("^In short", (str(tmp_path / "sites" / "page.txt"),))
    assert lead.place == f"{tmp_path}/sites/example.com.toml: rule[2]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_RULE.replace("promo", "advert"), "rule[1].label: unknown label 'advert' (did you mean \"ad\"?)"),
        (_RULE.replace('"promo"', '["ad"]'), "rule[1].label: unknown label ['ad']"),
        (_RULE.replace(".box", "p["), "rule[1].css: 'p[' is no CSS selector"),
        (_RULE.replace('".box"', "5"), "rule[1].css: input should be a valid string"),
        (_RULE + 'equals = "x"\n', "rule[1]: needs exactly one of css, xpath, equals, contains, matches"),
        (_RULE.replace('css = ".box"', 'matches = "("'), "rule[1].matches: no regular expression: missing )"),
        (_RULE.replace('css = ".box"', "matches = 5"), "rule[1].matches: input should be a valid string"),
        (_RULE.replace("css", "xpath"), "rule[1].xpath: '.box' is no XPath: invalid expression"),
        (_RULE.replace('css = ".box"', 'xpath = "//p[f(.)]"'), "rule[1].xpath: '//p[f(.)]' is no XPath: unregistered"),
        (_RULE.replace('css = ".box"', 'xpath = "count(//p)"'), "rule[1].xpath: 'count(//p)' gives a value, and no"),
        (_RULE.replace('css = ".box"', "xpath = 5"), "rule[1].xpath: input should be a valid string"),
        (_RULE.replace('css = ".box"', 'contains = ""'), "rule[1].contains: '' holds no word"),
        (_RULE.replace('css = ".box"', 'equals = "***"'), "rule[1].equals: '***' holds no word"),
        (_RULE.replace('"page.html"', "5"), "rule[1].examples.0: input should be a valid string"),
        (_RULE + 'place = "x"\n', "rule[1].place: unknown key"),
        (_RULE.replace('"page.html"', ""), "rule[1].examples: a rule needs at least one example page"),
        (_RULE.replace("box", "The Box", 1), "rule[1].name: is missing or no slug"),
        (_RULE + "keep = true\n", "rule[1].label: keep and label exclude each other"),
        (_RULE + "keep = false\n", "rule[1].keep: can only be true"),
        (_RULE + 'until = "soon"\n', "rule[1].until: input should be a valid datetime"),
        (_RULE + "prio = 1\n", "rule[1].prio: unknown key"),
        (_RULE + 'site = "example.net"\n', "rule[1].site: is told by the file's name"),
        (_RULE + _RULE, 'rule: the name "box" stands twice'),
        ("[[ruel]]", 'ruel: unknown key (did you mean "rule"?)'),
        ('[site]\ntitel = "x"', 'site.titel: unknown key (did you mean "title"?)'),
        ('[site]\ndomain = "example.net"', "site.domain: is told by the file's name"),
        ("site = 5", "site: write [site] and [[rule]], as tables"),
        ("rule = 5", "rule: write [site] and [[rule]], as tables"),
        ("rule = [5]", "rule[1]: is no table: write [[rule]]"),
    ],
)
def test_mistakes_in_a_site_name_table_and_key(tmp_path: Path, text: str, told: str) -> None:
    """Each is one line that begins with file, table and key."""
    mistakes = _mistakes(_site(tmp_path, text))
    assert mistakes[0].startswith(f"sites/example.com.toml: {told}")
    assert len(mistakes) == 1


def test_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    """Words and sites, each with its own."""
    folder = _site(tmp_path, "[[rule]]\n")
    _site(tmp_path, "", "nowhere.toml")
    (tmp_path / "words").mkdir()
    (tmp_path / "words/promo.en.txt").write_bytes(b"\xff\xfe")
    assert _mistakes(folder) == [
        "words/promo.en.txt: cannot be read as UTF-8",
        "sites/example.com.toml: rule[1]: needs exactly one of css, xpath, equals, contains, matches",
        "sites/example.com.toml: rule[1].name: is missing or no slug",
        "sites/example.com.toml: rule[1].label: unknown label None",
        "sites/example.com.toml: rule[1].examples: a rule needs at least one example page",
        "sites/nowhere.toml: the file's name must be a domain, such as example.com.toml",
    ]


def test_a_folders_list_replaces_the_packaged_one_of_its_name(tmp_path: Path) -> None:
    """An operator can take words away; the other lists stay."""
    packaged = load_knowledge(None).words
    (tmp_path / "words").mkdir()
    (tmp_path / "words/promo.en.txt").write_text("come to our fair\n")
    words = load_knowledge(tmp_path).words
    assert [word.pattern for word in words if (word.label, word.language) == (Label.PROMO, "en")] == [
        "come to our fair"
    ]
    assert len(words) == 1 + sum((word.label, word.language) != (Label.PROMO, "en") for word in packaged)

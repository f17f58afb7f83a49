"""Files of site patterns -> FtrRules: each directive, each fault with its line, and which file is read for what."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.cli.checking import check_config
from cleaner.config import load_knowledge, load_settings
from cleaner.config.ftr import parse_ftr
from cleaner.datatypes import FtrPath, FtrRules, Replacement
from cleaner.errors import ConfigError

NAME = "loom.example.txt"


def read(text: str, name: str = NAME) -> FtrRules:
    """The rules of a file without a fault."""
    rules, mistakes = parse_ftr(name, text)
    assert mistakes == []
    return rules


def faults(text: str) -> list[str]:
    """The faults of a file."""
    return parse_ftr(NAME, text)[1]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder with a place for site patterns."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    (tmp_path / "config" / "ftr").mkdir(parents=True)
    return tmp_path / "config"


@pytest.mark.parametrize(
    "directive", ["title", "author", "date", "body", "strip", "single_page_link", "next_page_link"]
)
def test_an_xpath_is_read_with_its_line(directive: str) -> None:
    """Comments and empty lines count; a space behind the colon may be lacking; a directive may stand often."""
    rules = read(f"# about weaving\n\n{directive}: //div[@class='a:b']\n  {directive}://p  \n")
    assert getattr(rules, directive) == (FtrPath("//div[@class='a:b']", 3), FtrPath("//p", 4))


@pytest.mark.parametrize("directive", ["title", "author", "date", "single_page_link", "next_page_link"])
def test_what_is_told_may_be_a_text(directive: str) -> None:
    """Other programs read texts that an XPath makes; of a body or a strip they need elements."""
    xpath = "substring-before(//p, ' at ')"
    assert getattr(read(f"{directive}: {xpath}"), directive) == (FtrPath(xpath, 1),)
    assert faults(f"{directive}: count(//p)") == [f"line 1: {directive}: 'count(//p)' gives a value, and no text"]


def test_ids_classes_and_addresses_of_images_become_xpaths() -> None:
    """A part of the attribute is enough; quotes, which some files have around it, go."""
    rules = read("strip_id_or_class: 'ad-box'\nstrip_image_src: /pixel/\n")
    assert [path.line for path in rules.strip] == [1, 2]
    assert rules.strip[0].xpath == "//*[contains(@class, 'ad-box') or contains(@id, 'ad-box')]"
    assert "contains(@src, '/pixel/')" in rules.strip[1].xpath


def test_replacements_are_read_in_both_forms() -> None:
    """In pairs and with the text in brackets, which may hold colons and brackets; to replace by nothing is to remove."""
    text = (
        "find_string: <x\nfind_string: <y\nreplace_string: <div\nreplace_string: <p\n"
        'replace_string(<a href="http://a.example/(b)">): <a>\nreplace_string(</x>):\n'
    )
    assert read(text).replacements == (
        Replacement(f"ftr:{NAME}:3", "<x", "<div"),
        Replacement(f"ftr:{NAME}:4", "<y", "<p"),
        Replacement(f"ftr:{NAME}:5", '<a href="http://a.example/(b)">', "<a>"),
        Replacement(f"ftr:{NAME}:6", "</x>", ""),
    )


def test_a_condition_belongs_to_the_xpath_before_it() -> None:
    """Comments and lines without effect part them not; it may be any XPath, for all may hold or not."""
    text = "single_page_link: //a[@id='p']\n# only long ones\ntidy: no\nif_page_contains: count(//h2) > 3\n"
    assert read(text).single_page_link == (FtrPath("//a[@id='p']", 1, "count(//h2) > 3"),)


def test_examples_are_read() -> None:
    """Addresses of pages, in order."""
    assert read("test_url: https://loom.example/a\ntest_url: https://loom.example/b").examples == (
        "https://loom.example/a",
        "https://loom.example/b",
    )


@pytest.mark.parametrize(
    "line",
    [
        "tidy: no",
        "prune: yes",
        "autodetect_on_failure: no",
        "parser: html5php",
        "http_header(user-agent): Weaver/1.0",
        "wrap_in(blockquote): //p",
        "move_into(//div[@id='a:b']): //p",
        "native_ad_clue: //p",
        "test_contains: a word of the text",
        "Prune: no",
    ],
)
def test_directives_without_effect_are_no_fault(line: str) -> None:
    """Files written for other programs are read as they are."""
    assert read(line) == read("")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("bdoy: //p", 'unknown directive bdoy (did you mean "body"?)'),
        ("colour: red", "unknown directive colour"),
        ("test https://loom.example/a", "test https://loom.example/a is no directive: write directive: value"),
        ("body", "body is no directive: write directive: value"),
        ("body:", "body is empty"),
        ("find_string:", "find_string is empty"),
        ("body(x): //p", "body takes nothing in brackets"),
        ("body: //p[", "body: '//p[' is no XPath: invalid expression"),
        ("title: //h1[f(.)", "title: '//h1[f(.)' is no XPath: invalid predicate"),
        ("strip: 'p'", "strip: \"'p'\" gives a value, and no elements"),
        ("body: //x:p", "body: '//x:p' is no XPath: undefined namespace prefix"),
        ("replace_string: b", "replace_string tells nothing to find"),
        ("replace_string(): b", "replace_string tells nothing to find"),
        ("find_string: a", "find_string without a replace_string behind it"),
        ("if_page_contains: //p", "if_page_contains belongs right behind the XPath that it limits"),
    ],
)
def test_a_fault_names_its_line(text: str, fault: str) -> None:
    """Only that line is lost: those around it are read."""
    rules, mistakes = parse_ftr(NAME, f"title: //h1\ntest_url: a\n{text}\nbody: //main\n")
    assert mistakes == [f"line 3: {fault}"]
    assert (rules.title, rules.body) == ((FtrPath("//h1", 1),), (FtrPath("//main", 4),))


def test_a_dead_condition_takes_its_xpath_with_it() -> None:
    """Without its condition that would say too much. A condition behind a dead XPath is no fault of its own."""
    rules, mistakes = parse_ftr(NAME, "next_page_link: //a\nif_page_contains: //[\n")
    assert (rules.next_page_link, len(mistakes)) == ((), 1)
    assert mistakes[0].startswith("line 2: if_page_contains: '//[' is no XPath")
    assert mistakes[0].endswith("; next_page_link in line 1 is not used either")
    assert faults("next_page_link: //[\nif_page_contains: //p\n")[1:] == []
    assert len(faults("next_page_link: //a\nif_page_contains: //p\nif_page_contains: //p\n")) == 1


def test_a_file_has_a_hundred_replacements_at_most() -> None:
    """The next one is told, and not made."""
    rules, mistakes = parse_ftr(NAME, "".join(f"replace_string(a{number}): b\n" for number in range(102)))
    assert len(rules.replacements) == 100
    assert mistakes == [f"line {line}: replace_string: a file has 100 at most" for line in (101, 102)]


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("loom.example.txt", "loom.example"),
        ("www.Loom.example.txt", "loom.example"),
        (".loom.example.txt", ".loom.example"),
        ("news.loom.example.txt", "news.loom.example"),
    ],
)
def test_a_file_is_named_after_its_host(name: str, host: str) -> None:
    """Case and ``www.`` tell nothing."""
    assert (read("", name).file, read("", name).host) == (name, host)


def test_files_are_part_of_what_is_known(config: Path) -> None:
    """Those with a dot in front, too; one in the state's own folder replaces that of the same name."""
    (config / "ftr" / ".loom.example.txt").write_text("body: //main\n")
    (config / "ftr" / NAME).write_text("body: //main\n")
    (config / "cleaner.toml").write_text('state_dir = "kept"\n')
    laid_over = config.parent / "kept" / "config" / "ftr"
    laid_over.mkdir(parents=True)
    (laid_over / NAME).write_text("\ufeffbody: //article\n")
    found = {rules.file: rules for rules in load_settings(config).knowledge.ftr}
    assert sorted(found) == [".loom.example.txt", NAME]
    assert found[NAME].body == (FtrPath("//article", 1),)
    assert found[NAME].place == str(laid_over / NAME)
    assert load_knowledge(config).ftr[1].body == (FtrPath("//main", 1),)


def test_faults_are_told_by_a_check_and_stop_nothing(config: Path) -> None:
    """Each with file and line; the rest of the file, and of the configuration, is used."""
    (config / "ftr" / NAME).write_text("body: //main\nbdoy: //p\nstrip: //[\n")
    (config / "ftr" / "global.txt").write_text("strip: //p\n")
    (config / "ftr" / "latin.example.txt").write_bytes(b"body: //p[.='\xe9']\n")
    with pytest.raises(ConfigError) as caught:
        check_config(config)
    told = [line.removeprefix(f"{config}/ftr/") for line in caught.value.problems]
    assert told == [
        "global.txt: the file's name must be a host, such as example.org.txt, or .example.org.txt for those below it",
        "latin.example.txt: cannot be read as UTF-8",
        f'{NAME}: line 2: unknown directive bdoy (did you mean "body"?)',
        f"{NAME}: line 3: strip: '//[' is no XPath: invalid expression",
    ]
    (rules,) = load_settings(config).knowledge.ftr
    assert (rules.file, rules.body) == (NAME, (FtrPath("//main", 1),))

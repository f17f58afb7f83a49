"""``ftr/HOST.txt``, one file of FiveFilters' site patterns -> FtrRules, with every mistake noted by its line.

The format is public (https://help.fivefilters.org/full-text-rss/site-patterns.html), and so are files of some thousand sites.
Those were written by many hands for another program. So what cannot be used there costs that line and no more: a check
tells it, and nothing is stopped by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cleaner.config.tables import Problems, suggest
from cleaner.datatypes import FtrPath, FtrRules, Replacement

__all__ = ["parse_ftr", "read_ftr"]

_HOST = re.compile(r"\.?[\w-]+(?:\.[\w-]+)+")
_LINE = re.compile(r"([A-Za-z_]+)\s*(?:\((.*?)\)\s*)?:\s*(.*)")
_MOST = 100  # replacements in a file
_ELEMENTS = frozenset({"body", "strip"})  # their XPaths give elements; those of the others may give a text as well
_TEXTS = frozenset({"title", "author", "date", "single_page_link", "next_page_link"})
# What stands for an XPath of ``strip``. As FiveFilters reads it, a part of an attribute's text is enough.
_SHORT = {
    "strip_id_or_class": "//*[contains(@class, '{0}') or contains(@id, '{0}')]",
    "strip_image_src": "//*[self::img or self::amp-img][contains(@src, '{0}') or contains(@data-src, '{0}')]",
}
_QUOTES = str.maketrans("", "", "'\"")
# Known, and without effect: how other programs fetch, parse, tidy up and test.
_IDLE = frozenset(
    """
    autodetect_next_page autodetect_on_failure convert_double_br_tags dissolve footnotes http_header insert_detected_image
    login_extra_fields login_password_field login_uri login_username_field move_into native_ad_clue not_logged_in_xpath
    parser post_strip_attr prune requires_login single_page_link_in_feed skip_id_or_class skip_json_ld src_lazy_load_attr
    strip_attr strip_comments test_contains test_urls tidy wrap_in
""".split()
)
_WITH_NAME = frozenset({"http_header", "move_into", "replace_string", "wrap_in"})  # those written name(...): value
_DIRECTIVES = (
    _ELEMENTS | _TEXTS | _IDLE | frozenset(_SHORT) | {"find_string", "replace_string", "test_url", "if_page_contains"}
)


def read_ftr(path: Path, problems: Problems) -> FtrRules | None:
    """The rules of one file, or None with the mistake noted where its name is no host or it cannot be read."""
    if not _HOST.fullmatch(path.stem):
        what = "the file's name must be a host, such as example.org.txt, or .example.org.txt for those below it"
        problems.add(path, "", what, minor=True)
        return None
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.add(path, "", "cannot be read as UTF-8", minor=True)
        return None
    rules, mistakes = parse_ftr(path.name, text)
    for mistake in mistakes:
        problems.add(path, "", mistake, minor=True)
    return replace(rules, place=str(path))


def parse_ftr(name: str, text: str) -> tuple[FtrRules, list[str]]:
    r"""The rules of a file of that name, and the mistakes in it, each as ``line N: what``.

    >>> parse_ftr("example.org.txt", "# one column\nbody: //main\nbdoy: //div\n")[1]
    ['line 3: unknown directive bdoy (did you mean "body"?)']
    """
    reader = _Reader(name)
    for number, line in enumerate(text.splitlines(), 1):
        if (line := line.strip()) and not line.startswith("#"):
            reader.read(number, line)
    for number, _ in reader.finds:
        reader.mistake(number, "find_string without a replace_string behind it")
    host = name.removesuffix(".txt").casefold().removeprefix("www.")
    paths: dict[str, Any] = {key: tuple(found) for key, found in reader.paths.items()}
    rules = FtrRules(name, host, replacements=tuple(reader.replacements), examples=tuple(reader.examples), **paths)
    return rules, [f"line {number}: {what}" for number, what in sorted(reader.mistakes)]


@dataclass
class _Reader:
    """What was read of a file so far. before: the name of the line before, where an XPath came of it."""

    name: str
    paths: dict[str, list[FtrPath]] = field(default_factory=dict)
    finds: list[tuple[int, str]] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    mistakes: list[tuple[int, str]] = field(default_factory=list)
    before: str | None = None
    dropped: bool = False  # whether the line before was an XPath that cannot be used

    def mistake(self, number: int, what: str) -> None:
        """Note what is wrong with a line."""
        self.mistakes.append((number, what))

    def read(self, number: int, line: str) -> None:
        """Read one line that is no comment."""
        hit = _LINE.fullmatch(line)
        if hit is None:
            self.mistake(number, f"{_cut(line)} is no directive: write directive: value")
            return
        directive, argument, value = hit[1].casefold(), hit[2], hit[3]
        before, self.before, dropped, self.dropped = self.before, None, self.dropped, False
        if argument is not None and directive not in _WITH_NAME:
            self.mistake(number, f"{directive} takes nothing in brackets")
        elif directive == "replace_string":
            self._replace(number, argument, value)
        elif directive in _IDLE:
            self.before, self.dropped = before, dropped  # what has no effect parts no condition from its line
        elif directive not in _DIRECTIVES:
            self.mistake(number, f"unknown directive {_cut(directive)}{suggest(directive, sorted(_DIRECTIVES))}")
        elif not value:
            self.mistake(number, f"{directive} is empty")
        elif directive == "if_page_contains":
            self._condition(number, before, value, dropped=dropped)
        else:
            self._take(number, directive, value)

    def _take(self, number: int, directive: str, value: str) -> None:
        """Take in a directive that stands for itself."""
        if directive in _SHORT:
            self._path(number, "strip", _SHORT[directive].format(value.translate(_QUOTES)))
        elif directive == "find_string":
            self.finds.append((number, value))
        elif directive == "test_url":
            self.examples.append(value)
        else:
            self._path(number, directive, value)

    def _path(self, number: int, directive: str, xpath: str) -> None:
        """Read an XPath."""
        from cleaner.parse.xpath import xpath_mistake  # takes a while to import, and most configurations have no XPath

        if what := xpath_mistake(xpath, (list,) if directive in _ELEMENTS else (list, str)):
            self.mistake(number, f"{directive}: {what}")
            self.dropped = True
            return
        self.paths.setdefault(directive, []).append(FtrPath(xpath, number))
        self.before = directive

    def _condition(self, number: int, directive: str | None, xpath: str, *, dropped: bool) -> None:
        """Read the condition of the XPath before it. One that cannot be used takes that with it: without it, it says too much."""
        from cleaner.parse.xpath import xpath_mistake

        if directive is None:
            if not dropped:
                self.mistake(number, "if_page_contains belongs right behind the XPath that it limits")
            return
        path = self.paths[directive].pop()
        if what := xpath_mistake(xpath, (list, str, bool, float)):
            self.mistake(number, f"if_page_contains: {what}; {directive} in line {path.line} is not used either")
        else:
            self.paths[directive].append(replace(path, when=xpath))

    def _replace(self, number: int, find: str | None, by: str) -> None:
        """Read a replacement, of the text in brackets or of the first find_string that still waits for one."""
        if find is None and self.finds:
            find = self.finds.pop(0)[1]
        if not find:
            self.mistake(number, "replace_string tells nothing to find")
        elif len(self.replacements) >= _MOST:
            self.mistake(number, f"replace_string: a file has {_MOST} at most")
        else:
            self.replacements.append(Replacement(f"ftr:{self.name}:{number}", find, by))


def _cut(text: str) -> str:
    """The begin of a text, short enough for a message."""
    return text if len(text) <= 60 else text[:60] + "…"

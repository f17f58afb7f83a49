"""The house is as its papers say: the map, sizes, dependencies, commands and keys."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from cleaner.cli.commands import app
from cleaner.datatypes import Combined, Filter, Label, Settings, Subscription
from tests.conftest import ROOT

pytestmark = pytest.mark.checkout
SOURCES = sorted((ROOT / "cleaner").rglob("*.py"))
IMPORT_NAMES = {"faust-cchardet": "cchardet", "python-dateutil": "dateutil", "readability-lxml": "readability"}
# Imported by others: readability-lxml needs it, and does not say so.
FIXED = {"lxml-html-clean"}


def test_every_module_is_on_the_map() -> None:
    """ARCHITECTURE.md names each module of the package."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    names = {path.stem for path in SOURCES} - {"__init__", "__main__"}
    assert sorted(name for name in names if f"`{name}" not in text) == []


def test_the_architecture_page_is_short() -> None:
    """People read 150 lines."""
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 150


def test_modules_and_functions_are_small() -> None:
    """No module is longer than 350 lines (records and word tables aside), and no function than 60 with its docstring."""
    long_modules = [
        path.name for path in SOURCES if len(path.read_text("utf-8").splitlines()) > 350 and path.name != "datatypes.py"
    ]
    long_functions = [
        f"{path.name}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert (long_modules, long_functions) == ([], [])


def test_every_import_is_declared_and_every_declared_package_imported() -> None:
    """The dependencies in pyproject.toml are those that the package imports."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[<>=\[;]", line)[0] for line in project["dependencies"]} - FIXED
    wanted = {IMPORT_NAMES.get(name, name) for name in declared}
    found = {name.split(".")[0] for path in SOURCES for name in imports_of(path)}
    assert found - set(sys.stdlib_module_names) - {"cleaner"} == wanted


def imports_of(path: Path) -> list[str]:
    """The modules that a file imports."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names


def test_every_command_is_in_the_readme_and_has_help() -> None:
    """No command without a line in the README and a sentence of help."""
    text = (ROOT / "README.md").read_text("utf-8")
    assert isinstance(app, click.Group)
    for name, command in app.commands.items():
        assert f"`cleaner {name}" in text or f"cleaner {name}" in text
        assert command.help


def test_every_setting_is_documented() -> None:
    """config/README.md names each key of cleaner.toml, of a source and of a combined feed."""
    text = (ROOT / "config" / "README.md").read_text("utf-8")
    keys = [field.name for record in (Settings, Subscription, Combined, Filter) for field in fields(record)]
    assert [key for key in keys if f"`{key}`" not in text and key not in {"sources", "feeds", "knowledge"}] == []


def test_word_lists_are_named_after_labels() -> None:
    """Each list is <label>.<language>.txt, begins with a comment that says what it holds, and holds entries."""
    for path in sorted((ROOT / "config" / "words").glob("*.txt")):
        label, language, _ = path.name.split(".")
        assert label in set(Label)
        assert re.fullmatch("[a-z]{2}", language)
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].startswith("#")
        assert len(lines) > 1


def test_nothing_speaks_of_a_machine_or_a_host() -> None:
    """No path of one machine in the papers or the code."""
    for path in [*SOURCES, *ROOT.glob("*.md"), ROOT / "Makefile", ROOT / ".ci" / "run", ROOT / "requirements.lock"]:
        assert not re.search(r"(?<![\w.~])/(?:work|root|home|farm)/|https?://[\w.]*pypi", path.read_text("utf-8")), path

"""tests/CASES.md and the tests agree: each case is shown by a test, and no test speaks of a case that is not there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.checkout


def marked(path: Path) -> Iterator[int]:
    """The numbers in all ``pytest.mark.case(...)`` of a file, of functions and of parameters. Each must be written out."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.case":
            assert node.args and not node.keywords, f"{path}:{node.lineno}: a case has a number"
            yield from (ast.literal_eval(argument) for argument in node.args)


def test_each_case_is_shown_and_each_marked_case_is_told() -> None:
    """The numbers in the tables, which count from one, and those in the tests are the same."""
    told = [
        int(number)
        for number in re.findall(r"^\| (\d+) \|", (ROOT / "tests" / "CASES.md").read_text("utf-8"), re.MULTILINE)
    ]
    shown = {number for path in sorted((ROOT / "tests").rglob("test_*.py")) for number in marked(path)}
    assert told == list(range(1, len(told) + 1))
    assert sorted(set(told) - shown) == [], "cases without a test"
    assert sorted(shown - set(told)) == [], "cases that the table does not tell"


def test_a_mark_stands_on_what_runs() -> None:
    """On a test function or a parameter of one: not on a helper, where it would show nothing."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
                assert "pytest.mark.case" not in map(_name, node.decorator_list), f"{path}:{node.lineno}"


def _name(decorator: ast.expr) -> str:
    """What a decorator is called."""
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)

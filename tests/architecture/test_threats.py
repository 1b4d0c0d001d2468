"""docs/threats.md names files and tests that exist; every abuse has a control and a test."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text("utf-8")
IN_CODE = re.compile(r"`([^`]+)`")


def rows() -> list[list[str]]:
    """The lines of the first table, without its head."""
    table = PAGE.split("\n## ", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table if line.startswith("| ")][1:]


@cache
def every_test() -> frozenset[str]:
    """The name of every test function there is."""
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("test_*.py"))
    functions = (node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def test_every_abuse_has_its_line_once() -> None:
    abuses = [row[0] for row in rows()]
    assert len(abuses) >= 30
    assert len(set(abuses)) == len(abuses)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_line_names_files_and_tests_that_exist(row: list[str]) -> None:
    assert len(row) == 4
    abuse, who, control, tests = row
    assert who
    files = IN_CODE.findall(control)
    assert files, f"{abuse}: no file"
    for file in files:
        assert (ROOT / file).is_file(), f"{abuse}: {file} is not there"
    named = IN_CODE.findall(tests)
    assert named, f"{abuse}: no test"
    for test in named:
        assert test in every_test(), f"{abuse}: {test} is not there"

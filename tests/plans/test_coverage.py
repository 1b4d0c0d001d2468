"""Every row of the requirements is cited by a test, or stands on the list of those that nobody proved yet."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from domain.plan import load_plan, plan_keys
from tests.plans.rows import NOT_YET_PROVED, ROWS

TESTS = Path(__file__).parents[1]


def citations(text: str) -> Iterator[tuple[int, ast.expr]]:
    """Each argument of each `pytest.mark.proves(...)` in a file's text, with its line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.proves":
            yield from ((node.lineno, argument) for argument in node.args)


def row_of(argument: ast.expr) -> str | None:
    """The row that an argument names; None unless it is a plain text, for nothing else can be read off a file."""
    value = argument.value if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) else None


@cache
def cited() -> dict[str, set[str]]:
    """Row -> the places of the tests that cite it; what is no row under its own text."""
    found: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for line, argument in citations(path.read_text("utf-8")):
            place = f"{path.relative_to(TESTS)}:{line}"
            found.setdefault(row_of(argument) or ast.unparse(argument), set()).add(place)
    return found


@pytest.mark.parametrize("row", ROWS)
def test_given_a_row_then_a_test_cites_it_or_it_is_listed_as_not_yet_proved(row: str) -> None:
    places = cited().get(row, set())
    assert bool(places) != (row in NOT_YET_PROVED), (
        f"{row} is on the list but cited by {sorted(places)}: take it off" if places else f"no test cites {row}"
    )


def test_given_the_citations_then_each_is_a_row_that_exists() -> None:
    unknown = {row: places for row, places in cited().items() if row not in ROWS}
    assert not unknown
    assert set(ROWS) >= NOT_YET_PROVED


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('@pytest.mark.proves("CX5", "L7")\ndef test_it(): ...', ["CX5", "L7"]),
        ('pytestmark = [pytest.mark.proves("CX5")]', ["CX5"]),
        ('def test_it():\n    """proves("CX5")"""', []),
        ('# @pytest.mark.proves("CX5")', []),
        ("@pytest.mark.proves(*rows)\ndef test_it(): ...", [None]),
    ],
)
def test_given_a_file_when_read_then_only_what_it_really_marks_counts(text: str, rows: list[str | None]) -> None:
    assert [row_of(argument) for _, argument in citations(text)] == rows


@pytest.mark.parametrize("key", plan_keys())
def test_given_a_plan_then_each_clock_rests_on_a_row_that_exists(key: str) -> None:
    assert {clock.basis for clock in load_plan(key).clocks.values()} <= set(ROWS)

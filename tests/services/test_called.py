"""How officers and units are called on forms: by the office's names, or by their codes where nobody knows them."""

from dataclasses import dataclass, fields
from typing import Any, get_type_hints

import pytest

from projections.labels import Label
from services.exports.called import Called
from services.exports.forms import FORMS

NAMES = Called(
    {"zhang": Label("张三", "Zhang San"), "li": Label("李四", "Li Si")}, {"QS": "青石村", "department:water": "水利站"}
)


@dataclass(frozen=True)
class _Line:
    officers: tuple[str, ...]
    person: str | None
    unit: str | None


def test_given_accounts_and_units_then_their_names_are_told() -> None:
    line = NAMES.line(_Line(("zhang", "li"), "li", "station:QS"), officers=("officers", "person"), units=("unit",))
    assert line == _Line(("张三", "李四"), "李四", "青石村驻点")


def test_given_whom_nobody_knows_then_the_code_stays() -> None:
    line = NAMES.line(_Line(("wang",), None, None), officers=("officers", "person"), units=("unit",))
    assert line == _Line(("wang",), None, None)
    assert NAMES.unit("department:roads").zh == "department:roads"


@pytest.mark.parametrize(
    ("unit", "zh"), [("township", "镇"), ("county", "县"), ("department:water", "水利站"), ("station:XX", "XX驻点")]
)
def test_given_a_unit_then_it_is_told_in_words(unit: str, zh: str) -> None:
    assert NAMES.unit(unit).zh == zh


@pytest.mark.parametrize("name", FORMS)
def test_given_a_form_then_the_fields_it_calls_by_name_are_those_of_its_lines(name: str) -> None:
    form = FORMS[name]
    line: Any = get_type_hints(form.ask)["return"].__args__[0]
    assert {*form.officers, *form.units} <= {field.name for field in fields(line)}

"""The schema of plan files is the model's, and what anybody writes into a file gives a plan or faults, nothing else."""

import json
import math
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from domain import plan_faults, plan_parts
from domain.plan import Plan, PlanInvalid, parse_plan, plan_keys, plan_of
from domain.plan_schema import SCHEMA_FILE, plan_schema, schema_text
from domain.values import Value
from services.cli.plans import app

PLANS = files("domain.plans")
CHIXI: dict[str, Any] = tomllib.loads(PLANS.joinpath("cx.toml").read_text("utf-8"))
PARTS = [it for it in vars(plan_parts).values() if isinstance(it, type) and issubclass(it, Value) and it is not Value]


def in_both_languages(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text) and any(letter.isascii() for letter in text)


def test_given_the_model_then_the_file_beside_the_plans_is_its_schema() -> None:
    kept = PLANS.joinpath(SCHEMA_FILE).read_text("utf-8")
    assert kept == schema_text(), "write it anew: huiyin plan schema > domain/plans/plan.schema.json"
    jsonschema_rs.meta.validate(json.loads(kept))


@pytest.mark.parametrize("key", plan_keys())
def test_given_a_plan_that_comes_along_then_it_fits_the_schema_and_points_to_it(key: str) -> None:
    text = PLANS.joinpath(f"{key}.toml").read_text("utf-8")
    assert text.startswith(f"#:schema ./{SCHEMA_FILE}\n")
    jsonschema_rs.validate(plan_schema(), tomllib.loads(text))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_given_a_part_then_it_and_each_of_its_entries_is_described_in_both_languages(part: type[Value]) -> None:
    assert in_both_languages(part.__doc__ or "")
    assert all(in_both_languages(field.description or "") for field in part.model_fields.values())


# -- any file at all ------------------------------------------------------------------------------------------------

Where = tuple[str, ...]
odd_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = (
    st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([0, 1, 15, 31, 3660, 3661])
    | st.floats()
    | odd_texts
    | st.sampled_from(["natural", "hours", "other", "construction", "station_lead", "x" * 300])
    | st.dates()
    | st.times()
    | st.datetimes()
)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_texts, inner, max_size=3))


def places(table: dict[str, Any], above: Where = ()) -> Iterator[Where]:
    """Every entry of nested tables."""
    for name, value in table.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from places(value, (*above, name))


PLACES = list(places(CHIXI))


@st.composite
def mangled(draw: st.DrawFn) -> dict[str, Any]:
    """A sound plan with up to four entries replaced, left out or added."""
    raw: dict[str, Any] = json.loads(json.dumps(CHIXI))
    for _ in range(draw(st.integers(0, 4))):
        *above, name = draw(st.sampled_from(PLACES))
        table: Any = raw
        for step in above:
            table = table.get(step) if isinstance(table, dict) else None
        if not isinstance(table, dict):
            continue
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                table[name] = draw(values)
            case "remove":
                table.pop(name, None)
            case _:
                table[draw(odd_texts)] = draw(values)
    return raw


def toml(value: Any) -> str:
    """A value as TOML, tables inline."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if math.isnan(value) or math.isinf(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        case float():
            return f"{value:.17e}"
        case datetime() | date() | time():
            return value.isoformat()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{toml(name)} = {toml(each)}" for name, each in value.items()) + "}"
    return str(value)


def judged(text: str) -> Plan | PlanInvalid:
    try:
        return parse_plan(text)
    except PlanInvalid as refusal:
        return refusal


@settings(derandomize=True, deadline=None, max_examples=150)
@given(mangled())
def test_given_a_plan_with_anything_in_it_when_checked_then_it_is_a_plan_or_named_faults(raw: dict[str, Any]) -> None:
    found = judged("\n".join(f"{toml(name)} = {toml(value)}" for name, value in raw.items()))
    if isinstance(found, Plan):
        assert plan_of(json.loads(found.model_dump_json())) == found
        return
    assert found.faults
    for fault in found.faults:
        assert (fault.zh, fault.en) != plan_faults.OTHERWISE, fault
        assert fault.path.isprintable()
        assert in_both_languages(fault.zh + fault.en)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_given_any_text_when_checked_then_it_is_refused_in_words(text: str) -> None:
    assert isinstance(judged(text), PlanInvalid)


# -- the command ----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_given_the_command_when_the_schema_is_asked_for_then_it_is_printed() -> None:
    assert run("schema").stdout == schema_text()


def test_given_the_command_when_listed_then_all_six_are_there() -> None:
    assert [line.split("\t")[0] for line in run("list").stdout.splitlines()] == [
        *("cx@1", "ll@1", "mz@1", "pc@1", "sg@1", "xf@1")
    ]


@pytest.mark.parametrize("key", plan_keys())
def test_given_the_command_when_a_plan_is_shown_then_its_file_is_printed_and_sound(key: str) -> None:
    assert parse_plan(run("show", key).stdout).key == key


MORE_TIME = 'max_days = 30\napprover = "committee_member"'


def test_given_a_file_with_two_faults_when_checked_then_both_are_told_by_path_and_the_status_is_one(
    tmp_path: Path,
) -> None:
    file = tmp_path / "plan.toml"
    sound = PLANS.joinpath("xf.toml").read_text("utf-8")
    file.write_text(sound, "utf-8")
    assert run("check", str(file)).stdout == "xf@1: 可用 sound\n"
    file.write_text(
        sound.replace("quorum = 4", "quorum = 9").replace(MORE_TIME, MORE_TIME.replace("committee_member", "mayor")),
        "utf-8",
    )
    refused = run("check", str(file))
    assert refused.exit_code == 1
    assert [line.split(": ")[0] for line in refused.stderr.splitlines()[1:]] == ["committee", "extensions.approver"]


def test_given_a_file_that_is_no_text_when_checked_then_it_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_bytes(b"\xff\xfe\x00")
    refused = run("check", str(file))
    assert (refused.exit_code, refused.exception.__class__) == (1, SystemExit)
    assert "TOML" in refused.stderr

"""What a plan file must hold, how everything wrong with it is said at once, and when the cut-off falls."""

from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.plan import (
    Plan,
    PlanInvalid,
    PlanUnknown,
    cut_off_after,
    load_plan,
    parse_plan,
    plan_keys,
)
from domain.plan_parts import OPTIONAL_RULES, Rule
from domain.values import LOCAL_ZONE
from domain.workdays import Unit

zones = st.sampled_from([LOCAL_ZONE, UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=14))])
CHIXI = files("domain.plans").joinpath("cx.toml").read_text("utf-8")


def changed(old: str, new: str) -> str:
    assert CHIXI.count(old) >= 1, f"the file no longer holds {old!r}"
    return CHIXI.replace(old, new, 1)


def faults(text: str) -> dict[str, tuple[str, str]]:
    with pytest.raises(PlanInvalid) as refused:
        parse_plan(text)
    return {fault.path: (fault.zh, fault.en) for fault in refused.value.faults}


@pytest.mark.parametrize("key", plan_keys())
def test_given_each_plan_that_comes_along_then_it_loads_under_its_own_key_and_cites_each_basis(key: str) -> None:
    plan = load_plan(key)
    assert (plan.key, plan.id) == (key, f"{key}@{plan.version}")
    assert set(Rule) - OPTIONAL_RULES <= set(plan.clocks)
    assert all(clock.basis for clock in plan.clocks.values())


@pytest.mark.parametrize(
    ("rule", "amount", "unit", "escalate_after"),
    [
        ("on_site", 3, Unit.WORKING, 2),
        ("acceptance", 5, Unit.WORKING, 5),
        ("handling", 15, Unit.WORKING, None),
        ("signing", 3, Unit.WORKING, None),
        ("decision", 31, Unit.NATURAL, None),
        ("county", 30, Unit.NATURAL, None),
        ("funding", 30, Unit.NATURAL, None),
        ("completion", 180, Unit.NATURAL, None),
        ("inspection", 10, Unit.WORKING, None),
        ("reply", 5, Unit.WORKING, None),
        ("closing", 10, Unit.WORKING, None),
        ("look_back", 42, Unit.NATURAL, None),
        ("review", 30, Unit.NATURAL, None),
        ("recheck", 30, Unit.NATURAL, None),
    ],
)
def test_given_the_chixi_plan_then_each_clock_is_as_the_scheme_says(
    rule: str, amount: int, unit: Unit, escalate_after: int | None
) -> None:
    clock = load_plan("cx").clock(rule)
    assert (clock.amount, clock.unit, clock.escalate_after) == (amount, unit, escalate_after)
    assert clock.roll is (unit is Unit.NATURAL)


def test_given_the_chixi_plan_then_committee_limits_and_forms_are_as_the_scheme_says() -> None:
    plan = load_plan("cx")
    assert (plan.committee.cut_off_day, plan.committee.members, plan.committee.quorum) == (30, 7, 5)
    assert (plan.supervision.notice_every_days, plan.supervision.max_notices) == (15, 6)
    assert plan.clock("feedback").amount == 15
    assert (plan.feedback.max_reopenings, plan.feedback.review_within_days) == (2, 30)
    assert (plan.extensions.max_count, plan.extensions.max_days) == (1, 30)
    assert (plan.works.progress_every_days, plan.recording.late_after_days) == (30, 3)
    assert [category.zh for category in plan.categories.values()] == [
        *(
            "增加收入",
            "城乡建设",
            "社会保障",
            "教育医疗",
            "环境保护",
            "文化生活",
            "困难救助",
            "社会治安",
            "干部作风",
            "其他",
        )
    ]
    assert plan.categories["other"].department is None


def test_given_the_same_key_twice_then_the_same_plan_is_handed_out() -> None:
    assert load_plan("cx") is load_plan("cx")


@pytest.mark.parametrize("key", ["", "zz", "../plans/cx", "cx.toml", "CX", "cx\n"])
def test_given_a_key_that_does_not_exist_then_it_is_refused(key: str) -> None:
    with pytest.raises(PlanUnknown):
        load_plan(key)


def test_given_a_plan_then_it_survives_storage_unchanged() -> None:
    plan = load_plan("cx")
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("amount = 3\n", "amount = 0\n", "clocks.on_site.amount", "at least 1"),
        ("amount = 3\n", "amount = 9999\n", "clocks.on_site.amount", "at most 3660"),
        ("amount = 3\n", 'amount = "3"\n', "clocks.on_site.amount", "whole number"),
        ("amount = 3\n", "amount = 3.5\n", "clocks.on_site.amount", "whole number"),
        ("amount = 3\n", "amount = true\n", "clocks.on_site.amount", "whole number"),
        ("amount = 3\n", "", "clocks.on_site.amount", "missing"),
        ("amount = 3\n", "amount = 3\namuont = 4\n", "clocks.on_site.amuont", "no such entry"),
        ('unit = "working"', 'unit = "weeks"', "clocks.on_site.unit", "'natural', 'working' or 'hours'"),
        ('basis = "PC2"', 'basis = "  "', "clocks.on_site.basis", "empty"),
        ('basis = "PC2"', "basis = 2", "clocks.on_site.basis", "quotation marks"),
        ('basis = "PC2"', f'basis = "{"x" * 201}"', "clocks.on_site.basis", "at most 200"),
        ("remind_before = 1\n", "remind_before = 3\n", "clocks.on_site", "below amount"),
        ("roll = true", 'roll = "yes"', "clocks.decision.roll", "true or false"),
        ('unit = "working"', 'unit = "working"\nroll = true', "clocks.on_site", "natural days"),
        ("[clocks.on_site]", "[clocks.whenever]", "clocks.on_site", "missing"),
        ("[clocks.on_site]", "[clocks.whenever]", "clocks.whenever", "one of"),
        ("max_notices = 6", "max_notices = 0", "supervision", "max_notices"),
        ("max_notices = 6", "max_notices = 101", "supervision.max_notices", "at most 100"),
        ("notice_every_days = 15\n", "", "supervision", "notice_every_days"),
        ("quorum = 5", "quorum = 8", "committee", "larger than the committee"),
        ("cut_off_day = 30", "cut_off_day = 32", "committee.cut_off_day", "at most 31"),
        ("[categories.other]", "[categories.rest]", "categories.other", "missing"),
        ('department = "culture"', 'department = "opera"', "categories.culture.department", "not listed"),
        ("[categories.income]", "[categories.Income]", "categories.Income", "key"),
        ("[categories.income]", '[categories."a\\u001b[31m"]', 'categories."a\\u001b[31m"', "key"),
        ("[title]", "[[title]]", "title", "table"),
        ("version = 1", "version = 0", "version", "at least 1"),
        ('key = "cx"', 'key = "cx\\n"', "key", "key"),
    ],
)
def test_given_one_thing_wrong_then_it_is_named_by_path_in_both_languages(
    old: str, new: str, path: str, words: str
) -> None:
    found = faults(changed(old, new))
    zh, en = found[path]
    assert words in en
    assert zh
    assert not zh.isascii()


def test_given_several_things_wrong_then_all_are_listed_at_once() -> None:
    text = changed("amount = 3\n", "amount = 0\n").replace("quorum = 5", "quorum = 8")
    text = text.replace("[clocks.inspection]", "[clocks.later]").replace(
        'department = "culture"', 'department = "opera"'
    )
    assert set(faults(text)) == {
        *("clocks.on_site.amount", "committee", "clocks.later", "clocks.inspection", "categories.culture.department")
    }


@pytest.mark.parametrize(
    "text", ["", "clocks = 3", "categories = 3\ndepartments = 4", "categories = {other = 1}\ndepartments = {}"]
)
def test_given_a_file_of_another_shape_then_it_is_refused_in_words(text: str) -> None:
    assert "version" in faults(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('key = "cx"\nversion = = 1', "line 2, column 11"),
        ("key = ", "file"),
        ("x" * 200_001, "file"),
        ("a = " + "[" * 5000, "file"),
        ("a = " + "9" * 5000, "file"),
    ],
)
def test_given_no_toml_at_all_then_the_place_is_named_and_nothing_quoted(text: str, place: str) -> None:
    found = faults(text)
    assert list(found) == [place]
    assert "TOML" in found[place][1]


def test_given_a_refused_plan_then_it_is_a_refusal_that_prints_each_fault_but_not_the_input() -> None:
    with pytest.raises(Refusal) as refused:
        parse_plan(changed('basis = "PC2"', 'basis = "secret\\u0000"'))
    assert refused.value.code == "plan-invalid"
    assert "clocks.on_site.basis" in str(refused.value)
    assert "secret" not in str(refused.value)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("moment", "cut_off"),
    [
        ("2026-03-01T00:00:00", "2026-03-30T23:59:59"),
        ("2026-03-30T23:59:59", "2026-03-30T23:59:59"),
        ("2026-03-31T00:00:00", "2026-04-30T23:59:59"),
        ("2026-01-31T12:00:00", "2026-02-28T23:59:59"),
        ("2028-02-01T12:00:00", "2028-02-29T23:59:59"),
        ("2026-12-31T08:00:00", "2027-01-30T23:59:59"),
    ],
)
def test_given_a_moment_then_the_cut_off_is_the_thirtieth_or_the_last_day(moment: str, cut_off: str) -> None:
    assert cut_off_after(at(moment), load_plan("cx")) == at(cut_off)


@settings(derandomize=True, deadline=None)
@given(
    st.builds(datetime.combine, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.times(), zones),
    st.integers(1, 31),
)
def test_given_any_moment_and_day_then_the_cut_off_is_the_next_one(moment: datetime, day: int) -> None:
    plan = load_plan("cx")
    plan = plan.model_copy(update={"committee": plan.committee.model_copy(update={"cut_off_day": day})})
    cut_off = cut_off_after(moment, plan)
    assert moment <= cut_off < moment + timedelta(days=32)
    assert cut_off_after(cut_off, plan) == cut_off
    following = cut_off + timedelta(seconds=1)
    assert cut_off.day == day or (cut_off.day < day and following.day == 1)
    assert cut_off < cut_off_after(following, plan)

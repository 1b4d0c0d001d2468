"""What is special about each of the six plans that come along, as its scheme asks."""

import pytest

from domain.plan import load_plan, plan_keys
from domain.plan_parts import OPTIONAL_RULES, Approver, Rule
from domain.workdays import Unit

NINE = ["增加收入", "城乡建设", "社会保障", "教育医疗", "环境保护", "文化生活", "困难救助", "社会治安", "干部作风"]


def categories(key: str) -> list[str]:
    *named, last = (category.zh for category in load_plan(key).categories.values())
    assert last == "其他"
    return named


def test_the_five_schemes_and_the_statutory_profile_come_along() -> None:
    assert plan_keys() == ("cx", "ll", "mz", "pc", "sg", "xf")


@pytest.mark.parametrize("key", ["ll", "sg", "cx"])
def test_given_a_plan_with_opinion_forms_then_its_categories_are_the_nine_of_the_form(key: str) -> None:
    assert categories(key) == NINE


def test_given_the_civil_affairs_plan_then_its_categories_are_the_fields_of_the_petition_ledger() -> None:
    assert categories("mz") == ["土地", "征地拆迁", "企业改制", "就业", "社会保障", "涉法涉诉", "安全生产"]


def test_given_the_great_visit_plan_then_its_categories_tell_disputes_from_hazards() -> None:
    found = categories("pc")
    assert [name for name in found if name.endswith(("纠纷", "矛盾"))] == [
        *("邻里纠纷", "山林土地纠纷", "征地拆迁矛盾", "劳资纠纷")
    ]
    assert sum(name.endswith("隐患") for name in found) == 5
    assert "信访积案" in found


@pytest.mark.parametrize(
    ("key", "cut_off_day", "members", "quorum"),
    [("ll", 25, 9, 5), ("sg", 7, 5, 3), ("mz", 31, 7, 4), ("cx", 30, 7, 5), ("pc", 28, 11, 6), ("xf", 25, 7, 4)],
)
def test_given_each_plan_then_it_has_a_committee_of_its_own_with_more_than_half_as_quorum(
    key: str, cut_off_day: int, members: int, quorum: int
) -> None:
    committee = load_plan(key).committee
    assert (committee.cut_off_day, committee.members, committee.quorum) == (cut_off_day, members, quorum)
    assert committee.quorum * 2 > committee.members


@pytest.mark.parametrize(
    ("rule", "amount", "unit", "article"),
    [
        (Rule.ON_SITE, 15, Unit.NATURAL, "二十二"),
        (Rule.NOTICE, 15, Unit.NATURAL, "二十三"),
        (Rule.OBJECTION, 5, Unit.WORKING, "二十三"),
        (Rule.HANDLING, 60, Unit.NATURAL, "三十四"),
        (Rule.FEEDBACK, 30, Unit.NATURAL, "三十五"),
        (Rule.REVIEW, 30, Unit.NATURAL, "三十五"),
        (Rule.RECHECK, 30, Unit.NATURAL, "三十六"),
    ],
)
def test_given_the_statutory_profile_then_each_clock_has_its_article(
    rule: Rule, amount: int, unit: Unit, article: str
) -> None:
    clock = load_plan("xf").clock(rule)
    assert (clock.amount, clock.unit, clock.basis) == (amount, unit, "XF1")
    assert clock.article == f"信访工作条例第{article}条"
    assert clock.roll is (unit is Unit.NATURAL)


def test_given_the_statutory_profile_then_it_extends_once_by_thirty_days_with_the_heads_approval() -> None:
    plan = load_plan("xf")
    assert (plan.extensions.max_count, plan.extensions.max_days) == (1, 30)
    assert plan.extensions.approver is Approver.COMMITTEE_MEMBER
    assert plan.feedback.review_within_days == 30


@pytest.mark.parametrize("key", [key for key in plan_keys() if key != "xf"])
def test_given_a_scheme_then_it_asks_for_no_statutory_notice(key: str) -> None:
    assert not any(load_plan(key).asks_for(rule) for rule in OPTIONAL_RULES)


@pytest.mark.parametrize("key", plan_keys())
def test_given_a_plan_then_every_department_owns_something_or_takes_what_has_no_owner(key: str) -> None:
    plan = load_plan(key)
    owners = {category.department for category in plan.categories.values()}
    assert plan.categories["other"].department is None
    assert set(plan.departments) - owners <= {"service_hall"}

"""Holiday tables as events: proposed by one, confirmed by another, revised; the program's own never overrule them."""

from datetime import date, datetime, time

import pytest
from pydantic import ValidationError

from domain.deadlines import count
from domain.errors import AlreadySaid, SamePerson
from domain.holidays.commands import AdoptHolidays, ConfirmHolidays, SeedHolidays
from domain.holidays.errors import NoSuchProposal
from domain.holidays.state import Holidays, merged
from domain.values import LOCAL_ZONE, Actor, Role
from domain.workdays import Unit
from services.holidays import official_table, official_years
from tests.support.holidays import (
    ADMIN,
    after,
    ask,
    first_notice_of_2019,
    proposal_of,
    second_notice_of_2019,
)

pytestmark = pytest.mark.proves("L3")
NOTHING = Holidays()
BASE = official_years()


def test_given_a_proposal_then_nothing_changes_until_another_person_confirms() -> None:
    proposed = after(NOTHING, ask(AdoptHolidays))
    assert proposed.table(BASE).years == official_table().years
    adopted = after(proposed, ask(ConfirmHolidays))
    table = adopted.table(BASE)
    assert 2027 in table.years
    assert not table.is_working_day(date(2027, 5, 3))
    assert table.is_working_day(date(2027, 5, 8))
    assert (table.version, adopted.proposals) == (2, {})


@pytest.mark.parametrize("by", [ADMIN, Actor(user="third", role=Role.ADMINISTRATOR, on_behalf_of="admin")])
def test_given_who_proposed_it_or_their_deputy_then_they_cannot_confirm(by: Actor) -> None:
    with pytest.raises(SamePerson):
        after(NOTHING, ask(AdoptHolidays), ask(ConfirmHolidays, actor=by))


def test_given_a_newer_proposal_then_the_older_one_cannot_be_confirmed_any_more() -> None:
    both = after(NOTHING, ask(AdoptHolidays), ask(AdoptHolidays, notice="国办发明电〔2026〕10号"))
    with pytest.raises(NoSuchProposal):
        after(both, ask(ConfirmHolidays, proposal=1))
    assert after(both, ask(ConfirmHolidays, proposal=2)).years[2027].table.notice == "国办发明电〔2026〕10号"


def test_given_a_confirmed_table_then_it_is_neither_confirmed_nor_proposed_again() -> None:
    adopted = after(NOTHING, ask(AdoptHolidays), ask(ConfirmHolidays))
    with pytest.raises(NoSuchProposal):
        after(adopted, ask(ConfirmHolidays))
    with pytest.raises(AlreadySaid):
        after(adopted, ask(AdoptHolidays))


def test_given_the_two_notices_of_2019_then_the_second_revises_the_first() -> None:
    asked = [
        proposal_of(first_notice_of_2019()),
        ask(ConfirmHolidays, year=2019, proposal=1),
        proposal_of(second_notice_of_2019()),
        ask(ConfirmHolidays, year=2019, proposal=3),
    ]
    vectors: dict[tuple[str, int], list[str]] = {("2019-04-26", 2): [], ("2019-04-29", 5): []}
    for table in (after(NOTHING, *asked[:2]).table(BASE), after(NOTHING, *asked).table(BASE)):
        for (start, amount), ends in vectors.items():
            begins = datetime.combine(date.fromisoformat(start), time(12), LOCAL_ZONE)
            ends.append(count(begins, amount, Unit.WORKING, table, roll=False).due_at.date().isoformat())
    assert vectors == {("2019-04-26", 2): ["2019-04-30", "2019-04-29"], ("2019-04-29", 5): ["2019-05-07", "2019-05-08"]}


def test_given_the_programs_years_then_they_are_written_down_once_with_the_package() -> None:
    seeded = after(NOTHING, ask(SeedHolidays))
    assert seeded.seeded == "calendar 1"
    assert seeded.table({}) == merged(BASE, 1)
    with pytest.raises(AlreadySaid):
        after(seeded, ask(SeedHolidays, package="calendar 2"))


def test_given_a_year_that_people_adopted_then_the_programs_own_never_overrules_it() -> None:
    own = after(NOTHING, proposal_of(first_notice_of_2019()), ask(ConfirmHolidays, year=2019, proposal=1))
    seeded = after(own, ask(SeedHolidays))
    assert seeded.years[2019].table == first_notice_of_2019()
    assert set(seeded.years) == set(BASE)
    assert seeded.table(BASE).is_working_day(date(2019, 5, 2))


def test_given_a_new_version_of_the_package_then_only_years_nobody_knew_are_added() -> None:
    without_last = tuple(table for year, table in BASE.items() if year < 2026)
    older = after(NOTHING, ask(SeedHolidays, years=without_last))
    newer = after(older, ask(SeedHolidays, package="calendar 2"))
    assert {year for year, it in newer.years.items() if it.version == 2} == {2026}


@pytest.mark.parametrize(
    "fields",
    [
        {"year": 2026},
        {"days_off": (date(2027, 1, 1), date(2027, 5, 1))},
        {"days_off": (date(2027, 1, 1), date(2027, 5, 1), date(2027, 10, 2))},
        {"make_up_days": (date(2027, 5, 5),)},  # a Wednesday
        {"make_up_days": (date(2027, 5, 1),)},  # off as well
        {"make_up_days": (date(2028, 1, 1),)},
        {"notice": " "},
    ],
)
def test_given_what_cannot_be_a_years_table_then_it_is_no_command(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ask(AdoptHolidays, **fields)


def test_given_the_same_days_in_another_order_then_it_is_the_same_table() -> None:
    days = ask(AdoptHolidays).days_off
    (first, second) = (after(NOTHING, ask(AdoptHolidays, days_off=d)) for d in (days, (*reversed(days), days[0])))
    assert first.proposals[2027].table == second.proposals[2027].table


def test_given_a_notice_that_reaches_back_into_december_then_the_later_year_counts() -> None:
    usual = ask(AdoptHolidays).days_off
    table = after(
        NOTHING,
        ask(
            AdoptHolidays,
            days_off=(date(2026, 12, 31), *usual),
            make_up_days=(date(2026, 12, 27),),
        ),
        ask(ConfirmHolidays),
    ).table(BASE)
    assert not table.is_working_day(date(2026, 12, 31))
    assert table.is_working_day(date(2026, 12, 27))

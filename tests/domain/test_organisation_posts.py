"""Posts, deputies and links: who holds what and when, who is above whom, and what each rule refuses."""

from datetime import timedelta

import pytest

from domain.errors import HuiyinError
from domain.organisation import commands as c
from domain.organisation import errors as refused
from domain.organisation.decide import decide
from domain.organisation.state import Organisation, Post
from domain.organisation.words import SERVES_AT
from domain.values import Actor, Role
from tests.support.office import START
from tests.support.organisation import after, ask, context, county

COUNTY = county()
DAY = timedelta(days=1)


def refuses(kind: type[HuiyinError], asked: c.OrganisationCommand, organisation: Organisation = COUNTY) -> None:
    with pytest.raises(kind) as caught:
        decide(organisation, asked, context())
    assert type(caught.value) is kind


def posts(user: str, organisation: Organisation = COUNTY, days: float = 0) -> list[str]:
    return [str(post) for post in organisation.posts_of(user, START + days * DAY)]


# -- appointments -----------------------------------------------------------------------------------------------------


def test_given_appointments_then_posts_are_told_in_their_order_and_read_role_at_place() -> None:
    two = after(COUNTY, ask(c.AppointOfficer, officer="handler", place="LX", since=START - DAY))
    assert posts("handler", two) == ["case_handler@LX", "case_handler@QS"]
    assert posts("nobody") == []
    assert Post(Role.DEPARTMENT, "department:water@WS0").__str__() == "department@department:water@WS0"


def test_given_a_period_then_the_post_is_held_from_its_beginning_until_just_before_its_end() -> None:
    served = after(COUNTY, ask(c.AppointOfficer, since=START + DAY, until=START + 2 * DAY))
    assert [posts("wang.min", served, days) for days in (0.9, 1, 1.9, 2)] == [
        [], ["case_handler@QS"], ["case_handler@QS"], [],
    ]  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_given_a_role_then_it_is_held_only_where_such_a_post_exists(role: Role) -> None:
    codes = {"YX": "county", "YL": "township", "YL1": "station", "QS": "village", "department:water": "department"}
    for code, kind in codes.items():
        asked = ask(c.AppointOfficer, role=role, place=code)
        if kind in SERVES_AT[role]:
            assert decide(COUNTY, asked, context())
        else:
            refuses(refused.NoSuchPost, asked)


def test_given_the_roles_of_households_and_of_the_process_then_nobody_is_appointed_to_them() -> None:
    assert SERVES_AT[Role.HOUSEHOLD] == SERVES_AT[Role.PROCESS] == frozenset()
    assert set(SERVES_AT) == set(Role)


def test_given_an_unknown_place_then_nobody_serves_there() -> None:
    refuses(refused.UnknownPlace, ask(c.AppointOfficer, place="NO"))
    refuses(refused.UnknownPlace, ask(c.EndAppointment, place="NO"))


def test_given_oneself_then_an_administrator_cannot_give_a_post_and_another_one_can() -> None:
    refuses(refused.NotForOneself, ask(c.AppointOfficer, officer="admin"))
    refuses(refused.NotForOneself, ask(c.NameDeputy, deputy="admin"))
    other = Actor(user="admin2", role=Role.ADMINISTRATOR)
    assert decide(COUNTY, ask(c.AppointOfficer, officer="admin", by=other), context())


def test_given_a_period_that_ends_before_it_begins_then_it_is_refused() -> None:
    refuses(refused.PeriodReversed, ask(c.AppointOfficer, until=START))
    refuses(refused.PeriodReversed, ask(c.AppointOfficer, since=START + DAY, until=START + DAY))
    refuses(refused.PeriodReversed, ask(c.NameDeputy, until=START))


def test_given_the_same_post_in_a_time_already_held_then_it_is_refused_and_afterwards_it_is_not() -> None:
    term = after(COUNTY, ask(c.AppointOfficer, until=START + 10 * DAY))
    refuses(refused.AlreadyAppointed, ask(c.AppointOfficer, since=START + 9 * DAY), term)
    refuses(refused.AlreadyAppointed, ask(c.AppointOfficer, since=START - DAY, until=START + DAY), term)
    again = after(term, ask(c.AppointOfficer, since=START + 10 * DAY))
    assert posts("wang.min", again, 20) == ["case_handler@QS"]


def test_given_somebody_in_charge_then_there_is_no_second_one_until_the_first_has_gone() -> None:
    refuses(refused.SomebodyInCharge, ask(c.AppointOfficer, in_charge=True))
    assert decide(COUNTY, ask(c.AppointOfficer), context())
    handed_over = after(COUNTY, ask(c.EndAppointment), ask(c.AppointOfficer, in_charge=True))
    village = handed_over.village("QS", START)
    assert village is not None
    assert village.handler == "wang.min"


def test_given_an_end_then_the_post_is_lost_at_that_moment() -> None:
    ended = after(COUNTY, ask(c.EndAppointment, until=START + DAY))
    assert [posts("handler", ended, days) for days in (0.9, 1)] == [["case_handler@QS"], []]
    earlier = after(ended, ask(c.EndAppointment, until=START + DAY / 2))
    assert posts("handler", earlier, 0.9) == []
    refuses(refused.PeriodReversed, ask(c.EndAppointment, until=START + DAY), ended)
    refuses(refused.PeriodReversed, ask(c.EndAppointment, until=START - DAY))


def test_given_nobody_in_that_post_then_it_cannot_be_ended() -> None:
    refuses(refused.NotAppointed, ask(c.EndAppointment, officer="wang.min"))
    refuses(refused.NotAppointed, ask(c.EndAppointment, role=Role.STATION_LEAD))
    refuses(refused.NotAppointed, ask(c.EndAppointment), after(COUNTY, ask(c.EndAppointment)))


def test_given_an_appointment_to_come_then_ending_it_means_that_it_never_begins() -> None:
    to_come = after(COUNTY, ask(c.AppointOfficer, since=START + DAY))
    never = after(to_come, ask(c.EndAppointment, officer="wang.min"))
    assert posts("wang.min", never, 2) == []
    assert decide(never, ask(c.AppointOfficer, since=START + DAY, key="again"), context())


# -- who answers for what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("village", "handler", "lead", "township"),
    [
        ("QS", "handler", "lead", "云岭镇"),  # its own handler, its station's lead
        ("LX", "handler2", "lead", "云岭镇"),  # its station's handler
        ("BC", None, "lead2", "云岭镇"),  # a station without anybody: the township's lead
        ("WS", None, "ws-lead", "外山镇"),
    ],
)
def test_given_a_village_then_who_looks_after_it_is_the_nearest_in_charge(
    village: str, handler: str | None, lead: str, township: str
) -> None:
    found = COUNTY.village(village, START)
    assert found is not None
    assert (found.handler, found.lead, found.township) == (handler, lead, township)


def test_given_what_is_no_village_then_there_is_none() -> None:
    assert COUNTY.village("YL", START) is None
    assert COUNTY.village("NO", START) is None


@pytest.mark.parametrize(
    ("unit", "village", "head"),
    [
        ("township", "QS", "lead2"),
        ("township", "WS", "ws-lead"),
        ("township", None, None),  # there are two
        ("county", "WS", "magistrate"),
        ("county", None, "magistrate"),
        ("department:water", "QS", "water"),
        ("department:water", "WS", "ws-water"),
        ("department:water", None, "water"),
        ("department:roads", "QS", None),
        ("station:QS", "QS", None),
    ],
)
def test_given_a_unit_then_its_head_is_that_of_the_villages_own(unit: str, village: str | None, head: str) -> None:
    assert COUNTY.head_of(unit, village, START) == head


def test_given_no_lead_at_the_township_then_the_committees_head_answers() -> None:
    without = after(COUNTY, ask(c.EndAppointment, officer="lead2", role=Role.STATION_LEAD, place="YL"))
    assert without.head_of("township", "QS", START) == "secretary"


# -- who is above whom ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "above"),
    [
        ("handler", {"lead", "lead2", "secretary", "magistrate"}),
        ("handler2", {"lead", "lead2", "secretary", "magistrate"}),
        ("lead", {"lead2", "secretary", "magistrate"}),
        ("lead2", {"secretary", "magistrate"}),
        ("member2", {"secretary", "magistrate", "lead2", "finance"}),  # deputises for finance, whom leads outrank
        ("secretary", {"magistrate"}),
        ("finance", {"lead2", "secretary", "magistrate"}),
        ("plumber", {"water", "magistrate"}),
        ("water", {"magistrate"}),
        ("ws-water", {"ws-lead", "magistrate"}),
        ("magistrate", set()),
        ("auditor", set()),
        ("admin2", set()),
        ("nobody", set()),
    ],
)
def test_given_somebody_then_everybody_above_them_is_known(user: str, above: set[str]) -> None:
    assert COUNTY.superiors_of(user, START) == above


def test_given_two_posts_then_those_above_in_either_are_above() -> None:
    two = after(COUNTY, ask(c.AppointOfficer, officer="ws-water", place="QS"))
    assert {"lead", "ws-lead"} <= two.superiors_of("ws-water", START)


# -- deputies ---------------------------------------------------------------------------------------------------------


def test_given_a_deputy_then_they_act_in_that_post_until_its_end_and_for_whom_is_told() -> None:
    acting = after(COUNTY, ask(c.NameDeputy, since=START + DAY, until=START + 2 * DAY))
    assert [posts("handler2", acting, days) for days in (0.9, 1, 2)] == [
        ["case_handler@YL1"], ["case_handler@YL1", "station_lead@YL1"], ["case_handler@YL1"],
    ]  # fmt: skip
    assert acting.posts_of("handler2", START + DAY)[1].on_behalf_of == "lead"
    assert "handler2" in acting.superiors_of("handler", START + DAY)
    assert "lead" in acting.superiors_of("handler2", START + DAY)


def test_given_an_officer_whose_post_ends_then_the_deputy_acts_no_longer() -> None:
    acting = after(COUNTY, ask(c.NameDeputy))
    gone = after(acting, ask(c.EndAppointment, officer="lead", role=Role.STATION_LEAD, place="YL1"))
    assert posts("handler2", gone) == ["case_handler@YL1"]
    assert "handler2" not in gone.superiors_of("handler", START)


def test_given_a_deputy_then_whoever_is_in_charge_still_answers() -> None:
    village = after(COUNTY, ask(c.NameDeputy)).village("QS", START)
    assert village is not None
    assert village.lead == "lead"


def test_given_no_such_post_or_not_in_all_that_time_then_nobody_deputises() -> None:
    refuses(refused.NotAppointed, ask(c.NameDeputy, officer="wang.min"))
    refuses(refused.NotAppointed, ask(c.NameDeputy, since=START - DAY))
    term = after(COUNTY, ask(c.AppointOfficer, until=START + DAY))
    fields = {"officer": "wang.min", "role": Role.CASE_HANDLER, "place": "QS"}
    refuses(refused.NotAppointed, ask(c.NameDeputy, **fields, until=START + 2 * DAY), term)
    assert decide(term, ask(c.NameDeputy, **fields, until=START + DAY), context())


def test_given_oneself_then_nobody_deputises() -> None:
    refuses(refused.OwnDeputy, ask(c.NameDeputy, deputy="lead"))


def test_given_a_deputy_in_that_time_then_there_is_no_second_one_until_the_first_is_withdrawn() -> None:
    acting = after(COUNTY, ask(c.NameDeputy))
    refuses(refused.AlreadyDeputy, ask(c.NameDeputy, deputy="handler"), acting)
    withdrawn = after(
        acting, ask(c.WithdrawDeputy, officer="lead", role=Role.STATION_LEAD, place="YL1", deputy="handler2")
    )
    assert posts("handler2", withdrawn) == ["case_handler@YL1"]
    assert decide(withdrawn, ask(c.NameDeputy, deputy="handler"), context())


def test_given_nobody_deputising_then_nobody_can_be_withdrawn() -> None:
    refuses(refused.NotDeputy, ask(c.WithdrawDeputy, deputy="handler"))


# -- links ------------------------------------------------------------------------------------------------------------


def test_given_links_then_the_villages_are_known_until_the_link_ends() -> None:
    linked = after(COUNTY, ask(c.LinkOfficer, officer="handler", village="LX"))
    assert linked.linked_villages("handler", START) == {"QS", "LX"}
    later = START + DAY
    unlinked = after(linked, ask(c.UnlinkOfficer, village="LX", household=None, at=later), now=later)
    assert unlinked.linked_villages("handler", START) == {"QS", "LX"}
    assert unlinked.linked_villages("handler", later) == {"QS"}
    assert decide(unlinked, ask(c.LinkOfficer, officer="handler", village="LX", at=later), context(later))


def test_given_a_link_then_a_household_and_its_village_are_two() -> None:
    assert decide(COUNTY, ask(c.LinkOfficer, officer="handler", village="QS"), context())
    refuses(refused.AlreadyLinked, ask(c.LinkOfficer, officer="handler", village="QS", household="QS-012"))
    refuses(refused.NotLinked, ask(c.UnlinkOfficer, household="QS-013"))


def test_given_what_is_no_open_village_then_nobody_is_linked_to_it() -> None:
    refuses(refused.UnknownPlace, ask(c.LinkOfficer, village="YL"))
    refuses(refused.UnknownPlace, ask(c.LinkOfficer, village="NO"))

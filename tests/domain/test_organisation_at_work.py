"""The organisation through the one door for writes, and what issues get from it: owners, closed villages, townships."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import pytest

from domain.casework import Casework
from domain.context import Context, Village
from domain.errors import CommandReused, NobodyInCharge, OtherTownship, StaleVersion, UnknownVillage
from domain.issue import rules
from domain.issue.commands import LogIssue
from domain.issue.decide import decide
from domain.issue.events import IssueLogged
from domain.issue.words import Tier
from domain.organisation import commands as c
from domain.organisation.commands import ORGANISATION_ID
from domain.organisation.errors import CodeTaken, SomebodyInCharge
from domain.organisation.evolve import BrokenHistory, fold
from domain.organisation.state import Organisation
from domain.organisation.together import reorganise
from domain.organisation.words import PlaceKind
from domain.values import Role
from tests.support.casework import casework, clock, command, office
from tests.support.office import START
from tests.support.organisation import after, ask, county, county_commands

__all__ = ["casework", "clock"]
COUNTY = county()


@dataclass(frozen=True)
class AsOf:
    """`domain.context.Directory` over one state of the organisation."""

    organisation: Organisation
    now: datetime = START

    def village(self, code: str) -> Village | None:
        return self.organisation.village(code, self.now)

    def head_of(self, unit: str, village: str) -> str | None:
        return self.organisation.head_of(unit, village, self.now)

    def township_of(self, place: str) -> str | None:
        found = self.organisation.within(place, PlaceKind.TOWNSHIP)
        return found.name if found else None

    def superiors_of(self, user: str) -> frozenset[str]:
        return self.organisation.superiors_of(user, self.now)


def by(organisation: Organisation) -> Context:
    asked = office()
    return Context(START, asked.plan, asked.holidays, AsOf(organisation))


def owner(organisation: Organisation, village: str) -> tuple[str, str]:
    (logged,) = decide(None, command(LogIssue, village=village, household=None), by(organisation))
    assert isinstance(logged, IssueLogged)
    return logged.responsible.unit, logged.responsible.person


# -- issues -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("village", "person"), [("QS", "handler"), ("LX", "handler2"), ("BC", "lead2")])
def test_given_a_village_when_logged_then_the_nearest_in_charge_answers_for_it(village: str, person: str) -> None:
    assert owner(COUNTY, village) == (f"station:{village}", person)


def test_given_several_townships_then_each_village_is_escalated_to_its_own() -> None:
    context = by(COUNTY)
    assert rules.responsible_at(context, "QS", Tier.TOWNSHIP, concerns=None).person == "lead2"
    assert rules.responsible_at(context, "WS", Tier.TOWNSHIP, concerns=None).person == "ws-lead"
    assert rules.responsible_at(context, "WS", Tier.COUNTY, concerns=None).person == "magistrate"
    assert rules.responsible_at(context, "WS", Tier.TOWNSHIP, "water", concerns=None).person == "ws-water"
    assert rules.responsible_at(context, "QS", Tier.TOWNSHIP, "roads", concerns=None).person == "lead"


def test_given_a_complaint_then_the_next_one_up_in_its_own_township_answers() -> None:
    of_lead = rules.responsible_at(by(COUNTY), "QS", Tier.VILLAGE, concerns="lead")
    assert (of_lead.unit, of_lead.person) == ("township", "lead2")
    of_head = rules.responsible_at(by(COUNTY), "WS", Tier.TOWNSHIP, concerns="ws-lead")
    assert (of_head.unit, of_head.person) == ("county", "magistrate")


def test_given_only_a_committee_then_its_head_answers_for_a_village() -> None:
    ends = [
        ask(c.EndAppointment, officer=officer, role=Role.STATION_LEAD, place=place)
        for officer, place in (("lead", "YL1"), ("lead2", "YL"))
    ]
    assert owner(after(COUNTY, *ends), "BC") == ("station:BC", "secretary")


def test_given_nobody_in_charge_anywhere_then_nothing_is_logged() -> None:
    places = after(Organisation(), *(it for it in county_commands() if isinstance(it, c.RegisterPlace)))
    with pytest.raises(NobodyInCharge):
        owner(places, "QS")


def test_given_a_closed_village_then_nothing_new_is_logged_and_its_issues_go_on() -> None:
    closed = after(COUNTY, ask(c.EndAppointment), ask(c.ClosePlace, place="QS"))
    with pytest.raises(UnknownVillage):
        owner(closed, "QS")
    assert rules.responsible_at(by(closed), "QS", Tier.TOWNSHIP, concerns=None).person == "lead2"


def test_given_a_renamed_township_then_meetings_and_funds_under_its_old_name_are_still_its_own() -> None:
    context = by(after(COUNTY, ask(c.RenamePlace, place="YL", name="云岭街道")))
    rules.same_township(context, "QS", "云岭镇")
    rules.same_township(context, "QS", "云岭街道")
    with pytest.raises(OtherTownship):
        rules.same_township(context, "QS", "外山镇")


# -- the door ---------------------------------------------------------------------------------------------------------


def test_given_a_command_when_sent_twice_then_it_counts_once(casework: Casework) -> None:
    asked = ask(c.RegisterPlace, kind=PlaceKind.TOWNSHIP, parent=None)
    first, second = casework.handle(asked), casework.handle(asked)
    assert (first.stream_id, first.version, first.repeated) == (ORGANISATION_ID, 1, False)
    assert replace(first, repeated=True) == second
    assert casework.organisation().version == 1
    with pytest.raises(CommandReused):
        casework.handle(asked.model_copy(update={"name": "别的镇"}))
    with pytest.raises(CodeTaken):
        casework.handle(asked.model_copy(update={"command_id": uuid4()}))


def test_given_a_version_that_was_read_then_a_later_change_is_not_overlooked(casework: Casework) -> None:
    casework.handle(ask(c.RegisterPlace, kind=PlaceKind.TOWNSHIP, parent=None))
    rename = ask(c.RenamePlace, place="XH")
    assert casework.handle(rename, expected_version=1).version == 2
    with pytest.raises(StaleVersion):
        casework.handle(ask(c.RenamePlace, place="XH", name="又一名"), expected_version=1)


def test_given_many_changes_then_they_are_one_transaction_and_those_made_before_are_passed_over(
    casework: Casework,
) -> None:
    commands = county_commands()
    assert reorganise(casework, commands[:5]) == 5
    assert reorganise(casework, commands) == len(commands) - 5
    assert reorganise(casework, commands) == 0
    assert casework.organisation() == COUNTY


def test_given_one_change_that_is_refused_then_none_is_made(casework: Casework) -> None:
    bad = ask(c.AppointOfficer, in_charge=True, key="a second handler in charge")
    with pytest.raises(SomebodyInCharge):
        reorganise(casework, [*county_commands(), bad])
    assert casework.organisation().version == 0


def test_given_an_id_that_was_used_for_something_else_then_nothing_is_changed(casework: Casework) -> None:
    first = ask(c.RegisterPlace, kind=PlaceKind.TOWNSHIP, parent=None)
    reorganise(casework, [first])
    with pytest.raises(CommandReused):
        reorganise(casework, [first.model_copy(update={"name": "别的镇"}), *county_commands()])
    assert casework.organisation().version == 1


# -- histories --------------------------------------------------------------------------------------------------------


def test_given_events_that_do_not_follow_then_the_history_is_broken(casework: Casework) -> None:
    reorganise(casework, county_commands())
    history = list(casework.history(ORGANISATION_ID))
    assert fold(history) == COUNTY
    assert fold(history[5:], fold(history[:5])) == COUNTY
    with pytest.raises(BrokenHistory):
        fold([history[0], history[2]])
    (logged,) = decide(None, command(LogIssue), by(COUNTY))
    with pytest.raises(BrokenHistory):
        fold([logged])

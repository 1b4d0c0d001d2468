"""What holds for every command to a spot check: who may, when, and once (D6, CX11)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from domain import errors as general
from domain.organisation.commands import AppointOfficer
from domain.spot_check import commands as c
from domain.spot_check import errors as refused
from domain.spot_check.commands import SPOT_CHECK_COMMANDS, SpotCheckCommand
from domain.spot_check.decide import BEGINNINGS, DECISIONS
from domain.spot_check.state import fold
from domain.values import Actor, Role
from tests.support.memory_log import MemoryLog, refusal
from tests.support.organisation import ask as ask_organisation
from tests.support.spot_checks import (
    AUDITOR,
    DRAW,
    ISSUES,
    LATER,
    MEMBER,
    TOWNSHIP_LEAD,
    a_draw,
    a_township,
    ask,
    check_of,
    found,
    handed_in,
    ordered,
    rechecked,
    reported,
    station,
)

pytestmark = pytest.mark.proves("D6", "CX11")


BEFORE: Mapping[type[SpotCheckCommand], Callable[[], MemoryLog]] = {
    c.AnnounceSpotCheck: a_township,
    c.RecordInspection: a_township,
    c.HandInLedgers: a_draw,
    c.RemindHandIn: a_draw,
    c.RecordMissedHandIn: a_draw,
    c.RecordFinding: a_draw,
    c.OrderRectification: lambda: found(a_draw()),
    c.ReportRectification: lambda: ordered(found(a_draw())),
    c.RecordMissedRectification: lambda: ordered(found(a_draw())),
    c.RecheckRectification: lambda: reported(ordered(found(a_draw()))),
    c.CloseSpotCheck: lambda: rechecked(reported(ordered(found(handed_in(a_draw()))))),
}


def before(kind: type[SpotCheckCommand]) -> MemoryLog:
    """A log in which the command of this kind is accepted."""
    if kind is c.DrawSpotCheck:
        log = a_township()
        log.do(ask(c.AnnounceSpotCheck))
        return log
    return BEFORE[kind]()


def accepted(kind: type[SpotCheckCommand], log: MemoryLog, **fields: Any) -> SpotCheckCommand:
    """The command that this log accepts."""
    if kind is c.HandInLedgers:
        fields["items"] = check_of(log).missing
    if kind is c.RecordFinding:
        fields = {**station(log), **fields}
    if kind is c.ReportRectification:
        fields.setdefault("by", TOWNSHIP_LEAD)
    return ask(
        kind,
        at=LATER if kind in (c.RemindHandIn, c.RecordMissedHandIn, c.RecordMissedRectification) else DRAW,
        **fields,
    )


def test_every_command_has_its_decision() -> None:
    assert {*BEGINNINGS, *DECISIONS} == set(SPOT_CHECK_COMMANDS)


@pytest.mark.parametrize("kind", SPOT_CHECK_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_what_it_needs_when_asked_then_it_happens_once(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    command = accepted(kind, log)
    (event,) = log.do(command)
    assert (event.originator_id, event.command_id) == (command.stream_id, command.command_id)
    again = fold(log.history(command.stream_id))
    assert again is not None
    assert again.version == event.originator_version
    if kind is not c.RecordFinding:  # several may be found
        refusal(log, command)


@pytest.mark.parametrize("kind", SPOT_CHECK_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_any_other_role_then_it_is_refused(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    for role in set(Role) - kind.ROLES:
        stranger = Actor(user="somebody", role=role)
        assert refusal(log, accepted(kind, log, by=stranger)) is general.RoleNotAllowed


@pytest.mark.parametrize("kind", [*DECISIONS], ids=lambda kind: kind.__name__)
def test_given_another_township_or_no_such_check_then_it_is_not_found(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    assert refusal(log, accepted(kind, log, township="WS0")) is general.NotFound
    assert refusal(log, accepted(kind, log, check_id=ISSUES[0].originator_id)) is general.NotFound


@pytest.mark.parametrize("kind", [*DECISIONS], ids=lambda kind: kind.__name__)
def test_given_a_closed_check_then_nothing_more_happens_to_it(kind: type[SpotCheckCommand]) -> None:
    log = handed_in(a_draw())
    log.do(ask(c.CloseSpotCheck))
    assert refusal(log, accepted(kind, log)) is refused.CheckClosed


@pytest.mark.parametrize("kind", [*DECISIONS], ids=lambda kind: kind.__name__)
def test_given_nothing_drawn_yet_then_there_is_nothing_to_check(kind: type[SpotCheckCommand]) -> None:
    log = a_township()
    log.do(ask(c.AnnounceSpotCheck))
    fields = {"station": "YL1"} if kind is c.RecordFinding else {}
    assert refusal(log, ask(kind, **fields)) is refused.NotDrawnYet


CHECKERS = (c.RecordFinding, c.OrderRectification, c.RecheckRectification, c.CloseSpotCheck)


@pytest.mark.parametrize("kind", CHECKERS, ids=lambda kind: kind.__name__)
def test_given_somebody_who_serves_at_the_station_then_they_do_not_check_it(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    (checked,) = check_of(log).stations
    log.do(ask_organisation(AppointOfficer, officer="member2", role=Role.CASE_HANDLER, place=checked))
    assert refusal(log, accepted(kind, log, by=MEMBER)) is refused.ChecksOneself
    standing_in = Actor(user="secretary", role=Role.COMMITTEE_MEMBER, on_behalf_of="member2")
    assert refusal(log, accepted(kind, log, by=standing_in)) is refused.ChecksOneself
    assert log.do(accepted(kind, log, by=AUDITOR))

"""What duties are counted against, by the read models: registered households, and who leads which open case."""

from datetime import date, datetime, time, timedelta

import pytest
from eventsourcing.persistence import OperationalError

from domain.duty.registers import CaseLed
from domain.issue import commands as c
from domain.spot_check.commands import RecordInspection
from domain.spot_check.words import CheckKind
from domain.values import LOCAL_ZONE
from projections.people import people
from services.persistence.duty_registers import DutyRegisters
from tests.projections.ledger import Log, log
from tests.support.casework import case
from tests.support.duties import YEAR
from tests.support.duty_month import a_month
from tests.support.spot_checks import a_township
from tests.support.spot_checks import ask as inspection

__all__ = ["log"]


@pytest.mark.proves("PC3", "LL2")
def test_given_ledgers_then_households_and_cases_led_are_those_of_the_villages(log: Log) -> None:
    for events in a_month().streams.values():
        for event in events:
            log.write(event)
    log.append(case("handling", key="led").do(c.AssignLeader), case("handling", key="not led"))
    log.fill()
    registers = DutyRegisters(log.database.app_dsn)
    assert registers.households("QS") == {"QS-012"}
    assert registers.households("LX") == frozenset()
    (led,) = registers.cases_led(["QS"])
    assert isinstance(led, CaseLed)
    assert led.leader == "committee"
    assert registers.cases_led(["LX"]) == ()


@pytest.mark.proves("CX11")
def test_given_full_inspections_then_those_of_the_period_recorded_in_time_are_counted(log: Log) -> None:
    town = a_township()
    for day in (date(2026, 3, 5), date(2026, 12, 31), date(2027, 1, 1)):
        town.do(inspection(RecordInspection, at=datetime.combine(day, time(10), LOCAL_ZONE)))
    town.do(inspection(RecordInspection, kind=CheckKind.UNANNOUNCED))
    for events in town.streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    registers, now = DutyRegisters(log.database.app_dsn), datetime.now(LOCAL_ZONE)
    assert registers.full_inspections("YL", YEAR, now + timedelta(hours=1)) == 2
    assert registers.full_inspections("YL", YEAR, now - timedelta(days=1)) == 0  # recorded after that
    assert registers.full_inspections("WS0", YEAR, now + timedelta(hours=1)) == 0


@pytest.mark.proves("F2", "SG1")
def test_given_cases_and_visits_of_households_then_the_peoples_ledger_tells_both_in_order(log: Log) -> None:
    for events in a_month().streams.values():
        for event in events:
            log.write(event)
    log.append(case("handling", key="led").do(c.AssignLeader))
    log.fill()
    lines = people(log.connection, {"village": "QS", "at": None, "key": None, "limit": None})
    told = {(it.household, it.leader, it.stage) for it in lines}
    assert told == {("QS-012", "committee", "handling"), ("QS-012", None, None)}
    assert sorted(it.at for it in lines) == [it.at for it in lines]


def test_given_a_database_that_is_away_then_it_is_said_and_nothing_is_counted() -> None:
    with pytest.raises(OperationalError):
        DutyRegisters("postgresql://nobody@127.0.0.1:1/nothing").households("QS")

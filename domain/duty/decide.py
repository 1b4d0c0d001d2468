"""What each command to a period's duties does: the table at the foot. Pure.

Called by casework, which loads diaries, registers and organisation. The process opens, reminds and closes.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain.commands import stamp
from domain.context import Context, Log
from domain.duty import commands as c
from domain.duty import events as e
from domain.duty import rules
from domain.duty.counting import tallies
from domain.duty.facts import Facts, Loaded, counted_at, facts_by, load
from domain.duty.policy import Duties, Measure
from domain.duty.presence import attendances, presence
from domain.duty.registers import NO_REGISTERS
from domain.duty.state import DutyPeriod
from domain.events import DomainEvent
from domain.issue import rules as common
from domain.values import Role
from domain.visit.words import local_day

_INSPECTORS: Final = frozenset({Role.COMMITTEE_MEMBER, Role.AUDITOR})
"""Who may record a full inspection (RecordInspection), and so owes those that the plan asks for."""
Decision = Callable[[DutyPeriod, Any, Context, Duties], DomainEvent]


def decide(state: DutyPeriod | None, command: c.DutyCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    common.role_may(command)
    common.happened_by(context.now, command.occurred_at)
    duties = rules.asked_for(context, command)
    return (DECISIONS[type(command)](state or DutyPeriod(command.stream_id), command, context, duties),)


def needs(command: c.DutyCommand, log: Log) -> dict[str, Any]:
    """Whatever may count."""
    return {"duty": load(command, log)}


def _next(period: DutyPeriod, command: c.DutyCommand) -> dict[str, Any]:
    envelope = stamp(command.stream_id, period.version + 1, command)
    return {**envelope, "place": command.place, "period": command.period.name}


def set_rota(period: DutyPeriod, command: c.SetRota, context: Context, duties: Duties) -> DomainEvent:
    """Who is there on which day; the last one set before the period is closed holds."""
    rules.not_closed(period)
    organisation = _loaded(context).organisation
    rules.turns_fit(organisation, command)
    rules.every_day_taken(context, duties, command)
    rules.weekly_ranks_take_turns(context, duties, organisation, command)
    turns = sorted(command.turns, key=lambda turn: (turn.day, turn.officer))
    return e.RotaSet(
        **_next(period, command),
        turns=tuple(e.Turn(day=turn.day, officer=turn.officer) for turn in turns),
        plan=context.plan.id,
    )


def open_period(period: DutyPeriod, command: c.OpenDutyPeriod, context: Context, duties: Duties) -> DomainEvent:
    """From its first day; when it will be reminded of and closed is fixed by the plan of that day."""
    rules.not_begun(period)
    rules.not_before_us(context, command)
    common.is_due(command.period.starts_at, context.now)
    return e.DutyPeriodOpened(
        **_next(period, command),
        first=command.period.first,
        last=command.period.last,
        remind_at=command.period.ends_at - timedelta(days=_reminded_before(command, context, duties)),
        closes_at=command.period.ends_at + timedelta(days=duties.grace_days),
        plan=context.plan.id,
    )


def _reminded_before(command: c.DutyCommand, context: Context, duties: Duties) -> int:
    at = counted_at(_loaded(context).organisation, command.place)
    return duties.reminded_before(at, command.cycle) if at else duties.remind_before_days


def remind(period: DutyPeriod, command: c.RemindDuties, context: Context, duties: Duties) -> DomainEvent:
    """What is missing so far, by what was entered until the day of the reminder."""
    moment = rules.remind_once(period, context.now)
    loaded = _loaded(context)
    facts = facts_by(loaded, command, context.registers or NO_REGISTERS, moment)
    counted, _ = _counted(period, facts, context, duties, local_day(moment) - timedelta(days=1))
    missing = tuple(tally for tally in counted if tally.shortfall)
    told = _told(missing, loaded, command.place, moment)
    return e.DutiesReminded(**_next(period, command), villages=loaded.villages, missing=missing, told=told)


def _told(missing: Iterable[e.Tally], loaded: Loaded, place: str, moment: datetime) -> tuple[str, ...]:
    """Whose duty it is; of what a place owes together, those in charge of its villages, or who may inspect there."""
    officers: set[str | None] = set()
    for tally in missing:
        if tally.officer is not None:
            officers.add(tally.officer)
        elif tally.measure is Measure.INSPECTIONS:
            officers |= loaded.organisation.serving(_INSPECTORS, place, moment)
        else:
            villages = (loaded.organisation.village(code, moment) for code in loaded.villages)
            officers |= {who for village in villages if village for who in (village.handler, village.lead)}
    return tuple(sorted(officer for officer in officers if officer))


def close(period: DutyPeriod, command: c.CloseDutyPeriod, context: Context, duties: Duties) -> DomainEvent:
    """By what was entered until the grace was over, however late this is decided."""
    closes_at = rules.open_until(period)
    common.is_due(closes_at, context.now)
    loaded = _loaded(context)
    facts = facts_by(loaded, command, context.registers or NO_REGISTERS, closes_at)
    counted, days = _counted(period, facts, context, duties, command.period.last)
    return e.DutyPeriodClosed(
        **_next(period, command),
        villages=loaded.villages,
        first=command.period.first,
        last=command.period.last,
        counted_to=closes_at,
        plan=context.plan.id,
        tallies=counted,
        days=days,
        told=_told((tally for tally in counted if tally.shortfall), loaded, command.place, closes_at),
    )


def _counted(
    period: DutyPeriod, facts: Facts, context: Context, duties: Duties, up_to: date
) -> tuple[tuple[e.Tally, ...], tuple[e.Attendance, ...]]:
    loaded = _loaded(context)
    days = attendances(duties, facts, period.turns, context.holidays, up_to)
    rota = (turn.officer for turn in period.turns)
    return (*tallies(duties, facts, rota, loaded.closed_before), *presence(duties, days)), days


def _loaded(context: Context) -> Loaded:
    if context.duty is None:
        raise TypeError("duties are decided on what casework has loaded")
    return context.duty


DECISIONS: Final[Mapping[type[c.DutyCommand], Decision]] = {
    c.SetRota: set_rota,
    c.OpenDutyPeriod: open_period,
    c.RemindDuties: remind,
    c.CloseDutyPeriod: close,
}

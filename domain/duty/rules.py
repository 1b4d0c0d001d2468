"""The guards of the counting of duties: each is one sentence, written once. They refuse by raising."""

from datetime import date, datetime

from domain.context import Context
from domain.duty import errors as refused
from domain.duty.commands import DutyCommand, SetRota
from domain.duty.facts import counted_at
from domain.duty.policy import Duties
from domain.duty.state import DutyPeriod
from domain.issue.rules import is_due
from domain.organisation.state import Organisation
from domain.organisation.words import Rank
from domain.periods import Cycle, Period


def asked_for(context: Context, command: DutyCommand) -> Duties:
    """The plan in force asks for duties of that period at that place, and somebody served in this office by then."""
    duties, organisation = context.plan.counted, context.duty.organisation if context.duty else None
    at = counted_at(organisation, command.place) if organisation else None
    if duties is None or organisation is None or at is None or command.cycle not in duties.cycles_at(at):
        raise refused.DutyNotAsked
    if not any(
        it.period.since < command.period.ends_at for posts in organisation.appointments.values() for it in posts
    ):
        raise refused.DutyNotAsked
    return duties


def not_before_us(context: Context, command: DutyCommand) -> None:
    """Nothing is owed for a period that began before the plan was in force here."""
    if context.is_before_us(command.period.starts_at):
        raise refused.DutyNotAsked


def not_begun(period: DutyPeriod) -> None:
    """A period begins once."""
    if period.closes_at is not None:
        raise refused.PeriodNotOpen


def not_closed(period: DutyPeriod) -> None:
    """What is closed stays as it was."""
    if period.closed:
        raise refused.PeriodNotOpen


def open_until(period: DutyPeriod) -> datetime:
    """The period was begun and is not closed: when it will be."""
    if period.closes_at is None or period.closed:
        raise refused.PeriodNotOpen
    return period.closes_at


def remind_once(period: DutyPeriod, now: datetime) -> datetime:
    """What is missing is told once, not before its day."""
    if period.remind_at is None or period.reminded or period.closed:
        raise refused.PeriodNotOpen
    is_due(period.remind_at, now)
    return period.remind_at


def turns_fit(organisation: Organisation, command: SetRota) -> None:
    """Turns lie within the period, once a day each, of officers who serve at the place or in it."""
    days = command.by_day()
    if sum(map(len, days.values())) != len(command.turns) or not all(day in command.period for day in days):
        raise refused.OffRota
    if not all(_serves(organisation, turn.officer, command) for turn in command.turns):
        raise refused.OffRota


def _serves(organisation: Organisation, officer: str, command: SetRota) -> bool:
    posts = organisation.posts_of(officer, command.period.starts_at) or organisation.posts_of(
        officer, command.occurred_at
    )
    linked = organisation.linked_villages(officer, command.occurred_at) & organisation.villages_under(command.place)
    return bool(linked) or any(it.code == command.place for post in posts for it in organisation.upwards(post.place))


def every_day_taken(context: Context, duties: Duties, command: SetRota) -> None:
    """Where the plan says so somebody is there on each working day (PC2)."""
    taken = command.by_day()
    if duties.rota is None:
        raise refused.DutyNotAsked
    working = (day for day in command.period.days() if context.holidays.is_working_day(day))
    if duties.rota.every_working_day and not all(day in taken for day in working):
        raise refused.RotaIncomplete


def weekly_ranks_take_turns(context: Context, duties: Duties, organisation: Organisation, command: SetRota) -> None:
    """Who receives weekly does so in every week that has three working days of the period or more (PC2)."""
    if duties.rota is None or not duties.rota.weekly:
        return
    bound = _officers_of(organisation, duties.rota.weekly, command)
    for week in _weeks(context, command.period):
        takes = {officer for day in week for officer in command.by_day().get(day, ())}
        if not bound <= takes:
            raise refused.RotaIncomplete


def _officers_of(organisation: Organisation, ranks: tuple[Rank, ...], command: SetRota) -> frozenset[str]:
    """Who holds such a rank at the place itself as the period begins."""
    begins = max(command.period.starts_at, command.occurred_at)
    posts = organisation.appointments.get(command.place, ())
    return frozenset(it.officer for it in posts if it.rank in ranks and it.period.holds(begins))


def _weeks(context: Context, period: Period) -> list[list[date]]:
    weeks: dict[date, list[date]] = {}
    for day in period.days():
        if context.holidays.is_working_day(day):
            weeks.setdefault(Period.containing(day, Cycle.WEEK).first, []).append(day)
    return [days for days in weeks.values() if len(days) >= _WORKING_DAYS_OF_A_WEEK]


_WORKING_DAYS_OF_A_WEEK = 3

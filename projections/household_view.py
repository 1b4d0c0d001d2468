"""What may the household see of its issue with the receipt alone? Where it stands, what was promised, what came of it.

Made from the issue's own events when it is asked for; pure. Words of the case itself need more than the code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.adoption.book import PlanBook
from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.explaining import day_by_day
from domain.issue import events as e
from domain.issue.decisions.answer import may_ask_for_recheck, may_ask_for_review
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.issue.words import Stage
from domain.plan import Plan
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE
from domain.workdays import HolidayTable, Unit
from projections.household_words import PROMISES, STEPS
from projections.labels import Label, label
from projections.progress import clock_started, moves_the_clock

TablesOf = Callable[[int | None], HolidayTable]
"""The holiday table of this version, None: of before any was adopted."""


class Kept(StrEnum):
    """What became of a promise."""

    RUNNING = "running"
    OVERDUE = "overdue"
    IN_TIME = "in_time"
    LATE = "late"
    EXTENDED = "extended"


KEPT: Final[dict[Kept, Label]] = {
    Kept.RUNNING: Label("期限内", "time is left"),
    Kept.OVERDUE: Label("已超期", "overdue"),
    Kept.IN_TIME: Label("按时", "kept"),
    Kept.LATE: Label("超期", "late"),
    Kept.EXTENDED: Label("已延期", "extended"),
}


class Act(StrEnum):
    """What the household may do now."""

    RATE = "rate"
    ASK_FOR_REVIEW = "ask-for-review"
    ASK_FOR_RECHECK = "ask-for-recheck"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened."""

    at: datetime
    said: Label


@dataclass(frozen=True, slots=True)
class Promise:
    """One time limit, with its plain reason."""

    what: Label
    due_at: datetime
    why: Label
    kept: Kept
    count: tuple[Label, ...] = ()
    """How the date comes about, a line a day; while the promise stands."""


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """One issue, as its household sees it."""

    number: str
    category: Label
    stage: Stage
    logged_at: datetime
    steps: tuple[Step, ...]
    promises: tuple[Promise, ...]
    answered_at: datetime | None
    review_until: datetime | None
    rating: Label | None
    may: tuple[Act, ...]


def household_view(
    events: Sequence[DomainEvent], book: PlanBook, now: datetime, tables: TablesOf | None = None
) -> HouseholdView:
    """The issue of these events at `now`; they are one issue's, from its first. Without `tables` no date is counted."""
    issue = fold(events)
    if issue is None:
        raise ValueError("an issue has at least one event")
    category = book.category(issue.plan, issue.category)
    answers = [event.occurred_at for event in events if isinstance(event, e.ReplyGiven | e.AnswerShared)]
    return HouseholdView(
        number=issue.number,
        category=Label(category.zh, category.en) if category else Label(issue.category, issue.category),
        stage=issue.stage,
        logged_at=issue.logged_at,
        steps=tuple(Step(event.occurred_at, said) for event in events if (said := STEPS[event.TOPIC])),
        promises=tuple(_promises(events, book, now, tables)),
        answered_at=answers[-1] if answers else None,
        review_until=issue.review_until,
        rating=label(issue.rating) if issue.rating else None,
        may=allowed(issue, now),
    )


def allowed(issue: Issue, now: datetime) -> tuple[Act, ...]:
    """What the stage lets the household do."""
    open_to = {
        Act.RATE: issue.stage is Stage.FEEDBACK,
        Act.ASK_FOR_REVIEW: may_ask_for_review(issue, now),
        Act.ASK_FOR_RECHECK: may_ask_for_recheck(issue, now),
    }
    return tuple(act for act, is_open in open_to.items() if is_open)


def _promises(events: Sequence[DomainEvent], book: PlanBook, now: datetime, tables: TablesOf | None) -> list[Promise]:
    told: list[Promise] = []
    running: Deadline | None = None
    for event in events:
        if not moves_the_clock(event):
            continue
        if running:
            told[-1] = replace(told[-1], kept=_ended(told[-1], event))
        running = clock_started(event)
        if running is not None:
            told.append(_promise(running, book.named(running.plan), now))
    if running is not None and tables is not None:
        told[-1] = replace(told[-1], count=_count(running, book.named(running.plan), tables))
    return told


def _ended(promise: Promise, event: DomainEvent) -> Kept:
    if isinstance(event, e.ExtensionGranted):
        return Kept.EXTENDED
    return Kept.LATE if event.occurred_at > promise.due_at else Kept.IN_TIME


def _promise(deadline: Deadline, plan: Plan, now: datetime) -> Promise:
    kept = Kept.OVERDUE if now > deadline.due_at and deadline.rule != Rule.FEEDBACK else Kept.RUNNING
    return Promise(PROMISES[deadline.rule], deadline.due_at, _why(deadline, plan), kept)


def _count(deadline: Deadline, plan: Plan, tables: TablesOf) -> tuple[Label, ...]:
    table = tables(deadline.calendar)
    lines = zip(*(day_by_day(deadline, plan, table, language) for language in ("zh", "en")), strict=True)
    return tuple(Label(zh, en) for zh, en in lines)


_UNITS: Final[dict[Unit, Label]] = {
    Unit.NATURAL: Label("天", "days"),
    Unit.WORKING: Label("个工作日", "working days"),
    Unit.HOURS: Label("小时", "hours"),
}


def _why(deadline: Deadline, plan: Plan) -> Label:
    """How long from when, and by which rule; a promised date is so many days too."""
    start = deadline.started_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")
    unit = _UNITS[deadline.unit]
    known = {rule.value: clock.article or clock.basis for rule, clock in plan.clocks.items()}
    basis = known.get(deadline.rule, plan.key)
    return Label(
        f"自 {start} 起 {deadline.amount} {unit.zh}（依据 {basis}）",
        f"{deadline.amount} {unit.en} from {start} (rule {basis})",
    )

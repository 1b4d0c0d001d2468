"""Which steps does a situation plan, and for when? Pure: the workflow waits by it, the activity checks by it.

A step that was taken, or that the issue outgrew, is not planned any more; so nothing is done twice.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from domain.issue.words import Stage
from workflows.messages import Clock, Situation, StepKind, StepRequest

_ORDER = {kind: place for place, kind in enumerate(StepKind)}


def planned(kind: StepKind, situation: Situation) -> StepRequest | None:
    """The step of this kind that the situation asks for, due now or later; None if it asks for none."""
    return _PLANS[kind](situation)


def next_step(situation: Situation, kinds: Iterable[StepKind]) -> StepRequest | None:
    """The first of these steps that the situation asks for."""
    steps = [step for kind in kinds if (step := planned(kind, situation)) is not None]
    return min(steps, key=lambda step: (step.at, _ORDER[step.kind]), default=None)


def wake_at(step: StepRequest, wake_spread_seconds: int, table_grace_seconds: int = 0) -> datetime:
    """When to wake for `step`: its moment, and up to the spread later, by the issue's id; for tabling after the grace.

    Thousands of limits end at one midnight; all of them waking in one second would stop the server. The time in the
    event stays exact.
    """
    grace = timedelta(seconds=table_grace_seconds if step.kind is StepKind.TABLE else 0)
    return step.at + grace + timedelta(milliseconds=step.issue_id.int % (wake_spread_seconds * 1000 or 1))


def _remind(situation: Situation) -> StepRequest | None:
    clock = situation.clock
    if clock is None or clock.remind_at is None or clock.reminded or clock.missed:
        return None
    return _step(StepKind.REMIND, situation, clock.remind_at, due_at=clock.due_at)


def _missed(situation: Situation) -> StepRequest | None:
    clock = _holders_clock(situation)
    if clock is None or clock.missed:
        return None
    return _step(StepKind.MISSED, situation, clock.missed_at or clock.due_at, due_at=clock.due_at)


def _holders_clock(situation: Situation) -> Clock | None:
    """The clock, unless it is the household's time to speak: silence is nobody's missed deadline."""
    return None if situation.stage is Stage.FEEDBACK else situation.clock


def _silence(situation: Situation) -> StepRequest | None:
    if situation.stage is not Stage.FEEDBACK or situation.clock is None:
        return None
    return _step(StepKind.SILENCE, situation, situation.clock.missed_at or situation.clock.due_at)


def _table(situation: Situation) -> StepRequest | None:
    if situation.stage is not Stage.COMMITTEE or situation.table_at is None:
        return None
    return _step(StepKind.TABLE, situation, situation.table_at)


def _report(situation: Situation) -> StepRequest | None:
    due_at = situation.progress_due_at
    if situation.stage is not Stage.WORKS or due_at is None:
        return None
    # One clock of the works sees many monthly reports, so the month is part of the key.
    return _step(StepKind.REPORT, situation, due_at, due_at=due_at, which=_written(due_at))


def _notice(situation: Situation) -> StepRequest | None:
    clock = situation.clock
    if clock is None or clock.next_notice_at is None:
        return None
    number = clock.notices + 1
    return _step(StepKind.NOTICE, situation, clock.next_notice_at, notice=number, which=str(number))


def _escalate(situation: Situation) -> StepRequest | None:
    clock = situation.clock
    if clock is None or clock.escalate_at is None:
        return None
    return _step(StepKind.ESCALATE, situation, clock.escalate_at, due_at=clock.due_at)


def _promise(situation: Situation) -> StepRequest | None:
    due_at = situation.promise_due_at
    if due_at is None or situation.promise_missed_at is None:
        return None
    # It outlives the clocks beside it, and may be moved: its own end tells it apart.
    return _step(StepKind.PROMISE, situation, situation.promise_missed_at, due_at=due_at, which=_written(due_at))


def _remind_notice(situation: Situation) -> StepRequest | None:
    return _of_notice(StepKind.REMIND_NOTICE, situation, situation.notice_remind_at)


def _missed_notice(situation: Situation) -> StepRequest | None:
    return _of_notice(StepKind.MISSED_NOTICE, situation, situation.notice_missed_at)


def _of_notice(kind: StepKind, situation: Situation, at: datetime | None) -> StepRequest | None:
    due_at = situation.notice_due_at
    return None if due_at is None or at is None else _step(kind, situation, at, due_at=due_at, which=_written(due_at))


def _resume(situation: Situation) -> StepRequest | None:
    at = situation.resume_at
    return None if at is None else _step(StepKind.RESUME, situation, at, due_at=at, which=_written(at))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _step(
    kind: StepKind,
    situation: Situation,
    at: datetime,
    *,
    due_at: datetime | None = None,
    notice: int | None = None,
    which: str | None = None,
) -> StepRequest:
    """The request, under a key made of facts of the log alone: the kind, the clock it belongs to, and which of many."""
    parts = [kind.value, str(situation.clock_version), which]
    key = "/".join(part for part in parts if part is not None)
    return StepRequest(issue_id=situation.issue_id, kind=kind, key=key, at=at, due_at=due_at, notice=notice)


_PLANS: dict[StepKind, Callable[[Situation], StepRequest | None]] = {
    StepKind.REMIND: _remind,
    StepKind.MISSED: _missed,
    StepKind.SILENCE: _silence,
    StepKind.TABLE: _table,
    StepKind.REPORT: _report,
    StepKind.NOTICE: _notice,
    StepKind.ESCALATE: _escalate,
    StepKind.PROMISE: _promise,
    StepKind.RESUME: _resume,
    StepKind.REMIND_NOTICE: _remind_notice,
    StepKind.MISSED_NOTICE: _missed_notice,
}

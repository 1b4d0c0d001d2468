"""What people did, by the other plan's other limits: would it have been allowed, would it have come in time?

An act stays a fact where the other plan forbids it; it is told that it does.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from domain.deadlines import Deadline
from domain.errors import Refusal
from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.decisions.ending import copies_delivered, may_be_final, rectification_planned
from domain.issue.decisions.funding import payable_now
from domain.issue.state import Issue
from domain.issue.words import Rating
from domain.plan import Plan
from domain.what_if.again import Both
from domain.what_if.words import Changed, Judged, Question, Side, differs
from domain.what_if.world import World, days_of, terms_of


@dataclass(frozen=True, slots=True)
class _Act:
    """One event, with all that came after it, and the plans of both worlds at its time."""

    steps: Sequence[Both]
    nth: int
    world: World

    @property
    def step(self) -> Both:
        """What happened."""
        return self.steps[self.nth]

    @property
    def at(self) -> datetime:
        """When."""
        return self.step.event.occurred_at

    @property
    def plans(self) -> tuple[Plan, Plan]:
        """In force by the log, and in the other world."""
        village = self.step.after.village
        return self.world.in_force(self.at, village), self.world.plan_at(self.at, village)

    def later(self, *kinds: type[DomainEvent]) -> DomainEvent | None:
        """The next event of these kinds."""
        return next((it.event for it in self.steps[self.nth + 1 :] if isinstance(it.event, kinds)), None)

    def changed(self, question: Question, recorded: Side, other: Side, rule: str | None = None) -> Changed:
        """With who answered for the case then."""
        before = self.step.before or self.step.after
        holder = before.responsible
        return Changed(question, rule or question.value, self.at, recorded, other, holder.unit, holder.person)


def acts(steps: Sequence[Both], world: World, now: datetime) -> Iterator[Changed]:
    """Whatever would have been judged otherwise, beside the limits."""
    for nth, step in enumerate(steps):
        for compare in _COMPARED.get(type(step.event), ()):
            changed = compare(_Act(steps, nth, world), step.event, now)
            if changed is not None and differs(changed):
                yield changed


def _allowed(act: _Act, question: Question, refused: bool, terms: Callable[[Plan], str]) -> Changed | None:
    """People did it, so the log's plan allowed it."""
    if not refused:
        return None
    plan, other = act.plans
    return act.changed(question, Side(Judged.YES, plan.id, terms(plan)), Side(Judged.NO, other.id, terms(other)))


def _refuses(ask: Callable[[], object]) -> bool:
    with suppress(Refusal):
        ask()
        return False
    return True


def _extension(act: _Act, event: e.ExtensionGranted, _: datetime) -> Changed | None:
    def terms(plan: Plan) -> str:
        limits = plan.extensions
        return f"{limits.max_count} × {limits.max_days}" + (f" ({limits.approver.value})" if limits.approver else "")

    return _allowed(act, Question.EXTENSION, act.step.refused, terms)


def _pause(act: _Act, event: e.ClockPaused, _: datetime) -> Changed | None:
    def terms(plan: Plan) -> str:
        of_reason = plan.clock(event.rule).pauses.get(event.reason)
        return f"{event.reason.value} {of_reason.longest_days}" if of_reason else f"{event.reason.value} -"

    return _allowed(act, Question.PAUSE, act.step.refused, terms)


def _reopening(act: _Act, event: e.AnswerRated, _: datetime) -> Changed | None:
    before = act.step.before
    if event.rating is not Rating.DISSATISFIED or before is None:
        return None
    plan, other = act.plans
    recorded = event.deadline is None
    would = recorded if plan.feedback == other.feedback else before.reopenings < other.feedback.max_reopenings

    def side(judged: bool, by: Plan) -> Side:
        return Side(Judged.YES if judged else Judged.NO, by.id, f"{by.feedback.max_reopenings}")

    return act.changed(Question.REOPENING, side(recorded, plan), side(would, other))


def _review(field: str, asked: type[DomainEvent]) -> Callable[[_Act, Any, datetime], Changed]:
    def compare(act: _Act, event: Any, _: datetime) -> Changed:
        request = act.later(asked, type(event))
        at = request.occurred_at if isinstance(request, asked) else None

        def side(until: datetime, plan: Plan) -> Side:
            judged = Judged.NOT_ASKED if at is None else Judged.YES if at <= until else Judged.NO
            return Side(judged, plan.id, days_of(plan.feedback.review_within_days), until)

        plan, other = act.plans
        until = getattr(act.step.other_event, field)
        return act.changed(Question.REVIEW, side(getattr(event, field), plan), side(until, other))

    return compare


def _tabling(act: _Act, event: Any, _: datetime) -> Changed:
    plan, other = act.plans

    def side(at: datetime, by: Plan) -> Side:
        return Side(Judged.YES, by.id, f"每月 {by.committee.cut_off_day} 日截止 cut-off day", at)

    return act.changed(Question.TABLING, side(event.table_at, plan), side(act.step.other_event.table_at, other))  # type: ignore[attr-defined]  # the same event


def _objection(act: _Act, event: e.EscalationReturned, _: datetime) -> Changed:
    def side(limit: Deadline | None, late: bool | None) -> Side:
        if limit is None:
            return Side(Judged.NOT_ASKED)
        return Side(Judged.MISSED if late else Judged.KEPT, limit.plan, terms_of(limit), limit.due_at)

    other = act.step.other_event
    judged = side(other.objection, other.late) if isinstance(other, e.EscalationReturned) else Side(Judged.NOT_ASKED)
    return act.changed(Question.OBJECTION, side(event.objection, event.late), judged)


def _progress(act: _Act, event: Any, now: datetime) -> Changed | None:
    """How many reports were missed until the next one came, or the works were over."""
    if event.progress_due_at is None:
        return None
    plan, other = act.plans
    missed = 0
    ends = now
    for step in act.steps[act.nth + 1 :]:
        if isinstance(step.event, e.ProgressReportMissed):
            missed += 1
        elif isinstance(step.event, e.ProgressReported) or step.after.progress_due_at is None:
            ends = step.event.occurred_at
            break
    every = timedelta(days=other.works.progress_every_days)
    due = (ends - act.at) // every if ends > act.at else 0
    would = missed if plan.works == other.works else int(due)

    def side(count: int, by: Plan) -> Side:
        return Side(Judged.YES if count else Judged.NO, by.id, days_of(by.works.progress_every_days), count=count)

    return act.changed(Question.PROGRESS, side(missed, plan), side(would, other))


def _completed(act: _Act, event: e.WorksCompleted, _: datetime) -> Changed | None:
    return _guarded(act, Question.RECTIFICATION, lambda issue, context: rectification_planned(issue, context))


def _closing(act: _Act, event: e.IssueClosed, _: datetime) -> Changed | None:
    """By silence or by hand; the office waits for the copies only where somebody strikes it off."""
    silent = act.nth > 0 and isinstance(act.steps[act.nth - 1].event, e.HouseholdSilent)
    if event.look_back is None or silent:
        return None
    return _guarded(act, Question.CLOSING, lambda issue, context: copies_delivered(issue, context))


def _final(act: _Act, event: e.FiledAsFinal, _: datetime) -> Changed | None:
    return _guarded(act, Question.FINAL_FILING, lambda issue, context: may_be_final(issue, event, context))


def _guarded(act: _Act, question: Question, guard: Callable[[Issue, Any], object]) -> Changed | None:
    plan, other = act.plans
    issue = act.step.other_before
    if issue is None or plan.ending == other.ending:
        return None
    context = act.world.context(act.at, other, None)
    return _allowed(act, question, _refuses(lambda: guard(issue, context)), _ending_terms)


def _ending_terms(plan: Plan) -> str:
    """Copies to be delivered first, channels whose works are planned, and whether cases are filed as final."""
    if plan.ending is None:
        return "-"
    final = ("final",) if plan.ending.final_filing else ()
    return " ".join((*plan.ending.copies_first, *plan.ending.plan_works_of, *final)) or "-"


def _payment(act: _Act, event: e.TranchePaid, _: datetime) -> Changed | None:
    before, (plan, other) = act.step.before, act.plans
    if before is None or plan.funding == other.funding or other.funding is None:
        return None
    too_early = event.amount > payable_now(before, other.funding)

    def terms(by: Plan) -> str:
        return "-" if by.funding is None else " ".join(f"{it.share}%@{it.from_percent}%" for it in by.funding.tranches)

    return _allowed(act, Question.PAYMENT, too_early, terms)


_COMPARED: Final[dict[type[DomainEvent], tuple[Callable[[_Act, Any, datetime], Changed | None], ...]]] = {
    e.ExtensionGranted: (_extension,),
    e.ClockPaused: (_pause,),
    e.AnswerRated: (_reopening,),
    e.ReplyGiven: (_review("review_until", e.ReviewRequested),),
    e.ReviewDecided: (_review("recheck_until", e.RecheckRequested),),
    e.SubmissionSigned: (_tabling,),
    e.SubmissionDeferred: (_tabling,),
    e.EscalationReturned: (_objection,),
    e.SubmissionApproved: (_progress,),
    e.TranchePaid: (_progress, _payment),
    e.ReworkOrdered: (_progress,),
    e.ProgressReported: (_progress,),
    e.WorksCompleted: (_completed,),
    e.IssueClosed: (_closing,),
    e.FiledAsFinal: (_final,),
}

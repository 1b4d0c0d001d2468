"""What a meeting decided, by the other plan's quorum and majority: would it have been enough, would it have carried?

Who came, who abstained and how each voted stays as it was. A meeting that was not held cannot be asked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.errors import NoQuorum
from domain.events import DomainEvent
from domain.meeting import events as e
from domain.meeting.agenda import committee_rules, station_rules
from domain.meeting.policy import MeetingRules
from domain.meeting.state import Meeting, evolve, fold_meeting
from domain.meeting.voting import carries, enough
from domain.meeting.words import OF_COMMITTEE, DecisionRule, FailedBecause, LateItems, MajorityOf
from domain.plan import Plan
from domain.what_if.words import Changed, Judged, Question, Side, differs
from domain.what_if.world import World

About = tuple[UUID, Changed]
"""The issue that a verdict is about, and the verdict."""


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was written down afterwards, whole: its decisions stand in the issues alone."""

    meeting: Meeting
    plan: str


def of_meeting(history: Iterable[DomainEvent], world: World) -> tuple[Held | None, list[About]]:
    """What differs of one meeting's decisions; of one written down whole, what the issues have to be held against."""
    meeting: Meeting | None = None
    found: list[About] = []
    for event in history:
        if isinstance(event, e.MeetingHeld):
            whole = fold_meeting([event])
            return (Held(whole, event.plan), []) if whole else (None, [])
        if meeting is not None:
            found += _compared(meeting, event, world)
        meeting = fold_meeting([event]) if meeting is None else evolve(meeting, event)
        if meeting is None:
            return None, []
    return None, [(about, changed) for about, changed in found if differs(changed)]


def of_held(held: Held, event: Any, world: World) -> Changed | None:
    """Whether an issue's decision in such a meeting would have had a quorum. `event`: with who abstained."""
    plan, then = world.plan_of(held.plan), held.meeting.quorum
    rules, without = _rules(held.meeting, plan, world, event.occurred_at), frozenset(event.abstained)
    counted = held.meeting.present if rules.recused_count else held.meeting.present - without
    recorded = Side(Judged.YES, held.plan, f"≥ {then}", count=len(held.meeting.present - without))
    other = Side(_yes(len(counted) >= rules.quorum), plan.id, f"≥ {rules.quorum}", count=recorded.count)
    changed = Changed(Question.QUORUM, held.meeting.kind.value, event.occurred_at, recorded, other)
    return changed if differs(changed) else None


def _compared(meeting: Meeting, event: DomainEvent, world: World) -> Iterator[About]:
    if meeting.rules is None:
        return
    plan = world.plan_of(meeting.rules.plan)
    if isinstance(event, e.ItemDecided):
        rules = _rules(meeting, plan, world, event.occurred_at)
        yield event.issue_id, _quorum(meeting, frozenset(event.recused), rules, event.occurred_at)
        if (vote := _vote(meeting, event, rules)) is not None:
            yield event.issue_id, vote
    elif isinstance(event, e.ItemDisposed) and _asks_for(meeting, plan):
        yield (
            event.issue_id,
            _seats(meeting, Judged.YES, _rules(meeting, plan, world, event.occurred_at), event.occurred_at),
        )
    elif isinstance(event, e.MeetingFailed) and event.because is FailedBecause.NO_QUORUM and _asks_for(meeting, plan):
        for issue_id in event.carried_over:
            yield (
                issue_id,
                _seats(meeting, Judged.NO, _rules(meeting, plan, world, event.occurred_at), event.occurred_at),
            )


def _asks_for(meeting: Meeting, plan: Plan) -> bool:
    """A station's meeting of a kind that the other plan does not know has no quorum there."""
    if meeting.kind in OF_COMMITTEE:
        return True
    return plan.meetings is not None and plan.meetings.of_station(meeting.kind) is not None


def _rules(meeting: Meeting, plan: Plan, world: World, at: datetime) -> MeetingRules:
    """By the other plan. Where it has no rules for meetings, the committee's quorum and nothing more."""
    context = world.context(at, plan, None)
    if plan.meetings is not None and meeting.kind in OF_COMMITTEE and plan.meetings.committee is not None:
        return committee_rules(plan.meetings.committee, context)
    if plan.meetings is not None and (policy := plan.meetings.of_station(meeting.kind)) is not None:
        return station_rules(policy, len(meeting.members), context)
    return MeetingRules(
        plan=plan.id,
        basis="",
        members=plan.committee.members,
        quorum=plan.committee.quorum,
        decision_rule=DecisionRule.CHAIR,
        majority_of=MajorityOf.PRESENT,
        recused_count=False,
        late_items=LateItems.NEXT,
    )


def _quorum(meeting: Meeting, without: frozenset[str], rules: MeetingRules, at: datetime) -> Changed:
    """For this very item, without those who may not vote on it."""
    try:
        enough(meeting, rules, without)
        judged = Judged.YES
    except NoQuorum:
        judged = Judged.NO
    voters = len(meeting.present - without)
    recorded, other = _side(Judged.YES, meeting.rules, voters), _side(judged, rules, voters)
    return Changed(Question.QUORUM, meeting.kind.value, at, recorded, other)


def _seats(meeting: Meeting, recorded: Judged, rules: MeetingRules, at: datetime) -> Changed:
    """For the whole meeting, by the seats that were taken."""
    taken = len(meeting.taken)
    would = _side(_yes(taken >= rules.quorum), rules, taken)
    return Changed(Question.QUORUM, meeting.kind.value, at, _side(recorded, meeting.rules, taken), would)


def _vote(meeting: Meeting, event: e.ItemDecided, rules: MeetingRules) -> Changed | None:
    """What the other plan leaves to the chair carries; where the log's plan did and nobody voted, nobody can tell."""
    votes, recorded = meeting.votes.get(event.issue_id), meeting.rules
    if votes is None:
        by_chair = rules.decision_rule is DecisionRule.CHAIR
        judged, count = Judged.YES if by_chair else Judged.UNTOLD, 0
    else:
        voters, count = len(meeting.present - frozenset(event.recused)), len(votes.in_favour)
        judged = _yes(rules.decision_rule is DecisionRule.CHAIR or carries(count, voters, rules))
    sides = (_voted(Judged.YES, recorded, count), _voted(judged, rules, count))
    return Changed(Question.VOTE, meeting.kind.value, event.occurred_at, *sides)


def _side(judged: Judged, rules: MeetingRules | None, count: int) -> Side:
    return Side(judged, rules.plan if rules else None, f"≥ {rules.quorum}" if rules else "", count=count)


def _voted(judged: Judged, rules: MeetingRules | None, count: int) -> Side:
    terms = f"{rules.decision_rule.value} / {rules.majority_of.value}" if rules else ""
    return Side(judged, rules.plan if rules else None, terms, count=count)


def _yes(it: bool) -> Judged:
    return Judged.YES if it else Judged.NO

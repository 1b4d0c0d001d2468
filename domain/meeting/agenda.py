"""What stands on an agenda, and in which order? By itself at the cut-off, or as the chair calls for (D1, CX3-CX6).

Pure: the candidates come in the context, and each is looked at here.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.issue.decisions.tabling import tabled_now
from domain.issue.state import Issue
from domain.issue.words import UNANSWERED_STAGES, Stage, Urgency
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting import rules
from domain.meeting.errors import NotAskedByPlan, NothingUrgent
from domain.meeting.policy import CommitteeMeetings, MeetingRules, Meetings, MonthlyMeeting, WeeklyMeeting
from domain.meeting.state import Meeting
from domain.meeting.words import DecisionRule, ItemSource, LateItems, MajorityOf, MeetingKind
from domain.values import LOCAL_ZONE

Events = tuple[DomainEvent, ...]
_URGENCY: Final = {Urgency.URGENT: 0, Urgency.ORDINARY: 1, Urgency.CAN_WAIT: 2}
_OF_STATION: Final = frozenset({Stage.LOGGED, Stage.ESCALATED, Stage.HANDLING})


def asked(context: Context) -> Meetings:
    """The plan's meetings; refuses where it asks for none."""
    if context.plan.meetings is None:
        raise NotAskedByPlan
    return context.plan.meetings


def of_committee(context: Context) -> CommitteeMeetings:
    """What the plan asks of the committee's meetings."""
    policy = asked(context).committee
    if policy is None:
        raise NotAskedByPlan
    return policy


def draw_for_committee(command: c.DrawAgenda, context: Context) -> Events:
    """Signed up to the cut-off, deferred, or left over: by urgency, then in the order of submission (L7, D1)."""
    policy = of_committee(context)
    found = sorted(_waiting(command, context), key=_order)
    drawn = _drawn(
        command,
        items=tuple(_item(issue, _source(issue)) for issue in found[: c.MOST_ITEMS]),
        more=max(0, len(found) - c.MOST_ITEMS),
        rules=committee_rules(policy, context),
        place=command.place,
        meet_by=_told_at(command, context) + timedelta(days=policy.meet_within_days),
    )
    return (drawn, _told(command, context.directory.committee_of(command.township)))


def _told_at(command: c.DrawAgenda, context: Context) -> datetime:
    """The cut-off, or as many whole days later as the process was late: nobody can meet before there is an agenda."""
    return command.cut_off + timedelta(days=(context.now - command.cut_off).days)


def _waiting(command: c.DrawAgenda, context: Context) -> Iterator[Issue]:
    for issue in context.others.values():
        in_time = issue.tabled or (issue.table_at is not None and issue.table_at <= command.cut_off)
        if issue.stage is Stage.COMMITTEE and in_time and rules.lies_in(issue, command.township, context):
            yield issue


def _order(issue: Issue) -> tuple[int, datetime, str]:
    return _URGENCY[issue.urgency], issue.submitted_at or issue.logged_at, issue.number


def _source(issue: Issue) -> ItemSource:
    if issue.tabled:
        return ItemSource.LEFT_OVER
    return ItemSource.DEFERRED if issue.deferrals else ItemSource.SUBMITTED


def committee_rules(policy: CommitteeMeetings, context: Context) -> MeetingRules:
    """The rules in force, as the agenda keeps them."""
    return MeetingRules(
        plan=context.plan.id,
        basis=policy.basis,
        members=context.plan.committee.members,
        quorum=context.plan.committee.quorum,
        decision_rule=policy.decision_rule,
        majority_of=policy.majority_of,
        recused_count=policy.recused_count,
        late_items=policy.late_items,
    )


def draw_for_station(command: c.DrawAgenda, context: Context) -> Events:
    """What is open in its villages, the oldest first; complaints about officials are not for these meetings (L6)."""
    policy = asked(context).of_station(command.kind)
    if policy is None or command.place is None:
        raise NotAskedByPlan
    villages = context.directory.villages_under(command.place)
    found = sorted(_open(command, villages, context), key=lambda issue: (issue.logged_at, issue.number))
    members = _who_works_in(villages, context)
    drawn = _drawn(
        command,
        items=tuple(_item(issue, ItemSource.OPEN) for issue in found[: c.MOST_ITEMS]),
        more=max(0, len(found) - c.MOST_ITEMS),
        rules=station_rules(policy, len(members), context),
        meet_by=_told_at(command, context) + timedelta(days=policy.grace_days + 1),
        place=command.place,
    )
    return (drawn, _told(command, members))


def _open(command: c.DrawAgenda, villages: frozenset[str], context: Context) -> Iterator[Issue]:
    stages = UNANSWERED_STAGES if command.kind is MeetingKind.MONTHLY else _OF_STATION
    for issue in context.others.values():
        ours = issue.village in villages and rules.lies_in(issue, command.township, context)
        if ours and issue.stage in stages and issue.concerns is None:
            yield issue


def station_rules(policy: WeeklyMeeting | MonthlyMeeting, members: int, context: Context) -> MeetingRules:
    """The rules in force of a station's or a township's meeting, as the agenda keeps them."""
    return MeetingRules(
        plan=context.plan.id,
        basis=policy.basis,
        members=members,
        quorum=policy.quorum,
        decision_rule=DecisionRule.CHAIR,
        majority_of=MajorityOf.PRESENT,
        recused_count=False,
        late_items=LateItems.NEXT,
    )


def _who_works_in(villages: Iterable[str], context: Context) -> tuple[str, ...]:
    known = (context.directory.village(code) for code in villages)
    return tuple(sorted({who for it in known if it for who in (it.handler, it.lead) if who}))


def convene(command: c.ConveneMeeting, context: Context) -> Events:
    """临时会议: the items named, tabled now if they were not; called by whoever leads the committee."""
    policy = of_committee(context)
    rules.leads_the_committee(command.actor, command.township, context)
    ids = dict.fromkeys(command.items)
    named = [rules.awaits_committee(context.others.get(it), command.township, context) for it in ids]
    for issue in named:
        rules.knows_of(issue, command.actor, context)
    drawn = e.AgendaDrawn(
        **stamp(command.stream_id, 1, command),
        township=command.township,
        kind=MeetingKind.SPECIAL,
        period=command.occurred_at.astimezone(LOCAL_ZONE).date().isoformat(),
        cut_off=command.occurred_at,
        meet_by=command.occurred_at + timedelta(days=policy.meet_within_days),
        items=tuple(_item(issue, _source(issue)) for issue in named),
        rules=committee_rules(policy, context),
        reason=command.reason,
    )
    told = _told(command, context.directory.committee_of(command.township))
    return (drawn, told, *(tabled_now(issue, command, context) for issue in named if not issue.tabled))


def add(meeting: Meeting, command: c.AddItem, context: Context) -> Events:
    """增列: only by the rule that the agenda was drawn under; late items otherwise go to the next one."""
    rules.not_begun(meeting)
    rules.leads_the_committee(command.actor, command.township, context)
    issue = rules.awaits_committee(context.others.get(command.item), command.township, context)
    rules.knows_of(issue, command.actor, context)
    allowed = rules.of_its_agenda(meeting).late_items is LateItems.URGENT_BY_CHAIR
    if not allowed or issue.urgency is not Urgency.URGENT or meeting.item(issue.issue_id):
        raise NothingUrgent
    item = _item(issue, ItemSource.ADDED)
    added = e.ItemAdded(
        **stamp(meeting.meeting_id, meeting.version + 1, command), item=item, rule=LateItems.URGENT_BY_CHAIR
    )
    return (added,) if issue.tabled else (added, tabled_now(issue, command, context))


def _drawn(command: c.DrawAgenda, **fields: Any) -> e.AgendaDrawn:
    return e.AgendaDrawn(
        **stamp(command.stream_id, 1, command),
        township=command.township,
        kind=command.kind,
        period=command.period,
        cut_off=command.cut_off,
        **fields,
    )


def _told(command: c.DrawAgenda | c.ConveneMeeting, members: tuple[str, ...]) -> e.MembersTold:
    return e.MembersTold(**stamp(command.stream_id, 2, command), members=members)


def _item(issue: Issue, source: ItemSource) -> e.AgendaItem:
    return e.AgendaItem(
        issue_id=issue.issue_id,
        number=issue.number,
        village=issue.village,
        source=source,
        urgency=None if source is ItemSource.OPEN else issue.urgency,
        concerns=issue.concerns,
    )

"""Lives of many issues for measurements: decided by the real commands in memory, told as the log would hold them.

Used by services/bench/rebuild.py. Same numbers in, same events out: nothing is drawn by chance.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, Final
from uuid import UUID, uuid5

from domain.context import Context, Village
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue.decide import decide
from domain.issue.events import IssueLogged
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.issue.words import Channel, CopyFor, Rating
from domain.plan import Plan, load_plan
from domain.values import LOCAL_ZONE, THE_PROCESS, Actor, Role
from services.holidays import official_table

_NAMESPACE: Final = UUID("3f0f7a52-6f6f-4b0e-9a54-9a1d0d6b7c10")
_START: Final = datetime(2026, 1, 5, 9, 0, tzinfo=LOCAL_ZONE)
_VILLAGES: Final = {
    code: Village(code=code, name=f"村{code}", township="测速镇", handler="handler", lead="lead")
    for code in (f"V{number:02d}" for number in range(40))
}
_HEADS: Final = {"township": "lead"}
_HANDLER: Final = Actor(user="handler", role=Role.CASE_HANDLER)
_LEAD: Final = Actor(user="lead", role=Role.STATION_LEAD)

Step = tuple[float, Actor, type[c.IssueCommand], Mapping[str, Any]]  # days after logging, who, what
_FIXED: Final[Step] = (0.2, _HANDLER, c.FixOnSite, {"measures": "当场更换灯泡三只，接好线路，试亮正常。"})
_REPLY: Final = {"findings": "经现场查看，反映情况属实。", "opinion": "已办理完毕，欢迎继续监督。"}
_REPLIED: Final[Step] = (1, _HANDLER, c.GiveReply, _REPLY)
_LIVES: Final[tuple[tuple[Step, ...], ...]] = (
    (_FIXED, _REPLIED, (3, _HANDLER, c.RateAnswer, {"rating": Rating.SATISFIED}), (4, _HANDLER, c.CloseIssue, {})),
    (
        (1, _HANDLER, c.EscalateIssue, {"reason": "村里没有升降车和配件。"}),
        (2, _LEAD, c.AcceptIssue, {"person": "lead"}),
        (9, _LEAD, c.ResolveIssue, {"measures": "镇里派车更换灯具，加装防水盒。"}),
        (20, _HANDLER, c.GiveReply, _REPLY),
        (21, _HANDLER, c.DeliverReply, {"copy_for": CopyFor.HOUSEHOLD, "method": "当面送达"}),
        (24, _HANDLER, c.RateAnswer, {"rating": Rating.MOSTLY}),
        (26, _LEAD, c.CloseIssue, {}),
    ),
    (
        _FIXED,
        _REPLIED,
        (2, _HANDLER, c.RateAnswer, {"rating": Rating.DISSATISFIED}),
        (3, _LEAD, c.AcceptIssue, {"person": "lead"}),
        (8, _LEAD, c.ResolveIssue, {"measures": "重新布线。"}),
        (9, _HANDLER, c.GiveReply, _REPLY),
        (10, _HANDLER, c.RateAnswer, {"rating": Rating.SATISFIED}),
    ),
    ((1, _LEAD, c.AssignLeader, {"leader": "chen"}), (1.5, _LEAD, c.LinkCommonCause, {"cause": "old-lamp-posts"})),
    ((12, THE_PROCESS, c.RecordMissedDeadline, {}),),
)
"""What happens to issues number 0, 1, 2 ... in turn."""


class BenchDirectory:
    """`domain.context.Directory` over the villages above."""

    def village(self, code: str) -> Village | None:
        return _VILLAGES.get(code)

    def head_of(self, unit: str, _: str) -> str | None:
        return _HEADS.get(unit)

    def township_of(self, _: str) -> str | None:
        return None

    def superiors_of(self, _: str) -> frozenset[str]:
        return frozenset()

    def committee_of(self, _: str) -> tuple[str, ...]:
        return ()

    def villages_under(self, _: str) -> frozenset[str]:
        return frozenset(_VILLAGES)


_MINUTES: Final = 18_000
"""Over which they are logged; further on holidays and cut-offs lie otherwise, and the lives' days would not fit."""


def histories(issues: int) -> Iterator[DomainEvent]:
    """The events of so many issues, about five each; a hundred issues live at a time, their events taking turns."""
    plan, directory = load_plan("cx"), BenchDirectory()
    for first in range(0, issues, 100):
        lives = (list(_life(nth, plan, directory)) for nth in range(first, min(first + 100, issues)))
        for turn in zip_longest(*lives):
            yield from (event for event in turn if event is not None)


def _life(nth: int, plan: Plan, directory: BenchDirectory) -> Iterator[DomainEvent]:
    logged = _logging(nth, plan)
    issue: Issue | None = None
    steps: Iterator[Step] = iter(_LIVES[nth % len(_LIVES)])
    command: c.LogIssue | c.IssueCommand = logged
    while True:
        now = command.occurred_at
        for event in decide(issue, command, Context(now, plan, official_table(), directory, receipt_hash="ab" * 32)):
            if isinstance(event, IssueLogged):
                event = event.model_copy(update={"number": _number(nth)})
            issue = evolve(issue, event)
            yield event
        step = next(steps, None)
        if step is None or issue is None:
            return
        command = _command(issue, step, logged.occurred_at)


def _village(nth: int) -> str:
    return list(_VILLAGES)[nth % len(_VILLAGES)]


def _number(nth: int) -> str:
    return f"{_village(nth)}-2026-{nth // len(_VILLAGES) + 1:04d}"


def _logging(nth: int, plan: Plan) -> c.LogIssue:
    return c.LogIssue(
        command_id=uuid5(_NAMESPACE, str(nth)),
        actor=_HANDLER,
        occurred_at=_START + timedelta(minutes=nth % _MINUTES),
        channel=list(Channel)[nth % len(Channel)],
        village=_village(nth),
        category=list(plan.categories)[nth % len(plan.categories)],
        title="村口路灯不亮",
        description="村口到小学一段三盏路灯不亮，孩子晚自习回家看不清路，请尽快维修。",
        household=_number(nth),
    )


def _command(issue: Issue, step: Step, logged_at: datetime) -> c.IssueCommand:
    days, actor, kind, fields = step
    due = {"due_at": issue.deadline.due_at} if kind is c.RecordMissedDeadline and issue.deadline else {}
    return kind(
        command_id=uuid5(issue.issue_id, str(issue.version)),
        actor=actor,
        occurred_at=logged_at + timedelta(days=days),
        issue_id=issue.issue_id,
        **fields,
        **due,
    )

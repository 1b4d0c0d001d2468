"""Builds any command with sensible fields: `command(FixOnSite, issue, at=..., by="handler")`. Ids follow from the call.

Called through tests/support/casework.py.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.commands import Command
from domain.fund.commands import (
    AdjustBudget,
    CloseFiscalYear,
    ConfirmAdjustment,
    ConfirmRound,
    ProposeRound,
    RecordRoundOverdue,
    RefuseAdjustment,
    SetBudget,
    WithdrawRound,
    fund_id_of,
)
from domain.fund.words import Direction, PaymentException
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.issue.words import Channel, CopyFor, CountyOutcome, EntryField, NoticeAbout, Outcome, Rating
from domain.meeting.commands import RecordMeeting
from domain.pausing import PauseReason
from domain.values import Actor
from tests.support.office import COMMITTEE, PEOPLE, START, TOWNSHIP

_NAMESPACE = UUID("7a1c2f5e-08a2-4c7e-9c6d-2f1d8a5b9e10")
FUND_ID: Final = fund_id_of(TOWNSHIP, 2026)
_THE_FUND: Final = {"township": TOWNSHIP, "year": 2026}
PHOTO: Final = "a" * 64
AnyCommand = TypeVar("AnyCommand", bound=Command)

Defaults = tuple[str, Mapping[str, Any]]  # who asks, and the fields

_DEFAULTS: Final[Mapping[type[Command], Defaults]] = {
    c.LogIssue: (
        "handler",
        {
            "channel": Channel.VISIT,
            "village": "QS",
            "category": "construction",
            "title": "村口路灯不亮",
            "description": "村口到小学一段三盏路灯不亮。",
            "household": "QS-012",
        },
    ),
    c.FixOnSite: ("handler", {"measures": "当场换了灯泡。", "evidence": (PHOTO,)}),
    c.EscalateIssue: ("handler", {"reason": "村里没有升降车。"}),
    c.EscalateOverdue: ("process", {}),
    c.AcceptIssue: ("lead", {"person": "lead"}),
    c.ReturnEscalation: ("lead", {"reasons": "不属本单位职责。"}),
    c.AssignIssue: ("lead", {"person": "handler2"}),
    c.ResolveIssue: ("handler", {"measures": "更换了三盏路灯。"}),
    c.SubmitToCommittee: (
        "handler",
        {
            "current_state": "灯杆锈蚀。",
            "proposed_solution": "更换灯杆与灯具。",
            "total_budget": Decimal(50_000),
            "subsidy_asked": Decimal(30_000),
            "expected_completion": date(2026, 9, 30),
        },
    ),
    c.SignSubmission: ("lead", {}),
    c.SendBackSubmission: ("lead", {"reasons": "预算缺明细。"}),
    c.TableSubmission: ("process", {}),
    c.DecideSubmission: ("committee", {"outcome": Outcome.APPROVED, "subsidy": Decimal(20_000)}),
    c.RecordCountyAnswer: ("lead", {"outcome": CountyOutcome.RESOLVED, "answer": "县里已安排。"}),
    c.AllocateFunding: (
        "committee",
        {"fund_id": FUND_ID, "amount": Decimal(20_000), "reasons": "汛期将至，先行安排。"},
    ),
    c.PayTranche: (
        "finance",
        {
            "amount": Decimal(10_000),
            "exception": PaymentException.PAYEE_NOT_READY,
            "reasons": "前一项目收款账户未报。",
        },
    ),
    c.ReturnUnspent: ("finance", {"amount": Decimal(500)}),
    c.CancelGrant: ("committee", {"reasons": "项目已由县里实施。"}),
    c.ReportProgress: ("handler", {"percent": 40, "spent": Decimal(8_000), "photos": (PHOTO,)}),
    c.RecordMissedReport: ("process", {}),
    c.CompleteWorks: ("handler", {"summary": "全部完工。", "spent": Decimal(19_500)}),
    c.AcceptWorks: ("lead", {"findings": "符合要求。"}),
    c.OrderRework: ("lead", {"reasons": "灯杆未加固。"}),
    c.GiveReply: ("handler", {"findings": "情况属实。", "opinion": "路灯已修好。"}),
    c.DeliverReply: ("handler", {"copy_for": CopyFor.HOUSEHOLD, "method": "当面送达"}),
    c.RateAnswer: ("handler", {"rating": Rating.SATISFIED}),
    c.CloseSilently: ("process", {}),
    c.RequestReview: ("household", {"grounds": "只修了两盏。"}),
    c.DecideReview: ("lead2", {"upheld": True, "opinion": "三盏均亮，维持答复。"}),
    c.RequestRecheck: ("household", {"grounds": "不认可复查意见。"}),
    c.DecideRecheck: ("member7", {"upheld": True, "opinion": "维持复查意见。"}),
    c.CloseIssue: ("handler", {}),
    c.RecordLookBack: ("handler2", {"holds": True, "findings": "路灯仍亮。"}),
    c.PlanRectification: (
        "handler",
        {"measures": "更换锈蚀灯杆。", "unit": "村镇建设办", "person": "handler2", "due_on": date(2026, 9, 30)},
    ),
    c.MarkBacklog: ("lead", {"campaign": "visits-2026"}),
    c.ProposeFinalFiling: ("handler", {"grounds": "复核维持，诉求已解决到位。"}),
    c.FileAsFinal: ("member6", {}),
    c.RefuseFinalFiling: ("member6", {"reasons": "仍有合理诉求。"}),
    c.RemindHolder: ("process", {}),
    c.RecordMissedDeadline: ("process", {}),
    c.SendSupervisionNotice: ("process", {}),
    c.RequestExtension: ("handler", {"days": 10, "reason": "等待配件。"}),
    c.GrantExtension: ("lead", {}),
    c.RefuseExtension: ("lead", {"reasons": "可先行处理。"}),
    c.PauseClock: ("handler", {"reason": PauseReason.HOUSEHOLD, "note": "等群众补交房产证明。"}),
    c.ResumeClock: ("handler", {"note": "材料已补齐。"}),
    c.EndPause: ("process", {}),
    c.RecordMissedPromise: ("process", {}),
    c.RedateDeadline: ("process", {"calendar": 0, "notice": "国办发明电〔2026〕9号"}),
    c.WithdrawIssue: ("handler", {"reasons": "群众自行解决。"}),
    c.MergeIssue: ("handler", {"reasons": "同一处路灯。"}),
    c.SplitIssue: (
        "handler",
        {
            "reasons": "两件事。",
            "parts": (
                c.Part(category="construction", description="路灯不亮。"),
                c.Part(category="environment", description="垃圾未清。"),
            ),
        },
    ),
    c.LinkCommonCause: ("handler", {"cause": "old-lamp-posts"}),
    c.AssignLeader: ("lead", {"leader": "committee"}),
    c.CorrectEntry: ("handler", {"field": EntryField.PLACE, "value": "村口东侧", "reason": "地点记错。"}),
    c.NotifyHousehold: (
        "handler",
        {"about": NoticeAbout.ACCEPTANCE, "content": "已收到，由镇建设办办理，六十日内答复。", "method": "当面送达"},
    ),
    c.RemindOfNotice: ("process", {}),
    c.RecordMissedNotice: ("process", {}),
    RecordMeeting: (
        "committee",
        {"township": TOWNSHIP, "chair": "committee", "present": COMMITTEE[:6], "absent": COMMITTEE[6:]},
    ),
    SetBudget: ("finance", {**_THE_FUND, "budget": Decimal(200_000)}),
    AdjustBudget: (
        "finance",
        {
            **_THE_FUND,
            "direction": Direction.UP,
            "amount": Decimal(30_000),
            "reason": "县级追加。",
            "document": "云财〔2026〕8号",
        },
    ),
    ConfirmAdjustment: ("committee", _THE_FUND),
    RefuseAdjustment: ("committee", {**_THE_FUND, "reasons": "文件未到。"}),
    ProposeRound: ("process", _THE_FUND),
    ConfirmRound: ("committee", {**_THE_FUND, "round": 1}),
    WithdrawRound: ("committee", {**_THE_FUND, "round": 1, "reasons": "有项目撤回。"}),
    RecordRoundOverdue: ("process", {**_THE_FUND, "round": 1}),
    CloseFiscalYear: ("finance", _THE_FUND),
}

_FROM_STATE: Final[Mapping[type[Command], Callable[[Issue], Mapping[str, Any]]]] = {
    c.EscalateOverdue: lambda issue: {"due_at": _due_at(issue)},
    c.RemindHolder: lambda issue: {"due_at": _due_at(issue)},
    c.RecordMissedDeadline: lambda issue: {"due_at": _due_at(issue)},
    c.RedateDeadline: lambda issue: {"due_at": _due_at(issue)},
    c.RecordMissedPromise: lambda issue: {"due_at": issue.promise.due_at if issue.promise else START},
    c.RemindOfNotice: lambda issue: {"due_at": issue.notice.due_at if issue.notice else START},
    c.RecordMissedNotice: lambda issue: {"due_at": issue.notice.due_at if issue.notice else START},
    c.EndPause: lambda issue: {"due_at": issue.pause_ends_at or START},
    c.RecordMissedReport: lambda issue: {"due_at": issue.progress_due_at or START},
    c.SendSupervisionNotice: lambda issue: {"notice": issue.notices + 1},
    c.PayTranche: lambda issue: {"tranche": issue.tranches + 1},
}

COMMANDS: Final = tuple(_DEFAULTS)
"""Every command there is."""


def _due_at(issue: Issue) -> datetime:
    return issue.deadline.due_at if issue.deadline else START


def command(
    kind: type[AnyCommand],
    issue: Issue | UUID | None = None,
    *,
    at: datetime | None = None,
    by: str | Actor | None = None,
    **fields: Any,
) -> AnyCommand:
    """A valid command; `fields` override the defaults.

    `at`: when the issue was logged, else START. `by`: a name of PEOPLE. Clocks' commands find their due time in an
    Issue. The id follows from everything given: the same call twice is the same command; `key="..."` tells two apart.
    """
    who, defaults = _DEFAULTS[kind]
    values = dict(defaults)
    if isinstance(issue, Issue):
        at = at or issue.logged_at
        values |= _FROM_STATE.get(kind, lambda issue: {})(issue)
    if issue is not None:
        values["issue_id"] = issue.issue_id if isinstance(issue, Issue) else issue
    values |= {"actor": by if isinstance(by, Actor) else PEOPLE[by or who], "occurred_at": at or START, **fields}
    seed = f"{kind.__name__}/{sorted(values.items(), key=lambda item: item[0])!r}"
    values.pop("key", None)
    return kind(**{"command_id": uuid5(_NAMESPACE, seed), **values})

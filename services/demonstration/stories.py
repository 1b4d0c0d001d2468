"""What happened in the demonstration township: one story per issue, each ending at another stage.

A step is (days ago, who, command, its fields). All of it goes through the one door, as if people had done it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.commands import Command
from domain.issue import commands as c
from domain.issue.words import Channel, CopyFor, CountyOutcome, Outcome, Rating, Urgency
from domain.values import THE_PROCESS, Actor, Role

HANDLER: Final = Actor(user="handler", role=Role.CASE_HANDLER)
OTHER_HANDLER: Final = Actor(user="handler2", role=Role.CASE_HANDLER)
LEAD: Final = Actor(user="lead", role=Role.STATION_LEAD)
COMMITTEE: Final = Actor(user="committee", role=Role.COMMITTEE_MEMBER)
FINANCE: Final = Actor(user="finance", role=Role.FINANCE)
DEPARTMENT: Final = Actor(user="department", role=Role.DEPARTMENT)


class Step(NamedTuple):
    """One thing that somebody did, so many days ago."""

    days_ago: float
    who: Actor
    command: type[Command]
    fields: Mapping[str, Any]


class Story(NamedTuple):
    """One issue's life so far; `key` makes its commands' ids, so that loading twice adds nothing."""

    key: str
    steps: tuple[Step, ...]


MEETING_DAYS_AGO: Final = 40
"""When the demonstration's committee met; `meeting_id` and `fund_id` are filled in while loading."""


def _logged(days_ago: float, village: str, category: str, title: str, description: str, **more: Any) -> Step:
    fields = {"channel": Channel.VISIT, "village": village, "category": category, "title": title}
    return Step(days_ago, HANDLER, c.LogIssue, {**fields, "description": description, **more})


def _submitted(ask: int, budget: int, solution: str, urgency: Urgency = Urgency.ORDINARY) -> tuple[Step, ...]:
    fields = {
        "current_state": "驻点团队已现场查看，村里自有资金不足。",
        "proposed_solution": solution,
        "total_budget": Decimal(budget),
        "subsidy_asked": Decimal(ask),
        "expected_completion_in_days": 90,
        "urgency": urgency,
    }
    return (Step(78, HANDLER, c.SubmitToCommittee, fields), Step(76, LEAD, c.SignSubmission, {}))


def _decided(outcome: Outcome, subsidy: int = 0, reasons: str | None = None) -> tuple[Step, ...]:
    fields = {"outcome": outcome, "subsidy": Decimal(subsidy) if subsidy else None, "reasons": reasons}
    tabled = Step(MEETING_DAYS_AGO + 1, THE_PROCESS, c.TableSubmission, {})
    return (tabled, Step(MEETING_DAYS_AGO, COMMITTEE, c.DecideSubmission, fields))


def _funded(amount: int) -> tuple[Step, ...]:
    granted = Step(38, COMMITTEE, c.AllocateFunding, {"amount": Decimal(amount), "reasons": "按会议当日议定次序安排。"})
    return (granted, Step(35, FINANCE, c.PayTranche, {"tranche": 1, "amount": Decimal(amount) / 2}))


def _replied(days_ago: float, opinion: str) -> Step:
    return Step(days_ago, HANDLER, c.GiveReply, {"findings": "反映情况属实，已逐项核实。", "opinion": opinion})


_LAMP = _logged(
    1.2,
    "QS",
    "construction",
    "村口路灯不亮",
    "村口到小学一段三盏路灯不亮，孩子晚自习回家看不清路。",
    household="QS-012",
)
_WELL = _logged(9, "QS", "environment", "水井边垃圾", "老水井旁堆了生活垃圾，雨后有异味。", place="青石村老水井")

STORIES: Final = (
    Story("lamp", (_LAMP,)),
    Story(
        "overdue-drain",
        (_logged(12, "LX", "construction", "排水沟堵塞", "社区东头排水沟淤塞，下雨积水进院。", household="LX-031"),),
    ),
    Story(
        "well",
        (
            _WELL,
            Step(8.5, HANDLER, c.EscalateIssue, {"reason": "需清运车辆，村里没有。", "department": "environment"}),
        ),
    ),
    Story(
        "bridge-rail",
        (
            _logged(16, "DQ", "public_safety", "桥栏杆松动", "大桥西侧栏杆松动两处，老人孩子经过危险。"),
            Step(15, HANDLER, c.EscalateIssue, {"reason": "需专业加固。"}),
            Step(14, LEAD, c.AcceptIssue, {"person": "lead"}),
            Step(13, LEAD, c.AssignLeader, {"leader": "chen.wei"}),
        ),
    ),
    Story(
        "clinic-roof",
        (
            _logged(90, "QS", "education_health", "卫生室漏雨", "村卫生室屋顶漏雨，药品受潮。"),
            Step(78, HANDLER, c.SubmitToCommittee, _submitted(18_000, 26_000, "翻修屋面并做防水。")[0].fields),
        ),
    ),
    Story(
        "square",
        (
            _logged(95, "LX", "culture", "文化广场地面破损", "广场地砖破损，跳舞老人绊倒过。"),
            *_submitted(22_000, 40_000, "更换地砖六百平方米。"),
        ),
    ),
    Story(
        "school-road",
        (
            _logged(99, "QS", "construction", "上学路泥泞", "到小学的八百米土路雨天泥泞。", household="QS-020"),
            *_submitted(60_000, 90_000, "铺筑混凝土路面。", Urgency.URGENT),
            *_decided(Outcome.REFERRED_UP),
        ),
    ),
    Story(
        "reservoir",
        (
            _logged(99, "DQ", "environment", "蓄水池渗漏", "蓄水池渗漏，夏天供水不足。"),
            *_submitted(30_000, 45_000, "池壁防渗处理。", Urgency.URGENT),
            *_decided(Outcome.APPROVED, 30_000),
        ),
    ),
    Story(
        "culvert",
        (
            _logged(101, "QS", "construction", "涵洞塌陷", "进村涵洞边缘塌陷，车辆绕行。", household="QS-007"),
            *_submitted(24_000, 36_000, "重做涵洞及护坡。", Urgency.URGENT),
            *_decided(Outcome.APPROVED, 24_000),
            *_funded(24_000),
            Step(6, HANDLER, c.ReportProgress, {"percent": 60, "spent": Decimal(14_500), "note": "护坡完成，待浇筑。"}),
        ),
    ),
    Story(
        "toilet",
        (
            _logged(101, "LX", "environment", "公厕破旧", "社区公厕破旧，冬天结冰。"),
            *_submitted(12_000, 15_000, "改造水管与照明。"),
            *_decided(Outcome.APPROVED, 12_000),
            *_funded(12_000),
            Step(12, HANDLER, c.ReportProgress, {"percent": 60, "spent": Decimal(8_600), "note": "水管已换。"}),
            Step(10, FINANCE, c.PayTranche, {"tranche": 2, "amount": Decimal(3_600)}),
            Step(3, HANDLER, c.CompleteWorks, {"summary": "改造完成，已通水通电。", "spent": Decimal(12_500)}),
        ),
    ),
    Story(
        "insurance",
        (
            _logged(11, "LX", "social_security", "医保缴费问题", "缴费记录查不到，看病不能报销。", household="LX-008"),
            Step(4, HANDLER, c.ResolveIssue, {"measures": "与医保窗口核对，已补录缴费记录。"}),
        ),
    ),
    Story(
        "subsidy",
        (
            _logged(13, "DQ", "hardship", "临时救助咨询", "家中失火，咨询临时救助。", household="DQ-015"),
            Step(12, HANDLER, c.FixOnSite, {"measures": "当场讲明政策并代填申请表。"}),
            _replied(11, "救助申请已受理，十日内发放。"),
            Step(10, HANDLER, c.DeliverReply, {"copy_for": CopyFor.HOUSEHOLD, "method": "当面送达"}),
        ),
    ),
    Story(
        "noise",
        (
            _logged(20, "LX", "environment", "夜间噪声", "加工点夜里开机器，老人睡不好。", household="LX-044"),
            Step(18, HANDLER, c.ResolveIssue, {"measures": "已与加工点约定晚八点后停机。"}),
            _replied(17, "约定已签字，社区每周查看。"),
            Step(9, HANDLER, c.RateAnswer, {"rating": Rating.SATISFIED}),
        ),
    ),
    Story(
        "streetlight-bill",
        (
            _logged(70, "QS", "other", "路灯电费分摊", "几户对路灯电费分摊有意见。", household="QS-033"),
            Step(69, HANDLER, c.FixOnSite, {"measures": "公布账目，村集体承担。"}),
            _replied(68, "由村集体统一支付，账目上墙。"),
            Step(60, HANDLER, c.RateAnswer, {"rating": Rating.MOSTLY}),
            Step(58, LEAD, c.CloseIssue, {}),
        ),
    ),
    Story(
        "handrail",
        (
            _logged(120, "QS", "hardship", "台阶扶手", "孤寡老人门前台阶陡，要装扶手。", household="QS-002"),
            Step(119, HANDLER, c.FixOnSite, {"measures": "当日装好扶手。"}),
            _replied(118, "扶手已装好。"),
            Step(110, HANDLER, c.RateAnswer, {"rating": Rating.SATISFIED}),
            Step(108, LEAD, c.CloseIssue, {}),
            Step(60, OTHER_HANDLER, c.RecordLookBack, {"holds": True, "findings": "扶手牢固，老人满意。"}),
        ),
    ),
    Story(
        "land-boundary",
        (
            _logged(40, "DQ", "public_safety", "宅基地边界纠纷", "两家为界石位置争执多年。", household="DQ-003"),
            Step(38, HANDLER, c.EscalateIssue, {"reason": "村里调解两次未成。"}),
            Step(36, LEAD, c.AcceptIssue, {"person": "lead"}),
            Step(28, LEAD, c.ResolveIssue, {"measures": "会同国土所测量，确认界石位置。"}),
            Step(27, LEAD, c.GiveReply, {"findings": "测量结果与土地证一致。", "opinion": "按测量结果维持原界。"}),
            Step(25, HANDLER, c.RequestReview, {"grounds": "认为测量点选错。"}),
        ),
    ),
    Story(
        "old-request",
        (
            _logged(30, "LX", "other", "重复登记的意见", "与前一件相同。"),
            Step(29, HANDLER, c.WithdrawIssue, {"reasons": "群众说明已在另一件中反映。"}),
        ),
    ),
    Story(
        "county-answered",
        (
            _logged(101, "DQ", "construction", "过境公路减速带", "县道穿村无减速带，车速快。"),
            *_submitted(0, 8_000, "请县公路部门设置减速带。"),
            *_decided(Outcome.REFERRED_UP),
            Step(5, LEAD, c.RecordCountyAnswer, {"outcome": CountyOutcome.RESOLVED, "answer": "已安排本月安装。"}),
        ),
    ),
)  # fmt: skip

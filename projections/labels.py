"""How the closed lists of `domain` are called in Chinese and in English.

The only place: ledgers, histories, pages and forms ask here.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from domain.bulletin.words import Cause, Correction, Handling
from domain.duty.policy import Measure
from domain.fund.words import Direction, PaymentException, Standing
from domain.household.words import WelfareReason
from domain.issue.words import (
    Channel,
    CopyFor,
    CountyOutcome,
    EntryField,
    NoticeAbout,
    Outcome,
    Rating,
    Stage,
    Tier,
    Urgency,
)
from domain.liaison.words import Book, Whereabouts
from domain.meeting.words import (
    AbsenceReason,
    DecisionRule,
    Disposition,
    Ending,
    FailedBecause,
    ItemSource,
    MeetingKind,
    Phase,
    SpecialReason,
)  # fmt: skip
from domain.organisation.words import PlaceKind, Rank
from domain.spot_check.words import CheckKind
from domain.values import Role
from domain.visit.words import HazardLevel, VisitKind
from projections.audit_labels import AUDIT_LABELS


class Label(NamedTuple):
    """One word in both languages."""

    zh: str
    en: str


LABELS: Final[dict[type[StrEnum], dict[StrEnum, Label]]] = {
    Stage: {
        Stage.LOGGED: Label("登记", "logged"),
        Stage.ESCALATED: Label("上报待受理", "escalated, to be accepted"),
        Stage.HANDLING: Label("办理中", "being handled"),
        Stage.SUBMISSION: Label("提请待审签", "submission to be signed"),
        Stage.COMMITTEE: Label("待党委会研究", "before the committee"),
        Stage.WITH_COUNTY: Label("报县待答复", "with the county"),
        Stage.FUNDING: Label("待经费", "waiting for funds"),
        Stage.WORKS: Label("实施", "works"),
        Stage.INSPECTION: Label("待验收", "to be inspected"),
        Stage.REPLY: Label("待答复", "reply owed"),
        Stage.FEEDBACK: Label("待群众评价", "to be rated by the household"),
        Stage.ANSWERED: Label("待销号", "answered, to be closed"),
        Stage.REVIEW: Label("复查", "under review"),
        Stage.RECHECK: Label("复核", "under re-check"),
        Stage.CLOSED: Label("已销号，待回头看", "closed, to be looked back at"),
        Stage.SETTLED: Label("办结归档", "settled"),
        Stage.WITHDRAWN: Label("撤回", "withdrawn"),
        Stage.MERGED: Label("并案", "merged"),
        Stage.SPLIT: Label("分案", "split"),
    },
    Tier: {
        Tier.VILLAGE: Label("村", "village"),
        Tier.TOWNSHIP: Label("镇", "township"),
        Tier.COUNTY: Label("县", "county"),
    },
    Channel: {
        Channel.VISIT: Label("走访", "visit"),
        Channel.RECEPTION_DAY: Label("接访", "reception day"),
        Channel.FEEDBACK_FORM: Label("意见反馈表", "feedback form"),
        Channel.TALK_DAY: Label("村民说事", "talk day"),
        Channel.PETITION: Label("信访", "petition"),
        Channel.HOTLINE: Label("热线", "hotline"),
        Channel.ONLINE: Label("网上", "online"),
        Channel.HAZARD_INSPECTION: Label("隐患排查", "hazard inspection"),
    },
    Rating: {
        Rating.SATISFIED: Label("满意", "satisfied"),
        Rating.MOSTLY: Label("基本满意", "mostly satisfied"),
        Rating.DISSATISFIED: Label("不满意", "dissatisfied"),
        Rating.CANNOT_SAY: Label("无法评价", "cannot say"),
        Rating.DECLINED: Label("拒访", "declined to answer"),
    },
    NoticeAbout: {
        NoticeAbout.ACCEPTANCE: Label("告知受理情况", "told of receipt, route and procedure"),
        NoticeAbout.EXTENSION: Label("告知延期及理由", "told that it takes longer, and why"),
    },
    CopyFor: {
        CopyFor.HOUSEHOLD: Label("当事人联", "household's copy"),
        CopyFor.VILLAGE: Label("村(居)联", "village's copy"),
        CopyFor.UNIT: Label("挂点单位联", "linked unit's copy"),
        CopyFor.OFFICE: Label("活动办联", "office's copy"),
    },
    Handling: {
        Handling.LATE: Label("迟办", "handled late"),
        Handling.IDLE: Label("不作为", "idle"),
        Handling.EVASIVE: Label("推诿", "evasive"),
    },
    Cause: {
        Cause.NOT_SO: Label("与事实不符", "not so"),
        Cause.JUSTIFIED: Label("有正当理由", "justified"),
        Cause.OTHER_UNIT: Label("责任不在该单位", "another unit's"),
        Cause.REMEDIED: Label("已整改", "remedied"),
    },
    Correction: {
        Correction.RECORDED_LATE: Label("有事项补录", "something was recorded late"),
        Correction.WRONGLY_NAMED: Label("点名有误", "wrongly named"),
        Correction.WRONG_ENTRY: Label("原始登记有误，已更正", "an entry was wrong and is corrected"),
    },
    **{kind: {word: Label(*pair) for word, pair in words.items()} for kind, words in AUDIT_LABELS.items()},
    CheckKind: {
        CheckKind.MONTHLY: Label("月度抽查", "monthly spot check"),
        CheckKind.FULL: Label("全面检查", "full inspection"),
        CheckKind.UNANNOUNCED: Label("随机巡查", "unannounced round"),
        CheckKind.SIT_IN: Label("列席会议", "meeting sat in on"),
    },
    MeetingKind: {
        MeetingKind.COMMITTEE: Label("党委会", "committee"),
        MeetingKind.SPECIAL: Label("临时会议", "special meeting"),
        MeetingKind.WEEKLY: Label("周例会", "weekly meeting"),
        MeetingKind.MONTHLY: Label("月会", "monthly meeting"),
        MeetingKind.TALK_DAY: Label("村民说事日", "talk day"),
    },
    Phase: {
        Phase.DRAWN: Label("议程已定", "agenda drawn"),
        Phase.OPEN: Label("开会", "open"),
        Phase.CLOSED: Label("散会", "closed"),
        Phase.FAILED: Label("流会", "failed"),
    },
    ItemSource: {
        ItemSource.SUBMITTED: Label("提请", "submitted"),
        ItemSource.DEFERRED: Label("上次缓议", "deferred last time"),
        ItemSource.LEFT_OVER: Label("上次未议", "left over"),
        ItemSource.ADDED: Label("增列", "added"),
        ItemSource.OPEN: Label("未办结", "open"),
    },
    Disposition: {
        Disposition.VILLAGE: Label("本村自行解决", "by the village"),
        Disposition.DEPARTMENT: Label("转归口部门", "to a department"),
        Disposition.COMMITTEE: Label("提请党委会", "to the committee"),
        Disposition.GOES_ON: Label("继续办理", "goes on"),
    },
    Ending: {
        Ending.DECIDED: Label("已决定", "decided"),
        Ending.DISPOSED: Label("已分办", "assigned"),
        Ending.CARRIED_OVER: Label("列入下次会议", "carried over"),
        Ending.LAPSED: Label("会前已撤回或另行办理", "lapsed"),
    },
    FailedBecause: {
        FailedBecause.NO_QUORUM: Label("不足法定人数", "no quorum"),
        FailedBecause.NOT_HELD: Label("未按期召开", "not held in time"),
    },
    AbsenceReason: {
        AbsenceReason.DUTY: Label("公务", "on duty elsewhere"),
        AbsenceReason.LEAVE: Label("请假", "on leave"),
        AbsenceReason.TRAINING: Label("学习培训", "in training"),
    },
    SpecialReason: {
        SpecialReason.URGENT: Label("事项紧急", "a matter is urgent"),
        SpecialReason.DISASTER: Label("抢险救灾", "disaster relief"),
        SpecialReason.DEADLINE: Label("期限将至", "a deadline is near"),
        SpecialReason.SUPERIOR: Label("上级要求", "asked for from above"),
    },
    DecisionRule: {
        DecisionRule.MAJORITY: Label("过半数", "majority"),
        DecisionRule.TWO_THIRDS: Label("三分之二", "two thirds"),
        DecisionRule.CHAIR: Label("讨论后由主持人决定", "by the chair after discussion"),
    },
    Direction: {Direction.UP: Label("调增", "up"), Direction.DOWN: Label("调减", "down")},
    PaymentException: {
        PaymentException.PAYEE_NOT_READY: Label("前者收款手续未齐", "an earlier payee's papers are not ready"),
        PaymentException.WORKS_NOT_READY: Label("前者不具备开工条件", "an earlier project cannot begin"),
        PaymentException.UNDER_DISPUTE: Label("前者有争议", "an earlier project is disputed"),
        PaymentException.EMERGENCY: Label("抢险应急", "emergency"),
    },
    Outcome: {
        Outcome.APPROVED: Label("同意", "approved"),
        Outcome.DEFERRED: Label("缓议", "deferred"),
        Outcome.RETURNED: Label("退回补充", "returned for more information"),
        Outcome.REFERRED_UP: Label("上报县级", "referred to the county"),
        Outcome.DECLINED: Label("不予同意", "declined"),
    },
    CountyOutcome: {
        CountyOutcome.RESOLVED: Label("已解决", "resolved"),
        CountyOutcome.DECLINED: Label("不予办理", "declined"),
        CountyOutcome.SENT_BACK: Label("退回", "sent back"),
    },
    Standing: {
        Standing.IN_FULL: Label("足额安排", "in full"),
        Standing.IN_PART: Label("部分安排", "in part"),
        Standing.TOO_LITTLE_LEFT: Label("余额不足", "too little left"),
        Standing.BEHIND_ANOTHER: Label("排在未足额者之后", "behind another that waits"),
        Standing.VILLAGE_HAS_MOST: Label("本村项目数已满", "the village has its projects"),
        Standing.NEXT_ROUND: Label("下一批", "next round"),
    },
    Urgency: {
        Urgency.URGENT: Label("紧急", "urgent"),
        Urgency.ORDINARY: Label("一般", "ordinary"),
        Urgency.CAN_WAIT: Label("可缓", "can wait"),
    },
    EntryField: {
        EntryField.TITLE: Label("标题", "title"),
        EntryField.DESCRIPTION: Label("问题内容", "description"),
        EntryField.CATEGORY: Label("问题类别", "category"),
        EntryField.PLACE: Label("地点", "place"),
        EntryField.HOUSEHOLD: Label("反映人", "household"),
    },
    VisitKind: {
        VisitKind.HOUSEHOLD: Label("入户走访", "household visit"),
        VisitKind.RECEPTION: Label("接访", "reception day"),
        VisitKind.TALK_DAY: Label("村民说事", "talk day"),
        VisitKind.SERVICE_DAY: Label("服务日", "service day"),
        VisitKind.HAZARD: Label("隐患排查", "hazard inspection"),
    },
    HazardLevel: {
        HazardLevel.GENERAL: Label("一般", "general"),
        HazardLevel.SERIOUS: Label("较大", "serious"),
        HazardLevel.GRAVE: Label("重大", "grave"),
    },
    WelfareReason: {
        WelfareReason.AGE: Label("高龄", "age"),
        WelfareReason.DISABILITY: Label("残疾", "disability"),
        WelfareReason.HARDSHIP: Label("生活困难", "hardship"),
        WelfareReason.ISOLATION: Label("独居", "isolation"),
    },
    Book: {
        Book.PEOPLE: Label("民情账", "people's situation"),
        Book.ASSISTANCE: Label("帮扶账", "assistance"),
        Book.ORGANISATION: Label("组织账", "organisation"),
        Book.STABILITY: Label("稳定账", "stability"),
    },
    Whereabouts: {
        Whereabouts.ANSWERED: Label("已答复", "answered"),
        Whereabouts.ON_THE_SPOT: Label("当场办理", "done on the spot"),
        Whereabouts.IN_HAND: Label("办理中", "in hand"),
        Whereabouts.PASSED_ON: Label("已转事项", "passed on"),
        Whereabouts.JOINED: Label("并案待答复", "joined another, not answered yet"),
        Whereabouts.WITHDRAWN: Label("已撤回", "withdrawn"),
        Whereabouts.NOTHING_ASKED: Label("记录在册", "noted, nothing asked for"),
        Whereabouts.WAITING: Label("待落实", "waits for a place"),
    },
    Measure: {
        Measure.VISITS: Label("走访次数", "visits"),
        Measure.DAYS: Label("到村天数", "days"),
        Measure.HOUSEHOLDS: Label("走访户数", "households"),
        Measure.LINKS: Label("结对户数", "linked households"),
        Measure.LINKED_SHARE: Label("结对户走访率", "linked households visited"),
        Measure.VILLAGE_SHARE: Label("全村走访率", "households of the village visited"),
        Measure.PRIORITY_SHARE: Label("重点户走访率", "priority register covered"),
        Measure.DIFFICULTIES: Label("解决实际困难", "real difficulties solved"),
        Measure.CASES_SHARE: Label("带案走访率", "visits with the case in hand"),
        Measure.INSPECTIONS: Label("全面检查次数", "full inspections"),
    },
    Rank: {
        Rank.COUNTY: Label("县级领导", "county leader"),
        Rank.COUNTY_UNIT: Label("县直部门", "county department"),
        Rank.SECRETARY: Label("书记", "secretary"),
        Rank.HEAD: Label("主要负责人", "head"),
        Rank.MEMBER: Label("班子成员", "member of the leadership"),
        Rank.DEPUTY_SECTION: Label("副科级", "deputy-section officer"),
        Rank.SECTION_HEAD: Label("股室负责人", "section head"),
        Rank.GENERAL: Label("一般干部", "general officer"),
        Rank.VILLAGE_SECRETARY: Label("村书记", "village secretary"),
    },
    PlaceKind: {
        PlaceKind.COUNTY: Label("县", "county"),
        PlaceKind.TOWNSHIP: Label("镇", "township"),
        PlaceKind.STATION: Label("驻点", "station"),
        PlaceKind.VILLAGE: Label("村", "village"),
        PlaceKind.DEPARTMENT: Label("部门", "department"),
    },
    Role: {
        Role.CASE_HANDLER: Label("驻点干部", "case handler"),
        Role.STATION_LEAD: Label("驻点组长", "station lead"),
        Role.COMMITTEE_MEMBER: Label("党委会成员", "committee member"),
        Role.FINANCE: Label("财政所", "finance"),
        Role.DEPARTMENT: Label("归口部门", "department"),
        Role.AUDITOR: Label("督查审计", "auditor"),
        Role.ADMINISTRATOR: Label("管理员", "administrator"),
        Role.HOUSEHOLD: Label("群众", "household"),
        Role.PROCESS: Label("流程", "the process"),
    },
}
"""By list: words of different lists may be spelled alike."""


def label(word: StrEnum) -> Label:
    """How `word` is called."""
    return LABELS[type(word)][word]

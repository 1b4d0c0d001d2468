"""What happens once this is sent? Told beside each form, so that nobody is surprised; in a word, once it was done."""

from collections.abc import Mapping
from typing import Final

from services.web.language import Pair
from services.web.words.commands import command_called

_FOLLOWS: Final[Mapping[str, tuple[str, str]]] = {
    "FixOnSite": (
        "记为现场办结，随即转入书面答复，答复期限开始计时。",
        "It counts as fixed on the spot; next the household is owed its written reply, and that clock starts.",
    ),
    "EscalateIssue": (
        "转到镇或所选部门，等待受理；受理期限开始计时。",
        "It goes to the township or the department you choose, which has to accept it; that clock starts.",
    ),
    "AcceptIssue": (
        "由所填的人负责办理，办理期限开始计时。",
        "Whom you name answers for it; the handling clock starts.",
    ),
    "ReturnEscalation": ("退回原报送单位，由其继续办理。", "It goes back to whoever sent it, who goes on with it."),
    "AssignIssue": ("换人负责；对群众的期限不变。", "Another person answers for it; the household's date stays."),
    "ResolveIssue": ("记为办结，随即转入书面答复。", "It counts as resolved; next the household is owed its reply."),
    "PlanRectification": ("登记整改方案；后登记的替代先登记的。", "The plan is kept; a later one takes its place."),
    "SubmitToCommittee": (
        "须由另一人审签；截止日前审签的，列入下一次党委会。",
        "Another person has to sign it; signed by the cut-off, it is tabled at the next meeting.",
    ),
    "SignSubmission": ("到截止日列入党委会议题。", "At the cut-off it goes on the committee's agenda."),
    "SendBackSubmission": ("退回提请人修改，理由留存。", "It goes back to whoever wrote it, with your reasons."),
    "RecordCountyAnswer": ("按县级答复转入答复群众或继续办理。", "By what the county says: the reply, or on with it."),
    "AllocateFunding": ("从本年度经费中安排；首次拨付后开工。", "It is set aside in the fund; works begin when paid."),
    "CancelGrant": ("未拨付部分退回经费。", "What was not paid goes back to the fund."),
    "PayTranche": ("记入拨付台账；首次拨付后每月报告进度。", "It is booked; after the first, progress is due monthly."),
    "ReturnUnspent": ("结余退回经费，可另行安排。", "The money is free again for other projects."),
    "ReportProgress": ("记入进度；下次报告期限重新计算。", "It is kept; the next report's date is counted anew."),
    "CompleteWorks": ("须由未参与施工的另一人验收。", "Somebody who did not do the work has to accept it."),
    "AcceptWorks": ("验收合格，转入书面答复。", "The works are accepted; next the household is owed its reply."),
    "OrderRework": ("退回施工，完工期限重新计算。", "The works go on; their date is counted anew."),
    "GiveReply": (
        "一式四份，逐份登记送达；群众在期限内评价。",
        "Four copies, each with its own delivery; then the household says whether it is content.",
    ),
    "DeliverReply": ("登记这一联已送达。", "The delivery of this copy is recorded."),
    "RateAnswer": (
        "满意或基本满意的可以销号；不满意的按方案上一级重新办理。",
        "Content: it can be closed. Not content: it is opened again a tier up, as often as the plan says.",
    ),
    "RequestReview": ("由未经办的人复查。", "Somebody who did not handle it reviews it."),
    "DecideReview": (
        "维持的，群众可申请复核；不维持的，重新办理。",
        "Upheld, a re-check can be asked for; else again.",
    ),
    "RequestRecheck": ("由未经办的人复核，为最后意见。", "Somebody else re-checks it: the last word."),
    "DecideRecheck": ("维持的，同一事实不再受理；不维持的，重新办理。", "Upheld, it is settled; else handled again."),
    "CloseIssue": ("销号；期满后由另一人回头看。", "It is struck off; later a different officer looks back."),
    "RecordLookBack": ("仍已解决的归档；反弹的重新办理。", "If it holds it is settled; if not, opened again."),
    "RequestExtension": ("须由另一人批准；批准前期限照走。", "Another person decides; until then the clock runs on."),
    "GrantExtension": ("期限延长所申请的天数；须告知群众。", "The limit moves by the days asked; tell the household."),
    "RefuseExtension": ("期限不变，理由留存。", "The limit stays; your reasons are kept."),
    "PauseClock": ("期限停走，到期自动恢复。", "The clock stands still, and goes on by itself at the latest date."),
    "ResumeClock": ("期限继续计时，停走的时间不算。", "The clock goes on; the time between is not counted."),
    "NotifyHousehold": ("登记书面告知。", "It is kept that the household was told in writing."),
    "AssignLeader": ("由所填领导包案。", "That leader answers for the case."),
    "MergeIssue": ("并入另一件，群众仍会得到答复。", "It joins the other one; its household still gets its answer."),
    "SplitIssue": ("各部分分别编号办理，本件不再办理。", "Each part gets a number of its own; this one ends."),
    "LinkCommonCause": ("会上可与同因问题合并研究。", "A meeting can treat it together with others of the same cause."),
    "CorrectEntry": (
        "原记录保留可查，今后以更正为准。",
        "The first entry stays readable; from now on this one counts.",
    ),
    "WithdrawIssue": ("不再办理；已安排未拨付的经费退回。", "Nothing more is done; money not yet paid is free again."),
    "MarkBacklog": ("列入本次专项行动的积案。", "It counts among the backlog of the campaign."),
    "ProposeFinalFiling": ("须由另一人审定。", "Another person decides it."),
    "FileAsFinal": ("终结备案，不再重新办理。", "Nothing more is owed, and it is not opened again."),
    "RefuseFinalFiling": ("按原程序继续。", "It goes on as it was."),
    "RecordVisit": ("记入民情日记，计入走访完成情况。", "It goes into the diary and counts towards what was planned."),
    "CollectOpinions": ("意见记入反馈表；要求答复的须答复。", "The form is kept; who wants a reply is owed one."),
    "RegisterHazard": ("列入隐患台账，销号前一直跟踪。", "It stands in the register until it is struck off."),
}


def what_follows(command: str) -> Pair | None:
    """What comes of it, by the class's name; None where its name says all."""
    found = _FOLLOWS.get(command)
    return Pair(*found) if found else None


def done_in_words(path: str | None) -> Pair | None:
    """`fix-on-site` -> done: 现场办理. None for anything that is no command."""
    name = "".join(part.capitalize() for part in (path or "").split("-"))
    try:
        called = command_called(name)
    except KeyError:
        return None
    return Pair(f"已办：{called.zh}。", f"Done: {called.en}.")

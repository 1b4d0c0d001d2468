"""What to tell the household of each event, in plain words: no names, no remarks, nothing of other cases.

Used by household_view.py. None: an inner matter of the office.
"""

from typing import Final

from domain.plan_parts import Rule
from projections.labels import Label

STEPS: Final[dict[str, Label | None]] = {
    "issue.logged": Label("您反映的问题已登记。", "What you reported was recorded."),
    "issue.fixed_on_site": Label(
        "已当场处理，正在准备给您的答复。", "It was dealt with on the spot; the answer is being written."
    ),
    "issue.escalated": Label("已交上一级或主管部门。", "It was handed to the next level or the department in charge."),
    "issue.accepted": Label("已受理，正在办理。", "It was accepted and is being handled."),
    "issue.escalation_returned": Label("已转回原承办单位继续办理。", "It went back to the office that had it before."),
    "issue.assigned": Label("换了承办人。", "Somebody else handles it now."),
    "issue.resolved": Label("已办理，正在准备给您的答复。", "It was dealt with; the answer is being written."),
    "issue.submission_prepared": Label(
        "已拟出解决方案，准备提请会议研究。", "A solution was drawn up for the committee."
    ),
    "issue.submission_signed": Label(
        "方案已审签，等待列入会议。", "The proposal was signed and waits for the meeting."
    ),
    "issue.submission_sent_back": Label("方案退回修改。", "The proposal has to be worked over."),
    "issue.submission_tabled": Label("已列入会议议题。", "It is on the agenda of the committee."),
    "issue.submission_approved": Label("会议已同意解决方案。", "The committee agreed to the solution."),
    "issue.submission_deferred": Label(
        "会议决定下次再研究。", "The committee will look at it again at its next meeting."
    ),
    "issue.submission_returned": Label("会议要求补充情况后再研究。", "The committee wants to know more first."),
    "issue.submission_referred_up": Label("已报县里。", "It was referred to the county."),
    "issue.submission_declined": Label(
        "会议未同意，将书面告诉您理由。", "The committee declined; the reasons will be in your answer."
    ),
    "issue.county_answered": Label("县里已答复。", "The county answered."),
    "issue.funding_granted": Label("经费已安排。", "Money was set aside for it."),
    "issue.tranche_paid": Label("经费已拨付一笔。", "A payment was made."),
    "issue.unspent_returned": None,
    "issue.grant_cancelled": None,
    "issue.progress_reported": Label("工程正在进行。", "The works go on."),
    "issue.progress_report_missed": None,
    "issue.works_completed": Label("工程已完工，等待验收。", "The works are done and wait for inspection."),
    "issue.works_accepted": Label(
        "工程验收合格，正在准备给您的答复。", "The works were accepted; the answer is being written."
    ),
    "issue.rework_ordered": Label("验收不合格，正在返工。", "The works were not good enough and are done again."),
    "issue.reply_given": Label("已书面答复。", "The written answer was given."),
    "issue.reply_delivered": None,
    "issue.answer_shared": Label("与相同的问题一并答复。", "It was answered together with another report of the same."),
    "issue.answer_rated": Label("您的评价已记录。", "What you think of the answer was recorded."),
    "issue.household_silent": Label(
        "评价期已过，未收到您的评价。", "The time to rate the answer is over; nothing was heard."
    ),
    "issue.reopened": Label("重新办理，交上一级。", "It was reopened and handed a level up."),
    "issue.review_requested": Label("已收到复查申请。", "A review was asked for."),
    "issue.review_decided": Label("复查已有结果。", "The review was decided."),
    "issue.recheck_requested": Label("已收到复核申请。", "A re-check was asked for."),
    "issue.recheck_decided": Label("复核已有结果。", "The re-check was decided."),
    "issue.closed": Label("已销号，之后还会回头看。", "It was struck off; somebody will look again later."),
    "issue.look_back_passed": Label("回头看：问题没有反复。", "Somebody looked again: it still holds."),
    "issue.look_back_failed": Label("回头看：问题又出现了。", "Somebody looked again: the problem is back."),
    "issue.deadline_reminded": None,
    "issue.deadline_missed": Label("没有按时办理，已记录在案。", "It was not done in time; that was written down."),
    "issue.supervision_notice_sent": Label("上级已督办。", "The next level was told to see to it."),
    "issue.extension_requested": None,
    "issue.extension_granted": Label("办理期限已延长。", "The time limit was extended."),
    "issue.extension_refused": None,
    "issue.promise_missed": Label(
        "没有在承诺的时间办好，已记录在案。", "The date given to you passed; that was written down."
    ),
    "issue.notice_reminded": None,
    "issue.notice_missed": Label(
        "没有按时书面告知您受理情况，已记录在案。",
        "You were not told in time how it is handled; that was written down.",
    ),
    "issue.clock_paused": Label("办理期限暂停计算。", "The time limit stands still for now."),
    "issue.clock_resumed": Label("办理期限恢复计算。", "The time limit runs again."),
    "issue.deadline_redated": Label(
        "办理期限按新的放假安排重新计算。", "The time limit was counted anew by a new holiday notice."
    ),
    "issue.rectification_planned": Label("已定整改方案。", "It is planned how this is put right."),
    "issue.backlog_marked": None,
    "issue.final_filing_proposed": None,
    "issue.filed_as_final": Label("已终结备案，不再重新办理。", "It was filed as final and is not opened again."),
    "issue.final_filing_refused": None,
    "issue.withdrawn": Label("已撤回。", "It was withdrawn."),
    "issue.merged": Label(
        "与相同的问题合并办理，仍会答复您。",
        "It is handled with another report of the same; you still get your answer.",
    ),
    "issue.absorbed": None,
    "issue.split": Label("分成几件分别办理，凭同一回执查询。", "It is handled in parts; this receipt shows them all."),
    "issue.common_cause_linked": None,
    "issue.leader_assigned": Label("由领导包案办理。", "A leader answers for it."),
    "issue.household_notified": Label("已书面告知您。", "You were told of it in writing."),
    "issue.entry_corrected": Label("更正了登记内容。", "An entry was corrected."),
}
"""By topic; every topic of an issue is named."""

PROMISES: Final[dict[str, Label]] = {
    Rule.ON_SITE: Label("现场办理", "to be dealt with on the spot"),
    Rule.ACCEPTANCE: Label("受理", "to be accepted"),
    Rule.HANDLING: Label("办理", "to be handled"),
    Rule.SIGNING: Label("审签方案", "the proposal to be signed"),
    Rule.DECISION: Label("会议决定", "to be decided by the committee"),
    Rule.COUNTY: Label("县里答复", "to be answered by the county"),
    Rule.FUNDING: Label("落实经费", "the money to be set aside"),
    Rule.COMPLETION: Label("完工", "the works to be done"),
    Rule.INSPECTION: Label("验收", "the works to be inspected"),
    Rule.REPLY: Label("书面答复您", "the written answer"),
    Rule.FEEDBACK: Label("请您评价", "your time to say what you think of the answer"),
    Rule.CLOSING: Label("销号", "to be struck off"),
    Rule.LOOK_BACK: Label("回头看", "to be looked at again"),
    Rule.REVIEW: Label("复查", "the review to be decided"),
    Rule.RECHECK: Label("复核", "the re-check to be decided"),
    Rule.NOTICE: Label("书面告知您受理情况", "written notice that it was received, and how it is handled"),
    Rule.OBJECTION: Label("确认主管单位", "to be settled which office is in charge"),
}
"""What is to happen until a deadline, by the plan's clock."""

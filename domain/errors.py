"""Everything that can go wrong, in one tree; each with a stable code and a sentence in both languages.

HuiyinError
├── Refusal               a rule says no; nothing was written (HTTP 409)
│   ├── RoleNotAllowed        this role may not do that (403)
│   ├── WrongStage            the issue is not at a stage where that can happen
│   ├── SamePerson            four eyes: somebody else has to do this
│   ├── ...                   one class a rule, below
│   └── CommandReused         one command id, two different requests
├── NotFound              no such issue, meeting or fund (404)
├── StaleVersion          it changed since you read it (412)
└── Unavailable           the log cannot be reached or is too busy now (503)

Texts never repeat what the caller sent.
"""

from typing import ClassVar


class HuiyinError(Exception):
    """The root. `code` is stable; `zh` and `en` say what was refused, why, and what to do next."""

    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.code}: {self.en} {self.zh}"


class Refusal(HuiyinError):
    """A rule says no."""


class NotFound(HuiyinError):
    code = "not-found"
    zh = "没有找到这一件。请核对编号。"
    en = "There is no such record. Check the number."


class StaleVersion(HuiyinError):
    code = "stale-version"
    zh = "您看到之后，此件已有变化。请刷新后再办。"
    en = "It has changed since you read it. Read it again, then decide."


class Unavailable(HuiyinError):
    code = "unavailable"
    zh = "系统暂时无法记录。请稍候用同一请求编号重试，不会重复登记。"
    en = "The log cannot be written just now. Repeat with the same request id; it will count once."


class CommandReused(Refusal):
    code = "command-id-reused"
    zh = "这个请求编号已用于另一项请求。请换新编号。"
    en = "This request id was used for a different request. Use a new one."


class RoleNotAllowed(Refusal):
    code = "role-not-allowed"
    zh = "您的角色不能办理此项。请交由有权限的人办理。"
    en = "Your role may not do this. Ask somebody whose role may."


class WrongStage(Refusal):
    code = "wrong-stage"
    zh = "此件目前所处环节不能办理此项。请查看当前环节。"
    en = "The issue is not at a stage where this can be done. Look at its present stage."


class SamePerson(Refusal):
    code = "same-person"
    zh = "提出与审定不能是同一人，请由另一人办理。"
    en = "Whoever proposed or did the work cannot approve it. Another person has to."


class OfficialConcerned(Refusal):
    code = "official-concerned"
    zh = "不能登记或办理反映本人或本人上级的事项。请告知群众向上一级反映，由其他人登记、办理。"
    en = "Nobody records or handles a complaint about themselves or somebody above them. It goes to the next level up."


class PersonBarred(Refusal):
    code = "person-barred"
    zh = "被反映人及其下属不能负责、牵头或表决此件。请另选他人；会上请其回避。"
    en = "The official complained of, and those below, cannot own, lead or vote on it. Name others; they abstain."


class NobodyMayAnswer(Refusal):
    code = "nobody-may-answer"
    zh = "被反映人之上没有可负责此件的人。请先登记上级负责人，或告知群众直接向上一级反映。"
    en = "Nobody above that official could answer for it. Register who is, or send the household to the next level up."


class InTheFuture(Refusal):
    code = "in-the-future"
    zh = "发生时间不能晚于现在。"
    en = "It cannot have happened in the future."


class BeforeTheBeginning(Refusal):
    code = "before-the-beginning"
    zh = "发生时间早于本件登记时间或 1949 年 10 月 1 日。请改正时间。"
    en = "It cannot have happened before the issue was logged (nor before 1 October 1949). Correct the time."


class UnknownVillage(Refusal):
    code = "unknown-village"
    zh = "没有这个村（社区）。请先登记村（社区），或改正代码。"
    en = "There is no such village. Register it first, or correct the code."


class UnknownCategory(Refusal):
    code = "unknown-category"
    zh = "实施方案中没有这个类别。请从方案类别中选择。"
    en = "The plan has no such category. Choose one of the plan's."


class UnknownDepartment(Refusal):
    code = "unknown-department"
    zh = "实施方案中没有这个归口部门。请从方案部门中选择。"
    en = "The plan has no such department. Choose one of the plan's."


class PromiseInThePast(Refusal):
    code = "promise-in-the-past"
    zh = "承诺办结时间不能早于登记时间。"
    en = "A promised date cannot lie before the issue was logged."


class AlreadyAtTop(Refusal):
    code = "already-at-this-level"
    zh = "此件已在这一层级或这一部门。报县须由党委会决定。"
    en = "The issue is already at this level or department. Only the committee refers to the county."


class NothingReplied(Refusal):
    code = "no-answer-given"
    zh = "尚未答复群众，不能销号。请先书面答复。"
    en = "No answer was given yet, so the issue cannot be closed. Give the written reply first."


class HouseholdStillAsked(Refusal):
    code = "household-still-asked"
    zh = "群众评价期限未满，且尚未评价，不能销号。"
    en = "The household has not said yet whether it is satisfied and still has time to. Wait, or record its rating."


class CopyAlreadyDelivered(Refusal):
    code = "copy-already-delivered"
    zh = "这一联已登记送达。"
    en = "The delivery of this copy is already recorded."


class NotDueYet(Refusal):
    code = "not-due-yet"
    zh = "期限未到，不能作此处理。"
    en = "This is not due yet."


class NoDeadline(Refusal):
    code = "no-open-deadline"
    zh = "目前没有相应的办理期限，或已另行计算。"
    en = "There is no such open deadline now; it was met or replaced."


class NobodyInCharge(Refusal):
    code = "nobody-in-charge"
    zh = "没有人负责这个村（社区）及其上级。请先由管理员任命负责人。"
    en = "Nobody is in charge of that village, nor above it. An administrator has to appoint somebody first."


class AlreadySaid(Refusal):
    code = "already-recorded"
    zh = "此项已经记录，不再重复。"
    en = "This is already recorded."


class NoSubmission(Refusal):
    code = "not-tabled"
    zh = "此件尚未列入党委会议题。截止日前审签的件，在下一次会议研究。"
    en = "The issue is not on the agenda yet. What is signed by the cut-off is tabled at the next meeting."


class NoQuorum(Refusal):
    code = "no-quorum"
    zh = "到会（扣除回避）人数不足法定人数，会议不能作出决定。"
    en = "Too few members were present (without those who abstain) to decide anything."


class NotAtMeeting(Refusal):
    code = "not-at-meeting"
    zh = "记录人或回避人未在本次会议签到。"
    en = "Whoever records or abstains must have signed in at this meeting."


class OutsideMeeting(Refusal):
    code = "outside-meeting"
    zh = "决定时间不在该次会议当日。只能记录会上作出的决定。"
    en = "Decisions count only when made at the meeting: the time given is not on its day."


class OtherTownship(Refusal):
    code = "other-township"
    zh = "该次会议或该项经费不属于本件所在乡镇。请选用本乡镇的会议或经费。"
    en = "That meeting or fund belongs to another township than the issue. Name one of the issue's own township."


class ReasonsNeeded(Refusal):
    code = "reasons-needed"
    zh = "不予办理、退回或缓议须说明理由，理由将告知群众。"
    en = "Declining, returning or deferring needs reasons; the household will read them."


class AmountNeeded(Refusal):
    code = "amount-invalid"
    zh = "金额不合要求：补贴须大于零，且不超过申请额与项目预算。"
    en = "The amount does not fit: a subsidy is above zero and at most what was asked, and within the project's budget."


class OverBudget(Refusal):
    code = "over-budget"
    zh = "超出本年度专项经费可用余额，不能安排。"
    en = "That is more than is left of this year's budget."


class BudgetBelowAllocated(Refusal):
    code = "budget-below-allocated"
    zh = "预算不能低于已安排金额。"
    en = "The budget cannot be lower than what is already allocated."


class OverAllocation(Refusal):
    code = "over-allocation"
    zh = "拨付累计超过已批准补贴，不能拨付。"
    en = "Payments would exceed what was allocated."


class TrancheOutOfOrder(Refusal):
    code = "tranche-out-of-order"
    zh = "拨付批次不连续。请按顺序拨付下一批。"
    en = "Tranches are paid in order. Pay the next one."


class ProgressBackwards(Refusal):
    code = "progress-backwards"
    zh = "形象进度或已支出不能小于上次报告，支出不能超过预算。"
    en = "Progress and spending cannot fall below the last report, nor spending exceed the project's budget."


class ExtensionsExhausted(Refusal):
    code = "extension-not-allowed"
    zh = "延期次数或天数超过实施方案规定。"
    en = "The plan allows no further, or no such long, extension."


class ExtensionNotAsked(Refusal):
    code = "no-extension-asked"
    zh = "没有待审批的延期申请。"
    en = "No extension is waiting for a decision."


class ReviewNotOpen(Refusal):
    code = "review-not-open"
    zh = "现在不能申请复查（复核）：未经答复、已过申请期限，或已经复核终结。"
    en = "A review cannot be asked for now: no answer yet, the time to ask is over, or it was re-checked already."


class LookBackWaived(Refusal):
    code = "look-back-owed"
    zh = "只有从旧系统导入的历史件可以免于回头看。"
    en = "Only records imported from an earlier system need no look-back."


class CannotMerge(Refusal):
    code = "cannot-merge"
    zh = "不能并入该件：它已结束、就是本件、不在同一村（社区），或两件的被反映人不同。"
    en = "It cannot be merged: that one has ended, is the same, of another village, or about another official or none."


class OthersWait(Refusal):
    code = "others-wait-for-it"
    zh = "有其他件并入此件，群众仍待答复，不能撤回、并案或分案。请办结并答复。"
    en = "Other issues were merged into this one and their households wait for its answer. Handle and answer it."


class NothingToCorrect(Refusal):
    code = "nothing-to-correct"
    zh = "更正内容与原记录相同或不完整。"
    en = "The correction is incomplete or equal to what is recorded."


class AlreadyExists(Refusal):
    code = "already-exists"
    zh = "这一条已经存在，不能再次建立。"
    en = "This record exists already."

"""Why the visit diary refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class NoSuchVisit(Refusal):
    code = "no-such-visit"
    zh = "走访日记中没有这一条，或已作废。请核对月份和序号。"
    en = "The diary has no such entry, or it was struck. Check the month and the number."


class NotYourVisit(Refusal):
    code = "not-your-visit"
    zh = "只有当时到场的人或驻点组长可以更正、作废这一条。"
    en = "Only those who were there, or a station lead, may change this entry."


class VisitRepeated(Refusal):
    code = "visit-repeated"
    zh = "同一人同一时间的走访已经登记，不重复计算。"
    en = "A visit of the same person at the same time is in the diary already; it counts once."


class UnknownIssue(Refusal):
    code = "unknown-issue"
    zh = "本村没有这个编号的事项。请先登记事项，或改正编号。"
    en = "This village has no issue of that number. Log it first, or correct the number."


class PriorityNeedsConsent(Refusal):
    code = "priority-needs-consent"
    zh = "该户没有同意这一项重点走访，或已撤回。请先征得并登记同意，或按一般走访登记。"
    en = "The household has not agreed to priority visits for that reason. Record its consent, or an ordinary visit."


class FormAlreadyIn(Refusal):
    code = "form-already-in"
    zh = "这次走访的意见反馈表已登记。"
    en = "The opinion form of this visit is in already."


class NotAHazard(Refusal):
    code = "not-a-hazard"
    zh = "只登记隐患排查中发现、并以隐患排查渠道登记的事项。"
    en = "Only an issue logged by hazard inspection, found on such an inspection, is registered here."


class HazardAlreadyIn(Refusal):
    code = "hazard-already-in"
    zh = "这一隐患已列入台账。"
    en = "This hazard is in the register already."

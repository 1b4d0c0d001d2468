"""Why a fund refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class NoFundingPlan(Refusal):
    code = "plan-without-funding"
    zh = "现行实施方案没有专项经费办法，不能办理此项。"
    en = "The plan in force sets nothing about funds, so this cannot be done. Adopt a plan that does."


class BudgetAlreadySet(Refusal):
    code = "budget-already-set"
    zh = "本年度预算已下达。请按文件调整预算，并说明理由。"
    en = "This year's budget is set. Adjust it, with the reason and the document that orders it."


class BudgetNotSet(Refusal):
    code = "budget-not-set"
    zh = "本年度预算尚未下达。请先下达预算。"
    en = "This year's budget is not set yet. Set it first."


class AdjustmentWaits(Refusal):
    code = "adjustment-waits"
    zh = "已有一项预算调整待确认。请先由另一人确认或不予调整。"
    en = "An adjustment waits already. Another person confirms or refuses it first."


class NoAdjustment(Refusal):
    code = "no-adjustment"
    zh = "没有待确认的预算调整。"
    en = "No adjustment of the budget waits for a second person."


class NothingInPool(Refusal):
    code = "nothing-in-pool"
    zh = "项目库中没有待安排的项目，或已无余额。"
    en = "No project of the pool waits for money, or no money is left."


class RoundWaits(Refusal):
    code = "round-waits"
    zh = "已有一批安排待党委会确认。请先确认或撤回。"
    en = "A round waits for the committee already. Confirm or withdraw it first."


class NoSuchRound(Refusal):
    code = "no-such-round"
    zh = "没有这一批待确认的安排，或已确认、撤回。"
    en = "No such round waits: it was confirmed or withdrawn, or another one was proposed."


class RoundOutdated(Refusal):
    code = "round-outdated"
    zh = "这一批中有项目已不在待经费环节或已另行安排。请只确认其余项目，或撤回后重新拟定。"
    en = "A project of this round waits for money no longer. Confirm the others only, or withdraw the round."


class RankedAhead(Refusal):
    code = "ranked-ahead"
    zh = "与排序不一致：有排序在前的项目尚未安排，或本村年度项目数已满，或不足最低安排比例。请按排序安排，或说明理由。"
    en = "Others rank ahead, the village has its projects, or it is too little. Keep to the ranking, or give reasons."


class TrancheTooEarly(Refusal):
    code = "tranche-too-early"
    zh = "按形象进度尚不能拨付这么多。请待进度报告或验收后再拨付。"
    en = "The works do not stand at the point where so much may be paid. Wait for the report or the acceptance."


class EarlierPaymentWaits(Refusal):
    code = "earlier-payment-waits"
    zh = "安排在前的项目尚未拨付首批。请按顺序拨付，或选定例外情形并说明理由。"
    en = "An earlier project waits for its first payment. Pay in order, or name the exception and the reason."


class FiscalYearIsClosed(Refusal):
    code = "fiscal-year-closed"
    zh = "该年度已结账。已安排未拨付的，在结转后的年度办理。"
    en = "That fiscal year is closed. What was promised and not paid went into the next year."


class NothingUnpaid(Refusal):
    code = "nothing-unpaid"
    zh = "没有已安排未拨付的补贴可取消。"
    en = "Nothing that was granted is unpaid, so there is nothing to cancel."


class NothingUnspent(Refusal):
    code = "nothing-unspent"
    zh = "退回金额超过已拨付未支出的结余。"
    en = "More cannot be returned than was paid and not spent."


class MoneyPaid(Refusal):
    code = "money-paid"
    zh = "已拨付补贴，不能撤回。请办结并答复，结余退回。"
    en = "Money was paid, so it cannot be withdrawn. Finish and answer it, and return what is unspent."

"""Why the end of a case is refused: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class CostOverrun(Refusal):
    code = "cost-overrun"
    zh = "支出超过项目总预算。超支部分请另行登记、提请党委会研究，并注明共性问题。"
    en = "Spending exceeds the project's budget. Log and submit the overrun as an issue of its own."


class SpentBeyondPaid(Refusal):
    code = "spent-beyond-paid"
    zh = "支出超过已拨付补贴与自筹资金之和。请先按进度拨付，再报支出。"
    en = "More is reported as spent than was paid and raised locally. Have the next tranche paid first."


class RectificationNeeded(Refusal):
    code = "rectification-plan-needed"
    zh = "排查发现的工程问题须先有整改方案（措施、单位、责任人、时限）。请先登记整改方案。"
    en = "Works found in an inspection need a rectification plan first: measures, unit, person, deadline."


class CopiesUndelivered(Refusal):
    code = "copies-undelivered"
    zh = "书面答复尚有应送达而未送达的联次，不能销号。请先登记送达。"
    en = "A copy of the written reply that the plan asks for is not delivered yet. Record its delivery first."


class CampaignNotOver(Refusal):
    code = "campaign-not-over"
    zh = "集中行动尚未结束，回头看合格须在结束后登记；发现反弹的，随时可以登记。"
    en = "The campaign is not over. Record after its end that it holds; that it does not hold, at any time."


class NotABacklogCase(Refusal):
    code = "not-a-petition"
    zh = "只有信访事项可以列为积案。"
    en = "Only a petition can be a backlog case."


class NotFinal(Refusal):
    code = "not-to-be-final"
    zh = "按现行实施方案，此件不能终结备案：须经复核维持，或为积案且申请复查期满。"
    en = "By the plan in force it cannot be filed as final: re-checked and upheld, or a backlog case past its review."


class NothingProposed(Refusal):
    code = "no-final-filing-proposed"
    zh = "没有待审定的终结备案。请先提请。"
    en = "No final filing waits for a decision. Propose it first."

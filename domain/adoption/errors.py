"""Why the adoption of a plan is refused: one class a rule, in the tree of domain/errors.py."""

from domain.errors import NotFound, Refusal


class NoSuchProposal(NotFound):
    code = "no-such-plan-proposal"
    zh = "没有这个待采用的方案。请核对提案编号。"
    en = "There is no such proposal. Check its id."


class ProposalSettled(Refusal):
    code = "proposal-settled"
    zh = "这个提案已采用或已撤回。需要变动请另行提出。"
    en = "The proposal was adopted or withdrawn already. Propose anew if something has to change."


class AlreadyProposed(Refusal):
    code = "already-proposed"
    zh = "同一方案、同一起始日、同一范围已提出，等待确认。"
    en = "The same plan from the same day for the same place is proposed already and waits to be confirmed."


class VersionTaken(Refusal):
    code = "plan-version-taken"
    zh = "这个方案代码和版本号已用于内容不同的方案。请把 version 加一。"
    en = "That key and version belong to a plan of other content. Raise `version` by one."


class StartsInThePast(Refusal):
    code = "starts-in-the-past"
    zh = "方案不能自过去的日期起施行。请改为今天或以后。"
    en = "A plan cannot be in force from a day that has passed. Choose today or later."


class UnknownTownship(Refusal):
    code = "unknown-township"
    zh = "没有登记这个乡镇。请核对名称，或先登记单位。"
    en = "There is no such township. Check its name, or register it first."

"""Why the household register refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class HouseholdUnregistered(Refusal):
    code = "household-unregistered"
    zh = "该户未登记，或其资料已清除。请先登记该户。"
    en = "The household is not registered, or its data were erased. Register it first."


class NoConsent(Refusal):
    code = "no-consent"
    zh = "该户没有这一项同意记录，或已撤回。"
    en = "The household gave no such consent, or has withdrawn it."


class NoObjection(Refusal):
    code = "no-objection"
    zh = "该户没有待答复的异议。"
    en = "The household has made no objection that waits for an answer."


class NoErasure(Refusal):
    code = "no-erasure"
    zh = "没有待办的清除申请。请先提出清除。"
    en = "No erasure was proposed, or it was cancelled. Propose it first."


class CaseStillOpen(Refusal):
    code = "case-still-open"
    zh = "该户仍有未办结（含待回头看）的事项，不能清除。请办结后再提出。"
    en = "A case of the household is not settled yet, so nothing can be erased. Settle it first, look-back included."


class AlreadyUnderWay(Refusal):
    code = "erasure-under-way"
    zh = "清除已提出。请由另一人确认，或先撤销。"
    en = "An erasure is under way already. Another person confirms it, or somebody cancels it."

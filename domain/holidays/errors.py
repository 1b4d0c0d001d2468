"""What the holiday tables refuse, beside the refusals of domain/errors.py."""

from domain.errors import Refusal


class NoSuchProposal(Refusal):
    code = "no-such-proposal"
    zh = "没有待确认的这一放假安排，或已有新的提案。请重新查看后确认。"
    en = "No such holiday table waits to be confirmed, or a newer one was proposed. Look again, then confirm."

"""The closed lists that a fund speaks in."""

from enum import StrEnum


class Direction(StrEnum):
    """预算调整: which way."""

    UP = "up"  # 调增
    DOWN = "down"  # 调减


class Standing(StrEnum):
    """What the ranking gives a project of the pool, and why not more."""

    IN_FULL = "in_full"  # 足额安排
    IN_PART = "in_part"  # 部分安排: what is left covers the least share that the plan allows
    TOO_LITTLE_LEFT = "too_little_left"  # 余额不足
    BEHIND_ANOTHER = "behind_another"  # 排在未足额者之后: nobody overtakes
    VILLAGE_HAS_MOST = "village_has_most"  # 本村年度项目数已满
    NEXT_ROUND = "next_round"  # 本批名额已满


class PaymentException(StrEnum):
    """Why somebody is paid before an earlier one who waits 不按顺序拨付的情形."""

    PAYEE_NOT_READY = "payee_not_ready"  # 前者收款手续未齐
    WORKS_NOT_READY = "works_not_ready"  # 前者不具备开工条件
    UNDER_DISPUTE = "under_dispute"  # 前者有争议
    EMERGENCY = "emergency"  # 抢险应急


class Freed(StrEnum):
    """Why the unpaid part of a grant went back to the fund."""

    WITHDRAWN = "withdrawn"  # 撤回
    REOPENED = "reopened"  # 重新办理: a second project is funded anew
    CANCELLED = "cancelled"  # 取消安排


class Rest(StrEnum):
    """What becomes of money that nobody is promised at the year's end."""

    LAPSES = "lapses"  # 收回财政
    MOVES = "moves"  # 结转下年

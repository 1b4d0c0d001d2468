"""The words of the monthly bulletin 月通报: for what somebody is named, why a name is taken off or struck again.

All of closed lists: a bulletin goes to every office, and nobody can write anything about a household into it.
"""

from enum import StrEnum


class Handling(StrEnum):
    """How an issue was handled that its office is named (MZ6)."""

    LATE = "late"  # 迟办
    IDLE = "idle"  # 不作为
    EVASIVE = "evasive"  # 推诿


class Cause(StrEnum):
    """Why an item is taken off before the bulletin is issued, or struck afterwards."""

    NOT_SO = "not_so"  # 与事实不符
    JUSTIFIED = "justified"  # 有正当理由
    OTHER_UNIT = "other_unit"  # 责任不在该单位
    REMEDIED = "remedied"  # 已整改


class Correction(StrEnum):
    """Why an issued bulletin is corrected 更正."""

    RECORDED_LATE = "recorded_late"  # 有事项补录
    WRONGLY_NAMED = "wrongly_named"  # 点名有误
    WRONG_ENTRY = "wrong_entry"  # 原始登记有误，已更正

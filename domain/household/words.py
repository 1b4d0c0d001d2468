"""The closed lists of the household register, and what a telephone number looks like."""

import unicodedata
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from domain.values import Line, ValueRefused


class HouseholdField(StrEnum):
    """What the register may hold of a household. Nothing else: not belief, politics, kin, family planning, no score."""

    NAME = "name"  # 称呼
    PHONE = "phone"  # 电话
    ADDRESS = "address"  # 住址


class WelfareReason(StrEnum):
    """Why a household is visited first: welfare need only."""

    AGE = "age"  # 高龄
    DISABILITY = "disability"  # 残疾
    HARDSHIP = "hardship"  # 生活困难
    ISOLATION = "isolation"  # 独居


class SpokenBy(StrEnum):
    """Who spoke for the household."""

    ITSELF = "itself"  # 本人
    GUARDIAN = "guardian"  # 监护人
    REPRESENTATIVE = "representative"  # 受托人


class ErasureReason(StrEnum):
    """Why its data are to be erased (PIPL 47)."""

    PURPOSE_MET = "purpose_met"  # 处理目的已实现
    RETENTION_OVER = "retention_over"  # 保存期限已届满
    CONSENT_WITHDRAWN = "consent_withdrawn"  # 撤回同意
    UNLAWFUL = "unlawful"  # 违法处理
    MOVED_AWAY = "moved_away"  # 已迁出


_FEWEST_DIGITS = 5
_BETWEEN = frozenset("+-() ")


def phone_digits(text: str) -> str:
    """The digits of a telephone number as it may be written, for comparing: full-width ones too, without +86."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(letter for letter in plain if letter in "0123456789")
    return digits.removeprefix("86") if plain.lstrip().startswith(("+86", "0086")) or len(digits) > 12 else digits


def _readable_phone(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if set(plain) - set("0123456789") - _BETWEEN or len(phone_digits(plain)) < _FEWEST_DIGITS:
        raise ValueRefused(
            "phone-unreadable",
            zh="电话只写一个号码：数字，可含 +、-、括号和空格。",
            en="Write one telephone number: digits, with +, -, brackets and spaces if you like.",
        )
    return text


Phone = Annotated[Line, AfterValidator(_readable_phone)]
"""One telephone number."""

"""The words of auditors' findings 督查发现 and samples 抽样: closed lists, and how ledgers and accounts are named."""

from enum import StrEnum


class FindingSubject(StrEnum):
    """What a finding is about."""

    ISSUE = "issue"  # 事项: one issue
    EVENT = "event"  # 记录: one event of the log, by its position
    LEDGER = "ledger"  # 台账
    FUND = "fund"  # 经费
    CONDUCT = "conduct"  # 人员履职: what somebody did; kept from them as a complaint is
    PROOF = "proof"  # 存证: seal, witnesses, verification


class FindingStanding(StrEnum):
    """Where a finding stands."""

    AWAITED = "awaited"  # 待答复
    ANSWERED = "answered"  # 已答复，待督查审核
    ACCEPTED = "accepted"  # 答复已认可，待办结
    CLOSED = "closed"  # 已办结


class FindingOutcome(StrEnum):
    """What came of a finding."""

    PUT_RIGHT = "put_right"  # 已整改
    EXPLAINED = "explained"  # 情况已说明
    UNFOUNDED = "unfounded"  # 发现不成立: the auditor was mistaken


class SampleKind(StrEnum):
    """Which issues a sample is drawn from: those to which this happened in the days asked for."""

    LOGGED = "logged"  # 登记的
    FIXED_ON_SITE = "fixed_on_site"  # 当场办结的
    ANSWERED = "answered"  # 已书面答复的
    PAID = "paid"  # 已拨款的
    MISSED = "missed"  # 曾超期的
    REOPENED = "reopened"  # 重新办理的
    CLOSED = "closed"  # 已销号的

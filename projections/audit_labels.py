"""Words of auditors' findings and samples in Chinese and English. Joined by labels.py, the only place to ask."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.audit.words import FindingOutcome, FindingStanding, FindingSubject, SampleKind

AUDIT_LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, tuple[str, str]]]] = {
    FindingSubject: {
        FindingSubject.ISSUE: ("事项", "an issue"),
        FindingSubject.EVENT: ("一条记录", "an event of the log"),
        FindingSubject.LEDGER: ("台账", "a ledger"),
        FindingSubject.FUND: ("经费", "a fund"),
        FindingSubject.CONDUCT: ("人员履职", "somebody's conduct"),
        FindingSubject.PROOF: ("存证", "the proof"),
    },
    FindingStanding: {
        FindingStanding.AWAITED: ("待答复", "answer awaited"),
        FindingStanding.ANSWERED: ("已答复，待审核", "answered, to be judged"),
        FindingStanding.ACCEPTED: ("答复已认可，待办结", "answer accepted, to be closed"),
        FindingStanding.CLOSED: ("已办结", "closed"),
    },
    FindingOutcome: {
        FindingOutcome.PUT_RIGHT: ("已整改", "put right"),
        FindingOutcome.EXPLAINED: ("情况已说明", "explained"),
        FindingOutcome.UNFOUNDED: ("发现不成立", "unfounded"),
    },
    SampleKind: {
        SampleKind.LOGGED: ("登记的", "logged"),
        SampleKind.FIXED_ON_SITE: ("当场办结的", "fixed on site"),
        SampleKind.ANSWERED: ("已书面答复的", "answered in writing"),
        SampleKind.PAID: ("已拨款的", "paid for"),
        SampleKind.MISSED: ("曾超期的", "late once"),
        SampleKind.REOPENED: ("重新办理的", "reopened"),
        SampleKind.CLOSED: ("已销号的", "closed"),
    },
}

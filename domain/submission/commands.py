"""What may be asked of what a place hands in for a period: handed in, signed, returned; opened and judged by itself."""

from enum import StrEnum
from functools import lru_cache
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import StringConstraints

from domain.duty.commands import DutyCommand
from domain.values import Digest, Key, Value

_NAMESPACE = UUID("9b7d2c0a-41f3-4c55-8f0c-3f6a7e5d9c21")
Owner = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$")]
"""Who owes it: a place's code, or an officer's account name."""
PaperName = Annotated[str, StringConstraints(pattern=r"^[\w()（）《》·. -]{1,120}$")]
"""The name of a file: no path in it."""


@lru_cache(maxsize=4_096)
def submissions_id_of(place: str, period: str) -> UUID:
    """Where what a place hands in for a period goes."""
    return uuid5(_NAMESPACE, f"{place}/{period}")


class Paper(Value):
    """A paper by its name and the SHA-256 of its content."""

    name: PaperName
    digest: Digest


class Fault(StrEnum):
    """Why something handed in is returned; of closed words, so that nothing about a household is written here."""

    INCOMPLETE = "incomplete"  # 不全
    UNTRUE = "untrue"  # 不实
    UNREADABLE = "unreadable"  # 不清
    WRONG_PERIOD = "wrong_period"  # 非本期


class SubmissionCommand(DutyCommand):
    """About what one place hands in for one period."""

    @property
    def stream_id(self) -> UUID:
        return submissions_id_of(self.place, self.period.name)


class OpenSubmissions(SubmissionCommand):
    """开列报送事项: what is owed, by whom, until when, as the plan says when the period begins."""


class RemindSubmissions(SubmissionCommand):
    """催报: what is missing, some days before it is due; `occurred_at`: the moment of the reminder."""


class RecordMissedSubmissions(SubmissionCommand):
    """登记缺报: everything of the place that was due by `occurred_at` and was not handed in."""


class OnSubmission(SubmissionCommand):
    """About one thing owed by one of them."""

    submission: Key
    owner: Owner


class HandInSubmission(OnSubmission):
    """报送: a paper, or (None) the ledger that is kept here anyway."""

    paper: Paper | None = None


class SignHandIn(OnSubmission):
    """审签报送: by a lead who did not hand it in."""


class ReturnSubmission(OnSubmission):
    """退回报送: it is not what was asked for; before it is due it is owed again."""

    fault: Fault


SUBMISSION_COMMANDS: tuple[type[SubmissionCommand], ...] = (
    OpenSubmissions, RemindSubmissions, RecordMissedSubmissions, HandInSubmission, SignHandIn, ReturnSubmission,
)  # fmt: skip

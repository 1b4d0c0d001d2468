"""What does the household's door show to somebody who has proven to be the household? Its own words, and who looked.

The proof is the end of the telephone number in the register. Whatever is opened here is a look. Called by receipts.py.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from domain.errors import Unavailable
from domain.events import DomainEvent
from domain.files import files_by_field
from domain.household.words import phone_digits
from domain.issue import events as e
from domain.issue.state import Issue
from domain.issue.words import EntryField
from domain.ledger_views import View
from domain.privacy import ERASED, UNREADABLE, subject_of
from domain.values import Role
from projections import household_register
from services.api.parts import ApiParts
from services.persistence.scope import Scope
from services.privacy.looks import Door, Onlooker, Seen, looks_at
from services.privacy.problems import SecondFactorWrong
from services.privacy.unsealing import Reader

THE_HOUSEHOLD_ITSELF: Final = Reader(Onlooker("household", Role.HOUSEHOLD.value), View.WORDS, Door.RECEIPT)
_LAST: Final = 4
_SAID: Final[dict[type[DomainEvent], tuple[str, ...]]] = {
    e.ReplyGiven: ("findings", "opinion", "basis"),
    e.AnswerShared: ("findings", "opinion"),
    e.SubmissionDeclined: ("reasons",),
    e.ReviewDecided: ("opinion",),
    e.RecheckDecided: ("opinion",),
}
"""What was said to the household, and in which fields."""
_ENTRIES: Final = {EntryField.TITLE: "title", EntryField.DESCRIPTION: "description", EntryField.PLACE: "place"}


@dataclass(frozen=True, slots=True)
class Proven:
    """A household that has proven to be itself."""

    village: str
    household: str


def prove(parts: ApiParts, issues: Sequence[Issue], last_four: str) -> Proven:
    """The household of these issues, if its number ends like this. Raises SecondFactorWrong, Unavailable."""
    own = next(((issue.village, issue.household) for issue in issues if issue.household), None)
    if own is None:
        raise SecondFactorWrong
    with parts.reading(Scope.whole()) as connection:
        row = household_register.entry(connection, *own)
    phone = row.phone if row else None
    opened = parts.unsealing.texts(THE_HOUSEHOLD_ITSELF, {"phone": phone}, Seen.HOUSEHOLD)["phone"]
    if opened == UNREADABLE:
        raise Unavailable
    known = "" if opened is None or opened == ERASED else phone_digits(opened)
    if len(known) <= _LAST or not hmac.compare_digest(known[-_LAST:], last_four):
        raise SecondFactorWrong
    return Proven(*own)


def words_of(
    parts: ApiParts, connection: psycopg.Connection, proven: Proven, issues: Iterable[Issue]
) -> dict[str, Any]:
    """The words of the household's issues, what it was answered, and who looked at its data."""
    looks = looks_at(connection, subject_of(proven.village, proven.household))
    return {
        "items": [_item(parts, issue) for issue in issues if issue.household == proven.household],
        "looks": [
            {"at": look.looked_at, "role": look.role, "place": look.place, "door": look.door, "what": look.what}
            for look in looks
        ],
    }


def _item(parts: ApiParts, issue: Issue) -> dict[str, Any]:
    events = list(parts.casework.history(issue.issue_id))
    answers = [(event, _SAID[type(event)]) for event in events if type(event) in _SAID]
    return {
        "number": issue.number,
        **_opened(parts, _entered(events)),
        "files": [
            {"digest": digest, "field": name, "at": event.occurred_at}
            for event in events
            for name, digests in files_by_field(event).items()
            for digest in digests
        ],
        "answers": [
            {"at": event.occurred_at, **_opened(parts, {name: getattr(event, name) for name in names})}
            for event, names in answers
        ],
    }


def _entered(events: Iterable[DomainEvent]) -> dict[str, str | None]:
    """What was reported, as corrected since."""
    entered: dict[str, str | None] = {}
    for event in events:
        if isinstance(event, e.IssueLogged):
            entered = {name: getattr(event, name) for name in _ENTRIES.values()}
        if isinstance(event, e.EntryCorrected) and event.field in _ENTRIES:
            entered[_ENTRIES[event.field]] = event.value
    return entered


def _opened(parts: ApiParts, texts: dict[str, str | None]) -> dict[str, str | None]:
    return parts.unsealing.texts(THE_HOUSEHOLD_ITSELF, texts, Seen.ISSUE)

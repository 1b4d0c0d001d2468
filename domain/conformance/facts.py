"""What patterns need to know of one issue: a small record, made from its history alone. No words: digests of them.

A digest is made where words may be opened (services/audit/alike.py), keyed by a secret that is thrown away afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.conformance.deviations import At
from domain.conformance.history import History
from domain.conformance.labels import base_of
from domain.deadlines import Deadline
from domain.issue.events import IssueLogged
from domain.issue.words import EntryField
from domain.values import Role

Digests = Mapping[tuple[UUID, int, str], bytes]
"""By issue, version and what it is of: `place` or `answer`."""
_ENDINGS: Final = frozenset({"closed", "filed_as_final", "withdrawn"})
_LAST_DAY: Final = timedelta(days=1)


class Answer(NamedTuple):
    """An answer given, and the digest of its words if they could be opened and are long enough."""

    where: At
    digest: bytes | None


class Claim(NamedTuple):
    """A step that was in time by its own word and late by the log's clock."""

    where: At
    recorded_at: datetime


@dataclass(slots=True)
class Facts:
    """One issue."""

    issue_id: UUID
    number: str
    village: str
    household: str | None
    category: str
    plan: str
    imported: bool
    logged: At
    refers_back: bool
    place: bytes | None = None
    cause: str | None = None
    on_site: bool = False
    answers: list[Answer] = field(default_factory=list)
    closed: list[At] = field(default_factory=list)
    struck_off_by_people: list[At] = field(default_factory=list)
    ended: list[At] = field(default_factory=list)
    unanswered: list[At] = field(default_factory=list)
    reopened: list[At] = field(default_factory=list)
    asked_to_extend: list[tuple[At, bool]] = field(default_factory=list)
    looked_back: list[tuple[At, str]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


def facts_of(history: History, digests: Digests) -> Facts | None:
    """The record; None where the history lacks its beginning."""
    if history.logged is None:
        return None
    facts = _begun(history, history.logged, digests)
    answered, running = False, history.logged.deadline
    for index, (label, event) in enumerate(zip(history.labels, history.events, strict=True)):
        where, name = history.at(index), base_of(label)
        if name in ("reply_given", "answer_shared"):
            answered = True
        elif name == "reopened":
            answered = False
        if name == "closed" and not answered:
            facts.unanswered.append(where)
        _note(facts, name, event, where, digests)
        _note_clock(facts, name, event, where, running, history.recorded[index])
        running = getattr(event, "deadline", None) or running
    return facts


def _begun(history: History, logged: IssueLogged, digests: Digests) -> Facts:
    return Facts(
        history.issue_id,
        history.number,
        logged.village,
        logged.household,
        logged.category,
        logged.plan,
        history.imported,
        history.at(0),
        logged.repeats is not None or logged.split_from is not None,
        digests.get((history.issue_id, 1, "place")),
    )


def _note(facts: Facts, name: str, event: Any, where: At, digests: Digests) -> None:
    """What this event adds that has nothing to do with limits."""
    if name == "fixed_on_site":
        facts.on_site = True
    elif name == "common_cause_linked":
        facts.cause = event.cause
    elif name == "entry_corrected" and event.field is EntryField.CATEGORY:
        facts.category = event.value
    elif name == "reply_given":
        facts.answers.append(Answer(where, digests.get((where.issue_id, where.version, "answer"))))
    elif name == "reopened":
        facts.reopened.append(where)
    elif name in ("look_back_passed", "look_back_failed") and facts.answers:
        facts.looked_back.append((where, facts.answers[-1].where.by))
    if name in _ENDINGS:
        facts.ended.append(where)
    if name == "closed":
        facts.closed.append(where)
        if event.actor.role is not Role.PROCESS:
            facts.struck_off_by_people.append(where)


def _note_clock(
    facts: Facts, name: str, event: Any, where: At, running: Deadline | None, recorded_at: datetime
) -> None:
    if running is None or facts.imported or event.actor.role is Role.PROCESS:
        return
    if name == "extension_requested":
        facts.asked_to_extend.append((where, running.due_at - event.occurred_at <= _LAST_DAY))
    if getattr(event, "deadline", None) is not None and event.occurred_at <= running.missed_at < recorded_at:
        facts.claims.append(Claim(where, recorded_at))

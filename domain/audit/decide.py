"""What each command to a finding or a sample does: the tables at the foot. Pure.

Called by casework through domain/elsewhere.py; guards stand in rules.py, the draw in sampling.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from domain import errors as general
from domain.audit import commands as c
from domain.audit import errors, rules
from domain.audit import events as e
from domain.audit.sampling import sample_from
from domain.audit.state import AuditFinding, AuditSample, fold_sample
from domain.audit.words import FindingStanding
from domain.commands import stamp
from domain.context import Context, Log
from domain.deadlines import end_of_day
from domain.events import DomainEvent
from domain.issue.concerned import may_act
from domain.issue.state import Issue
from domain.organisation.state import Organisation
from domain.spot_check.rules import no_hand_in_it, not_past


def decide_finding(finding: AuditFinding | None, command: c.AuditCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    if isinstance(command, c.RecordAuditFinding):
        return (record(command, context),)
    known = rules.known_finding(finding, command.actor, context)
    return (FOLLOW_UPS[type(command)](known, command, context),)


def finding_needs(command: c.AuditCommand, log: Log) -> dict[str, Any]:
    """Who serves where; the issue in which it was found, and the sample that it refers to."""
    found: dict[str, Any] = {"organisation": log.organisation()}
    if isinstance(command, c.RecordAuditFinding):
        if command.number is not None:
            found["others"] = log.issues_numbered((command.number,))
        if command.sample_id is not None:
            found["audit_sample"] = fold_sample(log.history(command.sample_id))
    return found


def household_of(finding: AuditFinding | None, command: c.AuditCommand, context: Context) -> tuple[str, str] | None:
    """Whose words a command brings: those about an issue are its household's."""
    if isinstance(command, c.RecordAuditFinding):
        issue = next(iter(context.others.values()), None)
        return (issue.village, issue.household) if issue and issue.household else None
    known = finding.recorded if finding else None
    return (known.village, known.household) if known and known.village and known.household else None


def record(command: c.RecordAuditFinding, context: Context) -> DomainEvent:
    """By somebody who does not serve there and had no hand in the issue; to whoever may know of it."""
    organisation = rules.organisation_of(context)
    rules.addressed_somewhere(organisation, command.unit)
    rules.not_serving_there(organisation, command.actor, command.unit, context)
    not_past(command.answer_by, command.occurred_at)
    issue = _issue(command, context)
    concerns = rules.of_one_person(command.concerns, issue)
    if command.sample_id is not None:
        rules.drawn_in_it(context.audit_sample, command.number)
    may_act(command.actor, concerns, context)
    return e.AuditFindingRecorded(
        **stamp(command.stream_id, 1, command),
        **command.model_dump(include=_SAID),
        village=issue.village if issue else None,
        household=issue.household if issue else None,
        concerns=concerns,
        villages=_villages(organisation, command.unit, issue),
        answer_by=end_of_day(command.answer_by),
        told=rules.somebody_answers(command.unit, concerns, context),
    )


_SAID: Final = {"about", "number", "position", "ledger", "fund_id", "sample_id", "unit", "problem"}


def _issue(command: c.RecordAuditFinding, context: Context) -> Issue | None:
    if command.number is None:
        return None
    issue = next(iter(context.others.values()), None)
    if issue is None:
        raise general.NotFound
    no_hand_in_it(issue, command.actor)
    return issue


def _villages(organisation: Organisation, unit: str, issue: Issue | None) -> tuple[str, ...]:
    """Whose scope reaches the finding: that of a unit's villages in its township, and of the issue's.

    What goes to an office of the county is read by the whole scope alone.
    """
    own = {issue.village} if issue else set[str]()
    below = organisation.villages_under(unit) if organisation.township_of(unit) else frozenset[str]()
    return tuple(sorted(below | own))


def answer(finding: AuditFinding, command: c.AnswerAuditFinding, context: Context) -> DomainEvent:
    """By the unit; what comes after the day is late."""
    rules.stands_at(finding, FindingStanding.AWAITED)
    rules.addressed_to(finding, command.actor, context)
    return e.AuditFindingAnswered(
        **_next(finding, command),
        answer=command.answer,
        late=command.occurred_at > finding.answer_by,
        told=tuple(sorted(finding.auditors)),
    )


def accept(finding: AuditFinding, command: c.AcceptAuditAnswer, context: Context) -> DomainEvent:
    """By an auditor who does not serve there."""
    _audited(finding, command, context)
    rules.stands_at(finding, FindingStanding.ANSWERED)
    told = rules.those_who_answer(finding, context)
    return e.AuditAnswerAccepted(**_next(finding, command), opinion=command.opinion, told=told)


def insist(finding: AuditFinding, command: c.InsistOnAuditFinding, context: Context) -> DomainEvent:
    """Another answer, until another day."""
    _audited(finding, command, context)
    rules.stands_at(finding, FindingStanding.ANSWERED)
    not_past(command.answer_by, command.occurred_at)
    return e.AuditFindingInsisted(
        **_next(finding, command),
        opinion=command.opinion,
        answer_by=end_of_day(command.answer_by),
        round=finding.rounds + 1,
        told=rules.somebody_answers(finding.unit, finding.concerns, context),
    )


def close(finding: AuditFinding, command: c.CloseAuditFinding, context: Context) -> DomainEvent:
    """When the answer was accepted, or the auditor sees that there was nothing."""
    _audited(finding, command, context)
    rules.may_be_closed(finding, command.outcome)
    told = rules.those_who_answer(finding, context)
    said = {"outcome": command.outcome, "summary": command.summary}
    return e.AuditFindingClosed(**_next(finding, command), **said, told=told)


def _audited(finding: AuditFinding, command: c.AuditCommand, context: Context) -> None:
    rules.not_serving_there(rules.organisation_of(context), command.actor, finding.unit, context)


def _next(of: AuditFinding | AuditSample, command: c.AuditCommand) -> dict[str, Any]:
    return stamp(command.stream_id, of.version + 1, command)


# -- samples --------------------------------------------------------------------------------------------------------


def decide_sample(sample: AuditSample | None, command: c.AuditCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    if isinstance(command, c.AskAuditSample):
        said = command.model_dump(include={"number", "kind", "village", "since", "until"})
        return (e.AuditSampleAsked(**stamp(command.stream_id, 1, command), **said),)
    if sample is None:
        raise general.NotFound
    return (draw(sample, command, context),)


def sample_needs(command: c.AuditCommand, log: Log) -> dict[str, Any]:
    """For the draw: the head, and what is drawn from."""
    if isinstance(command, c.AskAuditSample):
        return {}
    sample = fold_sample(log.history(command.stream_id))
    return {"sample_basis": log.sample_basis(sample.criteria)} if sample else {}


def draw(sample: AuditSample, command: c.AuditCommand, context: Context) -> DomainEvent:
    """Once; whoever asks, and whenever, the same is drawn."""
    rules.not_drawn_yet(sample)
    basis = context.sample_basis
    if basis is None:
        raise errors.SampleNotSealed
    found = sample_from(basis, sample.sample_id, sample.asked.number)
    said = {"head": basis.head, "head_hash": basis.head.hash, **asdict(found)}
    return e.AuditSampleDrawn(**_next(sample, command), **said)


FOLLOW_UPS: Final[Mapping[type[c.AuditCommand], Callable[[AuditFinding, Any, Context], DomainEvent]]] = {
    c.AnswerAuditFinding: answer,
    c.AcceptAuditAnswer: accept,
    c.InsistOnAuditFinding: insist,
    c.CloseAuditFinding: close,
}

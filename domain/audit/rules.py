"""The guards of findings and samples: each is one sentence, written once. They refuse by raising."""

from datetime import datetime
from typing import Final

from domain import errors as general
from domain.audit import errors
from domain.audit.state import AuditFinding, AuditSample
from domain.audit.words import FindingOutcome, FindingStanding
from domain.context import Context
from domain.issue.concerned import is_barred
from domain.issue.state import Issue
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.values import Actor, Role

_IN_CHARGE: Final = (Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.DEPARTMENT, Role.FINANCE)


def organisation_of(context: Context) -> Organisation:
    """The log tells who serves where."""
    if context.organisation is None:
        raise general.Unavailable
    return context.organisation


def addressed_somewhere(organisation: Organisation, unit: str) -> None:
    """The unit that has to answer exists."""
    place = organisation.place(unit)
    if place is None or place.closed:
        raise errors.NoSuchUnit


def who_answers(organisation: Organisation, unit: str, concerns: str | None, at: datetime) -> tuple[str, ...]:
    """Those in charge of the unit; where there is none, or they may know nothing of it, those of the unit above."""
    for place in organisation.upwards(unit):
        found = (organisation.in_charge(role, place.code, at) for role in _IN_CHARGE)
        may = {who for who in found if who is not None and not _is_kept_from(who, concerns, organisation, at)}
        if may:
            return tuple(sorted(may))
    return ()


def _is_kept_from(person: str, concerns: str | None, organisation: Organisation, at: datetime) -> bool:
    return concerns is not None and (person == concerns or concerns in organisation.superiors_of(person, at))


def somebody_answers(unit: str, concerns: str | None, context: Context) -> tuple[str, ...]:
    """A finding goes to somebody who may know of it."""
    found = who_answers(organisation_of(context), unit, concerns, context.now)
    if not found:
        raise general.NobodyMayAnswer
    return found


def of_one_person(concerns: str | None, issue: Issue | None) -> str | None:
    """A finding speaks of one official at most: its issue complains of nobody, or of the same one."""
    complained_of = issue.concerns if issue else None
    if concerns is not None and complained_of not in (None, concerns):
        raise errors.AboutAnother
    return concerns or complained_of


def not_serving_there(organisation: Organisation, actor: Actor, unit: str, context: Context) -> None:
    """Nobody audits the place in which they serve, in another post than the auditor's."""
    own = {unit} if _is_office(organisation, unit) else {unit, *organisation.villages_under(unit)}
    posts = (post for person in actor.persons for post in organisation.posts_of(person, context.now))
    if any(post.place in own and post.role is not Role.AUDITOR for post in posts):
        raise general.SamePerson


def _is_office(organisation: Organisation, unit: str) -> bool:
    place = organisation.place(unit)
    return place is not None and place.kind in (PlaceKind.COUNTY, PlaceKind.TOWNSHIP, PlaceKind.DEPARTMENT)


def known_finding(finding: AuditFinding | None, actor: Actor, context: Context) -> AuditFinding:
    """There is such a finding, and whoever acts may know of it."""
    if finding is None or any(is_barred(person, finding.concerns, context) for person in actor.persons):
        raise general.NotFound
    return finding


def stands_at(finding: AuditFinding, standing: FindingStanding) -> None:
    """The finding stands where this can be done."""
    if finding.standing is not standing:
        raise errors.FindingElsewhere


def those_who_answer(finding: AuditFinding, context: Context) -> tuple[str, ...]:
    """Whoever would have to answer it now."""
    return who_answers(organisation_of(context), finding.unit, finding.concerns, context.now)


def addressed_to(finding: AuditFinding, actor: Actor, context: Context) -> None:
    """Whoever is in charge of the unit answers, or their deputy; nobody else."""
    if actor.persons.isdisjoint(those_who_answer(finding, context)):
        raise errors.NotAddressed


def may_be_closed(finding: AuditFinding, outcome: FindingOutcome) -> None:
    """Once the answer was accepted; at any time if the auditor was mistaken."""
    allowed = FindingStanding.ACCEPTED
    if finding.standing is FindingStanding.CLOSED or (
        outcome is not FindingOutcome.UNFOUNDED and finding.standing is not allowed
    ):
        raise errors.FindingElsewhere


def drawn_in_it(sample: AuditSample | None, number: str | None) -> None:
    """A finding that refers to a sample is about one of the issues drawn in it, or about the sample at large."""
    if sample is None or sample.drawn is None or (number is not None and number not in sample.drawn.items):
        raise errors.NotInSample


def not_drawn_yet(sample: AuditSample) -> None:
    """A sample is drawn once."""
    if sample.drawn is not None:
        raise errors.AlreadyDrawn

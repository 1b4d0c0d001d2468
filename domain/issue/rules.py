"""The guards: each is one sentence, written once. They read state and command, and refuse by raising.

Limits of time that every command obeys are at the top; the rest follows the life of an issue.
"""

from collections.abc import Collection, Set
from datetime import UTC, datetime, timedelta

from domain import errors
from domain.commands import Command
from domain.context import Context, Village
from domain.deadlines import Deadline
from domain.issue.concerned import above_for, unless_barred
from domain.issue.state import Issue
from domain.issue.words import Stage, Tier
from domain.plan import Plan
from domain.values import Responsible

CLOCK_SKEW = timedelta(minutes=5)
EARLIEST = datetime(1949, 10, 1, tzinfo=UTC)


def role_may(command: Command) -> None:
    """Only the roles named on the command may ask for it (requirements: who uses it)."""
    if command.actor.role not in command.ROLES:
        raise errors.RoleNotAllowed


def happened_by(now: datetime, moment: datetime) -> None:
    """Nothing is recorded before it happened (L14)."""
    if moment > now + CLOCK_SKEW:
        raise errors.InTheFuture
    if moment < EARLIEST:
        raise errors.BeforeTheBeginning


def not_before(beginning: datetime, moment: datetime) -> None:
    """Nothing happens to an issue before it was logged (L14)."""
    if moment < beginning:
        raise errors.BeforeTheBeginning


def at_stage(issue: Issue, stages: Collection[Stage]) -> None:
    """The issue stands at one of these stages."""
    if issue.stage not in stages:
        raise errors.WrongStage


def same_township(context: Context, village_code: str, township: str) -> None:
    """A meeting decides about, and a fund pays for, its own township only (L8, L9)."""
    village = known_village(context, village_code)
    if township not in (village.township, *village.earlier_townships):
        raise errors.OtherTownship


def nobody_waits(issue: Issue) -> None:
    """No household whose issue was merged into this one would lose its answer (L13)."""
    if issue.absorbed:
        raise errors.OthersWait


def another_person(who: Set[str], than: Set[str]) -> None:
    """Four eyes: none of those who proposed or did it, nor a deputy of theirs, nor whom they stood in for."""
    if who & than:
        raise errors.SamePerson


def had_a_hand_in(issue: Issue) -> frozenset[str]:
    """Who handled the case, answers for it or leads it: they do not judge it (L11, L12)."""
    leader = {issue.leader} if issue.leader is not None else frozenset[str]()
    return issue.handlers | {issue.responsible.person} | leader


def second_person(issue: Issue, context: Context, but: Set[str]) -> tuple[str, ...] | None:
    """Who is told that this waits for another person than those who proposed or did it."""
    return above_for(known_village(context, issue.village), issue.concerns, context, but)


def known_village(context: Context, code: str) -> Village:
    """The village is registered."""
    village = context.directory.village(code)
    if village is None:
        raise errors.UnknownVillage
    return village


def open_village(context: Context, code: str) -> Village:
    """The village is registered and takes new issues."""
    village = known_village(context, code)
    if village.closed:
        raise errors.UnknownVillage
    return village


def known_category(plan: Plan, category: str) -> None:
    """The plan has this category."""
    if category not in plan.categories:
        raise errors.UnknownCategory


def known_department(plan: Plan, department: str) -> None:
    """The plan has this department."""
    if department not in plan.departments:
        raise errors.UnknownDepartment


def reasons_given(reasons: str | None) -> str:
    """A decision against somebody says why (L8)."""
    if not reasons:
        raise errors.ReasonsNeeded
    return reasons


def open_deadline(issue: Issue, due_at: datetime) -> Deadline:
    """The clock meant is the one that runs now (it may have been met or moved meanwhile)."""
    if issue.deadline is None or issue.deadline.due_at != due_at:
        raise errors.NoDeadline
    return issue.deadline


def open_notice(issue: Issue, due_at: datetime) -> Deadline:
    """The household has not been told yet, and until then it is to be (XF1)."""
    if issue.notice is None or issue.notice.due_at != due_at:
        raise errors.NoDeadline
    return issue.notice


def is_due(moment: datetime, now: datetime) -> None:
    """Nothing is called late before its time (L4)."""
    if now < moment:
        raise errors.NotDueYet


def next_tier(tier: Tier) -> Tier:
    """One tier up; only the committee refers to the county (L5)."""
    return Tier.TOWNSHIP if tier is Tier.VILLAGE else tier


def unit_of(issue_village: str, tier: Tier, department: str | None = None) -> str:
    """The unit that owns an issue at this tier."""
    if department is not None:
        return f"department:{department}"
    return f"station:{issue_village}" if tier is Tier.VILLAGE else tier.value


def responsible_at(
    context: Context, village_code: str, tier: Tier, department: str | None = None, *, concerns: str | None
) -> Responsible:
    """Unit and person for a tier or department (L3): no open issue is without an owner, nor with a barred one."""
    village = known_village(context, village_code)
    unit = unit_of(village_code, tier, department)
    of_village = tier is Tier.VILLAGE and department is None
    person = village.handler if of_village else context.directory.head_of(unit, village_code)
    person = person or village.lead or context.directory.head_of(Tier.TOWNSHIP, village_code)
    if person is None:
        raise errors.NobodyInCharge
    return unless_barred(Responsible(unit=unit, person=person), village, concerns, context)

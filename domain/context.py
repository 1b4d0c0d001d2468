"""What a decision may look at beside the issue: time, plan, calendar, who is who, and what else it concerns.

Handed in by casework; nothing here reads a clock or a database.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from domain.plan import Plan
from domain.values import UserId, Value, VillageCode
from domain.workdays import HolidayTable

if TYPE_CHECKING:
    from domain.audit.sampling import Criteria, SampleBasis
    from domain.audit.state import AuditSample
    from domain.bulletin.figures import Asked, Drawn
    from domain.duty.facts import Loaded
    from domain.duty.registers import Registers
    from domain.events import DomainEvent
    from domain.fund.state import Fund
    from domain.household.state import Household
    from domain.issue.state import Issue
    from domain.meeting.state import Meeting
    from domain.organisation.state import Organisation
    from domain.spot_check.basis import Basis
    from domain.visit.state import Visit


class Village(Value):
    """A village or community 村(社区), and who looks after it."""

    code: VillageCode
    name: str
    township: str
    handler: UserId | None = None
    lead: UserId | None = None
    earlier_townships: tuple[str, ...] = ()  # names that the township had before
    closed: bool = False


class Directory(Protocol):
    """Who is who now. Answers come from the organisation."""

    def village(self, code: str) -> Village | None:
        """The village with this code, or None."""
        ...

    def head_of(self, unit: str, village: str) -> str | None:
        """Who answers for the `township`, `county` or `department:<key>` of this village, or None."""
        ...

    def township_of(self, place: str) -> str | None:
        """The name of the township that a place is or belongs to, or None."""
        ...

    def superiors_of(self, user: str) -> frozenset[str]:
        """Everybody above this account, transitively; never the account itself."""
        ...

    def committee_of(self, township: str) -> tuple[str, ...]:
        """The committee's members of the township of this name, whoever is in charge first."""
        ...

    def villages_under(self, place: str) -> frozenset[str]:
        """The villages of a place."""
        ...


class Log(Protocol):
    """What decisions look at beside their own stream is read here; casework is one."""

    def history(self, stream_id: UUID) -> "Iterator[DomainEvent]":
        """All events of a stream, oldest first."""
        ...

    def issue(self, issue_id: UUID) -> "Issue | None":
        """An issue's present state, or None."""
        ...

    def household(self, village: str, household: str) -> "Household | None":
        """A household's entry in the register, or None."""
        ...

    def organisation(self) -> "Organisation":
        """Who is who and where."""
        ...

    def issues_numbered(self, numbers: Iterable[str]) -> "Mapping[UUID, Issue]":
        """The issues that have these numbers, by their ids; what nobody knows is left out."""
        ...

    def draw_basis(self, township: str, moment: datetime) -> "Basis | None":
        """What is drawn from in a township, by the first event recorded then or later; None: none is sealed yet."""
        ...

    def sample_basis(self, asked: "Criteria") -> "SampleBasis | None":
        """What an auditor's sample is drawn from; None: what was asked for is not sealed yet."""
        ...

    def bulletin_basis(self, asked: "Asked", moment: datetime | None) -> "Drawn | None":
        """The figures of a month by the first event recorded then or later (None: by the last one that is sealed)."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a decision may use beside the state and the command; `plan`: in force there at the command's time."""

    now: datetime
    plan: Plan
    holidays: HolidayTable
    directory: Directory
    receipt_hash: str = ""
    meeting: "Meeting | None" = None
    earlier: tuple["Meeting", ...] = ()  # the same place's weekly meetings of the month
    fund: "Fund | None" = None
    others: Mapping[UUID, "Issue"] = field(default_factory=dict)
    part_ids: tuple[UUID, ...] = ()
    open_cases: int = 0  # of the household that is to be erased
    household: "Household | None" = None  # the one visited
    visit: "Visit | None" = None  # that shows something
    registers: "Registers | None" = None
    duty: "Loaded | None" = None  # from which duties are counted
    organisation: "Organisation | None" = None
    townships: Set[str] = frozenset()  # the names of those that are open, for a plan of one's own
    draw_basis: "Basis | None" = None
    sample_basis: "SampleBasis | None" = None
    audit_sample: "AuditSample | None" = None  # that a finding refers to
    bulletin: "Drawn | None" = None  # the figures of a month
    began: datetime | None = None  # since when this office keeps its books here; None: ever since

    def is_before_us(self, moment: datetime) -> bool:
        """Whether it lies before the plan was in force here: nothing is owed for a period that had begun by then."""
        return self.began is not None and moment < self.began

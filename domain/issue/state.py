"""What an issue remembers: only what decisions and waits need. Everything else about an issue is in projections."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final, Self
from uuid import UUID

from domain.deadlines import Deadline
from domain.issue.words import FINAL_STAGES, OPEN_STAGES, Channel, CopyFor, Rating, Stage, Tier, Urgency
from domain.values import Responsible


@dataclass(slots=True)
class Issue:
    """One issue's state. Never change one in place: `evolve` returns the next."""

    issue_id: UUID
    version: int
    number: str
    stage: Stage
    village: str
    category: str
    channel: Channel
    place: str | None
    household: str | None
    source: str | None
    plan: str
    logged_at: datetime
    receipt_hash: str
    tier: Tier
    responsible: Responsible
    received_at: datetime  # by the office that has it
    concerns: str | None = None  # the official complained of
    department: str | None = None
    came_from: tuple[Tier, Responsible] | None = None
    sent_up_by: frozenset[str] = frozenset()
    # the clock that runs now
    deadline: Deadline | None = None
    deadline_version: int = 0
    reminded: bool = False
    missed: bool = False
    notices: int = 0
    next_notice_at: datetime | None = None
    extensions: int = 0
    paused: bool = False  # the last of the deadline's pauses goes on
    extension_asked: tuple[int, frozenset[str]] | None = None  # days, by whom
    # the household's clock beside it: a promised date, or the limit under which another holder had the case
    promise: Deadline | None = None
    promise_missed: bool = False
    promise_holder: Responsible | None = None  # who let it run; None: whoever has the case
    # told: the clock beside both, while the household has not been told that the case was received
    notice: Deadline | None = None
    notice_reminded: bool = False
    notice_missed: bool = False
    told_before_sent: bool = False  # whoever sent it to the office that has it had told the household
    told_since: datetime | None = None  # the `received_at` for which the household was told
    told_extension: int | None = None  # the `deadline_version` of which the household was told
    # committee and money
    prepared_by: frozenset[str] = frozenset()
    total_budget: Decimal = Decimal(0)
    subsidy_asked: Decimal = Decimal(0)
    expected_completion: date | None = None
    urgency: Urgency = Urgency.ORDINARY
    submitted_at: datetime | None = None  # signed: the order of submission counts from then
    table_at: datetime | None = None
    tabled: bool = False
    deferrals: int = 0
    fund_id: UUID | None = None
    subsidy: Decimal = Decimal(0)
    granted: Decimal = Decimal(0)
    granted_by: frozenset[str] = frozenset()
    paid: Decimal = Decimal(0)
    tranches: int = 0
    returned: Decimal = Decimal(0)
    unspent_before: Decimal = Decimal(0)  # of works before the issue reopened, still to be returned
    # works
    percent: int = 0
    spent: Decimal = Decimal(0)
    progress_due_at: datetime | None = None
    workers: frozenset[str] = frozenset()
    handlers: frozenset[str] = frozenset()
    # answer
    replied: bool = False
    review_until: datetime | None = None
    recheck_until: datetime | None = None
    copies: frozenset[CopyFor] = frozenset()
    rating: Rating | None = None
    reopenings: int = 0
    reviewed: bool = False
    rechecked: bool = False
    rectification: bool = False  # 整改方案
    backlog: str | None = None  # 积案: its campaign
    final_by: frozenset[str] = frozenset()  # who proposed to file it as final
    absorbed: tuple[UUID, ...] = ()
    leader: str | None = None
    cause: str | None = None

    @property
    def pause_ends_at(self) -> datetime | None:
        """When the clock goes on by itself, if it stands still."""
        pauses = self.deadline.pauses if self.paused and self.deadline else None
        return pauses[-1].until if pauses else None

    @property
    def is_open(self) -> bool:
        """Not struck off yet."""
        return self.stage in OPEN_STAGES

    @property
    def is_final(self) -> bool:
        """Nothing more is owed."""
        return self.stage in FINAL_STAGES

    def __copy__(self) -> Self:
        """Every event makes a copy; the usual way, by pickling's protocol, costs several times as much."""
        return type(self)(*_every_field(self))


_every_field: Final = attrgetter(*Issue.__slots__)

"""The list of read models. A new one is one file and one line here; README.md says the rest."""

from collections.abc import Collection
from typing import Final

from projections.appraisal import APPRAISAL
from projections.audit_findings import AUDIT_FINDINGS
from projections.bulletins import BULLETINS
from projections.committee_submission import COMMITTEE_SUBMISSION
from projections.dashboard import DASHBOARD
from projections.docket import DOCKET
from projections.fund_register import FUND_REGISTER
from projections.household_register import HOUSEHOLD_REGISTER
from projections.inbox import INBOX
from projections.issue_history import ISSUE_HISTORY
from projections.issue_ledger import ISSUE_LEDGER
from projections.issue_spells import ISSUE_SPELLS
from projections.liaison import LIAISON
from projections.meeting_register import MEETING_REGISTER
from projections.petition_ledger import PETITION_LEDGER
from projections.places import PLACES
from projections.projection import Projection, ReadModel
from projections.receipt import RECEIPT
from projections.spot_checks import SPOT_CHECKS
from projections.submissions import SUBMISSIONS
from projections.visit_coverage import VISIT_COVERAGE
from projections.visits import VISITS
from projections.written_reply import WRITTEN_REPLY

PROJECTIONS: Final[tuple[Projection, ...]] = (
    ISSUE_LEDGER, ISSUE_HISTORY, DASHBOARD, HOUSEHOLD_REGISTER, RECEIPT, PLACES, FUND_REGISTER, VISITS,
    LIAISON, VISIT_COVERAGE, SUBMISSIONS, INBOX, SPOT_CHECKS, BULLETINS, DOCKET, MEETING_REGISTER, PETITION_LEDGER,
    COMMITTEE_SUBMISSION, APPRAISAL, WRITTEN_REPLY, ISSUE_SPELLS,
    AUDIT_FINDINGS,
)  # fmt: skip
NAMES: Final = tuple(projection.name for projection in PROJECTIONS)


class UnknownProjection(LookupError):
    """There is no read model of this name."""


def read_models() -> list[ReadModel]:
    """Each as `services.migrate.migrate` takes it."""
    return [ReadModel(it.name, it.ddl + it.indexes, it.tables) for it in PROJECTIONS]


def chosen(names: Collection[str]) -> list[Projection]:
    """The read models of these names, in the order of the list. Raises UnknownProjection."""
    unknown = set(names) - set(NAMES)
    if unknown:
        raise UnknownProjection(", ".join(sorted(unknown)))
    return [projection for projection in PROJECTIONS if projection.name in names]

"""The visits to a household and what the liaison register says of it, every word a canary. Called by test_canary.py."""

from datetime import UTC, datetime
from typing import Any, Final

from domain.casework import Casework
from domain.liaison import commands as li
from domain.organisation.commands import LinkOfficer
from domain.values import LOCAL_ZONE
from domain.visit import commands as v
from tests.e2e.canary_doors import CANARY, KEPT
from tests.support.free_text import written
from tests.support.organisation import ask as ask_organisation
from tests.support.visits import AnyCommand, ask

_HELPED: Final = (
    li.ListPriorityHousehold,
    li.AgreeHelpPlan,
    li.PromiseMeasure,
    li.RecordMeasureDone,
    li.EndHelpPlan,
    li.StrikePriorityHousehold,
    li.EnterBook,
)


def every_word_of_visits(casework: Casework) -> None:
    """A visit corrected, asked about, shown as help, struck; a household listed, helped, and no more.

    It is registered and agreed to be visited.
    """
    linked = {"officer": "handler", "village": "QS", "household": KEPT}
    casework.handle(ask_organisation(LinkOfficer, at=datetime.now(UTC), **linked))
    entry = _visited(casework)
    for kind in (v.CorrectVisit, v.CollectOpinions):
        casework.handle(_said(kind, **entry))
    casework.handle(_said(li.RecordDifficultySolved, **_of_the_household(), issue=None, **entry))
    for helped in _HELPED:
        casework.handle(_said(helped, **_of_the_household()))
    casework.handle(_said(v.StrikeVisit, **entry))


def _visited(casework: Casework) -> dict[str, Any]:
    """Month and number of a visit in the diary."""
    asked = _said(v.RecordVisit, household=KEPT).model_copy(update={"place": None})  # to a household or to a place
    outcome = casework.handle(asked)
    *_, visit = casework.history(outcome.stream_id)
    return {"month": asked.month, "entry": visit.model_dump()["entry"]}


def _of_the_household() -> dict[str, Any]:
    return {"year": datetime.now(LOCAL_ZONE).year, "household": KEPT}


def _said(kind: type[AnyCommand], **fields: Any) -> AnyCommand:
    return written(ask(kind, at=datetime.now(UTC), **fields), CANARY)

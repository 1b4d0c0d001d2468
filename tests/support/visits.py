"""Builds any command to the visit diary: `ask(RecordVisit, at=..., by="handler", household="QS-012")`.

Ids follow from the call: the same call twice is the same command; `key="..."` tells two apart.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.household import commands as households
from domain.household.words import SpokenBy, WelfareReason
from domain.issue.words import Channel
from domain.liaison import commands as li
from domain.liaison.commands import LiaisonCommand
from domain.liaison.words import Book, CardOfficial
from domain.values import Actor
from domain.visit import commands as c
from domain.visit.commands import DiaryCommand
from domain.visit.words import HazardLevel, VisitKind
from tests.support.casework import case
from tests.support.memory_log import MemoryLog
from tests.support.office import PEOPLE, START

_NAMESPACE = UUID("f15f1a44-5f7c-4d7a-9d7d-0f8f1b0a6e21")
ISSUE: Final = "QS-2026-0001"
AnyCommand = TypeVar("AnyCommand", bound=DiaryCommand | LiaisonCommand)
_OF_ENTRY: Final[Mapping[str, Any]] = {"month": "2026-03", "entry": 1}
_CARD: Final = tuple(
    CardOfficial(officer=officer, name=name, duty=duty, phone="0599-1234567")
    for officer, name, duty in (("handler", "张某", "驻点干部"), ("lead", "李某", "驻点组长"))
)
_OF_HOUSEHOLD: Final[Mapping[str, Any]] = {"year": 2026, "household": "QS-012"}
FIELDS: Final[Mapping[type[DiaryCommand | LiaisonCommand], Mapping[str, Any]]] = {
    li.ListPriorityHousehold: {**_OF_HOUSEHOLD, "reason": WelfareReason.AGE, "planned": 4},
    li.StrikePriorityHousehold: {**_OF_HOUSEHOLD, "reason": "已搬去与子女同住。"},
    li.AgreeHelpPlan: {
        **_OF_HOUSEHOLD,
        "situation": "屋顶漏雨。",
        "wish": "修好屋顶。",
        "goal": "年内修好屋顶。",
        "given_by": SpokenBy.ITSELF,
        "given_on": date(2026, 3, 1),
    },
    li.PromiseMeasure: {
        **_OF_HOUSEHOLD,
        "measure": "联系工匠修屋顶。",
        "officer": "handler",
        "due_on": date(2026, 6, 30),
    },
    li.RecordMeasureDone: {**_OF_HOUSEHOLD, "number": 1, "result": "屋顶已修好。"},
    li.EndHelpPlan: {**_OF_HOUSEHOLD, "reason": "本人不再需要。"},
    li.RecordDifficultySolved: {**_OF_HOUSEHOLD, "officer": "handler", "difficulty": "帮助修好屋顶。", "issue": ISSUE},
    li.EnterBook: {"year": 2026, "book": Book.ORGANISATION, "matter": "组织志愿者清理河道。", "officer": "handler"},
    li.IssueContactCard: {"officials": _CARD, "promise": "有事请找我，件件有回音。", "by": "lead"},
    li.DeliverCards: {"edition": 1, "households": ("QS-012", "QS-013")},
    c.RecordVisit: {"kind": VisitKind.HOUSEHOLD, "household": "QS-012", "said": "说路灯不亮。"},
    c.CorrectVisit: {**_OF_ENTRY, "done": "当场换了灯泡。", "reason": "漏记。"},
    c.StrikeVisit: {**_OF_ENTRY, "reason": "记错户号。"},
    c.CollectOpinions: {**_OF_ENTRY, "construction": "修路灯。", "reply_wanted": True, "reply_by": "当面"},
    c.RegisterHazard: {**_OF_ENTRY, "issue": ISSUE, "level": HazardLevel.SERIOUS, "requirement": "先围挡，限期加固。"},
}


def ask(
    wish: type[AnyCommand], /, *, at: datetime = START, by: str | Actor | None = None, key: str = "", **fields: Any
) -> AnyCommand:
    """A valid command; `fields` override the defaults."""
    values = {"village": "QS", **FIELDS[wish], **fields}
    usual = values.pop("by", "handler")
    by = by or usual
    seed = f"{wish.__name__}/{at}/{by}/{sorted(values.items())!r}/{key}"
    actor = by if isinstance(by, Actor) else PEOPLE[by]
    return wish(**{"command_id": uuid5(_NAMESPACE, seed), "actor": actor, "occurred_at": at, **values})


def consent(village: str = "QS", household: str = "QS-012") -> tuple[households.HouseholdCommand, ...]:
    """A household is registered, and agrees to priority visits because of age."""
    who = {"actor": PEOPLE["handler"], "occurred_at": START, "village": village, "household": household}
    ids = [uuid5(_NAMESPACE, f"{village}/{household}/{step}") for step in ("register", "consent")]
    agreed = {"reason": WelfareReason.AGE, "given_by": SpokenBy.ITSELF, "given_on": date(2026, 3, 1)}
    return (
        households.RegisterHousehold(command_id=ids[0], **who),
        households.RecordPriorityConsent(command_id=ids[1], **who, **agreed),
    )


def a_log(*, inspected: bool = False, **log_fields: Any) -> MemoryLog:
    """The log in which each command above is accepted: an issue found on inspection, and maybe a visit."""
    channel = Channel.HAZARD_INSPECTION
    log = MemoryLog(case("logged", **{"channel": channel, "household": None, **log_fields}).streams)
    if inspected:
        log.do(ask(c.RecordVisit, kind=VisitKind.HAZARD, household=None, place="老桥头"))
    return log

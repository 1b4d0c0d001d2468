"""Where does a case stand in its life 登记 … 回头看? The steps it went through, the present one, and those to come."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.issue import events as e
from domain.issue.words import FINAL_STAGES, Stage
from services.web.language import Pair


@dataclass(frozen=True, slots=True)
class Step:
    """`state`: done, now or ahead."""

    called: Pair
    state: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the life. `always`: every case passes it; others only those that came there by one of `topics`."""

    zh: str
    en: str
    stages: frozenset[Stage]
    topics: frozenset[str] = frozenset()
    always: bool = False


def _topics(*kinds: type) -> frozenset[str]:
    return frozenset(kind.TOPIC for kind in kinds)  # type: ignore[attr-defined]


_LIFE: Final = (
    _Part("登记", "logged", frozenset({Stage.LOGGED}), always=True),
    _Part("上报", "sent up", frozenset({Stage.ESCALATED}), _topics(e.IssueEscalated)),
    _Part("办理", "handled", frozenset({Stage.HANDLING}), _topics(e.IssueAccepted)),
    _Part("党委会", "committee", frozenset({Stage.SUBMISSION, Stage.COMMITTEE}), _topics(e.SubmissionPrepared)),
    _Part("报县", "county", frozenset({Stage.WITH_COUNTY}), _topics(e.SubmissionReferredUp)),
    _Part("经费", "funding", frozenset({Stage.FUNDING}), _topics(e.FundingGranted)),
    _Part("实施、办结", "works", frozenset({Stage.WORKS, Stage.INSPECTION}), _topics(e.WorksCompleted, e.TranchePaid)),
    _Part("答复", "reply", frozenset({Stage.REPLY}), always=True),
    _Part("群众评价", "rating", frozenset({Stage.FEEDBACK}), always=True),
    _Part("复查、复核", "review", frozenset({Stage.REVIEW, Stage.RECHECK}), _topics(e.ReviewRequested)),
    _Part("销号", "closing", frozenset({Stage.ANSWERED}), always=True),
    _Part("回头看", "look-back", frozenset({Stage.CLOSED}), always=True),
)
_ENDED: Final[Mapping[Stage, Pair]] = {
    Stage.SETTLED: Pair("办结归档", "settled"),
    Stage.WITHDRAWN: Pair("已撤回", "withdrawn"),
    Stage.MERGED: Pair("已并案", "merged"),
    Stage.SPLIT: Pair("已分案", "split"),
}


def life_of(stage: str, topics: Collection[str]) -> Sequence[Step]:
    """The line of steps. `topics`: of everything that happened to it."""
    standing, past = Stage(stage), set(topics)
    parts = [part for part in _LIFE if part.always or standing in part.stages or past & part.topics]
    if standing in FINAL_STAGES:
        whole = parts if standing is Stage.SETTLED else parts[:1]
        return [*(Step(Pair(it.zh, it.en), "done") for it in whole), Step(_ENDED[standing], "now")]
    now = next(at for at, part in enumerate(parts) if standing in part.stages)
    return [Step(Pair(part.zh, part.en), _state(at, now)) for at, part in enumerate(parts)]


def _state(at: int, now: int) -> str:
    if at == now:
        return "now"
    return "done" if at < now else "ahead"

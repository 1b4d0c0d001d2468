"""Lives of issues in an invented township, drawn by chance with a seed: decided by the real commands, told with lags.

Used by `huiyin bench conformance` and its test. What the decisions accept is honest; deviations are put in elsewhere.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from domain.conformance.history import History
from domain.context import Context, Village
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue.decide import decide
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.issue.words import Channel
from domain.meeting.events import MeetingHeld
from domain.meeting.state import Meeting, fold_meeting
from domain.plan import load_plan
from domain.values import LOCAL_ZONE, THE_PROCESS, Actor, Role
from services.holidays import official_table

START: Final = datetime(2026, 1, 5, 9, 0, tzinfo=LOCAL_ZONE)
PLAN: Final = load_plan("cx")
_NAMESPACE: Final = UUID("5a5dd8c8-3f0a-4d0b-8a43-9c6f3c2f6f7e")
_TOWNSHIP: Final = "测速镇"
VILLAGES: Final = tuple(f"V{number:02}" for number in range(12))
MEMBERS: Final = tuple(Actor(user=f"member{nth}", role=Role.COMMITTEE_MEMBER) for nth in range(5))
AUDITORS: Final = tuple(Actor(user=f"auditor{nth}", role=Role.AUDITOR) for nth in range(3))
_WORDS: Final = (
    ("村口", "学校旁", "河堤", "祠堂前", "老街", "水库边", "卫生室外", "桥头", "晒谷场", "山脚"),
    ("路面", "路灯", "水管", "排水沟", "护栏", "电线", "垃圾房", "挡土墙", "公厕", "井盖"),
    ("破损", "堵塞", "漏水", "松动", "老化", "塌陷", "脱落", "失修", "锈蚀", "倾斜"),
    ("已更换", "已疏通", "已加固", "已清理", "已修补", "已重铺", "已拆除", "已排期", "已移交", "已检修"),
    ("当天完成", "三日内完成", "一周后复查", "由村里看护", "请邻里监督", "雨季前再查", "已试用", "已通知各户"),
)


def handler(number: int | str) -> Actor:
    """The officer who looks after village number so and so, or one called so."""
    return Actor(user=f"handler{number}", role=Role.CASE_HANDLER)


def lead(number: int | str) -> Actor:
    """The lead of the station of village number so and so (four villages each), or one called so."""
    return Actor(user=f"lead{number // 4 if isinstance(number, int) else number}", role=Role.STATION_LEAD)


class _Directory:
    """`domain.context.Directory` over the villages above."""

    def village(self, code: str) -> Village:
        number = VILLAGES.index(code)
        who = {"handler": handler(number).user, "lead": lead(number).user}
        return Village(code=code, name=f"村{code}", township=_TOWNSHIP, **who)

    def head_of(self, _unit: str, _village: str) -> str:
        return "head"

    def township_of(self, _: str) -> str:
        return _TOWNSHIP

    def superiors_of(self, _: str) -> frozenset[str]:
        return frozenset()

    def committee_of(self, _: str) -> tuple[str, ...]:
        return tuple(member.user for member in MEMBERS)

    def villages_under(self, _: str) -> frozenset[str]:
        return frozenset(VILLAGES)


_DIRECTORY: Final = _Directory()


class Life:
    """One issue as it goes on: every command is decided, every event kept with when it was recorded."""

    def __init__(self, drawn: random.Random, nth: int, at: datetime, *, by: Actor | None = None, **fields: Any) -> None:
        self.drawn = drawn
        self.village = fields.pop("village", nth % len(VILLAGES))
        self.handler = by or handler(self.village)
        self.now = at
        self.issue: Issue | None = None
        self.events: list[DomainEvent] = []
        self.recorded: list[datetime] = []
        self._seed = uuid5(_NAMESPACE, f"{nth}/{drawn.random()}")
        self._number = f"{VILLAGES[self.village]}-2026-{nth:05}"
        given = {
            "channel": Channel.VISIT,
            "category": drawn.choice(sorted(PLAN.categories)),
            "description": said(drawn),
            "household": f"H{nth:05}",
            **fields,
        }
        self._decided(c.LogIssue(**self._who(self.handler), village=VILLAGES[self.village], **given))

    @property
    def number(self) -> str:
        """Its number."""
        return self._number

    def do(self, kind: type[c.IssueCommand], by: Actor, after: float = 0.0, **fields: Any) -> "Life":
        """So many days later somebody acts."""
        self.now += timedelta(days=after)
        issue_id = self.events[0].originator_id
        if kind is c.DecideSubmission:
            fields["meeting_id"] = issue_id
        self._decided(kind(**self._who(by), issue_id=issue_id, **fields))
        return self

    def until(self, moment: datetime) -> "Life":
        """Time passes to that moment, and a minute."""
        self.now = moment + timedelta(minutes=1)
        return self

    @property
    def due(self) -> datetime:
        """When the limit that runs ends, or when the cut-off tables it."""
        limit = self.issue and (self.issue.table_at or (self.issue.deadline and self.issue.deadline.due_at))
        if not limit:
            raise LookupError("no limit runs")
        return limit

    def history(self) -> History:
        """As it is checked."""
        return History(tuple(self.events), tuple(self.recorded))

    def _who(self, by: Actor) -> dict[str, Any]:
        return {
            "command_id": uuid5(self._seed, str(len(self.events))),
            "actor": by,
            "occurred_at": self.now,
        }

    def _decided(self, command: c.LogIssue | c.IssueCommand) -> None:
        context = Context(
            self.now, PLAN, official_table(), _DIRECTORY, receipt_hash="ab" * 32, meeting=self._meeting(command)
        )
        lag = self._lag(command.actor)
        for event in decide(self.issue, command, context):
            if self.events and event.originator_id != self.events[0].originator_id:
                continue
            if not self.events:
                event = event.model_copy(update={"number": self._number})
            self.issue = evolve(self.issue, event)
            self.events.append(event)
            self.recorded.append(event.occurred_at + lag)

    def _lag(self, by: Actor) -> timedelta:
        """Most is written down at once; one in ten steps of officers waits for a line, for as long as two days."""
        if by == THE_PROCESS or self.drawn.random() > 0.1:
            return timedelta(minutes=self.drawn.randrange(10))
        return timedelta(hours=self.drawn.randrange(6, 48))

    def _meeting(self, command: c.LogIssue | c.IssueCommand) -> Meeting | None:
        if not isinstance(command, c.DecideSubmission):
            return None
        held = MeetingHeld(
            originator_id=command.meeting_id,
            originator_version=1,
            **{**self._who(MEMBERS[0]), "occurred_at": self.now},
            township=_TOWNSHIP,
            chair=MEMBERS[0].user,
            present=tuple(member.user for member in MEMBERS),
            quorum=PLAN.committee.quorum,
            plan=PLAN.id,
        )
        return fold_meeting((held,))


def said(drawn: random.Random) -> str:
    """A sentence that hardly ever comes twice."""
    return "，".join("".join(drawn.choice(words) for words in _WORDS) for _ in range(2)) + "。"


def reply_of(drawn: random.Random) -> dict[str, str]:
    """The words of an answer."""
    return {"findings": said(drawn), "opinion": said(drawn)}


def histories(lives: Iterable[Life]) -> list[History]:
    """Of all of them."""
    return [life.history() for life in lives]

"""Meetings with something to decide, for tests of their pages: drawn, signed in, open."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

from domain.commands import Command
from domain.meeting import commands as c
from domain.meeting.words import MeetingKind
from domain.values import THE_PROCESS
from tests.services.api.conftest import Api
from tests.support.casework import COMMITTEE, PEOPLE, TOWNSHIP, case

_MONTHS = count(12 * 2030)
_TITLES = ("村口路灯不亮", "到小学的八百米土路雨天泥泞", "蓄水池渗漏", "桥栏杆松动", "卫生室屋顶漏雨")


def committee(api: Api, items: int = 3, *, sits: bool = True) -> tuple[UUID, list[str]]:
    """The committee's meeting of a month of its own, with so many items: its id, and their numbers in order."""
    lives = [case("tabled", key=uuid4().hex, title=_TITLES[nth % len(_TITLES)]) for nth in range(items)]
    for life in lives:
        api.live(life)
    year, month = divmod(next(_MONTHS), 12)
    asked = {"kind": MeetingKind.COMMITTEE, "period": f"{year}-{month + 1:02d}", "cut_off": api.clock.now}
    meeting = _draw(api, candidates=tuple(life.issue_id for life in lives), **asked)
    if sits:
        for member in COMMITTEE[:6]:
            do(api, c.SignIn, member, meeting_id=meeting)
        do(api, c.OpenMeeting, "committee", meeting_id=meeting)
    api.follow()
    drawn = api.get(f"/api/v1/meetings/{meeting}", by="committee").json()
    return meeting, [item["number"] for item in drawn["items"]]


def weekly(api: Api, items: int = 2) -> tuple[UUID, list[str]]:
    """A station's weekly meeting on what is open there."""
    lives = [case("handling", key=uuid4().hex, title=_TITLES[nth % len(_TITLES)]) for nth in range(items)]
    for life in lives:
        api.live(life)
    period = f"2031-W{next(_MONTHS) % 50 + 1:02d}"
    asked = {"kind": MeetingKind.WEEKLY, "period": period, "cut_off": api.clock.now, "place": "QS"}
    meeting = _draw(api, candidates=tuple(life.issue_id for life in lives), **asked)
    api.follow()
    drawn = api.get(f"/api/v1/meetings/{meeting}", by="lead").json()
    return meeting, [item["number"] for item in drawn["items"]]


def do(api: Api, kind: type[Command], by: str, **fields: Any) -> None:
    """A command at this moment."""
    asked = kind(command_id=uuid4(), actor=PEOPLE[by], occurred_at=api.clock.now, **{"township": TOWNSHIP, **fields})
    api.casework.handle(asked)


def _draw(api: Api, **asked: Any) -> UUID:
    drawn = c.DrawAgenda(command_id=uuid4(), actor=THE_PROCESS, occurred_at=api.clock.now, township=TOWNSHIP, **asked)
    return api.casework.handle(drawn).stream_id

"""One issue as the people at its door live it: every action over HTTP, each by its own account.

`Door(system).log(...)` gives a `HeldIssue`; `issue.act("lead", "accept-issue", ...)` moves it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tests.support.http import Answer, Client
from tests.support.office import TOWNSHIP
from tests.support.system import System
from tests.support.waiting import eventually
from workflows.messages import Situation

LOGGED: Mapping[str, Any] = {
    "channel": "visit",
    "village": "QS",
    "category": "construction",
    "title": "村口路灯不亮",
    "description": "村口到小学一段三盏路灯不亮。",
    "household": "QS-012",
}


class Door:
    """Everybody's way in: one connection each."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._clients: dict[str, Client] = {}

    def client(self, user: str) -> Client:
        """This account's connection."""
        if user not in self._clients:
            self._clients[user] = self.system.client(user)
        return self._clients[user]

    def log(self, user: str = "handler", *, at: datetime, **fields: Any) -> "HeldIssue":
        """Somebody comes with a problem."""
        answer = self.client(user).post("issues", {**LOGGED, "occurred_at": at.isoformat(), **fields})
        assert answer.status == 201, answer
        assert answer.body["receipt_code"]
        return HeldIssue(self, answer.body["number"], UUID(answer.body["issue_id"]), answer.version)

    def meeting(self, *present: str, at: datetime) -> str:
        """The committee meets; the meeting's id."""
        body = {"township": TOWNSHIP, "chair": "committee", "present": present, "occurred_at": at.isoformat()}
        answer = self.client("committee").post("meetings", body)
        assert answer.status == 201, answer
        meeting_id: str = answer.body["meeting_id"]
        return meeting_id

    def budget(self, year: int, amount: int) -> str:
        """Finance sets the year's budget; the fund's id."""
        answer = self.client("finance").post("funds", {"township": TOWNSHIP, "year": year, "budget": str(amount)})
        assert answer.status in (200, 201), answer
        fund_id: str = answer.body["fund_id"]
        return fund_id

    def more_budget(self, year: int, amount: int) -> None:
        """Finance asks for more, the committee confirms."""
        fund = {"township": TOWNSHIP, "year": year}
        more = {"direction": "up", "amount": str(amount), "reason": "县级追加。", "document": "云财〔2026〕8号"}
        asked = self.client("finance").post("funds/adjust-budget", {**fund, **more})
        assert asked.status == 200, asked
        confirmed = self.client("committee").post("funds/confirm-adjustment", fund)
        assert confirmed.status == 200, confirmed

    def close(self) -> None:
        """Everybody hangs up."""
        for client in self._clients.values():
            client.close()


class HeldIssue:
    """An issue and the version that we have seen last."""

    def __init__(self, door: Door, number: str, issue_id: UUID, version: int) -> None:
        self._door = door
        self.number = number
        self.issue_id = issue_id
        self.version = version

    def ask(self, user: str, command: str, body: Mapping[str, Any] | None = None, key: UUID | None = None) -> Answer:
        """One action as it is answered, at the version seen last."""
        client = self._door.client(user)
        return client.post(f"issues/{self.number}/{command}", body or {}, version=self.version, key=key or uuid4())

    def act(self, user: str, command: str, *, at: datetime | None = None, **fields: Any) -> None:
        """One action that must succeed."""
        body = {**fields, "occurred_at": at.isoformat()} if at else fields
        answer = self.ask(user, command, body)
        assert answer.status == 200, (command, answer)
        self.version = answer.version

    def ledger(self) -> Mapping[str, Any]:
        """Its line in the ledger."""
        answer = self._door.client("auditor").get(f"issues/{self.number}")
        assert answer.status == 200, answer
        return answer.body

    def history(self) -> list[Mapping[str, Any]]:
        """Its lines in the history."""
        answer = self._door.client("auditor").get(f"issues/{self.number}/history")
        assert answer.status == 200, answer
        items: list[Mapping[str, Any]] = answer.body["items"]
        return items

    def settle(self, within: float = 30) -> Situation:
        """Wait until its workflow knows how the issue stands and owes nothing now; what the workflow then sees."""
        system = self._door.system

        eventually(lambda: not system.unsettled(self.issue_id), within=within)
        self.version = self.ledger()["version"]
        seen = system.situations([self.issue_id])[self.issue_id]
        assert seen is not None
        return seen

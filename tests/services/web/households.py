"""A household in the register and a receipt of its own, as its pages need them."""

from typing import Any
from uuid import uuid4

from domain.household.commands import RegisterHousehold
from domain.issue.commands import LogIssue
from tests.services.api.conftest import Api
from tests.support.casework import PEOPLE, case

LAST_FOUR = "4321"


def receipt_of(api: Api, state: str, **fields: Any) -> str:
    """An issue of a registered household brought to a state; its receipt's code."""
    household = f"H-{uuid4().hex[:8].upper()}"
    known = {"village": "QS", "household": household, "name": "石大妈", "phone": f"139 0000 {LAST_FOUR}"}
    who = {"command_id": uuid4(), "actor": PEOPLE["handler"], "occurred_at": api.clock.now}
    api.casework.handle(RegisterHousehold(**who, **known))
    told = {"household": household, "description": "门前路灯不亮，老人晚上出门看不见路。"}
    life = case(state, key=uuid4().hex, **{**told, **fields})
    api.live(life)
    api.follow()
    (logged,) = (sent for sent in life.commands[:1] if isinstance(sent, LogIssue))
    return api.parts.receipts.code_for(logged.command_id)

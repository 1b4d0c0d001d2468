"""How do the villages that a map or a bench brings along become places? With who looks after them, all at once.

Called by services/importing, services/bench and the tests. What is registered already stays as it is.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from domain.casework import Casework
from domain.context import Village
from domain.organisation import commands as c
from domain.organisation.state import Organisation
from domain.organisation.together import reorganise
from domain.organisation.words import PlaceKind
from domain.values import Actor, Role

_NAMESPACE: Final = UUID("b6f9d1c0-5b8e-4a3c-9d53-6a2a3f7b9e41")
REGISTRAR: Final = Actor(user="import", role=Role.ADMINISTRATOR)
"""No person: a program that brings villages along."""


def register_villages(casework: Casework, villages: Iterable[Village], now: datetime) -> int:
    """Registers villages that are not known yet, and their townships; returns how many changes were made.

    Raises Refusal, Unavailable.
    """
    return reorganise(casework, list(commands_for(casework.organisation(), villages, now)))


def commands_for(
    organisation: Organisation, villages: Iterable[Village], now: datetime
) -> Iterator[c.OrganisationCommand]:
    """What registers those among these villages that the organisation lacks."""
    townships = {
        name: it.code
        for it in organisation.places.values()
        if it.kind is PlaceKind.TOWNSHIP
        for name in (*it.earlier, it.name)
    }
    for village in villages:
        if organisation.place(village.code) is not None:
            continue
        if village.township not in townships:
            townships[village.township] = code = township_code(village.township)
            above = _only_county(organisation)
            yield c.RegisterPlace(
                **_who(f"township/{village.township}", now), place=code, kind=PlaceKind.TOWNSHIP,
                name=village.township, parent=above,
            )  # fmt: skip
        yield c.RegisterPlace(
            **_who(f"{village.code}/village", now), place=village.code, kind=PlaceKind.VILLAGE, name=village.name,
            parent=townships[village.township],
        )  # fmt: skip
        for role, officer in ((Role.CASE_HANDLER, village.handler), (Role.STATION_LEAD, village.lead)):
            if officer is not None:
                yield c.AppointOfficer(
                    **_who(f"{village.code}/{role}/{officer}", now), officer=officer, role=role, place=village.code,
                    in_charge=True,
                )  # fmt: skip


def township_code(name: str) -> str:
    """The code of a township of which only the name is known: always the same one."""
    return "T" + hashlib.sha256(name.encode()).hexdigest()[:8].upper()


def _only_county(organisation: Organisation) -> str | None:
    counties = [it.code for it in organisation.places.values() if it.kind is PlaceKind.COUNTY and not it.closed]
    return counties[0] if len(counties) == 1 else None


def _who(key: str, now: datetime) -> dict[str, Any]:
    return {"command_id": uuid5(_NAMESPACE, key), "actor": REGISTRAR, "occurred_at": now}

"""Who and where: the demonstration township's places, accounts and posts. All names are invented."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from domain.organisation import commands as c
from domain.organisation.words import PlaceKind
from domain.values import Actor, Role

TOWNSHIP: Final = "云岭镇"

_NAMESPACE: Final = UUID("0b4c2c7e-52d7-4b0e-8f0a-2b1d4c6f8e90")
_SETTER_UP: Final = Actor(user="demonstration", role=Role.ADMINISTRATOR)
_PLACES: Final = (
    ("YLX", PlaceKind.COUNTY, "云岭县", None),
    ("YL", PlaceKind.TOWNSHIP, TOWNSHIP, "YLX"),
    ("YL1", PlaceKind.STATION, "第一驻点", "YL"),
    ("QS", PlaceKind.VILLAGE, "青石村", "YL1"),
    ("LX", PlaceKind.VILLAGE, "柳溪社区", "YL1"),
    ("DQ", PlaceKind.VILLAGE, "大桥村", "YL"),
    ("department:construction", PlaceKind.DEPARTMENT, "城建办", "YL"),
    ("department:environment", PlaceKind.DEPARTMENT, "环保办", "YL"),
)


class DemonstrationAccount(NamedTuple):
    """One account: its name, what it may do, and how people call it."""

    user: str
    role: Role
    zh: str
    en: str


ACCOUNTS: Final = (
    DemonstrationAccount("handler", Role.CASE_HANDLER, "驻点干部", "case handler"),
    DemonstrationAccount("lead", Role.STATION_LEAD, "驻点组长", "station lead"),
    DemonstrationAccount("committee", Role.COMMITTEE_MEMBER, "党委会成员", "committee member"),
    DemonstrationAccount("finance", Role.FINANCE, "财政所", "finance"),
    DemonstrationAccount("department", Role.DEPARTMENT, "归口部门", "department"),
    DemonstrationAccount("auditor", Role.AUDITOR, "督查审计", "auditor"),
    DemonstrationAccount("admin", Role.ADMINISTRATOR, "管理员", "administrator"),
)
"""Those for whom `huiyin up` prints a token."""

COMMITTEE: Final = ("committee", "chen.wei", "li.na", "wang.jun", "zhao.min")
"""Who signed in at the demonstration's meeting: just a quorum."""

_POSTS: Final = (
    ("handler", Role.CASE_HANDLER, "YL", True),
    ("handler2", Role.CASE_HANDLER, "DQ", True),
    ("lead", Role.STATION_LEAD, "YL", True),
    *((member, Role.COMMITTEE_MEMBER, "YL", False) for member in (*COMMITTEE, "zhou.tao", "sun.li")),
    ("finance", Role.FINANCE, "YL", True),
    ("department", Role.DEPARTMENT, "department:environment", True),
    ("department", Role.DEPARTMENT, "department:construction", True),
    ("auditor", Role.AUDITOR, "YL", False),
    ("admin", Role.ADMINISTRATOR, "YL", False),
    ("county-office", Role.STATION_LEAD, "YLX", True),
)


def organisation_commands(since: datetime) -> list[c.OrganisationCommand]:
    """The commands that make the demonstration's organisation, as of then. The same each time."""
    places = [
        c.RegisterPlace(**_who(code, since), place=code, kind=kind, name=name, parent=parent)
        for code, kind, name, parent in _PLACES
    ]
    posts = [
        c.AppointOfficer(
            **_who(f"{officer}/{role}@{place}", since), officer=officer, role=role, place=place, in_charge=in_charge
        )
        for officer, role, place, in_charge in _POSTS
    ]
    return [*places, *posts]


def _who(key: str, since: datetime) -> dict[str, Any]:
    return {"command_id": uuid5(_NAMESPACE, key), "actor": _SETTER_UP, "occurred_at": since}

"""The closed lists and small values of an organisation: kinds of places, what belongs where, who may serve where."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import StringConstraints

from domain.values import Role


class PlaceKind(StrEnum):
    """What a place is."""

    COUNTY = "county"  # 县
    TOWNSHIP = "township"  # 镇(乡、街道)
    STATION = "station"  # 驻点
    VILLAGE = "village"  # 村(社区)
    DEPARTMENT = "department"  # 归口部门


class Rank(StrEnum):
    """An officer's rank, where a plan sets duties by rank."""

    COUNTY = "county"  # 县级领导
    COUNTY_UNIT = "county_unit"  # 县直部门
    SECRETARY = "secretary"  # 书记
    HEAD = "head"  # 主要负责人
    MEMBER = "member"  # 班子成员
    DEPUTY_SECTION = "deputy_section"  # 副科级
    SECTION_HEAD = "section_head"  # 股室负责人
    GENERAL = "general"  # 一般干部
    VILLAGE_SECRETARY = "village_secretary"  # 村书记


PlaceCode = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Z][A-Z0-9]{0,15}|department:[a-z][a-z0-9_-]{0,63}(@[A-Z][A-Z0-9]{0,15})?)$", max_length=100
    ),
]
"""A place's short code. A department's is its unit, `department:water`; one township's own is `department:water@YL`."""

PARENTS: Final[Mapping[PlaceKind, frozenset[PlaceKind | None]]] = {
    PlaceKind.COUNTY: frozenset({None}),
    PlaceKind.TOWNSHIP: frozenset({None, PlaceKind.COUNTY}),
    PlaceKind.STATION: frozenset({PlaceKind.TOWNSHIP}),
    PlaceKind.VILLAGE: frozenset({PlaceKind.TOWNSHIP, PlaceKind.STATION}),
    PlaceKind.DEPARTMENT: frozenset({PlaceKind.TOWNSHIP, PlaceKind.COUNTY}),
}
"""What each kind may belong to; None: to nothing."""

_OFFICES: Final = frozenset({PlaceKind.COUNTY, PlaceKind.TOWNSHIP})
_FIELD: Final = _OFFICES | {PlaceKind.STATION, PlaceKind.VILLAGE}
SERVES_AT: Final[Mapping[Role, frozenset[PlaceKind]]] = {
    Role.CASE_HANDLER: _FIELD,
    Role.STATION_LEAD: _FIELD,
    Role.COMMITTEE_MEMBER: _OFFICES,
    Role.FINANCE: _OFFICES,
    Role.DEPARTMENT: frozenset({PlaceKind.DEPARTMENT}),
    Role.AUDITOR: _OFFICES,
    Role.ADMINISTRATOR: _OFFICES,
    Role.HOUSEHOLD: frozenset(),
    Role.PROCESS: frozenset(),
}
"""At which kinds of places each role can be held. Nobody is appointed a household or the process."""

RANK: Final[Mapping[Role, int]] = {
    Role.CASE_HANDLER: 1,
    Role.FINANCE: 1,
    Role.DEPARTMENT: 1,
    Role.STATION_LEAD: 2,
    Role.COMMITTEE_MEMBER: 3,
}
"""Who, being in charge, stands above whom in one place. Auditors and administrators are nobody's subordinates."""

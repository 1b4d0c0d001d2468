"""Who and where: the demonstration township's villages, accounts and heads of units. All names are invented."""

from typing import Final, NamedTuple

from domain.context import Village
from domain.values import Role

TOWNSHIP: Final = "云岭镇"

VILLAGES: Final = (
    Village(code="QS", name="青石村", township=TOWNSHIP, handler="handler", lead="lead"),
    Village(code="LX", name="柳溪社区", township=TOWNSHIP, handler="handler", lead="lead"),
    Village(code="DQ", name="大桥村", township=TOWNSHIP, handler="handler2", lead="lead"),
)

HEADS: Final = {
    "township": "lead",
    "county": "county-office",
    "department:construction": "department",
    "department:environment": "department",
}


class DemonstrationAccount(NamedTuple):
    """One account: its name, what it may do, and how people call it."""

    user: str
    role: Role
    zh: str
    en: str
    unit: str | None = None


ACCOUNTS: Final = (
    DemonstrationAccount("handler", Role.CASE_HANDLER, "驻点干部", "case handler"),
    DemonstrationAccount("lead", Role.STATION_LEAD, "驻点组长", "station lead"),
    DemonstrationAccount("committee", Role.COMMITTEE_MEMBER, "党委会成员", "committee member"),
    DemonstrationAccount("finance", Role.FINANCE, "财政所", "finance"),
    DemonstrationAccount("department", Role.DEPARTMENT, "归口部门", "department", "department:environment"),
    DemonstrationAccount("auditor", Role.AUDITOR, "督查审计", "auditor"),
    DemonstrationAccount("admin", Role.ADMINISTRATOR, "管理员", "administrator"),
)
"""Those for whom `huiyin up` prints a token."""

COMMITTEE: Final = ("committee", "chen.wei", "li.na", "wang.jun", "zhao.min")
"""Who signed in at the demonstration's meeting: just a quorum."""

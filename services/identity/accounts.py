"""Who may come in, and whose cases may they see? Accounts, and the scope that each one's role, village and unit give.

The API asks here before it reads or writes; whether a role may do something at all is the domain's rule.
"""

from dataclasses import dataclass, field

import psycopg

from domain.errors import HuiyinError, Refusal
from domain.permissions import may_read
from domain.values import Actor, Role


class OutsideScope(HuiyinError):
    code = "outside-your-scope"
    zh = "此村（社区）不在您的工作范围内。请交由该村的联络员登记。"
    en = "That village is not among yours. Hand it to the one who looks after it."


class UnknownAccount(Refusal):
    code = "unknown-account"
    zh = "没有这个账号，或账号已停用。请先建立或启用账号。"
    en = "There is no such account, or it is closed. Create or reopen it first."


class AccountExists(Refusal):
    code = "account-exists"
    zh = "已有这个账号，保持不变。请换一个账号名。"
    en = "There is an account of this name already; it stays as it is. Choose another name."


class AccountInvalid(Refusal):
    code = "account-invalid"
    zh = "账号名、称呼或范围不合要求：账号名为小写字母、数字、点、横线，最多 64 个；称呼不能为空。"
    en = "Name, display or place does not fit: the name is lower-case letters, digits, dots and hyphens, at most 64."


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody known. `village` limits to one village (None: no limit); `units` are those it answers for."""

    name: str
    role: Role
    display_zh: str
    display_en: str
    village: str | None = None
    units: frozenset[str] = field(default_factory=frozenset)

    @property
    def actor(self) -> Actor:
        """As commands name it."""
        return Actor(user=self.name, role=self.role)

    @property
    def may_read(self) -> bool:
        """Whether it may read cases at all."""
        return may_read(self.role)

    @property
    def departments(self) -> frozenset[str] | None:
        """The departments whose cases it is limited to; None: not limited by department."""
        if self.role is not Role.DEPARTMENT:
            return None
        keys = (unit.partition(":") for unit in self.units)
        return frozenset(key for kind, _, key in keys if kind == "department")

    def covers_village(self, village: str) -> bool:
        """Whether this village's cases can be its business."""
        return self.village is None or self.village == village

    def covers(self, village: str, department: str | None) -> bool:
        """Whether it may see and handle a case of this village, which is now with this department (or none)."""
        if self.role is Role.HOUSEHOLD or not self.covers_village(village):
            return False
        departments = self.departments
        return departments is None or department in departments


def create_account(
    connection: psycopg.Connection,
    name: str,
    role: Role,
    *,
    display_zh: str,
    display_en: str,
    village: str | None = None,
    unit: str | None = None,
) -> bool:
    """Creates an account; False if the name is taken (the account then stays as it is). Values are checked by SQL."""
    statement = (
        "insert into account(name, role, display_zh, display_en, village, unit) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (name) do nothing"
    )
    row = (name, role.value, display_zh, display_en, village, unit)
    return connection.execute(statement, row).rowcount == 1


def set_active(connection: psycopg.Connection, name: str, active: bool) -> None:
    """Opens or closes an account; its tokens count, or no longer count, within seconds. Raises UnknownAccount."""
    if connection.execute("update account set active = %s where name = %s", (active, name)).rowcount != 1:
        raise UnknownAccount

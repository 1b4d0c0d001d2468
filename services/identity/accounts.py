"""Who may come in, and as what? An account is a login; whose cases it may see follows from the post it acts in.

The API asks here before it reads or writes; whether a role may do something at all is the domain's rule.
"""

from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from domain.errors import HuiyinError, Refusal
from domain.ledger_views import may_read
from domain.organisation.state import Organisation, Post
from domain.values import Actor, Role


class OutsideScope(HuiyinError):
    code = "outside-your-scope"
    zh = "此村（社区）或镇不在您的工作范围内。请交由当地负责的人员办理。"
    en = "That village or township is not among yours. Hand it to the one who looks after it."


class NoPost(HuiyinError):
    code = "no-post"
    zh = "您目前没有任职，不能办理。请联系管理员任命。"
    en = "You hold no post at present. Ask an administrator to appoint you."


class PostNotHeld(HuiyinError):
    code = "post-not-held"
    zh = "您目前没有请求头 Huiyin-Post 所写的任职。请核对，或不写此项。"
    en = "You do not hold the post that the header Huiyin-Post names. Correct it or leave it out."


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
class Login:
    """Somebody known, whatever they may do."""

    name: str
    display_zh: str
    display_en: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody acting in one post. `villages`, `townships` (by name) None: all. `units`: a department's own.

    `barred`: they and all above them: of complaints about these officials they may know nothing.
    """

    name: str
    display_zh: str
    display_en: str
    role: Role
    place: str
    villages: frozenset[str] | None = None
    townships: frozenset[str] | None = None
    units: frozenset[str] = field(default_factory=frozenset)
    barred: frozenset[str] = field(default_factory=frozenset)
    on_behalf_of: str | None = None

    @property
    def actor(self) -> Actor:
        """As commands name it."""
        return Actor(user=self.name, role=self.role, on_behalf_of=self.on_behalf_of)

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
        return self.villages is None or village in self.villages

    def covers_township(self, name: str) -> bool:
        """Whether this township's meetings and funds can be its business."""
        return self.townships is None or name in self.townships

    def covers(self, village: str, department: str | None) -> bool:
        """Whether it may see and handle a case of this village, which is now with this department (or none)."""
        if self.role is Role.HOUSEHOLD or not self.covers_village(village):
            return False
        departments = self.departments
        return departments is None or department in departments


def account_in_post(login: Login, organisation: Organisation, at: datetime, wanted: str | None = None) -> Account:
    """Somebody in the post that they name (`case_handler@QS`), else in their first. Raises NoPost, PostNotHeld."""
    posts = organisation.posts_of(login.name, at)
    if not posts:
        raise NoPost
    post = posts[0] if wanted is None else next((it for it in posts if str(it) == wanted), None)
    if post is None:
        raise PostNotHeld
    everywhere = organisation.covers_all(post.place)
    return Account(
        name=login.name,
        display_zh=login.display_zh,
        display_en=login.display_en,
        role=post.role,
        place=post.place,
        villages=None if everywhere else organisation.villages_under(post.place),
        townships=None if everywhere else organisation.townships_of(post.place),
        units=_units(organisation, post, posts),
        barred=organisation.superiors_of(login.name, at) | {login.name},
        on_behalf_of=post.on_behalf_of,
    )


def _units(organisation: Organisation, post: Post, posts: tuple[Post, ...]) -> frozenset[str]:
    """A department's officer also acts for the other departments of the same office that are theirs."""
    if post.role is not Role.DEPARTMENT:
        return frozenset()
    places = {it: organisation.places[it.place] for it in posts if it.role is post.role}
    own = (place for it, place in places.items() if it.on_behalf_of == post.on_behalf_of)
    return frozenset(place.unit for place in own if place.parent == places[post].parent)


def create_account(connection: psycopg.Connection, name: str, *, display_zh: str, display_en: str) -> bool:
    """Creates a login; False if the name is taken (the account then stays as it is). Values are checked by SQL."""
    statement = "insert into account(name, display_zh, display_en) values (%s, %s, %s) on conflict (name) do nothing"
    return connection.execute(statement, (name, display_zh, display_en)).rowcount == 1


def set_active(connection: psycopg.Connection, name: str, active: bool) -> None:
    """Opens or closes an account; its tokens count, or no longer count, within seconds. Raises UnknownAccount."""
    if connection.execute("update account set active = %s where name = %s", (active, name)).rowcount != 1:
        raise UnknownAccount

"""Is this PostgreSQL set up so that an acknowledged command cannot be lost, nor a recorded one altered?

Called at start-up and by `huiyin doctor`, with the application's connection (role huiyin_app).
"""

from dataclasses import dataclass
from typing import Final

import psycopg


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a stable code, and what it means and what to do in both languages."""

    code: str
    zh: str
    en: str


_UNSAFE_SETTINGS: Final = {
    "fsync": Finding(
        "fsync-off",
        zh="PostgreSQL 的 fsync 已关闭，断电可能损坏或丢失已受理的事项。请设为 on 并重启数据库。",
        en="PostgreSQL runs with fsync off: a power cut can lose or damage accepted work. Set it on and restart.",
    ),
    "full_page_writes": Finding(
        "full-page-writes-off",
        zh="PostgreSQL 的 full_page_writes 已关闭，断电可能损坏数据。请设为 on。",
        en="PostgreSQL runs with full_page_writes off: a power cut can damage data. Set it on.",
    ),
    "synchronous_commit": Finding(
        "synchronous-commit-off",
        zh="PostgreSQL 的 synchronous_commit 已关闭，崩溃时会丢失刚受理的事项。请设为 on。",
        en="PostgreSQL runs with synchronous_commit off: a crash loses commands just accepted. Set it on.",
    ),
}
_ALTERABLE: Final = Finding(
    "log-can-be-altered",
    zh="程序所用的数据库角色可以修改或删除日志。请改用 huiyin_app 角色连接。",
    en="The program's database role may change or delete the log. Connect as role huiyin_app.",
)
_ALL_POWERFUL: Final = Finding(
    "role-too-powerful",
    zh="程序以超级用户身份连接数据库，访问限制全部失效。请改用 huiyin_app 角色连接。",
    en="The program connects as a superuser, whom no rule of access binds. Connect as role huiyin_app.",
)
_NO_LOG: Final = Finding(
    "not-migrated",
    zh="数据库中还没有日志表。请执行 huiyin migrate。",
    en="The database has no log yet. Run `huiyin migrate`.",
)


def check_server(connection: psycopg.Connection) -> list[Finding]:
    """What is wrong with the server or the role; empty when all is well. Raises psycopg.Error if it cannot be asked."""
    settings = connection.execute(
        "select name, setting from pg_settings where name = any(%s)", (list(_UNSAFE_SETTINGS),)
    ).fetchall()
    findings = [_UNSAFE_SETTINGS[name] for name, setting in sorted(settings) if setting == "off"]
    return findings + _role_findings(connection)


def _role_findings(connection: psycopg.Connection) -> list[Finding]:
    powerful = connection.execute(
        "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    ).fetchone()
    if powerful == (True,):
        return [_ALL_POWERFUL]
    alterable = connection.execute(
        "select has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE') or relowner = current_user::regrole"
        " from pg_class where oid = to_regclass('ledger_events')"
    ).fetchone()
    if alterable is None:
        return [_NO_LOG]
    return [_ALTERABLE] if alterable == (True,) else []

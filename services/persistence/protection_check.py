"""Is every read model protected as `huiyin migrate` left it, and can no process's role change what was recorded?

Called before API, worker and followers start, and by `huiyin doctor`; beside `server_check.py`, which asks the server.
"""

from collections.abc import Sequence
from typing import Final, LiteralString

import psycopg

from projections.row_security import is_protected
from services.persistence.server_check import Finding

_OWNS: Final[LiteralString] = """
select coalesce(bool_or(pg_has_role(current_user, relowner, 'member')), false)
from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
"""
_UNGUARDED: Final[LiteralString] = """
select count(*) < 4 from pg_trigger
where not tgisinternal and tgname = 'append_only' and tgenabled = 'A' and tgrelid = any(
  array[to_regclass('ledger_events'), to_regclass('command_log'), to_regclass('issue_number'), to_regclass('seal')])
"""
_OPEN_VIEWS: Final[LiteralString] = """
select count(*) > 0 from pg_class
where relnamespace = 'public'::regnamespace and (
  relkind = 'm' or (relkind = 'v' and not coalesce(reloptions @> array['security_invoker=true'], false)))
"""
_READS_KEYS: Final[LiteralString] = """
select current_user <> 'huiyin_keys' and has_schema_privilege(to_regnamespace('keys')::oid, 'usage')
"""
_OWNER: Final = Finding(
    "role-owns-tables",
    zh="程序以数据表所有者的身份连接，可以取消一切访问限制。请改用 huiyin_app（跟随进程用 huiyin_follower）连接。",
    en="The program connects as the tables' owner, who can lift every rule. Connect as huiyin_app or huiyin_follower.",
)
_GUARD_OFF: Final = Finding(
    "log-guard-off",
    zh="日志表的防改触发器缺失或被停用。请查明原因，恢复后再启动（触发器见 0001_log.sql、0002_seal.sql）。",
    en="A trigger that keeps the log append-only is missing or disabled. Find out why, and restore it before starting.",
)
_OPEN_VIEW: Final = Finding(
    "view-without-invoker",
    zh="有视图未设 security_invoker，会绕过行级权限。请删除该视图，或加上 security_invoker = true。",
    en="A view without security_invoker goes round row-level security. Drop it, or set security_invoker = true.",
)
_KEYS_READABLE: Final = Finding(
    "keys-readable",
    zh="程序所用的数据库角色可以进入 keys 模式，读到各户的密钥。请收回该权限：只有 huiyin_keys 可以。",
    en="The program's role may enter schema keys, where the households' keys are. Revoke that: only huiyin_keys may.",
)
_CHECKS: Final = (
    (_OWNS, _OWNER),
    (_UNGUARDED, _GUARD_OFF),
    (_OPEN_VIEWS, _OPEN_VIEW),
    (_READS_KEYS, _KEYS_READABLE),
)


def check_protection(connection: psycopg.Connection, tables: Sequence[str]) -> list[Finding]:
    """What was loosened; empty when all is well. `tables`: those of the read models. Raises psycopg.Error."""
    findings = [finding for question, finding in _CHECKS if connection.execute(question).fetchone() == (True,)]
    return findings + [_unprotected(table) for table in tables if not is_protected(connection, table)]


def _unprotected(table: str) -> Finding:
    return Finding(
        "rows-unprotected",
        zh=f"数据表 {table} 的行级权限缺失或与本版本不符。请执行 huiyin migrate，并查明原因。",
        en=f"Row-level security of table {table} is missing or not this version's. Run huiyin migrate; find out why.",
    )

"""A spreadsheet of places, posts, links and deputies as commands: every line read, every fault told with its line.

CSV, UTF-8 or GB18030, with the columns of COLUMNS; `类别` says what a line is. Called by reading_in.py.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError

from domain.errors import HuiyinError
from domain.organisation import commands as c
from domain.organisation.words import PlaceKind, Rank
from domain.values import LOCAL_ZONE, Actor, Role
from projections.labels import LABELS, label

COLUMNS: Final = (
    "类别", "代码", "名称", "上级", "人员", "角色", "单位", "负责人", "户号", "代理人", "起", "止", "职级",
)  # fmt: skip
"""A file may leave out columns that it does not need, but has 类别."""
MOST_ROWS: Final = 5_000
_MOST_BYTES: Final = 5_000_000
_YES: Final = {"是": True, "yes": True, "否": False, "no": False, "": False}
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_KINDS: Final = {words.zh: kind for kind, words in LABELS[PlaceKind].items()} | {
    "乡": PlaceKind.TOWNSHIP, "街道": PlaceKind.TOWNSHIP, "社区": PlaceKind.VILLAGE, "村(社区)": PlaceKind.VILLAGE,
    "村（社区）": PlaceKind.VILLAGE, "归口部门": PlaceKind.DEPARTMENT,
} | {kind.value: kind for kind in PlaceKind}  # fmt: skip
_ROLES: Final = {words.zh: role for role, words in LABELS[Role].items()} | {
    "联络员": Role.CASE_HANDLER, "分管领导": Role.STATION_LEAD, "督查": Role.AUDITOR, "审计": Role.AUDITOR,
} | {role.value: role for role in Role}  # fmt: skip
_RANKS: Final = {label(rank).zh: rank for rank in Rank} | {rank.value: rank for rank in Rank}
_FIELDS: Final = {
    "place": "代码", "name": "名称", "parent": "上级", "officer": "人员", "village": "单位", "household": "户号",
    "deputy": "代理人",
}  # fmt: skip


class SheetUnreadable(HuiyinError):
    code = "sheet-unreadable"
    zh = (
        "读不出这个文件：须为 CSV（UTF-8 或 GB18030），首行为列名且有“类别”一列，不超过 5000 行、5 MB。"
        "可用列名见 huiyin organisation import --help。"
    )
    en = (
        "The file cannot be read: it must be CSV in UTF-8 or GB18030, its first line the column names with 类别 among "
        "them, at most 5,000 lines and 5 MB. huiyin organisation import --help lists the columns."
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line, and in which column if that is known. Never what was written there."""

    line: int
    column: str | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that could be read."""

    number: int
    command: c.OrganisationCommand


class _Wrong(Exception):
    def __init__(self, column: str, zh: str, en: str) -> None:
        super().__init__(column)
        self.column, self.zh, self.en = column, zh, en


def read_sheet(path: Path, actor: Actor, now: datetime) -> tuple[list[Line], list[Fault]]:
    """All lines as commands of this administrator, and all faults. Raises SheetUnreadable."""
    lines: list[Line] = []
    faults: list[Fault] = []
    for number, row in _rows(path):
        try:
            who = {"command_id": uuid4(), "actor": actor, "occurred_at": now}
            lines.append(Line(number, _command(row, who)))
        except _Wrong as wrong:
            faults.append(Fault(number, wrong.column, wrong.zh, wrong.en))
        except ValidationError as error:
            faults.extend(_faults(number, error))
    return lines, faults


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each line that is not empty, with its number in the file."""
    try:
        table = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
        header = [name.strip() for name in next(table, [])]
        if "类别" not in header or not set(header) <= {*COLUMNS, ""} or len(set(header)) != len(header):
            raise SheetUnreadable
        rows = [(table.line_num, cells) for cells in table if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise SheetUnreadable from None
    if len(rows) > MOST_ROWS:
        raise SheetUnreadable
    for number, cells in rows:
        yield number, {name: cell.strip() for name, cell in zip(header, cells, strict=False)}


def _text(path: Path) -> str:
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise SheetUnreadable
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable


def _command(row: Mapping[str, str], who: Mapping[str, Any]) -> c.OrganisationCommand:
    kind = row.get("类别", "")
    if kind in _KINDS:
        place = {"place": _given(row, "代码"), "name": _given(row, "名称"), "parent": row.get("上级") or None}
        return c.RegisterPlace(**who, kind=_KINDS[kind], **place)
    make = _OTHERS.get(kind)
    if make is None:
        known = "、".join((*dict.fromkeys(words.zh for words in LABELS[PlaceKind].values()), *_OTHERS))
        raise _Wrong("类别", f"只能是：{known}。", f"It must be one of {known}.")
    return make(row, who)


def _appointment(row: Mapping[str, str], who: Mapping[str, Any]) -> c.OrganisationCommand:
    return c.AppointOfficer(**who, **_post(row), in_charge=_flag(row), rank=_rank(row), **_period(row))


def _link(row: Mapping[str, str], who: Mapping[str, Any]) -> c.OrganisationCommand:
    return c.LinkOfficer(**who, officer=_given(row, "人员"), village=_given(row, "单位"))


def _household_link(row: Mapping[str, str], who: Mapping[str, Any]) -> c.OrganisationCommand:
    household = _given(row, "户号")
    return c.LinkOfficer(**who, officer=_given(row, "人员"), village=_given(row, "单位"), household=household)


def _deputy(row: Mapping[str, str], who: Mapping[str, Any]) -> c.OrganisationCommand:
    _given(row, "止")
    return c.NameDeputy(**who, **_post(row), deputy=_given(row, "代理人"), **_period(row))


_OTHERS: Final[Mapping[str, Callable[[Mapping[str, str], Mapping[str, Any]], c.OrganisationCommand]]] = {
    "任职": _appointment,
    "联村": _link,
    "联户": _household_link,
    "代理": _deputy,
}


def _post(row: Mapping[str, str]) -> dict[str, Any]:
    role = _ROLES.get(_given(row, "角色"))
    if role is None:
        known = "、".join(words.zh for words in LABELS[Role].values())
        raise _Wrong("角色", f"没有这个角色。可用：{known}。", f"There is no such role. Use one of {known}.")
    return {"officer": _given(row, "人员"), "role": role, "place": _given(row, "单位")}


def _rank(row: Mapping[str, str]) -> Rank | None:
    written = row.get("职级", "")
    if written and written not in _RANKS:
        known = "、".join(words.zh for words in LABELS[Rank].values())
        raise _Wrong("职级", f"没有这个职级。可用：{known}。", f"There is no such rank. Use one of {known}.")
    return _RANKS.get(written)


def _period(row: Mapping[str, str]) -> dict[str, datetime | None]:
    """From the beginning of the first day to the end of the last."""
    until = _day(row, "止")
    return {"since": _day(row, "起"), "until": until + timedelta(days=1) if until else None}


def _day(row: Mapping[str, str], column: str) -> datetime | None:
    written = row.get(column, "")
    if not written:
        return None
    found = _DAY.fullmatch(written)
    try:
        if found:
            return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=LOCAL_ZONE)
    except ValueError:
        found = None  # no such day in that month
    raise _Wrong(column, "不是存在的日期。请写成 2026-03-01。", "It is no existing date. Write it as 2026-03-01.")


def _flag(row: Mapping[str, str]) -> bool:
    written = row.get("负责人", "").lower()
    if written not in _YES:
        raise _Wrong("负责人", "只能写 是 或 否。", "Write 是 (yes) or 否 (no).")
    return _YES[written]


def _given(row: Mapping[str, str], column: str) -> str:
    written = row.get(column, "")
    if not written:
        raise _Wrong(column, "这类行须填此项。", "Lines of this kind need this column.")
    return written


def _faults(number: int, error: ValidationError) -> Iterator[Fault]:
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        column = _FIELDS.get(str(each["loc"][0]) if each["loc"] else "", "单位")
        yield Fault(
            number,
            column,
            "格式不对：代码用大写字母和数字（部门写 department:名称），人员写账号名，户号用大写字母、数字、横线。",
            "The form is wrong: codes are capital letters and digits (department:<key> for a department), officers are "
            "account names, register numbers capital letters, digits and hyphens.",
        )

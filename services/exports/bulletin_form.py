"""The monthly bulletin 月通报 (F12): its columns in order, how a line fills them, and the text of one with its heading.

A rate of fewer than five ratings is not told. Nothing in it is about a household.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from domain.bulletin.words import Handling
from domain.values import Role
from projections.bulletins import BulletinLine, bulletins
from projections.labels import label
from services.exports.cells import Cell, day
from services.exports.form import Form

_UNITS: Final = {"township": "镇", "county": "县"}
_UNDEFINED: Final = "不足五件，不列"


def _missing(line: BulletinLine) -> str:
    late = (f"{it.replace('/', '（', 1)}，迟报）" for it in line.came_late)
    never = (f"{it.replace('/', '（', 1)}）" for it in line.never_came)
    return "、".join((*never, *late))


def _duties(line: BulletinLine) -> str:
    told = zip(line.duty_rules, line.duty_asked, line.duty_done, strict=True)
    return "；".join(f"{rule} {done}/{asked}（{_share(done, asked)}）" for rule, asked, done in told)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "无定义"


def _satisfaction(line: BulletinLine) -> str:
    rate = line.satisfaction
    if rate is None or rate.value is None:
        return _UNDEFINED
    return f"{rate.value:.2%}（{rate.numerator}/{rate.denominator}）"


def _checks(line: BulletinLine) -> str:
    if not line.checks:
        return ""
    missed = "，台账缺报" if line.ledgers_missed else ""
    return f"{line.checks} 次，发现 {line.findings} 个问题，已整改 {line.rectified} 个{missed}"


def _named(line: BulletinLine) -> str:
    return "；".join(_items(line))


def _items(line: BulletinLine) -> Iterator[str]:
    """Each item named: number, office, perhaps the post, and for what; a village's unit is the station of the line."""
    for named in line.named:
        issue, unit, handling, *post = named.split("/")
        station = line.place_name or line.place
        office = station if unit.startswith("station:") else _UNITS.get(unit) or unit.removeprefix("department:")
        official = f"（{label(Role(post[0])).zh}）" if post else ""
        yield f"{issue} {office}{official} {label(Handling(handling)).zh}"


def _standing(line: BulletinLine) -> str:
    if line.issued_at is None:
        return "逾期未印发" if line.overdue else "待印发"
    return f"{day(line.issued_at)}{' 逾期印发' if line.late else ''}"


BULLETIN_COLUMNS: Final[dict[str, Cell]] = {
    "乡镇": lambda line: line.township_name or line.township,
    "月份": lambda line: line.period,
    "单位": lambda line: line.place_name or line.place,
    "应报": lambda line: str(line.owed),
    "已报": lambda line: str(line.in_time),
    "缺报": lambda line: str(line.owed - line.in_time),
    "缺报事项": _missing,
    "走访完成率": _duties,
    "问题新增": lambda line: str(line.new),
    "问题办结": lambda line: str(line.done),
    "问题超期": lambda line: str(line.issues_overdue),
    "满意率": _satisfaction,
    "抽查情况": _checks,
    "整改逾期未报": lambda line: str(line.unanswered),
    "点名事项": _named,
    "印发": _standing,
    "更正": lambda line: f"{line.corrections} 次" if line.corrections else "",
}
"""After 序号, which counts the lines of one copy of the form."""
BULLETINS: Final = Form("月通报", BULLETIN_COLUMNS, bulletins)
_OF_EVERY_LINE: Final = ("乡镇", "月份", "印发", "更正")


class Told(NamedTuple):
    """One bulletin in words: what is shown of it on a screen and on paper."""

    title: str
    standing: str
    columns: list[str]
    rows: list[list[str]]
    named: list[str]
    basis: str


def told(lines: Sequence[BulletinLine]) -> Told:
    """One bulletin: heading, a row for each of its stations, what is named, and where its figures came from."""
    first = lines[0]
    columns = [name for name in BULLETIN_COLUMNS if name not in (*_OF_EVERY_LINE, "点名事项")]
    corrected = f"，更正 {first.corrections} 次" if first.corrections else ""
    return Told(
        title=f"{first.township_name or first.township} {first.period} 月通报",
        standing=f"状态：{_standing(first)}{corrected}。依据：{first.basis}（{first.plan}）。",
        columns=columns,
        rows=[[BULLETIN_COLUMNS[name](line) or "–" for name in columns] for line in lines],
        named=list(chain.from_iterable(map(_items, lines))),
        basis=f"各项数字由系统日志第 {first.head_position} 位自动编制，可据此复核。",
    )


def bulletin_text(lines: Sequence[BulletinLine]) -> str:
    """One bulletin as Markdown."""
    said = told(lines)
    named = [f"{count}. {it}" for count, it in enumerate(said.named, 1)]
    return "\n".join((
        f"# {said.title}", "", said.standing, "",
        *("| " + " | ".join(row) + " |" for row in (said.columns, ["---"] * len(said.columns), *said.rows)), "",
        "## 点名事项", "", *(named or ["无"]), "", said.basis, "",
    ))  # fmt: skip

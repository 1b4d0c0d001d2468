"""`huiyin spot-check show | verify TOWNSHIP MONTH`: how a township's check of a month stands, and its draw done again.

Whoever works on the machine itself reads its files too. Exit status as app.py; `verify`: 1 if a figure differs.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from domain.casework import Casework
from domain.errors import HuiyinError, NotFound
from domain.spot_check.commands import spot_check_id_of
from domain.spot_check.state import Check, Found, fold
from domain.values import LOCAL_ZONE
from domain.visit.words import Month as MonthName
from services.privacy.looks import Door, Seen

app = typer.Typer(help="抽查 Spot checks of a township.", no_args_is_help=True)

Township = Annotated[str, typer.Argument(help="乡镇代码 Code of the township")]
Month = Annotated[str, typer.Argument(help="月份 Month, e.g. 2026-03")]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]
_WORDS = ("requirement", "measures", "opinion")


class DrawDiffers(HuiyinError):
    code = "draw-differs"
    zh = "重新抽取的结果与记录不一致：日志或记录可能被改动。请封存数据并查明原因。"
    en = "The draw done again is not the one recorded: log or record may have been changed. Find out why."


@app.command("show")
def show(township: Township, month: Month, as_json: AsJson = False) -> None:
    """现状 What was drawn, handed in, found and put right."""
    with _casework() as casework:
        document = _shown(_check(casework, township, month))
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1, default=str))
        return
    typer.echo(f"{township} {month}" + ("（已办结 closed）" if document["closed"] else ""))
    for name, title in _TITLES.items():
        typer.echo(f"  {title}: {_plain(document[name])}")
    for found in document["found"]:
        typer.echo(f"  问题 finding {found['finding']} ({found['station']} {found['item'] or ''}): {found['problem']}")
        if found["standing"]:
            day = found["due_at"].astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")
            typer.echo(f"    整改 rectification: {found['standing']}，{found['unit']}，{day}，{found['requirement']}")


@app.command("verify")
def verify(township: Township, month: Month, as_json: AsJson = False) -> None:
    """复算 Draws again from the sealed log, and compares every figure with the record; 1 if one differs."""
    from services.spot_checks import drawn_again

    with _casework() as casework:
        figures = drawn_again(_check(casework, township, month), casework.draw_basis)
    if not figures:
        raise NotFound
    if as_json:
        told = [{**figure._asdict(), "same": figure.same} for figure in figures]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1, default=_json))
    else:
        for figure in figures:
            agrees = "一致 same" if figure.same else f"不一致 differs, again: {_plain(figure.again)}"
            typer.echo(f"  {figure.name}: {_plain(figure.recorded)}  {agrees}")
    if not all(figure.same for figure in figures):
        raise DrawDiffers


def _check(casework: Casework, township: str, month: str) -> Check:
    try:
        TypeAdapter(MonthName).validate_python(month)
    except ValidationError:
        raise NotFound from None
    check = fold(casework.history(spot_check_id_of(township, month)))
    if check is None:
        raise NotFound
    return check


def _shown(check: Check) -> dict[str, Any]:
    drawn = check.drawn
    return {
        "station": drawn and drawn.station,
        "items": drawn.items if drawn else (),
        "missing": check.missing,
        "hand_in_by": drawn and drawn.hand_in_by,
        "hand_in_missed": check.hand_in_missed,
        "seed": drawn and drawn.seed,
        "head": drawn and drawn.head.position,
        "findings": len(check.findings),
        "outstanding": len(check.open_findings),
        "closed": check.closed,
        "found": _opened(check),
    }


_TITLES = {
    "station": "被抽驻点 station", "items": "抽查事项 issues", "missing": "未报送 missing",
    "hand_in_by": "报送期限 to be handed in by", "hand_in_missed": "缺报 missed", "seed": "抽取种子 seed",
    "head": "日志位置 head", "findings": "问题 findings", "outstanding": "未整改 outstanding",
}  # fmt: skip


def _opened(check: Check) -> list[dict[str, Any]]:
    """The findings, with their words opened; that they were looked at is written down."""
    from services.bootstrap import open_unsealing
    from services.privacy.unsealing import on_this_machine
    from services.settings import Settings

    if not check.findings:
        return []
    sealed = {f"{it.number}/{name}": text for it in check.findings.values() for name, text in _words(it).items()}
    with open_unsealing(Settings()) as unsealing:
        opened = unsealing.texts(on_this_machine(Door.CLI), sealed, Seen.LEDGER)
    return [
        {
            "finding": it.number,
            "station": it.station,
            "item": it.item,
            "unit": it.rectification and it.rectification.unit,
            "due_at": it.rectification and it.rectification.due_at,
            "standing": it.rectification and it.rectification.standing.value,
            **{name: opened[f"{it.number}/{name}"] for name in ("problem", *_WORDS)},
        }
        for it in check.findings.values()
    ]


def _words(found: Found) -> dict[str, str | None]:
    return {"problem": found.problem, **{name: getattr(found.rectification, name, None) for name in _WORDS}}


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)


def _json(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)


@contextmanager
def _casework() -> Iterator[Casework]:
    from services.bootstrap import casework_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        yield casework

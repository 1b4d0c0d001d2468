"""`huiyin audit sample`: a sample asked for and drawn; `--verify ID`: drawn again, 1 if a figure differs.

Whoever works on the machine itself acts as the auditor named with --by. Exit status as app.py.
"""

import json
import time
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import typer
from pydantic import ValidationError

from domain.audit import commands as c
from domain.audit.errors import SampleNotSealed
from domain.audit.state import AuditSample, fold_sample
from domain.audit.words import SampleKind
from domain.casework import Casework
from domain.errors import HuiyinError, NotFound
from domain.values import Actor, Role
from services.bootstrap import casework_of, system_clock
from services.cli.organisation import OptionUnfit
from services.settings import Settings

_SEALED_WITHIN: Final = 15.0  # seconds that the sealer may take
_DAYS: Final = ["%Y-%m-%d"]


class SampleDiffers(HuiyinError):
    code = "sample-differs"
    zh = "重新抽取的样本与记录不一致：日志或记录可能被改动。请封存数据并查明原因。"
    en = "The sample drawn again is not the one recorded: log or record may have been changed. Find out why."


def sample(
    number: Annotated[int | None, typer.Option("--number", help="抽取件数 How many issues")] = None,
    kind: Annotated[str, typer.Option("--kind", help="logged, fixed-on-site, answered, paid, missed…")] = "logged",
    village: Annotated[str | None, typer.Option("--village", help="村（社区）代码 Code of a village")] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAYS, help="自此日 From this day on")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=_DAYS, help="至此日 Up to this day")] = None,
    by: Annotated[str | None, typer.Option("--by", help="督查人账号 The auditor; kept in the history")] = None,
    verify: Annotated[UUID | None, typer.Option("--verify", help="复算此样本 Draw this sample again")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="供程序读取 For a program")] = False,
) -> None:
    """抽样 Draw issues to look at, by the log itself, so that anybody can draw them again."""
    with casework_of(Settings()) as casework:
        if verify is not None:
            _verified(casework, verify, as_json)
            return
        if number is None or by is None:
            raise OptionUnfit
        asked = _asked(by, number=number, kind=_kind(kind), village=village, since=_day(since), until=_day(until))
        casework.handle(asked)
        _told(_drawn(casework, asked), as_json)


def _asked(by: str, **fields: Any) -> c.AskAuditSample:
    try:
        return c.AskAuditSample(**_who(by), **fields)
    except ValidationError:
        raise OptionUnfit from None


def _who(by: str) -> dict[str, Any]:
    return {"command_id": uuid4(), "actor": Actor(user=by, role=Role.AUDITOR), "occurred_at": system_clock()}


def _kind(written: str) -> SampleKind:
    try:
        return SampleKind(written.replace("-", "_"))
    except ValueError:
        raise OptionUnfit from None


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _drawn(casework: Casework, asked: c.AskAuditSample) -> AuditSample:
    """Draws once what was asked for is sealed. Raises SampleNotSealed if nobody seals."""
    wish = c.DrawAuditSample(**_who(asked.actor.user), sample_id=asked.stream_id)
    ends = time.monotonic() + _SEALED_WITHIN
    while True:
        try:
            casework.handle(wish)
            return _sample(casework, asked.stream_id)
        except SampleNotSealed:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def _sample(casework: Casework, sample_id: UUID) -> AuditSample:
    found = fold_sample(casework.history(sample_id))
    if found is None or found.drawn is None:
        raise NotFound
    return found


def _told(found: AuditSample, as_json: bool) -> None:
    drawn = found.drawn
    if drawn is None:
        raise NotFound
    plain = {"seed": drawn.seed, "head": drawn.head.position, "counted": drawn.counted, "items": drawn.items}
    document = {"sample_id": str(found.sample_id), **plain}
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    typer.echo(f"样本 sample {found.sample_id}")
    typer.echo(f"  {drawn.counted} 件中抽取 {len(drawn.items)} 件 drawn of {drawn.counted}")
    typer.echo(f"  种子 seed {drawn.seed}，日志位置 head {drawn.head.position}")
    for number in drawn.items:
        typer.echo(number)


def _verified(casework: Casework, sample_id: UUID, as_json: bool) -> None:
    from services.audit.sampling import drawn_again

    figures = drawn_again(_sample(casework, sample_id), casework.sample_basis)
    if as_json:
        typer.echo(json.dumps([{"name": it.name, "same": it.same} for it in figures]))
    else:
        for figure in figures:
            typer.echo(f"  {figure.name}: {'一致 same' if figure.same else '不一致 differs'}")
    if not all(figure.same for figure in figures):
        raise SampleDiffers

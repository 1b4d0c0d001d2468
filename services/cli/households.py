"""`huiyin household …`: the register at the machine itself: show, register, correct, consent, looks, copy, erase.

Whoever works here holds the keys' files anyway, so reading shows everything, and each look is written down. Writing is
done in an officer's name, said with --by and --as; a second person confirms an erasure.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

import psycopg
import typer
from pydantic import ValidationError

from domain.household import commands as c
from domain.household.words import ErasureReason, HouseholdField, SpokenBy, WelfareReason
from domain.values import LOCAL_ZONE, Actor, Role
from services.bootstrap import open_households, system_clock
from services.persistence.scope import Scope, scoped
from services.privacy.households import Households
from services.privacy.looks import Door
from services.privacy.unsealing import on_this_machine
from services.settings import Settings

app = typer.Typer(help="群众资料 Households: register, consent, looks, copy, erasure.", no_args_is_help=True)

Village = Annotated[str, typer.Argument(help="村(社区)代码 Village code")]
Household = Annotated[str, typer.Argument(help="户号 Register number, e.g. QS-012")]
By = Annotated[str, typer.Option("--by", help="以谁的名义 In whose name: an account")]
As = Annotated[Role, typer.Option("--as", help="角色 In which role")]
Name = Annotated[str | None, typer.Option(help="称呼 Name")]
Phone = Annotated[str | None, typer.Option(help="电话 Telephone number")]
Address = Annotated[str | None, typer.Option(help="住址 Address")]


@app.command("show")
def show(village: Village, household: Household) -> None:
    """户资料 What the register holds of a household; that you looked is recorded."""
    with _asking() as (households, connection):
        _print(households.show(connection, on_this_machine(Door.CLI), village, household))


@app.command("looks")
def looks(village: Village, household: Household) -> None:
    """查看记录 Who looked at the household's words, newest first."""
    with _asking() as (households, connection):
        for look in households.looks(connection, village, household):
            when = look.looked_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
            post = f"{look.role}@{look.place}" if look.place else look.role
            typer.echo(f"{when}  {look.user_name:<16} {post:<24} {look.what:<10} {look.door:<8} {look.shown}")


@app.command("export")
def export(village: Village, household: Household, by: By, role: As, spoken_by: SpokenBy = SpokenBy.ITSELF) -> None:
    """资料副本 Record that the household asked for its data, and print everything the office holds of it, as JSON."""
    _do(c.RequestCopy, village, household, by, role, spoken_by=spoken_by, quiet=True)
    with _asking() as (households, connection):
        _print(households.copy(connection, on_this_machine(Door.EXPORT), village, household))


@app.command("register")
def register(
    village: Village,
    household: Household,
    by: By,
    role: As,
    name: Name = None,
    phone: Phone = None,
    address: Address = None,
) -> None:
    """登记户 Register a household: only what is needed to reach it."""
    _do(c.RegisterHousehold, village, household, by, role, name=name, phone=phone, address=address)


@app.command("correct")
def correct(
    village: Village,
    household: Household,
    field: HouseholdField,
    by: By,
    role: As,
    value: Annotated[str | None, typer.Option(help="新内容；省略则删去 The new value; left out: taken out")] = None,
) -> None:
    """更正 Correct one entry of a household."""
    _do(c.CorrectHousehold, village, household, by, role, field=field, value=value)


@app.command("consent")
def consent(
    village: Village,
    household: Household,
    reason: WelfareReason,
    by: By,
    role: As,
    given_by: SpokenBy = SpokenBy.ITSELF,
    given_on: Annotated[str | None, typer.Option(help="同意日期 The day, e.g. 2026-03-01; left out: today")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="撤回 Withdraw it")] = False,
) -> None:
    """优先走访同意 Record the household's consent to priority visits, or that it withdrew it."""
    if withdraw:
        _do(c.WithdrawConsent, village, household, by, role, reason=reason)
        return
    day = given_on or system_clock().astimezone(LOCAL_ZONE).date().isoformat()
    _do(c.RecordPriorityConsent, village, household, by, role, reason=reason, given_by=given_by, given_on=_day(day))


@app.command("erase")
def erase(village: Village, household: Household, reason: ErasureReason, by: By, role: As) -> None:
    """提出清除 Propose to erase a household's data; another person confirms it."""
    _do(c.ProposeErasure, village, household, by, role, reason=reason)


@app.command("confirm-erasure")
def confirm_erasure(village: Village, household: Household, by: By, role: As) -> None:
    """确认清除 Confirm a proposed erasure; it is done when the waiting period is over."""
    _do(c.ConfirmErasure, village, household, by, role)


@app.command("cancel-erasure")
def cancel_erasure(village: Village, household: Household, reasons: str, by: By, role: As) -> None:
    """撤销清除 Call an erasure off."""
    _do(c.CancelErasure, village, household, by, role, reasons=reasons)


@contextmanager
def _asking() -> Iterator[tuple[Households, psycopg.Connection]]:
    settings = Settings()
    with (
        open_households(settings) as (_, households),
        psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection,
        scoped(connection, Scope.whole()),
    ):
        yield households, connection


def _do(
    kind: type[c.HouseholdCommand],
    village: str,
    household: str,
    by: str,
    role: Role,
    *,
    quiet: bool = False,
    **fields: Any,
) -> None:
    try:
        actor = Actor(user=by, role=role)
        said = {"command_id": uuid4(), "actor": actor, "occurred_at": system_clock()}
        command = kind(village=village, household=household, **said, **fields)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(fault["loc"][-1] if fault["loc"] else "value") for fault in error.errors()}))
        raise typer.BadParameter(f"不合要求 does not fit: {wrong}") from None
    with open_households(Settings()) as (register_, _):
        outcome = register_.handle(command)
    if not quiet:
        typer.echo(f"已记录 recorded: {village}/{household}, {outcome.version}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("日期应写作 2026-03-01。 Write the day like 2026-03-01.") from None


def _print(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, default=str))

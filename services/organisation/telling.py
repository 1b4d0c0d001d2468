"""What changed in the organisation, who changed it and when? One line per event, in words.

For `huiyin organisation history` and the API; auditors and administrators read it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.events import DomainEvent
from domain.organisation import events as e
from domain.values import LOCAL_ZONE
from projections.labels import Label, label


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change."""

    version: int
    topic: str
    occurred_at: datetime
    actor_user: str
    zh: str
    en: str


def change_lines(history: Iterable[DomainEvent]) -> Iterator[ChangeLine]:
    """The organisation's events as lines, oldest first."""
    for event in history:
        words = told(event)
        yield ChangeLine(event.originator_version, event.TOPIC, event.occurred_at, event.actor.user, words.zh, words.en)


def told(event: Any) -> Label:
    """One event in words."""
    match event:
        case e.PlaceRegistered():
            kind, above = label(event.kind), f"，属 {event.parent}" if event.parent else ""
            below = f", in {event.parent}" if event.parent else ""
            return Label(
                f"登记{kind.zh} {event.place} {event.name}{above}", f"{kind.en} {event.place} registered{below}"
            )
        case e.PlaceRenamed():
            return Label(f"{event.place} 更名为 {event.name}", f"{event.place} renamed to {event.name}")
        case e.PlaceMoved():
            return Label(f"{event.place} 改属 {event.parent}", f"{event.place} now belongs to {event.parent}")
        case e.PlaceClosed():
            return Label(f"{event.place} 撤销", f"{event.place} closed")
        case _:
            return _told_of_people(event)


def _told_of_people(event: Any) -> Label:
    match event:
        case e.OfficerAppointed():
            charge, in_charge = ("（负责人）", " in charge") if event.in_charge else ("", "")
            zh, en = (f"（{label(event.rank).zh}）", f", {label(event.rank).en}") if event.rank else ("", "")
            charge, in_charge = zh + charge, en + in_charge
            return Label(
                f"{event.officer} 任 {_post(event).zh}{charge}，{_period(event).zh}",
                f"{event.officer} appointed {_post(event).en}{in_charge}, {_period(event).en}",
            )
        case e.AppointmentEnded():
            return Label(
                f"{event.officer} 免 {_post(event).zh}，止于 {_day(event.until)}",
                f"{event.officer} no longer {_post(event).en} from {_day(event.until)}",
            )
        case e.DeputyNamed():
            return Label(
                f"{event.deputy} 代理 {event.officer} 的 {_post(event).zh}，{_period(event).zh}",
                f"{event.deputy} deputises for {event.officer} as {_post(event).en}, {_period(event).en}",
            )
        case e.DeputyWithdrawn():
            return Label(
                f"{event.deputy} 不再代理 {event.officer} 的 {_post(event).zh}",
                f"{event.deputy} no longer deputises for {event.officer} as {_post(event).en}",
            )
        case _:
            return _told_of_links(event)


def _told_of_links(event: Any) -> Label:
    whom = f"{event.village} {event.household}" if event.household else event.village
    if isinstance(event, e.OfficerLinked):
        return Label(f"{event.officer} 联系 {whom}", f"{event.officer} linked to {whom}")
    return Label(f"{event.officer} 不再联系 {whom}", f"{event.officer} no longer linked to {whom}")


def _post(event: Any) -> Label:
    role = label(event.role)
    return Label(f"{event.place} {role.zh}", f"{role.en} at {event.place}")


def _period(event: Any) -> Label:
    until = event.until
    return Label(
        f"自 {_day(event.since)} 起" + (f"至 {_day(until)}" if until else ""),
        f"from {_day(event.since)}" + (f" until {_day(until)}" if until else ""),
    )


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"

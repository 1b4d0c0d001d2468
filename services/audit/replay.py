"""How did one issue come to be what it is? Every event with the state after it, by which rule, who, when, known when.

From the log itself, folded as the office's own program folds it; `huiyin audit replay` and the API show it. Households'
words stay sealed until `opened` opens them for a reader.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.deadlines import Deadline
from domain.errors import HuiyinError, NotFound
from domain.events import DomainEvent
from domain.explaining import RULES as CLOCKS
from domain.issue.evolve import BrokenHistory, evolve
from domain.issue.grounds import RULES, ground_of
from domain.issue.state import Issue
from domain.ledger_views import LEDGERS, View
from domain.proof.hashing import SHA256
from domain.values import Role
from projections.dashboard_source import TODAY, When
from projections.issue_history import HistoryLine
from projections.moments import counts_from, told_by
from projections.one_stream import Covering, Stored, covering_checkpoints, stored_stream
from projections.projection import UnreadableEvent
from projections.sentences import sentence
from services.audit.fields import SEALED_FIELDS, FieldChange, changes, state_of
from services.privacy.looks import Seen
from services.privacy.unsealing import Reader, Unsealing

_ENVELOPE: Final = {"originator_id", "originator_version", "occurred_at", "actor", "command_id", "causation"}
_LIMITS: Final = ("deadline", "look_back", "promise", "notice", "objection", "telling")


class RecordDamaged(HuiyinError):
    """A stored event of which no event can be made, or that does not follow the one before it."""

    code = "record-damaged"
    zh = "该件的日志记录已损坏或不连续，不能回放。请运行 huiyin audit verify，并报告督查部门。"
    en = "A record of this issue is damaged or out of order. Run `huiyin audit verify`, and tell the auditors."


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the requirements."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that an event set or was about: which clock of which plan, and by which row of the scheme (`basis`)."""

    field: str
    rule: str
    zh: str
    en: str
    plan: str
    basis: str | None
    article: str | None
    amount: int
    unit: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    calendar: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One event. `state`: after it; `changes`: against the state before. `position`: None while it is not sealed.

    `counts_from`, `known_from`: from when it counts as happened, and as known; later than its own times where what it
    was decided upon came later. `commands`: what may have caused it, `sent_to` the stream that was asked.
    `checkpoint`: the first signed head that covers it.
    """

    line: HistoryLine
    position: int | None
    counts_from: datetime
    known_from: datetime
    on_behalf_of: str | None
    sent_to: UUID | None
    commands: tuple[str, ...]
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    checkpoint: Covering | None
    state: Mapping[str, Any]
    changes: tuple[FieldChange, ...] = ()


def stream_of(connection: psycopg.Connection, issue_id: UUID) -> list[Stored]:
    """The issue's events as the log holds them. Raises NotFound, RecordDamaged."""
    try:
        found = stored_stream(connection, issue_id)
    except UnreadableEvent:
        raise RecordDamaged from None
    if not found:
        raise NotFound
    return found


def replayed(
    connection: psycopg.Connection, stream: Sequence[Stored], *, late_after: timedelta, when: When = TODAY
) -> list[Step]:
    """Each event of the stream that counted then, in order. `late_after`: the plan's. Raises RecordDamaged."""
    told = list(told_by(stream, when))
    together: dict[UUID, list[DomainEvent]] = defaultdict(list)
    for it in told:
        together[it.event.command_id].append(it.event)
    positions = [it.position for it in told if it.position is not None]
    covered = covering_checkpoints(connection, SHA256, positions) if positions else {}
    return [
        Step(
            line=_line(it, after.number, late_after),
            position=it.position,
            counts_from=counts,
            known_from=known,
            on_behalf_of=it.event.actor.on_behalf_of,
            sent_to=it.went_to,
            limits=tuple(_limits(it.event, before)),
            checkpoint=covered.get(it.position) if it.position is not None else None,
            state=state_of(after),
            **_grounds(it, together[it.event.command_id]),
        )
        for it, (counts, known), (before, after) in zip(told, counts_from(told), states(told), strict=True)
    ]


def states(told: Iterable[Stored]) -> Iterator[tuple[Issue | None, Issue]]:
    """The issue before and after each event. Raises RecordDamaged."""
    issue: Issue | None = None
    for it in told:
        try:
            after = evolve(issue, it.event)
        except BrokenHistory:
            raise RecordDamaged from None
        yield issue, after
        issue = after


def _line(stored: Stored, number: str, late_after: timedelta) -> HistoryLine:
    """As the history tells it."""
    event = stored.event
    details = event.model_dump(mode="json", exclude=_ENVELOPE, exclude_none=True)
    return HistoryLine(
        position=stored.recorded.position,
        number=number,
        issue_id=event.originator_id,
        version=event.originator_version,
        topic=event.TOPIC,
        occurred_at=event.occurred_at,
        recorded_at=stored.recorded_at,
        actor_user=event.actor.user,
        actor_role=event.actor.role,
        command_id=event.command_id,
        causation=event.causation,
        details=details,
        late=stored.recorded_at - event.occurred_at > late_after,
        **sentence(event.TOPIC, details)._asdict(),
    )


def _grounds(stored: Stored, together: Sequence[DomainEvent]) -> dict[str, Any]:
    to_itself = None if stored.went_to is None else stored.went_to == stored.event.originator_id
    ground = ground_of(stored.event, together, to_itself=to_itself)
    return {"commands": ground.commands, "rules": tuple(Rule(rule, *RULES[rule]) for rule in ground.rules)}


def _limits(event: DomainEvent, before: Issue | None) -> Iterator[Limit]:
    """Those that the event sets; of one that only names a rule, the one that ran."""
    set_by = [(name, limit) for name in _LIMITS if isinstance(limit := getattr(event, name, None), Deadline)]
    if not set_by and before is not None and (named := getattr(event, "rule", None)):
        running = (("deadline", before.deadline), ("promise", before.promise), ("notice", before.notice))
        set_by = [(name, it) for name, it in running if it is not None and it.rule == named][:1]
    for name, it in set_by:
        words = CLOCKS.get(it.rule, {"zh": it.rule, "en": it.rule})
        terms = (it.plan, it.basis, it.article, it.amount, it.unit, it.started_at, it.due_at, it.provisional)
        yield Limit(name, it.rule, words["zh"], words["en"], *terms, it.calendar)


# -- for a reader -----------------------------------------------------------------------------------------------------


def opened(steps: Sequence[Step], unsealing: Unsealing, reader: Reader, hidden: Collection[str] = ()) -> list[Step]:
    """With the words that this reader may see, the look written down; without the `hidden` fields of the state."""
    lines = unsealing.history(reader, [step.line for step in steps])
    words = [{name: step.state[name] for name in SEALED_FIELDS} for step in steps]
    said = unsealing.as_history(reader, words, Seen.HISTORY)
    shown: list[Step] = []
    for step, line, found in zip(steps, lines, said, strict=True):
        state = _without(hidden, {**step.state, **found})
        line = replace(line, details=_without(hidden, line.details))
        differing = changes(shown[-1].state if shown else None, state)
        shown.append(replace(step, line=line, state=state, changes=tuple(differing)))
    return shown


def _without(hidden: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in hidden}


def hidden_from(role: Role) -> frozenset[str]:
    """The fields of which this role sees nothing, as of the ledger's columns of the same name."""
    return frozenset(name for name, views in LEDGERS["issues"].items() if views[role] is View.NOTHING)


def shown(step: Step) -> dict[str, Any]:
    """One step as a program reads it."""
    line = asdict(step.line)
    rest = {name: value for name, value in asdict(step).items() if name not in ("line", "checkpoint")}
    checkpoint = step.checkpoint._asdict() if step.checkpoint else None
    return {**line, **rest, "checkpoint": checkpoint}

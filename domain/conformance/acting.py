"""Did the right people act? Their role may take the step, and nothing they did in the case forbids it (four eyes)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from domain.conformance.declared import FORGETS, REPLACES, STEPS, Hand, Step
from domain.conformance.deviations import Deviation, Kind
from domain.conformance.history import History
from domain.values import THE_PROCESS, Actor, Role

_HAVING: Final[dict[Hand, tuple[str, str]]] = {
    Hand.PREPARED: ("提请的人", "who prepared the submission"),
    Hand.GRANTED: ("安排补贴的人", "who granted the money"),
    Hand.WORKED: ("施工的人", "who did the works"),
    Hand.ASKED: ("申请延期的人", "who asked for the extension"),
    Hand.SENT_UP: ("上报的人", "who sent it up"),
    Hand.PROPOSED: ("提请终结的人", "who proposed the final filing"),
    Hand.HANDLED: ("经办、负责或包案的人", "who handled, answers for or leads the case"),
}


Held = Callable[[Actor, datetime], bool]
"""Whether this person held a post of this role (or stood in for whom they say) at that moment, as far as is known."""
_WITHOUT_POSTS: Final = frozenset({Role.PROCESS, Role.HOUSEHOLD})


class Hands:
    """Who did what in this case so far."""

    def __init__(self) -> None:
        self.did: dict[Hand, frozenset[str]] = dict.fromkeys(Hand, frozenset())
        self.answers: str | None = None
        self.leader: str | None = None

    def of(self, hand: Hand) -> frozenset[str]:
        """Who did that; of the case as a whole also who answers for it and who leads it."""
        if hand is not Hand.HANDLED:
            return self.did[hand]
        return self.did[hand] | {person for person in (self.answers, self.leader) if person is not None}

    def after(self, label: str, event: Any) -> None:
        """What this event adds."""
        persons: frozenset[str] = event.actor.persons
        for hand in STEPS[label].leaves:
            self.did[hand] = persons if hand in REPLACES else self.did[hand] | persons
        for hand in FORGETS.get(label, ()):
            self.did[hand] = frozenset()
        if (responsible := getattr(event, "responsible", None)) is not None:
            self.answers = responsible.person
        self.leader = getattr(event, "leader", None) or self.leader


def wrongly_acting(history: History, held: Held | None) -> Iterator[Deviation]:
    """Every step that the wrong person took; by posts too, if they are known and the record is not imported."""
    hands = Hands()
    concerned = history.logged.concerns if history.logged else None
    for index, (label, event) in enumerate(zip(history.labels, history.events, strict=True)):
        step = STEPS[label]
        words = _wrong(step, event.actor, hands, concerned)
        if words is None and held is not None and not history.imported:
            words = _without_post(step, event, history.recorded[index], held)
        if words is not None:
            yield Deviation(Kind.WRONG_ACTOR, (history.number,), (history.at(index),), *words)
        hands.after(label, event)


def _wrong(step: Step, actor: Actor, hands: Hands, concerned: str | None) -> tuple[str, str] | None:
    user, role, persons = actor.user, actor.role, actor.persons
    if role not in step.by:
        return (
            f"“{step.zh}”不得由角色 {role.value} 办理。",
            f"The role {role.value} may not take the step “{step.en}”.",
        )
    if (role is Role.PROCESS) != (user == THE_PROCESS.user):
        return (f"“{step.zh}”冒用了流程的身份。", f"“{step.en}” was done in the name of the process.")
    if concerned in persons:
        return (f"被反映人自己办理了“{step.zh}”。", f"The official complained of took the step “{step.en}”.")
    for hand in sorted(step.not_by):
        if role is not Role.PROCESS and persons & hands.of(hand):
            zh, en = _HAVING[hand]
            return (f"“{step.zh}”由{zh}自己办理，应由另一人。", f"“{step.en}” was done by {en}: another has to.")
    return None


def _without_post(step: Step, event: Any, recorded_at: datetime, held: Held) -> tuple[str, str] | None:
    """A post has to be held when it happened, or when it was written down: one of them is what the program asked."""
    actor: Actor = event.actor
    if actor.role in _WITHOUT_POSTS or held(actor, event.occurred_at) or held(actor, recorded_at):
        return None
    return (
        f"办理“{step.zh}”时，{actor.user} 不任 {actor.role.value}。",
        f"{actor.user} held no post of {actor.role.value} when “{step.en}” was done.",
    )

"""The declared process, written by hand, against what the program really does: neither knows the other.

Every history that real decisions bring about fits it; every step that it declares is taken by some decision.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from domain.conformance.acting import Hands
from domain.conformance.checking import check
from domain.conformance.declared import STEPS, Hand, Place
from domain.conformance.deviations import Kind
from domain.conformance.history import History
from domain.conformance.labels import base_of
from domain.conformance.lanes import BEGINNINGS, LANES
from domain.errors import HuiyinError
from domain.issue import commands as c
from domain.issue.decide import DECISIONS
from domain.issue.events import ISSUE_EVENTS
from domain.issue.state import Issue
from domain.issue.words import Channel
from domain.permissions import roles_for
from domain.values import Role
from tests.support.examples import due_moment
from tests.support.states import STATES, Case, provisional, untold
from tests.support.transitions import AT_HAND, VARIANTS, prepared

_OF_OTHERS: Final = {
    "logged": {"CollectOpinions", "RecordVisit", "RegisterHazard", "SplitIssue"},
    "escalated": {"DisposeItem"},
    "submission_tabled": {"ConveneMeeting", "AddItem"},
    "funding_granted": {"ConfirmRound", "AllocateFunding"},
    "absorbed": {"MergeIssue"},
    "answer_shared": {"GiveReply"},
    "tranche_paid": {"PayTranche"},
    "look_back_failed": {"RecordLookBack"},
}
"""Steps that other streams' commands take too, or that no single command of an issue shows in these lives."""
_SAME_STAGE: Final = {Place.TABLED: "committee", Place.GRANTED: "funding"}
_OUT_OF_REACH: Final = {
    ("withdrawn", Place.INSPECTION),  # works without money; the lives here are paid for
}


class Taken(NamedTuple):
    """One command accepted by the real decisions: what the issue's history was before and is after."""

    command: str
    before: History
    after: History


def history(life: Case) -> History:
    return History(life.events, [event.occurred_at for event in life.events])


@cache
def accepted() -> tuple[Taken, ...]:
    """Every command with every outcome in every named state, where the decisions accept it."""
    return tuple(_accepted())


def _accepted() -> Iterator[Taken]:
    a_petition = prepared("logged", {"channel": Channel.PETITION})
    public = [prepared(state, {"household": None, "source": "old-system"}) for state in ("fixed", "feedback")]
    lives = [*(prepared(state, {"key": "diagram"}) for state in STATES), *public, provisional(), untold(), a_petition]
    for life in filter(None, lives):
        for kind in DECISIONS:
            if life.issue.notice is not None and kind is c.RedateDeadline:
                continue  # logged under another plan than the one that would date it anew
            for fields in VARIANTS.get(kind, [{}]):
                more = {"into": AT_HAND.issue_id} if kind is c.MergeIssue else fields
                try:
                    after = life.do(kind, at=max(life.now, due_moment(kind, life.issue) or life.now), **more)
                except HuiyinError:
                    continue
                yield Taken(kind.__name__, history(life), history(after))


def place_of(labels: tuple[str, ...], lane: int = 0) -> Place:
    place = BEGINNINGS[lane]
    for label in labels:
        place = LANES[lane].get(label, {place: place})[place]
    return place


def test_every_event_of_an_issue_is_a_declared_step() -> None:
    topics = {event.TOPIC.removeprefix("issue.") for event in ISSUE_EVENTS}

    assert {base_of(label) for label in STEPS} == topics


def test_whatever_the_decisions_accept_fits_the_declared_process() -> None:
    unfit = {
        (taken.command, it.kind, it.en)
        for taken in accepted()
        for it in check(taken.after).deviations
        if it.kind is not Kind.LATE
    }

    assert unfit == set()


def test_the_declared_place_is_the_stage_that_the_program_has() -> None:
    for state in STATES:
        life = prepared(state, {"key": "diagram"})
        assert life is not None
        place = place_of(history(life).labels)
        assert _SAME_STAGE.get(place, place.value) == life.issue.stage.value, state
        assert (place_of(history(life).labels, 1) is Place.ASKED) == (life.issue.extension_asked is not None), state
        assert (place_of(history(life).labels, 2) is Place.PAUSED) == life.issue.paused, state
        assert (place_of(history(life).labels, 3) is Place.PROPOSED) == bool(life.issue.final_by), state


def test_who_did_what_is_remembered_as_the_program_does() -> None:
    remembered = {
        Hand.PREPARED: lambda issue: issue.prepared_by,
        Hand.GRANTED: lambda issue: issue.granted_by,
        Hand.WORKED: lambda issue: issue.workers,
        Hand.SENT_UP: lambda issue: issue.sent_up_by,
        Hand.PROPOSED: lambda issue: issue.final_by,
        Hand.HANDLED: lambda issue: issue.handlers,
    }
    for state in STATES:
        life = prepared(state, {"key": "diagram"})
        assert life is not None
        issue: Issue = life.issue
        hands = Hands()
        for label, event in zip(history(life).labels, life.events, strict=True):
            hands.after(label, event)
        assert {hand: hands.did[hand] for hand in remembered} == {hand: of(issue) for hand, of in remembered.items()}
        assert (hands.answers, hands.leader) == (issue.responsible.person, issue.leader)


def test_every_declared_move_is_one_that_the_decisions_make() -> None:
    made = {("logged", Place.START)}
    for taken in accepted():
        labels = taken.after.labels
        for nth in range(len(taken.before.labels), len(labels)):
            made.add((labels[nth], place_of(labels[:nth])))
    moving = {
        (label, source)
        for label, step in STEPS.items()
        for source, target in step.moves.items()
        if source is not target
    }

    assert moving - made == _OUT_OF_REACH
    assert {label for label, _ in made} | {"answer_shared", "absorbed"} == set(STEPS)  # those of another issue


def test_the_declared_roles_are_those_of_the_permissions() -> None:
    commands: dict[str, set[str]] = {label: set(_OF_OTHERS.get(label, ())) for label in STEPS}
    commands["logged"].add("LogIssue")
    for taken in accepted():
        for nth in range(len(taken.before.labels), len(taken.after.labels)):
            if taken.after.events[nth].actor.role is not Role.PROCESS or roles_for(taken.command) == {Role.PROCESS}:
                commands[taken.after.labels[nth]].add(taken.command)
    allowed = {label: frozenset[Role]().union(*map(roles_for, names)) for label, names in commands.items()}

    assert {label: step.by for label, step in STEPS.items()} == allowed

"""The checker of promises does find broken ones: histories tampered with by hand, one promise at a time."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from tests.support.casework import PEOPLE, case
from tests.support.promises import keeps_its_promises

History = tuple[DomainEvent, ...]


def _with(history: History, kind: type[DomainEvent], **fields: Any) -> History:
    """The history with some fields of its events of this kind replaced."""
    return tuple(event.model_copy(update=fields) if isinstance(event, kind) else event for event in history)


def _closed_without_reply() -> History:
    *before, reply, rated, closed = case("closed").events
    assert isinstance(reply, e.ReplyGiven)
    assert isinstance(rated, e.AnswerRated)
    return (*before, closed.model_copy(update={"originator_version": reply.originator_version}))


def _reminded_twice() -> History:
    deadline = case("logged").issue.deadline
    assert deadline is not None
    once = case("logged").do(c.RemindHolder, at=deadline.remind_at).events
    return (*once, once[-1].model_copy(update={"originator_version": 3}))


TAMPERED: dict[str, Callable[[], History]] = {
    "closed without an answer": _closed_without_reply,
    "reminded or missed twice": _reminded_twice,
    "signed their own": lambda: _with(case("tabled").events, e.SubmissionSigned, actor=PEOPLE["handler"]),
    "accepted their own": lambda: _with(case("reply").events, e.WorksAccepted, actor=PEOPLE["handler"]),
    "granted their own": lambda: _with(
        case("extension_asked").do(c.GrantExtension).events, e.ExtensionGranted, actor=PEOPLE["handler"]
    ),
    "had handled": lambda: _with(case("settled").events, e.LookBackPassed, actor=PEOPLE["handler"]),
    "more than was asked": lambda: _with(case("works").events, e.SubmissionApproved, subsidy=Decimal(30_001)),
    "more than was approved": lambda: _with(case("works").events, e.FundingGranted, amount=Decimal(20_001)),
    "more than was granted": lambda: _with(case("works").events, e.TranchePaid, amount=Decimal(20_001)),
    "past the budget": lambda: _with(case("inspection").events, e.WorksCompleted, spent=Decimal(50_001)),
    "an open issue without a date": lambda: _with(case("logged").events, e.IssueLogged, deadline=None),
    "not the tier's": lambda: _with(case("at_department").events, e.IssueEscalated, department=None),
    "no history": lambda: (),
}


@pytest.mark.parametrize("promise", TAMPERED)
def test_given_a_history_that_breaks_a_promise_then_the_checker_names_it(promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        keeps_its_promises(TAMPERED[promise]())

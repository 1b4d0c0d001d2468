"""Cases that between them hold every event there is; every read model has to cope with all of them."""

from collections.abc import Iterator
from datetime import datetime

from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue.events import IssueLogged
from domain.issue.evolve import fold
from domain.issue.state import Issue
from domain.issue.words import EntryField, Rating
from tests.support.casework import STATES, Case, case
from tests.support.examples import due_moment, example
from tests.support.pool import a_fund_through_its_year

_NOTICES = [example(kind, key=kind.__name__) for kind in (c.RemindOfNotice, c.RecordMissedNotice)]
_STATES = [case(state, key=f"lives {state}") for state in STATES]
_CLOCKS = [example(kind, key=kind.__name__) for kind in (c.EscalateOverdue, c.RecordMissedReport, c.RemindHolder)]


def _supervised() -> Case:
    life = case("missed", key="supervised")
    return life.do(c.SendSupervisionNotice, at=due_moment(c.SendSupervisionNotice, life.issue))


def _corrected() -> Case:
    """Every field that may be corrected, and the place taken away again."""
    life = case("logged", key="corrected")
    values = {
        EntryField.TITLE: "路灯与线路",
        EntryField.DESCRIPTION: "五盏路灯不亮。",
        EntryField.CATEGORY: "environment",
        EntryField.PLACE: "村口西侧",
        EntryField.HOUSEHOLD: "QS-013",
    }
    for field, value in values.items():
        life = life.do(c.CorrectEntry, field=field, value=value)
    return life.do(c.CorrectEntry, field=EntryField.PLACE, value=None)


def _answered_twice() -> Case:
    again = case("dissatisfied", key="twice").do(c.AcceptIssue).do(c.ResolveIssue).do(c.GiveReply)
    return again.do(c.RateAnswer, rating=Rating.MOSTLY)


def _promised(life: Case) -> datetime:
    promise = life.issue.promise
    assert promise is not None
    return promise.due_at


LIVES: tuple[Case, ...] = (
    *_STATES,
    *(it.case.after(it.asked) for it in (*_CLOCKS, *_NOTICES)),
    _supervised(),
    case("handling", key="moved").do(c.AssignIssue).do(c.AssignLeader).do(c.LinkCommonCause),
    _corrected(),
    case("extension_asked", key="granted").do(c.GrantExtension, by="lead"),
    case("extension_asked", key="refused").do(c.RefuseExtension, by="lead"),
    case("handed_over", key="both clocks missed").do(c.RecordMissedPromise, at=_promised(case("handed_over"))),
    case("provisional", key="redated").do(c.RedateDeadline),
    case("feedback", key="delivered").do(c.DeliverReply),
    case("logged", key="told").do(c.NotifyHousehold),
    case("escalated", key="returned").do(c.ReturnEscalation),
    case("submission", key="sent back").do(c.SendBackSubmission),
    case("inspection", key="rework").do(c.OrderRework),
    case("absorbing", key="shared").do(c.FixOnSite).do(c.GiveReply),
    _answered_twice(),
    case("feedback", key="complaint", concerns="lead2"),
    case("unspent", key="returned money").do(c.ReturnUnspent),
    case("granted", key="cancelled").do(c.CancelGrant),
    a_fund_through_its_year(key="lives"),
    example(c.PlanRectification, key="planned").case.do(c.PlanRectification),
    example(c.MarkBacklog, key="backlog").case.do(c.MarkBacklog),
    case("final_proposed", key="final").do(c.FileAsFinal),
    case("final_proposed", key="not final").do(c.RefuseFinalFiling),
)


def issues(life: Case) -> Iterator[tuple[Issue, tuple[DomainEvent, ...]]]:
    """Every issue of a life as it stands at the end, with its events."""
    for events in life.streams.values():
        issue = fold(events) if isinstance(events[0], IssueLogged) else None
        if issue is not None:
            yield issue, events

"""Appraisal against the dashboard: whatever the cases, what all officers did is what was done."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.issue import commands as c
from domain.issue.words import Rating, Stage
from domain.periods import Cycle, Period
from projections.appraisal import APPRAISAL, Account, Asked, By, accounts
from projections.appraisal_marks import Counted
from projections.dashboard import DASHBOARD, Dashboard, dashboard
from projections.issue_ledger import ISSUE_LEDGER
from projections.projection import Recorded
from tests.projections.ledger import Log, interleaved, numbered
from tests.support.casework import START, Case, case

LATER = timedelta(days=30)
YEAR = Period.containing(START, Cycle.YEAR)
LIVES = st.tuples(
    st.sampled_from(("logged", "missed", "escalated", "handling", "withdrawn", "feedback")),
    st.sampled_from(("QS", "LX")),
    st.sampled_from((None, "silent", Rating.SATISFIED, Rating.MOSTLY, Rating.CANNOT_SAY, Rating.DECLINED)),
    st.booleans(),
)
"""Where it came to by itself; in which village; what its household said; whether the next step was late."""


def lived(state: str, village: str, said: Rating | str | None, late: bool, key: str) -> Case:
    """An issue that was handled from there on, answered and rated, as far as it can be."""
    life = case(state, key=key, village=village)
    if life.issue.stage in (Stage.LOGGED, Stage.ESCALATED, Stage.HANDLING) and said is not None:
        at = {"at": life.issue.deadline.due_at + LATER} if late and life.issue.deadline else {}
        life = life.do(c.AcceptIssue, **at) if life.issue.stage is Stage.ESCALATED else life
        life = life.do(c.ResolveIssue, **at).do(c.GiveReply)
    if life.issue.stage is Stage.FEEDBACK and isinstance(said, Rating):
        return life.do(c.RateAnswer, rating=said)
    if life.issue.stage is Stage.FEEDBACK and said is not None and life.issue.deadline:
        return life.do(c.CloseSilently, at=life.issue.deadline.due_at)
    return life


@pytest.mark.slow
@pytest.mark.proves("D8")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(LIVES, min_size=1, max_size=12))
def test_given_any_cases_then_what_all_officers_did_is_what_the_dashboard_and_the_ledger_count(
    log: Log, lives: list[Any]
) -> None:
    told = [lived(*life, key=f"{nth}") for nth, life in enumerate(lives)]
    with log.follower.transaction() as undone:
        take(log, told)
        totals = dashboard(log.follower, YEAR.ends_at)
        completed = log.query("select count(*) from issue_ledger where completed_at is not null")[0][0]
        missed = log.query("select coalesce(sum(missed), 0) from issue_ledger")[0][0]
        of_officers, stations, departments = (accounts(log.follower, asked(by)) for by in By)
        raise psycopg.Rollback(undone)
    for everybody in (of_officers, stations + departments):
        same(everybody, totals)
        assert total(everybody, Counted.HANDLED) == completed
        assert total(everybody, Counted.LATE) + total(everybody, Counted.WAITED) == missed


def asked(by: By) -> Asked:
    return Asked(by, YEAR.starts_at, YEAR.ends_at)


def total(everybody: list[Account], what: Counted) -> int:
    return sum(it.of(what) for it in everybody)


def same(everybody: list[Account], totals: Dashboard) -> None:
    """No account more or less than the township's, whoever answered."""
    assert total(everybody, Counted.ANSWERED) == totals.reply_times.answered
    assert total(everybody, Counted.ON_TIME) == totals.on_time.numerator
    satisfaction = totals.rates.satisfaction
    assert sum(it.satisfaction.numerator for it in everybody) == satisfaction.numerator
    assert sum(it.satisfaction.denominator for it in everybody) == satisfaction.denominator
    for name in (Counted.CANNOT_SAY, Counted.DECLINED, Counted.SILENT):
        assert total(everybody, name) == totals.rates.excluded[name.value]


def take(log: Log, told: list[Case]) -> None:
    """Into the tables, without the log."""
    events = [Recorded(nth, it.occurred_at, it) for nth, it in enumerate(numbered(interleaved(told)))]
    for model in (DASHBOARD, ISSUE_LEDGER, APPRAISAL):
        model.apply(log.follower, events)

"""The ledger of what is handed in: rows as the domain says, the same made anew, seen within one's villages."""

from datetime import timedelta

import pytest

from domain.submission import commands as c
from projections.pages import WHOLE
from projections.rebuild import compare
from projections.row_security import BARRED, DEPARTMENTS, VILLAGES
from projections.submissions import SUBMISSIONS, SubmissionLine, submissions
from services.exports.forms import FORMS
from tests.projections.ledger import Log
from tests.support.duties import MARCH
from tests.support.handing_in import DUE, FORM, PAPER, PHOTOS, Office, hand_in, of

DAY = timedelta(days=1)


@pytest.fixture
def told(log: Log) -> Log:
    """A March in which the photos came late, the form in time and the register not at all."""
    office = Office("cx")
    office.open(MARCH)
    office.missing(DUE[PHOTOS])
    office.do(hand_in(PHOTOS, DUE[PHOTOS] + DAY))
    office.do(hand_in(FORM, DUE[FORM] - DAY, paper=None))
    office.do(of(c.SignHandIn, FORM, DUE[FORM] - DAY, by="lead"))
    office.missing(DUE[FORM])
    for events in office.streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    return log


def by_name(told: Log) -> dict[str, SubmissionLine]:
    return {line.submission: line for line in submissions(told.connection, WHOLE)}


@pytest.mark.proves("CX12")
def test_given_a_month_then_each_thing_owed_shows_as_in_late_or_missed(told: Log) -> None:
    lines = by_name(told)
    shown = {name: (it.standing, it.missed, it.late, it.signed_by) for name, it in lines.items()}
    assert shown == {
        "board_photos": ("in", True, True, None),
        "committee_form": ("in", False, False, "lead"),
        "priority_register": ("owed", True, False, None),
    }
    assert (lines["board_photos"].paper, lines["board_photos"].digest) == (PAPER.name, PAPER.digest)
    assert lines["board_photos"].place_name == "青石村"


def test_given_the_form_then_its_columns_are_filled(told: Log) -> None:
    form = FORMS["submissions"]
    rows = {line.submission: form.row(line) for line in by_name(told).values()}
    assert rows["board_photos"][3:7] == ["CX2", "QS", "2026-03-03", "已报、缺报、迟报"]
    assert len(rows["committee_form"]) == len(form.columns)


def test_given_a_paper_returned_then_it_is_owed_again_with_its_fault(log: Log) -> None:
    office = Office("cx")
    office.open(MARCH)
    office.do(hand_in(PHOTOS, MARCH.starts_at))
    office.do(of(c.ReturnSubmission, PHOTOS, MARCH.starts_at + DAY, by="member2", fault=c.Fault.UNREADABLE))
    for events in office.streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    line = by_name(log)["board_photos"]
    assert (line.standing, line.fault, line.missed) == ("owed", "unreadable", False)


def test_given_live_rows_then_the_log_makes_the_same_again(told: Log) -> None:
    (compared,) = compare(told.database.owner_dsn, (SUBMISSIONS.name,))
    assert (compared.differences, compared.rows) == ((), 3)


@pytest.mark.parametrize(("villages", "seen"), [("QS", 3), ("LX", 0), ("*", 3), ("", 0)])
def test_given_a_scope_then_only_its_villages_are_seen(told: Log, villages: str, seen: int) -> None:
    with told.connection.transaction():
        for setting, value in ((VILLAGES, villages), (DEPARTMENTS, "*"), (BARRED, ",")):
            told.connection.execute("select set_config(%s, %s, true)", (setting, value))
        assert len(submissions(told.connection, WHOLE)) == seen


def test_given_things_missed_by_a_place_then_those_in_charge_of_it_are_told(told: Log) -> None:
    rows = told.query("select addressee, kind from inbox where kind = 'hand_in_missed' order by kind, addressee")
    missed = [(who, "hand_in_missed") for who in ("handler", "lead") for _ in range(2)]
    assert rows == missed

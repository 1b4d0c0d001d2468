"""The petition ledger: every way of petitioning, by the plan's fields, with the dates that the form asks for."""

from collections.abc import Mapping
from typing import Any, Final

import psycopg
import pytest

from domain.adoption.book import PlanBook
from domain.issue import commands as c
from domain.issue.words import PETITION_CHANNELS, Channel, NoticeAbout
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from projections.issue_ledger import ISSUE_LEDGER, OF_PETITIONS
from projections.pages import WHOLE
from projections.petition_ledger import PETITION_LEDGER, PetitionRow, petitions
from projections.row_security import BARRED, DEPARTMENTS, VILLAGES
from services.exports.called import Called
from services.exports.form import opened
from services.exports.forms import FORMS
from services.privacy.looks import Door
from services.privacy.unsealing import on_this_machine
from tests.projections.ledger import Log, taken_in
from tests.support.casework import Case, a_new_case, case, office

FIELDS: Final = {"land", "demolition", "enterprise_reform", "employment", "social_security", "law", "safety"}


class _AsWritten:
    """In place of the vault: these lives were never sealed."""

    def rows(self, reader: object, rows: list[dict[str, str | None]], what: object) -> list[dict[str, str | None]]:
        return rows


def petition(field: str = "land", **fields: Any) -> Case:
    """A petition just logged under the civil-affairs plan."""
    return a_new_case(
        **{"office": office(plan=load_plan("mz")), "channel": Channel.PETITION, "category": field, "key": field}
        | fields
    )


def row_of(life: Case) -> PetitionRow:
    found = taken_in(PETITION_LEDGER, life.events)[life.issue_id]
    assert isinstance(found, PetitionRow)
    return found


def told(log: Log, *lives: Case) -> None:
    """These cases in a real log, taken into the two tables that the ledger is read from."""
    log.settle()
    log.append(*lives)
    log.fill(ISSUE_LEDGER, PETITION_LEDGER)


def form(log: Log, **asked: Any) -> list[dict[str, str]]:
    """The ledger as its form, a line a petition."""
    shape = FORMS["petitions"]
    lines = shape.ask(log.connection, {**WHOLE, **asked})
    nobody = Called({}, {})
    known = opened(shape, _AsWritten(), on_this_machine(Door.CLI), lines, PlanBook(load_plan("mz")), nobody)  # type: ignore[arg-type]
    return [dict(zip(shape.columns, shape.row(line), strict=True)) for line in known]


@pytest.mark.proves("MZ2", "F3")
def test_given_petitions_of_every_field_then_the_ledger_has_each_under_its_name_and_by_field(log: Log) -> None:
    plan = load_plan("mz")
    assert set(plan.categories) - {"other"} == FIELDS
    told(log, *(petition(field) for field in sorted(FIELDS)))
    assert {line["领域"] for line in form(log)} == {
        "土地", "征地拆迁", "企业改制", "就业", "社会保障", "涉法涉诉", "安全生产"
    }  # fmt: skip
    (only,) = form(log, field="law")
    assert (only["领域"], only["信访形式"]) == ("涉法涉诉", "信访")
    assert form(log, field="law", village="LX") == []


@pytest.mark.proves("F3")
def test_given_every_channel_then_those_by_which_people_petition_are_in_the_ledger(log: Log) -> None:
    told(log, *(petition(channel=channel, household=None, key=channel) for channel in Channel))
    assert {it.channel for it in petitions(log.connection, WHOLE)} == PETITION_CHANNELS


@pytest.mark.proves("F3")
def test_given_a_petition_through_review_and_recheck_then_each_column_tells_its_step(log: Log) -> None:
    life = petition("employment").do(c.NotifyHousehold).do(c.EscalateIssue, department="labour")
    life = life.do(c.AcceptIssue, by="committee", person="department")
    asked = life.do(c.RequestExtension, by="department", days=10).do(c.GrantExtension, by="committee")
    asked = asked.do(c.NotifyHousehold, about=NoticeAbout.EXTENSION, content="尚需核查工资表。")
    replied = asked.do(c.ResolveIssue, by="department").do(c.GiveReply, by="department")
    reviewed = replied.do(c.RequestReview).do(c.DecideReview)
    done = reviewed.do(c.RequestRecheck).do(c.DecideRecheck)
    told(log, done)
    days = {name: f"{row.astimezone(LOCAL_ZONE):%Y-%m-%d}" for name, row in moments(done).items()}
    (line,) = form(log)
    assert (line["受理日期"], line["告知日期"]) == (days["accepted"], days["logged"])
    assert (line["领域"], line["责任单位"]) == ("就业", "department:labour")
    deadline = asked.issue.deadline
    assert deadline is not None
    assert (deadline.rule, line["办理期限"]) == ("handling", f"{deadline.due_at.astimezone(LOCAL_ZONE):%Y-%m-%d}")
    assert (line["延期"], line["办理意见"]) == ("1 次，共 10 天", "路灯已修好。")
    assert (line["答复日期"], line["复查"]) == (days["reply_given"], f"{days['review_decided']} 维持")
    assert (line["复核"], line["终结"]) == (f"{days['recheck_decided']} 维持", "")
    assert row_of(replied.do(c.RequestReview)).reviewed_at is None


def moments(life: Case) -> dict[str, Any]:
    """Topic -> when it last happened."""
    return {event.TOPIC.removeprefix("issue."): event.occurred_at for event in life.events}


def test_given_a_case_dealt_with_where_it_arose_then_it_counts_as_accepted_there_within_the_window() -> None:
    logged = petition("safety")
    fixed = logged.do(c.FixOnSite)
    assert logged.issue.deadline is not None
    assert (row_of(logged).accepted_at, row_of(logged).handle_by) == (None, logged.issue.deadline.due_at)
    assert (row_of(fixed).accepted_at, row_of(fixed).handle_by) == (fixed.now, logged.issue.deadline.due_at)


def test_given_a_final_filing_then_the_ledger_has_its_day_and_a_reopened_case_no_opinion() -> None:
    filed = case("final_proposed").do(c.FileAsFinal)
    assert row_of(filed).final_at == filed.now
    assert row_of(case("dissatisfied")).opinion is None
    assert row_of(case("feedback")).opinion is not None


@pytest.mark.proves("F3")
@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ({VILLAGES: "QS"}, {"QS"}),
        ({VILLAGES: "*", BARRED: ",lead2"}, {"QS"}),
        ({VILLAGES: "*", DEPARTMENTS: "labour"}, {"LX"}),
        ({VILLAGES: "WS"}, set()),
    ],
)
def test_given_a_scope_then_the_ledger_shows_what_is_within(log: Log, scope: Mapping[str, str], seen: set[str]) -> None:
    told(
        log,
        petition("land"),
        petition("law", village="LX", concerns="lead2").do(c.EscalateIssue, department="labour"),
    )
    wanted = {DEPARTMENTS: "*", BARRED: ",", **scope}
    with psycopg.connect(log.database.app_dsn) as connection:
        for setting, value in wanted.items():
            connection.execute("select set_config(%s, %s, true)", (setting, value))
        assert {line.number[:2] for line in petitions(connection, WHOLE)} == seen


def test_given_the_words_then_the_index_is_of_just_the_channels_of_petitions() -> None:
    listed = ", ".join(f"'{channel}'" for channel in sorted(PETITION_CHANNELS))
    assert f"channel in ({listed})" == OF_PETITIONS

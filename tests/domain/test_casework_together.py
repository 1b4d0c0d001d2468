"""One command that writes several streams, through the real door: all of it or nothing."""

from domain.casework import Casework
from domain.issue import commands as c
from domain.issue.events import AnswerShared, IssueLogged, ReplyGiven
from domain.issue.words import Stage
from tests.support.casework import Clock, case, live_through


def test_given_a_split_when_handled_then_each_part_has_a_number(casework: Casework, clock: Clock) -> None:
    live_through(casework, clock, case("split"))
    (_, split) = casework.history(case("split").issue_id)
    parts = [next(casework.history(part)) for part in split.model_dump()["into"]]
    assert all(isinstance(part, IssueLogged) for part in parts)
    assert [part.model_dump()["number"] for part in parts] == ["QS-2026-0002", "QS-2026-0003"]
    assert [casework.issue_id(f"QS-2026-000{n}") for n in (2, 3)] == [part.originator_id for part in parts]


def test_given_merged_issues_when_replied_then_all_have_the_answer_by_one_command(
    casework: Casework, clock: Clock
) -> None:
    life = case("absorbing").do(c.FixOnSite).do(c.GiveReply)
    live_through(casework, clock, life)
    *_, reply = casework.history(life.issue_id)
    *_, shared = casework.history(life.issue.absorbed[0])
    assert isinstance(reply, ReplyGiven)
    assert isinstance(shared, AnswerShared)
    assert shared.command_id == reply.command_id
    merged = casework.issue(life.issue.absorbed[0])
    assert merged is not None
    assert (merged.stage, merged.replied) == (Stage.MERGED, True)

"""An issue's history: one line per event, told in both languages, with what was recorded late."""

from datetime import timedelta

import pytest

from domain.events import event_classes
from domain.issue import commands as c
from domain.issue import words
from domain.values import Role
from projections.issue_history import ISSUE_HISTORY, HistoryLine, history
from projections.labels import LABELS, label
from projections.per_issue import BrokenStream
from projections.sentences import SENTENCES, sentence
from services.persistence.scope import Scope, ScopedConnection
from tests.projections.ledger import Log
from tests.projections.lives import LIVES, issues
from tests.support.casework import PEOPLE, START, Case, case

LATE_AFTER = timedelta(days=3)
LISTS = (
    words.Stage, words.Tier, words.Channel, words.Rating, words.CopyFor, words.Outcome, words.CountyOutcome,
    words.Urgency, words.EntryField, Role,
)  # fmt: skip


def lines_of(log: Log, life: Case, **asked: object) -> list[HistoryLine]:
    """The history of a case written to the log as its only one."""
    if not log.read():
        log.append(life)
        log.fill(ISSUE_HISTORY)
    return history(log.connection, "QS-2026-0001", late_after=LATE_AFTER, **asked)  # type: ignore[arg-type]


def test_given_an_issue_then_each_event_is_a_line_with_who_when_and_by_which_command(log: Log) -> None:
    life = case("closed")
    lines = lines_of(log, life)
    assert [line.version for line in lines] == [1, 2, 3, 4, 5]
    for line, event in zip(lines, life.events, strict=True):
        assert (line.topic, line.issue_id, line.number) == (event.TOPIC, life.issue_id, "QS-2026-0001")
        assert (line.actor_user, line.actor_role) == (event.actor.user, event.actor.role)
        assert (line.occurred_at, line.command_id) == (event.occurred_at, event.command_id)
        assert line.recorded_at > line.occurred_at
        assert not {"originator_id", "actor", "occurred_at", "command_id"} & set(line.details)
    assert lines[1].details["measures"] == "当场换了灯泡。"
    assert (lines[1].zh, lines[1].en) == ("现场办理：当场换了灯泡。", "Fixed on site: 当场换了灯泡。")


def test_given_a_complaint_then_every_line_names_village_and_official_however_the_log_is_cut(log: Log) -> None:
    log.append(case("fixed", concerns="lead2"), case("fixed", key="plain", village="LX"))
    for recorded in log.read():
        ISSUE_HISTORY.apply(log.follower, [recorded])
    found = log.query("select village, concerns, count(*) from issue_history group by 1, 2 order by 1")
    assert found == [("LX", None, 2), ("QS", "lead2", 2)]


def departments(log: Log) -> list[tuple[str | None, int]]:
    return log.query("select department, count(*) from issue_history group by 1 order by 1 nulls last")


def test_given_a_case_that_moves_then_every_line_names_the_department_it_is_with_now(log: Log) -> None:
    there = case("at_department")
    to = there.issue.department
    assert to is not None
    log.append(there.do(c.ReturnEscalation))
    *earlier, back = log.read()
    for recorded in earlier:
        ISSUE_HISTORY.apply(log.follower, [recorded])
    assert departments(log) == [(to, len(earlier))]
    ISSUE_HISTORY.apply(log.follower, [back])
    assert departments(log) == [(None, len(earlier) + 1)]


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_given_any_life_then_its_lines_are_where_the_domain_says_however_the_log_is_cut(log: Log, batch: int) -> None:
    log.append(*LIVES)
    everything = log.read()
    for start in range(0, len(everything), batch):
        ISSUE_HISTORY.apply(log.follower, everything[start : start + batch])
    expected = {issue.issue_id: issue.department for life in LIVES for issue, _ in issues(life)}
    found = log.query("select issue_id, department from issue_history group by 1, 2")
    assert dict(found) == expected
    assert len(found) == len(expected)
    assert len(set(expected.values())) > 1


def test_given_a_department_then_it_reads_the_history_of_what_it_has_now_and_no_other(log: Log) -> None:
    with_it, elsewhere = case("at_department"), case("fixed", key="not theirs")
    moved_on = case("at_department", key="moved on").do(c.ReturnEscalation)
    log.append(with_it, elsewhere, moved_on)
    log.fill(ISSUE_HISTORY)
    own = with_it.issue.department
    assert own is not None
    with ScopedConnection.connect(log.database.app_dsn, autocommit=True) as app:
        seen = {}
        for department in (own, "water"):
            with app.within(Scope(None, frozenset({department}))):
                told = app.execute("select issue_id, count(*) from issue_history group by 1").fetchall()
                seen[department] = dict(told)
    assert seen == {own: {with_it.issue_id: len(with_it.events)}, "water": {}}


def test_given_a_line_whose_beginning_was_never_seen_then_it_is_not_taken_in(log: Log) -> None:
    log.append(case("fixed"))
    with pytest.raises(BrokenStream):
        ISSUE_HISTORY.apply(log.follower, log.read()[1:])


def test_given_an_event_recorded_long_after_it_happened_then_its_line_is_late(log: Log) -> None:
    log.append(case("fixed"))
    log.fill(ISSUE_HISTORY)
    log.follower.execute(
        "update issue_history set recorded_at = occurred_at + case version when 1 then interval '3 days'"
        " else interval '3 days 1 second' end"
    )
    assert [line.late for line in history(log.connection, "QS-2026-0001", late_after=LATE_AFTER)] == [False, True]
    more = timedelta(days=4)
    assert [line.late for line in history(log.connection, "QS-2026-0001", late_after=more)] == [False, False]


def test_given_two_moments_then_only_what_had_happened_and_was_known_by_then_is_told(log: Log) -> None:
    life = case("feedback")
    recorded = [line.recorded_at for line in lines_of(log, life)]
    assert [line.version for line in lines_of(log, life, as_of=life.events[1].occurred_at)] == [1, 2]
    assert [line.version for line in lines_of(log, life, known_at=recorded[0])] == [1]
    assert lines_of(log, life, known_at=recorded[0] - timedelta(seconds=1)) == []
    assert [line.version for line in lines_of(log, life, as_of=START, known_at=recorded[2])] == [1]


def test_given_an_unknown_number_then_there_is_no_history(log: Log) -> None:
    assert history(log.connection, "QS-2026-0009", late_after=LATE_AFTER) == []


def test_given_meetings_and_funds_then_they_are_no_lines_of_an_issue(log: Log) -> None:
    life = case("granted")
    log.append(life)
    log.fill(ISSUE_HISTORY)
    assert log.query("select count(*) from issue_history") == [(len(life.events),)]
    assert len(log.read()) > len(life.events)


def test_every_event_of_an_issue_has_a_sentence() -> None:
    assert set(SENTENCES) == {topic for topic in event_classes() if topic.startswith("issue.")}


@pytest.mark.parametrize("topic", sorted(SENTENCES))
def test_given_any_event_then_its_sentence_is_whole_in_both_languages(topic: str) -> None:
    told = 0
    for event in (event for life in LIVES for events in life.streams.values() for event in events):
        if topic == event.TOPIC:
            told += 1
            zh, en = sentence(topic, event.model_dump(mode="json", exclude_none=True))
            for text in (zh, en):
                assert text
                assert not any(mark in text for mark in ("{", "}", "[", "]", "None", "()", "（）", "  "))
                assert not text.endswith((":", "：", ",", "，", " "))
    assert told


def test_given_optional_fields_then_their_part_of_the_sentence_comes_and_goes() -> None:
    assert sentence("issue.answer_rated", {"rating": "satisfied"}) == (
        "群众评价：满意",
        "The household says: satisfied",
    )
    assert sentence("issue.answer_rated", {"rating": "declined", "remark": "不便多说"}).zh == "群众评价：拒访：不便多说"


def test_given_a_due_time_then_it_is_told_on_the_offices_clock() -> None:
    zh, en = sentence("issue.deadline_missed", {"due_at": "2026-03-05T15:59:59Z"})
    assert (zh, en) == ("超期：应于 2026-03-05 23:59 前办理", "Deadline missed: it was due 2026-03-05 23:59")


def test_every_word_of_every_list_is_called_something_in_both_languages() -> None:
    for words_ in LISTS:
        assert set(LABELS[words_]) == set(words_)
        assert len({label(word).zh for word in words_}) == len(list(words_))
        assert all(label(word).en for word in words_)


def test_given_a_person_corrects_an_entry_then_the_line_says_what_and_why(log: Log) -> None:
    life = case("logged").do(c.CorrectEntry, by=PEOPLE["handler"])
    assert lines_of(log, life)[1].zh == "更正地点为“村口东侧”：地点记错。"

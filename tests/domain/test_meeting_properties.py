"""Whatever members do, nothing is decided without a quorum or against the plan's rule, and no item is forgotten."""

from collections.abc import Callable
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.issue.commands import DecideSubmission, WithdrawIssue
from domain.issue.words import Outcome, Stage
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.voting import carries
from domain.meeting.words import DecisionRule, Ending, MajorityOf, Phase
from domain.plan import Plan
from tests.support.casework import COMMITTEE, plan_with
from tests.support.meetings import CUT_OFF, MEETING_ID, Town

OUTCOMES: Final = st.sampled_from(list(Outcome))
MEMBERS: Final = st.sampled_from(COMMITTEE)
ITEMS: Final = st.integers(0, 2)

acts = st.one_of(
    st.tuples(st.just("sign_in"), MEMBERS),
    st.tuples(st.just("interest"), MEMBERS, ITEMS),
    st.tuples(st.just("vote"), ITEMS, OUTCOMES, st.lists(st.integers(0, 2), min_size=7, max_size=7)),
    st.tuples(st.just("decide"), ITEMS, OUTCOMES, MEMBERS),
    st.tuples(st.just("put"), ITEMS, OUTCOMES, MEMBERS, st.integers(0, 3)),
    st.tuples(st.just("open"), MEMBERS),
    st.tuples(st.just("fail"), MEMBERS),
    st.tuples(st.just("withdraw"), ITEMS),
    st.tuples(st.just("close"), MEMBERS),
)
plans = st.builds(
    lambda rule, of, counted: _plan(decision_rule=rule, majority_of=of, recused_count=counted),
    st.sampled_from(list(DecisionRule)),
    st.sampled_from(list(MajorityOf)),
    st.booleans(),
)


def _plan(**entries: Any) -> Plan:
    committee = {**plan_with().model_dump()["meetings"]["committee"], **entries}
    return plan_with(meetings={"committee": committee}, committee={"quorum": 4})


def _votes(town: Town, issue: Any, proposal: Outcome, choices: list[int]) -> None:
    sides: tuple[list[str], list[str], list[str]] = ([], [], [])
    known = town.meeting()
    out = {member for on, member in known.interests if on == issue} | town.known(issue).prepared_by
    for member, choice in zip(COMMITTEE, choices, strict=True):
        if member in known.present - out:
            sides[choice].append(member)
    for_it, against, neither = map(tuple, sides)
    town.do(c.RecordVotes, items=(issue,), proposal=proposal, in_favour=for_it, against=against, abstaining=neither)


def _put(town: Town, issue: Any, outcome: Outcome, who: str, against: int) -> None:
    """Voted on and decided at once, as a meeting usually does."""
    _votes(town, issue, outcome, [1] * against + [0] * (len(COMMITTEE) - against))
    town.do(DecideSubmission, by=who, issue_id=issue, outcome=outcome, reasons="已研究。")


def _act(town: Town, issues: list[Any], act: tuple[Any, ...]) -> None:
    name, *rest = act
    steps: dict[str, Callable[..., Any]] = {
        "sign_in": lambda who: town.do(c.SignIn, by=who),
        "interest": lambda who, nth: town.do(c.DeclareInterest, by=who, item=issues[nth]),
        "vote": lambda nth, proposal, choices: _votes(town, issues[nth], proposal, choices),
        "decide": lambda nth, outcome, who: town.do(
            DecideSubmission, by=who, issue_id=issues[nth], outcome=outcome, reasons="已研究。"
        ),
        "put": lambda nth, outcome, who, against: _put(town, issues[nth], outcome, who, against),
        "open": lambda who: town.do(c.OpenMeeting, by=who),
        "fail": lambda who: town.do(c.FailMeeting, by=who),
        "withdraw": lambda nth: town.do(WithdrawIssue, by="lead", issue_id=issues[nth], reasons="撤回。"),
        "close": lambda who: town.do(c.CloseMeeting, by=who, carried_over=_left(town, issues)),
    }
    steps[name](*rest)


def _left(town: Town, issues: list[Any]) -> tuple[Any, ...]:
    decided = town.meeting().decided
    return tuple(it for it in issues if it not in decided and town.known(it).stage is Stage.COMMITTEE)


@settings(max_examples=120)
@given(plans, st.integers(3, 6), st.sets(MEMBERS, max_size=3), st.lists(acts, max_size=20))
def test_given_any_course_then_the_meeting_keeps_its_promises(
    plan: Plan, at_first: int, interested: set[str], course: list[tuple[Any, ...]]
) -> None:
    town = Town()
    town.adopt(plan)
    issues = [town.issue() for _ in range(3)]
    town.draw()
    town.now = CUT_OFF
    begins = [*(("sign_in", member) for member in COMMITTEE[:at_first]), ("open", COMMITTEE[0])]
    declared = [("interest", member, 0) for member in sorted(interested)]
    course = [*begins, *declared, ("put", 0, Outcome.APPROVED, COMMITTEE[0], 1), *course]
    for act in course:
        before = len(town.streams[MEETING_ID])
        try:
            _act(town, issues, act)
        except Refusal:
            assert len(town.streams[MEETING_ID]) == before or act[0] == "put"  # its vote was counted
    _nothing_without_a_quorum(town)
    _nothing_is_forgotten(town, issues)


def _nothing_without_a_quorum(town: Town) -> None:
    meeting = town.meeting()
    assert meeting.rules is not None
    for decided in meeting.decided.values():
        without = 0 if meeting.rules.recused_count else len(decided.recused)
        assert len(meeting.present) - without >= meeting.rules.quorum
        voters = decided.in_favour + decided.against + decided.abstaining
        if meeting.rules.decision_rule is not DecisionRule.CHAIR:
            assert carries(decided.in_favour, voters, meeting.rules)
    if meeting.phase is Phase.FAILED:
        assert not meeting.decided
        assert len(meeting.present) < meeting.rules.quorum


def _nothing_is_forgotten(town: Town, issues: list[Any]) -> None:
    meeting = town.meeting()
    if meeting.phase is Phase.FAILED:
        assert set(meeting.carried_over) == set(issues)
    if meeting.phase is Phase.CLOSED:
        endings = {line.issue_id: line.ending for line in town.last(e.MinutesDrawn).items}
        assert set(endings) == set(issues)
        for issue_id, ending in endings.items():
            assert (ending is Ending.DECIDED) == (issue_id in meeting.decided)
            assert (ending is Ending.CARRIED_OVER) == (issue_id in meeting.carried_over)
            if ending is Ending.LAPSED:
                assert town.known(issue_id).stage is not Stage.COMMITTEE


@given(st.integers(0, 60), st.integers(0, 60), plans)
def test_given_more_in_favour_then_what_carried_still_carries(for_it: int, others: int, plan: Plan) -> None:
    town = Town()
    town.adopt(plan)
    town.draw()
    rules = town.meeting().rules
    assert rules is not None
    if for_it and carries(for_it, for_it + others, rules):
        assert carries(for_it + 1, for_it + 1 + others, rules)
        assert 2 * for_it > for_it + others or rules.majority_of is MajorityOf.MEMBERS

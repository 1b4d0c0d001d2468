"""Who may vote on an item, is that enough, and did it carry? By the rules that were frozen with the agenda."""

from domain import errors as general
from domain.context import Context
from domain.issue.concerned import is_barred
from domain.issue.state import Issue
from domain.issue.words import Outcome
from domain.meeting import errors
from domain.meeting.events import VotesCounted
from domain.meeting.policy import MeetingRules
from domain.meeting.state import Meeting
from domain.meeting.words import DecisionRule, MajorityOf


def interested(meeting: Meeting, issue: Issue) -> frozenset[str]:
    """Who declared an interest in the item, or prepared it."""
    return issue.prepared_by | {member for issue_id, member in meeting.interests if issue_id == issue.issue_id}


def recused(meeting: Meeting, issue: Issue, context: Context) -> frozenset[str]:
    """Of those present: who has an interest, sits for somebody who has, or may know nothing of the complaint."""
    out = interested(meeting, issue)

    def is_out(member: str) -> bool:
        return any(it in out or is_barred(it, issue.concerns, context) for it in meeting.persons(member))

    return frozenset(member for member in meeting.present if is_out(member))


def enough(meeting: Meeting, rules: MeetingRules, without: frozenset[str]) -> None:
    """The quorum is there for this very item; whether those who abstain count for it, the plan says."""
    counted = meeting.present if rules.recused_count else meeting.present - without
    if len(counted) < rules.quorum or not meeting.present - without:
        raise general.NoQuorum


def each_votes_once(voters: frozenset[str], votes: VotesCounted) -> None:
    """Everybody present who has no interest is counted once, and nobody else."""
    counted = (*votes.in_favour, *votes.against, *votes.abstaining)
    if len(set(counted)) != len(counted) or set(counted) != voters:
        raise errors.VotesIncomplete


def carries(in_favour: int, voters: int, rules: MeetingRules) -> bool:
    """Whether so many are enough: more than half, or at least two thirds, of those who vote or of all members."""
    base = rules.members if rules.majority_of is MajorityOf.MEMBERS else voters
    if rules.decision_rule is DecisionRule.TWO_THIRDS:
        return 3 * in_favour >= 2 * base
    return 2 * in_favour > base


def carried(meeting: Meeting, issue: Issue, outcome: Outcome, voters: frozenset[str], rules: MeetingRules) -> None:
    """The last vote on the item was on this, by all who may vote now, and carried."""
    votes = meeting.votes.get(issue.issue_id)
    if votes is None or votes.proposal is not outcome:
        raise errors.NotCarried
    each_votes_once(voters, votes)  # somebody may have come, or declared an interest, since
    if not carries(len(votes.in_favour), len(voters), rules):
        raise errors.NotCarried

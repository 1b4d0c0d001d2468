"""The process as it is declared: every step, from where to where, by whom, and who may not take it after what.

Data alone, written by hand from the requirements: it decides nothing and asks none of the decisions. What the program
really does is held against it by tests/domain/test_conformance_declared.py, real histories by `checking.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.values import Role


class Place(StrEnum):
    """Where an issue can stand: its stages, and the moments between two events of one act."""

    START = "start"
    LOGGED = "logged"
    ESCALATED = "escalated"
    HANDLING = "handling"
    SUBMISSION = "submission"
    COMMITTEE = "committee"
    TABLED = "tabled"
    WITH_COUNTY = "with_county"
    FUNDING = "funding"
    GRANTED = "granted"
    WORKS = "works"
    INSPECTION = "inspection"
    REPLY = "reply"
    FEEDBACK = "feedback"
    SILENT = "silent"
    TO_REOPEN = "to_reopen"
    ANSWERED = "answered"
    REVIEW = "review"
    RECHECK = "recheck"
    CLOSED = "closed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SPLIT = "split"
    # beside the stages: what was asked for and waits
    IDLE = "idle"
    ASKED = "asked"
    RUNNING = "running"
    PAUSED = "paused"
    NONE = "none"
    PROPOSED = "proposed"


class Hand(StrEnum):
    """What somebody did in a case, after which they may not take certain steps in it."""

    PREPARED = "prepared"
    GRANTED = "granted"
    WORKED = "worked"
    ASKED = "asked"
    SENT_UP = "sent_up"
    PROPOSED = "proposed"
    HANDLED = "handled"


Moves = Mapping[Place, Place]


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of event. `clock`: the limit that begins with it ("": none runs from then on; None: untouched).

    `leaves`: what its actor did, `anew` if only the last counts; `not_by`: whoever did that may not take this step.
    `usual`: part of the ordinary way; a way that a history left out is looked for among these first.
    """

    label: str
    zh: str
    en: str
    moves: Moves
    by: frozenset[Role]
    clock: str | None = None
    leaves: frozenset[Hand] = frozenset()
    not_by: frozenset[Hand] = frozenset()
    usual: bool = False


_H, _L, _C, _F = Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.FINANCE
_D, _A, _P = Role.DEPARTMENT, Role.AUDITOR, Role.PROCESS
_FIELD: Final = frozenset({_H, _L})
_OWNERS: Final = frozenset({_H, _L, _D})
_LEADERS: Final = frozenset({_L, _C})
_ALL_OFFICERS: Final = frozenset({_H, _L, _C, _D})
_PROCESS: Final = frozenset({_P})

P = Place
_EARLY: Final = (P.LOGGED, P.ESCALATED, P.HANDLING)
_UNANSWERED: Final = (
    *_EARLY, P.SUBMISSION, P.COMMITTEE, P.TABLED, P.WITH_COUNTY, P.FUNDING, P.GRANTED, P.WORKS, P.INSPECTION, P.REPLY,
)  # fmt: skip
_OPEN: Final = (*_UNANSWERED, P.FEEDBACK, P.ANSWERED, P.REVIEW, P.RECHECK)
_TO_THE_END: Final = (*_OPEN, P.CLOSED)
_CLOCKED: Final = tuple(place for place in _TO_THE_END if place is not P.FEEDBACK)
_AFTER_REPLY: Final = (P.FEEDBACK, P.ANSWERED, P.REVIEW, P.RECHECK, P.CLOSED)
_ANYWHERE: Final = (*_TO_THE_END, P.SETTLED, P.WITHDRAWN, P.MERGED, P.SPLIT)


def _to(target: Place, *sources: Place) -> Moves:
    return dict.fromkeys(sources, target)


def _stays(*places: Place) -> Moves:
    return {place: place for place in places}


def _step(
    label: str,
    zh: str,
    en: str,
    moves: Moves,
    by: Iterable[Role],
    clock: str | None = None,
    *,
    leaves: Iterable[Hand] = (),
    not_by: Iterable[Hand] = (),
    usual: bool = False,
) -> Step:
    return Step(label, zh, en, moves, frozenset(by), clock, frozenset(leaves), frozenset(not_by), usual)


_HANDLED: Final = (Hand.HANDLED,)
_MEETING: Final = {_H, _L, _C}

_INTAKE: Final = (
    _step("logged", "登记", "logging", _to(P.LOGGED, P.START), {_H, _L, _C, _D, Role.HOUSEHOLD}, "on_site",
          leaves=_HANDLED, usual=True),
    _step("fixed_on_site", "现场办理", "the fix on site", _to(P.REPLY, P.LOGGED), _FIELD, "reply", leaves=_HANDLED),
    _step("escalated", "上报、转办", "sending up", _to(P.ESCALATED, P.LOGGED, P.HANDLING), {*_OWNERS, _C}, "acceptance",
          leaves=(Hand.HANDLED, Hand.SENT_UP), usual=True),
    _step("escalated:overdue", "超期自动上报", "moving up by itself", _to(P.ESCALATED, P.LOGGED, P.ESCALATED), _PROCESS,
          "acceptance", leaves=(Hand.HANDLED, Hand.SENT_UP)),
    _step("accepted", "受理", "acceptance", _to(P.HANDLING, P.ESCALATED), {_L, _C, _D}, "handling",
          leaves=_HANDLED, not_by=(Hand.SENT_UP,), usual=True),
    _step("escalation_returned", "异议退回", "the return", _to(P.HANDLING, P.ESCALATED), {_L, _C, _D}, "handling",
          leaves=_HANDLED),
    _step("assigned", "改派责任人", "naming who answers", _stays(*_OPEN), _LEADERS),
    _step("resolved", "办结", "the resolution", _to(P.REPLY, P.LOGGED, P.HANDLING), _OWNERS, "reply",
          leaves=_HANDLED, usual=True),
)  # fmt: skip

_COMMITTEE: Final = (
    _step("submission_prepared", "提请党委会研究", "the submission", _to(P.SUBMISSION, P.LOGGED, P.HANDLING), _OWNERS,
          "signing", leaves=(Hand.HANDLED, Hand.PREPARED), usual=True),
    _step("submission_signed", "审签", "the second signature", _to(P.COMMITTEE, P.SUBMISSION), _LEADERS, "",
          leaves=_HANDLED, not_by=(Hand.PREPARED,), usual=True),
    _step("submission_sent_back", "审签退回", "sending back", _to(P.HANDLING, P.SUBMISSION), _LEADERS, "handling",
          leaves=_HANDLED, not_by=(Hand.PREPARED,)),
    _step("submission_tabled", "列入议题", "tabling", _to(P.TABLED, P.COMMITTEE), {_P, _C}, "decision", usual=True),
    _step("submission_approved:money", "党委会同意（补贴）", "approval with money", _to(P.FUNDING, P.TABLED), {_C},
          "funding", leaves=_HANDLED, usual=True),
    _step("submission_approved", "党委会同意", "approval", _to(P.WORKS, P.TABLED), {_C}, "completion",
          leaves=_HANDLED, usual=True),
    _step("submission_deferred", "党委会缓议", "deferral", _to(P.COMMITTEE, P.TABLED), {_C}, "", leaves=_HANDLED),
    _step("submission_returned", "党委会退回", "return by the committee", _to(P.HANDLING, P.TABLED), {_C}, "handling",
          leaves=_HANDLED),
    _step("submission_referred_up", "报县", "referral to the county", _to(P.WITH_COUNTY, P.TABLED), {_C}, "county",
          leaves=_HANDLED, usual=True),
    _step("submission_declined", "党委会不同意", "refusal by the committee", _to(P.REPLY, P.TABLED), {_C}, "reply",
          leaves=_HANDLED, usual=True),
    _step("county_answered", "县级答复", "the county's answer", _to(P.REPLY, P.WITH_COUNTY), _LEADERS, "reply",
          leaves=_HANDLED, usual=True),
    _step("county_answered:sent_back", "县级退回", "the county's return", _to(P.HANDLING, P.WITH_COUNTY), _LEADERS,
          "handling", leaves=_HANDLED),
    _step("funding_granted", "安排补贴", "the grant", _to(P.GRANTED, P.FUNDING), {_C}, leaves=(Hand.GRANTED,),
          not_by=(Hand.PREPARED,), usual=True),
    _step("grant_cancelled", "取消安排", "cancelling the grant",
          {P.GRANTED: P.FUNDING, **_stays(*_AFTER_REPLY, P.REPLY, P.SETTLED)}, {_C, _F}),
    _step("tranche_paid:first", "首批拨付", "the first payment", _to(P.WORKS, P.GRANTED), {_F}, "completion",
          not_by=(Hand.PREPARED, Hand.GRANTED), usual=True),
    _step("tranche_paid", "拨付", "a payment", _stays(P.WORKS, P.INSPECTION, P.REPLY, P.FEEDBACK, P.ANSWERED), {_F},
          not_by=(Hand.PREPARED, Hand.GRANTED)),
    _step("unspent_returned", "结余退回", "returning what was not spent", _stays(*_ANYWHERE), {_F}),
)  # fmt: skip

_WORKS: Final = (
    _step("progress_reported", "形象进度月报", "a progress report", _stays(P.WORKS), _OWNERS,
          leaves=(Hand.HANDLED, Hand.WORKED)),
    _step("progress_report_missed", "月报缺报", "a missed report", _stays(P.WORKS), _PROCESS),
    _step("works_completed", "完工", "completion", _to(P.INSPECTION, P.WORKS), _OWNERS, "inspection",
          leaves=(Hand.HANDLED, Hand.WORKED), usual=True),
    _step("works_accepted", "验收", "the inspection", _to(P.REPLY, P.INSPECTION), _ALL_OFFICERS, "reply",
          leaves=_HANDLED, not_by=(Hand.WORKED,), usual=True),
    _step("rework_ordered", "返工", "rework", _to(P.WORKS, P.INSPECTION), _ALL_OFFICERS, "completion",
          leaves=_HANDLED, not_by=(Hand.WORKED,)),
)  # fmt: skip

_ASKERS: Final = {_H, _L, _D, Role.HOUSEHOLD}
_CHECKERS: Final = {_H, _L, _C, _D, _A}
_ANSWER: Final = (
    _step("reply_given", "书面答复", "the written reply", _to(P.FEEDBACK, P.REPLY), _OWNERS, "feedback",
          leaves=_HANDLED, usual=True),
    _step("reply_given:nobody_asked", "书面答复", "the written reply", _to(P.ANSWERED, P.REPLY), _OWNERS, "closing",
          leaves=_HANDLED, usual=True),
    _step("reply_delivered", "送达", "a delivery", _stays(*_AFTER_REPLY), _OWNERS),
    _step("answer_shared", "并案答复", "the shared answer", _stays(P.MERGED), _OWNERS),
    _step("answer_rated", "群众评价", "the household's rating", _to(P.ANSWERED, P.FEEDBACK), _ASKERS, "closing",
          usual=True),
    _step("answer_rated:reopens", "群众不满意", "a rating that reopens", _to(P.TO_REOPEN, P.FEEDBACK), _ASKERS),
    _step("household_silent", "期满未表态", "the household's silence", _to(P.SILENT, P.FEEDBACK), _PROCESS, ""),
    _step("reopened", "重新办理", "reopening", _to(P.ESCALATED, P.TO_REOPEN), _CHECKERS | {Role.HOUSEHOLD},
          "acceptance", usual=True),
    _step("review_requested", "申请复查", "asking for a review", _to(P.REVIEW, P.FEEDBACK, P.ANSWERED, P.CLOSED),
          _ASKERS, "review", leaves=_HANDLED, usual=True),
    _step("review_decided", "复查意见", "the review", _to(P.ANSWERED, P.REVIEW), _LEADERS, "closing",
          leaves=_HANDLED, not_by=_HANDLED, usual=True),
    _step("review_decided:not_upheld", "复查不予维持", "a review against the reply", _to(P.TO_REOPEN, P.REVIEW),
          _LEADERS, leaves=_HANDLED, not_by=_HANDLED),
    _step("recheck_requested", "申请复核", "asking for a re-check", _to(P.RECHECK, P.ANSWERED, P.CLOSED), _ASKERS,
          "recheck", leaves=_HANDLED, usual=True),
    _step("recheck_decided", "复核意见", "the re-check", _to(P.ANSWERED, P.RECHECK), _LEADERS, "closing",
          leaves=_HANDLED, not_by=_HANDLED, usual=True),
    _step("recheck_decided:not_upheld", "复核不予维持", "a re-check against the reply", _to(P.TO_REOPEN, P.RECHECK),
          _LEADERS, leaves=_HANDLED, not_by=_HANDLED),
    _step("closed", "销号", "the strike-off", _to(P.CLOSED, P.ANSWERED, P.SILENT),
          _ALL_OFFICERS | _PROCESS, "look_back", leaves=_HANDLED, usual=True),
    _step("closed:of_an_earlier_system", "销号（旧系统）", "the strike-off of an earlier system",
          _to(P.SETTLED, P.ANSWERED), _ALL_OFFICERS, "", leaves=_HANDLED),
    _step("look_back_passed", "回头看", "the look-back", _to(P.SETTLED, P.CLOSED), _CHECKERS, "", not_by=_HANDLED,
          usual=True),
    _step("look_back_failed", "回头看未通过", "a look-back that fails", _to(P.TO_REOPEN, P.CLOSED), _CHECKERS,
          not_by=_HANDLED),
    _step("final_filing_proposed", "提请终结备案", "proposing final filing", _stays(P.ANSWERED, P.CLOSED), _OWNERS,
          leaves=(Hand.PROPOSED,)),
    _step("filed_as_final", "终结备案", "final filing", _to(P.SETTLED, P.ANSWERED, P.CLOSED), _LEADERS, "",
          not_by=(Hand.PROPOSED, Hand.HANDLED)),
    _step("final_filing_refused", "不予终结备案", "refusing final filing", _stays(P.ANSWERED, P.CLOSED), _LEADERS,
          not_by=(Hand.PROPOSED,)),
)  # fmt: skip

_BESIDE: Final = (
    _step("rectification_planned", "整改方案", "the rectification plan", _stays(*_UNANSWERED), _OWNERS),
    _step("backlog_marked", "列为积案", "marking as backlog", _stays(*_TO_THE_END), _LEADERS),
    _step("deadline_reminded", "催办提醒", "the reminder", _stays(*_TO_THE_END), _PROCESS),
    _step("deadline_missed", "超期", "the missed limit", _stays(*_CLOCKED), _PROCESS),
    _step("promise_missed", "超过向群众承诺的期限", "the missed promise", _stays(*_TO_THE_END), _PROCESS),
    _step("supervision_notice_sent", "督办", "the supervision notice", _stays(*_CLOCKED), _PROCESS),
    _step("extension_requested", "申请延期", "asking for an extension", _stays(*_OPEN), _OWNERS, leaves=(Hand.ASKED,)),
    _step("extension_granted", "批准延期", "the extension", _stays(*_OPEN), _LEADERS, not_by=(Hand.ASKED,)),
    _step("extension_refused", "不予延期", "refusing the extension", _stays(*_OPEN), _LEADERS, not_by=(Hand.ASKED,)),
    _step("clock_paused", "暂停计时", "the pause", _stays(*_CLOCKED), _ALL_OFFICERS),
    _step("clock_resumed", "恢复计时", "going on", _stays(*_CLOCKED), _ALL_OFFICERS | _PROCESS),
    _step("deadline_redated", "重新计算期限", "re-dating", _stays(*_TO_THE_END), _PROCESS),
    _step("household_notified", "告知", "telling the household", _stays(*_OPEN), _OWNERS),
    _step("notice_reminded", "提醒告知", "the reminder to tell", _stays(*_OPEN), _PROCESS),
    _step("notice_missed", "逾期未告知", "not telling in time", _stays(*_OPEN), _PROCESS),
    _step("withdrawn", "撤回", "the withdrawal", _to(P.WITHDRAWN, *_UNANSWERED), {_H, _L, Role.HOUSEHOLD}, ""),
    _step("merged", "并案", "the merger", _to(P.MERGED, *_EARLY), _FIELD, ""),
    _step("absorbed", "并入他案", "taking another in", _stays(*_UNANSWERED), _FIELD),
    _step("split", "分案", "the split", _to(P.SPLIT, *_EARLY), _FIELD, ""),
    _step("common_cause_linked", "共性问题", "linking a common cause", _stays(*_OPEN), _ALL_OFFICERS),
    _step("leader_assigned", "领导包案", "naming a leader", _stays(*_OPEN), _LEADERS),
    _step("entry_corrected", "更正", "a correction", _stays(*_TO_THE_END), _OWNERS),
)  # fmt: skip

STEPS: Final[Mapping[str, Step]] = {step.label: step for step in (*_INTAKE, *_COMMITTEE, *_WORKS, *_ANSWER, *_BESIDE)}
"""By label: the topic without its first word, and which of its ways where it has several."""
REPLACES: Final = frozenset({Hand.PREPARED, Hand.GRANTED, Hand.ASKED, Hand.SENT_UP, Hand.PROPOSED})
"""Of these only who did it last counts; of the others everybody."""
FORGETS: Final[Mapping[str, frozenset[Hand]]] = {
    "reopened": frozenset({Hand.SENT_UP, Hand.PROPOSED}),
    "final_filing_refused": frozenset({Hand.PROPOSED}),
}
"""After these nobody did it any more."""

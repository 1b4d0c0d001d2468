"""Who owes what, by when, under which rule, and what happens by itself if nothing is done? Pure, from state and plan.

Called by services/clocks.py for `huiyin what-next` and the API. Every open issue has an answer (a property test).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.deadlines import Deadline
from domain.explaining import REASONS, Words
from domain.issue.decisions.intake import may_escalate_by_itself
from domain.issue.state import Issue
from domain.issue.words import Stage
from domain.plan import Plan
from domain.plan_parts import Rule

HOUSEHOLD: Final = "household"
COMMITTEE: Final = "committee"
FINANCE: Final = "finance"
COUNTY: Final = "county"
PROCESS: Final = "process"


@dataclass(frozen=True, slots=True)
class Then:
    """What happens by itself, and when."""

    at: datetime
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Next:
    """Something owed. `person` None: whoever in the unit may, but not `not_by`. `due_at` None: the words say what is
    waited for. `command`: the obvious next step, by its class's name; None: nothing is to be done here by itself."""

    unit: str
    person: str | None
    zh: str
    en: str
    due_at: datetime | None
    rule: str | None = None
    basis: str | None = None
    provisional: bool = False
    not_by: tuple[str, ...] = ()
    then: tuple[Then, ...] = ()
    command: str | None = None


_OWED: Final[Mapping[Stage, Words]] = {
    Stage.LOGGED: {"zh": "现场办理，或办结，或上报", "en": "fix it on the spot, resolve it, or send it up"},
    Stage.ESCALATED: {"zh": "受理并指定责任人，或退回", "en": "accept it and name who answers for it, or return it"},
    Stage.HANDLING: {"zh": "办结，或提请党委会，或转出", "en": "resolve it, submit it to the committee, or pass it on"},
    Stage.SUBMISSION: {"zh": "由另一人审签或退回", "en": "another person signs the submission or sends it back"},
    Stage.WITH_COUNTY: {"zh": "登记县级答复", "en": "the county answers, and it is recorded"},
    Stage.WORKS: {"zh": "完工", "en": "complete the works"},
    Stage.INSPECTION: {
        "zh": "由未参与施工的人验收，或要求返工",
        "en": "somebody else accepts the works, or not",
    },
    Stage.REPLY: {"zh": "书面答复群众", "en": "reply to the household in writing"},
    Stage.FEEDBACK: {"zh": "群众评价答复", "en": "the household says whether it is content"},
    Stage.ANSWERED: {"zh": "销号", "en": "close it"},
    Stage.REVIEW: {"zh": "由未经办的人作出复查意见", "en": "somebody who did not handle it decides the review"},
    Stage.RECHECK: {"zh": "由未经办的人作出复核意见", "en": "somebody who did not handle it decides the re-check"},
    Stage.CLOSED: {"zh": "由另一人回头看", "en": "another officer looks back"},
}
_COMMANDS: Final[Mapping[Stage, str]] = {
    Stage.LOGGED: "FixOnSite",
    Stage.ESCALATED: "AcceptIssue",
    Stage.HANDLING: "ResolveIssue",
    Stage.SUBMISSION: "SignSubmission",
    Stage.WITH_COUNTY: "RecordCountyAnswer",
    Stage.WORKS: "CompleteWorks",
    Stage.INSPECTION: "AcceptWorks",
    Stage.REPLY: "GiveReply",
    Stage.FEEDBACK: "RateAnswer",
    Stage.ANSWERED: "CloseIssue",
    Stage.REVIEW: "DecideReview",
    Stage.RECHECK: "DecideRecheck",
    Stage.CLOSED: "RecordLookBack",
}
BY_ANYBODY: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.FUNDING: ("AllocateFunding", "PayTranche"),
    **{
        stage: (_COMMANDS[stage],)
        for stage in (
            Stage.SUBMISSION, Stage.WITH_COUNTY, Stage.INSPECTION, Stage.REVIEW, Stage.RECHECK, Stage.CLOSED,
        )
    },
}  # fmt: skip
"""Stages at which not the person responsible acts, but whoever may, and by which commands."""
_UNITS: Final[Mapping[Stage, str]] = {Stage.FEEDBACK: HOUSEHOLD, Stage.WITH_COUNTY: COUNTY}
_BY_OTHERS: Final = frozenset(
    {Stage.SUBMISSION, Stage.INSPECTION, Stage.REVIEW, Stage.RECHECK, Stage.CLOSED, Stage.FEEDBACK}
)


def what_next(issue: Issue, plan: Plan) -> tuple[Next, ...]:
    """Everything owed now, the stage's own first; empty only for an issue to which nothing is owed any more."""
    if issue.is_final:
        return ()
    own = _OTHERWISE.get(issue.stage, _of_the_stage)(issue, plan)
    return (*own, *_beside(issue, plan))


def _of_the_stage(issue: Issue, plan: Plan) -> Iterator[Next]:
    words, not_by = _OWED[issue.stage], _not_by(issue)
    others = issue.stage in _BY_OTHERS or issue.responsible.person in not_by
    yield _next(
        _UNITS.get(issue.stage, issue.responsible.unit),
        None if others or issue.stage is Stage.WITH_COUNTY else issue.responsible.person,
        words,
        issue,
        issue.deadline,
        _COMMANDS[issue.stage],
        not_by,
    )


def _committee(issue: Issue, plan: Plan) -> Iterator[Next]:
    if issue.tabled:
        words: Words = {"zh": "党委会研究决定", "en": "the committee decides at a meeting with a quorum"}
        yield _next(COMMITTEE, None, words, issue, issue.deadline, "DecideSubmission")
        return
    table: Words = {"zh": "等待截止日列入议题", "en": "it waits for the cut-off, and is then put on the agenda"}
    tabled = (Then(issue.table_at, "自动列入议题", "put on the agenda by itself"),) if issue.table_at else ()
    yield Next(
        PROCESS,
        None,
        table["zh"],
        table["en"],
        issue.table_at,
        Rule.DECISION,
        plan.clock(Rule.DECISION).basis,
        then=tabled,
    )


def _funding(issue: Issue, plan: Plan) -> Iterator[Next]:
    if issue.granted:
        words: Words = {"zh": "拨付首批资金", "en": "make the first payment"}
        yield _next(FINANCE, None, words, issue, issue.deadline, "PayTranche", tuple(sorted(issue.granted_by)))
        return
    words = {"zh": "安排补贴资金", "en": "allocate the subsidy"}
    yield _next(COMMITTEE, None, words, issue, issue.deadline, "AllocateFunding", tuple(sorted(issue.prepared_by)))


def _works(issue: Issue, plan: Plan) -> Iterator[Next]:
    yield from _of_the_stage(issue, plan)
    if issue.progress_due_at is not None:
        missed = Then(issue.progress_due_at, "记为月报缺报", "the report is recorded as missing")
        who = issue.responsible
        yield Next(
            who.unit,
            who.person,
            "报送形象进度",
            "report the progress",
            issue.progress_due_at,
            basis="CX8",
            then=(missed,),
            command="ReportProgress",
        )


_OTHERWISE: Final[Mapping[Stage, Callable[[Issue, Plan], Iterator[Next]]]] = {
    Stage.COMMITTEE: _committee,
    Stage.FUNDING: _funding,
    Stage.WORKS: _works,
}


def _beside(issue: Issue, plan: Plan) -> Iterator[Next]:
    """What else is owed: a pause to end, an extension to decide, the household told, its own date."""
    who, deadline = issue.responsible, issue.deadline
    if issue.pause_ends_at is not None and deadline is not None and deadline.pauses:
        reason = REASONS[deadline.pauses[-1].reason]
        go_on = Then(issue.pause_ends_at, "自动恢复计时", "the clock goes on by itself")
        words = {"zh": f"暂停中，等待：{reason['zh']}", "en": f"paused, waiting for: {reason['en']}"}
        waits = (who.unit, who.person, words["zh"], words["en"], issue.pause_ends_at, deadline.rule)
        yield Next(*waits, then=(go_on,), command="ResumeClock")
    if issue.extension_asked is not None:
        approver = plan.extensions.approver
        unit = approver.value if approver else "station_lead"
        asked = tuple(sorted(issue.extension_asked[1]))
        due = deadline.due_at if deadline else None
        words = {"zh": "审批延期申请", "en": "decide whether to grant more time"}
        yield Next(unit, None, words["zh"], words["en"], due, basis="L4", not_by=asked, command="GrantExtension")
    if issue.notice is not None:
        yield _told_in_time(issue, issue.notice)
    if issue.promise is not None:
        holder = issue.promise_holder or who
        it, person = issue.promise, holder.person
        missed = Then(it.missed_at, f"记为超期，责任人 {person}", f"recorded as missed by {person}")
        then = () if issue.promise_missed else (missed,)
        words = {"zh": "对群众的期限", "en": "the household's date"}
        owed = (who.unit, who.person, words["zh"], words["en"], it.due_at)
        yield Next(*owed, it.rule, it.basis, it.provisional, then=then)


def _told_in_time(issue: Issue, notice: Deadline) -> Next:
    """XF1: until the household has been told, beside whatever else is done."""
    then = []
    if notice.remind_at and not (issue.notice_reminded or issue.notice_missed):
        then.append(Then(notice.remind_at, "提醒告知", "a reminder to tell it"))
    if not issue.notice_missed:
        then.append(Then(notice.missed_at, "记为逾期未告知", "recorded as not told in time"))
    return Next(
        issue.responsible.unit,
        issue.responsible.person,
        "书面告知群众：已收到，如何办理",
        "tell the household in writing that it was received, and how it is handled",
        notice.due_at,
        notice.rule,
        _basis(notice),
        notice.provisional,
        then=tuple(then),
        command="NotifyHousehold",
    )


def _basis(deadline: Deadline) -> str | None:
    return " ".join(filter(None, (deadline.basis, deadline.article))) or None


def _next(
    unit: str,
    person: str | None,
    words: Words,
    issue: Issue,
    deadline: Deadline | None,
    command: str,
    not_by: tuple[str, ...] = (),
) -> Next:
    clock = () if deadline is None else tuple(_then(issue, deadline))
    return Next(
        unit,
        person,
        words["zh"],
        words["en"],
        deadline.due_at if deadline else None,
        deadline.rule if deadline else None,
        _basis(deadline) if deadline else None,
        deadline.provisional if deadline else False,
        not_by,
        tuple(sorted(clock, key=lambda it: it.at)),
        command,
    )


def _then(issue: Issue, deadline: Deadline) -> Iterator[Then]:
    """What the process does if nobody does anything."""
    if issue.stage is Stage.FEEDBACK:
        yield Then(deadline.missed_at, "群众未表态，自动销号", "the household keeps silent: closed by itself")
        return
    if deadline.remind_at and not (issue.reminded or issue.missed or issue.paused):
        yield Then(deadline.remind_at, "催办提醒", "a reminder")
    if not issue.missed:
        zh, en = ("，并督办", " and told to the next level") if deadline.max_notices else ("", "")
        yield Then(deadline.missed_at, f"记为超期{zh}", f"recorded as missed{en}")
    if issue.next_notice_at:
        yield Then(issue.next_notice_at, f"第 {issue.notices + 1} 次督办", f"supervision notice {issue.notices + 1}")
    if deadline.escalate_at and may_escalate_by_itself(issue):
        yield Then(deadline.escalate_at, "自动上报上一级", "moves up a level by itself")


def _not_by(issue: Issue) -> tuple[str, ...]:
    """Who may not do it: four eyes."""
    handled = issue.handlers | {issue.responsible.person} | ({issue.leader} if issue.leader else set())
    barred = {
        Stage.SUBMISSION: issue.prepared_by,
        Stage.ESCALATED: issue.sent_up_by,
        Stage.INSPECTION: issue.workers,
        Stage.REVIEW: handled,
        Stage.RECHECK: handled,
        Stage.CLOSED: handled,
    }
    return tuple(sorted(barred.get(issue.stage, frozenset())))

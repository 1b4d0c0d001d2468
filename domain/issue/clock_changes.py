"""What each event changes in an issue's clocks: the stage's own, the household's beside it, and the one to tell it.

Called by changes.py and by `evolve` through its table.
"""

from typing import Final

from domain.deadlines import Deadline
from domain.issue import events as e
from domain.issue.state import Issue
from domain.issue.words import UNDONE_STAGES

_TO_THE_HOUSEHOLD: Final = "on_site"
"""The clock in whose stead an official may promise the household a date."""


def start_clock(issue: Issue, deadline: Deadline | None) -> None:
    """A new clock: reminders, notices and extensions begin anew. A date promised to the household outlives it."""
    _keep_promise(issue)
    issue.paused = False
    issue.deadline = deadline
    issue.deadline_version = issue.version
    issue.reminded = issue.missed = False
    issue.notices = issue.extensions = 0
    issue.next_notice_at = None
    issue.extension_asked = None


def _keep_promise(issue: Issue) -> None:
    """Until the matter is done; the clock under which another holder had the case ends with its stage."""
    old = issue.deadline
    if issue.promise is not None and not issue.promise.promised:
        issue.promise = None
    if issue.promise is None and old is not None and old.promised and old.rule == _TO_THE_HOUSEHOLD:
        issue.promise, issue.promise_missed, issue.promise_holder = old, issue.missed, None
    if issue.stage not in UNDONE_STAGES:
        issue.promise = None


def start_notice(issue: Issue, notice: Deadline | None) -> None:
    """Until when the household is to be told; None: it was, or nothing is asked."""
    issue.notice = notice
    issue.notice_reminded = issue.notice_missed = False


def notice_reminded(issue: Issue, event: e.NoticeReminded) -> None:
    issue.notice_reminded = True


def notice_missed(issue: Issue, event: e.NoticeMissed) -> None:
    issue.notice_missed = True


def assigned(issue: Issue, event: e.IssueAssigned) -> None:
    before, issue.responsible = issue.responsible, event.responsible
    if event.deadline is None:
        return
    if issue.promise is None:
        issue.promise, issue.promise_missed, issue.promise_holder = issue.deadline, issue.missed, before
    issue.deadline, issue.deadline_version = event.deadline, issue.version
    issue.reminded = issue.missed = False
    issue.notices, issue.next_notice_at = 0, None


def reminded(issue: Issue, event: e.DeadlineReminded) -> None:
    issue.reminded = True


def missed(issue: Issue, event: e.DeadlineMissed) -> None:
    issue.missed = True


def notice_sent(issue: Issue, event: e.SupervisionNoticeSent) -> None:
    issue.notices, issue.next_notice_at = event.notice, event.next_notice_at


def extension_requested(issue: Issue, event: e.ExtensionRequested) -> None:
    issue.extension_asked = (event.days, event.actor.persons)


def extension_granted(issue: Issue, event: e.ExtensionGranted) -> None:
    issue.deadline, issue.deadline_version = event.deadline, issue.version
    issue.promise = event.promise or issue.promise
    issue.reminded = issue.missed = False
    issue.notices, issue.next_notice_at = 0, None
    issue.extensions, issue.extension_asked = issue.extensions + 1, None


def extension_refused(issue: Issue, event: e.ExtensionRefused) -> None:
    issue.extension_asked = None


def promise_missed(issue: Issue, event: e.PromiseMissed) -> None:
    issue.promise_missed = True


def clock_paused(issue: Issue, event: e.ClockPaused) -> None:
    issue.paused = True
    _counted_anew(issue, event)


def clock_resumed(issue: Issue, event: e.ClockResumed) -> None:
    issue.paused = False
    _counted_anew(issue, event)


def deadline_redated(issue: Issue, event: e.DeadlineRedated) -> None:
    _counted_anew(issue, event)
    issue.notice = event.telling or issue.notice


def _counted_anew(issue: Issue, event: e.ClockPaused | e.ClockResumed | e.DeadlineRedated) -> None:
    """The same clock with another end: what was said of it stays said."""
    issue.deadline, issue.promise = event.deadline, event.promise or issue.promise

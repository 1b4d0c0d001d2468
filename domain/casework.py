"""The one door for writes: `Casework.handle(command)`, used by people and by workflows alike.

Load, decide, append: one transaction writes the events and the command's id. The same command twice has one effect.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.persistence import InterfaceError, OperationalError

from domain import errors
from domain.adoption.book import PlanBook
from domain.commands import Command
from domain.context import Context
from domain.decided import Batch, Decided
from domain.elsewhere import decide_elsewhere
from domain.events import DomainEvent
from domain.fund.around import money_around
from domain.holidays.commands import HOLIDAYS_ID
from domain.holidays.state import Holidays
from domain.holidays.state import fold as fold_holidays
from domain.household.commands import ConfirmErasure, EraseHousehold, ProposeErasure, household_id_of
from domain.household.state import Household
from domain.household.state import fold as fold_household
from domain.issue import commands as c
from domain.issue.decide import decide
from domain.issue.events import IssueLogged
from domain.issue.evolve import after, fold
from domain.issue.sealing import sealed
from domain.issue.state import Issue
from domain.lately import LatelyWritten
from domain.meeting.state import fold_meeting
from domain.office import KEPT_IN_MIND, Office, Outcome
from domain.organisation.commands import ORGANISATION_ID
from domain.organisation.evolve import fold as fold_organisation
from domain.organisation.state import Organisation
from domain.store import CommandAlreadyRecorded, LedgerStore, VersionConflict

Events = tuple[DomainEvent, ...]
_ATTEMPTS = 8
_FIRST_PAUSE = 0.004  # seconds; doubled each time and spread, so that callers on one hot issue do not move in step


class Casework(Application[UUID]):
    """Handles commands. One per process; safe to call from several threads."""

    name = "ledger"

    def __init__(self, office: Office, env: Mapping[str, str]) -> None:
        super().__init__(env)
        self._office = office
        self.draw_basis = office.draw_basis
        self.sample_basis = office.sample_basis
        self.bulletin_basis = office.bulletin_basis
        self.began = office.began
        self.lately = LatelyWritten()

    def close(self) -> None:
        """Close the log's connections and the key store's."""
        super().close()
        self._office.vault.close()

    @property
    def store(self) -> LedgerStore:
        """The recorder, as the log it keeps."""
        recorder: Any = self.recorder
        store: LedgerStore = recorder
        return store

    # -- reading ------------------------------------------------------------------------------------------------

    def plan_book(self) -> PlanBook:
        """Which plan is in force where and when. Raises OperationalError."""
        return self._office.plan_book()

    def history(self, stream_id: UUID) -> Iterator[DomainEvent]:
        """All events of a stream, oldest first."""
        events: Any = self.events.get(stream_id)
        return iter(events)

    def issue(self, issue_id: UUID) -> Issue | None:
        """An issue's present state, or None: also for the id of something else, such as a meeting."""
        history = self.history(issue_id)
        first = next(history, None)
        return fold(chain((first,), history)) if isinstance(first, IssueLogged) else None

    def organisation(self) -> Organisation:
        """Who is who and where, by everything recorded so far."""
        return fold_organisation(self.history(ORGANISATION_ID))

    def holidays(self) -> Holidays:
        """The holiday tables in force and proposed, by everything recorded so far."""
        return fold_holidays(self.history(HOLIDAYS_ID))

    def household(self, village: str, household: str) -> Household | None:
        """A household's entry in the register, or None."""
        return fold_household(self.history(household_id_of(village, household)))

    def issues_numbered(self, numbers: Iterable[str]) -> dict[UUID, Issue]:
        """The issues that have these numbers, by their ids; what nobody knows is left out."""
        found = (self.store.find_issue(number) for number in numbers)
        return self._issues([issue_id for issue_id in found if issue_id is not None])

    def issue_id(self, number: str) -> UUID:
        """The issue with this number. Raises NotFound."""
        issue_id = self.store.find_issue(number)
        if issue_id is None:
            raise errors.NotFound
        return issue_id

    def digest_of(self, command: Command) -> bytes:
        """What the log remembers of what a command asked."""
        return self._office.digest_of(command)

    # -- writing ------------------------------------------------------------------------------------------------

    def handle(self, command: Command, *, expected_version: int | None = None) -> Outcome:
        """Decides and records one command. Raises Refusal, NotFound, StaleVersion, Unavailable: nothing changed."""
        lost_race: Exception | None = None
        for _ in self.attempts():
            try:
                return self._try(command, expected_version)
            except CommandAlreadyRecorded:
                return self._repeated_or_raise(command, errors.CommandReused())
            except VersionConflict as conflict:
                if isinstance(command, c.LogIssue):
                    return self._repeated_or_raise(command, errors.AlreadyExists())
                self.lately.forget(command.stream_id)
                lost_race = conflict
            except (OperationalError, InterfaceError) as failure:
                lost_race = failure
        raise errors.Unavailable from lost_race

    def advance(self, issue: Issue, command: c.IssueCommand) -> Issue:
        """Decides and records a command on an issue just read; the issue after it. One attempt, for the process.

        Raises StaleVersion when a rival was quicker; otherwise as `handle`.
        """
        try:
            decided = self._decided((command, self._of_issues(issue, command)))
            self._append(decided)
        except (CommandAlreadyRecorded, VersionConflict):
            raise errors.StaleVersion from None
        except (OperationalError, InterfaceError) as failure:
            raise errors.Unavailable from failure
        return after(issue, decided.events)

    def handle_together(self, commands: Sequence[Command]) -> list[Outcome]:
        """Several commands to issues in one transaction (imports): all of them or none, in the order given.

        Falls back to one by one when some were done before, a rival was quicker or the line broke. At most 200 events.
        """
        try:
            return self.record_together(self.decide_together(commands))
        except (CommandAlreadyRecorded, VersionConflict, OperationalError, InterfaceError):
            return [self.handle(command) for command in commands]

    def decide_together(self, commands: Sequence[Command]) -> Batch:
        """The first half of `handle_together`, which writes nothing: the next batch can be decided meanwhile."""
        decided = Decided()
        issues: dict[UUID, Issue | None] = {}
        for command in commands:
            issue = issues.get(command.stream_id)
            if issue is None and not isinstance(command, c.LogIssue):
                issue = self.issue(command.stream_id)
            events = self._of_issues(issue, command)  # type: ignore[arg-type]
            issues[command.stream_id] = after(issue, events)
            decided.add(command, events, self.digest_of(command))
        return Batch(tuple(commands), decided, issues)

    def record_together(self, batch: Batch) -> list[Outcome]:
        """The second half of `handle_together`, without its fallback: all of it or nothing.

        Raises CommandAlreadyRecorded, VersionConflict, OperationalError, InterfaceError.
        """
        self._append(batch.decided)
        return [
            self._outcome(command, batch.decided, record.version, _number_of(batch.issues[command.stream_id]))
            for command, record in zip(batch.commands, batch.decided.commands, strict=True)
        ]

    def record(self, decisions: Sequence[tuple[Command, Events]]) -> None:
        """What several commands cause, in one transaction: all of it or nothing. Raises as `record_together`."""
        self._append(self._decided(*decisions))

    def attempts(self) -> Iterator[int]:
        """As many tries as an append is worth, with a pause after each that fails."""
        for attempt in range(_ATTEMPTS):
            yield attempt
            # Not for luck: rivals on one stream must not keep colliding, and a restarted database needs a moment.
            self._office.pause(_FIRST_PAUSE * 2**attempt * (0.5 + random.random()))  # noqa: S311

    def _try(self, command: Command, expected_version: int | None) -> Outcome:
        lately = self.lately.of(command.stream_id)
        try:
            issue, events = self._decide(command, expected_version, lately)
        except errors.HuiyinError as refusal:
            if lately is not None:  # perhaps somebody else wrote since: the log tells
                self.lately.forget(command.stream_id)
                return self._try(command, expected_version)
            # A repeat may be refused by the very state its first time brought about: look before refusing.
            return self._repeated_or_raise(command, refusal)
        decided = self._decided((command, events))
        self._append(decided)
        outcome = self._outcome(command, decided, decided.commands[0].version, _number_of(issue))
        if isinstance(command, c.LogIssue | c.IssueCommand):
            self.lately.keep(issue, events, outcome.number)
        return outcome

    def _decide(self, command: Command, expected: int | None, lately: Issue | None) -> tuple[Issue | None, Events]:
        """The issue before, if there was one, and the events."""
        if isinstance(command, c.LogIssue):
            return None, self._of_issues(None, command)
        if isinstance(command, c.IssueCommand):
            issue = lately or self.issue(command.issue_id)
            if issue is not None and expected not in (None, issue.version):
                raise errors.StaleVersion
            return issue, self._of_issues(issue, command)
        return None, decide_elsewhere(command, self, self.context(command), expected, self._office.vault)

    def _of_issues(self, issue: Issue | None, command: c.LogIssue | c.IssueCommand) -> Events:
        """What happens to issues, with the households' words sealed."""
        context = self.context(command, issue)
        events = decide(issue, command, context)
        touched = context.others.values() if issue is None else (issue, *context.others.values())
        return sealed(events, touched, self._office.vault)

    def context(self, command: Command, issue: Issue | None = None) -> Context:
        """What this command's decision may look at, loaded."""
        office = self._office
        extra: dict[str, Any] = {"registers": office.registers}
        match command:
            case c.LogIssue():
                receipts = office.receipts
                extra["receipt_hash"] = receipts.hash_of(receipts.code_for(command.command_id))
                extra["others"] = self.issues_numbered([command.repeats] if command.repeats else ())
            case c.DecideSubmission():
                extra["meeting"] = fold_meeting(self.history(command.meeting_id))
            case c.MergeIssue():
                extra["others"] = self._issues((command.into,))
            case c.GiveReply() if issue is not None and issue.absorbed:
                extra["others"] = self._issues(issue.absorbed)
            case ProposeErasure() | ConfirmErasure() | EraseHousehold():
                extra["open_cases"] = office.open_cases(command.village, command.household)
            case c.SplitIssue():
                extra["part_ids"] = tuple(uuid5(command.command_id, str(n)) for n in range(len(command.parts)))
        extra |= money_around(command, issue, office.directory, self)
        plan = office.plan_for(command, issue.village if issue else None)
        extra["began"] = office.began()
        return Context(office.clock(), plan, office.holidays, office.directory, **extra)

    def _issues(self, issue_ids: Sequence[UUID]) -> dict[UUID, Issue]:
        found = ((issue_id, self.issue(issue_id)) for issue_id in issue_ids)
        return {issue_id: issue for issue_id, issue in found if issue is not None}

    def _decided(self, *decisions: tuple[Command, Events]) -> Decided:
        decided = Decided()
        for command, events in decisions:
            decided.add(command, events, self.digest_of(command))
        return decided

    def _append(self, decided: Decided) -> None:
        # Not the library's `save`: it asks of each event which protocols it follows, for 20 us, to no use here.
        try:
            self.events.put(decided.events, commands=decided.commands, allotments=list(decided.allotments.values()))
        finally:  # also when the line broke: it may have been written
            if any(record.originator_id in KEPT_IN_MIND for record in decided.commands):
                self._office.forget()

    def _outcome(self, command: Command, decided: Decided, version: int, number: str | None = None) -> Outcome:
        allotment = decided.allotments.get(command.stream_id)
        number = allotment.number if allotment else number
        return Outcome(command.stream_id, version, number, self._receipt_code(command))

    def _receipt_code(self, command: Command) -> str | None:
        return self._office.receipts.code_for(command.command_id) if isinstance(command, c.LogIssue) else None

    def _repeated_or_raise(self, command: Command, refusal: errors.HuiyinError) -> Outcome:
        """The answer given the first time, if this very command was done before."""
        try:
            done = self.store.find_command(command.command_id)
            if done is None:
                raise refusal
            if done.digest != self.digest_of(command):
                raise errors.CommandReused
            issue = self.issue(done.originator_id) if isinstance(command, c.LogIssue | c.IssueCommand) else None
        except (OperationalError, InterfaceError) as failure:
            raise errors.Unavailable from failure
        return Outcome(done.originator_id, done.version, _number_of(issue), self._receipt_code(command), repeated=True)


def _number_of(issue: Issue | None) -> str | None:
    return issue.number if issue else None

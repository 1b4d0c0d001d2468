"""Does every real history fit the declared process, and what looks like gaming? Reads the log; writes only looks.

Called by `huiyin audit conformance` and the API. What is found because of a household's words is told only after the
look was written down.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg

from domain.adoption.book import PlanBook
from domain.conformance.deviations import Deviation, Kind
from domain.conformance.history import History
from domain.conformance.survey import Survey, Surveyor
from domain.errors import Refusal
from domain.issue.events import IssueLogged, ReplyGiven
from domain.organisation.state import Organisation
from domain.periods import Cycle
from projections.histories import Wanted, histories_in_scope, logged_histories
from projections.projection import Recorded, UnreadableEvent
from services.audit.alike import Likening
from services.audit.posts import posts_held
from services.privacy.looks import Seen
from services.privacy.unsealing import Reader, Unsealing

MOST_AT_ONCE = 5_000
"""Issues that one question of the API looks at; the command line knows no such limit."""
_BY_WORDS = frozenset({Kind.COPIED_ANSWER, Kind.REFILED})


class LogUnreadable(Refusal):
    code = "log-unreadable"
    zh = "日志中有无法读出的记录，不能核对办理经过。请先运行 huiyin audit verify，由其指出是哪一条。"
    en = "The log holds a record that cannot be read, so histories cannot be checked. `huiyin audit verify` names it."


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, as of when, under which plans, and in which organisation."""

    reader: Reader
    as_of: datetime
    plans: PlanBook
    organisation: Organisation


class ConformanceDesk:
    """Checks histories and tells what it found."""

    def __init__(self, unsealing: Unsealing) -> None:
        self._unsealing = unsealing

    def of_log(
        self, connection: psycopg.Connection, asking: Asking, wanted: Wanted, told: Callable[[int], None]
    ) -> Survey:
        """By the log alone, in a transaction; `told` is called with the number of issues so far. LogUnreadable."""
        batches = (_wanted(batch, wanted) for batch in logged_histories(connection))
        return self._survey(batches, asking, told)

    def in_scope(self, connection: psycopg.Connection, asking: Asking, wanted: Wanted) -> tuple[Survey, bool]:
        """Of those whose rows the reader may see, and whether these were all of them. Raises LogUnreadable."""
        survey = self._survey(histories_in_scope(connection, wanted, MOST_AT_ONCE + 1), asking, lambda _: None)
        return survey, survey.checked <= MOST_AT_ONCE

    def _survey(self, batches: Iterable[list[list[Recorded]]], asking: Asking, told: Callable[[int], None]) -> Survey:
        surveyor, likening = Surveyor(asking.as_of, posts_held(asking.organisation)), Likening(self._unsealing.compared)
        words: dict[str, list[str]] = {}
        issues = 0
        for batch in _readable(batches):
            histories = [as_history(each) for each in batch]
            digests = likening.digests(histories)
            surveyor.take(histories, digests)
            words.update(_sealed_words(histories))
            issues += len(histories)
            told(issues)
        survey = surveyor.told(lambda plan_id: cycle_of(asking.plans, plan_id))
        return replace(survey, patterns=tuple(self._tellable(survey.patterns, words, asking.reader)))

    def _tellable(self, found: Iterable[Deviation], words: dict[str, list[str]], reader: Reader) -> Iterator[Deviation]:
        """Without the record of the look, nothing that rests on words."""
        for deviation in found:
            texts = [
                (where.issue_id, text)
                for where in deviation.events
                for text in (words.get(where.number, ()) if deviation.kind in _BY_WORDS else ())
            ]
            if self._unsealing.noted(reader, texts, Seen.AUDIT):
                yield deviation


def _readable(batches: Iterable[list[list[Recorded]]]) -> Iterator[list[list[Recorded]]]:
    try:
        yield from batches
    except UnreadableEvent:
        raise LogUnreadable from None


def cycle_of(plans: PlanBook, plan_id: str) -> Cycle:
    """How long an assessment period is; a plan without appraisal: a quarter, whose ends are those of years too."""
    appraisal = plans.named(plan_id).appraisal
    return appraisal.per if appraisal else Cycle.QUARTER


def as_history(recorded: list[Recorded]) -> History:
    """A stream as it is checked."""
    return History([it.event for it in recorded], [it.recorded_at for it in recorded])


def _wanted(batch: list[list[Recorded]], wanted: Wanted) -> list[list[Recorded]]:
    return [stream for stream in batch if _fits(stream[0], wanted)]


def _fits(first: Recorded, wanted: Wanted) -> bool:
    """A history that lacks its beginning fits every question: nobody may hide it by taking its village away."""
    event = first.event
    if not isinstance(event, IssueLogged):
        return wanted.number is None
    return (
        wanted.village in (None, event.village)
        and wanted.number in (None, event.number)
        and (wanted.since is None or event.occurred_at >= wanted.since)
        and (wanted.until is None or event.occurred_at < wanted.until)
    )


def _sealed_words(histories: Iterable[History]) -> Iterator[tuple[str, list[str]]]:
    """By number, the sealed words that were compared: whose look it is stands on them."""
    for history in histories:
        texts = [event.findings for event in history.events if isinstance(event, ReplyGiven)]
        place = history.logged.place if history.logged else None
        if place or texts:
            yield history.number, [*texts, *([place] if place else [])]

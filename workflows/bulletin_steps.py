"""The process draws up a bulletin, and says when it is overdue: ordinary commands, if the log still asks for them.

Registered by services/worker.py, called by workflows/bulletins.py. Synchronous: runs in the worker's threads.
"""

from contextlib import suppress
from datetime import datetime
from typing import Final

from temporalio import activity

from domain import errors
from domain.bulletin import commands as c
from domain.bulletin import errors as refused
from domain.bulletin.state import Bulletin, fold
from domain.casework import Casework
from domain.values import Moment
from workflows.activities import failing_wordlessly
from workflows.messages import Message
from workflows.schedules import Turn

DUTY: Final = "bulletin"
_NOT_ASKED_FOR: Final = (errors.AlreadySaid, errors.CommandReused, errors.NotDueYet, refused.NoBulletin)
"""The log does not ask for this step any more, or not yet; anything else is worth another try, as a head not sealed."""


class BulletinSituation(Message):
    """When something is due next; None: it is issued, overdue and told of, or not asked for at all."""

    next_at: Moment | None = None


class BulletinActivities:
    """What a bulletin's workflow can do. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    @activity.defn
    def bulletin_step(self, turn: Turn) -> BulletinSituation:
        """Does whatever is due and was not done; answers when something is due next.

        What fails is tried again by Temporal.
        """
        with failing_wordlessly():
            return self._see_to(turn)

    def _see_to(self, turn: Turn) -> BulletinSituation:
        now, draw_up_at = self._dates(turn)
        known = self._bulletin(turn)
        if known is None:
            if draw_up_at is None or now < draw_up_at:
                return BulletinSituation(next_at=draw_up_at)
            self._send(c.OpenBulletin, turn, draw_up_at)
            known = self._bulletin(turn)
        if known is None:
            return BulletinSituation()
        if known.drawn is None:
            self._send(c.DrawUpBulletin, turn, known.opened.draw_up_at)
        return self._until_issued(turn, now)

    def _until_issued(self, turn: Turn, now: datetime) -> BulletinSituation:
        known = self._bulletin(turn)
        if known is None or known.issued is not None or known.overdue:
            return BulletinSituation()
        if now < known.opened.issue_by:
            return BulletinSituation(next_at=known.opened.issue_by)
        self._send(c.RecordBulletinOverdue, turn, known.opened.issue_by)
        return BulletinSituation()

    def _dates(self, turn: Turn) -> tuple[datetime, datetime | None]:
        """The time, and when the bulletin is drawn up by the plan in force as its month begins."""
        known = self._casework.context(turn.asks_here(c.OpenBulletin, c.OpenBulletin.__name__, turn.period.starts_at))
        asked = known.plan.bulletin
        return known.now, asked.draw_up_at(turn.period) if asked else None

    def _bulletin(self, turn: Turn) -> Bulletin | None:
        return fold(self._casework.history(c.bulletin_id_of(turn.place, turn.period.name)))

    def _send(self, kind: type[c.BulletinCommand], turn: Turn, at: datetime) -> None:
        with suppress(*_NOT_ASKED_FOR):
            self._casework.handle(turn.asks_here(kind, kind.__name__, at))

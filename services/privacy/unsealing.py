"""What may this reader see of the households' words? Opens them for the case's own people, and writes the look down.

Called by the API, the command line and exports with lines of the read models. No record of the look, no words.
"""

import getpass
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Self, TypeVar
from uuid import UUID

import psycopg
import structlog

from domain.errors import Unavailable
from domain.events import event_class
from domain.ledger_views import WORDS, View, view_of
from domain.privacy import IN_ENGLISH, UNREADABLE, WITHHELD, is_sealed, personal_fields
from domain.values import Role
from projections.issue_history import HistoryLine
from projections.issue_ledger_fold import LedgerRow
from projections.labels import Label
from projections.sentences import sentence
from services.privacy.looks import Door, LookBook, Onlooker, Seen
from services.privacy.masking import masked
from services.privacy.vault import SealedWords, Vault

COLUMNS: Final = ("title", "description", "place", "source", "measures", "remark")
"""The columns of the issue ledger that hold free text about a case."""
_AT_ONCE: Final = 500

_log = structlog.get_logger(__name__)


VIEWS: Final = WORDS
"""By role; whose cases somebody sees at all is decided before (services/identity, row-level security)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, how much they may see, and through which door."""

    who: Onlooker
    view: View
    door: Door
    of_history: View = View.WORDS
    of_identity: View = View.WORDS

    @classmethod
    def of(cls, user: str, role: Role, door: Door, *, place: str | None = None, behalf: str | None = None) -> Self:
        """Somebody acting in a role."""
        who = Onlooker(user, role.value, place, behalf)
        views = (view_of(*column, role) for column in (("history", "details"), ("households", "name")))
        return cls(who, VIEWS[role], door, *views)


def on_this_machine(door: Door) -> Reader:
    """Whoever works at the command line of the machine itself: they hold the keys' file anyway, so they see all."""
    return Reader(Onlooker(f"{getpass.getuser()}@machine", "operator"), View.WORDS, door)


Line = TypeVar("Line", bound=LedgerRow)


class Unsealing:
    """Opens what somebody is about to be shown."""

    def __init__(self, vault: Vault, looks: LookBook) -> None:
        self._vault = vault
        self._looks = looks

    def lines(self, reader: Reader, lines: Iterable[Line], what: Seen = Seen.LEDGER) -> Iterator[Line]:
        """Ledger lines with their words opened, some hundreds at a time."""
        remaining = iter(lines)
        while some := list(islice(remaining, _AT_ONCE)):
            yield from self._lines(reader, some, what)

    def _lines(self, reader: Reader, lines: Sequence[Line], what: Seen) -> Iterator[Line]:
        texts = [(line.issue_id, text) for line in lines for name in COLUMNS if (text := getattr(line, name))]
        opened = iter(self._opened(reader, texts, what))
        for line in lines:
            changed: dict[str, Any] = {name: next(opened) for name in COLUMNS if getattr(line, name)}
            yield replace(line, **changed)

    def history(self, reader: Reader, lines: Sequence[HistoryLine]) -> list[HistoryLine]:
        """History lines with the words in their details and sentences opened."""
        reader = replace(reader, view=reader.of_history)
        names = [personal_fields(event_class(line.topic)) for line in lines]
        pairs = [
            (line, name) for line, some in zip(lines, names, strict=True) for name in some if line.details.get(name)
        ]
        opened = self._opened(reader, [(line.issue_id, line.details[name]) for line, name in pairs], Seen.HISTORY)
        found: dict[int, dict[str, str]] = {}
        for (line, name), text in zip(pairs, opened, strict=True):
            found.setdefault(line.version, {})[name] = text
        return [_told_again(line, found[line.version]) if line.version in found else line for line in lines]

    def as_history(
        self, reader: Reader, rows: Sequence[Mapping[str, str | None]], what: Seen
    ) -> list[dict[str, str | None]]:
        """Words of several lines, opened as far as this reader may see those of a history."""
        return self.rows(replace(reader, view=reader.of_history), rows, what)

    def texts(self, reader: Reader, texts: Mapping[str, str | None], what: Seen) -> dict[str, str | None]:
        """A household's own data opened."""
        given = {name: text for name, text in texts.items() if text is not None}
        opened = self._opened(reader, [(None, text) for text in given.values()], what)
        return {**texts, **dict(zip(given, opened, strict=True))}

    def rows(self, reader: Reader, rows: Sequence[Mapping[str, str | None]], what: Seen) -> list[dict[str, str | None]]:
        """Words of several lines that are no issues', opened together."""
        said = [(number, name, text) for number, row in enumerate(rows) for name, text in row.items() if text]
        opened = self._opened(reader, [(None, text) for _, _, text in said], what)
        shown = [dict(row) for row in rows]
        for (number, name, _), text in zip(said, opened, strict=True):
            shown[number][name] = text
        return shown

    def may_show(self, reader: Reader, subject: str, issue_id: UUID | None) -> None:
        """Writes down that a photo or paper of the household is about to be seen. Raises Unavailable."""
        if not self._recorded(reader, [(subject, issue_id)], Seen.FILE):
            raise Unavailable

    def looked(self, reader: Reader, subject: str, what: Seen) -> bool:
        """Writes down that something without a household's words is about to be shown; if False, it may not be."""
        return self._recorded(reader, [(subject, None)], what)

    def compared(self, texts: Sequence[str | None]) -> list[str | None]:
        """For programs that liken or count words and show none: no look yet. None: no words, or none to be opened.

        Whoever names a case because of its words has the look `noted` first.
        """
        opened = self._vault.open_all([text or "" for text in texts])
        return [words if words and words not in IN_ENGLISH else None for words in opened]

    def noted(self, reader: Reader, texts: Iterable[tuple[UUID, str | None]], what: Seen) -> bool:
        """Writes down that something was told because of these words; if False, it may not be told."""
        boxes = ((issue_id, SealedWords.read(text)) for issue_id, text in texts if text)
        seen = dict.fromkeys((box.key.subject, issue_id) for issue_id, box in boxes if box is not None)
        return not seen or self._recorded(reader, list(seen), what)

    def _opened(self, reader: Reader, texts: Sequence[tuple[UUID | None, str]], what: Seen) -> list[str]:
        if reader.view is View.NOTHING:
            return [WITHHELD] * len(texts)
        opened = self._vault.open_all([text for _, text in texts])
        seen = dict.fromkeys(
            (box.key.subject, issue_id)
            for (issue_id, text), words in zip(texts, opened, strict=True)
            if words not in IN_ENGLISH and (box := SealedWords.read(text)) is not None
        )
        if seen and not self._recorded(reader, list(seen), what):
            opened = [UNREADABLE if is_sealed(text) else text for _, text in texts]
        return [masked(words) for words in opened] if reader.view is View.MASKED else opened

    def _recorded(self, reader: Reader, seen: Sequence[tuple[str, UUID | None]], what: Seen) -> bool:
        try:
            self._looks.record(reader.who, seen, door=reader.door, what=what, masked=reader.view is View.MASKED)
        except psycopg.Error as error:
            _log.warning("look.not_recorded", reason=error.sqlstate or "connection")
            return False
        return True


def _told_again(line: HistoryLine, opened: Mapping[str, str]) -> HistoryLine:
    """The line with these details, and its sentences made from them."""
    details = {**line.details, **opened}
    return replace(line, details=details, **sentences_of(line.topic, details)._asdict())


def sentences_of(topic: str, details: Mapping[str, Any]) -> Label:
    """What is told of an event whose words were opened."""
    english = {name: IN_ENGLISH.get(text, text) if isinstance(text, str) else text for name, text in details.items()}
    return Label(sentence(topic, details).zh, sentence(topic, english).en)

"""Which photos and papers does the household's door show to somebody who has proven to be it? Its own cases'.

Those that show it, or nobody's household; each of its own is a look. Called by receipts.py.
"""

from collections.abc import Iterable

from starlette.responses import Response

from domain.errors import NotFound
from domain.events import DomainEvent
from domain.files import files_named_in
from domain.issue.state import Issue
from domain.privacy import subject_of
from services.api.door.file_answers import file_answer
from services.api.parts import ApiParts
from services.api.public.receipt_words import THE_HOUSEHOLD_ITSELF, Proven
from services.files.kept import CONTENT


def own_file(parts: ApiParts, proven: Proven, issues: Iterable[Issue], digest: str) -> Response:
    """A file that one of the household's issues names. Raises NotFound, and as Files.content does."""
    own = (issue for issue in issues if issue.household == proven.household)
    issue = next((it for it in own if digest in _named(parts.casework.history(it.issue_id))), None)
    row = parts.files.book.these([digest]).get(digest)
    if issue is None or row is None or row.household not in (None, proven.household):
        raise NotFound
    if row.household is not None:
        parts.unsealing.may_show(THE_HOUSEHOLD_ITSELF, subject_of(row.place, row.household), issue.issue_id)
    return file_answer(parts.files.content(row), row, issue.number, CONTENT)


def _named(events: Iterable[DomainEvent]) -> set[str]:
    return {digest for event in events for digest in files_named_in(event)}

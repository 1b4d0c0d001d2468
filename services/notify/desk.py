"""What the API's handlers of inbox and notices work with, joined by the bootstrap."""

from typing import NamedTuple

from services.notify.read_marks import ReadMarks
from services.notify.target_book import TargetBook


class NoticeDesk(NamedTuple):
    """Up to where everybody has read, and where everybody wants notices."""

    marks: ReadMarks
    targets: TargetBook

    def close(self) -> None:
        """Close all connections."""
        self.marks.close()

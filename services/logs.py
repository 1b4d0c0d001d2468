"""How do the processes log? One JSON object a line on standard error; never a body, a query string or a name.

Called once by each process that runs until it is told to stop.
"""

import logging
import sys

import structlog


def log_as_json() -> None:
    """Sets up structlog and the standard logging of libraries for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    root = logging.getLogger()
    root.handlers[:] = [LibraryMessages()]
    root.setLevel(logging.INFO)


class LibraryMessages(logging.Handler):
    """What libraries log, without the values they put in: those may be what somebody sent."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line: the bare message, its logger, and the kind of the exception if there is one."""
        error = record.exc_info[0].__qualname__ if record.exc_info and record.exc_info[0] else None
        log = structlog.get_logger("library")
        log.log(record.levelno, "library_message", logger=record.name, message=str(record.msg), error=error)

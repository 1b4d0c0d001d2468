"""How does `Casework` find its recorder and mapper? Through the environment that `recorder_environment` builds.

Called by services/bootstrap.py: `Casework(office, recorder_environment(database_url))`.
"""

from types import TracebackType
from typing import Any, Final, Self

from eventsourcing.persistence import ApplicationRecorder
from eventsourcing.postgres import PostgresFactory
from psycopg.conninfo import conninfo_to_dict

from services.persistence.recorder import LedgerRecorder

_DSN: Final = "LEDGER_DSN"


class LedgerFactory(PostgresFactory):
    """Makes the recorder and closes it with the application. The library's own pool is never opened."""

    _recorder: LedgerRecorder | None = None

    def application_recorder(self) -> ApplicationRecorder:
        """The log's recorder, on the whole DSN: with its TLS settings, which the library's variables cannot carry."""
        self._recorder = LedgerRecorder(self.datastore, dsn=self.env.get(_DSN))
        return self._recorder

    def close(self) -> None:
        """Close the recorder's connections."""
        if self._recorder is not None:
            self._recorder.close()
        super().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def recorder_environment(dsn: str) -> dict[str, str]:
    """The `env` of an eventsourcing application that keeps its log in the database at `dsn` (role huiyin_app)."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    return {
        "PERSISTENCE_MODULE": f"{__name__}:LedgerFactory",
        "MAPPER_TOPIC": "services.persistence.mapper:EventMapper",
        _DSN: dsn,
        "POSTGRES_DBNAME": parts.get("dbname", ""),
        "POSTGRES_HOST": parts.get("host", ""),
        "POSTGRES_PORT": parts.get("port", "5432"),
        "POSTGRES_USER": parts.get("user", ""),
        "POSTGRES_PASSWORD": parts.get("password", ""),
        "CREATE_TABLE": "n",
        "IS_SNAPSHOTTING_ENABLED": "n",
        "AGGREGATE_CACHE_MAXSIZE": "",  # the library's cache replays everything for immutable state, or goes stale
    }

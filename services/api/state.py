"""Is the API alive, can it work, how busy is it? For supervisors, balancers and Prometheus; open to all of them."""

from contextlib import suppress

import psycopg
from starlette.requests import Request
from starlette.responses import Response

from services.api.door.metrics import Metrics
from services.api.door.problems import HttpProblem, NotReady
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.audit.witness_alarms import witness_metrics
from services.migrate import pending_migrations


class State:
    """The handlers of /healthz, /readyz and /metrics."""

    def __init__(self, parts: ApiParts, metrics: Metrics, threads: Threads) -> None:
        self._parts = parts
        self._metrics = metrics
        self._threads = threads

    async def alive(self, _: Request) -> Response:
        """The process answers; it asks nothing else."""
        return Response(b'{"status":"alive"}', media_type="application/json")

    async def ready(self, _: Request) -> Response:
        """The database is there and has the tables of this version. Raises NotReady, psycopg.Error."""
        await self._threads.run(self._look)
        return Response(b'{"status":"ready"}', media_type="application/json")

    async def metrics(self, _: Request) -> Response:
        """Counters in Prometheus's text format; how witnesses stand while the database is there."""
        text = self._metrics.text()
        if self._parts.witnesses:
            with suppress(psycopg.Error, HttpProblem):
                text += await self._threads.run(self._witnesses)
        return Response(text, media_type="text/plain; version=0.0.4")

    def _witnesses(self) -> bytes:
        with self._parts.connect() as connection:
            return witness_metrics(connection, self._parts.witnesses, self._parts.clock())

    def _look(self) -> None:
        with self._parts.connect() as connection:
            if pending_migrations(connection):
                raise NotReady

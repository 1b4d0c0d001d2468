"""PostgreSQL and Temporal for one machine: real servers out of Python wheels, without Docker and without root.

`services.up` runs both under the supervisor; the tests start them by themselves.
"""

from services.embedded.postgres import EmbeddedPostgres
from services.embedded.problems import MachineProblem
from services.embedded.temporal import EmbeddedTemporal

__all__ = ["EmbeddedPostgres", "EmbeddedTemporal", "MachineProblem"]

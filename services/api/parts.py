"""What the API is made of: handed to `create_app` by services/bootstrap.py; nothing here is global.

`ReadConnections` gives reading threads their connections.
"""

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import psycopg
from psycopg.conninfo import make_conninfo
from starlette.requests import Request

from domain.adoption.book import PlanBook
from domain.casework import Casework
from domain.plan import Plan
from domain.receipts import Receipts
from services.api.door.addresses import Networks, counted_address
from services.api.door.limits import Limiter
from services.api.door.site import Site
from services.audit.verify_telling import LastVerification
from services.audit.witness_list import WitnessAt
from services.exports.jobs import ExportDesk
from services.files.kept import Files
from services.identity.authenticator import Authenticator
from services.identity.log_in import LogIns
from services.identity.offline_keys import OfflineKeys
from services.identity.oidc import OidcLogIns
from services.notify.desk import NoticeDesk
from services.persistence.directory import OrganisationDirectory
from services.persistence.scope import Scope, ScopedConnection
from services.privacy.households import Households
from services.privacy.unsealing import Unsealing
from services.saved_views import SavedViews
from services.suggestions.categories import CategoryModel
from services.suggestions.desk import SuggestionDesk


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one API process; seconds and bytes."""

    body_bytes: int = 1_000_000
    header_bytes: int = 16_000
    body_seconds: float = 10.0
    answer_seconds: float = 20.0
    writers: int = 3  # with more the threads only wait for one another: for Python's lock, and in the log
    readers: int = 4
    copiers: int = 1  # of ledgers to take away
    log_ins: int = 1
    oidc: int = 2
    uploads: int = 2  # each makes a file over in a process of its own
    file_bytes: int = 15_000_000
    file_seconds: float = 120.0  # a phone in a village with a bad line
    receiving: int = 8  # files that come in at once, each held in memory
    most_waiting: int = 256


@dataclass(frozen=True, slots=True)
class ApiParts:
    """Everything the API works with. `temporal_ui`: a link for people, if there is one; so `oidc`."""

    casework: Casework
    authenticator: Authenticator
    log_ins: LogIns
    directory: OrganisationDirectory
    connect: Callable[[], AbstractContextManager[ScopedConnection]]
    plans: Callable[[], PlanBook]
    clock: Callable[[], datetime]
    households: Households
    receipts: Receipts
    notices: NoticeDesk
    offline_keys: OfflineKeys
    views: SavedViews
    exports: ExportDesk
    files: Files
    temporal_ui: str | None = None
    site: Site = field(default_factory=Site)
    oidc: OidcLogIns | None = None
    limits: Limits = field(default_factory=Limits)
    limiter: Limiter = field(default_factory=Limiter)
    trusted_proxies: Networks = ()
    categories: Callable[[], CategoryModel] = CategoryModel
    witnesses: tuple[WitnessAt, ...] = ()
    last_verification: Callable[[], LastVerification | None] = lambda: None

    def address_of(self, request: Request) -> str:
        """The address for which a request counts."""
        host = request.client.host if request.client else ""
        return counted_address(host, request.headers.getlist("x-forwarded-for"), self.trusted_proxies)

    def plan_now(self) -> Plan:
        """The county's plan in force. Raises OperationalError."""
        return self.plans().in_force(self.clock())

    @property
    def unsealing(self) -> Unsealing:
        """What opens households' words for somebody, and writes the look down."""
        return self.households.unsealing

    @property
    def suggestions(self) -> SuggestionDesk:
        """What compares issues for those who may see them, and guesses a category."""
        return SuggestionDesk(self.unsealing, self.categories)

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[psycopg.Connection]:
        """A connection for reading, each of whose questions is bound to the scope."""
        with self.connect() as connection, connection.within(scope):
            yield connection


_READ_ONLY: Final = "-c default_transaction_read_only=on -c statement_timeout=10s"
_WRITING: Final = "-c statement_timeout=10s -c idle_in_transaction_session_timeout=5s"
_LINK: Final = {
    "connect_timeout": 3,  # s
    "tcp_user_timeout": 5_000,  # ms
    "keepalives": 1,
    "keepalives_idle": 5,  # s
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


class ReadConnections:
    """Connections that cannot write: one a thread, opened at first use, replaced when broken."""

    _name = "huiyin api reads"
    _options = _READ_ONLY

    def __init__(self, dsn: str) -> None:
        self._conninfo = make_conninfo(dsn, **_LINK, application_name=self._name, options=self._options)
        self._mine = threading.local()
        self._all: list[ScopedConnection] = []
        self._lock = threading.Lock()

    @contextmanager
    def __call__(self) -> Iterator[ScopedConnection]:
        """This thread's connection, in autocommit. Raises psycopg.OperationalError when there is none to be had."""
        connection: ScopedConnection | None = getattr(self._mine, "connection", None)
        if connection is None or not _is_alive(connection):
            connection = ScopedConnection.connect(self._conninfo, autocommit=True)
            self._mine.connection = connection
            with self._lock:
                self._all = [*(one for one in self._all if not one.closed), connection]
        yield connection

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all = []


class IdentityConnections(ReadConnections):
    """As those, but they write: sessions, and failed log-ins."""

    _name = "huiyin api identity"
    _options = _WRITING


def _is_alive(connection: psycopg.Connection) -> bool:
    """Whether it can be used: a server that restarted leaves sockets that only look open.

    From there something came, if only the end; while nothing came, nothing is asked.
    """
    if connection.closed:
        return False
    incoming = select.poll()
    incoming.register(connection.fileno(), select.POLLIN)
    if not incoming.poll(0):
        return True
    try:
        connection.execute("")
    except psycopg.OperationalError:
        connection.close()
        return False
    return True

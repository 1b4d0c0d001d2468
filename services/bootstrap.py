"""The only place where objects are joined: from settings to an office, a casework, a worker's or an API's parts.

Called by the command line and the processes it starts. Nothing is built at import.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg

from domain import privacy
from domain.casework import Casework
from domain.context import Directory
from domain.office import Office
from domain.plan import load_plan
from domain.receipts import Receipts
from domain.workdays import HolidayTable
from services.identity.offline_keys import OfflineKeys
from services.keys import load_or_create
from services.notify.allowed import allowed_of
from services.notify.desk import NoticeDesk
from services.notify.quiet import Quiet
from services.notify.read_marks import ReadMarks
from services.notify.sending import Sending, SendingRules
from services.notify.target_book import TargetBook
from services.notify.targets import TargetSeal
from services.persistence.adopted_plans import AdoptedPlans
from services.persistence.beginning import Beginning
from services.persistence.bulletin_basis import BulletinBasis
from services.persistence.directory import OrganisationDirectory
from services.persistence.draw_basis import DrawBasis, SampleBases
from services.persistence.duty_registers import DutyRegisters
from services.persistence.factory import recorder_environment
from services.persistence.file_book import FileBook
from services.persistence.household_keys import HouseholdKeys
from services.persistence.open_cases import OpenCases
from services.privacy.erasing import Erasing
from services.privacy.households import Households
from services.privacy.looks import LookBook
from services.privacy.register import BlindIndex, Register
from services.privacy.unsealing import Unsealing
from services.privacy.vault import NoKeys, Vault
from services.running import Running
from services.saved_views import SavedViews
from services.settings import Settings
from services.suggestions.learned_file import LearnedFile

if TYPE_CHECKING:
    from fastapi import FastAPI

    from services.api.parts import IdentityConnections, ReadConnections
    from services.identity.oidc import OidcLogIns


def system_clock() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def open_office(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = system_clock,
    plan: str | None = None,
    vault: privacy.Vault | None = None,
    directory: Directory | None = None,
    calendar: Callable[[], HolidayTable] | None = None,
) -> Office:
    """The plans in force, secrets and clock; who is who, the calendar and the keys by the settings, or as given.

    With `plan`, the key of one that comes along, that one is in force whatever was adopted.
    """
    known = directory if isinstance(directory, OrganisationDirectory) else open_directory(settings.database_url, clock)
    fallback = load_plan(plan or settings.plan)
    return Office(
        plan=fallback,
        plans=None if plan else AdoptedPlans(known, fallback),
        calendar=calendar or known.calendar,
        directory=directory or known,
        receipts=Receipts(load_or_create(settings.home, "receipt")),
        vault=vault or open_vault(settings),
        digest_secret=load_or_create(settings.home, "digest"),
        open_cases=OpenCases(settings.database_url),
        draw_basis=DrawBasis(settings.database_url),
        sample_basis=SampleBases(settings.database_url),
        bulletin_basis=BulletinBasis(settings.database_url),
        clock=clock,
        pause=time.sleep,
        registers=DutyRegisters(settings.database_url),
        began=Beginning(settings.database_url),
        forget=known.forget,
    )


def open_vault(settings: Settings) -> Vault:
    """What seals and opens households' words. No database is asked yet."""
    return Vault(open_keys(settings))


def open_directory(database_url: str, now: Callable[[], datetime] = system_clock) -> OrganisationDirectory:
    """Who is who, by the log of this database."""
    return OrganisationDirectory(partial(psycopg.connect, database_url, autocommit=True, connect_timeout=5), now)


def open_plans(settings: Settings) -> AdoptedPlans:
    """Which plans are in force, by the log of this database; the settings' plan until one is adopted."""
    return AdoptedPlans(open_directory(settings.database_url), load_plan(settings.plan))


def open_casework(database_url: str, office: Office) -> Casework:
    """The door for writes on this database. One per process; close it when done."""
    return Casework(office, recorder_environment(database_url))


def casework_of(settings: Settings, *, plan: str | None = None) -> Casework:
    """The door for writes as the settings say."""
    return open_casework(settings.database_url, open_office(settings, plan=plan))


def following_casework(settings: Settings) -> Casework:
    """The log's issues for whatever follows it: it may read, and record nothing, and has no household's key."""
    return asking_casework(settings.model_copy(update={"given_database_url": settings.follower_database_url}))


def asking_casework(settings: Settings) -> Casework:
    """The log's issues for whoever only asks of them: no household's key is at hand."""
    return open_casework(settings.database_url, open_office(settings, vault=NoKeys()))


def open_keys(settings: Settings) -> HouseholdKeys:
    """The households' keys, and the township's key that wraps them. No database is asked yet."""
    return HouseholdKeys(settings.keys_database_url, load_or_create(settings.home, "township"))


def blind_index(settings: Settings, keys: HouseholdKeys) -> BlindIndex:
    """Exact search by telephone number."""
    return BlindIndex(keys, load_or_create(settings.home, "pepper"))


@contextmanager
def open_erasing(settings: Settings, casework: Casework) -> Iterator[Erasing]:
    """The step that erases what is due, for as long as the `with` lasts."""
    with closing(open_keys(settings)) as keys, closing(FileBook(settings.database_url)) as files:
        forget = files.erase_household
        yield Erasing(casework, keys, settings.database_url, system_clock, forget_files=forget)


def open_sending(settings: Settings) -> Sending:
    """The step that sends notices. No database is asked yet."""
    rules = SendingRules(
        allowed=allowed_of(settings.notice_targets),
        link=settings.public_url or f"http://{settings.host}:{settings.port}",
        every=timedelta(minutes=settings.notice_digest_minutes),
        quiet=Quiet.of(settings.notice_quiet),
    )
    seal = TargetSeal(load_or_create(settings.home, "notices"))
    return Sending(settings.database_url, seal, open_directory(settings.database_url), rules, system_clock)


def open_target_book(settings: Settings) -> TargetBook:
    """Where officers want notices."""
    seal = TargetSeal(load_or_create(settings.home, "notices"))
    return TargetBook(settings.database_url, seal, allowed_of(settings.notice_targets))


@contextmanager
def open_households(settings: Settings) -> Iterator[tuple[Register, Households]]:
    """The household register, to write and to ask, for as long as the `with` lasts."""
    keys = open_keys(settings)
    office = open_office(settings, vault=(vault := Vault(keys)))
    with (
        closing(open_casework(settings.database_url, office)) as casework,
        _households(settings, office, casework, vault, keys) as households,
    ):
        yield households.register, households


def open_learned(settings: Settings) -> LearnedFile:
    """What the log taught about categories."""
    return LearnedFile(settings.home, load_or_create(settings.home, "suggestions"))


@contextmanager
def open_unsealing(settings: Settings) -> Iterator[Unsealing]:
    """What opens households' words and writes the looks down, for as long as the `with` lasts."""
    with closing(open_vault(settings)) as vault, closing(LookBook(settings.database_url)) as looks:
        yield Unsealing(vault, looks)


@contextmanager
def open_api(settings: Settings) -> Iterator["FastAPI"]:
    """The API's application on this installation, for as long as the `with` lasts. No database is asked yet."""
    from services.api.app import create_app  # here, lest every command import the web framework
    from services.api.parts import ApiParts, ReadConnections
    from services.files.opening import open_files

    connect, keys = ReadConnections(settings.database_url), open_keys(settings)
    directory, vault = OrganisationDirectory(connect, system_clock), Vault(keys)
    office = open_office(settings, vault=vault, directory=directory, calendar=directory.calendar)
    with (
        closing(open_casework(settings.database_url, office)) as casework,
        _households(settings, office, casework, vault, keys) as households,
        _own(settings, connect) as (identity, notices),
        closing(open_files(settings, vault)) as files,
    ):
        parts = ApiParts(
            casework=casework,
            directory=directory,
            connect=connect,
            plans=office.plan_book,
            clock=office.clock,
            receipts=office.receipts,
            notices=notices,
            views=SavedViews(settings.database_url),
            files=files,
            households=households,
            **_coming_in(settings, identity, directory),
            **_around(settings),
        )
        yield create_app(parts)


def _around(settings: Settings) -> dict[str, Any]:
    """What the API is told of where it stands."""
    from services.api.door.addresses import networks
    from services.api.door.limits import Limiter
    from services.api.door.site import Site
    from services.audit.verify_telling import LastVerification
    from services.audit.witness_list import witnesses_of
    from services.exports.jobs import ExportDesk
    from services.exports.sealing import PieceSeal

    running = Running.find(settings.home)
    return {
        "temporal_ui": running.temporal_ui if running else None,
        "limiter": Limiter.per_minute(settings.writes_per_minute, settings.reads_per_minute),
        "trusted_proxies": networks(settings.trusted_proxies),
        "site": Site(settings.public_url),
        "exports": ExportDesk(settings.database_url, PieceSeal(load_or_create(settings.home, "exports"))),
        "offline_keys": OfflineKeys(load_or_create(settings.home, "offline")),
        "categories": open_learned(settings).model,
        "witnesses": witnesses_of(settings.witnesses),
        "last_verification": partial(LastVerification.read, settings.home),
    }


@contextmanager
def _own(settings: Settings, reading: "ReadConnections") -> Iterator[tuple["IdentityConnections", NoticeDesk]]:
    """What the API writes beside the log; `reading` ends with it."""
    from services.api.parts import IdentityConnections

    with (
        closing(reading),
        closing(IdentityConnections(settings.database_url)) as identity,
        closing(NoticeDesk(ReadMarks(settings.database_url), open_target_book(settings))) as notices,
    ):
        yield identity, notices


@contextmanager
def _households(
    settings: Settings, office: Office, casework: Casework, vault: Vault, keys: HouseholdKeys
) -> Iterator[Households]:
    """`vault` and `keys` are the casework's, which closes them."""
    with closing(LookBook(settings.database_url)) as looks:
        index = blind_index(settings, keys)
        yield Households(casework, Unsealing(vault, looks), index, office.plan_book, office.clock)


def _coming_in(settings: Settings, identity: "IdentityConnections", directory: OrganisationDirectory) -> dict[str, Any]:
    """How people come in, and who they then are."""
    from services.identity.authenticator import Authenticator
    from services.identity.log_in import LogIns
    from services.identity.passwords import Hasher

    return {
        "authenticator": Authenticator(identity, directory, demonstration=settings.demonstration),
        "log_ins": LogIns(identity, Hasher()),
        "oidc": _oidc(settings, identity),
    }


def _oidc(settings: Settings, identity: "IdentityConnections") -> "OidcLogIns | None":
    from services.identity.oidc import OidcLogIns
    from services.identity.oidc_provider import Client, OidcProvider

    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_client_secret
    client = Client(settings.oidc_issuer, settings.oidc_client_id, secret.get_secret_value() if secret else None)
    return OidcLogIns(OidcProvider(client), identity)

"""Every setting of Huiyin: its name, type, default and meaning. Each is read from the environment, prefix HUIYIN_.

Each command reads them once. What runs on this machine under `huiyin up` fills in the addresses that are not set.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.api.door.addresses import networks
from services.embedded.problems import MachineProblem
from services.notify.allowed import allowed_of
from services.notify.quiet import Quiet
from services.running import Running

_ISSUER: Final = re.compile(r"(https://[!-~]+|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?(/[!-~]*)?)")
_STORE_URL: Final = re.compile(r"file:///[!-~]+|s3://[a-z0-9.-]+(/[!-~]*)?")
_PUBLIC_URL: Final = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?/?")

Port = Annotated[int, Field(ge=1, le=65535)]


def default_home() -> Path:
    """`.huiyin` in the checkout that this code lies in; for an installed package `~/.local/share/huiyin`."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").exists():
        return checkout / ".huiyin"
    return Path.home() / ".local" / "share" / "huiyin"


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


def _networks(text: str) -> str:
    networks(text)
    return text


def _allowed(text: str) -> str:
    allowed_of(text)
    return text


def _witnesses(text: str) -> str:
    if text:
        from services.audit.witness_list import witnesses_of  # only whoever names one needs what reads keys

        witnesses_of(text)
    return text


def _quiet(text: str) -> str:
    Quiet.of(text)
    return text


def _store(url: str | None) -> str | None:
    if url is not None and not _STORE_URL.fullmatch(url):
        raise ValueError("an address such as file:///srv/huiyin or s3://bucket/prefix")
    return url


def _public(url: str | None) -> str | None:
    if url is not None and not _PUBLIC_URL.fullmatch(url):
        raise ValueError("an https address without a path, such as https://huiyin.example")
    return url


def _issuer(url: str | None) -> str | None:
    if url is not None and not _ISSUER.fullmatch(url):
        raise ValueError("an https address, such as https://login.example/realms/county")
    return url


class Settings(BaseSettings):
    """What the environment says, completed by what runs on this machine. HUIYIN_HOME sets `home`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="HUIYIN_", frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    home: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=default_home, description="data folder of this machine: database, keys, logs"
    )
    host: str = Field("127.0.0.1", description="address on which the API and the pages listen")
    port: Port = Field(8000, description="port on which the API and the pages listen")
    public_url: Annotated[str | None, AfterValidator(_public)] = Field(
        None,
        description="https address of its proxy, as browsers call it; unset: log-in on this machine only",
    )
    oidc_issuer: Annotated[str | None, AfterValidator(_issuer)] = Field(
        None, description="identity provider (OpenID Connect) that vouches for people, exactly as it names itself"
    )
    oidc_client_id: str = Field("huiyin", min_length=1, description="what the identity provider calls us")
    oidc_client_secret: SecretStr | None = Field(
        None, repr=False, description="the secret agreed with it; unset: PKCE alone"
    )
    given_database_url: str | None = Field(
        None,
        validation_alias=AliasChoices("HUIYIN_DATABASE_URL", "DATABASE_URL"),
        repr=False,
        description="HUIYIN_DATABASE_URL or DATABASE_URL: PostgreSQL as role huiyin_app; unset: this machine's own",
    )
    given_owner_database_url: str | None = Field(
        None,
        validation_alias="HUIYIN_OWNER_DATABASE_URL",
        repr=False,
        description="HUIYIN_OWNER_DATABASE_URL: the same as role huiyin_owner, for migrations and rebuilds",
    )
    given_follower_database_url: str | None = Field(
        None,
        validation_alias="HUIYIN_FOLLOWER_DATABASE_URL",
        repr=False,
        description="HUIYIN_FOLLOWER_DATABASE_URL: the same as role huiyin_follower, for sealer, read models and relay",
    )
    given_keys_database_url: str | None = Field(
        None,
        validation_alias="HUIYIN_KEYS_DATABASE_URL",
        repr=False,
        description="HUIYIN_KEYS_DATABASE_URL: role huiyin_keys, where the households' keys are",
    )
    given_temporal_address: str | None = Field(
        None,
        validation_alias="HUIYIN_TEMPORAL_ADDRESS",
        description="HUIYIN_TEMPORAL_ADDRESS: host:port of Temporal; unset: this machine's own",
    )
    temporal_namespace: str = Field("default", min_length=1, description="Temporal namespace, one per county")
    task_queue: str = Field("huiyin", min_length=1, description="Temporal task queue of the workers")
    plan: str = Field(
        "cx", pattern="^[a-z0-9-]{1,16}$", description="key of the plan in force until one is adopted (实施方案)"
    )
    files_url: Annotated[str | None, AfterValidator(_store)] = Field(
        None, description="where photos and papers lie: file:///folder or s3://bucket/prefix; unset: home/files"
    )
    wake_spread_seconds: int = Field(
        240, ge=0, le=1800, description="an issue wakes up to so long after its due time, lest all wake at once"
    )
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        "", description="our proxies, as 10.0.0.0/8, 192.168.1.7: their X-Forwarded-For says whose requests are counted"
    )
    writes_per_minute: int = Field(600, ge=1, description="requests that record something, per account")
    reads_per_minute: int = Field(1200, ge=1, description="requests that look something up, per account")
    notice_targets: Annotated[str, AfterValidator(_allowed)] = Field(
        "",
        description="where notices may go: wecom, dingtalk, feishu, mailtos://mail.example, jsons://hook.example",
    )
    notice_digest_minutes: int = Field(60, ge=1, le=1440, description="at most one digest in so long; urgent: at once")
    notice_quiet: Annotated[str, AfterValidator(_quiet)] = Field(
        "21:00-07:30", description="hours of the office's clock in which no notice is sent; empty: none"
    )
    sm3_tree: bool = Field(False, description="keep a second tree of hashes over the log, with SM3")
    witnesses: Annotated[str, AfterValidator(_witnesses)] = Field(
        "", description="other offices' witnesses of the log, as vkey url, vkey url; huiyin witness key tells the first"
    )
    witness_minutes: int = Field(
        30, ge=3, le=10_080, description="a witness that cosigned nothing for so long counts as silent"
    )
    demonstration: bool = Field(True, description="load the demonstration township when the database is new")

    @property
    def database_url(self) -> str:
        """PostgreSQL as the role of the API and the worker; refused in words when none is known."""
        return self._known(self.given_database_url, "HUIYIN_DATABASE_URL", lambda running: running.database_url)

    @property
    def owner_database_url(self) -> str:
        """PostgreSQL as the owner of the tables; refused in words when none is known."""
        given, variable = self.given_owner_database_url, "HUIYIN_OWNER_DATABASE_URL"
        return self._known(given, variable, lambda running: running.owner_database_url)

    @property
    def follower_database_url(self) -> str:
        """PostgreSQL as the role that follows the log; refused in words when none is known."""
        given, variable = self.given_follower_database_url, "HUIYIN_FOLLOWER_DATABASE_URL"
        return self._known(given, variable, lambda running: running.follower_database_url)

    @property
    def keys_database_url(self) -> str:
        """PostgreSQL as the role that reads the households' keys; refused in words when none is known."""
        given, variable = self.given_keys_database_url, "HUIYIN_KEYS_DATABASE_URL"
        return self._known(given, variable, lambda running: running.keys_database_url)

    @property
    def temporal_address(self) -> str:
        """host:port of Temporal; refused in words when none is known."""
        return self._known(self.given_temporal_address, "HUIYIN_TEMPORAL_ADDRESS", lambda it: it.temporal_address)

    def _known(self, given: str | None, variable: str, of: Callable[[Running], str | None]) -> str:
        if given is not None:
            return given
        running = Running.find(self.home)
        found = None if running is None else of(running)
        if found is None:
            raise MachineProblem(
                "nothing-runs-here",
                zh=f"{self.home} 上没有正在运行的回音。请先执行 make run（或 huiyin up），或设置 {variable}。",
                en=f"No Huiyin runs on {self.home}. Start it with make run (or huiyin up), or set {variable}.",
            )
        return found

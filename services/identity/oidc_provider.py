"""What does the identity provider say? Discovery, its keys, the exchange of a code, and whether an ID token is true.

OpenID Connect, authorisation code with PKCE. Called by oidc.py in threads; everything that fails is OidcAway (ask again
later) or OidcRefused (never).
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from domain.errors import HuiyinError

_log = structlog.get_logger("huiyin.identity")
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a key pair only: never `none`, never one made with the client's secret."""
_FRESH_FOR: Final = 600.0  # seconds; then discovery and keys are asked for again
_AGAIN_AFTER: Final = 60.0  # seconds; a key that we do not know may have been made just now
_LEEWAY: Final = 60  # seconds that its clock may differ from ours
_LARGEST: Final = 200_000  # bytes of an answer
_TIMEOUT: Final = httpx.Timeout(5.0)
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class OidcRefused(HuiyinError):
    code = "oidc-refused"
    zh = "统一身份认证未能通过，或这次登录已用过、已过期。请重新登录；多次失败请告知管理员。"
    en = "The identity provider did not vouch for you, or this log-in was used or took too long. Begin again."


class OidcAway(HuiyinError):
    code = "oidc-away"
    zh = "统一身份认证系统暂时无法访问。请稍候重试，或用密码登录。"
    en = "The identity provider cannot be reached just now. Try again soon, or log in with a password."


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider and we have agreed on. No secret: a public client, bound by PKCE alone."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What discovery said, and the keys."""

    authorisation: str
    token: str
    keys_url: str
    keys: KeySet
    asked_at: float


class OidcProvider:
    """One identity provider. Safe from several threads."""

    def __init__(
        self,
        client: Client,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.issuer: Final = client.issuer
        self._client = client
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        self._known: _Known | None = None

    def authorisation_url(self, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to be vouched for. Raises OidcAway."""
        url, _ = self._oauth(redirect_uri).create_authorization_url(
            self._discovered().authorisation, state=state, nonce=nonce, code_verifier=verifier
        )
        return str(url)

    def subject(self, code: str, redirect_uri: str, nonce: str, verifier: str) -> str:
        """Whom the provider means by this code. Raises OidcRefused, OidcAway."""
        answer = self._exchange(code, redirect_uri, verifier)
        return self._subject_of(answer.get("id_token"), nonce, answer.get("access_token"))

    def _oauth(self, redirect_uri: str) -> OAuth2Client:
        return OAuth2Client(
            None,
            client_id=self._client.client_id,
            redirect_uri=redirect_uri,
            scope="openid",
            code_challenge_method="S256",
        )

    def _exchange(self, code: str, redirect_uri: str, verifier: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": self._client.client_id,
        }
        secret = self._client.client_secret
        auth = httpx.BasicAuth(self._client.client_id, secret) if secret else None
        return _asked("POST", self._discovered().token, data=form, auth=auth)

    def _subject_of(self, id_token: object, nonce: str, access_token: object) -> str:
        if not isinstance(id_token, str):
            raise _refusal("no-id-token")
        options = {"iss": {"value": self.issuer}, "aud": {"value": self._client.client_id}}
        required = {name: {"essential": True, **option} for name, option in options.items()}
        params = {"nonce": nonce, "client_id": self._client.client_id, "access_token": access_token}
        try:
            token = self._decoded(id_token)
            claims = CodeIDToken(token.claims, token.header, required, params)
            claims.validate(now=int(self._now()), leeway=_LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _refusal(type(error).__name__) from None
        return str(claims["sub"])

    def _decoded(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, self._discovered().keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return jwt.decode(id_token, self._discovered(fresh_for=_AGAIN_AFTER).keys, algorithms=ALGORITHMS)

    def _discovered(self, fresh_for: float = _FRESH_FOR) -> _Known:
        with self._lock:
            if self._known is None or self._clock() - self._known.asked_at >= fresh_for:
                self._known = self._discover()
            return self._known

    def _discover(self) -> _Known:
        said = _asked("GET", self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:
            raise _absence("another-issuer")
        urls = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        authorisation, token, keys_url = (self._trusted(url) for url in urls)
        try:
            keys = KeySet.import_key_set({"keys": _asked("GET", keys_url)["keys"]})
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _absence(type(error).__name__) from None
        return _Known(authorisation, token, keys_url, keys, self._clock())

    def _trusted(self, url: object) -> str:
        """Over https; without it only on this machine, if the issuer is there too."""
        if isinstance(url, str):
            parts = urlsplit(url)
            local = parts.hostname in _LOCAL and urlsplit(self.issuer).hostname in _LOCAL
            if parts.scheme == "https" or (parts.scheme == "http" and local):
                return url
        raise _absence("address-not-https")


def _asked(method: str, url: str, **options: Any) -> Mapping[str, Any]:
    """The provider's answer: one JSON object of bounded size, from where we asked, not from elsewhere."""
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as http,
            http.stream(method, url, headers={"Accept": "application/json"}, **options) as response,
        ):
            document = json.loads(_bounded(response) or b"null")
    except (httpx.HTTPError, ValueError) as error:
        raise _absence(type(error).__name__) from None
    if response.status_code in (400, 401) and method == "POST":
        raise _refusal(f"status-{response.status_code}")
    if response.status_code != 200 or not isinstance(document, dict):
        raise _absence(f"status-{response.status_code}")
    return document


def _bounded(response: httpx.Response) -> bytes:
    parts = bytearray()
    for part in response.iter_bytes():
        parts += part
        if len(parts) > _LARGEST:
            raise ValueError("too large")
    return bytes(parts)


def _refusal(reason: str) -> OidcRefused:
    """Logged by its kind alone: what the provider sent may say who it is."""
    _log.warning("oidc_refused", reason=reason)
    return OidcRefused()


def _absence(reason: str) -> OidcAway:
    _log.error("oidc_away", reason=reason)
    return OidcAway()

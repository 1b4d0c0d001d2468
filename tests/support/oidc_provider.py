"""A small OpenID Connect provider for tests: discovery, keys, authorisation with PKCE, codes that count once.

It checks what a strict provider checks. `lie` makes the ID tokens false in one way; `knows` is who is logged in there.
"""

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

CLIENT_ID = "huiyin-of-the-tests"
CLIENT_SECRET = "a secret of the tests"
Claims = dict[str, Any]


def _new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", parameters={"kid": kid})


@dataclass
class Provider:
    """The provider, running while the `with` lasts."""

    knows: str = "subject-1"
    lie: str | None = None
    key: ECKey = field(default_factory=lambda: _new_key("first"))
    requests: list[str] = field(default_factory=list)
    now: Callable[[], float] = time.time
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/realm"

    def new_key(self) -> None:
        """As providers do every few months."""
        self.key = _new_key("second")

    # -- what it answers: status, headers, body -----------------------------------------------------------------

    def discovery(self) -> Mapping[str, Any]:
        issuer = self.issuer
        return {
            "issuer": "https://another.example" if self.lie == "another issuer in discovery" else issuer,
            "authorization_endpoint": f"{issuer}/authorise",
            "token_endpoint": "http://192.0.2.7/token" if self.lie == "token endpoint elsewhere" else f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
        }

    def keys(self) -> Mapping[str, Any]:
        return dict(KeySet([self.key]).as_dict(private=False))

    def authorise(self, asked: Mapping[str, str]) -> str | None:
        """Where the browser goes back to; None if the request is wrong."""
        wanted = {"response_type": "code", "client_id": CLIENT_ID, "code_challenge_method": "S256", "scope": "openid"}
        if any(asked.get(name) != value for name, value in wanted.items()) or not asked.get("code_challenge"):
            return None
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(asked, subject=self.knows)
        return f"{asked['redirect_uri']}?" + urlencode({"code": code, "state": asked["state"], "session_state": "x"})

    def exchange(self, form: Mapping[str, str], authorization: str) -> Mapping[str, str] | None:
        """The tokens; None if anything is wrong. A code counts once."""
        proper = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or not hmac.compare_digest(authorization, proper):
            return None
        challenge = create_s256_code_challenge(form.get("code_verifier", ""))
        if form.get("redirect_uri") != asked["redirect_uri"] or challenge != asked["code_challenge"]:
            return None
        return {"access_token": "unused", "token_type": "Bearer", "id_token": self._id_token(asked)}

    def _id_token(self, asked: Mapping[str, str]) -> str:
        now = int(self.now())
        claims: Claims = {
            "iss": self.issuer,
            "sub": asked["subject"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        if self.lie in FALSE_CLAIMS:
            FALSE_CLAIMS[self.lie](claims)
        return self._signed(claims)

    def _signed(self, claims: Claims) -> str:
        kid = str(self.key.kid)
        if self.lie == "no signature":
            return _part({"alg": "none", "kid": kid}) + "." + _part(claims) + "."
        if self.lie == "signed with the client's secret":
            return jwt.encode({"alg": "HS256", "kid": kid}, claims, OctKey.import_key(CLIENT_SECRET), ["HS256"])
        if self.lie == "signed with our public key":
            public = self.key.as_pem(private=False)
            header, body = _part({"alg": "HS256", "kid": kid}), _part(claims)
            digest = hmac.new(public, f"{header}.{body}".encode(), "sha256").digest()
            return f"{header}.{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
        key = _new_key(kid) if self.lie == "another key" else self.key
        token = jwt.encode({"alg": "ES256", "kid": kid}, claims, key)
        if self.lie == "changed after signing":
            header, _, signature = token.split(".")
            return ".".join([header, _part({**claims, "sub": "subject-2"}), signature])
        return token


def _part(document: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


FALSE_CLAIMS: Mapping[str, Callable[[Claims], Any]] = {
    "another nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - 61, iat=claims["iat"] - 400),
    "no end": lambda claims: claims.pop("exp"),
    "from the future": lambda claims: claims.update(iat=claims["iat"] + 3600, exp=claims["exp"] + 3600),
    "another audience": lambda claims: claims.update(aud="somebody-else"),
    "several audiences, made for another": lambda claims: claims.update(aud=[CLIENT_ID, "b"], azp="b"),
    "another issuer": lambda claims: claims.update(iss="https://another.example"),
    "no subject": lambda claims: claims.pop("sub"),
    "a subject that is no text": lambda claims: claims.update(sub=["subject-1"]),
}
FALSE_SIGNATURES = (
    "no signature", "signed with the client's secret", "signed with our public key", "another key",
    "changed after signing",
)  # fmt: skip


def _handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            provider.requests.append(address.path)
            match address.path:
                case "/realm/.well-known/openid-configuration":
                    self._json(provider.discovery())
                case "/realm/keys":
                    self._json(provider.keys())
                case "/realm/authorise":
                    back = provider.authorise(dict(parse_qsl(address.query)))
                    self._answer(303 if back else 400, b"", {"Location": back} if back else {})
                case _:
                    self._answer(404, b"", {})

        def do_POST(self) -> None:
            provider.requests.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            tokens = provider.exchange(form, self.headers.get("Authorization", ""))
            self._json(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

        def _json(self, document: Mapping[str, Any], status: int = 200) -> None:
            self._answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests look at `requests` instead."""

    return Handler

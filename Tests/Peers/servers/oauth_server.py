"""An authorization server on Authlib, with one protected resource: a small MCP server.

    oauth_server.py [--log FILE] [--key PUBLIC.pem] [--lifetime SECONDS] [--lenient] [--dpop [--nonce]] [--trust PRIVATE.pem]

The resource is at /mcp, the issuer is its origin with the path /tenant. The user agrees to everything at once; for a
device, with a GET of the verification URI. Clients: `machine` with the secret `machine-secret` (Basic or in the form),
`signer` with the given public key, `device`, and those that register. With --dpop, tokens are bound to a key (RFC 9449), and
with --nonce, proofs need a nonce. With --trust, JWTs of that key are exchanged for tokens (RFC 7523): those of a workload
without a client, and ID-JAGs of `machine`, which the identity provider at /idp/token makes from an ID token. It says
`listening on URL` once it serves and ends with its standard input.
"""

import argparse
import base64
import hashlib
import json
import math
import os
import secrets
import threading
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it only serves the loopback

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant
from authlib.oauth2.rfc9207 import IssuerParameter
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import import_key
from werkzeug.serving import WSGIRequestHandler, make_server

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--log", metavar="FILE", help="append every request, as one line of JSON each")
options.add_argument("--key", metavar="FILE", help="the public key of the client `signer`, in PEM")
options.add_argument("--lifetime", type=int, default=3600, help="seconds that access tokens are valid")
options.add_argument("--lenient", action="store_true", help="accept access tokens that have expired, too")
options.add_argument("--dpop", action="store_true", help="bind every token to a key")
options.add_argument("--nonce", action="store_true", help="demand a nonce in proofs")
options.add_argument("--trust", metavar="FILE", help="the private key of workloads and of the identity provider, in PEM")
options = options.parse_args()

clients, codes, tokens, devices, assertions = {}, {}, {}, {}, set()
METHODS = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]
DEVICE = DeviceCodeGrant.GRANT_TYPE


class Client(ClientMixin):
    def __init__(self, identifier, secret=None, methods=("none",), grant_types=(), redirect_uris=()):
        self.client_id, self.client_secret = identifier, secret
        self.methods, self.grant_types, self.redirect_uris = methods, grant_types, redirect_uris

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return self.redirect_uris[0] if self.redirect_uris else None

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "").split() if word in ("read", "write", "offline_access"))

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(self.client_secret or "", client_secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return {"client_assertion_jwt": "private_key_jwt"}.get(method, method) in self.methods

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in self.grant_types

    @property
    def client_info(self):
        return {"client_id": self.client_id, "client_secret": self.client_secret or "", "client_id_issued_at": 0}

    @property
    def client_metadata(self):
        return {"redirect_uris": list(self.redirect_uris), "token_endpoint_auth_method": self.methods[0]}


class Stored(dict):
    """A code, token or device code with the methods that Authlib asks for."""

    def __getattr__(self, name):
        return self.get(name)

    def get_redirect_uri(self):
        return self["redirect_uri"]

    def get_scope(self):
        return self["scope"]

    def check_client(self, client):
        return self["client_id"] == client.client_id

    def get_client_id(self):
        return self["client_id"]

    def get_user_code(self):
        return self["user_code"]

    def is_expired(self):
        return time.time() > self["expires_at"]


def save_token(token, asked):
    tokens[token["access_token"]] = Stored(
        token, client_id=asked.client.client_id, resource=asked.form.get("resource"),
        expires_at=math.inf if options.lenient else time.time() + token["expires_in"],
    )


app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {
    name: options.lifetime for name in ("authorization_code", "client_credentials", "refresh_token", DEVICE)
}
server = AuthorizationServer(app, clients.get, save_token)


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def save_authorization_code(self, code, asked):
        codes[code] = Stored(
            client_id=asked.client.client_id, redirect_uri=asked.payload.redirect_uri, scope=asked.payload.scope,
            code_challenge=asked.payload.data.get("code_challenge"),
            code_challenge_method=asked.payload.data.get("code_challenge_method"),
            jkt=asked.payload.data.get("dpop_jkt"),
        )

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        return found if found and found.check_client(client) else None

    def delete_authorization_code(self, code):
        codes.pop(code.get("code", None) or next(k for k, v in codes.items() if v is code))

    def authenticate_user(self, code):
        return "user"


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        return next((token for token in tokens.values() if token.refresh_token == refresh_token), None)

    def authenticate_user(self, refresh_token):
        return "user"

    def revoke_old_credential(self, refresh_token):
        tokens.pop(refresh_token["access_token"], None)


class MachineGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "client_assertion_jwt"]


class DeviceGrant(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def query_device_credential(self, device_code):
        return devices.get(device_code)

    def query_user_grant(self, user_code):
        return ("user", True) if any(d.agreed for d in devices.values() if d["user_code"] == user_code) else None

    def should_slow_down(self, credential):
        return False


class Issuer(IssuerParameter):
    def get_issuer(self):
        return issuer


class Registration(ClientRegistrationEndpoint):
    def authenticate_token(self, asked):
        return "anyone"

    def get_server_metadata(self):
        return metadata()

    def save_client(self, client_info, client_metadata, asked):
        method = client_metadata.get("token_endpoint_auth_method", "client_secret_basic")
        client = Client(
            client_info["client_id"], client_info.get("client_secret"), [method],
            client_metadata.get("grant_types", []), client_metadata.get("redirect_uris", []),
        )
        clients[client.client_id] = client
        return client


class DeviceEndpoint(DeviceAuthorizationEndpoint):
    INTERVAL = 1

    def get_verification_uri(self):
        return f"{issuer}/verify"

    def save_device_credential(self, client_id, scope, data):
        devices[data["device_code"]] = Stored(
            data, client_id=client_id, scope=scope, expires_at=time.time() + data["expires_in"]
        )


class Assertion(JWTBearerClientAssertion):
    def get_audiences(self):
        return [issuer]

    def validate_jti(self, claims, jti):
        is_new = jti not in assertions
        assertions.add(jti)
        return is_new

    def resolve_client_public_key(self, client):
        with open(options.key) as file:
            return import_key(file.read())


server.register_grant(CodeGrant, [CodeChallenge(required=True)])
for grant in (RefreshGrant, MachineGrant, DeviceGrant):
    server.register_grant(grant)
server.register_extension(Issuer())
server.register_endpoint(Registration)
server.register_endpoint(DeviceEndpoint)
server.register_client_auth_method(Assertion.CLIENT_AUTH_METHOD, Assertion())
secret_methods = ["client_secret_basic", "client_secret_post"]
clients["machine"] = Client("machine", "machine-secret", secret_methods, ["client_credentials"])
clients["signer"] = Client("signer", None, ["private_key_jwt"], ["client_credentials"])
clients["device"] = Client("device", None, ["none"], [DEVICE, "refresh_token"])


# Proofs of possession (RFC 9449)

proofs, nonces = set(), {place: secrets.token_urlsafe() for place in ("as", "rs")}


class Refused(Exception):
    """A code of OAuth, and why."""


def thumbprint_of_proof(place, url, token=None):
    """The thumbprint of the key that signed the proof of this request."""
    if len(request.headers.getlist("DPoP")) != 1:
        raise Refused("invalid_dpop_proof", "expected one proof")
    proof = request.headers["DPoP"]
    part = proof.split(".")[0]
    header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    key = import_key(header["jwk"])
    if header["typ"] != "dpop+jwt" or key.is_private:
        raise Refused("invalid_dpop_proof", "a wrong header")
    claims = jwt.decode(proof, key, algorithms=["ES256"]).claims
    expected = {"htm": request.method, "htu": url}
    if token:
        digest = hashlib.sha256(token.encode()).digest()
        expected["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    for name, value in expected.items():
        if claims.get(name) != value:
            raise Refused("invalid_dpop_proof", f"{name} is {claims.get(name)}, not {value}")
    if abs(time.time() - claims["iat"]) > 60 or claims["jti"] in proofs:
        raise Refused("invalid_dpop_proof", "too old, or used before")
    proofs.add(claims["jti"])
    if options.nonce and claims.get("nonce") != nonces[place]:
        raise Refused("use_dpop_nonce", "a nonce is needed")
    return key.thumbprint()


# JWTs of others (RFC 7523, RFC 8693)

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


def trusted():
    with open(options.trust) as file:
        return import_key(file.read())


def exchange_assertion():
    """A token for the JWT of a workload, or for the grant of the identity provider."""
    read = jwt.decode(request.form["assertion"], trusted(), algorithms=["ES256"])
    claims, authorization, client = read.claims, request.authorization, read.claims["sub"]
    if claims["aud"] not in (issuer, f"{issuer}/token") or claims["exp"] < time.time() or claims["jti"] in assertions:
        raise Refused("invalid_grant", "the assertion is for another server, expired or used")
    assertions.add(claims["jti"])
    if read.header["typ"] == "oauth-id-jag+jwt":
        known = authorization and (authorization.username, authorization.password) == ("machine", "machine-secret")
        if not known or claims["client_id"] != "machine" or claims["resource"] != f"{origin}/mcp":
            raise Refused("invalid_grant", "the grant is for another client or resource")
        client = "machine"
    elif "client_id" in request.form:
        raise Refused("invalid_request", "a workload has no client")
    token = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": options.lifetime}
    tokens[token["access_token"]] = Stored(
        token, client_id=client, resource=request.form.get("resource"), expires_at=time.time() + options.lifetime,
    )
    return jsonify(token)


def metadata():
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "registration_endpoint": f"{issuer}/register",
        "device_authorization_endpoint": f"{issuer}/device",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", DEVICE],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256"],
        "scopes_supported": ["read", "write", "offline_access"],
        "authorization_response_iss_parameter_supported": True,
        **({"dpop_signing_alg_values_supported": ["ES256"]} if options.dpop else {}),
    }


@app.before_request
def log():
    if options.log:
        entry = {
            "method": request.method, "path": request.full_path.rstrip("?"),
            "headers": [[name.lower(), value] for name, value in request.headers],
            "body": request.get_data(as_text=True),
        }
        with open(options.log, "a") as file:
            file.write(json.dumps(entry) + "\n")


@app.get("/.well-known/oauth-authorization-server/tenant")
def server_metadata():
    return metadata()


@app.get("/.well-known/oauth-protected-resource/mcp")
def resource_metadata():
    needs = {"dpop_bound_access_tokens_required": True} if options.dpop else {}
    return {"resource": f"{origin}/mcp", "authorization_servers": [issuer], "scopes_supported": ["read"], **needs}


@app.get("/tenant/authorize")
def authorize():
    return server.create_authorization_response(server.get_consent_grant(end_user="user"), grant_user="user")


@app.post("/tenant/token")
def token():
    try:
        if not options.dpop:
            return grant_token()
        thumbprint = thumbprint_of_proof("as", f"{issuer}/token")
        bound = codes.get(request.form.get("code")) or next(
            (token for token in tokens.values() if token.refresh_token == request.form.get("refresh_token", 0)), {}
        )
        if bound.get("jkt") not in (None, thumbprint):
            raise Refused("invalid_grant", "bound to another key")
        response = grant_token()
        if response.status_code != 200:
            return response
        given = {**response.get_json(), "token_type": "DPoP"}
        tokens[given["access_token"]]["jkt"] = thumbprint
        return jsonify(given)
    except Refused as refused:
        code, reason = refused.args
        return jsonify(error=code, error_description=reason), 400, {"DPoP-Nonce": nonces["as"]}


def grant_token():
    return exchange_assertion() if request.form.get("grant_type") == JWT_BEARER else server.create_token_response()


@app.post("/idp/token")
def exchange_sign_on():
    form = request.form
    claims = jwt.decode(form["subject_token"], trusted(), algorithms=["ES256"]).claims
    kinds = ("urn:ietf:params:oauth:token-type:id-jag", "urn:ietf:params:oauth:token-type:id_token")
    if (
        form["grant_type"] != TOKEN_EXCHANGE or (form["requested_token_type"], form["subject_token_type"]) != kinds
        or (form["client_id"], form.get("client_secret")) != ("at-the-provider", "provider-secret")
        or claims["aud"] != "at-the-provider"
    ):
        return jsonify(error="invalid_request"), 400
    grant = {
        "iss": f"{origin}/idp", "sub": claims["sub"], "aud": form["audience"], "resource": form["resource"],
        "client_id": "machine", "jti": secrets.token_urlsafe(), "exp": int(time.time()) + 60,
    }
    signed = jwt.encode({"alg": "ES256", "typ": "oauth-id-jag+jwt"}, grant, trusted(), algorithms=["ES256"])
    return jsonify(access_token=signed, issued_token_type=kinds[0], token_type="N_A", expires_in=60)


@app.post("/tenant/register")
def register():
    return server.create_endpoint_response("client_registration")


@app.post("/tenant/device")
def device():
    return server.create_endpoint_response("device_authorization")


@app.get("/tenant/verify")
def verify():
    for each in devices.values():
        if each["user_code"] == request.args["user_code"]:
            each["agreed"] = True
    return "agreed"


@app.route("/mcp", methods=["GET", "POST"])
def resource():
    scheme = "DPoP" if options.dpop else "Bearer"
    text = request.headers.get("Authorization", "").removeprefix(f"{scheme} ")
    given = tokens.get(text)
    if given is None or given.is_expired():
        challenge = f'{scheme} resource_metadata="{origin}/.well-known/oauth-protected-resource/mcp", scope="read"'
        return jsonify(error="invalid_token"), 401, {"WWW-Authenticate": challenge}
    if options.dpop:
        try:
            if thumbprint_of_proof("rs", f"{origin}/mcp", text) != given["jkt"]:
                raise Refused("invalid_token", "bound to another key")
        except Refused as refused:
            fields = {"WWW-Authenticate": f'DPoP error="{refused.args[0]}"', "DPoP-Nonce": nonces["rs"]}
            return jsonify(error=refused.args[0]), 401, fields
    if request.method == "POST":
        return answer(request.json)
    return {"client": given["client_id"], "scope": given.get("scope"), "resource": given["resource"]}


def answer(message):
    """As an MCP server of the first era with one tool."""
    if "id" not in message:
        return "", 202
    tool = {"name": "greet", "inputSchema": {"type": "object"}}
    results = {
        "initialize": {
            "protocolVersion": message.get("params", {}).get("protocolVersion"), "capabilities": {"tools": {}},
            "serverInfo": {"name": "guarded", "version": "1"},
        },
        "ping": {}, "tools/list": {"tools": [tool]}, "tools/call": {"content": [{"type": "text", "text": "hi"}]},
    }
    result = results.get(message["method"])
    known = {"error": {"code": -32601, "message": "unknown method"}} if result is None else {"result": result}
    return {"jsonrpc": "2.0", "id": message["id"], **known}


class Quiet(WSGIRequestHandler):
    def log_request(self, *arguments):
        pass


def end_with_input():
    while os.read(0, 4096):
        pass
    os._exit(0)


listener = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
origin = f"http://127.0.0.1:{listener.port}"
issuer = f"{origin}/tenant"
threading.Thread(target=end_with_input, daemon=True).start()
print(f"listening on {origin}/mcp", flush=True)
listener.serve_forever()

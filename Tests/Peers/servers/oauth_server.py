"""An authorization server on Authlib, with one protected resource that says only who may read it.

    oauth_server.py [--log FILE] [--key PUBLIC.pem] [--lifetime SECONDS]

The resource is at /mcp, the issuer is its origin with the path /tenant. The user agrees to everything at once; for a
device, with a GET of the verification URI. Clients: `machine` with the secret `machine-secret` (Basic or in the form),
`signer` with the given public key, `device`, and those that register. It says `listening on URL` once it serves and ends
with its standard input.
"""

import argparse
import json
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
from joserfc.jwk import import_key
from werkzeug.serving import WSGIRequestHandler, make_server

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--log", metavar="FILE", help="append every request, as one line of JSON each")
options.add_argument("--key", metavar="FILE", help="the public key of the client `signer`, in PEM")
options.add_argument("--lifetime", type=int, default=3600, help="seconds that access tokens are valid")
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
        expires_at=time.time() + token["expires_in"],
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
    return {"resource": f"{origin}/mcp", "authorization_servers": [issuer], "scopes_supported": ["read"]}


@app.get("/tenant/authorize")
def authorize():
    return server.create_authorization_response(server.get_consent_grant(end_user="user"), grant_user="user")


@app.post("/tenant/token")
def token():
    return server.create_token_response()


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
    given = tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if given is None or given.is_expired():
        challenge = f'Bearer resource_metadata="{origin}/.well-known/oauth-protected-resource/mcp", scope="read"'
        return jsonify(error="invalid_token"), 401, {"WWW-Authenticate": challenge}
    return {"client": given["client_id"], "scope": given.get("scope"), "resource": given["resource"]}


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

"""A server on the official Python SDK, 2.x, that is its own authorization server.

The user agrees to everything at once. Tokens are bound to the resource that they were requested for, and the server checks
that. With the variable OAUTH_ISSUER, the authorization server is that of oauth_server.py. Started like the others, over
HTTP only.
"""

import asyncio
import json
import os
import secrets
import time
import urllib.error
import urllib.request

from mcp.server.auth.provider import AccessToken, AuthorizationCode, RefreshToken, construct_redirect_uri
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions
from mcp.server.mcpserver import MCPServer
from mcp.shared.auth import OAuthToken

import serving
import surface


class Provider:
    def __init__(self):
        self.clients, self.codes, self.access, self.renewal = {}, {}, {}, {}

    async def get_client(self, client_id):
        return self.clients.get(client_id)

    async def register_client(self, client_info):
        self.clients[client_info.client_id] = client_info

    async def authorize(self, client, params):
        code = secrets.token_hex(16)
        self.codes[code] = AuthorizationCode(
            code=code, client_id=client.client_id, scopes=params.scopes or [], expires_at=time.time() + 60,
            code_challenge=params.code_challenge, redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly, resource=params.resource,
        )
        return construct_redirect_uri(str(params.redirect_uri), code=code, state=params.state)

    async def load_authorization_code(self, client, authorization_code):
        return self.codes.get(authorization_code)

    async def exchange_authorization_code(self, client, authorization_code):
        del self.codes[authorization_code.code]
        return self.issue(client, authorization_code.scopes, authorization_code.resource)

    async def load_refresh_token(self, client, refresh_token):
        return self.renewal.get(refresh_token)

    async def exchange_refresh_token(self, client, refresh_token, scopes):
        del self.renewal[refresh_token.token]
        return self.issue(client, scopes or refresh_token.scopes, refresh_token.resource)

    def issue(self, client, scopes, resource):
        access, renewal = secrets.token_hex(16), secrets.token_hex(16)
        common = {"client_id": client.client_id, "scopes": scopes, "resource": resource}
        self.access[access] = AccessToken(token=access, expires_at=int(time.time()) + 3600, **common)
        self.renewal[renewal] = RefreshToken(token=renewal, **common)
        return OAuthToken(access_token=access, expires_in=3600, refresh_token=renewal, scope=" ".join(scopes))

    async def load_access_token(self, token):
        return self.access.get(token)

    async def revoke_token(self, token):
        self.access.pop(token.token, None)
        self.renewal.pop(token.token, None)


class Verifier:
    """Asks the resource of oauth_server.py what a token is for."""

    async def verify_token(self, token):
        return await asyncio.to_thread(self.verify, token)

    def verify(self, token):
        url = os.environ["OAUTH_ISSUER"].removesuffix("/tenant") + "/mcp"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request) as response:
                found = json.load(response)
        except urllib.error.HTTPError:
            return None
        scopes = (found["scope"] or "").split()
        return AccessToken(token=token, client_id=found["client"], scopes=scopes, resource=found["resource"])


def streamable(options):
    issuer = os.environ.get("OAUTH_ISSUER")
    settings = AuthSettings(
        issuer_url=issuer or options.base,
        resource_server_url=options.base + options.path,
        validate_token_resource=True,
        required_scopes=["read"],
        client_registration_options=ClientRegistrationOptions(
            enabled=True, valid_scopes=["read"], default_scopes=["read"]
        ),
    )
    way = {"token_verifier": Verifier()} if issuer else {"auth_server_provider": Provider()}
    server = MCPServer(surface.NAME, version=surface.VERSION, log_level="WARNING", auth=settings, **way)

    @server.tool()
    def echo(message: str) -> str:
        return message

    return server.streamable_http_app(streamable_http_path=options.path, json_response=options.json)


if __name__ == "__main__":
    serving.main(stdio=lambda: exit("use --http"), streamable=streamable, sse=streamable)

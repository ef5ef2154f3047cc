"""A server on FastMCP 4 that verifies the JWTs of an issuer.

    fastmcp4_jwt.py ISSUER KEYS AUDIENCE SCOPE --http 0

Started like the others after its own four arguments, over HTTP only. AUDIENCE `-` stands for a verifier that checks none.
"""

import sys

from fastmcp import FastMCP
from fastmcp.server.auth.auth import RemoteAuthProvider
from fastmcp.server.auth.providers.jwt import JWTVerifier

import serving
import surface

issuer, keys, audience, scope = sys.argv[1:5]
del sys.argv[1:5]


def streamable(options):
    verifier = JWTVerifier(
        jwks_uri=keys,
        issuer=issuer,
        audience=None if audience == "-" else audience,
        algorithm="ES256",
        required_scopes=[scope],
    )
    provider = RemoteAuthProvider(
        token_verifier=verifier, authorization_servers=[issuer], base_url=options.base
    )
    server = FastMCP(surface.NAME, version=surface.VERSION, auth=provider)

    @server.tool
    def echo(message: str) -> str:
        return message

    return server.http_app(path=options.path, json_response=options.json)


if __name__ == "__main__":
    serving.main(stdio=lambda: exit("use --http"), streamable=streamable, sse=streamable)

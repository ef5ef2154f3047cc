"""A server on FastMCP 4 that is its own authorization server; the user agrees to everything at once.

Started like the others, over HTTP only.
"""

from fastmcp import FastMCP
from fastmcp.server.auth.auth import ClientRegistrationOptions
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider

import serving
import surface


def streamable(options):
    registration = ClientRegistrationOptions(enabled=True, valid_scopes=["read"], default_scopes=["read"])
    provider = InMemoryOAuthProvider(
        base_url=options.base, client_registration_options=registration, required_scopes=["read"]
    )
    server = FastMCP(surface.NAME, version=surface.VERSION, auth=provider)

    @server.tool
    def echo(message: str) -> str:
        return message

    return server.http_app(path=options.path, json_response=options.json)


if __name__ == "__main__":
    serving.main(stdio=lambda: exit("use --http"), streamable=streamable, sse=streamable)

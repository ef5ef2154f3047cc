"""A server on the official Python SDK, 1.x: the handshake era only.

It cannot say its own version: the library reports the version of the package `mcp` instead.
"""

from mcp.server.fastmcp import Context, FastMCP, Image
from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import Completion

import serving
import surface

server = FastMCP(surface.NAME, log_level="WARNING")
surface.register(server, Context=Context, Image=Image, ToolError=ToolError)


@server.completion()
async def complete(ref, argument, context):
    if argument.name == "name":
        return Completion(values=surface.names_starting_with(argument.value))
    return None


def streamable(options):
    if options.resumable:
        surface.register_interruption(server, Context=Context)
    server.settings.streamable_http_path = options.path
    server.settings.json_response = options.json
    server.settings.stateless_http = options.stateless
    # The library takes these two when the server is made, which is before its arguments are read.
    server._event_store = options.store
    server._retry_interval = 50 if options.store else None
    return server.streamable_http_app()


def sse(options):
    server.settings.sse_path = options.path
    return server.sse_app()


if __name__ == "__main__":
    serving.main(stdio=lambda: server.run("stdio"), streamable=streamable, sse=sse)

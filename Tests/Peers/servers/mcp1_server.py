"""A server on the official Python SDK, 1.x: the handshake era only.

It cannot say its own version: the library reports the version of the package `mcp` instead.
"""

from mcp.server.fastmcp import Context, FastMCP, Image
from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import Completion

import surface

server = FastMCP(surface.NAME, log_level="WARNING")
surface.register(server, Context=Context, Image=Image, ToolError=ToolError)


@server.completion()
async def complete(ref, argument, context):
    if argument.name == "name":
        return Completion(values=surface.names_starting_with(argument.value))
    return None


if __name__ == "__main__":
    server.run("stdio")

"""A server on the official Python SDK, 2.x: both eras, modern or handshake by the first request."""

from mcp.server.mcpserver import Context, Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import Completion

import surface

server = MCPServer(surface.NAME, version=surface.VERSION, log_level="WARNING")
surface.register(server, Context=Context, Image=Image, ToolError=ToolError)


@server.completion()
async def complete(ref, argument, context):
    if argument.name == "name":
        return Completion(values=surface.names_starting_with(argument.value))
    return None


if __name__ == "__main__":
    server.run("stdio")

"""A server on the official Python SDK, 2.x: both eras, modern or handshake by the first request."""

from mcp.server.mcpserver import Context, Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import Completion

import serving
import surface

server = MCPServer(surface.NAME, version=surface.VERSION, log_level="WARNING")
surface.register(server, Context=Context, Image=Image, ToolError=ToolError)


@server.completion()
async def complete(ref, argument, context):
    if argument.name == "name":
        return Completion(values=surface.names_starting_with(argument.value))
    return None


def streamable(options):
    if options.resumable:
        surface.register_interruption(server, Context=Context)
    return server.streamable_http_app(
        streamable_http_path=options.path,
        json_response=options.json,
        stateless_http=options.stateless,
        event_store=options.store,
        retry_interval=50 if options.store else None,
    )


if __name__ == "__main__":
    serving.main(
        stdio=lambda: server.run("stdio"),
        streamable=streamable,
        sse=lambda options: server.sse_app(sse_path=options.path),
    )

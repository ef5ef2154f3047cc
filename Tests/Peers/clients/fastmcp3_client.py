"""FastMCP 3 as a host: the handshake only."""

from contextlib import asynccontextmanager

from fastmcp import Client
from fastmcp.client.transports import StdioTransport

import host


class Connected:
    def __init__(self, client):
        self.client = client

    def identity(self):
        initialized = self.client.initialize_result
        return {
            "protocolVersion": initialized.protocolVersion,
            "serverInfo": host.plain(initialized.serverInfo),
            "capabilities": host.plain(initialized.capabilities),
        }

    async def tool_names(self):
        return [tool.name for tool in await self.client.list_tools()]

    async def call(self, name, arguments):
        return await self.client.call_tool_mcp(name, arguments)


@asynccontextmanager
async def connect(command, environment, mode):
    # Kept alive, the server would outlive the connection.
    transport = StdioTransport(command[0], command[1:], env=environment, keep_alive=False)
    async with Client(transport) as client:
        yield Connected(client)


if __name__ == "__main__":
    host.main(connect, ["legacy"])

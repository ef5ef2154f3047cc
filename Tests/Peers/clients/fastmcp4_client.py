"""FastMCP 4 as a host: probing (`auto`), handshake (`legacy`) or pinned to the modern revision."""

from contextlib import asynccontextmanager

from fastmcp import Client
from fastmcp.client.transports import StdioTransport

import host


class Connected:
    def __init__(self, client):
        self.client = client

    def identity(self):
        return {
            "protocolVersion": self.client.protocol_version,
            "serverInfo": host.plain(self.client.server_info),
            "capabilities": host.plain(self.client.server_capabilities),
        }

    async def tool_names(self):
        return [tool.name for tool in await self.client.list_tools()]

    async def call(self, name, arguments):
        return await self.client.call_tool_mcp(name, arguments)


@asynccontextmanager
async def connect(command, environment, mode):
    # Kept alive, the server would outlive the connection.
    transport = StdioTransport(command[0], command[1:], env=environment, keep_alive=False)
    async with Client(transport, mode=mode) as client:
        yield Connected(client)


if __name__ == "__main__":
    host.main(connect, ["auto", "legacy", "2026-07-28"])

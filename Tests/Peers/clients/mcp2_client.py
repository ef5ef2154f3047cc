"""The official Python SDK 2.x as a host: probing (`auto`), handshake (`legacy`) or pinned to the modern revision."""

from contextlib import asynccontextmanager

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

import host


class Connected:
    def __init__(self, client):
        self.client = client

    def identity(self):
        # A pinned client asks nothing while connecting, so it knows neither name nor capabilities of its server.
        return {
            "protocolVersion": self.client.protocol_version,
            "serverInfo": host.plain(self.client.server_info),
            "capabilities": host.plain(self.client.server_capabilities),
        }

    async def tool_names(self):
        return [tool.name for tool in (await self.client.list_tools()).tools]

    async def call(self, name, arguments):
        return await self.client.call_tool(name, arguments)


@asynccontextmanager
async def connect(command, environment, mode):
    server = StdioServerParameters(command=command[0], args=command[1:], env=environment)
    async with Client(server, mode=mode) as client:
        yield Connected(client)


if __name__ == "__main__":
    host.main(connect, ["auto", "legacy", "2026-07-28"])

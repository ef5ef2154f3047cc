"""FastMCP 3 as a host: the handshake only."""

from contextlib import asynccontextmanager

from fastmcp import Client
from fastmcp.client.transports import SSETransport, StdioTransport, StreamableHttpTransport

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

    async def tools(self):
        return await self.client.list_tools()

    async def call(self, name, arguments):
        return await self.client.call_tool_mcp(name, arguments)


def transport(target):
    if target.command:
        # Kept alive, the server would outlive the connection.
        return StdioTransport(target.command[0], target.command[1:], env=target.environment, keep_alive=False)
    over_http = SSETransport if target.transport == "sse" else StreamableHttpTransport
    return over_http(target.url, headers=target.headers)


@asynccontextmanager
async def connect(target, mode):
    async with Client(transport(target)) as client:
        yield Connected(client)


if __name__ == "__main__":
    host.main(connect, ["legacy"])

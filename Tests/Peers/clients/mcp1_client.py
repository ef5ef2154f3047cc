"""The official Python SDK 1.x as a host: the handshake only."""

from contextlib import asynccontextmanager

from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

import host


class Connected:
    def __init__(self, session, initialized):
        self.session = session
        self.initialized = initialized

    def identity(self):
        return {
            "protocolVersion": self.initialized.protocolVersion,
            "serverInfo": host.plain(self.initialized.serverInfo),
            "capabilities": host.plain(self.initialized.capabilities),
        }

    async def tool_names(self):
        return [tool.name for tool in (await self.session.list_tools()).tools]

    async def call(self, name, arguments):
        return await self.session.call_tool(name, arguments)


@asynccontextmanager
async def connect(command, environment, mode):
    server = StdioServerParameters(command=command[0], args=command[1:], env=environment)
    async with stdio_client(server) as (reader, writer), ClientSession(reader, writer) as session:
        yield Connected(session, await session.initialize())


if __name__ == "__main__":
    host.main(connect, ["legacy"])

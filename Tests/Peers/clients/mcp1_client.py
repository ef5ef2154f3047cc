"""The official Python SDK 1.x as a host: the handshake only."""

from contextlib import asynccontextmanager

from mcp import ClientSession
from mcp.client.sse import sse_client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

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

    async def tools(self):
        return (await self.session.list_tools()).tools

    async def call(self, name, arguments):
        return await self.session.call_tool(name, arguments)


@asynccontextmanager
async def streams(target):
    if target.command:
        server = StdioServerParameters(command=target.command[0], args=target.command[1:], env=target.environment)
        async with stdio_client(server) as (reader, writer):
            yield reader, writer
    elif target.transport == "sse":
        async with sse_client(target.url, headers=target.headers) as (reader, writer):
            yield reader, writer
    else:
        async with (
            create_mcp_http_client(headers=target.headers) as http,
            streamable_http_client(target.url, http_client=http) as (reader, writer, _),
        ):
            yield reader, writer


@asynccontextmanager
async def connect(target, mode):
    async with streams(target) as (reader, writer), ClientSession(reader, writer) as session:
        yield Connected(session, await session.initialize())


if __name__ == "__main__":
    host.main(connect, ["legacy"])

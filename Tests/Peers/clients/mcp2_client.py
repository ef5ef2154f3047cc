"""The official Python SDK 2.x as a host: probing (`auto`), handshake (`legacy`) or pinned to the modern revision."""

from contextlib import AsyncExitStack, asynccontextmanager

from mcp.client import Client
from mcp.client.sse import sse_client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

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


async def server(target, stack):
    """What the library's `Client` takes as its server."""
    if target.command:
        return StdioServerParameters(command=target.command[0], args=target.command[1:], env=target.environment)
    if target.transport == "sse":
        return sse_client(target.url, headers=target.headers)
    http = await stack.enter_async_context(create_mcp_http_client(headers=target.headers))
    return streamable_http_client(target.url, http_client=http)


@asynccontextmanager
async def connect(target, mode):
    async with AsyncExitStack() as stack, Client(await server(target, stack), mode=mode) as client:
        yield Connected(client)


if __name__ == "__main__":
    host.main(connect, ["auto", "legacy", "2026-07-28"])

"""The official Python SDK 2.x as a host: probing (`auto`), handshake (`legacy`) or pinned to the modern revision."""

from contextlib import AsyncExitStack, asynccontextmanager

from mcp.client import Client
from mcp.client.sse import sse_client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp_types import CreateMessageResult, ElicitResult, ListRootsResult, Root, TextContent

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

    async def tools(self):
        return (await self.client.list_tools()).tools

    async def call(self, name, arguments):
        return await self.client.call_tool(name, arguments)


def handlers(action):
    """What answers the server's questions; what is not given is not declared."""

    async def elicitation(_, params):
        schema = getattr(params, "requested_schema", None)
        return ElicitResult(action=action, content=host.filled(schema) if schema and action == "accept" else None)

    async def sampling(_, params):
        return CreateMessageResult(role="assistant", model="test", content=TextContent(type="text", text="42"))

    async def roots(_):
        return ListRootsResult(roots=[Root(uri="file:///ada")])

    return {"elicitation_callback": elicitation, "sampling_callback": sampling, "list_roots_callback": roots}


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
    answering = handlers(target.action) if target.action else {}
    async with AsyncExitStack() as stack, Client(await server(target, stack), mode=mode, **answering) as client:
        yield Connected(client)


if __name__ == "__main__":
    host.main(connect, ["auto", "legacy", "2026-07-28"])

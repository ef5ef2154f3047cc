"""FastMCP 4 as a host: probing (`auto`), handshake (`legacy`) or pinned to the modern revision."""

from contextlib import asynccontextmanager

from fastmcp import Client
from fastmcp.client.transports import SSETransport, StdioTransport, StreamableHttpTransport

from mcp_types import ElicitResult

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

    async def tools(self):
        return await self.client.list_tools()

    async def call(self, name, arguments):
        return await self.client.call_tool_mcp(name, arguments)


def handlers(action):
    """What answers the server's questions; what is not given is not declared."""

    async def elicitation(message, response_type, params, context):
        schema = getattr(params, "requested_schema", None)
        return ElicitResult(action=action, content=host.filled(schema) if schema and action == "accept" else None)

    async def sampling(messages, params, context):
        return "42"

    return {"elicitation_handler": elicitation, "sampling_handler": sampling, "roots": ["file:///ada"]}


def transport(target):
    if target.command:
        # Kept alive, the server would outlive the connection.
        return StdioTransport(target.command[0], target.command[1:], env=target.environment, keep_alive=False)
    over_http = SSETransport if target.transport == "sse" else StreamableHttpTransport
    return over_http(target.url, headers=target.headers)


@asynccontextmanager
async def connect(target, mode):
    answering = handlers(target.action) if target.action else {}
    async with Client(transport(target), mode=mode, **answering) as client:
        yield Connected(client)


if __name__ == "__main__":
    host.main(connect, ["auto", "legacy", "2026-07-28"])

"""A server on the official Python SDK, 2.x, whose tools ask: by requests or inside results, as the era has it."""

from typing import Annotated

from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.resolve import Elicit, ListRoots, Resolve, Sample
from mcp_types import CreateMessageResult, ListRootsResult, SamplingMessage, TextContent

import asking
import serving

server = MCPServer(asking.NAME, version=asking.VERSION, log_level="WARNING")


def ask_who() -> Elicit[asking.Person]:
    return Elicit("Who are you?", asking.Person)


def ask_model() -> Sample:
    question = TextContent(type="text", text="What is six times seven?")
    return Sample([SamplingMessage(role="user", content=question)], max_tokens=10)


def ask_roots() -> ListRoots:
    return ListRoots()


@server.tool()
def who(person: Annotated[ElicitationResult[asking.Person], Resolve(ask_who)]) -> str:
    """Asks the user for a name."""
    return f"accept {person.data.name}" if isinstance(person, AcceptedElicitation) else person.action


@server.tool()
def draft(answer: Annotated[CreateMessageResult, Resolve(ask_model)]) -> str:
    """Asks the model."""
    return answer.content.text


@server.tool()
def where(roots: Annotated[ListRootsResult, Resolve(ask_roots)]) -> str:
    """Asks for the root directories."""
    return " ".join(str(root.uri) for root in roots.roots)


@server.tool()
async def touch(ctx: Context) -> str:
    """Changes a resource and the list of tools, for whoever listens."""
    await ctx.notify_resource_updated("memo://x")
    await ctx.notify_tools_changed()
    return "touched"


@server.tool()
async def log(ctx: Context) -> str:
    """Logs a line."""
    await ctx.info("logged")
    return "logged"


@server.resource("memo://x")
def memo() -> str:
    return "x"


if __name__ == "__main__":
    serving.main(
        stdio=lambda: server.run("stdio"),
        streamable=lambda options: server.streamable_http_app(streamable_http_path=options.path),
        sse=lambda options: server.sse_app(sse_path=options.path),
    )

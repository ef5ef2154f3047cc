"""A server on the official Python SDK, 2.x, that keeps state in its process, or with --shared FOLDER outside of it.

The sealing key of `requestState` is that of the process, too, unless the folder has one.
"""

import argparse
import pathlib
from typing import Annotated

from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp.server.request_state import RequestStateSecurity

import asking

parser = argparse.ArgumentParser()
parser.add_argument("--shared", type=pathlib.Path)
shared = parser.parse_args().shared

security = RequestStateSecurity(keys=["k" * 32]) if shared else None
server = MCPServer("instances", version="1.0", log_level="WARNING", request_state_security=security)
kept: dict[str, str] = {}


@server.tool()
def remember(name: str, value: str) -> str:
    """Keeps a value under a name."""
    if shared:
        (shared / name).write_text(value)
    else:
        kept[name] = value
    return "kept"


@server.tool(annotations={"readOnlyHint": True})
def recall(name: str) -> str:
    """The value with a name."""
    if shared:
        return (shared / name).read_text()
    if name not in kept:
        raise ValueError(f"nothing is kept as {name}")
    return kept[name]


def ask_who() -> Elicit[asking.Person]:
    return Elicit("Who are you?", asking.Person)


@server.tool()
def who(person: Annotated[ElicitationResult[asking.Person], Resolve(ask_who)]) -> str:
    """Asks the user for a name."""
    return f"accept {person.data.name}" if isinstance(person, AcceptedElicitation) else person.action


@server.tool()
async def touch(ctx: Context) -> str:
    """Changes a resource, for whoever listens to this process."""
    await ctx.notify_resource_updated("memo://x")
    return "touched"


@server.resource("memo://x")
def memo() -> str:
    return "x"


if __name__ == "__main__":
    server.run("stdio")

"""A server with the faults that beginners write, on whichever of the four libraries runs it; stdio only."""

import asyncio
import time

try:
    from fastmcp import Context, FastMCP

    OPTIONS = {"show_banner": False}
except ImportError:
    OPTIONS = {}
    try:
        from mcp.server.fastmcp import Context, FastMCP
    except ImportError:
        from mcp.server import MCPServer as FastMCP
        from mcp.server.mcpserver import Context

server = FastMCP("buggy")


def mean(values):
    return sum(values) / len(values)  # LINE OF THE FAULT


@server.tool()
def average(values: list[float]) -> float:
    """Fails for an empty list."""
    return mean(values)


@server.tool()
async def block(seconds: float) -> str:
    """Blocks the event loop."""
    time.sleep(seconds)
    return "done"


@server.tool()
async def slow(seconds: float) -> str:
    """Takes long without blocking."""
    await asyncio.sleep(seconds)
    return "done"


@server.tool()
def soft(name: str) -> str:
    """Reports an error as if it were a result."""
    return f"Error: no {name}"


@server.tool()
async def ask(ctx: Context) -> str:
    """Asks the user by a request of the session, in whichever era."""
    answer = await ctx.elicit("Your name?", str)
    return str(answer)


if __name__ == "__main__":
    server.run("stdio", **OPTIONS)

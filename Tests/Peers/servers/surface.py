"""What every real server of these tests offers, so that one test can run against all of them.

The four libraries share their decorators' shape; each server file passes in the few names that differ.
"""

import os
import sys

import anyio
from pydantic import BaseModel

NAME = "peer"
VERSION = "1.2.3"
TEXT = "Hello from a text resource.\nSecond line: \N{SNOWMAN} \N{GRINNING FACE}"
# Every byte value once: whoever treats a blob as text breaks it.
BINARY = bytes(range(256))
# The smallest whole PNG, one transparent pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000000000500016f8ff2a10000000049454e44ae426082"
)
NAMES = ["Ada", "Alan", "Barbara", "Grace"]


class Sum(BaseModel):
    """The answer of `add`."""

    sum: int


class Weather(BaseModel):
    """The answer of `structured`: nested, with a fraction, a null and a list."""

    city: str
    temperature: float
    wind: str | None
    tags: list[str]


def register(server, *, Context, Image, ToolError):
    """Gives `server` the tools, resources and the prompt; completion differs too much and stays with each server."""

    @server.tool()
    def echo(message: str) -> str:
        """Returns the message as it came."""
        return message

    @server.tool()
    def add(a: int, b: int) -> Sum:
        """Adds two integers."""
        return Sum(sum=a + b)

    @server.tool()
    def fail() -> str:
        """Fails as a tool fails: a result with isError."""
        raise ToolError("this tool always fails")

    @server.tool()
    def structured() -> Weather:
        """Returns structured content under an output schema."""
        return Weather(city="Zürich", temperature=21.5, wind=None, tags=["sunny", "dry"])

    # No return annotation: the libraries would make an output schema of it.
    @server.tool()
    def image():
        """Returns an image block and a text block."""
        return [Image(data=PIXEL, format="png"), "one transparent pixel"]

    @server.tool()
    async def slow(seconds: float, ctx: Context) -> str:
        """Waits in ten steps, reports progress after each; says on stderr when it was cancelled."""
        try:
            for step in range(1, 11):
                await anyio.sleep(seconds / 10)
                await ctx.report_progress(step, 10, f"step {step} of 10")
        except anyio.get_cancelled_exc_class():
            print("slow: cancelled", file=sys.stderr, flush=True)
            raise
        return f"waited {seconds} s"

    @server.tool()
    def big(size: int) -> str:
        """Returns that many letters."""
        return "x" * size

    @server.tool()
    def crash() -> str:
        """Ends the whole process with exit code 3 in the middle of the call."""
        print("peer: about to crash", file=sys.stderr, flush=True)
        os._exit(3)

    @server.resource("memo://hello", name="hello", description="A text.", mime_type="text/plain")
    def hello() -> str:
        return TEXT

    @server.resource("memo://bytes", name="bytes", description="256 bytes.", mime_type="application/octet-stream")
    def binary() -> bytes:
        return BINARY

    @server.resource("memo://notes/{name}", name="note", description="A note by name.", mime_type="text/plain")
    def note(name: str) -> str:
        return f"The note called {name}."

    @server.prompt()
    def greeting(name: str, style: str = "plain") -> str:
        """Asks for a greeting; the name is required."""
        return f"Write a {style} greeting for {name}."


def register_interruption(server, *, Context):
    """A tool more, for servers over HTTP that keep their events."""

    @server.tool()
    async def interrupted(ctx: Context) -> str:
        """Closes the stream that its answer would come on, then answers; the client has to come back for it."""
        await ctx.report_progress(1, 2, "before the interruption")
        await ctx.close_sse_stream()
        return "after the interruption"


def names_starting_with(value: str) -> list[str]:
    """Candidates for the argument `name` of the prompt and of the resource template."""
    return [name for name in NAMES if name.lower().startswith(value.lower())]

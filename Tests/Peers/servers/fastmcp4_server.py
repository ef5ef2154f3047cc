"""A server on FastMCP 4 (which stands on the official SDK 2.x): both eras."""

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.utilities.types import Image

import surface

server = FastMCP(surface.NAME, version=surface.VERSION)
surface.register(server, Context=Context, Image=Image, ToolError=ToolError)


@server.completion()
def complete(ref, argument, context):
    if argument.name == "name":
        return surface.names_starting_with(argument.value)
    return None


if __name__ == "__main__":
    # The banner would also look for a newer release of the library on the network.
    server.run("stdio", show_banner=False, log_level="WARNING")

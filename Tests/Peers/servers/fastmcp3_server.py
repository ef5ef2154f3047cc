"""A server on FastMCP 3 (which stands on the official SDK 1.x): the handshake era only.

It offers no completion: this library has none for servers.
"""

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.utilities.types import Image

import surface

server = FastMCP(surface.NAME, version=surface.VERSION)
surface.register(server, Context=Context, Image=Image, ToolError=ToolError)

if __name__ == "__main__":
    # The banner would also look for a newer release of the library on the network.
    server.run("stdio", show_banner=False, log_level="WARNING")

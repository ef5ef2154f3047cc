"""A server on FastMCP 3 (which stands on the official SDK 1.x): the handshake era only.

It offers no completion: this library has none for servers.
"""

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.utilities.types import Image

import serving
import surface

server = FastMCP(surface.NAME, version=surface.VERSION)
surface.register(server, Context=Context, Image=Image, ToolError=ToolError)

def streamable(options):
    if options.resumable:
        surface.register_interruption(server, Context=Context)
    return server.http_app(
        path=options.path,
        json_response=options.json,
        stateless_http=options.stateless,
        event_store=options.store,
        retry_interval=50 if options.store else None,
    )


if __name__ == "__main__":
    serving.main(
        # The banner would also look for a newer release of the library on the network.
        stdio=lambda: server.run("stdio", show_banner=False, log_level="WARNING"),
        streamable=streamable,
        sse=lambda options: server.http_app(path=options.path, transport="sse"),
    )

"""How every real server of these tests is started: over stdio, or over HTTP on the loopback.

    mcp2_server.py                                   stdio
    mcp2_server.py --http PORT [--stateless] [--json] [--resumable] [--path /mcp] [--token T] [--log FILE]
    mcp2_server.py --http PORT --sse [--path /sse] [--token T] [--log FILE]
    mcp2_server.py --http PORT --h2 CERTIFICATE KEY   over TLS and HTTP/2 alone

Over HTTP it says `listening on URL` on standard output once it serves; port 0 is a free one of the system's choice. It
ends when its standard input does, so that it never outlives a test that crashed.
"""

import argparse
import json
import os
import socket
import sys
import threading

HOST = "127.0.0.1"


class MemoryStore:
    """Keeps every event of every stream, for clients that come back; the interface `EventStore` of the SDKs."""

    def __init__(self):
        self.events = []

    async def store_event(self, stream_id, message):
        self.events.append((stream_id, message))
        return str(len(self.events))

    async def replay_events_after(self, last_event_id, send_callback):
        from mcp.server.streamable_http import EventMessage

        last = int(last_event_id)
        stream = self.events[last - 1][0]
        for number, (stream_id, message) in enumerate(self.events[last:], last + 1):
            if stream_id == stream and message is not None:
                await send_callback(EventMessage(message, str(number)))
        return stream


def logged(app, path):
    """Appends each request to a file before it is met: method, path, headers as they came, body."""

    async def wrapped(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        parts = [await receive()]
        while parts[-1].get("more_body"):
            parts.append(await receive())
        entry = {
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]],
            "body": b"".join(part.get("body", b"") for part in parts).decode(errors="replace"),
        }
        with open(path, "a") as file:
            file.write(json.dumps(entry) + "\n")

        async def again():
            return parts.pop(0) if parts else await receive()

        await app(scope, again, send)

    return wrapped


def guarded(app, token, base):
    """Asks for a bearer token, with the SDK's own middleware and words."""
    from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend, RequireAuthMiddleware
    from mcp.server.auth.provider import AccessToken
    from pydantic import AnyHttpUrl
    from starlette.middleware.authentication import AuthenticationMiddleware

    class Verifier:
        async def verify_token(self, given):
            return AccessToken(token=given, client_id="test", scopes=[]) if given == token else None

    metadata = AnyHttpUrl(f"{base}/.well-known/oauth-protected-resource")
    demanding = RequireAuthMiddleware(app, required_scopes=[], resource_metadata_url=metadata)
    authenticating = AuthenticationMiddleware(demanding, backend=BearerAuthBackend(Verifier()))

    async def wrapped(scope, receive, send):
        await (authenticating if scope["type"] == "http" else app)(scope, receive, send)

    return wrapped


def end_with_input():
    """Ends the process when its standard input ends."""

    def watch():
        while os.read(0, 4096):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def bind(options):
    """The listening socket and the base URL, before the application that may name them is made."""
    # With the protocol's number: asyncio sets TCP_NODELAY only where it reads that, and each answer would wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, options.http))
    port = listener.getsockname()[1]
    return listener, f"https://localhost:{port}" if options.h2 else f"http://{HOST}:{port}"


def serve(app, options):
    import uvicorn

    listener, base = options.listener, options.base
    if options.token:
        app = guarded(app, options.token, base)
    if options.log:
        app = logged(app, options.log)

    if options.h2:
        return serve_h2(app, options, listener, base)

    class Telling(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets=sockets)
            if self.started:
                print(f"listening on {base}{options.path}", flush=True)

    end_with_input()
    Telling(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)).run(sockets=[listener])


def serve_h2(app, options, listener, base):
    """As servers behind a proxy are reached; uvicorn does not speak it."""
    import asyncio

    from hypercorn.asyncio import serve as serve_by_hypercorn
    from hypercorn.config import Config

    config = Config()
    config.certfile, config.keyfile = options.h2
    config.alpn_protocols = ["h2"]
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "WARNING"
    listener.listen()
    print(f"listening on {base}{options.path}", flush=True)
    end_with_input()
    asyncio.run(serve_by_hypercorn(app, config))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--http", type=int, metavar="PORT", help="serve over HTTP rather than stdio")
    parser.add_argument("--sse", action="store_true", help="HTTP+SSE of the first revision instead of Streamable HTTP")
    parser.add_argument("--stateless", action="store_true", help="no sessions for the handshake era")
    parser.add_argument("--json", action="store_true", help="answer with JSON bodies, not with streams")
    parser.add_argument("--resumable", action="store_true", help="keep events for clients that come back")
    parser.add_argument("--h2", nargs=2, metavar=("CERTIFICATE", "KEY"), help="serve over TLS and HTTP/2 alone")
    parser.add_argument("--path", help="default: /mcp, or /sse with --sse")
    parser.add_argument("--token", help="answer 401 without this bearer token")
    parser.add_argument("--log", metavar="FILE", help="append every request, as one line of JSON each")
    options = parser.parse_args()
    options.path = options.path or ("/sse" if options.sse else "/mcp")
    options.store = MemoryStore() if options.resumable else None
    return options


def main(stdio, streamable, sse):
    """Runs `stdio()`, or the ASGI application that `streamable(options)` or `sse(options)` makes."""
    options = arguments()
    if options.http is None:
        stdio()
    else:
        options.listener, options.base = bind(options)
        serve(sse(options) if options.sse else streamable(options), options)
    sys.exit(0)

#!/usr/bin/env python3
"""What open sessions and idle streams of events cost the server, and whether all is given back.

    python3 Benchmarks/idle.py [COUNT] -- mcp-test-mcp --transport streamable-http --port 8765

Starts the command, which must serve http://127.0.0.1:PORT/mcp, opens COUNT sessions, then a stream on each, and ends them all.
Needs nothing but Python. Linux only: memory and descriptors are read from /proc.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import time

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "idle", "version": "1"},
    },
}


def connect(port):
    return socket.create_connection(("127.0.0.1", port))


def exchange(sock, port, method, fields=(), body=b""):
    head = [f"{method} /mcp HTTP/1.1", f"Host: 127.0.0.1:{port}", *fields, f"Content-Length: {len(body)}", "", ""]
    sock.sendall("\r\n".join(head).encode() + body)
    return read_head(sock)


def read_head(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(65536)
        if not part:
            raise SystemExit(f"the server closed the connection after {data!r}")
        data += part
    head, rest = data.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    fields = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
    length = int(fields.get("content-length", 0))
    while len(rest) < length:
        rest += sock.recv(65536)
    return int(lines[0].split()[1]), fields


def open_session(sock, port):
    common = ["Content-Type: application/json", "Accept: application/json, text/event-stream"]
    status, fields = exchange(sock, port, "POST", common, json.dumps(INITIALIZE).encode())
    assert status == 200, status
    session = fields["mcp-session-id"]
    body = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode()
    status, _ = exchange(sock, port, "POST", [*common, f"Mcp-Session-Id: {session}"], body)
    assert status == 202, status
    return session


def resident(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Rss:"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def wait_for(port, process):
    for _ in range(500):
        try:
            return connect(port)
        except OSError:
            if process.poll() is not None:
                raise SystemExit("the server ended")
            time.sleep(0.02)
    raise SystemExit("nobody listens")


def main():
    words = sys.argv[1:]
    cut = words.index("--")
    count = int(words[0]) if cut else 1000
    command = words[cut + 1 :]
    port = int(command[command.index("--port") + 1])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        control = wait_for(port, server)
        # What the server makes once is made before anything is counted.
        for _ in range(20):
            session = open_session(control, port)
            exchange(control, port, "DELETE", [f"Mcp-Session-Id: {session}"])
        base, fds = resident(server.pid), descriptors(server.pid)

        sessions = [open_session(control, port) for _ in range(count)]
        with_sessions = resident(server.pid)
        print(f"{count} sessions: {(with_sessions - base) / count:.1f} KB each")

        streams = []
        for session in sessions:
            sock = connect(port)
            status, _ = exchange(sock, port, "GET", ["Accept: text/event-stream", f"Mcp-Session-Id: {session}"])
            assert status == 200, status
            streams.append(sock)
        with_streams = resident(server.pid)
        print(f"{count} idle streams: {(with_streams - with_sessions) / count:.1f} KB each")
        print(f"resident: {base / 1024:.1f} MB before, {with_streams / 1024:.1f} MB with both")

        for sock in streams:
            sock.close()
        for session in sessions:
            exchange(control, port, "DELETE", [f"Mcp-Session-Id: {session}"])
        for _ in range(500):
            if descriptors(server.pid) <= fds:
                break
            time.sleep(0.02)
        print(f"descriptors: {fds} before, {descriptors(server.pid)} after")
    finally:
        server.terminate()
        server.wait()


main()

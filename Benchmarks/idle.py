#!/usr/bin/env python3
"""What open sessions and idle streams of events cost the server, and whether all is given back.

    python3 Benchmarks/idle.py [COUNT] -- PATH/TO/mcp-test-mcp

Opens COUNT sessions, then a stream on each, and ends them all.
"""

import driving


def main():
    count, program = driving.arguments(1000)
    driving.allow_descriptors()
    with driving.HTTPServer([*program, "serve"]) as server:
        control = server.connect()
        # What the server makes once is made before anything is counted.
        for _ in range(20):
            server.end_session(control, server.open_session(control))
        base, descriptors = server.resident(), server.descriptors()

        sessions = [server.open_session(control) for _ in range(count)]
        with_sessions = server.resident()
        print(f"{count} sessions: {(with_sessions - base) / count:.1f} KB each")

        streams = [open_stream(server, session) for session in sessions]
        with_streams = server.resident()
        print(f"{count} idle streams: {(with_streams - with_sessions) / count:.1f} KB each")
        print(f"resident: {base / 1024:.1f} MB before, {with_streams / 1024:.1f} MB with both")

        for stream in streams:
            stream.close()
        for session in sessions:
            server.end_session(control, session)
        server.until(lambda: server.descriptors() <= descriptors)
        print(f"descriptors: {descriptors} before, {server.descriptors()} after")


def open_stream(server, session):
    sock = server.connect()
    fields = ["Accept: text/event-stream", f"Mcp-Session-Id: {session}"]
    status, _, _ = server.exchange(sock, "GET", fields)
    assert status == 200, status
    return sock


main()

#!/usr/bin/env python3
"""What clients over HTTP, and servers under test, can make the program hold, and whether it is all given back.

    python3 Benchmarks/floods.py [COUNT] -- PATH/TO/mcp-test-mcp

Four floods, each against a new demo server over HTTP:
unread responses: COUNT / 50 clients pipeline requests as fast as the server reads them, and read no response;
unfinished bodies: COUNT clients each send 15 MB of a request that they do not finish;
replayed events: COUNT * 5 sessions each have events of 480 KB, which are kept for clients that reconnect;
descriptors: COUNT clients connect to a server that has descriptors for 20.

Two floods of a target on standard streams:
requests: it answers a call with pings without end and reads no responses;
pages: its list of tools has no end, and each tool is 1 MB.

Fails if more than 60 MB (pages: 120 MB) are still resident afterwards, or more than 512 MB meanwhile.
"""

import json
import os
import resource
import select
import sys
import time

import driving

BODY = 15_000_000
# A client that could send nothing for this long is no longer read.
STALL = 2
MOST = 60_000_000
FREE_DESCRIPTORS = 20
EVENT = 480_000
# Kilobytes.
MOST_MEANWHILE, MOST_AFTERWARDS = 512 << 10, 60 << 10


def main():
    count, program = driving.arguments(200)
    driving.allow_descriptors()
    for flood in (unread_responses, unfinished_bodies, replayed_events, no_descriptors):
        with driving.HTTPServer([*program, "demo"]) as server:
            check_serving(server)
            flood(server, count)
    for flood in (requests_of_a_target, pages_of_a_target):
        with driving.Host(program) as host:
            flood(host)


def unread_responses(server, count):
    request = list_request(server) * 100
    before = server.resident()
    clients = [server.connect() for _ in range(max(1, count // 50))]
    sent = send_all(clients, [request * (MOST // len(request))] * len(clients))
    print(f"unread responses: {len(clients)} clients sent {sum(sent) / 1e6:.1f} MB of requests")
    report(server, clients, before)


def unfinished_bodies(server, count):
    head = ["POST /mcp HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Content-Length: {BODY + 1}"]
    head += ["Content-Type: application/json", "Accept: application/json"]
    request = ("\r\n".join(head) + "\r\n\r\n").encode() + b" " * BODY
    before = server.resident()
    clients = [server.connect() for _ in range(count)]
    sent = send_all(clients, [request] * count)
    refused = sum(was_refused(client) for client in clients)
    print(f"unfinished bodies: {count} clients sent {sum(sent) / 1e6:.1f} MB, {refused} were refused with 503")
    report(server, clients, before)


def replayed_events(server, count):
    before = server.resident()
    call = driving.request(2, "tools/call", {"name": "long_text", "arguments": {"characters": EVENT}})
    fields = ["Content-Type: application/json", "Accept: text/event-stream"]
    sessions = []
    with server.connect() as sock:
        for _ in range(5 * count):
            sessions.append(server.open_session(sock))
            server.send(sock, "POST", [*fields, f"Mcp-Session-Id: {sessions[-1]}"], json.dumps(call).encode())
            data = b""
            while not data.endswith(b"\r\n0\r\n\r\n"):
                data = data[-16:] + driving.received(sock, data)
        meanwhile = server.resident()
        for session in sessions:
            server.end_session(sock, session)
    time.sleep(1)
    print(f"replayed events: {len(sessions)} sessions received {EVENT * len(sessions) / 1e6:.1f} MB")
    show(before, meanwhile, server.resident())


def requests_of_a_target(host):
    connect(host, "requests")
    before = host.resident()
    findings = json.dumps(host.report("call_tool", name="x", arguments={}, timeout=5).get("findings", []))
    meanwhile = host.resident()
    assert "does not read its standard input" in findings, findings
    print("requests of a target that reads no responses, for 5 s")
    finish(host, before, meanwhile)


def pages_of_a_target(host):
    connect(host, "pages")
    before = host.resident()
    result, size = host.ask("tools/call", {"name": "list_tools", "arguments": {}})
    meanwhile = host.resident()
    assert not result["structuredContent"]["success"]
    print(f"pages of a target without end: a result of {size / 1e6:.1f} MB")
    finish(host, before, meanwhile, most=2 * MOST_AFTERWARDS)


def connect(host, mode):
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "flooding_target.py")
    arguments = {"command": sys.executable, "args": [target, mode]}
    connected = host.report("connect_to_server", **arguments)
    assert connected["success"], connected


def finish(host, before, meanwhile, most=MOST_AFTERWARDS):
    host.report("disconnect")
    time.sleep(1)
    show(before, meanwhile, host.resident(), most=most)


def no_descriptors(server, count):
    most = server.descriptors() + FREE_DESCRIPTORS
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (most, most))
    clients = [server.connect() for _ in range(count)]
    server.until(lambda: server.descriptors() >= most)
    cpu, start = server.cpu(), time.monotonic()
    time.sleep(3)
    share = (server.cpu() - cpu) / (time.monotonic() - start)
    print(f"out of descriptors: {server.descriptors()} of {most} used, {100 * share:.1f} % CPU")
    for client in clients:
        client.close()
    check_serving(server)


def send_all(clients, requests):
    """Sends to all clients until none can send any more; the bytes that each has sent."""
    poll = select.poll()
    sent = [0] * len(clients)
    by_descriptor = {}
    for number, client in enumerate(clients):
        client.setblocking(False)
        by_descriptor[client.fileno()] = number
        poll.register(client, select.POLLOUT)
    while by_descriptor:
        ready = poll.poll(1000 * STALL)
        if not ready:
            break
        for descriptor, _ in ready:
            number = by_descriptor[descriptor]
            rest = memoryview(requests[number])[sent[number] :]
            try:
                sent[number] += clients[number].send(rest[: 1 << 20])
            except BlockingIOError:
                continue
            except OSError:
                # Refused and closed.
                rest = rest[:0]
            if not rest or sent[number] == len(requests[number]):
                poll.unregister(descriptor)
                del by_descriptor[descriptor]
    return sent


def was_refused(client):
    try:
        return client.recv(1 << 12).startswith(b"HTTP/1.1 503")
    except OSError:
        return False


def report(server, clients, before):
    meanwhile = server.resident()
    descriptors = server.descriptors() - len(clients)
    for client in clients:
        client.close()
    server.until(lambda: server.descriptors() <= descriptors)
    check_serving(server)
    # What is given back late is not what this measures.
    time.sleep(1)
    show(before, meanwhile, server.resident())


def show(*figures, most=MOST_AFTERWARDS):
    print("resident: {:.1f} MB before, {:.1f} MB meanwhile, {:.1f} MB after".format(*(each / 1024 for each in figures)))
    _, meanwhile, after = figures
    if meanwhile > MOST_MEANWHILE or after > most:
        raise SystemExit("too much memory was used, or not enough was given back")


def list_request(server):
    message, fields = server.modern(1, "tools/list", {})
    capture = Capture()
    server.send_message(capture, message, *fields)
    return capture.sent


class Capture:
    """A socket that keeps what is sent."""

    def sendall(self, data):
        self.sent = data


def check_serving(server):
    message, fields = server.modern(1, "tools/list", {})
    sock = server.connect()
    status, _, _ = server.post(sock, message, *fields)
    assert status == 200, status
    sock.close()


main()

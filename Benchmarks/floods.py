#!/usr/bin/env python3
"""What clients over HTTP can make the server hold, and whether it is all given back.

    python3 Benchmarks/floods.py [COUNT] -- PATH/TO/mcp-test-mcp

Three floods, each against a new demo server:
unread responses: COUNT / 50 clients pipeline requests as fast as the server reads them, and read no response;
unfinished bodies: COUNT clients each send 15 MB of a request that they do not finish;
descriptors: COUNT clients connect to a server that has descriptors for 20.
"""

import resource
import select
import time

import driving

BODY = 15_000_000
# A client that could send nothing for this long is no longer read.
STALL = 2
MOST = 60_000_000
FREE_DESCRIPTORS = 20


def main():
    count, program = driving.arguments(200)
    driving.allow_descriptors()
    for flood in (unread_responses, unfinished_bodies, no_descriptors):
        with driving.HTTPServer([*program, "demo"]) as server:
            check_serving(server)
            flood(server, count)


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
    figures = (before, meanwhile, server.resident())
    print("resident: {:.1f} MB before, {:.1f} MB meanwhile, {:.1f} MB after".format(*(each / 1024 for each in figures)))


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

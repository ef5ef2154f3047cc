#!/usr/bin/env python3
"""How long one change takes to be told to all subscriptions of a server, also where one of them is never read.

    python3 Benchmarks/subscriptions.py [COUNT] -- PATH/TO/mcp-test-mcp

Opens COUNT streams of `subscriptions/listen` on one demo server, changes its tools again and again, and takes the
time from the call until the last of all has been told. Then once more with one stream beside them that nobody reads.
Its events are large, so that it is stuck from the second change on and beyond the server's patience after some more.
"""

import select
import time

import driving

CHANGES = 40
TOLD = b"notifications/tools/list_changed"
# As the id stands in every event of its subscription, a long one makes the events large.
LONG_ID = "stuck" * 200_000


class Crowd:
    """Subscriptions that are read as soon as something comes."""

    def __init__(self, server, count):
        self.server = server
        self.control = server.connect()
        self.poll = select.epoll()
        self.streams = {}
        for number in range(count):
            sock = listen(server, server.connect(), f"s{number}")
            sock.setblocking(False)
            self.streams[sock.fileno()] = sock
            self.poll.register(sock, select.EPOLLIN)
        self.gather(b"notifications/subscriptions/acknowledged")

    def change(self):
        """Seconds from the call until the last one is told."""
        message, fields = self.server.modern(1, "tools/call", {"name": "test_trigger_tool_change", "arguments": {}})
        start = time.perf_counter()
        status, _, _ = self.server.post(self.control, message, *fields)
        assert status == 200, status
        self.gather(TOLD)
        return time.perf_counter() - start

    def gather(self, what):
        """Reads until each stream has had that, and once."""
        missing = set(self.streams)
        came = dict.fromkeys(self.streams, b"")
        end = time.monotonic() + driving.PATIENCE
        while missing:
            ready = self.poll.poll(max(0, end - time.monotonic()))
            if not ready:
                raise SystemExit(f"{len(missing)} of {len(self.streams)} were not told within {driving.PATIENCE} s")
            for number, _ in ready:
                part = self.streams[number].recv(1 << 16)
                if not part:
                    raise SystemExit("the server ended a stream that is read")
                came[number] += part
                if came[number].count(what) > 1:
                    raise SystemExit("a subscription was told twice")
                if what in came[number]:
                    missing.discard(number)


def listen(server, sock, id):
    message, fields = server.modern(id, "subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    server.send_message(sock, message, *fields)
    return sock


def tell(what, times):
    figures = (1000 * value for value in (driving.middle(times), max(times)))
    print("{}: {:.1f} ms in the middle, {:.1f} ms at worst, of {} changes".format(what, *figures, len(times)))


def main():
    count, program = driving.arguments(1000)
    driving.allow_descriptors()
    limits = [f"--max-{what}={count + 100}" for what in ("connections", "streams", "requests")]
    with driving.HTTPServer([*program, "demo", "--fixtures"], *limits) as server:
        before = server.resident()
        crowd = Crowd(server, count)
        after = server.resident()
        print(f"{count} subscriptions: {(after - before) / count:.1f} KB each, {after / 1024:.1f} MB resident")

        cpu = server.cpu()
        tell("until the last is told", [crowd.change() for _ in range(CHANGES)])
        print(f"CPU of the server for a change: {1000 * (server.cpu() - cpu) / CHANGES:.1f} ms")

        descriptors = server.descriptors()
        stuck = listen(server, server.connect(receive_buffer=4096), LONG_ID)
        server.until(lambda: server.descriptors() > descriptors)
        times, ended = [], None
        for number in range(CHANGES):
            times.append(crowd.change())
            if ended is None and server.descriptors() <= descriptors:
                ended = number + 1
        tell("with one that is never read", times)
        print(f"the stuck one: {'ended after %d changes' % ended if ended else 'still open'}")
        print(f"resident: {server.resident() / 1024:.1f} MB")
        stuck.close()


main()

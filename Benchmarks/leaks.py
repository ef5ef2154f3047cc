#!/usr/bin/env python3
"""Whether hosts over HTTP leave anything behind in the program, and the program in its HTTP targets.

    python3 Benchmarks/leaks.py [COUNT] -- PATH/TO/mcp-test-mcp

Again and again COUNT hosts open a session, each connects to an HTTP target (a demo server), by turns in the one era and in the
other, and calls a tool; half of them disconnect from it, then all sessions end. Descriptors must come back to what they were,
of both programs; memory must stop growing after the first rounds.
"""

import json

import driving

ROUNDS = 10


def main():
    count, program = driving.arguments(100)
    driving.allow_descriptors()
    with driving.HTTPServer([*program, "demo"]) as target, driving.HTTPServer([*program, "serve"]) as server:
        control = server.connect()
        # What is made once is made before anything is counted.
        visit(server, control, target.url, 2)
        control.close()
        both = (server, target)
        ended(both, [None, None])
        before = [each.descriptors() for each in both]
        show("before", both)
        for number in range(1, ROUNDS + 1):
            control = server.connect()
            most = visit(server, control, target.url, count, both)
            control.close()
            come_back = ended(both, before)
            show(f"after {number} × {count}, with {most[0]} and {most[1]} descriptors meanwhile", both)
            if not come_back:
                raise SystemExit("descriptors are left")


def visit(server, control, url, count, watched=()):
    """Sessions that come, work and go; the most descriptors meanwhile."""
    sessions = [server.open_session(control) for _ in range(count)]
    for number, session in enumerate(sessions):
        era = ("legacy", "modern")[number % 2]
        told = server.call(control, session, "connect_to_server", url=url, protocol=era)
        assert told["success"], told
        told = server.call(control, session, "call_tool", name="echo", arguments={"message": "hi"})
        assert told["success"], told
    most = [each.descriptors() for each in watched]
    for number, session in enumerate(sessions):
        if number % 4 < 2:
            told = server.call(control, session, "disconnect")
            assert told["success"], told
        server.end_session(control, session)
    return most


def ended(both, before):
    """Waits until no more descriptors are open than before; without that, until their number rests."""
    if before[0] is None:
        return all(each.until(lambda: rests(each)) for each in both)
    return all(each.until(lambda: each.descriptors() <= most) for each, most in zip(both, before))


def rests(process):
    """Whether nothing but listening and the loops' own is open: no connection to anybody."""
    with open(f"/proc/{process.pid}/net/tcp") as file:
        open_sockets = {line.split()[9] for line in file if line.split()[3] == "01"}
    return not any(inode in open_sockets for inode in sockets(process.pid))


def sockets(pid):
    import os

    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            place = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if place.startswith("socket:["):
            yield place[8:-1]


def show(when, both):
    tester, target = both
    print(
        f"{when}: tester {tester.descriptors()} descriptors, {tester.resident() / 1024:.1f} MB; "
        f"target {target.descriptors()} descriptors, {target.resident() / 1024:.1f} MB"
    )


main()

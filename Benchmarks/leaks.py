#!/usr/bin/env python3
"""Whether hosts over HTTP leave anything behind in the program, and the program in its HTTP targets.

    python3 Benchmarks/leaks.py [COUNT] -- PATH/TO/mcp-test-mcp

Again and again COUNT hosts open a session, each connects to an HTTP target (a demo server), by turns in the one era
and in the other, and calls a tool; half of them disconnect from it, then all sessions end. The descriptors of both
programs must come back to what they were before the first. Then it rests and does the same once more: memory must not
grow from the one time to the other. (The HTTP client underneath keeps the timers of connections that have ended for a
minute.)
"""

import time

import driving

ROUNDS = 10
REST = 65


def main():
    count, program = driving.arguments(100)
    driving.allow_descriptors()
    with driving.HTTPServer([*program, "demo"]) as target, driving.HTTPServer([*program, "serve"]) as tester:
        both = (tester, target)
        before = [each.descriptors() for each in both]
        show("before", both)
        residents = []
        for part in range(2):
            for number in range(part * ROUNDS + 1, (part + 1) * ROUNDS + 1):
                most = visit(tester, target, count)
                come_back = [each.until(lambda: each.descriptors() <= least) for each, least in zip(both, before)]
                show(f"after {number} × {count}, {most[0]} and {most[1]} descriptors meanwhile", both)
                if not all(come_back):
                    raise SystemExit("descriptors are left")
            residents.append([each.resident() for each in both])
            if part == 0:
                time.sleep(REST)
        left = [(after - before) / (ROUNDS * count) for before, after in zip(*residents)]
        print("more after the second time: {:.2f} KB a session of the tester, {:.2f} KB of the target".format(*left))


def visit(tester, target, count):
    """Sessions that come, work and go; the most descriptors meanwhile."""
    control = tester.connect()
    sessions = [tester.open_session(control) for _ in range(count)]
    for number, session in enumerate(sessions):
        era = ("legacy", "modern")[number % 2]
        done(tester.call(control, session, "connect_to_server", url=target.url, protocol=era))
        done(tester.call(control, session, "call_tool", name="echo", arguments={"message": "hi"}))
    most = (tester.descriptors(), target.descriptors())
    for number, session in enumerate(sessions):
        if number % 4 < 2:
            done(tester.call(control, session, "disconnect"))
        tester.end_session(control, session)
    control.close()
    return most


def done(answer):
    assert answer["success"], answer


def show(when, both):
    figures = (f"{each.descriptors()} descriptors, {each.resident() / 1024:.1f} MB" for each in both)
    print("{}: tester {}; target {}".format(when, *figures))


main()

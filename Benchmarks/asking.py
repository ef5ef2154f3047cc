#!/usr/bin/env python3
"""What an elicitation through the inbox costs an assistant, beside the same call without it.

    python3 Benchmarks/asking.py -- PATH/TO/mcp-test-mcp

Drives the program over standard streams against its demo server, in both eras. Counted is what an assistant writes and
reads: the arguments of its calls and the text of their answers. Without the inbox the same question is declined by the
connection's policy.
"""

import json

import driving

CALL = {"name": "test_elicitation", "arguments": {"message": "Who are you?"}}
FORM = {"username": "ada", "email": "ada@example.com"}


class Counted:
    """A host that counts calls and bytes."""

    def __init__(self, host):
        self.host = host
        self.clear()

    def clear(self):
        self.calls, self.wrote, self.read = 0, 0, 0

    def call(self, tool, /, **given):
        text = self.host.call(tool, **given)
        self.calls += 1
        self.wrote += len(json.dumps(given, separators=(",", ":")))
        self.read += len(text.encode())
        return json.loads(text)


def main():
    _, program = driving.arguments(0)
    with driving.Host(program) as host:
        counted = Counted(host)
        for era in ("legacy", "modern"):
            measure(counted, program, era)


def measure(counted, program, era):
    demo = {"command": program[0], "args": [*program[1:], "demo"], "protocol": era}
    counted.call("connect_to_server", name="asked", **demo)
    counted.call("connect_to_server", name="silent", input_policy={"elicitation": "decline"}, **demo)

    counted.clear()
    answer = counted.call("call_tool", connection_name="silent", **CALL)
    assert "action=decline" in json.dumps(answer), answer
    plain = (counted.calls, counted.wrote, counted.read)

    counted.clear()
    asked = counted.call("call_tool", connection_name="asked", **CALL)
    assert asked["status"] == "needs_input", asked
    answer = counted.call("respond", call_id=asked["call_id"], action="accept", content=FORM)
    assert "action=accept" in json.dumps(answer), answer
    inbox = (counted.calls, counted.wrote, counted.read)

    calls, wrote, read = (b - a for a, b in zip(plain, inbox))
    print(f"{era}: {plain[0]} call, {plain[1]} bytes written and {plain[2]} read without the inbox;")
    print(f"  through it {calls} call, {wrote} bytes written and {read} read more")


main()

#!/usr/bin/env python3
"""What an elicitation through the inbox costs an assistant, beside the same call without it.

    python3 Benchmarks/asking.py -- PATH/TO/mcp-test-mcp

Drives the program over standard streams against its demo server, in both eras. Counted is the text that an assistant
reads, and the arguments that it writes. The same call without the inbox has its answer with it, so that the tool's
result is the same.
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
    counted.call("connect_to_server", command=program[0], args=[*program[1:], "demo", "--fixtures"], protocol=era)

    counted.clear()
    answer = counted.call("call_tool", answers=[{"action": "accept", "content": FORM}], **CALL)
    assert "action=accept" in json.dumps(answer), answer
    plain = (counted.calls, counted.read)

    counted.clear()
    asked = counted.call("call_tool", **CALL)
    assert asked["status"] == "needs_input", asked
    answer = counted.call("respond", action="accept", content=FORM)
    assert "action=accept" in json.dumps(answer), answer

    print(f"{era}: {plain[0]} call and {plain[1]} bytes read where the answer is known before;")
    more = counted.read - plain[1]
    print(f"  {counted.calls} calls and {more} bytes more through the inbox, {counted.wrote} bytes written for both")


main()

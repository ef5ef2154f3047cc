#!/usr/bin/env python3
"""What our definitions and answers cost a model, in tokens of four bytes, beside the bar for each.

    python3 Benchmarks/tokens.py -- PATH/TO/mcp-test-mcp

Drives the program over standard streams. Counted is the text of an answer, and the result of tools/list. What the
target itself says in a failure (its result or error, its standard error) is not ours and not counted there. Exits with 1
if a bar is not met, in seconds, so that it can run with every change. Needs cc for the cheap target.
"""

import json
import sys
import tempfile

import driving

# What a failure quotes from the target.
TARGETS_OWN = ("target_result", "target_error")


def size(value):
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def tokens(count):
    return -(-count // 4)


class Bars:
    """The figures, and whether all bars are met."""

    def __init__(self):
        self.all_met = True

    def show(self, name, count, bar=None, unit="tokens"):
        met = bar is None or count <= bar
        self.all_met = self.all_met and met
        verdict = "" if bar is None else f"at most {bar:5}  {'met' if met else 'NOT MET'}"
        print(f"{name:46} {count:6} {unit:7} {verdict}", flush=True)


class Reader:
    """A host that reads the texts of results, and counts them."""

    def __init__(self, host):
        self.host = host
        self.calls, self.bytes = 0, 0

    def call(self, tool, /, **given):
        text = self.host.call(tool, **given)
        self.calls += 1
        self.bytes += len(text.encode())
        return json.loads(text), len(text.encode())


def beside_the_target(answer):
    """The bytes of a failure without what the target itself said."""
    answer = {key: value for key, value in answer.items() if key not in TARGETS_OWN}
    evidence = answer.get("evidence", {})
    evidence.get("server", {}).pop("stderr_tail", None)
    return size(answer)


def definitions(program, bars):
    for tools, bar in (("core", 2000), ("default", None), ("all", 6500)):
        with driving.Host(program, "--tools", tools) as host:
            listed, _ = host.ask("tools/list", {})
        count = len(listed["tools"])
        assert count <= 32 and all(tool["outputSchema"] for tool in listed["tools"])
        bars.show(f"definitions of --tools {tools} ({count} tools)", tokens(size(listed)), bar)


def answers(program, target, bars):
    with driving.Host(program) as host:
        reader = Reader(host)
        answer, count = reader.call("connect_to_server", command=target)
        assert answer["success"], answer
        bars.show("connect_to_server", tokens(count), 200)
        answer, count = reader.call("list_tools")
        assert len(answer["tools"]) == 10, answer
        bars.show("list_tools, 10 tools", tokens(count), 900)
        answer, count = reader.call("call_tool", name="echo", arguments={"message": "hello"})
        assert answer["tool_call"]["result"] == "hello", answer
        bars.show("call_tool echo", tokens(count), 100)
        for number, bar in ((100, 2500), (5000, 1500)):
            reader.call("connect_to_server", command=target, args=["--tools", str(number)])
            answer, count = reader.call("list_tools")
            assert answer["metadata"]["total_tools"] == number, answer
            assert number == len(answer["tools"]) or "more" in answer, answer
            bars.show(f"list_tools, {number} tools", tokens(count), bar)


def failures(program, bars):
    with driving.Host(program) as host:
        reader = Reader(host)
        reader.call("connect_to_server", url="demo")
        for name, arguments in (("divide", {"dividend": 1, "divisor": 0}), ("add", {"a": "two"})):
            answer, _ = reader.call("call_tool", name=name, arguments=arguments)
            assert not answer["success"], answer
            bars.show(f"a failing call of {name}, beside the target", tokens(beside_the_target(answer)), 300)
        answer, count = reader.call("call_tool", name="ecko", arguments={})
        assert answer["error"]["error_type"] == "tool_not_found", answer
        bars.show("call_tool with an unknown tool", tokens(count), 130)
        _, count = reader.call("get_connection_status")
        bars.show("get_connection_status", tokens(count))
        _, count = reader.call("disconnect")
        bars.show("disconnect", tokens(count))


def loop(program, bars):
    """Connect, list, call, fail, read why, restart, call."""
    with driving.Host(program) as host:
        reader = Reader(host)
        divide = {"dividend": 1, "divisor": 0}
        for tool, given, succeeds in (
            ("connect_to_server", {"url": "demo"}, True),
            ("list_tools", {}, True),
            ("call_tool", {"name": "echo", "arguments": {"message": "hello"}}, True),
            ("call_tool", {"name": "divide", "arguments": divide}, False),
            ("describe_tool", {"name": "divide"}, True),
            ("restart_server", {}, True),
            ("call_tool", {"name": "divide", "arguments": divide | {"divisor": 2}}, True),
        ):
            answer, _ = reader.call(tool, **given)
            assert answer["success"] == succeeds, answer
        bars.show("connect, list, call, fail, why, restart, call", reader.calls, 7, "calls")
        bars.show("the same", tokens(reader.bytes), 2500)


def main():
    _, program = driving.arguments(0)
    bars = Bars()
    with tempfile.TemporaryDirectory() as folder:
        definitions(program, bars)
        answers(program, driving.compile_target(folder), bars)
        failures(program, bars)
        loop(program, bars)
    sys.exit(0 if bars.all_met else 1)


main()

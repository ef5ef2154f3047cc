#!/usr/bin/env python3
"""What a call costs whose target reports progress without end: time, the size of the answer, memory; and nothing is
lost.

    python3 Benchmarks/progress.py [COUNT] -- PATH/TO/mcp-test-mcp

Drives the program as an assistant does, over standard streams, and connects it to a server that reports progress
COUNT times in each call. After each call all of it is read with get_events: every report must be there, in order.
"""

import json
import sys
import time

import driving

ROUNDS = 20
# Of the first calls the program still grows into its bounds.
WARM = 4


def main():
    count, program = driving.arguments(10_000)
    with driving.Host(program) as host:
        told = host.report("connect_to_server", command=sys.executable, args=["-S", "-E", __file__, "target"])
        assert told["success"], told
        before = host.resident()
        times, sizes, residents, cpu, since = [], [], [], 0, 0
        for _ in range(ROUNDS):
            start, worked = time.perf_counter(), host.cpu()
            given = {"name": "work", "arguments": {"reports": count}}
            result, size = host.ask("tools/call", {"name": "call_tool", "arguments": given})
            times.append(time.perf_counter() - start)
            cpu += host.cpu() - worked
            sizes.append((len(result["content"][0]["text"]), size))
            assert result["structuredContent"]["success"], result
            since = check(host, count, since)
            residents.append(host.resident())

    print(f"{count} reports in a call: none lost or out of order, in {ROUNDS} calls")
    print(f"time: {1000 * driving.middle(times):.0f} ms, of it {1000 * cpu / ROUNDS:.0f} ms CPU of ours")
    print("answer of the call: {} bytes of text, {} bytes as a message".format(*max(sizes)))
    shown = [f"{each / 1024:.1f}" for each in (before, residents[0], residents[WARM - 1], residents[-1])]
    first = "resident: {} MB before, {} after the first".format(*shown[:2])
    print(f"{first}, {shown[2]} after {WARM} calls, {shown[3]} after {ROUNDS}")


def check(host, count, since):
    """Reads the reports of one call; gives the number of the last event."""
    seen = 0
    while seen < count:
        given = {"since": since, "kinds": ["progress"], "limit": 2000, "max_tokens": 24_000}
        result, _ = host.ask("tools/call", {"name": "get_events", "arguments": given})
        # The text is kept short; this is whole.
        answer = result["structuredContent"]
        if answer.get("dropped") or not answer["events"]:
            raise SystemExit(f"{count - seen} reports are lost: {answer}")
        for event in answer["events"]:
            seen += 1
            if event["params"]["progress"] != seen or event["number"] <= since:
                raise SystemExit(f"report {seen} is out of order: {event}")
            since = event["number"]
    return since


def target():
    """The server: as fast as Python writes."""
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "id" not in request:
            continue
        params, answer = request.get("params", {}), {"jsonrpc": "2.0", "id": request["id"]}
        if request["method"] == "initialize":
            info = {"name": "reporting", "version": "1"}
            answer["result"] = {"protocolVersion": driving.LEGACY, "capabilities": {"tools": {}}, "serverInfo": info}
        elif request["method"] == "tools/call":
            report(params)
            answer["result"] = {"content": [{"type": "text", "text": "done"}]}
        else:
            answer["error"] = {"code": -32601, "message": "Method not found"}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def report(params):
    total = params["arguments"]["reports"]
    for step in range(1, total + 1):
        told = {"progressToken": params["_meta"]["progressToken"], "progress": step, "total": total}
        told["message"] = f"step {step} of {total}"
        line = json.dumps({"jsonrpc": "2.0", "method": "notifications/progress", "params": told})
        sys.stdout.buffer.write(line.encode() + b"\n")


if sys.argv[1:] == ["target"]:
    target()
else:
    main()

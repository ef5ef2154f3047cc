#!/usr/bin/env python3
"""Compares the program with the Python client of the `mcp` package in one interleaved run, and prints each bar.

    python3 Benchmarks/ratios.py [--rounds COUNT] [--before PROGRAM] [--only MEASURE] -- PATH/TO/mcp-test-mcp

Both talk to the same cheap target (`target.c`, compiled here with cc). They take turns in each round. A ratio is formed
within a round; the median of the rounds counts. Exits with 1 if a bar is not met. The client lives in the environment
`mcp2` of `Scripts/peers`, which is created if it is missing. --before adds an earlier build of the program.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import driving

FOLDER = os.path.dirname(os.path.abspath(__file__))
PEERS = os.environ.get("MCP_TEST_PEERS") or os.path.join(FOLDER, "..", ".build-peers")
CALLS = 200
IN_FLIGHT = 64
MANY_CALLS = 2000
MANY_TOOLS = 5000
# Long enough to be worth sending, short enough not to be the measure.
FILLER = "x" * 90


class Lines(driving.Process):
    """A process that is driven by lines."""

    def __init__(self, command):
        super().__init__(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self.buffer = bytearray()

    def write_line(self, data):
        rest = memoryview(data + b"\n")
        while rest:
            rest = rest[os.write(self.child.stdin.fileno(), rest) :]

    def read_line(self):
        searched = 0
        while (end := self.buffer.find(b"\n", searched)) < 0:
            searched = len(self.buffer)
            data = os.read(self.child.stdout.fileno(), 1 << 18)
            if not data:
                raise SystemExit(f"{self.child.args} ended early")
            self.buffer += data
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return line

    def __exit__(self, *details):
        self.child.stdin.close()
        super().__exit__(*details)


class Program(Lines):
    """The program as a server on its standard streams. This script is its host, and its time counts."""

    def __init__(self, command):
        begin = time.perf_counter()
        super().__init__(command)
        self.count = 0
        self.request("initialize", {"protocolVersion": driving.LEGACY, "capabilities": {}, "clientInfo": driving.INFO})
        self.start_seconds = time.perf_counter() - begin
        self.write_line(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode())

    def message(self, method, params):
        self.count += 1
        return json.dumps(driving.request(self.count, method, params), separators=(",", ":")).encode()

    def tool_message(self, tool, arguments):
        return self.message("tools/call", {"name": tool, "arguments": arguments})

    def request(self, method, params):
        """The result, and the seconds until it was here. Not for use while other requests are open."""
        message = self.message(method, params)
        begin = time.perf_counter()
        self.write_line(message)
        while True:
            line = self.read_line()
            seconds = time.perf_counter() - begin
            response = json.loads(line)
            if response.get("id") == self.count and "method" not in response:
                return response["result"], seconds

    def tool(self, name, **arguments):
        result, seconds = self.request("tools/call", {"name": name, "arguments": arguments})
        return content(result), seconds

    def connect(self, target):
        where = {"url": target} if isinstance(target, str) else {"command": target[0], "args": target[1:]}
        self.tool("connect_to_server", **where)

    def list_tools(self):
        report, seconds = self.tool("list_tools")
        return report["metadata"]["total_tools"], seconds

    def echo(self, messages, in_flight):
        """The seconds of each call (only one at a time), and of all."""
        calls = [
            self.tool_message("call_tool", {"name": "echo", "arguments": {"message": message}}) for message in messages
        ]
        lines, times = [], []
        begin = last = time.perf_counter()
        for call in calls[:in_flight]:
            self.write_line(call)
        for call in [*calls[in_flight:], *[None] * in_flight]:
            lines.append(self.read_line())
            now = time.perf_counter()
            times.append(now - last)
            last = now
            if call:
                self.write_line(call)
        # Checked afterwards, so that this script's own work is the least that is possible.
        responses = [content(json.loads(line)["result"]) for line in lines]
        assert {each["tool_call"]["result"] for each in responses} == set(messages), responses
        return times, last - begin


def content(result):
    """The object that one of our tools returned."""
    report = result["structuredContent"]
    assert report["success"], report
    return report


class Peer(Lines):
    """The Python client, which times itself."""

    def __init__(self):
        self.begin = time.perf_counter()
        super().__init__([os.path.join(PEERS, "mcp2", "bin", "python"), os.path.join(FOLDER, "peer_client.py")])

    def operate(self, **operation):
        self.write_line(json.dumps(operation).encode())
        return json.loads(self.read_line())

    def connect(self, target):
        self.operate(connect=target)
        self.start_seconds = time.perf_counter() - self.begin

    def list_tools(self):
        reply = self.operate(list=True)
        return reply["tools"], reply["seconds"]

    def echo(self, messages, in_flight):
        reply = self.operate(echo=messages, in_flight=in_flight)
        return reply["times"], reply["seconds"]


class Run:
    """The contestants in turns, and what they needed."""

    def __init__(self, options, program, target):
        self.makers = {"program": lambda: Program(program), "peer": Peer}
        if options.before:
            self.makers["before"] = lambda: Program([options.before])
        self.rounds = options.rounds
        self.target = target
        self.figures = {}

    def keep(self, measure, name, figure):
        self.figures.setdefault(measure, {}).setdefault(name, []).append(figure)

    def start(self):
        for _ in range(2 * self.rounds):
            for name, make in self.makers.items():
                with make() as contestant:
                    contestant.connect([self.target])
                    self.keep("start", name, contestant.start_seconds * 1e3)

    def in_turns(self, target, measure):
        """Connects each contestant to a target of its own and measures them in turns, after one round to warm up."""
        contestants = {name: make() for name, make in self.makers.items()}
        try:
            for contestant in contestants.values():
                contestant.connect(target)
            names = list(contestants)
            for number in range(self.rounds + 1):
                # Another one begins each round: whoever comes after the Python client finds the caches cold.
                first = number % len(names)
                for name in names[first:] + names[:first]:
                    for figure, value in measure(contestants[name], number).items():
                        if number:
                            self.keep(figure, name, value)
        finally:
            for contestant in contestants.values():
                contestant.__exit__()

    def calls(self, target, latency, cpu):
        def measure(contestant, number):
            before = contestant.cpu()
            times, _ = contestant.echo([f"{number} {index} {FILLER}" for index in range(CALLS)], 1)
            figures = {latency: statistics.median(times) * 1e6}
            if cpu:
                figures[cpu] = (contestant.cpu() - before) / CALLS * 1e6
            return figures

        self.in_turns(target, measure)

    def stdio(self):
        self.calls([self.target], "stdio p50", "CPU")

    def http(self):
        with driving.TargetOverHTTP([self.target, "--http", "{port}"]) as server:
            self.calls(server.url, "HTTP p50", None)

    def in_flight(self):
        def measure(contestant, number):
            _, seconds = contestant.echo([f"{number} {index} {FILLER}" for index in range(MANY_CALLS)], IN_FLIGHT)
            return {"in flight": MANY_CALLS / seconds}

        self.in_turns([self.target], measure)

    def list(self):
        def measure(contestant, _):
            count, seconds = contestant.list_tools()
            assert count == MANY_TOOLS, count
            return {"list": seconds * 1e3}

        self.in_turns([self.target, "--tools", str(MANY_TOOLS)], measure)


# What is measured, its unit, and the bar for the ratio to the peer.
ROWS = {
    "start": ("start to initialize (peer: to connected)", "ms", None),
    "stdio p50": ("call_tool, stdio target, p50", "us", ("at most", 0.40)),
    "CPU": ("CPU of such a call", "us", ("at most", 0.20)),
    "in flight": (f"calls per second, {IN_FLIGHT} in flight", "", ("at least", 10)),
    "list": (f"list of {MANY_TOOLS:,} tools", "ms", ("at most", 0.05)),
    "HTTP p50": ("call_tool, HTTP target, p50", "us", ("at most", 0.25)),
}
# No slower than before, but for what a run of the same build differs by.
SAME = 1.05


def compare(values, others):
    ratios = [value / other for value, other in zip(values, others)]
    return statistics.median(ratios), f"{statistics.median(ratios):.3g} [{min(ratios):.3g} to {max(ratios):.3g}]"


def report(figures):
    """Prints a row per measure. Returns whether every bar is met."""
    all_met = True
    for name, (title, unit, bar) in ROWS.items():
        if name not in figures:
            continue
        own, peer, before = (figures[name].get(key) for key in ("program", "peer", "before"))
        ratio, text = compare(own, peer)
        row = f"{title:42} {statistics.median(own):9,.1f} {unit:2}  peer {statistics.median(peer):9,.1f} {unit:2}  ratio {text:26}"
        if bar:
            met = ratio <= bar[1] if bar[0] == "at most" else ratio >= bar[1]
            all_met = all_met and met
            row += f"  bar {bar[0]} {bar[1]:g}: {'met' if met else 'NOT MET'}"
        if before:
            ratio, text = compare(own, before)
            row += f"  before {statistics.median(before):,.1f} {unit}, ratio {text}"
            if name == "start":
                all_met = all_met and ratio <= SAME
                row += f"  bar at most {SAME:g}: {'met' if ratio <= SAME else 'NOT MET'}"
        print(row, flush=True)
    return all_met


def main():
    words = sys.argv[1:]
    if "--" not in words or words[-1] == "--":
        raise SystemExit(__doc__)
    cut = words.index("--")
    measures = ("start", "stdio", "in_flight", "list", "http")
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--before", metavar="PROGRAM")
    parser.add_argument("--only", action="append", choices=measures)
    options = parser.parse_args(words[:cut])

    subprocess.run([os.path.join(FOLDER, "..", "Scripts", "peers"), "mcp2"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options, words[cut + 1 :], driving.compile_target(folder))
        print(f"load before: {os.getloadavg()[0]:.1f}")
        for measure in options.only or measures:
            getattr(run, measure)()
        print(f"load after: {os.getloadavg()[0]:.1f}")
        if not report(run.figures):
            raise SystemExit(1)


if __name__ == "__main__":
    main()

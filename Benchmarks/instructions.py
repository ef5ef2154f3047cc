"""Counts the instructions of one relayed `call_tool`, which repeat where times do not.

    python3 Benchmarks/instructions.py [--stdio COMMAND] [--http COMMAND] [--tool NAME] [--update] -- PROGRAM

Runs the program under `valgrind --tool=callgrind` twice, with 500 and with 1,500 calls one at a time after `list_tools`,
and prints the difference per call. COMMAND starts a server with an `echo` tool; `{port}` in it is replaced by a free
port. The default for both is the cheap target of target.c. The figures are compared with those in instructions.json for
the same server: a count that grew by more than 3 % fails. --update stores the new ones.
"""

import argparse
import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

import driving

STORED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")
FEW, MANY = 500, 1500
TOLERANCE = 1.03
TARGET_WORDS = {"stdio": "", "http": " --http {port}"}


def instructions(program, connect, calls, tool, profile=None):
    """The instructions of one run of the program with that many calls."""
    with tempfile.NamedTemporaryFile() as log:
        out = profile or "/dev/null"
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", f"--log-file={log.name}"]
        host = driving.Host([*valgrind, *program])
        connected = host.report("connect_to_server", **connect)
        assert connected["success"], connected
        host.call("list_tools")
        for _ in range(calls):
            answer = host.report("call_tool", name=tool, arguments={"message": "hello"})
            assert answer["success"], answer
        host.child.stdin.close()
        host.child.wait(driving.PATIENCE)
        collected = re.search(r"Collected\s*:\s*(\d+)", log.read().decode())
        assert collected, "callgrind reported no total"
        return int(collected[1])


def measure(program, kind, command, tool, profile=None):
    """Instructions per call for a target of the kind."""
    with contextlib.ExitStack() as stack:
        if kind == "http":
            connect = {"url": stack.enter_context(driving.TargetOverHTTP(command)).url}
        else:
            connect = {"command": command[0], "args": command[1:]}
        few, many = (instructions(program, connect, calls, tool) for calls in (FEW, MANY))
        if profile:
            instructions(program, connect, MANY, tool, f"{profile}.{kind}")
    return round((many - few) / (MANY - FEW))


def without_debug_information(program, folder):
    """A copy of the program that valgrind can read: it gives up on some debug information of Swift."""
    copy = os.path.join(folder, os.path.basename(program[0]))
    subprocess.run(["strip", "--strip-debug", "-o", copy, program[0]], check=True)
    return [copy, *program[1:]]


def main():
    words = sys.argv[1:]
    if "--" not in words:
        raise SystemExit(__doc__)
    cut = words.index("--")
    program = words[cut + 1 :]
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--stdio")
    parser.add_argument("--http")
    parser.add_argument("--tool", default="echo")
    parser.add_argument("--only", choices=["stdio", "http"])
    parser.add_argument("--profile", help="keep callgrind's profile in FILE.stdio and FILE.http")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args(words[:cut])

    stored = {}
    if os.path.exists(STORED):
        with open(STORED) as file:
            stored = json.load(file)
    failed = False
    for kind in ("stdio", "http"):
        if options.only not in (None, kind):
            continue
        with tempfile.TemporaryDirectory() as folder:
            command = shlex.split(getattr(options, kind) or driving.compile_target(folder) + TARGET_WORDS[kind])
            count = measure(
                without_debug_information(program, folder), kind, command, options.tool, options.profile
            )
        key = f"{kind} {os.path.basename(command[0])}"
        before = stored.get(key)
        verdict = ""
        if before:
            verdict = f"  ({count / before - 1:+.1%} against {before:,})"
            if count > before * TOLERANCE and not options.update:
                verdict += "  GREW"
                failed = True
        print(f"{kind:5} {count:>9,} instructions per call{verdict}", flush=True)
        stored[key] = count
    if options.update:
        with open(STORED, "w") as file:
            json.dump(stored, file, indent=2, sort_keys=True)
            file.write("\n")
    if failed:
        raise SystemExit("a call costs more than 3 % more instructions than before; see instructions.json")


if __name__ == "__main__":
    main()

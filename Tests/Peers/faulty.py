#!/usr/bin/env python3
"""A scripted MCP server on stdio with one chosen fault. It needs the standard library alone and starts fast.

Without --fault it behaves: initialize, server/discover (with --era modern or dual), ping, tools (echo, count),
resources (memo://hello), prompts (greet). Every line it receives goes verbatim to --log.
"""

import argparse
import os
import re
import sys

from scripted import answers, framing, lifetime, traffic
from scripted.server import Server


def faults():
    """Every fault's class by its name, in the order of their files: ExitAtOnce is exit-at-once."""
    found = {}
    for module in (lifetime, framing, answers, traffic):
        for name, item in vars(module).items():
            if isinstance(item, type) and issubclass(item, Server) and item not in (Server, framing.Raw):
                found[re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()] = item
    return found


def arguments(known):
    described = "\n".join(f"  {name}\n      {' '.join(item.__doc__.split())}" for name, item in known.items())
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=f"faults:\n{described}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--fault", choices=known, metavar="NAME", help="one of the faults below; none: it behaves")
    parser.add_argument("--era", choices=["legacy", "modern", "dual"], default="legacy", help="default: legacy")
    parser.add_argument("--revision", action="append", help="know only this revision (may be given again)")
    parser.add_argument("--on", default="tools/call", metavar="METHOD", help="where it goes wrong; default: tools/call")
    parser.add_argument("--log", metavar="FILE", help="append every received line, as it came")
    parser.add_argument("--pid-file", metavar="FILE", help="write the process id there before anything else")
    parser.add_argument("--code", type=int, help="exit code; default: 0 after an answer, 1 without one")
    parser.add_argument("--signal", metavar="NAME", help="die of this signal instead, such as SIGSEGV or SIGKILL")
    parser.add_argument("--stderr", default="error: cannot open data.db", metavar="TEXT", help="last words")
    parser.add_argument("--seconds", type=float, default=2, help="how long; default: 2")
    parser.add_argument("--size", type=int, help="bytes; default: 10 MB, or 1 MiB on stderr")
    parser.add_argument("--count", type=int, default=10_000, help="how many; default: 10000")
    options = parser.parse_args()
    if options.code is None:
        options.code = 0 if options.fault in ("answer-after-exit", "no-newline-at-end") else 1
    if options.size is None:
        options.size = 1 << 20 if options.fault == "stderr-flood" else 10_000_000
    return options


def main():
    known = faults()
    options = arguments(known)
    if options.pid_file:
        with open(options.pid_file, "w") as file:
            file.write(str(os.getpid()))
    known.get(options.fault, Server)(options).run()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Runs a command at a terminal of its own and passes everything on: standard input as what is typed, standard output as
what the screen shows. Ends with the command's exit code, or 128 and the number of the signal that ended it.

    terminal.py COMMAND [ARGUMENT…]
"""

import os
import pty
import select
import sys


def pass_on(terminal):
    """Until the screen is closed, which the end of the last process at the terminal does."""
    sources = [terminal, 0]
    while True:
        ready, _, _ = select.select(sources, [], [])
        if terminal in ready:
            try:
                shown = os.read(terminal, 65536)
            except OSError:  # Linux says so where others give no bytes
                shown = b""
            if not shown:
                return
            os.write(1, shown)
        if 0 in ready:
            typed = os.read(0, 65536)
            if typed:
                os.write(terminal, typed)
            else:
                sources.remove(0)


def main():
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    pass_on(terminal)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()

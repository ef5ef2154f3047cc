#!/usr/bin/env python3
"""Types into a command at a terminal of its own, as a person does: each step waits for what the screen must show.

    keystrokes.py [--size COLUMNS] STEPS COMMAND [ARGUMENT…]

STEPS is a JSON array. A string is typed as it is; an array of one string is waited for in what was shown since the last
wait. Prints everything that was shown. Ends with 0 if all was shown in time, else with 1 and what was missing.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 300


class Screen:
    def __init__(self, command, columns):
        self.shown = b""
        self.read = 0
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execvp(command[0], command)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def wait_for(self, text):
        end = time.monotonic() + PATIENCE
        while (found := self.shown.find(text.encode(), self.read)) < 0:
            ready, _, _ = select.select([self.terminal], [], [], max(0, end - time.monotonic()))
            if not ready:
                return False
            try:
                more = os.read(self.terminal, 65536)
            except OSError:
                more = b""
            if not more:
                return False
            self.shown += more
        self.read = found + len(text.encode())
        return True

    def close(self):
        os.kill(self.child, signal.SIGKILL)
        os.close(self.terminal)
        os.waitpid(self.child, 0)


def main():
    words = sys.argv[1:]
    columns = 100
    if words[0] == "--size":
        columns, words = int(words[1]), words[2:]
    screen = Screen(words[1:], columns)
    missing = None
    for step in json.loads(words[0]):
        if isinstance(step, str):
            os.write(screen.terminal, step.encode())
        elif not screen.wait_for(step[0]):
            missing = step[0]
            break
    screen.close()
    sys.stdout.buffer.write(screen.shown)
    if missing is not None:
        print(f"\nkeystrokes.py: the screen did not show {missing!r}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()

"""Runs a command at a terminal with a real emulator behind it, and shows what a person would see.

Reads one JSON object a line: {"type": TEXT} types, {"resize": [COLUMNS, ROWS]} changes the size. Prints one JSON object
whenever the screen has changed: {"screen": [ROW…], "cursor": [ROW, COLUMN]}, with all rows that have scrolled away before
those on the screen. At the end: {"exit": CODE}, or 128 and the number of the signal that ended it.

    screen.py [--size COLUMNSxROWS] COMMAND [ARGUMENT…]
"""

import codecs
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios

import pyte

HISTORY = 10_000


def set_size(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def text(line, columns):
    return "".join(line[column].data for column in range(columns)).rstrip()


def show(screen):
    above = [text(line, screen.columns) for line in screen.history.top]
    rows = above + [row.rstrip() for row in screen.display]
    while len(rows) > len(above) + screen.cursor.y + 1 and not rows[-1]:
        rows.pop()
    cursor = [len(above) + screen.cursor.y, screen.cursor.x]
    print(json.dumps({"screen": rows, "cursor": cursor}), flush=True)


def main():
    arguments = sys.argv[1:]
    columns, rows = 80, 24
    if arguments[0] == "--size":
        columns, rows = map(int, arguments[1].split("x"))
        arguments = arguments[2:]
    child, terminal = pty.fork()
    if child == 0:
        set_size(0, columns, rows)
        os.execvp(arguments[0], arguments)
    screen = pyte.HistoryScreen(columns, rows, history=HISTORY)
    stream = pyte.Stream(screen)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    sources, pending = [terminal, 0], b""
    while True:
        ready, _, _ = select.select(sources, [], [])
        if terminal in ready:
            try:
                shown = os.read(terminal, 65536)
            except OSError:  # Linux says so where others give no bytes
                shown = b""
            if not shown:
                break
            stream.feed(decoder.decode(shown))
            show(screen)
        if 0 in ready:
            got = os.read(0, 65536)
            if not got:
                sources.remove(0)
                continue
            *lines, pending = (pending + got).split(b"\n")
            for line in map(json.loads, lines):
                if "type" in line:
                    os.write(terminal, line["type"].encode())
                else:
                    set_size(terminal, *line["resize"])
                    screen.resize(columns=line["resize"][0], lines=line["resize"][1])
                    os.kill(child, signal.SIGWINCH)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"exit": code if code >= 0 else 128 - code}), flush=True)


if __name__ == "__main__":
    main()

"""A server that floods its client: `requests` answers a call with pings without end and reads nothing more; `pages` has a
list without end, of tools that are 1 MB each."""

import json
import os
import sys

RESULT = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "flood", "version": "1"}}


def send(message):
    os.write(1, json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


def main(mode):
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        if message["method"] == "initialize":
            send({"id": message["id"], "result": RESULT})
        elif message["method"] == "tools/call" and mode == "requests":
            pings = b"".join(b'{"jsonrpc":"2.0","id":"p%d","method":"ping"}\n' % number for number in range(1000))
            while True:
                os.write(1, pings)
        elif message["method"] == "tools/list" and mode == "pages":
            page = str(message["id"])
            tool = {"name": f"t{page}", "description": "x" * 1_000_000, "inputSchema": {"type": "object"}}
            sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"tools": [tool], "nextCursor": page}}))
            sys.stdout.write("\n")
            sys.stdout.flush()
        else:
            send({"id": message["id"], "error": {"code": -32601, "message": "unknown method"}})


main(sys.argv[1])

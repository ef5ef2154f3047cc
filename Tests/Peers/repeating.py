"""A server that repeats everything it was given: arguments, variables, headers, URLs and calls.

It writes them to standard error, into log messages, results, errors and lists. With `--reading` it has more tools, which
repeat only the last argument. Over stdio, or over HTTP with `--http PORT`,
where it prints `listening on URL` first and ends with its standard input.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def knowledge(extra):
    return {"argv": sys.argv, "environment": dict(os.environ), "request": extra}


def response(message, extra):
    if "id" not in message:
        return None
    method = message.get("method")
    known = knowledge(extra)
    text = json.dumps(known)
    if method == "initialize":
        info = {"name": "repeating", "version": "1"}
        result = {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {}} if "--reading" in sys.argv else {"tools": {}, "resources": {}, "logging": {}},
            "serverInfo": info,
            "instructions": text,
        }
    elif method == "tools/list":
        tool = {"name": "repeat", "description": text, "inputSchema": {"type": "object"}}
        reader = {"name": "last", "annotations": {"readOnlyHint": True}, "inputSchema": {"type": "object"}}
        result = {"tools": [tool, reader] + (reading_tools() if "--reading" in sys.argv else [])}
    elif method == "tools/call":
        name = message["params"]["name"]
        if name == "fail":
            return {"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32000, "message": text, "data": known}}
        if name in ("wrong", "long"):
            said = ("x" * 115 if name == "long" else "wrong token: ") + secret()
            result = {"content": [{"type": "text", "text": said}], "isError": True}
            return {"jsonrpc": "2.0", "id": message["id"], "result": result}
        content = [{"type": "text", "text": text}, {"type": "text", "text": str(known)}]
        result = {"content": content, "structuredContent": known, "isError": name == "error"}
        if name == "last":
            result = {"content": [{"type": "text", "text": "refused: " + sys.argv[-1]}], "isError": True}
    elif method == "ping":
        result = {}
    else:
        return {"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no " + method}}
    return {"jsonrpc": "2.0", "id": message["id"], "result": result}


def secret():
    return sys.argv[-1].split("=")[-1]


def reading_tools():
    """Tools that a first suite tries, and one with a wrong schema whose name is a secret."""
    reading = {"inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}
    wrong = {"name": secret(), "inputSchema": {"type": "string"}}
    return [{"name": "wrong", **reading}, {"name": "long", **reading}, wrong]


def over_stdio():
    for line in sys.stdin:
        message = json.loads(line)
        print(json.dumps(knowledge(message)), file=sys.stderr, flush=True)
        if message.get("method") == "tools/call":
            params = {"level": "error", "data": knowledge(message)}
            print(json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": params}), flush=True)
            if message["params"]["name"] == "exit":
                sys.exit(3)
        answer = response(message, message)
        if answer is not None:
            print(json.dumps(answer), flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        message = json.loads(body)
        extra = {"path": self.path, "headers": dict(self.headers.items()), "body": message}
        answer = response(message, extra)
        if message.get("method") == "tools/call" and message["params"]["name"] == "refuse":
            self.reply(401, json.dumps(extra).encode(), [("X-Repeated", json.dumps(extra["headers"]))])
        elif answer is None:
            self.reply(202, b"")
        else:
            self.reply(200, json.dumps(answer).encode())

    def do_GET(self):
        self.reply(405, b"")

    do_DELETE = do_GET

    def reply(self, status, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def over_http(port):
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}/mcp", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if "--http" in sys.argv:
    over_http(int(sys.argv[sys.argv.index("--http") + 1]))
else:
    over_stdio()

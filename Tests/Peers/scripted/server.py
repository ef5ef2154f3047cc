"""The well-behaved server that every fault departs from: both eras, a few tools, a resource, a prompt, ping."""

import json
import os
import sys

HANDSHAKE = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
MODERN = ["2026-07-28"]
# What the modern era has no more, and what only it has.
REMOVED = ["initialize", "ping"]
ADDED = ["server/discover"]
META = "io.modelcontextprotocol/"
INFO = {"name": "scripted", "version": "1.0.0"}
CAPABILITIES = {"tools": {}, "resources": {}, "prompts": {}}

ECHO = {
    "name": "echo",
    "description": "Returns the message.",
    "inputSchema": {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]},
}
COUNT = {
    "name": "count",
    "description": "Counts to three, under an output schema.",
    "inputSchema": {"type": "object"},
    "outputSchema": {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]},
}
RESOURCE = {"uri": "memo://hello", "name": "hello", "mimeType": "text/plain"}
PROMPT = {"name": "greet", "arguments": [{"name": "name", "required": True}]}


class RPCError(Exception):
    """An error to answer a request with."""

    def __init__(self, code, message, data=None):
        self.body = {"code": code, "message": message} | ({} if data is None else {"data": data})


class Server:
    """Serves line by line, one request after the other. A fault overrides the step in which it departs."""

    def __init__(self, options):
        self.options = options
        self.log = open(options.log, "ab", buffering=0) if options.log else None
        self.initialized = False
        known = options.revision or HANDSHAKE + MODERN
        self.handshake = [each for each in known if each not in MODERN] if options.era != "modern" else []
        self.modern = [each for each in known if each in MODERN] if options.era != "legacy" else []

    # The life of the process

    def start(self):
        """Runs before the first line is read."""

    def run(self):
        self.start()
        for line in self.lines():
            self.take(line)
        self.end()

    def end(self):
        """Runs at the end of input; then the process exits with 0."""

    def lines(self):
        for line in sys.stdin.buffer:
            if self.log:
                self.log.write(line)
            yield line

    def complain(self, text):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    # Out

    def write(self, data: bytes):
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os._exit(0)  # nobody listens any more; an exception here would only be noise on stderr

    def encoded(self, message) -> bytes:
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

    def send(self, message):
        self.write(self.encoded(message) + b"\n")

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    # In

    def take(self, line):
        try:
            message = json.loads(line)
        except ValueError as error:
            return self.send(failure(None, RPCError(-32700, f"Parse error: {error}")))
        for each in message if isinstance(message, list) else [message]:
            self.receive(each)

    def receive(self, message):
        if not isinstance(message, dict):
            self.send(failure(None, RPCError(-32600, "Invalid Request: not an object")))
        elif "method" not in message:
            self.receive_response(message)
        elif "id" not in message:
            self.receive_notification(message)
        elif message["method"] == self.options.on:
            self.misbehave(message)
        else:
            self.behave(message)

    def receive_response(self, response):
        """Nothing was asked, so nothing is expected."""

    def receive_notification(self, notification):
        """Nothing here depends on one."""

    def behave(self, request):
        answer = self.answer(request)
        if answer is not None:
            self.send(answer)

    def misbehave(self, request):
        """What happens to a request of the method named by --on; the place of most faults."""
        self.behave(request)

    # Answers

    def answer(self, request):
        """The right response, or None where the server stays silent."""
        method, params = request["method"], request.get("params") or {}
        handler = getattr(self, "on_" + str(method).replace("/", "_"), None)
        try:
            if not isinstance(params, dict):
                raise RPCError(-32602, "params must be an object")
            modern = self.is_modern(method, params)
            if handler is None or method in (REMOVED if modern else ADDED):
                return self.unknown(request)
            result = handler(params)
        except RPCError as error:
            return failure(request["id"], error)
        if modern:
            result = {"resultType": "complete"} | result
            result.setdefault("_meta", {})[META + "serverInfo"] = INFO
            if method.endswith(("/list", "/discover", "/read")):
                result |= {"ttlMs": 0, "cacheScope": "private"}
        return {"jsonrpc": "2.0", "id": request["id"], "result": result}

    def unknown(self, request):
        return failure(request["id"], RPCError(-32601, f"Method not found: {request['method']}"))

    def is_modern(self, method, params):
        """Which era a request is of: the envelope decides, where this server speaks the modern one at all."""
        version = (params.get("_meta") or {}).get(META + "protocolVersion")
        if version is None:
            if not self.handshake and method != "initialize":
                raise RPCError(-32602, f"params._meta lacks {META}protocolVersion")
            return False
        if self.modern and version not in self.modern:
            data = {"supported": self.modern, "requested": version}
            raise RPCError(-32022, "Unsupported protocol version", data)
        return bool(self.modern)

    def on_initialize(self, params):
        if not self.handshake:
            raise RPCError(-32601, f"This server speaks only {self.modern}", {"supported": self.modern})
        self.initialized = True
        asked = params.get("protocolVersion")
        version = asked if asked in self.handshake else self.handshake[-1]
        return {"protocolVersion": version, "capabilities": CAPABILITIES, "serverInfo": INFO}

    def on_server_discover(self, params):
        return {"supportedVersions": self.modern, "capabilities": CAPABILITIES}

    def on_ping(self, params):
        return {}

    def tools(self):
        return [ECHO, COUNT]

    def page(self, key, items, cursor):
        """One page of a listing: here all of it."""
        if cursor is not None:
            raise RPCError(-32602, f"Invalid cursor: {cursor!r}")
        return {key: items}

    def on_tools_list(self, params):
        return self.page("tools", self.tools(), params.get("cursor"))

    def on_resources_list(self, params):
        return self.page("resources", [RESOURCE], params.get("cursor"))

    def on_resources_templates_list(self, params):
        return self.page("resourceTemplates", [], params.get("cursor"))

    def on_prompts_list(self, params):
        return self.page("prompts", [PROMPT], params.get("cursor"))

    def on_tools_call(self, params):
        name, arguments = params.get("name"), params.get("arguments") or {}
        if name == "echo":
            return {"content": [text_block(arguments.get("message", ""))]}
        if name == "count":
            return {"content": [text_block('{"count":3}')], "structuredContent": {"count": 3}}
        raise RPCError(-32602, f"Unknown tool: {name}")

    def on_resources_read(self, params):
        if params.get("uri") != RESOURCE["uri"]:
            raise RPCError(-32602 if self.modern else -32002, f"Resource not found: {params.get('uri')}")
        return {"contents": [{"uri": RESOURCE["uri"], "mimeType": "text/plain", "text": "hello"}]}

    def on_prompts_get(self, params):
        name = (params.get("arguments") or {}).get("name")
        if params.get("name") != "greet" or name is None:
            raise RPCError(-32602, "Unknown prompt, or no argument `name`")
        return {"messages": [{"role": "user", "content": text_block(f"Greet {name}.")}]}


def text_block(text):
    return {"type": "text", "text": text}


def failure(id, error):
    return {"jsonrpc": "2.0", "id": id, "error": error.body}

"""What the benchmarks from outside share: programs started, HTTP spoken by hand, tools called, figures of a process
read.

Needs nothing but Python. Linux only: memory and descriptors are read from /proc.
"""

import json
import os
import resource
import select
import socket
import subprocess
import sys
import time

LEGACY = "2025-06-18"
MODERN = "2026-07-28"
INFO = {"name": "benchmark", "version": "1"}
META = "io.modelcontextprotocol/"
# Nothing here takes longer; what does hangs.
PATIENCE = 60


def arguments(count):
    """COUNT and the program's words, of `[COUNT] -- PROGRAM…`."""
    words = sys.argv[1:]
    if "--" not in words or not words[words.index("--") + 1 :]:
        raise SystemExit(f"usage: python3 {sys.argv[0]} [COUNT] -- PATH/TO/mcp-test-mcp")
    cut = words.index("--")
    return int(words[0]) if cut else count, words[cut + 1 :]


def allow_descriptors():
    """As many as may be, here and in what is started."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def middle(values):
    return sorted(values)[len(values) // 2]


class Process:
    """A process that was started, and what it costs."""

    def __init__(self, command, **streams):
        self.child = subprocess.Popen(command, **streams)

    @property
    def pid(self):
        return self.child.pid

    def resident(self):
        """Kilobytes of memory."""
        with open(f"/proc/{self.pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Rss:"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu(self):
        """Seconds."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def until(self, is_so):
        """Waits until something is so, within a bound; tells whether it came to be."""
        end = time.monotonic() + PATIENCE / 6
        while time.monotonic() < end:
            if is_so():
                return True
            time.sleep(0.02)
        return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def compile_target(folder):
    """The path of the cheap target, compiled into the folder."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "target.c")
    path = os.path.join(folder, "target")
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", path, source], check=True)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class TargetOverHTTP(Process):
    """A target that is started by its own command; `{port}` in it is replaced by a free port."""

    def __init__(self, command):
        port = free_port()
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        super().__init__([word.replace("{port}", str(port)) for word in command], **quiet)
        self.url = f"http://127.0.0.1:{port}/mcp"
        end = time.monotonic() + PATIENCE
        while self.child.poll() is None and time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{' '.join(command)} does not listen on port {port}")


class HTTPServer(Process):
    """The program as a server over HTTP, on a free port of its own choice."""

    def __init__(self, command, *words):
        command = [*command, *words, "--transport", "streamable-http", "--port", "0"]
        super().__init__(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for line in self.child.stderr:
            if b'"url"' in line:
                self.url = json.loads(line)["url"]
                break
        else:
            raise SystemExit(f"{' '.join(command)} does not serve")
        self.port = int(self.url.split(":")[2].split("/")[0])
        # It says little more than that, and what it says fits into the pipe.

    def connect(self, receive_buffer=None):
        sock = socket.socket()
        sock.settimeout(PATIENCE)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.connect(("127.0.0.1", self.port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def send(self, sock, method, fields=(), body=b""):
        head = [f"{method} /mcp HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *fields]
        sock.sendall("\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body)

    def exchange(self, sock, method, fields=(), body=b""):
        """The status, the fields and the body, or what of it came with the head where it is a stream."""
        self.send(sock, method, fields, body)
        return read_answer(sock)

    def post(self, sock, message, *fields):
        self.send_message(sock, message, *fields)
        return read_answer(sock)

    def send_message(self, sock, message, *fields):
        common = ["Content-Type: application/json", "Accept: application/json, text/event-stream"]
        self.send(sock, "POST", [*common, *fields], json.dumps(message).encode())

    # The legacy era

    def open_session(self, sock):
        params = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": INFO}
        status, fields, _ = self.post(sock, request(1, "initialize", params))
        assert status == 200, status
        session = fields["mcp-session-id"]
        said = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        status, _, _ = self.post(sock, said, f"Mcp-Session-Id: {session}")
        assert status == 202, status
        return session

    def end_session(self, sock, session):
        return self.exchange(sock, "DELETE", [f"Mcp-Session-Id: {session}"])

    def call(self, sock, session, tool, /, **given):
        """The tool's own object, of a call within a session."""
        message = request(2, "tools/call", {"name": tool, "arguments": given})
        status, fields, body = self.post(sock, message, f"Mcp-Session-Id: {session}")
        assert status == 200, (status, body)
        if fields["content-type"] == "text/event-stream":
            body = next(line[6:] for line in body.split(b"\n") if line.startswith(b"data: ") and b'"result"' in line)
        return json.loads(body)["result"]["structuredContent"]

    # The modern era

    @staticmethod
    def modern(id, method, params):
        """A message of the modern era, and the fields that HTTP says again of it."""
        meta = {"protocolVersion": MODERN, "clientInfo": INFO, "clientCapabilities": {}}
        params = params | {"_meta": {META + key: value for key, value in meta.items()}}
        fields = [f"MCP-Protocol-Version: {MODERN}", f"Mcp-Method: {method}"]
        if "name" in params:
            fields.append(f"Mcp-Name: {params['name']}")
        return request(id, method, params), fields


class Host(Process):
    """The program as a server over its standard streams, and its host."""

    def __init__(self, command, *words):
        super().__init__(
            [*command, "serve", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self.count = 0
        params = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": INFO}
        self.ask("initialize", params)
        self.write({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def write(self, message):
        self.child.stdin.write(json.dumps(message).encode() + b"\n")

    def ask(self, method, params):
        """The result, and how many bytes it came in."""
        self.count += 1
        self.write(request(self.count, method, params))
        while True:
            line = self.read_line()
            message = json.loads(line)
            if message.get("id") == self.count and "method" not in message:
                return message["result"], len(line)

    def read_line(self):
        parts = []
        while not (parts and parts[-1].endswith(b"\n")):
            ready, _, _ = select.select([self.child.stdout], [], [], PATIENCE)
            part = os.read(self.child.stdout.fileno(), 1 << 20) if ready else b""
            if not part:
                raise SystemExit("the program ended or does not answer")
            parts.append(part)
        # What was told meanwhile stands before the answer.
        return b"".join(parts).rstrip(b"\n").split(b"\n")[-1]

    def call(self, tool, /, **given):
        """A tool's own text, as an assistant reads it."""
        return self.ask("tools/call", {"name": tool, "arguments": given})[0]["content"][0]["text"]

    def report(self, tool, /, **given):
        """A tool's own object."""
        return self.ask("tools/call", {"name": tool, "arguments": given})[0]["structuredContent"]


def request(id, method, params):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


def read_answer(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        data += received(sock, data)
    head, rest = data.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    fields = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
    status = int(lines[0].split()[1])
    if "content-length" in fields:
        while len(rest) < int(fields["content-length"]):
            rest += received(sock, data)
    return status, fields, rest


def received(sock, before):
    part = sock.recv(1 << 16)
    if not part:
        raise SystemExit(f"the server closed the connection after {before!r}")
    return part

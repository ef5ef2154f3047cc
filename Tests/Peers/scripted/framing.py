"""Faults of bytes and lines: what stands on stdout is not one JSON message a line."""

import sys

from .server import Server, text_block


class Garbage(Server):
    """Answers every request with a line that is no JSON."""

    def behave(self, request):
        self.write(b"<html>502 Bad Gateway</html>\n")

    misbehave = behave


class Banner(Server):
    """Prints a banner of three lines, one of them empty, before it works."""

    def start(self):
        self.write("╔═ Scripted Server 1.0 ═╗\n\nListening on stdio…\n".encode())


class NoiseBetween(Server):
    """Prints log lines on stdout around every answer; one of them is JSON, but no message."""

    def send(self, message):
        self.write(b"INFO: handling a request\n")
        super().send(message)
        self.write(b'{"level":"info","msg":"handled"}\n')


class HalfLine(Server):
    """Writes the first half of the answer to --on, then nothing any more, but lives on."""

    stopped = False

    def misbehave(self, request):
        line = self.encoded(self.answer(request))
        self.write(line[: len(line) // 2])
        self.stopped = True

    def receive(self, message):
        if not self.stopped:
            super().receive(message)


class SplitWrites(Server):
    """Writes everything byte by byte."""

    def write(self, data):
        for index in range(len(data)):
            super().write(data[index : index + 1])


class JoinedWrites(Server):
    """Writes the answer to --on and two notifications around it in one piece."""

    def misbehave(self, request):
        note = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "joined"}}
        self.write(b"\n".join(self.encoded(each) for each in (note, self.answer(request), note)) + b"\n")


class Crlf(Server):
    """Ends every line with CR LF."""

    def send(self, message):
        self.write(self.encoded(message) + b"\r\n")


class BlankLines(Server):
    """Writes empty lines and lines of spaces between its messages."""

    def send(self, message):
        self.write(b"\n   \n")
        super().send(message)


class Big(Server):
    """Answers --on with a text of --size letters."""

    def misbehave(self, request):
        answer = {"content": [text_block("x" * self.options.size)]}
        self.send({"jsonrpc": "2.0", "id": request["id"], "result": answer})


class Raw(Server):
    """Base of those that put bytes into a text that no JSON writer would."""

    text = b""

    def misbehave(self, request):
        answer = {"content": [text_block("before@after")]}
        line = self.encoded({"jsonrpc": "2.0", "id": request["id"], "result": answer})
        self.write(line.replace(b"@", self.text) + b"\n")


class LoneSurrogate(Raw):
    r"""Answers --on with the escape \ud800 and no second half."""

    text = rb"\ud800"


class InvalidUtf8(Raw):
    """Answers --on with the bytes FF FE inside a text."""

    text = b"\xff\xfe"


class NulByte(Raw):
    """Answers --on with a raw zero byte inside a text."""

    text = b"\0"


class NulEscape(Raw):
    r"""Answers --on with the escape \u0000 inside a text, which is valid."""

    text = rb"\u0000"


class DuplicateKeys(Raw):
    """Answers --on with a text block that has its text twice."""

    text = b'first","text":"'


class StderrFlood(Server):
    """Writes --size bytes to stderr before it answers --on, and would hang there if nobody read them."""

    def misbehave(self, request):
        line = "the same warning again, " + "and again " * 10
        sys.stderr.write((line + "\n") * (self.options.size // (len(line) + 1)))
        sys.stderr.flush()
        self.behave(request)

"""Faults of the process: it does not come up, falls silent, or does not go away."""

import os
import signal
import sys
import time

from .server import RPCError, Server, failure

TRACEBACK = """Traceback (most recent call last):
  File "server.py", line 42, in call_tool
    return self.database.fetch(key)
KeyError: 'no such key'"""


class ExitAtOnce(Server):
    """Writes --stderr to stderr and exits with --code before it reads anything."""

    def start(self):
        self.complain(self.options.stderr)
        sys.exit(self.options.code)


class SlowStart(Server):
    """Reads its first line only after --seconds; then works."""

    def start(self):
        time.sleep(self.options.seconds)


class Silent(Server):
    """Reads everything and answers nothing."""

    def receive(self, message):
        pass


class SilentOnUnknown(Server):
    """Never answers a method that it does not know, such as server/discover; works otherwise."""

    def unknown(self, request):
        return None


class DieOnUnknown(Server):
    """Exits with --code at an unknown method before initialize; works otherwise."""

    def unknown(self, request):
        if self.initialized:
            return super().unknown(request)
        self.complain(f"fatal: unexpected {request['method']} before initialize")
        sys.exit(self.options.code)


class WrongVersion(Server):
    """Answers initialize with the revision 1999-01-01."""

    def on_initialize(self, params):
        return super().on_initialize(params) | {"protocolVersion": "1999-01-01"}


class InitializeError(Server):
    """Answers initialize with an error; works otherwise."""

    def on_initialize(self, params):
        raise RPCError(-32603, "the database is locked", {"path": "data.db"})


class NeverAnswer(Server):
    """Never answers --on; the rest works on."""

    def misbehave(self, request):
        pass


class DieMidCall(Server):
    """At --on writes a traceback to stderr, then exits with --code, or dies of --signal."""

    def misbehave(self, request):
        self.complain(TRACEBACK)
        if self.options.signal:
            os.kill(os.getpid(), getattr(signal, self.options.signal))
        # Not sys.exit: this must end the process here, whatever calls us.
        os._exit(self.options.code)


class AnswerAfterExit(Server):
    """Answers --on, then exits at once with --code."""

    def misbehave(self, request):
        self.behave(request)
        os._exit(self.options.code)


class NoNewlineAtEnd(Server):
    """Answers --on without the newline, then exits with --code."""

    def misbehave(self, request):
        self.write(self.encoded(self.answer(request)))
        os._exit(self.options.code)


class ErrorThenExit(Server):
    """Answers --on with an error whose id is null, then exits with --code."""

    def misbehave(self, request):
        self.send(failure(None, RPCError(-32603, "cannot go on")))
        os._exit(self.options.code)


class IgnoresEofAndTerm(Server):
    """Works, but ignores the end of input, SIGTERM, SIGINT and SIGHUP; ends by itself after a minute."""

    def start(self):
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)

    def end(self):
        time.sleep(60)

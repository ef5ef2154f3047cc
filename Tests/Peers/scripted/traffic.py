"""Servers that send more than answers, or watch what the client sends besides requests. Not all of it is a fault."""

import json
import time

from .server import Server, text_block


def reporting(request, value):
    """A tool result that reports to the test, as text and as structured content."""
    result = {"content": [text_block(json.dumps(value))], "structuredContent": value}
    return {"jsonrpc": "2.0", "id": request["id"], "result": result}


class RequestToClient(Server):
    """At --on first asks the client ping, roots/list, sampling/createMessage and an unknown method, waits for all
    four, then answers with what the client answered, by method."""

    asked = {
        "ping": {},
        "roots/list": {},
        "sampling/createMessage": {
            "messages": [{"role": "user", "content": {"type": "text", "text": "hi"}}],
            "maxTokens": 10,
        },
        "no/such": {},
    }

    def __init__(self, options):
        super().__init__(options)
        self.call, self.answers = None, {}

    def misbehave(self, request):
        self.call = request
        for method, params in self.asked.items():
            self.send({"jsonrpc": "2.0", "id": f"server-{method}", "method": method, "params": params})

    def receive_response(self, response):
        self.answers[str(response.get("id")).removeprefix("server-")] = response
        if self.call and len(self.answers) == len(self.asked):
            self.send(reporting(self.call, self.answers))
            self.call, self.answers = None, {}


class CancelAware(Server):
    """Holds every call of a tool and answers none, but `cancellations`, which reports the held ids and the params of
    every notifications/cancelled so far."""

    def __init__(self, options):
        super().__init__(options)
        self.held, self.cancelled = [], []

    def receive_notification(self, notification):
        if notification["method"] == "notifications/cancelled":
            self.cancelled.append(notification.get("params"))

    def misbehave(self, request):
        if (request.get("params") or {}).get("name") == "cancellations":
            self.send(reporting(request, {"held": self.held, "cancelled": self.cancelled}))
        else:
            self.held.append(request["id"])


class AnswersCancelled(CancelAware):
    """Holds calls as cancel-aware does, and answers each one right after it was cancelled, too late."""

    def receive_notification(self, notification):
        super().receive_notification(notification)
        id = (notification.get("params") or {}).get("requestId")
        if id in self.held:
            self.send({"jsonrpc": "2.0", "id": id, "result": {"content": [text_block("too late")]}})


class Progress(Server):
    """Reports progress three times under the token that the request gave, then answers --on."""

    def misbehave(self, request):
        token = ((request.get("params") or {}).get("_meta") or {}).get("progressToken")
        if token is not None:
            for step in (1, 2, 3):
                params = {"progressToken": token, "progress": step, "total": 3, "message": f"step {step}"}
                self.notify("notifications/progress", params)
        self.behave(request)


class ProgressOnly(Server):
    """Reports progress --count times for --on, once every --seconds, and never answers."""

    def misbehave(self, request):
        token = ((request.get("params") or {}).get("_meta") or {}).get("progressToken")
        for step in range(self.options.count):
            self.notify("notifications/progress", {"progressToken": token, "progress": step + 1})
            time.sleep(self.options.seconds)


class StrangeProgress(Server):
    """Reports progress under a token that nobody gave, then answers --on."""

    def misbehave(self, request):
        self.notify("notifications/progress", {"progressToken": "nobody's", "progress": 1})
        self.behave(request)


class NotificationFlood(Server):
    """Sends --count log notifications, then answers --on."""

    def misbehave(self, request):
        for number in range(self.options.count):
            self.notify("notifications/message", {"level": "info", "logger": "flood", "data": {"number": number}})
        self.behave(request)


class ListChanged(Server):
    """Announces that each of its listings changed, then answers --on."""

    def misbehave(self, request):
        for kind in ("tools", "resources", "prompts"):
            self.notify(f"notifications/{kind}/list_changed", {})
        self.behave(request)

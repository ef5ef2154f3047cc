"""Faults of single answers: well-formed lines that break JSON-RPC or MCP."""

from .server import COUNT, ECHO, RPCError, Server, failure


class AnswersTwice(Server):
    """Answers --on twice with the same id."""

    def misbehave(self, request):
        self.behave(request)
        self.behave(request)


class WrongId(Server):
    """Answers --on under an id that nobody used."""

    def misbehave(self, request):
        self.send(self.answer(request) | {"id": 987654321})


class StringId(Server):
    """Answers --on with its number as a string: 1 as "1"."""

    def misbehave(self, request):
        self.send(self.answer(request) | {"id": str(request["id"])})


class FloatId(Server):
    """Answers --on with its number as a fraction: 1 as 1.0."""

    def misbehave(self, request):
        self.send(self.answer(request) | {"id": float(request["id"])})


class NullIdError(Server):
    """Answers --on with an error whose id is null."""

    def misbehave(self, request):
        self.send(failure(None, RPCError(-32600, "Invalid Request")))


class WrongJsonrpc(Server):
    """Answers --on with "jsonrpc": "1.0"."""

    def misbehave(self, request):
        self.send(self.answer(request) | {"jsonrpc": "1.0"})


class ResultAndError(Server):
    """Answers --on with both a result and an error."""

    def misbehave(self, request):
        self.send(self.answer(request) | {"error": {"code": -32000, "message": "and yet it failed"}})


class Batch(Server):
    """Answers --on inside an array, together with a notification."""

    def misbehave(self, request):
        note = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "batched"}}
        self.send([note, self.answer(request)])


class UnknownResultType(Server):
    """Answers --on with a resultType that no specification has."""

    def misbehave(self, request):
        answer = self.answer(request)
        if "result" in answer:
            answer["result"] |= {"resultType": "hologram"}
        self.send(answer)


class BadOutputSchema(Server):
    """The tool `count` breaks its own output schema: its count is a string."""

    def on_tools_call(self, params):
        result = super().on_tools_call(params)
        return result | {"structuredContent": {"count": "three"}} if params.get("name") == "count" else result


class ErrorWithData(Server):
    """Answers --on with an error of its own code that carries data."""

    def misbehave(self, request):
        self.send(failure(request["id"], RPCError(-32099, "quota used up", {"limit": 10, "retryAfter": 60})))


class InvalidTool(Server):
    """Lists, among good tools, one without a name, one with inputSchema null and one that is a string."""

    def tools(self):
        return [ECHO, {"description": "nameless"}, {"name": "null-schema", "inputSchema": None}, "a string", COUNT]


class InvalidSchemaTool(Server):
    """Lists, among good tools, two whose input schemas are no valid JSON Schemas."""

    def tools(self):
        unknown_type = {"type": "object", "properties": {"x": {"type": "strng"}}}
        nowhere = {"type": "object", "properties": {"x": {"$ref": "#/$defs/nowhere"}}}
        bad = [{"name": "unknown-type", "inputSchema": unknown_type}, {"name": "nowhere", "inputSchema": nowhere}]
        return [ECHO, *bad, COUNT]


class ManyTools(Server):
    """Lists --count tools on one page."""

    def tools(self):
        return [ECHO | {"name": f"echo-{number}"} for number in range(self.options.count)]


class LoopingCursor(Server):
    """Every page of a listing names the same next page, for ever."""

    def page(self, key, items, cursor):
        return {key: items, "nextCursor": "again"}


class EndlessCursor(Server):
    """Every page of a listing names another next page, for ever; each has one more of the first item, numbered."""

    def page(self, key, items, cursor):
        number = int(cursor or 0)
        return {key: [item | {"name": f"{item['name']}-{number}"} for item in items[:1]], "nextCursor": str(number + 1)}


class EmptyCursor(Server):
    """The first page's next cursor is the empty string, a cursor like any other; the page there is the last."""

    def page(self, key, items, cursor):
        if cursor is None:
            return {key: items[:1], "nextCursor": ""}
        if cursor == "":
            return {key: items[1:]}
        return super().page(key, items, cursor)

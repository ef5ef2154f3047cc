"""What every real client of these tests does: reach a server, list its tools, run calls, print one object.

    mcp2_client.py [--mode auto] [--calls JSON | --calls -] [--timeout SECONDS] [--action ACTION] -- COMMAND [ARGUMENT…]
    mcp2_client.py [the same] --url URL [--transport streamable-http|sse] [--header 'NAME: VALUE']…

`--calls` is an array of `{"tool": NAME, "arguments": {…}}`, or `-` to read that array from standard input. An argument
`{"result_of": INDEX, "at": [KEY, …]}` stands for what an earlier call returned there, in its structured content.
Standard output gets one JSON object: protocolVersion, serverInfo, capabilities, tools (names), declaring (names of
those with an output schema) and results, one entry a call: structuredContent, text (of all text blocks), isError and
the whole `result`, or `error` with what the client raised.
With `--action` (mcp2 and fastmcp4) the client answers what the server asks: users do that action, with "Ada" in each
text and true in each flag, the model says "42", and the one root directory is file:///ada.
The exit code is 0 when the connection was made and every call was tried, 1 with an `error` when not.
"""

import argparse
import asyncio
import json
import os
import sys


def plain(model):
    """The members that really came over the wire, by their names there."""
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True) if model is not None else None


def described(error: BaseException) -> dict:
    """An error as the client raised it; task groups wrap the one that matters."""
    while inner := getattr(error, "exceptions", ()):
        error = inner[0]
    description = {"type": type(error).__name__, "message": str(error)}
    details = getattr(error, "error", None)
    if hasattr(details, "code"):
        description |= {"code": details.code, "data": details.data}
    return description


def filled(schema: dict) -> dict:
    """What the user of these tests fills into a form."""
    return {name: field.get("type") == "boolean" or "Ada" for name, field in schema.get("properties", {}).items()}


def resolved(value, results: list):
    """An argument, or what it refers to."""
    if not (isinstance(value, dict) and value.keys() == {"result_of", "at"}):
        return value
    found = results[value["result_of"]]["structuredContent"]
    for key in value["at"]:
        found = found[key]
    return found


async def outcome(client, call: dict, earlier: list) -> dict:
    """One call, and how it ended."""
    entry = {"tool": call["tool"]}
    try:
        arguments = {name: resolved(value, earlier) for name, value in (call.get("arguments") or {}).items()}
        result = plain(await client.call(call["tool"], arguments))
    except Exception as error:
        return entry | {"error": described(error)}
    texts = [block["text"] for block in result.get("content", []) if block.get("type") == "text"]
    return entry | {
        "structuredContent": result.get("structuredContent"),
        "text": "\n".join(texts),
        "isError": result.get("isError", False),
        "result": result,
    }


async def run(connect, options, report: dict):
    async with connect(options, options.mode) as client:
        report |= client.identity()
        tools = [plain(tool) for tool in await client.tools()]
        report["tools"] = [tool["name"] for tool in tools]
        report["declaring"] = [tool["name"] for tool in tools if tool.get("outputSchema")]
        report["results"] = []
        for call in options.calls:
            report["results"].append(await outcome(client, call, report["results"]))


def main(connect, modes: list[str]):
    """Runs the script of calls over `connect(target, mode)`, an asynchronous context of a client.

    The target has `command` and `environment`, or `url`, `transport` and `headers`.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=modes, default=modes[0], help="how the client chooses the protocol")
    parser.add_argument("--calls", default="[]", help="JSON array of calls, or - for standard input")
    parser.add_argument("--timeout", type=float, default=60, help="seconds for everything")
    parser.add_argument("--action", choices=["accept", "decline", "cancel"], help="answer what the server asks")
    parser.add_argument("--url", help="a server that runs, instead of one to start")
    parser.add_argument("--transport", choices=["streamable-http", "sse"], default="streamable-http")
    parser.add_argument("--header", action="append", default=[], help="'NAME: VALUE' for every request to the URL")
    parser.add_argument("command", nargs="*", help="after --: the server to start")
    options = parser.parse_args()
    if bool(options.url) == bool(options.command):
        parser.error("give a command after --, or --url")
    # The client libraries pass a short list of variables on; tests mean ours to see all of them.
    options.environment = dict(os.environ)
    options.headers = {name: value.strip() for name, _, value in (header.partition(":") for header in options.header)}
    options.calls = json.loads(sys.stdin.read() if options.calls == "-" else options.calls)

    report = {}
    try:
        asyncio.run(asyncio.wait_for(run(connect, options, report), options.timeout))
    except (TimeoutError, asyncio.TimeoutError):  # one class only from Python 3.11 on
        report["error"] = {"type": "TimeoutError", "message": f"not done after {options.timeout} s"}
    except Exception as error:
        report["error"] = described(error)
    print(json.dumps(report, ensure_ascii=False), flush=True)
    sys.exit(1 if "error" in report else 0)
